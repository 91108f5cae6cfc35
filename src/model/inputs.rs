//! Everything the files of a run gave, put together.

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
        self.files.push(record);
        self.payments.extend(reading.payments);
        self.totals.extend(reading.totals);
        self.orders.extend(reading.orders);
        self.statements.extend(reading.statements);
        self.status_reports.extend(reading.status_reports);
        self.recalls.extend(reading.recalls);
        self.confirmations.extend(reading.confirmations);
        self.problems.extend(reading.problems);
    }
}
