//! Calendar dates in the spellings files use, and months.

use std::fmt;

use chrono::Datelike;
use chrono::NaiveDate;

/// Reads `2023-11-30`, also with a time behind it (`2023-11-30T08:15:00+01:00`, `2023-11-30Z`);
/// the date is taken as written, without moving time zones.
pub fn from_iso(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if (year.len(), month.len(), day.len()) != (4, 2, 2) || parts.next().is_some() {
        return None;
    }
    build(number(year)?, number(month)?, number(day)?)
}

/// Reads `30.11.2023`, `1.3.2025` and `30.11.23` (two-digit years are 2000 to 2099).
pub fn from_german(text: &str) -> Option<NaiveDate> {
    let mut parts = text.trim().split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || day.len() > 2 || month.len() > 2 {
        return None;
    }
    let year = match year.len() {
        4 => number(year)?,
        2 => number(year)?.checked_add(2000)?,
        _ => return None,
    };
    build(year, number(month)?, number(day)?)
}

/// Reads the six digits `YYMMDD` of MT940 (2000 to 2099).
pub fn from_yymmdd(text: &str) -> Option<NaiveDate> {
    if text.len() != 6 {
        return None;
    }
    let (year, rest) = text.split_at_checked(2)?;
    let (month, day) = rest.split_at_checked(2)?;
    build(number(year)?.checked_add(2000)?, number(month)?, number(day)?)
}

fn number(digits: &str) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

fn build(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Reads `2023-11`, `11/2023`, `11.2023`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (year, month) = if let Some((year, month)) = text.split_once('-') {
            (year, month)
        } else {
            let (month, year) = text.split_once('/').or_else(|| text.split_once('.'))?;
            (year, month)
        };
        if year.len() != 4 {
            return None;
        }
        Some(Self::of(build(number(year)?, number(month)?, 1)?))
    }

    /// The first calendar day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// The last calendar day: 28 to 31.
    pub fn last_day(self) -> NaiveDate {
        self.next().first_day().pred_opt().unwrap_or(NaiveDate::MAX)
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year.saturating_add(1), month: 1 }
        } else {
            Self { month: self.month.saturating_add(1), ..self }
        }
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year.saturating_sub(1), month: 12 }
        } else {
            Self { month: self.month.saturating_sub(1), ..self }
        }
    }

    /// The number of the month, 1 to 12.
    pub fn number(self) -> u32 {
        self.month
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.year
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn spellings() {
        assert_eq!(from_iso("2023-11-30"), Some(day(2023, 11, 30)));
        assert_eq!(from_iso("2023-11-30T23:59:59.000+02:00"), Some(day(2023, 11, 30)));
        assert_eq!(from_iso("2023-13-30"), None);
        assert_eq!(from_iso("2023-11-301"), None);
        assert_eq!(from_iso("30.11.2023"), None);
        assert_eq!(from_german("30.11.23"), Some(day(2023, 11, 30)));
        assert_eq!(from_german("1.3.2025"), Some(day(2025, 3, 1)));
        assert_eq!(from_german("31.02.2023"), None);
        assert_eq!(from_yymmdd("231130"), Some(day(2023, 11, 30)));
        assert_eq!(from_yymmdd("2311300"), None);
    }

    #[test]
    fn months() {
        let february = Month::parse("2024-02").unwrap();
        assert_eq!(february.last_day(), day(2024, 2, 29));
        assert_eq!(Month::parse("12/2023").unwrap().next().to_string(), "2024-01");
        assert_eq!(Month::parse("2024-01").unwrap().previous().to_string(), "2023-12");
        assert_eq!(Month::parse("2024-13"), None);
        assert_eq!(Month::parse("24-01"), None);
    }
}
