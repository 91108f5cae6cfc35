//! The order of bookings that begin on one line: many banks write files without line ends. Behind
//! the first one on a line the others have columns that count on, so that places keep the order
//! of the file.

use crate::model::place::Place;
use crate::model::statement::Statement;

/// Counts the bookings of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counter {
    line: u32,
    column: u32,
}

impl Counter {
    /// The column of the next booking, which begins on this line.
    pub(crate) const fn next(&mut self, line: u32) -> u32 {
        self.column = if self.line == line { self.column.saturating_add(1) } else { 0 };
        self.line = line;
        self.column
    }
}

/// Numbers the bookings of all lines that have several.
pub(crate) fn number(statements: &mut [Statement]) {
    let mut counter = Counter::default();
    for entry in statements.iter_mut().flat_map(|statement| &mut statement.entries) {
        entry.place.column = counter.next(entry.place.line);
    }
}

/// Where bookings in brief begin that have numbers instead of lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    /// From which number on bookings follow each other, each with the place of that one.
    starts: Vec<(u32, u32, u32)>,
    next: (u32, u32, u32),
}

impl Lines {
    /// Adds the booking of the next number.
    pub(crate) fn add(&mut self, line: u32, column: u32) {
        let (number, of_line, of_column) = self.next;
        if (line, column) != (of_line, of_column) || self.starts.is_empty() {
            self.starts.push((number, line, column));
        }
        self.next = (number.saturating_add(1), line, column.saturating_add(1));
    }

    /// The place of a booking, in that of the file.
    pub(crate) fn place(&self, place: Place, number: u32) -> Place {
        let before = self.starts.partition_point(|(start, _, _)| *start <= number);
        let start = before.checked_sub(1).and_then(|last| self.starts.get(last));
        let (start, line, column) = start.copied().unwrap_or_default();
        let column = column.saturating_add(number.saturating_sub(start));
        Place { line, ..place }.at_column(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;

    #[test]
    fn places_come_back() {
        let (mut lines, mut counter) = (Lines::default(), Counter::default());
        let mut expected = Vec::new();
        // Every third one is kept in full.
        for number in 0..50_u32 {
            let line = [1, 1, 1, 2, 3, 3, 9, 9, 9, 9][usize::try_from(number / 5).unwrap()];
            let column = counter.next(line);
            if number % 3 != 0 {
                lines.add(line, column);
                expected.push((line, column));
            }
        }
        for (number, (line, column)) in (0_u32..).zip(&expected) {
            let place = lines.place(Place::file(FileId(4)), number);
            assert_eq!((place.file, place.line, place.column), (FileId(4), *line, *column));
        }
        assert_eq!(expected.last(), Some(&(9, 19)));
    }
}
