//! Columns of a bank's export that nobody knows: what they may hold decides whether the export
//! proves anything.

use std::collections::BTreeSet;

use crate::facts::state_columns;
use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::statement::StatementEntry;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::DayOrder;
use crate::readers::tables::values::amount;
use crate::readers::tables::values::day_by;

/// A state is told by a word or two.
const MOST_WORDS: usize = 3;
const LONGEST_STATE: usize = 30;
/// And there are not many of them.
const MOST_STATES: usize = 8;
/// What may stand beside an account that is the only thing a cell names: ` / GENODEF1XXX`.
const LONGEST_BESIDE: usize = 18;

/// What an unknown column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suspect {
    Day,
    State,
    Account,
    Amount,
}

impl Suspect {
    /// What to call the column in a column map.
    const fn field(self) -> &'static str {
        match self {
            Self::Day => "value_date",
            Self::State => "booking_status",
            Self::Account => "counterparty_iban",
            Self::Amount => "amount",
        }
    }
}

/// A booking with its row and the account it is on.
pub(crate) struct Seen<'a> {
    pub(crate) row: &'a Record,
    pub(crate) entry: &'a StatementEntry,
    pub(crate) own: Option<&'a Iban>,
}

/// Names the columns that nobody knows; `true` if one of them may hold a day, a state, an account or
/// an amount that the export needs to be understood.
pub(crate) fn tell(
    columns: &Columns,
    seen: &[Seen<'_>],
    (days, mark): (DayOrder, ColumnMark),
    header: Place,
    problems: &mut Vec<Problem>,
) -> bool {
    let filled = |column: usize| seen.iter().any(|seen| !seen.row.text(column).is_empty());
    let shown = |column: usize| match columns.name(column).trim() {
        "" => format!("#{}", column.saturating_add(1)),
        name => name.to_owned(),
    };
    let needed = |column: usize, suspect: Suspect| {
        Problem::new(ProblemCode::ColumnNeeded, header)
            .field(shown(column))
            .expected(suspect.field())
    };
    let mut decisive = false;
    let mut others = Vec::new();
    for column in columns.unread() {
        // Empty in all rows: it says of none of them that it is booked.
        if !filled(column) {
            if asks_for_booking(columns, column) && !seen.is_empty() {
                decisive = true;
                problems.push(needed(column, Suspect::State));
            }
            continue;
        }
        match suspect((column, columns.name(column)), seen, days, mark) {
            Some(suspect) => {
                decisive = true;
                problems.push(needed(column, suspect));
            }
            None => others.push(shown(column)),
        }
    }
    if !others.is_empty() {
        problems.push(Problem::new(ProblemCode::ColumnUnread, header).field(others.join(", ")));
    }
    decisive
}

/// Whether a column that nobody knows asks by its name whether a booking is booked.
pub(crate) fn asks_for_booking(columns: &Columns, column: usize) -> bool {
    let name = columns.name(column);
    state_columns::asks_whether_booked(name) && !state_columns::asks_for_event(name)
}

fn suspect(
    (column, name): (usize, &str),
    seen: &[Seen<'_>],
    days: DayOrder,
    mark: ColumnMark,
) -> Option<Suspect> {
    let cells = || seen.iter().filter(|seen| !seen.row.text(column).is_empty());
    let day_of = |seen: &Seen<'_>| day_by(seen.row.text(column), days);
    // A day that only repeats those that are read decides nothing.
    let other_day = |seen: &&Seen<'_>| {
        day_of(seen).is_some_and(|day| {
            let known = [seen.entry.booking_date, seen.entry.value_date];
            !known.contains(&Some(day))
        })
    };
    if cells().any(|seen| other_day(&seen)) {
        return Some(Suspect::Day);
    }
    if cells().any(|seen| day_of(seen).is_some()) {
        // A day that some bookings have only tells what happened to them.
        let is_event = state_columns::asks_for_event(name);
        return (is_event && cells().count() < seen.len()).then_some(Suspect::Day);
    }
    let other_account = |seen: &Seen<'_>| {
        let own = account_in(seen.row.text(column))?;
        let known = seen.entry.details.first()?.counterparty_iban.as_ref()?;
        let is_known = known.same_account(&own) || seen.own.is_some_and(|on| on.same_account(&own));
        (!is_known).then_some(())
    };
    if cells().any(|seen| other_account(seen).is_some()) {
        return Some(Suspect::Account);
    }
    if differs_in_amount(column, seen, mark) {
        return Some(Suspect::Amount);
    }
    let values: BTreeSet<&str> = seen.iter().map(|seen| seen.row.text(column)).collect();
    let filled: BTreeSet<&str> = values.iter().copied().filter(|value| !value.is_empty()).collect();
    let all_states = filled.iter().all(|value| is_state(value));
    let count = cells().count();
    // Few words that many rows share, or a mark that some rows have; one word in every row of many
    // tells no row from another, but may tell what became of all of them.
    let few = filled.len() <= 2 || filled.len().saturating_mul(2) <= count;
    let differs = values.len() > 1
        || seen.len() < 3
        || state_columns::asks_for_state(name)
        || filled.iter().any(|value| state_columns::may_be_state(value));
    let by_values = all_states && few && differs && filled.len() <= MOST_STATES;
    // Whatever is said of some rows in a column of what went wrong.
    let by_name = count > 0 && state_columns::asks_for_event(name);
    (by_values || by_name).then_some(Suspect::State)
}

/// The account that a cell names, alone or with a bank's code behind it.
fn account_in(text: &str) -> Option<Iban> {
    Iban::read(text).filter(Iban::is_valid).or_else(|| {
        let place = iban_in_text::places(text).into_iter().next()?;
        let besides = text.get(..place.start)?.len().saturating_add(text.get(place.end..)?.len());
        // A separator and a code; more is a text that is about something.
        if besides > LONGEST_BESIDE {
            return None;
        }
        iban_in_text::in_text(text).into_iter().next()
    })
}

/// Whether a column states the amounts of most bookings, and of some another one.
fn differs_in_amount(column: usize, seen: &[Seen<'_>], mark: ColumnMark) -> bool {
    // Nothing is another amount too, where all others have theirs.
    let (mut same, mut other) = (0_usize, 0_usize);
    for seen in seen {
        match seen.row.cell(column).map(|cell| amount(cell, mark)) {
            None => {}
            Some(Ok(own)) if own.abs() == seen.entry.amount.abs() => same = same.saturating_add(1),
            Some(Ok(_)) => other = other.saturating_add(1),
            Some(Err(_)) if seen.row.text(column).is_empty() => {}
            Some(Err(_)) => return false,
        }
    }
    other > 0 && same > other
}

/// A word or two, a letter or a digit: `offen`, `in Arbeit`, `J`, `1`.
fn is_state(value: &str) -> bool {
    let words = value.split_whitespace().count();
    let has_letter = value.chars().any(char::is_alphabetic);
    let is_flag = value.chars().count() <= 1;
    let has_digits = value.bytes().filter(u8::is_ascii_digit).count() > 1;
    (has_letter || is_flag)
        && !has_digits
        && words <= MOST_WORDS
        && value.chars().count() <= LONGEST_STATE
}
