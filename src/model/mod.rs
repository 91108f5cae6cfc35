//! The nouns: what is owed, what the bank says, where each value was read.
//!
//! No input, no output, no file format. Every value that came from a file carries its
//! [`place::Place`].

pub mod amount;
pub mod brief;
pub mod calendar;
pub mod crew;
pub mod currency;
pub mod date;
pub mod german_time;
pub mod hex;
pub mod iban;
pub mod iban_in_text;
pub mod inputs;
pub mod language;
pub mod lengths;
pub mod mask;
pub mod order;
pub mod payment;
pub mod place;
pub mod problem;
pub mod problem_text;
pub mod reading;
pub mod reason_code;
pub mod shared;
pub mod spread;
pub mod statement;
pub mod status;
pub mod text;
pub mod together;
