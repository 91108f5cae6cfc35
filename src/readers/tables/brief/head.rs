//! The first bytes of a table: its encoding, and where the rows begin.

use crate::readers::check::Check;
use crate::readers::tables::record::Record;
use crate::readers::tables::record::quote_stays_open;

pub(super) struct Text<'a> {
    pub(super) body: &'a [u8],
    /// Bytes of the mark before it.
    pub(super) skipped: usize,
    pub(super) is_utf_8: bool,
}

/// The first bytes of a text in UTF-8 or Windows-1252, by the rule of the general reader.
pub(super) fn text_of(bytes: &[u8], check: Check) -> Option<Text<'_>> {
    let (body, marked) = match bytes {
        [0xef, 0xbb, 0xbf, body @ ..] => (body, true),
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] => return None,
        _ => (bytes, false),
    };
    // Zero bytes are damage or UTF-16, and `\u{fffd}` is damage; somebody has to be told.
    let strange = check.has_zeros || check.has_damage || (marked && !check.is_utf_8);
    (!strange).then_some(Text {
        body,
        skipped: bytes.len().saturating_sub(body.len()),
        is_utf_8: check.is_utf_8,
    })
}

/// The byte behind the header's line. A header over several lines, or one that shares its line with
/// other records, is left to the general reader.
pub(super) fn row_start(body: &[u8], header: &Record, delimiter: u8) -> Option<usize> {
    let line = usize::try_from(header.line).ok()?;
    let end = memchr::memchr_iter(b'\n', body).nth(line.checked_sub(1)?)?;
    let before = body.get(..end)?;
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at.saturating_add(1));
    let text = before.get(start..)?;
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let alone = memchr::memchr(b'\r', text).is_none() && !quote_stays_open(text, delimiter);
    alone.then(|| end.saturating_add(1))
}
