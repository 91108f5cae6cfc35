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

/// What one thread found in one part of a table.
#[derive(Clone, Debug)]
pub(super) struct Part<R, S> {
    pub(super) found: Pass<R>,
    /// What the rows left behind: shapes, marks.
    pub(super) state: S,
    /// The line with which it begins. Rows and state count lines from there; the other lines
    /// have their numbers already.
    pub(super) first_line: u32,
}

/// Looks at every line, each part of the table with a state of its own; `row` makes a plain row of
/// its cells or leaves it to the others. `None` if the lines cannot be told apart without the
/// general reader.
pub(super) fn pass<R: Send, S: Send>(
    table: &Table<'_>,
    start: impl Fn() -> S + Sync,
    row: impl Fn(&mut S, &Cells<'_, '_>) -> Option<R> + Sync,
) -> Option<Vec<Part<R, S>>> {
    let step = usize::try_from(table.part).ok()?.max(1);
    let starts: Vec<u64> = (table.offset..table.bytes.length()).step_by(step).collect();
    let parts = together::map(&starts, table.threads, |from| {
        let mut state = start();
        let (found, lines) = part(table, *from, &mut |cells| row(&mut state, cells))?;
        Some((found, state, lines))
    });
    let mut first_line = table.first_line;
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        let (mut found, state, lines) = part?;
        for (line, _) in &mut found.others {
            *line = line.checked_add(first_line)?;
        }
        all.push(Part { found, state, first_line });
        first_line = first_line.checked_add(lines)?;
    }
    Some(all)
}

impl<R, S> Part<R, S> {
    /// With another state.
    pub(super) fn with_state<T>(self, state: impl FnOnce(S) -> T) -> Part<R, T> {
        Part { found: self.found, state: state(self.state), first_line: self.first_line }
    }
}

/// Puts parts together: `of_row` gives line and shape of a row, `move_by` moves a sample by so many
/// lines. `None` if there are too many shapes or lines.
pub(super) fn put_together<R, S>(
    parts: Vec<Part<R, Shapes<S>>>,
    of_row: impl Fn(&mut R) -> (&mut u32, &mut u16),
    move_by: impl Fn(&mut S, u32),
) -> Option<(Pass<R>, Vec<S>)> {
    let (mut found, mut shapes) = (Vec::with_capacity(parts.len()), Vec::new());
    for mut part in parts {
        for sample in &mut part.state.samples {
            move_by(sample, part.first_line);
        }
        found.push((part.found, part.first_line));
        shapes.push(part.state);
    }
    let (samples, renumbered) = Shapes::merged(shapes)?;
    let count = found.iter().fold(0_usize, |sum, (own, _)| sum.saturating_add(own.plain.len()));
    let mut all = Pass { plain: Vec::new(), others: Vec::new() };
    // Not for a single part, whose rows are there already.
    all.plain.reserve_exact(if found.len() > 1 { count } else { 0 });
    for ((mut own, first_line), numbers) in found.into_iter().zip(renumbered) {
        for row in &mut own.plain {
            let (line, shape) = of_row(row);
            *line = line.checked_add(first_line)?;
            *shape = *numbers.get(usize::from(*shape))?;
        }
        if all.plain.capacity() == 0 {
            all.plain = own.plain;
        } else {
            all.plain.append(&mut own.plain);
        }
        all.others.append(&mut own.others);
    }
    Some((all, samples))
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

    /// The shapes of all parts as one, and for each part the numbers that its own get. `None` if
    /// there are too many.
    pub(super) fn merged(parts: Vec<Self>) -> Option<(Vec<S>, Vec<Vec<u16>>)> {
        let mut samples = Vec::new();
        let mut numbers: BTreeMap<Vec<u8>, u16> = BTreeMap::new();
        let mut renumbered = Vec::with_capacity(parts.len());
        for part in parts {
            let mut cells: Vec<(u16, Vec<u8>)> = part
                .known
                .into_iter()
                .filter_map(|(cells, number)| Some((number?, cells)))
                .collect();
            cells.sort_unstable();
            let mut own = Vec::with_capacity(cells.len());
            for ((_, cells), sample) in cells.into_iter().zip(part.samples) {
                let next = u16::try_from(samples.len()).ok()?;
                let number = *numbers.entry(cells).or_insert(next);
                if number == next {
                    samples.push(sample);
                }
                own.push(number);
            }
            renumbered.push(own);
        }
        Some((samples, renumbered))
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
