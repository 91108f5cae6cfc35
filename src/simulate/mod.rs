//! Synthetic months with a truth file. Knows no decision code.
//!
//! A month is never held in memory: every case can be made again from the seed and its number, so
//! the lists are one pass over all cases and every large booking day another.

pub mod against;
pub mod case;
pub mod entry;
pub mod faults;
pub mod formats;
pub mod generation;
pub mod lists;
pub mod month;
pub mod noise;
pub mod order;
pub mod people;
pub mod random;
pub mod settings;
pub mod single;
pub mod statements;
pub mod text;
pub mod timetable;

pub use generation::generate;
pub use settings::Files;
pub use settings::Settings;
