//! Payment lists and confirmation files: rows to payments.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::payment::Benefit;
use crate::model::payment::ListTotal;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::problem::Severity;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::status::Confirmation;
use crate::model::text::filled;
use crate::model::text::is_placeholder;
use crate::model::together;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::amount;
use crate::readers::tables::values::column_mark;
use crate::readers::tables::values::day;
use crate::readers::tables::values::is_damaged;

/// What a list needs at least.
pub fn is_list(columns: &Columns) -> bool {
    let who = [Field::CaseId, Field::Beneficiary, Field::LastName, Field::Payee, Field::EndToEndId];
    columns.has(Field::Amount) && who.iter().any(|field| columns.has(*field))
}

/// Rows that one thread reads before it takes more.
const AT_A_TIME: usize = 512;

/// One table of payments: a header and the records below it.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    /// The file.
    pub file: FileId,
    /// The columns.
    pub columns: &'a Columns,
    /// The records after the header.
    pub records: &'a [Record],
    /// The decimal mark, where a column map settles it.
    pub mark: Option<ColumnMark>,
    /// The benefit of all rows, where the list has no such column.
    pub benefit: Option<&'a str>,
}

impl Table<'_> {
    /// Reads all rows into the reading of the file.
    pub fn read(&self, reading: &mut Reading) {
        self.read_by(1, reading);
    }

    /// The same by several threads.
    pub(crate) fn read_by(&self, threads: usize, reading: &mut Reading) {
        reading.problems.extend(self.columns.unknown(self.file));
        let amounts = self.columns.position(Field::Amount);
        let mark = self.mark.unwrap_or_else(|| {
            let values = self.records.iter().filter_map(|record| {
                let cell = record.cell(amounts?)?;
                (!cell.typed).then_some(cell.text)
            });
            column_mark(values)
        });
        let confirms = self.columns.has(Field::CreditedOn);
        reading.role = if confirms { Role::Confirmation } else { Role::List };
        let mut sum = Amount::ZERO;
        let parts: Vec<&[Record]> = self.records.chunks(AT_A_TIME).collect();
        let read = |part: &&[Record]| {
            let mut own = Reading::default();
            let sum = self.read_rows(part, mark, confirms, &mut own);
            (own, sum)
        };
        together::each_in_order(&parts, threads, read, |(mut own, own_sum)| {
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
    }

    /// Reads some rows; gives the sum of what they owe.
    fn read_rows(
        &self,
        records: &[Record],
        mark: ColumnMark,
        confirms: bool,
        reading: &mut Reading,
    ) -> Amount {
        let mut sum = Amount::ZERO;
        for record in records {
            if record.is_blank() || self.repeats_header(record) {
                reading.skipped = reading.skipped.saturating_add(1);
                continue;
            }
            let row = Row { table: self, record, mark };
            if row.is_remark() {
                reading.skipped = reading.skipped.saturating_add(1);
                let problem = Problem::new(ProblemCode::RowSkipped, row.place());
                reading.problems.push(problem);
                continue;
            }
            if row.is_total() {
                row.read_total(sum, reading);
                continue;
            }
            if confirms {
                row.read_confirmation(reading);
            } else {
                let payment = row.read_payment(reading);
                sum = sum.plus(payment.amount_or_zero());
                reading.payments.push(payment);
            }
        }
        sum
    }

    /// The payment in one record, without its problems; for rows that have none.
    pub(crate) fn payment(&self, record: &Record, reading: &mut Reading) -> Payment {
        let mark = self.mark.unwrap_or(ColumnMark::Open);
        Row { table: self, record, mark }.read_payment(reading)
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

struct Row<'a> {
    table: &'a Table<'a>,
    record: &'a Record,
    mark: ColumnMark,
}

impl Row<'_> {
    fn place(&self) -> Place {
        Place::line(self.table.file, self.record.line)
    }

    fn place_of(&self, field: Field) -> Place {
        let column = self.table.columns.position(field);
        let column = column.and_then(|column| u32::try_from(column).ok());
        self.place().at_column(column.map_or(0, |column| column.saturating_add(1)))
    }

    fn text(&self, field: Field) -> Option<String> {
        let column = self.table.columns.position(field)?;
        filled(self.record.text(column))
    }

    fn problem(&self, code: ProblemCode, field: Field) -> Problem {
        let column = self.table.columns.position(field);
        let name = column.map_or("", |column| self.table.columns.name(column));
        let value = column.map_or("", |column| self.record.text(column));
        Problem::new(code, self.place_of(field)).field(name).value(value)
    }

    /// A sentence below the list (`gedruckt am 28.11.2023`): alone in the first column, of several
    /// words, and the column is no name's. Anything else that stands alone is a row that lost its rest.
    fn is_remark(&self) -> bool {
        let first = self.table.columns.fields.first().copied().flatten();
        let names = [Field::Beneficiary, Field::LastName, Field::FirstName, Field::Payee];
        self.record.filled_width() == 1
            && self.table.columns.names.len() >= 3
            && first.is_some_and(|field| !names.contains(&field))
            && self.record.text(0).split_whitespace().count() >= 3
    }

    /// A row that sums up others: a word for it, an amount, and no payee.
    fn is_total(&self) -> bool {
        let words = [
            "summe",
            "gesamt",
            "total",
            "gesamtsumme",
            "zwischensumme",
            "summen",
            "sum",
            "endsumme",
            "gesamtbetrag",
            "insgesamt",
        ];
        let amount = self.table.columns.position(Field::Amount);
        let filled: Vec<(usize, &str)> = self
            .record
            .cells()
            .enumerate()
            .map(|(number, cell)| (number, cell.text))
            .filter(|(number, text)| !text.is_empty() && Some(*number) != amount)
            .collect();
        let Some((_, first)) = filled.first() else { return false };
        let word = crate::model::text::fold_words(first).into_iter().next().unwrap_or_default();
        words.contains(&word.as_str())
            && filled.len() <= 3
            && self.text(Field::Iban).is_none()
            && self.text(Field::EndToEndId).is_none()
    }

    fn read_total(&self, sum: Amount, reading: &mut Reading) {
        reading.skipped = reading.skipped.saturating_add(1);
        let Some(column) = self.table.columns.position(Field::Amount) else { return };
        let Some(cell) = self.record.cell(column) else { return };
        match amount(cell, self.mark) {
            Ok(stated) => {
                reading.totals.push(ListTotal { place: self.place(), stated, found: sum });
            }
            Err(_) => reading
                .problems
                .push(Problem::new(ProblemCode::TotalUnreadable, self.place()).value(cell.text)),
        }
    }

    fn amount(&self, reading: &mut Reading) -> Result<Amount, ProblemCode> {
        let Some(column) = self.table.columns.position(Field::Amount) else {
            return Err(ProblemCode::AmountMissing);
        };
        let cell = self.record.cell(column).unwrap_or_default();
        if cell.text.contains('\0') {
            reading.problems.push(self.problem(ProblemCode::NulByte, Field::Amount));
            return Err(ProblemCode::NulByte);
        }
        if let Some(currency) = foreign_currency(cell.text) {
            reading.problems.push(
                Problem::new(ProblemCode::CurrencyForeign, self.place_of(Field::Amount))
                    .value(currency),
            );
            return Err(ProblemCode::CurrencyForeign);
        }
        let read = amount(cell, self.mark).and_then(|amount| {
            if amount < Amount::ZERO { Err(ProblemCode::AmountNegative) } else { Ok(amount) }
        });
        if let Err(code) = read {
            reading.problems.push(self.problem(code, Field::Amount));
        }
        read
    }

    fn iban(&self, reading: &mut Reading) -> Result<Option<Iban>, ProblemCode> {
        let Some(text) = self.text(Field::Iban) else { return Ok(None) };
        if is_damaged(&text) {
            reading.problems.push(self.problem(ProblemCode::NumberDamaged, Field::Iban));
            return Err(ProblemCode::NumberDamaged);
        }
        let with_bank_code = self.text(Field::BankCode).and_then(|code| {
            let code: String = code.chars().filter(char::is_ascii_digit).collect();
            let account: String = text.chars().filter(char::is_ascii_digit).collect();
            Iban::from_german_account(&code, &account)
        });
        let Some(iban) = with_bank_code.or_else(|| Iban::read(&text)) else { return Ok(None) };
        if !iban.is_valid() && iban.to_german_iban().is_none() {
            let tail = iban.reveal().get(2..).unwrap_or_default();
            let letter = iban.reveal().starts_with("DE") && tail.chars().any(char::is_alphabetic);
            let code =
                if letter { ProblemCode::IbanLetterForDigit } else { ProblemCode::IbanInvalid };
            reading.problems.push(
                Problem::new(code, self.place_of(Field::Iban)).field("IBAN").value(iban.masked()),
            );
        }
        Ok(Some(iban))
    }

    /// Ids that a spreadsheet turned into rounded numbers name nothing.
    fn id(&self, field: Field, reading: &mut Reading) -> Option<String> {
        let text = self.text(field)?;
        if is_damaged(&text) {
            let problem = self.problem(ProblemCode::NumberDamaged, field);
            reading.problems.push(problem.severity(Severity::Warning));
            return None;
        }
        Some(text)
    }

    fn beneficiary(&self) -> Option<String> {
        let last = self.text(Field::LastName).or_else(|| self.text(Field::Beneficiary));
        match (self.text(Field::FirstName), last) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (first, last) => last.or(first),
        }
    }

    fn read_payment(&self, reading: &mut Reading) -> Payment {
        let mut payment = Payment { place: self.place(), ..Payment::default() };
        let mut unreadable = None;
        match self.amount(reading) {
            Ok(amount) => payment.amount = Some(amount),
            Err(code) => unreadable = Some(code),
        }
        match self.iban(reading) {
            Ok(iban) => payment.iban = iban,
            Err(code) => unreadable = unreadable.or(Some(code)),
        }
        payment.case_id = self.id(Field::CaseId, reading);
        payment.end_to_end_id = self.id(Field::EndToEndId, reading);
        payment.beneficiary = self.beneficiary();
        payment.payee = self.text(Field::Payee);
        let benefit = self.text(Field::Benefit).or_else(|| self.table.benefit.map(str::to_owned));
        payment.benefit = benefit.map_or(Benefit::Unnamed, |text| Benefit::read(&text));
        payment.remittance = self.text(Field::Remittance);
        payment.run = self.text(Field::Run);
        payment.facility = self.text(Field::Facility);
        payment.channel = self.text(Field::Channel);
        payment.list_status = self.text(Field::Status);
        payment.office = self.text(Field::Office);
        payment.note = self.text(Field::Note);
        payment.payer_account = self.text(Field::OwnAccount).and_then(|text| Iban::read(&text));
        match self.due() {
            Ok(due) => payment.due = due,
            Err(code) => {
                reading.problems.push(self.problem(code, Field::Due));
                unreadable = unreadable.or(Some(code));
            }
        }
        if let Some(text) = self.text(Field::Currency) {
            match Currency::parse(&text) {
                Some(currency) if currency == Currency::EUR => {}
                Some(currency) => {
                    payment.currency = currency;
                    reading
                        .problems
                        .push(self.problem(ProblemCode::CurrencyForeign, Field::Currency));
                    unreadable = unreadable.or(Some(ProblemCode::CurrencyForeign));
                }
                None => {
                    reading
                        .problems
                        .push(self.problem(ProblemCode::CurrencyForeign, Field::Currency));
                    unreadable = unreadable.or(Some(ProblemCode::CurrencyForeign));
                }
            }
        }
        if self.record.cells().any(|cell| cell.text.contains('\0')) && unreadable.is_none() {
            reading.problems.push(Problem::new(ProblemCode::NulByte, self.place()).field("?"));
            unreadable = Some(ProblemCode::NulByte);
        }
        let known =
            |text: &Option<String>| text.as_deref().is_some_and(|text| !is_placeholder(text));
        let somebody = known(&payment.case_id)
            || known(&payment.end_to_end_id)
            || payment.beneficiary.is_some()
            || payment.payee.is_some();
        if !somebody && unreadable.is_none() {
            reading.problems.push(Problem::new(ProblemCode::IdentityMissing, self.place()));
            unreadable = Some(ProblemCode::IdentityMissing);
        }
        payment.unreadable = unreadable;
        payment.common.tidy();
        payment
    }

    fn due(&self) -> Result<Option<NaiveDate>, ProblemCode> {
        let Some(text) = self.text(Field::Due) else { return Ok(None) };
        match day(&text) {
            Some(day) => Ok(Some(day)),
            None => Err(ProblemCode::DateUnreadable),
        }
    }

    fn read_confirmation(&self, reading: &mut Reading) {
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
        let iban = self.text(Field::Iban).and_then(|text| Iban::read(&text));
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
        });
    }
}

/// A currency other than the euro that stands beside the amount.
fn foreign_currency(text: &str) -> Option<&'static str> {
    if text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b'-' | b' ')) {
        return None;
    }
    let upper = text.to_uppercase();
    ["USD", "CHF", "GBP", "PLN", "DKK", "SEK", "CZK", "NOK"]
        .into_iter()
        .find(|code| upper.contains(code))
        .or_else(|| text.contains('$').then_some("USD"))
        .or_else(|| text.contains('£').then_some("GBP"))
}
