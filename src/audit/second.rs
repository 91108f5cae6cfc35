//! Money that went to a payment besides what it cites: it was paid twice, and cannot be credited.

use chrono::Days;

use crate::audit::evidence::Booking;
use crate::audit::finding::Finding;
use crate::audit::proof::Case;
use crate::audit::proof::Own;
use crate::audit::proof::Proof;
use crate::audit::texts::may_name_month;
use crate::model::amount::Amount;

/// The next run begins at the middle between two due days, which is no sooner than this many days after the first.
const THIS_RUN: u64 = 13;

impl<'a> Proof<'a, '_> {
    /// Whether a booking lies in the days of the payment's run.
    pub(super) fn is_of_run(&self, case: &Case<'_, 'a>, booking: &Booking<'a>) -> bool {
        let claim = case.claim;
        let last = claim.due.checked_add_days(Days::new(THIS_RUN)).unwrap_or(claim.due);
        let last = last.max(self.horizon(claim));
        let day = booking.entry.booked_on();
        day.is_some_and(|day| day >= self.window(claim) && day <= last)
    }

    /// What a payment is said to have got is all it got.
    pub(super) fn second(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        if case.own.is_empty() {
            return;
        }
        let found = self
            .second_by_money(case)
            .or_else(|| self.second_by_batch(case))
            .or_else(|| self.ordered_twice(case));
        findings.extend(found.map(|amount| case.about("entries.second").values("–", amount)));
    }

    /// A booking of its amount to its account in the days of its run, which nobody cites and which names nobody else.
    fn second_by_money(&self, case: &Case<'_, 'a>) -> Option<Amount> {
        let (iban, amount) = case.row.iban.as_ref().zip(case.row.amount)?;
        let mut numbers = self.evidence.of_money(iban, amount).iter();
        numbers.find_map(|number| {
            // Of equal amounts to one account nearly all are somebody's.
            let is_free = self.shares.citations.share(*number).0 == 0;
            let booking = self.evidence.booking(*number).filter(|_| is_free)?;
            let entry = booking.entry;
            let own = Own { booking, number: *number };
            let details = entry.details.iter().map(Some).chain([None]);
            let mut texts = details.flat_map(|detail| entry.texts(detail));
            let counts = !booking.is_credit()
                && !entry.reversal
                && entry.doubt.is_none()
                && entry.details.len() == 1
                && entry.details.iter().all(|detail| detail.mandate_id.is_none())
                && entry.amount == amount
                && booking.is_booked(self.run.as_of)
                && self.is_of_run(case, &booking)
                && self.shares.disposition(*number) == Some("unlisted-debit")
                && !self.is_anothers(case, &own)
                && !texts.any(may_name_month);
            counts.then_some(entry.signed())
        })
    }

    /// A collective debit that pays its order as a whole, which others cite and it does not.
    fn second_by_batch(&self, case: &Case<'_, 'a>) -> Option<Amount> {
        if self.said.is_rejected(case.row) || case.how() == "batch" {
            return None;
        }
        let mut batches = self.said.own_batches(case.row);
        let (Some((batch, sum)), None) = (batches.next(), batches.next()) else { return None };
        let mut numbers = self.evidence.of_amount(*sum).iter();
        numbers.find_map(|number| {
            let booking = self.evidence.booking(*number)?;
            let is_own = case.own.iter().any(|own| own.number == *number);
            let (count, _) = self.shares.citations.share(*number);
            let others = batch.transfers.len().saturating_sub(1);
            let counts = !is_own
                && !booking.is_credit()
                && booking.is_booked(self.run.as_of)
                && self.is_of_run(case, &booking)
                && others > 1
                && usize::try_from(count) == Ok(others)
                && self.shares.disposition(*number) == Some("batch");
            counts.then_some(booking.entry.signed())
        })
    }

    /// Its batch orders it more often than the lists have it, and was paid as a whole.
    fn ordered_twice(&self, case: &Case<'_, 'a>) -> Option<Amount> {
        let is_batch = case.how() == "batch" && !self.said.is_rejected(case.row);
        let twice = is_batch && self.said.is_ordered_too_often(case.row);
        let debit = case.debits().next().filter(|_| twice)?;
        Some(debit.booking.entry.signed())
    }
}
