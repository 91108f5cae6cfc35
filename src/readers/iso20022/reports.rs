//! pain.002: status reports, verification-of-payee reports, EBICS transmission logs.

use crate::model::date::from_iso;
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
use crate::readers::iso20022::fields::account;
use crate::readers::iso20022::fields::date;
use crate::readers::iso20022::fields::joined;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::fields::party;
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
            Step::Close(name) if name == "OrgnlPmtInfAndSts" => report.batches.extend(batch.take()),
            Step::Close(name) if pull.message.as_deref() == Some(&*name) => break,
            Step::Close(_) => {}
            Step::Node(tree) => {
                if let Some(node) = tree.root() {
                    take(file, node, &mut report, batch.as_mut());
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
            report.created_on = node.text_at("CreDtTm").and_then(from_iso);
        }
        ("OrgnlGrpInfAndSts", None) => {
            report.original_message_id = node.owned_at("OrgnlMsgId");
            report.original_message_name = node.owned_at("OrgnlMsgNmId");
            report.group_status = node.text_at("GrpSts").map(TransferStatus::from_code);
            report.group_reason = reason(node);
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
        ("PmtInfSts", Some(batch)) => batch.status = node.text().map(TransferStatus::from_code),
        ("StsRsnInf", Some(batch)) => batch.reason = reason_in(node),
        ("TxInfAndSts", Some(batch)) => batch.transfers.push(transfer(file, node)),
        _ => {}
    }
}

fn transfer(file: FileId, node: Node<'_>) -> TransferReport {
    let original = node.child("OrgnlTxRef");
    let of_original = |path: &str| original.and_then(|original| original.at(path));
    TransferReport {
        place: Place::line(file, node.line()),
        end_to_end_id: node.owned_at("OrgnlEndToEndId"),
        instruction_id: node.owned_at("OrgnlInstrId"),
        status: node.text_at("TxSts").map(TransferStatus::from_code),
        reason: reason(node),
        accepted_on: node.text_at("AccptncDtTm").and_then(from_iso),
        amount: of_original("Amt/InstdAmt").and_then(money).map(|(amount, _)| amount),
        iban: of_original("CdtrAcct").and_then(account),
        payee: of_original("Cdtr").and_then(party),
        execution_date: of_original("ReqdExctnDt").and_then(date),
        ..TransferReport::default()
    }
}

fn reason(node: Node<'_>) -> Option<StatusReason> {
    node.child("StsRsnInf").and_then(reason_in)
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
