//! One row a payment, with the names of the JSON as columns.

use std::io;
use std::io::Write;

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
use crate::verdict::result::Numbered;
use crate::verdict::result::Outcome;

/// Plain cases that are fetched at a time.
const AT_A_TIME: usize = 64;

/// Writes the payments as CSV (comma, UTF-8).
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let rows = Rows::new(outcome, options);
    let columns = match options.columns.as_slice() {
        [] => &Column::ALL,
        asked => asked,
    };
    let mut header = Vec::new();
    put_record(columns.iter().map(|column| column.name()), &mut header);
    out.write_all(&header)?;
    let moulds = Moulds::new(&rows);
    let as_ever = options.filter.is_empty() && options.columns.is_empty();
    let all: Vec<Numbered> = outcome.numbered().collect();
    let work = |part: &[Numbered], text: &mut Vec<u8>| {
        let mut window = Window::default();
        let mut cases = Vec::with_capacity(AT_A_TIME);
        for part in part.chunks(AT_A_TIME) {
            // The bookings of neighbours stand anywhere: fetched side by side they take less time.
            cases.clear();
            cases.extend(part.iter().map(|one| match one {
                Numbered::Settled(number) if as_ever => outcome.settled.case(*number),
                _ => None,
            }));
            for (one, case) in part.iter().zip(&cases) {
                let put = |case| moulds.put(&rows, case, &mut window, text);
                if case.as_ref().and_then(put).is_some() {
                    continue;
                }
                let judged = outcome.payment(*one).filter(|judged| options.filter.holds(judged));
                if let Some(judged) = judged {
                    let row = rows.payment(&judged);
                    let fields: Vec<String> =
                        columns.iter().map(|column| field(&row, *column)).collect();
                    put_record(fields.iter().map(String::as_str), text);
                }
            }
        }
    };
    in_order::write(&all, options.threads, work, out)
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
