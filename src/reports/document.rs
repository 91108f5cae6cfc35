//! A report that is not a verdict's: its lines, tables and records, in every format.

use std::io;
use std::io::Write;

use serde_json::Value;

use crate::reports::csv;
use crate::reports::fields::Pen;
use crate::reports::html;
use crate::reports::markdown;
use crate::reports::options::Options;
use crate::reports::options::Separator;
use crate::reports::redact::Kind;
use crate::reports::sections::Section;
use crate::reports::terminal;
use crate::reports::wording::Words;
use crate::reports::xlsx;

/// A report; texts of files are harmless and masked in it already.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Sentences that stand above everything else.
    pub lead: Vec<String>,
    /// Tables.
    pub sections: Vec<Section>,
    /// Sentences that stand at the end, and all that is left with `--quiet`.
    pub sums: Vec<String>,
    /// The names of the columns of CSV and workbook.
    pub columns: Vec<&'static str>,
    /// Their records.
    pub records: Vec<Vec<String>>,
    /// The object for scripts.
    pub json: Value,
}

impl Document {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub fn write(
        &self,
        kind: Kind,
        options: &Options,
        out: &mut (dyn Write + Send),
    ) -> io::Result<()> {
        match kind {
            Kind::Table => self.text(options, out),
            Kind::Json => {
                serde_json::to_writer_pretty(&mut *out, &self.json)?;
                writeln!(out)
            }
            Kind::Csv => self.csv(options, out),
            Kind::Markdown => markdown::write_sections(&self.above(), &self.sections, options, out),
            Kind::Html => html::write_sections(&self.above(), &self.sections, options, out),
            Kind::Xlsx => {
                let section = Section {
                    title: self.lead.first().cloned().unwrap_or_default(),
                    header: self.columns.iter().map(|&name| name.to_owned()).collect(),
                    rows: self.records.clone(),
                    ..Section::default()
                };
                xlsx::write_section(&self.above(), &section, Words(options.language), out)
            }
        }
    }

    fn above(&self) -> Vec<String> {
        self.lead.iter().chain(&self.sums).cloned().collect()
    }

    fn text(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        if !options.quiet {
            for line in &self.lead {
                writeln!(out, "{line}")?;
            }
            for section in &self.sections {
                writeln!(out)?;
                terminal::section(section, options, out)?;
            }
            if !self.sums.is_empty() {
                writeln!(out)?;
            }
        }
        self.sums.iter().try_for_each(|line| writeln!(out, "{line}"))
    }

    fn csv(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let pen = Pen::new(options);
        let mut text = csv::head(pen, options, self.columns.iter().copied());
        for record in &self.records {
            for (number, field) in record.iter().enumerate() {
                if number > 0 {
                    text.push(pen.separator());
                }
                if is_number(field) {
                    let comma = options.separator == Separator::Semicolon;
                    let own = if comma { field.replace('.', ",") } else { field.clone() };
                    pen.put(&own, &mut text);
                } else {
                    pen.put_defused(field, &mut text);
                }
            }
            text.push(b'\n');
        }
        out.write_all(&text)
    }
}

/// Whether a field is an amount as we write it: no formula, though it may begin with a minus.
fn is_number(field: &str) -> bool {
    let digits = field.strip_prefix('-').unwrap_or(field);
    let Some((whole, cents)) = digits.split_once('.') else { return false };
    let all = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    cents.len() == 2 && all(whole) && all(cents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_hold_no_formulas() {
        let document = Document {
            columns: vec!["a", "b", "c"],
            records: vec![vec!["-5.00".into(), "=1+1".into(), "-1.2.3".into()]],
            ..Document::default()
        };
        for (separator, expected) in [
            (Separator::Comma, "a,b,c\n-5.00,'=1+1,'-1.2.3\n"),
            (Separator::Semicolon, "\u{feff}a;b;c\n-5,00;'=1+1;'-1.2.3\n"),
        ] {
            let options = Options { separator, ..Options::default() };
            let mut out = Vec::new();
            document.write(Kind::Csv, &options, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
