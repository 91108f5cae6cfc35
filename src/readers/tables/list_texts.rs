//! What texts of a list's row say that no column of their own says: in columns that nobody knows, in
//! remarks and in texts for the payee.

use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::payment::Payment;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::Record;

/// The shortest IBAN.
const SHORTEST: usize = 15;

/// Columns whose texts are searched.
pub(super) fn searched(columns: &Columns) -> impl Iterator<Item = usize> {
    columns
        .unread()
        .chain(columns.all(Field::Note))
        .chain(columns.all(Field::Remittance))
        .chain(columns.all(Field::Status))
        .chain(columns.all(Field::Block))
}

/// A valid account in one of the texts that is neither the payee's nor the one that pays.
pub(super) fn other_account(
    columns: &Columns,
    record: &Record,
    payment: &Payment,
) -> Option<(usize, Iban)> {
    // Without an account of its own the row says nothing that another could contradict.
    let own = payment.iban.as_ref()?;
    searched(columns).find_map(|column| {
        let text = record.text(column);
        if text.len() < SHORTEST || !may_name_account(text.as_bytes()) {
            return None;
        }
        let other = iban_in_text::in_text(text).into_iter().find(|other| {
            !other.same_account(own)
                && !payment.payer_account.as_ref().is_some_and(|payer| other.same_account(payer))
        })?;
        Some((column, other))
    })
}

/// Whether a text has digits enough for an account.
fn may_name_account(text: &[u8]) -> bool {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    text.len() >= SHORTEST && digits + 4 > SHORTEST
}

/// Whether a cell of a searched column might name an account, so that the row needs a closer look.
pub(super) fn names_account(text: &[u8]) -> bool {
    may_name_account(text)
        && std::str::from_utf8(text).map_or(true, |text| !iban_in_text::in_text(text).is_empty())
}
