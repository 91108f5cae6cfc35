//! Bytes of a file to model values and problems. Readers never fail: they report.

mod again;
mod bits;
pub mod check;
pub mod container;
pub mod encoding;
mod interpret;
pub mod iso20022;
pub mod mt940;
pub mod options;
mod parts;
mod plain_reference;
mod plain_values;
pub mod recognise;
mod remarks;
mod runs;
mod signature;
mod signs;
pub mod tables;
mod zeros;

pub use options::ReadOptions;
pub use recognise::read;
pub use recognise::read_in_brief;
