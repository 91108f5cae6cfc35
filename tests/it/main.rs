//! All integration tests, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests read and write files, and a panic is how a test fails"
)]

mod architecture;
mod audit;
mod block_damage;
mod brief;
mod brief_statements;
mod calendar;
mod check;
mod cli;
mod contradictions;
mod corpus;
mod corpus_swift;
mod damaged_months;
mod damages;
mod diff;
mod documents;
mod equal_rows;
mod evidence;
mod forged;
mod golden;
mod interrupt;
mod leaving;
mod lookup_index;
mod messages;
mod month;
mod mutation;
mod on_the_way;
mod outputs;
mod places;
mod planting;
mod planting_places;
mod proof;
mod properties;
mod redacted;
mod returns;
mod speaks_against;
mod spoken;
mod store;
mod tellings;
mod why;
mod work;
mod workbook_mutation;
mod workbooks;
