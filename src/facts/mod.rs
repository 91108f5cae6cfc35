//! Facts of the trade, each in one table: words and codes that all formats share. Readers and rules
//! ask here; nothing of the kind stands anywhere else.

pub mod transaction_codes;
