//! Which booking of the files each citation of the result means.

use crate::audit::claims;
use crate::audit::claims::Claims;
use crate::audit::evidence::Evidence;
use crate::audit::finding::Finding;
use crate::model::amount::Amount;
use crate::model::payment::Payment;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// The citations of all payments, as numbers of bookings.
#[derive(Debug, Default)]
pub(super) struct Citations {
    /// For every payment of the result what it cites; `None` if a file is not at hand.
    of: Vec<Option<Vec<u32>>>,
    /// For every booking how many payments cite it, and their sum.
    shares: Vec<(u32, Amount)>,
}

impl Citations {
    /// Looks up what all payments cite; what is not as it is cited is refuted.
    pub(super) fn new(
        claims: &Claims,
        rows: &[Option<&Payment>],
        evidence: &Evidence<'_>,
        findings: &mut [Vec<Finding>],
    ) -> Self {
        let mut all = Self {
            of: Vec::with_capacity(claims.payments.len()),
            shares: vec![(0, Amount::ZERO); evidence.bookings.len()],
        };
        for ((claim, row), findings) in claims.payments.iter().zip(rows).zip(findings) {
            let own = all.look_up(claim, *row, evidence, findings);
            let amount = claim.amount.as_deref().and_then(|text| Amount::from_iso(text).ok());
            let mut counted: Vec<u32> = Vec::new();
            for number in own.iter().flatten() {
                if counted.contains(number) {
                    continue;
                }
                counted.push(*number);
                let slot = usize::try_from(*number).ok().and_then(|at| all.shares.get_mut(at));
                if let Some((count, sum)) = slot {
                    *count = count.saturating_add(1);
                    *sum = sum.plus(amount.unwrap_or(Amount::ZERO));
                }
            }
            all.of.push(own);
        }
        all
    }

    /// What a payment cites; `None` if a file is not at hand.
    pub(super) fn of(&self, payment: usize) -> Option<&[u32]> {
        self.of.get(payment)?.as_deref()
    }

    /// How many payments cite a booking, and their sum.
    pub(super) fn share(&self, number: u32) -> (u32, Amount) {
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        self.shares.get(at).copied().unwrap_or((0, Amount::ZERO))
    }

    pub(super) fn is_cited(&self, number: u32) -> bool {
        self.share(number).0 > 0
    }

    fn look_up(
        &self,
        claim: &claims::Payment,
        row: Option<&Payment>,
        evidence: &Evidence<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<u32>> {
        let mut own: Vec<u32> = Vec::new();
        for cited in &claim.entries {
            let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
            let at = || format!("{}:{}", cited.file, cited.line);
            let place = match evidence.place(&cited.file, cited.line) {
                Some(Ok(place)) => place,
                Some(Err(())) => {
                    findings.push(about("entries").values(at(), "–").open());
                    return None;
                }
                None => {
                    findings.push(about("entries.file").values(at(), "–"));
                    continue;
                }
            };
            let Ok(amount) = Amount::from_iso(&cited.amount) else {
                findings.push(about("entries.amount").values(&cited.amount, "–"));
                continue;
            };
            let told = (place, amount, cited.booking_date, cited.value_date);
            let fitting = evidence.told(told);
            let how_well = |number: &u32| {
                let fit = row.map_or(0, |row| evidence.fit(*number, row));
                (!own.contains(number), fit, !self.is_cited(*number), std::cmp::Reverse(*number))
            };
            if let Some(number) = fitting.iter().copied().max_by_key(how_well) {
                if own.contains(&number) {
                    findings.push(about("entries").values(at(), at()));
                }
                own.push(number);
                continue;
            }
            let Some(number) = evidence.first_at(place) else {
                findings.push(about("entries.line").values(at(), "–"));
                continue;
            };
            let Some(booking) = evidence.booking(number) else { continue };
            let entry = booking.entry;
            let day = |day: Option<chrono::NaiveDate>| {
                day.map_or_else(|| "null".to_owned(), |day| day.to_string())
            };
            for (name, said, is) in [
                ("entries.amount", cited.amount.clone(), entry.signed().to_string()),
                ("entries.booking_date", day(cited.booking_date), day(entry.booking_date)),
                ("entries.value_date", day(cited.value_date), day(entry.value_date)),
            ] {
                if said != is {
                    findings.push(about(name).values(said, is));
                }
            }
        }
        Some(own)
    }
}

impl Evidence<'_> {
    /// How well a booking fits a row: by its id, else by its account.
    fn fit(&self, number: u32, row: &Payment) -> u8 {
        let Some(booking) = self.booking(number) else { return 0 };
        let id = row.end_to_end_id.as_deref().filter(|id| !is_placeholder(id)).map(reference_key);
        let details = &booking.entry.details;
        let by_id = id.is_some_and(|id| {
            let ids = details.iter().filter_map(|own| own.end_to_end_id.as_deref());
            ids.into_iter().any(|other| reference_key(other) == id)
        });
        let by_account = row.iban.as_ref().is_some_and(|iban| {
            let accounts = details.iter().filter_map(|own| own.counterparty_iban.as_ref());
            accounts.into_iter().any(|other| other.same_account(iban))
        });
        u8::from(by_account) + 2 * u8::from(by_id)
    }
}
