//! One booking (`Ntry`).

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::shared::Shared;
use crate::model::statement::BatchInformation;
use crate::model::statement::BookingStatus;
use crate::model::statement::CommonOfEntries;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::readers::iso20022::amounts;
use crate::readers::iso20022::codes;
use crate::readers::iso20022::codes::direction_of;
use crate::readers::iso20022::detail;
use crate::readers::iso20022::fields::date;
use crate::readers::iso20022::fields::is_true;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::tree::Node;
use crate::readers::iso20022::twice;
use crate::readers::iso20022::unread::Look;
use crate::readers::iso20022::unread::Notes;

/// Reads a booking, or tells what cannot be read and on which day it may have been.
pub(crate) fn read(
    file: FileId,
    node: Node<'_>,
    notes: &mut Notes,
) -> Result<StatementEntry, (Problem, Option<NaiveDate>)> {
    let place = Place::line(file, node.line());
    let booking_date = node.child("BookgDt").and_then(date);
    let value_date = node.child("ValDt").and_then(date);
    let day = booking_date.or(value_date);
    let unreadable = |name: &str, value: Option<&str>| {
        let problem = Problem::new(ProblemCode::EntryUnreadable, place).field(name);
        (problem.value(value.unwrap_or_default()), day)
    };
    let amount = node.child("Amt");
    let Some((amount, currency)) = amount.and_then(money) else {
        return Err(unreadable("Amt", amount.and_then(Node::text)));
    };
    let direction =
        direction_of(node.child("CdtDbtInd").and_then(Node::text)).ok_or_else(|| {
            let value = node.text_at("CdtDbtInd").unwrap_or_default();
            let problem = Problem::new(ProblemCode::DirectionUnknown, place);
            (problem.field("CdtDbtInd").value(value).expected("DBIT, CRDT"), day)
        })?;
    for name in ["BookgDt", "ValDt"] {
        if let Some(unread) = node.child(name).filter(|node| date(*node).is_none()) {
            let text = unread.choice();
            if text.is_some() {
                return Err(unreadable(name, text));
            }
        }
    }
    let mut entry = StatementEntry {
        place,
        amount,
        currency,
        direction,
        status: status_of(place, node, notes),
        reversal: is_true(node, "RvslInd"),
        booking_date,
        value_date,
        bank_reference: node.owned_at("AcctSvcrRef"),
        entry_reference: node.owned_at("NtryRef"),
        common: Shared::new(CommonOfEntries {
            booking_text: node.owned_at("AddtlNtryInf"),
            charges: node.child("Chrgs").and_then(amounts::charges),
            ..CommonOfEntries::default()
        }),
        ..StatementEntry::default()
    };
    codes::read(node.child("BkTxCd"), &mut entry);
    let mut names_reason = codes::names_reason(node.child("BkTxCd"));
    for details in node.all("NtryDtls") {
        if let Some(batch) = details.child("Btch").map(batch_of) {
            entry.batch = Some(match entry.batch.take() {
                Some(before) => together(before, batch),
                None => batch,
            });
        }
        for transfer in details.all("TxDtls") {
            let read = detail::read(file, transfer, &mut entry, &mut notes.unread);
            codes::read(transfer.child("BkTxCd"), &mut entry);
            names_reason |= codes::names_reason(transfer.child("BkTxCd"));
            entry.details.push(read);
        }
    }
    if let [only] = entry.details.as_slice() {
        // The only transfer of a booking goes its way.
        if only.direction.is_some_and(|way| way != entry.direction) {
            entry.doubt.get_or_insert(Doubt::Amounts);
        }
    }
    if names_reason && detail::names_own_side(&entry) {
        entry.doubt.get_or_insert(Doubt::ReturnWords);
    }
    if let Some(doubt) = twice::said(node) {
        entry.doubt.get_or_insert(doubt);
    }
    amounts::settle(node, &mut entry);
    if amounts::contradict(&entry) {
        entry.doubt.get_or_insert(Doubt::Amounts);
    }
    check_details(&mut entry, &mut notes.problems);
    mark_returns(&mut entry);
    let look = Look {
        above: "",
        apart: "TxDtls",
        is_payment: detail::names_own_side(&entry),
        for_accounts: entry.details.iter().all(|detail| detail.counterparty_iban.is_none()),
    };
    if let Some(texts) = look.texts(node, &mut notes.unread) {
        entry.unread = Some(texts);
    }
    Ok(entry)
}

fn status_of(place: Place, node: Node<'_>, notes: &mut Notes) -> BookingStatus {
    let status = node.child("Sts").and_then(Node::choice).map(str::to_ascii_uppercase);
    match status.as_deref() {
        Some("BOOK") if twice::states(node) => BookingStatus::Information,
        Some("BOOK") => BookingStatus::Booked,
        Some("PDNG" | "FUTR") => BookingStatus::Pending,
        Some(_) => BookingStatus::Information,
        None => {
            notes.problems.push(Problem::new(ProblemCode::StatusMissing, place));
            BookingStatus::Information
        }
    }
}

fn batch_of(node: Node<'_>) -> BatchInformation {
    BatchInformation {
        message_id: node.owned_at("MsgId"),
        payment_info_id: node.owned_at("PmtInfId"),
        count: node.text_at("NbOfTxs").and_then(|text| text.parse().ok()),
        total: node.child("TtlAmt").and_then(money).map(|(amount, _)| amount),
    }
}

/// Two batches in one booking: numbers and sums add up; an id is the booking's if both bear it.
fn together(left: BatchInformation, right: BatchInformation) -> BatchInformation {
    let both = |left: Option<String>, right: Option<String>| {
        left.filter(|own| right.as_ref() == Some(own))
    };
    let (count, total) = (left.count.zip(right.count), left.total.zip(right.total));
    BatchInformation {
        message_id: both(left.message_id, right.message_id),
        payment_info_id: both(left.payment_info_id, right.payment_info_id),
        count: count.map(|(left, right)| left.saturating_add(right)),
        total: total.map(|(left, right)| left.plus(right)),
    }
}

/// Several transfers with own amounts that do not add up prove nothing, and somebody should know.
fn check_details(entry: &mut StatementEntry, problems: &mut Vec<Problem>) {
    let signed = |detail: &EntryDetail| {
        let is_opposite = detail.direction.is_some_and(|way| way != entry.direction);
        detail.amount.map(|amount| if is_opposite { amount.negated() } else { amount })
    };
    let amounts: Option<Vec<Amount>> = entry.details.iter().map(signed).collect();
    let Some(amounts) = amounts.filter(|amounts| amounts.len() > 1) else { return };
    let sum: Amount = amounts.into_iter().sum();
    let charges: Amount = entry.details.iter().filter_map(|detail| detail.charges).sum();
    let charges = charges.plus(entry.charges.unwrap_or(Amount::ZERO));
    if sum != entry.amount && sum.plus(charges) != entry.amount {
        problems.push(
            Problem::new(ProblemCode::DetailsDiffer, entry.place)
                .value(sum.to_string())
                .expected(entry.amount.to_string()),
        );
        // One that went the other way speaks against whom it names.
        let ways = || entry.details.iter().filter_map(|detail| detail.direction);
        if ways().any(|way| way != entry.direction) {
            entry.doubt.get_or_insert(Doubt::Amounts);
        }
    }
}

/// A returned transfer that only the booking's code marks is one all the same.
fn mark_returns(entry: &mut StatementEntry) {
    if entry.is_marked_return() {
        for detail in &mut entry.details {
            detail.return_information.get_or_insert_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_batches_of_one_booking_are_one() {
        let batch = |id: &str, count| BatchInformation {
            payment_info_id: Some(id.to_owned()),
            count,
            ..BatchInformation::default()
        };
        let both = together(batch("P1", Some(2)), batch("P1", Some(1)));
        assert_eq!((both.count, both.payment_info_id.as_deref()), (Some(3), Some("P1")));
        let other = together(batch("P1", Some(2)), batch("P2", None));
        assert_eq!((other.count, other.payment_info_id), (None, None));
    }
}
