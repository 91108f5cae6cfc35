//! Which bank entry answers which payment. Knows model values only, never a file format.
//!
//! The order of the rules: named collective debits, then end-to-end id, reference, account and
//! amount; then splits, merged debits, unnamed collective debits, near misses; returns last,
//! over everything that was found.

pub mod bank;
pub mod batch;
pub mod bucket;
pub mod duplicates;
pub mod findings;
pub mod groups;
pub mod merged;
pub mod months;
pub mod near;
pub mod orders;
pub mod owed;
pub mod references;
pub mod returns;
pub mod search;
pub mod split;
pub mod tiers;
