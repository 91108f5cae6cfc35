//! The MT940, MT942 and archive files of the corpus against the figures of its index.
//!
//! The corpus is public samples of banks and of other projects; it is not part of the project.
//! `GUTSCHRIFT_CORPUS` names its folder. Without it these tests pass and say so.

#![expect(
    clippy::panic,
    clippy::print_stderr,
    reason = "a panic is how a test fails, and a test that was skipped says so"
)]

use std::fs;
use std::path::PathBuf;

use gutschrift::model::amount::Amount;
use gutschrift::model::place::FileId;
use gutschrift::model::problem::ProblemCode;
use gutschrift::model::reading::Reading;
use gutschrift::model::statement::Direction;
use gutschrift::model::statement::StatementEntry;
use gutschrift::readers::ReadOptions;
use gutschrift::readers::container;
use gutschrift::readers::read;

/// Files that end before their closing balance: refused, whatever could be read of them.
const CUT_OFF: [&str; 8] = [
    // fragments: entries or balances without a statement around them
    "mt940/railslove__cmxl__statement-mt940.txt",
    "mt940/wolph__mt940__account_balance_debit.sta",
    "mt940/wolph__mt940__amount_formats.sta",
    "mt940/wolph__mt940__empty_entry_date.sta",
    // a statement, and no `:62F:`
    "mt940/railslove__cmxl__mt940-with-colon-after-line-break.txt",
    "mt940/sandermarechal__jejik-mt940__K4262927_20200905-080000-952.txt",
    "mt940/sandermarechal__jejik-mt940__oldenburgischelandesbank2.txt",
    "mt940/wolph__mt940__gv_codes.sta",
];

/// Files whose figures rightly differ from the index, and the problem that says why.
const DIFFERENT: [(&str, ProblemCode); 2] = [
    // an amount without its comma is not guessed
    ("mt940/svenstaro__mt940-rs__knab_broken.sta", ProblemCode::EntryUnreadable),
    // a booking behind the closing balance belongs to no statement: refused
    ("mt940/wolph__mt940__multiline.sta", ProblemCode::ClosingBalanceMissing),
];

struct Row {
    path: String,
    statements: String,
    entries: String,
    debit: String,
    credit: String,
    tie: String,
    oddities: String,
}

/// The index and its folder; `None` if no corpus is named.
fn corpus() -> Option<(PathBuf, Vec<Row>)> {
    let Some(folder) = std::env::var_os("GUTSCHRIFT_CORPUS") else {
        eprintln!("GUTSCHRIFT_CORPUS is not set: the corpus was not read");
        return None;
    };
    let folder = PathBuf::from(folder);
    let index = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let mut lines = index.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let rows = lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let cell = |name: &str| {
                let at = names.iter().position(|column| *column == name).unwrap();
                cells.get(at).copied().unwrap_or_default().trim_matches('"').to_owned()
            };
            Row {
                path: cell("path"),
                statements: cell("statements"),
                entries: cell("entries"),
                debit: cell("sum_debit"),
                credit: cell("sum_credit"),
                tie: cell("tie"),
                oddities: cell("oddities"),
            }
        })
        .collect();
    Some((folder, rows))
}

/// `EUR 12092.59` or `EUR? 50.00`; nothing stands for zero.
fn sum_of_index(text: &str) -> Amount {
    let digits = text.split_whitespace().last().unwrap_or("0");
    Amount::from_iso(digits).unwrap_or_else(|_| panic!("{text}"))
}

fn entries(reading: &Reading) -> impl Iterator<Item = &StatementEntry> {
    reading.statements.iter().flat_map(|statement| &statement.entries)
}

fn sum(reading: &Reading, direction: Direction) -> Amount {
    entries(reading).filter(|entry| entry.direction == direction).map(|entry| entry.amount).sum()
}

fn has(reading: &Reading, code: ProblemCode) -> bool {
    reading.problems.iter().any(|problem| problem.code == code)
}

#[test]
fn swift_files_agree_with_the_index() {
    let Some((folder, rows)) = corpus() else { return };
    let mut complaints = Vec::new();
    let mut read_files = 0;
    for row in rows.iter().filter(|row| row.path.starts_with("mt94")) {
        let bytes = fs::read(folder.join(&row.path)).unwrap();
        let options = ReadOptions { named: true, ..ReadOptions::default() };
        let reading = read(FileId(0), &row.path, &bytes, &options);
        read_files += 1;
        let mut complain = |what: String| complaints.push(format!("{}: {what}", row.path));
        if let Some((_, code)) = DIFFERENT.iter().find(|(path, _)| *path == row.path) {
            assert!(has(&reading, *code), "{}: {:?}", row.path, reading.problems);
            continue;
        }
        let found = (
            entries(&reading).count().to_string(),
            sum(&reading, Direction::Debit),
            sum(&reading, Direction::Credit),
        );
        let expected = (row.entries.clone(), sum_of_index(&row.debit), sum_of_index(&row.credit));
        if found != expected {
            complain(format!("entries, debit, credit: {found:?} instead of {expected:?}"));
        }
        if row.statements != "0" && reading.statements.len().to_string() != row.statements {
            complain(format!(
                "{} statements instead of {}",
                reading.statements.len(),
                row.statements
            ));
        }
        let breaks = reading.problems.iter().filter(|p| p.code == ProblemCode::BalanceDiffers);
        let (breaks, expected) = (breaks.count(), row.tie.matches("diff").count());
        if breaks != expected {
            complain(format!("{breaks} statements do not tie instead of {expected} ({})", row.tie));
        }
        let cut_off = CUT_OFF.contains(&row.path.as_str());
        if reading.refused != cut_off
            || has(&reading, ProblemCode::ClosingBalanceMissing) != cut_off
        {
            complain(format!(
                "refused: {} instead of {cut_off}: {:?}",
                reading.refused, reading.problems
            ));
        }
        for statement in &reading.statements {
            let ties = has(&reading, ProblemCode::BalanceDiffers);
            if statement.covers_nothing && !ties && !reading.refused {
                complain(format!("covers nothing: {:?}", reading.problems));
            }
        }
    }
    assert!(read_files > 60, "a test that reads nothing proves nothing");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn archives_agree_with_the_index() {
    let Some((folder, rows)) = corpus() else { return };
    let mut read_files = 0;
    for row in rows.iter().filter(|row| row.path.starts_with("zip/")) {
        let bytes = fs::read(folder.join(&row.path)).unwrap();
        let expanded = container::expand(FileId(0), &bytes).unwrap();
        read_files += 1;
        let members = row.oddities.split_once(" members").and_then(|(count, _)| count.parse().ok());
        assert_eq!(expanded.members.len(), members.unwrap_or(0_usize), "{}", row.path);
        let empty = members.unwrap_or(0) == 0;
        assert_eq!(expanded.refused, empty, "{}: {:?}", row.path, expanded.problems);
    }
    assert!(read_files > 3, "a test that reads nothing proves nothing");
}
