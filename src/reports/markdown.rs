//! The report as Markdown.

use std::io;
use std::io::Write;

use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::sections;
use crate::reports::sections::Section;
use crate::reports::summary;
use crate::reports::terminal::coverage;
use crate::reports::terminal::headline;
use crate::reports::wording::Words;
use crate::verdict::result::Outcome;

/// Writes the report.
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let rows = Rows::new(outcome, options);
    let words = Words(options.language);
    writeln!(out, "# {}\n", words.pick("Zahlungsabgleich", "Payment reconciliation"))?;
    writeln!(out, "{}\n", headline(outcome, words))?;
    for sentence in summary::incomplete(&rows, words) {
        writeln!(out, "**{}**\n", escaped(&sentence))?;
    }
    for line in coverage(&rows, words) {
        writeln!(out, "* {}", escaped(&line))?;
    }
    for (number, section) in sections::all(&rows).into_iter().enumerate() {
        write_section(&section, out)?;
        if number == 0 {
            writeln!(out, "\n{}\n", summary::list_equation(&rows, words))?;
            if let Some(open) = summary::open(&rows, words) {
                writeln!(out, "{open}\n")?;
            }
            writeln!(out, "{}\n", summary::bank_equation(&rows, words))?;
            writeln!(out, "**{}**", summary::closes(&rows, words))?;
        }
    }
    Ok(())
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
    writeln!(out, "# {}\n", words.pick("Zahlungsabgleich", "Payment reconciliation"))?;
    for line in lead {
        writeln!(out, "* {}", escaped(line))?;
    }
    sections.iter().try_for_each(|section| write_section(section, out))
}

fn write_section(section: &Section, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## {}\n", escaped(&section.title))?;
    if section.header.is_empty() {
        for row in &section.rows {
            writeln!(out, "* {}", escaped(&row.join(" ")))?;
        }
        return Ok(());
    }
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let rule: Vec<&str> = (0..section.header.len())
        .map(|column| if section.right.contains(&column) { "---:" } else { "---" })
        .collect();
    writeln!(out, "{}\n| {} |", line(&section.header), rule.join(" | "))?;
    for (number, row) in section.rows.iter().enumerate() {
        if section.is_struck(number) {
            let strike = |cell: &String| match escaped(cell) {
                cell if cell.is_empty() => cell,
                cell => format!("~~{cell}~~"),
            };
            let cells: Vec<String> = row.iter().map(strike).collect();
            writeln!(out, "| {} |", cells.join(" | "))?;
            continue;
        }
        writeln!(out, "{}", line(row))?;
    }
    Ok(())
}

/// A text without any meaning for Markdown or HTML. Addresses of pages and letter-boxes become no links,
/// not even where a program makes links of bare ones.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (place, c) in text.char_indices() {
        let (before, from) = text.split_at_checked(place).unwrap_or_default();
        match c {
            ':' if from.starts_with("://") => safe.push_str("\\:"),
            '.' if ends_with_www(before) => safe.push_str("\\."),
            '@' => safe.push_str("&#64;\u{2060}"),
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '!' | '~' | '$' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

fn ends_with_www(text: &str) -> bool {
    let start = text.len().saturating_sub(3);
    text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(escaped("<b>|a|[x](y)</b>"), "&lt;b&gt;\\|a\\|\\[x\\](y)&lt;/b&gt;");
        assert_eq!(escaped("https://x.y"), "https\\://x.y");
        assert_eq!(escaped("see WWW.x.y"), "see WWW\\.x.y");
        assert_eq!(escaped("a@b.c"), "a&#64;\u{2060}b.c");
    }
}
