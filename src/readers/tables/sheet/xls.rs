//! Workbooks of the binary kind (`.xls`).
//!
//! The format has no check sums, so everything it says of itself is held against what is there: every
//! record follows the one before, every sheet begins and ends, has the rows that it says it has, and
//! every shared text is there. What does not fit is damage, never the end of the sheet.

#![expect(clippy::disallowed_types, reason = "spreadsheets keep binary numbers")]

use std::collections::BTreeSet;

use crate::readers::tables::sheet::compound;
use crate::readers::tables::sheet::compound::u16_at;
use crate::readers::tables::sheet::compound::u32_at;
use crate::readers::tables::sheet::grid::Budget;
use crate::readers::tables::sheet::grid::Grid;
use crate::readers::tables::sheet::grid::MOST_SHEETS;
use crate::readers::tables::sheet::grid::Sheet;
use crate::readers::tables::sheet::grid::Typed;
use crate::readers::tables::sheet::number::code_shows_day;
use crate::readers::tables::sheet::number::number;
use crate::readers::tables::sheet::number::result;
use crate::readers::tables::sheet::number::serial_day;
use crate::readers::tables::sheet::number::shows_day;
use crate::readers::tables::sheet::strings::Strings;
use crate::readers::tables::sheet::strings::text_in;
use crate::readers::tables::sheet::trouble::Trouble;
use crate::readers::tables::sheet::xls_looks;
use crate::readers::tables::sheet::xls_records::Raw;
use crate::readers::tables::sheet::xls_records::kind;
use crate::readers::tables::sheet::xls_records::part;

/// Columns a sheet has.
const COLUMNS: u16 = 256;

/// What stands before the sheets.
#[derive(Default)]
struct Globals {
    is_biff8: bool,
    is_1904: bool,
    /// For every look of a cell whether it shows a day.
    shows_day: Vec<bool>,
    strings: Strings,
    /// Where each sheet of cells begins, and its name.
    sheets: Vec<(usize, String)>,
}

/// Reads the sheets of a workbook.
pub(super) fn open(bytes: &[u8]) -> Result<Vec<Sheet>, Trouble> {
    let stream = compound::workbook(bytes)?;
    let records = part(&stream, 0).ok_or_else(|| Trouble::broken("records"))?;
    if records.iter().any(|record| record.kind == kind::FILE_PASS) {
        return Err(Trouble::broken("password"));
    }
    let globals = globals(&records).ok_or_else(|| Trouble::broken("records"))?;
    let struck = xls_looks::struck(&records);
    drop(records);
    if globals.sheets.len() > MOST_SHEETS {
        return Err(Trouble::too_many(globals.sheets.len(), MOST_SHEETS, "Blätter/sheets"));
    }
    let mut budget = Budget::default();
    let mut sheets = Vec::new();
    for (begins, name) in &globals.sheets {
        let records = part(&stream, *begins).ok_or_else(|| Trouble::broken(named(name)))?;
        let grid = cells(&records, &globals, &mut budget)?;
        let mut grid = grid.ok_or_else(|| Trouble::broken(named(name)))?;
        for (row, text) in xls_looks::remarks(&records, globals.is_biff8, &struck) {
            grid.remark(row, &text, &mut budget)?;
        }
        sheets.push(grid.finish(name.clone())?);
    }
    if sheets.is_empty() {
        return Err(Trouble::broken("no sheet"));
    }
    Ok(sheets)
}

fn named(sheet: &str) -> String {
    format!("`{sheet}`: records")
}

fn globals(records: &[Raw<'_>]) -> Option<Globals> {
    let mut found = Globals::default();
    let version = u16_at(records.first()?.data, 0)?;
    found.is_biff8 = match version {
        0x0600 => true,
        0x0500 => false,
        _ => return None,
    };
    let mut formats: Vec<(u16, bool)> = Vec::new();
    let mut looks: Vec<u16> = Vec::new();
    for (number, record) in records.iter().enumerate() {
        let data = record.data;
        match record.kind {
            kind::DATE_MODE => found.is_1904 = u16_at(data, 0)? == 1,
            kind::FORMAT => {
                let code = text_in(data.get(2..)?, found.is_biff8, found.is_biff8)?;
                formats.push((u16_at(data, 0)?, code_shows_day(&code)));
            }
            kind::XF => looks.push(u16_at(data, 2)?),
            // Charts and macros have no cells of payments.
            kind::BOUND_SHEET if *data.get(5)? == 0 => {
                let begins = usize::try_from(u32_at(data, 0)?).ok()?;
                let name = text_in(data.get(6..)?, found.is_biff8, false)?;
                found.sheets.push((begins, name));
            }
            kind::SST => {
                let mut parts = vec![data];
                let rest = records.iter().skip(number.saturating_add(1));
                let rest = rest.take_while(|next| next.kind == kind::CONTINUE);
                parts.extend(rest.map(|next| next.data));
                found.strings = Strings::read(&parts)?;
            }
            _ => {}
        }
    }
    found.shows_day = looks
        .into_iter()
        .map(|format| {
            let own = formats.iter().find(|(number, _)| *number == format);
            own.map_or_else(|| shows_day(format), |(_, shows)| *shows)
        })
        .collect();
    Some(found)
}

/// The cells of a sheet; `None` where something does not fit.
fn cells(
    records: &[Raw<'_>],
    globals: &Globals,
    budget: &mut Budget,
) -> Result<Option<Grid>, Trouble> {
    let mut sheet = Cells {
        globals,
        grid: Grid::default(),
        budget,
        rows: 0,
        stated: 0,
        awaited: None,
        promised: BTreeSet::new(),
        kept: BTreeSet::new(),
    };
    let mut depth = 0_usize;
    for record in records {
        match record.kind {
            kind::BOF => depth = depth.saturating_add(1),
            kind::EOF => depth = depth.saturating_sub(1),
            // A chart inside the sheet has records of the same kinds.
            _ if depth > 1 => {}
            _ => {
                if sheet.record(*record)?.is_none() {
                    return Ok(None);
                }
            }
        }
    }
    sheet.give_up_waiting()?;
    let whole = sheet.rows >= sheet.stated && are_announced(&sheet.promised, &sheet.kept);
    Ok(whole.then_some(sheet.grid))
}

/// Whether rows are there as they were announced. Most programs announce all that have cells, some none
/// of them: where a few are missing, records are.
fn are_announced(promised: &BTreeSet<u32>, kept: &BTreeSet<u32>) -> bool {
    let missing = kept.difference(promised).count();
    promised.is_subset(kept) && (missing == 0 || missing.saturating_mul(FEW) > kept.len())
}

/// Up to one row of so many without a record of its own is damage.
const FEW: usize = 4;

struct Cells<'a> {
    globals: &'a Globals,
    grid: Grid,
    budget: &'a mut Budget,
    /// Rows up to the last that a record speaks of.
    rows: u32,
    /// Rows that the sheet says it has.
    stated: u32,
    /// A formula whose text comes in a record of its own.
    awaited: Option<(u32, u32)>,
    /// Rows that are said to have cells.
    promised: BTreeSet<u32>,
    /// Rows that have some.
    kept: BTreeSet<u32>,
}

/// The length of records that have only one.
const fn length_of(kind: u16) -> Option<usize> {
    match kind {
        kind::BLANK => Some(6),
        kind::BOOL_ERR => Some(8),
        kind::RK | kind::LABEL_SST => Some(10),
        kind::NUMBER => Some(14),
        kind::ROW => Some(16),
        _ => None,
    }
}

type Read = Result<Option<()>, Trouble>;

impl Cells<'_> {
    fn record(&mut self, record: Raw<'_>) -> Read {
        let data = record.data;
        if length_of(record.kind).is_some_and(|length| length != data.len()) {
            return Ok(None);
        }
        match record.kind {
            kind::DIMENSIONS => {
                let end = if self.globals.is_biff8 {
                    u32_at(data, 4)
                } else {
                    u16_at(data, 2).map(u32::from)
                };
                let Some(end) = end.filter(|end| *end <= 65_536) else { return Ok(None) };
                self.stated = end;
                Ok(Some(()))
            }
            kind::ROW => {
                let Some(row) = self.row_of(data) else { return Ok(None) };
                let columns = u16_at(data, 2).zip(u16_at(data, 4));
                if columns.is_some_and(|(first, end)| first < end) {
                    self.promised.insert(row);
                }
                Ok(Some(()))
            }
            kind::BLANK | kind::MUL_BLANK => Ok(self.place_of(data).map(|_| ())),
            kind::NUMBER => {
                let value = data.get(6..14).and_then(|own| own.try_into().ok());
                let Some(value) = value.map(f64::from_le_bytes) else { return Ok(None) };
                self.number(data, value)
            }
            kind::RK => match u32_at(data, 6) {
                Some(packed) => self.number(data, unpacked(packed)),
                None => Ok(None),
            },
            kind::MUL_RK => self.numbers(data),
            kind::LABEL_SST => {
                let globals = self.globals;
                match u32_at(data, 6).and_then(|number| globals.strings.get(number)) {
                    Some(text) => self.put(data, &Typed::text(text)),
                    None => Ok(None),
                }
            }
            kind::LABEL | kind::RSTRING => {
                let text = data.get(6..);
                match text.and_then(|text| text_in(text, self.globals.is_biff8, true)) {
                    Some(text) => self.put(data, &Typed::text(text)),
                    None => Ok(None),
                }
            }
            kind::BOOL_ERR => match (data.get(6), data.get(7)) {
                (Some(value), Some(0)) => {
                    self.put(data, &Typed::text(if *value == 0 { "false" } else { "true" }))
                }
                (Some(_), Some(_)) => self.put(data, &Typed::text("#ERROR")),
                _ => Ok(None),
            },
            kind::FORMULA => self.formula(data),
            kind::STRING => {
                let Some(place) = self.awaited.take() else { return Ok(None) };
                let Some(text) = text_in(data, self.globals.is_biff8, true) else {
                    return Ok(None);
                };
                self.grid.put(place, &Typed::text(text), self.budget)?;
                Ok(Some(()))
            }
            kind::MERGED => self.merged(data),
            _ => Ok(Some(())),
        }
    }

    /// The row a record speaks of.
    fn row_of(&mut self, data: &[u8]) -> Option<u32> {
        let row = u32::from(u16_at(data, 0)?);
        self.rows = self.rows.max(row.saturating_add(1));
        Some(row)
    }

    fn place_of(&mut self, data: &[u8]) -> Option<(u32, u32)> {
        let column = u16_at(data, 2).filter(|column| *column < COLUMNS)?;
        let row = self.row_of(data)?;
        self.kept.insert(row);
        Some((row, u32::from(column)))
    }

    fn put(&mut self, data: &[u8], cell: &Typed) -> Read {
        let Some(place) = self.place_of(data) else { return Ok(None) };
        self.grid.put(place, cell, self.budget)?;
        Ok(Some(()))
    }

    fn shown(&self, look: u16, value: f64) -> Option<Typed> {
        let shows_day = *self.globals.shows_day.get(usize::from(look))?;
        let day = shows_day.then(|| serial_day(value, self.globals.is_1904)).flatten();
        Some(day.map_or_else(|| number(value), Typed::own))
    }

    fn number(&mut self, data: &[u8], value: f64) -> Read {
        match u16_at(data, 4).and_then(|look| self.shown(look, value)) {
            Some(cell) => self.put(data, &cell),
            None => Ok(None),
        }
    }

    /// Several numbers of a row, beside each other.
    fn numbers(&mut self, data: &[u8]) -> Read {
        let Some((row, mut column)) = self.place_of(data) else { return Ok(None) };
        let inner = data.len().checked_sub(2).and_then(|end| data.get(4..end));
        let Some(inner) = inner.filter(|inner| inner.len() % 6 == 0) else { return Ok(None) };
        for one in inner.chunks_exact(6) {
            let cell = u16_at(one, 0).zip(u32_at(one, 2));
            let cell = cell.and_then(|(look, packed)| self.shown(look, unpacked(packed)));
            let Some(cell) = cell.filter(|_| column < u32::from(COLUMNS)) else { return Ok(None) };
            self.grid.put((row, column), &cell, self.budget)?;
            column = column.saturating_add(1);
        }
        let last = data.len().checked_sub(2).and_then(|at| u16_at(data, at)).map(u32::from);
        Ok((last == column.checked_sub(1)).then_some(()))
    }

    /// A formula whose text never came states nothing.
    fn give_up_waiting(&mut self) -> Result<(), Trouble> {
        match self.awaited.take() {
            Some(place) => self.grid.put(place, &result(Typed::default()), self.budget),
            None => Ok(()),
        }
    }

    fn formula(&mut self, data: &[u8]) -> Read {
        self.give_up_waiting()?;
        let Some(place) = self.place_of(data) else { return Ok(None) };
        let Some(value) = data.get(6..14) else { return Ok(None) };
        let cell = match (value.first(), value.get(2), value.get(6..8)) {
            (Some(0), _, Some([0xFF, 0xFF])) => {
                self.awaited = Some(place);
                return Ok(Some(()));
            }
            (Some(1), Some(truth), Some([0xFF, 0xFF])) => {
                Typed::text(if *truth == 0 { "false" } else { "true" })
            }
            (Some(2), _, Some([0xFF, 0xFF])) => Typed::text("#ERROR"),
            // A text that was calculated and is empty.
            (Some(3), _, Some([0xFF, 0xFF])) => Typed::default(),
            (_, _, Some([0xFF, 0xFF])) => return Ok(None),
            _ => {
                let value = value.try_into().map(f64::from_le_bytes).unwrap_or_default();
                match u16_at(data, 4).and_then(|look| self.shown(look, value)) {
                    Some(_) if value == 0.0 => result(number(value)),
                    Some(cell) => cell,
                    None => return Ok(None),
                }
            }
        };
        self.grid.put(place, &cell, self.budget)?;
        Ok(Some(()))
    }

    fn merged(&mut self, data: &[u8]) -> Read {
        let Some(count) = u16_at(data, 0).map(usize::from) else { return Ok(None) };
        let ranges = data.get(2..).unwrap_or_default().chunks_exact(8);
        if ranges.len() != count {
            return Ok(None);
        }
        for range in ranges {
            let at = |at: usize| u16_at(range, at).map(u32::from);
            let (Some(first), Some(last), Some(column)) = (at(0), at(2), at(4)) else {
                return Ok(None);
            };
            self.grid.merge((first, last), column)?;
        }
        Ok(Some(()))
    }
}

/// A number in four bytes: thirty bits of it, whether they are a whole number, and whether it was
/// taken times a hundred.
#[expect(clippy::float_arithmetic, reason = "the format's own way to keep a number")]
fn unpacked(packed: u32) -> f64 {
    let value = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed.cast_signed() >> 2)
    };
    if packed & 1 == 0 { value } else { value / 100.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers() {
        for (packed, value) in [
            ((56_300_u32 << 2) | 3, 563.0),
            (7 << 2 | 2, 7.0),
            (0x4081_9800, 563.0),
            ((-5_i32).cast_unsigned() << 2 | 2, -5.0),
        ] {
            assert!((unpacked(packed) - value).abs() < 1e-9, "{packed:x}");
        }
    }

    #[test]
    fn rows_are_announced_or_lost() {
        let rows = |from: u32, to: u32| (from..to).collect::<BTreeSet<u32>>();
        for (promised, kept, expected) in [
            (rows(0, 20), rows(0, 20), true),
            (rows(0, 20), rows(0, 19), false),
            (rows(0, 19), rows(0, 20), false),
            (rows(0, 2), rows(0, 20), true),
            (rows(0, 0), rows(0, 20), true),
        ] {
            assert_eq!(are_announced(&promised, &kept), expected, "{promised:?} {kept:?}");
        }
    }

    #[test]
    fn parts_end_or_are_damaged() {
        let bof = [0x09, 0x08, 4, 0, 0, 6, 5, 0];
        let end = [0x0A, 0, 0, 0];
        let zeros = [0; 512];
        let whole = [&bof[..], &end].concat();
        assert_eq!(part(&whole, 0).map(|records| records.len()), Some(2));
        for damaged in [&bof[..], &end, &[&bof[..], &zeros, &end].concat(), &zeros] {
            assert!(part(damaged, 0).is_none());
        }
    }
}
