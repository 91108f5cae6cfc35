//! One line of a table that is read again: its cells as bytes.

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

#[cfg(test)]
mod tests {
    use super::*;

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
