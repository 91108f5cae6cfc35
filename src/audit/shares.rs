//! What several payments share adds up, and what may have come back to whom.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::audit::cited::Citations;
use crate::audit::claims::Claims;
use crate::audit::evidence::Evidence;
use crate::audit::texts::runs_of_words;
use crate::model::amount::Amount;
use crate::model::payment::Payment;
use crate::model::text::reference_key;

/// Returns that are nobody's, and what speaks of whom.
#[derive(Debug, Default)]
pub(super) struct Shares<'a> {
    pub(super) citations: Citations,
    /// What the result says each booking is; nothing if it does not tell all of them.
    dispositions: Vec<&'a str>,
    /// Accounts with amounts, and case numbers, of returns that are nobody's.
    may_come_back: BTreeSet<(String, Amount)>,
    named: BTreeSet<String>,
    /// Bookings that ambiguous payments cite, and how many of them do.
    ambiguous: BTreeMap<u32, u32>,
    /// Payments of each account and amount that nobody says were paid.
    unpaid: BTreeMap<(String, Amount), u32>,
}

impl<'a> Shares<'a> {
    pub(super) fn new(
        claims: &'a Claims,
        rows: &[Option<&Payment>],
        citations: Citations,
        evidence: &Evidence<'_>,
    ) -> Self {
        let mut shares = Self { citations, ..Self::default() };
        if claims.bank_entries.len() == evidence.bookings.len() {
            let all = claims.bank_entries.iter();
            shares.dispositions = all.map(|own| own.disposition.as_str()).collect();
        }
        for (booking, said) in evidence.bookings.iter().zip(&shares.dispositions) {
            if *said != "unassigned-return" {
                continue;
            }
            let details = booking.entry.details.iter();
            for detail in details.clone() {
                let amount = detail.amount.unwrap_or(booking.entry.amount);
                let ibans = [&detail.counterparty_iban, &detail.opposite_iban];
                for iban in ibans.into_iter().flatten() {
                    shares.may_come_back.insert((iban.key().into_owned(), amount));
                }
            }
            let texts = details.map(Some).chain([None]);
            let texts = texts.flat_map(|detail| booking.entry.texts(detail));
            shares.named.extend(texts.flat_map(runs_of_words));
        }
        for (number, (claim, row)) in claims.payments.iter().zip(rows).enumerate() {
            if claim.reason == "ambiguous" {
                for cited in shares.citations.of(number).unwrap_or_default() {
                    let count = shares.ambiguous.entry(*cited).or_default();
                    *count = count.saturating_add(1);
                }
            }
            let is_open = matches!(
                claim.reason.as_str(),
                "not-found" | "ambiguous" | "bank-data-missing" | "not-booked-by-due"
            );
            let money = row.and_then(|row| Some((row.iban.as_ref()?, row.amount?)));
            if let Some((iban, amount)) = money.filter(|_| is_open) {
                let key = (iban.key().into_owned(), amount);
                let count = shares.unpaid.entry(key).or_default();
                *count = count.saturating_add(1);
            }
        }
        shares
    }

    /// How many payments cite a booking as theirs; who cannot be told from others takes nothing.
    pub(super) fn takers(&self, number: u32) -> u32 {
        let (count, _) = self.citations.share(number);
        count.saturating_sub(self.ambiguous.get(&number).copied().unwrap_or(0))
    }

    /// What the result says a booking is.
    pub(super) fn disposition(&self, number: u32) -> Option<&'a str> {
        self.dispositions.get(usize::try_from(number).ok()?).copied()
    }

    /// Whether a return of nobody's may be this payment's.
    pub(super) fn may_come_back(&self, row: &Payment) -> bool {
        let money = row.iban.as_ref().map(|iban| iban.key().into_owned()).zip(row.amount);
        let case = row.case_id.as_deref().map(reference_key).filter(|key| !key.is_empty());
        money.is_some_and(|money| self.may_come_back.contains(&money))
            || case.is_some_and(|case| self.named.contains(&case))
    }

    /// Whether another payment of this amount to this account has no booking.
    pub(super) fn has_unpaid_twin(&self, row: &Payment) -> bool {
        let money = row.iban.as_ref().map(|iban| iban.key().into_owned()).zip(row.amount);
        money.is_some_and(|money| self.unpaid.contains_key(&money))
    }
}
