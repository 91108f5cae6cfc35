//! The life of a month: results that were kept, what changed between two of them, and what people
//! decided. Pure: files, clock and names of machines are the command line's.

pub mod bind;
pub mod changes;
pub mod decisions;
pub mod diff;
pub mod find;
pub mod history;
pub mod identity;
pub mod journal;
pub mod row;
pub mod work;
