//! Kinds of files that are never payment data, by their first bytes.

/// First bytes, and what begins with them.
const SIGNATURES: [(&[u8], &str); 17] = [
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"RIFF", "RIFF"),
    (b"{\\rtf", "RTF"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"SQLite format 3\0", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90\0", "EXE"),
    (b"-----BEGIN ", "PEM"),
];

/// Names inside office files that are no spreadsheets.
const OFFICE: [(&[u8], &str); 4] = [
    (b"word/document.xml", "Word"),
    (b"ppt/presentation.xml", "PowerPoint"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument Text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", "OpenDocument Presentation"),
];

/// First bytes of the old binary office files (`.xls`, `.doc`); the reader of tables knows them.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The kind of what is no text.
pub(super) const BINARY: &str = "binary";

/// What a file is, if it is none that is read here; `head` is its decoded beginning.
pub(super) fn foreign_kind(bytes: &[u8], head: &str) -> Option<&'static str> {
    if let Some((_, kind)) = SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some(kind);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let holds = |name: &[u8]| memchr::memmem::find(bytes, name).is_some();
        return OFFICE.iter().find(|(name, _)| holds(name)).map(|(_, kind)| *kind);
    }
    if bytes.starts_with(OLE) {
        return None;
    }
    if is_html(head) {
        return Some("HTML");
    }
    is_binary(head).then_some(BINARY)
}

/// What passes for a workbook and is none: a table as a web page or as XML, as some programs write it
/// under `.xls`.
pub(super) fn in_disguise(head: &str) -> Option<&'static str> {
    if head.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Some("XML Spreadsheet 2003");
    }
    let start: String = head.trim_start().chars().take(2_000).collect();
    if start.contains("MIME-Version:") && start.contains("multipart/related") {
        return Some("MHTML");
    }
    is_html(head).then_some("HTML")
}

/// Whether a text is a web page: the log-in page that a bank sends instead of a file, or a table
/// saved as one.
fn is_html(head: &str) -> bool {
    let start: String =
        head.trim_start().chars().take(2_000).flat_map(char::to_lowercase).collect();
    start.starts_with('<')
        && !start.contains("<document")
        && ["<!doctype html", "<html", "<head>", "<body", "<table"]
            .iter()
            .any(|word| start.contains(word))
}

/// Whether a text has too many control characters to be one. A few binary zeros are damage in a
/// row, which the reader of the row names.
fn is_binary(head: &str) -> bool {
    let head = || head.chars().take(4_096);
    let odd = head()
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{1a}'))
        .count();
    odd.saturating_mul(8) > head().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises() {
        for (head, kind) in [
            ("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table>", Some("HTML")),
            (
                "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
                 <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Some("XML Spreadsheet 2003"),
            ),
            ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", Some("MHTML")),
            ("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">", None),
            ("Name;Betrag\n", None),
        ] {
            assert_eq!(in_disguise(head), kind, "{head}");
        }
    }

    #[test]
    fn kinds() {
        for (bytes, kind) in [
            (&b"%PDF-1.4"[..], Some("PDF")),
            (b"<table><tr><td>IBAN</td></tr></table>", Some("HTML")),
            (b"<Document><CstmrCdtTrfInitn/></Document>", None),
            (b"PK\x03\x04......word/document.xml", Some("Word")),
            (b"PK\x03\x04......xl/workbook.xml", None),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0\0", None),
            (b"Name;Betrag\nErika\0;5,00\n", None),
            (b"\x01\x02\x03\x04", Some("binary")),
        ] {
            let head = String::from_utf8_lossy(bytes);
            assert_eq!(foreign_kind(bytes, &head), kind, "{head}");
        }
    }
}
