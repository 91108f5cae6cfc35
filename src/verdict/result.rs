//! The result of a run, and a walk over all of it that needs no more memory than it has.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::reading::FileRecord;
use crate::verdict::outcome::AccountCoverage;
use crate::verdict::outcome::BankEntry;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::MissingData;
use crate::verdict::outcome::Totals;
use crate::verdict::settled::Settled;
use crate::verdict::settled::SettledEntry;
use crate::verdict::status::Status;
use crate::verdict::terms::Crediting;

/// The result of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The due date of the run (rows may have their own).
    pub due: NaiveDate,
    /// The last day that still counts as delayed.
    pub horizon: NaiveDate,
    /// When a debit counts as credited.
    pub crediting: Crediting,
    /// Entries booked after this day were left out.
    pub as_of: Option<NaiveDate>,
    /// What the bank files cover.
    pub coverage: Vec<AccountCoverage>,
    /// What would decide the open payments.
    pub missing: Vec<MissingData>,
    /// The files read.
    pub files: Vec<FileRecord>,
    /// The control totals.
    pub totals: Totals,
    /// Payments that the rules looked at, in the order of the lists; [`Self::all_payments`] gives
    /// the plain ones too.
    pub payments: Vec<JudgedPayment>,
    /// Bank entries that the rules looked at, in the order of the files; [`Self::all_entries`]
    /// gives those of plain cases too.
    pub bank_entries: Vec<BankEntry>,
    /// Plain cases, settled without the rules.
    pub settled: Arc<Settled>,
    /// Every problem, in the order of the files.
    pub problems: Vec<Problem>,
}

/// The number of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    /// In [`Outcome::payments`].
    Full(usize),
    /// In [`Outcome::settled`].
    Settled(usize),
}

/// The number of a bank entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberedEntry {
    /// In [`Outcome::bank_entries`].
    Full(usize),
    /// In [`Outcome::settled`].
    Settled(SettledEntry),
}

impl Outcome {
    /// Every payment, in the order of the lists.
    pub fn all_payments(&self) -> impl Iterator<Item = Cow<'_, JudgedPayment>> {
        self.payments_where(|_| true)
    }

    /// Every payment of this status, in the order of the lists.
    pub fn payments_of(&self, status: Status) -> impl Iterator<Item = Cow<'_, JudgedPayment>> {
        self.payments_where(move |own| own == status)
    }

    fn payments_where(
        &self,
        wanted: impl Fn(Status) -> bool + Copy,
    ) -> impl Iterator<Item = Cow<'_, JudgedPayment>> {
        self.places(wanted).filter_map(|one| self.payment(one))
    }

    /// A payment in full.
    pub fn payment(&self, one: Numbered) -> Option<Cow<'_, JudgedPayment>> {
        match one {
            Numbered::Full(number) => self.payments.get(number).map(Cow::Borrowed),
            Numbered::Settled(number) => self.settled.payment(number).map(Cow::Owned),
        }
    }

    /// The numbers of all payments, in the order of the lists.
    pub fn numbered(&self) -> impl Iterator<Item = Numbered> {
        self.places(|_| true)
    }

    fn places(&self, wanted: impl Fn(Status) -> bool + Copy) -> impl Iterator<Item = Numbered> {
        let settled = (0..self.settled.rows()).filter_map(move |number| {
            let (place, _, status) = self.settled.amount(number)?;
            wanted(status).then_some((place, number))
        });
        let mut settled = settled.peekable();
        let full = self.payments.iter().enumerate();
        let full = full.filter(move |(_, judged)| wanted(judged.verdict.status));
        let mut full = full.peekable();
        std::iter::from_fn(move || {
            let first = full.peek().map(|(_, judged)| judged.payment.place);
            let is_before = |next: &(_, _)| first.is_none_or(|first| next.0 < first);
            match settled.next_if(is_before) {
                Some((_, number)) => Some(Numbered::Settled(number)),
                None => full.next().map(|(number, _)| Numbered::Full(number)),
            }
        })
    }

    /// Place, amount and status of every payment, in no special order.
    pub fn amounts(&self) -> impl Iterator<Item = (Place, Amount, Status)> {
        let full = self.payments.iter().map(|judged| {
            (judged.payment.place, judged.payment.amount_or_zero(), judged.verdict.status)
        });
        full.chain((0..self.settled.rows()).filter_map(|number| self.settled.amount(number)))
    }

    /// Every bank entry, in the order of the files.
    pub fn all_entries(&self) -> impl Iterator<Item = Cow<'_, BankEntry>> {
        self.numbered_entries().filter_map(|one| self.entry(one))
    }

    /// A bank entry in full.
    pub fn entry(&self, one: NumberedEntry) -> Option<Cow<'_, BankEntry>> {
        match one {
            NumberedEntry::Full(number) => self.bank_entries.get(number).map(Cow::Borrowed),
            NumberedEntry::Settled(entry) => self.settled.entry(entry).map(Cow::Owned),
        }
    }

    /// The numbers of all bank entries, in the order of the files.
    pub fn numbered_entries(&self) -> impl Iterator<Item = NumberedEntry> {
        let booked = self.settled.booked(1);
        let settled = (0..booked.len()).filter_map(move |number| {
            let entry = booked.entry(number)?;
            Some((self.settled.entry_place(entry)?, entry))
        });
        let mut settled = settled.peekable();
        let mut full = self.bank_entries.iter().enumerate().peekable();
        std::iter::from_fn(move || {
            let first = full.peek().map(|(_, entry)| entry.place);
            let is_before = |next: &(_, _)| first.is_none_or(|first| next.0 < first);
            match settled.next_if(is_before) {
                Some((_, entry)) => Some(NumberedEntry::Settled(entry)),
                None => full.next().map(|(number, _)| NumberedEntry::Full(number)),
            }
        })
    }

    /// The same outcome with plain cases in full, for reports that change or divide it.
    #[must_use]
    pub fn unfolded(self) -> Self {
        if self.settled.is_empty() {
            return self;
        }
        let payments = self.all_payments().map(Cow::into_owned).collect();
        let bank_entries = self.all_entries().map(Cow::into_owned).collect();
        Self { payments, bank_entries, settled: Arc::default(), ..self }
    }
}
