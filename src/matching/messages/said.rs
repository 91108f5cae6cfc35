//! Everything messages may say of one payment.

use chrono::NaiveDate;
use chrono::NaiveDateTime;

use crate::model::place::Place;

/// How far the bank says a payment is; later levels are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Received, form is fine.
    Received,
    /// Accepted, or waiting.
    Accepted,
    /// Settled on the payer's side, by the bank's word.
    SettledPayer,
}

impl Level {
    /// The bank's word for it, for the trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::SettledPayer => "settled by the payer's bank",
        }
    }
}

/// A refusal by the bank, or a recall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// Where it says so.
    pub place: Place,
    /// When the message was made.
    pub at: Option<NaiveDateTime>,
    /// Reason code.
    pub code: Option<String>,
    /// The bank's words.
    pub text: Option<String>,
}

impl Rejected {
    /// Day of the message.
    pub fn day(&self) -> Option<NaiveDate> {
        self.at.map(|at| at.date())
    }

    /// What decides which of several counts: the later one; the place only between equal ones.
    fn rank(&self) -> impl Ord + use<'_> {
        (self.at, self.code.as_deref(), self.text.as_deref(), self.place)
    }

    /// Puts the later one into a slot.
    pub(super) fn keep_later(self, slot: &mut Option<Self>) {
        if slot.as_ref().is_none_or(|known| known.rank() < self.rank()) {
            *slot = Some(self);
        }
    }
}

/// What was answered to a recall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecallAnswer {
    /// Not decided yet, or a code that says neither.
    Open,
    /// The money comes back.
    Granted,
    /// The money stays with the payee.
    Refused,
}

/// Everything messages say of one payment.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// How far it is.
    pub level: Option<(Level, Place)>,
    /// Whether it was refused; the last refusal.
    pub rejected: Option<Rejected>,
    /// Whether it was asked back; the last request.
    pub recalled: Option<Rejected>,
    /// The last answer to that.
    pub answer: Option<(RecallAnswer, Rejected)>,
    /// A refusal or a recall that fits other payments as well.
    pub undecided: Option<Place>,
    /// Settled on the payee's account by a status report; the day if it states one.
    pub settled_payee: Option<(Option<NaiveDate>, Place)>,
    /// Confirmed by the payee's side, with the day.
    pub confirmed: Option<(NaiveDate, Place)>,
}

impl Said {
    /// Nothing.
    pub const NOTHING: Self = Self {
        level: None,
        rejected: None,
        recalled: None,
        answer: None,
        undecided: None,
        settled_payee: None,
        confirmed: None,
    };
}
