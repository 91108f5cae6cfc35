//! Chance that comes out the same on every machine.

/// A small generator of pseudo-random whole numbers (the mixing steps of `SplitMix64`): any
/// payment can be made again from the seed and its number, so nothing has to be kept.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of one subject (a payment, a day) under a seed.
    pub const fn new(seed: u64, subject: u64) -> Self {
        Self(mix(seed ^ mix(subject.wrapping_add(0x9E37_79B9_7F4A_7C15))))
    }

    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number from 0 to `bound` - 1; 0 for the bound 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        // The upper half of the product is even enough for test data.
        ((self.next() as u128 * bound as u128) >> 64) as u64
    }

    /// Happens in so many of ten thousand cases.
    pub const fn happens(&mut self, per_ten_thousand: u64) -> bool {
        self.below(10_000) < per_ten_thousand
    }

    /// One of the values.
    pub fn pick<'a, T: ?Sized>(&mut self, values: &'a [&'a T]) -> Option<&'a T> {
        let count = u64::try_from(values.len()).unwrap_or(0);
        usize::try_from(self.below(count)).ok().and_then(|index| values.get(index)).copied()
    }

    /// One of the texts; empty if there are none.
    pub fn text(&mut self, values: &'static [&'static str]) -> &'static str {
        self.pick(values).unwrap_or("")
    }
}

const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let draw = |seed, subject| {
            let mut random = Random::new(seed, subject);
            [random.below(1000), random.below(1000), random.below(1000)]
        };
        assert_eq!(draw(7, 3), draw(7, 3));
        assert_ne!(draw(7, 3), draw(7, 4));
        assert_ne!(draw(7, 3), draw(8, 3));
    }

    #[test]
    fn numbers_stay_below_their_bound() {
        let mut random = Random::new(1, 1);
        let mut seen = [0; 10];
        for _ in 0..10_000 {
            seen[usize::try_from(random.below(10)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|count| (800..1200).contains(count)), "{seen:?}");
    }
}
