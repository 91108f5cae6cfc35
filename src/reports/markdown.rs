//! The report as Markdown.

use std::io;
use std::io::Write;

use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::sections;
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
    for line in coverage(&rows, words) {
        writeln!(out, "* {}", escaped(&line))?;
    }
    for (number, section) in sections::all(&rows).into_iter().enumerate() {
        writeln!(out, "\n## {}\n", escaped(&section.title))?;
        if section.header.is_empty() {
            for row in &section.rows {
                writeln!(out, "* {}", escaped(&row.join(" ")))?;
            }
        } else {
            let line = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
                format!("| {} |", cells.join(" | "))
            };
            let rule: Vec<&str> = (0..section.header.len())
                .map(|column| if section.right.contains(&column) { "---:" } else { "---" })
                .collect();
            writeln!(out, "{}\n| {} |", line(&section.header), rule.join(" | "))?;
            for row in &section.rows {
                writeln!(out, "{}", line(row))?;
            }
        }
        if number == 0 {
            writeln!(out, "\n{}\n", summary::list_equation(&rows, words))?;
            writeln!(out, "{}\n", summary::bank_equation(&rows, words))?;
            writeln!(out, "**{}**", summary::closes(&rows, words))?;
        }
    }
    Ok(())
}

/// A text without any meaning for Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '!' | '~' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(escaped("<b>|a|[x](y)</b>"), "&lt;b&gt;\\|a\\|\\[x\\](y)&lt;/b&gt;");
    }
}
