//! gzip: one member, however many streams it was written in.

use flate2::read::MultiGzDecoder;

use crate::readers::container::budget::Budget;
use crate::readers::container::budget::Failure;

/// Unpacks a gzip file.
pub(super) fn read(bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Failure> {
    budget.take_members(1)?;
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    budget.read(packed, MultiGzDecoder::new(bytes))
}
