//! Payment lists and confirmation files: rows to payments.

use crate::facts::total_words;
use crate::model::amount::Amount;
use crate::model::payment::Payment;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::text::fold_words;
use crate::model::together;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::list_known::Known;
use crate::readers::tables::list_passed::is_ruler;
pub use crate::readers::tables::list_row::Table;
use crate::readers::tables::list_sections::Sections;
use crate::readers::tables::list_taken_back::TakenBack;

use crate::readers::tables::list_row::Row;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::column_mark;

/// What a list needs at least.
pub fn is_list(columns: &Columns) -> bool {
    let who = [Field::CaseId, Field::Beneficiary, Field::LastName, Field::Payee, Field::EndToEndId];
    columns.has(Field::Amount) && who.iter().any(|field| columns.has(*field))
}

/// Rows that one thread reads before it takes more.
const AT_A_TIME: usize = 512;

impl Table<'_> {
    /// Reads all rows into the reading of the file; gives what takes rows of the file back.
    #[must_use]
    pub(super) fn read(&self, reading: &mut Reading) -> TakenBack {
        self.read_by(1, reading)
    }

    /// The same by several threads.
    pub(super) fn read_by(&self, threads: usize, reading: &mut Reading) -> TakenBack {
        reading.problems.extend(self.columns.unknown(self.file));
        let amounts = self.columns.position(Field::Amount);
        let mark = self.mark.unwrap_or_else(|| {
            let values = self.records.iter().filter_map(|record| {
                let cell = record.cell(amounts?)?;
                (!cell.typed).then_some(cell.text)
            });
            column_mark(values)
        });
        let mut known = Known::of(self.columns, self.records, mark, &self.plain);
        known.sections = Sections::of(self.above, self.records);
        let mut taken_back = TakenBack::default();
        for line in self.above {
            taken_back.by_line(line, false);
        }
        let confirms = self.columns.has(Field::CreditedOn);
        reading.role = if confirms { Role::Confirmation } else { Role::List };
        let mut sum = Amount::ZERO;
        let parts: Vec<&[Record]> = self.records.chunks(AT_A_TIME).collect();
        let read = |part: &&[Record]| {
            let (mut own, mut taken_back) = (Reading::default(), TakenBack::default());
            let sum = self.read_rows(part, (mark, &known), confirms, (&mut own, &mut taken_back));
            (own, sum, taken_back)
        };
        together::each_in_order(&parts, threads, read, |(mut own, own_sum, own_taken_back)| {
            taken_back.append(own_taken_back);
            for total in &mut own.totals {
                total.found = total.found.plus(sum);
            }
            sum = sum.plus(own_sum);
            reading.skipped = reading.skipped.saturating_add(own.skipped);
            reading.problems.append(&mut own.problems);
            reading.totals.append(&mut own.totals);
            reading.payments.append(&mut own.payments);
            reading.confirmations.append(&mut own.confirmations);
            Some(())
        });
        taken_back
    }

    /// Reads some rows; gives the sum of what they owe.
    fn read_rows(
        &self,
        records: &[Record],
        (mark, known): (ColumnMark, &Known),
        confirms: bool,
        (reading, taken_back): (&mut Reading, &mut TakenBack),
    ) -> Amount {
        let mut sum = Amount::ZERO;
        for record in records {
            if record.is_blank() || is_ruler(record) || self.repeats_header(record) {
                reading.skipped = reading.skipped.saturating_add(1);
                continue;
            }
            let row = Row { table: self, record, mark, known };
            if row.is_title() || row.is_remark() || row.is_count() {
                taken_back.by_line(record, known.sections.is_stopped(record.line));
                reading.skipped = reading.skipped.saturating_add(1);
                let problem = Problem::new(ProblemCode::RowSkipped, row.place());
                reading.problems.push(problem);
                continue;
            }
            let is_first = reading.payments.is_empty() && self.is_first(record);
            if row.is_total(is_first, || self.is_last(record)) {
                row.read_total(sum, reading);
                continue;
            }
            if confirms {
                row.read_confirmation(reading);
            } else {
                let payment = row.read_payment(reading);
                if payment.unreadable == Some(ProblemCode::AmountNegative) {
                    taken_back.by_row(&payment, row.below_zero());
                } else if known.sections.is_stopped(record.line) {
                    taken_back.by_row(&payment, payment.amount);
                }
                sum = sum.plus(payment.amount_or_zero());
                reading.payments.push(payment);
            }
        }
        sum
    }

    /// The payment in one record, without its problems; for rows that have none.
    pub(crate) fn payment(&self, record: &Record, reading: &mut Reading) -> Payment {
        let mark = self.mark.unwrap_or(ColumnMark::Open);
        Row { table: self, record, mark, known: &Known::default() }.read_payment(reading)
    }

    fn is_first(&self, record: &Record) -> bool {
        self.records.first().is_some_and(|first| first.line == record.line)
    }

    /// Whether nothing but lines without a word for somebody follows.
    fn is_last(&self, record: &Record) -> bool {
        let behind = self.records.iter().rev().take_while(|other| other.line > record.line);
        let mut rest = behind.filter(|other| !other.is_blank() && !is_ruler(other));
        rest.all(|other| {
            let cells = other.cells().filter(|cell| !cell.text.is_empty());
            let words = cells.flat_map(|cell| fold_words(cell.text)).collect::<Vec<_>>();
            total_words::label("", &words).is_some() || other.filled_width() == 1
        })
    }

    fn repeats_header(&self, record: &Record) -> bool {
        let same = record
            .cells()
            .zip(&self.columns.names)
            .filter(|(cell, name)| !name.is_empty() && cell.text == name.trim())
            .count();
        same >= 2 && same.saturating_mul(2) >= self.columns.names.len()
    }
}
