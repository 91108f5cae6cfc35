//! Rows of a list that are no payments: rulers, remarks, sums. Place and shape tell, never a word in
//! free text.

use crate::facts::list_titles;
use crate::facts::total_words;
use crate::facts::total_words::Label;
use crate::model::amount::Amount;
use crate::model::payment::ListTotal;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::text::fold_words;
use crate::readers::tables::field::Field;
use crate::readers::tables::list_row::Row;
use crate::readers::tables::list_sections;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::amount;

/// Columns that tell who is paid: a row with a value in one of them is a payment.
const WHO: [Field; 9] = [
    Field::CaseId,
    Field::EndToEndId,
    Field::Iban,
    Field::Beneficiary,
    Field::LastName,
    Field::FirstName,
    Field::Payee,
    Field::Remittance,
    Field::OwnAccount,
];

/// Columns of names.
const NAMES: [Field; 4] = [Field::Beneficiary, Field::LastName, Field::FirstName, Field::Payee];

/// Whether a record is a line between others, drawn with signs.
pub(super) fn is_ruler(record: &Record) -> bool {
    let mut signs = 0_usize;
    for cell in record.cells() {
        if !cell.text.chars().all(|sign| {
            matches!(sign, '-' | '=' | '_' | '+' | '|' | ' ' | '─' | '═' | '—' | '–' | '·' | '.')
        }) {
            return false;
        }
        signs = signs.saturating_add(cell.text.chars().filter(|sign| *sign != ' ').count());
    }
    let is_alone = record.cells().filter(|cell| !cell.text.is_empty()).count() == 1;
    signs >= 5 || (is_alone && signs >= 3)
}

impl Row<'_> {
    /// A title between the rows: one that says that the rows below are not to be paid, wherever it stands;
    /// or, in the first column and if that holds no names, words without a number, or with a short one behind
    /// them (`Gemeinde Nord`, `Dienststelle 501`).
    pub(super) fn is_title(&self) -> bool {
        let Some(text) = list_sections::title_of(self.record) else { return false };
        if list_titles::stops(text) {
            return true;
        }
        let first = self.table.columns.fields.first().copied().flatten();
        let is_number = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
        let mut words = text.split_whitespace();
        let is_phrase = text.contains(' ') && !is_number(text);
        let begins = words.next().is_some_and(|word| {
            let letters = word.chars().filter(|sign| sign.is_alphabetic()).count();
            !is_number(word) && letters >= if is_phrase { 3 } else { 4 }
        });
        let mut numbers = words.filter(|word| is_number(word));
        let short = numbers.next().is_none_or(|number| number.len() <= 4);
        self.table.columns.names.len() >= 3
            && (self.record.text(0) == text || list_sections::is_page(text))
            && first.is_some_and(|field| !NAMES.contains(&field) && field != Field::Facility)
            && begins
            && short
            && numbers.next().is_none()
    }

    /// A line that counts rows: `Anzahl Zahlfälle`, and a number.
    pub(super) fn is_count(&self) -> bool {
        let mut filled = self.record.cells().map(|cell| cell.text).filter(|text| !text.is_empty());
        let named = filled.next().is_some_and(|text| {
            let words = fold_words(text);
            let counts = |word: &String| matches!(word.as_str(), "anzahl" | "stuckzahl" | "count");
            words.first().is_some_and(counts)
        });
        let is_number =
            |text: &str| text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        named && filled.all(is_number)
    }

    /// The amount of a row that stands below zero, above it.
    pub(super) fn below_zero(&self) -> Option<Amount> {
        let column = self.table.columns.position(Field::Amount)?;
        let found = amount(self.record.cell(column)?, self.mark).ok()?;
        (found < Amount::ZERO).then(|| found.negated())
    }

    /// A sentence below the list (`gedruckt am 28.11.2023`): alone in the first column, of several
    /// words, and the column is no name's. Anything else that stands alone is a row that lost its rest.
    pub(super) fn is_remark(&self) -> bool {
        let first = self.table.columns.fields.first().copied().flatten();
        self.record.filled_width() == 1
            && self.table.columns.names.len() >= 3
            && first.is_some_and(|field| !NAMES.contains(&field))
            && self.record.text(0).split_whitespace().count() >= 3
    }

    /// Whether the row sums up others. One cell names the sum, and no other says who is paid. In a list
    /// that has names and nothing else to know people by, it has to stand at the end (`is_last`) and say
    /// nothing but that it is a sum: people are called so, too.
    pub(super) fn is_total(&self, is_first: bool, is_last: impl Fn() -> bool) -> bool {
        let columns = self.table.columns;
        // Nearly all rows say who is paid in more than one column, and need no closer look.
        let who = columns.fields.iter().enumerate().filter(|(column, field)| {
            field.is_some_and(|field| WHO.contains(&field)) && !self.record.text(*column).is_empty()
        });
        if who.count() > 2 {
            return false;
        }
        let mut label = None;
        for (column, cell) in self.record.cells().enumerate() {
            let field = columns.fields.get(column).copied().flatten();
            if cell.text.is_empty() || field == Some(Field::Amount) {
                continue;
            }
            if label.is_none() {
                if let Some(found) = total_words::label(cell.text, &fold_words(cell.text)) {
                    label = Some((found, field));
                    continue;
                }
            }
            let counts =
                cell.text.len() <= 6 && cell.text.bytes().all(|byte| byte.is_ascii_digit());
            let sign = cell.text.chars().all(|sign| !sign.is_alphanumeric());
            // `2 Zahlungen` names nobody, wherever it stands.
            let beside = || total_words::is_beside(&fold_words(cell.text));
            if field.is_some_and(|field| WHO.contains(&field)) && !sign && !beside() {
                return false;
            }
            if field.is_none() && !counts && cell.text.split_whitespace().count() > 3 {
                return false;
            }
        }
        let Some((label, field)) = label else { return false };
        let by_name_only = ![Field::CaseId, Field::EndToEndId, Field::Iban]
            .iter()
            .any(|field| columns.has(*field));
        if by_name_only && field.is_some_and(|field| NAMES.contains(&field)) {
            return label == Label::Bare && !is_first && is_last();
        }
        true
    }

    /// Reads what the row says the sum is.
    pub(super) fn read_total(&self, sum: Amount, reading: &mut Reading) {
        reading.skipped = reading.skipped.saturating_add(1);
        let Some(column) = self.table.columns.position(Field::Amount) else { return };
        let Some(cell) = self.record.cell(column).filter(|cell| !cell.text.is_empty()) else {
            // A heading between groups of rows states no sum.
            return;
        };
        match amount(cell, self.mark) {
            Ok(stated) => {
                reading.totals.push(ListTotal { place: self.place(), stated, found: sum });
            }
            Err(_) => reading
                .problems
                .push(Problem::new(ProblemCode::TotalUnreadable, self.place()).value(cell.text)),
        }
    }
}
