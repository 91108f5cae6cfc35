//! Bookings that several payments share, and what of a booking is one payment's.

use crate::audit::evidence::Booking;
use crate::audit::proof::Case;
use crate::audit::proof::Own;
use crate::audit::proof::Proof;
use crate::facts::debit_words;
use crate::facts::transaction_codes::CodeMeaning;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::payment::Payment;
use crate::model::text::fold_words;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

impl<'a> Proof<'a, '_> {
    /// Whether a booking that several payments share adds up: their order does, else they do.
    pub(super) fn closes(&self, case: &Case<'_, 'a>, cited: &Own<'a>) -> bool {
        let entry = cited.booking.entry;
        let (count, sum) = self.shares.citations.share(cited.number);
        if case.how() == "merged" {
            let mut accounts =
                entry.details.iter().filter_map(|own| own.counterparty_iban.as_ref());
            let mut to_own = || {
                let own = case.row.iban.as_ref();
                own.is_some_and(|own| accounts.any(|other| other.same_account(own)))
            };
            return sum == entry.amount && (count > 1 || entry.details.len() > 1 || to_own());
        }
        let refused = self.said.is_rejected(case.row);
        let mut batches = self.said.batches_of(case.row).filter(|_| !refused).peekable();
        let is_ordered = batches.peek().is_some();
        let by_order = batches.any(|(_, sum)| *sum == entry.amount);
        // A batch whose transfers the bank shows holds this payment's.
        let by_transfer = entry.details.len() > 1
            && adds_up(&cited.booking)
            && cited.booking.transfers().any(|(_, amount)| Some(amount) == case.row.amount);
        let whole = || {
            let sums = self.said.batches.iter().map(|(_, sum)| *sum);
            !refused && is_ordered && sums.sum::<Amount>() == entry.amount
        };
        let by_rows = sum == entry.amount && (!is_ordered || refused);
        by_rows || by_order || by_transfer || whole()
    }

    /// Whether a booking may be a collective one: the bank says so, or it names no other side.
    pub(super) fn is_collective(&self, case: &Case<'_, 'a>, cited: &Own<'a>) -> bool {
        let entry = cited.booking.entry;
        let (count, _) = self.shares.citations.share(cited.number);
        let mut details = entry.details.iter();
        let names_nobody =
            details.all(|own| own.counterparty_iban.is_none() && own.counterparty.is_none());
        let words = entry.booking_text.as_deref().map(fold_words).unwrap_or_default();
        if debit_words::say_drawn(&words) || debit_words::say_nobody(&words) {
            return false;
        }
        count > 1
            || entry.details.len() > 1
            || entry.batch.is_some()
            || names_nobody
            || entry.code_meaning() == Some(CodeMeaning::Collective)
            || self.names_batch(case, cited) == Some(true)
    }

    /// Whether a booking names a batch of the payment's orders; `None` if it names none at all.
    pub(super) fn names_batch(&self, case: &Case<'_, 'a>, cited: &Own<'a>) -> Option<bool> {
        let entry = cited.booking.entry;
        let of_batch = entry.batch.iter().filter_map(|batch| batch.payment_info_id.as_deref());
        let of_details =
            entry.details.iter().filter_map(|detail| detail.payment_info_id.as_deref());
        let named: Vec<String> = of_batch
            .chain(of_details)
            .filter(|id| !is_placeholder(id))
            .map(reference_key)
            .collect();
        if named.is_empty() {
            return None;
        }
        let own = self.said.batches_of(case.row);
        let ids: Vec<String> = own
            .filter_map(|(batch, _)| batch.payment_info_id.as_deref())
            .map(reference_key)
            .collect();
        (!ids.is_empty()).then(|| named.iter().any(|id| ids.contains(id)))
    }
}

/// Whether the transfers behind a booking are its sum; else nobody knows what they moved.
fn adds_up(booking: &Booking<'_>) -> bool {
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
    // What came back inside of the same booking never arrived.
    let opposite = details
        .iter()
        .filter(|own| own.direction.is_some_and(|side| side != booking.entry.direction));
    let mut returned = opposite.filter(|own| own.amount.is_some() && own.amount == row.amount);
    if returned.any(|own| {
        let account = own.counterparty_iban.as_ref().or(own.opposite_iban.as_ref());
        account.is_none() || account_fits(account)
    }) {
        return None;
    }
    let fitting: Vec<Amount> = booking
        .transfers()
        .filter(|(detail, _)| account_fits(detail.counterparty_iban.as_ref()))
        .map(|(_, amount)| amount)
        .collect();
    let whole = fitting.iter().find(|amount| Some(**amount) == row.amount);
    whole.or_else(|| fitting.first()).copied()
}
