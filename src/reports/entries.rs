//! One row a bank entry, with the names of the JSON's `bank_entries` as columns.

use std::io;
use std::io::Write;

use crate::model::brief::Window;
use crate::reports::digits;
use crate::reports::digits::Days;
use crate::reports::entry_column::EntryColumn;
use crate::reports::entry_mould::Moulds;
use crate::reports::fields::put_defused;
use crate::reports::fields::put_record;
use crate::reports::in_order;
use crate::reports::ink::Line;
use crate::reports::options::Options;
use crate::reports::rows::EntryRow;
use crate::reports::rows::Rows;
use crate::verdict::parts::Part;
use crate::verdict::result::NumberedEntry;
use crate::verdict::result::Outcome;

/// Rows that a thread makes at a time.
const PART: usize = 2048;

/// Writes the bank entries as CSV (comma, UTF-8); filters concern payments only.
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let columns = match options.entry_columns.as_slice() {
        [] => &EntryColumn::ALL,
        asked => asked,
    };
    let rows = Rows::new(outcome, options);
    let mut header = Vec::new();
    put_record(columns.iter().map(|column| column.name()), &mut header);
    out.write_all(&header)?;
    let moulds = Moulds::new(&rows, columns);
    let booked = outcome.settled.booked(options.threads);
    let put_full = |one: NumberedEntry, text: &mut Vec<u8>| {
        if let Some(entry) = outcome.entry(one) {
            put_row(&rows.entry(&entry), columns, text);
        }
    };
    let work = |own: &mut (Window, Days, Line), part: &Part, text: &mut Vec<u8>| {
        let (window, days, line) = own;
        let last = part.end().checked_sub(1).and_then(|last| booked.row_of(last));
        if let Some(last) = last.and_then(|last| outcome.settled.booking(last)) {
            window.aim(last.export.file, last.row.offset());
        }
        for run in outcome.entry_runs(&booked, part) {
            for entry in run.settled.filter_map(|number| booked.entry(number)) {
                let Some(booking) = outcome.settled.booking(entry) else { continue };
                let put = moulds.put(&booking, entry.disposition(), (window, days, line), text);
                if put.is_none() {
                    put_full(NumberedEntry::Settled(entry), text);
                }
            }
            if let Some(number) = run.full {
                put_full(NumberedEntry::Full(number), text);
            }
        }
    };
    let parts = outcome.entry_parts(&booked, PART);
    in_order::write(&parts, options.threads, Default::default, work, out)
}

fn put_row(row: &EntryRow, columns: &[EntryColumn], text: &mut Vec<u8>) {
    for (number, column) in columns.iter().enumerate() {
        if number > 0 {
            text.push(b',');
        }
        put_field(row, *column, text);
    }
    text.push(b'\n');
}

fn put_field(row: &EntryRow, column: EntryColumn, out: &mut Vec<u8>) {
    let mut text = |text: Option<&str>| put_defused(text.unwrap_or_default(), out);
    match column {
        EntryColumn::File => text(Some(&row.file)),
        EntryColumn::Account => text(row.account.as_deref()),
        EntryColumn::Counterparty => text(row.counterparty.as_deref()),
        EntryColumn::CounterpartyIban => text(row.counterparty_iban.as_deref()),
        EntryColumn::EndToEndId => text(row.end_to_end_id.as_deref()),
        EntryColumn::Remittance => text(row.remittance.as_deref()),
        EntryColumn::BookingText => text(row.booking_text.as_deref()),
        // These are ours: no formulas.
        EntryColumn::Line => digits::put_number(u64::from(row.line), out),
        EntryColumn::Amount => out.extend_from_slice(row.amount.as_bytes()),
        EntryColumn::Currency => out.extend_from_slice(row.currency.as_bytes()),
        EntryColumn::Disposition => out.extend_from_slice(row.disposition.as_bytes()),
        EntryColumn::BookingDate | EntryColumn::ValueDate => {
            let is_booking = column == EntryColumn::BookingDate;
            if let Some(day) = if is_booking { row.booking_date } else { row.value_date } {
                digits::put_day(day, out);
            }
        }
    }
}
