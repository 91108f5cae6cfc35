//! camt.055, camt.056: recalls; camt.029: their answers.

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::reading::Reading;
use crate::model::status::Recall;
use crate::model::status::StatusReason;
use crate::readers::iso20022::fields::account;
use crate::readers::iso20022::fields::joined;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::pull::Step;
use crate::readers::iso20022::tree::Node;

/// Reads a recall message or an answer; returns at its end.
pub(crate) fn read(
    file: FileId,
    kind: &str,
    pull: &mut Pull<'_>,
    reading: &mut Reading,
) -> Result<(), Problem> {
    let answer = kind == "camt.029";
    let mut status = None;
    let mut recalls = Vec::new();
    loop {
        match pull.next()? {
            Step::Node(tree) => {
                let Some(node) = tree.root() else { continue };
                if node.name() == "Sts" {
                    status = node
                        .child("Conf")
                        .and_then(Node::text)
                        .or_else(|| node.choice())
                        .map(str::to_owned);
                }
                collect(file, node, answer, &mut recalls);
            }
            Step::Close(name) if pull.message.as_deref() == Some(&*name) => break,
            Step::Open(_, _) | Step::Close(_) => {}
            Step::End => break,
        }
    }
    for recall in &mut recalls {
        // RJCR: the recall is refused; the money stays where it is.
        recall.refused |= answer && status.as_deref() == Some("RJCR");
    }
    reading.recalls.extend(recalls);
    Ok(())
}

/// Finds the transfers meant, at whatever depth the version has them.
fn collect(file: FileId, node: Node<'_>, answer: bool, recalls: &mut Vec<Recall>) {
    if matches!(node.name(), "TxInf" | "TxInfAndSts") {
        let original = node.child("OrgnlTxRef");
        let amount = node
            .child("OrgnlInstdAmt")
            .or_else(|| node.child("OrgnlIntrBkSttlmAmt"))
            .or_else(|| original.and_then(|original| original.at("Amt/InstdAmt")));
        let reason = node.child("CxlRsnInf").or_else(|| node.child("CxlStsRsnInf"));
        let status = node.text_at("TxCxlSts");
        recalls.push(Recall {
            place: Place::line(file, node.line()),
            end_to_end_id: node.owned_at("OrgnlEndToEndId"),
            message_id: node.owned_at("OrgnlGrpInf/OrgnlMsgId"),
            payment_info_id: node.owned_at("OrgnlPmtInfId"),
            amount: amount.and_then(money).map(|(amount, _)| amount),
            iban: original.and_then(|original| original.child("CdtrAcct")).and_then(account),
            reason: reason.map(|reason| StatusReason {
                code: reason.child("Rsn").and_then(Node::choice).map(str::to_owned),
                text: joined(reason, "AddtlInf"),
            }),
            answer,
            refused: answer && status == Some("RJCR"),
            ..Recall::default()
        });
        return;
    }
    for name in ["OrgnlPmtInfAndCxl", "OrgnlPmtInfAndSts", "CxlDtls", "Undrlyg"] {
        for child in node.all(name) {
            collect(file, child, answer, recalls);
        }
    }
    for name in ["TxInf", "TxInfAndSts"] {
        for child in node.all(name) {
            collect(file, child, answer, recalls);
        }
    }
}
