//! What the rules noted on their way, as lines of a trail.

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::findings::Failure;
use crate::matching::findings::Note;
use crate::model::statement::Doubt;
use crate::verdict::trace::Trace;
use crate::verdict::trace::TraceKind;

/// A day as trails show it.
pub(super) fn shown(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "?".to_owned(), |day| day.to_string())
}

/// Adds what a note says, once.
pub(super) fn about_note(note: &Note, bank: &BankView<'_>, trail: &mut Vec<Trace>) {
    let trace = match note {
        Note::Group(payments, bookings) => {
            Trace::new(TraceKind::Group).value(payments.to_string()).value(bookings.to_string())
        }
        Note::ReturnGroup(payments) => {
            Trace::new(TraceKind::ReturnUndecided).value(payments.to_string())
        }
        Note::ReturnOpen(entry) => {
            let Some(view) = bank.entries.get(*entry) else { return };
            let (day, amount) = (shown(view.booked_on), view.entry.amount.to_string());
            Trace::new(TraceKind::ReturnOpen).value(day).value(amount).at(view.entry.place)
        }
        Note::Reversal(entry) => {
            let Some(view) = bank.entries.get(*entry) else { return };
            Trace::new(TraceKind::Reversal).value(shown(view.booked_on)).at(view.entry.place)
        }
        Note::Unbacked(entry) => {
            let Some(view) = bank.entries.get(*entry) else { return };
            Trace::new(TraceKind::Unbacked).value(shown(view.booked_on)).at(view.entry.place)
        }
        Note::Doubtful(entry, doubt) => {
            let Some(view) = bank.entries.get(*entry) else { return };
            Trace::new(doubted(*doubt)).value(shown(view.booked_on)).at(view.entry.place)
        }
        Note::Repeated(place) => {
            Trace::new(TraceKind::RowRepeated).value(place.line.to_string()).at(*place)
        }
        Note::Batch(amount, expected, count) if amount == expected => Trace::new(TraceKind::Batch)
            .value(amount.to_string())
            .value(count.to_string())
            .value("="),
        Note::Batch(amount, expected, _) => Trace::new(TraceKind::BatchShort)
            .value(amount.to_string())
            .value(expected.to_string())
            .value(expected.minus(*amount).to_string()),
        Note::BatchRejects(count, amount) => {
            Trace::new(TraceKind::BatchRejects).value(count.to_string()).value(amount.to_string())
        }
        Note::Sum(amount, open, rows) => Trace::new(TraceKind::SumDiffers)
            .value(amount.to_string())
            .value(open.to_string())
            .value(rows.to_string()),
        Note::Merged(amount, rows) => {
            Trace::new(TraceKind::Merged).value(amount.to_string()).value(rows.to_string())
        }
        Note::NamedBy(entry) => {
            let Some(view) = bank.entries.get(*entry) else { return };
            Trace::new(TraceKind::NamedBy)
                .value(view.entry.signed().to_string())
                .value(shown(view.booked_on))
                .at(view.entry.place)
        }
        Note::Parts(count, sum) => {
            Trace::new(TraceKind::Split).value(count.to_string()).value(sum.to_string())
        }
        Note::Candidate(entry, failure) => {
            let Some(view) = bank.entries.get(*entry) else { return };
            Trace::new(TraceKind::Candidate)
                .value(view.entry.signed().to_string())
                .value(shown(view.booked_on))
                .value(failure_name(*failure))
                .at(view.entry.place)
        }
    };
    if !trail.contains(&trace) {
        trail.push(trace);
    }
}

const fn doubted(doubt: Doubt) -> TraceKind {
    match doubt {
        Doubt::Accounts => TraceKind::DoubtAccounts,
        Doubt::References => TraceKind::DoubtReferences,
        Doubt::Names => TraceKind::DoubtNames,
        Doubt::Amounts => TraceKind::DoubtAmounts,
        Doubt::Days => TraceKind::DoubtDays,
        Doubt::ReturnWords => TraceKind::DoubtReturned,
        Doubt::UnknownColumn => TraceKind::DoubtColumn,
    }
}

const fn failure_name(failure: Failure) -> &'static str {
    match failure {
        Failure::Amount => "amount",
        Failure::Account => "iban",
        Failure::Month => "month",
        Failure::Reference => "reference",
    }
}
