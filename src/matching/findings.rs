//! What the search found for every payment, before anyone judges it.

use chrono::NaiveDate;

use crate::matching::cited::Entries;
use crate::matching::few::Few;
use crate::model::amount::Amount;
use crate::model::place::Place;
use crate::model::statement::Doubt;

/// The rule that joined a payment and a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Link {
    /// End-to-end id, amount and account.
    EndToEndId,
    /// A reference in the remittance text, amount and account.
    Reference,
    /// Account and amount, paired by count.
    IbanAndAmount,
    /// Name and amount.
    NameAndAmount,
    /// Several bookings of one reference.
    Split,
    /// One booking for several rows of an account.
    Merged,
    /// A collective debit.
    Batch,
}

impl Link {
    /// The machine name, as in verdicts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EndToEndId => "end-to-end-id",
            Self::Reference => "reference",
            Self::IbanAndAmount => "iban-and-amount",
            Self::NameAndAmount => "name-and-amount",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Batch => "batch",
        }
    }
}

/// Money that was booked for a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Number of the bank entry.
    pub entry: usize,
    /// Number of the transfer inside it; `None` for members of an unresolved collective debit.
    pub transfer: Option<usize>,
    /// By which rule.
    pub link: Link,
    /// The part of the booking that is this payment's.
    pub amount: Amount,
    /// Later of booking and value date (B).
    pub booked_on: NaiveDate,
}

/// Money that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Number of the bank entry.
    pub entry: usize,
    /// By which rule it was linked.
    pub link: Link,
    /// How much.
    pub amount: Amount,
    /// Day it was booked.
    pub day: NaiveDate,
    /// Reason code the bank gives.
    pub code: Option<String>,
    /// The bank's words.
    pub text: Option<String>,
}

/// A fact that keeps a payment from being credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// More was booked than is owed; the surplus cannot be told from the payment.
    PaidTwice,
    /// Booked under this reference and amount to another account.
    AccountDiffers,
    /// Booked under this reference with another amount.
    AmountDiffers,
    /// Parts were booked that do not reach the amount.
    PartlyPaid,
    /// Member of a collective debit that does not close.
    BatchDiffers,
    /// Rows of an account whose merged debit does not close.
    SumDiffers,
    /// Several payments or bookings fit equally.
    Ambiguous,
    /// Only name and amount agree.
    WeakMatch,
}

/// What made a flag, for the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// So many equal payments, so many bookings.
    Group(usize, usize),
    /// A return fits so many payments.
    ReturnGroup(usize),
    /// This return, which is nobody's, may be the payment's.
    ReturnOpen(usize),
    /// A debit that the bank calls a reversal; whether the money came or went is not said.
    Reversal(usize),
    /// A report tells this booking, and the statement of that day does not.
    Unbacked(usize),
    /// This booking would be the payment's, and proves nothing.
    Doubtful(usize, Doubt),
    /// The row stands in another place too.
    Repeated(Place),
    /// Collective debit: booked, expected.
    Batch(Amount, Amount, usize),
    /// Rejected members that explain a shortfall: count and sum.
    BatchRejects(usize, Amount),
    /// Merged debit: booked, open, rows.
    Sum(Amount, Amount, usize),
    /// A merged debit that closes: booked, rows.
    Merged(Amount, usize),
    /// A booking whose texts name a row that could not be read.
    NamedBy(usize),
    /// Several own parts: count, sum.
    Parts(usize, Amount),
    /// Nearest booking that failed, and the first thing that differs.
    Candidate(usize, Failure),
}

/// The first thing that keeps a near booking from being the payment's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// Another amount.
    Amount,
    /// Another account.
    Account,
    /// The text names another month, or it was booked in another month's run.
    Month,
    /// It carries another payment's reference.
    Reference,
}

/// Everything found for one payment.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What was booked for it.
    pub claims: Few<Claim>,
    /// What came back.
    pub returned: Few<Returned>,
    /// What stands against it.
    pub flags: Few<Flag>,
    /// Bookings cited without being its own beyond doubt.
    pub cited: Entries,
    /// Announced bookings.
    pub pending: Entries,
    /// For the trail.
    pub notes: Few<Note>,
}

impl Found {
    /// Whether the search may still look for this payment's booking.
    pub fn is_open(&self) -> bool {
        self.claims.is_empty() && self.flags.is_empty()
    }

    /// The sum of all bookings.
    pub fn booked(&self) -> Amount {
        self.claims.iter().map(|claim| claim.amount).sum()
    }

    /// The sum of all returns.
    pub fn came_back(&self) -> Amount {
        self.returned.iter().map(|returned| returned.amount).sum()
    }

    /// Adds a flag once.
    pub fn flag(&mut self, flag: Flag) {
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }
}

/// What became of a bank entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntryUse {
    /// Nothing yet.
    #[default]
    Free,
    /// A payment cites it.
    Matched,
    /// A collective debit whose members are payments.
    Batch,
    /// A return linked to a payment.
    Return,
    /// A return linked to nobody.
    Unassigned,
    /// An announcement that was booked since.
    Superseded,
}

/// The result of the search.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// For every payment.
    pub payments: Vec<Found>,
    /// For every bank entry.
    pub entries: Vec<EntryUse>,
    /// The rules would have needed payments that are settled without them
    /// ([`crate::matching::plain`]); they have to run again over all.
    pub settled_are_asked_for: bool,
}
