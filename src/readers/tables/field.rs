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
    /// Other side of a booking.
    Counterparty,
    /// Second part of its name.
    Counterparty2,
    /// The payer of a booking, where payer and payee have columns of their own.
    Payer,
    /// Mandate of a direct debit.
    Mandate,
    /// Balance after the booking.
    Balance,
    /// Number of transfers in a collective booking.
    Count,
    /// Known, but of no use here.
    Unused,
}
