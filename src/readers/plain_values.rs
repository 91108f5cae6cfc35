//! The strict forms of amounts, days and accounts that a plain row or booking has, read from bytes.
//! Whatever has another form is read by the general reader of its format.
//!
//! The general reader of tables makes a text of every cell (3 µs a row); this takes 0.2 µs.

use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::iban::Iban;
use crate::model::spread;
use chrono::NaiveDate;

/// An amount such as `1.234,56`, `1234.56` or `500`, with its decimal mark, if it has one; a minus
/// may stand before it.
pub(crate) fn amount(cell: &[u8]) -> Option<(Amount, Option<DecimalMark>)> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, cell),
    };
    let (whole, mark, cents) = match digits {
        [whole @ .., b',', a, b] if a.is_ascii_digit() && b.is_ascii_digit() => {
            (whole, Some(DecimalMark::Comma), pair(*a, *b))
        }
        [whole @ .., b'.', a, b] if a.is_ascii_digit() && b.is_ascii_digit() => {
            (whole, Some(DecimalMark::Point), pair(*a, *b))
        }
        whole => (whole, None, 0),
    };
    let group = match mark {
        Some(DecimalMark::Comma) => Some(b'.'),
        Some(DecimalMark::Point) => Some(b','),
        None => None,
    };
    if whole.is_empty() || whole.len() > 15 {
        return None;
    }
    // Fifteen digits have room.
    let mut euros = 0_i64;
    let mut ends_early = false;
    for byte in whole {
        let digit = byte.wrapping_sub(b'0');
        ends_early |= digit > 9;
        euros = euros.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    if ends_early {
        euros = grouped(whole, group?)?;
    }
    let cents = euros.checked_mul(100)?.checked_add(cents)?;
    Some((Amount::from_cents(if negative { cents.saturating_neg() } else { cents }), mark))
}

/// A whole number with a mark before every three digits, such as `1.234.567`.
fn grouped(digits: &[u8], mark: u8) -> Option<i64> {
    let mut groups = digits.split(|byte| *byte == mark);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()))?;
    let mut number = 0_i64;
    for (place, group) in std::iter::once(first).chain(groups).enumerate() {
        if place > 0 && group.len() != 3 {
            return None;
        }
        for byte in group {
            let digit = byte.is_ascii_digit().then(|| i64::from(byte.wrapping_sub(b'0')))?;
            number = number.checked_mul(10)?.checked_add(digit)?;
        }
    }
    Some(number)
}

fn pair(tens: u8, ones: u8) -> i64 {
    i64::from(tens.wrapping_sub(b'0')) * 10 + i64::from(ones.wrapping_sub(b'0'))
}

/// A day as `30.11.2023`, `30.11.23` or `2023-11-30`.
pub(crate) fn day(cell: &[u8]) -> Option<NaiveDate> {
    let digits = |bytes: &[u8]| {
        bytes.iter().try_fold(0_u32, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + u32::from(byte.wrapping_sub(b'0')))
        })
    };
    let (year, month, day) = match cell {
        [d0, d1, b'.', m0, m1, b'.', year @ ..] if matches!(year.len(), 2 | 4) => {
            let century = if year.len() == 2 { 2000 } else { 0 };
            (digits(year)? + century, digits(&[*m0, *m1])?, digits(&[*d0, *d1])?)
        }
        [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] => {
            (digits(&[*y0, *y1, *y2, *y3])?, digits(&[*m0, *m1])?, digits(&[*d0, *d1])?)
        }
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Reads days, of which rows name a few again and again.
#[derive(Clone, Debug)]
pub(crate) struct Days {
    /// Texts that were read before with their days: first and last eight bytes, which are all of a
    /// day's eight to ten, and how many these are. Where they stand follows from the text.
    known: [Option<(Text, NaiveDate)>; Self::KNOWN],
}

/// First and last bytes of a text, and its length.
type Text = (u64, u64, usize);

impl Default for Days {
    fn default() -> Self {
        Self { known: [None; Self::KNOWN] }
    }
}

impl Days {
    const KNOWN: usize = 64;

    /// A day, as [`day`] reads it.
    #[inline]
    pub(crate) fn read(&mut self, cell: &[u8]) -> Option<NaiveDate> {
        // Others are no days.
        let (start, end) =
            cell.first_chunk().zip(cell.last_chunk()).filter(|_| cell.len() <= 10)?;
        let text = (u64::from_le_bytes(*start), u64::from_le_bytes(*end), cell.len());
        let place = spread::place(text.0 ^ text.1.rotate_left(29), Self::KNOWN.ilog2());
        let slot = self.known.get_mut(place)?;
        if let Some((known, day)) = slot {
            if *known == text {
                return Some(*day);
            }
        }
        let read = day(cell)?;
        *slot = Some((text, read));
        Some(read)
    }
}

/// The key of a valid IBAN; blanks between its groups do not count.
pub(crate) fn account(cell: &[u8], keys: &Keys) -> Option<Key> {
    if let [b'D', b'E', c, d, bban @ ..] = cell {
        // Nearly all accounts; whatever is not simply one of these takes the longer way.
        if let Some((number, check)) = bban.try_into().ok().and_then(german_check) {
            let own = c.is_ascii_digit() && d.is_ascii_digit() && pair(*c, *d) == check;
            return own.then(|| keys.of_german_account(number));
        }
    }
    let mut buffer = [0_u8; 34];
    let mut used = 0_usize;
    for byte in cell.iter().filter(|byte| **byte != b' ') {
        if !byte.is_ascii_uppercase() && !byte.is_ascii_digit() {
            return None;
        }
        *buffer.get_mut(used)? = *byte;
        used = used.saturating_add(1);
    }
    let text = buffer.get(..used)?;
    let [a, b, c, d, bban @ ..] = text else { return None };
    // `00`, `01` and `99` are another spelling of `97`, `98` and `02`; banks never use them.
    let check = pair(*c, *d);
    if !c.is_ascii_digit() || !d.is_ascii_digit() || !(2..=98).contains(&check) {
        return None;
    }
    if [*a, *b] == *b"DE" {
        let (number, own) = german_check(bban.try_into().ok()?)?;
        return (own == check).then(|| keys.of_german_account(number));
    }
    // Other countries are few; the general rule is good enough for them.
    let iban = Iban::read(std::str::from_utf8(text).ok()?)?;
    (iban.is_valid() && a.is_ascii_uppercase() && b.is_ascii_uppercase())
        .then(|| keys.of_account([*a, *b], bban))
}

/// A German account as a number, bank code and account number, and its check digits (2 to 98): that
/// number with `DE00` behind it (ISO 7064, letters counted as two digits), in two steps that fit 64
/// bits.
fn german_check(bban: &[u8; 18]) -> Option<(u64, i64)> {
    let (high, rest) = bban.split_first_chunk()?;
    let (low, rest) = rest.split_first_chunk()?;
    let (high, low) = (eight_digits(*high)?, eight_digits(*low)?);
    let [tens, ones] = rest else { return None };
    let last = (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| pair(*tens, *ones))?;
    let number = high * 10_000_000_000 + low * 100 + u64::try_from(last).ok()?;
    // D = 13, E = 14
    let rest = (number % 97 * 1_000_000 + 131_400) % 97;
    Some((number, i64::try_from(98_u64.checked_sub(rest)?).ok()?))
}

/// A byte in every byte of a word.
const fn in_every_byte(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The highest bit of each byte of ASCII that lies between two others.
const fn between(word: u64, low: u8, high: u8) -> u64 {
    let from = word.wrapping_add(in_every_byte(0x80 - low));
    let behind = word.wrapping_add(in_every_byte(0x7f - high));
    from & !behind & in_every_byte(0x80)
}

const fn is_ascii(word: u64) -> bool {
    word & in_every_byte(0x80) == 0
}

/// The number that eight digits are, all of them read at the same time.
fn eight_digits(digits: [u8; 8]) -> Option<u64> {
    let word = u64::from_le_bytes(digits);
    if !is_ascii(word) || between(word, b'0', b'9') != in_every_byte(0x80) {
        return None;
    }
    // Two neighbours each become one number, then two of those, then the last two.
    let ones = word ^ in_every_byte(b'0');
    let pairs = ones.wrapping_mul(10).wrapping_add(ones >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::date::from_german;
    use crate::model::date::from_iso;

    #[test]
    fn amounts_agree_with_the_general_reader() {
        for text in [
            "563,00",
            "1.234,56",
            "-1.234,56",
            "1234.56",
            "1,234.56",
            "500",
            "0,00",
            "-0,05",
            "12.345.678,90",
            "1.23,45",
            "12,3",
            ",50",
            "1.2345,00",
            "-",
            "",
            "1.234",
            "5-",
            "+5,00",
            "1,234,56",
            "12345678901234567,00",
            "1..234,00",
            ".123,45",
            "1234.567,00",
        ] {
            let Some((read, mark)) = amount(text.as_bytes()) else { continue };
            for general in [DecimalMark::Comma, DecimalMark::Point] {
                if mark.is_none_or(|mark| mark == general) {
                    assert_eq!(Amount::parse(text, general), Ok(read), "{text}");
                }
            }
        }
        assert_eq!(
            amount(b"-1.234,56"),
            Some((Amount::from_cents(-123_456), Some(DecimalMark::Comma)))
        );
        for text in ["1.234", "5-", "+5,00", "12,3", "1.23,45", "", "-", "1..234,00", ".123,45"] {
            assert_eq!(amount(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn days_agree_with_the_general_reader() {
        for text in ["30.11.2023", "30.11.23", "2023-11-30", "31.02.2023", "29.02.24", "aa.bb.cccc"]
        {
            assert_eq!(
                day(text.as_bytes()),
                from_german(text).or_else(|| from_iso(text)),
                "{text}"
            );
        }
        for text in ["1.1.2023", "30.11.", "30.11.023", ""] {
            assert_eq!(day(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn days_are_read_whatever_was_read_before() {
        let mut days = Days::default();
        let texts = ["30.11.2023", "30.11.2023", "", "x", "x", "30.11.23", "01.12.23", "30.11.23"];
        for text in texts {
            assert_eq!(days.read(text.as_bytes()), day(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn accounts_are_valid_or_nothing() {
        let keys = Keys::default();
        for text in [
            "DE09999100540043764919",
            "DE09 9991 0054 0043 7649 19",
            "DE10999100540043764919",
            "DE09999100540043764918",
            "AT611904300234573201",
            "AT611904300234573202",
            "de09999100540043764919",
            "99910054/0043764919",
            "DE0999910054004376491",
            "",
        ] {
            let iban = Iban::read(text).filter(Iban::is_valid);
            let strict = account(text.as_bytes(), &keys);
            if text.starts_with("de") {
                assert_eq!(strict, None);
            } else {
                assert_eq!(strict, iban.map(|iban| keys.account(&iban)), "{text}");
            }
        }
        let parts = Iban::read("99910054/43764919").unwrap();
        assert_eq!(account(b"DE09999100540043764919", &keys), Some(keys.account(&parts)));
    }

    #[test]
    fn eight_digits_are_a_number() {
        for (text, expected) in [
            (b"00000000", Some(0)),
            (b"12345678", Some(12_345_678)),
            (b"99999999", Some(99_999_999)),
            (b"1234567a", None),
            (b"/2345678", None),
            (b":2345678", None),
            (b"\xb12345678".first_chunk().unwrap(), None),
        ] {
            assert_eq!(eight_digits(*text), expected, "{text:?}");
        }
    }
}
