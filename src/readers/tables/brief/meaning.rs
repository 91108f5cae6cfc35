//! The bytes of a table that mean something, a bit for each of sixty-four.

use fearless_simd::Simd;

use crate::readers::bits::Together;

/// The bytes that mean something, a bit each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits {
    pub(super) delimiters: u64,
    pub(super) line_ends: u64,
    pub(super) quotes: u64,
    pub(super) returns: u64,
    /// Neither of these nor printable ASCII.
    pub(super) others: u64,
}

impl Bits {
    /// `QUOTES` and `RETURNS` are whether there are any at all.
    #[inline(always)]
    pub(super) fn of<S: Simd, const QUOTES: bool, const RETURNS: bool>(
        bytes: Together<S>,
        delimiter: u8,
    ) -> Self {
        let delimiters = bytes.equal(delimiter);
        let line_ends = bytes.equal(b'\n');
        let returns = if RETURNS { bytes.equal(b'\r') } else { 0 };
        let printable = bytes.among(b' ', b'~');
        Self {
            delimiters,
            line_ends,
            quotes: if QUOTES { bytes.equal(b'"') } else { 0 },
            returns,
            others: !(printable | delimiters | line_ends | returns),
        }
    }
}

/// Which bits have an odd number of quotation marks up to and with themselves.
pub(super) const fn inside(quotes: u64) -> u64 {
    let mut inside = quotes;
    inside ^= inside << 1;
    inside ^= inside << 2;
    inside ^= inside << 4;
    inside ^= inside << 8;
    inside ^= inside << 16;
    inside ^ (inside << 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_inside_of_quotation_marks() {
        for quotes in [0, 1, 0b1001, 0b0110_0010, 1 << 63, u64::MAX, 0x8000_0000_0001_0000] {
            let mut is_inside = false;
            let expected = (0..64).fold(0_u64, |bits, bit| {
                is_inside ^= quotes >> bit & 1 == 1;
                bits | u64::from(is_inside) << bit
            });
            assert_eq!(inside(quotes), expected, "{quotes:b}");
        }
    }
}
