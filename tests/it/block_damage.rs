//! Damage is an error: simulated months in every format, one of their files damaged as broken media,
//! bad downloads and cut-off copies damage files. Each time the run is refused, or the place is named
//! and nothing is credited that the intact month does not have, or the verdicts are the intact
//! month's.
//!
//! `GUTSCHRIFT_BLOCK_DAMAGE` (a number) looks at so many times as many places and months; with
//! `--nocapture` the table is shown that stands in `docs/verification.md`.

use std::collections::BTreeMap;

use gutschrift::model;
use gutschrift::simulate::Settings;
use gutschrift::simulate::faults::Mix;
use gutschrift::simulate::formats::BankFormat;
use gutschrift::verdict::terms::Terms;

use crate::damaged_months::Answer;
use crate::damaged_months::Way;
use crate::damaged_months::answer;
use crate::damaged_months::judged;
use crate::damages::damages;
use crate::month;
use crate::month::Files;
use crate::proof;
use crate::workbooks::Kind;
use crate::workbooks::table;
use crate::workbooks::workbook;

/// A month of which files are damaged.
struct Month {
    name: String,
    files: Files,
    terms: Terms,
    /// The files that are damaged in turn, and what the table calls them.
    targets: Vec<(String, String)>,
}

pub(crate) fn simulated(format: BankFormat, seed: u64) -> Files {
    let settings = Settings {
        with_order: seed.is_multiple_of(2),
        last_month: false,
        ..proof::settings(40, seed, Mix::Hostile, format)
    };
    proof::simulate(&settings).files
}

pub(crate) fn november() -> Terms {
    Terms { month: model::date::Month::parse("2023-11"), ..Terms::default() }
}

/// Months of every format that the simulator writes.
fn written(seeds: u64) -> Vec<Month> {
    let mut months = Vec::new();
    for (number, format) in proof::FORMATS.into_iter().enumerate() {
        for seed in 1..=seeds {
            let files = simulated(format, seed + u64::try_from(number).unwrap());
            let named = targets(&files).into_iter().map(|target| {
                let row = kind_of(&target, format);
                (target, row)
            });
            // Lists and orders are the same beside every format.
            let is_new = |row: &String| number < 2 || !matches!(row.as_str(), LIST | ORDER);
            let targets = named.filter(|(_, row)| is_new(row)).collect();
            let name = format!("{format:?} {seed}");
            months.push(Month { name, files, terms: november(), targets });
        }
    }
    months
}

/// Months whose list and bank export were saved as workbooks.
fn kept_in_workbooks() -> Vec<Month> {
    let mut months = Vec::new();
    for (kind, format) in Kind::ALL
        .into_iter()
        .flat_map(|kind| [(kind, BankFormat::SparkasseCsv), (kind, BankFormat::VrCsv)])
    {
        let mut files = Files::new();
        let mut targets: Vec<(String, String)> = Vec::new();
        for (path, bytes) in simulated(format, 3) {
            let is_csv = std::path::Path::new(&path).extension().is_some_and(|own| own == "csv");
            // One list of each kind will do.
            let is_list = kind_of(&path, format) == LIST;
            if !is_csv || is_list && targets.iter().any(|(_, row)| row.ends_with("list")) {
                files.insert(path, bytes);
                continue;
            }
            let path = format!("{path}.{}", kind.ending());
            files.insert(path.clone(), workbook(kind, &table(&bytes)));
            let what = if is_list { "list" } else { "export" };
            targets.push((path, format!("{} {what}", kind.ending().to_uppercase())));
        }
        months.push(Month {
            name: format!("{kind:?} {format:?}"),
            files,
            terms: november(),
            targets,
        });
    }
    months
}

/// Samples of what the simulator does not write, each file as it lies there.
const SAMPLES: [(&str, &str, &str); 20] = [
    ("export-commerzbank", "Umsaetze_KtoNr.csv", "Commerzbank CSV"),
    ("export-deutsche-bank", "Kontoumsaetze.csv", "Deutsche Bank CSV"),
    ("export-ing-without-iban", "Umsatzanzeige.csv", "ING CSV"),
    ("export-hibiscus", "umsatz.csv", "Hibiscus CSV"),
    ("export-sparkasse-mt940", "umsatz.csv", "Sparkasse CSV-MT940"),
    ("export-vr-old", "umsatz.csv", "VR CSV, older"),
    ("confirmed", "bestaetigung.csv", "confirmations"),
    ("intraday-booked", "c52.xml", "camt.052 alone"),
    ("batch-camt054-joined", "c54.xml", "camt.054"),
    ("batch-with-rejects", "status.xml", "pain.002"),
    ("status-rejected-then-booked", "status.xml", "pain.002"),
    ("recalled", "rueckruf.xml", "camt.056"),
    ("list-utf16", "liste.txt", "list CSV, UTF-16"),
    ("list-xlsx", "liste.xlsx", "XLSX list"),
    ("list-workbook-sheets", "liste.xlsx", "XLSX list"),
    ("list-ods", "liste.ods", "ODS list"),
    ("statement-gzip", "umsaetze.csv.gz", "gzip"),
    ("statements-in-a-zip", "C53.zip", "ZIP"),
    ("year-end-mt940", "auszug.sta", "MT940"),
    ("batch-gross-mt940", "auszug.sta", "MT940"),
];

fn samples() -> Vec<Month> {
    let month = |(name, target, row): (&str, &str, &str)| {
        let folder = std::path::Path::new("samples/traps").join(name);
        let mut files = Files::new();
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let own = path.file_name().unwrap().to_str().unwrap();
            if path.is_file() && own != "README.md" {
                files.insert(own.to_owned(), std::fs::read(&path).unwrap());
            }
        }
        assert!(files.contains_key(target), "{name} has no {target}");
        let targets = vec![(target.to_owned(), row.to_owned())];
        Month { name: name.to_owned(), files, terms: month::terms(&folder), targets }
    };
    SAMPLES.into_iter().map(month).collect()
}

/// The files that are damaged in turn: of daily files those with the most in them.
fn targets(files: &Files) -> Vec<String> {
    let mut by_folder: BTreeMap<String, Vec<(usize, &String)>> = BTreeMap::new();
    for (path, bytes) in files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        // Lists are all different, bank files of a format are not.
        let kind = if name.contains("_C5") { folder } else { path.as_str() };
        by_folder.entry(kind.to_owned()).or_default().push((bytes.len(), path));
    }
    let largest = |mut all: Vec<(usize, &String)>| {
        all.sort_unstable();
        all.into_iter().rev().take(2).map(|(_, path)| path.clone()).collect::<Vec<_>>()
    };
    by_folder.into_values().flat_map(largest).collect()
}

#[test]
fn damage_is_an_error() {
    let times = std::env::var("GUTSCHRIFT_BLOCK_DAMAGE").ok().and_then(|text| text.parse().ok());
    let times: u64 = times.unwrap_or(0);
    let step = if times == 0 { 47 } else { 1 };
    let mut table: BTreeMap<(String, &'static str), BTreeMap<Answer, usize>> = BTreeMap::new();
    let mut complaints = Vec::new();
    let mut months = written(times.max(1));
    months.extend(kept_in_workbooks());
    months.extend(samples());
    for month in &months {
        let intact = judged(&month.files, &month.terms, Way::General).unwrap();
        assert!(intact.count > 0, "{}", month.name);
        for (target, row) in &month.targets {
            for (turn, damage) in damages(&month.files[target], step).into_iter().enumerate() {
                let mut own = month.files.clone();
                own.insert(target.clone(), damage.bytes);
                let all = [Way::General, Way::Brief, Way::OnDisk];
                let ways = if times == 0 { &all[turn % 3..=turn % 3] } else { &all[..] };
                for way in ways {
                    let answer = answer(&intact, judged(&own, &month.terms, *way), target);
                    let key = (row.clone(), damage.kind);
                    *table.entry(key).or_default().entry(answer).or_default() += 1;
                    if answer >= Answer::Cautious {
                        let (name, kind, at) = (&month.name, damage.kind, damage.at);
                        let text = format!("{answer:?}: {name} {target} {kind} {at} {way:?}");
                        complaints.push((answer, text));
                    }
                }
            }
        }
    }
    print(&table);
    complaints.sort();
    for (_, complaint) in complaints.iter().rev().take(400) {
        println!("{complaint}");
    }
    let wrong = complaints.iter().filter(|(answer, _)| *answer == Answer::Wrong).count();
    assert_eq!(wrong, 0, "damage that nobody was told of");
}

/// The table of `docs/verification.md`: by file, and by file and damage.
fn print(table: &BTreeMap<(String, &'static str), BTreeMap<Answer, usize>>) {
    let mut by_file: BTreeMap<(String, &str), BTreeMap<Answer, usize>> = BTreeMap::new();
    for ((row, _), counts) in table {
        for (answer, count) in counts {
            *by_file.entry((row.clone(), "")).or_default().entry(*answer).or_default() += count;
        }
    }
    println!("| file | damage | damages | refused | named | same verdicts | cautious | wrong |");
    println!("|---|---|---:|---:|---:|---:|---:|---:|");
    for ((row, kind), counts) in by_file.iter().chain(table) {
        let count = |answer| counts.get(&answer).copied().unwrap_or(0);
        println!(
            "| {row} | {kind} | {} | {} | {} | {} | {} | {} |",
            counts.values().sum::<usize>(),
            count(Answer::Refused),
            count(Answer::Named),
            count(Answer::Same),
            count(Answer::Cautious),
            count(Answer::Wrong)
        );
    }
}

pub(crate) const LIST: &str = "list CSV";
const ORDER: &str = "pain.001";

pub(crate) fn kind_of(target: &str, format: BankFormat) -> String {
    let name = target.rsplit('/').next().unwrap_or(target);
    if target.contains("list") {
        LIST.to_owned()
    } else if std::path::Path::new(name).extension().is_some_and(|ending| ending == "xml")
        && !target.contains("bank")
    {
        ORDER.to_owned()
    } else {
        let name = match format {
            BankFormat::SparkasseCsv => "Sparkasse CSV",
            BankFormat::VrCsv => "VR CSV",
            BankFormat::DkbCsv => "DKB CSV",
            BankFormat::Camt053 => "camt.053",
            BankFormat::Camt052And053 => "camt.052 and camt.053",
            BankFormat::Mt940 => "MT940",
        };
        name.to_owned()
    }
}
