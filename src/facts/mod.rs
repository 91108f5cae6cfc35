//! Facts of the trade, each in one table: words and codes that all formats share. Readers and rules
//! ask here; nothing of the kind stands anywhere else.

pub mod balance_rows;
pub mod block_marks;
pub mod debit_words;
pub mod folded;
pub mod inline_marks;
pub mod list_returns;
pub mod list_titles;
pub mod month_names;
pub mod own_outputs;
pub mod payable_columns;
pub mod pending_marks;
pub mod placeholders;
pub mod receipt_words;
pub mod return_words;
pub mod section_titles;
pub mod sepa_tags;
pub mod signs;
pub mod state_columns;
pub mod taken_back;
pub mod total_words;
pub mod transaction_codes;
