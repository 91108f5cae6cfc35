//! How long references are: mostly all of a month have one of a few lengths, so that most words of a
//! text need not be looked up.

/// Which lengths there are (in bytes of a [`crate::model::text::reference_key`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    /// A bit for each; those from 63 on have the same.
    bits: u64,
    longest: usize,
}

impl Lengths {
    const fn bit(length: usize) -> u64 {
        1 << if length < 63 { length } else { 63 }
    }

    /// Adds a length.
    pub const fn add(&mut self, length: usize) {
        self.bits |= Self::bit(length);
        if length > self.longest {
            self.longest = length;
        }
    }

    /// Whether there may be references of this length.
    pub const fn may_have(self, length: usize) -> bool {
        self.bits & Self::bit(length) != 0 && length <= self.longest
    }

    /// No reference is longer.
    pub const fn longest(self) -> usize {
        self.longest
    }

    /// Those that are here or there.
    #[must_use]
    pub fn with(self, others: Self) -> Self {
        Self { bits: self.bits | others.bits, longest: self.longest.max(others.longest) }
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
            (&[63], 63),
            (&[5, 400], 400),
        ] {
            let mut lengths = Lengths::default();
            for length in added {
                lengths.add(*length);
            }
            assert_eq!(lengths.longest(), longest, "{added:?}");
            for length in 0..500 {
                let is_like = |own: &usize| *own == length || (*own).min(length) > 62;
                let expected = length <= longest && added.iter().any(is_like);
                assert_eq!(lengths.may_have(length), expected, "{added:?} {length}");
            }
            assert_eq!(Lengths::default().with(lengths), lengths);
        }
    }
}
