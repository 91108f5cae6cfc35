//! One row of a payment list or confirmation.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::payment::Benefit;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::problem::Severity;
use crate::model::reading::Reading;
use crate::model::text::filled;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::list_blocks;
use crate::readers::tables::list_known::Known;
use crate::readers::tables::list_known::PlainRows;
use crate::readers::tables::list_taken_back;
use crate::readers::tables::list_texts;
use crate::readers::tables::record::Record;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::NO_RESULT;
use crate::readers::tables::values::UNCALCULATED;
use crate::readers::tables::values::amount;
use crate::readers::tables::values::is_damaged;
use crate::readers::tables::written_day::due_day;

/// One table of payments: a header and the records below it.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    /// The file.
    pub file: FileId,
    /// The columns.
    pub columns: &'a Columns,
    /// The records before the header.
    pub above: &'a [Record],
    /// The records after the header.
    pub records: &'a [Record],
    /// The decimal mark, where a column map settles it.
    pub mark: Option<ColumnMark>,
    /// The benefit of all rows, where the list has no such column.
    pub benefit: Option<&'a str>,
    /// Whether several columns have one meaning.
    pub(crate) repeats: bool,
    /// What further rows hold that were read in brief.
    pub(crate) plain: PlainRows,
}

/// A row, and the table it belongs to.
pub(super) struct Row<'a> {
    pub(super) table: &'a Table<'a>,
    pub(super) record: &'a Record,
    pub(super) mark: ColumnMark,
    pub(super) known: &'a Known,
}

/// Meanings of which a row has one value, whatever columns say it.
const SINGLE: [Field; 6] =
    [Field::CaseId, Field::EndToEndId, Field::Iban, Field::Due, Field::Currency, Field::OwnAccount];

impl Row<'_> {
    pub(super) fn place(&self) -> Place {
        Place::line(self.table.file, self.record.line)
    }

    fn place_of(&self, field: Field) -> Place {
        let column = self.table.columns.position(field);
        self.place_in(column)
    }

    pub(super) fn place_in(&self, column: Option<usize>) -> Place {
        let column = column.and_then(|column| u32::try_from(column).ok());
        self.place().at_column(column.map_or(0, |column| column.saturating_add(1)))
    }

    /// What columns of one meaning say: the first value that is none of the placeholders, else the first.
    pub(super) fn text(&self, field: Field) -> Option<String> {
        let mut first = None;
        for column in self.table.columns.all(field) {
            if let Some(text) = filled(self.record.text(column)) {
                if !self.table.repeats || !is_placeholder(&text) {
                    return Some(text);
                }
                first = first.or(Some(text));
            }
        }
        first
    }

    /// What columns of one meaning say, behind each other.
    fn joined(&self, field: Field, between: &str) -> Option<String> {
        if !self.table.repeats {
            return self.text(field);
        }
        let texts = self.table.columns.all(field).filter_map(|at| filled(self.record.text(at)));
        let mut different: Vec<String> = Vec::new();
        for text in texts {
            if !different.contains(&text) {
                different.push(text);
            }
        }
        (!different.is_empty()).then(|| different.join(between))
    }

    /// The value of a field in the form in which two columns can be compared.
    fn key(field: Field, text: &str) -> String {
        match field {
            Field::Iban | Field::OwnAccount => match Iban::read(text) {
                // An account number stands in its IBAN.
                Some(iban) if iban.is_valid() => match iban.german_parts() {
                    Some((_, account)) => account.trim_start_matches('0').to_owned(),
                    None => iban.reveal().to_owned(),
                },
                Some(account) => account.reveal().trim_start_matches('0').to_owned(),
                None => String::new(),
            },
            Field::Due => due_day(text).map_or_else(|| text.to_owned(), |day| day.to_string()),
            _ => reference_key(text),
        }
    }

    /// The problem of two columns of one meaning that have different values.
    pub(super) fn differing(&self) -> Option<Problem> {
        if !self.table.repeats {
            return None;
        }
        let columns = self.table.columns;
        SINGLE.into_iter().find_map(|field| {
            let mut texts = columns
                .all(field)
                .map(|column| (column, self.record.text(column)))
                .filter(|(_, text)| !text.is_empty() && !is_placeholder(text));
            let first = Self::key(field, texts.next()?.1);
            let (other, _) = texts.find(|(_, text)| Self::key(field, text) != first)?;
            let first = columns.position(field).map_or("", |column| columns.name(column));
            let names = format!("{first}, {}", columns.name(other));
            Some(Problem::new(ProblemCode::ValuesDiffer, self.place_in(Some(other))).field(names))
        })
    }

    pub(super) fn problem(&self, code: ProblemCode, field: Field) -> Problem {
        let column = self.table.columns.position(field);
        let name = column.map_or("", |column| self.table.columns.name(column));
        let value = column.map_or("", |column| self.record.text(column));
        Problem::new(code, self.place_of(field)).field(name).value(value)
    }

    pub(super) fn amount(&self, reading: &mut Reading) -> Result<Amount, ProblemCode> {
        // Several columns may state it; which ones differ is asked later.
        let filled = |column: &usize| !self.record.text(*column).is_empty();
        let mut columns = self.table.columns.all(Field::Amount);
        let Some(column) = columns.find(filled).or(self.table.columns.position(Field::Amount))
        else {
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

    pub(super) fn iban(&self, reading: &mut Reading) -> Result<Option<Iban>, ProblemCode> {
        let Some(text) = self.text(Field::Iban) else { return Ok(None) };
        if is_damaged(&text) {
            let code = damage(&text);
            reading.problems.push(self.problem(code, Field::Iban));
            return Err(code);
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
    pub(super) fn id(&self, field: Field, reading: &mut Reading) -> Option<String> {
        let text = self.text(field)?;
        if is_damaged(&text) {
            let problem = self.problem(damage(&text), field);
            reading.problems.push(problem.severity(Severity::Warning));
            return None;
        }
        Some(text)
    }

    pub(super) fn beneficiary(&self) -> Option<String> {
        let last = self.text(Field::LastName).or_else(|| self.text(Field::Beneficiary));
        match (self.text(Field::FirstName), last) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (first, last) => last.or(first),
        }
    }

    /// The list's own status, and what blocks the row.
    fn status(&self) -> Option<String> {
        let status = self.joined(Field::Status, "; ");
        if !list_blocks::is_blocked(self.table.columns, self.record, self.known) {
            return status;
        }
        Some(list_taken_back::blocked(status.as_deref()))
    }

    /// The payment in this row.
    pub(super) fn read_payment(&self, reading: &mut Reading) -> Payment {
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
        payment.remittance = self.joined(Field::Remittance, " ");
        payment.run = self.text(Field::Run);
        payment.facility = self.text(Field::Facility);
        payment.channel = self.joined(Field::Channel, " ");
        payment.list_status = self.status();
        payment.office = self.text(Field::Office);
        payment.note = self.joined(Field::Note, " ");
        payment.payer_account = self.text(Field::OwnAccount).and_then(|text| Iban::read(&text));
        match self.due() {
            Ok(due) => payment.due = due,
            Err(code) => {
                reading.problems.push(self.problem(code, Field::Due));
                unreadable = unreadable.or(Some(code));
            }
        }
        if let Some(text) = self.text(Field::Currency) {
            let currency = Currency::parse(&text);
            if currency != Some(Currency::EUR) {
                payment.currency = currency.unwrap_or_default();
                reading.problems.push(self.problem(ProblemCode::CurrencyForeign, Field::Currency));
                unreadable = unreadable.or(Some(ProblemCode::CurrencyForeign));
            }
        }
        if self.record.cells().any(|cell| cell.text.contains('\0')) && unreadable.is_none() {
            reading.problems.push(Problem::new(ProblemCode::NulByte, self.place()).field("?"));
            unreadable = Some(ProblemCode::NulByte);
        }
        unreadable = unreadable.or_else(|| self.contradiction(&payment, reading));
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

    /// Whether the row says two things, so that a person has to say which is meant.
    fn contradiction(&self, payment: &Payment, reading: &mut Reading) -> Option<ProblemCode> {
        if let Some(problem) = self.differing() {
            reading.problems.push(problem);
            return Some(ProblemCode::ValuesDiffer);
        }
        if let Some(problem) = payment.amount.and_then(|amount| self.other_amount(amount)) {
            reading.problems.push(problem);
            return Some(ProblemCode::ValuesDiffer);
        }
        let columns = self.table.columns;
        let (column, other) = list_texts::other_account(columns, self.record, payment)?;
        reading.problems.push(
            Problem::new(ProblemCode::OtherAccountNamed, self.place_in(Some(column)))
                .field(columns.name(column))
                .value(other.masked()),
        );
        Some(ProblemCode::OtherAccountNamed)
    }

    /// The problem of a column that states another amount for this row.
    pub(super) fn other_amount(&self, amount: Amount) -> Option<Problem> {
        let columns = self.table.columns;
        let other = self.known.other_amount(columns, self.record, self.mark, amount)?;
        let first = columns.position(Field::Amount).map_or("", |column| columns.name(column));
        let names = format!("{first}, {}", columns.name(other));
        Some(Problem::new(ProblemCode::ValuesDiffer, self.place_in(Some(other))).field(names))
    }

    fn due(&self) -> Result<Option<NaiveDate>, ProblemCode> {
        let Some(text) = self.text(Field::Due) else { return Ok(None) };
        match due_day(&text) {
            Some(day) => Ok(Some(day)),
            None => Err(ProblemCode::DateUnreadable),
        }
    }
}

/// What damaged a value.
fn damage(text: &str) -> ProblemCode {
    if text == UNCALCULATED || text == NO_RESULT {
        ProblemCode::FormulaUncalculated
    } else {
        ProblemCode::NumberDamaged
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
