//! One booking (`Ntry`) and the transfers behind it (`TxDtls`).

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::shared::Shared;
use crate::model::statement::BatchInformation;
use crate::model::statement::BookingStatus;
use crate::model::statement::CommonOfEntries;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::RareOfDetails;
use crate::model::statement::ReturnInformation;
use crate::model::statement::StatementEntry;
use crate::readers::iso20022::fields::account;
use crate::readers::iso20022::fields::date;
use crate::readers::iso20022::fields::joined;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::fields::party;
use crate::readers::iso20022::fields::remittance;
use crate::readers::iso20022::tree::Node;

/// Reads a booking, or tells what cannot be read and on which day it may have been.
pub(crate) fn read(
    file: FileId,
    node: Node<'_>,
    problems: &mut Vec<Problem>,
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
    let status = node.child("Sts").and_then(Node::choice);
    let status = match status {
        Some("BOOK") => BookingStatus::Booked,
        Some("PDNG" | "FUTR") => BookingStatus::Pending,
        Some(_) => BookingStatus::Information,
        None => {
            problems.push(Problem::new(ProblemCode::StatusMissing, place));
            BookingStatus::Information
        }
    };
    let mut entry = StatementEntry {
        place,
        amount,
        currency,
        direction,
        status,
        reversal: node.text_at("RvslInd").is_some_and(|text| matches!(text, "true" | "1")),
        booking_date,
        value_date,
        bank_reference: node.owned_at("AcctSvcrRef"),
        entry_reference: node.owned_at("NtryRef"),
        common: Shared::new(CommonOfEntries {
            booking_text: node.owned_at("AddtlNtryInf"),
            charges: node.child("Chrgs").and_then(charges),
            ..CommonOfEntries::default()
        }),
        ..StatementEntry::default()
    };
    read_codes(node.child("BkTxCd"), &mut entry);
    for details in node.all("NtryDtls") {
        if let Some(batch) = details.child("Btch") {
            let counted = batch.text_at("NbOfTxs").and_then(|text| text.parse().ok());
            entry.batch = Some(BatchInformation {
                message_id: batch.owned_at("MsgId"),
                payment_info_id: batch.owned_at("PmtInfId"),
                count: counted,
                total: batch.child("TtlAmt").and_then(money).map(|(amount, _)| amount),
            });
        }
        for transfer in details.all("TxDtls") {
            let detail = read_detail(file, transfer, &entry);
            read_codes(transfer.child("BkTxCd"), &mut entry);
            entry.details.push(detail);
        }
    }
    check_details(&entry, problems);
    mark_opaque(&mut entry);
    Ok(entry)
}

fn direction_of(text: Option<&str>) -> Option<Direction> {
    match text? {
        "DBIT" => Some(Direction::Debit),
        "CRDT" => Some(Direction::Credit),
        _ => None,
    }
}

/// `BkTxCd`: the ISO code, and the German code inside the proprietary one.
fn read_codes(node: Option<Node<'_>>, entry: &mut StatementEntry) {
    let Some(node) = node else { return };
    if let Some(domain) = node.child("Domn") {
        let parts =
            [domain.text_at("Cd"), domain.text_at("Fmly/Cd"), domain.text_at("Fmly/SubFmlyCd")];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        if entry.domain_code.is_none() && !parts.is_empty() {
            entry.domain_code = Some(parts.join("/"));
        }
    }
    if let Some(code) = node.text_at("Prtry/Cd") {
        // `NTRF+116+9002/405`: SWIFT code, German code, batch number.
        let german = code.split('+').nth(1).unwrap_or(code).trim();
        let is_code = german.len() == 3 && german.bytes().all(|byte| byte.is_ascii_digit());
        if is_code && entry.transaction_code.is_none() {
            entry.transaction_code = Some(german.to_owned());
        }
    }
}

fn charges(node: Node<'_>) -> Option<Amount> {
    let total = node.child("TtlChrgsAndTaxAmt").and_then(money).map(|(amount, _)| amount);
    total.or_else(|| {
        let parts: Vec<Amount> = node
            .all("Rcrd")
            .filter_map(|record| record.child("Amt"))
            .chain(node.child("Amt"))
            .filter_map(money)
            .map(|(amount, _)| amount)
            .collect();
        (!parts.is_empty()).then(|| parts.into_iter().sum())
    })
}

fn read_detail(file: FileId, node: Node<'_>, entry: &StatementEntry) -> EntryDetail {
    let own = |currency: Currency| move |money: &(Amount, Currency)| money.1 == currency;
    let amounts = ["AmtDtls/TxAmt/Amt", "Amt", "AmtDtls/InstdAmt/Amt"];
    let amount = amounts
        .into_iter()
        .filter_map(|path| node.at(path).and_then(money))
        .find(own(entry.currency))
        .map(|(amount, _)| amount);
    let references = node.child("Refs");
    let reference = |name: &str| references.and_then(|references| references.owned_at(name));
    let parties = node.child("RltdPties");
    let party_node = |name: &str| parties.and_then(|parties| parties.child(name));
    let returned = node.child("RtrInf");
    // In a returned transfer the parties keep the roles of the original.
    let original = returned.is_some()
        || node
            .text_at("BkTxCd/Prtry/Cd")
            .is_some_and(|code| code.contains("+159") || code.contains("+160"));
    let (name, other_account, ultimate) = match (entry.direction, original) {
        (Direction::Credit, false) => ("Dbtr", "DbtrAcct", "UltmtDbtr"),
        (Direction::Debit, _) | (Direction::Credit, true) => ("Cdtr", "CdtrAcct", "UltmtCdtr"),
    };
    let payee = |name: &str| party_node(name).and_then(party);
    EntryDetail {
        place: Place::line(file, node.line()),
        amount,
        direction: node.child("CdtDbtInd").and_then(|node| direction_of(node.text())),
        end_to_end_id: reference("EndToEndId"),
        counterparty: payee(name),
        counterparty_iban: party_node(other_account).and_then(account),
        remittance: node
            .child("RmtInf")
            .and_then(remittance)
            .or_else(|| node.owned_at("AddtlTxInf")),
        rare: Shared::new(RareOfDetails {
            payment_info_id: reference("PmtInfId"),
            message_id: reference("MsgId"),
            instruction_id: reference("InstrId"),
            bank_reference: reference("AcctSvcrRef"),
            mandate_id: reference("MndtId"),
            ultimate_counterparty: payee(ultimate),
            charges: node.child("Chrgs").and_then(charges),
            return_information: returned.map(|node| ReturnInformation {
                code: node.child("Rsn").and_then(Node::choice).map(str::to_owned),
                text: joined(node, "AddtlInf"),
            }),
            ..RareOfDetails::default()
        }),
    }
}

/// Several transfers with own amounts that do not add up prove nothing, and somebody should know.
fn check_details(entry: &StatementEntry, problems: &mut Vec<Problem>) {
    let amounts: Option<Vec<Amount>> = entry.details.iter().map(|detail| detail.amount).collect();
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
    }
}

/// A returned transfer that only its code marks is one all the same; a single detail without
/// party, id or text of an unresolved collective booking is no transfer.
fn mark_opaque(entry: &mut StatementEntry) {
    if entry.is_marked_return() {
        for detail in &mut entry.details {
            detail.return_information.get_or_insert_default();
        }
    }
}
