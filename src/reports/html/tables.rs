//! Parts of a page: a heading that folds its part, and tables.

use std::io;
use std::io::Write;

use crate::reports::html::page::escaped;
use crate::reports::section::Section;

/// How a part begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// To be read.
    Open,
    /// There for who looks for it.
    Folded,
}

/// Begins a part; [`end_part`] ends it.
pub(super) fn begin_part(id: &str, title: &str, fold: Fold, out: &mut dyn Write) -> io::Result<()> {
    let open = if fold == Fold::Open { " open" } else { "" };
    writeln!(
        out,
        "<section class=\"part\" aria-labelledby=\"{id}\">\n<details{open}><summary><h2 id=\"{id}\">{}</h2></summary>",
        escaped(title)
    )
}

/// Ends a part.
pub(super) fn end_part(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</details></section>")
}

/// A whole part: a table, or sentences.
pub(super) fn write_part(
    id: &str,
    section: &Section,
    fold: Fold,
    out: &mut dyn Write,
) -> io::Result<()> {
    begin_part(id, &section.title, fold, out)?;
    if let Some(lead) = &section.lead {
        writeln!(out, "<p>{}</p>", escaped(lead))?;
    }
    if section.header.is_empty() {
        writeln!(out, "<ul>")?;
        for row in &section.rows {
            writeln!(out, "<li>{}</li>", escaped(&row.join(" ")))?;
        }
        writeln!(out, "</ul>")?;
    } else {
        write_table(section, None, section.rows.iter(), out)?;
    }
    end_part(out)
}

/// Writes a table. `first` is the number of the payment in its first row, if its rows are payments.
pub(super) fn write_table(
    section: &Section,
    first: Option<usize>,
    rows: impl Iterator<Item = impl AsRef<[String]>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    begin_table(section, first, out)?;
    for (number, row) in rows.enumerate() {
        if section.is_struck(number) {
            write_struck(row.as_ref(), out)?;
        } else {
            write_row(row.as_ref(), out)?;
        }
    }
    end_table(out)
}

/// Begins a table. End tags of rows and cells are left out, which HTML allows: they are a third of a page.
pub(super) fn begin_table(
    section: &Section,
    first: Option<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = escaped(&section.title);
    let right: Vec<String> = section.right.iter().map(|column| format!("r{column}")).collect();
    let first = first.map(|first| format!(" data-first=\"{first}\"")).unwrap_or_default();
    write!(
        out,
        "<div class=\"wide\" role=\"region\" aria-label=\"▦ {title}\" tabindex=\"0\"><table class=\"{}\"{first}><caption>{title}</caption><thead><tr>",
        right.join(" ")
    )?;
    for name in &section.header {
        write!(out, "<th scope=\"col\">{}</th>", escaped(name))?;
    }
    writeln!(out, "</tr></thead><tbody>")
}

/// Writes a row of a table.
pub(super) fn write_row(row: &[String], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<tr>")?;
    for cell in row {
        write!(out, "<td>{}", escaped(cell))?;
    }
    writeln!(out)
}

/// A row that is struck out.
fn write_struck(row: &[String], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<tr>")?;
    for cell in row {
        write!(out, "<td><s>{}</s>", escaped(cell))?;
    }
    writeln!(out)
}

/// Ends a table.
pub(super) fn end_table(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "</tbody></table></div>")
}
