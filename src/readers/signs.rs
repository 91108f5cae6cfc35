//! Signs that a file is payment data although it could not be read. In a folder, files that are none
//! of ours are passed by; one that was damaged on its way must not pass for one of them: it may be
//! the list, or the return that decides.

use crate::model::date;
use crate::model::iban::Iban;
use crate::readers::encoding::decode;
use crate::readers::plain_values;
use crate::readers::tables::bank;
use crate::readers::tables::columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::DELIMITERS;

/// Endings of the files that banks and case-work software write.
const ENDINGS: [&str; 19] = [
    "csv", "tsv", "sta", "mt9", "940", "942", "mt940", "mt942", "swi", "xml", "camt", "c52", "c53",
    "c54", "xlsx", "xls", "ods", "zip", "gz",
];

/// How much of a file is searched (bytes).
const MOST: usize = 1 << 20;

/// Columns that a line must have to be a header of ours, known and understood.
const COLUMNS: usize = 3;

/// Whether a path ends like a bank's file or a list.
pub(super) fn has_ending(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// Whether a file that could not be read holds anything that only payment data have.
pub(super) fn holds_some(bytes: &[u8]) -> bool {
    let bytes = bytes.get(..bytes.len().min(MOST)).unwrap_or(bytes);
    let decoded = decode(bytes);
    // Zeros are what is missing; signs stand between them.
    let text = decoded.text.replace('\0', "\n");
    has_markup(&text)
        || text.lines().any(is_field_of_mt940)
        || names_accounts(&text)
        || text.lines().any(is_header)
        || holds_workbook(bytes)
}

/// Whether an XML text has to do with ISO 20022, however broken it is.
pub(super) fn speaks_of_messages(text: &str) -> bool {
    ["pain.0", "camt.0", "GrpHdr"].iter().any(|word| text.contains(word)) || has_markup(text)
}

/// Messages that are not read and may say that a payment failed, came back or is searched for: payments between
/// banks, their returns, and investigations.
const OF_PAYMENTS: [&str; 15] = [
    "pacs.", "camt.026", "camt.027", "camt.028", "camt.030", "camt.031", "camt.032", "camt.033",
    "camt.034", "camt.035", "camt.036", "camt.037", "camt.038", "camt.039", "camt.087",
];

/// Whether an XML text is such a message.
pub(super) fn speaks_of_payments(text: &str) -> bool {
    let mut kinds = text.split(":xsd:").skip(1);
    kinds.any(|kind| OF_PAYMENTS.iter().any(|known| kind.starts_with(known)))
}

/// Pieces of messages that no letter about them has.
fn has_markup(text: &str) -> bool {
    [
        "std:iso:20022:",
        "<Document",
        ":Document",
        "<GrpHdr",
        "CstmrCdtTrfInitn",
        "BkToCstmr",
        "<Ntry>",
        ":Ntry>",
        "<CdtTrfTxInf",
        "<NtryRef>",
        "<TxDtls>",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// A line that begins a field of a statement.
fn is_field_of_mt940(line: &str) -> bool {
    let line = line.split_once("{4:").map_or(line, |(_, rest)| rest).trim_start();
    let begins = |tag: &str| line.strip_prefix(tag);
    [":20:", ":25:", ":28C:", ":86:"]
        .iter()
        .any(|tag| begins(tag).is_some_and(|rest| !rest.is_empty()))
        || [":61:", ":60F:", ":60M:", ":62F:", ":62M:"].iter().any(|tag| {
            begins(tag).is_some_and(|rest| rest.bytes().filter(u8::is_ascii_digit).count() >= 6)
        })
}

/// Whether a table has a valid account number in a cell: then it is a list or an export that lost
/// its header.
pub(super) fn names_accounts(text: &str) -> bool {
    text.split(['\n', '\r', ';', ',', '\t', '|', '"', '<', '>'])
        .filter_map(Iban::read)
        .any(|account| account.is_valid())
}

/// A header of a list or an export, whole or cut off.
fn is_header(line: &str) -> bool {
    DELIMITERS.iter().filter(|delimiter| line.as_bytes().contains(delimiter)).any(|delimiter| {
        let names = || line.split(char::from(*delimiter)).map(|name| name.trim().trim_matches('"'));
        let filled = names().filter(|name| !name.is_empty()).count();
        let bank = columns::of_bank(names(), None);
        let list = columns::of_list(names(), None);
        let money = [Field::Amount, Field::Debit, Field::EndToEndId, Field::Iban, Field::CaseId];
        [bank, list].iter().any(|columns| {
            let known =
                columns.fields.iter().flatten().filter(|own| **own != Field::Unused).count();
            known.saturating_mul(2) > filled
                && (known >= COLUMNS
                    || bank::is_export(columns)
                    || (known >= 2 && money.iter().any(|field| columns.has(*field))))
        })
    })
}

/// Whether a line of a table holds a day and an amount, as every row of an export does: one that lost
/// its header still does, and so may many other tables.
pub(super) fn holds_bookings(text: &str) -> bool {
    let is_day = |cell: &str| date::from_german(cell).or_else(|| date::from_iso(cell)).is_some();
    let is_amount =
        |cell: &str| plain_values::amount(cell.as_bytes()).is_some_and(|(_, mark)| mark.is_some());
    text.lines().any(|line| {
        DELIMITERS.iter().filter(|delimiter| line.as_bytes().contains(delimiter)).any(|delimiter| {
            let cells =
                || line.split(char::from(*delimiter)).map(|cell| cell.trim().trim_matches('"'));
            cells().any(is_day) && cells().any(|cell| !is_day(cell) && is_amount(cell))
        })
    })
}

/// A workbook or an archive behind something else, as a bad download has it.
fn holds_workbook(bytes: &[u8]) -> bool {
    let holds = |what: &[u8]| memchr::memmem::find(bytes, what).is_some();
    holds(b"PK\x03\x04")
        && [
            &b"xl/workbook.xml"[..],
            b"[Content_Types].xml",
            b".csv",
            b".xml",
            b".sta",
            b"spreadsheet",
        ]
        .iter()
        .any(|name| holds(name))
        || holds(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") && holds(b"W\0o\0r\0k\0b\0o\0o\0k")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        for (path, expected) in [
            ("november/auszug.STA", true),
            ("a.b/liste.csv", true),
            ("a.zip/b.xlsx", true),
            ("brief.pdf", false),
            ("notiz.txt", false),
            ("csv", false),
            ("a.csv/notiz", false),
        ] {
            assert_eq!(has_ending(path), expected, "{path}");
        }
    }

    #[test]
    fn rows_without_a_header() {
        for (text, expected) in [
            ("01.12.2023;Erika Beispiel;Miete;-451,00;EUR\n", true),
            ("Telefon\n\"2023-12-01\",\"x\",\"-451.00\"\n", true),
            ("01.12.2023;Erika Beispiel;geboren 01.02.1960\n", false),
            ("Erika;Raum 12;4,5\n", false),
            ("01.12.2023 -451,00\n", false),
            ("Tag;Zahl\n01.12.2023;17\n", false),
        ] {
            assert_eq!(holds_bookings(text), expected, "{text}");
        }
    }

    #[test]
    fn signs() {
        for (bytes, expected) in [
            (&b"Sehr geehrte Damen und Herren,\nanbei die Unterlagen.\n"[..], false),
            (b"Name;Strasse;Ort\nErika;Weg 1;Ort\n", false),
            (b"Vorname;Name;Telefon\nErika;Beispiel;1\n", false),
            (b"\0\0\0\0:61:2311301130D563,00NTRF\0\0", true),
            (b"20:STARTUMS\r\n:25:99900010/4711001\r\n", true),
            (b"Kreis: Listen als CSV, camt.053 und pain.001, MT940 :61:\n", false),
            (b"Uhrzeit :20: bis :30:\n", false),
            (b"\0\0amt.053.001.08\"><BkToCstmrStmt>\0\0", true),
            (b"Aktenzeichen;Na", false),
            (b"Aktenzeichen;Name;Be", true),
            (b"Aktenzeichen;IBAN", true),
            (b"x;DE09999100540043764919;y\0\0\0", true),
            (b"HTTP/1.1 200 OK\r\n\r\nPK\x03\x04...[Content_Types].xml", true),
            (b"PK\x03\x04 nothing", false),
        ] {
            assert_eq!(holds_some(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
