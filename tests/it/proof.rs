//! Simulated months against their truth files, fault by fault.
//!
//! `GUTSCHRIFT_PROOF_PAYMENTS` and `GUTSCHRIFT_PROOF_SEEDS` raise the sizes; with `--nocapture`
//! the tables are shown.

#![expect(clippy::print_stdout, reason = "the tables are what docs/verification.md shows")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::io::Write;
use std::rc::Rc;

use gutschrift::model::date::Month;
use gutschrift::simulate;
use gutschrift::simulate::Settings;
use gutschrift::simulate::faults::Fault;
use gutschrift::simulate::faults::Mix;
use gutschrift::simulate::formats::BankFormat;
use gutschrift::verdict::judge;
use gutschrift::verdict::result::Outcome;
use gutschrift::verdict::terms::Terms;

use crate::month;

pub(crate) const FORMATS: [BankFormat; 6] = [
    BankFormat::SparkasseCsv,
    BankFormat::VrCsv,
    BankFormat::DkbCsv,
    BankFormat::Camt053,
    BankFormat::Camt052And053,
    BankFormat::Mt940,
];

pub(crate) const MIXES: [Mix; 4] = [Mix::Clean, Mix::Normal, Mix::Emergency, Mix::Hostile];

/// Files in memory.
#[derive(Default)]
struct Memory(BTreeMap<String, Rc<RefCell<Vec<u8>>>>);

struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl simulate::Files for Memory {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let bytes = Rc::<RefCell<Vec<u8>>>::default();
        assert!(self.0.insert(path.to_owned(), Rc::clone(&bytes)).is_none(), "{path} twice");
        Ok(Box::new(Shared(bytes)))
    }
}

/// A simulated month and its truth by file and line.
pub(crate) struct Simulated {
    pub(crate) files: month::Files,
    pub(crate) truth: BTreeMap<(String, u32), Truth>,
}

pub(crate) struct Truth {
    pub(crate) case_id: String,
    pub(crate) fault: String,
    state: String,
    pub(crate) credited_ok: bool,
    pub(crate) provable: bool,
}

pub(crate) fn settings(payments: u64, seed: u64, mix: Mix, bank_format: BankFormat) -> Settings {
    Settings {
        payments,
        seed,
        mix,
        month: Month::parse("2023-11").unwrap(),
        bank_format,
        batches: false,
        with_order: false,
        last_month: true,
        withheld: 0,
        rates: Vec::new(),
    }
}

pub(crate) fn simulate(settings: &Settings) -> Simulated {
    written(|files| simulate::generate(settings, files))
}

/// What is written, with its truth.
pub(crate) fn written(write: impl FnOnce(&mut dyn simulate::Files) -> io::Result<()>) -> Simulated {
    let mut memory = Memory::default();
    write(&mut memory).unwrap();
    let mut files = month::Files::new();
    let mut truth = BTreeMap::new();
    for (path, bytes) in memory.0 {
        let bytes = bytes.take();
        if path == "truth.csv" {
            for row in csv::Reader::from_reader(bytes.as_slice()).records() {
                let row = row.unwrap();
                let place = (row[0].to_owned(), row[1].parse().unwrap());
                let about = Truth {
                    case_id: row[2].to_owned(),
                    state: row[6].to_owned(),
                    fault: row[7].to_owned(),
                    credited_ok: &row[8] == "yes",
                    provable: &row[9] == "yes",
                };
                truth.insert(place, about);
            }
        } else {
            files.insert(path.strip_prefix("month/").unwrap().to_owned(), bytes);
        }
    }
    Simulated { files, truth }
}

pub(crate) fn terms() -> Terms {
    Terms { month: Month::parse("2023-11"), ..Terms::default() }
}

pub(crate) fn judged(files: &month::Files) -> Outcome {
    closed(judge(month::inputs(files).unwrap(), &terms()).unwrap())
}

/// The same with plain rows in brief.
pub(crate) fn judged_in_brief(files: &month::Files) -> Outcome {
    let inputs = month::inputs_in_brief(files).unwrap();
    closed(judge(inputs, &terms()).unwrap().unfolded())
}

fn closed(outcome: Outcome) -> Outcome {
    assert!(outcome.totals.closes, "the sums do not close");
    let totals = &outcome.totals;
    let parts = [totals.credited, totals.delayed, totals.follow_up];
    assert_eq!(parts.iter().map(|part| part.count).sum::<u64>(), totals.payments.count);
    assert_eq!(
        parts.iter().map(|part| part.amount.cents()).sum::<i64>(),
        totals.payments.amount.cents()
    );
    outcome
}

/// Status and reason by case number.
fn verdicts(outcome: &Outcome) -> BTreeMap<String, (&'static str, &'static str)> {
    let by_case = outcome.payments.iter().map(|judged| {
        let case = judged.payment.case_id.clone().unwrap_or_default();
        (case, (judged.verdict.status.name(), judged.verdict.reason.name()))
    });
    by_case.collect()
}

/// What the engine made of the payments with one fault.
#[derive(Default)]
struct Count {
    right: u64,
    wrong: u64,
    untrue: u64,
    missed: u64,
    provable: usize,
    reasons: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Table {
    faults: BTreeMap<String, Count>,
    complaints: Vec<String>,
    missed: Vec<String>,
}

impl Table {
    fn add(&mut self, name: &str, simulated: &Simulated, outcome: &Outcome) {
        assert_eq!(outcome.payments.len(), simulated.truth.len(), "{name}: rows lost");
        for judged in &outcome.payments {
            let place = judged.payment.place;
            let file = &outcome.files[usize::try_from(place.file.0).unwrap()].path;
            let truth = &simulated.truth[&(file.clone(), place.line)];
            let verdict = &judged.verdict;
            let credited = verdict.status.name() == "credited";
            let count = self.faults.entry(truth.fault.clone()).or_default();
            if verdict.status.name() == truth.state {
                count.right += 1;
            } else {
                count.wrong += 1;
                *count
                    .reasons
                    .entry(format!("{} for {}", verdict.reason.name(), truth.state))
                    .or_default() += 1;
            }
            if credited && !truth.credited_ok {
                count.untrue += 1;
                self.complaints.push(format!(
                    "{name}: {} is credited ({}), but {}",
                    truth.case_id,
                    verdict.reason.name(),
                    truth.fault
                ));
            }
            count.provable += usize::from(truth.provable);
            if truth.provable && !credited {
                count.missed += 1;
                self.missed.push(format!(
                    "{name}: {} is {}, but {} is proven",
                    truth.case_id,
                    verdict.reason.name(),
                    truth.fault
                ));
            }
        }
    }

    fn show(&self, title: &str) -> String {
        let mut text = format!(
            "{title}\n{:<24}{:>10}{:>10}{:>10}{:>10}\n",
            "fault", "right", "wrong", "untrue", "missed"
        );
        for (fault, count) in &self.faults {
            let reasons: Vec<String> =
                count.reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
            writeln!(
                text,
                "{fault:<24}{:>10}{:>10}{:>10}{:>10}  {}",
                count.right,
                count.wrong,
                count.untrue,
                count.missed,
                reasons.join(", ")
            )
            .unwrap();
        }
        text
    }

    /// Provable and not credited, leaving out collective debits without an order file: there one
    /// member's second debit hides which payments the sum is made of.
    fn missed(&self) -> Vec<&String> {
        self.missed.iter().filter(|text| !text.contains("hidden")).collect()
    }
}

pub(crate) fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn prove(mix: Mix, batches: bool) -> Table {
    let payments = number("GUTSCHRIFT_PROOF_PAYMENTS", 150);
    let seeds = number("GUTSCHRIFT_PROOF_SEEDS", 1);
    let mut table = Table::default();
    for seed in 1..=seeds {
        for format in FORMATS {
            for with_order in [false, true] {
                let settings =
                    Settings { batches, with_order, ..settings(payments, seed, mix, format) };
                let hidden = if batches && !with_order { ", hidden" } else { "" };
                let name = format!("{mix:?} {format:?} seed {seed} order {with_order}{hidden}");
                let simulated = simulate(&settings);
                table.add(&name, &simulated, &judged(&simulated.files));
            }
        }
    }
    println!("{}", table.show(&format!("{mix:?}, collective debits: {batches}")));
    assert!(
        table.complaints.is_empty(),
        "credited without truth ({}):\n{}",
        table.complaints.len(),
        table.complaints.iter().take(30).cloned().collect::<Vec<_>>().join("\n")
    );
    table
}

#[test]
fn a_clean_month_is_all_credited() {
    for batches in [false, true] {
        let table = prove(Mix::Clean, batches);
        assert!(table.missed.is_empty(), "{}", table.missed.join("\n"));
    }
}

#[test]
fn a_normal_month_is_never_credited_without_truth() {
    for batches in [false, true] {
        let table = prove(Mix::Normal, batches);
        assert!(table.missed().is_empty(), "{:#?}", table.missed());
    }
}

#[test]
fn an_emergency_month_is_never_credited_without_truth() {
    for batches in [false, true] {
        let table = prove(Mix::Emergency, batches);
        assert!(table.missed().is_empty(), "{:#?}", table.missed());
    }
}

#[test]
fn a_hostile_month_is_never_credited_without_truth() {
    for batches in [false, true] {
        let table = prove(Mix::Hostile, batches);
        let provable: usize = table.faults.values().map(|count| count.provable).sum();
        let missed = table.missed();
        assert!(missed.len() * 100 <= provable, "{missed:#?}");
    }
}

#[test]
fn data_that_end_early_credit_nobody_too_soon() {
    let mut table = Table::default();
    for withheld in [3, 4, 5, 6, 8] {
        for format in [BankFormat::SparkasseCsv, BankFormat::Camt053] {
            let settings = Settings { withheld, ..settings(200, 5, Mix::Hostile, format) };
            let simulated = simulate(&settings);
            table.add(
                &format!("{format:?} withheld {withheld}"),
                &simulated,
                &judged(&simulated.files),
            );
        }
    }
    println!("{}", table.show("withheld"));
    assert!(table.complaints.is_empty(), "{}", table.complaints.join("\n"));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for mix in MIXES {
        let make = |seed| simulate(&settings(100, seed, mix, BankFormat::Camt053)).files;
        assert_eq!(make(9), make(9));
        assert_ne!(make(9), make(10));
    }
}

#[test]
fn the_number_of_payments_is_kept() {
    for payments in [1, 2, 15, 16, 17, 100, 333] {
        for mix in MIXES {
            let simulated = simulate(&settings(payments, 3, mix, BankFormat::SparkasseCsv));
            assert_eq!(u64::try_from(simulated.truth.len()).unwrap(), payments, "{mix:?}");
        }
    }
}

#[test]
fn everything_that_is_written_can_be_read() {
    for format in FORMATS {
        let settings = Settings { with_order: true, ..settings(200, 4, Mix::Normal, format) };
        for (path, reading) in month::readings(&simulate(&settings).files) {
            assert!(!reading.refused, "{path}: {:?}", reading.problems);
            assert!(reading.records() > 0, "{path}: nothing read");
            let unread: Vec<_> = reading
                .problems
                .iter()
                .filter(|problem| {
                    path.starts_with("bank/")
                        || path.starts_with("auftrag/") && problem.code.name() != "iban-invalid"
                })
                .collect();
            assert!(unread.is_empty(), "{path}: {unread:?}");
        }
    }
}

#[test]
fn names_of_files_do_not_matter() {
    for mix in [Mix::Normal, Mix::Hostile] {
        let simulated = simulate(&settings(200, 6, mix, BankFormat::Camt053));
        let own = judged(&simulated.files);
        let mut renamed = month::Files::new();
        for (turn, (_, bytes)) in simulated.files.iter().rev().enumerate() {
            renamed.insert(format!("{turn:03}"), bytes.clone());
        }
        assert_eq!(verdicts(&own), verdicts(&judged(&renamed)), "{mix:?}");
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    for mix in [Mix::Normal, Mix::Hostile] {
        let simulated = simulate(&settings(200, 7, mix, BankFormat::SparkasseCsv));
        let own = judged(&simulated.files);
        let turned = simulated.files.iter().map(|(path, bytes)| {
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            lines[1..].reverse();
            (path.clone(), lines.concat())
        });
        assert_eq!(verdicts(&own), verdicts(&judged(&turned.collect())), "{mix:?}");
    }
}

#[test]
fn a_file_less_never_credits_anybody() {
    for (mix, format) in [
        (Mix::Normal, BankFormat::Camt053),
        (Mix::Hostile, BankFormat::Camt053),
        (Mix::Hostile, BankFormat::SparkasseCsv),
    ] {
        // Returns and second debits speak only while they are in hand: none in this month.
        let against = [
            Fault::ReturnedById,
            Fault::ReturnedByText,
            Fault::ReturnedByAccount,
            Fault::ReturnedUnmarked,
            Fault::PaidTwice,
            Fault::PaidTwiceManual,
            Fault::TwinsReturn,
            Fault::TwinsOneLate,
            Fault::Repaid,
            Fault::RepaidLate,
        ];
        let rates = against.into_iter().map(|fault| (fault, 0)).collect();
        let simulated = simulate(&Settings { rates, ..settings(150, 8, mix, format) });
        let whole = verdicts(&judged(&simulated.files));
        for path in simulated.files.keys().filter(|path| path.starts_with("bank/")) {
            let mut files = simulated.files.clone();
            files.remove(path);
            for (case, (status, _)) in verdicts(&judged(&files)) {
                let before = whole[&case].0;
                assert!(status != "credited" || before == status, "{case} without {path}");
            }
        }
    }
}

#[test]
fn a_foreign_entry_changes_nothing() {
    for mix in [Mix::Normal, Mix::Hostile] {
        let simulated = simulate(&settings(200, 11, mix, BankFormat::SparkasseCsv));
        let own = judged(&simulated.files);
        let mut files = simulated.files.clone();
        let row = "\"DE08999000200008150002\";\"30.11.23\";\"30.11.23\";\"EINZELUEBERWEISUNG\";\
            \"Rechnung 77 Schulamt\";\"\";\"\";\"RG-77\";\"\";\"\";\"\";\"Bueromarkt\";\
            \"DE24999100120027317156\";\"XXXXDEFFXXX\";\"-77777,77\";\"EUR\";\"Umsatz gebucht\"\r\n";
        files.get_mut("bank/umsaetze-2023-11.csv").unwrap().extend_from_slice(row.as_bytes());
        assert_eq!(verdicts(&own), verdicts(&judged(&files)), "{mix:?}");
    }
}

#[test]
fn all_formats_give_the_same_statuses() {
    for mix in [Mix::Normal, Mix::Emergency, Mix::Hostile] {
        // What only some formats can show, or only statements.
        let rates = [Fault::PendingOnly, Fault::GapDay, Fault::DuplicateExport, Fault::HostileText]
            .map(|fault| (fault, 0))
            .to_vec();
        let of = |format| {
            let settings = Settings { rates: rates.clone(), ..settings(250, 12, mix, format) };
            let outcome = judged(&simulate(&settings).files);
            let verdicts = verdicts(&outcome).into_iter();
            verdicts.map(|(case, (status, _))| (case, status)).collect::<BTreeMap<_, _>>()
        };
        let first = of(BankFormat::Camt053);
        for format in FORMATS {
            let other = of(format);
            for (case, status) in &first {
                assert_eq!(*status, other[case], "{mix:?} {format:?} {case}");
            }
        }
    }
}
