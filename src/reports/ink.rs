//! What rows are written with: a text that grows, or a line of fixed length.
//!
//! The pieces of a row are short. To ask each how long it is, and to call for a copy of just so many
//! bytes, took as long as all the rest of a row; a line copies thirty-two and counts those that were
//! meant, and the next piece is written over the others.

use crate::model::brief::as_numbers;

/// Takes the pieces of a row.
pub(crate) trait Ink {
    /// Puts a piece.
    fn put(&mut self, piece: &[u8]);

    /// Puts the first ones of these bytes; it may look at all of them.
    fn put_first(&mut self, bytes: &[u8], length: usize);

    /// The same of a number's bytes, of which the lowest is the first.
    fn put_word(&mut self, word: u128, length: usize);
}

impl Ink for Vec<u8> {
    fn put(&mut self, piece: &[u8]) {
        self.extend_from_slice(piece);
    }

    fn put_first(&mut self, bytes: &[u8], length: usize) {
        self.extend_from_slice(bytes.get(..length).unwrap_or(bytes));
    }

    fn put_word(&mut self, word: u128, length: usize) {
        self.put_first(&word.to_le_bytes(), length);
    }
}

/// Bytes of a line; longer ones are written in another way.
const ROOM: usize = 1 << 12;

/// Bytes that are copied together.
pub(crate) const TOGETHER: usize = 32;

/// A row of limited length.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    bytes: Box<[u8; ROOM]>,
    /// How many are written; more than there is room for if the row is too long.
    length: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self { bytes: Box::new([0; ROOM]), length: 0 }
    }
}

impl Line {
    /// Adds the row to a text and begins the next one; `None` and nothing added if it was too long.
    #[inline]
    pub(crate) fn end(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let row = self.bytes.get(..std::mem::take(&mut self.length))?;
        text.extend_from_slice(row);
        Some(())
    }

    #[inline]
    fn slot<const N: usize>(&mut self, from: usize) -> Option<&mut [u8; N]> {
        self.bytes.get_mut(from..)?.first_chunk_mut()
    }

    #[inline(never)]
    fn put_exactly(&mut self, piece: &[u8]) {
        let end = self.length.saturating_add(piece.len());
        if let Some(slot) = self.bytes.get_mut(self.length..end) {
            slot.copy_from_slice(piece);
        }
        self.length = end;
    }
}

impl Ink for Line {
    #[inline]
    fn put(&mut self, piece: &[u8]) {
        match as_numbers(piece) {
            Some([word, _]) if piece.len() <= 16 => self.put_word(word, piece.len()),
            _ => self.put_exactly(piece),
        }
    }

    #[inline]
    fn put_first(&mut self, bytes: &[u8], length: usize) {
        let piece: Option<&[u8; TOGETHER]> = bytes.first_chunk();
        match (piece, self.slot(self.length)) {
            (Some(piece), Some(slot)) if length <= TOGETHER => {
                *slot = *piece;
                self.length = self.length.wrapping_add(length);
            }
            _ => self.put_exactly(bytes.get(..length).unwrap_or_default()),
        }
    }

    #[inline]
    fn put_word(&mut self, word: u128, length: usize) {
        match self.slot(self.length) {
            Some(slot) => {
                *slot = word.to_le_bytes();
                self.length = self.length.wrapping_add(length);
            }
            None => self.put_exactly(word.to_le_bytes().get(..length).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(ink: &mut impl Ink, rounds: usize) {
        let text: Vec<u8> = (b' '..=b'~').collect();
        for round in 0..rounds {
            ink.put(&text[..round % 40]);
            ink.put_first(&text[round % 60..], round % 35);
            ink.put_word(u128::from_le_bytes(*b"0123456789abcdef"), round % 17);
        }
    }

    #[test]
    fn lines_are_what_texts_are() {
        let (mut line, mut all) = (Line::default(), Vec::new());
        for rounds in 0..90 {
            let mut row = Vec::new();
            write(&mut row, rounds);
            write(&mut line, rounds);
            let before = all.len();
            let ended = line.end(&mut all);
            assert_eq!(ended.is_some(), row.len() <= ROOM, "{rounds}");
            assert_eq!(&all[before..], if ended.is_some() { row.as_slice() } else { b"" });
        }
        assert!(all.len() > ROOM);
    }
}
