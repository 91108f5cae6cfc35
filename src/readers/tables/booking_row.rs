//! One row of a bank's export: the cells of its columns as a booking.

use chrono::NaiveDate;

use crate::facts::signs::may_speak_against;
use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::shared::Shared;
use crate::model::statement::BatchInformation;
use crate::model::statement::BookingStatus;
use crate::model::statement::CommonOfEntries;
use crate::model::statement::Direction;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::filled;
use crate::model::text::is_placeholder;
use crate::readers::tables::booking_state;
use crate::readers::tables::booking_text::count_in;
use crate::readers::tables::booking_text::is_collective;
use crate::readers::tables::booking_text::names_in_text;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::columns::fold;
use crate::readers::tables::field::Field;
use crate::readers::tables::gaps::Line;
use crate::readers::tables::record::Record;
use crate::readers::tables::row_shape;
use crate::readers::tables::tags;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::DayOrder;
use crate::readers::tables::values::amount;
use crate::readers::tables::values::day_by;
use crate::readers::tables::values::is_damaged;

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
struct Agreed<T> {
    value: Option<T>,
    differ: bool,
}

/// Whether a text may say that money came back, is only announced, or went to an account it names.
fn is_worth_a_look(text: &str) -> bool {
    may_speak_against(text.as_bytes()) || !iban_in_text::in_text(text).is_empty()
}

impl Export<'_> {
    /// The filled cells of all columns with this meaning.
    fn cells<'r>(&'r self, row: &'r Record, field: Field) -> impl Iterator<Item = &'r str> {
        let texts = self.columns.all(field).map(|column| row.text(column));
        texts.filter(|text| !text.is_empty())
    }

    fn text(&self, row: &Record, field: Field) -> Option<String> {
        self.cells(row, field).next().map(str::to_owned)
    }

    /// The texts of all columns with this meaning behind each other, none of them twice.
    fn joined(&self, row: &Record, field: Field) -> Option<String> {
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
        if let Some((closing, amount)) = row_shape::balance(self, row) {
            return Some(Line::Balance { closing, day: booked.value, amount });
        }
        let (amount, direction) = match self.money(row) {
            Ok(money) => money,
            Err(column) => return unreadable(reading, column),
        };
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
        let words = columns(Field::Status).filter_map(|column| {
            booking_state::of_column(self.columns.name(column), row.text(column))
        });
        let pending = cells(Field::Pending).filter_map(booking_state::of_pending_flag);
        let booked = columns(Field::Booked).map(|c| booking_state::of_booked_flag(row.text(c)));
        let all = words.chain(pending).chain(booked);
        let all = all.chain(of_days.map(|_| BookingStatus::Pending));
        all.fold(BookingStatus::Booked, booking_state::weaker)
    }

    /// Amount and direction by the columns the layout has; the column that is at odds.
    pub(crate) fn money(&self, row: &Record) -> Result<(Amount, Direction), Option<usize>> {
        let signed = self.amount(row, Field::Amount)?;
        let debit = self.amount(row, Field::Debit)?.filter(|amount| *amount != Amount::ZERO);
        let credit = self.amount(row, Field::Credit)?.filter(|amount| *amount != Amount::ZERO);
        let at = |field: Field| Err(self.columns.position(field));
        let by_side = match (debit, credit) {
            (Some(_), Some(_)) => return at(Field::Debit),
            (Some(debit), None) => Some((debit.abs(), Direction::Debit)),
            (None, Some(credit)) if credit < Amount::ZERO => return at(Field::Credit),
            (None, Some(credit)) => Some((credit, Direction::Credit)),
            (None, None) => None,
        };
        let mut marks = self.cells(row, Field::Mark).map(side_of_mark);
        let marked = match marks.next() {
            Some(Some(side)) if marks.all(|other| other == Some(side)) => Some(side),
            None if !self.columns.has(Field::Mark) => None,
            _ => return at(Field::Mark),
        };
        let Some(signed) = signed else {
            let (amount, side) = by_side.ok_or_else(|| {
                let named = self.columns.position(Field::Amount);
                named.or_else(|| self.columns.position(Field::Debit))
            })?;
            // A mark that says otherwise is a contradiction.
            return if marked.is_none_or(|mark| mark == side) {
                Ok((amount, side))
            } else {
                at(Field::Mark)
            };
        };
        let below = (signed < Amount::ZERO) != self.columns.rules.debits_above_zero;
        let by_sign =
            if below && signed != Amount::ZERO { Direction::Debit } else { Direction::Credit };
        let side = match marked {
            // The amount may bear no sign beside a mark, but not the opposite one.
            Some(Direction::Credit) if signed < Amount::ZERO => return at(Field::Mark),
            Some(side) => side,
            None => by_sign,
        };
        let agrees = by_side.is_none_or(|(amount, own)| own == side && amount == signed.abs());
        if agrees { Ok((signed, side)) } else { at(Field::Amount) }
    }

    /// What all columns of one meaning state; `None` if they are empty.
    fn amount(&self, row: &Record, field: Field) -> Result<Option<Amount>, Option<usize>> {
        let mut found = None;
        for column in self.columns.all(field) {
            let Some(cell) = row.cell(column).filter(|cell| !is_dash(cell.text)) else { continue };
            let own = amount(cell, self.mark).map_err(|_| Some(column))?;
            if found.is_some_and(|known| known != own) {
                return Err(Some(column));
            }
            found = Some(own);
        }
        Ok(found)
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

    /// What no field of the booking takes: the texts of columns that nobody knows, of those that
    /// only may speak against a payment, and what stands in a cell beside the value that its
    /// column is for.
    fn unread(&self, row: &Record) -> Option<String> {
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

    fn describe(
        &self,
        row: &Record,
        rest: Option<String>,
        entry: &mut StatementEntry,
        doubt: &mut Option<Doubt>,
    ) {
        let debit = entry.direction == Direction::Debit;
        let mut detail = EntryDetail { place: entry.place, ..EntryDetail::default() };
        detail.counterparty = self.counterparty(row, debit);
        let accounts = self.other_account(row);
        detail.counterparty_iban = accounts.value;
        if accounts.differ {
            *doubt = Some(Doubt::Accounts);
        }
        let mut ids = self.cells(row, Field::EndToEndId).filter(|text| !is_damaged(text));
        detail.end_to_end_id = ids.next().map(str::to_owned);
        for other in ids.filter(|text| !is_placeholder(text)) {
            match detail.end_to_end_id.as_deref() {
                Some(known) if known == other => {}
                Some(known) if !is_placeholder(known) => *doubt = Some(Doubt::References),
                _ => detail.end_to_end_id = Some(other.to_owned()),
            }
        }
        let mut mandate = self.text(row, Field::Mandate);
        let instruction = self.text(row, Field::CustomerReference);
        let instruction = instruction.filter(|text| !is_placeholder(text));
        let ultimate = self.joined(row, Field::Ultimate);
        detail.remittance = match (self.joined(row, Field::Remittance), rest) {
            (Some(first), Some(second)) => Some(format!("{first} {second}")),
            (first, second) => first.or(second),
        };
        let whole = detail.remittance.clone();
        if let Some(named) = detail.remittance.as_deref().and_then(names_in_text) {
            // Some banks put name, account and text into one column.
            detail.counterparty = detail.counterparty.or(named.name);
            detail.counterparty_iban = detail.counterparty_iban.or(named.iban);
            detail.remittance = named.remittance.or(detail.remittance);
            detail.unread = named.others;
        }
        if let Some(tags) = detail.remittance.as_deref().and_then(tags::split) {
            detail.end_to_end_id = detail.end_to_end_id.or(tags.end_to_end_id);
            detail.instruction_id = tags.customer_reference;
            mandate = mandate.or(tags.mandate);
            detail.ultimate_counterparty = tags.ultimate;
            detail.counterparty_iban = detail.counterparty_iban.or(tags.iban);
            detail.remittance = tags.remittance;
            detail.unread = match (detail.unread.take(), tags.others) {
                (Some(first), Some(second)) => Some(format!("{first} {second}")),
                (first, second) => first.or(second),
            };
        }
        // A value that goes on behind its tag took words along that are none of it.
        let is_parted = detail.remittance != whole;
        if let Some(whole) = whole.filter(|whole| is_parted && is_worth_a_look(whole)) {
            detail.unread = Some(match detail.unread.take() {
                Some(unread) => format!("{unread} {whole}"),
                None => whole,
            });
        }
        if instruction.is_some() {
            detail.instruction_id = instruction;
        }
        if ultimate.is_some() {
            detail.ultimate_counterparty = ultimate;
        }
        if mandate.is_some() {
            detail.mandate_id = mandate;
        }
        let text = format!(
            "{} {}",
            entry.booking_text.as_deref().unwrap_or_default(),
            detail.remittance.as_deref().unwrap_or_default()
        );
        let count = self
            .text(row, Field::Count)
            .and_then(|text| text.parse::<u64>().ok())
            .or_else(|| count_in(&text))
            .filter(|count| *count > 1);
        let collective = is_collective(entry, &detail);
        if count.is_some() || collective {
            entry.batch = Some(BatchInformation { count, ..BatchInformation::default() });
        }
        detail.rare.tidy();
        let says_nothing = detail.counterparty.is_none()
            && detail.counterparty_iban.is_none()
            && detail.end_to_end_id.is_none()
            && detail.remittance.is_none();
        if !says_nothing {
            entry.details.push(detail);
        }
    }

    /// The name of the other side.
    fn counterparty(&self, row: &Record, debit: bool) -> Option<String> {
        let second = self.text(row, Field::Counterparty2).filter(|text| text != ".");
        let name = match (self.joined(row, Field::Counterparty), second) {
            (Some(first), Some(second)) => Some(format!("{first} {second}")),
            (first, second) => first.or(second),
        };
        // Layouts with a column for either side put them the other way round where money comes in.
        let holder = self.holder.as_deref().map(fold);
        let is_holder = |name: &str| holder.as_ref().is_some_and(|holder| fold(name) == *holder);
        let other_way = || {
            let own = self.text(row, Field::OwnName)?;
            (!debit && !is_holder(&own)).then_some(own)
        };
        let name = match name {
            Some(name) if self.columns.has(Field::OwnName) && is_holder(&name) => {
                other_way().or(Some(name))
            }
            name => name,
        };
        let of_side = if debit { Field::Payee } else { Field::Payer };
        name.or_else(|| self.joined(row, of_side))
    }

    /// The account of the other side, from all columns that may hold it.
    fn other_account(&self, row: &Record) -> Agreed<Iban> {
        let code = self.text(row, Field::BankCode);
        let mut agreed: Agreed<Iban> = Agreed { value: None, differ: false };
        for text in self.cells(row, Field::Iban) {
            let by_code = || Iban::from_german_account(code.as_deref()?, text);
            let Some(own) = by_code().or_else(|| Iban::read(text)) else { continue };
            if own.reveal().bytes().all(|byte| byte == b'0') {
                continue;
            }
            agreed.value = match agreed.value.take() {
                None => Some(own),
                Some(known) if known.same_account(&own) || is_part(&own, &known) => Some(known),
                Some(known) if is_part(&known, &own) => Some(own),
                Some(known) => {
                    agreed.differ = true;
                    Some(known)
                }
            };
        }
        agreed
    }
}

/// Whether a bare account number stands in an IBAN.
fn is_part(number: &Iban, iban: &Iban) -> bool {
    !number.has_iban_form() && {
        let digits = number.reveal().trim_start_matches('0');
        !digits.is_empty() && iban.reveal().ends_with(digits)
    }
}

/// Whether a cell is empty, or holds a dash for it.
fn is_dash(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | ' '))
}

/// Whether a cell for a day is left empty, or says in a word why it is.
fn is_no_day(text: &str) -> bool {
    let marks = text.chars().all(|c| matches!(c, '-' | '–' | '—' | '.' | '/' | ' '));
    marks || (!has_digit(text) && booking_state::announces(text))
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The longest identifier of a bank.
pub(crate) const LONGEST_BIC: usize = 11;

/// What stands in a cell beside the value that its column is for.
fn left_over(field: Field, text: &str) -> Option<&str> {
    let words = || text.split_whitespace();
    let is_sentence = || {
        let has_letter = |word: &str| word.chars().any(char::is_alphabetic);
        words().filter(|word| has_letter(word)).count() > 1
    };
    let all = Some(text);
    match field {
        Field::Aside => all,
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
        Field::Balance | Field::CustomerReference | Field::Unused => all.filter(|_| is_sentence()),
        Field::Status | Field::Pending | Field::Booked => all.filter(|_| words().count() > 2),
        _ => None,
    }
}

fn side_of_mark(mark: &str) -> Option<Direction> {
    match mark.to_uppercase().as_str() {
        "S" | "SOLL" | "D" | "DEBIT" | "-" => Some(Direction::Debit),
        "H" | "HABEN" | "C" | "CREDIT" | "+" => Some(Direction::Credit),
        _ => None,
    }
}
