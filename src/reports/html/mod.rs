//! The report as one HTML file: a desk that needs no program and no network. A strict content policy, and
//! readable without scripts.

mod data;
mod page;
mod page_words;
mod payments;
mod pictures;
mod tables;

use std::collections::BTreeSet;
use std::io;
use std::io::Write;

use crate::reports::difference::Twins;
use crate::reports::file_sections;
use crate::reports::html::data::Data;
use crate::reports::html::page::Head;
use crate::reports::html::page::escaped;
use crate::reports::html::payments::Payments;
use crate::reports::html::pictures::Pictures;
use crate::reports::html::tables::Fold;
use crate::reports::html::tables::begin_part;
use crate::reports::html::tables::end_part;
use crate::reports::html::tables::write_part;
use crate::reports::html::tables::write_table;
use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::section;
use crate::reports::section::Section;
use crate::reports::sections;
use crate::reports::sentences;
use crate::reports::summary;
use crate::reports::terminal::coverage;
use crate::reports::terminal::headline;
use crate::reports::wording::Words;
use crate::verdict::outcome::Tally;
use crate::verdict::result::Outcome;
use crate::verdict::status::Status;

/// Writes the report.
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let rows = Rows::new(outcome, options);
    let words = Words(options.language);
    let data = Data::new(outcome.as_of, outcome.due);
    let shared = section::shared_folder(&rows);
    let mut payments = Payments { rows, words, data, shared };
    page::begin(&head(&rows, words), words, out)?;
    if !options.quiet {
        payments.follow_ups(&Twins::of(&rows), out)?;
        payments.delays(out)?;
    }
    Pictures::of(&rows).write(&rows, words, out)?;
    let summary = sections::lists(&rows, words);
    begin_part("summary", &summary.title, Fold::Open, out)?;
    write_table(&summary, None, summary.rows.iter(), out)?;
    writeln!(out, "<p>{}</p>", escaped(&summary::list_equation(&rows, words)))?;
    if let Some(open) = summary::open(&rows, words) {
        writeln!(out, "<p>{}</p>", escaped(&open))?;
    }
    writeln!(out, "<p>{}</p>", escaped(&summary::bank_equation(&rows, words)))?;
    writeln!(out, "<p><strong>{}</strong></p>", summary::closes(&rows, words))?;
    end_part(out)?;
    if !options.quiet {
        for (id, section) in [
            ("unlisted", sections::unexplained(&rows, words)),
            ("missing", sections::open_data(&rows, words)),
            ("problems", sections::problems(&rows, words)),
        ] {
            if let Some(section) = section {
                write_part(id, &section, Fold::Open, out)?;
            }
        }
        payments.homes(out)?;
        payments.credited(out)?;
        let mut files = file_sections::files(&rows, words);
        files.header.insert(0, words.pick("Nr.", "no.").to_owned());
        files.right = files.right.iter().map(|column| column.saturating_add(1)).collect();
        files.right.push(0);
        for (number, row) in files.rows.iter_mut().enumerate() {
            row.insert(0, number.saturating_add(1).to_string());
        }
        write_part("files", &files, Fold::Folded, out)?;
    }
    page::end(&payments.data, options, out)
}

/// Writes a report that consists of these sections.
///
/// # Errors
///
/// What the output gives.
pub(crate) fn write_sections(
    lead: &[String],
    sections: &[Section],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let words = Words(options.language);
    let head = Head {
        title: words.pick("Zahlungsabgleich", "Payment reconciliation").to_owned(),
        lines: lead.to_vec(),
        ..Head::default()
    };
    page::begin(&head, words, out)?;
    for (number, section) in sections.iter().enumerate() {
        write_part(&format!("part-{number}"), section, Fold::Open, out)?;
    }
    page::end(&Data::default(), options, out)
}

/// Month and office, what is missing, and the figures that a reader looks for first.
fn head(rows: &Rows<'_>, words: Words) -> Head {
    let (outcome, totals) = (rows.outcome, &rows.outcome.totals);
    let figure = |name: &str, tally: Tally| {
        let sum = format!("{} / {} €", tally.count, words.amount(tally.amount));
        (name.to_owned(), sum)
    };
    let mut figures = Vec::new();
    let (name, sum) = figure(words.pick("alle Zahlungen", "all payments"), totals.payments);
    figures.push(("all", name, sum));
    let parts = [totals.credited, totals.delayed, totals.follow_up];
    for (status, tally) in Status::ALL.into_iter().zip(parts) {
        let (name, sum) = figure(words.status(status), tally);
        figures.push((status.name(), name, sum));
    }
    let mut lines = vec![headline(outcome, words)];
    lines.extend(coverage(rows, words));
    let named = |german: &str, english: &str, id: &str| {
        (words.pick(german, english).to_owned(), id.to_owned())
    };
    Head {
        title: format!(
            "{} {}",
            words.pick("Zahlungsabgleich", "Payment reconciliation"),
            sentences::month(outcome.due, words.0)
        ),
        office: office(rows, words),
        incomplete: summary::incomplete(rows, words),
        lines,
        parts: vec![
            named("Bilder", "Pictures", "pictures"),
            named("Zusammenfassung", "Summary", "summary"),
        ],
        figures,
        has_desk: !rows.options.quiet,
    }
}

/// Whose payments these are, as the lists name it.
fn office(rows: &Rows<'_>, words: Words) -> Option<String> {
    const MOST: usize = 4;
    let mut offices: BTreeSet<String> = BTreeSet::new();
    for judged in rows.outcome.all_payments() {
        if let Some(office) = judged.payment.office.as_deref() {
            if !offices.contains(office) {
                offices.insert(office.to_owned());
            }
        }
    }
    let count = offices.len();
    let named: Vec<String> = offices.iter().take(MOST).map(|office| rows.text(office)).collect();
    match count {
        0 => None,
        1..=MOST => Some(named.join(", ")),
        _ => {
            let more = u64::try_from(count.saturating_sub(MOST)).unwrap_or(u64::MAX);
            let more = words.counted(
                more,
                ["weitere Stelle", "weitere Stellen"],
                ["more office", "more offices"],
            );
            Some(format!("{}, {more}", named.join(", ")))
        }
    }
}
