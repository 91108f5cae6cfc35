//! Titles of sections in a bank's export: a line that stands alone above its bookings says what all of
//! them are. Place and shape decide: no word inside of a booking starts a section.

use crate::facts::section_titles;
use crate::facts::section_titles::Title;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::day;

/// A title fills so many cells at most, where its own sign parts the cells: `Umsätze, vorgemerkt`.
const MOST_CELLS: usize = 3;

/// What a row says of the bookings below it, if by its shape it is a title: a few words, neither a day nor
/// an account; a sum may stand beside them.
pub(super) fn title(columns: &Columns, row: &Record) -> Option<Title> {
    let is_money = |column: usize| {
        let field = columns.fields.get(column).copied().flatten();
        field.is_some_and(|field| field.has_amounts() || field == Field::Currency)
    };
    // A word may stand in any column; numbers stand in those of money.
    let has_letter = |text: &str| text.chars().any(char::is_alphabetic);
    let texts = (0..row.width())
        .filter(|column| has_letter(row.text(*column)) || !is_money(*column))
        .map(|column| row.text(column));
    let is_sum = (0..row.width()).any(|column| is_money(column) && !row.text(column).is_empty());
    of_cells(texts, is_sum)
}

/// Whether the lines above a header say that all bookings below it are announced only; the last one that
/// says something counts.
pub(crate) fn announced_above(preamble: &[Record]) -> bool {
    let of_row = |row: &Record| of_cells(row.cells().map(|cell| cell.text), false);
    let mut said = preamble.iter().rev().filter_map(of_row);
    said.find(|title| *title != Title::Bookings) == Some(Title::Announced)
}

fn of_cells<'a>(texts: impl Iterator<Item = &'a str>, is_sum: bool) -> Option<Title> {
    // A currency beside a sum is no word of a title.
    let is_none = |text: &str| text.is_empty() || (is_sum && text.len() <= 3);
    let cells: Vec<&str> =
        texts.filter(|text| !is_none(text)).take(MOST_CELLS.saturating_add(1)).collect();
    // Beside a sum one cell has to say it all: `offen`, a name and an amount are a booking.
    let says_all = || matches!(cells.as_slice(), [one] if one.contains(' '));
    if cells.len() > MOST_CELLS
        || cells.iter().any(|text| day(text).is_some())
        || (is_sum && !says_all())
    {
        return None;
    }
    section_titles::of_line(&cells.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::tables::columns::of_bank;

    #[test]
    fn titles_by_place_and_shape() {
        let names = "Buchungstag;Valuta;Empfänger;Verwendungszweck;Betrag;Währung";
        let columns = of_bank(names.split(';'), None);
        for (row, expected) in [
            ("Vorgemerkte Umsätze", Some(Title::Announced)),
            (";Vorgemerkte Umsätze;;;;", Some(Title::Announced)),
            ("Umsätze;vorgemerkt", Some(Title::Announced)),
            ("Vorgemerkte Umsätze;;;;-120,00;EUR", Some(Title::Announced)),
            ("Gebuchte Umsätze;;;;;", Some(Title::Booked)),
            // Bookings.
            ("offen;;Stadtwerke;;-80,00;EUR", None),
            ("offen;;;;-80,00;EUR", None),
            ("30.11.2023;;;Vorgemerkte Umsätze;-80,00;EUR", None),
            ("30.11.2023;Vorgemerkte Umsätze", None),
            ("offen;--;Lastschrift;Auftraggeber: Beispiel;-5,00;EUR", None),
            // Notes.
            ("Die Kontoumsätze enthalten keine vorgemerkten Umsätze", None),
            ("Summe vorgemerkter Umsätze;;;;-120,00;EUR", None),
            ("", None),
        ] {
            let mut record = Record::new(1);
            row.split(';').for_each(|cell| record.push(cell, false));
            assert_eq!(title(&columns, &record), expected, "{row}");
        }
    }

    #[test]
    fn lines_above_the_header() {
        for (lines, expected) in [
            (&["Vorgemerkte Umsätze"][..], true),
            (&["Vorgemerkte Umsätze", "", "Konto 4711"], true),
            (&["Vorgemerkte Umsätze", "Umsätze"], true),
            (&["Filter;Vorgemerkte Umsätze"], true),
            (&["Vorgemerkte Umsätze", "Gebuchte Umsätze"], false),
            (&["Vorgemerkte Umsätze anzeigen;Nein"], false),
            (&["Umsätze Girokonto;Zeitraum: 10 Tage"], false),
            (&[], false),
        ] {
            let record = |line: &&str| {
                let mut record = Record::new(1);
                line.split(';').for_each(|cell| record.push(cell, false));
                record
            };
            let records: Vec<Record> = lines.iter().map(record).collect();
            assert_eq!(announced_above(&records), expected, "{lines:?}");
        }
    }
}
