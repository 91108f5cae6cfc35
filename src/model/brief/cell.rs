//! Cells as they stand in a file.

use std::ops::Range;

/// A cell as it stands: the first ones of some bytes. What is behind them lets it be copied without
/// asking how long it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cell<'a> {
    from: &'a [u8],
    length: usize,
}

impl<'a> Cell<'a> {
    /// These bytes of a row, or of a row and more.
    #[inline]
    pub fn new(row: &'a [u8], place: Range<usize>) -> Option<Self> {
        let from = row.get(place.start..)?;
        let length = place.len();
        (length <= from.len()).then_some(Self { from, length })
    }

    /// Its bytes.
    #[inline]
    pub fn bytes(self) -> &'a [u8] {
        self.from.get(..self.length).unwrap_or_default()
    }

    /// Its bytes and what is behind them, and how many are its own.
    #[inline]
    pub const fn with_behind(self) -> (&'a [u8], usize) {
        (self.from, self.length)
    }

    /// Whether it has no bytes.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.length == 0
    }
}

impl PartialEq for Cell<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Cell<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_some_bytes_of_a_row() {
        let row = b"ab;cd;e";
        let cell = Cell::new(row, 3..5).unwrap();
        assert_eq!((cell.bytes(), cell.with_behind()), (&b"cd"[..], (&b"cd;e"[..], 2)));
        assert_eq!(cell, Cell::new(b"cd", 0..2).unwrap());
        assert!(Cell::new(row, 7..7).unwrap().is_empty() && Cell::default().is_empty());
        assert_eq!((Cell::new(row, 6..8), Cell::new(row, 8..9)), (None, None));
    }
}
