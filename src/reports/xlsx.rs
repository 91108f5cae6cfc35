//! The report as a workbook: real numbers and dates, filters, frozen headers, no formula.

use std::io;
use std::io::Write;

use chrono::Datelike;
use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::Worksheet;
use rust_xlsxwriter::XlsxError;

use crate::model::amount::Amount;
use crate::model::payment::Benefit;
use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::summary;
use crate::reports::wording::Words;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::result::Outcome;
use crate::verdict::status::Status;

/// Writes the workbook.
///
/// # Errors
///
/// What the output or the spreadsheet library gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let bytes = workbook(outcome, options).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

/// Which payments a sheet holds.
type Wanted = fn(&JudgedPayment) -> bool;

fn workbook(outcome: &Outcome, options: &Options) -> Result<Vec<u8>, XlsxError> {
    let rows = Rows::new(outcome, options);
    let words = Words(options.language);
    let mut book = Workbook::new();
    let looks = Looks::new();
    overview(&rows, words, book.add_worksheet_with_constant_memory()?, &looks)?;
    let parts: [(&str, &str, Wanted); 4] = [
        ("Zu klären", "Follow-ups", |judged| judged.verdict.status == Status::FollowUp),
        ("Verzögert", "Delayed", |judged| judged.verdict.status == Status::Delayed),
        ("Alle Zahlungen", "All payments", |_| true),
        ("Pflegeheime", "Care homes", |judged| {
            judged.payment.benefit == Benefit::CareHome || judged.payment.facility.is_some()
        }),
    ];
    for (german, english, wanted) in parts {
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(words.pick(german, english))?;
        payments(&rows, wanted, sheet, &looks)?;
    }
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(words.pick("Bankbuchungen", "Bank entries"))?;
    entries(&rows, sheet, &looks)?;
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name(words.pick("Dateien", "Files"))?;
    files(&rows, sheet, &looks)?;
    book.save_to_buffer()
}

struct Looks {
    head: Format,
    money: Format,
    day: Format,
}

impl Looks {
    fn new() -> Self {
        Self {
            head: Format::new().set_bold(),
            money: Format::new().set_num_format("#,##0.00"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// A cell; text is only ever written as text.
enum Value {
    Text(String),
    Money(Option<Amount>),
    Day(Option<NaiveDate>),
    Count(u64),
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    values: Vec<Value>,
    looks: &Looks,
) -> Result<(), XlsxError> {
    for (column, value) in (0_u16..).zip(values) {
        match value {
            Value::Text(text) if text.is_empty() => {}
            Value::Text(text) => {
                // A cell holds 32,767 characters at most.
                let short: String = text.chars().take(32_000).collect();
                sheet.write_string(row, column, short)?;
            }
            Value::Money(Some(amount)) => {
                // Spreadsheets know binary numbers only; two decimals survive up to 13 digits.
                let number = amount.to_decimal().to_f64().unwrap_or_default();
                sheet.write_number_with_format(row, column, number, &looks.money)?;
            }
            Value::Day(Some(day)) => {
                let year = u16::try_from(day.year()).unwrap_or_default();
                let month = u8::try_from(day.month()).unwrap_or_default();
                let date = ExcelDateTime::from_ymd(
                    year,
                    month,
                    u8::try_from(day.day()).unwrap_or_default(),
                )?;
                sheet.write_datetime_with_format(row, column, date, &looks.day)?;
            }
            Value::Count(count) => {
                sheet.write_string(row, column, count.to_string())?;
            }
            Value::Money(None) | Value::Day(None) => {}
        }
    }
    Ok(())
}

fn head(
    sheet: &mut Worksheet,
    names: &[&str],
    widths: &[u16],
    looks: &Looks,
) -> Result<(), XlsxError> {
    for (column, width) in (0_u16..).zip(widths) {
        sheet.set_column_width(column, f64_of(*width))?;
    }
    for (column, name) in (0_u16..).zip(names) {
        sheet.write_string_with_format(0, column, *name, &looks.head)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

#[expect(clippy::disallowed_types, reason = "the library wants column widths as binary numbers")]
fn f64_of(width: u16) -> f64 {
    f64::from(width)
}

fn filter(sheet: &mut Worksheet, rows: u32, columns: usize) -> Result<(), XlsxError> {
    let last = u16::try_from(columns.saturating_sub(1)).unwrap_or_default();
    sheet.autofilter(0, 0, rows.max(1), last)?;
    Ok(())
}

fn overview(
    rows: &Rows<'_>,
    words: Words,
    sheet: &mut Worksheet,
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name(words.pick("Übersicht", "Summary"))?;
    let names = [
        "list",
        "payments",
        "sum",
        "credited",
        "credited sum",
        "delayed",
        "delayed sum",
        "follow-up",
        "follow-up sum",
    ];
    head(sheet, &names, &[50, 12, 16, 12, 16, 12, 16, 12, 16], looks)?;
    let totals = &rows.outcome.totals;
    let mut lists: Vec<_> = summary::by_list(rows)
        .into_iter()
        .map(|list| (list.path, list.payments, list.parts))
        .collect();
    lists.push((
        words.pick("alle", "all").to_owned(),
        totals.payments,
        [totals.credited, totals.delayed, totals.follow_up],
    ));
    let mut line = 1_u32;
    for (path, payments, parts) in lists {
        let mut values = vec![
            Value::Text(path),
            Value::Count(payments.count),
            Value::Money(Some(payments.amount)),
        ];
        for part in parts {
            values.push(Value::Count(part.count));
            values.push(Value::Money(Some(part.amount)));
        }
        put(sheet, line, values, looks)?;
        line = line.saturating_add(1);
    }
    for sentence in [
        summary::list_equation(rows, words),
        summary::bank_equation(rows, words),
        summary::closes(rows, words).to_owned(),
    ]
    .into_iter()
    .chain(summary::missing(rows, words))
    {
        line = line.saturating_add(1);
        put(sheet, line, vec![Value::Text(sentence)], looks)?;
    }
    Ok(())
}

const PAYMENT_COLUMNS: [&str; 19] = [
    "case_id",
    "beneficiary",
    "payee",
    "benefit",
    "office",
    "facility",
    "iban",
    "amount",
    "status",
    "reason",
    "evidence",
    "due",
    "booked_on",
    "credited_on",
    "latest_credit",
    "credited_amount",
    "actor",
    "action",
    "source",
];

fn payments(
    rows: &Rows<'_>,
    wanted: fn(&JudgedPayment) -> bool,
    sheet: &mut Worksheet,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let widths = [14, 26, 26, 18, 16, 22, 12, 12, 11, 18, 9, 11, 11, 11, 12, 14, 14, 50, 40];
    head(sheet, &PAYMENT_COLUMNS, &widths, looks)?;
    let mut line = 0_u32;
    let shown = |judged: &JudgedPayment| wanted(judged) && rows.options.filter.holds(judged);
    for judged in rows.outcome.all_payments().filter(|judged| shown(judged)) {
        line = line.saturating_add(1);
        let row = rows.payment(&judged);
        let text = |text: Option<String>| Value::Text(text.unwrap_or_default());
        let verdict = &judged.verdict;
        let values = vec![
            text(row.case_id),
            text(row.beneficiary),
            text(row.payee),
            text(row.benefit),
            text(row.office),
            text(row.facility),
            text(row.iban),
            Value::Money(judged.payment.amount),
            Value::Text(row.status.to_owned()),
            Value::Text(row.reason.to_owned()),
            Value::Text(row.evidence.to_owned()),
            Value::Day(Some(verdict.due)),
            Value::Day(verdict.booked_on),
            Value::Day(verdict.credited_on),
            Value::Day(verdict.latest_credit),
            Value::Money(verdict.credited_amount),
            Value::Text(row.actor.unwrap_or_default().to_owned()),
            text(row.action),
            Value::Text(format!("{}:{}", row.source.file, row.source.line)),
        ];
        put(sheet, line, values, looks)?;
    }
    filter(sheet, line, PAYMENT_COLUMNS.len())
}

fn entries(rows: &Rows<'_>, sheet: &mut Worksheet, looks: &Looks) -> Result<(), XlsxError> {
    let names = [
        "booking_date",
        "value_date",
        "amount",
        "disposition",
        "counterparty",
        "end_to_end_id",
        "remittance",
        "account",
        "source",
    ];
    head(sheet, &names, &[12, 12, 14, 18, 30, 24, 50, 12, 40], looks)?;
    let mut line = 0_u32;
    for entry in rows.outcome.all_entries() {
        line = line.saturating_add(1);
        let row = rows.entry(&entry);
        let text = |text: Option<String>| Value::Text(text.unwrap_or_default());
        let values = vec![
            Value::Day(entry.booking_date),
            Value::Day(entry.value_date),
            Value::Money(Some(entry.amount)),
            Value::Text(row.disposition.to_owned()),
            text(row.counterparty),
            text(row.end_to_end_id),
            text(row.remittance.or(row.booking_text)),
            text(row.account),
            Value::Text(format!("{}:{}", row.file, row.line)),
        ];
        put(sheet, line, values, looks)?;
    }
    filter(sheet, line, names.len())
}

fn files(rows: &Rows<'_>, sheet: &mut Worksheet, looks: &Looks) -> Result<(), XlsxError> {
    head(
        sheet,
        &["path", "role", "format", "records", "skipped", "sha256"],
        &[60, 12, 20, 10, 10, 66],
        looks,
    )?;
    for (line, file) in (1_u32..).zip(rows.files()) {
        let values = vec![
            Value::Text(file.path),
            Value::Text(file.role.to_owned()),
            Value::Text(file.version.unwrap_or(file.format)),
            Value::Count(file.records),
            Value::Count(file.skipped),
            Value::Text(file.sha256),
        ];
        put(sheet, line, values, looks)?;
    }
    Ok(())
}
