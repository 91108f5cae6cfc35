//! Account numbers inside of texts: `IBAN: DE89 3704 0044 0532 0130 00`, `IBANDE89…`, `DE89…Miete`.

use crate::model::iban::Iban;
use crate::model::iban::country_length;

/// The valid IBANs in a text, in their order, each once.
///
/// An IBAN ends at its country's length, whatever stands before or behind it; blanks, points and
/// dashes may part its characters one by one or in groups. What fails its check digits is text.
pub fn in_text(text: &str) -> Vec<Iban> {
    let mut found = Vec::new();
    let mut from = 0_usize;
    while let Some((place, end, iban)) = next(text, from) {
        debug_assert!(place < end, "an account has characters");
        if !found.contains(&iban) {
            found.push(iban);
        }
        from = end;
    }
    found
}

/// The places (bytes) of the valid IBANs in a text, in their order.
pub fn places(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0_usize;
    while let Some((place, end, _)) = next(text, from) {
        found.push(place..end);
        from = end;
    }
    found
}

/// The next valid IBAN that begins at this byte or later, with the bytes at which it begins and
/// behind which it ends.
fn next(text: &str, from: usize) -> Option<(usize, usize, Iban)> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let rest = bytes.get(at..)?;
        let begins = |pair: &[u8]| pair.iter().all(u8::is_ascii_alphabetic);
        at = rest.windows(2).position(begins)?.saturating_add(at);
        let read = read_at(text, at);
        if let Some((end, iban)) = read {
            return Some((at, end, iban));
        }
        at = at.saturating_add(1);
    }
}

/// So many more blanks than one may part characters: line ends that became blanks.
const MOST_BETWEEN: usize = 2;

/// The IBAN that begins at this byte, and where it ends.
fn read_at(text: &str, at: usize) -> Option<(usize, Iban)> {
    let rest = text.get(at..)?;
    let country = rest.get(..2)?.to_ascii_uppercase();
    let length = country_length(&country)?;
    let mut compact = String::with_capacity(length);
    let mut parted = 0_usize;
    for (place, c) in rest.char_indices() {
        if c.is_ascii_alphanumeric() {
            // Behind the country stand the check digits.
            if compact.len() >= 2 && compact.len() < 4 && !c.is_ascii_digit() {
                return None;
            }
            compact.push(c.to_ascii_uppercase());
            parted = 0;
            if compact.len() == length {
                let iban = Iban::read(&compact).filter(Iban::is_valid)?;
                return Some((at.saturating_add(place).saturating_add(1), iban));
            }
        } else if parted > MOST_BETWEEN
            || !(c.is_whitespace() || matches!(c, '.' | '-'))
            || compact.len() == 1
        {
            return None;
        } else {
            parted = parted.saturating_add(1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_wherever_they_stand() {
        let german = "DE89370400440532013000";
        for (text, expected) in [
            ("DE89370400440532013000", &[german][..]),
            ("IBAN: DE89 3704 0044 0532 0130 00 Miete", &[german]),
            ("IBAN:DE89370400440532013000", &[german]),
            ("IBANDE89370400440532013000BIC", &[german]),
            ("an DE89370400440532013000Sozialhilfe 09/2025", &[german]),
            ("DE89370400440532013000 09/2025", &[german]),
            ("de89 3704 0044 0532 0130 00", &[german]),
            ("DE89\u{a0}3704\u{a0}0044\u{a0}0532\u{a0}0130\u{a0}00", &[german]),
            ("DE8937040044053 2013000", &[german]),
            ("DE89370400440532013001", &[]),
            ("DE8937040044053201300", &[]),
            ("DE89  3704\r\n 00440532013000", &[german]),
            ("DE89    370400440532013000", &[]),
            ("GB82WEST12345698765432, DE89370400440532013000", &["GB82WEST12345698765432", german]),
            ("DE89370400440532013000 DE89 3704 0044 0532 0130 00", &[german]),
            ("Die 89 Tage", &[]),
            ("Müller AT611904300234573201ß", &["AT611904300234573201"]),
            ("", &[]),
        ] {
            let found = in_text(text);
            let found: Vec<&str> = found.iter().map(Iban::reveal).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(places("x DE89 3704 0044 0532 0130 00.").first(), Some(&(2..29)));
    }
}
