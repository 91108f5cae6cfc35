//! SWIFT MT940 and MT942 as German banks write them.

use crate::model::place::FileId;
use crate::model::reading::Reading;

/// Whether the bytes look like MT940 or MT942.
pub fn looks_like(_bytes: &[u8]) -> bool {
    false
}

/// Reads an MT940 or MT942 file.
pub fn read(_file: FileId, _bytes: &[u8]) -> Reading {
    Reading::default()
}
