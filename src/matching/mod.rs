//! Which bank entry answers which payment. Knows model values only, never a file format.
//!
//! The order of the rules ([`rules::apply`]): collective debits that an order names, then
//! end-to-end id, reference, account and amount; then parts, merged debits, unnamed collective
//! debits, near misses; returns last, over everything that was found.

mod alike;
pub mod bank;
pub mod batch;
mod borne;
mod by_money;
pub mod cited;
pub mod classes;
pub mod counting;
pub mod doubts;
pub mod duplicates;
pub mod few;
pub mod findings;
mod gathered;
pub mod groups;
mod in_hand;
pub mod lookup;
mod meant;
pub mod merged;
pub mod messages;
pub mod months;
mod named_lists;
pub mod near;
pub mod near_accounts;
pub mod nearest;
mod neighbours;
pub mod order_checks;
mod order_differences;
pub mod order_links;
pub mod orders;
mod originals;
pub mod owed;
pub mod pair;
pub mod parts;
pub mod pending;
mod periods;
pub mod plain;
pub mod population;
pub mod references;
mod repeats;
pub mod returns;
mod reversals;
pub mod rules;
mod same;
pub mod search;
mod settle;
mod tails;
mod tellings;
pub mod tiers;
mod transfer_kinds;
pub mod unbacked;
mod unite;
pub mod unreadable;
mod whole;
pub mod words;
