//! What status reports say of ordered transfers.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono::NaiveDateTime;
use chrono::NaiveTime;

use crate::matching::messages::counts::Counts;
use crate::matching::messages::counts::named_orders;
use crate::matching::messages::ordered::Transfers;
use crate::matching::owed::OrderLink;
use crate::model::order::OrderFile;
use crate::model::order::OrderedTransfer;
use crate::model::place::Place;
use crate::model::reason_code::ReasonCode;
use crate::model::status::BatchStatus;
use crate::model::status::StatusReason;
use crate::model::status::StatusReport;
use crate::model::status::TransferReport;
use crate::model::status::TransferStatus;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// What a report says of one transfer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Status<'r> {
    pub(super) code: &'r TransferStatus,
    pub(super) reason: Option<&'r StatusReason>,
    pub(super) place: Place,
    pub(super) at: Option<NaiveDateTime>,
    pub(super) accepted_on: Option<NaiveDate>,
}

impl<'r> Status<'r> {
    /// What a report says of a transfer by name, if it says anything. A known reason of refusals under
    /// no status, or one that is not known, may be a refusal.
    pub(super) fn of_transfer(report: &StatusReport, said: &'r TransferReport) -> Option<Self> {
        let own = said.status.as_ref();
        let code = match own.filter(|status| status.decides()) {
            // Nothing arrives after it was said, and nothing with a reason to come back.
            Some(TransferStatus::SettledPayee)
                if has_known_reason(said)
                    || said
                        .accepted_on
                        .zip(report.created_on)
                        .is_some_and(|(on, made)| on > made) =>
            {
                &UNCLEAR
            }
            Some(status) => status,
            None if own.is_none() && has_known_reason(said) => &UNCLEAR,
            None => return None,
        };
        Some(Self {
            code,
            reason: said.reason.as_ref(),
            place: said.place,
            at: moment(report),
            accepted_on: said.accepted_on,
        })
    }

    /// The same of one whose order is not at hand: without a status of its own it has that of its
    /// batch, or that of the group.
    pub(super) fn of_named(
        report: &'r StatusReport,
        batch: &'r BatchStatus,
        said: &'r TransferReport,
    ) -> Option<Self> {
        let around = [
            (batch.status.as_ref(), batch.reason.as_ref()),
            (report.group_status.as_ref(), report.group_reason.as_ref()),
        ];
        Self::of_transfer(report, said).or_else(|| {
            let said_of_all = |(status, reason): (Option<&'r TransferStatus>, _)| {
                Some((status.filter(|status| status.is_refusal())?, reason))
            };
            let (code, reason) = around.into_iter().find_map(said_of_all)?;
            let (place, at) = (said.place, moment(report));
            Some(Self {
                code,
                reason: said.reason.as_ref().or(reason),
                place,
                at,
                accepted_on: None,
            })
        })
    }

    /// Settled is what the report names: another amount or account than was ordered is another transfer.
    fn unless_of_another(self, ordered: Option<&OrderedTransfer>, said: &TransferReport) -> Self {
        let same = ordered.is_some_and(|ordered| {
            let amounts = said.amount.zip(ordered.amount);
            let accounts = said.iban.as_ref().zip(ordered.iban.as_ref());
            amounts.is_none_or(|(said, own)| said == own)
                && accounts.is_none_or(|(said, own)| said.same_account(own))
        });
        let is_settled = matches!(self.code, TransferStatus::SettledPayee);
        if is_settled && !same { Self { code: &UNCLEAR, ..self } } else { self }
    }

    pub(super) fn is_refusal(&self) -> bool {
        self.code.is_refusal()
    }

    /// Whether it speaks against the payment: a refusal, or what may be one.
    pub(super) fn is_against(&self) -> bool {
        self.is_refusal() || matches!(self.code, TransferStatus::Unknown(_))
    }
}

/// What may be a refusal.
static UNCLEAR: TransferStatus = TransferStatus::Unknown(String::new());

/// Whether a report states a reason that payments come back or are refused for.
fn has_known_reason(said: &TransferReport) -> bool {
    let code = said.reason.as_ref().and_then(|reason| reason.code.as_deref());
    code.is_some_and(|code| ReasonCode::find(code.trim()).is_some())
}

/// When a report was made.
pub(super) fn moment(report: &StatusReport) -> Option<NaiveDateTime> {
    report.created_at.or_else(|| Some(report.created_on?.and_time(NaiveTime::MIN)))
}

/// Whether a message was made before the first day of all windows: it means earlier payments.
pub(super) fn is_old(created_on: Option<NaiveDate>, first_day: Option<NaiveDate>) -> bool {
    created_on.zip(first_day).is_some_and(|(day, first)| day < first)
}

/// What all reports say of ordered transfers.
#[derive(Debug, Default)]
pub struct Statuses<'r> {
    pub(super) of: BTreeMap<OrderLink, Vec<Status<'r>>>,
    /// Transfers of a batch of which one is meant, nobody knows which, with where that stands first.
    undecided: BTreeMap<(usize, usize), BTreeMap<Arc<[usize]>, Place>>,
    /// Places of reported transfers that stand in an order.
    pub(super) named: BTreeSet<Place>,
    /// Places of reports on orders that are at hand.
    pub(super) known: BTreeSet<Place>,
    /// The transfers that were refused.
    pub refused: BTreeSet<OrderLink>,
}

impl<'r> Statuses<'r> {
    /// Reads all reports on these orders.
    pub fn new(orders: &[OrderFile], reports: &'r [StatusReport]) -> Self {
        let mut statuses = Self::default();
        let mut batches: BTreeMap<(usize, usize), Transfers<'_>> = BTreeMap::new();
        let mut counted = Counts::default();
        for report in reports.iter().filter(|report| counts(report)) {
            for number in named_orders(report, orders) {
                let Some(order) = orders.get(number) else { continue };
                statuses.known.insert(report.place);
                statuses.read(report, number, order, &mut batches);
                counted.add(report, number, order);
            }
        }
        for (link, said) in &statuses.of {
            if said.iter().any(Status::is_refusal) {
                statuses.refused.insert(*link);
            }
        }
        for (batch, transfers, place) in counted.unnamed(orders, &statuses.refused) {
            statuses.leave_undecided(batch, transfers.into(), place);
        }
        statuses
    }

    fn leave_undecided(&mut self, batch: (usize, usize), transfers: Arc<[usize]>, place: Place) {
        let known = self.undecided.entry(batch).or_default().entry(transfers).or_insert(place);
        *known = place.min(*known);
    }

    /// Transfers of which one is meant, nobody knows which, with where that stands first.
    pub(super) fn undecided(
        &self,
    ) -> impl Iterator<Item = (impl Iterator<Item = OrderLink> + '_, Place)> + '_ {
        self.undecided.iter().flat_map(|((order, batch), lists)| {
            lists.iter().map(|(transfers, place)| {
                let (order, batch) = (*order, *batch);
                let links = transfers.iter();
                (links.map(move |t| OrderLink { order, batch, transfer: *t }), *place)
            })
        })
    }

    fn read<'o>(
        &mut self,
        report: &'r StatusReport,
        number: usize,
        order: &'o OrderFile,
        batches: &mut BTreeMap<(usize, usize), Transfers<'o>>,
    ) where
        'r: 'o,
    {
        let at = moment(report);
        for (batch_number, batch) in order.batches.iter().enumerate() {
            // A batch may come in several blocks.
            let blocks: Vec<_> = report
                .batches
                .iter()
                .filter(|block| match (&block.original_payment_info_id, &batch.payment_info_id) {
                    (Some(said), Some(own)) if !is_placeholder(said) => {
                        reference_key(said) == reference_key(own)
                    }
                    _ => order.batches.len() == 1 || block.status.is_none(),
                })
                .collect();
            let link = |transfer: usize| OrderLink { order: number, batch: batch_number, transfer };
            let mut own: BTreeMap<usize, Vec<&'r TransferReport>> = BTreeMap::new();
            let said: Vec<&'r TransferReport> =
                blocks.iter().flat_map(|block| &block.transfers).collect();
            let known = batches.entry((number, batch_number));
            let known = known.or_insert_with(|| Transfers::new(&batch.transfers));
            for said in &said {
                let status = Status::of_transfer(report, said);
                if let Some(status) = status.filter(Status::is_against) {
                    if let Some(transfers) = known.concerned(said) {
                        self.named.insert(status.place);
                        self.leave_undecided((number, batch_number), transfers.into(), said.place);
                    }
                }
            }
            for (transfers, said) in known.meant(&said) {
                self.named.extend(said.iter().map(|said| said.place));
                if transfers.len() <= said.len() {
                    for (slot, transfer) in transfers.iter().enumerate() {
                        own.entry(*transfer).or_default().extend(said.get(slot).copied());
                    }
                    // More said than there are: all of it is said of the last.
                    let rest = said.iter().skip(transfers.len()).copied();
                    if let Some(last) = transfers.last() {
                        own.entry(*last).or_default().extend(rest);
                    }
                } else {
                    let said = said.iter().filter_map(|said| Status::of_transfer(report, said));
                    let against = said.filter(Status::is_against).map(|status| status.place);
                    if let Some(place) = against.min() {
                        self.leave_undecided((number, batch_number), transfers, place);
                    }
                }
            }
            let whole: Vec<Status<'r>> = blocks
                .iter()
                .filter_map(|block| {
                    let status = block.status.as_ref().filter(|status| status.decides())?;
                    let (reason, place) = (block.reason.as_ref(), block.place);
                    Some(Status { code: status, reason, place, at, accepted_on: None })
                })
                .collect();
            let group = report.group_status.as_ref().filter(|status| status.decides());
            let group = group.map(|status| Status {
                code: status,
                reason: report.group_reason.as_ref(),
                place: report.place,
                at,
                accepted_on: None,
            });
            // Where nothing is said of all, only of those that it names.
            let of_all = !whole.is_empty() || group.is_some();
            let all = (0..batch.transfers.len()).filter(|_| of_all);
            let named: Vec<usize> = own.keys().copied().filter(|_| !of_all).collect();
            for transfer in all.chain(named) {
                let said = own.get(&transfer).into_iter().flatten();
                let ordered = batch.transfers.get(transfer);
                let said: Vec<Status<'r>> = said
                    .filter_map(|said| {
                        let status = Status::of_transfer(report, said)?;
                        Some(status.unless_of_another(ordered, said))
                    })
                    .collect();
                let said = if !said.is_empty() {
                    said
                } else if !whole.is_empty() {
                    whole.clone()
                } else {
                    group.into_iter().collect()
                };
                self.of.entry(link(transfer)).or_default().extend(said);
            }
        }
    }
}

/// Whether a report says anything about payments.
pub(super) fn counts(report: &StatusReport) -> bool {
    !report.verification_of_payee && !report.transmission_log
}
