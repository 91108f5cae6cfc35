//! One row a bank entry, with the names of the JSON's `bank_entries` as columns.

use std::io;
use std::io::Write;

use crate::model::brief::Window;
use crate::reports::csv::head;
use crate::reports::csv::put_amount;
use crate::reports::csv::put_iban;
use crate::reports::digits;
use crate::reports::digits::Days;
use crate::reports::entry_column::EntryColumn;
use crate::reports::entry_mould::Moulds;
use crate::reports::fields::Pen;
use crate::reports::in_order;
use crate::reports::ink::Line;
use crate::reports::options::Options;
use crate::reports::options::Separator;
use crate::reports::rows::Rows;
use crate::verdict::outcome::BankEntry;
use crate::verdict::parts::Part;
use crate::verdict::result::NumberedEntry;
use crate::verdict::result::Outcome;

/// Rows that a thread makes at a time.
const PART: usize = 2048;

/// Writes the bank entries as CSV (UTF-8); filters concern payments only.
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
    let pen = Pen::new(options);
    out.write_all(&head(pen, options, columns.iter().map(|column| column.name())))?;
    // Moulds are made for commas.
    let moulds = (options.separator == Separator::Comma).then(|| Moulds::new(&rows, columns));
    let booked = outcome.settled.booked(options.threads);
    let put_full = |one: NumberedEntry, text: &mut Vec<u8>| {
        if let Some(entry) = outcome.entry(one) {
            put_row(&rows, &entry, (columns, pen), text);
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
                let put = moulds.as_ref().and_then(|moulds| {
                    moulds.put(&booking, entry.disposition(), (window, days, line), text)
                });
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

fn put_row(
    rows: &Rows<'_>,
    entry: &BankEntry,
    (columns, pen): (&[EntryColumn], Pen),
    text: &mut Vec<u8>,
) {
    for (number, column) in columns.iter().enumerate() {
        if number > 0 {
            text.push(pen.separator());
        }
        put_field(rows, entry, (*column, pen), text);
    }
    text.push(b'\n');
}

fn put_field(
    rows: &Rows<'_>,
    entry: &BankEntry,
    (column, pen): (EntryColumn, Pen),
    out: &mut Vec<u8>,
) {
    let of_file = |text: Option<&str>, out: &mut _| pen.put_text(text.unwrap_or_default(), out);
    match column {
        EntryColumn::Counterparty => of_file(entry.counterparty.as_deref(), out),
        EntryColumn::EndToEndId => of_file(entry.end_to_end_id.as_deref(), out),
        EntryColumn::Remittance => of_file(entry.remittance.as_deref(), out),
        EntryColumn::BookingText => of_file(entry.booking_text.as_deref(), out),
        EntryColumn::Account => put_iban(rows, entry.account.as_ref(), pen, out),
        EntryColumn::CounterpartyIban => {
            put_iban(rows, entry.counterparty_iban.as_ref(), pen, out);
        }
        EntryColumn::File => pen.put_defused(&rows.path(entry.place), out),
        // These are ours: no formulas.
        EntryColumn::Line => digits::put_number(u64::from(rows.line(entry.place)), out),
        EntryColumn::Amount => put_amount(Some(entry.amount), pen, out),
        EntryColumn::Currency => out.extend_from_slice(entry.currency.as_str().as_bytes()),
        EntryColumn::Disposition => out.extend_from_slice(entry.disposition.name().as_bytes()),
        EntryColumn::BookingDate => digits::put_some_day(entry.booking_date, out),
        EntryColumn::ValueDate => digits::put_some_day(entry.value_date, out),
    }
}
