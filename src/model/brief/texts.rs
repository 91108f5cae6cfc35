//! The texts of rows in brief: read, or as they stand in the file.

use std::borrow::Cow;

use crate::model::brief::Cell;
use crate::model::iban::Iban;

/// The texts of a list row in brief that its shape does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowTexts<'a> {
    /// Case number.
    pub case_id: Option<Cow<'a, str>>,
    /// End-to-end id.
    pub end_to_end_id: Option<Cow<'a, str>>,
    /// The person entitled.
    pub beneficiary: Option<Cow<'a, str>>,
    /// Holder of the account, where another.
    pub payee: Option<Cow<'a, str>>,
    /// The account.
    pub iban: Option<Iban>,
}

/// The texts of a list row as they stand in the file, where they can be shown like that: UTF-8 of
/// printable ASCII characters but quotation marks and of Latin letters ([`harmless`] leaves them as
/// they are), blanks around them removed, empty if there is none.
///
/// [`harmless`]: crate::model::text::harmless
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BareTexts<'a> {
    /// Case number.
    pub case_id: Cell<'a>,
    /// End-to-end id.
    pub end_to_end_id: Cell<'a>,
    /// First and last name of the person entitled; a name in one column is the last one.
    pub beneficiary: [Cell<'a>; 2],
    /// Holder of the account, where another.
    pub payee: Cell<'a>,
    /// The account, as it is written.
    pub iban: Cell<'a>,
    /// Whether one of them may hold a comma.
    pub has_comma: bool,
}

/// The texts of a booking as they stand in the file, like [`BareTexts`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BareBooking<'a> {
    /// The other side's name, which may stand in two columns.
    pub counterparty: [Cell<'a>; 2],
    /// The other side's account, as it is written.
    pub iban: Cell<'a>,
    /// End-to-end id, or a word for none.
    pub end_to_end_id: Cell<'a>,
    /// Remittance text.
    pub remittance: Cell<'a>,
    /// Whether one of them may hold a comma.
    pub has_comma: bool,
}

/// A text of a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookingText {
    /// [`BareBooking::counterparty`].
    Counterparty,
    /// [`BareBooking::iban`].
    Iban,
    /// [`BareBooking::end_to_end_id`].
    EndToEndId,
    /// [`BareBooking::remittance`].
    Remittance,
}

/// Which texts of a booking are wanted; the others may be left empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantedTexts(u8);

impl WantedTexts {
    /// Whether this one is.
    pub const fn has(self, text: BookingText) -> bool {
        self.0 & (1 << text as u8) != 0
    }

    /// Whether any is.
    pub const fn any(self) -> bool {
        self.0 != 0
    }
}

impl FromIterator<BookingText> for WantedTexts {
    fn from_iter<I: IntoIterator<Item = BookingText>>(texts: I) -> Self {
        Self(texts.into_iter().fold(0, |all, text| all | (1 << text as u8)))
    }
}

/// The texts of a list row in one of the two ways.
#[derive(Clone, Debug)]
pub enum Shown<'a> {
    /// As they stand.
    Bare(BareTexts<'a>),
    /// Read.
    Full(RowTexts<'a>),
}

/// The texts of a booking in brief that may name somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryTexts<'a> {
    /// Remittance text and end-to-end id; simple bookings have no other text with references.
    pub references: [Option<Cow<'a, str>>; 2],
    /// All that its columns say of the other side's name.
    pub names: [Option<Cow<'a, str>>; 3],
}
