//! What orders, status reports, recalls and confirmations say of a payment, by ids, or by account and
//! amount where there are none.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::audit::evidence::Evidence;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::order::OrderBatch;
use crate::model::order::OrderFile;
use crate::model::order::OrderedTransfer;
use crate::model::payment::Payment;
use crate::model::status::RecallLevel;
use crate::model::status::StatusReport;
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
    /// The batches that order something, by ids, by account and amount, and by amount alone.
    by_id: BTreeMap<String, Vec<usize>>,
    by_money: BTreeMap<Money, Vec<usize>>,
    by_amount: BTreeMap<Amount, Vec<usize>>,
    /// The accounts that orders send an id to.
    accounts: BTreeMap<String, BTreeSet<String>>,
    rejected: BTreeMap<String, Option<NaiveDate>>,
    accepted: BTreeSet<String>,
    recalled: BTreeSet<String>,
    /// What was refused or asked back without an id.
    rejected_money: BTreeMap<Money, Option<NaiveDate>>,
    recalled_money: BTreeSet<Money>,
    settled: BTreeMap<String, Option<NaiveDate>>,
    /// Ids that rows of three or more accounts share: they name nobody.
    shared: BTreeSet<String>,
    /// Reports that speak of batches or orders as a whole: only the ids in them can be held against
    /// payments here.
    pub(super) has_groups: bool,
    /// Reports say of a batch or order as a whole that the payees have their money.
    has_settled_groups: bool,
    confirmed: BTreeMap<String, BTreeSet<NaiveDate>>,
    confirmed_money: BTreeMap<Money, BTreeSet<NaiveDate>>,
    /// Ids, and amounts to accounts, that one batch orders more often than the lists have them.
    too_often: BTreeSet<String>,
    too_often_money: BTreeSet<Money>,
    /// What orders and their batches are called.
    names: BTreeSet<String>,
}

fn key(id: Option<&str>) -> Option<String> {
    id.filter(|id| !is_placeholder(id)).map(reference_key)
}

fn money(row: &Payment) -> Option<Money> {
    Some((row.iban.as_ref()?.key().into_owned(), row.amount?))
}

fn money_of(transfer: &OrderedTransfer) -> Option<Money> {
    Some((transfer.iban.as_ref()?.key().into_owned(), transfer.amount?))
}

/// Whether two ids are there and the same.
fn same(left: Option<&String>, right: Option<&String>) -> bool {
    let left = key(left.map(String::as_str));
    left.is_some() && left == key(right.map(String::as_str))
}

/// The transfers of the batches that are meant.
fn ordered(
    orders: &[OrderFile],
    means: impl Fn(&OrderFile, &OrderBatch) -> bool,
) -> impl Iterator<Item = &OrderedTransfer> {
    let batches =
        orders.iter().flat_map(|order| order.batches.iter().map(move |batch| (order, batch)));
    batches.filter(move |(order, batch)| means(order, batch)).flat_map(|(_, own)| &own.transfers)
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
            let mut whole =
                report.batches.iter().map(|batch| &batch.status).chain([&report.group_status]);
            said.has_settled_groups |= whole.any(|own| *own == Some(TransferStatus::SettledPayee));
            said.report(report, &evidence.inputs.orders);
        }
        for recall in &evidence.inputs.recalls {
            let id = key(recall.end_to_end_id.as_deref());
            if id.is_none() && recall.level == RecallLevel::Transfer {
                let money = recall.iban.as_ref().zip(recall.amount);
                said.recalled_money.extend(money.map(|(iban, own)| (iban.key().into_owned(), own)));
            }
            said.recalled.extend(id);
            let means = |order: &OrderFile, batch: &OrderBatch| match recall.level {
                RecallLevel::Transfer => false,
                RecallLevel::Batch => {
                    same(recall.payment_info_id.as_ref(), batch.payment_info_id.as_ref())
                }
                RecallLevel::File => same(recall.message_id.as_ref(), order.message_id.as_ref()),
            };
            for transfer in ordered(&evidence.inputs.orders, means) {
                match key(transfer.end_to_end_id.as_deref()) {
                    Some(id) => said.recalled.extend([id]),
                    None => said.recalled_money.extend(money_of(transfer)),
                }
            }
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
        let orders = evidence.inputs.orders.iter();
        let names = orders.flat_map(|order| {
            let batches = order.batches.iter().map(|batch| &batch.payment_info_id);
            [&order.message_id].into_iter().chain(batches)
        });
        said.names = names.filter_map(|name| key(name.as_deref())).collect();
        let batches = evidence.inputs.orders.iter().flat_map(|order| &order.batches);
        for (number, batch) in batches.enumerate() {
            let mut sum = Amount::ZERO;
            for transfer in &batch.transfers {
                let amount = transfer.amount.unwrap_or(Amount::ZERO);
                let id = key(transfer.end_to_end_id.as_deref());
                if id.as_ref().is_none_or(|id| !said.rejected.contains_key(id)) {
                    sum = sum.plus(amount);
                }
                add(said.by_amount.entry(amount).or_default(), number);
                if let Some(iban) = &transfer.iban {
                    let money = (iban.key().into_owned(), amount);
                    add(said.by_money.entry(money.clone()).or_default(), number);
                    if let Some(id) = &id {
                        let accounts = said.accounts.entry(id.clone()).or_default();
                        accounts.insert(iban.key().into_owned());
                        said.ordered.entry(money).or_default().insert(id.clone());
                    }
                }
                if let Some(id) = id {
                    add(said.by_id.entry(id).or_default(), number);
                }
            }
            said.batches.push((batch, sum));
        }
        said.count_orders(evidence);
        said
    }

    /// Finds what a batch orders more often than the lists have it.
    fn count_orders(&mut self, evidence: &Evidence<'a>) {
        if self.batches.is_empty() || evidence.alone {
            return;
        }
        let ids = evidence.rows.iter().filter_map(|row| key(row.end_to_end_id.as_deref()));
        let (rows, of_money) = (counts(ids), counts(evidence.rows.iter().filter_map(money)));
        for (batch, _) in &self.batches {
            let ids = batch.transfers.iter().map(|own| key(own.end_to_end_id.as_deref()));
            let ordered = counts(ids.clone().flatten());
            let is_more =
                |(id, count): &(String, usize)| rows.get(id).is_some_and(|rows| count > rows);
            self.too_often.extend(ordered.into_iter().filter(is_more).map(|(id, _)| id));
            let without = batch.transfers.iter().zip(ids).filter(|(_, id)| id.is_none());
            let ordered = counts(without.filter_map(|(own, _)| money_of(own)));
            let is_more = |(money, count): &(Money, usize)| {
                of_money.get(money).is_some_and(|rows| count > rows)
            };
            self.too_often_money.extend(ordered.into_iter().filter(is_more).map(|(own, _)| own));
        }
    }

    /// What a status report says, of single transfers and of all that a batch or an order holds.
    fn report(&mut self, report: &StatusReport, orders: &[OrderFile]) {
        let day = report.created_on;
        let is_refused = |status: &Option<TransferStatus>| {
            matches!(status, Some(TransferStatus::Rejected | TransferStatus::Cancelled))
        };
        for transfer in report.batches.iter().flat_map(|batch| &batch.transfers) {
            let id = key(transfer.end_to_end_id.as_deref());
            match (&transfer.status, id) {
                (status, Some(id)) if is_refused(status) => self.refuse(id, day),
                (status, None) if is_refused(status) => {
                    let money = transfer.iban.as_ref().zip(transfer.amount);
                    let money = money.map(|(iban, own)| (iban.key().into_owned(), own));
                    self.rejected_money.extend(money.map(|money| (money, day)));
                }
                (
                    Some(
                        TransferStatus::Accepted
                        | TransferStatus::Pending
                        | TransferStatus::SettledPayer,
                    ),
                    Some(id),
                ) => {
                    self.accepted.insert(id);
                }
                (Some(TransferStatus::SettledPayee), Some(id)) => {
                    let known = self.settled.entry(id).or_default();
                    *known = (*known).max(transfer.accepted_on);
                }
                _ => {}
            }
        }
        let means = |order: &OrderFile, batch: &OrderBatch| {
            is_refused(&report.group_status)
                && same(report.original_message_id.as_ref(), order.message_id.as_ref())
                || report.batches.iter().any(|own| {
                    is_refused(&own.status)
                        && same(
                            own.original_payment_info_id.as_ref(),
                            batch.payment_info_id.as_ref(),
                        )
                })
        };
        let refused: Vec<_> = ordered(orders, means).collect();
        for transfer in refused {
            match key(transfer.end_to_end_id.as_deref()) {
                Some(id) => self.refuse(id, day),
                None => self.rejected_money.extend(money_of(transfer).map(|own| (own, day))),
            }
        }
    }

    fn refuse(&mut self, id: String, day: Option<NaiveDate>) {
        let known = self.rejected.entry(id).or_default();
        *known = (*known).max(day);
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

    /// Whether there are orders at all.
    pub(super) fn has_orders(&self) -> bool {
        !self.batches.is_empty()
    }

    /// Whether the bank refused it.
    pub(super) fn is_rejected(&self, row: &Payment) -> bool {
        self.ids(row).any(|id| self.rejected.contains_key(&id))
            || money(row).is_some_and(|money| self.rejected_money.contains_key(&money))
    }

    /// When the bank refused it last, if the report says so.
    pub(super) fn rejected_on(&self, row: &Payment) -> Option<NaiveDate> {
        let by_id = self.ids(row).find_map(|id| *self.rejected.get(&id)?);
        by_id.or_else(|| *self.rejected_money.get(&money(row)?)?)
    }

    /// Whether it was asked back.
    pub(super) fn is_recalled(&self, row: &Payment) -> bool {
        self.ids(row).any(|id| self.recalled.contains(&id))
            || money(row).is_some_and(|money| self.recalled_money.contains(&money))
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
        by_id || by_money() || self.has_settled_groups
    }

    /// Whether a status report says that it arrived on this day: nothing needs to be booked then.
    pub(super) fn is_settled(&self, row: &Payment, day: NaiveDate) -> bool {
        let mut days = self.ids(row).filter_map(|id| self.settled.get(&id).copied());
        self.has_settled_groups || days.any(|known| known.is_none_or(|own| own == day))
    }

    /// The batches in which a row is ordered, with what is left of their sums.
    pub(super) fn batches_of(
        &self,
        row: &Payment,
    ) -> impl Iterator<Item = &(&'a OrderBatch, Amount)> {
        let by_id = key(row.end_to_end_id.as_deref()).and_then(|id| self.by_id.get(&id));
        let by_money = match (money(row), row.amount) {
            (Some(money), _) => self.by_money.get(&money),
            (None, Some(amount)) => self.by_amount.get(&amount),
            (None, None) => None,
        };
        let numbers = by_id.into_iter().chain(by_money).flatten();
        numbers.filter_map(|number| self.batches.get(*number))
    }

    /// The batches that order a row under its own id, or without ids its amount to its account.
    pub(super) fn own_batches(
        &self,
        row: &Payment,
    ) -> impl Iterator<Item = &(&'a OrderBatch, Amount)> {
        let numbers = match key(row.end_to_end_id.as_deref()) {
            Some(id) => self.by_id.get(&id),
            None => money(row).and_then(|money| self.by_money.get(&money)),
        };
        numbers.into_iter().flatten().filter_map(|number| self.batches.get(*number))
    }

    /// Whether one batch orders a row more often than the lists have it.
    pub(super) fn is_ordered_too_often(&self, row: &Payment) -> bool {
        match key(row.end_to_end_id.as_deref()) {
            Some(id) => self.too_often.contains(&id),
            None => money(row).is_some_and(|money| self.too_often_money.contains(&money)),
        }
    }

    /// What orders and their batches are called, as it is compared; very short names may stand in any text.
    pub(super) fn names_of_orders(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| name.len() > 5)
    }

    /// Whether the orders send an id to other accounts only.
    pub(super) fn sends_elsewhere(&self, id: Option<&str>, iban: &Iban) -> bool {
        let accounts = key(id).and_then(|id| self.accounts.get(&id));
        accounts.is_some_and(|accounts| !accounts.contains(&*iban.key()))
    }

    /// The account that pays a row: its own, else the one that its orders name.
    pub(super) fn payer_of<'r>(&'r self, row: &'r Payment) -> Option<&'r Iban> {
        let ordered = || self.batches_of(row).find_map(|(batch, _)| batch.payer_account.as_ref());
        row.payer_account.as_ref().or_else(ordered)
    }
}

fn add(numbers: &mut Vec<usize>, number: usize) {
    if numbers.last() != Some(&number) {
        numbers.push(number);
    }
}

/// How often each is there.
fn counts<K: Ord>(all: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for own in all {
        let count = counts.entry(own).or_default();
        *count = count.saturating_add(1);
    }
    counts
}
