//! What the reader of a report asks for.

use chrono::NaiveDate;
use serde::Serialize;

use crate::model::language::Language;
use crate::reports::column::Column;
use crate::reports::entry_column::EntryColumn;
use crate::reports::lookup::office::OfficeRule;
use crate::reports::resolution::Resolutions;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// How a report is written.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub struct Options {
    /// Language of sentences and headings.
    pub language: Language,
    /// Account numbers in full instead of masked.
    pub full_iban: bool,
    /// Without frames and colours, one fact a line.
    pub plain: bool,
    /// Only the summary.
    pub quiet: bool,
    /// Width of the terminal, or the one asked for.
    pub width: Option<u16>,
    /// Every file in the table on the terminal, instead of a line a folder.
    pub files: bool,
    /// Which payments are shown.
    pub filter: Filter,
    /// Columns of the CSV of payments, in this order; all if there are none.
    pub columns: Vec<Column>,
    /// Columns of the CSV of bank entries, in this order; all if there are none.
    pub entry_columns: Vec<EntryColumn>,
    /// Name and version of the tool.
    pub tool: String,
    /// What stands between the fields of CSV.
    pub separator: Separator,
    /// What people decided about the payments.
    pub resolutions: Resolutions,
    /// What the run was asked, for whoever repeats it.
    pub asked: Asked,
    /// Of which payments the JSON tells how their verdicts came about.
    pub trails: Trails,
    /// Whom to call about a payment.
    pub offices: Vec<OfficeRule>,
    /// How many threads may write; no byte depends on it.
    pub threads: usize,
}

/// Of which payments it is told how their verdicts came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trails {
    /// Of all.
    #[default]
    All,
    /// Of all but the credited ones, whose bookings are cited: a store keeps many results.
    NotCredited,
}

/// What a run was asked besides its files; with the files it gives the same result again.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Asked {
    /// `--month`.
    pub month: Option<String>,
    /// `--due`.
    pub due: Option<NaiveDate>,
    /// `--late-until`.
    pub late_until: Option<NaiveDate>,
    /// `--crediting`, or the configuration's.
    pub crediting: Option<&'static str>,
    /// `--as-of`.
    pub as_of: Option<NaiveDate>,
    /// Days on which the banks are closed besides those of TARGET.
    #[serde(skip)]
    pub closed: Vec<NaiveDate>,
    /// SHA-256 of the configuration's file.
    #[serde(skip)]
    pub config_sha256: Option<String>,
}

/// What stands between the fields of CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    /// A comma; amounts have a point.
    #[default]
    Comma,
    /// A semicolon, amounts with a comma and a mark of UTF-8 at the beginning: what a German spreadsheet
    /// opens in columns.
    Semicolon,
}

/// Which payments are shown; totals and exit code never follow it.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only these statuses, if any.
    pub statuses: Vec<Status>,
    /// Only these reasons, if any.
    pub reasons: Vec<Reason>,
    /// Only what these have to act on, if any.
    pub actors: Vec<Actor>,
    /// Only these benefits (machine names or the list's own text), if any.
    pub benefits: Vec<String>,
}

impl Filter {
    /// Whether everything is shown.
    pub fn is_empty(&self) -> bool {
        self.statuses.is_empty()
            && self.reasons.is_empty()
            && self.benefits.is_empty()
            && self.actors.is_empty()
    }

    /// Whether a payment is shown.
    pub fn holds(&self, judged: &JudgedPayment) -> bool {
        let verdict = &judged.verdict;
        (self.actors.is_empty() || verdict.actor.is_some_and(|actor| self.actors.contains(&actor)))
            && self.holds_kind(judged.payment.benefit.name(), verdict.status, verdict.reason)
    }

    /// Whether payments with this benefit (by its name), status and reason are shown, whoever acts.
    pub fn holds_kind(&self, benefit: &str, status: Status, reason: Reason) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&status))
            && (self.reasons.is_empty() || self.reasons.contains(&reason))
            && (self.benefits.is_empty() || self.benefits.iter().any(|name| name == benefit))
    }
}
