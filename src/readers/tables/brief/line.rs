//! One line of a table that is read again: its cells as bytes.

use std::borrow::Cow;

/// Cuts a line into cells, blanks around them removed; `false` if its quotation marks are not
/// simply around whole cells.
pub(super) fn cut<'a>(line: &'a [u8], delimiter: u8, cells: &mut Vec<&'a [u8]>) -> bool {
    cells.clear();
    let mut rest = line;
    loop {
        if let [b'"', quoted @ ..] = rest {
            let Some(end) = memchr::memchr(b'"', quoted) else { return false };
            let (cell, after) = quoted.split_at(end);
            cells.push(cell.trim_ascii());
            match after {
                [_] => return true,
                [_, next, more @ ..] if *next == delimiter => rest = more,
                _ => return false,
            }
        } else {
            let end = memchr::memchr2(delimiter, b'"', rest).unwrap_or(rest.len());
            let (cell, after) = rest.split_at(end);
            cells.push(cell.trim_ascii());
            match after {
                [] => return true,
                [next, more @ ..] if *next == delimiter => rest = more,
                _ => return false,
            }
        }
    }
}

/// The same where marks inside of cells are doubled; `None` if they are anything else.
pub(super) fn cut_doubled(line: &[u8], delimiter: u8) -> Option<Vec<Cow<'_, [u8]>>> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let [b'"', quoted @ ..] = rest else {
            let end = memchr::memchr2(delimiter, b'"', rest).unwrap_or(rest.len());
            let (cell, after) = rest.split_at(end);
            cells.push(Cow::Borrowed(cell));
            match after {
                [] => return Some(cells),
                [next, more @ ..] if *next == delimiter => rest = more,
                _ => return None,
            }
            continue;
        };
        rest = quoted;
        let mut cell = Vec::new();
        loop {
            let (text, after) = rest.split_at(memchr::memchr(b'"', rest)?);
            cell.extend_from_slice(text);
            match after {
                [_] => {
                    cells.push(Cow::Owned(cell));
                    return Some(cells);
                }
                [_, b'"', more @ ..] => {
                    cell.push(b'"');
                    rest = more;
                }
                [_, next, more @ ..] if *next == delimiter => {
                    cells.push(Cow::Owned(cell));
                    rest = more;
                    break;
                }
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;
    use crate::readers::tables::record::split;

    #[test]
    fn doubled_marks_are_read_as_the_reader_of_csv_reads_them() {
        let (mut dice, mut known) = (7_u32, 0);
        for round in 0..40_000_u32 {
            let line: Vec<u8> = (0..=round % 17)
                .map(|_| {
                    dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    b"\"\";;\"\"ab"[usize::try_from(dice >> 29).unwrap()]
                })
                .collect();
            let Some(cells) = cut_doubled(&line, b';') else { continue };
            known += 1;
            let text = std::str::from_utf8(&line).unwrap();
            let records = split(FileId(0), text, b';').unwrap();
            let expected: Vec<&str> = records[0].cells().map(|cell| cell.text).collect();
            let found: Vec<&str> =
                cells.iter().map(|cell| std::str::from_utf8(cell).unwrap()).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert!(known > 4000, "{known}");
    }

    #[test]
    fn cells() {
        let mut cells = Vec::new();
        for (line, expected) in [
            (&b"a;b;;c"[..], Some(vec!["a", "b", "", "c"])),
            (b"\"a\";\" b \";\"\"", Some(vec!["a", "b", ""])),
            (b"\"a;b\"; c", Some(vec!["a;b", "c"])),
            (b"", Some(vec![""])),
            (b"a;", Some(vec!["a", ""])),
            (b"\"a\"\"b\";c", None),
            (b"\"a;b", None),
            (b"a\"b;c", None),
            (b"\"a\"b;c", None),
        ] {
            let simple = cut(line, b';', &mut cells);
            let found: Vec<&str> =
                cells.iter().map(|cell| std::str::from_utf8(cell).unwrap()).collect();
            assert_eq!(simple.then_some(found), expected, "{}", String::from_utf8_lossy(line));
        }
    }
}
