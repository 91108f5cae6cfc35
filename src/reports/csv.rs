//! One row a payment, with the names of the JSON as columns.

use std::io;
use std::io::Write;
use std::ops::Range;

use crate::model::amount::Amount;
use crate::model::brief::Window;
use crate::model::iban::Iban;
use crate::reports::column::Column;
use crate::reports::digits;
use crate::reports::fields::Pen;
use crate::reports::in_order;
use crate::reports::ink::Line;
use crate::reports::mould::Moulds;
use crate::reports::options::Options;
use crate::reports::options::Separator;
use crate::reports::rows::Rows;
use crate::reports::sections::Section;
use crate::verdict::outcome::How;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::Rule;
use crate::verdict::parts::Part;
use crate::verdict::reason::Actor;
use crate::verdict::result::Numbered;
use crate::verdict::result::Outcome;

/// Rows that a thread makes at a time.
const PART: usize = 1024;

/// Writes the payments as CSV (UTF-8).
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let columns = match options.columns.as_slice() {
        [] => Column::usual(!options.resolutions.is_empty()),
        asked => asked,
    };
    let pen = Pen::new(options);
    out.write_all(&head(pen, options, columns.iter().map(|column| column.name())))?;
    let rows = Rows::new(outcome, options);
    // Moulds are made for commas, and know of no decisions.
    let moulds = match options.separator {
        Separator::Comma if options.resolutions.is_empty() => Moulds::new(&rows, columns),
        _ => Moulds::default(),
    };
    let table = Table { rows, columns, pen, moulds };
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

/// What a table begins with.
pub(crate) fn head<'a>(
    pen: Pen,
    options: &Options,
    names: impl Iterator<Item = &'a str>,
) -> Vec<u8> {
    let mut text = Vec::new();
    if options.separator == Separator::Semicolon {
        text.extend_from_slice("\u{feff}".as_bytes());
    }
    pen.record(names, &mut text);
    text
}

/// A section of a report as a table.
pub(crate) fn section(section: &Section, options: &Options) -> Vec<u8> {
    let pen = Pen::new(options);
    let mut text = head(pen, options, section.header.iter().map(String::as_str));
    for row in &section.rows {
        pen.record_defused(row.iter().map(String::as_str), &mut text);
    }
    text
}

struct Table<'a> {
    rows: Rows<'a>,
    columns: &'a [Column],
    pen: Pen,
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
        let pen = (self.pen, self.rows.options.full_iban);
        for number in numbers {
            // Rows that are not settled are among the full ones.
            let Some(case) = settled.case(number) else { continue };
            if self.moulds.put(pen, &case, (window, line), text).is_none() {
                self.put_full(Numbered::Settled(number), text);
            }
        }
    }

    fn put_full(&self, one: Numbered, text: &mut Vec<u8>) {
        let Rows { outcome, options } = self.rows;
        let judged = outcome.payment(one).filter(|judged| options.filter.holds(judged));
        let Some(judged) = judged else { return };
        for (number, column) in self.columns.iter().enumerate() {
            if number > 0 {
                text.push(self.pen.separator());
            }
            put_field(&self.rows, &judged, *column, self.pen, text);
        }
        text.push(b'\n');
    }
}

/// A field of a row.
fn put_field(rows: &Rows<'_>, judged: &JudgedPayment, column: Column, pen: Pen, out: &mut Vec<u8>) {
    let (row, verdict) = (&judged.payment, &judged.verdict);
    let mut of_file =
        |text: &Option<String>| pen.put_text(text.as_deref().unwrap_or_default(), out);
    match column {
        Column::CaseId => of_file(&row.case_id),
        Column::EndToEndId => of_file(&row.end_to_end_id),
        Column::Beneficiary => of_file(&row.beneficiary),
        Column::Payee => of_file(&row.payee),
        Column::Office => of_file(&row.office),
        Column::Facility => of_file(&row.facility),
        Column::Run => of_file(&row.run),
        Column::ReasonCode => of_file(&verdict.reason_code),
        Column::ReasonText => of_file(&verdict.reason_text),
        Column::Benefit => pen.put_text(row.benefit.name(), out),
        Column::Iban => put_iban(rows, row.iban.as_ref(), pen, out),
        Column::File => pen.put_defused(&rows.path(row.place), out),
        Column::Action => pen.put_defused(&rows.action(verdict).unwrap_or_default(), out),
        Column::Trail => put_sentences(rows.trail(judged), pen, out),
        Column::Entries => {
            let cited = verdict.entries.iter().map(|own| {
                format!("{}:{} {}", rows.path(own.place), rows.line(own.place), own.amount)
            });
            put_sentences(cited, pen, out);
        }
        // These are ours: no formulas.
        Column::Amount => put_amount(row.amount, pen, out),
        Column::CreditedAmount => put_amount(verdict.credited_amount, pen, out),
        Column::Currency => pen.put(row.currency.as_str(), out),
        Column::Line => digits::put_number(u64::from(rows.line(row.place)), out),
        Column::Status => pen.put(verdict.status.name(), out),
        Column::Reason => pen.put(verdict.reason.name(), out),
        Column::How => pen.put(verdict.how.map(How::name).unwrap_or_default(), out),
        Column::Evidence => pen.put(verdict.evidence.name(), out),
        Column::Rule => pen.put(verdict.rule.map(Rule::name).unwrap_or_default(), out),
        Column::Actor => pen.put(verdict.actor.map(Actor::name).unwrap_or_default(), out),
        Column::NeedsPerson => {
            pen.put(if rows.needs_person(judged) { "true" } else { "false" }, out);
        }
        Column::Resolution => pen.put_defused(&rows.decision(judged), out),
        Column::Guaranteed => pen.put(if verdict.guaranteed { "true" } else { "false" }, out),
        Column::Due => digits::put_day(verdict.due, out),
        Column::BookedOn => digits::put_some_day(verdict.booked_on, out),
        Column::CreditedOn => digits::put_some_day(verdict.credited_on, out),
        Column::LatestCredit => digits::put_some_day(verdict.latest_credit, out),
    }
}

/// Puts an account number, if there is one.
pub(crate) fn put_iban(rows: &Rows<'_>, iban: Option<&Iban>, pen: Pen, out: &mut Vec<u8>) {
    if let Some(iban) = iban {
        pen.put_defused(&rows.iban(iban), out);
    }
}

/// Puts an amount, if there is one.
pub(crate) fn put_amount(amount: Option<Amount>, pen: Pen, out: &mut Vec<u8>) {
    let Some(amount) = amount else { return };
    let from = out.len();
    digits::put_amount(amount, out);
    if pen.separator() == b';' {
        let own = out.get_mut(from..).unwrap_or_default();
        own.iter_mut().filter(|byte| **byte == b'.').for_each(|byte| *byte = b',');
    }
}

/// Sentences of our own with semicolons between; each is made harmless for itself.
fn put_sentences(sentences: impl Iterator<Item = String>, pen: Pen, out: &mut Vec<u8>) {
    let sentences: Vec<String> = sentences.map(|sentence| pen.defused(&sentence)).collect();
    pen.put(&sentences.join("; "), out);
}
