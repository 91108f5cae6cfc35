//! Rows of a bank's export that by their shape are no bookings: closing lines, balances, headings.
//!
//! No word of a free text decides: a row with money in its place, a name and a text is a booking
//! whatever they say. Where such a row may stand, the reader of the export knows.

use crate::facts::balance_rows;
use crate::facts::balance_rows::Which;
use crate::model::iban::Iban;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::columns::fold;
use crate::readers::tables::columns::of_bank;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::amount;

/// Cells beside the bookings that a closing line may fill.
const MOST_CELLS: usize = 4;

/// Whether a row without a day of booking has the shape of a line above or below the bookings.
pub(crate) fn is_beside(columns: &Columns, row: &Record, mark: ColumnMark) -> bool {
    let filled = || row.cells().filter(|cell| !cell.text.is_empty());
    let Some(first) = filled().next() else { return true };
    let named = first.text.chars().any(char::is_alphabetic);
    let has_account = row.cells().any(|cell| Iban::read(cell.text).is_some_and(|i| i.is_valid()));
    let in_column = |column: usize, fields: &[Field]| {
        columns.fields.get(column).copied().flatten().is_some_and(|own| fields.contains(&own))
    };
    let has_money = (0..row.width()).any(|column| {
        let cell = row.cell(column).filter(|cell| !cell.text.is_empty());
        in_column(column, &Field::MONEY) && cell.is_some_and(|cell| amount(cell, mark).is_ok())
    });
    if has_money {
        // A total: its name and its sum.
        let beside = [Field::Currency, Field::Mark, Field::Balance];
        let texts = (0..row.width()).filter(|column| {
            let is_money = in_column(*column, &Field::MONEY) || in_column(*column, &beside);
            !is_money && !row.text(*column).is_empty()
        });
        return named && texts.count() <= 1;
    }
    let dated = columns.all(Field::BookingDate).any(|column| {
        let text = row.text(column);
        !text.chars().any(char::is_alphabetic) && !text.is_empty()
    });
    // One cell is a sentence, whatever it begins with.
    filled().count() <= 1 || (named && !dated && !has_account && filled().count() <= MOST_CELLS)
}

/// The balance that a row with a day states: nothing in it but day, money and the name of the
/// balance.
pub(crate) fn balance(columns: &Columns, row: &Record) -> Option<Which> {
    let of_money = [
        Field::BookingDate,
        Field::ValueDate,
        Field::Amount,
        Field::Debit,
        Field::Credit,
        Field::Mark,
        Field::Currency,
        Field::Balance,
        Field::OwnAccount,
        Field::OwnBankCode,
    ];
    let mut named = None;
    for column in 0..row.width() {
        let field = columns.fields.get(column).copied().flatten();
        let text = row.text(column);
        if text.is_empty() || field.is_some_and(|field| of_money.contains(&field)) {
            continue;
        }
        let which = balance_rows::find(&fold(text))?;
        if named.is_some() {
            return None;
        }
        named = Some(which);
    }
    named
}

/// The columns of a row that is the header of another section.
pub(crate) fn heading(columns: &Columns, row: &Record) -> Option<Heading> {
    let dates = columns.position(Field::BookingDate).or_else(|| columns.position(Field::ValueDate));
    let text = row.text(dates?);
    let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    if text.is_empty() || has_digit(text) {
        return None;
    }
    let own = of_bank(row.cells().map(|cell| cell.text), None);
    if own.make_export() {
        return Some(Heading::Known(Box::new(own)));
    }
    // Names of columns only, one of them a day's or an amount's.
    let filled: Vec<&str> =
        row.cells().map(|cell| cell.text).filter(|text| !text.is_empty()).collect();
    let is_heading = filled.len() >= 4
        && filled.iter().all(|text| !has_digit(text))
        && own.known().saturating_mul(2) >= filled.len();
    is_heading.then_some(Heading::Unknown)
}

/// The header of a section.
pub(crate) enum Heading {
    Known(Box<Columns>),
    /// Names of columns that make no export of bookings.
    Unknown,
}
