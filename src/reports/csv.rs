//! One row a payment, with the names of the JSON as columns.

use std::io;
use std::io::Write;
use std::ops::Range;

use crate::model::brief::Window;
use crate::reports::column::Column;
use crate::reports::digits;
use crate::reports::fields::put;
use crate::reports::fields::put_defused;
use crate::reports::fields::put_record;
use crate::reports::in_order;
use crate::reports::ink::Line;
use crate::reports::mould::Moulds;
use crate::reports::options::Options;
use crate::reports::rows::PaymentRow;
use crate::reports::rows::Rows;
use crate::verdict::parts::Part;
use crate::verdict::result::Numbered;
use crate::verdict::result::Outcome;

/// Rows that a thread makes at a time.
const PART: usize = 1024;

/// Writes the payments as CSV (comma, UTF-8).
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let columns = match options.columns.as_slice() {
        [] => &Column::ALL,
        asked => asked,
    };
    let mut header = Vec::new();
    put_record(columns.iter().map(|column| column.name()), &mut header);
    out.write_all(&header)?;
    let rows = Rows::new(outcome, options);
    let table = Table { rows, columns, moulds: Moulds::new(&rows, columns) };
    let work = |(window, line): &mut (Window, Line), part: &Part, text: &mut Vec<u8>| {
        let last = part.end().checked_sub(1).and_then(|last| outcome.settled.row(last));
        if let Some((list, row)) = last {
            window.aim(list.file, row.offset());
        }
        for run in outcome.payment_runs(part) {
            table.put_settled(run.settled, (window, line), text);
            if let Some(number) = run.full {
                table.put_full(Numbered::Full(number), text);
            }
        }
    };
    let parts = outcome.payment_parts(PART);
    in_order::write(&parts, options.threads, Default::default, work, out)
}

struct Table<'a> {
    rows: Rows<'a>,
    columns: &'a [Column],
    moulds: Moulds,
}

impl Table<'_> {
    fn put_settled(
        &self,
        numbers: Range<usize>,
        (window, line): (&mut Window, &mut Line),
        text: &mut Vec<u8>,
    ) {
        let settled = &self.rows.outcome.settled;
        let full_iban = self.rows.options.full_iban;
        for number in numbers {
            // Rows that are not settled are among the full ones.
            let Some(case) = settled.case(number) else { continue };
            if self.moulds.put(full_iban, &case, (window, line), text).is_none() {
                self.put_full(Numbered::Settled(number), text);
            }
        }
    }

    fn put_full(&self, one: Numbered, text: &mut Vec<u8>) {
        let Rows { outcome, options } = self.rows;
        let judged = outcome.payment(one).filter(|judged| options.filter.holds(judged));
        let Some(judged) = judged else { return };
        let row = self.rows.payment_without_trail(&judged);
        for (number, column) in self.columns.iter().enumerate() {
            if number > 0 {
                text.push(b',');
            }
            if *column == Column::Trail {
                let sentences: Vec<String> = self.rows.trail(&judged).collect();
                put_defused(&sentences.join("; "), text);
            } else {
                put_field(&row, *column, text);
            }
        }
        text.push(b'\n');
    }
}

/// A field of a row; it has no trail.
fn put_field(row: &PaymentRow, column: Column, out: &mut Vec<u8>) {
    let mut text = |text: Option<&str>| put_defused(text.unwrap_or_default(), out);
    match column {
        Column::CaseId => text(row.case_id.as_deref()),
        Column::EndToEndId => text(row.end_to_end_id.as_deref()),
        Column::Benefit => text(row.benefit.as_deref()),
        Column::Beneficiary => text(row.beneficiary.as_deref()),
        Column::Payee => text(row.payee.as_deref()),
        Column::Iban => text(row.iban.as_deref()),
        Column::Office => text(row.office.as_deref()),
        Column::Facility => text(row.facility.as_deref()),
        Column::Run => text(row.run.as_deref()),
        Column::File => text(Some(&row.source.file)),
        Column::ReasonCode => text(row.reason_code.as_deref()),
        Column::Action => text(row.action.as_deref()),
        Column::Entries => {
            let cited = row.entries.iter();
            let cited = cited.map(|own| format!("{}:{} {}", own.file, own.line, own.amount));
            text(Some(&cited.collect::<Vec<_>>().join("; ")));
        }
        Column::Trail => {}
        // These are ours: no formulas.
        Column::Amount => put(row.amount.as_deref().unwrap_or_default(), out),
        Column::CreditedAmount => put(row.credited_amount.as_deref().unwrap_or_default(), out),
        Column::Currency => put(&row.currency, out),
        Column::Line => digits::put_number(u64::from(row.source.line), out),
        Column::Status => put(row.status, out),
        Column::Reason => put(row.reason, out),
        Column::How => put(row.how.unwrap_or_default(), out),
        Column::Evidence => put(row.evidence, out),
        Column::Rule => put(row.rule.unwrap_or_default(), out),
        Column::Actor => put(row.actor.unwrap_or_default(), out),
        Column::Guaranteed => put(if row.guaranteed { "true" } else { "false" }, out),
        Column::Due => digits::put_day(row.due, out),
        Column::BookedOn | Column::CreditedOn | Column::LatestCredit => {
            let day = match column {
                Column::BookedOn => row.booked_on,
                Column::CreditedOn => row.credited_on,
                _ => row.latest_credit,
            };
            if let Some(day) = day {
                digits::put_day(day, out);
            }
        }
    }
}
