//! Sections of a list: lines that stand alone between rows, and what they say of the rows below them.

use crate::facts::list_titles;
use crate::readers::tables::record::Record;

/// Which lines of a list stand under a title that says that they are not to be paid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sections {
    /// Lines of titles, in order, and whether they stop what follows.
    titles: Vec<(u32, bool)>,
}

impl Sections {
    /// Looks at what stands above the header (cell by cell), and at all rows.
    pub(super) fn of(above: &[Record], records: &[Record]) -> Self {
        let mut titles = Vec::new();
        if stops_all(above) {
            titles.push((0, true));
        }
        let mut follows_title = false;
        for record in records {
            let Some(title) = alone(record) else {
                follows_title &= record.is_blank();
                continue;
            };
            let stops = list_titles::stops(title);
            // A title under a title (`Storniert`, `Gemeinde Nord`) is a part of it.
            let goes_on = follows_title && titles.last().is_some_and(|(_, stopped)| *stopped);
            if stops || !goes_on {
                titles.push((record.line, stops));
            }
            follows_title = true;
        }
        if titles.iter().all(|(_, stops)| !stops) {
            titles.clear();
        }
        Self { titles }
    }

    /// Whether a row stands under a title that stops it.
    pub(super) fn is_stopped(&self, line: u32) -> bool {
        let behind = self.titles.partition_point(|(title, _)| *title <= line);
        let title = behind.checked_sub(1).and_then(|at| self.titles.get(at));
        title.is_some_and(|(_, stops)| *stops)
    }
}

/// Whether a cell above the header says that all rows are not to be paid.
pub(super) fn stops_all(above: &[Record]) -> bool {
    above.iter().flat_map(Record::cells).any(|cell| list_titles::stops(cell.text))
}

/// The text of a line that has one cell, and a letter in it.
pub(super) fn alone(record: &Record) -> Option<&str> {
    let mut filled = record.cells().map(|cell| cell.text).filter(|text| !text.is_empty());
    let text = filled.next().filter(|text| text.chars().any(char::is_alphabetic))?;
    filled.next().is_none().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_hold_up_to_the_next() {
        let record = |line: u32, cells: &[&str]| {
            let mut record = Record::new(line);
            cells.iter().for_each(|cell| record.push(cell, false));
            record
        };
        let row = |line| record(line, &["AZ-1", "563,00"]);
        let records = [
            row(2),
            record(3, &["Stornierte Zahlungen", ""]),
            record(4, &["", "Gemeinde Nord"]),
            row(5),
            record(6, &["Gemeinde Süd"]),
            row(7),
        ];
        let sections = Sections::of(&[], &records);
        let stopped: Vec<u32> = (1..9).filter(|line| sections.is_stopped(*line)).collect();
        assert_eq!(stopped, [3, 4, 5]);
        let sections = Sections::of(&[record(1, &["Gesperrte Fälle", "11/2023"])], &[row(2)]);
        assert!(sections.is_stopped(2));
        assert_eq!(Sections::of(&[], &[record(1, &["Gemeinde Nord"])]), Sections::default());
    }
}
