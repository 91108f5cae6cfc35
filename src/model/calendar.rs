//! Banking days: the TARGET calendar, and days on which the payer's own bank does not book.

use std::collections::BTreeSet;

use chrono::Datelike;
use chrono::Days;
use chrono::NaiveDate;
use chrono::Weekday;

use crate::model::date::Month;

/// The days on which banks settle euro payments.
///
/// **Source.** ECB, TARGET calendar: closed on Saturdays, Sundays, 1 January, Good Friday, Easter
/// Monday, 1 May, 25 and 26 December. Days on which only the payer's bank does not book (24 and
/// 31 December, regional holidays) are the caller's.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    closed: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// The TARGET calendar with further closed days.
    pub fn with_closed(closed: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self { closed: closed.into_iter().collect() }
    }

    /// Whether payments are settled and booked on this day.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        is_target_day(day) && !self.closed.contains(&day)
    }

    /// The first banking day after `day`.
    pub fn next_after(&self, day: NaiveDate) -> NaiveDate {
        self.walk(day, 1, |day| day.checked_add_days(Days::new(1)))
    }

    /// The `count`-th banking day after `day`; `day` itself for 0.
    pub fn after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        self.walk(day, count, |day| day.checked_add_days(Days::new(1)))
    }

    /// The `count`-th banking day before `day`; `day` itself for 0.
    pub fn before(&self, day: NaiveDate, count: u32) -> NaiveDate {
        self.walk(day, count, |day| day.checked_sub_days(Days::new(1)))
    }

    /// The last banking day of a month.
    pub fn last_of(&self, month: Month) -> NaiveDate {
        let last = month.last_day();
        if self.is_open(last) { last } else { self.before(last, 1) }
    }

    /// The banking days from `from` to `to`, both included.
    pub fn days_between(&self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        from.iter_days().take_while(|day| *day <= to).filter(|day| self.is_open(*day)).collect()
    }

    fn walk(
        &self,
        from: NaiveDate,
        count: u32,
        step: impl Fn(NaiveDate) -> Option<NaiveDate>,
    ) -> NaiveDate {
        let mut day = from;
        let mut open_days = 0;
        while open_days < count {
            let Some(next) = step(day) else { return day };
            day = next;
            if self.is_open(day) {
                open_days = u32::saturating_add(open_days, 1);
            }
        }
        day
    }
}

/// Whether TARGET is open on this day.
pub fn is_target_day(day: NaiveDate) -> bool {
    if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        return false;
    }
    if matches!((day.month(), day.day()), (1 | 5, 1) | (12, 25 | 26)) {
        return false;
    }
    // Good Friday is the 20th of March at the earliest, Easter Monday the 26th of April at the latest.
    if !matches!(day.month(), 3 | 4) {
        return true;
    }
    let Some(easter) = easter_sunday(day.year()) else { return true };
    let days_from_easter = day.signed_duration_since(easter).num_days();
    days_from_easter != -2 && days_from_easter != 1
}

/// Easter Sunday of the Gregorian calendar (the computus in Butcher's form).
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let century = year.div_euclid(100);
    let in_century = year.rem_euclid(100);
    let correction = (century + 8).div_euclid(25);
    let moon =
        (19 * golden + century - century.div_euclid(4) - (century - correction + 1).div_euclid(3)
            + 15)
            .rem_euclid(30);
    let weekday = (32 + 2 * century.rem_euclid(4) + 2 * in_century.div_euclid(4)
        - moon
        - in_century.rem_euclid(4))
    .rem_euclid(7);
    let shift = (golden + 11 * moon + 22 * weekday).div_euclid(451);
    let month_and_day = moon + weekday - 7 * shift + 114;
    let month = u32::try_from(month_and_day.div_euclid(31)).ok()?;
    let day = u32::try_from(month_and_day.rem_euclid(31) + 1).ok()?;
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        crate::model::date::from_iso(text).unwrap()
    }

    #[test]
    fn easter() {
        for sunday in ["2008-03-23", "2023-04-09", "2024-03-31", "2025-04-20", "2038-04-25"] {
            let sunday = day(sunday);
            assert_eq!(easter_sunday(sunday.year()), Some(sunday));
        }
    }

    #[test]
    fn month_ends() {
        let calendar = Calendar::default();
        for (month, last, next) in [
            ("2023-11", "2023-11-30", "2023-12-01"),
            ("2023-12", "2023-12-29", "2024-01-02"),
            ("2024-02", "2024-02-29", "2024-03-01"),
            ("2024-03", "2024-03-28", "2024-04-02"),
            ("2024-04", "2024-04-30", "2024-05-02"),
            ("2024-11", "2024-11-29", "2024-12-02"),
            ("2025-02", "2025-02-28", "2025-03-03"),
            ("2026-04", "2026-04-30", "2026-05-04"),
            ("2026-12", "2026-12-31", "2027-01-04"),
        ] {
            let due = calendar.last_of(Month::parse(month).unwrap());
            assert_eq!((due, calendar.next_after(due)), (day(last), day(next)), "{month}");
        }
    }

    #[test]
    fn the_payers_bank_may_be_closed_on_more_days() {
        let calendar = Calendar::with_closed([day("2026-12-31")]);
        assert_eq!(calendar.last_of(Month::parse("2026-12").unwrap()), day("2026-12-30"));
        assert_eq!(calendar.before(day("2023-11-30"), 10), day("2023-11-16"));
        assert_eq!(calendar.after(day("2023-11-30"), 3), day("2023-12-05"));
    }
}
