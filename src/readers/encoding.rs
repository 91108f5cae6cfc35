//! Text encodings: byte order marks, UTF-8, UTF-16, else Windows-1252.

use std::borrow::Cow;

/// A file's text.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// The text, without byte order mark.
    pub text: Cow<'a, str>,
    /// Encoding found: `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`.
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
    let (text, damaged) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    Decoded { text, encoding: "windows-1252", marked: false, damaged }
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
            (b"\xFF\xFEM\0\xFC\0", "Mü", "utf-16le"),
            (b"B\0e\0t\0r\0a\0g\0", "Betrag", "utf-16le"),
        ] {
            let decoded = decode(bytes);
            assert_eq!((decoded.text.as_ref(), decoded.encoding), (text, encoding));
        }
    }
}
