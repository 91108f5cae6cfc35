//! Statements read in brief: plain bookings become a few numbers each; the text without them goes
//! to the general reader, which reads balances, pages and everything unusual as ever.
//!
//! A line that begins with `:61:` begins a booking wherever it stands, so that a file can be cut
//! there and read in parts, by several threads, without having all of it in memory.

mod bookings;
mod plain;
mod scan;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::brief::Blocks;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::brief::Bytes;
use crate::model::brief::EntryShape;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::lengths::Lengths;
use crate::model::place::FileId;
use crate::model::reading::Reading;
use crate::model::statement::StatementEntry;
use crate::model::together;
use crate::readers::again::Again;
use crate::readers::encoding::Decoded;
use crate::readers::mt940::brief::bookings::Bookings;
use crate::readers::mt940::brief::scan::BEGINS;
use crate::readers::mt940::brief::scan::Trouble;
use crate::readers::mt940::brief::scan::are_alike;
use crate::readers::mt940::read_text;
use crate::readers::options::ReadOptions;
use crate::readers::parts;
use crate::readers::runs::Run;
use crate::readers::runs::Runs;

/// So many other bookings for a plain one are not worth the trouble.
const MOST_OTHERS: usize = 8;

/// What is looked at to know whether a file is worth it (bytes).
const HEAD: usize = 4096;

/// Reads a file in brief; `None` if the general reader has to do it.
pub(crate) fn read(
    file: FileId,
    bytes: &Arc<dyn Bytes>,
    keys: &Keys,
    options: &ReadOptions,
) -> Option<Reading> {
    let mut head = vec![0; HEAD];
    let count = bytes.read_at(0, &mut head);
    let head = head.get(..count)?;
    let first = match encoding_rs::Encoding::for_bom(head) {
        Some((encoding, length)) if encoding == encoding_rs::UTF_8 => u64::try_from(length).ok()?,
        Some(_) => return None,
        None => 0,
    };
    // Reports during the day: nothing of them is booked.
    if memchr::memmem::find(head, b"\n:34F:").is_some() {
        return None;
    }
    let cuts = parts::cuts(bytes.as_ref(), first, options.part, BEGINS, 1)?;
    let parts: Vec<(u64, u64)> = cuts.iter().copied().zip(cuts.iter().copied().skip(1)).collect();
    // What is no UTF-8 somewhere is Windows-1252 everywhere.
    for is_utf_8 in [true, false] {
        let bookings = Bookings { file, is_utf_8 };
        let (mut whole, mut trouble) = (Whole::default(), None);
        let read = together::each_in_order(
            &parts,
            options.threads,
            |cut| {
                let read = |bytes: &[u8]| Some(scan::part(bytes, cut.0, keys, bookings));
                parts::with_part(bytes.as_ref(), *cut, read)
            },
            |part| match part? {
                Ok(part) => whole.add(part),
                Err(other) => {
                    trouble = Some(other);
                    None
                }
            },
        );
        if read.is_some() {
            return whole.reading(bookings, bytes);
        }
        if trouble != Some(Trouble::NoUtf8) {
            return None;
        }
    }
    None
}

/// The parts of a file, put together one after the other.
#[derive(Debug, Default)]
struct Whole {
    rows: Blocks<BriefEntry>,
    references: Vec<Option<Key>>,
    /// One booking of each kind.
    kinds: Vec<StatementEntry>,
    runs: Vec<Run>,
    /// The lines of each run.
    run_lines: Vec<u32>,
    rest: Vec<u8>,
    others: usize,
    lines: u32,
}

impl Whole {
    fn add(&mut self, mut part: scan::Part) -> Option<()> {
        let mut numbers = Vec::with_capacity(part.kinds.len());
        for kind in part.kinds {
            let known = self.kinds.iter().position(|own| are_alike(own, &kind));
            let number = known.unwrap_or(self.kinds.len());
            if known.is_none() {
                self.kinds.push(kind);
            }
            numbers.push(u16::try_from(number).ok()?);
        }
        // Lines count from 1.
        let before = self.lines.checked_add(1)?;
        for row in &part.rows {
            self.rows.push(row.moved(before, *numbers.get(usize::from(row.shape()))?)?);
        }
        self.references.append(&mut part.references);
        self.runs.extend(part.runs.iter().map(|(run, _)| *run));
        self.run_lines.extend(part.runs.iter().map(|(_, lines)| *lines));
        self.rest.append(&mut part.rest);
        self.others = self.others.checked_add(part.others)?;
        self.lines = self.lines.checked_add(part.lines)?;
        Some(())
    }

    fn reading(mut self, bookings: Bookings, bytes: &Arc<dyn Bytes>) -> Option<Reading> {
        if self.rows.is_empty() || self.others > self.rows.len().saturating_mul(MOST_OTHERS) {
            return None;
        }
        let rest = std::mem::take(&mut self.rest);
        let (text, encoding) = bookings.decode(&rest)?;
        let decoded = Decoded { text, encoding, marked: false, damaged: false };
        let runs = Runs::new(std::mem::take(&mut self.runs));
        let given = read_text(bookings.file, decoded, &self.run_lines, runs);
        if given.failed || !given.runs.all_met() {
            return None;
        }
        let shapes = self.shapes(&given.runs)?;
        let mut reading = given.reading;
        reading.brief_export = Some(BriefExport {
            file: bookings.file,
            rows: self.rows,
            references: self.references,
            lengths: Lengths::default(),
            due_days: BTreeSet::new(),
            shapes,
            reader: Arc::new(Again(bookings)),
            bytes: Arc::clone(bytes),
        });
        Some(reading)
    }

    /// The shapes of all rows: a kind in a statement. The rows get their numbers.
    fn shapes(&mut self, runs: &Runs) -> Option<Vec<EntryShape>> {
        let mut numbers: BTreeMap<(u16, usize), u16> = BTreeMap::new();
        let mut shapes = Vec::new();
        let mut rows = self.rows.iter_mut();
        for (run, met) in runs.all() {
            let statement = met.statement;
            for row in rows.by_ref().take(run.count) {
                let kind = row.shape();
                let shape = if let Some(number) = numbers.get(&(kind, statement)) {
                    *number
                } else {
                    let number = u16::try_from(shapes.len()).ok()?;
                    numbers.insert((kind, statement), number);
                    let entry = self.kinds.get(usize::from(kind))?.clone();
                    shapes.push(EntryShape { entry, statement });
                    number
                };
                *row = row.moved(0, shape)?;
            }
        }
        rows.next().is_none().then_some(shapes)
    }
}
