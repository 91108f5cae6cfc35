//! A first column map for a table that is not known, or not in all its columns.

use std::fmt::Write;

use crate::model::place::FileId;
use crate::readers::encoding::decode;
use crate::readers::options::ReadOptions;
use crate::readers::tables::HEAD_LINES;
use crate::readers::tables::Kind;
use crate::readers::tables::PREAMBLE;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::columns::bank_name_of;
use crate::readers::tables::columns::name_of;
use crate::readers::tables::columns::of_bank;
use crate::readers::tables::columns::of_list;
use crate::readers::tables::field::Field;
use crate::readers::tables::header_of;
use crate::readers::tables::record::DELIMITERS;
use crate::readers::tables::record::Record;
use crate::readers::tables::record::split;
use crate::readers::tables::sheet;
use crate::readers::tables::values::day;

/// What the fields of a list are called.
const OF_LISTS: &str = "case_id, benefit,\n\
    # beneficiary, last_name, first_name, payee, iban, amount, currency, due, end_to_end_id, remittance,\n\
    # run, facility, channel, list_status, office, note, payer_account, credited_on, ignore";

/// What the fields of a bank's export are called.
const OF_BANKS: &str = "booking_date,\n\
    # value_date, amount, debit, credit, debit_credit_mark, currency, counterparty, counterparty_iban,\n\
    # bank_code, remittance, booking_text, end_to_end_id, customer_reference, mandate, booking_status,\n\
    # pending, booked, balance, transfer_count, transaction_code, payer_account (the export's own), text\n\
    # (searched only), ignore. Beside `decimal`: days = \"day-first\" or \"month-first\",\n\
    # debits = \"above-zero\" where money that left has no minus, own_account = \"DE...\"";

/// Writes a `[[column_maps]]` table for the widest row near the top of a table, with what is known of
/// its columns; `None` if there is no table, or the header is known in all its columns already.
pub fn suggest(bytes: &[u8]) -> Option<String> {
    let options = ReadOptions::default();
    let tables = if sheet::looks_like(bytes) {
        sheet::records(bytes)?
    } else {
        let decoded = decode(bytes);
        let head: String = decoded.text.split_inclusive('\n').take(HEAD_LINES).collect();
        DELIMITERS.iter().filter_map(|delimiter| split(FileId(0), &head, *delimiter).ok()).collect()
    };
    let best = tables.iter().filter_map(|records| header_of(records, &options));
    if let Some(known) = best.max_by_key(|header| header.columns.known()) {
        // An export that has columns nobody knows needs a map for these only.
        let columns = known.columns;
        if known.kind == Kind::UnknownExport {
            let columns = of_bank(columns.names.iter().map(String::as_str), None);
            let all: Vec<usize> = (0..columns.names.len()).collect();
            return Some(map(&columns, &all, true));
        }
        let named = |column: &usize| !columns.name(*column).trim().is_empty();
        let unread: Vec<usize> = columns.unread().filter(named).collect();
        let is_partly_known = known.kind == Kind::Bank && !unread.is_empty();
        return is_partly_known.then(|| map(&columns, &unread, true));
    }
    let (header, rows) = tables
        .iter()
        .flat_map(|records| {
            let rows = |number: usize| records.get(number.saturating_add(1)..).unwrap_or_default();
            records.iter().take(PREAMBLE).enumerate().map(move |(number, row)| (row, rows(number)))
        })
        .filter(|(record, _)| is_header(record))
        .max_by_key(|(record, _)| (record.filled_width(), std::cmp::Reverse(record.line)))?;
    let names = || header.cells().map(|cell| cell.text);
    let is_bank = is_like_bookings(rows);
    let columns = if is_bank { of_bank(names(), None) } else { of_list(names(), None) };
    let all: Vec<usize> =
        (0..columns.names.len()).filter(|column| !columns.name(*column).is_empty()).collect();
    Some(map(&columns, &all, is_bank))
}

/// Rows with a day, and amounts below zero among others: a bank's export. Lists owe nothing below
/// zero.
fn is_like_bookings(rows: &[Record]) -> bool {
    let dated = |row: &&Record| row.cells().any(|cell| day(cell.text).is_some());
    let is_debit = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or_default().trim_start();
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '€'))
    };
    rows.iter().filter(dated).any(|row| row.cells().any(|cell| is_debit(cell.text)))
}

fn map(columns: &Columns, wanted: &[usize], is_bank: bool) -> String {
    let (fields, name) = if is_bank { (OF_BANKS, "my bank") } else { (OF_LISTS, "my list") };
    let mut text = format!(
        "# Say for each column what it means, then delete what is not needed. Fields: {fields}\n\
         [[column_maps]]\nname = \"{name}\"\ndecimal = \",\"\n\n[column_maps.columns]\n",
    );
    for column in wanted {
        let known = columns.fields.get(*column).copied().flatten();
        let meaning = |field: Field| if is_bank { bank_name_of(field) } else { name_of(field) };
        let meaning = known.map_or("ignore", meaning);
        let quoted: String = columns
            .name(*column)
            .chars()
            .filter(|c| !c.is_control())
            .flat_map(|c| if matches!(c, '"' | '\\') { vec!['\\', c] } else { vec![c] })
            .collect();
        // Writing into a text does not fail.
        let _ = writeln!(text, "\"{quoted}\" = \"{meaning}\"");
    }
    text
}

/// A row of several names, none of them a number.
fn is_header(record: &Record) -> bool {
    let filled: Vec<&str> =
        record.cells().map(|cell| cell.text).filter(|t| !t.is_empty()).collect();
    // `Vwz.0`, `Verwendung 12`: a number may end a name.
    let is_name = |text: &&str| {
        let name = text.trim_end_matches(|c: char| c.is_ascii_digit());
        text.len().saturating_sub(name.len()) <= 2
            && name.chars().any(char::is_alphabetic)
            && !name.bytes().any(|byte| byte.is_ascii_digit())
    };
    filled.len() >= 3
        && filled.iter().all(|text| is_name(text) || !text.chars().any(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_for_an_unknown_list() {
        let text = suggest(b"Liste 1\nFALLX;ZAHLX;IBAN\n4711;563,00;DE02\n").unwrap();
        assert!(
            text.contains("\"FALLX\" = \"ignore\"") && text.contains("\"IBAN\" = \"iban\""),
            "{text}"
        );
        assert_eq!(suggest(b"Az;Name;Betrag\n1;A;2,00\n"), None);
        assert_eq!(suggest(b"nothing"), None);
        let bank = suggest(b"Tag;Summe;An;Wofuer\n30.11.2023;-563,00;Erika;Miete\n").unwrap();
        assert!(bank.contains("booking_date") && bank.contains("\"Tag\" = \"ignore\""), "{bank}");
        let partly = b"Buchungstag;Valuta;Verwendungszweck;Betrag;Zustand\n1.1.2024;;a;1,00;x\n";
        let partly = suggest(partly).unwrap();
        assert!(partly.contains("Zustand") && !partly.contains("\"Valuta\""), "{partly}");
    }
}
