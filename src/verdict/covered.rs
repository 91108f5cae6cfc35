//! The days that are covered for one account, and the first one that is not.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::model::calendar::Calendar;

/// Covered days. Which banking days between them are missing is known from the start: in a run of a
/// million payments on forty accounts, walking over the days of all accounts for every open payment
/// took a tenth of the time.
#[derive(Clone, Debug, Default)]
pub(super) struct CoveredDays {
    days: BTreeSet<NaiveDate>,
    /// Banking days between the first and the last covered day that are not covered, ascending.
    lacking: Vec<NaiveDate>,
    /// The first banking day after all of them.
    behind: Option<NaiveDate>,
}

impl CoveredDays {
    /// Takes the days that are covered.
    pub(super) fn new(days: BTreeSet<NaiveDate>, calendar: &Calendar) -> Self {
        let ends = days.first().zip(days.last());
        let between = ends.map(|(first, last)| calendar.days_between(*first, *last));
        let mut lacking = between.unwrap_or_default();
        lacking.retain(|day| !days.contains(day));
        let behind = days.last().map(|last| calendar.next_after(*last));
        Self { days, lacking, behind }
    }

    /// Whether a day is covered.
    pub(super) fn has(&self, day: NaiveDate) -> bool {
        self.days.contains(&day)
    }

    /// The first and the last covered day.
    pub(super) fn ends(&self) -> Option<(NaiveDate, NaiveDate)> {
        Some((*self.days.first()?, *self.days.last()?))
    }

    /// The banking days between the ends that are not covered, ascending.
    pub(super) fn lacking(&self) -> &[NaiveDate] {
        &self.lacking
    }

    /// The first banking day from `from` to `to` that is not covered.
    pub(super) fn first_missing(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        calendar: &Calendar,
    ) -> Option<NaiveDate> {
        let banking_day = |day| if calendar.is_open(day) { day } else { calendar.next_after(day) };
        let missing = match self.ends() {
            Some((first, last)) if first <= from && from <= last => {
                let known = self.lacking.partition_point(|day| *day < from);
                self.lacking.get(known).copied().or(self.behind)?
            }
            Some((first, _)) if from < first => {
                let day = banking_day(from);
                if day >= first {
                    return self.first_missing(first, to, calendar);
                }
                day
            }
            _ => banking_day(from),
        };
        (missing <= to).then_some(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::date::from_iso;

    #[test]
    fn the_first_missing_day_is_the_one_that_a_walk_finds() {
        let start = from_iso("2023-12-18").unwrap();
        let days: Vec<NaiveDate> = start.iter_days().take(24).collect();
        let closed = from_iso("2024-01-05").unwrap();
        let mut dice = 5_u32;
        for calendar in [Calendar::default(), Calendar::with_closed([closed])] {
            for round in 0..300_u32 {
                let covered = days.iter().skip(3).take(18).filter(|_| {
                    dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    dice >> 24 < round % 256
                });
                let covered: BTreeSet<NaiveDate> = covered.copied().collect();
                let made = CoveredDays::new(covered.clone(), &calendar);
                for from in &days {
                    for to in &days {
                        let needed = calendar.days_between(*from, *to);
                        let walked = needed.into_iter().find(|day| !covered.contains(day));
                        assert_eq!(made.first_missing(*from, *to, &calendar), walked);
                    }
                }
            }
        }
    }
}
