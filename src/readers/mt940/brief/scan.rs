//! The pass over the bookings of a part of a file: those that are plain, and the text of all that
//! is not one of them.

use crate::model::brief::BriefEntry;
use crate::model::brief::EntryValues;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::iban::Iban;
use crate::model::statement::StatementEntry;
use crate::readers::again::Booking;
use crate::readers::check::Checker;
use crate::readers::encoding::may_be_latin_9;
use crate::readers::interpret;
use crate::readers::mt940::brief::bookings::Bookings;
use crate::readers::mt940::brief::plain;
use crate::readers::mt940::brief::plain::Scratch;
use crate::readers::mt940::fields::BOOKING;
use crate::readers::mt940::fields::RUN;
use crate::readers::mt940::fields::has_lone_return;
use crate::readers::runs::Run;

/// How a booking begins, behind the end of a line.
pub(super) const BEGINS: &str = "\n:61:";

/// Why a file cannot be read in brief like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is no UTF-8.
    NoUtf8,
    /// Zeros, signs of damage, more than can be counted.
    Other,
}

/// A part of a file that begins with a booking (the first one with the file).
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// The bookings in brief; their lines count from the beginning of the part.
    pub(super) rows: Vec<BriefEntry>,
    /// The bank's references of the rows.
    pub(super) references: Vec<Option<Key>>,
    /// One booking of each kind.
    pub(super) kinds: Vec<StatementEntry>,
    /// Runs of bookings, with their lines.
    pub(super) runs: Vec<(Run, u32)>,
    /// Everything else, with a line for each run.
    pub(super) rest: Vec<u8>,
    /// Its line ends.
    pub(super) lines: u32,
    /// Bookings that stay in the rest.
    pub(super) others: usize,
}

/// Whether bookings have the same code and text.
pub(super) fn are_alike(left: &StatementEntry, right: &StatementEntry) -> bool {
    left.transaction_code == right.transaction_code && left.booking_text == right.booking_text
}

/// Reads a part.
pub(super) fn part(
    bytes: &[u8],
    offset: u64,
    keys: &Keys,
    bookings: Bookings,
) -> Result<Part, Trouble> {
    let mut checker = Checker::default();
    checker.add(bytes);
    let check = checker.finish();
    if !check.is_utf_8 && bookings.is_utf_8 {
        return Err(Trouble::NoUtf8);
    }
    let has_other_letters = !bookings.is_utf_8 && may_be_latin_9(bytes);
    let is_damaged = check.has_zeros || (check.has_damage && bookings.is_utf_8);
    if is_damaged || has_other_letters || has_lone_return(bytes) {
        return Err(Trouble::Other);
    }
    let mut scan =
        Scan { part: Part::default(), bytes, offset, keys, bookings, last: 0, in_run: false };
    scan.all().ok_or(Trouble::Other)?;
    Ok(scan.part)
}

struct Scan<'s> {
    part: Part,
    bytes: &'s [u8],
    offset: u64,
    keys: &'s Keys,
    bookings: Bookings,
    /// Kind of the last booking.
    last: usize,
    in_run: bool,
}

impl Scan<'_> {
    fn all(&mut self) -> Option<()> {
        let begin = memchr::memmem::Finder::new(BEGINS);
        let mut scratch = Scratch::default();
        let mut from = 0_usize;
        loop {
            let rest = self.bytes.get(from..)?;
            if !rest.starts_with(BOOKING) {
                let end = match begin.find(rest) {
                    Some(at) => at.checked_add(1)?,
                    None => rest.len(),
                };
                self.keep(rest.get(..end)?)?;
                from = from.checked_add(end)?;
                if from == self.bytes.len() {
                    return Some(());
                }
                continue;
            }
            let read = plain::read(rest, self.keys, &mut scratch).and_then(|read| {
                let found = self.kind(&read, rest.get(..read.length)?)?;
                Some((found, read.values, read.length, read.lines))
            });
            let read = match read {
                Some(read) => Some(read),
                None => self.in_full(
                    rest.get(..begin.find(rest).map_or(rest.len(), |at| at.saturating_add(1)))?,
                ),
            };
            let Some((kind, values, length, lines)) = read else {
                let end = begin.find(rest).map_or(Some(rest.len()), |at| at.checked_add(1))?;
                self.part.others = self.part.others.checked_add(1)?;
                self.keep(rest.get(..end)?)?;
                from = from.checked_add(end)?;
                continue;
            };
            self.add(from, kind, &values, lines)?;
            from = from.checked_add(length)?;
        }
    }

    /// The kind of a booking that was read from bytes; of a new one the first booking is read in
    /// full.
    fn kind(&mut self, read: &plain::Plain<'_>, bytes: &[u8]) -> Option<usize> {
        let code = Some(read.code);
        let title = Some(read.title).filter(|title| !title.is_empty());
        let is = |kind: &StatementEntry| {
            kind.transaction_code.as_deref().map(str::as_bytes) == code
                && kind.booking_text.as_deref().map(str::as_bytes) == title
        };
        if self.part.kinds.get(self.last).is_some_and(is) {
            return Some(self.last);
        }
        if let Some(known) = self.part.kinds.iter().position(is) {
            return Some(known);
        }
        let entry = self.bookings.full(bytes, 1)?;
        if interpret::has_something_to_say(&entry) {
            return None;
        }
        let same = is(&entry) && values(&entry, self.keys)? == read.values;
        same.then(|| self.new_kind(entry))?
    }

    fn new_kind(&mut self, entry: StatementEntry) -> Option<usize> {
        self.part.kinds.push(entry);
        self.part.kinds.len().checked_sub(1)
    }

    /// A booking that is plain, though not for the reader of bytes. It may have a part of what
    /// follows it, up to the next booking.
    fn in_full(&mut self, bytes: &[u8]) -> Option<(usize, EntryValues, usize, u32)> {
        // Credits, reversals and what is expected never are; told without reading them.
        if matches!(bytes.get(14), Some(b'C' | b'R' | b'E')) {
            return None;
        }
        let length = self.bookings.whole_length(bytes)?;
        let own = bytes.get(..length)?;
        let entry = self.bookings.full(own, 1)?;
        let values = values(&entry, self.keys)?;
        if interpret::has_something_to_say(&entry) {
            return None;
        }
        let lines = u32::try_from(memchr::memchr_iter(b'\n', own).count()).ok()?;
        let known = self.part.kinds.iter().position(|kind| are_alike(kind, &entry));
        let kind = known.or_else(|| self.new_kind(entry))?;
        Some((kind, values, length, lines))
    }

    /// Adds a booking that begins at this byte of the part.
    fn add(&mut self, from: usize, kind: usize, values: &EntryValues, lines: u32) -> Option<()> {
        let part = &mut self.part;
        self.last = kind;
        if !self.in_run {
            part.rest.extend_from_slice(RUN.as_bytes());
            part.rest.push(b'\n');
            part.runs.push((Run::default(), 0));
        }
        self.in_run = true;
        let (run, of_run) = part.runs.last_mut()?;
        run.add(values.amount, values.booking_date);
        *of_run = of_run.checked_add(lines)?;
        let begins = self.offset.checked_add(u64::try_from(from).ok()?)?;
        let shape = u16::try_from(kind).ok()?;
        part.rows.push(BriefEntry::new(values, begins, part.lines, shape)?);
        part.references.push(values.bank_reference);
        part.lines = part.lines.checked_add(lines)?;
        Some(())
    }

    /// Keeps bytes that are no booking in brief.
    fn keep(&mut self, bytes: &[u8]) -> Option<()> {
        self.in_run &= bytes.is_empty();
        self.part.rest.extend_from_slice(bytes);
        let lines = u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).ok()?;
        self.part.lines = self.part.lines.checked_add(lines)?;
        Some(())
    }
}

/// What is kept of a booking that was read in full; `None` if it is not plain.
fn values(entry: &StatementEntry, keys: &Keys) -> Option<EntryValues> {
    let detail = entry.plain_detail()?;
    let iban = detail.counterparty_iban.as_ref().filter(|iban| iban.is_valid());
    let iban = iban.filter(|iban| Iban::has_iban_form(iban))?;
    Some(EntryValues {
        end_to_end_key: keys.real_reference(detail.end_to_end_id.as_deref()),
        account: keys.account(iban),
        bank_reference: keys.real_reference(entry.bank_reference.as_deref()),
        amount: entry.amount,
        booking_date: entry.booking_date?,
        value_date: entry.value_date,
    })
}
