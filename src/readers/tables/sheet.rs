//! Spreadsheets: XLSX, XLS, ODS.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::io::Read;

use calamine::Data;
use calamine::Ods;
use calamine::Reader;
use calamine::Xls;
use calamine::Xlsx;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::readers::options::ReadOptions;
use crate::readers::tables::Kind;
use crate::readers::tables::bank;
use crate::readers::tables::header_of;
use crate::readers::tables::list;
use crate::readers::tables::record::Record;

/// The largest unpacked spreadsheet that is read, in bytes.
const LARGEST: u64 = 300_000_000;
/// The most cells a sheet may fill.
const MOST_CELLS: usize = 5_000_000;
/// Columns beyond this are no list's.
const WIDEST: u32 = 512;

/// Whether the bytes are a spreadsheet.
pub fn looks_like(bytes: &[u8]) -> bool {
    is_zip(bytes) || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0])
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Why a spreadsheet cannot be read.
enum Trouble {
    Broken(String),
    TooLarge,
}

type Sheets = Vec<Vec<Record>>;

/// Reads a spreadsheet: every sheet that has a known header.
pub fn read(file: FileId, bytes: &[u8], options: &ReadOptions) -> Reading {
    let place = Place::file(file);
    let (format, sheets) = match open(bytes) {
        (format, Ok(sheets)) => (format, sheets),
        (format, Err(Trouble::TooLarge)) => {
            return Reading::refusal(format, Problem::new(ProblemCode::FileTooLarge, place));
        }
        (format, Err(Trouble::Broken(what))) => {
            let problem = Problem::new(ProblemCode::SpreadsheetBroken, place).value(what);
            return Reading::refusal(format, problem);
        }
    };
    let mut reading = Reading { format: format.to_owned(), ..Reading::default() };
    let mut known = 0_u32;
    for records in &sheets {
        let Some(header) = header_of(records, options) else { continue };
        known = known.saturating_add(1);
        let (before, after) = records.split_at(header.record);
        let rows = after.get(1..).unwrap_or_default();
        let above = u64::try_from(before.len()).unwrap_or(0);
        reading.skipped = reading.skipped.saturating_add(above);
        match header.kind {
            Kind::List => {
                let table = list::Table {
                    file,
                    columns: &header.columns,
                    records: rows,
                    mark: header.mark,
                    benefit: header.benefit.as_deref(),
                };
                table.read(&mut reading);
            }
            Kind::Bank => {
                let line = after.first().map_or(0, |record| record.line);
                bank::read(
                    file,
                    &header.columns,
                    before,
                    rows,
                    Place::line(file, line),
                    &mut reading,
                );
            }
        }
    }
    format.clone_into(&mut reading.format);
    if known == 0 {
        reading.problems.push(Problem::new(ProblemCode::HeaderMissing, place));
        reading.refused = true;
    } else if reading.records() == 0 {
        reading.problems.push(Problem::new(ProblemCode::NothingFound, place));
        reading.refused = true;
    }
    if reading.role == Role::Confirmation {
        "confirmation-spreadsheet".clone_into(&mut reading.format);
    }
    reading
}

/// The records of all sheets, if the spreadsheet can be read.
pub fn records(bytes: &[u8]) -> Option<Vec<Vec<Record>>> {
    open(bytes).1.ok()
}

fn open(bytes: &[u8]) -> (&'static str, Result<Sheets, Trouble>) {
    if !is_zip(bytes) {
        return ("payment-list-xls", open_xls(bytes));
    }
    match preflight(bytes) {
        Ok(true) => ("payment-list-ods", open_ods(bytes)),
        Ok(false) => ("payment-list-xlsx", open_xlsx(bytes)),
        Err(trouble) => ("spreadsheet", Err(trouble)),
    }
}

/// Looks at the archive before the spreadsheet library does: a few bytes can ask for more memory
/// than there is. Tells whether it is an ODS file.
fn preflight(bytes: &[u8]) -> Result<bool, Trouble> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut total = 0_u64;
    let mut ods = false;
    for number in 0..archive.len() {
        let mut member = archive.by_index(number).map_err(broken)?;
        total = total.saturating_add(member.size());
        let name = member.name().map_err(broken)?.into_owned();
        ods |= name == "content.xml";
        if total > LARGEST
            || (member.size() > 10_000_000 && member.size() / 200 > member.compressed_size())
        {
            return Err(Trouble::TooLarge);
        }
        if name.ends_with("sharedStrings.xml") {
            let mut head = Vec::new();
            let read = member.by_ref().take(4096).read_to_end(&mut head);
            read.map_err(|error| Trouble::Broken(error.to_string()))?;
            let head = String::from_utf8_lossy(&head);
            let stated = head
                .split_once("uniqueCount=\"")
                .and_then(|(_, rest)| rest.split('"').next())
                .and_then(|count| count.parse::<u64>().ok());
            if stated.is_some_and(|stated| stated > total) {
                return Err(Trouble::TooLarge);
            }
        }
    }
    Ok(ods)
}

fn broken(error: impl std::fmt::Display) -> Trouble {
    Trouble::Broken(error.to_string())
}

fn open_xlsx(bytes: &[u8]) -> Result<Sheets, Trouble> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut rows: BTreeMap<u32, BTreeMap<u32, Typed>> = BTreeMap::new();
        let mut cells = 0_usize;
        let mut reader = book.worksheet_cells_reader(&name).map_err(broken)?;
        while let Some(cell) = reader.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            let read = cell_of(&Data::from(cell.get_value().clone()));
            if column < WIDEST && !read.text.is_empty() {
                cells = cells.saturating_add(1);
                rows.entry(row).or_default().insert(column, read);
            }
            if cells > MOST_CELLS {
                return Err(Trouble::TooLarge);
            }
        }
        sheets.push(rows.into_iter().map(|(row, cells)| record(row, cells)).collect());
    }
    Ok(sheets)
}

fn record(row: u32, cells: BTreeMap<u32, Typed>) -> Record {
    let mut record = Record::new(row.saturating_add(1));
    for (column, cell) in cells {
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        while record.width() < column {
            record.push("", false);
        }
        record.push(&cell.text, cell.typed);
    }
    record
}

fn open_xls(bytes: &[u8]) -> Result<Sheets, Trouble> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(broken)?;
    ranges(&mut book)
}

fn open_ods(bytes: &[u8]) -> Result<Sheets, Trouble> {
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(broken)?;
    ranges(&mut book)
}

fn ranges<B: Reader<Cursor<R>>, R>(book: &mut B) -> Result<Sheets, Trouble>
where
    R: AsRef<[u8]>,
    Cursor<R>: Read + std::io::Seek,
    B::Error: std::fmt::Display,
{
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(broken)?;
        let (first, _) = range.start().unwrap_or_default();
        let (height, width) = range.get_size();
        if height.saturating_mul(width) > MOST_CELLS.saturating_mul(4) {
            return Err(Trouble::TooLarge);
        }
        let mut records = Vec::new();
        for (number, row) in range.rows().enumerate() {
            let line = first.saturating_add(u32::try_from(number).unwrap_or(u32::MAX));
            let mut record = Record::new(line.saturating_add(1));
            for cell in row.iter().take(512).map(cell_of) {
                record.push(&cell.text, cell.typed);
            }
            records.push(record);
        }
        sheets.push(records);
    }
    Ok(sheets)
}

/// A cell's text, and whether it is a number or date of the spreadsheet's own.
#[derive(Default)]
struct Typed {
    text: String,
    typed: bool,
}

/// A cell's text; numbers with a decimal point, dates as `YYYY-MM-DD`.
fn cell_of(data: &Data) -> Typed {
    let typed = |text: String| Typed { text, typed: true };
    match data {
        Data::String(text) => Typed { text: text.trim().to_owned(), typed: false },
        Data::Int(value) => typed(value.to_string()),
        Data::Float(value) => {
            // The last digits of a binary fraction are noise: 563.4000000000001 is 563.40.
            let nine = format!("{value:.9}");
            typed(nine.trim_end_matches('0').trim_end_matches('.').to_owned())
        }
        Data::DateTime(value) => {
            let (year, month, day, ..) = value.to_ymd_hms_milli();
            typed(format!("{year:04}-{month:02}-{day:02}"))
        }
        Data::DateTimeIso(text) => typed(text.chars().take(10).collect()),
        Data::Error(error) => Typed { text: format!("#{error}"), typed: false },
        Data::Bool(value) => Typed { text: value.to_string(), typed: false },
        _ => Typed::default(),
    }
}
