//! What one file gave.

use std::borrow::Cow;

use crate::model::brief::BriefExport;
use crate::model::brief::BriefList;
use crate::model::order::OrderFile;
use crate::model::order::OrderMark;
use crate::model::payment::ListTotal;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::statement::Statement;
use crate::model::status::Confirmation;
use crate::model::status::Recall;
use crate::model::status::StatusReport;

/// What a file is to the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A payment list: what is owed.
    List,
    /// An order file (pain.001).
    Order,
    /// Bookings of the payer's account.
    Bank,
    /// Status reports and recalls.
    Status,
    /// The payee's side confirms.
    Confirmation,
    /// None of these.
    #[default]
    Ignored,
}

impl Role {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Order => "order",
            Self::Bank => "bank",
            Self::Status => "status",
            Self::Confirmation => "confirmation",
            Self::Ignored => "ignored",
        }
    }
}

/// Everything one file gave: values and all problems, never just the first.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// What the file is to the run.
    pub role: Role,
    /// Machine name of the format, such as `payment-list-csv`, `camt.053`, `mt940`,
    /// `sparkasse-csv-camt`.
    pub format: String,
    /// Version, such as `camt.053.001.08`; for lists and CSV the layout's particulars.
    pub version: Option<String>,
    /// Encoding found, such as `utf-8`, `windows-1252`.
    pub encoding: Option<String>,
    /// The sheets of a workbook, if there are several; places tell of which one they are
    /// ([`line_in_sheet`]).
    pub sheets: Vec<String>,
    /// Rows of payment lists.
    pub payments: Vec<Payment>,
    /// Plain rows of a payment list, where the caller asked for rows in brief.
    pub brief_list: Option<BriefList>,
    /// Plain rows of an export, where the caller asked for rows in brief.
    pub brief_export: Option<BriefExport>,
    /// Totals rows of payment lists.
    pub totals: Vec<ListTotal>,
    /// Order messages.
    pub orders: Vec<OrderFile>,
    /// Statements.
    pub statements: Vec<Statement>,
    /// Status reports.
    pub status_reports: Vec<StatusReport>,
    /// Recalls.
    pub recalls: Vec<Recall>,
    /// Confirmations.
    pub confirmations: Vec<Confirmation>,
    /// Records that were seen and not used (title rows, blank rows, footers, unreadable entries).
    pub skipped: u64,
    /// Everything that is wrong or worth knowing, in the order of the file.
    pub problems: Vec<Problem>,
    /// Why the file as a whole cannot be used: the run is refused (exit code 3).
    pub refused: bool,
}

impl Reading {
    /// A file that cannot be used, for this reason.
    pub fn refusal(format: impl Into<String>, problem: Problem) -> Self {
        Self { format: format.into(), problems: vec![problem], refused: true, ..Self::default() }
    }

    /// A report of this tool: named, and never evidence.
    pub(crate) fn own_output(file: FileId) -> Self {
        Self {
            format: "own-output".to_owned(),
            problems: vec![Problem::new(ProblemCode::OwnOutput, Place::file(file))],
            ..Self::default()
        }
    }

    /// The number of records: list rows, ordered transfers, entries, status lines, confirmations.
    pub fn records(&self) -> u64 {
        let ordered: usize =
            self.orders.iter().flat_map(|order| &order.batches).map(|b| b.transfers.len()).sum();
        let entries: usize = self.statements.iter().map(|statement| statement.entries.len()).sum();
        let reports: usize = self
            .status_reports
            .iter()
            .map(|report| report.batches.iter().map(|b| b.transfers.len()).sum::<usize>().max(1))
            .sum();
        let brief = self.brief_list.as_ref().map_or(0, |list| list.rows.len())
            + self.brief_export.as_ref().map_or(0, |export| export.rows.len());
        let count = self.payments.len()
            + brief
            + ordered
            + entries
            + reports
            + self.recalls.len()
            + self.confirmations.len();
        u64::try_from(count).unwrap_or(u64::MAX)
    }
}

/// A file of the run as the report names it.
#[derive(Clone, Debug, Default)]
pub struct FileRecord {
    /// Path as given, with `/`; members of archives read `archive.zip/member.xml`.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What it was taken for.
    pub role: Role,
    /// Machine name of the format.
    pub format: String,
    /// Version or layout.
    pub version: Option<String>,
    /// Encoding found.
    pub encoding: Option<String>,
    /// Records read.
    pub records: u64,
    /// Records skipped.
    pub skipped: u64,
    /// Not counted because its bytes equal an earlier file's.
    pub repeats: Option<String>,
    /// The sheets of a workbook, if there are several.
    pub sheets: Vec<String>,
    /// The orders in it.
    pub orders: Vec<OrderMark>,
}

/// Bits of a line that are the row of a sheet: no sheet has more than 2^20 rows.
const ROW_BITS: u32 = 21;

/// The line that stands for a row of one of several sheets of a workbook; sheets count from 0. Lines
/// of the first are its rows.
pub fn line_in_sheet(sheet: usize, row: u32) -> u32 {
    let sheet = u32::try_from(sheet).unwrap_or(u32::MAX).min(u32::MAX >> ROW_BITS);
    sheet << ROW_BITS | row & !(u32::MAX << ROW_BITS)
}

impl FileRecord {
    /// The sheet a line is of, where the file has several.
    pub fn sheet(&self, line: u32) -> Option<&str> {
        let sheet = usize::try_from(line >> ROW_BITS).ok()?;
        self.sheets.get(sheet).filter(|_| line > 0).map(String::as_str)
    }

    /// How a person finds a line: the path, with the sheet where the file has several, and the row.
    pub fn shown(&self, line: u32) -> (Cow<'_, str>, u32) {
        match self.sheet(line) {
            Some(name) => {
                (Cow::Owned(format!("{}/{name}", self.path)), line & !(u32::MAX << ROW_BITS))
            }
            None => (Cow::Borrowed(&self.path), line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_sheets() {
        let mut record = FileRecord { path: "a.xlsx".to_owned(), ..FileRecord::default() };
        assert_eq!(record.shown(3_000_000), (Cow::Borrowed("a.xlsx"), 3_000_000));
        record.sheets = vec!["One".to_owned(), "Two".to_owned()];
        for (sheet, row, shown) in
            [(0, 7, ("a.xlsx/One", 7)), (1, 1 << 20, ("a.xlsx/Two", 1 << 20))]
        {
            let (path, line) = record.shown(line_in_sheet(sheet, row));
            assert_eq!((&*path, line), shown);
        }
        assert_eq!(record.shown(0), (Cow::Borrowed("a.xlsx"), 0));
    }
}
