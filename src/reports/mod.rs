//! Verdicts to text and data for people and scripts. Decides nothing.
//!
//! All formats are made from the rows of [`rows`], so that they cannot disagree; the two CSVs, which are
//! long, take the same values from [`rows::Rows`] and the verdicts without making a row of texts first.

pub mod amounts;
pub mod audit;
mod cast;
pub mod check;
pub mod column;
pub mod compare;
pub mod csv;
mod decided;
pub mod difference;
mod digits;
pub mod document;
pub mod entries;
pub mod entry_column;
mod entry_mould;
pub(crate) mod fields;
mod file_sections;
pub mod glossary;
pub mod html;
pub mod in_order;
mod ink;
pub mod json;
pub mod labels;
pub mod lookup;
pub mod markdown;
mod mould;
pub mod not_due;
pub mod options;
pub mod redact;
pub mod resolution;
pub mod rows;
pub mod sample;
pub mod section;
pub mod sections;
pub mod sentences;
pub(crate) mod sheet;
pub mod split;
pub mod summary;
pub mod tasks;
pub mod terminal;
pub mod why;
pub mod wording;
pub mod work;
mod workbook;
pub mod xlsx;
