//! The runs and lists that payments belong to, and how many of each are settled without the rules.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::matching::owed::Dates;
use crate::matching::owed::Owed;
use crate::model::iban::Iban;
use crate::model::payment::Payment;

/// What payments of one collective debit have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key<'a> {
    /// A batch of an order: numbers of order and batch.
    Order(usize, usize),
    /// A run of a list: number of the file, name of the run.
    ListRun(u32, &'a str),
    /// A list.
    List(u32),
    /// A run by its name.
    RunName(&'a str),
    /// The paying account and the day.
    Due(Option<&'a Iban>, NaiveDate),
    /// Everybody.
    All,
}

impl<'a> Key<'a> {
    /// The keys of a list row that is paid from this account on that day.
    pub fn of_row(row: &'a Payment, account: Option<&'a Iban>, day: NaiveDate) -> Vec<Self> {
        let file = row.place.file.0;
        let mut keys = vec![Key::List(file), Key::Due(account, day), Key::All];
        if let Some(run) = row.run.as_deref() {
            keys.push(Key::ListRun(file, run));
            keys.push(Key::RunName(run));
        }
        keys
    }
}

/// Payments that are settled without the rules.
#[derive(Clone, Debug, Default)]
pub struct Population<'a> {
    settled: BTreeMap<Key<'a>, usize>,
    first_day: Option<NaiveDate>,
}

impl<'a> Population<'a> {
    /// Counts settled payments that are like this row.
    pub fn add(&mut self, row: &'a Payment, dates: &Dates, count: usize) {
        let first_days = self.first_day.into_iter().chain([dates.window_start]);
        self.first_day = first_days.min();
        for key in Key::of_row(row, row.payer_account.as_ref(), dates.due) {
            let slot = self.settled.entry(key).or_default();
            *slot = slot.saturating_add(count);
        }
    }

    /// How many members of this run are settled.
    pub fn settled(&self, key: &Key<'_>) -> usize {
        self.settled.get(key).copied().unwrap_or(0)
    }

    /// Whether members of this run are settled.
    pub fn holds(&self, key: &Key<'_>) -> bool {
        self.settled.contains_key(key)
    }

    /// The first day of the earliest window, with those of the other payments.
    pub fn first_day(&self, owed: &[Owed<'_>]) -> Option<NaiveDate> {
        owed.iter().map(|owed| owed.dates.window_start).chain(self.first_day).min()
    }

    /// Whether nobody is settled.
    pub fn is_empty(&self) -> bool {
        self.settled.is_empty()
    }
}
