//! Sixty-four bytes looked at together, in the widest registers that the processor has.
//!
//! What is called with a value of `S` is inlined into the place that asked for the registers
//! (`dispatch!`), so that all of it is compiled for them.

use fearless_simd::Level;
use fearless_simd::Simd;
use fearless_simd::prelude::SimdBase;
use fearless_simd::prelude::SimdFrom;
use fearless_simd::prelude::SimdMask;
use fearless_simd::u8x64;

/// Bytes that are looked at together.
pub(crate) const TOGETHER: usize = 64;

/// The widest registers that the processor has, up to those of AVX2: what is behind them could not
/// be tested where this was written.
#[inline]
pub(crate) fn level() -> Level {
    let level = Level::new();
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    let level = level.as_avx2().map_or(level, Simd::level);
    level
}

/// All kinds of registers that this processor has, for tests.
#[cfg(test)]
pub(crate) fn levels() -> Vec<Level> {
    let mut all = vec![level(), Level::baseline()];
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    all.extend(level().as_sse4_2().map(Simd::level));
    all
}

/// Sixty-four bytes in registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Together<S: Simd>(u8x64<S>);

impl<S: Simd> Together<S> {
    #[inline(always)]
    pub(crate) fn new(simd: S, bytes: &[u8; TOGETHER]) -> Self {
        Self(u8x64::simd_from(simd, *bytes))
    }

    /// A bit for every byte that is the other's.
    #[inline(always)]
    pub(crate) fn equal_to(self, other: Self) -> u64 {
        self.0.simd_eq(other.0).to_bitmask()
    }

    /// A bit for every byte that is this one.
    #[inline(always)]
    pub(crate) fn equal(self, byte: u8) -> u64 {
        self.0.simd_eq(byte).to_bitmask()
    }

    /// A bit for every byte from this one up to that one.
    #[inline(always)]
    pub(crate) fn among(self, first: u8, last: u8) -> u64 {
        (self.0 - first).simd_le(last.saturating_sub(first)).to_bitmask()
    }
}

/// Letters of U+00C0 to U+017F in UTF-8, whose first byte is 0xC3 to 0xC5.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Latin {
    /// The first bytes of letters.
    leads: u64,
    /// Bytes that follow a first byte of any character.
    follows: u64,
}

impl Latin {
    /// Looks for them.
    #[inline(always)]
    pub(crate) fn of<S: Simd>(bytes: Together<S>) -> Self {
        Self { leads: bytes.among(0xc3, 0xc5), follows: bytes.among(0x80, 0xbf) }
    }

    /// Whether these bytes are such letters, all of them whole but for the last one; `after_lead` is
    /// 1 if the bytes before end with a first byte.
    #[inline]
    pub(crate) const fn are(self, bytes: u64, after_lead: u64) -> bool {
        self.follows == (self.leads << 1) | after_lead && bytes == self.leads | self.follows
    }

    /// 1 if the last byte is the first of a letter.
    #[inline]
    pub(crate) const fn lead_at_end(self) -> u64 {
        self.leads >> (TOGETHER - 1)
    }
}

#[cfg(test)]
mod tests {
    use fearless_simd::dispatch;

    use super::*;

    #[test]
    fn bits_are_those_of_the_bytes() {
        for level in levels() {
            for first in 0..=u8::MAX {
                let mut bytes = [0; TOGETHER];
                for (byte, value) in bytes.iter_mut().zip((0..=u8::MAX).cycle().skip(first.into()))
                {
                    *byte = value;
                }
                let expected = |is: fn(u8) -> bool| {
                    bytes.iter().rev().fold(0, |bits, byte| (bits << 1) | u64::from(is(*byte)))
                };
                let equal = dispatch!(level, simd => Together::new(simd, &bytes).equal(b'"'));
                assert_eq!(equal, expected(|byte| byte == b'"'));
                for (first, last, is) in [
                    (b'0', b'9', (|byte| byte.is_ascii_digit()) as fn(u8) -> bool),
                    (0xfe, 0xff, |byte| byte >= 0xfe),
                    (0x80, 0xff, |byte| !byte.is_ascii()),
                ] {
                    let among =
                        dispatch!(level, simd => Together::new(simd, &bytes).among(first, last));
                    assert_eq!(among, expected(is));
                }
            }
        }
    }
}
