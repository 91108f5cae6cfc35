//! The shapes of a table's rows: cells that say the same in most rows (booking text, account,
//! currency), as one number. The general reader sees one row of each.

use foldhash::HashMap;
use foldhash::HashMapExt;

use crate::model::brief::Blocks;
use crate::model::spread;
use crate::readers::tables::brief::scan::Cells;
use crate::readers::tables::brief::scan::Pass;

/// So many shapes stand near.
const NEAR: usize = 1 << 8;

/// More shapes than this are none.
const MOST_SHAPES: usize = 4096;

/// The shapes that one thread has met.
#[derive(Clone, Debug)]
pub(super) struct Shapes<S> {
    columns: Vec<usize>,
    /// The same as runs of neighbours, first and last.
    runs: Vec<(usize, usize)>,
    known: HashMap<Vec<u8>, Option<u16>>,
    /// Cells as they stood in rows seen before, with their shapes, where [`Self::near`] says: mostly the
    /// next row has the same. To find a shape by all its cells took a third as long as to read the
    /// row, where rows of forty accounts stand in turn.
    near: Vec<Option<Seen>>,
    /// Where those of the row before are.
    last: usize,
    scratch: Vec<u8>,
    count: u16,
    /// Those that were met since they were asked for last.
    fresh: Vec<Fresh<S>>,
}

/// Cells as they stood in a row, and the row's shape.
type Seen = (Vec<u8>, Option<u16>);

/// A shape when it is met first.
#[derive(Clone, Debug)]
pub(super) struct Fresh<S> {
    /// The cells that its rows share.
    cells: Vec<u8>,
    /// A full row; its line counts from the part's beginning.
    sample: S,
}

impl<S> Shapes<S> {
    pub(super) fn new(columns: Vec<usize>) -> Self {
        let mut sorted = columns.clone();
        sorted.sort_unstable();
        let runs = sorted.chunk_by(|one, next| next.saturating_sub(*one) == 1);
        let runs = runs.filter_map(|run| Some((*run.first()?, *run.last()?))).collect();
        Self {
            columns,
            runs,
            known: HashMap::new(),
            near: vec![None; NEAR],
            last: 0,
            scratch: Vec::new(),
            count: 0,
            fresh: Vec::new(),
        }
    }

    /// The number of a row's shape; `sample` is asked for a full row when the shape is new, and
    /// answers `None` if rows of this shape are not plain.
    pub(super) fn number(
        &mut self,
        cells: &Cells<'_, '_>,
        sample: impl FnOnce() -> Option<S>,
    ) -> Option<u16> {
        if let Some((_, number)) = self.seen(self.last, cells) {
            return *number;
        }
        let near = self.near(cells);
        self.last = near;
        if let Some((_, number)) = self.seen(near, cells) {
            return *number;
        }
        self.scratch.clear();
        for column in &self.columns {
            self.scratch.extend_from_slice(cells.at(Some(*column)));
            self.scratch.push(b'\n');
        }
        let number = match self.known.get(&self.scratch) {
            Some(number) => *number,
            // A column that says something else in every row makes no shapes.
            None if self.known.len() >= MOST_SHAPES => None,
            None => {
                let number = sample().map(|sample| {
                    let number = self.count;
                    self.count = number.saturating_add(1);
                    self.fresh.push(Fresh { cells: self.scratch.clone(), sample });
                    number
                });
                self.known.insert(self.scratch.clone(), number);
                number
            }
        };
        if let Some(slot) = self.near.get_mut(near) {
            let (text, known) = slot.get_or_insert_default();
            text.clear();
            for (first, last) in &self.runs {
                text.extend_from_slice(cells.run(*first, *last));
                text.push(b'\n');
            }
            *known = number;
        }
        number
    }

    /// The cells there with their shape, if these say the same.
    #[inline]
    fn seen(&self, place: usize, cells: &Cells<'_, '_>) -> Option<&Seen> {
        let seen = self.near.get(place)?.as_ref()?;
        self.says(cells, &seen.0).then_some(seen)
    }

    /// Where cells that say this are, if they were seen before and no others there since.
    fn near(&self, cells: &Cells<'_, '_>) -> usize {
        let mut mixed = 0_u64;
        for (first, last) in &self.runs {
            let own = cells.run(*first, *last);
            let ends = match (own.first_chunk(), own.last_chunk()) {
                (Some(start), Some(end)) => {
                    u64::from_le_bytes(*start) ^ u64::from_le_bytes(*end).rotate_left(7)
                }
                _ => own.iter().fold(0, |all, byte| (all << 8) | u64::from(*byte)),
            };
            mixed = spread::mixed(mixed).rotate_left(23) ^ ends;
        }
        spread::place(mixed, NEAR.ilog2())
    }

    /// Whether a row says this in the columns of the shape.
    fn says(&self, cells: &Cells<'_, '_>, text: &[u8]) -> bool {
        let mut rest = text;
        for (first, last) in &self.runs {
            let own = cells.run(*first, *last);
            match rest.split_at_checked(own.len()) {
                Some((known, [b'\n', others @ ..])) if are_equal(known, own) => rest = others,
                _ => return false,
            }
        }
        rest.is_empty()
    }

    /// The shapes that were met since this was asked last, in the order of their numbers.
    pub(super) fn fresh(&mut self) -> Vec<Fresh<S>> {
        std::mem::take(&mut self.fresh)
    }
}

/// Whether texts of one length are equal. Most are short, and a call for each takes longer than to
/// compare them.
#[inline]
fn are_equal(one: &[u8], other: &[u8]) -> bool {
    if one.len() <= 32
        && let (Some(start), Some(others_start)) = (one.first_chunk::<16>(), other.first_chunk())
        && let (Some(end), Some(others_end)) = (one.last_chunk::<16>(), other.last_chunk())
    {
        return start == others_start && end == others_end;
    }
    if one.len() <= 4 { one.iter().eq(other) } else { one == other }
}

/// Parts of a table, put together one after the other.
#[derive(Debug)]
pub(super) struct Whole<R, S> {
    pub(super) plain: Blocks<R>,
    /// The other lines, with their numbers.
    pub(super) others: Vec<(u32, Vec<u8>)>,
    /// A full row of each shape.
    pub(super) samples: Vec<S>,
    numbers: HashMap<Vec<u8>, u16>,
    /// For every thread, what its shapes' numbers are among all.
    of_workers: Vec<Vec<u16>>,
}

impl<R, S> Default for Whole<R, S> {
    fn default() -> Self {
        Self {
            plain: Blocks::default(),
            others: Vec::new(),
            samples: Vec::new(),
            numbers: HashMap::new(),
            of_workers: Vec::new(),
        }
    }
}

impl<R: Copy, S> Whole<R, S> {
    /// Adds the next part with the shapes that its thread has met in it: `moved` gives a row so many
    /// lines further down and of another shape than the one it has, `move_by` moves a sample by so
    /// many lines. `None` if there are too many shapes or lines.
    pub(super) fn add<F>(
        &mut self,
        part: &mut Pass<R, F>,
        fresh: Vec<Fresh<S>>,
        shape: impl Fn(&R) -> u16,
        moved: impl Fn(R, u32, u16) -> Option<R>,
        move_by: impl Fn(&mut S, u32),
    ) -> Option<()> {
        while self.of_workers.len() <= part.worker {
            self.of_workers.push(Vec::new());
        }
        let own = self.of_workers.get_mut(part.worker)?;
        for Fresh { cells, mut sample } in fresh {
            let next = u16::try_from(self.samples.len()).ok()?;
            let number = *self.numbers.entry(cells).or_insert(next);
            if number == next {
                move_by(&mut sample, part.first_line);
                self.samples.push(sample);
            }
            own.push(number);
        }
        for row in &part.plain {
            let number = *own.get(usize::from(shape(row)))?;
            self.plain.push(moved(*row, part.first_line, number)?);
        }
        self.others.append(&mut part.others);
        Some(())
    }
}
