//! What status reports say of ordered transfers.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono::NaiveDateTime;
use chrono::NaiveTime;

use crate::matching::owed::OrderLink;
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
    /// Transfers of which one is meant, nobody knows which, with where that stands.
    pub(super) undecided: Vec<(Vec<OrderLink>, Place)>,
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
        for report in reports.iter().filter(|report| counts(report)) {
            let original = report.original_message_id.as_deref();
            let Some(original) = original.filter(|id| !is_placeholder(id)).map(reference_key)
            else {
                continue;
            };
            for (number, order) in orders.iter().enumerate() {
                if order.message_id.as_deref().map(reference_key).as_ref() == Some(&original) {
                    statuses.known.insert(report.place);
                    statuses.read(report, number, order);
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

    fn read(&mut self, report: &'r StatusReport, number: usize, order: &OrderFile) {
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
            for (transfers, said) in meant(&batch.transfers, &said) {
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
                    for said in refusals {
                        let links = transfers.iter().map(|transfer| link(*transfer)).collect();
                        self.undecided.push((links, said.place));
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
            for transfer in 0..batch.transfers.len() {
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

/// Which transfers each reported one may be, those that may be the same ones together.
fn meant<'r>(
    transfers: &[OrderedTransfer],
    said: &[&'r TransferReport],
) -> Vec<(Vec<usize>, Vec<&'r TransferReport>)> {
    let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_account: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (number, transfer) in transfers.iter().enumerate() {
        let ids = [transfer.end_to_end_id.as_deref(), transfer.instruction_id.as_deref()];
        for id in ids.into_iter().flatten().filter(|id| !is_placeholder(id)) {
            by_id.entry(reference_key(id)).or_default().push(number);
        }
        if let (Some(iban), Some(amount)) = (&transfer.iban, transfer.amount) {
            by_account.entry((iban.clone(), amount)).or_default().push(number);
        }
    }
    let mut found: BTreeMap<Vec<usize>, Vec<&TransferReport>> = BTreeMap::new();
    for said in said {
        let ids = [said.end_to_end_id.as_deref(), said.instruction_id.as_deref()];
        let mut real = ids.into_iter().flatten().filter(|id| !is_placeholder(id)).peekable();
        let without_id = real.peek().is_none();
        let named = real.find_map(|id| by_id.get(&reference_key(id)));
        let by_account = || by_account.get(&(said.iban.clone()?, said.amount?));
        let Some(all) = named.or_else(|| by_account().filter(|_| without_id)) else { continue };
        // Of several under one id those whose amount and account agree.
        let fits = |number: &usize| {
            transfers.get(*number).is_some_and(|own| {
                said.amount.is_none_or(|amount| own.amount == Some(amount))
                    && said.iban.as_ref().is_none_or(|iban| {
                        own.iban.as_ref().is_none_or(|own| own.same_account(iban))
                    })
            })
        };
        let mut fitting: Vec<usize> = all.iter().copied().filter(fits).collect();
        if fitting.is_empty() {
            fitting.clone_from(all);
        }
        fitting.dedup();
        found.entry(fitting).or_default().push(said);
    }
    found.into_iter().collect()
}
