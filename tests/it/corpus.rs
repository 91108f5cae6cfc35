//! The corpus of real and synthetic bank files: every file gives the figures of its index, or is
//! refused for a reason that stands here.
//!
//! Runs where `GUTSCHRIFT_CORPUS` names the folder, and then fails if it is missing.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gutschrift::model::amount::Amount;
use gutschrift::model::place::FileId;
use gutschrift::model::reading::Reading;
use gutschrift::model::statement::BookingStatus;
use gutschrift::model::statement::Direction;
use gutschrift::readers;
use gutschrift::readers::ReadOptions;
use gutschrift::readers::container;

/// Files that are refused, or whose figures rightly differ, and why.
const RIGHTLY: &[(&str, &str)] = &[(
    "synthetic__L_doctype_entity.xml",
    "a DOCTYPE with entities: refused, whatever else it holds",
)];

struct Figures {
    statements: u64,
    entries: u64,
    details: u64,
    debit: BTreeMap<String, Amount>,
    credit: BTreeMap<String, Amount>,
    pending: u64,
}

fn figures(reading: &Reading) -> Figures {
    let mut figures = Figures {
        statements: u64::try_from(reading.statements.len()).unwrap(),
        entries: 0,
        details: 0,
        debit: BTreeMap::new(),
        credit: BTreeMap::new(),
        pending: 0,
    };
    for entry in reading.statements.iter().flat_map(|statement| &statement.entries) {
        figures.entries += 1;
        figures.details += u64::try_from(entry.details.len()).unwrap();
        if entry.status == BookingStatus::Pending {
            figures.pending += 1;
        }
        if entry.status != BookingStatus::Booked {
            continue;
        }
        let sums = match entry.direction {
            Direction::Debit => &mut figures.debit,
            Direction::Credit => &mut figures.credit,
        };
        let sum = sums.entry(entry.currency.as_str().to_owned()).or_default();
        *sum = sum.plus(entry.amount);
    }
    figures
}

/// `EUR 12.50; USD 3` as currencies and sums.
fn sums(text: &str) -> BTreeMap<String, Amount> {
    let mut sums = BTreeMap::new();
    for part in text.split([';', ',']) {
        let mut words = part.split_whitespace();
        if let (Some(currency), Some(amount)) = (words.next(), words.next()) {
            let amount = Amount::from_iso(amount).unwrap();
            if amount != Amount::ZERO {
                sums.insert(currency.to_owned(), amount);
            }
        }
    }
    sums
}

#[test]
fn the_corpus_gives_the_figures_of_its_index() {
    let Some(corpus) = std::env::var_os("GUTSCHRIFT_CORPUS") else {
        println!("GUTSCHRIFT_CORPUS is not set: the corpus was not read");
        return;
    };
    let corpus = Path::new(&corpus);
    let index = fs::read_to_string(corpus.join("INDEX.tsv")).unwrap();
    let mut lines = index.lines();
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let mut complaints = Vec::new();
    let mut compared = 0;
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |name: &str| {
            let column = header.iter().position(|own| *own == name).unwrap();
            cells.get(column).copied().unwrap_or_default()
        };
        let path = cell("path");
        // SWIFT files have a test of their own.
        if cell("format").starts_with("mt9") || RIGHTLY.iter().any(|(own, _)| path.ends_with(own)) {
            continue;
        }
        let bytes = fs::read(corpus.join(path)).unwrap();
        let mut reading = Reading::default();
        match container::expand(FileId(0), &bytes) {
            Some(expanded) => {
                for member in expanded.members {
                    let options = ReadOptions::default();
                    let one = readers::read(FileId(0), &member.path, &member.bytes, &options);
                    reading.statements.extend(one.statements);
                    reading.refused |= one.refused;
                    reading.problems.extend(one.problems);
                }
                reading.refused |= expanded.refused;
                reading.problems.extend(expanded.problems);
            }
            None => reading = readers::read(FileId(0), path, &bytes, &ReadOptions::default()),
        }
        compared += 1;
        let own = figures(&reading);
        let mut differ = |what: &str, wanted: String, got: String| {
            if wanted != got {
                let why: Vec<&str> =
                    reading.problems.iter().map(|p| p.code.name()).take(3).collect();
                complaints.push(format!(
                    "{path}: {what} is {got}, index {wanted} {why:?} refused={}",
                    reading.refused
                ));
            }
        };
        let count = |name: &str| cell(name).parse::<u64>().ok();
        let format = cell("format");
        if format.starts_with("camt")
            || format.starts_with("mt9")
            || format == "csv"
            || format == "zip"
        {
            if let Some(wanted) = count("statements") {
                differ("statements", wanted.to_string(), own.statements.to_string());
            }
            if let Some(wanted) = count("entries") {
                // The index counts the pending rows of exports apart.
                let apart = if format == "csv" { own.pending } else { 0 };
                differ("entries", wanted.to_string(), (own.entries - apart).to_string());
            }
            if let Some(wanted) = count("pending") {
                differ("pending", wanted.to_string(), own.pending.to_string());
            }
            if format.starts_with("camt") {
                if let Some(wanted) = count("txdtls") {
                    differ("details", wanted.to_string(), own.details.to_string());
                }
            }
            for (name, got) in [("sum_debit", &own.debit), ("sum_credit", &own.credit)] {
                if !cell(name).is_empty() {
                    let got: BTreeMap<_, _> =
                        got.iter().filter(|(_, amount)| **amount != Amount::ZERO).collect();
                    let wanted = sums(cell(name));
                    differ(name, format!("{wanted:?}"), format!("{got:?}"));
                }
            }
        } else if format == "pain001" {
            let all: Vec<_> = reading
                .orders
                .iter()
                .flat_map(|order| &order.batches)
                .flat_map(|batch| &batch.transfers)
                .collect();
            if let Some(wanted) = count("txdtls") {
                differ("transfers", wanted.to_string(), all.len().to_string());
            }
        } else if format == "pain002" && reading.status_reports.is_empty() {
            differ("reports", "1".to_owned(), "0".to_owned());
        }
    }
    assert!(compared > 60, "only {compared} files compared");
    assert!(complaints.is_empty(), "{}\n{} complaints", complaints.join("\n"), complaints.len());
}
