//! Tables: payment lists, bank exports and confirmations as CSV or spreadsheet.

mod accounts;
pub mod bank;
pub mod bank_names;
mod booking_detail;
mod booking_money;
mod booking_row;
mod booking_state;
mod booking_text;
pub(super) mod brief;
pub mod columns;
mod confirmation_row;
mod cut;
mod damaged_name;
pub mod field;
mod gaps;
mod header_name;
mod kinds;
mod layouts;
mod left_over;
pub mod list;
mod list_blocks;
pub(crate) mod list_known;
pub mod list_names;
mod list_passed;
mod list_row;
mod list_sections;
mod list_taken_back;
mod list_texts;
mod preamble;
pub mod record;
mod row_shape;
mod sections;
pub mod sheet;
pub mod suggest;
pub mod tags;
mod targobank;
mod unread_columns;
pub mod values;
mod written_day;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::readers::check::check;
use crate::readers::encoding::decode;
use crate::readers::options::ReadOptions;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::kinds::Kind;
use crate::readers::tables::list_known::PlainRows;
use crate::readers::tables::record::DELIMITERS;
use crate::readers::tables::record::Record;
use crate::readers::tables::record::split;
use crate::readers::tables::values::ColumnMark;

/// How many records may stand before the header.
const PREAMBLE: usize = 40;

/// How many lines are looked at to find it.
const HEAD_LINES: usize = PREAMBLE + 20;

/// Reads a table: a delimited text or a spreadsheet.
pub fn read(file: FileId, bytes: &[u8], options: &ReadOptions) -> Reading {
    if sheet::looks_like(bytes) {
        return sheet::read(file, bytes, options);
    }
    if let Some(reading) = options.keys.as_ref().and_then(|keys| {
        let shared = options.bytes.as_ref()?;
        brief::read(file, shared, check(bytes), keys, options)
    }) {
        return reading;
    }
    let decoded = decode(bytes);
    let mut reading = delimited(file, &decoded.text, options);
    reading.encoding = Some(decoded.encoding.to_owned());
    if decoded.marked && decoded.encoding == "windows-1252" {
        reading.problems.push(
            Problem::new(ProblemCode::EncodingGuessed, Place::file(file))
                .expected("UTF-8")
                .value("Windows-1252"),
        );
    }
    if decoded.text.contains('\u{fffd}') && !reading.refused && reading.role != Role::Ignored {
        reading.problems.push(Problem::new(ProblemCode::EncodingDamaged, Place::file(file)));
    }
    reading
}

/// What a header makes of a table.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// Number of the record.
    pub(crate) record: usize,
    pub(crate) columns: Columns,
    pub(crate) kind: Kind,
    pub(crate) mark: Option<ColumnMark>,
    pub(crate) benefit: Option<String>,
}

impl Header {
    /// The list that it makes of the rows below it.
    fn list<'a>(
        &'a self,
        file: FileId,
        above: &'a [Record],
        records: &'a [Record],
    ) -> list::Table<'a> {
        list::Table {
            file,
            above,
            columns: &self.columns,
            records,
            mark: self.mark,
            benefit: self.benefit.as_deref(),
            repeats: self.columns.repeat(),
            plain: PlainRows::default(),
        }
    }
}

/// Finds the header among the first records.
pub(crate) fn header_of(records: &[Record], options: &ReadOptions) -> Option<Header> {
    let mut best: Option<Header> = None;
    for (number, record) in records.iter().enumerate().take(PREAMBLE) {
        // Nothing better can come of it; most tables know all columns of their first line.
        if best.as_ref().is_some_and(|best| record.width() <= best.columns.known()) {
            continue;
        }
        let rows = records.get(number.saturating_add(1)..).unwrap_or_default();
        let mut found = kinds::of(record, rows, options);
        // A sentence with a few telling words is no header: half of it must be known, or rows of
        // its width follow.
        let filled = record.cells().filter(|cell| !cell.text.is_empty()).count();
        let followed = records
            .get(number.saturating_add(1))
            .is_some_and(|next| next.width() == record.width());
        found.retain(|found| followed || found.columns.known().saturating_mul(2) >= filled);
        for kinds::Found { columns, kind, mark, benefit } in found {
            let better = best.as_ref().is_none_or(|best| columns.known() > best.columns.known());
            if better {
                best = Some(Header { record: number, columns, kind, mark, benefit });
            }
        }
    }
    best
}

/// The header among the first lines of a text and the delimiter that makes it one. `whole` is the
/// text to go on with where a quoted field runs over the first lines' end.
fn best_header(
    file: FileId,
    head: &str,
    whole: Option<&str>,
    options: &ReadOptions,
) -> Result<(Header, u8), Option<Problem>> {
    let mut best: Option<(Header, u8)> = None;
    let mut open_quote = None;
    // A header has two columns at least.
    for delimiter in DELIMITERS.into_iter().filter(|own| head.as_bytes().contains(own)) {
        let Ok(records) = split(file, head, delimiter).or_else(|problem| match whole {
            Some(whole) => {
                open_quote = Some(problem);
                split(file, whole, delimiter)
            }
            None => Err(problem),
        }) else {
            continue;
        };
        let Some(header) = header_of(&records, options) else { continue };
        let better =
            best.as_ref().is_none_or(|(best, _)| header.columns.known() > best.columns.known());
        if better {
            best = Some((header, delimiter));
        }
    }
    best.ok_or(open_quote)
}

fn delimited(file: FileId, text: &str, options: &ReadOptions) -> Reading {
    // The header is looked for in the first lines only; the rest is split once.
    let head: String = text.split_inclusive('\n').take(HEAD_LINES).collect();
    let (header, delimiter) = match best_header(file, &head, Some(text), options) {
        Ok(found) => found,
        Err(open_quote) => {
            return headless(file, text).unwrap_or_else(|| no_header(file, text, open_quote));
        }
    };
    let records = match split(file, text, delimiter) {
        Ok(records) => records,
        Err(problem) => return Reading::refusal("csv", problem),
    };
    let Some(header_record) = records.get(header.record) else {
        return no_header(file, text, None);
    };
    let mut reading =
        Reading { skipped: u64::try_from(header.record).unwrap_or(0), ..Reading::default() };
    let header_place = Place::line(file, header_record.line);
    if let Some(name) = twice(&header) {
        return Reading::refusal(
            "csv",
            Problem::new(ProblemCode::ColumnTwice, header_place).field(name),
        );
    }
    let role = if header.kind == Kind::Bank { Role::Bank } else { Role::List };
    if let Some((column, expected)) = damaged_name::damaged_name(&header.columns) {
        let problem = Problem::new(ProblemCode::ColumnDamaged, header_place)
            .field(header.columns.name(column))
            .expected(expected);
        return Reading { role, ..Reading::refusal(format_name(&header), problem) };
    }
    let (before, after) = records.split_at(header.record);
    let rows = after.get(1..).unwrap_or_default();
    if let Some(problem) = changed_columns(file, &header, rows, delimiter) {
        return Reading::refusal(format_name(&header), problem);
    }
    if let Some(reading) =
        kinds::unusable(file, (header.kind, &header.columns), header_place, options)
    {
        return reading;
    }
    if let Some(problem) = cut::cut_off(file, &header.columns, text, rows) {
        return Reading { role, ..Reading::refusal(format_name(&header), problem) };
    }
    match header.kind {
        Kind::Own | Kind::UnknownExport => {}
        Kind::Bank => bank::read(file, &header.columns, before, rows, header_place, &mut reading),
        Kind::List => {
            let taken_back = header.list(file, before, rows).read(&mut reading);
            taken_back.apply(&mut reading.payments);
            let confirms = reading.role == Role::Confirmation;
            reading.format =
                if confirms { "confirmation-csv" } else { "payment-list-csv" }.to_owned();
            reading.version = Some(list_version(delimiter));
        }
    }
    if reading.records() == 0 && reading.role != Role::Bank {
        let nothing = Problem::new(ProblemCode::NothingFound, header_place);
        reading.problems.push(nothing);
        reading.refused = true;
    }
    reading
}

/// An export that has no header and is known all the same.
fn headless(file: FileId, text: &str) -> Option<Reading> {
    let records = split(file, text, b';').ok()?;
    let columns = targobank::columns(&records)?;
    let mut reading = Reading::default();
    bank::read(file, &columns, &[], &records, Place::line(file, 1), &mut reading);
    "targobank-csv".clone_into(&mut reading.format);
    Some(reading)
}

fn list_version(delimiter: u8) -> String {
    format!("delimiter `{}`", char::from(delimiter).escape_default())
}

fn format_name(header: &Header) -> &'static str {
    match header.kind {
        Kind::Bank => bank::layout_of(&header.columns),
        Kind::List | Kind::Own | Kind::UnknownExport => "payment-list-csv",
    }
}

/// A list column that stands twice: nobody can say which one is meant.
fn twice(header: &Header) -> Option<&str> {
    if header.kind != Kind::List {
        return None;
    }
    header.columns.fields.iter().enumerate().find_map(|(number, field)| {
        let field = (*field)?;
        let first = header.columns.position(field)?;
        let counted = field != field::Field::Unused && first != number;
        // Two names of one meaning stand beside each other in honest lists; the same name does not.
        let same_name =
            columns::fold(header.columns.name(first)) == columns::fold(header.columns.name(number));
        (counted && same_name).then(|| header.columns.name(number))
    })
}

/// A row with more fields than the header, or in which another delimiter stands: the structure of
/// the file breaks there.
fn changed_columns(
    file: FileId,
    header: &Header,
    rows: &[Record],
    delimiter: u8,
) -> Option<Problem> {
    let width = header.columns.names.len();
    let others = DELIMITERS.iter().filter(|other| **other != delimiter).map(|b| char::from(*b));
    let others: Vec<char> = others.collect();
    rows.iter().filter(|row| !row.is_blank()).find_map(|row| {
        let filled = row.filled_width();
        let first = row.text(0);
        let other_delimiter = filled == 1
            && width > 2
            && others.iter().any(|other| first.matches(*other).count() + 1 >= width.min(4));
        let too_wide = filled > width && header.kind == Kind::List;
        // Exports end with footers of another shape; only wide ones break the structure.
        let too_wide = too_wide || (header.kind == Kind::Bank && filled > width.saturating_add(1));
        (other_delimiter || too_wide).then(|| {
            Problem::new(ProblemCode::ColumnCountChanges, Place::line(file, row.line))
                .value(row.width().to_string())
                .expected(width.to_string())
        })
    })
}

fn no_header(file: FileId, text: &str, open_quote: Option<Problem>) -> Reading {
    if text.trim().is_empty() {
        return Reading::refusal("empty", Problem::new(ProblemCode::FileEmpty, Place::file(file)));
    }
    // Something like a table of money without a known header is a list that lacks one; other
    // texts are none of ours.
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let delimited = DELIMITERS.iter().any(|delimiter| {
        let count = |line: &&&str| line.matches(char::from(*delimiter)).count() >= 2;
        lines.iter().filter(count).count().saturating_mul(2) >= lines.len().max(1)
    });
    if let Some(problem) = open_quote.filter(|_| delimited) {
        return Reading::refusal("csv", problem);
    }
    if delimited {
        return Reading::refusal(
            "csv",
            Problem::new(ProblemCode::HeaderMissing, Place::file(file)),
        );
    }
    let mut reading = Reading::refusal(
        "unknown",
        Problem::new(ProblemCode::FileKindUnknown, Place::file(file)).value("text"),
    );
    reading.role = Role::Ignored;
    reading
}
