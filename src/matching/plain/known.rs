//! Sets that are asked a million times for what they mostly do not have.

use std::hash::Hash;

use foldhash::HashSet;
use foldhash::HashSetExt;

use crate::model::amount::Amount;
use crate::model::brief::Day;
use crate::model::brief::Key;
use crate::model::brief::ShortKey;

/// A number for what is asked for; unequal things may have the same.
pub(super) trait Mark {
    fn mark(&self) -> u64;
}

/// Spreads the bits of a number that are not spread yet.
fn spread(bits: u64) -> u64 {
    let spread = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    spread ^ (spread >> 29)
}

impl Mark for Key {
    fn mark(&self) -> u64 {
        // Its lowest bits are none.
        self.bits().rotate_left(32)
    }
}

impl Mark for ShortKey {
    fn mark(&self) -> u64 {
        spread(u64::from(self.bits()))
    }
}

impl Mark for (Key, Amount) {
    fn mark(&self) -> u64 {
        spread(self.0.bits() ^ self.1.cents().cast_unsigned().rotate_left(32))
    }
}

impl Mark for (Key, Amount, Day) {
    fn mark(&self) -> u64 {
        self.0.mark()
    }
}

impl Mark for (Amount, Day) {
    fn mark(&self) -> u64 {
        spread(
            u64::from(self.1.number().cast_unsigned())
                ^ self.0.cents().cast_unsigned().rotate_left(32),
        )
    }
}

/// A bit for every mark: small enough to stay in a processor's cache, where the sets are not. What
/// has no bit is in no set, which is the answer nearly every time.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    bits: Vec<u64>,
}

impl Marks {
    /// The marks of so many things at most, sixteen bits for each.
    pub(super) fn new(all: impl Iterator<Item = impl Mark>, count: usize) -> Self {
        let words = count.saturating_mul(16).div_ceil(64).next_power_of_two();
        let mut marks = Self { bits: vec![0; if count == 0 { 0 } else { words }] };
        for one in all {
            let place = marks.place(&one);
            if let Some((word, bit)) =
                place.and_then(|(at, bit)| Some((marks.bits.get_mut(at)?, bit)))
            {
                *word |= bit;
            }
        }
        marks
    }

    fn place(&self, one: &impl Mark) -> Option<(usize, u64)> {
        let mark = one.mark();
        let word = usize::try_from(mark >> 6).ok()? & self.bits.len().checked_sub(1)?;
        Some((word, 1 << (mark & 63)))
    }

    /// Whether it may be one of those.
    pub(super) fn may_have(&self, one: &impl Mark) -> bool {
        let word = self.place(one).and_then(|(at, bit)| Some(self.bits.get(at)? & bit));
        word.is_some_and(|word| word != 0)
    }
}

/// A set with its marks.
#[derive(Clone, Debug)]
pub(super) struct Known<T> {
    marks: Marks,
    all: HashSet<T>,
}

impl<T: Mark + Copy + Eq + Hash> Known<T> {
    pub(super) fn new(all: impl ExactSizeIterator<Item = T>) -> Self {
        // Some are said several times.
        let mut own = HashSet::with_capacity(all.len());
        own.extend(all);
        Self { marks: Marks::new(own.iter().copied(), own.len()), all: own }
    }

    pub(super) fn has(&self, one: &T) -> bool {
        self.marks.may_have(one) && self.all.contains(one)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::brief::Keys;

    #[test]
    fn nothing_is_forgotten_and_little_is_asked_for_in_vain() {
        let keys = Keys::default();
        let key = |number: usize| keys.reference(&format!("A{number}"));
        for count in [0, 1, 5, 1000] {
            let known = Known::new((0..count).map(key));
            assert!((0..count).all(|number| known.has(&key(number))), "{count}");
            assert!((count..9000).all(|number| !known.has(&key(number))), "{count}");
            let vain = (count..9000).filter(|number| known.marks.may_have(&key(*number)));
            assert!(vain.count() < 1500, "{count}");
            assert_eq!(known.is_empty(), count == 0);
        }
    }
}
