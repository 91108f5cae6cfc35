//! The strict form of references that a plain row or booking has: printable ASCII, letters and digits
//! of which make the key. Every row has two or three; read byte by byte they took a third of the
//! reading.

use fearless_simd::Simd;
use fearless_simd::dispatch;
use fearless_simd::mask8x16;
use fearless_simd::prelude::Select;
use fearless_simd::prelude::SimdBase;
use fearless_simd::prelude::SimdFrom;
use fearless_simd::prelude::SimdMask;
use fearless_simd::u8x16;

use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::brief::as_numbers;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;
use crate::readers::bits::level;

/// Something in a reference cell that the general reader has to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unusual;

/// No reference of a plain row is longer.
const LONGEST: usize = 64;

/// A reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) key: Key,
    /// How many letters and digits it has.
    pub(crate) length: usize,
}

/// The key of a reference cell; `None` if it holds nothing, or a word for it.
pub(crate) fn read(cell: &[u8], keys: &Keys) -> Result<Option<Key>, Unusual> {
    let read = dispatch!(level(), simd => read_with(simd, cell, keys));
    read.map(|reference| reference.map(|reference| reference.key))
}

/// The same where the registers are known.
#[inline(always)]
pub(crate) fn read_with<S: Simd>(
    simd: S,
    cell: &[u8],
    keys: &Keys,
) -> Result<Option<Reference>, Unusual> {
    if cell.is_empty() {
        return Ok(None);
    }
    let Some([first, second]) = as_numbers(cell) else { return read_long(cell, keys) };
    let first = Folded::of(simd, first, cell.len())?;
    let rest = cell.len().saturating_sub(16);
    let (text, length, counts) = if rest == 0 {
        ([first.text, 0], first.length, first.counts)
    } else {
        let second = Folded::of(simd, second, rest)?;
        (first.with(&second), first.length + second.length, first.counts | second.counts)
    };
    // No word for "none" has a digit, and zeros alone are one.
    let is_none = !counts && means_none(text);
    let length = usize::try_from(length).map_err(|_| Unusual)?;
    Ok((!is_none).then(|| Reference { key: keys.of_short_reference(text), length }))
}

/// Letters and digits of up to sixteen bytes, in upper case.
struct Folded {
    /// The first one in the lowest byte, zeros behind them.
    text: u128,
    length: u32,
    /// One of them is a digit from 1 to 9.
    counts: bool,
}

impl Folded {
    /// What is not ASCII is unusual, and so are `+` and `#`, which may be a spreadsheet's damage.
    #[inline(always)]
    fn of<S: Simd>(simd: S, text: u128, length: usize) -> Result<Self, Unusual> {
        let part = u8x16::simd_from(simd, text.to_le_bytes());
        let is_unusual = among(part, 0x80, 0xff) | part.simd_eq(b'+') | part.simd_eq(b'#');
        if is_unusual.any_true() {
            return Err(Unusual);
        }
        let lower = among(part, b'a', b'z');
        let kept = (among(part, b'0', b'9') | lower | among(part, b'A', b'Z')).to_bitmask();
        let counts = among(part, b'1', b'9').any_true();
        let none = u8x16::splat(simd, 0);
        let upper: [u8; 16] = (part - lower.select(u8x16::splat(simd, 0x20), none)).into();
        let mut text = u128::from_le_bytes(upper);
        let places = (1_u64 << length.min(16)).wrapping_sub(1);
        let mut gaps = !kept & places;
        // From the last one on: the places of those before stay what they are.
        while gaps != 0 {
            let place = gaps.ilog2();
            let below = (1_u128 << (place * 8)).wrapping_sub(1);
            text = (text & below) | ((text >> 8) & !below);
            gaps ^= 1 << place;
        }
        Ok(Self { text, length: kept.count_ones(), counts })
    }

    /// The letters and digits of both.
    #[inline(always)]
    fn with(&self, behind: &Self) -> [u128; 2] {
        let used = self.length * 8;
        let fits = behind.text.checked_shl(used).unwrap_or(0);
        let more = behind.text.checked_shr(u128::BITS.saturating_sub(used)).unwrap_or(0);
        [self.text | fits, if used == u128::BITS { behind.text } else { more }]
    }
}

/// Bytes from this one up to that one.
#[inline(always)]
fn among<S: Simd>(part: u8x16<S>, first: u8, last: u8) -> mask8x16<S> {
    (part - first).simd_le(last.saturating_sub(first))
}

/// Whether a short text is a word for "none".
#[cold]
fn means_none([first, second]: [u128; 2]) -> bool {
    let bytes = [first.to_le_bytes(), second.to_le_bytes()].concat();
    std::str::from_utf8(&bytes).is_ok_and(|text| is_placeholder(text.trim_end_matches('\0')))
}

/// A reference that is no short text.
#[cold]
fn read_long(cell: &[u8], keys: &Keys) -> Result<Option<Reference>, Unusual> {
    if cell.len() > LONGEST || !cell.is_ascii() || cell.iter().any(|byte| b"+#".contains(byte)) {
        return Err(Unusual);
    }
    let text = std::str::from_utf8(cell).map_err(|_| Unusual)?;
    let key = keys.real_reference(Some(text));
    Ok(key.map(|key| Reference { key, length: reference_key(text).len() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::bits::levels;

    #[test]
    fn references_of_every_byte_and_length_have_the_key_of_the_general_reader() {
        let keys = Keys::default();
        for level in levels() {
            for length in (1..=35).chain([63, 64]) {
                for byte in 0..=0x7f_u8 {
                    let mut text = vec![b'A'; length];
                    text[length / 2] = b'7';
                    text[length - 1] = byte;
                    if byte % 3 == 0 {
                        text[length / 3] = b'-';
                        text[length / 4] = b'.';
                    }
                    let own = std::str::from_utf8(&text).unwrap();
                    let read = dispatch!(level, simd => read_with(simd, &text, &keys));
                    match read {
                        Ok(Some(read)) => {
                            assert_eq!(read.key, keys.reference(own), "{own:?}");
                            assert_eq!(read.length, reference_key(own).len(), "{own:?}");
                        }
                        Ok(None) => assert!(is_placeholder(own), "{own:?}"),
                        Err(Unusual) => assert!(matches!(byte, b'+' | b'#'), "{own:?}"),
                    }
                }
            }
        }
    }

    #[test]
    fn references_with_gaps_anywhere_have_the_key_of_the_general_reader() {
        let keys = Keys::default();
        let mut dice = 9_u64;
        let (mut real, mut none) = (0, 0);
        for round in 0..40_000_usize {
            let text: String = (0..round % 40)
                .map(|_| {
                    dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let letters: &[u8] = if round % 5 == 0 { b"0 -./" } else { b"0a1B-zZ9 ./_" };
                    char::from(letters[usize::try_from(dice >> 33).unwrap() % letters.len()])
                })
                .collect();
            match dispatch!(level(), simd => read_with(simd, text.as_bytes(), &keys)) {
                Ok(Some(Reference { key, length })) => {
                    assert_eq!(Some(key), keys.real_reference(Some(&text)), "{text:?}");
                    assert_eq!(length, reference_key(&text).len(), "{text:?}");
                    real += 1;
                }
                Ok(None) => {
                    assert!(is_placeholder(&text), "{text:?}");
                    none += 1;
                }
                Err(Unusual) => panic!("{text:?}"),
            }
        }
        assert!(real > 20_000 && none > 5_000, "{real} {none}");
    }

    #[test]
    fn references() {
        let keys = Keys::default();
        for (text, expected) in [
            ("SOZ-2311/1", Ok(Some(keys.reference("soz23111")))),
            ("NOTPROVIDED", Ok(None)),
            ("Keine Angabe", Ok(None)),
            ("0000", Ok(None)),
            ("", Ok(None)),
            (" - ", Ok(None)),
            ("1,91E+18", Err(Unusual)),
            ("\u{c4}1", Err(Unusual)),
            ("A23456789012345678901234567890123456789\u{c4}", Err(Unusual)),
        ] {
            assert_eq!(read(text.as_bytes(), &keys), expected, "{text}");
        }
    }
}
