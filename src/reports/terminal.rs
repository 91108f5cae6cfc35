//! The report for a person at a terminal, or plain lines for pipes and screen readers.

use std::borrow::Cow;
use std::io;
use std::io::Write;

use comfy_table::CellAlignment;
use comfy_table::ColumnConstraint;
use comfy_table::ContentArrangement;
use comfy_table::Table;

use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::sections;
use crate::reports::sections::Section;
use crate::reports::summary;
use crate::reports::wording::Words;
use crate::verdict::result::Outcome;
use crate::verdict::terms::Crediting;

/// Writes the report.
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let rows = Rows::new(outcome, options);
    let words = Words(options.language);
    if !options.quiet {
        writeln!(out, "{}", headline(outcome, words))?;
        for sentence in summary::incomplete(&rows, words) {
            writeln!(out, "{sentence}")?;
        }
        for line in coverage(&rows, words) {
            writeln!(out, "{line}")?;
        }
        // What a person looks for stands last: it is what the screen shows in the end.
        for next in sections::on_screen(&rows) {
            writeln!(out)?;
            section(&next, options, out)?;
        }
    }
    let width = options.width.map_or(WIDTH, usize::from);
    let mut line = |text: &str| writeln!(out, "{}", broken(text, width));
    line(&summary::list_equation(&rows, words))?;
    if let Some(open) = summary::open(&rows, words) {
        line(&open)?;
    }
    line(&summary::bank_equation(&rows, words))?;
    line(summary::closes(&rows, words))?;
    if options.quiet {
        return Ok(());
    }
    summary::incomplete(&rows, words).iter().try_for_each(|sentence| line(sentence))
}

/// Characters of a line where nobody says how wide it may be.
const WIDTH: usize = 120;

/// An equation on several lines, if it is wider than the terminal.
fn broken(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.replace(" + ", "\n  + ").replace(" = ", "\n  = ")
}

/// What the run was asked, in one line.
pub fn headline(outcome: &Outcome, words: Words) -> String {
    let policy = match outcome.crediting {
        Crediting::SameDay => words.pick("am Buchungstag", "on the day of booking"),
        Crediting::NextDay => words.pick("am Bankarbeitstag danach", "on the banking day after"),
    };
    let as_of =
        outcome.as_of.map(|day| format!(", {} {}", words.pick("Stand", "as of"), words.day(day)));
    format!(
        "{} {}, {} {}; {} {policy}{}",
        words.pick("Fällig am", "Due on"),
        words.day(outcome.due),
        words.pick("spätestens", "at the latest"),
        words.day(outcome.horizon),
        words.pick("Gutschrift zählt", "credit counts"),
        as_of.unwrap_or_default(),
    )
}

/// What the bank data cover, one line an account.
pub fn coverage(rows: &Rows<'_>, words: Words) -> Vec<String> {
    rows.outcome
        .coverage
        .iter()
        .map(|coverage| {
            let account = coverage.account.as_ref().map(|account| rows.iban(account));
            let account = account
                .unwrap_or_else(|| words.pick("ohne Kontoangabe", "without account").to_owned());
            let gaps: Vec<String> = coverage.gaps.iter().map(|gap| words.stretch(*gap)).collect();
            let gaps = if gaps.is_empty() {
                words.pick("lückenlos", "without a gap").to_owned()
            } else {
                format!("{} {}", words.pick("es fehlen", "missing:"), gaps.join(", "))
            };
            format!(
                "{} {account}: {}, {gaps}",
                words.pick("Bankdaten", "Bank data"),
                words.stretch((coverage.from, coverage.to)),
            )
        })
        .collect()
}

/// A headed table, or its facts one a line.
///
/// # Errors
///
/// What the output gives.
pub(crate) fn section(section: &Section, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", section.title)?;
    if let Some(lead) = &section.lead {
        writeln!(out, "{lead}")?;
    }
    if section.header.is_empty() {
        for row in &section.rows {
            writeln!(out, "  {}", row.join(" "))?;
        }
        return Ok(());
    }
    if options.plain {
        for row in &section.rows {
            let facts: Vec<String> = section
                .header
                .iter()
                .zip(row)
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            writeln!(out, "  {}", facts.join("; "))?;
        }
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(options.width.unwrap_or(120));
    table.set_header(&section.header);
    for row in &section.rows {
        table.add_row(row.iter().map(|cell| shortened(cell)));
    }
    for column in &section.right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
            // A number that is broken into two lines is read as two.
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    writeln!(out, "{table}")
}

/// Nobody reads more of a cell in a table, and breaking endless words into lines takes time by the
/// square of their length (characters).
const LONGEST_CELL: usize = 2_000;

fn shortened(cell: &str) -> Cow<'_, str> {
    match cell.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => Cow::Owned(format!("{}…", cell.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(cell),
    }
}
