//! Numbers, amounts and days as bytes, two digits at a time.

use chrono::Datelike;
use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::brief::Day;
use crate::model::brief::as_numbers;
use crate::reports::ink::Ink;

/// Bytes of the longest text.
const LENGTH: usize = 24;

/// A short text that is made from its end.
#[derive(Clone, Copy, Debug)]
struct Short {
    bytes: [u8; LENGTH],
    from: usize,
}

impl Short {
    const fn new() -> Self {
        Self { bytes: [0; LENGTH], from: LENGTH }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(self.from..).unwrap_or_default()
    }

    fn before<const N: usize>(&mut self, more: [u8; N]) {
        let from = self.from.saturating_sub(N);
        if let Some(slot) =
            self.bytes.get_mut(from..self.from).and_then(|own| own.first_chunk_mut())
        {
            *slot = more;
            self.from = from;
        }
    }

    fn number(&mut self, mut rest: u64) {
        while rest >= 100 {
            self.before(pair(rest % 100));
            rest /= 100;
        }
        let [tens, ones] = pair(rest);
        if rest >= 10 {
            self.before([tens, ones]);
        } else {
            self.before([ones]);
        }
    }
}

/// Two digits of a number below a hundred.
fn pair(number: u64) -> [u8; 2] {
    static PAIRS: [[u8; 2]; 100] = {
        let mut pairs = [[b'0'; 2]; 100];
        let (mut rest, mut number): (&mut [[u8; 2]], u8) = (&mut pairs, 0);
        while let [pair, more @ ..] = rest {
            *pair = [b'0' + number / 10, b'0' + number % 10];
            (rest, number) = (more, number + 1);
        }
        pairs
    };
    usize::try_from(number).ok().and_then(|slot| PAIRS.get(slot)).copied().unwrap_or(*b"00")
}

/// Eight digits of a number below a hundred million, the first one in the lowest byte. All are made
/// at the same time: first fours, then pairs, then single ones.
const fn eight(number: u32) -> u64 {
    let number = number as u64;
    let fours = (number / 10_000) | (number % 10_000) << 32;
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = ((fours - hundreds * 100) << 16) | hundreds;
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    ((pairs - tens * 10) << 8) | tens | ZEROS
}

/// Eight zeros as text.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Numbers from here on have more than eight digits.
const EIGHT: u64 = 100_000_000;

/// So many of eight digits are zeros before the number, but for the last `least` ones.
fn zeros_before(digits: u64, least: u32) -> u32 {
    ((digits ^ ZEROS).trailing_zeros() / 8).min(8_u32.saturating_sub(least))
}

/// Puts a whole number. Up to eight digits are put together in a register: to read at once what was
/// just written in pieces costs more than all the rest.
#[inline]
pub(crate) fn put_number(number: u64, row: &mut impl Ink) {
    if let Some(small) = u32::try_from(number).ok().filter(|_| number < EIGHT) {
        let digits = eight(small);
        let zeros = zeros_before(digits, 1);
        let length = usize::try_from(8_u32.saturating_sub(zeros)).unwrap_or(0);
        return row.put_word(u128::from(digits >> (zeros * 8)), length);
    }
    let mut short = Short::new();
    short.number(number);
    row.put(short.bytes());
}

/// Puts an amount, as [`Amount`] is displayed.
#[inline]
pub(crate) fn put_amount(amount: Amount, row: &mut impl Ink) {
    let cents = amount.cents().unsigned_abs();
    let is_negative = amount < Amount::ZERO;
    if let Some(small) = u32::try_from(cents).ok().filter(|_| cents < EIGHT) {
        let digits = eight(small);
        let zeros = zeros_before(digits, 3);
        let (euros, cents) = (digits & 0xffff_ffff_ffff, digits >> 48);
        let text = u128::from(euros) | u128::from(b'.') << 48 | u128::from(cents) << 56;
        let text = text >> (zeros * 8);
        let length = usize::try_from(9_u32.saturating_sub(zeros)).unwrap_or(0);
        return if is_negative {
            row.put_word(text << 8 | u128::from(b'-'), length.saturating_add(1));
        } else {
            row.put_word(text, length);
        };
    }
    let mut short = Short::new();
    short.before(pair(cents % 100));
    short.before(*b".");
    short.number(cents / 100);
    if is_negative {
        short.before(*b"-");
    }
    row.put(short.bytes());
}

/// A day such as `2023-11-30`.
pub(crate) fn put_day(day: NaiveDate, text: &mut Vec<u8>) {
    let Some(year) = u64::try_from(day.year()).ok().filter(|year| *year <= 9999) else {
        text.extend_from_slice(day.to_string().as_bytes());
        return;
    };
    let ([y0, y1], [y2, y3]) = (pair(year / 100), pair(year % 100));
    let ([m0, m1], [d0, d1]) = (pair(u64::from(day.month())), pair(u64::from(day.day())));
    text.extend_from_slice(&[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1]);
}

/// Puts a day, if there is one.
pub(crate) fn put_some_day(day: Option<NaiveDate>, text: &mut Vec<u8>) {
    if let Some(day) = day {
        put_day(day, text);
    }
}

/// The texts of days that were put last: a million bookings have a handful.
#[derive(Clone, Debug)]
pub(crate) struct Days(Box<[(Option<Day>, u128); 64]>);

impl Default for Days {
    fn default() -> Self {
        Self(Box::new([(None, 0); 64]))
    }
}

impl Days {
    /// Puts a day such as `2023-11-30`.
    #[inline]
    pub(crate) fn put(&mut self, day: Day, row: &mut impl Ink) {
        let number = usize::try_from(day.number()).unwrap_or(0);
        let Some((known, own)) = self.0.get_mut(number % 64) else { return };
        if *known != Some(day) {
            let mut made = Vec::with_capacity(10);
            put_day(day.date(), &mut made);
            // Days in brief have years of four digits.
            (*known, *own) = (Some(day), as_numbers(&made).map_or(0, |[word, _]| word));
        }
        row.put_word(*own, 10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_what_display_makes() {
        let numbers = (0..1200).chain((0..64).map(|bit| 1 << bit)).chain([u64::MAX, 999_999]);
        let numbers = numbers.chain((0..100_000_000).step_by(9_973)).chain(99_999_000..100_001_000);
        for own in numbers {
            let mut text = Vec::new();
            put_number(own, &mut text);
            assert_eq!(text, own.to_string().as_bytes());
            for cents in [i64::try_from(own).unwrap_or(i64::MAX), own.cast_signed()] {
                let own = Amount::from_cents(cents);
                text.clear();
                put_amount(own, &mut text);
                assert_eq!(text, own.to_string().as_bytes());
            }
        }
        for (year, month, day) in
            [(2023, 11, 3), (1, 1, 31), (9999, 12, 31), (12000, 2, 1), (-5, 3, 4)]
        {
            let day = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            let mut text = Vec::new();
            put_day(day, &mut text);
            assert_eq!(text, day.to_string().as_bytes());
        }
    }
    #[test]
    fn days_are_put_whatever_was_put_before() {
        let mut days = Days::default();
        for number in (0..200).chain([3, 67, 3, 131, 65_000, 3]) {
            let day = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + chrono::Days::new(number);
            let mut text = Vec::new();
            days.put(Day::new(day).unwrap(), &mut text);
            assert_eq!(text, day.to_string().as_bytes());
        }
    }
}
