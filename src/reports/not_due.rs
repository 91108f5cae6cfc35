//! Payments that were not due yet on the day the report speaks of: nobody has to do anything about them.

use chrono::NaiveDate;

use crate::model::language::Language;
use crate::reports::rows::Rows;
use crate::reports::wording::Words;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::Tally;
use crate::verdict::outcome::Verdict;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// What is not due yet: how much, and the first and last day it is due on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotDue {
    /// The payments.
    pub payments: Tally,
    /// The first day one of them is due on.
    pub first: NaiveDate,
    /// The last one.
    pub last: NaiveDate,
}

impl Rows<'_> {
    /// Whether a payment only waits for its day. Without `--as-of` nobody knows which day it is: bank data that end
    /// before the due day may as well be old.
    pub(crate) fn is_not_due(&self, verdict: &Verdict) -> bool {
        verdict.reason == Reason::BankDataMissing
            && self.outcome.as_of.is_some_and(|day| day < verdict.due)
    }

    /// What to do about such a payment; `None` for all others.
    pub(crate) fn early_action(&self, verdict: &Verdict) -> Option<String> {
        let language = self.options.language;
        let due = Words(language).day(verdict.due);
        self.is_not_due(verdict).then(|| match language {
            Language::De => format!("Noch nicht fällig: ab dem {due} erneut abgleichen."),
            Language::En => format!("Not due yet: run again from {due} on."),
        })
    }

    /// Why a payment is what it is, in a few words; what only waits for its day is not due yet.
    pub(crate) fn reason_label(&self, verdict: &Verdict) -> &'static str {
        let language = self.options.language;
        if self.is_not_due(verdict) {
            return language.pick("noch nicht fällig", "Not due yet");
        }
        verdict.reason.label(language)
    }

    /// Whether a section of follow-ups leaves a payment out, since it is told once for all of them.
    pub(crate) fn is_told_once(&self, judged: &JudgedPayment) -> bool {
        self.options.filter.reasons.is_empty() && self.is_not_due(&judged.verdict)
    }

    /// All payments that only wait for their day.
    pub fn not_due(&self) -> Option<NotDue> {
        let as_of = self.outcome.as_of?;
        let mut found: Option<NotDue> = None;
        // Plain cases are booked.
        let waiting = self.outcome.payments.iter().filter(|judged| {
            judged.verdict.status == Status::FollowUp && self.is_not_due(&judged.verdict)
        });
        for judged in waiting {
            let due = judged.verdict.due.max(as_of);
            let new = NotDue { payments: Tally::default(), first: due, last: due };
            let all = found.get_or_insert(new);
            all.payments.add(judged.payment.amount_or_zero());
            all.first = all.first.min(due);
            all.last = all.last.max(due);
        }
        found
    }
}

/// The sentence that tells all of them, under the headline.
pub fn sentence(rows: &Rows<'_>, words: Words) -> Option<String> {
    let NotDue { payments, first, last } = rows.not_due()?;
    let sum = words.amount(payments.amount);
    let count = words.counted(payments.count, ["Zahlung", "Zahlungen"], ["payment", "payments"]);
    let days = if first == last { words.day(first) } else { words.stretch((first, last)) };
    Some(match words.0 {
        Language::De => format!(
            "NOCH NICHT FÄLLIG: {count} über {sum} €, fällig am {days}. Ob sie hinausgehen, sagt `gutschrift check`."
        ),
        Language::En => format!(
            "NOT DUE YET: {count} of {sum} € due on {days}. Whether they will go out, `gutschrift check` says."
        ),
    })
}

/// Where no day was named and all bank data end before the due day, the reader knows whether it has come.
pub fn hint(rows: &Rows<'_>, words: Words) -> Option<String> {
    let outcome = rows.outcome;
    let last = outcome.coverage.iter().map(|own| own.to).max();
    let early = last.is_none_or(|last| last < outcome.due);
    let waits = outcome.payments.iter().any(|judged| {
        judged.verdict.reason == Reason::BankDataMissing
            && last.is_none_or(|last| last < judged.verdict.due)
    });
    if outcome.as_of.is_some() || !early || !waits {
        return None;
    }
    let day = last.map(|day| words.day(day));
    let due = words.day(outcome.due);
    Some(match (words.0, day) {
        (Language::De, Some(day)) => format!(
            "Die Bankdaten enden am {day}, vor dem Fälligkeitstag {due}. Ist er noch nicht da, sagt das `--as-of today`."
        ),
        (Language::De, None) => format!(
            "Für die Zeit bis zum Fälligkeitstag {due} sind keine Bankdaten da. Ist er noch nicht da, sagt das `--as-of today`."
        ),
        (Language::En, Some(day)) => format!(
            "The bank data end on {day}, before the due day {due}. If that day has not come yet, `--as-of today` says so."
        ),
        (Language::En, None) => format!(
            "There are no bank data up to the due day {due}. If that day has not come yet, `--as-of today` says so."
        ),
    })
}
