//! What holds for every month, whatever is in it.

use std::collections::BTreeMap;

use gutschrift::verdict::judge;
use gutschrift::verdict::result::Outcome;
use gutschrift::verdict::status::Status;
use gutschrift::verdict::terms::Terms;

use crate::month;
use crate::month::Files;

/// A small, fixed generator of numbers: the same months are shuffled the same way on every machine.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.roll(last + 1);
            items.swap(last, other);
        }
    }
}

fn judged(files: &Files, terms: &Terms) -> Option<Outcome> {
    judge(month::inputs(files).ok()?, terms).ok()
}

/// The verdict of every payment by what the payment says, not where it stands.
pub(crate) fn verdicts(outcome: &Outcome) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for judged in &outcome.payments {
        let row = &judged.payment;
        let key = format!(
            "{:?} {:?} {:?} {:?} {:?} {:?}",
            row.case_id,
            row.end_to_end_id,
            row.beneficiary,
            row.amount,
            row.iban.as_ref().map(gutschrift::model::iban::Iban::reveal),
            row.remittance
        );
        let verdict = &judged.verdict;
        all.entry(key).or_default().push(format!(
            "{} {} {}",
            verdict.status.name(),
            verdict.reason.name(),
            verdict.evidence.name()
        ));
    }
    for verdicts in all.values_mut() {
        verdicts.sort();
    }
    all
}

/// Months whose files can be read at all.
fn readable_months() -> Vec<(std::path::PathBuf, Files, Terms, Outcome)> {
    month::months()
        .into_iter()
        .filter_map(|path| {
            let (files, terms) = (month::files(&path), month::terms(&path));
            let outcome = judged(&files, &terms)?;
            Some((path, files, terms, outcome))
        })
        .collect()
}

#[test]
fn names_and_order_of_files_decide_nothing() {
    let mut dice = Dice(7);
    for (path, files, terms, outcome) in readable_months() {
        let mut names: Vec<String> = (0..files.len()).map(|n| format!("{n:04}")).collect();
        dice.shuffle(&mut names);
        let renamed: Files = names.into_iter().zip(files.into_values()).collect();
        let again = judged(&renamed, &terms).unwrap();
        assert_eq!(verdicts(&again), verdicts(&outcome), "{}", path.display());
    }
}

#[test]
fn order_of_rows_and_bookings_decides_nothing() {
    let mut dice = Dice(11);
    for (path, files, terms, outcome) in readable_months() {
        let mut inputs = month::inputs(&files).unwrap();
        dice.shuffle(&mut inputs.payments);
        dice.shuffle(&mut inputs.statements);
        for statement in &mut inputs.statements {
            dice.shuffle(&mut statement.entries);
        }
        let again = judge(inputs, &terms).unwrap();
        assert_eq!(verdicts(&again), verdicts(&outcome), "{}", path.display());
    }
}

#[test]
fn every_sum_closes() {
    for (path, _, _, outcome) in readable_months() {
        let totals = outcome.totals;
        assert!(totals.closes, "{}", path.display());
        assert_eq!(usize::try_from(totals.payments.count).unwrap(), outcome.payments.len());
        let debits = totals.matched.count
            + totals.batch.count
            + totals.unlisted.count
            + totals.unrelated_debits.count;
        assert_eq!(debits, totals.bank_debits.count, "{}", path.display());
    }
}

/// Money that came back can only speak when it is in hand; debits, confirmations, orders and days
/// that are taken away never make anyone credited.
#[test]
fn less_evidence_never_credits_anyone() {
    for (path, files, terms, outcome) in readable_months() {
        let before: BTreeMap<_, _> = outcome
            .payments
            .iter()
            .map(|judged| (judged.payment.place, judged.verdict.status))
            .collect();
        let inputs = month::inputs(&files).unwrap();
        let entries: usize = inputs.statements.iter().map(|s| s.entries.len()).sum();
        for removed in 0..entries.min(60) {
            let mut fewer = inputs.clone();
            let mut left = removed;
            for statement in &mut fewer.statements {
                if left >= statement.entries.len() {
                    left -= statement.entries.len();
                    continue;
                }
                let entry = &statement.entries[left];
                let debit = entry.direction == gutschrift::model::statement::Direction::Debit;
                if debit {
                    statement.entries.remove(left);
                }
                break;
            }
            let Ok(after) = judge(fewer, &terms) else { continue };
            for judged in &after.payments {
                let was = before[&judged.payment.place];
                let second_debit = matches!(
                    outcome
                        .payments
                        .iter()
                        .find(|p| p.payment.place == judged.payment.place)
                        .unwrap()
                        .verdict
                        .reason,
                    gutschrift::verdict::reason::Reason::PaidTwice
                        | gutschrift::verdict::reason::Reason::Ambiguous
                        | gutschrift::verdict::reason::Reason::AmountDiffers
                        | gutschrift::verdict::reason::Reason::SumDiffers
                        | gutschrift::verdict::reason::Reason::BatchDiffers
                );
                // A second debit is evidence against; without it the first one proves the payment.
                let newly = judged.verdict.status == Status::Credited && was != Status::Credited;
                assert!(
                    !newly || second_debit,
                    "{}: without entry {removed}, line {} is credited",
                    path.display(),
                    judged.payment.place.line
                );
            }
        }
    }
}

#[test]
fn a_bank_file_less_never_credits_anyone() {
    for (path, files, terms, outcome) in readable_months() {
        for name in files.keys() {
            let mut fewer = files.clone();
            let bytes = fewer.remove(name).unwrap();
            // The file's bytes stay, empty of meaning, so that the others keep their numbers.
            drop(bytes);
            let Some(after) = judged(&fewer, &terms) else { continue };
            let (before, after) = (verdicts(&outcome), verdicts(&after));
            for (key, now) in after {
                let Some(was) = before.get(&key) else { continue };
                let credited =
                    |all: &[String]| all.iter().filter(|v| v.starts_with("credited")).count();
                let speaks_against = was.iter().any(|verdict| {
                    [
                        "paid-twice",
                        "returned",
                        "recalled",
                        "rejected",
                        "ambiguous",
                        "amount-differs",
                        "batch-differs",
                        "sum-differs",
                        "account-differs",
                        "booked-late",
                        "partly-paid",
                    ]
                    .iter()
                    .any(|reason| verdict.contains(reason))
                });
                assert!(
                    credited(&now) <= credited(was) || speaks_against,
                    "{}: without {name}: {key}: {was:?} became {now:?}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn a_foreign_booking_changes_nothing() {
    use gutschrift::model::amount::Amount;
    use gutschrift::model::shared::Shared;
    use gutschrift::model::statement::CommonOfEntries;
    use gutschrift::model::statement::EntryDetail;
    use gutschrift::model::statement::StatementEntry;
    for (path, files, terms, outcome) in readable_months() {
        let mut inputs = month::inputs(&files).unwrap();
        let Some(statement) = inputs.statements.first_mut() else { continue };
        let Some(model) = statement.entries.first().cloned() else { continue };
        statement.entries.push(StatementEntry {
            amount: Amount::from_cents(987_654_321),
            direction: gutschrift::model::statement::Direction::Debit,
            status: gutschrift::model::statement::BookingStatus::Booked,
            bank_reference: Some("FREMD-1".to_owned()),
            details: vec![EntryDetail {
                counterparty: Some("Stadtwerke Anderswo".to_owned()),
                counterparty_iban: gutschrift::model::iban::Iban::read("DE02999900000000000001"),
                remittance: Some("Strom".to_owned()),
                ..EntryDetail::default()
            }],
            common: Shared::new(CommonOfEntries {
                transaction_code: Some("116".to_owned()),
                ..CommonOfEntries::default()
            }),
            reversal: false,
            entry_reference: None,
            ..model
        });
        let after = judge(inputs, &terms).unwrap();
        assert_eq!(verdicts(&after), verdicts(&outcome), "{}", path.display());
    }
}
