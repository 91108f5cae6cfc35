//! The pass over all lines of a table: plain rows, and the others.

use std::sync::Mutex;

use fearless_simd::Simd;
use fearless_simd::dispatch;

use crate::model::brief::Bytes;
use crate::model::brief::Keys;
use crate::model::together;
use crate::readers::bits::level;
use crate::readers::check::Checker;
use crate::readers::encoding::may_be_latin_9;
use crate::readers::tables::brief::content::content;
use crate::readers::tables::brief::marks::Form;
use crate::readers::tables::brief::marks::Marks;
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

/// What is read of a file at a time (bytes); no line of a table on the disk is longer. It fits the
/// second cache of a processor.
const BLOCK: usize = 1 << 18;

/// What is read behind a part for its last line (bytes).
const ROOM: usize = 1 << 12;

/// One line as it is looked at: as many cells as there are columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a, 'b> {
    /// Its block of the file, and where the line begins there.
    block: &'a [u8],
    start: usize,
    /// Where its text ends there.
    end: usize,
    /// Where its cells end there.
    ends: &'b [u32],
    /// The whole line.
    pub(super) text: &'a [u8],
    pub(super) offset: u64,
    pub(super) line: u32,
    /// All of it can be shown as it stands, and no delimiter stands between quotation marks.
    pub(super) is_tame: bool,
}

impl<'a> Cells<'a, '_> {
    /// A cell as it stands, with quotation marks; empty where there is no such column.
    #[inline]
    pub(super) fn raw(&self, column: usize) -> &'a [u8] {
        self.run(column, column)
    }

    /// Neighbouring cells as they stand, with what is between them.
    #[inline]
    pub(super) fn run(&self, first: usize, last: usize) -> &'a [u8] {
        let (start, end) = self.place(first, last);
        self.block.get(start..end).unwrap_or_default()
    }

    /// Where neighbouring cells begin and end in the block.
    #[inline]
    fn place(&self, first: usize, last: usize) -> (usize, usize) {
        let place =
            |column: usize| self.ends.get(column).and_then(|end| usize::try_from(*end).ok());
        let Some(end) = place(last) else { return (0, 0) };
        let start = match first.checked_sub(1) {
            None => self.start,
            Some(before) => place(before).map_or(end, |end| end.wrapping_add(1)),
        };
        // The line end may be two bytes.
        (start, end.min(self.end))
    }

    /// A cell; empty where there is no such column.
    #[inline]
    pub(super) fn at(&self, column: Option<usize>) -> &'a [u8] {
        column.map_or(b"", |column| content(self.raw(column)))
    }

    /// Whether a cell has more bytes than so many, quotation marks and blanks around it counted: cheap,
    /// and never wrong when it says no.
    #[inline]
    pub(super) fn may_be_longer(&self, column: usize, length: usize) -> bool {
        let (start, end) = self.place(column, column);
        end.saturating_sub(start) > length
    }

    /// A cell and all bytes of the block that begin with it; none if there are blanks around it.
    #[inline]
    pub(super) fn with_behind(&self, column: Option<usize>) -> (&'a [u8], &'a [u8]) {
        let Some(column) = column else { return (b"", b"") };
        let (start, end) = self.place(column, column);
        let raw = self.block.get(start..end).unwrap_or_default();
        let cell = content(raw);
        let marks = usize::from(raw.first() == Some(&b'"'));
        let is_whole = cell.len().saturating_add(2 * marks) == raw.len();
        let behind = self.block.get(start.saturating_add(marks)..).filter(|_| is_whole);
        (cell, behind.unwrap_or_default())
    }

    /// Whether more cells than so many begin with another byte than these, without quotation marks
    /// and blanks.
    #[inline]
    pub(super) fn begin_differently(&self, firsts: &[u8], most: usize) -> bool {
        let mut start = self.start;
        let mut others = 0_usize;
        for (end, wanted) in self.ends.iter().zip(firsts) {
            let at = |place: usize| self.block.get(place).copied().unwrap_or(b' ');
            let first = match at(start) {
                b'"' => at(start.wrapping_add(1)),
                first => first,
            };
            // Blanks are among the smallest bytes.
            others = others.wrapping_add(usize::from(first != *wanted && first > b' '));
            if others > most {
                return true;
            }
            start = usize::try_from(*end).unwrap_or(usize::MAX).wrapping_add(1);
        }
        false
    }
}

/// What a pass over a part found.
#[derive(Clone, Debug)]
pub(super) struct Pass<R, F> {
    pub(super) plain: Vec<R>,
    /// The other lines, with their numbers.
    pub(super) others: Vec<(u32, Vec<u8>)>,
    /// What the thread has to say besides.
    pub(super) besides: F,
    /// The number of the thread.
    pub(super) worker: usize,
    /// The line with which the part begins.
    pub(super) first_line: u32,
    lines: u32,
}

/// How a reader looks at the lines of a table; every thread has a state of its own.
pub(super) trait Look: Sync {
    /// What a thread knows.
    type State: Send;
    /// A plain row.
    type Row: Send;
    /// What a thread has found out in a part, besides its rows.
    type Besides: Send;

    /// What a thread knows at the beginning.
    fn start(&self) -> Self::State;

    /// A plain row; its line counts from the part's beginning. `None` leaves the line to the
    /// others.
    fn row<S: Simd>(
        &self,
        simd: S,
        state: &mut Self::State,
        cells: &Cells<'_, '_>,
    ) -> Option<Self::Row>;

    /// What has been found out since it was asked last.
    fn besides(&self, state: &mut Self::State) -> Self::Besides;
}

/// Looks at every line. Parts are given to `take` in their order. `None` if the lines cannot be told
/// apart without the general reader, or if `take` says so.
///
/// Parts are small and their rows' memory is used again, so that nothing but the rows that are kept
/// in the end is touched for the first time (which took a fifth of a run).
pub(super) fn pass<L: Look>(
    table: &Table<'_>,
    look: &L,
    mut take: impl FnMut(&mut Pass<L::Row, L::Besides>) -> Option<()> + Send,
) -> Option<()> {
    let step = usize::try_from(table.part).ok()?.max(1);
    let starts: Vec<u64> = (table.offset..table.bytes.length()).step_by(step).collect();
    let mut first_line = table.first_line;
    let spare: Mutex<Vec<Vec<L::Row>>> = Mutex::default();
    let start = |worker: usize| (worker, look.start(), Space::default());
    let work = |(worker, state, space): &mut (usize, L::State, Space), from: &u64| {
        let used = spare.lock().ok().and_then(|mut spare| spare.pop());
        let mut found = Lines { plain: used.unwrap_or_default(), others: Vec::new(), count: 0 };
        part(table, *from, space, &mut found, (look, state))?;
        Some(Pass {
            plain: found.plain,
            others: found.others,
            besides: look.besides(state),
            worker: *worker,
            first_line: 0,
            lines: found.count,
        })
    };
    together::each_in_order_with(&starts, table.threads, start, work, |part| {
        let mut found = part?;
        found.first_line = first_line;
        for (line, _) in &mut found.others {
            *line = line.checked_add(first_line)?;
        }
        take(&mut found)?;
        found.plain.clear();
        if let Ok(mut spare) = spare.lock() {
            spare.push(found.plain);
        }
        first_line = first_line.checked_add(found.lines)?;
        Some(())
    })
}

/// What a thread uses again and again.
#[derive(Debug, Default)]
struct Space {
    buffer: Vec<u8>,
    marks: Marks,
}

/// The lines of a part.
struct Lines<R> {
    plain: Vec<R>,
    others: Vec<(u32, Vec<u8>)>,
    count: u32,
}

/// The lines that begin in a part of the table.
fn part<L: Look>(
    table: &Table<'_>,
    from: u64,
    space: &mut Space,
    found: &mut Lines<L::Row>,
    (look, state): (&L, &mut L::State),
) -> Option<()> {
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
        let mut start = if is_first { place(from)? } else { line_from(whole, place(offset)?) };
        let stop = line_from(whole, place(end)?.checked_sub(1)?).max(start);
        // As much at a time as marks have been touched for.
        while start < stop {
            let last = start.saturating_add(BLOCK).min(stop).checked_sub(1)?;
            let next = line_from(whole, last);
            let (offset, bytes) = (u64::try_from(start).ok()?, whole.get(start..next)?);
            block(table, (bytes, offset), &mut space.marks, found, (look, &mut *state))?;
            start = next;
        }
        return Some(());
    }
    let Space { buffer, marks } = space;
    if buffer.is_empty() {
        buffer.resize(BLOCK, 0);
    }
    let mut checker = Checker::default();
    let mut skips = !is_first;
    let mut room = ROOM;
    while offset < end {
        // The last line of a part reaches into the next one.
        let left = usize::try_from(end.saturating_sub(offset)).ok()?;
        let wanted = left.saturating_add(room).min(BLOCK);
        let count = table.bytes.read_at(offset, buffer.get_mut(..wanted)?);
        let mut read = buffer.get(..count).filter(|read| !read.is_empty())?;
        if skips {
            let Some(behind) = memchr::memchr(b'\n', read) else {
                // A line longer than the room behind a part.
                if wanted == BLOCK || count < wanted {
                    return None;
                }
                room = BLOCK;
                continue;
            };
            let behind = behind.saturating_add(1);
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
            None if count < wanted => read.len(),
            None if wanted < BLOCK => {
                room = BLOCK;
                continue;
            }
            None => return None,
        };
        let read = read.get(..stop)?;
        block(table, (read, offset), marks, found, (look, &mut *state))?;
        if marks.is_strange {
            checker.add(read);
        }
        offset = offset.checked_add(u64::try_from(stop).ok()?)?;
    }
    let check = checker.finish();
    let as_expected = !table.is_utf_8 || (check.is_utf_8 && !check.has_damage);
    (as_expected && !check.has_zeros).then_some(())
}

/// Looks at the lines of one block, which begins at this byte of the file.
fn block<L: Look>(
    table: &Table<'_>,
    block: (&[u8], u64),
    marks: &mut Marks,
    into: &mut Lines<L::Row>,
    look: (&L, &mut L::State),
) -> Option<()> {
    dispatch!(level(), simd => block_with(simd, table, block, marks, into, look))
}

#[inline(always)]
fn block_with<S: Simd, L: Look>(
    simd: S,
    table: &Table<'_>,
    (bytes, offset): (&[u8], u64),
    marks: &mut Marks,
    into: &mut Lines<L::Row>,
    (look, state): (&L, &mut L::State),
) -> Option<()> {
    // Which of two encodings it is, the whole file decides.
    if !table.is_utf_8 && may_be_latin_9(bytes) {
        return None;
    }
    let form = Form { delimiter: table.delimiter, is_utf_8: table.is_utf_8 };
    marks.look(simd, bytes, form)?;
    for found in marks.lines() {
        let end = usize::try_from(*found.ends.last()?).ok()?;
        let whole = bytes.get(found.start..end)?;
        let text = whole.strip_suffix(b"\r").unwrap_or(whole);
        if !text.is_empty() {
            let seen = Cells {
                block: bytes,
                start: found.start,
                end: found.start.wrapping_add(text.len()),
                ends: found.ends,
                text,
                offset: offset.checked_add(u64::try_from(found.start).ok()?)?,
                line: into.count,
                is_tame: found.is_tame,
            };
            let may_be = found.is_simple && found.ends.len() == table.width;
            let plain = if may_be { look.row(simd, state, &seen) } else { None };
            if let Some(plain) = plain {
                into.plain.push(plain);
            } else {
                if !found.is_simple && quote_stays_open(text, table.delimiter) {
                    return None;
                }
                into.others.push((into.count, text.to_vec()));
            }
        }
        into.count = into.count.checked_add(1)?;
    }
    Some(())
}
