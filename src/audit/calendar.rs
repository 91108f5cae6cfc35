//! Banking days, counted by the audit's own code: what the engine's calendar gets wrong shows here.

use std::collections::BTreeSet;

use chrono::Datelike;
use chrono::NaiveDate;
use chrono::Weekday;

/// The days on which banks book: those of TARGET without the days that somebody named besides.
#[derive(Clone, Debug, Default)]
pub struct BankingDays {
    closed: BTreeSet<NaiveDate>,
}

impl BankingDays {
    /// TARGET without further days.
    pub fn without(closed: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self { closed: closed.into_iter().collect() }
    }

    /// Whether banks book on this day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        !weekend && !is_holiday(day) && !self.closed.contains(&day)
    }

    /// The banking day so many after another day.
    pub fn after(&self, day: NaiveDate, count: usize) -> NaiveDate {
        let later = day.iter_days().skip(1).filter(|day| self.holds(*day));
        later.take(count).last().unwrap_or(day)
    }

    /// The banking day so many before another day.
    pub fn before(&self, day: NaiveDate, count: usize) -> NaiveDate {
        let earlier = std::iter::successors(day.pred_opt(), NaiveDate::pred_opt);
        earlier.filter(|day| self.holds(*day)).take(count).last().unwrap_or(day)
    }

    /// The last banking day of the month in which a day lies.
    pub fn last_of_month(&self, day: NaiveDate) -> NaiveDate {
        let first = day.with_day(1).unwrap_or(day);
        let next = first.iter_days().skip(28).find(|day| day.day() == 1);
        next.map_or(day, |next| self.before(next, 1))
    }

    /// The banking days of a stretch, both ends included.
    pub fn of(&self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
        from.iter_days().take_while(move |day| *day <= to).filter(|day| self.holds(*day))
    }
}

/// Whether TARGET is closed on a day that may be a working day.
///
/// **Source.** ECB: 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December.
fn is_holiday(day: NaiveDate) -> bool {
    if matches!((day.day(), day.month()), (1, 1 | 5) | (25 | 26, 12)) {
        return true;
    }
    let near_easter = matches!(day.month(), 3 | 4);
    near_easter
        && easter(day.year()).is_some_and(|easter| {
            let behind = day.signed_duration_since(easter).num_days();
            behind == -2 || behind == 1
        })
}

/// Easter Sunday, by Lichtenberg's form of Gauss's rule.
fn easter(year: i32) -> Option<NaiveDate> {
    let century = year.div_euclid(100);
    let leaps = (3 * century + 3).div_euclid(4);
    let moon = 15 + leaps - (8 * century + 13).div_euclid(25);
    let sun = 2 - leaps;
    let golden = year.rem_euclid(19);
    let seed = (19 * golden + moon).rem_euclid(30);
    let full_moon = 21 + seed - (seed + golden.div_euclid(11)).div_euclid(29);
    let sunday = 7 - (year + year.div_euclid(4) + sun).rem_euclid(7);
    let of_march = full_moon + 7 - (full_moon - sunday).rem_euclid(7);
    let march = NaiveDate::from_ymd_opt(year, 3, 1)?;
    march.iter_days().nth(usize::try_from(of_march - 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_sundays() {
        for sunday in ["2008-03-23", "2019-04-21", "2023-04-09", "2024-03-31", "2038-04-25"] {
            assert_eq!(easter(day(sunday).year()), Some(day(sunday)));
        }
    }

    #[test]
    fn ends_of_months() {
        let days = BankingDays::default();
        for (any, last, next) in [
            ("2023-11-03", "2023-11-30", "2023-12-01"),
            ("2023-12-31", "2023-12-29", "2024-01-02"),
            ("2024-02-01", "2024-02-29", "2024-03-01"),
            ("2024-03-15", "2024-03-28", "2024-04-02"),
            ("2024-04-30", "2024-04-30", "2024-05-02"),
            ("2024-11-30", "2024-11-29", "2024-12-02"),
            ("2026-12-01", "2026-12-31", "2027-01-04"),
        ] {
            let due = days.last_of_month(day(any));
            assert_eq!((due, days.after(due, 1)), (day(last), day(next)), "{any}");
        }
        let own = BankingDays::without([day("2026-12-31")]);
        assert_eq!(own.last_of_month(day("2026-12-01")), day("2026-12-30"));
        assert_eq!(own.before(day("2023-11-30"), 10), day("2023-11-16"));
        assert_eq!(own.after(day("2023-11-30"), 3), day("2023-12-05"));
        assert_eq!(own.of(day("2024-03-28"), day("2024-04-02")).count(), 2);
    }
}
