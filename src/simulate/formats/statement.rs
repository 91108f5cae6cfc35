//! What all formats know about a day.

use chrono::NaiveDate;

/// The account that pays, at a bank code that belongs to nobody.
pub const PAYER: &str = "DE08999000200008150002";

/// A day of bank data.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The day.
    pub day: NaiveDate,
    /// Number of the statement in the year.
    pub number: u64,
    /// Opening balance in cents.
    pub opening: i64,
    /// Closing balance in cents.
    pub closing: i64,
    /// An intraday report (camt.052).
    pub intraday: bool,
}
