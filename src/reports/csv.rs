//! One row a payment, with the names of the JSON as columns.

use std::io;
use std::io::Write;

use chrono::NaiveDate;

use crate::reports::options::Options;
use crate::reports::rows::PaymentRow;
use crate::reports::rows::Rows;
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

/// Writes the payments as CSV (comma, UTF-8).
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let rows = Rows { outcome, options };
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(HEADER)?;
    for judged in outcome.all_payments().filter(|judged| options.filter.holds(judged)) {
        writer.write_record(record(&rows.payment(&judged)))?;
    }
    writer.flush()
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

/// A text that no spreadsheet takes for a formula.
fn defused(text: &str) -> String {
    let first = text.trim_start().chars().next();
    if matches!(first, Some('=' | '+' | '-' | '@')) || text.starts_with(['\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused() {
        for (text, expected) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            (" +49", "' +49"),
            ("@SUM", "'@SUM"),
            ("Müller", "Müller"),
            ("", ""),
        ] {
            assert_eq!(defused(text), expected);
        }
    }
}
