//! Workbooks of the newer kind (`.xlsx`), cell by cell.

use std::io::Cursor;

use calamine::Data;
use calamine::Reader;
use calamine::SheetType;
use calamine::Xlsx;

use crate::readers::tables::sheet::grid::Budget;
use crate::readers::tables::sheet::grid::Grid;
use crate::readers::tables::sheet::grid::MOST_SHEETS;
use crate::readers::tables::sheet::grid::Sheet;
use crate::readers::tables::sheet::grid::Typed;
use crate::readers::tables::sheet::number::number;
use crate::readers::tables::sheet::number::result;
use crate::readers::tables::sheet::trouble::Trouble;
use crate::readers::tables::sheet::xlsx_looks;

/// Reads the sheets of a workbook.
pub(super) fn open(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(Trouble::broken)?;
    // Charts and macros have no cells of payments; hidden sheets are sheets.
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| matches!(sheet.typ, SheetType::WorkSheet | SheetType::DialogSheet))
        .map(|sheet| sheet.name.clone())
        .collect();
    if names.is_empty() {
        return Err(Trouble::broken("no sheet"));
    }
    // The same sheet a thousand times takes a thousand times as long.
    let mut different: Vec<&String> = names.iter().collect();
    different.sort();
    different.dedup();
    if names.len() > MOST_SHEETS {
        return Err(Trouble::too_many(names.len(), MOST_SHEETS, "Blätter/sheets"));
    }
    if different.len() < names.len() {
        return Err(Trouble::broken("a sheet is named twice"));
    }
    let mut budget = Budget::default();
    let mut sheets = Vec::new();
    let remarks = xlsx_looks::read(bytes)?;
    for name in names {
        let mut grid = Grid::default();
        for (row, text) in remarks.get(&name).into_iter().flatten() {
            grid.remark(row.saturating_sub(1), text, &mut budget)?;
        }
        let mut reader = book.worksheet_cells_reader(&name).map_err(Trouble::broken)?;
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(Trouble::broken)? {
            let mut read = cell_of(&Data::from(cell.value));
            if cell.formula.is_some() {
                read = of_formula(read);
            }
            if let Some(read) = read {
                grid.put(cell.pos, &read, &mut budget)?;
            }
        }
        drop(reader);
        for merged in book.merge_cells_by_sheet_name(&name).map_err(Trouble::broken)? {
            grid.merge((merged.start.0, merged.end.0), merged.start.1)?;
        }
        sheets.push(grid.finish(name)?);
    }
    Ok(sheets)
}

/// What stands in a cell with a formula: a text that was calculated may be empty, a number that is 0
/// was as likely as not never calculated.
fn of_formula(stored: Option<Typed>) -> Option<Typed> {
    match stored {
        None => Some(result(Typed::default())),
        Some(stored) if stored.typed => Some(result(stored)),
        text => text,
    }
}

/// A cell's text; numbers with a decimal point, dates as `YYYY-MM-DD`; `None` for a cell without a value.
fn cell_of(data: &Data) -> Option<Typed> {
    Some(match data {
        Data::String(text) => Typed::text(text.as_str()),
        Data::Int(value) => Typed::own(value.to_string()),
        Data::Float(value) => number(*value),
        Data::DateTime(value) => {
            let (year, month, day, ..) = value.to_ymd_hms_milli();
            Typed::own(format!("{year:04}-{month:02}-{day:02}"))
        }
        Data::DateTimeIso(text) => Typed::day(text),
        Data::Error(error) => Typed::error(&error.to_string()),
        Data::Bool(value) => Typed::text(value.to_string()),
        Data::Empty => return None,
        Data::DurationIso(text) => Typed::text(text.as_str()),
    })
}
