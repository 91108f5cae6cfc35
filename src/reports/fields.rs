//! Fields of CSV: quotation marks where they are needed, and no formulas.

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
    if !field.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
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
    let first = text.trim_start().chars().next();
    if matches!(first, Some('=' | '+' | '-' | '@')) || text.starts_with(['\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
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
