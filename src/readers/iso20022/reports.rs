//! pain.002: status reports, verification-of-payee reports, EBICS transmission logs.

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::status::BatchStatus;
use crate::model::status::StatusReason;
use crate::model::status::StatusReport;
use crate::model::status::TransferReport;
use crate::model::status::TransferStatus;
use crate::model::text::is_placeholder;
use crate::readers::iso20022::fields::account;
use crate::readers::iso20022::fields::date;
use crate::readers::iso20022::fields::joined;
use crate::readers::iso20022::fields::moment;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::fields::party;
use crate::readers::iso20022::fields::remittance;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::pull::Step;
use crate::readers::iso20022::tree::Node;

/// Reads a status report; returns at its end.
pub(crate) fn read(
    file: FileId,
    place: Place,
    pull: &mut Pull<'_>,
    reading: &mut Reading,
) -> Result<(), Problem> {
    let mut report = StatusReport { place, ..StatusReport::default() };
    let mut batch: Option<BatchStatus> = None;
    loop {
        match pull.next()? {
            Step::Open(name, line) if name == "OrgnlPmtInfAndSts" => {
                batch =
                    Some(BatchStatus { place: Place::line(file, line), ..BatchStatus::default() });
            }
            Step::Open(_, _) => {}
            Step::Close(name) if name == "OrgnlPmtInfAndSts" => {
                if let Some(batch) = batch.take() {
                    add(&mut report.batches, batch);
                }
            }
            Step::Close(name) if pull.message.as_deref() == Some(&*name) => break,
            Step::Close(_) => {}
            Step::Node(tree) => {
                if let Some(node) = tree.root() {
                    take(file, node, &mut report, batch.as_mut());
                    pull.leave_unread("", node, &is_irrelevant);
                }
            }
            Step::End => break,
        }
    }
    report.transmission_log = report
        .original_message_name
        .as_deref()
        .is_some_and(|name| name.eq_ignore_ascii_case("EBICS"));
    report.verification_of_payee = is_verification(&report);
    let note = if report.transmission_log {
        Some(ProblemCode::TransmissionLog)
    } else if report.verification_of_payee {
        Some(ProblemCode::PayeeVerification)
    } else {
        None
    };
    reading.problems.extend(note.map(|code| Problem::new(code, place)));
    reading.status_reports.push(report);
    Ok(())
}

/// Adds what a block says of a batch; a report may have several blocks for one batch, and what one of
/// them says against it counts.
fn add(batches: &mut Vec<BatchStatus>, batch: BatchStatus) {
    let id = batch.original_payment_info_id.as_deref().filter(|id| !is_placeholder(id));
    let same = |known: &&mut BatchStatus| {
        id.is_some()
            && known.original_payment_info_id.as_deref().map(str::trim) == id.map(str::trim)
    };
    let Some(known) = batches.iter_mut().find(same) else { return batches.push(batch) };
    let is_against =
        |status: &Option<TransferStatus>| status.as_ref().is_some_and(TransferStatus::is_refusal);
    known.refused = known.refused.max(batch.refused);
    if batch.status.is_some() && (is_against(&batch.status) || !is_against(&known.status)) {
        known.place = batch.place;
        known.status = batch.status;
        known.reason = batch.reason;
    }
    known.transfers.extend(batch.transfers);
    known.payer_account = known.payer_account.take().or(batch.payer_account);
}

/// A report that knows no other status than those of the verification of payee.
fn is_verification(report: &StatusReport) -> bool {
    let mut statuses = report
        .group_status
        .iter()
        .chain(report.batches.iter().filter_map(|batch| batch.status.as_ref()))
        .chain(
            report
                .batches
                .iter()
                .flat_map(|batch| &batch.transfers)
                .filter_map(|transfer| transfer.status.as_ref()),
        )
        .peekable();
    statuses.peek().is_some()
        && statuses.all(|status| matches!(status, TransferStatus::Verification(_)))
}

fn take(file: FileId, node: Node<'_>, report: &mut StatusReport, batch: Option<&mut BatchStatus>) {
    match (node.name(), batch) {
        ("GrpHdr", None) => {
            report.created_at = moment(node, "CreDtTm");
            report.created_on = report.created_at.map(|moment| moment.date());
        }
        ("OrgnlGrpInfAndSts", None) => {
            report.original_message_id = node.owned_at("OrgnlMsgId");
            report.original_message_name = node.owned_at("OrgnlMsgNmId");
            report.group_status = node.text_at("GrpSts").map(TransferStatus::from_code);
            report.group_reason = reason(node);
            report.refused = node.all("NbOfTxsPerSts").map(refused_in).sum();
        }
        ("TxInfAndSts", None) => {
            // Some profiles name transfers without their batch.
            let transfer = transfer(file, node);
            match report.batches.last_mut() {
                Some(batch) => batch.transfers.push(transfer),
                None => report.batches.push(BatchStatus {
                    place: transfer.place,
                    transfers: vec![transfer],
                    ..BatchStatus::default()
                }),
            }
        }
        ("OrgnlPmtInfId", Some(batch)) => {
            batch.original_payment_info_id = node.text().map(str::to_owned);
        }
        ("NbOfTxsPerSts", Some(batch)) => {
            batch.refused = batch.refused.saturating_add(refused_in(node));
        }
        ("PmtInfSts", Some(batch)) => batch.status = node.text().map(TransferStatus::from_code),
        ("StsRsnInf", Some(batch)) => {
            let further = reason_in(node);
            batch.reason = both(batch.reason.take(), further);
        }
        ("TxInfAndSts", Some(batch)) => {
            let transfer = transfer(file, node);
            if batch.payer_account.is_none() {
                batch.payer_account.clone_from(&transfer.payer_account);
            }
            batch.transfers.push(transfer);
        }
        _ => {}
    }
}

fn transfer(file: FileId, node: Node<'_>) -> TransferReport {
    let original = node.child("OrgnlTxRef");
    let of_original = |path: &str| original.and_then(|original| original.at(path));
    let amount = of_original("Amt/InstdAmt")
        .or_else(|| of_original("Amt/EqvtAmt/Amt"))
        .or_else(|| of_original("IntrBkSttlmAmt"));
    let accepted_at = moment(node, "AccptncDtTm");
    TransferReport {
        place: Place::line(file, node.line()),
        end_to_end_id: node.owned_at("OrgnlEndToEndId"),
        instruction_id: node.owned_at("OrgnlInstrId").or_else(|| node.owned_at("OrgnlTxId")),
        status: node.text_at("TxSts").map(TransferStatus::from_code),
        reason: reason(node),
        accepted_on: accepted_at.map(|moment| moment.date()),
        accepted_at,
        amount: amount.and_then(money).map(|(amount, _)| amount),
        iban: of_original("CdtrAcct").and_then(account),
        payee: of_original("Cdtr").and_then(party),
        execution_date: of_original("ReqdExctnDt").and_then(date),
        payer_account: of_original("DbtrAcct").and_then(account),
        remittance: of_original("RmtInf").and_then(remittance),
    }
}

/// How many transfers a count of one status calls refused.
fn refused_in(node: Node<'_>) -> u64 {
    let status = node.text_at("DtldSts").map(TransferStatus::from_code);
    let count = node.text_at("DtldNbOfTxs").and_then(|count| count.trim().parse().ok());
    // A count that cannot be read is some.
    if status.is_some_and(|status| status.is_refusal()) { count.unwrap_or(1) } else { 0 }
}

fn reason(node: Node<'_>) -> Option<StatusReason> {
    node.all("StsRsnInf").map(reason_in).fold(None, both)
}

fn reason_in(node: Node<'_>) -> Option<StatusReason> {
    let reason = StatusReason {
        code: node
            .child("Rsn")
            .or_else(|| node.child("StsRsn"))
            .and_then(Node::choice)
            .map(str::to_owned),
        text: joined(node, "AddtlInf").or_else(|| joined(node, "AddtlStsRsnInf")),
    };
    (reason != StatusReason::default()).then_some(reason)
}

/// Two reasons as one: the first code, all words.
fn both(first: Option<StatusReason>, second: Option<StatusReason>) -> Option<StatusReason> {
    let (Some(first), Some(second)) = (&first, &second) else { return first.or(second) };
    let further = second.code.as_ref().filter(|_| first.code.is_some());
    let texts = [first.text.as_ref(), further, second.text.as_ref()];
    let texts: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
    Some(StatusReason {
        code: first.code.clone().or_else(|| second.code.clone()),
        text: (!texts.is_empty()).then(|| texts.join(" ")),
    })
}

/// Whether an element says nothing about which transfers are meant, or what became of them.
fn is_irrelevant(_: &str, name: &str) -> bool {
    match name {
        // Whose report it is, and of which message: names, times, sums. Counts of refusals are read.
        "GrpHdr" | "OrgnlCreDtTm" | "OrgnlNbOfTxs" | "OrgnlCtrlSum" | "NbOfTxsPerSts" => true,
        // Numbers that banks give; who gave the status.
        "StsId" | "AcctSvcrRef" | "ClrSysRef" | "OrgnlUETR" | "Orgtr" => true,
        // The payer's side, the banks, kinds of payment, charges, addresses.
        "Dbtr" | "DbtrAgt" | "CdtrAgt" | "InstgAgt" | "InstdAgt" | "PmtTpInf" | "PmtMtd" => true,
        "ChrgsInf" | "SttlmInf" | "PstlAdr" | "CtryOfRes" | "Tp" | "Ccy" | "Amt" => true,
        "IntrBkSttlmDt" | "ReqdColltnDt" | "MndtRltdInf" | "CdtrSchmeId" | "Purp" => true,
        _ => false,
    }
}
