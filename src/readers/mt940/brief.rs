//! Plain bookings of a statement in brief: read like all others, and kept as a few numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::brief::Bytes;
use crate::model::brief::EntryShape;
use crate::model::brief::EntryValues;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::statement::StatementEntry;
use crate::readers::again::Again;
use crate::readers::again::Booking;
use crate::readers::mt940::booking;
use crate::readers::mt940::entry_line;
use crate::readers::mt940::fields::Part;
use crate::readers::mt940::fields::split;

/// What bookings of a shape have in common: statement, transaction code, booking text.
type Shape = (usize, Option<String>, Option<String>);

/// Keeps plain bookings.
#[derive(Debug)]
pub(super) struct Keeper<'k> {
    keys: &'k Keys,
    threads: usize,
    /// Bytes of the file before its text.
    before: usize,
    rows: Vec<BriefEntry>,
    references: Vec<Option<Key>>,
    numbers: BTreeMap<Shape, u16>,
    shapes: Vec<EntryShape>,
    /// Bookings were kept that are none: the file has to be read again.
    pub(super) failed: bool,
}

impl<'k> Keeper<'k> {
    pub(super) fn new(keys: &'k Keys, threads: usize, before: usize) -> Self {
        Self {
            keys,
            threads,
            before,
            rows: Vec::new(),
            references: Vec::new(),
            numbers: BTreeMap::new(),
            shapes: Vec::new(),
            failed: false,
        }
    }

    /// How many threads may read bookings.
    pub(super) const fn threads(&self) -> usize {
        self.threads
    }

    /// Keeps a booking.
    pub(super) fn keep(&mut self, row: &EntryValues) {
        if let Some(brief) = BriefEntry::new(row) {
            self.rows.push(brief);
            self.references.push(row.bank_reference);
        }
    }

    /// A plain booking that begins at this byte of the text, in this statement, if its shape is
    /// known.
    pub(super) fn row(
        &self,
        entry: &StatementEntry,
        offset: usize,
        statement: usize,
    ) -> Option<EntryValues> {
        let row = self.values(entry, offset)?;
        let shape = *self.numbers.get(&shape(entry, statement))?;
        Some(EntryValues { shape, ..row })
    }

    /// The same for any shape; a new one gets its number, if there are not too many.
    pub(super) fn first(
        &mut self,
        entry: &StatementEntry,
        offset: usize,
        statement: usize,
    ) -> Option<EntryValues> {
        let row = self.values(entry, offset)?;
        let shape = shape(entry, statement);
        let next = self.shapes.len();
        let known = self.numbers.get(&shape).copied();
        let number = if let Some(number) = known {
            number
        } else {
            let number = u16::try_from(next).ok()?;
            self.numbers.insert(shape, number);
            self.shapes.push(EntryShape { entry: entry.clone(), statement });
            number
        };
        Some(EntryValues { shape: number, ..row })
    }

    fn values(&self, entry: &StatementEntry, offset: usize) -> Option<EntryValues> {
        let detail = entry.plain_detail()?;
        let iban = detail.counterparty_iban.as_ref().filter(|iban| iban.is_valid());
        let iban = iban.filter(|iban| Iban::has_iban_form(iban))?;
        let values = EntryValues {
            offset: u64::try_from(self.before.checked_add(offset)?).ok()?,
            end_to_end_key: self.keys.real_reference(detail.end_to_end_id.as_deref()),
            account: self.keys.account(iban),
            bank_reference: self.keys.real_reference(entry.bank_reference.as_deref()),
            amount: entry.amount,
            booking_date: entry.booking_date?,
            value_date: entry.value_date,
            line: entry.place.line,
            shape: 0,
        };
        BriefEntry::new(&values).map(|_| values)
    }

    /// What was kept; `None` if there is nothing.
    pub(super) fn export(self, file: FileId, bytes: &Arc<dyn Bytes>) -> Option<BriefExport> {
        (!self.rows.is_empty()).then(|| BriefExport {
            file,
            rows: self.rows,
            references: self.references,
            shapes: self.shapes,
            reader: Arc::new(Again(Bookings(file))),
            bytes: Arc::clone(bytes),
        })
    }
}

fn shape(entry: &StatementEntry, statement: usize) -> Shape {
    (statement, entry.transaction_code.clone(), entry.booking_text.clone())
}

/// Bookings as they stand in a file.
#[derive(Clone, Copy, Debug)]
struct Bookings(FileId);

impl Booking for Bookings {
    const USUAL: usize = 1024;

    /// Up to the next field that is no text of it, or the end of the message.
    fn length(&self, bytes: &[u8], is_all: bool) -> Option<usize> {
        let whole =
            bytes.get(..memchr::memrchr(b'\n', bytes).map_or(0, |end| end.saturating_add(1)));
        let known = if is_all { bytes } else { whole? };
        // A character may be cut at the end only.
        let text = std::str::from_utf8(known).ok()?;
        let mut parts = split(text).into_iter();
        parts.next();
        let next = parts.find_map(|part| match part {
            Part::Field(field) if matches!(field.tag, "86" | "NS") => None,
            Part::Field(field) => Some(Some(field.offset)),
            Part::End => Some(None),
        });
        match next {
            Some(offset) => Some(offset.unwrap_or(known.len())),
            None => is_all.then_some(known.len()),
        }
    }

    fn full(&self, row: &[u8], line: u32) -> Option<StatementEntry> {
        let text = std::str::from_utf8(row).ok()?;
        let (mut entry, mut kind, mut lines) = (None, String::new(), Vec::new());
        for part in split(text) {
            let Part::Field(field) = part else { break };
            if field.tag == "61" {
                let read = entry_line::read(&field.lines).ok()?;
                let place = Place::line(self.0, line);
                entry = Some(booking::from_line(place, &read, Currency::EUR));
                kind = read.kind;
            } else if field.tag == "86" {
                lines.extend(field.lines);
            }
        }
        let mut entry = entry?;
        booking::add_text(&mut entry, &kind, &lines);
        Some(entry)
    }
}
