//! The result for scripts: `gutschrift.verify/1`, written as a stream.
//!
//! Rows are made by several threads and written in their order; no thread has more than some
//! thousand of them at a time.

use std::io;
use std::io::Write;

use serde::Serialize;
use serde::ser::SerializeMap;
use serde::ser::Serializer;

use crate::reports::in_order;
use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::rows::tally;
use crate::verdict::result::Outcome;

/// Name and version of the schema; it stands in `docs/schema/`.
pub const SCHEMA: &str = "gutschrift.verify/1";

/// Rows that a thread makes at a time.
const PART: usize = 512;

/// Writes the outcome as JSON.
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let rows = Rows::new(outcome, options);
    out.write_all(b"{\n")?;
    member("schema", &SCHEMA, out)?;
    member("run", &Run(rows), out)?;
    member("totals", &TotalsOf(rows), out)?;
    let payments: Vec<_> = outcome.numbered().collect();
    let shown = |one: &_| {
        let judged = outcome.payment(*one).filter(|judged| options.filter.holds(judged))?;
        Some(rows.payment(&judged))
    };
    array("payments", &payments, options.threads, shown, out)?;
    out.write_all(b",\n")?;
    let entries: Vec<_> = outcome.numbered_entries().collect();
    let shown = |one: &_| outcome.entry(*one).map(|entry| rows.entry(&entry));
    array("bank_entries", &entries, options.threads, shown, out)?;
    out.write_all(b",\n")?;
    let shown = |problem: &_| Some(rows.problem(problem));
    array("problems", &outcome.problems, options.threads, shown, out)?;
    out.write_all(b"\n}\n")
}

/// A member of the document, with the comma behind it.
fn member<T: Serialize>(name: &str, value: &T, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    write!(text, "  \"{name}\": ")?;
    put(value, 1, &mut text)?;
    text.extend_from_slice(b",\n");
    out.write_all(&text)
}

/// An array of the document.
fn array<I: Sync, T: Serialize>(
    name: &str,
    items: &[I],
    threads: usize,
    row: impl Fn(&I) -> Option<T> + Sync,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    write!(out, "  \"{name}\": [")?;
    let mut commas = Commas { out, begun: false };
    let parts: Vec<&[I]> = items.chunks(PART).collect();
    let work = |_: &mut (), part: &&[I], text: &mut Vec<u8>| {
        for item in *part {
            if let Some(row) = row(item) {
                text.extend_from_slice(b",\n    ");
                // Into memory; that cannot fail.
                let _written = put(&row, 2, text);
            }
        }
    };
    in_order::write(&parts, threads, || (), work, &mut commas)?;
    let end: &[u8] = if commas.begun { b"\n  ]" } else { b"]" };
    out.write_all(end)
}

/// Leaves out the comma before the first row; which one that is, no thread knows.
struct Commas<'a> {
    out: &'a mut (dyn Write + Send),
    begun: bool,
}

impl Write for Commas<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.begun || bytes.is_empty() {
            self.out.write_all(bytes)?;
        } else {
            self.begun = true;
            self.out.write_all(bytes.get(1..).unwrap_or_default())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Puts a value as it stands in a document at this depth.
fn put<T: Serialize>(value: &T, depth: usize, text: &mut Vec<u8>) -> io::Result<()> {
    let start = text.len();
    serde_json::to_writer_pretty(&mut *text, value)?;
    let own = text.split_off(start);
    // No text of JSON holds a line end; each one found is the layout's.
    for (number, line) in own.split(|byte| *byte == b'\n').enumerate() {
        if number > 0 {
            text.push(b'\n');
            text.extend(std::iter::repeat_n(b' ', depth.saturating_mul(2)));
        }
        text.extend_from_slice(line);
    }
    Ok(())
}

struct Run<'a>(Rows<'a>);

impl Serialize for Run<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Rows { outcome, options } = self.0;
        let coverage: Vec<_> = outcome.coverage.iter().map(|row| self.0.coverage(row)).collect();
        let missing: Vec<_> = outcome.missing.iter().map(|row| self.0.missing(row)).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("tool", &options.tool)?;
        map.serialize_entry("due", &outcome.due)?;
        map.serialize_entry("horizon", &outcome.horizon)?;
        map.serialize_entry("crediting", outcome.crediting.name())?;
        map.serialize_entry("as_of", &outcome.as_of)?;
        map.serialize_entry("coverage", &coverage)?;
        map.serialize_entry("missing", &missing)?;
        map.serialize_entry("files", &self.0.files())?;
        map.end()
    }
}

struct TotalsOf<'a>(Rows<'a>);

impl Serialize for TotalsOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let totals = &self.0.outcome.totals;
        let mut map = serializer.serialize_map(None)?;
        for (name, part) in [
            ("payments", totals.payments),
            ("credited", totals.credited),
            ("delayed", totals.delayed),
            ("follow-up", totals.follow_up),
            ("bank_debits", totals.bank_debits),
            ("matched", totals.matched),
            ("batch", totals.batch),
            ("unlisted", totals.unlisted),
            ("unrelated", totals.unrelated_debits),
            ("returned", totals.returned),
            ("unassigned_returns", totals.unassigned_returns),
        ] {
            map.serialize_entry(name, &tally(part))?;
        }
        map.serialize_entry("closes", &totals.closes)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_laid_out_like_a_whole_document() {
        let rows =
            vec![serde_json::json!({"a": [1, {"b": "x\ny"}], "c": {}, "d": []}), true.into()];
        for rows in [rows, Vec::new()] {
            let mut text = b"{\n".to_vec();
            member("first", &serde_json::json!({"e": ["f"]}), &mut text).unwrap();
            array("rows", &rows, 2, |row| Some(row.clone()), &mut text).unwrap();
            text.extend_from_slice(b"\n}");
            let document = serde_json::json!({"first": {"e": ["f"]}, "rows": rows});
            let expected = serde_json::to_string_pretty(&document).unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
    }
}
