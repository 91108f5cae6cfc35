//! Remarks of a sheet as a column of their own, so that they are read like one.

use crate::readers::tables::columns::fold;
use crate::readers::tables::record::Record;

/// Names for the column, of which the first is taken that the sheet does not have.
const NAMES: [&str; 3] = ["Notiz", "Bemerkung", "Note"];

/// The rows with what is written beside their cells in one more column; `None` if nothing is written beside
/// any below the header.
pub(super) fn with_remarks(
    records: &[Record],
    header: usize,
    remarks: &[(u32, String)],
) -> Option<Vec<Record>> {
    let names = records.get(header)?;
    let is_below = |line: u32| line > names.line;
    if !remarks.iter().any(|(line, _)| is_below(*line)) {
        return None;
    }
    let name = NAMES.iter().find(|name| names.cells().all(|own| fold(own.text) != fold(name)))?;
    let width = records.iter().map(Record::width).max().unwrap_or(0);
    let mut remarked = records.to_vec();
    let mut push = |at: usize, text: &str| {
        let Some(record) = remarked.get_mut(at) else { return };
        while record.width() < width {
            record.push("", false);
        }
        record.push(text, false);
    };
    push(header, name);
    for (at, record) in records.iter().enumerate().filter(|(_, record)| is_below(record.line)) {
        let own = remarks.iter().filter(|(line, _)| *line == record.line);
        let texts: Vec<&str> = own.map(|(_, text)| text.as_str()).collect();
        if !texts.is_empty() {
            push(at, &texts.join("; "));
        }
    }
    Some(remarked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_become_a_column() {
        let record = |line: u32, cells: &[&str]| {
            let mut record = Record::new(line);
            for cell in cells {
                record.push(cell, false);
            }
            record
        };
        let records =
            [record(1, &["Az.", "Notiz", "Betrag"]), record(2, &["AZ-1"]), record(4, &[])];
        let remarks = [(1, "oben".to_owned()), (2, "a".to_owned()), (2, "b".to_owned())];
        let found = with_remarks(&records, 0, &remarks).unwrap();
        assert_eq!(
            (found[0].text(3), found[1].text(3), found[2].width()),
            ("Bemerkung", "a; b", 0)
        );
        assert!(with_remarks(&records, 0, &remarks[..1]).is_none());
    }
}
