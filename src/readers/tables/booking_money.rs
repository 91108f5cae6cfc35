//! The money of a row: amount and direction by the columns that state them.

use crate::facts::debit_words;
use crate::model::amount::Amount;
use crate::model::statement::Direction;
use crate::readers::tables::booking_row::Export;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::amount;

impl Export<'_> {
    /// Amount and direction by the columns the layout has; the column that is at odds.
    pub(crate) fn money(&self, row: &Record) -> Result<(Amount, Direction), Option<usize>> {
        let signed = self.amount(row, Field::Amount)?;
        let debit = self.amount(row, Field::Debit)?.filter(|amount| *amount != Amount::ZERO);
        let credit = self.amount(row, Field::Credit)?.filter(|amount| *amount != Amount::ZERO);
        let at = |field: Field| Err(self.columns.position(field));
        let by_side = match (debit, credit) {
            (Some(_), Some(_)) => return at(Field::Debit),
            (Some(debit), None) => Some((debit.abs(), Direction::Debit)),
            (None, Some(credit)) if credit < Amount::ZERO => return at(Field::Credit),
            (None, Some(credit)) => Some((credit, Direction::Credit)),
            (None, None) => None,
        };
        let mut marks = self.cells(row, Field::Mark).map(side_of_mark);
        let marked = match marks.next() {
            Some(Some(side)) if marks.all(|other| other == Some(side)) => Some(side),
            None if !self.columns.has(Field::Mark) => None,
            _ => return at(Field::Mark),
        };
        let Some(signed) = signed else {
            let (amount, side) = by_side.ok_or_else(|| {
                let named = self.columns.position(Field::Amount);
                named.or_else(|| self.columns.position(Field::Debit))
            })?;
            // A mark that says otherwise is a contradiction.
            return if marked.is_none_or(|mark| mark == side) {
                Ok((amount, side))
            } else {
                at(Field::Mark)
            };
        };
        let below = (signed < Amount::ZERO) != self.columns.rules.debits_above_zero;
        let by_sign =
            if below && signed != Amount::ZERO { Direction::Debit } else { Direction::Credit };
        let side = match marked {
            // The amount may bear no sign beside a mark, but not the opposite one.
            Some(Direction::Credit) if signed < Amount::ZERO => return at(Field::Mark),
            Some(side) => side,
            None => by_sign,
        };
        let agrees = by_side.is_none_or(|(amount, own)| own == side && amount == signed.abs());
        // A booking text that says the opposite; which of the two is wrong nobody knows.
        let says_credit = || self.cells(row, Field::BookingText).any(debit_words::is_credit);
        if side == Direction::Debit && says_credit() {
            return at(Field::BookingText);
        }
        if agrees { Ok((signed, side)) } else { at(Field::Amount) }
    }

    /// What all columns of one meaning state; `None` if they are empty.
    pub(super) fn amount(
        &self,
        row: &Record,
        field: Field,
    ) -> Result<Option<Amount>, Option<usize>> {
        let mut found = None;
        for column in self.columns.all(field) {
            let Some(cell) = row.cell(column).filter(|cell| !is_dash(cell.text)) else { continue };
            let own = amount(cell, self.mark).map_err(|_| Some(column))?;
            if found.is_some_and(|known| known != own) {
                return Err(Some(column));
            }
            found = Some(own);
        }
        Ok(found)
    }
}

/// Whether a cell is empty, or holds a dash for it.
fn is_dash(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | ' '))
}

fn side_of_mark(mark: &str) -> Option<Direction> {
    match mark.to_uppercase().as_str() {
        "S" | "SOLL" | "D" | "DEBIT" | "DBIT" | "-" | "AUSGANG" => Some(Direction::Debit),
        "H" | "HABEN" | "C" | "CREDIT" | "CRDT" | "+" | "EINGANG" => Some(Direction::Credit),
        _ => None,
    }
}
