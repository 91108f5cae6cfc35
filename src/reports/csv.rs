//! One row a payment, with the names of the JSON as columns.

use std::io;
use std::io::Write;

use chrono::NaiveDate;

use crate::model::brief::Window;
use crate::reports::fields::defused;
use crate::reports::fields::put_record;
use crate::reports::in_order;
use crate::reports::mould::Moulds;
use crate::reports::options::Options;
use crate::reports::rows::PaymentRow;
use crate::reports::rows::Rows;
use crate::verdict::result::Numbered;
use crate::verdict::result::Outcome;

const HEADER: [&str; 29] = [
    "case_id",
    "end_to_end_id",
    "benefit",
    "beneficiary",
    "payee",
    "iban",
    "amount",
    "currency",
    "office",
    "facility",
    "run",
    "file",
    "line",
    "status",
    "reason",
    "how",
    "evidence",
    "rule",
    "due",
    "booked_on",
    "credited_on",
    "latest_credit",
    "guaranteed",
    "credited_amount",
    "reason_code",
    "actor",
    "action",
    "entries",
    "trail",
];

/// Plain cases that are fetched at a time.
const AT_A_TIME: usize = 64;

/// Writes the payments as CSV (comma, UTF-8).
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let rows = Rows::new(outcome, options);
    let mut header = Vec::new();
    put_record(HEADER.iter().copied(), &mut header);
    out.write_all(&header)?;
    let moulds = Moulds::new(&rows);
    let all: Vec<Numbered> = outcome.numbered().collect();
    let work = |part: &[Numbered], text: &mut Vec<u8>| {
        let mut window = Window::default();
        let mut cases = Vec::with_capacity(AT_A_TIME);
        for part in part.chunks(AT_A_TIME) {
            // The bookings of neighbours stand anywhere: fetched side by side they take less time.
            cases.clear();
            cases.extend(part.iter().map(|one| match one {
                Numbered::Settled(number) if options.filter.is_empty() => {
                    outcome.settled.case(*number)
                }
                _ => None,
            }));
            for (one, case) in part.iter().zip(&cases) {
                let put = |case| moulds.put(&rows, case, &mut window, text);
                if case.as_ref().and_then(put).is_some() {
                    continue;
                }
                let judged = outcome.payment(*one).filter(|judged| options.filter.holds(judged));
                if let Some(judged) = judged {
                    let record = record(&rows.payment(&judged));
                    put_record(record.iter().map(String::as_str), text);
                }
            }
        }
    };
    in_order::write(&all, options.threads, work, out)
}

fn record(row: &PaymentRow) -> Vec<String> {
    let text = |text: &Option<String>| defused(text.as_deref().unwrap_or_default());
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let name = |name: Option<&str>| name.unwrap_or_default().to_owned();
    let entries: Vec<String> = row
        .entries
        .iter()
        .map(|cited| format!("{}:{} {}", cited.file, cited.line, cited.amount))
        .collect();
    vec![
        text(&row.case_id),
        text(&row.end_to_end_id),
        text(&row.benefit),
        text(&row.beneficiary),
        text(&row.payee),
        text(&row.iban),
        row.amount.clone().unwrap_or_default(),
        row.currency.clone(),
        text(&row.office),
        text(&row.facility),
        text(&row.run),
        defused(&row.source.file),
        row.source.line.to_string(),
        row.status.to_owned(),
        row.reason.to_owned(),
        name(row.how),
        row.evidence.to_owned(),
        name(row.rule),
        row.due.to_string(),
        day(row.booked_on),
        day(row.credited_on),
        day(row.latest_credit),
        row.guaranteed.to_string(),
        row.credited_amount.clone().unwrap_or_default(),
        text(&row.reason_code),
        name(row.actor),
        text(&row.action),
        defused(&entries.join("; ")),
        defused(&row.trail.join("; ")),
    ]
}
