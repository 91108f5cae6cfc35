//! The life of a month: results that were kept, what changed between two of them, and what people
//! decided. Pure: files, clock and names of machines are the command line's.

pub mod changes;
pub mod diff;
pub mod identity;
pub mod row;
