//! The report as a workbook: real numbers and days, filters, frozen headers, no formula.

use std::io;
use std::io::Write;

use crate::model::amount::Amount;
use crate::model::payment::Benefit;
use crate::reports::difference::Twins;
use crate::reports::difference::difference;
use crate::reports::labels::label;
use crate::reports::options::Options;
use crate::reports::rows::CitedRow;
use crate::reports::rows::Rows;
use crate::reports::sections::Section;
use crate::reports::sentences::benefit_label;
use crate::reports::summary;
use crate::reports::terminal::coverage;
use crate::reports::terminal::headline;
use crate::reports::wording::Words;
use crate::reports::workbook::Cell;
use crate::reports::workbook::Layout;
use crate::reports::workbook::Workbook;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::reason::Actor;
use crate::verdict::result::Outcome;
use crate::verdict::status::Status;

/// Writes the workbook.
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let rows = Rows::new(outcome, options);
    let words = Words(options.language);
    let mut book = Workbook::new(out);
    overview(&rows, words, &mut book)?;
    let parts: [(&str, &str, Wanted); 4] = [
        ("Zu klären", "Follow-ups", |judged| judged.verdict.status == Status::FollowUp),
        ("Verzögert", "Delayed", |judged| judged.verdict.status == Status::Delayed),
        ("Alle Zahlungen", "All payments", |_| true),
        ("Pflegeheime", "Care homes", |judged| {
            judged.payment.benefit == Benefit::CareHome || judged.payment.facility.is_some()
        }),
    ];
    for (german, english, wanted) in parts {
        payments(&rows, words, (words.pick(german, english), wanted), &mut book)?;
    }
    entries(&rows, words, &mut book)?;
    problems(&rows, words, &mut book)?;
    files(&rows, words, &mut book)?;
    book.finish()
}

/// Writes a single table, with the sentences about it on a sheet of their own.
///
/// # Errors
///
/// What the output gives.
pub(crate) fn write_section(
    lead: &[String],
    section: &Section,
    language: Words,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut book = Workbook::new(out);
    let columns: Vec<(&str, u16)> = section.header.iter().map(|name| (name.as_str(), 24)).collect();
    let layout = Layout { name: &section.title, columns: &columns, has_filter: true };
    let row = |row: &Vec<String>| row.iter().cloned().map(Cell::Text).collect();
    book.sheet(&layout, section.rows.iter().map(row))?;
    let about = language.pick("Über diesen Bericht", "About this report");
    let layout = Layout { name: about, columns: &[(about, 110)], has_filter: false };
    book.sheet(&layout, lead.iter().map(|line| vec![Cell::Text(line.clone())]))?;
    book.finish()
}

/// Which payments a sheet holds.
type Wanted = fn(&JudgedPayment) -> bool;

/// Names of columns in both languages, and widths.
type Columns = [(&'static str, &'static str, u16)];

fn named(columns: &Columns, words: Words) -> Vec<(&'static str, u16)> {
    columns.iter().map(|(german, english, width)| (words.pick(german, english), *width)).collect()
}

fn text(text: Option<String>) -> Cell {
    Cell::Text(text.unwrap_or_default())
}

fn own(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn overview(rows: &Rows<'_>, words: Words, book: &mut Workbook<'_>) -> io::Result<()> {
    let columns = named(
        &[
            ("Liste", "list", 60),
            ("Zahlungen", "payments", 12),
            ("Summe €", "sum €", 16),
            ("gutgeschrieben", "credited", 15),
            ("gutgeschrieben €", "credited €", 16),
            ("verzögert", "delayed", 12),
            ("verzögert €", "delayed €", 16),
            ("zu klären", "follow-up", 12),
            ("zu klären €", "follow-up €", 16),
        ],
        words,
    );
    let totals = &rows.outcome.totals;
    let lists = summary::by_list(rows).into_iter().map(|own| (own.path, own.payments, own.parts));
    let all = (
        words.pick("alle", "all").to_owned(),
        totals.payments,
        [totals.credited, totals.delayed, totals.follow_up],
    );
    let mut lines: Vec<Vec<Cell>> = Vec::new();
    for (path, payments, parts) in lists.chain([all]) {
        let mut line =
            vec![Cell::Text(path), Cell::Count(payments.count), Cell::Money(Some(payments.amount))];
        for part in parts {
            line.extend([Cell::Count(part.count), Cell::Money(Some(part.amount))]);
        }
        lines.push(line);
    }
    lines.push(Vec::new());
    let first = [headline(rows.outcome, words)].into_iter().chain(summary::incomplete(rows, words));
    let sentences = first
        .chain(coverage(rows, words))
        .chain([summary::list_equation(rows, words)])
        .chain(summary::open(rows, words))
        .chain([summary::bank_equation(rows, words), summary::closes(rows, words).to_owned()]);
    let sentences = sentences.chain(summary::missing(rows, words));
    lines.extend(sentences.map(|sentence| vec![Cell::Text(sentence)]));
    let name = words.pick("Übersicht", "Summary");
    let layout = Layout { name, columns: &columns, has_filter: false };
    book.sheet(&layout, lines.into_iter())
}

fn payments(
    rows: &Rows<'_>,
    words: Words,
    (name, wanted): (&str, Wanted),
    book: &mut Workbook<'_>,
) -> io::Result<()> {
    let mut columns = named(
        &[
            ("Az.", "case", 14),
            ("Leistungsberechtigt", "beneficiary", 26),
            ("Zahlungsempfänger", "payee", 26),
            ("Leistung", "benefit", 18),
            ("Dienststelle", "office", 16),
            ("Einrichtung", "facility", 22),
            ("IBAN", "IBAN", 12),
            ("Betrag €", "amount €", 12),
            ("Stand", "state", 15),
            ("Grund", "reason", 22),
            ("Nachweis", "evidence", 10),
            ("fällig", "due", 11),
            ("gebucht", "booked", 11),
            ("Gutschrift", "credited", 11),
            ("spätestens", "at the latest", 12),
            ("gutgeschrieben €", "credited €", 16),
            ("wer", "who", 14),
            ("Was abweicht", "what differs", 40),
            ("Was tun", "action", 50),
            ("Liste", "list", 40),
            ("Bank", "bank", 50),
            ("Hergang", "trail", 80),
        ],
        words,
    );
    let has_decisions = !rows.options.resolutions.is_empty();
    if has_decisions {
        columns.push((words.pick("Entscheidung", "decision"), 40));
    }
    let language = rows.options.language;
    let shown = |judged: &JudgedPayment| wanted(judged) && rows.options.filter.holds(judged);
    let shown = rows.outcome.all_payments().filter(|judged| shown(judged));
    let cited = |own: &CitedRow| {
        let amount = Amount::from_iso(&own.amount);
        let amount = amount.map_or_else(|_| own.amount.clone(), |amount| words.amount(amount));
        format!("{}:{} ({amount} €)", own.file, own.line)
    };
    let twins = Twins::of(rows);
    let lines = shown.map(|judged| {
        let (row, verdict) = (rows.payment(&judged), &judged.verdict);
        let differs = difference(rows, &judged, &twins);
        let trail: Vec<String> = row.trail.iter().map(|line| words.prose(line)).collect();
        let mut cells = vec![
            text(row.case_id),
            text(row.beneficiary),
            text(row.payee),
            text(row.benefit.map(|name| benefit_label(&name, language))),
            text(row.office),
            text(row.facility),
            text(row.iban),
            Cell::Money(judged.payment.amount),
            own(words.status(verdict.status)),
            own(verdict.reason.label(language)),
            own(row.evidence),
            Cell::Day(Some(verdict.due)),
            Cell::Day(verdict.booked_on),
            Cell::Day(verdict.credited_on),
            Cell::Day(verdict.latest_credit),
            Cell::Money(verdict.credited_amount),
            own(verdict.actor.map_or("", |actor: Actor| actor.label(language))),
            text(differs),
            text(row.action),
            Cell::Text(format!("{}:{}", row.source.file, row.source.line)),
            Cell::Text(row.entries.iter().map(cited).collect::<Vec<_>>().join("; ")),
            Cell::Text(trail.join("; ")),
        ];
        if has_decisions {
            cells.push(Cell::Text(rows.decision(&judged)));
        }
        cells
    });
    book.sheet(&Layout { name, columns: &columns, has_filter: true }, lines)
}

fn entries(rows: &Rows<'_>, words: Words, book: &mut Workbook<'_>) -> io::Result<()> {
    let columns = named(
        &[
            ("Buchung", "booked", 12),
            ("Wert", "value date", 12),
            ("Betrag €", "amount €", 14),
            ("Zuordnung", "disposition", 20),
            ("Gegenseite", "other side", 30),
            ("IBAN der Gegenseite", "IBAN of the other side", 20),
            ("Ende-zu-Ende-ID", "end-to-end id", 24),
            ("Text", "text", 50),
            ("Konto", "account", 12),
            ("Stelle", "place", 40),
        ],
        words,
    );
    let lines = rows.outcome.all_entries().map(|entry| {
        let row = rows.entry(&entry);
        vec![
            Cell::Day(entry.booking_date),
            Cell::Day(entry.value_date),
            Cell::Money(Some(entry.amount)),
            own(label(row.disposition, words.0)),
            text(row.counterparty),
            text(row.counterparty_iban),
            text(row.end_to_end_id),
            text(row.remittance.or(row.booking_text)),
            text(row.account),
            Cell::Text(format!("{}:{}", row.file, row.line)),
        ]
    });
    let name = words.pick("Bankbuchungen", "Bank entries");
    book.sheet(&Layout { name, columns: &columns, has_filter: true }, lines)
}

fn problems(rows: &Rows<'_>, words: Words, book: &mut Workbook<'_>) -> io::Result<()> {
    let columns = named(
        &[
            ("Datei", "file", 50),
            ("Zeile", "line", 8),
            ("Gewicht", "severity", 10),
            ("Kennwort", "code", 26),
            ("was", "what", 80),
            ("was tun", "hint", 60),
        ],
        words,
    );
    let lines = rows.outcome.problems.iter().map(|problem| {
        let row = rows.problem(problem);
        let line = row.line.map_or_else(|| own(""), |line| Cell::Count(u64::from(line)));
        vec![
            text(row.file),
            line,
            own(label(row.severity, words.0)),
            own(row.code),
            Cell::Text(row.message),
            Cell::Text(row.hint),
        ]
    });
    let name = words.pick("Hinweise und Fehler", "Problems");
    book.sheet(&Layout { name, columns: &columns, has_filter: true }, lines)
}

fn files(rows: &Rows<'_>, words: Words, book: &mut Workbook<'_>) -> io::Result<()> {
    let columns = named(
        &[
            ("Datei", "file", 60),
            ("Rolle", "role", 12),
            ("Format", "format", 20),
            ("Sätze", "records", 10),
            ("übergangen", "skipped", 12),
            ("SHA-256", "SHA-256", 66),
        ],
        words,
    );
    let lines = rows.files().into_iter().map(|file| {
        vec![
            Cell::Text(file.path),
            own(label(file.role, words.0)),
            Cell::Text(file.version.unwrap_or(file.format)),
            Cell::Count(file.records),
            Cell::Count(file.skipped),
            Cell::Text(file.sha256),
        ]
    });
    let name = words.pick("Dateien", "Files");
    book.sheet(&Layout { name, columns: &columns, has_filter: true }, lines)
}
