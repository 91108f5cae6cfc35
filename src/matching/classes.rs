//! Classes of bank entries: which may pay somebody, which bring money back, which do neither.

use crate::facts::debit_words;
use crate::facts::transaction_codes;
use crate::facts::transaction_codes::CodeMeaning;
use crate::model::currency::Currency;
use crate::model::statement::BookingStatus;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::fold_words;
use crate::model::text::is_placeholder;

/// What an entry is, by its marks and codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A booked debit that may pay someone; its transfers are known.
    Transfer,
    /// A booked debit whose transfers are not known: unresolved collective booking, or details
    /// that do not add up.
    Collective,
    /// A booked debit that pays nobody of a list: fee, direct debit, card, cash.
    OtherDebit,
    /// A booked credit that says it brings earlier money back.
    Return,
    /// Any other booked credit.
    OtherCredit,
    /// A booked debit that the bank calls a reversal: it may take back a credit, or say with the
    /// mark of the original that a debit came back.
    Reversal,
    /// Announced only, debit.
    Pending,
    /// Announced only, credit: money that may be about to come back.
    Announced,
    /// Not counted: for information, in another currency, after `--as-of`.
    Outside,
}

/// The words of the booking text, folded.
pub(crate) fn booking_words(entry: &StatementEntry) -> Vec<String> {
    entry.booking_text.as_deref().map(fold_words).unwrap_or_default()
}

/// What an entry is, by its marks and codes.
pub(crate) fn classify(entry: &StatementEntry) -> Class {
    if entry.currency != Currency::EUR {
        // Banks book a return in the currency in which it reached them.
        let is_return = entry.direction == Direction::Credit && brings_back(entry);
        return if is_return { Class::Announced } else { Class::Outside };
    }
    match (entry.status, entry.direction) {
        // What only informs of a return speaks against a payment all the same.
        (BookingStatus::Information, Direction::Credit) if brings_back(entry) => Class::Announced,
        (BookingStatus::Information, _) => Class::Outside,
        (BookingStatus::Pending, Direction::Credit) => Class::Announced,
        (BookingStatus::Pending, Direction::Debit) => Class::Pending,
        (BookingStatus::Booked, Direction::Credit) => {
            if brings_back(entry) {
                Class::Return
            } else {
                Class::OtherCredit
            }
        }
        (BookingStatus::Booked, Direction::Debit) => {
            if entry.reversal {
                Class::Reversal
            } else if pays_nobody(entry) {
                Class::OtherDebit
            } else {
                Class::Transfer
            }
        }
    }
}

/// Whether a credit says that it brings earlier money back.
pub(crate) fn brings_back(entry: &StatementEntry) -> bool {
    entry.is_marked_return() || (entry.direction == Direction::Credit && entry.reversal)
}

/// Fees, direct debits, card payments, cash: debits that are no credit transfer.
fn pays_nobody(entry: &StatementEntry) -> bool {
    if entry.details.iter().any(|detail| detail.mandate_id.is_some()) {
        return true;
    }
    if let Some(code) = entry.transaction_code.as_deref() {
        match transaction_codes::meaning(code) {
            Some(CodeMeaning::OtherDebit) => return true,
            Some(CodeMeaning::Transfer | CodeMeaning::Collective) => return false,
            Some(CodeMeaning::Return) | None => {}
        }
    }
    if let Some(code) = entry.domain_code.as_deref() {
        let mut parts = code.split('/');
        let (domain, family, sub) = (parts.next(), parts.next(), parts.next());
        if matches!(family, Some("RDDT" | "IDDT" | "CCRD" | "MCRD" | "CNTR" | "ICHQ" | "RCHQ"))
            || matches!(sub, Some("CHRG" | "FEES" | "COMM" | "INTR" | "TAXE"))
            || matches!(domain, Some("ACMT" | "SECU" | "LDAS"))
        {
            return true;
        }
    }
    let words = booking_words(entry);
    if debit_words::say_drawn(&words) {
        return true;
    }
    // The text of a bank's own debit is its kind, whatever the booking text calls it.
    let is_own = |detail: &EntryDetail| {
        let words = detail.remittance.as_deref().map(fold_words).unwrap_or_default();
        debit_words::are_a_fee(&words)
    };
    names_no_side(entry) && (debit_words::say_nobody(&words) || entry.details.iter().any(is_own))
}

/// Whether a booking names neither an account nor a real id of the other side.
fn names_no_side(entry: &StatementEntry) -> bool {
    entry.details.iter().all(|detail| {
        detail.counterparty_iban.is_none()
            && detail.end_to_end_id.as_deref().is_none_or(is_placeholder)
    })
}
