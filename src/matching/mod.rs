//! Which bank entry answers which payment. Knows model values only, never a file format.

pub mod bank;
pub mod duplicates;
pub mod months;
pub mod owed;
pub mod references;
