//! What orders, status reports, recalls and confirmations say of a payment, by ids, or by account and
//! amount where there are none.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::audit::evidence::Evidence;
use crate::model::amount::Amount;
use crate::model::order::OrderBatch;
use crate::model::payment::Payment;
use crate::model::status::TransferStatus;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// Account and amount.
type Money = (String, Amount);

/// Everything that was sent besides statements.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    /// Ids of ordered transfers, by account and amount.
    ordered: BTreeMap<Money, BTreeSet<String>>,
    /// Batches of orders with what the bank refused of them left out.
    pub(super) batches: Vec<(&'a OrderBatch, Amount)>,
    rejected: BTreeMap<String, Option<NaiveDate>>,
    accepted: BTreeSet<String>,
    recalled: BTreeSet<String>,
    settled: BTreeMap<String, Option<NaiveDate>>,
    /// Ids that rows of three or more accounts share: they name nobody.
    shared: BTreeSet<String>,
    /// Reports that speak of batches or orders as a whole: only the ids in them can be held against
    /// payments here.
    pub(super) has_groups: bool,
    confirmed: BTreeMap<String, BTreeSet<NaiveDate>>,
    confirmed_money: BTreeMap<Money, BTreeSet<NaiveDate>>,
}

fn key(id: Option<&str>) -> Option<String> {
    id.filter(|id| !is_placeholder(id)).map(reference_key)
}

fn money(row: &Payment) -> Option<Money> {
    Some((row.iban.as_ref()?.key().into_owned(), row.amount?))
}

impl<'a> Said<'a> {
    pub(super) fn new(evidence: &Evidence<'a>) -> Self {
        let mut said = Self::default();
        let mut accounts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in &evidence.rows {
            if let (Some(id), Some(iban)) = (key(row.end_to_end_id.as_deref()), &row.iban) {
                accounts.entry(id).or_default().insert(iban.key().into_owned());
            }
        }
        said.shared = accounts
            .into_iter()
            .filter(|(_, accounts)| accounts.len() > 2)
            .map(|(id, _)| id)
            .collect();
        for report in &evidence.inputs.status_reports {
            if report.verification_of_payee || report.transmission_log {
                continue;
            }
            let whole = report.batches.iter().map(|batch| &batch.status);
            said.has_groups |= whole
                .chain([&report.group_status])
                .any(|status| !matches!(status, None | Some(TransferStatus::Partial)));
            for transfer in report.batches.iter().flat_map(|batch| &batch.transfers) {
                let Some(id) = key(transfer.end_to_end_id.as_deref()) else { continue };
                match &transfer.status {
                    Some(TransferStatus::Rejected | TransferStatus::Cancelled) => {
                        let day = said.rejected.entry(id).or_default();
                        *day = (*day).max(report.created_on);
                    }
                    Some(
                        TransferStatus::Accepted
                        | TransferStatus::Pending
                        | TransferStatus::SettledPayer,
                    ) => {
                        said.accepted.insert(id);
                    }
                    Some(TransferStatus::SettledPayee) => {
                        let day = said.settled.entry(id).or_default();
                        *day = (*day).max(transfer.accepted_on);
                    }
                    _ => {}
                }
            }
        }
        for recall in &evidence.inputs.recalls {
            said.recalled.extend(key(recall.end_to_end_id.as_deref()));
        }
        for confirmation in &evidence.inputs.confirmations {
            let ids = [confirmation.end_to_end_id.as_deref(), confirmation.case_id.as_deref()];
            for id in ids.into_iter().filter_map(key) {
                said.confirmed.entry(id).or_default().insert(confirmation.credited_on);
            }
            if let Some(iban) = &confirmation.iban {
                let money = (iban.key().into_owned(), confirmation.amount);
                said.confirmed_money.entry(money).or_default().insert(confirmation.credited_on);
            }
        }
        for batch in evidence.inputs.orders.iter().flat_map(|order| &order.batches) {
            let mut sum = Amount::ZERO;
            for transfer in &batch.transfers {
                let amount = transfer.amount.unwrap_or(Amount::ZERO);
                let id = key(transfer.end_to_end_id.as_deref());
                if id.as_ref().is_none_or(|id| !said.rejected.contains_key(id)) {
                    sum = sum.plus(amount);
                }
                if let (Some(id), Some(iban)) = (id, &transfer.iban) {
                    let money = (iban.key().into_owned(), amount);
                    said.ordered.entry(money).or_default().insert(id);
                }
            }
            said.batches.push((batch, sum));
        }
        said
    }

    /// Ids of the orders for a row without one.
    pub(super) fn ordered_ids(&self, row: &Payment) -> BTreeSet<String> {
        if key(row.end_to_end_id.as_deref()).is_some_and(|id| !self.is_shared(&id)) {
            return BTreeSet::new();
        }
        let found = money(row).and_then(|money| self.ordered.get(&money));
        // Several orders of one amount to one account: which is whose is not asked here.
        found.filter(|ids| ids.len() == 1).cloned().unwrap_or_default()
    }

    pub(super) fn is_shared(&self, id: &str) -> bool {
        self.shared.contains(id)
    }

    fn ids(&self, row: &Payment) -> impl Iterator<Item = String> + use<'_, 'a> {
        let own = key(row.end_to_end_id.as_deref()).filter(|id| !self.is_shared(id));
        own.into_iter().chain(self.ordered_ids(row))
    }

    /// Whether the bank refused it, and when last.
    pub(super) fn is_rejected(&self, row: &Payment) -> Option<Option<NaiveDate>> {
        self.ids(row).find_map(|id| self.rejected.get(&id).copied())
    }

    /// Whether it was asked back.
    pub(super) fn is_recalled(&self, row: &Payment) -> bool {
        self.ids(row).any(|id| self.recalled.contains(&id))
    }

    /// Whether the bank accepted it.
    pub(super) fn is_accepted(&self, row: &Payment) -> bool {
        self.has_groups || self.ids(row).any(|id| self.accepted.contains(&id))
    }

    /// Whether the payee's side says that it arrived on this day.
    pub(super) fn is_confirmed(&self, row: &Payment, day: NaiveDate) -> bool {
        let case = row.case_id.as_deref().and_then(|case| key(Some(case)));
        let by_id = self.ids(row).chain(case).any(|id| {
            self.confirmed.get(&id).is_some_and(|days| days.contains(&day))
                || self.settled.get(&id).is_some_and(|known| known.is_none_or(|own| own == day))
        });
        let by_money = || {
            let days = money(row).and_then(|money| self.confirmed_money.get(&money));
            days.is_some_and(|days| days.contains(&day))
        };
        by_id || by_money() || self.has_groups
    }

    /// The batches in which a row is ordered, with what is left of their sums.
    pub(super) fn batches_of(
        &self,
        row: &Payment,
    ) -> impl Iterator<Item = &(&'a OrderBatch, Amount)> {
        let id = key(row.end_to_end_id.as_deref());
        self.batches.iter().filter(move |(batch, _)| {
            batch.transfers.iter().any(|transfer| {
                let same_id = id.is_some() && key(transfer.end_to_end_id.as_deref()) == id;
                let same_account = match (&row.iban, &transfer.iban) {
                    (Some(own), Some(other)) => own.same_account(other),
                    _ => true,
                };
                same_account && (transfer.amount == row.amount || same_id)
            })
        })
    }
}
