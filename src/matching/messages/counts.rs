//! Refusals that a report counts without naming them.

use std::collections::BTreeSet;

use crate::matching::owed::OrderLink;
use crate::model::order::OrderFile;
use crate::model::place::Place;
use crate::model::status::StatusReport;
use crate::model::status::TransferStatus;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// How many transfers of orders and of their batches reports call refused.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Order, batch if the count is of one, how many, where it stands.
    all: Vec<(usize, Option<usize>, u64, Place)>,
}

/// Transfers of a batch (order, batch) of which some were refused, nobody knows which.
type Unnamed = ((usize, usize), Vec<usize>, Place);

impl Counts {
    /// Takes the counts of a report on an order.
    pub(super) fn add(&mut self, report: &StatusReport, number: usize, order: &OrderFile) {
        if report.refused > 0 {
            self.all.push((number, None, report.refused, report.place));
        }
        for block in report.batches.iter().filter(|block| block.refused > 0) {
            let id = block.original_payment_info_id.as_deref().filter(|id| !is_placeholder(id));
            let id = id.map(reference_key);
            let same = |own: &Option<String>| own.as_deref().map(reference_key) == id;
            let batch =
                order.batches.iter().position(|batch| id.is_some() && same(&batch.payment_info_id));
            self.all.push((number, batch, block.refused, block.place));
        }
    }

    /// The transfers that may be the refused ones that are counted and not named: all that are not known
    /// to be refused, where more are counted than known.
    pub(super) fn unnamed(
        &self,
        orders: &[OrderFile],
        refused: &BTreeSet<OrderLink>,
    ) -> Vec<Unnamed> {
        let mut unnamed = Vec::new();
        for (order, batch, count, place) in &self.all {
            let is_counted =
                |link: &OrderLink| link.order == *order && batch.is_none_or(|b| link.batch == b);
            let known = refused.iter().filter(|link| is_counted(link)).count();
            if u64::try_from(known).is_ok_and(|known| known >= *count) {
                continue;
            }
            let batches = orders.get(*order).into_iter().flat_map(|order| &order.batches);
            for (number, own) in batches.enumerate() {
                let link = |transfer| OrderLink { order: *order, batch: number, transfer };
                let open = (0..own.transfers.len()).map(link);
                let open = open.filter(|link| is_counted(link) && !refused.contains(link));
                let open: Vec<usize> = open.map(|link| link.transfer).collect();
                if !open.is_empty() {
                    unnamed.push(((*order, number), open, *place));
                }
            }
        }
        unnamed
    }
}

/// Whether a report counts more refusals than it names.
pub(super) fn has_unnamed(report: &StatusReport) -> bool {
    let all = report.batches.iter().map(|batch| batch.refused).sum::<u64>().max(report.refused);
    let transfers = report.batches.iter().flat_map(|batch| &batch.transfers);
    let refused = |status: &TransferStatus| status.is_refusal();
    let named = transfers.filter(|said| said.status.as_ref().is_some_and(refused)).count();
    u64::try_from(named).is_ok_and(|named| named < all)
}

/// The orders that a report is on: those of its message id; where that is a placeholder, the only one
/// that has a batch of its name.
pub(super) fn named_orders(report: &StatusReport, orders: &[OrderFile]) -> Vec<usize> {
    let key =
        |id: &Option<String>| id.as_deref().filter(|id| !is_placeholder(id)).map(reference_key);
    let all = orders.iter().enumerate();
    if let Some(message) = key(&report.original_message_id) {
        let same = |order: &OrderFile| order.message_id.as_deref().map(reference_key);
        let named = all.filter(|(_, order)| same(order).as_ref() == Some(&message));
        return named.map(|(number, _)| number).collect();
    }
    let batches: BTreeSet<String> =
        report.batches.iter().filter_map(|batch| key(&batch.original_payment_info_id)).collect();
    let bears = |order: &OrderFile| {
        let mut own = order.batches.iter().filter_map(|batch| key(&batch.payment_info_id));
        own.any(|id| batches.contains(&id))
    };
    let named: Vec<usize> = all.filter(|(_, order)| bears(order)).map(|(n, _)| n).collect();
    if named.len() == 1 { named } else { Vec::new() }
}
