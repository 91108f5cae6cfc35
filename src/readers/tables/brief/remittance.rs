//! Remittance texts that are nothing but text.

use fearless_simd::Simd;

use crate::facts::signs::may_speak_against;
use crate::readers::bits::TOGETHER;
use crate::readers::bits::Together;
use crate::readers::tables::booking_text::count_in;
use crate::readers::tables::booking_text::names_in_text;
use crate::readers::tables::brief::decoded;
use crate::readers::tables::tags;

/// Texts that are nothing but text, whatever digits they have: bookings of a run mostly differ in these.
///
/// Only texts get here in which digits decide nothing: [`may_speak_against`] counts digits of codes without
/// reading them (`AC04`, `AC99` and `XX12` are all looked at closer), and a text with a mark of a tag or with
/// a word that is a number is looked at each time.
#[derive(Clone, Debug, Default)]
pub(super) struct Usual {
    texts: Vec<(usize, [u8; TOGETHER])>,
    /// The one that is forgotten next.
    next: usize,
}

impl Usual {
    /// So many are known at a time: a run has a text or two for each benefit.
    const MOST: usize = 8;

    /// Whether one of them is this text but for digits.
    #[inline(always)]
    fn has<S: Simd>(&self, simd: S, behind: &[u8], length: usize) -> bool {
        let Some((first, _)) = behind.split_first_chunk().filter(|_| length <= TOGETHER) else {
            return false;
        };
        let others = 1_u64
            .checked_shl(u32::try_from(length).unwrap_or(u32::MAX))
            .map_or(0, |bit| !bit.wrapping_sub(1));
        let bytes = Together::new(simd, first);
        let digits = bytes.among(b'0', b'9');
        self.texts.iter().filter(|(own, _)| *own == length).any(|(_, text)| {
            let text = Together::new(simd, text);
            let same = bytes.equal_to(text) | (digits & text.among(b'0', b'9'));
            same | others == u64::MAX
        })
    }

    fn add(&mut self, behind: &[u8], length: usize) {
        let Some(text) = behind.first_chunk().filter(|_| length <= TOGETHER) else { return };
        if self.texts.len() < Self::MOST {
            self.texts.push((length, *text));
        } else if let Some(slot) = self.texts.get_mut(self.next) {
            *slot = (length, *text);
            self.next = self.next.saturating_add(1) % Self::MOST;
        }
    }
}

/// Whether a remittance text is nothing but text: no word that speaks against a payment, no tags, no name
/// or account in it, no number of transfers. `behind` are the bytes that begin with it, as many as there
/// are.
#[inline(always)]
pub(super) fn is_simple<S: Simd>(
    simd: S,
    (remittance, behind): (&[u8], &[u8]),
    booking_text: &[u8],
    is_utf_8: bool,
    usual: &mut Usual,
) -> bool {
    // A number that ends the booking text may count with the first word of the remittance.
    let may_end_in_number =
        booking_text.last().is_some_and(|last| last.is_ascii_digit() || !last.is_ascii_graphic());
    if !may_end_in_number && usual.has(simd, behind, remittance.len()) {
        return true;
    }
    if may_speak_against(remittance) {
        return false;
    }
    let is_plain = is_plain(simd, behind, remittance.len());
    if is_plain.unwrap_or_else(|| is_plain_at_an_end(remittance)) && !may_end_in_number {
        usual.add(behind, remittance.len());
        return true;
    }
    let text = decoded(remittance, is_utf_8);
    let counted = format!("{} {text}", decoded(booking_text, is_utf_8));
    tags::split(&text).is_none() && names_in_text(&text).is_none() && count_in(&counted).is_none()
}

/// Whether the first `length` bytes have no mark of a tag and no word that is a number; `None` if too
/// few bytes follow them to look at [`TOGETHER`] at a time.
#[inline(always)]
fn is_plain<S: Simd>(simd: S, mut text: &[u8], length: usize) -> Option<bool> {
    let mut left = length;
    // Whether the bytes before end with a word's character, and with digits that began a word.
    let (mut after_graphic, mut after_digits) = (0, false);
    loop {
        let (first, behind) = text.split_first_chunk()?;
        let bytes = Together::new(simd, first);
        let own = 1_u64.unbounded_shl(u32::try_from(left).unwrap_or(u32::MAX)).wrapping_sub(1);
        let tags = (bytes.equal(b'+') | bytes.equal(b':')) & own;
        let digits = bytes.among(b'0', b'9') & own;
        let graphic = bytes.among(b'!', b'~') & own;
        // From the digits that begin a word, carried to what stands behind the run of digits.
        let starts = digits & !((graphic << 1) | after_graphic);
        let (sum, carried) = digits.overflowing_add(starts);
        let (sum, carried_on) = sum.overflowing_add(u64::from(after_digits));
        after_digits = carried || carried_on;
        // A blank stands there, or nothing.
        if tags != 0 || sum & !digits & !graphic != 0 {
            return Some(false);
        }
        left = left.saturating_sub(TOGETHER);
        if left == 0 {
            return Some(!after_digits);
        }
        after_graphic = graphic >> (TOGETHER - 1);
        text = behind;
    }
}

/// The same of a text at the end of its block.
fn is_plain_at_an_end(text: &[u8]) -> bool {
    memchr::memchr2(b'+', b':', text).is_none() && !has_number(text)
}

/// Whether one of the words of a text is a number.
fn has_number(text: &[u8]) -> bool {
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
    use fearless_simd::dispatch;

    use super::*;
    use crate::readers::bits::level;

    /// A text that others follow.
    fn is_plain(text: &[u8]) -> bool {
        let with_others = [text, b"1+ 23:", &[b' '; TOGETHER]].concat();
        let plain =
            dispatch!(level(), simd => super::is_plain(simd, &with_others, text.len())).unwrap();
        // Too few are there, so nothing is said but what is known before the end.
        let alone = dispatch!(level(), simd => super::is_plain(simd, text, text.len()));
        assert!(alone.is_none_or(|alone| alone == plain), "{text:?}");
        plain
    }

    #[test]
    fn usual_texts_differ_in_digits_only() {
        let text = b"Leistung 11/2023 Az 50.12-001";
        let has = |usual: &Usual, text: &[u8]| {
            let behind = [text, &[b'7'; TOGETHER]].concat();
            dispatch!(level(), simd => usual.has(simd, &behind, text.len()))
        };
        let mut usual = Usual::default();
        assert!(!has(&usual, text));
        usual.add(&[text, [b' '; TOGETHER].as_slice()].concat(), text.len());
        for (other, expected) in [
            (b"Leistung 11/2023 Az 50.12-001".as_slice(), true),
            (b"Leistung 12/2024 Az 57.31-999", true),
            (b"Leistung 11/2023 Az 50.12-00x", false),
            (b"Leistung 11/2023 Az 50.12-0017", false),
            (b"Leistung 11/2023 Az 50.12-00", false),
            (b"Retoure_ 11/2023 Az 50.12-001", false),
            (b"Leistung 11/2023 Az 50.12 001", false),
        ] {
            assert_eq!(has(&usual, other), expected, "{}", String::from_utf8_lossy(other));
        }
        // Too long a text, or one at the end of its block, is looked at as ever.
        let long = [b'a'; TOGETHER + 1];
        usual.add(&[long.as_slice(), &[b' '; TOGETHER]].concat(), long.len());
        usual.add(text, text.len());
        assert_eq!(usual.texts.len(), 1);
        let whole = [b'a'; TOGETHER];
        usual.add(&[whole.as_slice(), b"behind"].concat(), TOGETHER);
        assert!(has(&usual, &whole) && !has(&usual, &[b'b'; TOGETHER]));
        for round in 0..20_u8 {
            usual.add(&[b'A' + round; TOGETHER + 9], 20);
        }
        assert_eq!(usual.texts.len(), Usual::MOST);
        assert!(has(&usual, &[b'A' + 19; 20]) && !has(&usual, text));
    }

    #[test]
    fn a_usual_text_speaks_for_no_other() {
        let mut usual = Usual::default();
        let mut is_simple = |text: &[u8], booking_text: &[u8]| {
            let behind = [text, &[b' '; TOGETHER]].concat();
            dispatch!(level(), simd => {
                is_simple(simd, (text, &behind), booking_text, true, &mut usual)
            })
        };
        assert!(is_simple(b"Miete Nov. EG-4711", b"UEBERWEISUNG"));
        assert!(is_simple(b"Miete Nov. EG-4712", b"UEBERWEISUNG"));
        assert!(!is_simple(b"RETOURE Nov.EG-4711", b"UEBERWEISUNG"));
        assert!(!is_simple(b"RETOURE Nov.EG-4711", b"UEBERWEISUNG"));
        assert!(!is_simple(b"Hilfe AC04 EG-47-11", b"UEBERWEISUNG"));
        // What a number at the end of the booking text counts is asked of every text.
        assert!(is_simple(b"Posten x", b"SAMMLER"));
        assert!(!is_simple(b"Posten x", b"SAMMLER 12"));
    }

    /// Codes, transaction codes, months, days, case numbers, accounts and amounts are made of digits: what
    /// was said of one text holds for another only where the digits decide nothing.
    #[test]
    fn known_texts_change_no_answer() {
        let pieces = [
            "AC04",
            "AC99",
            "MD06",
            "XX12",
            "ac04",
            "A04",
            "AC",
            "0",
            "4",
            "04",
            "GVC",
            "159",
            "108",
            "November",
            "11/2023",
            "12/2024",
            "30.11.",
            "01.12.2023",
            "Az",
            "50.12-4711",
            "47",
            "11",
            "DE09999100540043764919",
            "DE02120300000000202051",
            "563,00",
            "1.234,56",
            "Anz",
            "Posten",
            "12 Posten",
            "Zahlungen",
            "Miete",
            "Hilfe",
            "RETOURE",
            "R3T0UR3",
            "EREF+",
            ":",
            "-",
            "/",
            ".",
            " ",
            " ",
            " ",
            "\u{fc}",
            "E2E77123",
            "EG",
        ];
        let mut dice = 7_u32;
        let mut roll = |sides: usize| {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(dice >> 8).unwrap() % sides
        };
        let asked = |usual: &mut Usual, text: &[u8], booking_text: &[u8]| {
            let behind = [text, &[b' '; TOGETHER]].concat();
            dispatch!(level(), simd => is_simple(simd, (text, &behind), booking_text, true, usual))
        };
        let mut known = 0;
        for _ in 0..3_000 {
            let mut text = String::new();
            for _ in 0..=roll(5) {
                text.push_str(pieces[roll(pieces.len())]);
                text.push_str([" ", "", " "][roll(3)]);
            }
            let booking_text = ["UEBERWEISUNG", "SEPA 12", ""][roll(3)].as_bytes();
            // The same text with other digits, asked one after the other.
            let mut usual = Usual::default();
            for _ in 0..6 {
                let digits = |byte: u8, digit: u8| if byte.is_ascii_digit() { digit } else { byte };
                let other: Vec<u8> = text
                    .bytes()
                    .map(|byte| digits(byte, b'0' + u8::try_from(roll(10)).unwrap()))
                    .collect();
                let alone = asked(&mut Usual::default(), &other, booking_text);
                let told = asked(&mut usual, &other, booking_text);
                assert_eq!(told, alone, "{}", String::from_utf8_lossy(&other));
                known += usize::from(!usual.texts.is_empty());
            }
        }
        assert!(known > 1_000, "only {known} texts were known");
    }

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
            assert_eq!(!is_plain(text.as_bytes()), expected, "{text}");
            assert_eq!(has_number(text.as_bytes()), expected, "{text}");
        }
        let mut dice = 11_u32;
        for round in 0..20_000_usize {
            let mut byte = || {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let place = usize::try_from(dice >> 28).unwrap();
                let bytes =
                    if round % 4 == 0 { b"  0123 a.+\t\xfc:79Z" } else { b"  0123 a.-\t\xfc779Z" };
                bytes[place]
            };
            let text: Vec<u8> = (0..round % 200).map(|_| byte()).collect();
            assert_eq!(is_plain(&text), is_plain_at_an_end(&text), "{text:?}");
        }
        // Numbers that begin, end or are cut where the next bytes are looked at.
        for round in 0..20_000_usize {
            let mut text = vec![b'a'; 140 + round % 90];
            for _ in 0..round % 9 {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let place = TOGETHER * (1 + round % 2) + usize::try_from(dice >> 29).unwrap() - 4;
                text[place] = b" 1 12a3."[usize::try_from(dice >> 13).unwrap() % 8];
            }
            assert_eq!(is_plain(&text), is_plain_at_an_end(&text), "{text:?}");
        }
        assert!(has_number(&[b'1'; 64]) && has_number(&[b'1'; 65]));
        for length in [64, 65, 128, 129] {
            assert!(!is_plain(&vec![b'1'; length]) && is_plain(&vec![b'a'; length]));
        }
    }
}
