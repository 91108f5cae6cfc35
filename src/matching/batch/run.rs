//! Runs: payments that one collective debit may pay, and what it must then be.

use crate::matching::classes::Class;
use crate::matching::orders;
use crate::matching::owed::OrderLink;
use crate::matching::owed::Timing;
use crate::matching::population::Key;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;
use chrono::Days;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Payments that one collective debit may pay, and what it must then be.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// The payments, with the part of the debit that is theirs.
    pub(crate) members: Vec<(usize, Amount)>,
    /// Sum of all ordered transfers or rows, listed or not; `None` if one has no amount.
    pub(crate) sum: Option<Amount>,
    /// Their number.
    pub(crate) count: usize,
    /// Members the bank refused.
    pub(crate) rejected: Vec<usize>,
    /// Sum and number of all refused transfers, listed or not.
    pub(crate) rejected_sum: Amount,
    pub(crate) rejected_count: usize,
    /// Days on which the debit may be booked, where the order says so.
    pub(crate) execution: Option<NaiveDate>,
    /// The account that pays, if it is known.
    pub(crate) account: Option<Iban>,
    /// What its order calls it: names of batch and message, as they are compared.
    pub(crate) names: Vec<String>,
}

/// How a debit closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    /// All members.
    Whole,
    /// All but those the bank refused.
    WithoutRejects,
}

impl Run {
    pub(crate) fn closes(&self, search: &Search<'_>, entry: usize) -> Option<Closing> {
        let view = search.entry(entry).entry;
        let stated = view.batch.as_ref().and_then(|batch| batch.count);
        let fits = |sum: Option<Amount>, count: usize| {
            sum == Some(view.amount)
                && stated.is_none_or(|stated| u64::try_from(count).is_ok_and(|own| own == stated))
        };
        if fits(self.sum, self.count) {
            return Some(Closing::Whole);
        }
        let rest = self.sum.map(|sum| sum.minus(self.rejected_sum));
        let rest_count = self.count.saturating_sub(self.rejected_count);
        (self.rejected_count > 0 && fits(rest, rest_count)).then_some(Closing::WithoutRejects)
    }

    /// Whether the debit bears the name of another batch than the run's own.
    pub(crate) fn is_named_otherwise(&self, search: &Search<'_>, entry: usize) -> bool {
        let view = search.entry(entry).entry;
        let stated = view.batch.as_ref().and_then(|batch| batch.payment_info_id.as_deref());
        let details = view.details.iter().filter_map(|detail| detail.payment_info_id.as_deref());
        let mut stated = stated.into_iter().chain(details).filter(|id| !is_placeholder(id));
        let Some(stated) = stated.next().map(reference_key) else { return false };
        // Banks cut names, or write that of the message.
        !self.names.is_empty()
            && !self.names.iter().any(|own| own.starts_with(&stated) || stated.starts_with(own))
    }

    pub(crate) fn account_fits(&self, search: &Search<'_>, entry: usize) -> bool {
        let paid_from =
            search.entry(entry).account.and_then(|account| search.bank().accounts.get(account));
        match (&self.account, paid_from) {
            (Some(own), Some(other)) => own.same_account(other),
            _ => true,
        }
    }

    /// Whether the debit lies in the days of this run: about the ordered day, or in the window of
    /// its payments.
    pub(crate) fn day_fits(&self, search: &Search<'_>, entry: usize) -> bool {
        let Some(day) = search.entry(entry).booked_on else { return false };
        let near_execution = self.execution.is_none_or(|execution| {
            let from = execution.checked_sub_days(Days::new(3)).unwrap_or(execution);
            let to = execution.checked_add_days(Days::new(10)).unwrap_or(execution);
            (from..=to).contains(&day)
        });
        near_execution && self.members.iter().all(|(member, _)| search.owed(*member).run_holds(day))
    }

    pub(crate) fn timing(&self, search: &Search<'_>, entry: usize) -> BTreeSet<Timing> {
        let Some(day) = search.entry(entry).booked_on else { return BTreeSet::new() };
        self.members.iter().map(|(member, _)| search.owed(*member).timing(day)).collect()
    }

    /// Whether the bank refused all of it.
    pub(crate) fn is_refused(&self) -> bool {
        self.count > 0 && self.rejected_count == self.count
    }

    /// Whether it holds whole batches of orders: an order's batch closes over its own transfers, never
    /// over some rows of a list.
    pub(crate) fn holds_whole_batches(&self, search: &Search<'_>) -> bool {
        let mut ordered: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
        for (member, _) in &self.members {
            for link in orders::links(search.owed(*member)) {
                ordered.entry((link.order, link.batch)).or_default().insert(link.transfer);
            }
        }
        ordered.into_iter().all(|((order, batch), transfers)| {
            let file = search.orders.get(order).and_then(|file| file.batches.get(batch));
            file.is_none_or(|batch| batch.transfers.len() == transfers.len())
        })
    }

    /// Whether it pays the same amounts to the same payments, and nothing else.
    pub(crate) fn pays_the_same(&self, other: &Self) -> bool {
        let members = |run: &Self| {
            let mut members = run.members.clone();
            members.sort_unstable();
            members
        };
        self.sum == other.sum
            && self.count == other.count
            && self.members.len() == self.count
            && self.rejected.is_empty()
            && other.rejected.is_empty()
            && members(self) == members(other)
    }

    pub(crate) fn payments(&self) -> BTreeSet<usize> {
        self.members.iter().map(|(member, _)| *member).collect()
    }
}

/// The run of one batch of an order: all its transfers, listed or not.
pub(crate) fn ordered_run(search: &Search<'_>, order: usize, batch: usize) -> Option<Run> {
    let ordered = search.orders.get(order)?.batches.get(batch)?;
    let mut run = Run {
        members: Vec::new(),
        sum: Some(Amount::ZERO),
        count: ordered.transfers.len(),
        rejected: Vec::new(),
        rejected_sum: Amount::ZERO,
        rejected_count: 0,
        execution: ordered.execution_date,
        account: ordered.payer_account.clone(),
        names: names_of(search, order, batch),
    };
    for (number, transfer) in ordered.transfers.iter().enumerate() {
        let sum = run.sum.zip(transfer.amount);
        run.sum = sum.and_then(|(sum, amount)| sum.checked_add(amount));
        let link = OrderLink { order, batch, transfer: number };
        if search.messages.rejected_orders.contains(&link) {
            run.rejected_sum = run.rejected_sum.plus(transfer.amount.unwrap_or(Amount::ZERO));
            run.rejected_count = run.rejected_count.saturating_add(1);
        }
    }
    for payment in 0..search.payment_count() {
        // Whoever was ordered twice in one batch is paid twice by it.
        let links = orders::links(search.owed(payment));
        for link in links.filter(|link| (link.order, link.batch) == (order, batch)) {
            let amount = ordered.transfers.get(link.transfer).and_then(|transfer| transfer.amount);
            run.members.push((payment, amount.unwrap_or(Amount::ZERO)));
            if search.messages.rejected_orders.contains(&link) {
                run.rejected.push(payment);
            }
        }
    }
    Some(run)
}

/// All runs of orders, with the numbers of order and batch.
pub(crate) fn ordered_runs(search: &Search<'_>) -> Vec<((usize, usize), Run)> {
    let mut runs = Vec::new();
    let copies = orders::copies(search.orders);
    let files = search.orders.iter().enumerate().filter(|(order, _)| !copies.contains(order));
    for (order, file) in files {
        for batch in 0..file.batches.len() {
            if let Some(run) = ordered_run(search, order, batch) {
                runs.push(((order, batch), run));
            }
        }
    }
    runs
}

/// Collective debits that may be a run's, unresolved and not yet used. What names nobody and is not
/// called collective by the bank may be cash or a deposit: a sum alone proves nothing.
pub(crate) fn free_entries(search: &Search<'_>) -> Vec<usize> {
    (0..search.bank().entries.len()).filter(|entry| search.is_free_collective(*entry)).collect()
}

/// The same with bookings that name nobody: one that names a batch may be a collective one.
pub(crate) fn free_or_nameless(search: &Search<'_>) -> Vec<usize> {
    (0..search.bank().entries.len())
        .filter(|entry| search.is_free_collective(*entry) || is_nameless(search, *entry))
        .collect()
}

fn is_nameless(search: &Search<'_>, entry: usize) -> bool {
    let view = search.entry(entry);
    if view.class != Class::Transfer || view.duplicate_of.is_some() || view.transfers.len() != 1 {
        return false;
    }
    let transfer = view.transfers.start;
    let of = search.transfer(transfer);
    search.is_free(transfer)
        && of.iban().is_none()
        && of.name().is_none()
        && of.end_to_end_key.is_none()
        && search.naming(transfer).is_empty()
}

/// Runs made of list rows: by list and run, by list, by account and due date, and all. `whole` runs
/// are meant with their settled members.
pub(crate) fn row_runs(
    search: &Search<'_>,
    whole: bool,
    wanted: impl Fn(&Search<'_>, usize) -> bool,
) -> Vec<Run> {
    let mut sets: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for payment in (0..search.payment_count()).filter(|payment| wanted(search, *payment)) {
        for key in keys_of(search, payment) {
            sets.entry(key).or_default().push(payment);
        }
    }
    // Of these too many are settled to take them for open (`half_open_runs`).
    sets.retain(|key, _| !whole || !search.settled.holds(key));
    let distinct: BTreeSet<Vec<usize>> = sets.into_values().collect();
    distinct.iter().map(|members| rows(search, members)).collect()
}

pub(crate) fn keys_of<'a>(search: &Search<'a>, payment: usize) -> Vec<Key<'a>> {
    let owed = search.owed(payment);
    let batch = orders::batch_of(owed, search.orders);
    let account =
        batch.and_then(|b| b.payer_account.as_ref()).or(owed.payment.payer_account.as_ref());
    let day = batch.and_then(|batch| batch.execution_date).unwrap_or(owed.dates.due);
    let mut keys = Key::of_row(owed.payment, account, day);
    keys.extend(owed.ordered.map(|link| Key::Order(link.order, link.batch)));
    keys
}

pub(crate) fn rows(search: &Search<'_>, members: &[usize]) -> Run {
    let amount_of = |payment: &usize| {
        let owed = search.owed(*payment);
        orders::amount_of(owed, search.orders).unwrap_or(owed.amount)
    };
    let refused = |payment: &usize| search.messages.of(*payment).rejected.is_some();
    let rejected: Vec<usize> = members.iter().copied().filter(refused).collect();
    let accounts: BTreeSet<Option<&Iban>> = members
        .iter()
        .map(|payment| {
            let owed = search.owed(*payment);
            orders::batch_of(owed, search.orders)
                .and_then(|batch| batch.payer_account.as_ref())
                .or(owed.payment.payer_account.as_ref())
        })
        .collect();
    let batches: BTreeSet<Option<(usize, usize)>> = members
        .iter()
        .map(|payment| search.owed(*payment).ordered.map(|link| (link.order, link.batch)))
        .collect();
    let account = match accounts.into_iter().collect::<Vec<_>>().as_slice() {
        [one] => one.cloned(),
        _ => None,
    };
    Run {
        sum: members
            .iter()
            .try_fold(Amount::ZERO, |sum, payment| sum.checked_add(amount_of(payment))),
        count: members.len(),
        rejected_sum: rejected.iter().map(amount_of).sum(),
        rejected_count: rejected.len(),
        rejected,
        members: members.iter().map(|payment| (*payment, amount_of(payment))).collect(),
        execution: None,
        account,
        names: match batches.into_iter().collect::<Vec<_>>().as_slice() {
            [Some((order, batch))] => names_of(search, *order, *batch),
            _ => Vec::new(),
        },
    }
}

/// What an order calls a batch.
fn names_of(search: &Search<'_>, order: usize, batch: usize) -> Vec<String> {
    let file = search.orders.get(order);
    let batch = file.and_then(|file| file.batches.get(batch));
    let ids = [
        batch.and_then(|batch| batch.payment_info_id.as_deref()),
        file.and_then(|file| file.message_id.as_deref()),
    ];
    ids.into_iter().flatten().filter(|id| !is_placeholder(id)).map(reference_key).collect()
}
