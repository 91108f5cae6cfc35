//! The meanings columns can have.

/// The meaning of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Case number.
    CaseId,
    /// Benefit.
    Benefit,
    /// Person entitled.
    Beneficiary,
    /// Family name of the person entitled.
    LastName,
    /// First name of the person entitled.
    FirstName,
    /// Holder of the account paid to.
    Payee,
    /// Account paid to (lists), of the other side (bank).
    Iban,
    /// Bank code where the account is given without IBAN.
    BankCode,
    /// Bank code of the account of the export.
    OwnBankCode,
    /// An account of which the name alone does not say whose it is: the cells decide.
    AnyAccount,
    /// Amount.
    Amount,
    /// Amount that left the account.
    Debit,
    /// Amount that came in.
    Credit,
    /// S/H mark.
    Mark,
    /// Currency.
    Currency,
    /// Due date.
    Due,
    /// End-to-end id.
    EndToEndId,
    /// The customer's own reference, where the end-to-end id has a column of its own.
    CustomerReference,
    /// Remittance text.
    Remittance,
    /// Payment run.
    Run,
    /// Facility.
    Facility,
    /// Channel.
    Channel,
    /// The list's own status; booked or pending in bank files.
    Status,
    /// A state that a program writes only where a booking is more than one that stands: empty says booked.
    StatusIfAny,
    /// A mark that blocks the row (Sperrkennzeichen).
    Block,
    /// Office.
    Office,
    /// Remark.
    Note,
    /// The account that pays (lists), the account of the export (bank).
    OwnAccount,
    /// Day of a confirmed credit.
    CreditedOn,
    /// Day of the booking.
    BookingDate,
    /// Value date.
    ValueDate,
    /// Booking text.
    BookingText,
    /// German transaction code.
    TransactionCode,
    /// Booking text in the first line, remittance text in those behind it.
    KindAndText,
    /// Whether the booking is still announced (yes/no).
    Pending,
    /// Whether the booking is booked (yes/no).
    Booked,
    /// Other side of a booking.
    Counterparty,
    /// Second part of its name.
    Counterparty2,
    /// The payer of a booking, where payer and payee have columns of their own.
    Payer,
    /// The side of the account itself, where it has a column of its own.
    OwnName,
    /// Whom the money is for or from in the end.
    Ultimate,
    /// Mandate of a direct debit.
    Mandate,
    /// Balance after the booking.
    Balance,
    /// Number of transfers in a collective booking.
    Count,
    /// Known; it proves nothing, but is searched for what speaks against a payment.
    Aside,
    /// A bank's identifier: irrelevant as long as it is one.
    Bic,
    /// Irrelevant by its name, as long as it holds no sentence.
    Unused,
}

impl Field {
    /// The columns in which the money of a row stands.
    pub(crate) const MONEY: [Self; 3] = [Self::Amount, Self::Debit, Self::Credit];

    /// Whether the cells of such a column are amounts: money of the row, or a balance.
    pub(crate) const fn has_amounts(self) -> bool {
        matches!(self, Self::Amount | Self::Debit | Self::Credit | Self::Balance)
    }
}
