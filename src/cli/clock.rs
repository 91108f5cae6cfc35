//! The clock: the only place that reads it.

use chrono::DateTime;
use chrono::NaiveDate;
use chrono::Utc;

fn moment() -> Option<DateTime<Utc>> {
    #[expect(clippy::disallowed_methods, reason = "logs and kept results say when")]
    let now = std::time::SystemTime::now();
    let passed = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    DateTime::from_timestamp_millis(i64::try_from(passed.as_millis()).unwrap_or(0))
}

/// The moment in UTC, as logs have it: `2023-12-04T08:00:00Z`.
pub(super) fn now() -> String {
    moment().map_or_else(String::new, |when| when.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// The day in UTC.
pub(super) fn today() -> NaiveDate {
    moment().map_or_else(NaiveDate::default, |when| when.date_naive())
}

/// The moment in UTC, as names of files have it, to the millisecond: `2023-12-04-080000123`.
pub(super) fn stamp() -> String {
    moment().map_or_else(String::new, |when| when.format("%Y-%m-%d-%H%M%S%3f").to_string())
}
