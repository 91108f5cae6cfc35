//! The result for scripts: `gutschrift.verify/1`, written as a stream.
//!
//! Rows are made by several threads and written in their order; no thread has more than some
//! thousand of them at a time.

use std::io;
use std::io::Write;

use serde::Serialize;
use serde::ser::SerializeMap;
use serde::ser::Serializer;
use serde_json::ser::Formatter;

use crate::model::problem::Problem;
use crate::reports::in_order;
use crate::reports::options::Options;
use crate::reports::options::Trails;
use crate::reports::rows::Rows;
use crate::reports::rows::tally;
use crate::verdict::parts::Part;
use crate::verdict::result::Numbered;
use crate::verdict::result::NumberedEntry;
use crate::verdict::result::Outcome;
use crate::verdict::status::Status;

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
    let put_payment = |one: Numbered, text: &mut Vec<u8>| {
        let judged = outcome.payment(one).filter(|judged| options.filter.holds(judged));
        if let Some(judged) = judged {
            if options.trails == Trails::NotCredited && judged.verdict.status == Status::Credited {
                put_row(&rows.payment_without_trail(&judged), text);
            } else {
                put_row(&rows.payment(&judged), text);
            }
        }
    };
    let work = |part: &Part, text: &mut Vec<u8>| {
        for run in outcome.payment_runs(part) {
            run.settled.for_each(|number| put_payment(Numbered::Settled(number), text));
            run.full.into_iter().for_each(|number| put_payment(Numbered::Full(number), text));
        }
    };
    array("payments", &outcome.payment_parts(PART), options.threads, work, out)?;
    out.write_all(b",\n")?;
    let booked = outcome.settled.booked(options.threads);
    let put_entry = |one: NumberedEntry, text: &mut Vec<u8>| {
        if let Some(entry) = outcome.entry(one) {
            put_row(&rows.entry(&entry), text);
        }
    };
    let work = |part: &Part, text: &mut Vec<u8>| {
        for run in outcome.entry_runs(&booked, part) {
            for entry in run.settled.filter_map(|number| booked.entry(number)) {
                put_entry(NumberedEntry::Settled(entry), text);
            }
            run.full.into_iter().for_each(|number| put_entry(NumberedEntry::Full(number), text));
        }
    };
    array("bank_entries", &outcome.entry_parts(&booked, PART), options.threads, work, out)?;
    out.write_all(b",\n")?;
    let problems: Vec<_> = outcome.problems.chunks(PART).collect();
    let work = |part: &&[Problem], text: &mut Vec<u8>| {
        part.iter().for_each(|problem| put_row(&rows.problem(problem), text));
    };
    array("problems", &problems, options.threads, work, out)?;
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

/// An array of the document, of rows that `work` puts for every part.
fn array<P: Sync>(
    name: &str,
    parts: &[P],
    threads: usize,
    work: impl Fn(&P, &mut Vec<u8>) + Sync,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    write!(out, "  \"{name}\": [")?;
    let mut commas = Commas { out, begun: false };
    let work = |(): &mut (), part: &P, text: &mut Vec<u8>| work(part, text);
    in_order::write(parts, threads, || (), work, &mut commas)?;
    let end: &[u8] = if commas.begun { b"\n  ]" } else { b"]" };
    out.write_all(end)
}

/// A row of an array, with the comma before it.
fn put_row<T: Serialize>(row: &T, text: &mut Vec<u8>) {
    text.extend_from_slice(b",\n    ");
    // Into memory; that cannot fail.
    let _written = put(row, 2, text);
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
    let layout = Layout { depth, has_value: false };
    value.serialize(&mut serde_json::Serializer::with_formatter(text, layout))?;
    Ok(())
}

/// The layout of [`serde_json::ser::PrettyFormatter`] from a depth on. That one begins at the
/// margin, and moving every line in afterwards took a tenth of the writing.
#[derive(Clone, Copy, Debug)]
struct Layout {
    depth: usize,
    has_value: bool,
}

impl Layout {
    fn begin<W: ?Sized + Write>(&mut self, bracket: &[u8], out: &mut W) -> io::Result<()> {
        self.depth = self.depth.saturating_add(1);
        self.has_value = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, bracket: &[u8], out: &mut W) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.has_value {
            self.line(b"\n", out)?;
        }
        out.write_all(bracket)
    }

    fn line<W: ?Sized + Write>(self, before: &[u8], out: &mut W) -> io::Result<()> {
        const BLANKS: &[u8] = b"                ";
        out.write_all(before)?;
        let mut rest = self.depth.saturating_mul(2);
        while rest > 0 {
            let blanks = BLANKS.get(..rest).unwrap_or(BLANKS);
            out.write_all(blanks)?;
            rest = rest.saturating_sub(blanks.len());
        }
        Ok(())
    }

    fn next<W: ?Sized + Write>(self, first: bool, out: &mut W) -> io::Result<()> {
        self.line(if first { b"\n" } else { b",\n" }, out)
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(b"[", out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(b"]", out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(first, out)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(b"{", out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(b"}", out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(first, out)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

struct Run<'a>(Rows<'a>);

/// The banking days of a run.
#[derive(Serialize)]
struct Calendar<'a> {
    name: &'static str,
    closed: &'a [chrono::NaiveDate],
}

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
        map.serialize_entry("options", &options.asked)?;
        map.serialize_entry(
            "calendar",
            &Calendar { name: "TARGET", closed: &options.asked.closed },
        )?;
        map.serialize_entry("config_sha256", &options.asked.config_sha256)?;
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
            ("open", self.0.open()),
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
        map.serialize_entry(
            "not_due",
            &tally(self.0.not_due().map(|own| own.payments).unwrap_or_default()),
        )?;
        map.serialize_entry("closes", &totals.closes)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_laid_out_like_a_whole_document() {
        let rows = vec![
            serde_json::json!({"a": [1, {"b": "x\ny", "e": [[], [{}, []], {"f": {}}]}], "c": {}, "d": []}),
            true.into(),
        ];
        for rows in [rows, Vec::new()] {
            let mut text = b"{\n".to_vec();
            member("first", &serde_json::json!({"e": ["f"]}), &mut text).unwrap();
            array("rows", &rows, 2, put_row, &mut text).unwrap();
            text.extend_from_slice(b"\n}");
            let document = serde_json::json!({"first": {"e": ["f"]}, "rows": rows});
            let expected = serde_json::to_string_pretty(&document).unwrap();
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
    }
}
