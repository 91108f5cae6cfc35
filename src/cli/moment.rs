//! Days and times of day as people type them.

use chrono::NaiveDate;
use chrono::NaiveTime;

use crate::model::date::from_iso;

/// A day, with the time of day if it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: NaiveDate,
    /// The time.
    pub time: Option<NaiveTime>,
}

impl Moment {
    /// Reads `2023-11-29` and `2023-11-29T14:30`.
    ///
    /// # Errors
    ///
    /// What is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (day, time) = match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, Some(time_of_day(time)?)),
            None => (text, None),
        };
        let day = from_iso(day).filter(|_| day.len() == 10);
        let day = day.ok_or_else(|| "a day is written 2023-11-30".to_owned())?;
        Ok(Self { day, time })
    }
}

/// Reads `14:30`.
///
/// # Errors
///
/// What is no time of day.
pub fn time_of_day(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M")
        .map_err(|_| "a time is written 14:30".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let day = from_iso("2023-11-29").unwrap();
        let time = NaiveTime::from_hms_opt(14, 30, 0);
        assert_eq!(Moment::parse("2023-11-29"), Ok(Moment { day, time: None }));
        assert_eq!(Moment::parse("2023-11-29T14:30"), Ok(Moment { day, time }));
        assert!(Moment::parse("29.11.2023").is_err());
        assert!(Moment::parse("2023-11-29T25:00").is_err());
    }
}
