//! What a month shall be like, and where it goes.

use std::io;
use std::io::Write;

use crate::model::date::Month;
use crate::simulate::faults::Fault;
use crate::simulate::faults::Mix;
use crate::simulate::formats::BankFormat;

/// What a month shall be like.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Number of payments.
    pub payments: u64,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// How much goes wrong.
    pub mix: Mix,
    /// The month whose last banking day is the due date.
    pub month: Month,
    /// Format of the bank files.
    pub bank_format: BankFormat,
    /// Runs are booked as one sum.
    pub batches: bool,
    /// With an order file.
    pub with_order: bool,
    /// With last month's bookings of the same people.
    pub last_month: bool,
    /// The bank data end so many banking days early.
    pub withheld: usize,
    /// Rates that differ from the mix's, per ten thousand.
    pub rates: Vec<(Fault, u64)>,
}

/// Where the files of a month go; the paths are relative and use `/`.
pub trait Files {
    /// Begins a file.
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>>;
}
