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

    /// Puts the later one into a slot; many refusals of many equal payments are compared before they are
    /// copied.
    pub(super) fn keep_later_of(&self, slot: &mut Option<Self>) {
        if slot.as_ref().is_none_or(|known| known.rank() < self.rank()) {
            *slot = Some(self.clone());
        }
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
    /// Adds what equal messages say together.
    pub(super) fn add(&mut self, other: &Self) {
        if let Some((level, place)) = other.level {
            self.reach(level, place);
        }
        if let Some(rejected) = &other.rejected {
            rejected.keep_later_of(&mut self.rejected);
        }
        if let Some(recalled) = &other.recalled {
            recalled.keep_later_of(&mut self.recalled);
        }
        if let Some((answer, message)) = &other.answer {
            self.answer_by(*answer, message);
        }
        self.undecided = self.undecided.into_iter().chain(other.undecided).min();
        self.settled_payee = self.settled_payee.into_iter().chain(other.settled_payee).max();
    }

    /// Notes a message that may mean other payments as well; the first place is told.
    pub(super) fn leave_undecided(&mut self, place: Place) {
        self.undecided = self.undecided.into_iter().chain([place]).min();
    }

    /// Notes how far the payment is: the best level, told first.
    pub(super) fn reach(&mut self, level: Level, place: Place) {
        let better = (level, std::cmp::Reverse(place));
        if self.level.is_none_or(|(known, place)| (known, std::cmp::Reverse(place)) < better) {
            self.level = Some((level, place));
        }
    }

    /// Notes an answer to a recall, if it is later than what is known.
    pub(super) fn answer_by(&mut self, answer: RecallAnswer, message: &Rejected) {
        let later = self.answer.as_ref().is_none_or(|(known, before)| {
            (before.at, *known, before.place) < (message.at, answer, message.place)
        });
        if later {
            self.answer = Some((answer, message.clone()));
        }
    }

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
