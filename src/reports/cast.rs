//! A row that many others are like: what all of them have, with gaps for what each has of its own.

use crate::reports::ink::Ink;
use crate::reports::ink::TOGETHER;

/// What all rows have, and the gaps between.
#[derive(Clone, Debug)]
pub(crate) struct Cast<V> {
    /// What all rows have, one piece behind the other.
    pub(crate) text: Vec<u8>,
    /// Where the gaps are, and what belongs there.
    gaps: Vec<(usize, V)>,
}

impl<V: Copy> Cast<V> {
    pub(crate) const fn new() -> Self {
        Self { text: Vec::new(), gaps: Vec::new() }
    }

    /// A row has this value of its own behind the text so far.
    pub(crate) fn gap(&mut self, value: V) {
        self.gaps.push((self.text.len(), value));
    }

    /// The values that a row has of its own, in their order.
    pub(crate) fn values(&self) -> impl Iterator<Item = V> {
        self.gaps.iter().map(|(_, value)| *value)
    }

    /// What is written into when there are no more gaps to come.
    pub(crate) fn done(self) -> Mould<V> {
        let mut from = 0_usize;
        let mut piece = |end: usize| {
            let length = end.saturating_sub(from);
            from = end;
            length
        };
        let gaps = self.gaps.iter().map(|(end, value)| (piece(*end), *value)).collect();
        let last = piece(self.text.len());
        // Pieces are copied with what is behind them.
        let text = [self.text.as_slice(), &[0; TOGETHER]].concat();
        Mould { text, gaps, last }
    }
}

/// A cast that rows are made of.
#[derive(Clone, Debug)]
pub(crate) struct Mould<V> {
    /// The pieces behind each other, and some bytes more.
    text: Vec<u8>,
    /// The length of the piece before each gap, and what belongs into the gap.
    gaps: Vec<(usize, V)>,
    /// The length of the last piece.
    last: usize,
}

impl<V: Copy> Mould<V> {
    /// Puts a row; `put_own` puts its own values.
    #[inline]
    pub(crate) fn put<I: Ink>(&self, row: &mut I, mut put_own: impl FnMut(V, &mut I)) {
        let mut rest = self.text.as_slice();
        for (length, value) in &self.gaps {
            row.put_first(rest, *length);
            rest = rest.get(*length..).unwrap_or_default();
            put_own(*value, row);
        }
        row.put_first(rest, self.last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_their_gaps() {
        let mut cast = Cast::new();
        cast.gap('a');
        cast.text.push(b',');
        cast.gap('b');
        cast.gap('c');
        cast.text.extend_from_slice(b" end");
        assert_eq!(cast.values().collect::<String>(), "abc");
        let mould = cast.done();
        for _ in 0..2 {
            let mut row = b"x".to_vec();
            mould.put(&mut row, |value, row| row.extend_from_slice(value.to_string().as_bytes()));
            assert_eq!(row, b"xa,bc end");
        }
    }
}
