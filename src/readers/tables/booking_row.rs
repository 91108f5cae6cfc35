//! One row of a bank's export: the cells of its columns as a booking.

use chrono::NaiveDate;

use crate::facts::balance_rows::Which;
use crate::facts::pending_marks;
use crate::facts::state_columns;
use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::shared::Shared;
use crate::model::statement::BookingStatus;
use crate::model::statement::CommonOfEntries;
use crate::model::statement::Direction;
use crate::model::statement::Doubt;
use crate::model::statement::StatementEntry;
use crate::model::text::filled;
use crate::readers::tables::booking_state;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::gaps::Line;
use crate::readers::tables::record::Record;
use crate::readers::tables::row_shape;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::DayOrder;
use crate::readers::tables::values::day_by;

/// One export: its columns, and what its rows become.
pub(crate) struct Export<'a> {
    pub(crate) file: FileId,
    pub(crate) columns: &'a Columns,
    pub(crate) mark: ColumnMark,
    pub(crate) days: DayOrder,
    /// The holder of the account, where the head of the file names it.
    pub(crate) holder: Option<String>,
}

/// A value that columns of one meaning agree on, and whether they differ.
pub(super) struct Agreed<T> {
    pub(super) value: Option<T>,
    pub(super) differ: bool,
}

impl Export<'_> {
    /// The filled cells of all columns with this meaning.
    pub(super) fn cells<'r>(
        &'r self,
        row: &'r Record,
        field: Field,
    ) -> impl Iterator<Item = &'r str> {
        let texts = self.columns.all(field).map(|column| row.text(column));
        texts.filter(|text| !text.is_empty())
    }

    pub(super) fn text(&self, row: &Record, field: Field) -> Option<String> {
        self.cells(row, field).next().map(str::to_owned)
    }

    /// The texts of all columns with this meaning behind each other, none of them twice.
    pub(super) fn joined(&self, row: &Record, field: Field) -> Option<String> {
        let mut texts: Vec<&str> = Vec::new();
        for text in self.cells(row, field) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        filled(&texts.join(" "))
    }

    /// The account a row is on, where a column names it.
    pub(crate) fn own_account(&self, row: &Record) -> Option<Iban> {
        let accounts = || self.cells(row, Field::OwnAccount);
        let unquoted = |text: &str| Iban::read(text.trim_matches('\''));
        let iban = accounts().filter_map(unquoted).find(Iban::has_iban_form);
        let by_code = || {
            let code = self.cells(row, Field::OwnBankCode).next()?;
            accounts().find_map(|number| Iban::from_german_account(code, number))
        };
        iban.or_else(by_code).or_else(|| accounts().find_map(unquoted))
    }

    /// Reads a row; `None` for one that by its shape is no booking.
    pub(crate) fn line(&self, row: &Record, reading: &mut Reading) -> Option<Line> {
        let place = Place::line(self.file, row.line);
        let status = self.status(row);
        let booked = self.day(row, Field::BookingDate);
        let valued = self.day(row, Field::ValueDate);
        let own_day = booked.as_ref().ok().and_then(|day| day.value);
        let unreadable = |reading: &mut Reading, column: Option<usize>| {
            let name = column.map_or("", |column| self.columns.name(column));
            let value = column.map_or("", |column| row.text(column));
            reading.skipped = reading.skipped.saturating_add(1);
            reading
                .problems
                .push(Problem::new(ProblemCode::EntryUnreadable, place).field(name).value(value));
            Some(Line::Unreadable(own_day))
        };
        let is_beside = || row_shape::is_beside(self.columns, row, self.mark);
        let mut booked = match booked {
            Ok(booked) => booked,
            Err(_) if is_beside() => return None,
            Err(column) => return unreadable(reading, Some(column)),
        };
        let valued = match valued {
            Ok(valued) => valued,
            Err(column) => return unreadable(reading, Some(column)),
        };
        let has_days = self.columns.has(Field::BookingDate);
        if !has_days {
            booked.value = valued.value;
        }
        if booked.value.is_none() && status != BookingStatus::Pending {
            return if is_beside() {
                None
            } else {
                let field = if has_days { Field::BookingDate } else { Field::ValueDate };
                unreadable(reading, self.columns.position(field))
            };
        }
        let (amount, direction) = match self.money(row) {
            Ok(money) => money,
            Err(column) => return unreadable(reading, column),
        };
        if let Some(which) = row_shape::balance(self.columns, row) {
            let amount = amount.abs();
            let amount = if direction == Direction::Debit { amount.negated() } else { amount };
            let closing = which == Which::Closing;
            return Some(Line::Balance { closing, day: booked.value, amount });
        }
        let Ok(currency) = self.currency(row) else {
            return unreadable(reading, self.columns.position(Field::Currency));
        };
        let mut doubt = None;
        if booked.differ || valued.differ {
            doubt = Some(Doubt::Days);
        }
        let (text, rest) = self.kind_and_text(row);
        let mut entry = StatementEntry {
            place,
            amount: amount.abs(),
            currency,
            direction,
            status,
            booking_date: booked.value,
            value_date: valued.value,
            common: Shared::new(CommonOfEntries {
                booking_text: self.joined(row, Field::BookingText).or(text),
                transaction_code: self.transaction_code(row),
                unread: self.unread(row),
                ..CommonOfEntries::default()
            }),
            ..StatementEntry::default()
        };
        self.describe(row, rest, &mut entry, &mut doubt);
        if doubt.is_some() {
            entry.doubt = doubt;
        }
        Some(Line::Entry(Box::new(entry), self.balance(row)))
    }

    /// The day that the columns of one meaning state, the later one if they differ; the column
    /// that holds something else.
    fn day(&self, row: &Record, field: Field) -> Result<Agreed<NaiveDate>, usize> {
        let mut agreed = Agreed { value: None, differ: false };
        let mut odd = None;
        for column in self.columns.all(field) {
            let text = row.text(column);
            match day_by(text, self.days) {
                Some(day) => {
                    agreed.differ |= agreed.value.is_some_and(|known| known != day);
                    agreed.value = agreed.value.max(Some(day));
                }
                None if is_no_day(text) => {}
                None => odd = odd.or(Some(column)),
            }
        }
        odd.map_or(Ok(agreed), Err)
    }

    /// What the columns of the state say; the one that speaks most against the booking counts.
    fn status(&self, row: &Record) -> BookingStatus {
        let cells = |field: Field| self.cells(row, field);
        let of_days = cells(Field::BookingDate).filter(|text| !has_digit(text));
        let of_days = of_days.filter(|text| booking_state::announces(text));
        let columns = |field: Field| self.columns.all(field);
        let states = columns(Field::Status).chain(columns(Field::StatusIfAny));
        let words = states.filter_map(|column| {
            booking_state::of_column(self.columns.name(column), row.text(column))
        });
        let pending = cells(Field::Pending).filter_map(booking_state::of_pending_flag);
        let booked = columns(Field::Booked).map(|c| booking_state::of_booked_flag(row.text(c)));
        // A column that asks for it and was left empty says that it is not booked.
        let asked = columns(Field::Status).chain(columns(Field::BookingDate));
        let days = cells(Field::BookingDate).chain(cells(Field::ValueDate));
        let is_booking = days.into_iter().any(has_digit);
        let unsaid = asked.filter(|column| {
            is_booking
                && row.text(*column).is_empty()
                && state_columns::asks_whether_booked(self.columns.name(*column))
        });
        let all = words.chain(pending).chain(booked);
        let all = all.chain(unsaid.map(|_| BookingStatus::Pending));
        let kinds = columns(Field::BookingText).chain(self.columns.unread());
        let kinds = kinds.filter(|column| pending_marks::is_announced_kind(row.text(*column)));
        let all = all.chain(kinds.map(|_| BookingStatus::Pending));
        let all = all.chain(of_days.map(|_| BookingStatus::Pending));
        all.fold(BookingStatus::Booked, booking_state::weaker)
    }

    fn currency(&self, row: &Record) -> Result<Currency, ()> {
        let mut found = None;
        for text in self.cells(row, Field::Currency) {
            let own = Currency::parse(text).ok_or(())?;
            if found.is_some_and(|known| known != own) {
                return Err(());
            }
            found = Some(own);
        }
        Ok(found.unwrap_or(Currency::EUR))
    }

    fn balance(&self, row: &Record) -> Option<Amount> {
        self.amount(row, Field::Balance).ok().flatten()
    }

    fn transaction_code(&self, row: &Record) -> Option<String> {
        let digits = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        self.text(row, Field::TransactionCode).filter(|text| digits(text))
    }

    /// The kind of booking and the text, where both stand in one cell.
    fn kind_and_text(&self, row: &Record) -> (Option<String>, Option<String>) {
        let Some(whole) = self.text(row, Field::KindAndText) else { return (None, None) };
        if let Some((kind, text)) = whole.split_once('\n') {
            return (filled(kind), filled(&text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
        // On one line: the kind alone, or both.
        let is_kind = !has_digit(&whole) && whole.split_whitespace().count() <= 3;
        if is_kind { (Some(whole.clone()), Some(whole)) } else { (None, Some(whole)) }
    }
}

/// Whether a cell for a day is left empty, or says in a word why it is.
fn is_no_day(text: &str) -> bool {
    let marks = text.chars().all(|c| matches!(c, '-' | '–' | '—' | '.' | '/' | ' '));
    marks || (!has_digit(text) && booking_state::announces(text))
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}
