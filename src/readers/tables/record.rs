//! Records of delimited text: fields, and the line each record begins on.

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;

/// A cell of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell<'a> {
    /// Its text, blanks around it removed.
    pub text: &'a str,
    /// A spreadsheet's own number or date: amounts with decimal point, days as `YYYY-MM-DD`.
    pub typed: bool,
}

/// One record. Its cells lie behind each other in one text: a table of a million rows would
/// otherwise be tens of millions of small allocations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The line (or sheet row) on which it begins.
    pub line: u32,
    text: String,
    ends: Vec<u32>,
    /// Numbers of typed cells; none in delimited texts.
    typed: Vec<u32>,
}

impl Record {
    /// A record without cells.
    pub fn new(line: u32) -> Self {
        Self { line, ..Self::default() }
    }

    /// Adds a cell; blanks around its text do not count.
    pub fn push(&mut self, text: &str, typed: bool) {
        self.text.push_str(text.trim());
        if typed {
            self.typed.push(u32::try_from(self.ends.len()).unwrap_or(u32::MAX));
        }
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Takes another record's cell, if its own is empty.
    pub(crate) fn fill(&mut self, column: usize, other: &Self) {
        let Some(cell) = other.cell(column).filter(|cell| !cell.text.is_empty()) else { return };
        if !self.text(column).is_empty() {
            return;
        }
        let mut filled = Self::new(self.line);
        for number in 0..self.width().max(column.saturating_add(1)) {
            let own = if number == column { cell } else { self.cell(number).unwrap_or_default() };
            filled.push(own.text, own.typed);
        }
        *self = filled;
    }

    /// The number of cells.
    pub fn width(&self) -> usize {
        self.ends.len()
    }

    /// A cell.
    pub fn cell(&self, column: usize) -> Option<Cell<'_>> {
        let to = usize::try_from(*self.ends.get(column)?).ok()?;
        let from = match column.checked_sub(1).and_then(|before| self.ends.get(before)) {
            Some(end) => usize::try_from(*end).ok()?,
            None => 0,
        };
        let typed = !self.typed.is_empty()
            && u32::try_from(column).is_ok_and(|column| self.typed.contains(&column));
        Some(Cell { text: self.text.get(from..to)?, typed })
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.width()).filter_map(|column| self.cell(column))
    }

    /// The text of a cell; empty if the record is shorter.
    pub fn text(&self, column: usize) -> &str {
        self.cell(column).map_or("", |cell| cell.text)
    }

    /// Whether all cells are empty.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// The number of cells up to the last filled one.
    pub fn filled_width(&self) -> usize {
        let filled = |column: &usize| !self.text(*column).is_empty();
        (0..self.width()).rev().find(filled).map_or(0, |last| last.saturating_add(1))
    }
}

/// The delimiters that tables use, the German one first.
pub const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];

/// Splits a text into records.
///
/// # Errors
///
/// A quotation mark that is never closed: it would swallow the rest of the file.
pub fn split(file: FileId, text: &str, delimiter: u8) -> Result<Vec<Record>, Problem> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = Vec::new();
    let mut record = csv::StringRecord::new();
    let (mut start, mut line) = (0_usize, 1_u32);
    let bytes = text.as_bytes();
    while let Ok(true) = reader.read_record(&mut record) {
        let byte = record.position().map_or(0, csv::Position::byte);
        let begins = usize::try_from(byte).unwrap_or(usize::MAX);
        // The reader's position stands before blank lines; the record begins behind them.
        let blank = bytes.get(begins..).unwrap_or_default();
        let blank = blank.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let begins = begins.saturating_add(blank);
        let passed = bytes.get(start..begins).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed).count();
        line = line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        start = begins;
        let mut read = Record::new(line);
        read.text.reserve_exact(record.as_slice().len());
        read.ends.reserve_exact(record.len());
        for field in &record {
            read.push(field, false);
        }
        records.push(read);
    }
    let tail = text.get(start..).unwrap_or_default();
    if quote_stays_open(tail.as_bytes(), delimiter) {
        return Err(Problem::new(ProblemCode::QuoteOpen, Place::line(file, line)));
    }
    Ok(records)
}

/// Whether a record's quoted field runs to the end of the text.
pub(crate) fn quote_stays_open(record: &[u8], delimiter: u8) -> bool {
    let mut inside = false;
    let mut at_start = true;
    let mut bytes = record.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if inside {
            if byte == b'"' {
                if bytes.peek() == Some(&b'"') {
                    bytes.next();
                } else {
                    inside = false;
                }
            }
            continue;
        }
        if byte == b'"' && at_start {
            inside = true;
        }
        at_start = byte == delimiter || byte == b'\n' || byte == b'\r';
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_records() {
        let text = "a;b\r\n\r\n\"x\ny\";2\r\n3;4\r\n";
        let records = split(FileId(0), text, b';').unwrap();
        let lines: Vec<_> = records.iter().map(|record| (record.line, record.text(0))).collect();
        assert_eq!(lines, [(1, "a"), (3, "x\ny"), (5, "3")]);
    }

    #[test]
    fn an_open_quote_is_refused() {
        let problem = split(FileId(0), "a;b\n\"x;2\n3;4\n", b';').unwrap_err();
        assert_eq!((problem.code, problem.place.line), (ProblemCode::QuoteOpen, 2));
        assert!(split(FileId(0), "a;5\" Rohr\n", b';').is_ok());
    }
}
