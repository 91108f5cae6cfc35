//! Spreadsheets: XLSX, XLS, ODS. Every sheet is read, or named.

mod archive;
mod compound;
mod grid;
mod number;
mod ods;
mod remarked;
mod strings;
mod trouble;
mod xls;
mod xls_looks;
mod xls_records;
mod xlsx;
mod xlsx_looks;

use std::borrow::Cow;

use crate::facts::own_outputs;
use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::problem::Severity;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::reading::line_in_sheet;
use crate::readers::interpret;
use crate::readers::options::ReadOptions;
use crate::readers::remarks;
use crate::readers::remarks::Unnamed;
use crate::readers::tables::Header;
use crate::readers::tables::bank;
use crate::readers::tables::field::Field;
use crate::readers::tables::header_of;
use crate::readers::tables::kinds;
use crate::readers::tables::kinds::Kind;
use crate::readers::tables::list_taken_back::TakenBack;
use crate::readers::tables::record::Record;
use crate::readers::tables::sheet::grid::Merge;
use crate::readers::tables::sheet::grid::Sheet;
use crate::readers::tables::sheet::trouble::Trouble;
use crate::readers::tables::sheet::trouble::fenced;
use crate::readers::tables::twice;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::amount;
use crate::readers::tables::values::day;

/// Whether the bytes are a spreadsheet.
pub fn looks_like(bytes: &[u8]) -> bool {
    is_zip(bytes) || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0])
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads a spreadsheet.
pub fn read(file: FileId, bytes: &[u8], options: &ReadOptions) -> Reading {
    let place = Place::file(file);
    let (kind, sheets) = match open(bytes) {
        (kind, Ok(sheets)) => (kind, sheets),
        (kind, Err(Trouble::TooLarge { found, allowed })) => {
            let problem = Problem::new(ProblemCode::FileTooLarge, place);
            return Reading::refusal(list_format(kind), problem.value(found).expected(allowed));
        }
        (kind, Err(Trouble::Broken(what))) => {
            let problem = Problem::new(ProblemCode::SpreadsheetBroken, place).value(what);
            return Reading::refusal(list_format(kind), problem);
        }
    };
    let mut sheets: Vec<Sheet> =
        sheets.into_iter().filter(|sheet| !sheet.records.is_empty() || sheet.beyond).collect();
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    if options.forced_role.is_none() && own_outputs::are_sheets(&names) {
        return Reading::own_output(file);
    }
    let several = sheets.len() > 1;
    if several {
        for (number, sheet) in sheets.iter_mut().enumerate() {
            sheet.number_lines(number);
        }
    }
    let mut book = Book {
        file,
        options,
        before: None,
        tables: 0,
        reading: Reading::default(),
        taken_back: TakenBack::default(),
        remarks: Vec::new(),
    };
    if several {
        book.reading.sheets = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    }
    for sheet in &sheets {
        book.read(sheet);
    }
    book.finish(kind)
}

/// The records of all sheets, if the spreadsheet can be read.
pub fn records(bytes: &[u8]) -> Option<Vec<Vec<Record>>> {
    let sheets = open(bytes).1.ok()?;
    Some(sheets.into_iter().map(|sheet| sheet.records).collect())
}

/// The kind of a workbook by the ending it should have, and its sheets.
fn open(bytes: &[u8]) -> (&'static str, Result<Vec<Sheet>, Trouble>) {
    if !is_zip(bytes) {
        return ("xls", fenced(|| xls::open(bytes)));
    }
    match fenced(|| archive::check(bytes)) {
        Ok(archive::Kind::Ods) => ("ods", fenced(|| ods::open(bytes))),
        Ok(archive::Kind::Xlsx) => ("xlsx", fenced(|| xlsx::open(bytes))),
        Err(trouble) => ("xlsx", Err(trouble)),
    }
}

fn list_format(kind: &str) -> String {
    format!("payment-list-{kind}")
}

impl Sheet {
    /// Makes lines that tell of which sheet they are.
    fn number_lines(&mut self, number: usize) {
        for record in &mut self.records {
            record.line = line_in_sheet(number, record.line);
        }
        for (line, _) in &mut self.remarks {
            *line = line_in_sheet(number, *line);
        }
        for merge in &mut self.merges {
            merge.first = line_in_sheet(number, merge.first);
            merge.last = line_in_sheet(number, merge.last);
        }
    }
}

/// A workbook as it is read.
struct Book<'a> {
    file: FileId,
    options: &'a ReadOptions,
    /// The header of the last sheet that had one.
    before: Option<Header>,
    tables: u32,
    reading: Reading,
    /// What takes rows of lists back.
    taken_back: TakenBack,
    /// Lines of sheets that are no tables, each behind the name of its sheet.
    remarks: Vec<String>,
}

impl Book<'_> {
    fn read(&mut self, sheet: &Sheet) {
        let first = sheet.records.first().map_or(0, |record| record.line);
        let place = Place::line(self.file, first);
        if sheet.beyond {
            self.reading.problems.push(
                Problem::new(ProblemCode::SheetTooWide, place)
                    .field(&sheet.name)
                    .value(grid::WIDEST.to_string()),
            );
        }
        // The name of the sheet stands above all of its lines.
        let mut title = Record::new(first);
        title.push(&sheet.name, false);
        let mut own = header_of(&sheet.records, self.options);
        let mut records = Cow::Borrowed(sheet.records.as_slice());
        if let Some(header) = &own {
            let remarked = remarked::with_remarks(&records, header.record, &sheet.remarks);
            if let Some(remarked) = remarked {
                own = header_of(&remarked, self.options);
                records = Cow::Owned(remarked);
            }
        }
        if let Some(header) = own {
            let (above, after) = records.split_at(header.record);
            let rows = after.get(1..).unwrap_or_default();
            let line = after.first().map_or(first, |record| record.line);
            let count = u64::try_from(above.len()).unwrap_or(0);
            self.reading.skipped = self.reading.skipped.saturating_add(count);
            let above = [&[title], above].concat();
            self.table(&header, (&above, rows), &sheet.merges, Place::line(self.file, line));
            self.before = Some(header);
            return;
        }
        // A sheet without a header goes on with the columns of the one before, if its rows bear them.
        if let Some(header) = self.before.take() {
            let goes_on = goes_on(&header, &sheet.records);
            if goes_on {
                self.table(&header, (&[title], &sheet.records), &sheet.merges, place);
            }
            self.before = Some(header);
            if goes_on {
                return;
            }
        }
        if holds_payments(&sheet.records) {
            let problem = Problem::new(ProblemCode::SheetUnread, place).field(&sheet.name);
            self.reading.problems.push(problem);
        } else {
            let count = u64::try_from(sheet.records.len()).unwrap_or(0);
            self.reading.skipped = self.reading.skipped.saturating_add(count);
            let problem = Problem::new(ProblemCode::SheetIgnored, place).field(&sheet.name);
            self.reading.problems.push(problem);
            self.taken_back.by_sheet(&sheet.name, &sheet.records);
            for record in &sheet.records {
                let cells = record.cells().map(|cell| cell.text);
                let line: Vec<&str> = std::iter::once(sheet.name.as_str()).chain(cells).collect();
                self.remarks.push(line.join(" "));
            }
        }
    }

    fn table(
        &mut self,
        header: &Header,
        (above, rows): (&[Record], &[Record]),
        merges: &[Merge],
        place: Place,
    ) {
        self.tables = self.tables.saturating_add(1);
        if let Some(name) = twice(header) {
            let problem = Problem::new(ProblemCode::ColumnTwice, place).field(name);
            self.reading.problems.push(problem);
            self.reading.refused = true;
            return;
        }
        if let Some(mut unusable) =
            kinds::unusable(self.file, (header.kind, &header.columns), place, self.options)
        {
            self.reading.problems.append(&mut unusable.problems);
            self.reading.refused |= unusable.refused;
            return;
        }
        let spread = spread(header, rows, merges);
        let rows = spread.as_deref().unwrap_or(rows);
        // Each sheet says what it is; a workbook is what its first sheet of payments or bookings is.
        let role = (self.reading.records() > 0).then_some(self.reading.role);
        match header.kind {
            Kind::List => {
                let taken_back = header.list(self.file, above, rows).read(&mut self.reading);
                self.taken_back.append(taken_back);
            }
            Kind::Bank => {
                let (file, columns) = (self.file, &header.columns);
                bank::read(file, columns, above, rows, place, &mut self.reading);
            }
            Kind::Own | Kind::UnknownExport => {}
        }
        self.reading.role = role.unwrap_or(self.reading.role);
    }

    fn finish(mut self, kind: &str) -> Reading {
        let place = Place::file(self.file);
        let reading = &mut self.reading;
        self.taken_back.apply(&mut reading.payments);
        for statement in &mut reading.statements {
            let add = |text: &String| remarks::add(text, &mut statement.entries, Unnamed::Nobody);
            if self.remarks.iter().map(add).fold(false, |any, own| any | own) {
                interpret::statement(statement);
            }
        }
        let has = |code: ProblemCode| reading.problems.iter().any(|own| own.code == code);
        let (unread, own) = (has(ProblemCode::SheetUnread), has(ProblemCode::OwnOutput));
        let is_bank = reading.role == Role::Bank;
        reading.format = match reading.role {
            Role::Bank => format!("bank-{kind}"),
            Role::Confirmation => "confirmation-spreadsheet".to_owned(),
            _ => list_format(kind),
        };
        if unread && (is_bank || reading.records() == 0) {
            // What is missing in a bank's file may be the return that decides.
            reading.refused = true;
        } else if reading.records() == 0 && own && !reading.refused {
            // Overviews and the like stand beside the tables of a report.
            reading.role = Role::Ignored;
            "own-output".clone_into(&mut reading.format);
            reading.problems = vec![Problem::new(ProblemCode::OwnOutput, place)];
        } else if self.tables == 0 {
            reading.problems.push(Problem::new(ProblemCode::HeaderMissing, place));
            reading.refused = true;
        } else if reading.records() == 0 && !reading.refused {
            reading.problems.push(Problem::new(ProblemCode::NothingFound, place));
            reading.refused = true;
        }
        if unread {
            for problem in &mut reading.problems {
                if problem.code == ProblemCode::SheetUnread {
                    problem.severity = Severity::Error;
                }
            }
        }
        self.reading
    }
}

/// Whether the first rows of a sheet without a header bear the columns of another.
fn goes_on(header: &Header, rows: &[Record]) -> bool {
    let columns = &header.columns;
    let settled = header.mark.unwrap_or(ColumnMark::Open);
    let fits = |row: &Record| {
        let has_money =
            Field::MONEY.iter().filter_map(|field| columns.position(*field)).any(|column| {
                row.cell(column).is_some_and(|cell| {
                    let open = amount(cell, settled);
                    open.is_ok() || open == Err(ProblemCode::AmountAmbiguous)
                })
            });
        let dated = match header.kind {
            Kind::Bank => columns
                .position(Field::BookingDate)
                .is_some_and(|column| day(row.text(column)).is_some()),
            _ => true,
        };
        let account = columns.position(Field::Iban).map(|column| row.text(column));
        let account = account.filter(|text| !text.is_empty()).and_then(Iban::read);
        let named = account.map_or_else(
            || columns.has(Field::CaseId) || columns.has(Field::EndToEndId) || dated,
            |iban| iban.is_valid(),
        );
        has_money && dated && named && row.filled_width() <= columns.names.len()
    };
    !matches!(header.kind, Kind::Own | Kind::UnknownExport) && rows.iter().take(3).all(fits)
}

/// Whether somewhere in a sheet stand a valid account and an amount.
fn holds_payments(rows: &[Record]) -> bool {
    let account =
        |text: &str| text.len() >= 15 && Iban::read(text).is_some_and(|iban| iban.is_valid());
    let cells = || rows.iter().flat_map(Record::cells);
    cells().any(|cell| account(cell.text))
        && cells().any(|cell| {
            !account(cell.text) && amount(cell, ColumnMark::Open).is_ok()
                || amount(cell, ColumnMark::Open) == Err(ProblemCode::AmountAmbiguous)
        })
}

/// Rows with the values of merged cells, which belong to all rows of the merge; never amounts, which
/// would be paid as often. `None` if nothing is merged.
fn spread(header: &Header, rows: &[Record], merges: &[Merge]) -> Option<Vec<Record>> {
    let wanted = |merge: &&Merge| {
        let field = header.columns.fields.get(merge.column).copied().flatten();
        !field.is_some_and(Field::has_amounts)
            && rows.first().is_some_and(|first| first.line <= merge.last)
    };
    let merges: Vec<&Merge> = merges.iter().filter(wanted).collect();
    if merges.is_empty() {
        return None;
    }
    let mut rows = rows.to_vec();
    for merge in merges {
        let from = rows.partition_point(|row| row.line < merge.first);
        let to = rows.partition_point(|row| row.line <= merge.last);
        let Some(group) = rows.get_mut(from..to) else { continue };
        let Some((first, rest)) = group.split_first_mut() else { continue };
        if first.line != merge.first {
            continue;
        }
        for row in rest {
            row.fill(merge.column, first);
        }
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rubbish_is_refused() {
        for bytes in [&b"PK\x03\x04"[..], b"PK\x03\x04rubbish", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"]
        {
            let reading = read(FileId(0), bytes, &ReadOptions::default());
            assert!(reading.refused);
            assert_eq!(reading.problems.first().unwrap().code, ProblemCode::SpreadsheetBroken);
        }
    }

    #[test]
    fn what_is_too_large_says_how_much_is_read() {
        use std::io::Write;
        let sheet = "<table:table table:name=\"1\"><table:table-row table:number-rows-repeated=\"1000000\">\
            <table:table-cell table:number-columns-repeated=\"500\"><text:p>x</text:p></table:table-cell>\
            </table:table-row></table:table>";
        let workbook = |name: &str, text: &[u8]| {
            let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text).unwrap();
            writer.finish().unwrap().into_inner()
        };
        let spaces = vec![b' '; 20_000_000];
        for (bytes, found, allowed) in [
            (
                workbook("content.xml", sheet.as_bytes()),
                "> 4000000 Zellen/cells",
                "4000000 Zellen/cells",
            ),
            (workbook("xl/workbook.xml", &spaces), "20000000 B / ", "200:1"),
        ] {
            let reading = read(FileId(0), &bytes, &ReadOptions::default());
            let problem = reading.problems.first().unwrap();
            assert_eq!(problem.code, ProblemCode::FileTooLarge);
            assert!(problem.value.as_deref().unwrap().starts_with(found), "{problem:?}");
            assert_eq!(problem.expected.as_deref(), Some(allowed));
        }
    }
}
