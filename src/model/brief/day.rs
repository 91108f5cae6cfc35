//! Days in two bytes.

use std::collections::BTreeSet;
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

/// The different days of rows, which a million of them name a handful of: a bit for every day there
/// is, so that it does not matter how they follow each other.
#[derive(Clone, Debug)]
pub struct DifferentDays(Vec<u64>);

impl Default for DifferentDays {
    fn default() -> Self {
        Self(vec![0; 1 << 10])
    }
}

impl DifferentDays {
    /// Adds the day of a row, or that it has none.
    #[inline]
    pub fn add(&mut self, day: Option<Day>) {
        let number = day.map_or(0, |day| day.0.get());
        if let Some(word) = self.0.get_mut(usize::from(number >> 6)) {
            *word |= 1 << (number & 63);
        }
    }

    /// All of them.
    pub fn all(self) -> BTreeSet<Option<Day>> {
        let mut all = BTreeSet::new();
        for (word, bits) in (0_u16..).zip(self.0).filter(|(_, bits)| *bits != 0) {
            let is_named = |bit: &u16| bits >> bit & 1 == 1;
            let numbers = (0..64).filter(is_named).map(|bit| word << 6 | bit);
            all.extend(numbers.map(|number| NonZeroU16::new(number).map(Day)));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_days_are_those_of_a_set() {
        let mut dice = 3_u32;
        for round in 0..200_usize {
            let days = (0..round).map(|_| {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let spread = [0, 3, 70, u16::MAX][round % 4];
                NonZeroU16::new(u16::try_from(dice >> 16).unwrap() & spread).map(Day)
            });
            let days: Vec<Option<Day>> = days.collect();
            let expected: BTreeSet<Option<Day>> = days.iter().copied().collect();
            let mut different = DifferentDays::default();
            for day in days {
                different.add(day);
            }
            assert_eq!(different.all(), expected);
        }
    }

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
