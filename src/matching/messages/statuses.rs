//! What status reports say of ordered transfers.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono::NaiveDateTime;
use chrono::NaiveTime;

use crate::matching::owed::OrderLink;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::order::OrderFile;
use crate::model::order::OrderedTransfer;
use crate::model::place::Place;
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
    /// What a report says of a transfer by name, if it says anything.
    pub(super) fn of_transfer(report: &StatusReport, said: &'r TransferReport) -> Option<Self> {
        let status = said.status.as_ref().filter(|status| decides(status))?;
        Some(Self {
            code: status,
            reason: said.reason.as_ref(),
            place: said.place,
            at: moment(report),
            accepted_on: said.accepted_on,
        })
    }

    pub(super) fn is_refusal(&self) -> bool {
        is_refusal(self.code)
    }
}

/// When a report was made.
pub(super) fn moment(report: &StatusReport) -> Option<NaiveDateTime> {
    report.created_at.or_else(|| Some(report.created_on?.and_time(NaiveTime::MIN)))
}

pub(super) fn is_refusal(status: &TransferStatus) -> bool {
    matches!(status, TransferStatus::Rejected | TransferStatus::Cancelled)
}

/// Whether a status says anything of the payment: the result of a verification of payee does not, so
/// that what is said of its batch or group holds.
fn decides(status: &TransferStatus) -> bool {
    !matches!(status, TransferStatus::Verification(_) | TransferStatus::Unknown(_))
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
        for report in reports.iter().filter(|report| counts(report)) {
            let original = report.original_message_id.as_deref();
            let Some(original) = original.filter(|id| !is_placeholder(id)).map(reference_key)
            else {
                continue;
            };
            for (number, order) in orders.iter().enumerate() {
                if order.message_id.as_deref().map(reference_key).as_ref() == Some(&original) {
                    statuses.known.insert(report.place);
                    statuses.read(report, number, order, &mut batches);
                }
            }
        }
        for (link, said) in &statuses.of {
            if said.iter().any(Status::is_refusal) {
                statuses.refused.insert(*link);
            }
        }
        statuses
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
                    let refusals =
                        said.iter().filter(|said| said.status.as_ref().is_some_and(is_refusal));
                    if let Some(place) = refusals.map(|said| said.place).min() {
                        let lists = self.undecided.entry((number, batch_number)).or_default();
                        let known = lists.entry(transfers).or_insert(place);
                        *known = place.min(*known);
                    }
                }
            }
            let whole: Vec<Status<'r>> = blocks
                .iter()
                .filter_map(|block| {
                    let status = block.status.as_ref().filter(|status| decides(status))?;
                    let (reason, place) = (block.reason.as_ref(), block.place);
                    Some(Status { code: status, reason, place, at, accepted_on: None })
                })
                .collect();
            let group = report.group_status.as_ref().filter(|status| decides(status));
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
                let said: Vec<Status<'r>> = own
                    .get(&transfer)
                    .into_iter()
                    .flatten()
                    .filter_map(|said| Status::of_transfer(report, said))
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

/// The transfers of a batch by what reports name.
struct Transfers<'o> {
    all: &'o [OrderedTransfer],
    by_id: BTreeMap<String, Vec<usize>>,
    by_account: BTreeMap<(&'o Iban, Amount), Vec<usize>>,
    /// What was meant before: thousands of reports may say the same.
    known: BTreeMap<Named<'o>, Option<Arc<[usize]>>>,
}

/// Ids, account and amount of a reported transfer.
type Named<'o> = (Option<&'o str>, Option<&'o str>, Option<&'o Iban>, Option<Amount>);

impl<'o> Transfers<'o> {
    fn new(transfers: &'o [OrderedTransfer]) -> Self {
        let (mut by_id, mut by_account) = (BTreeMap::new(), BTreeMap::new());
        for (number, transfer) in transfers.iter().enumerate() {
            let ids = [transfer.end_to_end_id.as_deref(), transfer.instruction_id.as_deref()];
            for id in ids.into_iter().flatten().filter(|id| !is_placeholder(id)) {
                let of: &mut Vec<usize> = by_id.entry(reference_key(id)).or_default();
                of.push(number);
            }
            if let (Some(iban), Some(amount)) = (&transfer.iban, transfer.amount) {
                let of: &mut Vec<usize> = by_account.entry((iban, amount)).or_default();
                of.push(number);
            }
        }
        Self { all: transfers, by_id, by_account, known: BTreeMap::new() }
    }

    /// Which transfers each reported one may be, those that may be the same ones together.
    fn meant<'r: 'o>(
        &mut self,
        said: &[&'r TransferReport],
    ) -> BTreeMap<Arc<[usize]>, Vec<&'r TransferReport>> {
        let mut alike: BTreeMap<Named<'o>, Vec<&'r TransferReport>> = BTreeMap::new();
        for said in said {
            let said: &'r TransferReport = said;
            let named = (
                said.end_to_end_id.as_deref(),
                said.instruction_id.as_deref(),
                said.iban.as_ref(),
                said.amount,
            );
            alike.entry(named).or_default().push(said);
        }
        let mut found: BTreeMap<Arc<[usize]>, Vec<&'r TransferReport>> = BTreeMap::new();
        for (named, said) in alike {
            let known = if let Some(known) = self.known.get(&named) {
                known.clone()
            } else {
                let fitting = self.fitting(named).map(Arc::from);
                self.known.insert(named, fitting.clone());
                fitting
            };
            if let Some(fitting) = known {
                found.entry(fitting).or_default().extend(said);
            }
        }
        for said in found.values_mut() {
            said.sort_by_key(|said| said.place);
        }
        found
    }

    fn fitting(
        &self,
        (end_to_end_id, instruction_id, iban, amount): Named<'_>,
    ) -> Option<Vec<usize>> {
        let ids = [end_to_end_id, instruction_id];
        let mut real = ids.into_iter().flatten().filter(|id| !is_placeholder(id)).peekable();
        let without_id = real.peek().is_none();
        let named = real.find_map(|id| self.by_id.get(&reference_key(id)));
        let by_account = || self.by_account.get(&(iban?, amount?));
        let all = named.or_else(|| by_account().filter(|_| without_id))?;
        // Of several under one id those whose amount and account agree.
        let fits = |number: &usize| {
            self.all.get(*number).is_some_and(|own| {
                amount.is_none_or(|amount| own.amount == Some(amount))
                    && iban.is_none_or(|iban| {
                        own.iban.as_ref().is_none_or(|own| own.same_account(iban))
                    })
            })
        };
        let mut fitting: Vec<usize> = all.iter().copied().filter(fits).collect();
        if fitting.is_empty() {
            fitting.clone_from(all);
        }
        fitting.dedup();
        Some(fitting)
    }
}
