//! What the person who runs the tool decides: month, dates, policies.

use chrono::NaiveDate;

use crate::model::calendar::Calendar;
use crate::model::date::Month;
use crate::model::iban::Iban;

/// The terms of a run. Nothing here is read from a clock.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// `--month`: the month whose last banking day is the due date.
    pub month: Option<Month>,
    /// `--due`: the due date itself; outranks everything else.
    pub due: Option<NaiveDate>,
    /// `--late-until`: the horizon, instead of the next banking day after the due date.
    pub late_until: Option<NaiveDate>,
    /// `--crediting`.
    pub crediting: Crediting,
    /// `--as-of`: bank entries booked after this day are left out.
    pub as_of: Option<NaiveDate>,
    /// Banking days.
    pub calendar: Calendar,
    /// The accounts that pay, for the rows that a filter names; the first that fits decides.
    pub payer_accounts: Vec<PayerAccount>,
    /// How many threads may work; no verdict depends on it.
    pub threads: usize,
    /// Nobody will read how verdicts came about.
    pub without_trails: bool,
}

/// When a debit counts as credited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crediting {
    /// On the day it is booked.
    #[default]
    SameDay,
    /// On the next banking day.
    NextDay,
}

impl Crediting {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SameDay => "same-day",
            Self::NextDay => "next-day",
        }
    }
}

/// An account the office pays from, and which rows it pays.
#[derive(Clone, Debug)]
pub struct PayerAccount {
    /// The account.
    pub iban: Iban,
    /// Only rows of this benefit (machine name), if given.
    pub benefit: Option<String>,
    /// Only rows of this office, if given.
    pub office: Option<String>,
    /// Only rows of this run, if given.
    pub run: Option<String>,
}
