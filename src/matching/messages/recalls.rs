//! Recalls, cancellations and the answers to them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveTime;

use crate::matching::messages::addresses::Addresses;
use crate::matching::messages::addresses::Wanted;
use crate::matching::messages::said::RecallAnswer;
use crate::matching::messages::said::Rejected;
use crate::matching::messages::said::Said;
use crate::matching::orders::transfer;
use crate::matching::owed::OrderLink;
use crate::model::order::OrderFile;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::status::Recall;
use crate::model::status::RecallLevel;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// Reads all recalls. Who was asked back stays so, whatever was answered: an answer without its
/// request tells of one.
pub(super) fn read(
    recalls: &[Recall],
    orders: &[OrderFile],
    addresses: &Addresses<'_>,
    payments: &mut [Said],
    problems: &mut Vec<Problem>,
) {
    // Those that say the same are counted together, and those that may mean the same payments: twins
    // may both be asked back.
    let mut alike: BTreeMap<_, Vec<&Recall>> = BTreeMap::new();
    let mut nobodys: Vec<&Recall> = Vec::new();
    for recall in recalls {
        if of_whole(recall) {
            let meant = ordered_together(recall, orders, addresses);
            if meant.is_empty() {
                for payment in addresses.concerned(wanted(recall)) {
                    if let Some(said) = payments.get_mut(payment) {
                        said.leave_undecided(recall.place);
                    }
                }
                nobodys.push(recall);
            }
            for payment in meant {
                tell(recall, payments.get_mut(payment));
            }
            continue;
        }
        let ids = [&recall.instruction_id, &recall.message_id, &recall.payment_info_id];
        let of_file = recall.level == RecallLevel::File;
        let key = (wanted(recall), ids, of_file, recall.answer);
        alike.entry(key).or_default().push(recall);
    }
    let mut groups: BTreeMap<(Vec<usize>, bool), Vec<&Recall>> = BTreeMap::new();
    for ((.., answer), recalls) in alike {
        let Some(first) = recalls.first() else { continue };
        let meant = meant(first, orders, addresses);
        if !meant.is_empty() {
            groups.entry((meant, answer)).or_default().extend(recalls);
            continue;
        }
        for payment in concerned(first, orders, addresses) {
            if let Some(said) = payments.get_mut(payment) {
                said.leave_undecided(first.place);
            }
        }
        nobodys.extend(recalls);
    }
    nobodys.sort_by_key(|recall| recall.place);
    problems.extend(nobodys.into_iter().map(unassigned));
    for ((meant, _), recalls) in groups {
        let mut together = Said::default();
        if meant.len() <= recalls.len() {
            for recall in &recalls {
                tell(recall, Some(&mut together));
            }
        }
        let place = recalls.iter().map(|recall| recall.place).min();
        for payment in &meant {
            let Some(said) = payments.get_mut(*payment) else { continue };
            said.add(&together);
            if meant.len() > recalls.len() {
                said.undecided = said.undecided.or(place);
            }
        }
    }
}

/// What a recall names.
fn wanted(recall: &Recall) -> Wanted<'_> {
    Wanted {
        end_to_end_id: recall.end_to_end_id.as_deref(),
        instruction_id: recall.instruction_id.as_deref(),
        amount: recall.amount,
        iban: recall.iban.as_ref(),
        payee: recall.payee.as_deref(),
        texts: [
            recall.remittance.as_deref(),
            recall.reason.as_ref().and_then(|reason| reason.text.as_deref()),
        ],
        day: recall.execution_date.or(recall.created_on),
    }
}

fn unassigned(recall: &Recall) -> Problem {
    Problem::new(ProblemCode::MessageUnassigned, recall.place)
}

/// Whether a whole batch or order is meant.
fn of_whole(recall: &Recall) -> bool {
    let names_transfer = recall.end_to_end_id.is_some()
        || recall.instruction_id.is_some()
        || recall.iban.is_some()
        || recall.payee.is_some()
        || recall.remittance.is_some()
        || recall.amount.is_some();
    recall.level != RecallLevel::Transfer || !names_transfer
}

/// Whether an order's batch is the one that a recall names.
fn is_of(recall: &Recall, orders: &[OrderFile], link: OrderLink) -> bool {
    let same = |own: &Option<String>, said: &Option<String>| {
        let said = said.as_deref().filter(|said| !is_placeholder(said));
        said.is_none_or(|said| own.as_deref().map(reference_key) == Some(reference_key(said)))
    };
    let order = orders.get(link.order);
    let batch = order.and_then(|order| order.batches.get(link.batch));
    let of_message = order.is_some_and(|order| same(&order.message_id, &recall.message_id));
    let of_batch = recall.level == RecallLevel::File
        || batch.is_some_and(|batch| same(&batch.payment_info_id, &recall.payment_info_id));
    of_message && of_batch
}

fn ordered_together(
    recall: &Recall,
    orders: &[OrderFile],
    addresses: &Addresses<'_>,
) -> Vec<usize> {
    let real = |id: &Option<String>| id.as_deref().is_some_and(|id| !is_placeholder(id));
    if !real(&recall.message_id) && !real(&recall.payment_info_id) {
        return Vec::new();
    }
    let all = addresses.by_order.iter().filter(|(link, _)| is_of(recall, orders, **link));
    let mut meant: Vec<usize> = all.flat_map(|(_, payments)| payments).copied().collect();
    meant.sort_unstable();
    meant.dedup();
    meant
}

/// The payments that a recall may mean which fits none by ids, account and amount: those that its
/// texts, account or name concern, of the order that it names those of its amount.
fn concerned(recall: &Recall, orders: &[OrderFile], addresses: &Addresses<'_>) -> Vec<usize> {
    let found = addresses.concerned(wanted(recall));
    if !found.is_empty() || wanted(recall).id().is_some() {
        return found;
    }
    let mut ordered = ordered_together(recall, orders, addresses);
    ordered.retain(|payment| {
        let owed = addresses.owed(*payment);
        owed.is_some_and(|owed| recall.amount.is_none_or(|amount| amount == owed.amount))
    });
    ordered
}

/// The payments that a recall of one transfer may mean.
fn meant(recall: &Recall, orders: &[OrderFile], addresses: &Addresses<'_>) -> Vec<usize> {
    let wanted = wanted(recall);
    // The order may know the transfer by the customer's own reference.
    let instruction = recall.instruction_id.as_deref().filter(|id| !is_placeholder(id));
    if let Some(instruction) = instruction.filter(|_| wanted.id().is_none()).map(reference_key) {
        let bears = |link: &OrderLink| {
            transfer(orders, *link)
                .and_then(|transfer| transfer.instruction_id.as_deref())
                .is_some_and(|own| reference_key(own) == instruction)
        };
        let all = addresses.by_order.iter().filter(|(link, _)| bears(link));
        let found: Vec<usize> = all.flat_map(|(_, payments)| payments).copied().collect();
        if !found.is_empty() {
            return found;
        }
    }
    let found = addresses.meant(wanted);
    let known: BTreeSet<usize> = found.iter().copied().collect();
    // Of several those of the order that it names.
    let of_order: Vec<usize> = addresses
        .by_order
        .iter()
        .filter(|(link, _)| is_of(recall, orders, **link))
        .flat_map(|(_, payments)| payments)
        .copied()
        .filter(|payment| known.contains(payment))
        .collect();
    if of_order.is_empty() { found } else { of_order }
}

/// Notes a recall or an answer for a payment.
fn tell(recall: &Recall, said: Option<&mut Said>) {
    let Some(said) = said else { return };
    let at = recall.created_at.or_else(|| Some(recall.created_on?.and_time(NaiveTime::MIN)));
    let message = Rejected {
        place: recall.place,
        at,
        code: recall.reason.as_ref().and_then(|reason| reason.code.clone()),
        text: recall.reason.as_ref().and_then(|reason| reason.text.clone()),
    };
    if !recall.answer {
        message.keep_later(&mut said.recalled);
        return;
    }
    let code = recall.answer_code.as_deref();
    let answer = if recall.refused || code.is_some_and(|code| code.starts_with("RJ")) {
        RecallAnswer::Refused
    } else if matches!(code, Some("CNCL" | "ACCR")) {
        RecallAnswer::Granted
    } else {
        RecallAnswer::Open
    };
    said.answer_by(answer, &message);
}
