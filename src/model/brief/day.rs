//! Days in two bytes.

use std::num::NonZeroU16;

use chrono::Datelike;
use chrono::NaiveDate;

/// A day in two bytes, from 1 January 2000 to the year 2179.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NonZeroU16);

impl Day {
    /// 31 December 1999, counted from the beginning of the calendar.
    const BEFORE: i32 = 730_119;

    /// A day, if it is one of those.
    pub fn new(day: NaiveDate) -> Option<Self> {
        NonZeroU16::new(u16::try_from(Self::number_of(day)).ok()?).map(Self)
    }

    /// The day.
    pub fn date(self) -> NaiveDate {
        let number = Self::BEFORE.saturating_add(i32::from(self.0.get()));
        NaiveDate::from_num_days_from_ce_opt(number).unwrap_or_default()
    }

    /// Its number, from 1.
    pub fn number(self) -> i32 {
        i32::from(self.0.get())
    }

    /// The number that any day has or would have, to compare with.
    pub fn number_of(day: NaiveDate) -> i32 {
        day.num_days_from_ce().saturating_sub(Self::BEFORE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_back() {
        for (text, fits) in [
            ("1999-12-31", false),
            ("2000-01-01", true),
            ("2023-11-30", true),
            ("2024-02-29", true),
            ("2179-06-05", true),
            ("2179-06-06", false),
            ("1900-01-01", false),
        ] {
            let day: NaiveDate = text.parse().unwrap();
            assert_eq!(Day::new(day).is_some(), fits, "{text}");
            assert_eq!(Day::new(day).map_or(day, Day::date), day);
        }
    }
}
