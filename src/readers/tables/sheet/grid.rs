//! Cells of a sheet, in any order, to records; bounded.

use crate::readers::tables::record::Record;
use crate::readers::tables::sheet::trouble::Trouble;

/// The most cells that the sheets of a workbook may fill together.
const MOST_CELLS: usize = 4_000_000;

/// The most text (bytes) that they may hold together.
const MOST_TEXT: usize = 96_000_000;

/// Columns beyond this are no list's; what stands there is named.
pub(super) const WIDEST: u32 = 512;

/// The most groups of merged cells.
const MOST_MERGES: usize = MOST_CELLS / 8;

/// The most sheets of a workbook.
pub(super) const MOST_SHEETS: usize = 256;

/// The most rows a sheet has.
const MOST_ROWS: u32 = 1 << 20;

/// What is left of the bounds of a workbook.
#[derive(Debug)]
pub(super) struct Budget {
    cells: usize,
    text: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { cells: MOST_CELLS, text: MOST_TEXT }
    }
}

impl Budget {
    /// Whether so many more cells fit: said before they are made.
    pub(super) fn holds(&self, cells: usize) -> Result<(), Trouble> {
        if cells > self.cells { Err(Trouble::beyond(MOST_CELLS, "Zellen/cells")) } else { Ok(()) }
    }

    fn take(&mut self, text: usize) -> Result<(), Trouble> {
        self.cells =
            self.cells.checked_sub(1).ok_or_else(|| Trouble::beyond(MOST_CELLS, "Zellen/cells"))?;
        self.text = self.text.checked_sub(text).ok_or_else(too_much_text)?;
        Ok(())
    }
}

fn too_much_text() -> Trouble {
    Trouble::beyond(MOST_TEXT, "B Text/text")
}

/// A cell's text, and whether it is a number or date of the spreadsheet's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) text: String,
    pub(super) typed: bool,
}

impl Typed {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), typed: false }
    }

    /// What stands instead of a value that could not be calculated; it begins with `#`.
    pub(super) fn error(text: &str) -> Self {
        let mark = if text.starts_with('#') { "" } else { "#" };
        Self::text(format!("{mark}{text}"))
    }

    /// The day of a date that may state an hour, too.
    pub(super) fn day(date: &str) -> Self {
        Self::own(date.chars().take(10).collect::<String>())
    }

    /// A number or a date.
    pub(super) fn own(text: impl Into<String>) -> Self {
        Self { text: text.into(), typed: true }
    }
}

/// Where a cell's text lies, and what it is.
#[derive(Clone, Copy, Debug)]
struct Held {
    row: u32,
    column: u32,
    from: u32,
    to: u32,
    typed: bool,
}

/// Cells that were merged: the value of the first belongs to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Merge {
    /// Line of the first row.
    pub(crate) first: u32,
    /// Line of the last row.
    pub(crate) last: u32,
    /// Number of the column.
    pub(crate) column: usize,
}

/// What is said of a row with a cell that is struck out.
pub(super) const STRUCK_OUT: &str = "durchgestrichen";

/// A sheet as it is read, cell by cell.
#[derive(Debug, Default)]
pub(super) struct Grid {
    text: String,
    remarks: Vec<(u32, String)>,
    cells: Vec<Held>,
    merges: Vec<Merge>,
    /// Whether something stands in columns that are not read.
    beyond: bool,
}

/// A sheet of a workbook.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    /// Its name.
    pub(crate) name: String,
    /// Its rows; those without a filled cell are left out.
    pub(crate) records: Vec<Record>,
    /// Merged cells over several rows.
    pub(crate) merges: Vec<Merge>,
    /// What is written beside cells, with the line of its row.
    pub(crate) remarks: Vec<(u32, String)>,
    /// Whether something stands in columns that are not read.
    pub(crate) beyond: bool,
}

impl Grid {
    /// Adds a cell; `row` and `column` count from 0.
    pub(super) fn put(
        &mut self,
        (row, column): (u32, u32),
        cell: &Typed,
        budget: &mut Budget,
    ) -> Result<(), Trouble> {
        let text = cell.text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if row >= MOST_ROWS {
            return Err(Trouble::too_many(
                u64::from(row).saturating_add(1),
                MOST_ROWS,
                "Zeilen/rows",
            ));
        }
        if column >= WIDEST {
            self.beyond = true;
            return Ok(());
        }
        budget.take(text.len())?;
        let from = u32::try_from(self.text.len()).map_err(|_| too_much_text())?;
        self.text.push_str(text);
        let to = u32::try_from(self.text.len()).map_err(|_| too_much_text())?;
        self.cells.push(Held { row, column, from, to, typed: cell.typed });
        Ok(())
    }

    /// Notes what is written beside a cell, or that it is struck out; rows count from 0.
    pub(super) fn remark(
        &mut self,
        row: u32,
        text: &str,
        budget: &mut Budget,
    ) -> Result<(), Trouble> {
        let text = text.trim();
        if !text.is_empty() {
            budget.take(text.len())?;
            self.remarks.push((row.saturating_add(1), text.to_owned()));
        }
        Ok(())
    }

    /// Notes merged cells; rows and columns count from 0.
    pub(super) fn merge(&mut self, rows: (u32, u32), column: u32) -> Result<(), Trouble> {
        if rows.0 >= rows.1 || column >= WIDEST {
            return Ok(());
        }
        if self.merges.len() >= MOST_MERGES {
            return Err(Trouble::beyond(MOST_MERGES, "verbundene Zellen/merged cells"));
        }
        self.merges.push(Merge {
            first: rows.0.saturating_add(1),
            last: rows.1.saturating_add(1),
            column: usize::try_from(column).unwrap_or(usize::MAX),
        });
        Ok(())
    }

    /// The sheet. A cell that stands twice has no value that could be trusted.
    pub(super) fn finish(mut self, name: String) -> Result<Sheet, Trouble> {
        let place = |cell: &Held| (cell.row, cell.column);
        if !self.cells.is_sorted_by_key(place) {
            self.cells.sort_by_key(place);
        }
        if self.cells.windows(2).any(|pair| pair.first().map(place) == pair.last().map(place)) {
            return Err(Trouble::broken("cell twice"));
        }
        let mut records: Vec<Record> = Vec::new();
        for row in self.cells.chunk_by(|left, right| left.row == right.row) {
            let line = row.first().map_or(0, |cell| cell.row).saturating_add(1);
            let mut record = Record::new(line);
            for cell in row {
                let column = usize::try_from(cell.column).unwrap_or(usize::MAX);
                while record.width() < column {
                    record.push("", false);
                }
                let from = usize::try_from(cell.from).unwrap_or(usize::MAX);
                let to = usize::try_from(cell.to).unwrap_or(usize::MAX);
                record.push(self.text.get(from..to).unwrap_or_default(), cell.typed);
            }
            records.push(record);
        }
        let (merges, remarks, beyond) = (self.merges, self.remarks, self.beyond);
        Ok(Sheet { name, records, merges, remarks, beyond })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_in_any_order() {
        let (mut grid, mut budget) = (Grid::default(), Budget::default());
        for (place, text) in [((4, 2), "c"), ((1, 0), "a"), ((4, 0), "b"), ((9, 600), "far")] {
            grid.put(place, &Typed::text(text), &mut budget).ok().unwrap();
        }
        let sheet = grid.finish("one".to_owned()).ok().unwrap();
        let seen: Vec<_> =
            sheet.records.iter().map(|r| (r.line, r.text(0), r.text(2), r.width())).collect();
        assert_eq!(seen, [(2, "a", "", 1), (5, "b", "c", 3)]);
        assert!(sheet.beyond);
    }

    #[test]
    fn bounds() {
        let mut budget = Budget { cells: 1, text: 5 };
        let mut grid = Grid::default();
        assert!(grid.put((0, 0), &Typed::text("123456"), &mut budget).is_err());
        let mut budget = Budget { cells: 1, text: 5 };
        assert!(grid.put((0, 0), &Typed::text("1"), &mut budget).is_ok());
        assert!(grid.put((0, 1), &Typed::text("1"), &mut budget).is_err());
        assert!(grid.put((MOST_ROWS, 0), &Typed::text("1"), &mut Budget::default()).is_err());
        assert!(grid.put((0, 0), &Typed::text("1"), &mut Budget::default()).is_ok());
        assert!(grid.finish(String::new()).is_err());
    }
}
