//! CSV exports of the banks' online banking.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::shared::Shared;
use crate::model::statement::BatchInformation;
use crate::model::statement::BookingStatus;
use crate::model::statement::CommonOfEntries;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::model::statement::StatementKind;
use crate::model::text::filled;
use crate::model::text::fold_words;
use crate::readers::interpret;
use crate::readers::tables::booking_text::count_in;
use crate::readers::tables::booking_text::is_collective;
use crate::readers::tables::booking_text::names_in_text;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::columns::fold;
use crate::readers::tables::field::Field;
use crate::readers::tables::gaps::Line;
use crate::readers::tables::gaps::balance_breaks;
use crate::readers::tables::gaps::unreadable_days;
use crate::readers::tables::preamble::about;
use crate::readers::tables::record::Record;
use crate::readers::tables::tags;
use crate::readers::tables::values::ColumnMark;
use crate::readers::tables::values::amount;
use crate::readers::tables::values::day;

/// Whether a header is that of a bank's export.
pub fn is_export(columns: &Columns) -> bool {
    let money = columns.has(Field::Amount) || columns.has(Field::Debit);
    let telling = [
        Field::ValueDate,
        Field::BookingText,
        Field::Debit,
        Field::Balance,
        Field::Counterparty,
        Field::Remittance,
    ];
    money
        && columns.has(Field::BookingDate)
        && telling.iter().filter(|field| columns.has(**field)).count() >= 2
}

/// The layouts: a name, the header names that tell it, and the decimal mark of its amounts. The
/// first that fits is meant.
const LAYOUTS: [(&str, &[&str], DecimalMark); 14] = [
    ("sparkasse-csv-camt", &["kundenreferenzendtoend", "sammlerreferenz"], DecimalMark::Comma),
    (
        "sparkasse-csv-mt940",
        &["auftragskonto", "beguenstigterzahlungspflichtiger"],
        DecimalMark::Comma,
    ),
    ("vr-csv", &["ibanauftragskonto", "namezahlungsbeteiligter"], DecimalMark::Comma),
    ("vr-csv-old", &["empfangerzahlungspflichtiger", "umsatz"], DecimalMark::Comma),
    ("dkb-csv", &["zahlungsempfangerin", "umsatztyp"], DecimalMark::Comma),
    ("dkb-csv-old", &["auftraggeberbegunstigter", "betrageur"], DecimalMark::Comma),
    ("postbank-csv", &["umsatzart", "begunstigterauftraggeber"], DecimalMark::Comma),
    ("commerzbank-csv", &["umsatzart", "buchungstext", "ibankontoinhaber"], DecimalMark::Comma),
    ("comdirect-csv", &["vorgang", "umsatzineur"], DecimalMark::Comma),
    ("ing-csv", &["auftraggeberempfanger", "saldo"], DecimalMark::Comma),
    ("hypovereinsbank-csv", &["empfanger1"], DecimalMark::Comma),
    ("n26-csv", &["partnername"], DecimalMark::Point),
    ("n26-csv-old", &["transaktionstyp", "wechselkurs"], DecimalMark::Point),
    ("bank-csv", &[], DecimalMark::Comma),
];

pub(crate) fn layout(columns: &Columns) -> (&'static str, DecimalMark) {
    let names: Vec<String> = columns.names.iter().map(|name| fold(name)).collect();
    let has = |wanted: &&str| names.iter().any(|name| *name == fold(wanted));
    LAYOUTS
        .iter()
        .find(|(_, wanted, _)| wanted.iter().all(has))
        .map_or(("bank-csv", DecimalMark::Comma), |(name, _, mark)| (*name, *mark))
}

/// The machine name of the layout.
pub fn layout_of(columns: &Columns) -> &'static str {
    layout(columns).0
}

/// Reads an export: one statement for each account in it.
pub fn read(
    file: FileId,
    columns: &Columns,
    preamble: &[Record],
    rows: &[Record],
    header: Place,
    reading: &mut Reading,
) {
    let (name, mark) = layout(columns);
    name.clone_into(&mut reading.format);
    reading.role = Role::Bank;
    let export = Export { file, columns, mark: ColumnMark::Settled(mark) };
    let (account, period) = about(preamble);
    let mut statements: BTreeMap<Option<Iban>, Vec<Line>> = BTreeMap::new();
    let mut order: Vec<Option<Iban>> = Vec::new();
    for row in rows.iter().filter(|row| !row.is_blank()) {
        let own = export.own_account(row).or_else(|| account.clone());
        match export.line(row, reading) {
            Some(line) => {
                if !order.contains(&own) {
                    order.push(own.clone());
                }
                statements.entry(own).or_default().push(line);
            }
            None => reading.skipped = reading.skipped.saturating_add(1),
        }
    }
    if order.is_empty() {
        order.push(account);
    }
    for own in order {
        let lines = statements.remove(&own).unwrap_or_default();
        let made = statement(own, period, lines, header, &mut reading.problems);
        reading.statements.push(made);
    }
    let entries: usize = reading.statements.iter().map(|statement| statement.entries.len()).sum();
    if entries == 0 && period.is_none() {
        reading.problems.push(Problem::new(ProblemCode::NothingFound, header));
        reading.refused = true;
    }
}

/// One export: its columns, and what its rows become.
pub(crate) struct Export<'a> {
    pub(crate) file: FileId,
    pub(crate) columns: &'a Columns,
    pub(crate) mark: ColumnMark,
}

impl Export<'_> {
    fn text(&self, row: &Record, field: Field) -> Option<String> {
        filled(row.text(self.columns.position(field)?))
    }

    /// The account a row is on, where a column names it.
    pub(crate) fn own_account(&self, row: &Record) -> Option<Iban> {
        self.text(row, Field::OwnAccount).and_then(|text| Iban::read(&text))
    }

    /// Reads a row; `None` for footers.
    pub(crate) fn line(&self, row: &Record, reading: &mut Reading) -> Option<Line> {
        let date_text = self.text(row, Field::BookingDate).unwrap_or_default();
        let booking_date = day(&date_text);
        let announced = booking_date.is_none()
            && matches!(fold(&date_text).as_str(), "offen" | "vorgemerkt" | "pending");
        let place = Place::line(self.file, row.line);
        let unreadable = |reading: &mut Reading, field: Field, day: Option<NaiveDate>| {
            let name = self.columns.position(field).map_or("", |column| self.columns.name(column));
            let value = self.text(row, field).unwrap_or_default();
            reading.skipped = reading.skipped.saturating_add(1);
            reading
                .problems
                .push(Problem::new(ProblemCode::EntryUnreadable, place).field(name).value(value));
            Some(Line::Unreadable(day))
        };
        if booking_date.is_none() && !announced {
            return if is_footer(row, &date_text) {
                None
            } else {
                unreadable(reading, Field::BookingDate, None)
            };
        }
        let Some((amount, direction)) = self.money(row) else {
            let field = if self.columns.has(Field::Amount) { Field::Amount } else { Field::Debit };
            return unreadable(reading, field, booking_date);
        };
        let currency = match self.text(row, Field::Currency) {
            None => Currency::EUR,
            Some(text) => match Currency::parse(&text) {
                Some(currency) => currency,
                None => return unreadable(reading, Field::Currency, booking_date),
            },
        };
        let balance = self
            .columns
            .position(Field::Balance)
            .and_then(|column| row.cell(column))
            .filter(|cell| !cell.text.is_empty())
            .and_then(|cell| crate::readers::tables::values::amount(cell, self.mark).ok());
        let mut entry = StatementEntry {
            place,
            amount: amount.abs(),
            currency,
            direction,
            status: self.status(row, announced),
            booking_date,
            value_date: self.text(row, Field::ValueDate).and_then(|text| day(&text)),
            common: Shared::new(CommonOfEntries {
                booking_text: self.text(row, Field::BookingText),
                ..CommonOfEntries::default()
            }),
            ..StatementEntry::default()
        };
        self.describe(row, &mut entry);
        Some(Line::Entry(Box::new(entry), balance))
    }

    fn status(&self, row: &Record, announced: bool) -> BookingStatus {
        let status = self.text(row, Field::Status).map(|text| fold(&text)).unwrap_or_default();
        if announced || status.contains("vorgemerkt") || status == "pending" {
            BookingStatus::Pending
        } else if status.is_empty()
            || status.contains("gebucht")
            || status == "completed"
            || status == "booked"
        {
            BookingStatus::Booked
        } else {
            BookingStatus::Information
        }
    }

    /// Amount and direction by the columns the layout has.
    fn money(&self, row: &Record) -> Option<(Amount, Direction)> {
        let read = |field: Field| {
            let cell = row.cell(self.columns.position(field)?)?;
            (!cell.text.is_empty()).then(|| amount(cell, self.mark).ok()).flatten()
        };
        if let Some(signed) = read(Field::Amount) {
            let marked = self.text(row, Field::Mark).map(|mark| mark.to_uppercase());
            let direction = match marked.as_deref() {
                Some("S" | "SOLL" | "D") => Direction::Debit,
                Some("H" | "HABEN" | "C") => Direction::Credit,
                Some(_) => return None,
                None if self.columns.has(Field::Mark) => return None,
                None if signed < Amount::ZERO => Direction::Debit,
                None => Direction::Credit,
            };
            return Some((signed, direction));
        }
        match (read(Field::Debit), read(Field::Credit)) {
            (Some(debit), None) => Some((debit, Direction::Debit)),
            (None, Some(credit)) => Some((credit, Direction::Credit)),
            _ => None,
        }
    }

    fn describe(&self, row: &Record, entry: &mut StatementEntry) {
        let debit = entry.direction == Direction::Debit;
        let mut detail = EntryDetail { place: entry.place, ..EntryDetail::default() };
        let second = self.text(row, Field::Counterparty2).filter(|text| text != ".");
        detail.counterparty = match (self.text(row, Field::Counterparty), second) {
            (Some(first), Some(second)) => Some(format!("{first} {second}")),
            (first, second) => first.or(second),
        };
        let of_side = if debit { Field::Payee } else { Field::Payer };
        detail.counterparty = detail.counterparty.or_else(|| self.text(row, of_side));
        let account = self.text(row, Field::Iban);
        detail.counterparty_iban = self
            .text(row, Field::BankCode)
            .and_then(|code| Iban::from_german_account(&code, account.as_deref()?))
            .or_else(|| account.as_deref().and_then(Iban::read))
            .filter(|iban| !iban.reveal().bytes().all(|byte| byte == b'0'));
        detail.end_to_end_id = self
            .text(row, Field::EndToEndId)
            .filter(|text| !crate::readers::tables::values::is_damaged(text));
        let mut mandate = self.text(row, Field::Mandate);
        detail.remittance = self.text(row, Field::Remittance);
        if let Some(named) = detail.remittance.as_deref().and_then(names_in_text) {
            // Some banks put name, account and text into one column.
            detail.counterparty = detail.counterparty.or(named.name);
            detail.counterparty_iban = detail.counterparty_iban.or(named.iban);
            detail.remittance = named.remittance.or(detail.remittance);
        }
        if let Some(tags) = detail.remittance.as_deref().and_then(tags::split) {
            detail.end_to_end_id = detail.end_to_end_id.or(tags.end_to_end_id);
            detail.instruction_id = tags.customer_reference;
            mandate = mandate.or(tags.mandate);
            detail.ultimate_counterparty = tags.ultimate;
            detail.counterparty_iban =
                detail.counterparty_iban.or_else(|| tags.iban.as_deref().and_then(Iban::read));
            detail.remittance = tags.remittance;
        }
        detail.mandate_id = mandate;
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
}

/// Rows below the bookings: closing lines, sentences.
fn is_footer(row: &Record, date_text: &str) -> bool {
    let words: Vec<String> = row.cells().flat_map(|cell| fold_words(cell.text)).collect();
    let names = [
        "kontostand",
        "endsaldo",
        "anfangssaldo",
        "saldo",
        "summe",
        "total",
        "alter",
        "neuer",
        "letzter",
    ];
    words.iter().any(|word| names.contains(&word.as_str()))
        || row.filled_width() <= 1
        // A closing line names no day of booking and no other side.
        || (!date_text.bytes().any(|byte| byte.is_ascii_digit())
            && row.cells().filter(|cell| !cell.text.is_empty()).count() <= 4)
}

/// The rows of one account as a statement.
pub(crate) fn statement(
    account: Option<Iban>,
    period: Option<(NaiveDate, NaiveDate)>,
    lines: Vec<Line>,
    header: Place,
    problems: &mut Vec<Problem>,
) -> Statement {
    let mut statement = Statement {
        place: header,
        kind: StatementKind::Export,
        account,
        period,
        ..Statement::default()
    };
    statement.unreadable_days = unreadable_days(&lines);
    if lines.iter().any(|line| matches!(line, Line::Unreadable(_)))
        && statement.unreadable_days.is_empty()
    {
        statement.covers_nothing = true;
    }
    let chain: Vec<(&StatementEntry, Amount)> = lines
        .iter()
        .filter_map(|line| match line {
            Line::Entry(entry, Some(balance)) if entry.status == BookingStatus::Booked => {
                Some((&**entry, *balance))
            }
            _ => None,
        })
        .collect();
    for (place, expected, found, from, to) in balance_breaks(&chain) {
        problems.push(
            Problem::new(ProblemCode::RunningBalanceBroken, place)
                .value(found.to_string())
                .expected(expected.to_string()),
        );
        statement.unreadable_days.push((from, to));
    }
    statement.entries = lines
        .into_iter()
        .filter_map(|line| match line {
            Line::Entry(entry, _) => Some(*entry),
            Line::Unreadable(_) => None,
        })
        .collect();
    interpret::statement(&mut statement);
    statement
}
