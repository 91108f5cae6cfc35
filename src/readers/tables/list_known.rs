//! What the columns of a list that nobody knows hold, by all of its rows: a second amount, a day that
//! every row has.

use std::collections::BTreeMap;

use crate::facts::payable_columns;
use crate::model::amount::Amount;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::list_sections::Sections;
use crate::readers::tables::record::Cell;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::amount;

/// What cells of a column hold beside the amounts of their rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// The same amount.
    pub(crate) same: u64,
    /// Another amount.
    pub(crate) other: u64,
    /// No amount.
    pub(crate) none: u64,
}

impl Beside {
    /// Adds another count.
    pub(crate) fn add(&mut self, other: Self) {
        self.same = self.same.saturating_add(other.same);
        self.other = self.other.saturating_add(other.other);
        self.none = self.none.saturating_add(other.none);
    }

    /// Counts a cell; nothing for an empty one.
    pub(crate) fn count(&mut self, cell: Cell<'_>, own: Amount, mark: ColumnMark) {
        if cell.text.is_empty() {
            return;
        }
        match amount(cell, mark) {
            Ok(found) if found == own => self.same = self.same.saturating_add(1),
            Ok(_) => self.other = self.other.saturating_add(1),
            Err(_) => self.none = self.none.saturating_add(1),
        }
    }
}

/// What rows that were read in brief hold in columns that nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlainRows {
    /// How many there are.
    pub(crate) count: u64,
    /// By column.
    pub(crate) beside: BTreeMap<usize, Beside>,
}

/// What all rows of a list say of its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Columns that state the amount once more.
    amounts: Vec<usize>,
    /// Columns that are filled in all rows.
    in_all: Vec<usize>,
    /// Titles between the rows.
    pub(super) sections: Sections,
}

impl Known {
    /// Looks at all rows. A column that nobody knows states the amount once more where its name says so,
    /// or where it holds amounts alone, and that of its row in more than half of them.
    pub(crate) fn of(
        columns: &Columns,
        records: &[Record],
        mark: ColumnMark,
        plain: &PlainRows,
    ) -> Self {
        let mut known = Self::default();
        let Some(own) = columns.position(Field::Amount) else { return known };
        let is_row = |record: &&Record| record.cell(own).is_some_and(|cell| !cell.text.is_empty());
        for column in columns.unread() {
            let name = columns.name(column);
            let mut beside = plain.beside.get(&column).copied().unwrap_or_default();
            let mut is_in_all = plain.count == 0;
            for record in records.iter().filter(is_row) {
                let cell = record.cell(column).unwrap_or_default();
                is_in_all &= !cell.text.is_empty();
                if let Some(Ok(own)) = record.cell(own).map(|cell| amount(cell, mark)) {
                    beside.count(cell, own, mark);
                }
            }
            let by_cells = beside.none == 0
                && beside.same > beside.other
                && !payable_columns::is_another(name);
            if payable_columns::is_payable(name) || by_cells {
                known.amounts.push(column);
            }
            if is_in_all {
                known.in_all.push(column);
            }
        }
        known
    }

    /// Whether a column is filled in all rows.
    pub(crate) fn is_in_all(&self, column: usize) -> bool {
        self.in_all.contains(&column)
    }

    /// A column that states another amount for this row than its own: one of the same meaning, or one that
    /// nobody knows and that states the amount once more.
    pub(crate) fn other_amount(
        &self,
        columns: &Columns,
        record: &Record,
        mark: ColumnMark,
        own: Amount,
    ) -> Option<usize> {
        columns.all(Field::Amount).chain(self.amounts.iter().copied()).find(|column| {
            let cell = record.cell(*column).filter(|cell| !cell.text.is_empty());
            cell.is_some_and(|cell| amount(cell, mark).is_ok_and(|other| other != own))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::DecimalMark;
    use crate::readers::tables::columns::of_list;

    #[test]
    fn second_amounts() {
        let mark = ColumnMark::Settled(DecimalMark::Comma);
        // Three rows with the amounts 563,00, 814,75 and 451,00; whether the first says two things.
        for (name, cells, expected) in [
            ("Nettobetrag", ["463,00", "814,75", "451,00"], true),
            ("Nettobetrag", ["463,00", "", ""], true),
            ("zu zahlen", ["0,00", "814,75", "451,00"], true),
            ("zu zahlen", ["ja", "ja", "ja"], false),
            ("Rest", ["463,00", "814,75", "451,00"], true),
            ("Spalte7", ["463,00", "814,75", "451,00"], true),
            ("Spalte7", ["463,00", "814,75", "siehe Akte"], false),
            ("Betrag Vormonat", ["463,00", "814,75", "451,00"], false),
            ("Miete", ["463,00", "300,00", "451,00"], false),
            ("Nettobetrag", ["563,00", "814,75", "451,00"], false),
            ("Zahlbetrag", ["463,00", "814,75", "451,00"], true),
            ("Zahlbetrag", ["", "814,75", "451,00"], false),
        ] {
            let columns = of_list(["Aktenzeichen", "Betrag", name].into_iter(), None);
            let rows = ["563,00", "814,75", "451,00"].iter().zip(cells).map(|(own, other)| {
                let mut record = Record::new(2);
                for cell in ["AZ-1", own, other] {
                    record.push(cell, false);
                }
                record
            });
            let records: Vec<Record> = rows.collect();
            let known = Known::of(&columns, &records, mark, &PlainRows::default());
            let own = Amount::from_cents(56_300);
            let other = known.other_amount(&columns, &records[0], mark, own);
            assert_eq!(other.is_some(), expected, "{name} {cells:?}");
        }
    }
}
