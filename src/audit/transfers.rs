//! What of a booking is one payment's.

use crate::audit::evidence::Booking;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::payment::Payment;

/// Whether the transfers behind a booking are its sum; else nobody knows what they moved.
pub(super) fn adds_up(booking: &Booking<'_>) -> bool {
    let entry = booking.entry;
    let opposite = entry
        .details
        .iter()
        .filter(|own| own.direction.is_some_and(|side| side != entry.direction))
        .filter_map(|own| own.amount);
    let parts: Amount = booking.transfers().map(|(_, amount)| amount).sum();
    let parts = parts.minus(opposite.sum());
    let of_details: Amount = entry.details.iter().filter_map(|own| own.charges).sum();
    let charges = entry.charges.unwrap_or(of_details);
    parts == entry.amount || parts.plus(charges) == entry.amount
}

/// What of a booking is this payment's: the booking's amount, or that of the transfer behind it that goes to
/// its account. `None` if it went to another account.
pub(super) fn part_of(booking: &Booking<'_>, row: &Payment, is_shared: bool) -> Option<Amount> {
    let account_fits = |iban: Option<&Iban>| match (&row.iban, iban) {
        (Some(own), Some(other)) => own.same_account(other),
        _ => true,
    };
    let details = &booking.entry.details;
    if booking.is_credit() {
        let whole = booking.transfers().map(|(_, amount)| amount);
        let own = whole.into_iter().find(|amount| Some(*amount) == row.amount);
        return Some(own.unwrap_or_else(|| booking.entry.amount.min(row.amount_or_zero())));
    }
    // What came back inside of the same booking never arrived.
    let opposite = details
        .iter()
        .filter(|own| own.direction.is_some_and(|side| side != booking.entry.direction));
    let mut returned = opposite.filter(|own| own.amount.is_some() && own.amount == row.amount);
    if details.len() > 1
        && returned.any(|own| {
            let account = own.counterparty_iban.as_ref().or(own.opposite_iban.as_ref());
            account.is_none() || account_fits(account)
        })
    {
        return None;
    }
    let single = details.first().filter(|_| details.len() == 1);
    if is_shared {
        // One payee's debit goes to the account of all who share it.
        let iban = single.and_then(|detail| detail.counterparty_iban.as_ref());
        return account_fits(iban).then(|| row.amount_or_zero());
    }
    if details.len() > 1 && !adds_up(booking) {
        return None;
    }
    if details.len() <= 1 {
        let iban = details.first().and_then(|detail| detail.counterparty_iban.as_ref());
        // What the bank takes for itself is stated beside what it moved.
        let own = details.first().and_then(|detail| detail.amount);
        return account_fits(iban).then_some(own.unwrap_or(booking.entry.amount));
    }
    let fitting: Vec<Amount> = booking
        .transfers()
        .filter(|(detail, _)| account_fits(detail.counterparty_iban.as_ref()))
        .map(|(_, amount)| amount)
        .collect();
    let whole = fitting.iter().find(|amount| Some(**amount) == row.amount);
    whole.or_else(|| fitting.first()).copied()
}
