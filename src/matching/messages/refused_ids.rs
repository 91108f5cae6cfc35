//! Ids that messages refuse or ask back and that stand in no order at hand.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::matching::messages::statuses::Status;
use crate::matching::messages::statuses::Statuses;
use crate::matching::messages::statuses::counts;
use crate::matching::messages::statuses::is_old;
use crate::model::status::Recall;
use crate::model::status::StatusReport;
use crate::model::status::TransferStatus;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// Ids of orders, batches and transfers that were refused or asked back, with the last day of that; `None` if
/// a message states none.
///
/// What stands in an order at hand is told of its payments already; messages from before the first day of
/// all windows mean earlier payments.
pub(super) fn refused_ids(
    reports: &[StatusReport],
    recalls: &[Recall],
    statuses: &Statuses<'_>,
    first_day: Option<NaiveDate>,
) -> BTreeMap<String, Option<NaiveDate>> {
    let mut refused: BTreeMap<String, Option<NaiveDate>> = BTreeMap::new();
    let mut add = |id: Option<&str>, day: Option<NaiveDate>| {
        if let Some(id) = id.filter(|id| !is_placeholder(id)) {
            let known = refused.entry(reference_key(id)).or_insert(day);
            *known = known.zip(day).map(|(known, day)| known.max(day));
        }
    };
    let is_new = |report: &&StatusReport| !is_old(report.created_on, first_day);
    for report in reports.iter().filter(|report| counts(report)).filter(is_new) {
        if !statuses.known.contains(&report.place) {
            if report.group_status.as_ref().is_some_and(TransferStatus::is_refusal) {
                add(report.original_message_id.as_deref(), report.created_on);
            }
            let whole = |status: &Option<TransferStatus>| {
                status.as_ref().is_some_and(TransferStatus::is_refusal)
            };
            for batch in report.batches.iter().filter(|batch| whole(&batch.status)) {
                add(batch.original_payment_info_id.as_deref(), report.created_on);
            }
        }
        for batch in &report.batches {
            for said in &batch.transfers {
                let status = Status::of_named(report, batch, said);
                if status.is_some_and(|status| status.is_against())
                    && !statuses.named.contains(&said.place)
                {
                    add(said.end_to_end_id.as_deref(), report.created_on);
                    add(said.instruction_id.as_deref(), report.created_on);
                }
            }
        }
    }
    for recall in recalls.iter().filter(|recall| !is_old(recall.created_on, first_day)) {
        add(recall.end_to_end_id.as_deref(), recall.created_on);
        add(recall.instruction_id.as_deref(), recall.created_on);
    }
    refused
}
