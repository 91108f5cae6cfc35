//! One row a payment, with the names of the JSON as columns.

use std::io;
use std::io::Write;
use std::ops::Range;

use chrono::NaiveDate;

use crate::model::brief::Window;
use crate::reports::column::Column;
use crate::reports::fields::defused;
use crate::reports::fields::put_record;
use crate::reports::in_order;
use crate::reports::mould::Moulds;
use crate::reports::options::Options;
use crate::reports::rows::PaymentRow;
use crate::reports::rows::Rows;
use crate::verdict::parts::Part;
use crate::verdict::result::Numbered;
use crate::verdict::result::Outcome;

/// Rows that a thread makes at a time.
const PART: usize = 1024;

/// Plain cases that are fetched at a time.
const AT_A_TIME: usize = 64;

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
    let work = |window: &mut Window, part: &Part, text: &mut Vec<u8>| {
        for run in outcome.payment_runs(part) {
            table.put_settled(run.settled, window, text);
            if let Some(number) = run.full {
                table.put_full(Numbered::Full(number), text);
            }
        }
    };
    let parts = outcome.payment_parts(PART);
    in_order::write(&parts, options.threads, Window::default, work, out)
}

struct Table<'a> {
    rows: Rows<'a>,
    columns: &'a [Column],
    moulds: Moulds,
}

impl Table<'_> {
    fn put_settled(&self, mut numbers: Range<usize>, window: &mut Window, text: &mut Vec<u8>) {
        let settled = &self.rows.outcome.settled;
        let full_iban = self.rows.options.full_iban;
        let last = numbers.clone().rev().find_map(|number| settled.case(number));
        let mut cases = [None; AT_A_TIME];
        while !numbers.is_empty() {
            // The bookings of neighbours stand anywhere: fetched side by side they take less time.
            let first = numbers.start;
            for (case, number) in cases.iter_mut().zip(&mut numbers) {
                *case = settled.case(number);
            }
            for (number, case) in (first..numbers.start).zip(&cases) {
                // Rows that are not settled are among the full ones.
                let Some(case) = case else { continue };
                if let Some(last) = &last {
                    let is_last_list = last.list.file == case.list.file;
                    window.aim(if is_last_list { last.row.offset() } else { u64::MAX });
                }
                if self.moulds.put(full_iban, case, window, text).is_none() {
                    self.put_full(Numbered::Settled(number), text);
                }
            }
        }
    }

    fn put_full(&self, one: Numbered, text: &mut Vec<u8>) {
        let Rows { outcome, options } = self.rows;
        let judged = outcome.payment(one).filter(|judged| options.filter.holds(judged));
        if let Some(judged) = judged {
            let row = self.rows.payment(&judged);
            let fields = self.columns.iter().map(|column| field(&row, *column));
            let fields: Vec<String> = fields.collect();
            put_record(fields.iter().map(String::as_str), text);
        }
    }
}

fn field(row: &PaymentRow, column: Column) -> String {
    let text = |text: &Option<String>| defused(text.as_deref().unwrap_or_default());
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let name = |name: Option<&str>| name.unwrap_or_default().to_owned();
    match column {
        Column::CaseId => text(&row.case_id),
        Column::EndToEndId => text(&row.end_to_end_id),
        Column::Benefit => text(&row.benefit),
        Column::Beneficiary => text(&row.beneficiary),
        Column::Payee => text(&row.payee),
        Column::Iban => text(&row.iban),
        Column::Amount => row.amount.clone().unwrap_or_default(),
        Column::Currency => row.currency.clone(),
        Column::Office => text(&row.office),
        Column::Facility => text(&row.facility),
        Column::Run => text(&row.run),
        Column::File => defused(&row.source.file),
        Column::Line => row.source.line.to_string(),
        Column::Status => row.status.to_owned(),
        Column::Reason => row.reason.to_owned(),
        Column::How => name(row.how),
        Column::Evidence => row.evidence.to_owned(),
        Column::Rule => name(row.rule),
        Column::Due => row.due.to_string(),
        Column::BookedOn => day(row.booked_on),
        Column::CreditedOn => day(row.credited_on),
        Column::LatestCredit => day(row.latest_credit),
        Column::Guaranteed => row.guaranteed.to_string(),
        Column::CreditedAmount => row.credited_amount.clone().unwrap_or_default(),
        Column::ReasonCode => text(&row.reason_code),
        Column::Actor => name(row.actor),
        Column::Action => text(&row.action),
        Column::Entries => {
            let cited = row.entries.iter();
            let cited = cited.map(|own| format!("{}:{} {}", own.file, own.line, own.amount));
            defused(&cited.collect::<Vec<_>>().join("; "))
        }
        Column::Trail => defused(&row.trail.join("; ")),
    }
}
