//! Fields of CSV: quotation marks where they are needed, and no formulas.

use crate::model::text::harmless;

/// A record.
pub(crate) fn put_record<'a>(fields: impl Iterator<Item = &'a str>, text: &mut Vec<u8>) {
    for (number, field) in fields.enumerate() {
        if number > 0 {
            text.push(b',');
        }
        put(field, text);
    }
    text.push(b'\n');
}

/// A field, in quotation marks where it needs them.
pub(crate) fn put(field: &str, text: &mut Vec<u8>) {
    let bytes = field.as_bytes();
    let is_bare = memchr::memchr3(b',', b'"', b'\n', bytes).is_none()
        && memchr::memchr(b'\r', bytes).is_none();
    if is_bare {
        text.extend_from_slice(field.as_bytes());
        return;
    }
    text.push(b'"');
    put_inside(field, text);
    text.push(b'"');
}

/// What stands between quotation marks.
pub(crate) fn put_inside(field: &str, text: &mut Vec<u8>) {
    for part in field.split_inclusive('"') {
        text.extend_from_slice(part.as_bytes());
        if part.ends_with('"') {
            text.push(b'"');
        }
    }
}

/// A text that no spreadsheet takes for a formula.
pub(crate) fn defused(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

fn is_formula(text: &str) -> bool {
    let first = text.trim_start().chars().next();
    matches!(first, Some('=' | '+' | '-' | '@')) || text.starts_with(['\t', '\r'])
}

/// A field that no spreadsheet takes for a formula.
pub(crate) fn put_defused(field: &str, text: &mut Vec<u8>) {
    if is_formula(field) { put(&format!("'{field}"), text) } else { put(field, text) }
}

/// Whether a text that begins with no blank begins like a formula.
pub(crate) fn begins_a_formula(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'=' | b'+' | b'-' | b'@'))
}

/// A text of a file, harmless and no formula.
pub(crate) fn put_text(value: &str, text: &mut Vec<u8>) {
    let tame = value.bytes().all(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b' ' | b'.' | b'/' | b'_' | b'(' | b')' | b'&')
    });
    if tame {
        text.extend_from_slice(value.as_bytes());
    } else {
        put(&defused(&harmless(value)), text);
    }
}

/// Texts that can be shown as they stand and have no quotation marks and line ends; one that may
/// hold a comma is looked at and comes into quotation marks. Two of them have a blank between.
pub(crate) fn put_bare([first, second]: [&[u8]; 2], may_have_comma: bool, text: &mut Vec<u8>) {
    let has_comma =
        may_have_comma && [first, second].iter().any(|own| memchr::memchr(b',', own).is_some());
    if has_comma {
        text.push(b'"');
    }
    text.extend_from_slice(first);
    if !second.is_empty() {
        if !first.is_empty() {
            text.push(b' ');
        }
        text.extend_from_slice(second);
    }
    if has_comma {
        text.push(b'"');
    }
}

/// Whether an account, as it is written, is an IBAN whose characters are simply shown or masked.
/// Rows in brief have valid accounts, so twenty-two characters from `DE` on are one.
pub(crate) fn is_simply_masked(account: &[u8]) -> bool {
    (account.len() == 22 && account.starts_with(b"DE"))
        || (account.len() > 10
            && account.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
}

/// An IBAN of more than ten characters, masked.
pub(crate) fn put_masked(number: &[u8], text: &mut Vec<u8>) {
    text.extend_from_slice(number.get(..2).unwrap_or_default());
    text.extend_from_slice("\u{2026}".as_bytes());
    text.extend_from_slice(number.last_chunk::<4>().map_or(&[], |tail| tail));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_as_the_csv_library_quotes_them() {
        let fields = ["", "a", "a,b", "a\"b", "\"", "a;b", "a b", "\n", "\r", "ä", "'=1", "#a"];
        let mut own = Vec::new();
        put_record(fields.iter().copied(), &mut own);
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(fields).unwrap();
        assert_eq!(String::from_utf8(own), String::from_utf8(writer.into_inner().unwrap()));
    }

    #[test]
    fn formulas_are_defused() {
        for (text, expected) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            (" +49", "' +49"),
            ("@SUM", "'@SUM"),
            ("Müller", "Müller"),
            ("", ""),
        ] {
            assert_eq!(defused(text), expected);
        }
    }
}
