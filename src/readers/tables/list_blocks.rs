//! What blocks a row of a list: a mark in a column of its own, a remark, a state, or a column that nobody
//! knows and that says so.

use crate::facts::block_marks;
use crate::facts::block_marks::Holds;
use crate::facts::inline_marks;
use crate::facts::list_returns;
use crate::model::text::fold_words;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::list_known::Known;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::day;

/// Whether the list blocks this row.
pub(super) fn is_blocked(columns: &Columns, record: &Record, known: &Known) -> bool {
    let marked = columns.all(Field::Block).any(|column| {
        let text = record.text(column);
        if day(text).is_some() {
            return holds_by_day(columns, record, column) != Some(false);
        }
        block_marks::of_column(text, &fold_words(text)) == Some(true)
    });
    let ended = || {
        columns.all(Field::Status).any(|column| {
            let text = record.text(column);
            !text.is_empty() && block_marks::ends(&fold_words(text))
        })
    };
    let noted = || {
        columns.all(Field::Note).any(|column| {
            let text = record.text(column);
            !text.is_empty() && block_marks::is_said(&fold_words(text))
        })
    };
    let unknown = || columns.unread().any(|column| is_said(columns, record, column, known));
    let beside = || {
        BESIDE.iter().flat_map(|field| columns.all(*field)).any(|column| {
            let text = record.text(column);
            inline_marks::is_marked(text)
        })
    };
    let channel = || {
        let mut texts = columns.all(Field::Channel).map(|column| record.text(column));
        texts.any(|text| !text.is_empty() && block_marks::ends(&fold_words(text)))
    };
    known.sections.is_stopped(record.line)
        || marked
        || ended()
        || noted()
        || unknown()
        || beside()
        || channel()
}

/// Columns that are there for something else, into which people write marks.
pub(super) const BESIDE: [Field; 11] = [
    Field::CaseId,
    Field::Beneficiary,
    Field::LastName,
    Field::FirstName,
    Field::Payee,
    Field::Benefit,
    Field::Run,
    Field::Facility,
    Field::Office,
    Field::Remittance,
    Field::EndToEndId,
];

/// Whether a column that nobody knows says so.
fn is_said(columns: &Columns, record: &Record, column: usize, known: &Known) -> bool {
    let text = record.text(column);
    if text.is_empty() {
        return false;
    }
    if day(text).is_some() {
        // A day that every row has tells when it was entered.
        let came_back = || list_returns::is_asked(&fold_words(columns.name(column)));
        return !known.is_in_all(column)
            && (holds_by_day(columns, record, column) == Some(true) || came_back());
    }
    let (name, words) = (fold_words(columns.name(column)), fold_words(text));
    block_marks::is_said(&words)
        || block_marks::is_answered(&name, text, &words)
        || (block_marks::tells_state(&name) && block_marks::ends(&words))
}

/// Whether a block holds on the day the row is due, by the day in this column; `None` if its name speaks
/// of no block.
fn holds_by_day(columns: &Columns, record: &Record, column: usize) -> Option<bool> {
    let holds = block_marks::holds(&fold_words(columns.name(column)))?;
    let stated = day(record.text(column))?;
    let due = columns.position(Field::Due).and_then(|column| day(record.text(column)));
    // Where the row has no day, a person has to say.
    Some(due.is_none_or(|due| match holds {
        Holds::From => stated <= due,
        Holds::Until => due <= stated,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::tables::columns::of_list;

    #[test]
    fn blocks() {
        for (name, value, expected) in [
            ("Einbehalt", "ja", true),
            ("Einbehalt", "30,00", false),
            ("Aufgehoben", "ja", true),
            ("Eingestellt am", "15.10.2023", true),
            ("Eingestellt am", "31.12.2023", false),
            ("Gesperrt bis", "31.12.2023", true),
            ("Gesperrt bis", "31.10.2023", false),
            ("Gesperrt ab", "01.11.2023", true),
            ("Ruht seit", "01.10.2023", true),
            ("Storniert am", "20.11.2023", true),
            ("Bewilligt bis", "31.10.2023", false),
            ("Vermerk", "wird nicht gezahlt", true),
            ("Bemerkung", "ruht", true),
            ("Bemerkung", "Bescheid aufgehoben und neu bewilligt", false),
            ("Status", "aufgehoben", true),
            ("Status", "Zahlung ausgesetzt", true),
            ("Status", "bewilligt", false),
            ("Fallzustand", "beendet", true),
            ("Zimmer", "ja", false),
            ("Bemerkung", "Rückläufer Bank 04.12.", true),
            ("Bemerkung", "Rückruf erbeten", false),
            ("Rücklauf am", "04.12.2023", true),
            ("Verstorben am", "12.11.2023", true),
            ("Status", "abgesetzt", true),
            ("ZSperre", "A", true),
            ("Zahlweg", "gesperrt", true),
            ("Zahlweg", "keine Zahlung", true),
            ("Zahlweg", "Überweisung", false),
            ("Name", "Zander, Anna (gesperrt)", true),
            ("Leistungsart", "Storno Sozialhilfe", true),
            ("Zahlungslauf", "gesperrt", true),
        ] {
            let columns = of_list(["Aktenzeichen", "Betrag", "Fällig am", name].into_iter(), None);
            let mut record = Record::new(2);
            for cell in ["AZ-1", "563,00", "30.11.2023", value] {
                record.push(cell, false);
            }
            let known = Known::default();
            assert_eq!(is_blocked(&columns, &record, &known), expected, "{name}: {value}");
        }
    }
}
