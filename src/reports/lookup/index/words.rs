//! The words of all names: sorted, each with what it looks and sounds like and the payments it
//! occurs in.

use std::cmp::Ordering;

use crate::reports::lookup::index::Unfit;
use crate::reports::lookup::index::blocks::Blocks;
use crate::reports::lookup::index::keys::letters;
use crate::reports::lookup::index::keys::sound;
use crate::reports::lookup::index::layout::POSTING_ROW;
use crate::reports::lookup::index::layout::Places;
use crate::reports::lookup::index::layout::WORD_ROW;
use crate::reports::lookup::index::layout::take_u32;
use crate::reports::lookup::index::layout::take_u64;
use crate::reports::lookup::search::SHORTEST_START;
use crate::reports::lookup::search::alike;
use crate::reports::lookup::search::slips;

/// Rows read at a time when all words are looked at.
const ROWS: u64 = 4096;

/// All words of an index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a> {
    pub(super) blocks: &'a Blocks,
    pub(super) places: &'a Places,
    pub(super) count: u64,
}

/// A row of the table of words.
#[derive(Clone, Copy, Debug)]
struct Row {
    text: u64,
    length: u64,
    letters: u32,
    sound: u32,
    postings: u64,
    count: u64,
}

impl Row {
    fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Unfit> {
        let (text, rest) = take_u32(bytes)?;
        let (length, rest) = take_u32(rest)?;
        let (letters, rest) = take_u32(rest)?;
        let (sound, rest) = take_u32(rest)?;
        let (postings, rest) = take_u64(rest)?;
        let (count, rest) = take_u32(rest)?;
        let (text, length, count) = (u64::from(text), u64::from(length), u64::from(count));
        Ok((Self { text, length, letters, sound, postings, count }, rest))
    }
}

impl Words<'_> {
    /// The payments in whose names `word` stands, in their order.
    pub(super) fn equal(&self, word: &str) -> Result<Vec<u32>, Unfit> {
        let at = self.first(|own| own < word.as_bytes())?;
        if at >= self.count {
            return Ok(Vec::new());
        }
        let row = self.row(at)?;
        if self.text(row)? == word.as_bytes() { self.postings(row, row) } else { Ok(Vec::new()) }
    }

    /// The payments in whose names a word begins with `start`, in their order.
    pub(super) fn beginning(&self, start: &str) -> Result<Vec<u32>, Unfit> {
        let start = start.as_bytes();
        if start.len() < SHORTEST_START {
            return Ok(Vec::new());
        }
        let first = self.first(|own| own < start)?;
        let end = self.first(|own| own < start || own.starts_with(start))?;
        if first >= end {
            return Ok(Vec::new());
        }
        let mut payments = self.postings(self.row(first)?, self.row(end.saturating_sub(1))?)?;
        payments.sort_unstable();
        payments.dedup();
        Ok(payments)
    }

    /// For each wanted word the payments in whose names a word is like it, in their order.
    pub(super) fn similar(&self, wanted: &[String]) -> Result<Vec<Vec<u32>>, Unfit> {
        let mut likenesses: Vec<Likeness<'_>> =
            wanted.iter().map(|word| Likeness::of(word)).collect();
        let mut from = 0;
        while from < self.count {
            let rows = ROWS.min(self.count.saturating_sub(from));
            self.similar_among(from, rows, &mut likenesses)?;
            from = from.saturating_add(rows);
        }
        Ok(likenesses
            .into_iter()
            .map(|likeness| {
                let mut payments = likeness.payments;
                payments.sort_unstable();
                payments.dedup();
                payments
            })
            .collect())
    }

    fn similar_among(
        &self,
        from: u64,
        rows: u64,
        likenesses: &mut [Likeness<'_>],
    ) -> Result<(), Unfit> {
        let start = self.row_place(from)?;
        let bytes = self.blocks.read(start, rows.saturating_mul(WORD_ROW))?;
        let mut rest = bytes.as_slice();
        for _ in 0..rows {
            let (row, after) = Row::read(rest)?;
            rest = after;
            for likeness in likenesses.iter_mut() {
                if likeness.may_fit(&row) {
                    let text = self.text(row)?;
                    let text = std::str::from_utf8(&text).map_err(|_| Unfit::Damaged)?;
                    if alike(text, likeness.word) {
                        likeness.payments.extend(self.postings(row, row)?);
                    }
                }
            }
        }
        Ok(())
    }

    /// Number of the first word that is not `before`; all words that are stand in front.
    fn first(&self, before: impl Fn(&[u8]) -> bool) -> Result<u64, Unfit> {
        first(self.count, |at| {
            let text = self.text(self.row(at)?)?;
            Ok(if before(&text) { Ordering::Less } else { Ordering::Greater })
        })
    }

    fn row_place(&self, at: u64) -> Result<u64, Unfit> {
        let offset = at.checked_mul(WORD_ROW).ok_or(Unfit::Damaged)?;
        self.places.words.checked_add(offset).ok_or(Unfit::Damaged)
    }

    fn row(&self, at: u64) -> Result<Row, Unfit> {
        let bytes = self.blocks.read(self.row_place(at)?, WORD_ROW)?;
        Ok(Row::read(&bytes)?.0)
    }

    fn text(&self, row: Row) -> Result<Vec<u8>, Unfit> {
        let start = self.places.letters.checked_add(row.text).ok_or(Unfit::Damaged)?;
        let end = start.saturating_add(row.length);
        if end > self.places.postings {
            return Err(Unfit::Damaged);
        }
        self.blocks.read(start, row.length)
    }

    /// The payments of all words from `first` to `last`.
    fn postings(&self, first: Row, last: Row) -> Result<Vec<u32>, Unfit> {
        let end = last.postings.checked_add(last.count).ok_or(Unfit::Damaged)?;
        let count = end.checked_sub(first.postings).ok_or(Unfit::Damaged)?;
        let offset = first.postings.checked_mul(POSTING_ROW).ok_or(Unfit::Damaged)?;
        let start = self.places.postings.checked_add(offset).ok_or(Unfit::Damaged)?;
        let length = count.checked_mul(POSTING_ROW).ok_or(Unfit::Damaged)?;
        let bytes = self.blocks.read(start, length)?;
        let (numbers, _) = bytes.as_chunks();
        Ok(numbers.iter().map(|number| u32::from_le_bytes(*number)).collect())
    }
}

/// What a word that is like the wanted one has to look or sound like.
struct Likeness<'a> {
    word: &'a str,
    letters: u32,
    sound: u32,
    slips: usize,
    payments: Vec<u32>,
}

impl<'a> Likeness<'a> {
    fn of(word: &'a str) -> Self {
        let (letters, sound) = (letters(word), sound(word));
        Self { word, letters, sound, slips: slips(word), payments: Vec::new() }
    }

    /// Cheap, and never wrong when it says no.
    fn may_fit(&self, row: &Row) -> bool {
        if row.sound == self.sound {
            return true;
        }
        let slips = u64::try_from(self.slips).unwrap_or(u64::MAX);
        let wanted = u64::try_from(self.word.len()).unwrap_or(u64::MAX);
        let changed = (row.letters ^ self.letters).count_ones();
        row.length.abs_diff(wanted) <= slips && u64::from(changed) <= slips.saturating_mul(2)
    }
}

/// The first of `count` places that is not `Less`; all that are stand in front.
pub(super) fn first(
    count: u64,
    side: impl Fn(u64) -> Result<Ordering, Unfit>,
) -> Result<u64, Unfit> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if side(middle)? == Ordering::Less {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    Ok(low)
}
