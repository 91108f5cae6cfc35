//! The settled bookings in the order of the files: two bits for every row of an export say what
//! became of it, so that nobody has to make a list of all and sort it.

use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::verdict::outcome::Disposition;
use crate::verdict::settled::Settled;
use crate::verdict::settled::SettledEntry;

/// Which rows of all exports are settled. Rows are numbered through all exports.
#[derive(Clone, Debug, Default)]
pub struct Booked {
    /// The number of every export's first row.
    starts: Vec<usize>,
    count: usize,
    matched: Bits,
    aside: Bits,
}

#[derive(Clone, Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn of(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn set(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    fn has(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }
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
        (matched || self.aside.has(number)).then(|| self.row(number, matched)).flatten()
    }

    /// The booking in this row, settled or not.
    pub fn row_of(&self, number: usize) -> Option<SettledEntry> {
        self.row(number, false)
    }

    fn row(&self, number: usize, matched: bool) -> Option<SettledEntry> {
        let behind = self.starts.partition_point(|start| *start <= number);
        let export = behind.checked_sub(1)?;
        let entry = number.checked_sub(*self.starts.get(export)?)?;
        Some(SettledEntry {
            export: u16::try_from(export).ok()?,
            entry: u32::try_from(entry).ok()?,
            matched,
        })
    }

    fn number(&self, export: u16, entry: u32) -> Option<usize> {
        self.starts.get(usize::from(export))?.checked_add(usize::try_from(entry).ok()?)
    }
}

/// A settled booking in brief.
#[derive(Clone, Copy, Debug)]
pub struct SettledBooking<'a> {
    /// The export it stands in.
    pub export: &'a BriefExport,
    /// Its row.
    pub row: &'a BriefEntry,
}

impl Settled {
    /// Marks the settled bookings.
    pub fn booked(&self) -> Booked {
        let plain = self.plain();
        let mut booked = Booked::default();
        for export in &plain.exports {
            booked.starts.push(booked.count);
            booked.count = booked.count.saturating_add(export.rows.len());
        }
        booked.matched = Bits::of(booked.count);
        booked.aside = Bits::of(booked.count);
        for pair in &plain.pairs {
            if let Some(number) = booked.number(pair.export, pair.entry) {
                booked.matched.set(number);
            }
        }
        for aside in &plain.aside {
            if let Some(number) = booked.number(aside.export, aside.entry) {
                booked.aside.set(number);
            }
        }
        booked
    }

    /// Where a row of an export stands, settled or not.
    pub(super) fn row_place(&self, booked: &Booked, number: usize) -> Option<Place> {
        self.entry_place(booked.row(number, false)?)
    }

    /// A booking in brief.
    pub fn booking(&self, entry: SettledEntry) -> Option<SettledBooking<'_>> {
        let (export, row) = self.plain().entry(entry.export, entry.entry)?;
        Some(SettledBooking { export, row })
    }

    /// The exports, and for every shape of their rows the account they are on.
    pub fn exports(&self) -> impl Iterator<Item = (&BriefExport, Vec<Option<&Iban>>)> {
        self.plain().exports.iter().enumerate().map(|(number, export)| {
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            let shapes = (0..).zip(&export.shapes);
            (export, shapes.map(|(shape, _)| self.account(number, shape)).collect())
        })
    }
}

impl SettledEntry {
    /// The number of its export.
    pub fn export(self) -> usize {
        usize::from(self.export)
    }

    /// What became of it.
    pub const fn disposition(self) -> Disposition {
        if self.matched { Disposition::Matched } else { Disposition::Unrelated }
    }
}
