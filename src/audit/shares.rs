//! Who cites which booking: none is cited twice, and what several share adds up.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::audit::claims::Claims;
use crate::audit::evidence::Evidence;
use crate::audit::proof::Court;
use crate::audit::proof::Own;
use crate::model::amount::Amount;
use crate::model::payment::Payment;
use crate::model::place::Place;
use crate::model::text::reference_key;

/// Counts and sums of the payments that cite each booking.
#[derive(Debug, Default)]
pub(super) struct Shares {
    /// For the lines of bookings: payments that cite it, and their sum.
    of: BTreeMap<Place, (usize, Amount)>,
    /// Accounts with amounts, and case numbers, of returns that are nobody's.
    may_come_back: BTreeSet<(String, Amount)>,
    texts: Vec<String>,
}

impl Shares {
    pub(super) fn new(claims: &Claims, evidence: &Evidence<'_>) -> Self {
        let mut shares = Self::default();
        for claim in &claims.payments {
            let amount = claim.amount.as_deref().and_then(|text| Amount::from_iso(text).ok());
            let amount = amount.unwrap_or(Amount::ZERO);
            for cited in &claim.entries {
                if let Some(Ok(place)) = evidence.place(&cited.file, cited.line) {
                    let own = shares.of.entry(place).or_default();
                    own.0 = own.0.saturating_add(1);
                    own.1 = own.1.plus(amount);
                }
            }
        }
        for entry in claims.bank_entries.iter().filter(|own| own.disposition == "unassigned-return")
        {
            let Some(Ok(place)) = evidence.place(&entry.file, entry.line) else { continue };
            for booking in evidence.bookings_at(place) {
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
                shares.texts.extend(texts.map(reference_key));
            }
        }
        shares
    }

    /// The sum of all payments that cite a booking.
    pub(super) fn sum(&self, place: Place) -> Amount {
        self.of.get(&place).map_or(Amount::ZERO, |(_, sum)| *sum)
    }

    /// Whether some payment cites a booking of this line.
    pub(super) fn is_cited(&self, place: Place) -> bool {
        self.of.contains_key(&place.whole_line())
    }

    /// Whether a return of nobody's may be this payment's.
    pub(super) fn may_come_back(&self, row: &Payment) -> bool {
        let money = row.iban.as_ref().map(|iban| iban.key().into_owned()).zip(row.amount);
        let case = row.case_id.as_deref().map(reference_key).filter(|key| !key.is_empty());
        money.is_some_and(|money| self.may_come_back.contains(&money))
            || case.is_some_and(|case| self.texts.iter().any(|text| text.contains(&case)))
    }

    /// Whether a booking of one payment each is cited by more than it has transfers.
    pub(super) fn is_cited_too_often(&self, cited: &Own<'_>) -> bool {
        let count = self.of.get(&cited.place).map_or(0, |(count, _)| *count);
        let transfers = cited.booking.entry.details.len().max(1);
        count > transfers.saturating_mul(cited.on_its_line)
    }

    /// Whether a booking that several payments share adds up: they do, or their order does.
    pub(super) fn closes(&self, cited: &Own<'_>, row: &Payment, court: &Court<'_, '_>) -> bool {
        let booked = cited.booking.entry.amount;
        let by_rows = self.sum(cited.place) == booked || cited.on_its_line > 1;
        let by_order = || {
            let mut batches = court.said.batches_of(row);
            batches.any(|(_, sum)| *sum == booked) || court.said.has_groups
        };
        // A batch whose transfers the bank shows holds this payment's.
        let by_transfer = || {
            let mut transfers = cited.booking.transfers();
            cited.booking.entry.details.len() > 1
                && transfers.any(|(_, amount)| Some(amount) == row.amount)
        };
        let whole = || court.said.batches.iter().map(|(_, sum)| *sum).sum::<Amount>() == booked;
        by_rows || by_order() || by_transfer() || whole()
    }
}
