//! The pass over all lines of a table: plain rows, and the others.

use std::collections::BTreeMap;

use crate::model::brief::Bytes;
use crate::model::brief::Keys;
use crate::readers::check::Checker;
use crate::readers::tables::brief::marks::lines;
use crate::readers::tables::record::quote_stays_open;

/// The lines behind a header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'a> {
    pub(super) bytes: &'a dyn Bytes,
    /// It should be UTF-8, else anything without zero bytes.
    pub(super) is_utf_8: bool,
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

/// Looks at every line; `row` makes a plain row of its cells or leaves it to the others. `None`
/// if the lines cannot be told apart without the general reader.
pub(super) fn pass<R>(
    table: &Table<'_>,
    mut row: impl FnMut(&Cells<'_, '_>) -> Option<R>,
) -> Option<Pass<R>> {
    let mut pass = Pass { plain: Vec::new(), others: Vec::new() };
    let mut line = table.first_line;
    if let Some(whole) = table.bytes.whole() {
        let rest = whole.get(usize::try_from(table.offset).ok()?..)?;
        block(table, rest, table.offset, &mut line, &mut pass, &mut row)?;
        return Some(pass);
    }
    let mut buffer = vec![0; BLOCK];
    let mut offset = table.offset;
    let mut checker = Checker::default();
    loop {
        let count = table.bytes.read_at(offset, &mut buffer);
        if count == 0 {
            let check = checker.finish();
            let as_expected = !table.is_utf_8 || (check.is_utf_8 && !check.has_damage);
            return (as_expected && !check.has_zeros).then_some(pass);
        }
        let read = buffer.get(..count)?;
        // Up to the last line end; a file may end without one.
        let end = match memchr::memrchr(b'\n', read) {
            Some(end) => end.saturating_add(1),
            None if count < BLOCK => count,
            None => return None,
        };
        let read = read.get(..end)?;
        checker.add(read);
        block(table, read, offset, &mut line, &mut pass, &mut row)?;
        offset = offset.checked_add(u64::try_from(end).ok()?)?;
    }
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
    /// A full row of each shape.
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
