//! Columns of a bank's export that nobody knows: what they may hold decides whether the export
//! proves anything.

use std::collections::BTreeSet;

use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::statement::StatementEntry;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::DayOrder;
use crate::readers::tables::values::day_by;

/// A state is told by a word or two.
const MOST_WORDS: usize = 3;
const LONGEST_STATE: usize = 30;
/// And there are not many of them.
const MOST_STATES: usize = 8;

/// What an unknown column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suspect {
    Day,
    State,
    Account,
}

impl Suspect {
    /// What to call the column in a column map.
    const fn field(self) -> &'static str {
        match self {
            Self::Day => "value_date",
            Self::State => "booking_status",
            Self::Account => "counterparty_iban",
        }
    }
}

/// A booking with its row and the account it is on.
pub(crate) struct Seen<'a> {
    pub(crate) row: &'a Record,
    pub(crate) entry: &'a StatementEntry,
    pub(crate) own: Option<&'a Iban>,
}

/// Names the columns that nobody knows; `true` if one of them may hold a day, a state or an account
/// that the export needs to be understood.
pub(crate) fn tell(
    columns: &Columns,
    seen: &[Seen<'_>],
    days: DayOrder,
    header: Place,
    problems: &mut Vec<Problem>,
) -> bool {
    let filled = |column: &usize| seen.iter().any(|seen| !seen.row.text(*column).is_empty());
    let unread: Vec<usize> = columns.unread().filter(filled).collect();
    let shown = |column: usize| match columns.name(column).trim() {
        "" => format!("#{}", column.saturating_add(1)),
        name => name.to_owned(),
    };
    let mut decisive = false;
    let mut others = Vec::new();
    for column in unread {
        match suspect(column, seen, days) {
            Some(suspect) => {
                decisive = true;
                problems.push(
                    Problem::new(ProblemCode::ColumnNeeded, header)
                        .field(shown(column))
                        .expected(suspect.field()),
                );
            }
            None => others.push(shown(column)),
        }
    }
    if !others.is_empty() {
        problems.push(Problem::new(ProblemCode::ColumnUnread, header).field(others.join(", ")));
    }
    decisive
}

fn suspect(column: usize, seen: &[Seen<'_>], days: DayOrder) -> Option<Suspect> {
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
        return None;
    }
    let other_account = |seen: &Seen<'_>| {
        let own = Iban::read(seen.row.text(column)).filter(Iban::is_valid)?;
        let known = seen.entry.details.first()?.counterparty_iban.as_ref()?;
        let is_known = known.same_account(&own) || seen.own.is_some_and(|on| on.same_account(&own));
        (!is_known).then_some(())
    };
    if cells().any(|seen| other_account(seen).is_some()) {
        return Some(Suspect::Account);
    }
    let values: BTreeSet<&str> = seen.iter().map(|seen| seen.row.text(column)).collect();
    let filled: BTreeSet<&str> = values.iter().copied().filter(|value| !value.is_empty()).collect();
    let all_states = filled.iter().all(|value| is_state(value));
    let count = cells().count();
    // Few words that many rows share, or a mark that some rows have; one word in every row of many
    // tells no row from another.
    let few = filled.len() <= 2 || filled.len().saturating_mul(2) <= count;
    let differs = values.len() > 1 || seen.len() < 3;
    (all_states && few && differs && filled.len() <= MOST_STATES).then_some(Suspect::State)
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
