//! Simulated months in which one more file speaks against payments that are otherwise proven.
//!
//! `GUTSCHRIFT_PROOF_PAYMENTS` and `GUTSCHRIFT_PROOF_SEEDS` raise the sizes; with `--nocapture` the
//! table is shown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gutschrift::model::date::Month;
use gutschrift::simulate::against;
use gutschrift::simulate::against::Carrier;
use gutschrift::simulate::against::Contradicted;
use gutschrift::simulate::against::Setting;
use gutschrift::simulate::against::kinds::Against;
use gutschrift::verdict::outcome::JudgedPayment;

use crate::month;
use crate::proof;

/// What became of the payments of which one kind of thing is said.
#[derive(Default)]
struct Count {
    payments: u64,
    untrue: u64,
    provable: u64,
    missed: BTreeMap<String, u64>,
    ways: BTreeMap<String, u64>,
    reasons: BTreeMap<&'static str, u64>,
}

#[derive(Default)]
struct Table {
    kinds: BTreeMap<String, Count>,
    complaints: Vec<String>,
    missed: Vec<String>,
}

impl Table {
    fn add(&mut self, wanted: &Contradicted) {
        let simulated = proof::written(|files| against::generate(wanted, files));
        // In one way or the other; with small sizes in both.
        let both = wanted.payments <= 100;
        let in_brief = wanted.seed % 2 == 1;
        let outcome = if in_brief {
            proof::judged_in_brief(&simulated.files)
        } else {
            proof::judged(&simulated.files)
        };
        assert_eq!(outcome.payments.len(), simulated.truth.len(), "{wanted:?}: rows lost");
        if both {
            let other = if in_brief {
                proof::judged(&simulated.files)
            } else {
                proof::judged_in_brief(&simulated.files)
            };
            for (own, other) in outcome.payments.iter().zip(&other.payments) {
                let verdict = |one: &JudgedPayment| (one.payment.place, one.verdict.reason.name());
                assert_eq!(verdict(own), verdict(other), "{wanted:?}: other verdicts in brief");
            }
        }
        for judged in &outcome.payments {
            let place = judged.payment.place;
            let file = &outcome.files[usize::try_from(place.file.0).unwrap()].path;
            let truth = &simulated.truth[&(file.clone(), place.line)];
            let (kind, way) = truth.fault.split_once('/').unwrap();
            let credited = judged.verdict.status.name() == "credited";
            let reason = judged.verdict.reason.name();
            let count = self.kinds.entry(kind.to_owned()).or_default();
            count.payments += 1;
            *count.ways.entry(way.to_owned()).or_default() += 1;
            *count.reasons.entry(reason).or_default() += 1;
            let case = &truth.case_id;
            if credited && !truth.credited_ok {
                count.untrue += 1;
                self.complaints.push(format!("{kind}/{way} {wanted:?} {case}: {reason}"));
            }
            count.provable += u64::from(truth.provable);
            if truth.provable && !credited {
                *count.missed.entry(format!("{reason} ({way})")).or_default() += 1;
                self.missed.push(format!("{kind}/{way} {wanted:?} {case}: {reason}"));
            }
        }
    }

    fn total(&self, of: impl Fn(&Count) -> u64) -> u64 {
        self.kinds.values().map(of).sum()
    }

    fn show(&self) -> String {
        let mut text = String::from(
            "| what is said | payments | credited without truth | provable | missed | verdicts |\n",
        );
        for (kind, count) in &self.kinds {
            let missed: u64 = count.missed.values().sum();
            let reasons: Vec<String> =
                count.reasons.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
            writeln!(
                text,
                "| {kind} | {} | {} | {} | {missed} | {} | {:?}",
                count.payments,
                count.untrue,
                count.provable,
                reasons.join(", "),
                count.missed
            )
            .unwrap();
        }
        writeln!(
            text,
            "| all | {} | {} | {} | {} |",
            self.total(|count| count.payments),
            self.total(|count| count.untrue),
            self.total(|count| count.provable),
            self.missed.len()
        )
        .unwrap();
        text
    }
}

/// Every format of bank files beside every format of the further one.
fn settings() -> Vec<Setting> {
    let mut all = Vec::new();
    for main in proof::FORMATS {
        for carrier in Carrier::ALL {
            for (with_order, early) in [(false, true), (true, false), (true, true), (false, false)]
            {
                all.push(Setting { main, carrier, with_order, early });
            }
        }
    }
    all
}

#[test]
fn what_speaks_against_a_payment_always_counts() {
    let payments = proof::number("GUTSCHRIFT_PROOF_PAYMENTS", 90);
    // With every run a few of all settings; whoever asks for seeds gets all of them.
    let seeds = proof::number("GUTSCHRIFT_PROOF_SEEDS", 0);
    let step = if seeds == 0 { 5 } else { 1 };
    let mut table = Table::default();
    for seed in 1..=seeds.max(1) {
        for (number, setting) in (0..).zip(settings()).step_by(step) {
            let wanted = Contradicted {
                payments: usize::try_from(payments).unwrap(),
                seed: seed * 1000 + number,
                month: Month::parse("2023-11").unwrap(),
                setting,
            };
            table.add(&wanted);
        }
    }
    println!("{}", table.show());
    let sample = |all: &[String]| all.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(
        table.complaints.is_empty(),
        "credited without truth ({}):\n{}",
        table.complaints.len(),
        sample(&table.complaints)
    );
    for kind in Against::ALL {
        assert!(table.kinds.contains_key(kind.name()), "nobody is spoken of: {}", kind.name());
    }
    let provable = table.total(|count| count.provable);
    let missed = u64::try_from(table.missed.len()).unwrap();
    assert!(
        missed * 1_000 <= provable.max(1_000),
        "{missed} of {provable}:\n{}",
        sample(&table.missed)
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for setting in settings().into_iter().step_by(13) {
        let month = Month::parse("2023-11").unwrap();
        let make = |seed| {
            let wanted = Contradicted { payments: 40, seed, month, setting };
            proof::written(|files| against::generate(&wanted, files)).files
        };
        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
    }
}

#[test]
fn everything_that_is_written_is_read() {
    for (seed, setting) in (0..).zip(settings().into_iter().step_by(5)) {
        let month = Month::parse("2023-11").unwrap();
        let wanted = Contradicted { payments: 40, seed, month, setting };
        let files = proof::written(|files| against::generate(&wanted, files)).files;
        for (path, reading) in month::readings(&files) {
            assert!(!reading.refused, "{setting:?} {path}: {:?}", reading.problems);
            assert!(
                path.starts_with("meldungen") || reading.records() > 0,
                "{setting:?} {path}: nothing read"
            );
        }
    }
}
