//! Collective debits whose transfers the bank does not tell: members, sums, counts.

mod named;
mod run;
mod settle;
mod unnamed;

pub use named::named;
pub use unnamed::ordered;
pub use unnamed::unnamed;
