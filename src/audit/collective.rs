//! Bookings that several payments share.

use crate::audit::evidence::Booking;
use crate::audit::proof::Case;
use crate::audit::proof::Own;
use crate::audit::proof::Proof;
use crate::audit::transfers::adds_up;
use crate::facts::debit_words;
use crate::facts::transaction_codes::CodeMeaning;
use crate::model::amount::Amount;
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

    /// Whether a booking is a collective one: the bank, or another file that tells it, calls it one, or it names an
    /// order. That it names no other side says nothing: so do cash and deposits.
    pub(super) fn is_collective(&self, case: &Case<'_, 'a>, cited: &Own<'a>) -> bool {
        let words = |text: &Option<String>| text.as_deref().map(fold_words).unwrap_or_default();
        let own = words(&cited.booking.entry.booking_text);
        if debit_words::say_drawn(&own) || debit_words::say_nobody(&own) {
            return false;
        }
        let is_called = |other: &Booking<'_>| {
            let entry = other.entry;
            let by_text = entry.details.iter().any(|detail| {
                detail.counterparty.is_none()
                    && debit_words::say_collective(&words(&detail.remittance))
            });
            entry.details.len() > 1
                || entry.batch.is_some()
                || entry.code_meaning() == Some(CodeMeaning::Collective)
                || debit_words::say_collective(&words(&entry.booking_text))
                || by_text
        };
        self.evidence.tellings(&cited.booking).any(|other| is_called(&other))
            || self.names_batch(case, cited) == Some(true)
            || self.names_order(cited)
    }

    /// Whether some text of a booking has the name of an order or of one of its batches.
    fn names_order(&self, cited: &Own<'a>) -> bool {
        let entry = cited.booking.entry;
        let details = entry.details.iter();
        let ids = details.clone().flat_map(|own| {
            [&own.message_id, &own.payment_info_id, &own.instruction_id, &own.end_to_end_id]
        });
        let texts = details.map(Some).chain([None]).flat_map(|detail| entry.texts(detail));
        let texts: Vec<String> =
            ids.filter_map(|id| id.as_deref()).chain(texts).map(reference_key).collect();
        self.said.names_of_orders().any(|name| texts.iter().any(|text| text.contains(name)))
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
