//! Stretches of a bank's export that cannot be trusted: unreadable rows, jumps of the balance.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::place::Place;
use crate::model::statement::StatementEntry;

/// A row that was read, or one that may have held a booking of some day.
pub(crate) enum Line {
    Entry(Box<StatementEntry>, Option<Amount>),
    Unreadable(Option<NaiveDate>),
    /// A row that states a balance.
    Balance {
        closing: bool,
        day: Option<NaiveDate>,
        amount: Amount,
    },
}

/// The days that unreadable rows may have held: their own, or all between their neighbours.
pub(crate) fn unreadable_days(lines: &[Line]) -> Vec<(NaiveDate, NaiveDate)> {
    let day_of = |line: &Line| match line {
        Line::Entry(entry, _) => entry.booking_date,
        Line::Unreadable(day) => *day,
        Line::Balance { .. } => None,
    };
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let Line::Unreadable(own) = line else { continue };
        if let Some(day) = own {
            found.push((*day, *day));
            continue;
        }
        let before = lines.iter().take(number).rev().find_map(day_of);
        let after = lines.iter().skip(number.saturating_add(1)).find_map(day_of);
        let days: Vec<NaiveDate> = before.into_iter().chain(after).collect();
        if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) {
            found.push((*first, *last));
        }
    }
    found
}

pub(crate) type BalanceBreak = (Place, Amount, Amount, NaiveDate, NaiveDate);

/// Jumps of the running balance; exports run with the newest or the oldest row first.
///
/// One balance in all rows is that of the day of the export, not one that runs.
pub(crate) fn balance_breaks(chain: &[(&StatementEntry, Amount)]) -> Vec<BalanceBreak> {
    let is_constant = |first: &Amount| chain.iter().all(|(_, balance)| balance == first);
    if chain.len() > 2 && chain.first().is_some_and(|(_, first)| is_constant(first)) {
        return Vec::new();
    }
    let pairs: Vec<_> = chain.windows(2).collect();
    let breaks = |newest_first: bool| -> Vec<BalanceBreak> {
        pairs
            .iter()
            .filter_map(|pair| {
                let [upper, lower] = pair else { return None };
                let (earlier, later) = if newest_first { (lower, upper) } else { (upper, lower) };
                let expected = earlier.1.plus(later.0.signed());
                let days = [earlier.0.booking_date?, later.0.booking_date?];
                (expected != later.1).then(|| {
                    let (from, to) = (days.iter().min().copied(), days.iter().max().copied());
                    Some((lower.0.place, expected, later.1, from?, to?))
                })?
            })
            .collect()
    };
    let (down, up) = (breaks(true), breaks(false));
    if down.len() <= up.len() { down } else { up }
}
