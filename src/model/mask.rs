//! Account numbers inside texts that leave the program: valid IBANs are masked wherever they stand.
//!
//! People and banks write them into names, remittance texts, notes and names of files, together or in
//! groups, glued to other words. A number ends at its country's length; what fails its check digits is
//! text and stays.
//!
//! This is not the finder whose accounts are evidence ([`crate::model::iban_in_text`]): a mask has to see
//! more (numbers parted by slashes, in names of files), must not take sentences for numbers, and is asked
//! for every text that is written.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::iban::Iban;
use crate::model::iban::country_length;

/// The shortest IBAN there is (characters).
const SHORTEST: usize = 15;

/// The longest.
const LONGEST: usize = 34;

/// No account number has fewer digits: the check digits and half of the rest.
const FEWEST_DIGITS: usize = 7;

/// So many blanks or marks at most stand between two groups of a number.
const BETWEEN: usize = 3;

/// A text with its valid account numbers as `DE…1234`.
pub fn masked(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut from = 0;
    while let Some((place, account)) = next(text.as_bytes(), from) {
        shown.push_str(text.get(from..place.start).unwrap_or_default());
        shown.push_str(&account.masked());
        from = place.end;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    shown.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(shown)
}

/// Whether a valid account number stands in a text.
pub fn holds_account(text: &[u8]) -> bool {
    next(text, 0).is_some()
}

/// The next account number from a place on.
fn next(text: &[u8], from: usize) -> Option<(Range<usize>, Iban)> {
    let rest = text.get(from..)?;
    if rest.len() < SHORTEST || !may_begin(rest) {
        return None;
    }
    (from..text.len().saturating_sub(SHORTEST.saturating_sub(1))).find_map(|start| {
        let (end, account) = at(text.get(start..)?)?;
        Some((start..start.saturating_add(end), account))
    })
}

/// Whether two letters stand before two digits anywhere, a single mark between them or none, or before
/// longer marks in a text with enough digits: cheap, and never wrong when it says no.
fn may_begin(text: &[u8]) -> bool {
    let letters = |place: usize| text.get(place..).unwrap_or_default().iter();
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let glued = letters(0).zip(letters(1)).zip(letters(2)).zip(letters(3));
    // Without a way out, so that many bytes are looked at together.
    let any = glued.fold(false, |any, (((a, b), c), d)| {
        any | (is_letter(a) & is_letter(b) & is_digit(c) & is_digit(d))
    });
    let parted = letters(0).zip(letters(1)).zip(letters(2)).zip(letters(3));
    if any
        || parted.zip(letters(4)).fold(false, |any, ((((a, b), c), d), e)| {
            any | (is_letter(a)
                & is_letter(b)
                & !c.is_ascii_alphanumeric()
                & is_digit(d)
                & is_digit(e))
        })
    {
        return true;
    }
    // Several marks, or one of several bytes.
    let marks = letters(0).zip(letters(1)).zip(letters(2)).zip(letters(3));
    let (far, digits) = marks.fold((false, 0_u8), |(any, digits), (((a, b), c), d)| {
        let between = !c.is_ascii_alphanumeric() & !d.is_ascii_alphanumeric();
        let digits = digits.saturating_add(u8::from(is_digit(d)));
        (any | (is_letter(a) & is_letter(b) & between), digits)
    });
    far && usize::from(digits) >= FEWEST_DIGITS
}

/// The account number that a text begins with, and where it ends.
fn at(text: &[u8]) -> Option<(usize, Iban)> {
    let [first, second, third, ..] = text else { return None };
    let is_letter = first.is_ascii_alphabetic() && second.is_ascii_alphabetic();
    // Most places end here.
    if !is_letter || third.is_ascii_alphabetic() {
        return None;
    }
    let country = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
    let country = std::str::from_utf8(&country).ok()?;
    let wanted = country_length(country).or_else(|| length_elsewhere(country))?;
    let mut number = String::with_capacity(LONGEST);
    number.push_str(country);
    let mut place = 2_usize;
    while number.len() < wanted {
        place = place.saturating_add(between(text.get(place..)?));
        let byte = *text.get(place)?;
        let is_expected =
            if number.len() < 4 { byte.is_ascii_digit() } else { byte.is_ascii_alphanumeric() };
        if !is_expected {
            return None;
        }
        number.push(char::from(byte.to_ascii_uppercase()));
        place = place.saturating_add(1);
    }
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let is_likely = if has_letters(country) {
        digits.saturating_mul(2) >= wanted
    } else {
        digits.saturating_add(2) == wanted
    };
    let account = Iban::read(&number).filter(|account| is_likely && account.is_valid())?;
    Some((place, account))
}

/// Lengths for countries to which German offices do not pay, but whose accounts people name (ISO 13616).
fn length_elsewhere(country: &str) -> Option<usize> {
    Some(match country {
        "FK" | "SD" => 18,
        "KZ" | "MN" => 20,
        "BH" | "CR" => 22,
        "AE" | "IQ" | "OM" | "SO" | "TL" => 23,
        "PK" | "SA" | "VG" => 24,
        "LY" | "ST" => 25,
        "BI" | "DJ" | "MR" => 27,
        "AZ" | "BY" | "DO" | "GT" | "HN" | "NI" | "SV" => 28,
        "BR" | "EG" | "PS" | "QA" => 29,
        "JO" | "KW" | "MU" | "YE" => 30,
        "SC" => 31,
        "LC" => 32,
        "RU" => 33,
        _ => return None,
    })
}

/// How many bytes of blanks and marks a text begins with, if they are few.
fn between(text: &[u8]) -> usize {
    let mut length = 0;
    for _ in 0..BETWEEN {
        let rest = text.get(length..).unwrap_or_default();
        length = length.saturating_add(match rest {
            // Whatever is no letter and no digit: also what is shown as a mark or not at all.
            [..=b'/' | b':'..=b'@' | b'['..=b'`' | b'{'..=0x7f, ..] => 1,
            // No-break spaces, soft hyphens, signs and controls of Latin-1.
            [0xc2, 0x80..=0xbf, ..] => 2,
            // Narrow spaces, dashes, marks and what turns the reading direction or is invisible; the minus
            // sign; spaces, stops and dots of East Asia; the mark of the byte order; replaced bytes.
            [0xe2, 0x80..=0x81, 0x80..=0xbf, ..]
            | [0xe2, 0x88, 0x92, ..]
            | [0xe3, 0x80, 0x80..=0x82, ..]
            | [0xef, 0xbb, 0xbf, ..]
            | [0xef, 0xbf, 0xb9..=0xbd, ..] => 3,
            _ => break,
        });
    }
    length
}

/// Whether account numbers of a country have letters behind the check digits.
fn has_letters(country: &str) -> bool {
    !matches!(
        country,
        "AT" | "BA"
            | "BE"
            | "CZ"
            | "DE"
            | "DK"
            | "EE"
            | "ES"
            | "FI"
            | "FO"
            | "GL"
            | "HR"
            | "HU"
            | "IL"
            | "IS"
            | "LT"
            | "ME"
            | "NO"
            | "PL"
            | "PT"
            | "RS"
            | "SE"
            | "SI"
            | "SK"
            | "TN"
            | "UA"
            | "VA"
            | "XK"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_masked_wherever_they_stand() {
        for (text, expected) in [
            ("DE89370400440532013000", "DE…3000"),
            ("Miete DE89 3704 0044 0532 0130 00 Mai", "Miete DE…3000 Mai"),
            ("IBANDE89370400440532013000BIC", "IBANDE…3000BIC"),
            ("de89-3704-0044-0532-0130-00", "DE…3000"),
            ("DE 89 370400440532013000", "DE…3000"),
            ("IBAN: DE89370400440\n532013000.", "IBAN: DE…3000."),
            ("DE89\u{a0}3704\u{a0}0044\u{202f}0532 0130 00", "DE…3000"),
            ("C53_DE89370400440532013000_1.xml", "C53_DE…3000_1.xml"),
            ("GB82 WEST 1234 5698 7654 32/NL91ABNA0417164300", "GB…5432/NL…4300"),
            ("ä DE89370400440532013000 ö DE89370400440532013000", "ä DE…3000 ö DE…3000"),
            ("SA03 8000 0000 6080 1016 7519 BR1800360305000010009795493C1", "SA…7519 BR…93C1"),
            ("DE\u{a0}89\u{a0}3704 0044 0532 0130 00", "DE…3000"),
            ("DE - 89 3704 0044 0532 0130 00", "DE…3000"),
            ("DE89\u{200d}3704\u{feff}0044\u{ad}0532\u{2060}0130\u{202e}00", "DE…3000"),
            ("DE89–3704–0044‑0532−0130·00", "DE…3000"),
            ("DE89,3704;0044|0532'0130+00", "DE…3000"),
            ("DE89\u{7}3704\u{0}0044\u{1}05320130\u{85}00", "DE…3000"),
            // Digits of another number behind it.
            ("DE893704004405320130001234", "DE…30001234"),
        ] {
            assert_eq!(masked(text), expected, "{text}");
            assert!(holds_account(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_no_account_stays() {
        for text in [
            "",
            "DE89370400440532013001",
            "DE8937040044053201300",
            "DE…3000",
            "Az. 50.12-4711, Sozialhilfe 11/2023",
            "SOZ2311-000001-0000000000000",
            "es 24 Wohnungen und so weiter und so fort",
            "DE89    3704 0044 0532 0130 00",
        ] {
            assert_eq!(masked(text), text);
            assert!(!holds_account(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn any_cut_and_any_bytes_are_survived() {
        let text = "ä DE89\u{a0}3704 0044 0532 0130 00 ö";
        for start in 0..text.len() {
            let _found = holds_account(text.as_bytes().get(start..).unwrap());
            let _found = holds_account(text.as_bytes().get(..start).unwrap());
        }
    }
}
