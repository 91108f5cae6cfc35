//! What a file is, by its content.

use crate::model::place::FileId;
use crate::model::reading::Reading;
use crate::readers::iso20022;
use crate::readers::mt940;
use crate::readers::options::ReadOptions;
use crate::readers::tables;

/// Reads a file: finds out what it is and reads it.
pub fn read(file: FileId, _path: &str, bytes: &[u8], options: &ReadOptions) -> Reading {
    if iso20022::looks_like_xml(bytes) {
        iso20022::read(file, bytes)
    } else if mt940::looks_like(bytes) {
        mt940::read(file, bytes)
    } else {
        tables::read(file, bytes, options)
    }
}
