//! Moments as files write them, turned into the day and the time that clocks in Germany showed.
//!
//! Banks write times with an offset or in UTC: `2023-11-30T23:20:00Z` is the first of December in
//! Germany, and a payment of that moment came a day later.

use chrono::Datelike;
use chrono::Days;
use chrono::NaiveDate;
use chrono::NaiveDateTime;
use chrono::NaiveTime;
use chrono::TimeDelta;
use chrono::Weekday;

use crate::model::date;

/// The German day of a date or a moment: `2023-11-30`, `2023-11-30T08:15:00+01:00`. A date without
/// a time is that day, whatever zone stands behind it.
pub fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    // Nearly all days are written without a time.
    if text.len() == 10 { date::from_iso(text) } else { moment(text).map(|moment| moment.date()) }
}

/// The moment as clocks in Germany showed it; midnight for a date without a time. A time without an
/// offset is German.
pub fn moment(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim();
    let day = date::from_iso(text)?;
    let rest = text.get(10..).unwrap_or_default();
    let Some(rest) = rest.strip_prefix(['T', 't', ' ']) else {
        return Some(day.and_time(NaiveTime::MIN));
    };
    let zone_begins = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(zone_begins)?;
    let written = on_the_clock(day, clock.trim())?;
    let zone = zone.trim();
    if zone.is_empty() {
        return Some(written);
    }
    let offset = offset(zone)?;
    let utc = written.checked_sub_signed(offset)?;
    utc.checked_add_signed(german_offset(utc))
}

/// `23:59`, `23:59:59`, `23:59:59.999`; `24:00:00` is the beginning of the next day.
fn on_the_clock(day: NaiveDate, clock: &str) -> Option<NaiveDateTime> {
    let mut parts = clock.split(':');
    let hours: u32 = number(parts.next()?)?;
    let minutes: u32 = number(parts.next()?)?;
    let seconds = match parts.next() {
        // Fractions move no moment into another day, nor behind another message.
        Some(text) => number(text.split(['.', ',']).next()?)?,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    if (hours, minutes, seconds) == (24, 0, 0) {
        return Some(day.succ_opt()?.and_time(NaiveTime::MIN));
    }
    // A leap second is the last one of its minute.
    day.and_hms_opt(hours, minutes, seconds.min(59))
}

fn number(text: &str) -> Option<u32> {
    let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// `Z`, `+01:00`, `+0100`, `+01`.
fn offset(zone: &str) -> Option<TimeDelta> {
    if zone.eq_ignore_ascii_case("Z") {
        return Some(TimeDelta::zero());
    }
    let (sign, digits) = zone.split_at_checked(1)?;
    let digits = digits.replace(':', "");
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { number(minutes)? };
    let minutes = number(hours)?.checked_mul(60)?.checked_add(minutes)?;
    let delta = TimeDelta::try_minutes(i64::from(minutes))?;
    match sign {
        "+" => Some(delta),
        "-" => TimeDelta::zero().checked_sub(&delta),
        _ => None,
    }
}

/// One hour, two in summer: from the last Sunday of March, 01:00 UTC, to that of October (Directive
/// 2000/84/EC).
fn german_offset(utc: NaiveDateTime) -> TimeDelta {
    let switch = |month| last_sunday(utc.year(), month).and_then(|day| day.and_hms_opt(1, 0, 0));
    let is_summer = match (switch(3), switch(10)) {
        (Some(begins), Some(ends)) => begins <= utc && utc < ends,
        _ => false,
    };
    TimeDelta::try_hours(if is_summer { 2 } else { 1 }).unwrap_or_default()
}

/// The last Sunday of a month of 31 days.
fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    let after = last.weekday().days_since(Weekday::Sun);
    last.checked_sub_days(Days::new(u64::from(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_become_german() {
        for (written, german) in [
            ("2023-11-30", "2023-11-30 00:00:00"),
            ("2023-11-30Z", "2023-11-30 00:00:00"),
            ("2023-11-30+01:00", "2023-11-30 00:00:00"),
            ("2023-11-30T23:20:00Z", "2023-12-01 00:20:00"),
            ("2023-11-30T23:00:00.000Z", "2023-12-01 00:00:00"),
            ("2023-11-30T22:59:59Z", "2023-11-30 23:59:59"),
            ("2023-11-30T23:59:59.999+01:00", "2023-11-30 23:59:59"),
            ("2023-11-30T23:59:59+02:00", "2023-11-30 22:59:59"),
            ("2023-12-01T00:30:00+02:00", "2023-11-30 23:30:00"),
            ("2023-11-30T18:20:00-05:00", "2023-12-01 00:20:00"),
            ("2023-11-30T18:20:00-0500", "2023-12-01 00:20:00"),
            ("2023-11-30T23:20:00", "2023-11-30 23:20:00"),
            ("2023-11-30 08:15", "2023-11-30 08:15:00"),
            ("2023-11-30T24:00:00", "2023-12-01 00:00:00"),
            // Summer time begins and ends.
            ("2025-03-30T00:59:59Z", "2025-03-30 01:59:59"),
            ("2025-03-30T01:00:00Z", "2025-03-30 03:00:00"),
            ("2025-07-31T22:30:00Z", "2025-08-01 00:30:00"),
            ("2025-10-26T00:59:59Z", "2025-10-26 02:59:59"),
            ("2025-10-26T01:00:00Z", "2025-10-26 02:00:00"),
            ("2025-10-31T22:30:00Z", "2025-10-31 23:30:00"),
        ] {
            assert_eq!(moment(written).unwrap().to_string(), german, "{written}");
            assert_eq!(day(written), moment(written).map(|moment| moment.date()), "{written}");
        }
    }

    #[test]
    fn what_is_no_moment() {
        for text in ["", "30.11.2023", "2023-11-31", "2023-11-30T", "2023-11-30T25:00:00Z"] {
            assert_eq!(day(text), None, "{text}");
        }
        for text in ["2023-11-30T12:00:00+", "2023-11-30T12:00:00+1", "2023-11-30T12:00:00+ab:cd"] {
            assert_eq!(moment(text), None, "{text}");
        }
        assert_eq!(last_sunday(2024, 3), NaiveDate::from_ymd_opt(2024, 3, 31));
    }
}
