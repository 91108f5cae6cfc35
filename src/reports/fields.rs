//! Fields of CSV: quotation marks where they are needed, no account numbers, and no formulas, whichever
//! separator the one who opens the file has set.

use crate::model::brief::Cell;
use crate::model::mask::holds_account;
use crate::model::text::leaving;
use crate::reports::ink::Ink;
use crate::reports::options::Options;
use crate::reports::options::Separator;

/// Puts records; all texts of a table pass here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen {
    full_iban: bool,
    separator: Separator,
}

impl Pen {
    pub(crate) const fn new(options: &Options) -> Self {
        Self { full_iban: options.full_iban, separator: options.separator }
    }

    /// What stands between two fields.
    pub(crate) const fn separator(self) -> u8 {
        match self.separator {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
        }
    }

    /// A record.
    pub(crate) fn record<'a>(self, fields: impl Iterator<Item = &'a str>, text: &mut Vec<u8>) {
        for (number, field) in fields.enumerate() {
            if number > 0 {
                text.push(self.separator());
            }
            self.put(field, text);
        }
        text.push(b'\n');
    }

    /// A record of texts of our own with texts of files in them: no spreadsheet takes one for a formula.
    pub(crate) fn record_defused<'a>(
        self,
        fields: impl Iterator<Item = &'a str>,
        text: &mut Vec<u8>,
    ) {
        let safe: Vec<String> = fields.map(|field| self.defused(field)).collect();
        self.record(safe.iter().map(String::as_str), text);
    }

    /// A field, in quotation marks where it needs them.
    pub(crate) fn put(self, field: &str, text: &mut Vec<u8>) {
        let bytes = field.as_bytes();
        let is_bare = memchr::memchr3(self.separator(), b'"', b'\n', bytes).is_none()
            && memchr::memchr(b'\r', bytes).is_none();
        if is_bare {
            text.extend_from_slice(bytes);
            return;
        }
        text.push(b'"');
        put_inside(field, text);
        text.push(b'"');
    }

    /// A text of our own with texts of files in it: no spreadsheet takes it for a formula.
    pub(crate) fn put_defused(self, field: &str, text: &mut Vec<u8>) {
        self.put(&self.defused(field), text);
    }

    /// A text of a file: harmless, masked and no formula.
    pub(crate) fn put_text(self, value: &str, text: &mut Vec<u8>) {
        // A minus is a sign at the beginning only; case numbers have it inside.
        let begins_tame = value.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric);
        let tame = value.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b' ' | b'.' | b'/' | b'_' | b'(' | b')' | b'&')
                || (byte == b'-' && begins_tame)
        });
        if tame && (self.full_iban || !holds_account(value.as_bytes())) {
            text.extend_from_slice(value.as_bytes());
        } else {
            self.put_defused(&self.text(value), text);
        }
    }

    /// A text of a file, harmless and masked.
    pub(crate) fn text(self, value: &str) -> String {
        leaving(value, self.full_iban)
    }

    /// A text that no spreadsheet takes for a formula: an apostrophe stands before whatever could begin
    /// one, at the beginning and behind every separator that somebody may have set.
    pub(crate) fn defused(self, text: &str) -> String {
        self.defused_from(text, true)
    }

    /// The same for a text that does not stand at the beginning.
    pub(crate) fn defused_inside(self, text: &str) -> String {
        self.defused_from(text, false)
    }

    fn defused_from(self, text: &str, begins_cell: bool) -> String {
        let mut safe = String::with_capacity(text.len());
        let mut begins_cell = begins_cell;
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            if begins_cell && begins_a_formula_behind(c, rest.as_str()) {
                safe.push('\'');
            }
            safe.push(c);
            // A comma is in quotation marks where it separates; else nothing protects it.
            begins_cell = matches!(c, ';' | '|' | '\t' | '\r' | '\n')
                || (c == ',' && self.separator != Separator::Comma);
        }
        safe
    }
}

/// Whether a cell that begins so is a formula to some spreadsheet: a sign of one, blanks and quotation
/// marks before it do not count.
fn begins_a_formula_behind(first: char, rest: &str) -> bool {
    let is_before =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\u{feff}' | '\u{201c}' | '\u{201d}');
    let mut sign = Some(first);
    let mut more = rest.chars();
    while sign.is_some_and(is_before) {
        sign = more.next();
    }
    matches!(
        sign,
        Some(
            '=' | '+' | '-' | '@'
            // The same in full width and small, as East Asian keyboards have them.
            | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
            | '\u{fe66}' | '\u{fe62}' | '\u{fe63}' | '\u{fe6b}'
        )
    ) || matches!(first, '\t' | '\r')
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

/// Whether a text of a row that is written as it stands, and that begins with no blank, begins like a
/// formula, has a separator behind which one could begin, or an account number in it.
pub(crate) fn needs_care(text: &[u8]) -> bool {
    if matches!(text.first(), Some(b'=' | b'+' | b'-' | b'@')) {
        return true;
    }
    // Without a way out, so that many bytes are looked at together.
    let (digits, separators) = text.iter().fold((0_u8, false), |(digits, separators), byte| {
        let digit = u8::from(byte.is_ascii_digit());
        (digits.saturating_add(digit), separators | matches!(byte, b';' | b'|'))
    });
    separators || (digits >= FEWEST_DIGITS && holds_account(text))
}

/// Whether two texts that are written with a blank between need care, each or together.
pub(crate) fn pair_needs_care([first, second]: [&[u8]; 2]) -> bool {
    let digits = |text: &[u8]| text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let together = !first.is_empty() && !second.is_empty();
    needs_care(first)
        || needs_care(second)
        || (together && digits(first).saturating_add(digits(second)) >= usize::from(FEWEST_DIGITS))
}

/// No account number has fewer digits.
const FEWEST_DIGITS: u8 = 7;

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

    fn pen(separator: Separator) -> Pen {
        Pen { full_iban: false, separator }
    }

    #[test]
    fn fields_are_quoted_as_the_csv_library_quotes_them() {
        let fields = ["", "a", "a,b", "a\"b", "\"", "a;b", "a b", "\n", "\r", "ä", "'=1", "#a"];
        for separator in [Separator::Comma, Separator::Semicolon] {
            let pen = pen(separator);
            let mut own = Vec::new();
            pen.record(fields.iter().copied(), &mut own);
            let mut writer = ::csv::WriterBuilder::new();
            let mut writer = writer.delimiter(pen.separator()).from_writer(Vec::new());
            writer.write_record(fields).unwrap();
            assert_eq!(String::from_utf8(own), String::from_utf8(writer.into_inner().unwrap()));
        }
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
            ("\"=1", "'\"=1"),
            ("＝1+1", "'＝1+1"),
            ("\u{3000}＠a", "'\u{3000}＠a"),
            ("a;=1+1;x", "a;'=1+1;x"),
            ("a; \"-2", "a;' \"-2"),
            ("a|+1", "a|'+1"),
            ("a;'=1", "a;'=1"),
            ("a, -5.00", "a, -5.00"),
            ("a=b-c", "a=b-c"),
            ("Müller", "Müller"),
            ("", ""),
        ] {
            assert_eq!(pen(Separator::Comma).defused(text), expected);
        }
        assert_eq!(pen(Separator::Semicolon).defused("a, -5.00"), "a,' -5.00");
    }

    #[test]
    fn what_needs_no_care_is_written_as_it_stands() {
        for (text, needs) in [
            ("Müller", false),
            ("SOZ2311-000001-12345678901", false),
            ("=1", true),
            ("a;b", true),
            ("Miete DE89 3704 0044 0532 0130 00", true),
            ("Miete DE89 3704 0044 0532 0130 01", false),
        ] {
            assert_eq!(needs_care(text.as_bytes()), needs, "{text}");
        }
        assert!(pair_needs_care([b"DE89 3704 0044", b"0532 0130 00"]));
        assert!(!pair_needs_care(["Jürgen".as_bytes(), "Müller".as_bytes()]));
    }

    #[test]
    fn texts_leave_masked() {
        for (full_iban, expected) in [(false, "x DE…3000"), (true, "x DE89370400440532013000")] {
            let mut text = Vec::new();
            let pen = Pen { full_iban, separator: Separator::Comma };
            pen.put_text("x DE89370400440532013000", &mut text);
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
    }
}
