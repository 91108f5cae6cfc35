//! One row a bank entry, with the names of the JSON's `bank_entries` as columns.

use std::io;
use std::io::Write;

use chrono::NaiveDate;

use crate::model::brief::Window;
use crate::reports::entry_mould::Moulds;
use crate::reports::fields::defused;
use crate::reports::fields::put_record;
use crate::reports::in_order;
use crate::reports::options::Options;
use crate::reports::rows::EntryRow;
use crate::reports::rows::Rows;
use crate::verdict::parts::Part;
use crate::verdict::result::NumberedEntry;
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

/// Rows that a thread makes at a time.
const PART: usize = 2048;

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
    let moulds = Moulds::new(&rows);
    let booked = outcome.settled.booked();
    let put_full = |one: NumberedEntry, text: &mut Vec<u8>| {
        if let Some(entry) = outcome.entry(one) {
            put_record(record(&rows.entry(&entry)).iter().map(String::as_str), text);
        }
    };
    let work = |window: &mut Window, part: &Part, text: &mut Vec<u8>| {
        for run in outcome.entry_runs(&booked, part) {
            let last = run.settled.end.checked_sub(1).and_then(|last| booked.row_of(last));
            let last = last.and_then(|last| outcome.settled.booking(last));
            for entry in run.settled.filter_map(|number| booked.entry(number)) {
                let Some(booking) = outcome.settled.booking(entry) else { continue };
                if let Some(last) = &last {
                    let is_last = last.number == booking.number;
                    window.aim(if is_last { last.row.offset() } else { u64::MAX });
                }
                let disposition = entry.disposition();
                if moulds.put(&rows, &booking, disposition, window, text).is_none() {
                    put_full(NumberedEntry::Settled(entry), text);
                }
            }
            if let Some(number) = run.full {
                put_full(NumberedEntry::Full(number), text);
            }
        }
    };
    let parts = outcome.entry_parts(&booked, PART);
    in_order::write(&parts, options.threads, Window::default, work, out)
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
