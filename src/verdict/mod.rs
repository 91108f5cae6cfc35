//! What the matches mean for each person: credited, delayed or follow-up.

mod acting;
pub mod booked;
pub mod channel;
pub mod coverage;
mod covered;
pub mod dates;
pub mod decide;
pub mod judge;
pub mod ledger;
mod opinion;
pub mod outcome;
pub mod parts;
mod plain;
pub mod reason;
pub(crate) mod remarks;
mod repeated;
pub mod result;
mod rule;
pub mod scene;
pub mod settled;
pub mod sides;
pub mod status;
pub mod terms;
pub mod trace;
pub mod trail;
mod trail_notes;

pub use judge::judge;
pub use judge::judge_seen;

use crate::model::problem::Problem;

/// Why a run gives no result at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The person has to say more, such as the month (exit code 2): German, English.
    Usage(&'static str, &'static str),
    /// The data contradict each other (exit code 3).
    Data(Problem),
}
