//! The pass over the bookings of a statement: those that follow a template, and all that is not
//! one of them.

use crate::model::brief::BriefEntry;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::readers::check::Checker;
use crate::readers::iso20022::brief::template::Template;
use crate::readers::iso20022::stretch::BEGINS;
use crate::readers::iso20022::stretch::ENDS;
use crate::readers::runs::MARK;
use crate::readers::runs::Run;

/// More templates than this are none.
const MOST_TEMPLATES: usize = 48;

/// A part of a file that begins with a booking (the first one with the file).
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// The bookings in brief; their shapes are numbers of templates, their lines count from the
    /// beginning of the part. The bank's references stand beside them.
    pub(super) rows: Vec<BriefEntry>,
    pub(super) references: Vec<Option<Key>>,
    pub(super) templates: Vec<Template>,
    pub(super) runs: Vec<Run>,
    /// Everything else, with a mark for each run and all line ends.
    pub(super) rest: Vec<u8>,
    /// The lines on which its first and last booking begin.
    pub(super) bookings: Option<(u32, u32)>,
    /// Some of its bookings begin on one line.
    pub(super) shares_lines: bool,
    /// Its line ends.
    pub(super) lines: u32,
    /// Bookings that stay in the rest.
    pub(super) others: usize,
}

/// Reads a part. `None` if the file has to be read in general.
pub(super) fn part(bytes: &[u8], offset: u64, keys: &Keys) -> Option<Part> {
    // Comments and character data may hide bookings; zeros are damage.
    let strange = memchr::memmem::find(bytes, b"<!").is_some()
        || memchr::memmem::find(bytes, MARK.as_bytes()).is_some();
    let mut checker = Checker::default();
    checker.add(bytes);
    let check = checker.finish();
    if strange || !check.is_utf_8 || check.has_zeros {
        return None;
    }
    let (begin, end) = (memchr::memmem::Finder::new(BEGINS), memchr::memmem::Finder::new(ENDS));
    let credit = memchr::memmem::Finder::new("<CdtDbtInd>CRDT<");
    let mut part = Part::default();
    let mut last = 0_usize;
    let mut in_run = false;
    let mut from = 0_usize;
    loop {
        let rest = bytes.get(from..)?;
        let Some(before) = begin.find(rest) else {
            part.keep(rest)?;
            return Some(part);
        };
        let (between, booking) = rest.split_at_checked(before)?;
        in_run &= between.trim_ascii().is_empty();
        part.keep(between)?;
        let line = part.lines;
        let first = part.bookings.map_or(line, |(first, last)| {
            part.shares_lines |= last == line;
            first
        });
        part.bookings = Some((first, line));
        from = from.checked_add(before)?;
        let mut follows = |number: usize| {
            let values = part.templates.get(number)?.values(booking, keys)?;
            Some((number, values))
        };
        let known = follows(last).or_else(|| (0..part.templates.len()).find_map(&mut follows));
        let known = known.or_else(|| {
            let length = end.find(booking)?.checked_add(ENDS.len())?;
            let own = booking.get(..length)?;
            // What came in is never plain: told without reading it.
            let may_be_plain = part.templates.len() < MOST_TEMPLATES && credit.find(own).is_none();
            let made = may_be_plain.then(|| Template::new(own, keys)).flatten()?;
            let values = made.values(booking, keys)?;
            part.templates.push(made);
            Some((part.templates.len().checked_sub(1)?, values))
        });
        let known = known.and_then(|(number, (values, length))| {
            let begins = offset.checked_add(u64::try_from(from).ok()?)?;
            let row = BriefEntry::new(&values, begins, line, u16::try_from(number).ok()?)?;
            Some((number, values, length, row))
        });
        let Some((number, values, own_length, row)) = known else {
            let length = end.find(booking)?.checked_add(ENDS.len())?;
            part.keep(booking.get(..length)?)?;
            part.others = part.others.checked_add(1)?;
            from = from.checked_add(length)?;
            in_run = false;
            continue;
        };
        last = number;
        if !in_run {
            part.rest.push(b'<');
            part.rest.extend_from_slice(MARK.as_bytes());
            part.rest.extend_from_slice(b"/>");
            part.runs.push(Run::default());
        }
        in_run = true;
        part.runs.last_mut()?.add(values.amount, values.booking_date);
        part.rows.push(row);
        part.references.push(values.bank_reference);
        part.skip(booking.get(..own_length)?)?;
        from = from.checked_add(own_length)?;
    }
}

impl Part {
    /// Keeps bytes that are no booking in brief.
    fn keep(&mut self, bytes: &[u8]) -> Option<()> {
        self.rest.extend_from_slice(bytes);
        self.count(bytes).map(|_| ())
    }

    /// Leaves nothing of a booking but its line ends.
    fn skip(&mut self, bytes: &[u8]) -> Option<()> {
        for _ in 0..self.count(bytes)? {
            self.rest.push(b'\n');
        }
        Some(())
    }

    fn count(&mut self, bytes: &[u8]) -> Option<u32> {
        let lines = u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).ok()?;
        self.lines = self.lines.checked_add(lines)?;
        Some(lines)
    }
}
