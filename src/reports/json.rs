//! The result for scripts: `gutschrift.verify/1`, written as a stream.

use std::io;
use std::io::Write;

use serde::Serialize;
use serde::ser::SerializeMap;
use serde::ser::SerializeSeq;
use serde::ser::Serializer;

use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::reports::rows::tally;
use crate::verdict::result::Outcome;

/// Name and version of the schema; it stands in `docs/schema/`.
pub const SCHEMA: &str = "gutschrift.verify/1";

/// Writes the outcome as JSON.
///
/// # Errors
///
/// What the output gives.
pub fn write(outcome: &Outcome, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let rows = Rows { outcome, options };
    let mut serializer = serde_json::Serializer::pretty(&mut *out);
    Document(rows).serialize(&mut serializer)?;
    out.write_all(b"\n")
}

struct Document<'a>(Rows<'a>);

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", SCHEMA)?;
        map.serialize_entry("run", &Run(self.0))?;
        map.serialize_entry("totals", &TotalsOf(self.0))?;
        map.serialize_entry("payments", &Payments(self.0))?;
        map.serialize_entry("bank_entries", &Entries(self.0))?;
        map.serialize_entry("problems", &Problems(self.0))?;
        map.end()
    }
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

struct Payments<'a>(Rows<'a>);

impl Serialize for Payments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let filter = &self.0.options.filter;
        let mut seq = serializer.serialize_seq(None)?;
        for judged in self.0.outcome.all_payments().filter(|judged| filter.holds(judged)) {
            seq.serialize_element(&self.0.payment(&judged))?;
        }
        seq.end()
    }
}

struct Entries<'a>(Rows<'a>);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        for entry in self.0.outcome.all_entries() {
            seq.serialize_element(&self.0.entry(&entry))?;
        }
        seq.end()
    }
}

struct Problems<'a>(Rows<'a>);

impl Serialize for Problems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        for problem in &self.0.outcome.problems {
            seq.serialize_element(&self.0.problem(problem))?;
        }
        seq.end()
    }
}
