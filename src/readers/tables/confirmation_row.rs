//! A row of a confirmation: the credit, and what it says against it: a state, a word of a return, another
//! account, a later day.

use chrono::NaiveDate;

use crate::facts::pending_marks;
use crate::facts::pending_marks::Mark;
use crate::facts::receipt_words;
use crate::facts::state_columns;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::status::Confirmation;
use crate::model::text::fold_words;
use crate::readers::interpret;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::columns::fold;
use crate::readers::tables::field::Field;
use crate::readers::tables::list_row::Row;
use crate::readers::tables::list_texts;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::day;

impl Row<'_> {
    /// What the row of a confirmation says against its own credit.
    fn denial(&self, iban: Option<&Iban>, credited_on: NaiveDate) -> Option<Problem> {
        let columns = self.table.columns;
        if let Some(text) = self.text(Field::Currency) {
            if Currency::parse(&text) != Some(Currency::EUR) {
                return Some(self.problem(ProblemCode::CurrencyForeign, Field::Currency));
            }
        }
        let record = self.record;
        let column = doubtful_column(columns, record, iban, credited_on)?;
        let place = self.place_in(Some(column));
        Some(Problem::new(ProblemCode::ConfirmationDenied, place).field(columns.name(column)))
    }

    /// The confirmed credit in this row.
    pub(super) fn read_confirmation(&self, reading: &mut Reading) {
        let read = self.amount(reading);
        let credited_on = self.text(Field::CreditedOn).and_then(|text| day(&text));
        let (Ok(amount), Some(credited_on)) = (read, credited_on) else {
            if read.is_ok() {
                // A row without a day confirms nothing.
                reading.problems.push(self.problem(ProblemCode::DateUnreadable, Field::CreditedOn));
            }
            reading.skipped = reading.skipped.saturating_add(1);
            return;
        };
        if let Some(problem) = self.differing() {
            reading.problems.push(problem);
            reading.skipped = reading.skipped.saturating_add(1);
            return;
        }
        if let Some(problem) = self.other_amount(amount) {
            reading.problems.push(problem);
            reading.skipped = reading.skipped.saturating_add(1);
            return;
        }
        let iban = self.text(Field::Iban).and_then(|text| Iban::read(&text));
        let denial = self.denial(iban.as_ref(), credited_on);
        let denied = denial.is_some();
        reading.problems.extend(denial);
        let end_to_end_id = self.id(Field::EndToEndId, reading);
        let case_id = self.id(Field::CaseId, reading);
        reading.confirmations.push(Confirmation {
            place: self.place(),
            end_to_end_id,
            case_id,
            name: self.text(Field::Payee).or_else(|| self.beneficiary()),
            iban,
            amount,
            credited_on,
            remittance: self.text(Field::Remittance),
            denied,
        });
    }
}

/// The first column that speaks against the credit of a row; one that nobody understands does too where
/// its name asks for a state.
fn doubtful_column(
    columns: &Columns,
    record: &Record,
    own: Option<&Iban>,
    credited_on: NaiveDate,
) -> Option<usize> {
    let mut searched = list_texts::searched(columns).chain(columns.all(Field::Channel));
    // In a list the value date is the due day; beside a credit it is the day from which that counts.
    let value_date = columns.all(Field::Due).find(|column| {
        let name = fold(columns.name(*column));
        let is_value_date = name.starts_with("valuta") || name.starts_with("wertstellung");
        is_value_date && day(record.text(*column)).is_some_and(|day| day > credited_on)
    });
    value_date.or_else(|| {
        searched.find(|column| {
            let (name, text) = (columns.name(*column), record.text(*column));
            let is = |field| columns.all(field).any(|own| own == *column);
            let is_free = is(Field::Note) || is(Field::Remittance);
            let asks_for_state =
                is(Field::Status) || (!is_free && state_columns::asks_for_state(name));
            if text.trim().is_empty() {
                return state_columns::asks_whether_booked(name)
                    && !state_columns::asks_for_event(name);
            }
            says_no(name, text, asks_for_state)
                || interpret::speaks_against(text).is_some()
                || day(text).is_some_and(|day| day > credited_on)
                || iban_in_text::in_text(text)
                    .iter()
                    .any(|other| own.is_some_and(|own| !own.same_account(other)))
        })
    })
}

/// Whether a cell denies what the row confirms, or a state that nobody understands.
fn says_no(name: &str, text: &str, asks_for_state: bool) -> bool {
    let words = fold_words(text);
    if words.iter().any(|word| receipt_words::speaks_against(word)) {
        return true;
    }
    let confirms = words.iter().all(|word| receipt_words::confirms(word));
    match pending_marks::of_column(name, text) {
        Some(Mark::Pending) => true,
        // A date under a name of a state is a day; yes and no answer whatever is asked.
        Some(Mark::Neither) => {
            let is_answer = state_columns::may_be_state(text) && !confirms;
            is_answer || (asks_for_state && !confirms && day(text).is_none())
        }
        Some(Mark::Booked) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_deny() {
        for (name, text, asks, expected) in [
            ("Status", "gutgeschrieben", true, false),
            ("Status", "credited", true, false),
            ("Status", "ok", true, false),
            ("Status", "in Klärung", true, true),
            ("Status", "storniert", true, true),
            ("state", "returned", true, true),
            ("Bemerkung", "angefordert", false, true),
            ("Bemerkung", "vorläufig", false, true),
            ("Bemerkung", "Hilfe November", false, false),
            ("bestaetigt", "nein", false, true),
            ("bestaetigt", "ja", false, false),
            ("Bearbeiter", "M. Kunz", false, false),
        ] {
            assert_eq!(says_no(name, text, asks), expected, "{name}: {text}");
        }
    }
}
