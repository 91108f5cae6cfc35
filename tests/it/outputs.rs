//! The CSV outputs of `verify`: bank entries, and some columns of the payments.

use std::process::Command;
use std::process::Output;

use gutschrift::model::date::Month;
use gutschrift::model::inputs::Inputs;
use gutschrift::reports::column::Column;
use gutschrift::reports::csv;
use gutschrift::reports::entries;
use gutschrift::reports::entry_column::EntryColumn;
use gutschrift::reports::json;
use gutschrift::reports::options::Filter;
use gutschrift::reports::options::Options;
use gutschrift::simulate;
use gutschrift::verdict::judge;
use gutschrift::verdict::outcome::Disposition;
use gutschrift::verdict::result::Outcome;
use gutschrift::verdict::status::Status;
use gutschrift::verdict::terms::Terms;
use serde_json::Value;

use crate::month;
use crate::proof;

fn outcome(inputs: Inputs, terms: &Terms) -> Option<Outcome> {
    judge(inputs, terms).ok()
}

/// Outcomes of all samples and some simulated months, read in full and in brief.
fn outcomes() -> Vec<(String, Outcome, Outcome)> {
    let mut found = Vec::new();
    let mut add = |name: String, files: &month::Files, terms: &Terms| {
        let (Ok(general), Ok(brief)) = (month::inputs(files), month::inputs_in_brief(files)) else {
            return;
        };
        if let (Some(general), Some(brief)) = (outcome(general, terms), outcome(brief, terms)) {
            found.push((name, general, brief));
        }
    };
    for path in month::months() {
        add(path.display().to_string(), &month::files(&path), &month::terms(&path));
    }
    let terms = Terms { month: Month::parse("2023-11"), ..Terms::default() };
    for mix in proof::MIXES {
        for format in proof::FORMATS {
            let settings = simulate::Settings { ..proof::settings(150, 3, mix, format) };
            let month = proof::simulate(&settings);
            add(format!("{settings:?}"), &month.files, &terms);
        }
    }
    found
}

/// A field as CSV has it.
fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn records(text: &[u8]) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn entries_of(outcome: &Outcome, options: &Options) -> Vec<u8> {
    let mut text = Vec::new();
    entries::write(outcome, options, &mut text).unwrap();
    text
}

#[test]
fn entries_are_the_bank_entries_of_the_json() {
    let mut settled = 0;
    let mut seen = std::collections::BTreeSet::new();
    for (name, general, brief) in outcomes() {
        for full_iban in [false, true] {
            let options = |threads| Options { full_iban, threads, ..Options::default() };
            settled += brief.settled.len();
            let text = entries_of(&general, &options(1));
            for threads in [1, 2, 8] {
                let found = entries_of(&brief, &options(threads));
                assert!(found == text, "{name}: in brief, {threads} threads");
            }
            let mut document = Vec::new();
            json::write(&general, &options(2), &mut document).unwrap();
            let document: Value = serde_json::from_slice(&document).unwrap();
            let expected = document["bank_entries"].as_array().unwrap();
            let found = records(&text);
            assert_eq!(found.len(), expected.len() + 1, "{name}");
            for (row, entry) in found.iter().skip(1).zip(expected) {
                assert_eq!(row.len(), entry.as_object().unwrap().len());
                for (column, cell) in found[0].iter().zip(row) {
                    let own = field(&entry[column]);
                    // A text that would be a formula has an apostrophe before it; an amount not.
                    let tame = cell.strip_prefix('\'').filter(|rest| *rest == own);
                    assert_eq!(tame.unwrap_or(cell), own, "{name}: {column}");
                    let safe = column == "amount" || !cell.starts_with(['=', '+', '-', '@', '\t']);
                    assert!(safe, "{name}: {column}: {cell}");
                }
                seen.insert(row[7].clone());
            }
        }
    }
    assert!(settled > 500, "only {settled} cases were settled in brief");
    for wanted in [Disposition::Matched, Disposition::Unrelated, Disposition::Return] {
        assert!(seen.contains(wanted.name()), "{seen:?}");
    }
}

#[test]
fn columns_are_those_of_the_whole_table() {
    let named = |names: &str| -> Vec<Column> {
        names.split(',').map(|name| Column::from_name(name).unwrap()).collect()
    };
    let reversed: Vec<Column> = Column::ALL.into_iter().rev().collect();
    let sets = [
        named("status"),
        named("trail,case_id"),
        named("amount,line,file"),
        named("beneficiary,iban"),
        named(
            "case_id,end_to_end_id,benefit,beneficiary,payee,iban,amount,due,status,reason,booked_on,entries",
        ),
        reversed,
    ];
    for (name, general, brief) in outcomes() {
        for statuses in [vec![], vec![Status::Credited], vec![Status::FollowUp]] {
            let options = |threads, columns: &[Column]| Options {
                threads,
                columns: columns.to_vec(),
                filter: Filter { statuses: statuses.clone(), ..Filter::default() },
                ..Options::default()
            };
            let written = |outcome: &Outcome, threads, columns: &[Column]| {
                let mut text = Vec::new();
                csv::write(outcome, &options(threads, columns), &mut text).unwrap();
                text
            };
            // Without a store nobody has decided anything: the columns that say who did are left out.
            let usual = Column::usual(false);
            assert!(written(&general, 1, &[]) == written(&general, 1, usual), "{name}");
            assert!(usual.iter().eq(Column::ALL.iter().take(usual.len())), "{name}");
            let whole = records(&written(&general, 1, &Column::ALL));
            for columns in &sets {
                let text = written(&brief, 1, columns);
                for threads in [2, 8] {
                    assert!(text == written(&brief, threads, columns), "{name}, {threads} threads");
                }
                let expected: Vec<Vec<String>> = whole
                    .iter()
                    .map(|row| columns.iter().map(|own| row[*own as usize].clone()).collect())
                    .collect();
                assert_eq!(records(&text), expected, "{name}: {columns:?}");
            }
        }
    }
}

#[test]
fn columns_of_entries_are_those_of_the_whole_table() {
    let named = |names: &str| -> Vec<EntryColumn> {
        names.split(',').map(|name| EntryColumn::from_name(name).unwrap()).collect()
    };
    let reversed: Vec<EntryColumn> = EntryColumn::ALL.into_iter().rev().collect();
    let sets = [
        named("disposition"),
        named("amount,line,file,value_date"),
        named("counterparty,counterparty_iban"),
        named("line,booking_date,value_date,amount,disposition,counterparty,end_to_end_id"),
        reversed,
    ];
    for (name, general, brief) in outcomes() {
        let written = |outcome: &Outcome, threads, columns: &[EntryColumn]| {
            let options =
                Options { threads, entry_columns: columns.to_vec(), ..Options::default() };
            let mut text = Vec::new();
            entries::write(outcome, &options, &mut text).unwrap();
            text
        };
        let whole = written(&general, 1, &[]);
        assert!(whole == written(&general, 1, &EntryColumn::ALL), "{name}");
        let whole = records(&whole);
        for columns in &sets {
            let text = written(&brief, 1, columns);
            for threads in [2, 8] {
                assert!(text == written(&brief, threads, columns), "{name}, {threads} threads");
            }
            let expected: Vec<Vec<String>> = whole
                .iter()
                .map(|row| columns.iter().map(|own| row[*own as usize].clone()).collect())
                .collect();
            assert_eq!(records(&text), expected, "{name}: {columns:?}");
        }
    }
}

fn gutschrift(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gutschrift"));
    command.env("LANG", "C.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.args(arguments).output().unwrap()
}

#[test]
fn outputs_that_do_not_go_together_are_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (result, other) = (path("result"), path("./result"));
    let (index, part) = (path("result.index"), path("parts/care-home.csv"));
    let parts = path("parts");
    for (arguments, message) in [
        (
            &["--columns", "case_id"][..],
            "--columns goes with --format csv only; columns are case_id",
        ),
        (&["--format", "json", "--columns", "case_id"], "case_id, end_to_end_id"),
        (&["--format", "csv", "--columns", "case_id,nonsense"], "known columns are case_id, end"),
        (&["--format", "csv", "--columns", ""], "known columns are case_id"),
        (&["--format", "csv", "--columns", "iban,status,iban"], "names iban twice"),
        (&["--entry-columns", "amount"], "--entry-columns goes with --entries FILE only"),
        (&["--entries", &result, "--entry-columns", "status"], "known columns are file, line"),
        (&["--entries", &result, "--entry-columns", "line,line"], "--entry-columns names line tw"),
        (&["--entries", &result, "--output", &result], "name the same file"),
        (&["--entries", &result, "--output", &other], "name the same file"),
        (&["--format", "json", "--entries", &index, "--output", &result], "name the same file"),
        (
            &["--format", "csv", "--split-by", "benefit", "--output", &parts, "--entries", &part],
            "name the same file",
        ),
    ] {
        let output = gutschrift(&[&["verify", "samples/2023-11-county"], arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(message), "{arguments:?}: {said}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?}");
    }
}

#[test]
fn entries_appear_beside_any_report_or_with_it_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let month = "samples/2023-11-county";
    let mut first = Vec::new();
    for format in ["table", "json", "csv", "md", "html", "xlsx"] {
        let entries = path(&format!("{format}.entries"));
        let report = path(&format!("report.{format}"));
        let (with, without) = (path("with"), path("without"));
        for (output, more) in [(&with, &["--entries", entries.as_str()][..]), (&without, &[])] {
            let output = ["verify", month, "--format", format, "--output", output];
            assert_eq!(gutschrift(&[&output[..], more].concat()).status.code(), Some(1));
        }
        assert_eq!(std::fs::read(&with).unwrap(), std::fs::read(&without).unwrap());
        let text = std::fs::read(&entries).unwrap();
        if first.is_empty() {
            first.clone_from(&text);
        }
        assert!(!text.is_empty() && text == first, "{format}");
        #[cfg(unix)]
        {
            let about = std::fs::metadata(&entries).unwrap();
            assert_eq!(
                std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777,
                0o600
            );
        }
        std::fs::remove_file(&entries).unwrap();
        // The report cannot be written: nothing appears.
        let missing = path(&format!("no/such/folder/{report}"));
        let arguments =
            ["verify", month, "--format", format, "--entries", &entries, "--output", &missing];
        assert_eq!(gutschrift(&arguments).status.code(), Some(3), "{format}");
        assert!(!std::path::Path::new(&entries).exists(), "{format}");
    }
    let (entries, parts) = (path("parts/entries.csv"), path("parts"));
    let split = ["--format", "csv", "--split-by", "benefit", "--output", &parts];
    let arguments = [&["verify", month, "--entries", &entries][..], &split].concat();
    assert_eq!(gutschrift(&arguments).status.code(), Some(1));
    assert_eq!(std::fs::read(&entries).unwrap(), first);
    let printed = gutschrift(&["verify", month, "--quiet", "--entries", &path("beside")]);
    assert_eq!(printed.status.code(), Some(1));
    assert!(!printed.stdout.is_empty());
    assert_eq!(std::fs::read(path("beside")).unwrap(), first);
}
