//! The settled bookings in the order of the files: two bits for every row of an export say what
//! became of it, so that nobody has to make a list of all and sort it.

use crate::matching::plain::marked::Marked;
use crate::model::brief::EntryRow;
use crate::model::brief::SettledExport;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::verdict::outcome::Disposition;
use crate::verdict::settled::Settled;
use crate::verdict::settled::SettledEntry;

/// Which rows of all exports are settled. Rows are numbered through all exports.
#[derive(Clone, Debug, Default)]
pub struct Booked {
    count: usize,
    matched: Marked,
    aside: Marked,
}

impl Booked {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The booking in this row, if it is settled.
    pub fn entry(&self, number: usize) -> Option<SettledEntry> {
        let matched = self.matched.has(number);
        let settled = matched || self.aside.has(number);
        settled.then_some(SettledEntry { entry: number, matched })
    }

    /// The booking in this row, settled or not.
    pub fn row_of(&self, number: usize) -> Option<SettledEntry> {
        (number < self.count).then_some(SettledEntry { entry: number, matched: false })
    }
}

/// A settled booking in brief.
#[derive(Clone, Copy, Debug)]
pub struct SettledBooking<'a> {
    /// The number of its export.
    pub number: usize,
    /// The export it stands in.
    pub export: &'a SettledExport,
    /// Its row.
    pub row: &'a EntryRow,
}

impl Settled {
    /// Marks the settled bookings.
    pub fn booked(&self, threads: usize) -> Booked {
        let plain = self.plain();
        let count = plain.exports.len();
        let matched = plain.answers.taken(count, threads);
        let mut aside = Marked::of(count);
        for entry in plain.aside.iter().filter_map(|entry| usize::try_from(*entry).ok()) {
            aside.mark(entry);
        }
        Booked { count, matched, aside }
    }

    /// Where a row of an export stands, settled or not.
    pub(super) fn row_place(&self, booked: &Booked, number: usize) -> Option<Place> {
        self.entry_place(booked.row_of(number)?)
    }

    /// A booking in brief.
    pub fn booking(&self, entry: SettledEntry) -> Option<SettledBooking<'_>> {
        let (number, export, row) = self.plain().exports.row(entry.entry)?;
        Some(SettledBooking { number: usize::from(number), export, row })
    }

    /// The exports, and for every shape of their rows the account they are on.
    pub fn exports(&self) -> impl Iterator<Item = (&SettledExport, Vec<Option<&Iban>>)> {
        self.plain().exports.tables.iter().enumerate().map(|(number, export)| {
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            let shapes = (0..).zip(&export.shapes);
            (export, shapes.map(|(shape, _)| self.account(number, shape)).collect())
        })
    }
}

impl SettledEntry {
    /// What became of it.
    pub const fn disposition(self) -> Disposition {
        if self.matched { Disposition::Matched } else { Disposition::Unrelated }
    }
}
