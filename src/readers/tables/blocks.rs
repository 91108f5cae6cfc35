//! The status of a list row, where a column of its own says whether it is blocked.

use crate::facts::lock_words;
use crate::model::text::fold_words;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;

/// The status; of a column that says yes or no to one thing (`Sperrkennzeichen`) with its name, since
/// J or X alone says nothing.
pub(super) fn status(columns: &Columns, text: Option<String>) -> Option<String> {
    let status = text?;
    let name = columns.position(Field::Status).map_or("", |column| columns.name(column)).trim();
    let blocks = lock_words::name_column(&fold_words(name));
    Some(if blocks { format!("{name}: {status}") } else { status })
}
