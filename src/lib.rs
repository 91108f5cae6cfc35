//! Says for every payment of a social office's monthly lists whether the bank's files prove
//! that it was credited in time.
//!
//! The path of the data, floor by floor; a floor may use only those named beside it:
//!
//! 0. [`facts`] — words and codes of the trade, one table each. Uses nothing.
//! 1. [`model`] — payments, statement entries, dates, money: the nouns. No input or output.
//! 2. [`readers`] — bytes of a file to model values and problems. Uses `model`.
//! 3. [`matching`] — which bank entry answers which payment. Uses `model`, never `readers`.
//! 4. [`verdict`] — what that means for the person: credited, delayed or follow-up.
//! 5. [`check`] — before the due day: lists against orders and the month before.
//! 6. [`audit`] — a second pair of eyes on saved results; knows neither `matching` nor `verdict`.
//! 7. [`reports`] — verdicts to tables, JSON, CSV, HTML. Decides nothing.
//! 8. [`store`] — kept results, what changed between two, what people decided. Decides nothing about payments.
//! 9. [`simulate`] — synthetic months for training and tests. Uses `model` only.
//! 10. [`cli`] — the only floor with files, clock, terminal and environment.

pub mod audit;
pub mod check;
pub mod cli;
pub mod facts;
pub mod matching;
pub mod model;
pub mod readers;
pub mod reports;
pub mod simulate;
pub mod store;
pub mod verdict;
