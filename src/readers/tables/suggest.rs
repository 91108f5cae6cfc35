//! A first column map for a list that is not known.

use std::fmt::Write;

use crate::model::place::FileId;
use crate::readers::encoding::decode;
use crate::readers::options::ReadOptions;
use crate::readers::tables::columns::of_list;
use crate::readers::tables::header_of;
use crate::readers::tables::record::DELIMITERS;
use crate::readers::tables::record::Record;
use crate::readers::tables::record::split;
use crate::readers::tables::sheet;

/// Writes a `[[column_maps]]` table for the widest row near the top of a table, with what is known of
/// its columns; `None` if there is no table or the header is known already.
pub fn suggest(bytes: &[u8]) -> Option<String> {
    let options = ReadOptions::default();
    let tables = if sheet::looks_like(bytes) {
        sheet::records(bytes)?
    } else {
        let decoded = decode(bytes);
        let head: String = decoded.text.split_inclusive('\n').take(60).collect();
        DELIMITERS.iter().filter_map(|delimiter| split(FileId(0), &head, *delimiter).ok()).collect()
    };
    if tables.iter().any(|records| header_of(records, &options).is_some()) {
        return None;
    }
    let header = tables
        .iter()
        .flat_map(|records| records.iter().take(40))
        .filter(|record| is_header(record))
        .max_by_key(|record| (record.filled_width(), std::cmp::Reverse(record.line)))?;
    let columns = of_list(header.cells().map(|cell| cell.text), None);
    let mut text = String::from(
        "# Say for each column what it means, then delete what is not needed. Fields: case_id, benefit,\n\
         # beneficiary, last_name, first_name, payee, iban, amount, currency, due, end_to_end_id, remittance,\n\
         # run, facility, channel, list_status, office, note, payer_account, credited_on, ignore\n\
         [[column_maps]]\nname = \"my list\"\ndecimal = \",\"\n\n[column_maps.columns]\n",
    );
    for (number, name) in columns.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let known = columns.fields.get(number).copied().flatten();
        let meaning = known.map_or("ignore", crate::readers::tables::columns::name_of);
        let quoted: String = name
            .chars()
            .filter(|c| !c.is_control())
            .flat_map(|c| if matches!(c, '"' | '\\') { vec!['\\', c] } else { vec![c] })
            .collect();
        writeln!(text, "\"{quoted}\" = \"{meaning}\"").ok()?;
    }
    Some(text)
}

/// A row of several names, none of them a number.
fn is_header(record: &Record) -> bool {
    let filled: Vec<&str> =
        record.cells().map(|cell| cell.text).filter(|t| !t.is_empty()).collect();
    filled.len() >= 3 && filled.iter().all(|text| !text.bytes().any(|byte| byte.is_ascii_digit()))
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
    }
}
