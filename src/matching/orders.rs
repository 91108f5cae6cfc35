//! Order files: alone they are the list; beside a list they link its rows to the bank
//! ([`crate::matching::order_links`]).

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::owed::OrderLink;
use crate::matching::owed::Owed;
use crate::model::amount::Amount;
use crate::model::order::OrderBatch;
use crate::model::order::OrderFile;
use crate::model::order::OrderedTransfer;
use crate::model::payment::CommonOfRows;
use crate::model::payment::Payment;
use crate::model::problem::ProblemCode;
use crate::model::shared::Shared;
use crate::model::text::is_placeholder;

/// The payments of orders that stand alone.
pub fn payments(orders: &[OrderFile]) -> Vec<Payment> {
    let mut payments = Vec::new();
    for (_, batch, transfer) in transfers(orders) {
        let known = |id: &Option<String>| id.clone().filter(|id| !is_placeholder(id));
        payments.push(Payment {
            place: transfer.place,
            beneficiary: transfer.ultimate_payee.clone().or_else(|| transfer.payee.clone()),
            payee: transfer.payee.clone(),
            iban: transfer.iban.clone(),
            amount: transfer.amount,
            currency: transfer.currency,
            end_to_end_id: known(&transfer.end_to_end_id),
            common: Shared::new(CommonOfRows {
                remittance: transfer.remittance.clone(),
                run: batch.payment_info_id.clone(),
                payer_account: batch.payer_account.clone(),
                unreadable: match transfer.amount {
                    Some(_) => None,
                    None => Some(ProblemCode::AmountNotANumber),
                },
                ..CommonOfRows::default()
            }),
            ..Payment::default()
        });
    }
    payments
}

/// All ordered transfers with their numbers.
pub fn transfers(
    orders: &[OrderFile],
) -> impl Iterator<Item = (OrderLink, &OrderBatch, &OrderedTransfer)> {
    let copies = copies(orders);
    let all = orders.iter().enumerate().filter(move |(number, _)| !copies.contains(number));
    all.flat_map(|(order_number, order)| {
        order.batches.iter().enumerate().flat_map(move |(batch_number, batch)| {
            batch.transfers.iter().enumerate().map(move |(transfer_number, transfer)| {
                let link = OrderLink {
                    order: order_number,
                    batch: batch_number,
                    transfer: transfer_number,
                };
                (link, batch, transfer)
            })
        })
    })
}

/// Links every row to the order that stands for it: the orders are the payments themselves.
pub fn link_own(owed: &mut [Owed<'_>], orders: &[OrderFile]) {
    for (payment, (link, _, _)) in owed.iter_mut().zip(transfers(orders)) {
        payment.ordered = Some(link);
    }
}

/// The day from which the bank's files matter for an ordered payment.
pub fn execution_date(owed: &Owed<'_>, orders: &[OrderFile]) -> Option<NaiveDate> {
    batch_of(owed, orders)?.execution_date
}

/// The batch a payment was ordered in.
pub fn batch_of<'a>(owed: &Owed<'_>, orders: &'a [OrderFile]) -> Option<&'a OrderBatch> {
    let link = owed.ordered?;
    orders.get(link.order)?.batches.get(link.batch)
}

/// The order of a payment.
pub fn transfer_of<'a>(owed: &Owed<'_>, orders: &'a [OrderFile]) -> Option<&'a OrderedTransfer> {
    batch_of(owed, orders)?.transfers.get(owed.ordered?.transfer)
}

/// Which orders are copies of another one given: same message id, same content. They count once.
pub fn copies(orders: &[OrderFile]) -> BTreeSet<usize> {
    let mut seen: BTreeMap<&str, Vec<&OrderFile>> = BTreeMap::new();
    let mut copies = BTreeSet::new();
    for (number, order) in orders.iter().enumerate() {
        let Some(id) = order.message_id.as_deref().filter(|id| !is_placeholder(id)) else {
            continue;
        };
        let known = seen.entry(id).or_default();
        if known.iter().any(|known| is_copy(known, order)) {
            copies.insert(number);
        } else {
            known.push(order);
        }
    }
    copies
}

fn is_copy(left: &OrderFile, right: &OrderFile) -> bool {
    let batches = left.batches.iter().zip(&right.batches);
    left.batches.len() == right.batches.len()
        && batches.into_iter().all(|(left, right)| {
            let own = |batch: &'_ OrderBatch| {
                (batch.payment_info_id.clone(), batch.execution_date, batch.transfers.len())
            };
            let transfers = left.transfers.iter().zip(&right.transfers);
            own(left) == own(right)
                && transfers.into_iter().all(|(left, right)| {
                    left.amount == right.amount
                        && left.iban == right.iban
                        && left.end_to_end_id == right.end_to_end_id
                })
        })
}

/// The transfers that stand for a payment: mostly one.
pub fn links<'o>(owed: &'o Owed<'_>) -> impl Iterator<Item = OrderLink> + 'o {
    owed.ordered.into_iter().chain(owed.also_ordered.iter().copied())
}

/// An ordered transfer.
pub fn transfer(orders: &[OrderFile], link: OrderLink) -> Option<&OrderedTransfer> {
    orders.get(link.order)?.batches.get(link.batch)?.transfers.get(link.transfer)
}

/// What was ordered for a payment: one transfer's amount, or that of its parts.
pub fn amount_of(owed: &Owed<'_>, orders: &[OrderFile]) -> Option<Amount> {
    if is_in_parts(owed, orders) {
        return Some(owed.amount);
    }
    transfer_of(owed, orders)?.amount
}

/// Whether a payment was ordered in several parts that add up to it.
pub fn is_in_parts(owed: &Owed<'_>, orders: &[OrderFile]) -> bool {
    let amounts = links(owed).map(|link| transfer(orders, link).and_then(|one| one.amount));
    !owed.also_ordered.is_empty() && amounts.sum::<Option<Amount>>() == Some(owed.amount)
}
