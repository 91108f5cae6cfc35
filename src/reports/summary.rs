//! The summary by list and status, and the sentences that all text reports share.

use std::collections::BTreeMap;

use crate::model::language::Language;
use crate::model::place::FileId;
use crate::model::problem::Severity;
use crate::reports::not_due;
use crate::reports::rows::Rows;
use crate::reports::wording::Words;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::Tally;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// Counts and sums of one list.
#[derive(Clone, Debug, Default)]
pub struct ListSummary {
    /// Path of the list.
    pub path: String,
    /// All its rows.
    pub payments: Tally,
    /// Credited, delayed, follow-up.
    pub parts: [Tally; 3],
}

/// The lists of a run with their counts and sums, in the order of the files.
pub fn by_list(rows: &Rows<'_>) -> Vec<ListSummary> {
    let mut lists: BTreeMap<FileId, ListSummary> = BTreeMap::new();
    for (place, amount, verdict) in rows.outcome.amounts() {
        let list = lists
            .entry(place.file)
            .or_insert_with(|| ListSummary { path: rows.path(place), ..ListSummary::default() });
        list.payments.add(amount);
        let slot = Status::ALL.iter().position(|status| *status == verdict);
        if let Some(part) = slot.and_then(|slot| list.parts.get_mut(slot)) {
            part.add(amount);
        }
    }
    lists.into_values().collect()
}

/// The equation of the lists: credited + delayed + follow-up = all.
pub fn list_equation(rows: &Rows<'_>, words: Words) -> String {
    let totals = &rows.outcome.totals;
    let part = |name: &str, tally: Tally| {
        format!("{name} {} / {} €", tally.count, words.amount(tally.amount))
    };
    format!(
        "{} + {} + {} = {}",
        part(words.status(Status::Credited), totals.credited),
        part(words.status(Status::Delayed), totals.delayed),
        part(words.status(Status::FollowUp), totals.follow_up),
        part(words.pick("alle", "all"), totals.payments),
    )
}

/// How many of the follow-ups nobody has to look at any more; `None` without decisions.
pub fn open(rows: &Rows<'_>, words: Words) -> Option<String> {
    if rows.options.resolutions.is_empty() {
        return None;
    }
    let (all, open) = (rows.outcome.totals.follow_up, rows.open());
    let early = rows.not_due().map(|early| early.payments).unwrap_or_default();
    let done = all.count.saturating_sub(open.count).saturating_sub(early.count);
    Some(match words.0 {
        Language::De => format!(
            "Zu klären: {} offen / {} €, {done} entschieden",
            open.count,
            words.amount(open.amount)
        ),
        Language::En => format!(
            "Follow-ups: {} open / {} €, {done} settled by a decision",
            open.count,
            words.amount(open.amount)
        ),
    })
}

/// The equation of the bank's debits.
pub fn bank_equation(rows: &Rows<'_>, words: Words) -> String {
    let totals = &rows.outcome.totals;
    let part = |name: &str, tally: Tally| {
        format!("{name} {} / {} €", tally.count, words.amount(tally.amount))
    };
    format!(
        "{} + {} + {} + {} = {}",
        part(words.pick("zugeordnet", "matched"), totals.matched),
        part(words.pick("Sammelbuchungen", "batches"), totals.batch),
        part(words.pick("ohne Liste", "unlisted"), totals.unlisted),
        part(words.pick("fremd", "unrelated"), totals.unrelated_debits),
        part(words.pick("alle Abbuchungen", "all debits"), totals.bank_debits),
    )
}

/// Whether the books close, as a sentence.
pub fn closes(rows: &Rows<'_>, words: Words) -> &'static str {
    if rows.outcome.totals.closes {
        words.pick("Die Summen gehen auf.", "The sums close.")
    } else {
        words.pick("DIE SUMMEN GEHEN NICHT AUF.", "THE SUMS DO NOT CLOSE.")
    }
}

/// What is not complete, one sentence each: a reader has to know it before the figures.
pub fn incomplete(rows: &Rows<'_>, words: Words) -> Vec<String> {
    let see = words.pick("siehe „Hinweise und Fehler“", "see “Problems”");
    incomplete_with(rows, words, see)
}

/// The same for a report that does not list problems itself.
pub fn incomplete_elsewhere(rows: &Rows<'_>, words: Words) -> Vec<String> {
    let see = words.pick(
        "der Bericht über den ganzen Monat nennt sie",
        "the report of the whole month names them",
    );
    incomplete_with(rows, words, see)
}

fn incomplete_with(rows: &Rows<'_>, words: Words, see: &str) -> Vec<String> {
    let outcome = rows.outcome;
    let mut sentences: Vec<String> =
        not_due::sentence(rows, words).into_iter().chain(not_due::hint(rows, words)).collect();
    let open = waiting(rows);
    if open.count > 0 {
        let sum = words.amount(open.amount);
        let payments = words.counted(open.count, ["Zahlung", "Zahlungen"], ["payment", "payments"]);
        sentences.push(match words.0 {
            Language::De => {
                format!("UNVOLLSTÄNDIG: Für {payments} über {sum} € fehlen Daten der Bank.")
            }
            Language::En => {
                format!("INCOMPLETE: bank data are missing for {payments} of {sum} €.")
            }
        });
    }
    let errors = outcome.problems.iter().filter(|own| own.severity == Severity::Error).count();
    if errors > 0 {
        let errors = u64::try_from(errors).unwrap_or(u64::MAX);
        let errors = words.counted(errors, ["Fehler"; 2], ["error", "errors"]);
        sentences.push(match words.0 {
            Language::De => {
                format!("UNVOLLSTÄNDIG: {errors} in den Dateien, {see}.")
            }
            Language::En => format!("INCOMPLETE: {errors} in the files, {see}."),
        });
    }
    sentences
}

/// The payments that wait for bank data, without those that only wait for their day.
fn waiting(rows: &Rows<'_>) -> Tally {
    let mut open = Tally::default();
    for missing in &rows.outcome.missing {
        open.add_all(missing.payments);
    }
    let Some(early) = rows.not_due().map(|early| early.payments) else { return open };
    let waits = |judged: &JudgedPayment| {
        matches!(
            judged.verdict.reason,
            Reason::BankDataMissing | Reason::NotBookedByDue | Reason::Pending
        ) && !rows.is_not_due(&judged.verdict)
    };
    if !rows.outcome.payments.iter().any(waits) {
        return Tally::default();
    }
    Tally { count: open.count.saturating_sub(early.count), amount: open.amount.minus(early.amount) }
}

/// Which statements would decide open payments, one sentence each.
pub fn missing(rows: &Rows<'_>, words: Words) -> Vec<String> {
    // Statements of days to come decide nothing today.
    let missing = if waiting(rows).count == 0 { &[][..] } else { &rows.outcome.missing[..] };
    missing
        .iter()
        .map(|missing| {
            let days: Vec<String> = missing.days.iter().map(|days| words.stretch(*days)).collect();
            let account = missing.account.as_ref().map(|account| rows.iban(account));
            let account = account.unwrap_or_else(|| words.pick("unbekannt", "unknown").to_owned());
            let count = missing.payments.count;
            let sum = words.amount(missing.payments.amount);
            let days = days.join(", ");
            match words.0 {
                Language::De => format!(
                    "Der Kontoauszug vom {days} für Konto {account} würde {count} offene Zahlungen über {sum} € entscheiden."
                ),
                Language::En => format!(
                    "The statement of {days} for account {account} would decide {count} open payments of {sum} €."
                ),
            }
        })
        .collect()
}
