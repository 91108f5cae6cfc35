//! What the reader of a report asks for.

use crate::model::language::Language;
use crate::reports::column::Column;
use crate::reports::entry_column::EntryColumn;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// How a report is written.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Language of sentences and headings.
    pub language: Language,
    /// Account numbers in full instead of masked.
    pub full_iban: bool,
    /// Without frames and colours, one fact a line.
    pub plain: bool,
    /// Only the summary.
    pub quiet: bool,
    /// Width of the terminal, if it is one.
    pub width: Option<u16>,
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
    /// How many threads may write; no byte depends on it.
    pub threads: usize,
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
    /// Only these benefits (machine names or the list's own text), if any.
    pub benefits: Vec<String>,
}

impl Filter {
    /// Whether everything is shown.
    pub fn is_empty(&self) -> bool {
        self.statuses.is_empty() && self.reasons.is_empty() && self.benefits.is_empty()
    }

    /// Whether a payment is shown.
    pub fn holds(&self, judged: &JudgedPayment) -> bool {
        self.holds_kind(judged.payment.benefit.name(), judged.verdict.status, judged.verdict.reason)
    }

    /// Whether payments with this benefit (by its name), status and reason are shown.
    pub fn holds_kind(&self, benefit: &str, status: Status, reason: Reason) -> bool {
        (self.statuses.is_empty() || self.statuses.contains(&status))
            && (self.reasons.is_empty() || self.reasons.contains(&reason))
            && (self.benefits.is_empty() || self.benefits.iter().any(|name| name == benefit))
    }
}
