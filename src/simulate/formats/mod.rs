//! The bank files of the formats.

pub mod camt;
pub mod csv;
pub mod mt940;
pub mod statement;

use chrono::NaiveDate;

use crate::simulate::entry::Entry;
use crate::simulate::formats::statement::Statement;

/// A format of bank files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BankFormat {
    /// Savings banks, CSV-CAMT.
    #[default]
    SparkasseCsv,
    /// Cooperative banks.
    VrCsv,
    /// DKB.
    DkbCsv,
    /// camt.053.001.08, a file a day.
    Camt053,
    /// camt.052 and camt.053 of the same days.
    Camt052And053,
    /// MT940.
    Mt940,
}

impl BankFormat {
    /// Whether it can show bookings that are only announced.
    pub const fn shows_pending(self) -> bool {
        matches!(self, Self::SparkasseCsv | Self::DkbCsv | Self::Camt052And053)
    }

    /// Whether every day is a statement of its own, with balances.
    pub const fn has_statements(self) -> bool {
        matches!(self, Self::Camt053 | Self::Camt052And053 | Self::Mt940)
    }

    /// Whether every day is a file of its own.
    pub const fn is_daily(self) -> bool {
        matches!(self, Self::Camt053 | Self::Camt052And053)
    }

    /// Ending of file names.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::SparkasseCsv | Self::VrCsv | Self::DkbCsv => "csv",
            Self::Camt053 | Self::Camt052And053 => "xml",
            Self::Mt940 => "sta",
        }
    }
}

/// What stands before the first day of a file.
pub fn begin_file(format: BankFormat, from: NaiveDate, to: NaiveDate, out: &mut Vec<u8>) {
    match format {
        BankFormat::SparkasseCsv => csv::sparkasse_header(out),
        BankFormat::VrCsv => csv::vr_header(out),
        BankFormat::DkbCsv => csv::dkb_header(from, to, out),
        BankFormat::Camt053 | BankFormat::Camt052And053 | BankFormat::Mt940 => {}
    }
}

/// What stands before the entries of a day.
pub fn begin_day(format: BankFormat, statement: &Statement, out: &mut Vec<u8>) {
    match format {
        BankFormat::Camt053 | BankFormat::Camt052And053 => camt::begin(statement, out),
        BankFormat::Mt940 => mt940::begin(statement, out),
        _ => {}
    }
}

/// An entry; `number` counts the entries of the day, `balance` is the one behind it.
pub fn entry(
    format: BankFormat,
    statement: &Statement,
    entry: &Entry,
    number: u64,
    balance: i64,
    out: &mut Vec<u8>,
) {
    match format {
        BankFormat::SparkasseCsv => csv::sparkasse(statement.day, entry, out),
        BankFormat::VrCsv => csv::vr(statement.day, entry, balance, out),
        BankFormat::DkbCsv => csv::dkb(statement.day, entry, out),
        BankFormat::Camt053 | BankFormat::Camt052And053 => {
            camt::entry(statement, entry, number, out);
        }
        BankFormat::Mt940 => mt940::entry(statement, entry, number, out),
    }
}

/// What stands behind the entries of a day.
pub fn end_day(format: BankFormat, statement: &Statement, out: &mut Vec<u8>) {
    match format {
        BankFormat::Camt053 | BankFormat::Camt052And053 => camt::end(statement, out),
        BankFormat::Mt940 => mt940::end(statement, out),
        _ => {}
    }
}
