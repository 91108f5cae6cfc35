//! Sections of a list: lines that stand alone between rows, and what they say of the rows below them.

use crate::facts::list_titles;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::day;

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
            let Some(title) = title_of(record) else {
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

/// The title in a line: what stands alone in it, page and day left out, or says that the rows below are not
/// to be paid beside nothing but their number and sum.
pub(crate) fn title_of(record: &Record) -> Option<&str> {
    let filled = || record.cells().map(|cell| cell.text).filter(|text| !text.is_empty());
    let mut others = filled().filter(|text| !is_page(text) && day(text).is_none());
    let title = match (others.next(), others.next()) {
        (Some(one), None) => one,
        // Nothing but the number of a page.
        (None, _) => filled().next().filter(|text| is_page(text))?,
        _ => {
            let has_letter = |text: &str| text.chars().any(char::is_alphabetic);
            let first = filled().next().filter(|first| list_titles::stops(first))?;
            filled().skip(1).all(|text| !has_letter(text)).then_some(first)?
        }
    };
    title.chars().any(char::is_alphabetic).then_some(title)
}

/// `Seite 2`, `Blatt 3 von 7`.
pub(super) fn is_page(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/');
    let named = words
        .next()
        .is_some_and(|word| ["seite", "blatt", "page"].contains(&&*word.to_lowercase()));
    named && words.all(|word| is_number(word) || matches!(word, "von" | "of" | "/"))
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
    fn titles_by_shape() {
        for (cells, expected) in [
            (&["Gemeinde Nord", "", ""][..], Some("Gemeinde Nord")),
            (&["Kreis Musterstadt", "", "Seite 2"], Some("Kreis Musterstadt")),
            (&["Kreis Musterstadt", "28.11.2023", "Seite 2 von 3"], Some("Kreis Musterstadt")),
            (&["", "Blatt 3"], Some("Blatt 3")),
            (&["Stornierte Zahlungen", "2", "2.758,10"], Some("Stornierte Zahlungen")),
            (&["Gemeinde", "Nord"], None),
            (&["50.12-0001", "563,00"], None),
            (&["", "563,00"], None),
        ] {
            let mut record = Record::new(1);
            for cell in cells {
                record.push(cell, false);
            }
            assert_eq!(title_of(&record), expected, "{cells:?}");
        }
    }

    #[test]
    fn titles_hold_up_to_the_next() {
        let record = |line: u32, cells: &[&str]| {
            let mut record = Record::new(line);
            for cell in cells {
                record.push(cell, false);
            }
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
