//! On which lines bookings stand, in a byte or so for each.
//!
//! The bookings of payments that follow each other stand anywhere in their tables. Their rows take
//! 32 bytes, so nearly each was a cache miss, a third of the time in which payments were written;
//! these few bytes stay near the processor.

use crate::model::brief::BriefEntry;
use crate::model::together;
use crate::verdict::settled::Settled;
use crate::verdict::settled::SettledEntry;

/// Bookings that share a whole line number.
const TOGETHER: usize = 16;

/// Rows that a thread takes at a time.
const AT_A_TIME: usize = TOGETHER << 12;

/// The lines of all bookings in brief, settled or not, in the order of their numbers.
#[derive(Clone, Debug, Default)]
pub struct BookedLines(Vec<OfExport>);

#[derive(Clone, Debug, Default)]
struct OfExport {
    /// The number of the first row.
    start: usize,
    /// The line of every sixteenth row.
    firsts: Vec<u32>,
    /// So many lines further down the others stand; the largest number is said of those that stand
    /// further away.
    further: Vec<u8>,
}

impl OfExport {
    fn new(start: usize, rows: &[BriefEntry], threads: usize) -> Self {
        let parts: Vec<&[BriefEntry]> = rows.chunks(AT_A_TIME).collect();
        let made = together::map(&parts, threads, |part| {
            let mut own = Self::default();
            for rows in part.chunks(TOGETHER) {
                let first = rows.first().map_or(0, BriefEntry::line);
                own.firsts.push(first);
                own.further.extend(rows.iter().map(|row| {
                    let further = row.line().checked_sub(first);
                    further.and_then(|lines| u8::try_from(lines).ok()).unwrap_or(u8::MAX)
                }));
            }
            own
        });
        let mut all = Self { start, firsts: Vec::new(), further: Vec::with_capacity(rows.len()) };
        for own in made {
            all.firsts.extend(own.firsts);
            all.further.extend(own.further);
        }
        all
    }

    fn line(&self, row: usize) -> Option<u32> {
        let further = self.further.get(row).copied().filter(|lines| *lines != u8::MAX)?;
        self.firsts.get(row / TOGETHER)?.checked_add(u32::from(further))
    }
}

impl Settled {
    /// The lines of its bookings.
    pub fn booked_lines(&self, threads: usize) -> BookedLines {
        let mut start = 0_usize;
        let tables = self.plain().exports.tables.iter().map(|export| {
            let own = OfExport::new(start, &export.rows, threads);
            start = start.saturating_add(export.rows.len());
            own
        });
        BookedLines(tables.collect())
    }

    /// The line of a booking, as it is cited.
    pub fn line_of(&self, entry: SettledEntry, lines: &BookedLines) -> Option<u32> {
        let number = lines.0.partition_point(|own| own.start <= entry.entry).checked_sub(1)?;
        let own = lines.0.get(number)?;
        let Some(line) = own.line(entry.entry.checked_sub(own.start)?) else {
            return Some(self.entry_place(entry)?.whole_line().line);
        };
        let export = self.plain().exports.tables.get(number)?;
        Some(export.reader.place(export.file, line).whole_line().line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::Amount;
    use crate::model::brief::EntryValues;
    use crate::model::brief::Keys;

    #[test]
    fn lines_are_those_of_the_rows_or_asked_of_them() {
        let values = EntryValues {
            end_to_end_key: None,
            account: Keys::default().reference("B2"),
            bank_reference: None,
            amount: Amount::from_cents(1),
            booking_date: "2023-11-30".parse().unwrap(),
            value_date: None,
        };
        let row = |line| BriefEntry::new(&values, 0, line, 0).unwrap();
        // Now and then others stand between.
        let rows: Vec<BriefEntry> =
            (0..200_000).map(|number| row(number + number / 40 * (number % 300))).collect();
        for threads in [1, 2, 8] {
            let own = OfExport::new(7, &rows, threads);
            let mut known = 0;
            for (number, row) in rows.iter().enumerate() {
                let line = own.line(number);
                known += usize::from(line.is_some());
                assert_eq!(line.unwrap_or(row.line()), row.line());
            }
            assert!((1000..rows.len()).contains(&known), "{known}");
            assert_eq!(own.line(rows.len()), None);
        }
    }
}
