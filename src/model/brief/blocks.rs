//! Rows in blocks: nothing is moved when they become more, and when they become smaller a block's
//! memory is given back before the next one is begun.

use crate::model::together;

/// Rows in their order, so many a block.
#[derive(Clone, Debug)]
pub struct Blocks<R> {
    /// All but the last are full.
    blocks: Vec<Vec<R>>,
}

impl<R> Default for Blocks<R> {
    fn default() -> Self {
        Self { blocks: Vec::new() }
    }
}

impl<R> Blocks<R> {
    /// Rows of a block.
    const ROWS: usize = 1 << 15;

    /// How many rows there are.
    pub fn len(&self) -> usize {
        let full = self.blocks.len().saturating_sub(1).saturating_mul(Self::ROWS);
        self.blocks.last().map_or(0, |last| full.saturating_add(last.len()))
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Adds a row.
    #[inline]
    pub fn push(&mut self, row: R) {
        match self.blocks.last_mut().filter(|last| last.len() < Self::ROWS) {
            Some(last) => last.push(row),
            None => self.begin(row),
        }
    }

    /// Begins a block with this row. Only the first may stay small.
    #[cold]
    fn begin(&mut self, row: R) {
        let room = if self.blocks.is_empty() { 1 } else { Self::ROWS };
        let mut block = Vec::with_capacity(room);
        block.push(row);
        self.blocks.push(block);
    }

    /// A row by its number.
    #[inline]
    pub fn get(&self, number: usize) -> Option<&R> {
        self.blocks.get(number / Self::ROWS)?.get(number % Self::ROWS)
    }

    /// The rows, block by block.
    pub fn blocks(&self) -> impl Iterator<Item = &[R]> + Clone {
        self.blocks.iter().map(Vec::as_slice)
    }

    /// The rows.
    pub fn iter(&self) -> impl Iterator<Item = &R> + Clone {
        self.blocks.iter().flatten()
    }

    /// The rows, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut R> {
        self.blocks.iter_mut().flatten()
    }
}

impl<R: Send> Blocks<R> {
    /// What `make` makes of every row; threads share the blocks, each of which is gone as soon as
    /// its successor is there.
    pub fn map<T: Send>(self, threads: usize, make: impl Fn(&R) -> T + Sync) -> Blocks<T> {
        // Not turned into the new rows where they stand: that would keep the room of the old ones.
        let block = |rows: Vec<R>| rows.iter().map(&make).collect::<Vec<T>>();
        Blocks { blocks: together::map_taking(self.blocks, threads, block) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_numbers() {
        let full = Blocks::<u32>::ROWS;
        for count in [0, 1, 100, full - 1, full, full + 1, 3 * full, 3 * full + 7] {
            let numbers = || 0..u32::try_from(count).unwrap();
            let mut rows = Blocks::default();
            numbers().for_each(|number| rows.push(number));
            assert_eq!((rows.len(), rows.is_empty()), (count, count == 0));
            assert!(rows.iter().copied().eq(numbers()));
            assert!(rows.blocks().flatten().copied().eq(numbers()));
            assert!((0..count).all(|row| rows.get(row).copied() == u32::try_from(row).ok()));
            assert_eq!(rows.get(count), None);
            rows.iter_mut().for_each(|row| *row += 1);
            for threads in [1, 2, 8] {
                let made = rows.clone().map(threads, |row| u64::from(*row) * 2);
                assert_eq!(made.len(), count);
                assert!(made.iter().copied().eq(numbers().map(|row| u64::from(row + 1) * 2)));
            }
        }
    }
}
