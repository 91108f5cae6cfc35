//! Remittance texts that are nothing but text.

use crate::readers::bits::TOGETHER;
use crate::readers::bits::among;
use crate::readers::bits::bits;
use crate::readers::tables::booking_text::count_in;
use crate::readers::tables::booking_text::names_in_text;
use crate::readers::tables::brief::decoded;
use crate::readers::tables::tags;

/// Whether a remittance text is nothing but text: no tags, no name or account in it, no number of
/// transfers.
pub(super) fn is_simple(remittance: &[u8], booking_text: &[u8], is_utf_8: bool) -> bool {
    // A number that ends the booking text may count with the first word of the remittance.
    let may_end_in_number =
        booking_text.last().is_some_and(|last| last.is_ascii_digit() || !last.is_ascii_graphic());
    if !may_end_in_number
        && memchr::memchr2(b'+', b':', remittance).is_none()
        && !has_number(remittance)
    {
        return true;
    }
    let text = decoded(remittance, is_utf_8);
    let counted = format!("{} {text}", decoded(booking_text, is_utf_8));
    tags::split(&text).is_none() && names_in_text(&text).is_none() && count_in(&counted).is_none()
}

/// Whether one of the words of a text is a number.
fn has_number(text: &[u8]) -> bool {
    let mut padded = [b' '; TOGETHER];
    let Some(slot) = padded.get_mut(..text.len()) else { return has_long_number(text) };
    slot.copy_from_slice(text);
    let digits = bits(&padded, |part| among(part, b'0', b'9'));
    let graphic = bits(&padded, |part| among(part, b'!', b'~'));
    // From the digits that begin a word, carried to what stands behind the run of digits.
    let starts = digits & !(graphic << 1);
    let (behind, carried) = digits.overflowing_add(starts);
    // A blank stands there, or nothing.
    carried || behind & !digits & !graphic != 0
}

/// The same byte by byte.
fn has_long_number(text: &[u8]) -> bool {
    // A word that has begun with a digit and had no other character so far.
    let (mut in_word, mut in_number) = (false, false);
    for byte in text {
        let is_digit = byte.is_ascii_digit();
        if byte.is_ascii_graphic() {
            in_number = is_digit && (in_number || !in_word);
            in_word = true;
        } else if in_number {
            return true;
        } else {
            in_word = false;
        }
    }
    in_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_among_words() {
        for (text, expected) in [
            ("", false),
            ("Rechnung Schulamt", false),
            ("4711", true),
            ("Az 4711 Miete", true),
            ("Az4711 11/2023", false),
            ("47.11 A1 1A", false),
            ("Miete 12", true),
            ("12 Miete", true),
            ("a\u{a0}12\u{a0}b", true),
        ] {
            assert_eq!(has_number(text.as_bytes()), expected, "{text}");
            assert_eq!(has_long_number(text.as_bytes()), expected, "{text}");
        }
        let mut dice = 11_u32;
        for round in 0..20_000_usize {
            let mut byte = || {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let place = usize::try_from(dice >> 28).unwrap();
                b"  0123 a.-\t\xfc779Z"[place]
            };
            let text: Vec<u8> = (0..round % 67).map(|_| byte()).collect();
            assert_eq!(has_number(&text), has_long_number(&text), "{text:?}");
        }
        assert!(has_number(&[b'1'; 64]) && has_number(&[b'1'; 65]));
    }
}
