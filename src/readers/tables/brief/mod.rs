//! Tables read in brief: plain rows become a few numbers each, the rest goes to the general reader.
//!
//! A reading in brief, unfolded ([`crate::model::inputs::Inputs::unfold`]), equals the general one;
//! a test holds all samples to it. Whatever is unusual for a whole file (a field over several
//! lines, a row that cannot be read, a column of running balances) is left to the general reader
//! altogether.

mod bank;
mod bare;
mod content;
mod head;
mod line;
mod list;
mod list_cells;
mod list_whole;
mod marks;
mod meaning;
mod parts;
mod remittance;
mod scan;
mod shapes;

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::brief::BareBooking;
use crate::model::brief::BareTexts;
use crate::model::brief::Bytes;
use crate::model::brief::Day;
use crate::model::brief::EntryRow;
use crate::model::brief::EntryTexts;
use crate::model::brief::Keys;
use crate::model::brief::PaymentRow;
use crate::model::brief::RowReader;
use crate::model::brief::RowTexts;
use crate::model::brief::WantedTexts;
use crate::model::iban::Iban;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::reading::Reading;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::readers::check;
use crate::readers::check::Check;
use crate::readers::encoding::may_be_latin_9;
use crate::readers::options::ReadOptions;
use crate::readers::tables::HEAD_LINES;
use crate::readers::tables::Header;
use crate::readers::tables::best_header;
use crate::readers::tables::booking_row::Export;
use crate::readers::tables::brief::bare::Bare;
use crate::readers::tables::brief::head::row_start;
use crate::readers::tables::brief::head::text_of;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::cut;
use crate::readers::tables::damaged_name::damaged_name;
use crate::readers::tables::field::Field;
use crate::readers::tables::gaps::Line;
use crate::readers::tables::kinds::Kind;
use crate::readers::tables::list::Table;
use crate::readers::tables::list_known::PlainRows;
use crate::readers::tables::record::Record;
use crate::readers::tables::record::split;
use crate::readers::tables::twice;
use crate::readers::tables::values::ColumnMark;

/// So many other rows for a plain one are not worth the trouble of reading in brief.
const MOST_OTHERS: usize = 8;

/// Whether a table has plain rows enough.
fn is_worth_it(plain: usize, others: usize) -> bool {
    plain.saturating_mul(MOST_OTHERS) > others
}

/// What all rows of a table have in common.
#[derive(Clone, Debug)]
struct Layout {
    file: FileId,
    columns: Columns,
    delimiter: u8,
    /// UTF-8, else Windows-1252.
    is_utf_8: bool,
    /// Decimal mark of the amounts.
    mark: Option<ColumnMark>,
    /// Benefit of all rows, from a column map.
    benefit: Option<String>,
    bare: Bare<7>,
    bare_booking: Bare<6>,
}

/// How much of a table one thread takes at a time (bytes).
const PART: u64 = 1 << 20;

/// How much of a file is looked at to find its header (bytes).
const HEAD: usize = 1 << 20;

/// Reads a table in brief whose bytes nobody has checked: what its beginning is made of should hold
/// for all of it, which is watched on the way; else `check` is asked.
pub(in crate::readers) fn read_unchecked(
    file: FileId,
    bytes: &Arc<dyn Bytes>,
    check: impl FnOnce() -> Check,
    keys: &Keys,
    options: &ReadOptions,
) -> Option<Reading> {
    let mut first = vec![0; HEAD];
    let count = bytes.read_at(0, &mut first);
    // No character is cut at a line end.
    let end = memchr::memrchr(b'\n', first.get(..count)?)?;
    let likely = check::check(first.get(..end)?);
    drop(first);
    read(file, bytes, likely, keys, options).or_else(|| {
        let check = check();
        (check != likely).then(|| read(file, bytes, check, keys, options)).flatten()
    })
}

/// How much of a file's end is looked at where it has no line end (bytes).
const TAIL: u64 = 1 << 16;

/// Whether the last row of a table, which begins at this byte, is whole beyond doubt.
fn ends_whole(bytes: &dyn Bytes, from: u64, layout: &Layout) -> bool {
    let start = bytes.length().saturating_sub(TAIL).max(from);
    let length = usize::try_from(bytes.length().saturating_sub(start)).unwrap_or(0);
    let mut tail = vec![0; length.min(2)];
    let end = bytes.length().saturating_sub(2).max(start);
    if bytes.read_at(end, &mut tail) < tail.len() || !cut::is_open(&tail) {
        return true;
    }
    tail.resize(length, 0);
    if bytes.read_at(start, &mut tail) < length {
        return false;
    }
    let mut lines = tail.split(|byte| *byte == b'\n');
    if start > from {
        lines.next();
    }
    let lines: Vec<&[u8]> = lines.collect();
    let Some((raw, others)) = lines.split_last() else { return false };
    let record = |line: &&[u8]| layout.record(line, 0);
    let others: Vec<Record> = others.iter().filter(|line| !line.is_empty()).map(record).collect();
    others.len() > ROWS_AT_LEAST && cut::is_whole(&layout.columns, raw, &record(raw), &others)
}

/// Fewer rows say nothing about the last one.
const ROWS_AT_LEAST: usize = 3;

/// Reads a table in brief; `None` if the general reader has to do it.
pub(in crate::readers) fn read(
    file: FileId,
    bytes: &Arc<dyn Bytes>,
    check: Check,
    keys: &Keys,
    options: &ReadOptions,
) -> Option<Reading> {
    let first = if let Some(whole) = bytes.whole() {
        Cow::Borrowed(whole.get(..HEAD).unwrap_or(whole))
    } else {
        let mut first = vec![0; HEAD];
        let count = bytes.read_at(0, &mut first);
        first.truncate(count);
        Cow::Owned(first)
    };
    let text = text_of(&first, check)?;
    if !text.is_utf_8 && may_be_latin_9(text.body) {
        return None;
    }
    let head_end = memchr::memchr_iter(b'\n', text.body)
        .take(HEAD_LINES)
        .last()
        .map_or(text.body.len(), |end| end.saturating_add(1));
    let head = decoded(text.body.get(..head_end)?, text.is_utf_8);
    let (header, delimiter) = best_header(file, &head, None, options).ok()?;
    if twice(&header).is_some() || damaged_name(&header.columns).is_some() {
        return None;
    }
    let records = split(file, &head, delimiter).ok()?;
    let (before, from_header) = records.split_at_checked(header.record)?;
    let header_record = from_header.first()?;
    let start = row_start(text.body, header_record, delimiter)?;
    let table = scan::Table {
        bytes: bytes.as_ref(),
        is_utf_8: text.is_utf_8,
        threads: options.threads,
        part: if options.part == 0 { PART } else { options.part },
        offset: u64::try_from(text.skipped.checked_add(start)?).ok()?,
        first_line: header_record.line.checked_add(1)?,
        delimiter,
        width: header.columns.names.len(),
        keys,
    };
    let layout = Layout {
        file,
        columns: header.columns.clone(),
        delimiter,
        is_utf_8: text.is_utf_8,
        mark: header.mark,
        benefit: header.benefit.clone(),
        bare: Bare::of_list(&header.columns, delimiter, text.is_utf_8),
        bare_booking: Bare::of_bank(&header.columns, delimiter, text.is_utf_8),
    };
    if !ends_whole(bytes.as_ref(), table.offset, &layout) {
        return None;
    }
    let place = Place::line(file, header_record.line);
    let mut reading = match header.kind {
        Kind::List => list::read(&table, layout, &header, (before, bytes))?,
        Kind::Bank => bank::read(&table, layout, &header, (before, place), bytes)?,
        Kind::Own | Kind::UnknownExport => return None,
    };
    reading.skipped = reading.skipped.saturating_add(u64::try_from(header.record).ok()?);
    reading.encoding = Some(if text.is_utf_8 { "utf-8" } else { "windows-1252" }.to_owned());
    Some(reading)
}

fn decoded(bytes: &[u8], is_utf_8: bool) -> Cow<'_, str> {
    if is_utf_8 {
        // Nearly all texts are; to look for pieces that are not takes several times as long.
        std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
    } else {
        encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0
    }
}

impl Layout {
    /// The record that a line holds.
    fn record(&self, row: &[u8], line: u32) -> Record {
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        let mut cells = Vec::with_capacity(self.columns.names.len());
        if line::cut(row, self.delimiter, &mut cells) {
            // A reader of CSV costs 10 µs to make; nearly all lines need none.
            return self.record_of(&cells, line);
        }
        if let Some(cells) = line::cut_doubled(row, self.delimiter) {
            return self.record_of(&cells, line);
        }
        let text = decoded(row, self.is_utf_8);
        let records = split(self.file, &text, self.delimiter).unwrap_or_default();
        let mut record = records.into_iter().next().unwrap_or_default();
        record.line = line;
        record
    }

    fn record_of(&self, cells: &[impl AsRef<[u8]>], line: u32) -> Record {
        let mut record = Record::new(line);
        for cell in cells {
            record.push(&decoded(cell.as_ref(), self.is_utf_8), false);
        }
        record
    }

    fn texts_of<'a, 'b>(&'b self, row: &'a [u8]) -> Option<Texts<'a, 'b>> {
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        let mut cells = Vec::with_capacity(self.columns.names.len());
        line::cut(row, self.delimiter, &mut cells).then_some(Texts { layout: self, cells })
    }

    fn table(&self) -> Table<'_> {
        Table {
            file: self.file,
            columns: &self.columns,
            above: &[],
            records: &[],
            mark: self.mark,
            benefit: self.benefit.as_deref(),
            repeats: false,
            plain: PlainRows::default(),
        }
    }

    fn general_entry(&self, row: &[u8], line: u32) -> StatementEntry {
        match self.export().line(&self.record(row, line), &mut Reading::default()) {
            Some(Line::Entry(entry, _)) => *entry,
            _ => StatementEntry::default(),
        }
    }

    fn export(&self) -> Export<'_> {
        let mark = self.mark.unwrap_or(ColumnMark::Open);
        let days = self.columns.rules.days;
        Export { file: self.file, columns: &self.columns, mark, days, holder: None }
    }
}

/// The cells of a simple line, as texts.
struct Texts<'a, 'b> {
    layout: &'b Layout,
    cells: Vec<&'a [u8]>,
}

impl<'a> Texts<'a, '_> {
    fn of(&self, field: Field) -> Option<Cow<'a, str>> {
        let cell = self.cells.get(self.layout.columns.position(field)?).copied()?;
        let text = match decoded(cell, self.layout.is_utf_8) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        (!text.is_empty()).then_some(text)
    }

    /// The texts of a list row.
    fn of_list_row(&self) -> RowTexts<'a> {
        let last = self.of(Field::LastName).or_else(|| self.of(Field::Beneficiary));
        let beneficiary = match (self.of(Field::FirstName), last) {
            (Some(first), Some(last)) => Some(Cow::Owned(format!("{first} {last}"))),
            (first, last) => last.or(first),
        };
        RowTexts {
            case_id: self.of(Field::CaseId),
            end_to_end_id: self.of(Field::EndToEndId),
            beneficiary,
            payee: self.of(Field::Payee),
            iban: self.of(Field::Iban).and_then(|text| Iban::read(&text)),
        }
    }
}

impl RowReader for Layout {
    fn texts<'a>(&self, row: &'a [u8]) -> Option<RowTexts<'a>> {
        self.texts_of(row).map(|texts| texts.of_list_row())
    }

    fn bare_texts<'a>(&self, from_row: &'a [u8], is_tame: bool) -> Option<BareTexts<'a>> {
        self.bare.list_row(from_row, is_tame)
    }

    fn bare_booking<'a>(
        &self,
        from_row: &'a [u8],
        is_tame: bool,
        wanted: WantedTexts,
    ) -> Option<BareBooking<'a>> {
        self.bare_booking.booking(from_row, is_tame, wanted)
    }

    fn entry_texts<'a>(&self, row: &'a [u8]) -> Option<EntryTexts<'a>> {
        let texts = self.texts_of(row)?;
        Some(EntryTexts {
            references: [Field::Remittance, Field::EndToEndId].map(|field| texts.of(field)),
            names: [Field::Counterparty, Field::Counterparty2, Field::Payee]
                .map(|field| texts.of(field)),
        })
    }

    fn payment(&self, row: &[u8], brief: &PaymentRow, like: &Payment) -> Payment {
        let place = Place::line(self.file, brief.line());
        let Some(texts) = self.texts_of(row) else {
            return self.table().payment(&self.record(row, brief.line()), &mut Reading::default());
        };
        let own = texts.of_list_row();
        let mut payment = Payment {
            place,
            case_id: own.case_id.map(Cow::into_owned),
            beneficiary: own.beneficiary.map(Cow::into_owned),
            payee: own.payee.map(Cow::into_owned),
            iban: own.iban,
            amount: Some(brief.amount()),
            due: brief.due().map(Day::date),
            end_to_end_id: own.end_to_end_id.map(Cow::into_owned),
            currency: like.currency,
            common: like.common.clone(),
        };
        let (remittance, note) = (texts.of(Field::Remittance), texts.of(Field::Note));
        if payment.remittance.as_deref() != remittance.as_deref() {
            payment.remittance = remittance.map(Cow::into_owned);
        }
        if payment.note.as_deref() != note.as_deref() {
            payment.note = note.map(Cow::into_owned);
        }
        payment
    }

    fn entry(&self, row: &[u8], brief: &EntryRow, like: &StatementEntry) -> StatementEntry {
        let place = Place::line(self.file, brief.line());
        let Some(texts) = self.texts_of(row) else {
            return self.general_entry(row, brief.line());
        };
        let text = |field: Field| texts.of(field).map(Cow::into_owned);
        let second = text(Field::Counterparty2).filter(|text| text != ".");
        let counterparty = match (text(Field::Counterparty), second) {
            (Some(first), Some(second)) => Some(format!("{first} {second}")),
            (first, second) => first.or(second),
        };
        let detail = EntryDetail {
            place,
            end_to_end_id: text(Field::EndToEndId),
            counterparty: counterparty.or_else(|| text(Field::Payee)),
            counterparty_iban: texts.of(Field::Iban).and_then(|text| Iban::read(&text)),
            remittance: text(Field::Remittance),
            ..EntryDetail::default()
        };
        StatementEntry {
            place,
            amount: brief.amount(),
            booking_date: Some(brief.booking_date().date()),
            value_date: brief.value_date().map(Day::date),
            details: vec![detail],
            currency: like.currency,
            direction: like.direction,
            status: like.status,
            common: like.common.clone(),
            ..StatementEntry::default()
        }
    }
}

/// Whether the general reader would refuse the file because of this row.
fn breaks(layout: &Layout, header: &Header, row: &Record) -> bool {
    let rows = std::slice::from_ref(row);
    super::changed_columns(layout.file, header, rows, layout.delimiter).is_some()
}
