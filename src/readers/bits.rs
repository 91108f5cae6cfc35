//! Sixteen and sixty-four bytes looked at together.

use wide::u8x16;

/// Bytes that are looked at together.
pub(crate) const TOGETHER: usize = 64;

/// A bit for every byte that is as wanted.
#[inline]
pub(crate) fn bits(bytes: &[u8; TOGETHER], wanted: impl Fn(u8x16) -> u8x16) -> u64 {
    let (parts, _) = bytes.as_chunks::<16>();
    parts
        .iter()
        .rev()
        .fold(0, |bits, part| (bits << 16) | u64::from(mask(wanted(u8x16::new(*part)))))
}

/// A bit for every byte of sixteen whose highest bit is set.
#[inline]
pub(crate) fn mask(part: u8x16) -> u32 {
    part.move_mask().cast_unsigned() & 0xffff
}

/// The same byte everywhere.
#[inline]
pub(crate) fn all(byte: u8) -> u8x16 {
    u8x16::new([byte; 16])
}

/// Bytes that are this one.
#[inline]
pub(crate) fn equal(part: u8x16, byte: u8) -> u8x16 {
    part.cmp_eq(all(byte))
}

/// Bytes from this one up to that one.
#[inline]
pub(crate) fn among(part: u8x16, first: u8, last: u8) -> u8x16 {
    let from = part - all(first);
    from.min(all(last.saturating_sub(first))).cmp_eq(from)
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
    #[inline]
    pub(crate) fn of(bytes: &[u8; TOGETHER]) -> Self {
        Self {
            leads: bits(bytes, |part| among(part, 0xc3, 0xc5)),
            follows: bits(bytes, |part| among(part, 0x80, 0xbf)),
        }
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
    use super::*;

    #[test]
    fn bits_are_those_of_the_bytes() {
        for first in 0..=u8::MAX {
            let mut bytes = [0; TOGETHER];
            for (byte, value) in bytes.iter_mut().zip((0..=u8::MAX).cycle().skip(first.into())) {
                *byte = value;
            }
            let expected = |is: fn(u8) -> bool| {
                bytes.iter().rev().fold(0, |bits, byte| (bits << 1) | u64::from(is(*byte)))
            };
            assert_eq!(bits(&bytes, |part| equal(part, b'"')), expected(|byte| byte == b'"'));
            let digits = expected(|byte| byte.is_ascii_digit());
            assert_eq!(bits(&bytes, |part| among(part, b'0', b'9')), digits);
            let high = expected(|byte| byte >= 0xfe);
            assert_eq!(bits(&bytes, |part| among(part, 0xfe, 0xff)), high);
            assert_eq!(bits(&bytes, |part| part), expected(|byte| !byte.is_ascii()));
        }
    }
}
