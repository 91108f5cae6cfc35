//! Payment lists in brief.

use std::sync::Arc;

use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::brief::BriefList;
use crate::model::brief::BriefPayment;
use crate::model::brief::Bytes;
use crate::model::brief::Keys;
use crate::model::currency::Currency;
use crate::model::payment::Payment;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::readers::plain_values;
use crate::readers::plain_values::Reference;
use crate::readers::tables::Header;
use crate::readers::tables::brief::Layout;
use crate::readers::tables::brief::breaks;
use crate::readers::tables::brief::is_worth_it;
use crate::readers::tables::brief::scan::Cells;
use crate::readers::tables::brief::scan::Shapes;
use crate::readers::tables::brief::scan::Table;
use crate::readers::tables::brief::scan::Whole;
use crate::readers::tables::brief::scan::pass;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::list;
use crate::readers::tables::list_version;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::MarkCount;

/// Columns whose values most rows share, and which decide what a row means.
const SHAPE: [Field; 8] = [
    Field::Benefit,
    Field::Currency,
    Field::Run,
    Field::Facility,
    Field::Channel,
    Field::Status,
    Field::Office,
    Field::OwnAccount,
];

/// Reads a list in brief.
pub(super) fn read(
    table: &Table<'_>,
    mut layout: Layout,
    header: &Header,
    bytes: &Arc<dyn Bytes>,
) -> Option<Reading> {
    let own = Own::new(&layout.columns)?;
    let columns: Vec<usize> =
        SHAPE.iter().filter_map(|field| layout.columns.position(*field)).collect();
    let start = || (Shapes::<Payment>::new(columns.clone()), MarkCount::default());
    let look = |(shapes, marks): &mut (Shapes<Payment>, MarkCount), cells: &Cells<'_, '_>| {
        let (row, mark) = own.row(cells, table.keys)?;
        let shape = shapes.number(cells, || sample(&layout, cells, &row, mark, table.keys))?;
        match mark {
            Some(DecimalMark::Comma) => marks.comma = marks.comma.saturating_add(1),
            Some(DecimalMark::Point) => marks.point = marks.point.saturating_add(1),
            None => {}
        }
        Some(BriefPayment { shape, ..row })
    };
    let mut marks = MarkCount::default();
    let mut whole = Whole::new(table);
    pass(table, start, look, |part, (shapes, own), first_line| {
        marks.comma = marks.comma.saturating_add(own.comma);
        marks.point = marks.point.saturating_add(own.point);
        whole.add(part, shapes, first_line, line_and_shape, |sample, by| {
            sample.place.line = sample.place.line.saturating_add(by);
        })
    })?;
    let Whole { found, samples, .. } = whole;
    if !is_worth_it(found.plain.len(), found.others.len()) {
        return None;
    }
    let others: Vec<Record> = found
        .others
        .iter()
        .map(|(line, text)| layout.record(text, *line))
        .filter(|record| record.width() > 0)
        .collect();
    if others.iter().any(|record| breaks(&layout, header, record)) {
        return None;
    }
    layout.mark = Some(settle(marks, &layout, &others)?);
    let mut reading = Reading::default();
    list::Table { records: &others, ..layout.table() }.read(&mut reading);
    if reading.role != Role::List {
        return None;
    }
    add_to_totals(&mut reading, &found.plain);
    "payment-list-csv".clone_into(&mut reading.format);
    reading.version = Some(list_version(layout.delimiter));
    reading.brief_list = Some(BriefList {
        file: layout.file,
        rows: found.plain,
        shapes: samples,
        reader: Arc::new(layout),
        bytes: Arc::clone(bytes),
    });
    Some(reading)
}

fn line_and_shape(row: &mut BriefPayment) -> (&mut u32, &mut u16) {
    (&mut row.line, &mut row.shape)
}

/// Where the cells stand that a row in brief keeps.
struct Own {
    iban: usize,
    amount: usize,
    end_to_end: usize,
    case: Option<usize>,
    due: Option<usize>,
    /// The names of the header, to know rows that repeat it.
    names: Vec<Vec<u8>>,
}

impl Own {
    fn new(columns: &Columns) -> Option<Self> {
        if columns.has(Field::CreditedOn) || columns.has(Field::BankCode) {
            return None;
        }
        Some(Self {
            iban: columns.position(Field::Iban)?,
            amount: columns.position(Field::Amount)?,
            end_to_end: columns.position(Field::EndToEndId)?,
            case: columns.position(Field::CaseId),
            due: columns.position(Field::Due),
            names: columns.names.iter().map(|name| name.trim().as_bytes().to_vec()).collect(),
        })
    }

    fn row(
        &self,
        cells: &Cells<'_, '_>,
        keys: &Keys,
    ) -> Option<(BriefPayment, Option<DecimalMark>)> {
        let (amount, mark) = plain_values::amount(cells.at(Some(self.amount)))?;
        if amount <= Amount::ZERO {
            return None;
        }
        let Reference::Real(end_to_end_key) =
            plain_values::reference(cells.at(Some(self.end_to_end)), keys)
        else {
            return None;
        };
        let case_key = match plain_values::reference(cells.at(self.case), keys) {
            Reference::Real(key) => Some(key),
            Reference::None => None,
            Reference::Unusual => return None,
        };
        let due = match cells.at(self.due) {
            b"" => None,
            cell => Some(plain_values::day(cell)?),
        };
        let account = plain_values::account(cells.at(Some(self.iban)), keys)?;
        let same = |(cell, name): &(&[u8], &Vec<u8>)| !name.is_empty() && *cell == name.as_slice();
        let same = cells.all().zip(&self.names).filter(same).count();
        if same >= 2 && same.saturating_mul(2) >= self.names.len() {
            return None;
        }
        let row = BriefPayment {
            offset: cells.offset,
            end_to_end_key,
            case_key,
            account,
            amount,
            due,
            line: cells.line,
            shape: 0,
        };
        Some((row, mark))
    }
}

/// The first row of a shape as the general reader sees it; `None` if it has something to say or sees
/// other values.
fn sample(
    layout: &Layout,
    cells: &Cells<'_, '_>,
    row: &BriefPayment,
    mark: Option<DecimalMark>,
    keys: &Keys,
) -> Option<Payment> {
    let record = layout.record(cells.text, cells.line);
    let mark = mark.map_or(ColumnMark::Open, ColumnMark::Settled);
    let table = list::Table { mark: Some(mark), ..layout.table() };
    let mut said = Reading::default();
    let payment = table.payment(&record, &mut said);
    let same = payment.amount == Some(row.amount)
        && payment.due == row.due
        && payment.currency == Currency::EUR
        && payment.end_to_end_id.as_deref().map(|id| keys.reference(id))
            == Some(row.end_to_end_key)
        && payment.iban.as_ref().map(|iban| keys.account(iban)) == Some(row.account);
    (same && said.problems.is_empty() && payment.unreadable.is_none()).then_some(payment)
}

/// The decimal mark of the column by all its values; `None` if plain rows were read by another.
fn settle(plain: MarkCount, layout: &Layout, others: &[Record]) -> Option<ColumnMark> {
    let mut all = plain;
    let column = layout.columns.position(Field::Amount)?;
    for record in others {
        if let Some(cell) = record.cell(column) {
            all.add(cell.text);
        }
    }
    let mark = layout.mark.unwrap_or_else(|| all.settle());
    let fits = match mark {
        ColumnMark::Settled(DecimalMark::Comma) => plain.point == 0,
        ColumnMark::Settled(DecimalMark::Point) => plain.comma == 0,
        ColumnMark::Open => plain == MarkCount::default(),
    };
    fits.then_some(mark)
}

/// Totals rows were compared with the rows before them that are not plain; adds the plain ones.
fn add_to_totals(reading: &mut Reading, plain: &[BriefPayment]) {
    let mut sum = Amount::ZERO;
    let mut rows = plain.iter().peekable();
    for total in &mut reading.totals {
        while let Some(row) = rows.next_if(|row| row.line < total.place.line) {
            sum = sum.plus(row.amount);
        }
        total.found = total.found.plus(sum);
    }
}
