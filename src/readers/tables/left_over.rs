//! What no field of a booking takes: it proves nothing, and is searched for what speaks against a
//! payment.

use crate::facts::signs::may_speak_against;
use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::text::filled;
use crate::readers::tables::booking_row::Export;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::Record;

impl Export<'_> {
    /// What no field of the booking takes: the texts of columns that nobody knows, of those that
    /// only may speak against a payment, and what stands in a cell beside the value that its
    /// column is for.
    pub(super) fn unread(&self, row: &Record) -> Option<String> {
        let mut texts: Vec<String> = Vec::new();
        for column in 0..row.width() {
            let text = row.text(column);
            if text.is_empty() {
                continue;
            }
            let Some(field) = self.columns.fields.get(column).copied().flatten() else {
                // With its name: `Gebucht: nein`.
                let name = self.columns.name(column).trim();
                texts.push(if name.is_empty() {
                    text.to_owned()
                } else {
                    format!("{name}: {text}")
                });
                continue;
            };
            if let Some(left) = left_over(field, text) {
                texts.push(left.to_owned());
            }
        }
        filled(&texts.join("; "))
    }
}

/// The longest identifier of a bank.
pub(crate) const LONGEST_BIC: usize = 11;

/// No longer (characters) is a name that is nothing else; longer ones are looked at.
pub(crate) const LONGEST_NAME: usize = 24;

/// What stands in a cell beside the value that its column is for.
fn left_over(field: Field, text: &str) -> Option<&str> {
    let words = || text.split_whitespace();
    let is_sentence = || {
        let has_letter = |word: &str| word.chars().any(char::is_alphabetic);
        words().filter(|word| has_letter(word)).count() > 1
    };
    let has_account = || text.len() >= 15 && !iban_in_text::in_text(text).is_empty();
    let all = Some(text);
    match field {
        Field::Aside => all,
        // A name that says `nicht gebucht` is more than a name.
        Field::Counterparty2 | Field::OwnName | Field::Ultimate => {
            all.filter(|_| may_speak_against(text.as_bytes()))
        }
        Field::Counterparty | Field::Payee | Field::Payer => all.filter(|_| {
            text.chars().nth(LONGEST_NAME).is_some() && may_speak_against(text.as_bytes())
        }),
        // Behind the day: `01.10.2025 Neu`, an hour.
        Field::BookingDate | Field::ValueDate => {
            let (_, behind) = text.split_once(char::is_whitespace)?;
            all.filter(|_| behind.chars().any(char::is_alphabetic)).map(|_| behind.trim())
        }
        Field::Bic => all.filter(|_| text.len() > LONGEST_BIC),
        Field::OwnAccount | Field::OwnBankCode | Field::BankCode => {
            let is_number = Iban::read(text).is_some_and(|iban| iban.is_valid())
                || !text.chars().any(char::is_alphabetic);
            all.filter(|_| !is_number)
        }
        Field::TransactionCode | Field::Count => {
            all.filter(|_| !text.bytes().all(|byte| byte.is_ascii_digit()))
        }
        Field::EndToEndId => all.filter(|_| words().count() > 1),
        Field::Balance | Field::CustomerReference | Field::Unused => {
            all.filter(|_| is_sentence() || has_account())
        }
        Field::Status | Field::StatusIfAny | Field::Pending | Field::Booked => {
            all.filter(|_| words().count() > 2 || has_account())
        }
        _ => None,
    }
}
