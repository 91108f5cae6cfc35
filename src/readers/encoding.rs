//! Text encodings: byte order marks, UTF-8, UTF-16, else ISO-8859-15 or Windows-1252.

use std::borrow::Cow;

/// A file's text.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// The text, without byte order mark.
    pub text: Cow<'a, str>,
    /// Encoding found: `utf-8`, `utf-16le`, `utf-16be`, `iso-8859-15`, `windows-1252`.
    pub encoding: &'static str,
    /// A byte order mark stood at the start.
    pub marked: bool,
    /// Byte sequences that the encoding does not allow were replaced.
    pub damaged: bool,
}

/// Decodes the text of a file that declares no encoding itself.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        let (text, damaged) = encoding.decode_without_bom_handling(rest);
        if damaged && encoding == encoding_rs::UTF_8 {
            // A mark that somebody put before a text of another encoding.
            let (text, damaged) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(rest);
            return Decoded { text, encoding: "windows-1252", marked: true, damaged };
        }
        let name = if encoding == encoding_rs::UTF_16LE {
            "utf-16le"
        } else if encoding == encoding_rs::UTF_16BE {
            "utf-16be"
        } else {
            "utf-8"
        };
        return Decoded { text, encoding: name, marked: true, damaged };
    }
    if let Some(encoding) = unmarked_utf_16(bytes) {
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        let little = encoding == encoding_rs::UTF_16LE;
        let name = if little { "utf-16le" } else { "utf-16be" };
        return Decoded { text, encoding: name, marked: false, damaged };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let text = Cow::Borrowed(text);
        return Decoded { text, encoding: "utf-8", marked: false, damaged: false };
    }
    let (encoding, name) = if is_latin_9(bytes) {
        (encoding_rs::ISO_8859_15, "iso-8859-15")
    } else {
        (encoding_rs::WINDOWS_1252, "windows-1252")
    };
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: name, marked: false, damaged }
}

/// Whether a text of one byte a letter that is no UTF-8 is ISO-8859-15 and not Windows-1252: it has the
/// euro sign where that one has a mark that nobody writes (`¤`), or an `Š` or `š` beside a letter
/// (`¦`, `¨`), and none of the characters that only Windows-1252 has.
pub(crate) fn is_latin_9(bytes: &[u8]) -> bool {
    let beside_letter = |at: usize| {
        let near = [at.checked_sub(1), at.checked_add(1)];
        let near = near.into_iter().flatten().filter_map(|at| bytes.get(at));
        near.into_iter().any(u8::is_ascii_alphabetic)
    };
    let has_own = memchr::memchr3_iter(0xa4, 0xa6, 0xa8, bytes)
        .any(|at| bytes.get(at) == Some(&0xa4) || beside_letter(at));
    has_own && !bytes.iter().any(|byte| (0x80..=0x9f).contains(byte))
}

/// Whether a part of a text that is no UTF-8 has letters by which [`is_latin_9`] may decide.
pub(crate) fn may_be_latin_9(bytes: &[u8]) -> bool {
    memchr::memchr3(0xa4, 0xa6, 0xa8, bytes).is_some()
}

/// UTF-16 without a mark: every other byte of the beginning is zero.
fn unmarked_utf_16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = bytes.get(..bytes.len().min(64) & !1)?;
    if head.len() < 8 {
        return None;
    }
    let all = |first: bool| {
        head.chunks_exact(2).all(|pair| match pair {
            [a, b] => {
                if first {
                    *a == 0 && *b != 0
                } else {
                    *a != 0 && *b == 0
                }
            }
            _ => false,
        })
    };
    if all(false) {
        Some(encoding_rs::UTF_16LE)
    } else if all(true) {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        for (bytes, text, encoding) in [
            (&b"Betrag"[..], "Betrag", "utf-8"),
            (b"\xEF\xBB\xBFM\xC3\xBCller", "Müller", "utf-8"),
            (b"M\xFCller", "Müller", "windows-1252"),
            (b"5,00 \xA4 M\xFCller", "5,00 € Müller", "iso-8859-15"),
            (b"5,00 \x80", "5,00 €", "windows-1252"),
            (b"5,00 \xA4 \x80", "5,00 ¤ €", "windows-1252"),
            (b"\xA6imi\xE6", "Šimiæ", "iso-8859-15"),
            (b"O\xB4Brien", "O´Brien", "windows-1252"),
            (b"\xFF\xFEM\0\xFC\0", "Mü", "utf-16le"),
            (b"B\0e\0t\0r\0a\0g\0", "Betrag", "utf-16le"),
        ] {
            let decoded = decode(bytes);
            assert_eq!((decoded.text.as_ref(), decoded.encoding), (text, encoding));
        }
    }
}
