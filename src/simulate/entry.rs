//! What the bank books, before it is written in a format.

use crate::simulate::timetable::Day;

/// What a booking is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A transfer (GVC 116).
    #[default]
    Transfer,
    /// A collective debit of so many transfers (GVC 191).
    Batch(u64),
    /// A returned transfer with its ISO reason code (GVC 159).
    Return(&'static str),
    /// The bank takes back a booking of its own (GVC 899).
    Reversal,
    /// Money that comes in (GVC 166).
    Incoming,
    /// A direct debit (GVC 105).
    DirectDebit,
    /// Fees of the account (GVC 808).
    Fee,
}

impl Kind {
    /// The German business transaction code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Transfer => "116",
            Self::Batch(_) => "191",
            Self::Return(_) => "159",
            Self::Reversal => "899",
            Self::Incoming => "166",
            Self::DirectDebit => "105",
            Self::Fee => "808",
        }
    }

    /// The booking text of savings banks.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Transfer => "EINZELUEBERWEISUNG",
            Self::Batch(_) => "SEPA-UEBERWEIS.SAMMLER-SOLL",
            Self::Return(_) => "RETOURE",
            Self::Reversal => "STORNO",
            Self::Incoming => "GUTSCHR. UEBERWEISUNG",
            Self::DirectDebit => "FOLGELASTSCHRIFT",
            Self::Fee => "ENTGELTABSCHLUSS",
        }
    }

    /// Family and sub-family of the ISO bank transaction code.
    pub const fn family(self) -> (&'static str, &'static str) {
        match self {
            Self::Transfer | Self::Batch(_) => ("ICDT", "ESCT"),
            Self::Return(_) => ("ICDT", "RRTN"),
            Self::Reversal => ("ICDT", "ESCT"),
            Self::Incoming => ("RCDT", "ESCT"),
            Self::DirectDebit => ("RDDT", "ESDD"),
            Self::Fee => ("MDOP", "CHRG"),
        }
    }
}

/// A booking on the payer's account.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Booking and value day.
    pub day: Day,
    /// Cents, below zero for money that leaves.
    pub cents: i64,
    /// What it is.
    pub kind: Kind,
    /// Only announced.
    pub pending: bool,
    /// The other side's name.
    pub name: String,
    /// The other side's account.
    pub iban: String,
    /// End-to-end id; empty for none.
    pub end_to_end_id: String,
    /// Remittance text.
    pub text: String,
    /// `PmtInfId` of a collective debit.
    pub run: String,
}

/// What a reason code reads like in German bank data.
pub fn return_text(code: &str) -> &'static str {
    match code {
        "AC01" => "IBAN FEHLERHAFT",
        "AC04" => "KONTO ERLOSCHEN",
        "AC06" => "KONTO GESPERRT",
        "MD07" => "EMPFAENGER VERSTORBEN",
        _ => "SONSTIGE GRUENDE",
    }
}

/// The text key extension of a reason code, where the sources agree on it.
pub fn text_key(code: &str) -> Option<&'static str> {
    match code {
        "AC01" => Some("901"),
        "AC04" => Some("902"),
        "AC06" => Some("903"),
        "MS03" => Some("914"),
        _ => None,
    }
}
