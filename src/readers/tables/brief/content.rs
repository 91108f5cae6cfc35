//! What a cell holds, without what stands around it.

use std::ops::Range;

/// What a simple cell holds, without quotation marks and blanks around it.
#[inline]
pub(super) fn content(cell: &[u8]) -> &[u8] {
    cell.get(content_place(cell, 0..cell.len())).unwrap_or_default()
}

/// Where that stands of a cell that stands there.
#[inline]
pub(super) fn content_place(row: &[u8], cell: Range<usize>) -> Range<usize> {
    let (start, inner) = match row.get(cell.clone()).unwrap_or_default() {
        [b'"', inner @ .., b'"'] => (cell.start.wrapping_add(1), inner),
        whole => (cell.start, whole),
    };
    let place = start..start.wrapping_add(inner.len());
    match inner {
        [] => place,
        [first, .., last] if *first > b' ' && *last > b' ' => place,
        _ => trimmed_place(row, place),
    }
}

/// Where the text without blanks around it stands of one that stands there.
pub(super) fn trimmed_place(row: &[u8], text: Range<usize>) -> Range<usize> {
    let all = row.get(text.clone()).unwrap_or_default();
    let behind = all.trim_ascii_start();
    let start = text.start.saturating_add(all.len().saturating_sub(behind.len()));
    start..start.saturating_add(behind.trim_ascii_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_content() {
        for (cell, expected) in [
            ("", ""),
            ("a", "a"),
            ("ab", "ab"),
            (" a b ", "a b"),
            ("\"\"", ""),
            ("\"ab\"", "ab"),
            ("\" ab \"", "ab"),
            ("\"", "\""),
            ("  ", ""),
            ("\"\t\"", ""),
        ] {
            assert_eq!(content(cell.as_bytes()), expected.as_bytes(), "{cell:?}");
            let row = format!("x;{cell};y");
            let place = content_place(row.as_bytes(), 2..cell.len().saturating_add(2));
            assert_eq!(row.get(place), Some(expected), "{cell:?}");
        }
    }
}
