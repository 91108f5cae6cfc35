//! Bookings of one amount on neighbouring days.

use std::collections::BTreeMap;

use chrono::Datelike;
use chrono::NaiveDate;
use chrono::TimeDelta;

use crate::matching::bank::BankView;
use crate::matching::same::Files;
use crate::matching::tellings::Source;
use crate::model::amount::Amount;
use crate::model::statement::Direction;

/// A booking's direction, amount, day and number.
pub(super) type Dated = (Direction, Amount, NaiveDate, usize);

/// Those of a group, in order of their days, near whose day another source tells one too: the others
/// have nobody to be one with, and in a month of one file each they are nearly all.
pub(super) fn with_neighbours(
    view: &BankView<'_>,
    files: &Files<'_>,
    group: &[Dated],
) -> Vec<Dated> {
    let source = |(.., number): &Dated| Some(files.tellings.source(view.entries.get(*number)?));
    // For each day its source, or that there are several.
    let mut days: BTreeMap<NaiveDate, (Option<Source>, bool)> = BTreeMap::new();
    for told in group {
        let own = source(told);
        let known = days.entry(told.2).or_insert((own, false));
        known.1 |= known.0 != own;
    }
    let near = |told: &&Dated| {
        let own = source(told);
        let apart = |days| told.2.checked_add_signed(TimeDelta::days(days)).unwrap_or(told.2);
        let mut around = days.range(apart(-3)..=apart(3)).filter(|(day, _)| **day != told.2);
        around.any(|(_, (other, several))| *several || *other != own)
    };
    group.iter().filter(near).copied().collect()
}

/// Whether a day is the next one, over a weekend too.
pub(super) fn is_next(earlier: NaiveDate, later: NaiveDate) -> bool {
    let apart = later.signed_duration_since(earlier).num_days();
    let over_a_weekend = earlier.weekday().num_days_from_monday() >= 4
        && later.weekday().num_days_from_monday() == 0;
    apart == 1 || (over_a_weekend && (1..=3).contains(&apart))
}
