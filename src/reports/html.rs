//! The report as one HTML file: no network, a strict content policy, readable without scripts.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use sha2::Digest;
use sha2::Sha256;

use crate::model::amount::Amount;
use crate::model::payment::Benefit;
use crate::reports::options::Filter;
use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::sections;
use crate::reports::sections::Section;
use crate::reports::sentences::benefit_label;
use crate::reports::summary;
use crate::reports::terminal::coverage;
use crate::reports::terminal::headline;
use crate::reports::wording::Words;
use crate::verdict::result::Outcome;
use crate::verdict::status::Status;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// Writes the report.
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let rows = Rows::new(outcome, options);
    let words = Words(options.language);
    let mut lines = summary::incomplete(&rows, words);
    lines.extend(coverage(&rows, words));
    begin(&headline(outcome, words), &lines, words, out)?;
    picture(&rows, words, out)?;
    for (number, section) in sections::all(&rows).iter().enumerate() {
        write_section(number, section, section.rows.iter(), false, out)?;
        if number == 0 {
            writeln!(out, "<p>{}</p>", escaped(&summary::list_equation(&rows, words)))?;
            if let Some(open) = summary::open(&rows, words) {
                writeln!(out, "<p>{}</p>", escaped(&open))?;
            }
            writeln!(out, "<p>{}</p>", escaped(&summary::bank_equation(&rows, words)))?;
            writeln!(out, "<p><strong>{}</strong></p>", summary::closes(&rows, words))?;
        }
    }
    homes(&rows, words, out)?;
    if options.filter.statuses.is_empty() {
        // The majority that is fine is there, folded away.
        let asked = Options {
            filter: Filter { statuses: vec![Status::Credited], ..options.filter.clone() },
            ..options.clone()
        };
        let rows = Rows { outcome, options: &asked };
        if let Some(section) = sections::credited_head(&rows, words) {
            write_section(900, &section, sections::credited_rows(&rows, words), true, out)?;
        }
    }
    end(options, out)
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
    let (first, more) = lead.split_first().map_or(("", lead), |(first, more)| (first, more));
    begin(first, more, Words(options.language), out)?;
    for (number, section) in sections.iter().enumerate() {
        write_section(number, section, section.rows.iter(), false, out)?;
    }
    end(options, out)
}

/// What stands above the sections.
fn begin(headline: &str, lines: &[String], words: Words, out: &mut dyn Write) -> io::Result<()> {
    let title = words.pick("Zahlungsabgleich", "Payment reconciliation");
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    );
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n<p>{}</p>\n<ul>\n",
        words.pick("de", "en"),
        escaped(headline),
    )?;
    for line in lines {
        writeln!(out, "<li>{}</li>", escaped(line))?;
    }
    write!(
        out,
        "</ul>\n<p class=\"search\" hidden><label for=\"search\">{}</label> <input id=\"search\" type=\"search\" autocomplete=\"off\"> <output id=\"hits\" for=\"search\"></output></p>\n</header>\n<main>\n",
        words.pick("Suchen in allen Tabellen", "Search all tables"),
    )
}

/// What stands below them.
fn end(options: &Options, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "</main>\n<footer><p>{}</p></footer>\n<script>{SCRIPT}</script>\n</body>\n</html>",
        escaped(&options.tool)
    )
}

fn digest(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::from("sha256-");
    for group in Sha256::digest(text.as_bytes()).chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
        let bits = bits << (8 * (3 - u32::try_from(group.len()).unwrap_or(3)));
        for place in 0..4_u32 {
            let used = usize::try_from(place).unwrap_or(0) <= group.len();
            let slot = usize::try_from((bits >> (18 - 6 * place)) & 63).unwrap_or(0);
            let letter = LETTERS.get(slot).copied().unwrap_or(b'=');
            encoded.push(if used { char::from(letter) } else { '=' });
        }
    }
    encoded
}

/// The one place where text becomes HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

fn write_section(
    number: usize,
    section: &Section,
    rows: impl Iterator<Item = impl AsRef<[String]>>,
    folded: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let title = escaped(&section.title);
    writeln!(
        out,
        "<section aria-labelledby=\"part-{number}\">\n<h2 id=\"part-{number}\">{title}</h2>"
    )?;
    if let Some(lead) = &section.lead {
        writeln!(out, "<p>{}</p>", escaped(lead))?;
    }
    if section.header.is_empty() {
        writeln!(out, "<ul>")?;
        for row in rows {
            writeln!(out, "<li>{}</li>", escaped(&row.as_ref().join(" ")))?;
        }
        writeln!(out, "</ul>")?;
    } else {
        if folded {
            writeln!(out, "<details><summary>{title}</summary>")?;
        }
        write_table(section, &title, rows, out)?;
        if folded {
            writeln!(out, "</details>")?;
        }
    }
    writeln!(out, "</section>")
}

fn write_table(
    section: &Section,
    title: &str,
    rows: impl Iterator<Item = impl AsRef<[String]>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        out,
        "<div class=\"wide\" role=\"region\" aria-label=\"▦ {title}\" tabindex=\"0\"><table><caption>{title}</caption><thead><tr>"
    )?;
    let class =
        |column: usize| if section.right.contains(&column) { " class=\"right\"" } else { "" };
    for (column, name) in section.header.iter().enumerate() {
        write!(out, "<th scope=\"col\"{}>{}</th>", class(column), escaped(name))?;
    }
    writeln!(out, "</tr></thead><tbody>")?;
    for (number, row) in rows.enumerate() {
        write!(out, "<tr>")?;
        let [struck, end] = if section.is_struck(number) { ["<s>", "</s>"] } else { ["", ""] };
        for (column, cell) in row.as_ref().iter().enumerate() {
            write!(out, "<td{}>{struck}{}{end}</td>", class(column), escaped(cell))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table></div>")
}

/// Care homes with their residents.
fn homes(rows: &Rows<'_>, words: Words, out: &mut dyn Write) -> io::Result<()> {
    let mut section = Section {
        title: words.pick("Pflegeheime", "Care homes").to_owned(),
        header: ["Einrichtung", "Az.", "Bewohner", "Betrag €", "Stand", "am"]
            .into_iter()
            .zip(["facility", "case", "resident", "amount €", "state", "on"])
            .map(|(german, english)| words.pick(german, english).to_owned())
            .collect(),
        right: vec![3],
        ..Section::default()
    };
    for judged in rows.outcome.all_payments() {
        let home = judged.payment.benefit == Benefit::CareHome || judged.payment.facility.is_some();
        if !home || !rows.options.filter.holds(&judged) {
            continue;
        }
        let row = rows.payment_without_trail(&judged);
        section.rows.push(vec![
            row.facility.or(row.payee).unwrap_or_default(),
            row.case_id.unwrap_or_default(),
            row.beneficiary.unwrap_or_default(),
            words.amount(judged.payment.amount_or_zero()),
            judged.verdict.reason.label(rows.options.language).to_owned(),
            judged.verdict.credited_on.map(|day| words.day(day)).unwrap_or_default(),
        ]);
    }
    section.rows.sort();
    if section.rows.is_empty() {
        return Ok(());
    }
    write_section(800, &section, section.rows.iter(), true, out)
}

/// Shares by benefit, as bars with their numbers beside them.
fn picture(rows: &Rows<'_>, words: Words, out: &mut dyn Write) -> io::Result<()> {
    let mut benefits: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for judged in rows.outcome.all_payments() {
        let counts = benefits.entry(judged.payment.benefit.name().to_owned()).or_default();
        let slot = Status::ALL.iter().position(|status| *status == judged.verdict.status);
        if let Some(count) = slot.and_then(|slot| counts.get_mut(slot)) {
            *count = count.saturating_add(1);
        }
    }
    let title = words.pick("Anteile nach Leistung", "Shares by benefit");
    let height = benefits.len().saturating_mul(34).saturating_add(8);
    writeln!(
        out,
        "<section aria-labelledby=\"shares\"><h2 id=\"shares\">{title}</h2>\n<svg viewBox=\"0 0 720 {height}\" role=\"img\" aria-labelledby=\"shares\">"
    )?;
    for (line, (name, counts)) in benefits.iter().enumerate() {
        let all = counts.iter().sum::<usize>().max(1);
        let top = line.saturating_mul(34).saturating_add(6);
        let label = match name.as_str() {
            "" => words.pick("ohne Angabe", "not stated").to_owned(),
            name => benefit_label(name, words.0),
        };
        let label = escaped(&rows.text(&label));
        writeln!(out, "<text x=\"0\" y=\"{}\">{label}</text>", top.saturating_add(16))?;
        let mut left = 200_usize;
        for (status, count) in Status::ALL.into_iter().zip(*counts) {
            if count == 0 {
                continue;
            }
            let width = count.saturating_mul(360).checked_div(all).unwrap_or(0).max(2);
            writeln!(
                out,
                "<rect class=\"{}\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"22\"></rect>",
                status.name()
            )?;
            left = left.saturating_add(width);
        }
        let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
        writeln!(
            out,
            "<text x=\"576\" y=\"{}\">{}</text>",
            top.saturating_add(16),
            counts.join(" / ")
        )?;
    }
    let legend: Vec<String> =
        Status::ALL.iter().map(|status| words.status(*status).to_owned()).collect();
    writeln!(out, "</svg>\n<p>{}</p>", escaped(&legend.join(" / ")))?;
    days(rows, words, out)?;
    writeln!(out, "</section>")
}

/// Credits by day around the due date.
fn days(rows: &Rows<'_>, words: Words, out: &mut dyn Write) -> io::Result<()> {
    let mut by_day: BTreeMap<chrono::NaiveDate, (u64, Amount)> = BTreeMap::new();
    for judged in rows.outcome.all_payments() {
        if let (Some(day), true) =
            (judged.verdict.credited_on, judged.verdict.status != Status::FollowUp)
        {
            let slot = by_day.entry(day).or_default();
            slot.0 = slot.0.saturating_add(1);
            slot.1 = slot.1.plus(judged.payment.amount_or_zero());
        }
    }
    if by_day.is_empty() {
        return Ok(());
    }
    let section = Section {
        title: words.pick("Gutschriften nach Tag", "Credits by day").to_owned(),
        header: vec![
            words.pick("Tag", "day").to_owned(),
            words.pick("Zahlungen", "payments").to_owned(),
            words.pick("Summe €", "sum €").to_owned(),
        ],
        rows: by_day
            .into_iter()
            .map(|(day, (count, sum))| vec![words.day(day), count.to_string(), words.amount(sum)])
            .collect(),
        right: vec![1, 2],
        lead: None,
        struck_from: None,
    };
    let title = escaped(&section.title);
    write_table(&section, &title, section.rows.iter(), out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        assert_eq!(escaped("<script>'\"&"), "&lt;script&gt;&#39;&quot;&amp;");
    }

    #[test]
    fn digests_are_base64() {
        assert_eq!(digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
