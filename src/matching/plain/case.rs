//! Plain cases and what they are found by.

use std::fmt;

use chrono::NaiveDate;
use foldhash::HashSet;

use crate::matching::owed::Dates;
use crate::matching::plain::told::Told;
use crate::model::amount::Amount;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::brief::BriefList;
use crate::model::brief::BriefPayment;
use crate::model::brief::Key;
use crate::model::inputs::Inputs;
use crate::model::payment::Payment;
use crate::model::statement::StatementEntry;

/// A payment and its booking, by their numbers among the rows in brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Number of the list.
    pub list: u16,
    /// Number of the export.
    pub export: u16,
    /// Number of the row in the list.
    pub row: u32,
    /// Number of the row in the export.
    pub entry: u32,
    /// Number of its kind.
    pub kind: u32,
}

/// The bank's own reference of a booking, its amount and day.
pub(super) type BankReference = (Key, Amount, NaiveDate);

/// The bank's own reference of a booking, if it has one.
pub(super) fn reference_of(row: &BriefEntry) -> Option<BankReference> {
    Some((row.bank_reference?, row.amount, row.booking_date))
}

/// What cases of one kind have in common, so that their verdicts say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CaseKind {
    /// Number of the list.
    pub list: u16,
    /// Shape of the row.
    pub row_shape: u16,
    /// The row's own due date.
    pub due: Option<NaiveDate>,
    /// Number of the export.
    pub export: u16,
    /// Shape of the booking.
    pub entry_shape: u16,
    /// Day of the booking.
    pub booking_date: NaiveDate,
    /// Its value date.
    pub value_date: Option<NaiveDate>,
}

/// A booking that pays nobody of this run and touches nobody, by its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Number of the export.
    pub export: u16,
    /// Number of the row in the export.
    pub entry: u32,
}

/// What is settled in brief.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    /// The lists that hold the rows.
    pub lists: Vec<BriefList>,
    /// The exports that hold the bookings.
    pub exports: Vec<BriefExport>,
    /// Plain cases, in the order of the lists.
    pub pairs: Vec<Pair>,
    /// The kinds of cases.
    pub kinds: Vec<CaseKind>,
    /// Bookings of other months, in the order of the exports.
    pub aside: Vec<Aside>,
}

impl Plain {
    /// A case: its row with its list, its booking with its export.
    pub fn case(
        &self,
        pair: Pair,
    ) -> Option<(&BriefList, &BriefPayment, &BriefExport, &BriefEntry)> {
        let (list, row) = self.row(pair)?;
        let (export, entry) = self.entry(pair.export, pair.entry)?;
        Some((list, row, export, entry))
    }

    /// What a case has in common with others.
    pub fn kind(&self, pair: Pair) -> Option<&CaseKind> {
        self.kinds.get(usize::try_from(pair.kind).ok()?)
    }

    /// The row of a case with its list.
    pub fn row(&self, pair: Pair) -> Option<(&BriefList, &BriefPayment)> {
        let list = self.lists.get(usize::from(pair.list))?;
        Some((list, list.rows.get(usize::try_from(pair.row).ok()?)?))
    }

    /// Whether the bank's reference of a case's booking is one of these.
    pub(super) fn is_repeated(&self, pair: Pair, references: &HashSet<BankReference>) -> bool {
        let booked = self.entry(pair.export, pair.entry);
        let reference = booked.and_then(|(_, row)| reference_of(row));
        reference.is_some_and(|reference| references.contains(&reference))
    }

    /// Whether another file may tell a case's booking with an earlier day.
    pub(super) fn is_told_early(&self, pair: Pair, told: &Told) -> bool {
        let booked = self.entry(pair.export, pair.entry);
        booked.is_none_or(|(export, row)| told.early_elsewhere(row, export.file))
    }

    /// Puts everything back into the inputs, in full.
    pub fn give_back(self, inputs: &mut Inputs) {
        let rows = self.pairs.iter().filter_map(|pair| self.case(*pair));
        inputs.payments.extend(rows.map(|(list, row, _, _)| list.payment(row)));
        inputs.payments.sort_by_key(|payment| payment.place);
        let paired = self.pairs.iter().map(|pair| (pair.export, pair.entry));
        let aside = self.aside.iter().map(|aside| (aside.export, aside.entry));
        let entries = paired.chain(aside).filter_map(|(export, entry)| self.entry(export, entry));
        add_entries(inputs, entries.map(|(export, row)| full_entry(export, row)).collect());
    }

    /// A booking with its export.
    pub fn entry(&self, export: u16, entry: u32) -> Option<(&BriefExport, &BriefEntry)> {
        let export = self.exports.get(usize::from(export))?;
        Some((export, export.rows.get(usize::try_from(entry).ok()?)?))
    }
}

/// What the run asks of plain cases.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The dates of a row by its own due date.
    pub dates: &'a dyn Fn(Option<NaiveDate>) -> Dates,
    /// Whether rows like this one are owed by transfer.
    pub is_owed: &'a dyn Fn(&Payment) -> bool,
    /// Bookings after this day are left out.
    pub as_of: Option<NaiveDate>,
    /// How many threads may work.
    pub threads: usize,
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("as_of", &self.as_of).finish_non_exhaustive()
    }
}

/// Puts entries into their statements.
pub(super) fn add_entries(inputs: &mut Inputs, entries: Vec<(usize, StatementEntry)>) {
    let mut counts = vec![0_usize; inputs.statements.len()];
    for (statement, _) in &entries {
        if let Some(count) = counts.get_mut(*statement) {
            *count = count.saturating_add(1);
        }
    }
    for (own, count) in inputs.statements.iter_mut().zip(counts) {
        own.entries.reserve_exact(count);
    }
    for (statement, entry) in entries {
        if let Some(own) = inputs.statements.get_mut(statement) {
            own.entries.push(entry);
        }
    }
    for statement in inputs.statements.iter_mut().filter(|own| own.brief_days.is_some()) {
        statement.entries.sort_by_key(|entry| entry.place);
    }
}

/// A booking in full, with the number of its statement.
pub(super) fn full_entry(export: &BriefExport, row: &BriefEntry) -> (usize, StatementEntry) {
    let statement = export.shape(row.shape).map_or(usize::MAX, |shape| shape.statement);
    (statement, export.entry(row))
}
