//! Payment lists in brief.

use std::sync::Arc;

use fearless_simd::Simd;

use crate::facts::block_marks;
use crate::facts::inline_marks;
use crate::facts::signs;
use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::brief::BriefList;
use crate::model::brief::BriefPayment;
use crate::model::brief::Bytes;
use crate::model::brief::DifferentDays;
use crate::model::brief::Keys;
use crate::model::brief::PaymentValues;
use crate::model::currency::Currency;
use crate::model::lengths::Lengths;
use crate::model::payment::Payment;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::text::fold_words;
use crate::model::together;
use crate::readers::plain_reference;
use crate::readers::plain_values;
use crate::readers::plain_values::Days;
use crate::readers::tables::Header;
use crate::readers::tables::brief::Layout;
use crate::readers::tables::brief::breaks;
use crate::readers::tables::brief::is_worth_it;
use crate::readers::tables::brief::list_cells::beside;
use crate::readers::tables::brief::list_cells::names_no_month;
use crate::readers::tables::brief::list_whole::add_to_totals;
use crate::readers::tables::brief::list_whole::settle;
use crate::readers::tables::brief::list_whole::stops_rows;
use crate::readers::tables::brief::list_whole::touches;
use crate::readers::tables::brief::scan::Cells;
use crate::readers::tables::brief::scan::Look;
use crate::readers::tables::brief::scan::Table;
use crate::readers::tables::brief::scan::pass;
use crate::readers::tables::brief::shapes::Fresh;
use crate::readers::tables::brief::shapes::Shapes;
use crate::readers::tables::brief::shapes::Whole;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::list;
use crate::readers::tables::list_blocks;
use crate::readers::tables::list_known::Beside;
use crate::readers::tables::list_known::PlainRows;
use crate::readers::tables::list_texts;
use crate::readers::tables::list_version;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::MarkCount;

/// Columns whose values most rows share, and which decide what a row means.
const SHAPE: [Field; 9] = [
    Field::Benefit,
    Field::Currency,
    Field::Run,
    Field::Facility,
    Field::Channel,
    Field::Status,
    Field::Block,
    Field::Office,
    Field::OwnAccount,
];

/// Reads a list in brief.
pub(super) fn read(
    table: &Table<'_>,
    mut layout: Layout,
    header: &Header,
    (above, bytes): (&[Record], &Arc<dyn Bytes>),
) -> Option<Reading> {
    let look = Rows {
        own: Own::new(&layout.columns)?,
        layout: &layout,
        shape: SHAPE.iter().filter_map(|field| layout.columns.position(*field)).collect(),
        keys: table.keys,
    };
    let (mut marks, mut lengths) = (MarkCount::default(), Lengths::default());
    let mut due_days = DifferentDays::default();
    let mut whole = Whole::default();
    let mut beside: Vec<Beside> = Vec::new();
    pass(table, &look, |part| {
        let (fresh, own, of_part, cells) = std::mem::take(&mut part.besides);
        beside.resize(beside.len().max(cells.len()), Beside::default());
        beside.iter_mut().zip(cells).for_each(|(all, own)| all.add(own));
        lengths = lengths.with(of_part);
        part.plain.iter().for_each(|row| due_days.add(row.due()));
        marks.comma = marks.comma.saturating_add(own.comma);
        marks.point = marks.point.saturating_add(own.point);
        whole.add(
            part,
            fresh,
            |row| row.shape(),
            BriefPayment::moved,
            |sample, by| {
                sample.place.line = sample.place.line.saturating_add(by);
            },
        )
    })?;
    let Whole { plain, others, samples, .. } = whole;
    if !is_worth_it(plain.len(), others.len()) {
        return None;
    }
    let others: Vec<Record> = together::map_many(&others, table.threads, |(line, text)| {
        let record = layout.record(text, *line);
        (record.width() > 0).then_some(record)
    })
    .into_iter()
    .flatten()
    .collect();
    if others.iter().any(|record| breaks(&layout, header, record)) || stops_rows(above, &others) {
        return None;
    }
    layout.mark = Some(settle(marks, &layout, &others)?);
    let mut reading = Reading::default();
    let by_column = layout.columns.unread().zip(beside);
    let plain_rows = PlainRows {
        count: u64::try_from(plain.len()).unwrap_or(u64::MAX),
        beside: by_column.collect(),
    };
    let taken_back = list::Table { above, records: &others, plain: plain_rows, ..layout.table() }
        .read_by(table.threads, &mut reading);
    // Rows in brief would not hear of it.
    if reading.role != Role::List || touches(&taken_back, &plain, table.keys) {
        return None;
    }
    taken_back.apply(&mut reading.payments);
    add_to_totals(&mut reading, &plain);
    "payment-list-csv".clone_into(&mut reading.format);
    reading.version = Some(list_version(layout.delimiter));
    reading.brief_list = Some(BriefList {
        file: layout.file,
        rows: plain,
        references: Vec::new(),
        lengths,
        due_days: due_days.all(),
        shapes: samples,
        reader: Arc::new(layout),
        bytes: Arc::clone(bytes),
    });
    Some(reading)
}

/// Looks for plain rows.
struct Rows<'a> {
    own: Own,
    layout: &'a Layout,
    /// Columns of the shape.
    shape: Vec<usize>,
    keys: &'a Keys,
}

impl Look for Rows<'_> {
    type State = (Shapes<Payment>, MarkCount, Lengths, Days, Vec<Beside>);
    type Row = BriefPayment;
    type Besides = (Vec<Fresh<Payment>>, MarkCount, Lengths, Vec<Beside>);

    fn start(&self) -> Self::State {
        let shapes = Shapes::new(self.shape.clone());
        let beside = vec![Beside::default(); self.own.unread.len()];
        (shapes, MarkCount::default(), Lengths::default(), Days::default(), beside)
    }

    #[inline(always)]
    fn row<S: Simd>(
        &self,
        simd: S,
        (shapes, marks, lengths, days, beside): &mut Self::State,
        cells: &Cells<'_, '_>,
    ) -> Option<BriefPayment> {
        let (values, mark) = self.own.row(simd, cells, self.keys, (days, lengths))?;
        let own = (values.amount, mark, self.layout.is_utf_8);
        if self.own.beside(cells, own).any(|(_, beside)| beside.other > 0) {
            return None;
        }
        let sample = || sample(self.layout, cells, &values, mark, self.keys);
        let shape = shapes.number(cells, sample)?;
        let row = BriefPayment::new(&values, shape)?.tame(cells.is_tame);
        for (number, found) in self.own.beside(cells, own) {
            if let Some(slot) = beside.get_mut(number) {
                slot.add(found);
            }
        }
        match mark {
            Some(DecimalMark::Comma) => marks.comma = marks.comma.saturating_add(1),
            Some(DecimalMark::Point) => marks.point = marks.point.saturating_add(1),
            None => {}
        }
        Some(row)
    }

    fn besides(&self, (shapes, marks, lengths, _, beside): &mut Self::State) -> Self::Besides {
        let empty = vec![Beside::default(); beside.len()];
        let beside = std::mem::replace(beside, empty);
        (shapes.fresh(), std::mem::take(marks), std::mem::take(lengths), beside)
    }
}

/// Where the cells stand that a row in brief keeps.
struct Own {
    iban: usize,
    amount: usize,
    end_to_end: usize,
    case: Option<usize>,
    due: Option<usize>,
    /// Columns whose texts may name another account.
    texts: Vec<usize>,
    /// Columns that nobody knows, which may block the row.
    told: Vec<usize>,
    /// Columns that are there for something else, into which people write marks.
    marked: Vec<usize>,
    /// Columns that nobody knows and whose names ask whether the row is blocked.
    asked: Vec<usize>,
    /// Columns that nobody knows, which may state the amount once more.
    unread: Vec<usize>,
    /// The names of the header, to know rows that repeat it.
    names: Vec<Vec<u8>>,
    /// With what they begin.
    firsts: Vec<u8>,
}

impl Own {
    fn new(columns: &Columns) -> Option<Self> {
        if columns.has(Field::CreditedOn) || columns.has(Field::BankCode) || columns.repeat() {
            return None;
        }
        let names: Vec<Vec<u8>> =
            columns.names.iter().map(|name| name.trim().as_bytes().to_vec()).collect();
        let firsts = names.iter().map(|name| name.first().copied().unwrap_or_default()).collect();
        Some(Self {
            firsts,
            iban: columns.position(Field::Iban)?,
            amount: columns.position(Field::Amount)?,
            end_to_end: columns.position(Field::EndToEndId)?,
            case: columns.position(Field::CaseId),
            due: columns.position(Field::Due),
            texts: list_texts::searched(columns).collect(),
            marked: list_blocks::BESIDE.iter().flat_map(|field| columns.all(*field)).collect(),
            told: columns.unread().chain(columns.all(Field::Note)).collect(),
            asked: columns
                .unread()
                .filter(|column| block_marks::is_asked(&fold_words(columns.name(*column))))
                .collect(),
            unread: columns.unread().collect(),
            names,
        })
    }

    #[inline(always)]
    fn row<S: Simd>(
        &self,
        simd: S,
        cells: &Cells<'_, '_>,
        keys: &Keys,
        (days, lengths): (&mut Days, &mut Lengths),
    ) -> Option<(PaymentValues, Option<DecimalMark>)> {
        let (amount, mark) = plain_values::amount(cells.at(Some(self.amount)))?;
        if amount <= Amount::ZERO {
            return None;
        }
        let reference = cells.at(Some(self.end_to_end));
        let end_to_end = plain_reference::read_with(simd, reference, keys).ok()??;
        lengths.add(end_to_end.length);
        let case = plain_reference::read_with(simd, cells.at(self.case), keys).ok()?;
        // One id for all months names none: months in texts have to be looked at.
        if names_no_month(reference, cells.at(self.case)) {
            return None;
        }
        let case_key = case.map(|case| {
            lengths.add(case.length);
            case.key
        });
        let due = match cells.at(self.due) {
            b"" => None,
            cell => Some(days.read(cell)?),
        };
        let account = plain_values::account(cells.at(Some(self.iban)), keys)?;
        if self.repeats_header(cells) || self.may_say_more(cells) {
            return None;
        }
        let values = PaymentValues {
            offset: cells.offset,
            line: cells.line,
            end_to_end_key: end_to_end.key,
            case_key,
            account,
            amount,
            due,
        };
        Some((values, mark))
    }
}

impl Own {
    /// Whether a text of the row may speak against it: the general reader looks closer.
    fn may_say_more(&self, cells: &Cells<'_, '_>) -> bool {
        // Mostly there is nothing in them.
        let filled = |columns: &[usize], says: &dyn Fn(&[u8]) -> bool| {
            let mut columns = columns.iter().filter(|column| cells.may_be_longer(**column, 0));
            columns.any(|column| says(cells.at(Some(*column))))
        };
        filled(&self.texts, &list_texts::names_account)
            || filled(&self.told, &|text| {
                block_marks::may_be_said(text) || signs::may_speak_against(text)
            })
            || filled(&self.marked, &inline_marks::may_be_marked)
            || filled(&self.asked, &|text| !text.is_empty())
    }

    /// What the columns hold that nobody knows, beside the amount of the row: their numbers among
    /// those columns, empty cells left out.
    fn beside<'a>(
        &'a self,
        cells: &'a Cells<'_, '_>,
        own: (Amount, Option<DecimalMark>, bool),
    ) -> impl Iterator<Item = (usize, Beside)> + 'a {
        let unread = self.unread.iter().enumerate();
        unread.filter_map(move |(number, column)| {
            let cell = cells.at(Some(*column));
            (!cell.is_empty()).then(|| (number, beside(cell, own)))
        })
    }

    /// Whether at least half the cells, and two, are the names of their columns.
    fn repeats_header(&self, cells: &Cells<'_, '_>) -> bool {
        let wanted = self.names.len().div_ceil(2).max(2);
        // So many may be another; mostly their first bytes say that more are.
        let mut others = self.names.len().saturating_sub(wanted);
        if cells.begin_differently(&self.firsts, others) {
            return false;
        }
        for (column, name) in self.names.iter().enumerate() {
            if name.is_empty() || cells.at(Some(column)) != name.as_slice() {
                let Some(left) = others.checked_sub(1) else { return false };
                others = left;
            }
        }
        self.names.len() >= wanted
    }
}

/// The first row of a shape as the general reader sees it; `None` if it has something to say or sees
/// other values.
fn sample(
    layout: &Layout,
    cells: &Cells<'_, '_>,
    row: &PaymentValues,
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
