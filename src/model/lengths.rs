//! How long references are: mostly all of a month have one of a few lengths, so that most words of a
//! text need not be looked up.

/// Which lengths there are (in bytes of a [`crate::model::text::reference_key`]): a bit for each, those
/// from 63 on have the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lengths(u64);

impl Lengths {
    /// The last bit.
    const MOST: usize = 63;

    const fn bit(length: usize) -> u64 {
        1 << if length < Self::MOST { length } else { Self::MOST }
    }

    /// Adds a length.
    pub const fn add(&mut self, length: usize) {
        self.0 |= Self::bit(length);
    }

    /// Whether there may be references of this length.
    pub const fn may_have(self, length: usize) -> bool {
        self.0 & Self::bit(length) != 0
    }

    /// No reference is longer.
    pub fn longest(self) -> usize {
        match self.0.checked_ilog2().and_then(|bit| usize::try_from(bit).ok()) {
            None => 0,
            Some(Self::MOST) => usize::MAX,
            Some(length) => length,
        }
    }

    /// Those that are here or there.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_known() {
        for (added, longest) in [
            (&[] as &[usize], 0),
            (&[0], 0),
            (&[7, 3], 7),
            (&[62], 62),
            (&[63], usize::MAX),
            (&[5, 400], usize::MAX),
        ] {
            let mut lengths = Lengths::default();
            for length in added {
                lengths.add(*length);
            }
            assert_eq!(lengths.longest(), longest, "{added:?}");
            for length in 0..500 {
                let expected = added.iter().any(|own| *own == length || (*own).min(length) > 62);
                assert_eq!(lengths.may_have(length), expected, "{added:?} {length}");
                assert!(length <= longest || !expected);
            }
            assert_eq!(Lengths::default().with(lengths), lengths);
        }
    }
}
