//! What the matches mean for each person: credited, delayed or follow-up.

pub mod outcome;
pub mod reason;
pub mod status;
pub mod terms;
pub mod trace;
