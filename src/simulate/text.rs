//! Writing numbers, amounts and names into texts.

use chrono::Datelike;
use chrono::NaiveDate;

/// Adds a number.
pub fn push_number(out: &mut String, number: u64) {
    push_padded(out, number, 1);
}

/// Adds a number with leading zeros up to `width` digits.
pub fn push_padded(out: &mut String, mut number: u64, width: usize) {
    // Formatting by the standard library costs a third of the whole generation.
    let mut digits = [b'0'; 20];
    let mut used = 0;
    for slot in digits.iter_mut().rev() {
        if number == 0 && used >= width.min(20) {
            break;
        }
        *slot = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        used += 1;
    }
    let shown = digits.get(digits.len() - used..).unwrap_or_default();
    out.push_str(std::str::from_utf8(shown).unwrap_or_default());
}

/// Adds cents as a decimal with this mark, with a minus where below zero.
pub fn push_amount(out: &mut String, cents: i64, mark: char) {
    if cents < 0 {
        out.push('-');
    }
    let cents = cents.unsigned_abs();
    push_number(out, cents / 100);
    out.push(mark);
    push_padded(out, cents % 100, 2);
}

/// Adds cents as lists write them: `1.234,56`.
pub fn push_german(out: &mut String, cents: i64) {
    if cents < 0 {
        out.push('-');
    }
    let cents = cents.unsigned_abs();
    let euros = cents / 100;
    if euros >= 1_000_000 {
        push_number(out, euros / 1_000_000);
        out.push('.');
        push_padded(out, euros / 1_000 % 1_000, 3);
        out.push('.');
        push_padded(out, euros % 1_000, 3);
    } else if euros >= 1_000 {
        push_number(out, euros / 1_000);
        out.push('.');
        push_padded(out, euros % 1_000, 3);
    } else {
        push_number(out, euros);
    }
    out.push(',');
    push_padded(out, cents % 100, 2);
}

/// Adds a date, its parts joined by points: day, month, year with so many digits.
pub fn push_date(out: &mut String, day: NaiveDate, year_digits: usize) {
    push_padded(out, u64::from(day.day()), 2);
    out.push('.');
    push_padded(out, u64::from(day.month()), 2);
    out.push('.');
    let year = u64::try_from(day.year()).unwrap_or(0);
    push_padded(out, if year_digits == 2 { year % 100 } else { year }, year_digits);
}

/// Adds a date as `2023-11-30`.
pub fn push_iso(out: &mut String, day: NaiveDate) {
    push_padded(out, u64::try_from(day.year()).unwrap_or(0), 4);
    out.push('-');
    push_padded(out, u64::from(day.month()), 2);
    out.push('-');
    push_padded(out, u64::from(day.day()), 2);
}

/// Adds a date as `231130`.
pub fn push_six(out: &mut String, day: NaiveDate) {
    push_padded(out, u64::try_from(day.year() % 100).unwrap_or(0), 2);
    push_padded(out, u64::from(day.month()), 2);
    push_padded(out, u64::from(day.day()), 2);
}

/// The text in the letters that a clerk or an old system types: no umlauts, no accents.
pub fn plain_letters(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 4);
    for letter in text.chars() {
        match letter {
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'Ä' => plain.push_str("Ae"),
            'Ö' => plain.push_str("Oe"),
            'Ü' => plain.push_str("Ue"),
            'ß' => plain.push_str("ss"),
            'ş' => plain.push('s'),
            'Ç' => plain.push('C'),
            'ł' => plain.push('l'),
            'ç' | 'ć' => plain.push('c'),
            'ó' => plain.push('o'),
            'ı' => plain.push('i'),
            'ë' => plain.push('e'),
            _ => plain.push(letter),
        }
    }
    plain
}

/// The first characters.
pub fn cut(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

/// Adds the text's Windows-1252 bytes; letters that it lacks lose their accent, others become `?`.
pub fn push_windows_1252(out: &mut Vec<u8>, text: &str) {
    for letter in text.chars() {
        let code = u32::from(letter);
        match (u8::try_from(code), letter) {
            (Ok(byte), _) if !(0x80..0xA0).contains(&byte) => out.push(byte),
            (_, '€') => out.push(0x80),
            (_, 'ş') => out.push(b's'),
            (_, 'ł') => out.push(b'l'),
            (_, 'ć') => out.push(b'c'),
            (_, 'ı') => out.push(b'i'),
            _ => out.push(b'?'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (number, width, text) in [(0, 1, "0"), (7, 3, "007"), (1234, 2, "1234")] {
            let mut out = String::new();
            push_padded(&mut out, number, width);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn amounts() {
        for (cents, text) in [
            (5, "0,05"),
            (-123_456, "-1.234,56"),
            (100_000_000, "1.000.000,00"),
            (99_999, "999,99"),
        ] {
            let mut out = String::new();
            push_german(&mut out, cents);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn letters_of_windows_1252() {
        let mut out = Vec::new();
        push_windows_1252(&mut out, "Müller-ş\u{202e}");
        assert_eq!(out, b"M\xFCller-s?");
    }
}
