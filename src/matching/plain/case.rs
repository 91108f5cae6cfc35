//! Plain cases and what they are found by.

use std::fmt;

use chrono::NaiveDate;

use crate::matching::owed::Dates;
use crate::matching::plain::answers::Answers;
use crate::model::amount::Amount;
use crate::model::brief::BriefExport;
use crate::model::brief::BriefList;
use crate::model::brief::BriefTable;
use crate::model::brief::Day;
use crate::model::brief::EntryRow;
use crate::model::brief::EntryShape;
use crate::model::brief::Key;
use crate::model::brief::PaymentRow;
use crate::model::brief::SettledExport;
use crate::model::brief::SettledList;
use crate::model::inputs::Inputs;
use crate::model::payment::Payment;
use crate::model::statement::StatementEntry;
use crate::model::together;

/// What cases of one kind have in common, so that their verdicts say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CaseKind {
    /// Number of the list.
    pub list: u16,
    /// Shape of the row.
    pub row_shape: u16,
    /// The row's own due date.
    pub due: Option<Day>,
    /// Number of the export.
    pub export: u16,
    /// Shape of the booking.
    pub entry_shape: u16,
    /// Day of the booking.
    pub booking_date: Day,
    /// Its value date.
    pub value_date: Option<Day>,
}

/// Tables whose rows have numbers of their own, one table behind the other.
#[derive(Clone, Debug)]
pub struct Numbered<T> {
    /// The tables.
    pub tables: Vec<T>,
    /// The number of each table's first row, and behind them the number of all rows.
    starts: Vec<usize>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { tables: Vec::new(), starts: vec![0] }
    }
}

impl<T> Numbered<T> {
    /// The tables made into others of as many rows.
    fn map<U>(self, make: impl FnMut(T) -> U) -> Numbered<U> {
        Numbered { tables: self.tables.into_iter().map(make).collect(), starts: self.starts }
    }
}

impl<R, S> Numbered<BriefTable<R, S>> {
    pub(super) fn new(tables: Vec<BriefTable<R, S>>) -> Self {
        let mut starts = Vec::with_capacity(tables.len().saturating_add(1));
        let mut next = 0_usize;
        for table in &tables {
            starts.push(next);
            next = next.saturating_add(table.rows.len());
        }
        starts.push(next);
        Self { tables, starts }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of a row's table, the table, the row.
    pub fn row(&self, number: usize) -> Option<(u16, &BriefTable<R, S>, &R)> {
        // Mostly there is one table.
        let table = match self.starts.as_slice() {
            [_, end] if number < *end => 0,
            starts => starts.partition_point(|start| *start <= number).checked_sub(1)?,
        };
        let own = self.tables.get(table)?;
        let row = own.rows.get(number.checked_sub(*self.starts.get(table)?)?)?;
        Some((u16::try_from(table).ok()?, own, row))
    }

    /// The bank's own reference of a row.
    pub fn reference(&self, number: usize) -> Option<Key> {
        let table = self.starts.partition_point(|start| *start <= number).checked_sub(1)?;
        let own = self.tables.get(table)?;
        *own.references.get(number.checked_sub(*self.starts.get(table)?)?)?
    }
}

/// What is settled in brief. Once all cases are found, the keys of rows are not needed any more.
#[derive(Clone, Debug)]
pub struct Plain<L = SettledList, E = SettledExport> {
    /// The lists that hold the rows.
    pub lists: Numbered<L>,
    /// The exports that hold the bookings.
    pub exports: Numbered<E>,
    /// What became of every row, in their order.
    pub answers: Answers,
    /// The kinds of cases, with how many there are of each.
    pub kinds: Vec<(CaseKind, usize)>,
    /// What is owed in all cases of each kind.
    pub sums: Vec<Amount>,
    /// Bookings of other months, by their numbers, in their order.
    pub aside: Vec<u32>,
}

impl<L, E> Default for Plain<L, E> {
    fn default() -> Self {
        Self {
            lists: Numbered::default(),
            exports: Numbered::default(),
            answers: Answers::default(),
            kinds: Vec::new(),
            sums: Vec::new(),
            aside: Vec::new(),
        }
    }
}

/// A row and its booking.
#[derive(Clone, Copy, Debug)]
pub struct PlainCase<'a> {
    /// The list.
    pub list: &'a SettledList,
    /// Its row.
    pub row: &'a PaymentRow,
    /// The export.
    pub export: &'a SettledExport,
    /// The booking.
    pub booked: &'a EntryRow,
    /// The number of its kind.
    pub kind: usize,
}

impl<L, E> Plain<L, E> {
    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.kinds.iter().map(|(_, count)| count).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same with other tables.
    fn with<M, F>(
        self,
        lists: impl FnOnce(Numbered<L>) -> Numbered<M>,
        exports: impl FnOnce(Numbered<E>) -> Numbered<F>,
    ) -> Plain<M, F> {
        Plain {
            lists: lists(self.lists),
            exports: exports(self.exports),
            answers: self.answers,
            kinds: self.kinds,
            sums: self.sums,
            aside: self.aside,
        }
    }
}

impl<E> Plain<BriefList, E> {
    /// Counts the cases of every kind and adds up what is owed in them.
    pub(super) fn count(&mut self, threads: usize) {
        let counted = together::map(&self.answers.parts(), threads, |(first, part)| {
            let mut own = vec![(0_usize, Amount::ZERO); self.kinds.len()];
            for (number, answer) in (*first..).zip(*part) {
                let slot = answer.get().and_then(|(_, kind)| own.get_mut(kind));
                if let Some((slot, (_, _, row))) = slot.zip(self.lists.row(number)) {
                    *slot = (slot.0.saturating_add(1), slot.1.plus(row.amount()));
                }
            }
            own
        });
        for (_, count) in &mut self.kinds {
            *count = 0;
        }
        self.sums = vec![Amount::ZERO; self.kinds.len()];
        for own in counted {
            let all = self.kinds.iter_mut().zip(&mut self.sums);
            for (((_, count), sum), (own, amount)) in all.zip(own) {
                *count = count.saturating_add(own);
                *sum = sum.plus(amount);
            }
        }
    }

    /// Gives back the keys of lists.
    pub(super) fn without_keys_of_lists(self, threads: usize) -> Plain<SettledList, E> {
        self.with(|lists| lists.map(|list| list.settled(threads)), |exports| exports)
    }
}

impl Plain<SettledList, BriefExport> {
    /// Gives back the keys of exports too.
    pub(super) fn without_keys(self, threads: usize) -> Plain {
        self.with(|lists| lists, |exports| exports.map(|export| export.settled(threads)))
    }
}

impl Plain {
    /// The case of a row.
    pub fn case(&self, row: usize) -> Option<PlainCase<'_>> {
        let (entry, kind) = self.answers.get(row)?.get()?;
        let (_, list, row) = self.lists.row(row)?;
        let (_, export, booked) = self.exports.row(entry)?;
        Some(PlainCase { list, row, export, booked, kind })
    }

    /// Puts everything back into the inputs, in full.
    pub fn give_back(self, inputs: &mut Inputs) {
        let cases = || (0..self.answers.len()).filter_map(|row| self.case(row));
        inputs.payments.extend(cases().map(|case| case.list.payment(case.row)));
        inputs.payments.sort_by_key(|payment| payment.place);
        let paired = cases().map(|case| (case.export, case.booked));
        let aside = self.aside.iter().filter_map(|entry| {
            let (_, export, booked) = self.exports.row(usize::try_from(*entry).ok()?)?;
            Some((export, booked))
        });
        let entries = paired.chain(aside);
        let in_full = |(export, row): (&SettledExport, &EntryRow)| full_entry(export, row);
        add_entries(inputs, entries.map(in_full).collect());
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
pub(super) fn full_entry<R>(
    export: &BriefTable<R, EntryShape>,
    row: &EntryRow,
) -> (usize, StatementEntry) {
    let statement = export.shape(row.shape()).map_or(usize::MAX, |shape| shape.statement);
    (statement, export.entry(row))
}
