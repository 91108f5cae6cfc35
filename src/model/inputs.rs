//! Everything the files of a run gave, put together.

use std::sync::Arc;

use crate::model::brief::BriefExport;
use crate::model::brief::BriefList;
use crate::model::brief::Bytes;
use crate::model::brief::Keys;
use crate::model::order::OrderFile;
use crate::model::payment::ListTotal;
use crate::model::payment::Payment;
use crate::model::problem::Problem;
use crate::model::reading::FileRecord;
use crate::model::reading::Reading;
use crate::model::statement::Statement;
use crate::model::status::Confirmation;
use crate::model::status::Recall;
use crate::model::status::StatusReport;

/// All values of a run, in the order of the files (which are numbered by their paths).
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The files, in the order of their [`crate::model::place::FileId`]s.
    pub files: Vec<FileRecord>,
    /// Rows of payment lists.
    pub payments: Vec<Payment>,
    /// The maker of all keys of rows in brief.
    pub keys: Option<Keys>,
    /// Plain rows of payment lists, in brief.
    pub brief_lists: Vec<BriefList>,
    /// Plain rows of exports, in brief.
    pub brief_exports: Vec<BriefExport>,
    /// Totals rows of payment lists.
    pub totals: Vec<ListTotal>,
    /// Order messages.
    pub orders: Vec<OrderFile>,
    /// Statements of the payer's accounts.
    pub statements: Vec<Statement>,
    /// Status reports.
    pub status_reports: Vec<StatusReport>,
    /// Recalls.
    pub recalls: Vec<Recall>,
    /// Confirmations.
    pub confirmations: Vec<Confirmation>,
    /// Problems of the readers.
    pub problems: Vec<Problem>,
}

impl Inputs {
    /// Adds what the next file gave.
    pub fn add(&mut self, record: FileRecord, reading: Reading) {
        let before = self.statements.len();
        self.files.push(record);
        self.brief_lists.extend(reading.brief_list);
        self.brief_exports.extend(reading.brief_export.map(|mut export| {
            for shape in &mut export.shapes {
                shape.statement = shape.statement.saturating_add(before);
            }
            export
        }));
        self.payments.extend(reading.payments);
        self.totals.extend(reading.totals);
        self.orders.extend(reading.orders);
        self.statements.extend(reading.statements);
        self.status_reports.extend(reading.status_reports);
        self.recalls.extend(reading.recalls);
        self.confirmations.extend(reading.confirmations);
        self.problems.extend(reading.problems);
    }

    /// The files whose rows are read again when they are needed.
    pub fn read_again(&self) -> impl Iterator<Item = Arc<dyn Bytes>> {
        let lists = self.brief_lists.iter().map(|list| Arc::clone(&list.bytes));
        lists.chain(self.brief_exports.iter().map(|export| Arc::clone(&export.bytes)))
    }

    /// Turns everything that is kept in brief into full values, as if it had never been kept in
    /// brief.
    pub fn unfold(&mut self) {
        for list in std::mem::take(&mut self.brief_lists) {
            self.payments.extend(list.rows.iter().map(|row| list.payment(row)));
        }
        self.payments.sort_by_key(|payment| payment.place);
        for export in std::mem::take(&mut self.brief_exports) {
            for row in export.rows.iter() {
                let number = export.shape(row.shape()).map(|shape| shape.statement);
                if let Some(own) = number.and_then(|number| self.statements.get_mut(number)) {
                    own.entries.push(export.entry(row));
                }
            }
        }
        for statement in &mut self.statements {
            if statement.brief_days.take().is_some() {
                statement.entries.sort_by_key(|entry| entry.place);
            }
        }
    }
}
