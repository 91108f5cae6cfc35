//! The pass over all lines of a table: plain rows, and the others.

use std::collections::BTreeMap;

use crate::model::brief::Bytes;
use crate::model::brief::Keys;
use crate::model::together;
use crate::readers::check::Checker;
use crate::readers::tables::brief::marks::lines;
use crate::readers::tables::record::quote_stays_open;

/// The lines behind a header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'a> {
    pub(super) bytes: &'a dyn Bytes,
    /// It should be UTF-8, else anything without zero bytes.
    pub(super) is_utf_8: bool,
    pub(super) threads: usize,
    /// What a thread takes at a time (bytes).
    pub(super) part: u64,
    /// Byte of the file at which they begin.
    pub(super) offset: u64,
    /// Line on which they begin.
    pub(super) first_line: u32,
    pub(super) delimiter: u8,
    /// The number of columns.
    pub(super) width: usize,
    pub(super) keys: &'a Keys,
}

/// What is read of a file at a time (bytes); no line of a table is longer. It fits the second cache
/// of a processor.
const BLOCK: usize = 1 << 19;

/// More shapes than this are none.
const MOST_SHAPES: usize = 4096;

/// One line as it is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a, 'b> {
    /// Its block of the file, and where the line begins and ends there.
    block: &'a [u8],
    start: usize,
    end: usize,
    /// Where its delimiters stand.
    delimiters: &'b [usize],
    /// The whole line.
    pub(super) text: &'a [u8],
    pub(super) offset: u64,
    pub(super) line: u32,
}

impl<'a> Cells<'a, '_> {
    /// How many cells there are.
    const fn count(&self) -> usize {
        self.delimiters.len().saturating_add(1)
    }

    /// A cell as it stands, with quotation marks; empty where there is no such column.
    fn raw(&self, column: usize) -> &'a [u8] {
        let before = column.checked_sub(1).map(|before| self.delimiters.get(before));
        let start = match before {
            None => self.start,
            Some(Some(delimiter)) => delimiter.saturating_add(1),
            Some(None) => return b"",
        };
        let end = self.delimiters.get(column).copied().unwrap_or(self.end);
        self.block.get(start..end).unwrap_or_default()
    }

    /// A cell; empty where there is no such column.
    pub(super) fn at(&self, column: Option<usize>) -> &'a [u8] {
        let Some(column) = column else { return b"" };
        let cell = match self.raw(column) {
            [b'"', cell @ .., b'"'] => cell,
            cell => cell,
        };
        cell.trim_ascii()
    }

    /// All cells.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        (0..self.count()).map(|column| self.at(Some(column)))
    }

    /// Whether its quotation marks are simply around whole cells.
    fn is_simple(&self, quotes: u32) -> bool {
        if quotes == 0 {
            return true;
        }
        let mut quoted = 0_u32;
        for cell in (0..self.count()).map(|column| self.raw(column)) {
            match cell {
                [b'"', .., b'"'] => quoted = quoted.saturating_add(2),
                [b'"', ..] => return false,
                _ => {}
            }
        }
        // Cells have no others then.
        quoted == quotes
    }
}

/// What a pass found.
#[derive(Clone, Debug)]
pub(super) struct Pass<R> {
    pub(super) plain: Vec<R>,
    /// The other lines, with their numbers.
    pub(super) others: Vec<(u32, Vec<u8>)>,
}

/// Looks at every line, each part of the table with a state of its own; `row` makes a plain row of
/// its cells or leaves it to the others. Parts are given to `take` in their order, each with the
/// line with which it begins: rows and state count lines from there, the other lines have their
/// numbers already. `None` if the lines cannot be told apart without the general reader, or if
/// `take` says so.
pub(super) fn pass<R: Send, S: Send>(
    table: &Table<'_>,
    start: impl Fn() -> S + Sync,
    row: impl Fn(&mut S, &Cells<'_, '_>) -> Option<R> + Sync,
    mut take: impl FnMut(Pass<R>, S, u32) -> Option<()>,
) -> Option<()> {
    let step = usize::try_from(table.part).ok()?.max(1);
    let starts: Vec<u64> = (table.offset..table.bytes.length()).step_by(step).collect();
    let mut first_line = table.first_line;
    let work = |from: &u64| {
        let mut state = start();
        let (found, lines) = part(table, *from, &mut |cells| row(&mut state, cells))?;
        Some((found, state, lines))
    };
    together::each_in_order(&starts, table.threads, work, |part| {
        let (mut found, state, lines) = part?;
        for (line, _) in &mut found.others {
            *line = line.checked_add(first_line)?;
        }
        take(found, state, first_line)?;
        first_line = first_line.checked_add(lines)?;
        Some(())
    })
}

/// Parts of a table, put together one after the other.
#[derive(Debug)]
pub(super) struct Whole<R, S> {
    pub(super) found: Pass<R>,
    /// A full row of each shape.
    pub(super) samples: Vec<S>,
    numbers: BTreeMap<Vec<u8>, u16>,
    /// How many parts there are in all.
    parts: usize,
}

impl<R, S> Whole<R, S> {
    pub(super) fn new(table: &Table<'_>) -> Self {
        let bytes = table.bytes.length().saturating_sub(table.offset);
        let parts = bytes.div_ceil(table.part.max(1));
        Self {
            found: Pass { plain: Vec::new(), others: Vec::new() },
            samples: Vec::new(),
            numbers: BTreeMap::new(),
            parts: usize::try_from(parts).unwrap_or(1),
        }
    }

    /// Adds the next part: `of_row` gives line and shape of a row, `move_by` moves a sample by so
    /// many lines. `None` if there are too many shapes or lines.
    pub(super) fn add(
        &mut self,
        mut part: Pass<R>,
        shapes: Shapes<S>,
        first_line: u32,
        of_row: impl Fn(&mut R) -> (&mut u32, &mut u16),
        move_by: impl Fn(&mut S, u32),
    ) -> Option<()> {
        let mut numbers = Vec::with_capacity(shapes.samples.len());
        for (cells, mut sample) in shapes.in_order() {
            let next = u16::try_from(self.samples.len()).ok()?;
            let number = *self.numbers.entry(cells).or_insert(next);
            if number == next {
                move_by(&mut sample, first_line);
                self.samples.push(sample);
            }
            numbers.push(number);
        }
        for row in &mut part.plain {
            let (line, shape) = of_row(row);
            *line = line.checked_add(first_line)?;
            *shape = *numbers.get(usize::from(*shape))?;
        }
        self.found.others.append(&mut part.others);
        let all = &mut self.found.plain;
        if self.parts == 1 {
            *all = part.plain;
            return Some(());
        }
        // Parts are about equal; room that is not used takes no memory, but moving does.
        let missing = part.plain.len().saturating_sub(all.capacity().saturating_sub(all.len()));
        if missing > 0 {
            let more = part.plain.len().saturating_mul(self.parts);
            let more = if all.is_empty() { more } else { all.len() / 8 };
            all.reserve_exact(more.saturating_add(missing).saturating_add(more / 32));
        }
        all.append(&mut part.plain);
        Some(())
    }
}

/// The lines that begin in a part of the table, and how many there are.
fn part<R>(
    table: &Table<'_>,
    from: u64,
    row: &mut impl FnMut(&Cells<'_, '_>) -> Option<R>,
) -> Option<(Pass<R>, u32)> {
    let mut pass = Pass { plain: Vec::new(), others: Vec::new() };
    let mut line = 0;
    let end = from.checked_add(table.part)?.min(table.bytes.length());
    // The byte before tells whether a line begins here or is another part's.
    let is_first = from == table.offset;
    let mut offset = if is_first { from } else { from.checked_sub(1)? };
    if let Some(whole) = table.bytes.whole() {
        let place = |offset: u64| usize::try_from(offset).ok();
        let line_from = |bytes: &[u8], from: usize| {
            let end = bytes.get(from..).and_then(|rest| memchr::memchr(b'\n', rest));
            end.map_or(bytes.len(), |end| from.saturating_add(end).saturating_add(1))
        };
        let start = if is_first { place(from)? } else { line_from(whole, place(offset)?) };
        let stop = line_from(whole, place(end)?.checked_sub(1)?).max(start);
        let offset = u64::try_from(start).ok()?;
        block(table, whole.get(start..stop)?, offset, &mut line, &mut pass, row)?;
        return Some((pass, line));
    }
    let mut buffer = vec![0; BLOCK];
    let mut checker = Checker::default();
    let mut skips = !is_first;
    while offset < end {
        let count = table.bytes.read_at(offset, &mut buffer);
        let mut read = buffer.get(..count).filter(|read| !read.is_empty())?;
        if skips {
            let behind = memchr::memchr(b'\n', read)?.saturating_add(1);
            offset = offset.checked_add(u64::try_from(behind).ok()?)?;
            read = read.get(behind..)?;
            skips = false;
            if read.is_empty() {
                continue;
            }
        }
        // Up to the last line end, or to that of the last line that begins in this part; a file may
        // end without one.
        let mine = usize::try_from(end.saturating_sub(offset)).ok()?;
        let last = match mine.checked_sub(1) {
            None => break,
            Some(last) => read
                .get(last..)
                .and_then(|rest| Some(memchr::memchr(b'\n', rest)?.saturating_add(last))),
        };
        let stop = match last.or_else(|| memchr::memrchr(b'\n', read)) {
            Some(stop) => stop.saturating_add(1),
            None if count < BLOCK => read.len(),
            None => return None,
        };
        let read = read.get(..stop)?;
        checker.add(read);
        block(table, read, offset, &mut line, &mut pass, row)?;
        if pass.plain.capacity() < pass.plain.len().saturating_mul(2) {
            // As many as the first lines let expect.
            let left = usize::try_from(end.saturating_sub(offset)).ok()?;
            let times = left.checked_div(read.len().max(1))?;
            pass.plain.reserve_exact(pass.plain.len().saturating_mul(times));
        }
        offset = offset.checked_add(u64::try_from(stop).ok()?)?;
    }
    let check = checker.finish();
    let as_expected = !table.is_utf_8 || (check.is_utf_8 && !check.has_damage);
    (as_expected && !check.has_zeros).then_some((pass, line))
}

/// Looks at the lines of one block.
fn block<R>(
    table: &Table<'_>,
    bytes: &[u8],
    offset: u64,
    line: &mut u32,
    pass: &mut Pass<R>,
    row: &mut impl FnMut(&Cells<'_, '_>) -> Option<R>,
) -> Option<()> {
    lines(bytes, table.delimiter, |found| {
        let whole = bytes.get(found.start..found.end)?;
        let text = whole.strip_suffix(b"\r").unwrap_or(whole);
        if !text.is_empty() {
            let seen = Cells {
                block: bytes,
                start: found.start,
                end: found.start.checked_add(text.len())?,
                delimiters: found.delimiters,
                text,
                offset: offset.checked_add(u64::try_from(found.start).ok()?)?,
                line: *line,
            };
            let simple = seen.is_simple(found.quotes);
            let plain = (simple && seen.count() == table.width).then(|| row(&seen)).flatten();
            if let Some(plain) = plain {
                pass.plain.push(plain);
            } else {
                if !simple && quote_stays_open(text, table.delimiter) {
                    return None;
                }
                pass.others.push((*line, text.to_vec()));
            }
        }
        *line = line.checked_add(1)?;
        Some(())
    })
}

/// The shapes of a table's rows: cells that say the same in most rows (booking text, account,
/// currency), as one number. The general reader sees one row of each.
#[derive(Clone, Debug)]
pub(super) struct Shapes<S> {
    columns: Vec<usize>,
    known: BTreeMap<Vec<u8>, Option<u16>>,
    /// The last row's cells and shape: mostly the next row's too.
    last: (Vec<u8>, Option<u16>),
    scratch: Vec<u8>,
    /// A full row of each shape; lines count from the part's beginning.
    pub(super) samples: Vec<S>,
}

impl<S> Shapes<S> {
    pub(super) fn new(columns: Vec<usize>) -> Self {
        Self {
            columns,
            known: BTreeMap::new(),
            last: (vec![b'\n'], None),
            scratch: Vec::new(),
            samples: Vec::new(),
        }
    }

    /// The shapes in the order of their numbers: shared cells and sample.
    fn in_order(self) -> impl Iterator<Item = (Vec<u8>, S)> {
        let known = self.known.into_iter();
        let mut cells: Vec<(u16, Vec<u8>)> =
            known.filter_map(|(cells, number)| Some((number?, cells))).collect();
        cells.sort_unstable();
        cells.into_iter().map(|(_, cells)| cells).zip(self.samples)
    }

    /// The number of a row's shape; `sample` is asked for a full row when the shape is new, and
    /// answers `None` if rows of this shape are not plain.
    pub(super) fn number(
        &mut self,
        cells: &Cells<'_, '_>,
        sample: impl FnOnce() -> Option<S>,
    ) -> Option<u16> {
        self.scratch.clear();
        for column in &self.columns {
            self.scratch.extend_from_slice(cells.at(Some(*column)));
            self.scratch.push(b'\n');
        }
        if self.scratch == self.last.0 {
            return self.last.1;
        }
        let number = if let Some(number) = self.known.get(&self.scratch) {
            *number
        } else {
            let next = u16::try_from(self.samples.len()).ok();
            // A column that says something else in every row makes no shapes.
            let room = self.known.len() < MOST_SHAPES;
            let sample = if room { sample() } else { None };
            let number = next.filter(|_| sample.is_some());
            self.samples.extend(sample);
            if room {
                self.known.insert(self.scratch.clone(), number);
            }
            number
        };
        self.last.0.clone_from(&self.scratch);
        self.last.1 = number;
        number
    }
}
