//! Workbooks of the `OpenDocument` kind (`.ods`).
//!
//! Rows and cells that repeat are stored once with a number; what repeats without a value takes no
//! room, what has a value is bounded like all cells.

use std::collections::BTreeSet;

use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::readers::tables::sheet::archive;
use crate::readers::tables::sheet::grid::Budget;
use crate::readers::tables::sheet::grid::Grid;
use crate::readers::tables::sheet::grid::STRUCK_OUT;
use crate::readers::tables::sheet::grid::Sheet;
use crate::readers::tables::sheet::grid::Typed;
use crate::readers::tables::sheet::grid::WIDEST;
use crate::readers::tables::sheet::number::number;
use crate::readers::tables::sheet::number::result;
use crate::readers::tables::sheet::trouble::Trouble;

/// Elements whose content is no value of a cell: remarks, shapes, what was deleted.
const APART: [&str; 5] = [
    "office:annotation",
    "table:tracked-changes",
    "table:shapes",
    "office:forms",
    "office:dde-source",
];

/// The deepest nesting that is read.
const DEEPEST: usize = 64;

/// Reads the sheets of a workbook.
pub(super) fn open(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let text = archive::text(bytes, "content.xml")?;
    read(&text)
}

fn read(text: &str) -> Result<Vec<Sheet>, Trouble> {
    let mut reader = Reader::from_str(text);
    let mut book = Book::default();
    let mut depth = 0_usize;
    // Depth of an element whose content is left out.
    let mut apart: Option<usize> = None;
    // What is left out is a remark, and this is its text.
    let mut remark: Option<String> = None;
    loop {
        match reader.read_event().map_err(Trouble::broken)? {
            Event::Start(tag) => {
                depth = depth.saturating_add(1);
                if depth > DEEPEST {
                    return Err(Trouble::beyond(DEEPEST, "Ebenen/levels"));
                }
                if apart.is_none() {
                    if stands_apart(&tag) {
                        apart = Some(depth);
                        remark = (tag.name().as_ref() == "office:annotation").then(String::new);
                    } else {
                        book.start(&tag)?;
                    }
                }
            }
            Event::Empty(tag) => {
                if apart.is_none() && !stands_apart(&tag) {
                    book.start(&tag)?;
                    book.end(tag.name().as_ref())?;
                }
            }
            Event::End(tag) => {
                if apart.is_none() {
                    book.end(tag.name().as_ref())?;
                } else if apart == Some(depth) {
                    apart = None;
                    if let Some(text) = remark.take() {
                        book.remark(&text)?;
                    }
                }
                depth = depth.saturating_sub(1);
            }
            Event::Text(text) if apart.is_none() => book.text(&text.xml10_content()),
            Event::Text(text) => {
                if let Some(remark) = &mut remark {
                    // Paragraphs are parted; the day of the remark stands before its text.
                    remark.push(' ');
                    remark.push_str(&text.xml10_content());
                }
            }
            Event::CData(text) if apart.is_none() => book.text(&text.xml10_content()),
            Event::GeneralRef(reference) if apart.is_none() => {
                let letter = match reference.resolve_char_ref().map_err(Trouble::broken)? {
                    Some(letter) => letter,
                    None => entity(&reference.xml10_content())
                        .ok_or_else(|| Trouble::broken("entity"))?,
                };
                book.text(letter.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(Trouble::broken("DOCTYPE")),
            Event::Eof if depth == 0 && !book.sheets.is_empty() => return Ok(book.sheets),
            Event::Eof => return Err(Trouble::broken("content.xml")),
            _ => {}
        }
    }
}

fn stands_apart(tag: &BytesStart<'_>) -> bool {
    let name = tag.name();
    let name: &str = name.as_ref();
    APART.contains(&name) || name.starts_with("draw:")
}

/// The five entities that XML defines.
fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Trouble> {
    let Some(found) = tag.try_get_attribute(name).map_err(Trouble::broken)? else {
        return Ok(None);
    };
    let raw: &str = found.value.as_ref();
    // Values that are read are numbers, days and names; the few entities of names are resolved here.
    let text = ["&lt;<", "&gt;>", "&quot;\"", "&apos;'", "&amp;&"].iter().fold(
        raw.to_owned(),
        |text, pair| {
            let (entity, letter) = pair.split_at(pair.len().saturating_sub(1));
            text.replace(entity, letter)
        },
    );
    Ok(Some(text))
}

fn repeats(tag: &BytesStart<'_>, name: &str) -> Result<u32, Trouble> {
    match attribute(tag, name)? {
        None => Ok(1),
        Some(text) => text.parse().map_err(|_| Trouble::broken(name)),
    }
}

/// A workbook as far as it was read.
#[derive(Default)]
struct Book {
    sheets: Vec<Sheet>,
    budget: Budget,
    grid: Grid,
    name: String,
    row: u32,
    row_repeats: u32,
    /// Cells with a value of the row.
    cells: Vec<(u32, Typed)>,
    column: u32,
    cell: Option<Open>,
    /// Tables inside cells are not read as sheets.
    tables: usize,
    /// The look that is being described.
    style: String,
    /// Looks by which a cell is struck out.
    struck: BTreeSet<String>,
    /// Whether the cell that is being read is.
    is_struck: bool,
}

/// A cell that is being read.
#[derive(Default)]
struct Open {
    repeats: u32,
    kind: String,
    value: Option<String>,
    is_formula: bool,
    is_error: bool,
    /// Rows below the first that the cell was merged over.
    merged: u32,
    text: String,
    paragraphs: u32,
    in_paragraph: bool,
}

impl Book {
    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Trouble> {
        let name = tag.name();
        let name: &str = name.as_ref();
        match name {
            "table:table" => {
                self.tables = self.tables.saturating_add(1);
                if self.tables > 1 {
                    return Err(Trouble::broken("table in a table"));
                }
                self.name = attribute(tag, "table:name")?.unwrap_or_default();
                self.grid = Grid::default();
                self.row = 0;
            }
            "table:table-row" => {
                self.row_repeats = repeats(tag, "table:number-rows-repeated")?;
                self.column = 0;
                self.cells.clear();
            }
            "style:style" => {
                self.style = attribute(tag, "style:name")?.unwrap_or_default();
            }
            "style:text-properties" => {
                for name in ["style:text-line-through-style", "style:text-line-through-type"] {
                    if attribute(tag, name)?.is_some_and(|line| line != "none") {
                        self.struck.insert(self.style.clone());
                    }
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let look = attribute(tag, "table:style-name")?;
                let kind = attribute(tag, "office:value-type")?.unwrap_or_default();
                let value = match kind.as_str() {
                    "date" => attribute(tag, "office:date-value")?,
                    "boolean" => attribute(tag, "office:boolean-value")?,
                    "string" => attribute(tag, "office:string-value")?,
                    _ => attribute(tag, "office:value")?,
                };
                let error = attribute(tag, "calcext:value-type")?;
                self.is_struck = look.is_some_and(|look| self.struck.contains(&look));
                self.cell = Some(Open {
                    repeats: repeats(tag, "table:number-columns-repeated")?,
                    kind,
                    value,
                    is_formula: attribute(tag, "table:formula")?.is_some(),
                    is_error: error.is_some_and(|kind| kind == "error"),
                    merged: repeats(tag, "table:number-rows-spanned")?.saturating_sub(1),
                    ..Open::default()
                });
            }
            "text:p" => {
                if let Some(cell) = &mut self.cell {
                    if cell.paragraphs > 0 {
                        cell.text.push('\n');
                    }
                    cell.paragraphs = cell.paragraphs.saturating_add(1);
                    cell.in_paragraph = true;
                }
            }
            "text:s" | "text:tab" | "text:line-break" => self.text(" "),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = self.cell.as_mut().filter(|cell| cell.in_paragraph) {
            cell.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) -> Result<(), Trouble> {
        match name {
            "text:p" => {
                if let Some(cell) = &mut self.cell {
                    cell.in_paragraph = false;
                }
            }
            "table:table-cell" | "table:covered-table-cell" => self.end_of_cell()?,
            "table:table-row" => {
                if !self.cells.is_empty() {
                    let rows = usize::try_from(self.row_repeats).unwrap_or(usize::MAX);
                    self.budget.holds(self.cells.len().saturating_mul(rows))?;
                    for row in 0..self.row_repeats {
                        for (column, cell) in &self.cells {
                            let row = self.row.saturating_add(row);
                            self.grid.put((row, *column), cell, &mut self.budget)?;
                        }
                    }
                }
                self.row = self.row.saturating_add(self.row_repeats);
            }
            "table:table" => {
                self.tables = self.tables.saturating_sub(1);
                let grid = std::mem::take(&mut self.grid);
                self.sheets.push(grid.finish(std::mem::take(&mut self.name))?);
            }
            _ => {}
        }
        Ok(())
    }

    /// A remark at a cell of the row.
    fn remark(&mut self, text: &str) -> Result<(), Trouble> {
        if self.tables > 0 {
            self.grid.remark(self.row, text, &mut self.budget)?;
        }
        Ok(())
    }

    fn end_of_cell(&mut self) -> Result<(), Trouble> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let (repeats, merged, is_struck) = (cell.repeats, cell.merged, self.is_struck);
        let typed = cell.typed()?;
        if !typed.text.is_empty() {
            if is_struck {
                self.remark(STRUCK_OUT)?;
            }
            // One more than is read, so that it is seen that something stands there.
            let end = self.column.saturating_add(repeats).min(WIDEST.saturating_add(1));
            for column in self.column..end {
                self.cells.push((column, typed.clone()));
            }
            if merged > 0 {
                self.grid.merge((self.row, self.row.saturating_add(merged)), self.column)?;
            }
        }
        self.column = self.column.saturating_add(repeats);
        Ok(())
    }
}

impl Open {
    fn typed(self) -> Result<Typed, Trouble> {
        if self.is_error {
            return Ok(Typed::error(&self.text));
        }
        let typed = match (self.kind.as_str(), self.value) {
            ("float" | "currency" | "percentage", Some(value)) => {
                number(value.trim().parse().map_err(|_| Trouble::broken("number"))?)
            }
            ("date", Some(value)) => Typed::day(&value),
            ("boolean", Some(value)) => Typed::text(value),
            ("string", Some(value)) if self.paragraphs == 0 => Typed::text(value),
            _ => Typed::text(self.text.trim()),
        };
        // A text that was calculated may be empty; a cell without any kind was not calculated.
        let calculated = self.kind == "string" && !typed.typed;
        Ok(if self.is_formula && !calculated { result(typed) } else { typed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheets(rows: &str) -> Result<Vec<Sheet>, Trouble> {
        read(&format!(
            "<office:document-content><table:table table:name=\"A&amp;B\">{rows}</table:table>\
             </office:document-content>"
        ))
    }

    fn cells(rows: &str) -> Vec<(u32, Vec<String>)> {
        let sheets = sheets(rows).ok().unwrap();
        let cells = sheets.first().unwrap().records.iter();
        cells
            .map(|row| (row.line, row.cells().map(|cell| cell.text.to_owned()).collect()))
            .collect()
    }

    #[test]
    fn repeated_rows_and_cells() {
        let found = cells(
            "<table:table-row table:number-rows-repeated=\"4000000000\"><table:table-cell \
             table:number-columns-repeated=\"4000000000\"/></table:table-row>",
        );
        assert!(found.is_empty());
        let found = cells(
            "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell/><table:table-cell \
             office:value-type=\"float\" office:value=\"400.23000000000002\" \
             table:number-columns-repeated=\"2\"><text:p>x</text:p></table:table-cell></table:table-row>",
        );
        let row = vec![String::new(), "400.23".to_owned(), "400.23".to_owned()];
        assert_eq!(found, [(1, row.clone()), (2, row)]);
        let bomb = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
             table:number-columns-repeated=\"500\"><text:p>x</text:p></table:table-cell></table:table-row>";
        assert!(matches!(sheets(bomb), Err(Trouble::TooLarge { .. })));
    }

    #[test]
    fn formulas_remarks_and_merged_cells() {
        let found = sheets(
            "<table:table-row><table:table-cell table:formula=\"of:=[.A1]\" \
             office:value-type=\"float\" office:value=\"0\"><text:p>0</text:p></table:table-cell>\
             <table:table-cell table:number-rows-spanned=\"3\" office:value-type=\"string\">\
             <office:annotation><text:p>remark</text:p></office:annotation><text:p>a &amp; b</text:p>\
             </table:table-cell></table:table-row>",
        );
        let sheet = found.ok().unwrap().remove(0);
        let row = sheet.records.first().unwrap();
        assert_eq!(
            (row.text(0), row.text(1)),
            (crate::readers::tables::values::UNCALCULATED, "a & b")
        );
        assert_eq!(sheet.remarks, [(1, "remark".to_owned())]);
        let merge = sheet.merges.first().unwrap();
        assert_eq!((merge.first, merge.last, merge.column, sheet.name.as_str()), (1, 3, 1, "A&B"));
    }

    #[test]
    fn cut_off_texts_are_damage() {
        for text in ["", "<a>", "<a><table:table>", "<a></b>", "<!DOCTYPE x><a/>", "<a>&x;</a>"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
