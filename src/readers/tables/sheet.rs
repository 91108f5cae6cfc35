//! Spreadsheets: XLSX, XLS, ODS.

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::readers::options::ReadOptions;

/// Whether the bytes are a spreadsheet.
pub fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0])
}

/// Reads a spreadsheet.
pub fn read(file: FileId, _bytes: &[u8], _options: &ReadOptions) -> Reading {
    Reading::refusal("spreadsheet", Problem::new(ProblemCode::SpreadsheetBroken, Place::file(file)))
}
