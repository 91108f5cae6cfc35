//! The three answers.

/// The three answers to "was I paid?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Credited by the due date, by evidence.
    Credited,
    /// Credited, or expected, by the horizon.
    Delayed,
    /// A person has to act.
    FollowUp,
}

impl Status {
    /// All three, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Credited, Self::Delayed, Self::FollowUp];

    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credited => "credited",
            Self::Delayed => "delayed",
            Self::FollowUp => "follow-up",
        }
    }
}
