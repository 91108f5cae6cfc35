//! One row a bank entry, with the names of the JSON's `bank_entries` as columns.

use std::io;
use std::io::Write;

use chrono::NaiveDate;

use crate::reports::fields::defused;
use crate::reports::fields::put_record;
use crate::reports::in_order;
use crate::reports::options::Options;
use crate::reports::rows::EntryRow;
use crate::reports::rows::Rows;
use crate::verdict::result::Outcome;

const HEADER: [&str; 13] = [
    "file",
    "line",
    "account",
    "booking_date",
    "value_date",
    "amount",
    "currency",
    "disposition",
    "counterparty",
    "counterparty_iban",
    "end_to_end_id",
    "remittance",
    "booking_text",
];

/// Writes the bank entries as CSV (comma, UTF-8); filters concern payments only.
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let rows = Rows::new(outcome, options);
    let mut header = Vec::new();
    put_record(HEADER.iter().copied(), &mut header);
    out.write_all(&header)?;
    let all: Vec<_> = outcome.numbered_entries().collect();
    let work = |part: &[_], text: &mut Vec<u8>| {
        for entry in part.iter().filter_map(|one| outcome.entry(*one)) {
            put_record(record(&rows.entry(&entry)).iter().map(String::as_str), text);
        }
    };
    in_order::write(&all, options.threads, work, out)
}

fn record(row: &EntryRow) -> [String; HEADER.len()] {
    let text = |text: &Option<String>| defused(text.as_deref().unwrap_or_default());
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    [
        defused(&row.file),
        row.line.to_string(),
        text(&row.account),
        day(row.booking_date),
        day(row.value_date),
        row.amount.clone(),
        row.currency.clone(),
        row.disposition.to_owned(),
        text(&row.counterparty),
        text(&row.counterparty_iban),
        text(&row.end_to_end_id),
        text(&row.remittance),
        text(&row.booking_text),
    ]
}
