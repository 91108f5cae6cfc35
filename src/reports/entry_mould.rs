//! CSV rows of settled bookings, cast like those of plain cases: what all rows of a shape share is
//! made once, the texts are taken from the file as they stand.

use crate::model::brief::BareBooking;
use crate::model::brief::BookingText;
use crate::model::brief::Cell;
use crate::model::brief::SettledExport;
use crate::model::brief::WantedTexts;
use crate::model::brief::Window;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::statement::StatementEntry;
use crate::reports::cast::Cast;
use crate::reports::cast::Mould;
use crate::reports::digits;
use crate::reports::digits::Days;
use crate::reports::entry_column::EntryColumn;
use crate::reports::fields::Pen;
use crate::reports::fields::is_simply_masked;
use crate::reports::fields::needs_care;
use crate::reports::fields::pair_needs_care;
use crate::reports::fields::put_bare;
use crate::reports::fields::put_cell;
use crate::reports::fields::put_masked;
use crate::reports::ink::Ink;
use crate::reports::ink::Line;
use crate::reports::rows::Rows;
use crate::verdict::booked::SettledBooking;
use crate::verdict::outcome::Disposition;

/// The moulds of an outcome's settled bookings.
#[derive(Clone, Debug)]
pub(crate) struct Moulds {
    /// For every export and shape.
    of_exports: Vec<Vec<Mould<Own>>>,
    /// The texts of a row that have to be looked at.
    texts: WantedTexts,
    full_iban: bool,
}

/// What a row has of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    Line,
    BookingDate,
    ValueDate,
    Amount,
    Disposition,
    Counterparty,
    Iban,
    EndToEndId,
    Remittance,
}

impl Moulds {
    /// Casts the moulds of rows with these columns.
    pub(crate) fn new(rows: &Rows<'_>, columns: &[EntryColumn]) -> Self {
        let of_export = |(export, accounts): (&SettledExport, Vec<Option<&Iban>>)| {
            let file = rows.path(Place::file(export.file));
            let shapes = export.shapes.iter().zip(accounts);
            shapes
                .map(|(shape, account)| {
                    let account = account.map(|iban| rows.iban(iban)).unwrap_or_default();
                    cast(Pen::new(rows.options), (&file, &account), &shape.entry, columns)
                })
                .collect()
        };
        let text = |column: &EntryColumn| match value(*column)? {
            Own::Counterparty => Some(BookingText::Counterparty),
            Own::Iban => Some(BookingText::Iban),
            Own::EndToEndId => Some(BookingText::EndToEndId),
            Own::Remittance => Some(BookingText::Remittance),
            Own::Line | Own::BookingDate | Own::ValueDate | Own::Amount | Own::Disposition => None,
        };
        Self {
            of_exports: rows.outcome.settled.exports().map(of_export).collect(),
            texts: columns.iter().filter_map(text).collect(),
            full_iban: rows.options.full_iban,
        }
    }

    /// Puts the row of a settled booking; `None` and nothing written if its texts have to be looked
    /// at more closely.
    pub(crate) fn put(
        &self,
        booking: &SettledBooking<'_>,
        disposition: Disposition,
        (window, days, line): (&mut Window, &mut Days, &mut Line),
        text: &mut Vec<u8>,
    ) -> Option<()> {
        let SettledBooking { number, export, row } = *booking;
        let mould = self.of_exports.get(number)?.get(usize::from(row.shape()))?;
        let place = export.place(row);
        let none = Cell::default();
        let mut put_own = |own: &BareBooking<'_>, value: Own, line: &mut Line| match value {
            Own::Line => digits::put_number(u64::from(place.line), line),
            Own::Amount => digits::put_amount(row.amount().negated(), line),
            Own::Disposition => line.put(disposition.name().as_bytes()),
            Own::BookingDate => days.put(row.booking_date(), line),
            Own::ValueDate => {
                if let Some(day) = row.value_date() {
                    days.put(day, line);
                }
            }
            Own::Counterparty => {
                let [first, second] = own.counterparty;
                put_bare(first, second, own.has_comma, line);
            }
            Own::Iban if self.full_iban => put_cell(own.iban, line),
            Own::Iban => put_masked(own.iban.bytes(), line),
            Own::EndToEndId => put_bare(own.end_to_end_id, none, own.has_comma, line),
            Own::Remittance => put_bare(own.remittance, none, own.has_comma, line),
        };
        if !self.texts.any() {
            let nothing = BareBooking::default();
            mould.put(line, |value, line| put_own(&nothing, value, line));
            return line.end(text);
        }
        export.with_bare_booking(row, self.texts, window, |own| {
            let has_account =
                !self.texts.has(BookingText::Iban) || is_simply_masked(own.iban.bytes());
            if !has_account || !is_simple(own) {
                return None;
            }
            mould.put(line, |value, line| put_own(own, value, line));
            line.end(text)
        })
    }
}

/// Whether no text begins like a formula or has an account number in it, and the end-to-end id is no word for none: those have no
/// digit, or zeros only.
fn is_simple(own: &BareBooking<'_>) -> bool {
    let texts = [own.end_to_end_id, own.remittance];
    let is_id = own.end_to_end_id.is_empty()
        || own.end_to_end_id.bytes().iter().rev().any(|byte| matches!(byte, b'1'..=b'9'));
    is_id
        && !texts.into_iter().any(|text| needs_care(text.bytes()))
        && !pair_needs_care(own.counterparty.map(Cell::bytes))
}

/// What the rows of one shape have in common.
fn cast(
    pen: Pen,
    (file, account): (&str, &str),
    like: &StatementEntry,
    columns: &[EntryColumn],
) -> Mould<Own> {
    let mut mould = Cast::new();
    for (number, column) in columns.iter().enumerate() {
        if number > 0 {
            mould.text.push(b',');
        }
        if let Some(value) = value(*column) {
            mould.gap(value);
            continue;
        }
        let booking_text =
            || like.booking_text.as_deref().map(|text| pen.text(text)).unwrap_or_default();
        let field = match column {
            EntryColumn::File => file.to_owned(),
            EntryColumn::Account => account.to_owned(),
            EntryColumn::Currency => like.currency.as_str().to_owned(),
            _ => booking_text(),
        };
        pen.put(&pen.defused(&field), &mut mould.text);
    }
    mould.text.push(b'\n');
    mould.done()
}

/// The value that rows have of their own in this column.
const fn value(column: EntryColumn) -> Option<Own> {
    Some(match column {
        EntryColumn::Line => Own::Line,
        EntryColumn::BookingDate => Own::BookingDate,
        EntryColumn::ValueDate => Own::ValueDate,
        EntryColumn::Amount => Own::Amount,
        EntryColumn::Disposition => Own::Disposition,
        EntryColumn::Counterparty => Own::Counterparty,
        EntryColumn::CounterpartyIban => Own::Iban,
        EntryColumn::EndToEndId => Own::EndToEndId,
        EntryColumn::Remittance => Own::Remittance,
        EntryColumn::File
        | EntryColumn::Account
        | EntryColumn::Currency
        | EntryColumn::BookingText => return None,
    })
}
