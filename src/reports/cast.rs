//! A row that many others are like: what all of them have, with gaps for what each has of its own.

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

    /// Puts a row; `put_own` puts its own values.
    #[inline]
    pub(crate) fn put(&self, row: &mut Vec<u8>, mut put_own: impl FnMut(V, &mut Vec<u8>)) {
        let mut from = 0_usize;
        for (end, value) in &self.gaps {
            put_piece(self.text.get(from..*end).unwrap_or_default(), row);
            put_own(*value, row);
            from = *end;
        }
        put_piece(self.text.get(from..).unwrap_or_default(), row);
    }
}

/// A piece; mostly it is a comma.
fn put_piece(piece: &[u8], row: &mut Vec<u8>) {
    match piece {
        [] => {}
        [byte] => row.push(*byte),
        bytes => row.extend_from_slice(bytes),
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
        for _ in 0..2 {
            let mut row = b"x".to_vec();
            cast.put(&mut row, |value, row| row.extend_from_slice(value.to_string().as_bytes()));
            assert_eq!(row, b"xa,bc end");
        }
    }
}
