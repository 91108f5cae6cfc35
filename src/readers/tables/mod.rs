//! Tables: payment lists, bank exports and confirmations as CSV or spreadsheet.

use crate::model::place::FileId;
use crate::model::reading::Reading;
use crate::readers::options::ReadOptions;

/// Reads a table: a delimited text or a spreadsheet.
pub fn read(_file: FileId, _bytes: &[u8], _options: &ReadOptions) -> Reading {
    Reading::default()
}
