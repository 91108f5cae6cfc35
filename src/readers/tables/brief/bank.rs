//! Exports of online banking in brief.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use fearless_simd::Simd;

use crate::facts::signs::may_speak_against;
use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::brief::Blocks;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::brief::Bytes;
use crate::model::brief::Day;
use crate::model::brief::EntryShape;
use crate::model::brief::EntryValues;
use crate::model::brief::Keys;
use crate::model::iban::Iban;
use crate::model::lengths::Lengths;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::statement::StatementEntry;
use crate::model::together;
use crate::readers::interpret;
use crate::readers::plain_reference;
use crate::readers::plain_values;
use crate::readers::plain_values::Days;
use crate::readers::tables::Header;
use crate::readers::tables::bank;
use crate::readers::tables::bank::statement;
use crate::readers::tables::brief::Layout;
use crate::readers::tables::brief::breaks;
use crate::readers::tables::brief::is_worth_it;
use crate::readers::tables::brief::parts::shape_of;
use crate::readers::tables::brief::remittance::Usual;
use crate::readers::tables::brief::remittance::is_simple;
use crate::readers::tables::brief::scan::Cells;
use crate::readers::tables::brief::scan::Look;
use crate::readers::tables::brief::scan::Table;
use crate::readers::tables::brief::scan::pass;
use crate::readers::tables::brief::shapes::Fresh;
use crate::readers::tables::brief::shapes::Shapes;
use crate::readers::tables::brief::shapes::Whole;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::gaps::Line;
use crate::readers::tables::left_over::LONGEST_BIC;
use crate::readers::tables::left_over::LONGEST_NAME;
use crate::readers::tables::preamble::about;
use crate::readers::tables::record::Record;
use crate::readers::tables::sections::announced_above;
use crate::readers::tables::unread_columns;
use crate::readers::tables::values::ColumnMark;

/// Reads an export in brief.
pub(super) fn read(
    table: &Table<'_>,
    mut layout: Layout,
    header: &Header,
    (preamble, place): (&[Record], Place),
    bytes: &Arc<dyn Bytes>,
) -> Option<Reading> {
    let name = bank::layout_of(&layout.columns);
    // Where the cells have to say it, rows that say otherwise are met on the way.
    let mark = layout.columns.rules.decimal.unwrap_or(DecimalMark::Comma);
    layout.mark = Some(ColumnMark::Settled(mark));
    let asks = |column: usize| unread_columns::asks_for_booking(&layout.columns, column);
    let speaks = |row: &Record| row.cells().any(|cell| may_speak_against(cell.text.as_bytes()));
    if announced_above(preamble) || preamble.iter().any(speaks) || layout.columns.unread().any(asks)
    {
        return None;
    }
    let about = about(preamble);
    let account = about.account.or_else(|| layout.columns.rules.own_account.clone());
    let period = about.period;
    let (shape, short) = shape_of(&layout.columns)?;
    let names = [Field::Counterparty, Field::Counterparty2, Field::Payee, Field::Payer];
    let look = Rows {
        shape,
        short,
        names: names.iter().filter_map(|field| layout.columns.position(*field)).collect(),
        second_name: layout.columns.position(Field::Counterparty2),
        own: Own::new(&layout.columns, mark)?,
        layout: &layout,
        keys: table.keys,
    };
    let mut whole = Whole::default();
    pass(table, &look, |part| {
        let fresh = std::mem::take(&mut part.besides);
        whole.add(part, fresh, |row| row.shape(), BriefEntry::moved, Sample::move_by)
    })?;
    let Whole { plain, others, samples, .. } = whole;
    if !is_worth_it(plain.len(), others.len()) {
        return None;
    }
    let mut reading = Reading { role: Role::Bank, format: name.to_owned(), ..Reading::default() };
    // For each account the first line that names it, and the rows that are not plain.
    let mut accounts: BTreeMap<Option<Iban>, (u32, Vec<Line>)> = BTreeMap::new();
    let mut days: BTreeMap<Option<Iban>, (Day, Day)> = BTreeMap::new();
    let samples: Vec<Sample> = samples
        .into_iter()
        .map(|sample| Sample { own: sample.own.or_else(|| account.clone()), ..sample })
        .collect();
    let firsts = first_lines(&plain, samples.len(), table.threads);
    for (sample, first) in samples.iter().zip(firsts) {
        let Some((line, from, to)) = first else { continue };
        let slot = accounts.entry(sample.own.clone()).or_insert((line, Vec::new()));
        slot.0 = slot.0.min(line);
        let stretch = days.entry(sample.own.clone()).or_insert((from, to));
        *stretch = (stretch.0.min(from), stretch.1.max(to));
    }
    let parts: Vec<&[(u32, Vec<u8>)]> = others.chunks(OTHERS_AT_A_TIME).collect();
    together::each_in_order(
        &parts,
        table.threads,
        |part| layout.others(part, header),
        |read| {
            let mut read = read?;
            reading.skipped = reading.skipped.saturating_add(read.skipped);
            reading.problems.append(&mut read.problems);
            for (line, own, read) in read.lines {
                let own = own.or_else(|| account.clone());
                let slot = accounts.entry(own).or_insert((line, Vec::new()));
                slot.0 = slot.0.min(line);
                slot.1.push(read);
            }
            Some(())
        },
    )?;
    drop(others);
    let mut order: Vec<(Option<Iban>, (u32, Vec<Line>))> = accounts.into_iter().collect();
    order.sort_by_key(|(_, (line, _))| *line);
    let numbers: Vec<Option<Iban>> = order.iter().map(|(own, _)| own.clone()).collect();
    for (own, (_, lines)) in order {
        let brief_days = days.get(&own).map(|(from, to)| (from.date(), to.date()));
        let mut made = statement(own, period, lines, (place, &[]), &mut reading.problems);
        made.brief_days = brief_days;
        reading.statements.push(made);
    }
    let shapes = samples.into_iter().map(|sample| EntryShape {
        statement: numbers.iter().position(|own| *own == sample.own).unwrap_or(0),
        entry: sample.entry,
    });
    reading.brief_export = Some(BriefExport {
        file: layout.file,
        rows: plain,
        references: Vec::new(),
        lengths: Lengths::default(),
        due_days: BTreeSet::new(),
        shapes: shapes.collect(),
        reader: Arc::new(layout),
        bytes: Arc::clone(bytes),
    });
    Some(reading)
}

/// Of a shape the first line that has it, and its first and last booking day.
type First = Option<(u32, Day, Day)>;

/// The same for every shape.
fn first_lines(rows: &Blocks<BriefEntry>, shapes: usize, threads: usize) -> Vec<First> {
    let with = |own: First, (line, from, to): (u32, Day, Day)| match own {
        None => Some((line, from, to)),
        Some((known, first, last)) => Some((known.min(line), first.min(from), last.max(to))),
    };
    let blocks: Vec<&[BriefEntry]> = rows.blocks().collect();
    let found = together::map(&blocks, threads, |rows| {
        let mut found: Vec<First> = vec![None; shapes];
        for row in *rows {
            let Some(slot) = found.get_mut(usize::from(row.shape())) else { continue };
            *slot = with(*slot, (row.line(), row.booking_date(), row.booking_date()));
        }
        found
    });
    let mut all: Vec<First> = vec![None; shapes];
    for own in found {
        for (slot, own) in all.iter_mut().zip(own) {
            *slot = own.map_or(*slot, |own| with(*slot, own));
        }
    }
    all
}

/// Other rows that one thread reads before it takes more.
const OTHERS_AT_A_TIME: usize = 512;

/// What other rows say.
struct Others {
    /// Their lines with their accounts.
    lines: Vec<(u32, Option<Iban>, Line)>,
    skipped: u64,
    problems: Vec<Problem>,
}

impl Layout {
    /// Reads rows that are not plain; `None` if the file has to be read in general.
    fn others(&self, rows: &[(u32, Vec<u8>)], header: &Header) -> Option<Others> {
        let export = self.export();
        // The order of days with slashes follows from all of them.
        let days = [Field::BookingDate, Field::ValueDate];
        let days = days.map(|field| self.columns.position(field));
        let amount = self.columns.position(Field::Amount);
        let is_open = self.columns.rules.decimal.is_none();
        let mut reading = Reading::default();
        let mut lines = Vec::with_capacity(rows.len());
        for (line, text) in rows {
            let record = self.record(text, *line);
            if breaks(self, header, &record) {
                return None;
            }
            if record.is_blank() {
                continue;
            }
            // What a column that nobody knows may hold follows from all its cells.
            let is_unknown = |column: usize| !record.text(column).is_empty();
            let amount = amount.map_or("", |at| record.text(at));
            if self.columns.unread().any(is_unknown)
                || (is_open && amount.contains('.') && !amount.contains(','))
                || days.into_iter().flatten().any(|at| record.text(at).contains('/'))
            {
                return None;
            }
            match export.line(&record, &mut reading) {
                Some(read @ Line::Entry(..)) => {
                    lines.push((*line, export.own_account(&record), read));
                }
                // What other rows mean follows from their neighbours.
                Some(Line::Unreadable(_) | Line::Balance { .. }) | None => return None,
            }
        }
        Some(Others { lines, skipped: reading.skipped, problems: reading.problems })
    }
}

/// Looks for plain rows.
struct Rows<'a> {
    own: Own,
    layout: &'a Layout,
    /// Columns of the shape.
    shape: Vec<usize>,
    /// Columns of identifiers.
    short: Vec<usize>,
    /// Columns of names.
    names: Vec<usize>,
    /// The one of them that few banks fill.
    second_name: Option<usize>,
    keys: &'a Keys,
}

impl Look for Rows<'_> {
    type State = (Shapes<Sample>, Days, Usual);
    type Row = BriefEntry;
    type Besides = Vec<Fresh<Sample>>;

    fn start(&self) -> Self::State {
        (Shapes::new(self.shape.clone()), Days::default(), Usual::default())
    }

    #[inline(always)]
    fn row<S: Simd>(
        &self,
        simd: S,
        (shapes, days, usual): &mut Self::State,
        cells: &Cells<'_, '_>,
    ) -> Option<BriefEntry> {
        let values = self.own.row(simd, cells, self.keys, days)?;
        let remittance = cells.with_behind(self.own.remittance);
        let booking_text = cells.at(self.own.booking_text);
        if !is_simple(simd, remittance, booking_text, self.layout.is_utf_8, usual) {
            return None;
        }
        // A long name may be more than a name.
        let is_more = |column: &usize| {
            let is_second = Some(*column) == self.second_name;
            if !is_second && !cells.may_be_longer(*column, LONGEST_NAME) {
                return false;
            }
            let name = cells.at(Some(*column));
            (is_second || name.len() > LONGEST_NAME) && may_speak_against(name)
        };
        if self.names.iter().any(is_more) {
            return None;
        }
        // Nothing but an identifier may stand there.
        let is_long = |column: &usize| {
            cells.may_be_longer(*column, LONGEST_BIC) && cells.at(Some(*column)).len() > LONGEST_BIC
        };
        if self.short.iter().any(is_long) {
            return None;
        }
        let sample = || Sample::new(self.layout, cells, &values, self.keys);
        let shape = shapes.number(cells, sample)?;
        let row = BriefEntry::new(&values, cells.offset, cells.line, shape)?;
        Some(row.tame(cells.is_tame))
    }

    fn besides(&self, (shapes, ..): &mut Self::State) -> Self::Besides {
        shapes.fresh()
    }
}

/// Where the cells stand that a row in brief keeps.
struct Own {
    booking_date: usize,
    value_date: Option<usize>,
    amount: usize,
    iban: usize,
    end_to_end: Option<usize>,
    remittance: Option<usize>,
    booking_text: Option<usize>,
    mark: DecimalMark,
}

impl Own {
    fn new(columns: &Columns, mark: DecimalMark) -> Option<Self> {
        Some(Self {
            booking_date: columns.position(Field::BookingDate)?,
            value_date: columns.position(Field::ValueDate),
            amount: columns.position(Field::Amount)?,
            iban: columns.position(Field::Iban)?,
            end_to_end: columns.position(Field::EndToEndId),
            remittance: columns.position(Field::Remittance),
            booking_text: columns.position(Field::BookingText),
            mark,
        })
    }

    #[inline(always)]
    fn row<S: Simd>(
        &self,
        simd: S,
        cells: &Cells<'_, '_>,
        keys: &Keys,
        days: &mut Days,
    ) -> Option<EntryValues> {
        let (amount, mark) = plain_values::amount(cells.at(Some(self.amount)))?;
        if amount >= Amount::ZERO || mark.is_some_and(|mark| mark != self.mark) {
            return None;
        }
        let end_to_end = cells.at(self.end_to_end);
        if memchr::memchr(b' ', end_to_end).is_some() {
            return None;
        }
        let end_to_end_key = plain_reference::read_with(simd, end_to_end, keys).ok()?;
        let end_to_end_key = end_to_end_key.map(|reference| reference.key);
        let booked = cells.at(Some(self.booking_date));
        let booking_date = days.read(booked)?;
        let value_date = match cells.at(self.value_date) {
            b"" => None,
            // Mostly the same day.
            cell if cell == booked => Some(booking_date),
            cell => Some(days.read(cell)?),
        };
        Some(EntryValues {
            end_to_end_key,
            bank_reference: None,
            account: plain_values::account(cells.at(Some(self.iban)), keys)?,
            amount: amount.abs(),
            booking_date,
            value_date,
        })
    }
}

/// The first row of a shape as the general reader sees it.
#[derive(Clone, Debug)]
struct Sample {
    own: Option<Iban>,
    entry: StatementEntry,
}

impl Sample {
    /// Counts its line from the beginning of the file.
    fn move_by(&mut self, first_line: u32) {
        let details = self.entry.details.iter_mut().map(|detail| &mut detail.place);
        for place in std::iter::once(&mut self.entry.place).chain(details) {
            place.line = place.line.saturating_add(first_line);
        }
    }

    /// `None` if the general reader has something to say, or sees other values.
    fn new(layout: &Layout, cells: &Cells<'_, '_>, row: &EntryValues, keys: &Keys) -> Option<Self> {
        let record = layout.record(cells.text, cells.line);
        let mut said = Reading::default();
        let export = layout.export();
        let Some(Line::Entry(entry, None)) = export.line(&record, &mut said) else { return None };
        let detail = entry.plain_detail()?;
        let same = entry.amount == row.amount
            && entry.booking_date == Some(row.booking_date)
            && entry.value_date == row.value_date
            && keys.real_reference(detail.end_to_end_id.as_deref()) == row.end_to_end_key
            && detail.counterparty_iban.as_ref().map(|iban| keys.account(iban))
                == Some(row.account);
        let is_plain = said.problems.is_empty() && !interpret::has_something_to_say(&entry);
        (same && is_plain).then_some(Self { own: export.own_account(&record), entry: *entry })
    }
}
