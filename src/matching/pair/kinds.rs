//! What a payment and a booking say side by side, as values; reports give them words.

use chrono::NaiveDate;

use crate::matching::findings::Failure;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::months::NamedMonth;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::statement::Doubt;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// The end-to-end id.
    EndToEndId,
    /// What texts of the booking name: case numbers and ids of payments.
    Reference,
    /// The batch of the order.
    Order,
    /// The payee's account.
    Account,
    /// The payee's name.
    Name,
    /// The amount.
    Amount,
    /// The day of the booking, and the days of the payment's run.
    Day,
    /// The month that texts name.
    Month,
    /// Whether it is a booked debit at all.
    State,
    /// Whose booking it is.
    Use,
}

impl Topic {
    /// All, in the order of reports.
    pub const ALL: [Self; 10] = [
        Self::EndToEndId,
        Self::Reference,
        Self::Order,
        Self::Account,
        Self::Name,
        Self::Amount,
        Self::Day,
        Self::Month,
        Self::State,
        Self::Use,
    ];

    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EndToEndId => "end-to-end-id",
            Self::Reference => "reference",
            Self::Order => "order",
            Self::Account => "account",
            Self::Name => "name",
            Self::Amount => "amount",
            Self::Day => "day",
            Self::Month => "month",
            Self::State => "state",
            Self::Use => "used-by",
        }
    }
}

/// How the two sides of a field stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Both say the same.
    Agrees,
    /// They say something else.
    Differs,
    /// One side says nothing.
    NotStated,
}

impl Standing {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::NotStated => "not-stated",
        }
    }
}

/// What a booking is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A booked debit.
    Booked,
    /// A collective debit whose transfers are not known.
    Collective,
    /// Announced only.
    Pending,
    /// Announced, and booked since.
    Superseded,
    /// Money that came back.
    Return,
    /// Other money that came in.
    MoneyIn,
    /// A fee, a direct debit, a card payment, cash.
    NoTransfer,
    /// A debit that the bank calls a reversal.
    Reversal,
    /// Not counted: for information, in another currency, after `--as-of`.
    NotCounted,
}

/// What a side says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words of a file.
    Text(String),
    /// An account.
    Account(Iban),
    /// An amount.
    Money(Amount),
    /// A day.
    Day(NaiveDate),
    /// Days, the last one excluded.
    Days(NaiveDate, NaiveDate),
    /// Months.
    Months(Vec<NamedMonth>),
    /// What the booking is.
    State(State),
    /// Rows of lists: the first ones, and how many they are.
    Rows(Vec<Place>, usize),
}

/// What else there is to say of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The bank shows only the beginning of the id.
    Cut,
    /// The id is that of the order.
    Ordered,
    /// The value names nobody: a placeholder, or one id for many.
    Placeholder,
    /// The account number fails its check.
    AccountInvalid,
    /// The accounts differ in so many characters.
    Typo(usize),
    /// The booked amount is so many times the one owed.
    Times(i64),
    /// The booked amount is this part of the one owed.
    Part(i64),
    /// So many payments together are this sum.
    Together(usize, Amount),
    /// So many bookings together are this sum.
    InParts(usize, Amount),
    /// So many payments are cited with the booking; nobody is picked.
    NobodyPicked,
    /// In time.
    InTime,
    /// Late, within the days that count as delayed.
    Late,
    /// Later than that.
    TooLate,
    /// Before the first day that counts.
    Before,
    /// In the days of the next run.
    NextRun,
    /// Its own id binds a booking outside of the run's days.
    ById,
    /// Another month than that of the due day; the payment's own text or a name in it has it.
    OwnText,
}

/// A field, both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What is compared.
    pub topic: Topic,
    /// How it stands.
    pub standing: Standing,
    /// What the list says.
    pub list: Option<Value>,
    /// What the bank says.
    pub bank: Option<Value>,
    /// What else there is to say.
    pub remark: Option<Remark>,
}

/// What ties them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// The booking is the payment's, by this rule.
    Own(Link),
    /// It brought the payment's money back, by this rule.
    Returned(Link),
    /// It announces the payment.
    Announced,
}

/// What parts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// The row of the list cannot be read.
    RowUnreadable,
    /// For information, in another currency, after `--as-of`.
    NotCounted,
    /// Money came in that is nobody's return.
    MoneyIn,
    /// Another payment's money came back.
    OthersReturn,
    /// Somebody's money came back, nobody knows whose.
    NobodysReturn,
    /// A fee, a direct debit, a card payment, cash.
    NoTransfer,
    /// The bank calls it a reversal; which way the money went is not known.
    Reversal,
    /// Announced only, and it means nobody here.
    Pending,
    /// Announced, and booked since: the booking counts.
    Superseded,
    /// It is the proof of another payment.
    Others,
    /// Both are of a group in which nobody is picked, or that does not fit.
    Group(Flag),
    /// The booking proves nothing.
    Doubtful(Doubt),
    /// The statement of its day does not tell it.
    Unbacked,
    /// A collective debit without details.
    NoDetails,
    /// Another amount.
    Amount,
    /// Another account.
    Account,
    /// The text names another month.
    Month,
    /// Outside the days of the run.
    Day,
    /// Another id.
    EndToEndId,
    /// The text names another payment.
    Reference,
    /// The payment has its booking already.
    HasItsOwn,
    /// Nothing that proves it agrees.
    NoProof,
}

impl Bar {
    /// All; of doubts one, of groups those that payments are in without having the booking.
    pub const ALL: [Self; 26] = [
        Self::RowUnreadable,
        Self::NotCounted,
        Self::MoneyIn,
        Self::OthersReturn,
        Self::NobodysReturn,
        Self::NoTransfer,
        Self::Reversal,
        Self::Pending,
        Self::Superseded,
        Self::Others,
        Self::Group(Flag::BatchDiffers),
        Self::Group(Flag::SumDiffers),
        Self::Group(Flag::PaidTwice),
        Self::Group(Flag::Ambiguous),
        Self::Group(Flag::WeakMatch),
        Self::Doubtful(Doubt::UnknownColumn),
        Self::Unbacked,
        Self::NoDetails,
        Self::Amount,
        Self::Account,
        Self::Month,
        Self::Day,
        Self::EndToEndId,
        Self::Reference,
        Self::HasItsOwn,
        Self::NoProof,
    ];

    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RowUnreadable => "row-unreadable",
            Self::NotCounted => "not-counted",
            Self::MoneyIn => "money-in",
            Self::OthersReturn => "return-of-another",
            Self::NobodysReturn => "return-of-nobody",
            Self::NoTransfer => "no-transfer",
            Self::Reversal => "reversal",
            Self::Pending => "pending",
            Self::Superseded => "booked-since",
            Self::Others => "of-another",
            Self::Group(flag) => match flag {
                Flag::PaidTwice => "paid-twice",
                Flag::AccountDiffers => "account-differs",
                Flag::AmountDiffers => "amount-differs",
                Flag::PartlyPaid => "partly-paid",
                Flag::BatchDiffers => "batch-differs",
                Flag::SumDiffers => "sum-differs",
                Flag::Ambiguous => "ambiguous",
                Flag::WeakMatch => "weak-match",
            },
            Self::Doubtful(_) => "doubtful",
            Self::Unbacked => "not-in-the-statement",
            Self::NoDetails => "no-details",
            Self::Amount => "amount",
            Self::Account => "account",
            Self::Month => "month",
            Self::Day => "day",
            Self::EndToEndId => "end-to-end-id",
            Self::Reference => "reference",
            Self::HasItsOwn => "has-its-own",
            Self::NoProof => "no-proof",
        }
    }
}

/// A booking, or one transfer of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Number of the entry.
    pub entry: usize,
    /// Number of the transfer, if one is meant.
    pub transfer: Option<usize>,
}

/// A payment and a booking, side by side.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Where the booking stands that counts.
    pub place: Place,
    /// Where the transfer stands that was compared, if it is one of several.
    pub transfer: Option<Place>,
    /// How many transfers the booking has.
    pub transfers: usize,
    /// Where it was asked for, if that place tells the same booking once more.
    pub told_at: Option<Place>,
    /// All fields.
    pub fields: Vec<Field>,
    /// What ties them.
    pub bond: Option<Bond>,
    /// What parts them; the first decides.
    pub bars: Vec<Bar>,
    /// The payment's own bookings.
    pub own: Vec<Place>,
    /// The nearest booking of a payment without any, and the first thing that keeps it away.
    pub nearest: Option<(Place, Failure)>,
}
