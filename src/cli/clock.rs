//! The clock: the only place that reads it.

use chrono::DateTime;
use chrono::NaiveDate;
use chrono::Utc;

fn moment() -> Option<DateTime<Utc>> {
    #[expect(clippy::disallowed_methods, reason = "logs and kept results say when")]
    let now = std::time::SystemTime::now();
    let seconds = now.duration_since(std::time::UNIX_EPOCH).map_or(0, |passed| passed.as_secs());
    DateTime::from_timestamp(i64::try_from(seconds).unwrap_or(0), 0)
}

/// The moment in UTC, as logs have it: `2023-12-04T08:00:00Z`.
pub(super) fn now() -> String {
    moment().map_or_else(String::new, |when| when.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// The day in UTC.
#[expect(dead_code, reason = "kept results ask for it")]
pub(super) fn today() -> NaiveDate {
    moment().map_or_else(NaiveDate::default, |when| when.date_naive())
}
