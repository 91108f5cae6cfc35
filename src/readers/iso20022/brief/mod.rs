//! End-of-day statements (camt.053) read in brief: bookings that follow a template become a few
//! numbers each; the text without them goes to the general reader.
//!
//! Only the form that can be told without doubt is read like this: bookings as `<Ntry>` without
//! prefix or attributes, in a text of UTF-8 without comments and character data. Everything else,
//! and whatever is wrong with a file, is the general reader's.

mod scan;
mod template;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::brief::Blocks;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::brief::Bytes;
use crate::model::brief::Day;
use crate::model::brief::EntryRow;
use crate::model::brief::EntryShape;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::lengths::Lengths;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::reading::Reading;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::model::together;
use crate::readers::again::Again;
use crate::readers::again::Booking;
use crate::readers::iso20022::attempt;
use crate::readers::iso20022::brief::scan::Part;
use crate::readers::iso20022::brief::scan::part;
use crate::readers::iso20022::brief::template::Template;
use crate::readers::iso20022::lines::Counter;
use crate::readers::iso20022::lines::Lines;
use crate::readers::iso20022::source;
use crate::readers::iso20022::stretch::BEGINS;
use crate::readers::iso20022::stretch::ENDS;
use crate::readers::options::ReadOptions;
use crate::readers::parts;
use crate::readers::runs::Run;
use crate::readers::runs::Runs;

/// So many other bookings for a plain one are not worth the trouble.
const MOST_OTHERS: usize = 8;

/// Reads a statement in brief; `None` if the general reader has to do it.
pub(crate) fn read(
    file: FileId,
    bytes: &Arc<dyn Bytes>,
    keys: &Keys,
    options: &ReadOptions,
) -> Option<Reading> {
    // Numbers and bookings of other messages are not so many.
    let mut head = vec![0; 4096];
    let count = bytes.read_at(0, &mut head);
    memchr::memmem::find(head.get(..count)?, b"<BkToCstmrStmt>")?;
    let cuts = parts::cuts(bytes.as_ref(), 0, options.part, BEGINS, 0)?;
    let parts: Vec<(u64, u64)> = cuts.iter().copied().zip(cuts.iter().copied().skip(1)).collect();
    let mut whole = Whole::default();
    together::each_in_order(
        &parts,
        options.threads,
        |cut| parts::with_part(bytes.as_ref(), *cut, |bytes| part(bytes, cut.0, keys)),
        |part| whole.add(part?),
    )?;
    if whole.others > whole.rows.len().saturating_mul(MOST_OTHERS) || whole.rows.is_empty() {
        return None;
    }
    // What is said of all bookings may be said of those in brief.
    memchr::memmem::find(&whole.rest, b"<AddtlStmtInf").is_none().then_some(())?;
    let rest = source::decode(file, &whole.rest);
    let runs = Runs::new(whole.runs.iter().map(|(run, _)| *run).collect());
    let (mut reading, runs) = attempt(file, &rest, runs).ok()?;
    if reading.refused
        || reading.format != "camt.053"
        || rest.encoding != "utf-8"
        || !runs.all_met()
    {
        return None;
    }
    let shapes = shapes(&mut whole, &runs)?;
    let lines = if whole.shares_lines {
        Some(Arc::new(numbered(&mut whole.rows, &mut reading.statements, &runs)?))
    } else {
        None
    };
    reading.brief_export = Some(BriefExport {
        file,
        rows: whole.rows,
        references: whole.references,
        lengths: Lengths::default(),
        due_days: BTreeSet::new(),
        shapes,
        reader: Arc::new(Again(Bookings { file, lines, templates: whole.templates })),
        bytes: Arc::clone(bytes),
    });
    Some(reading)
}

/// The parts of a file, put together one after the other.
#[derive(Debug, Default)]
struct Whole {
    rows: Blocks<BriefEntry>,
    references: Vec<Option<Key>>,
    templates: Vec<Template>,
    /// Each with the number of the row behind its last.
    runs: Vec<(Run, usize)>,
    rest: Vec<u8>,
    others: usize,
    lines: u32,
    last_booking: Option<u32>,
    /// Some bookings begin on one line.
    shares_lines: bool,
}

impl Whole {
    fn add(&mut self, mut part: Part) -> Option<()> {
        let mut end = self.rows.len();
        let mut numbers = Vec::with_capacity(part.templates.len());
        for template in part.templates {
            let known = self.templates.iter().position(|own| own.is(&template));
            let number = known.unwrap_or(self.templates.len());
            if known.is_none() {
                self.templates.push(template);
            }
            numbers.push(u16::try_from(number).ok()?);
        }
        // Lines count from 1.
        let before = self.lines.checked_add(1)?;
        self.shares_lines |= part.shares_lines;
        if let Some((first, last)) = part.bookings {
            self.shares_lines |= self.last_booking == Some(first.checked_add(before)?);
            self.last_booking = Some(last.checked_add(before)?);
        }
        for row in &part.rows {
            self.rows.push(row.moved(before, *numbers.get(usize::from(row.shape()))?)?);
        }
        self.references.append(&mut part.references);
        for run in part.runs {
            end = end.checked_add(run.count)?;
            self.runs.push((run, end));
        }
        self.rest.append(&mut part.rest);
        self.others = self.others.checked_add(part.others)?;
        self.lines = self.lines.checked_add(part.lines)?;
        Some(())
    }
}

/// The shapes of all rows: a template in a statement. The rows get their numbers.
fn shapes(whole: &mut Whole, runs: &Runs) -> Option<Vec<EntryShape>> {
    let mut numbers: BTreeMap<(u16, usize), u16> = BTreeMap::new();
    let mut shapes = Vec::new();
    let mut start = 0;
    let count = whole.rows.len();
    let mut rows = whole.rows.iter_mut();
    for ((_, end), (_, met)) in whole.runs.iter().zip(runs.all()) {
        let statement = met.statement;
        for row in rows.by_ref().take(end.checked_sub(start)?) {
            let template = row.shape();
            let shape = if let Some(number) = numbers.get(&(template, statement)) {
                *number
            } else {
                let number = u16::try_from(shapes.len()).ok()?;
                numbers.insert((template, statement), number);
                let entry = whole.templates.get(usize::from(template))?.sample.clone();
                shapes.push(EntryShape { entry, statement });
                number
            };
            *row = row.moved(0, shape)?;
        }
        start = *end;
    }
    (start == count).then_some(shapes)
}

/// Numbers the bookings of all lines that have several; those in brief get numbers for lines.
fn numbered(
    rows: &mut Blocks<BriefEntry>,
    statements: &mut [Statement],
    runs: &Runs,
) -> Option<Lines> {
    let (mut lines, mut counter) = (Lines::default(), Counter::default());
    let mut rows = (0_u32..).zip(rows.iter_mut());
    let mut runs = runs.all().peekable();
    for (number, statement) in statements.iter_mut().enumerate() {
        let mut done = 0;
        let mut entries = statement.entries.iter_mut();
        while let Some((run, met)) = runs.next_if(|(_, met)| met.statement == number) {
            for entry in entries.by_ref().take(met.behind.checked_sub(done)?) {
                entry.place.column = counter.next(entry.place.line);
            }
            done = met.behind;
            for (number, row) in rows.by_ref().take(run.count) {
                lines.add(row.line(), counter.next(row.line()));
                *row = row.at_line(number)?;
            }
        }
        for entry in entries {
            entry.place.column = counter.next(entry.place.line);
        }
    }
    rows.next().is_none().then_some(lines)
}

/// Bookings as they stand in a file.
#[derive(Clone, Debug)]
struct Bookings {
    file: FileId,
    templates: Vec<Template>,
    /// If bookings share lines.
    lines: Option<Arc<Lines>>,
}

impl Booking for Bookings {
    const USUAL: usize = 2048;

    fn length(&self, bytes: &[u8], _: bool) -> Option<usize> {
        memchr::memmem::find(bytes, ENDS.as_bytes())?.checked_add(ENDS.len())
    }

    fn place(&self, file: FileId, line: u32) -> Place {
        match &self.lines {
            Some(lines) => lines.place(Place::file(file), line),
            None => Place::line(file, line),
        }
    }

    fn full(&self, row: &[u8], line: u32) -> Option<StatementEntry> {
        template::full(std::str::from_utf8(row).ok()?, self.file, line)
    }

    fn rebuilt(&self, row: &[u8], line: u32, brief: &EntryRow) -> Option<StatementEntry> {
        let (booked_on, value_date) = (brief.booking_date().date(), brief.value_date());
        let values = (brief.amount(), booked_on, value_date.map(Day::date));
        self.templates.iter().find_map(|template| {
            template.rebuilt(&template.own(row)?, Place::line(self.file, line), values)
        })
    }

    fn own_texts<'a>(&self, row: &'a [u8]) -> Option<[Option<Cow<'a, str>>; 3]> {
        let own = self.templates.iter().find_map(|template| template.own(row))?;
        let texts = [own.remittance, own.end_to_end_id, own.name];
        Some(texts.map(|text| text.map(Cow::Borrowed)))
    }
}
