//! The answers: one verdict for every payment, one disposition for every bank entry.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::matching::cited::EntryGroup;
use crate::matching::cited::SHOWN;
use crate::matching::few::Few;
use crate::matching::messages::said::RecallAnswer;
use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::payment::Payment;
use crate::model::place::Place;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;
use crate::verdict::trace::Trail;

/// How good the proof is; see `docs/concepts.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The list alone.
    #[default]
    E0,
    /// In the order file.
    E1,
    /// Received by the bank.
    E2,
    /// Accepted by the bank, or pending.
    E3,
    /// Member of a collective debit that closes.
    E4,
    /// Own debit booked with matching details.
    E5,
    /// E4 or E5 and three further banking days of statements without a return.
    E6,
    /// The payee's side confirmed.
    E7,
    /// Rejected.
    X1,
    /// Returned.
    X2,
    /// Recall or inquiry running.
    X3,
}

impl Evidence {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::E0 => "E0",
            Self::E1 => "E1",
            Self::E2 => "E2",
            Self::E3 => "E3",
            Self::E4 => "E4",
            Self::E5 => "E5",
            Self::E6 => "E6",
            Self::E7 => "E7",
            Self::X1 => "X1",
            Self::X2 => "X2",
            Self::X3 => "X3",
        }
    }
}

/// How the money was paid, where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// One own entry.
    Booked,
    /// Member of a collective debit.
    Batch,
    /// Several entries.
    Split,
    /// One entry for several rows.
    Merged,
    /// Paid again after a return or reject.
    Repaid,
    /// Confirmed by the payee's side only.
    Confirmed,
    /// Cash, cheque or card.
    OtherChannel,
    /// Nothing was due.
    NothingDue,
}

impl How {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Batch => "batch",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Repaid => "repaid",
            Self::Confirmed => "confirmed",
            Self::OtherChannel => "other-channel",
            Self::NothingDue => "nothing-due",
        }
    }
}

/// The rule that joined payment and evidence, or decided without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// End-to-end id, amount and account.
    EndToEndId,
    /// A reference in the remittance text, amount and account.
    Reference,
    /// Account and amount, paired by count.
    IbanAndAmount,
    /// Name and amount only.
    NameAndAmount,
    /// Several entries of one reference.
    Split,
    /// One entry for several rows of an account.
    Merged,
    /// A collective debit.
    Batch,
    /// A confirmation of the payee's side.
    Confirmation,
    /// A status report of the bank.
    StatusReport,
    /// The list itself: blocked, zero, cash, unreadable.
    List,
    /// What the bank data cover.
    Coverage,
}

impl Rule {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EndToEndId => "end-to-end-id",
            Self::Reference => "reference",
            Self::IbanAndAmount => "iban-and-amount",
            Self::NameAndAmount => "name-and-amount",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Batch => "batch",
            Self::Confirmation => "confirmation",
            Self::StatusReport => "status-report",
            Self::List => "list",
            Self::Coverage => "coverage",
        }
    }
}

/// The verdict on one payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Credited, delayed or follow-up.
    pub status: Status,
    /// Why.
    pub reason: Reason,
    /// How it was paid, where it was.
    pub how: Option<How>,
    /// How good the proof is.
    pub evidence: Evidence,
    /// The rule that decided.
    pub rule: Option<Rule>,
    /// The due date (L).
    pub due: NaiveDate,
    /// Later of booking and value date (B).
    pub booked_on: Option<NaiveDate>,
    /// Expected or confirmed credit (G).
    pub credited_on: Option<NaiveDate>,
    /// Latest credit (G+).
    pub latest_credit: Option<NaiveDate>,
    /// G+ is not after the due date.
    pub guaranteed: bool,
    /// What was booked for this payment, less what came back.
    pub credited_amount: Option<Amount>,
    /// ISO reason code of a return, reject or recall.
    pub reason_code: Option<String>,
    /// The bank's own words for it.
    pub reason_text: Option<String>,
    /// What was answered to a recall.
    pub recall_answer: Option<RecallAnswer>,
    /// Who has to act.
    pub actor: Option<Actor>,
    /// The bank entries and other records it rests on.
    pub entries: Vec<CitedEntry>,
    /// Large groups of bank entries that it shares with others; `entries` has the first ones of each.
    pub groups: Few<Arc<EntryGroup>>,
    /// How the verdict came about.
    pub trail: Trail,
}

impl Verdict {
    /// How many entries of large groups stand behind those that are shown.
    pub fn more_entries(&self) -> usize {
        self.groups.iter().map(|group| group.places().len().saturating_sub(SHOWN)).sum()
    }
}

/// A bank entry as a verdict cites it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CitedEntry {
    /// Where it stands.
    pub place: Place,
    /// Booking date.
    pub booking_date: Option<NaiveDate>,
    /// Value date.
    pub value_date: Option<NaiveDate>,
    /// Signed amount; debits are below zero.
    pub amount: Amount,
}

/// A payment with its verdict.
#[derive(Clone, Debug)]
pub struct JudgedPayment {
    /// What is owed.
    pub payment: Payment,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of a bank entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disposition {
    /// A payment cites it as its own.
    Matched,
    /// A collective debit whose members are payments.
    Batch,
    /// Money that came back, linked to a payment.
    Return,
    /// Money that came back, linked to nobody.
    UnassignedReturn,
    /// The same booking as in another file.
    DuplicateExport,
    /// Announced only.
    Pending,
    /// Announced, and booked since.
    SupersededPending,
    /// A transfer in the window that no payment claims.
    UnlistedDebit,
    /// A record of a status report.
    StatusReport,
    /// Fees, direct debits, incoming money, everything outside the window.
    Unrelated,
}

impl Disposition {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Batch => "batch",
            Self::Return => "return",
            Self::UnassignedReturn => "unassigned-return",
            Self::DuplicateExport => "duplicate-export",
            Self::Pending => "pending",
            Self::SupersededPending => "superseded-pending",
            Self::UnlistedDebit => "unlisted-debit",
            Self::StatusReport => "status-report",
            Self::Unrelated => "unrelated",
        }
    }
}

/// A bank entry with its disposition.
#[derive(Clone, Debug)]
pub struct BankEntry {
    /// Where it stands.
    pub place: Place,
    /// The account it is on, if the file names it.
    pub account: Option<Iban>,
    /// Booking date.
    pub booking_date: Option<NaiveDate>,
    /// Value date.
    pub value_date: Option<NaiveDate>,
    /// Signed amount; debits are below zero.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// What became of it.
    pub disposition: Disposition,
    /// The other side.
    pub counterparty: Option<String>,
    /// Its account.
    pub counterparty_iban: Option<Iban>,
    /// End-to-end id, if it has a real one.
    pub end_to_end_id: Option<String>,
    /// Remittance text.
    pub remittance: Option<String>,
    /// Booking text.
    pub booking_text: Option<String>,
}

/// Count and sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// How much.
    pub amount: Amount,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, amount: Amount) {
        self.count = self.count.saturating_add(1);
        self.amount = self.amount.plus(amount);
    }

    /// Counts what another tally has counted.
    pub fn add_all(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.amount = self.amount.plus(other.amount);
    }
}

/// The control totals. Lists: `credited + delayed + follow_up = payments`; bank:
/// `matched + batch + unlisted + unrelated_debits = bank_debits`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All payments of all lists.
    pub payments: Tally,
    /// Those credited.
    pub credited: Tally,
    /// Those delayed.
    pub delayed: Tally,
    /// Those that need a person.
    pub follow_up: Tally,
    /// All booked debits, each counted once; amounts above zero.
    pub bank_debits: Tally,
    /// Debits that payments cite as their own.
    pub matched: Tally,
    /// Collective debits.
    pub batch: Tally,
    /// Transfers that no payment claims.
    pub unlisted: Tally,
    /// Debits that have nothing to do with the lists.
    pub unrelated_debits: Tally,
    /// Returns linked to a payment.
    pub returned: Tally,
    /// Returns linked to nobody.
    pub unassigned_returns: Tally,
    /// Whether both sides add up, to the cent.
    pub closes: bool,
}

impl Totals {
    /// The payments of one status.
    pub fn of(&mut self, status: Status) -> &mut Tally {
        match status {
            Status::Credited => &mut self.credited,
            Status::Delayed => &mut self.delayed,
            Status::FollowUp => &mut self.follow_up,
        }
    }
}

/// The days of one account that bank files cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCoverage {
    /// The account; `None` for files that do not name theirs.
    pub account: Option<Iban>,
    /// First covered day.
    pub from: NaiveDate,
    /// Last covered day.
    pub to: NaiveDate,
    /// Uncovered banking days between, as stretches.
    pub gaps: Vec<(NaiveDate, NaiveDate)>,
}

/// Bank data that would decide open payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingData {
    /// The account; `None` if it is not known which one pays.
    pub account: Option<Iban>,
    /// The days that are missing, as stretches.
    pub days: Vec<(NaiveDate, NaiveDate)>,
    /// The payments that wait for them.
    pub payments: Tally,
}
