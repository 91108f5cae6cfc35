//! Fields of CSV: quotation marks where they are needed, and no formulas.

use crate::model::brief::Cell;
use crate::model::text::harmless;
use crate::reports::ink::Ink;

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
#[inline(always)]
pub(crate) fn put_bare(
    first: Cell<'_>,
    second: Cell<'_>,
    may_have_comma: bool,
    row: &mut impl Ink,
) {
    if may_have_comma {
        return put_bare_with_comma(first, second, row);
    }
    put_cell(first, row);
    if !second.is_empty() {
        if !first.is_empty() {
            row.put(b" ");
        }
        put_cell(second, row);
    }
}

fn put_bare_with_comma(first: Cell<'_>, second: Cell<'_>, row: &mut impl Ink) {
    let has_comma = [first, second].iter().any(|own| memchr::memchr(b',', own.bytes()).is_some());
    if has_comma {
        row.put(b"\"");
    }
    put_bare(first, second, false, row);
    if has_comma {
        row.put(b"\"");
    }
}

/// A text that can be shown as it stands and has no commas.
#[inline(always)]
pub(crate) fn put_cell(cell: Cell<'_>, row: &mut impl Ink) {
    let (bytes, length) = cell.with_behind();
    row.put_first(bytes, length);
}

/// Whether an account, as it is written, is an IBAN whose characters are simply shown or masked.
/// Rows in brief have valid accounts, so twenty-two characters from `DE` on are one.
pub(crate) fn is_simply_masked(account: &[u8]) -> bool {
    (account.len() == 22 && account.starts_with(b"DE"))
        || (account.len() > 10
            && account.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
}

/// An IBAN of more than ten characters, masked.
#[inline]
pub(crate) fn put_masked(number: &[u8], row: &mut impl Ink) {
    let numbers = |bytes: [u8; 4]| u128::from(u32::from_le_bytes(bytes));
    if let (Some([a, b]), Some(tail)) = (number.first_chunk(), number.last_chunk()) {
        let [c, d, e] = ELLIPSIS;
        let head = numbers([*a, *b, c, d]) | u128::from(e) << 32;
        row.put_word(head | numbers(*tail) << 40, 9);
    }
}

/// What stands for the digits that are not shown.
const ELLIPSIS: [u8; 3] = [0xe2, 0x80, 0xa6];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::iban::Iban;

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
    fn accounts_are_masked_alike() {
        let mut text = Vec::new();
        put_masked(b"DE09999100540043764919", &mut text);
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, "DE\u{2026}4919");
        assert_eq!(Iban::read("DE09999100540043764919").unwrap().masked(), text);
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
