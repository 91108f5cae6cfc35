//! Where something stands in a small table of what was seen last: a place that follows from a number.

/// The number mixed, so that its first bits depend on all of its bits.
#[inline]
pub const fn mixed(number: u64) -> u64 {
    // The golden ratio (Fibonacci hashing).
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The place of a number in a table of 2 to the power of `bits` places.
#[inline]
pub fn place(number: u64, bits: u32) -> usize {
    let first = mixed(number).checked_shr(u64::BITS.saturating_sub(bits)).unwrap_or(0);
    usize::try_from(first).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_somebodys() {
        for bits in [0, 1, 6, 10] {
            let mut seen = vec![false; 1 << bits];
            (0..20_000).for_each(|number| seen[place(number, bits)] = true);
            assert!(seen.into_iter().all(|seen| seen), "{bits}");
        }
    }
}
