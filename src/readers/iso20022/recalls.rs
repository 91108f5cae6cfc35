//! camt.055, camt.056: cancellations and recalls; camt.029: their answers.
//!
//! A message may mean single transfers, a whole batch or a whole order: what it does not name singly,
//! it means as a whole.

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::reading::Reading;
use crate::model::status::Recall;
use crate::model::status::RecallLevel;
use crate::model::status::StatusReason;
use crate::readers::iso20022::fields::account;
use crate::readers::iso20022::fields::date;
use crate::readers::iso20022::fields::is_true;
use crate::readers::iso20022::fields::joined;
use crate::readers::iso20022::fields::moment;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::fields::party;
use crate::readers::iso20022::fields::remittance;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::pull::Step;
use crate::readers::iso20022::tree::Node;

/// Reads a recall message or an answer; returns at its end.
pub(crate) fn read(
    file: FileId,
    kind: &str,
    place: Place,
    pull: &mut Pull<'_>,
    reading: &mut Reading,
) -> Result<(), Problem> {
    let mut message = Message { file, is_answer: kind == "camt.029", ..Message::default() };
    loop {
        match pull.next()? {
            Step::Node(tree) => {
                let Some(node) = tree.root() else { continue };
                message.take(node);
                pull.leave_unread("", node, &is_irrelevant);
            }
            Step::Close(name) if name == "Undrlyg" => message.end_group(),
            Step::Close(name) if pull.message.as_deref() == Some(&*name) => break,
            Step::Open(_, _) | Step::Close(_) => {}
            Step::End => break,
        }
    }
    message.end_group();
    if message.recalls.is_empty() && message.is_answer {
        // An answer that names its case only.
        message.recalls.push(Recall { place, ..Recall::default() });
    }
    for recall in &mut message.recalls {
        recall.created_at = message.created_at;
        recall.created_on = message.created_at.map(|moment| moment.date());
        recall.answer = message.is_answer;
        let whole = message.status.as_deref();
        // RJCR: the recall is refused; the money stays where it is.
        recall.refused =
            message.is_answer && [recall.answer_code.as_deref(), whole].contains(&Some("RJCR"));
        if recall.answer_code.is_none() {
            recall.answer_code.clone_from(&message.status);
        }
    }
    reading.recalls.extend(message.recalls);
    Ok(())
}

/// A message being read.
#[derive(Debug, Default)]
struct Message {
    file: FileId,
    is_answer: bool,
    created_at: Option<chrono::NaiveDateTime>,
    /// The answer to all of it.
    status: Option<String>,
    /// The order that is spoken of, and whether all of it is meant.
    order: Option<(Recall, bool)>,
    /// How many recalls there were when the order began.
    before: usize,
    recalls: Vec<Recall>,
}

impl Message {
    fn take(&mut self, node: Node<'_>) {
        match node.name() {
            "Assgnmt" | "GrpHdr" => {
                self.created_at = moment(node, "CreDtTm").or(self.created_at);
            }
            "Sts" => {
                let confirmed = node.child("Conf").and_then(Node::text);
                self.status = confirmed.or_else(|| node.choice()).map(str::to_owned);
            }
            "CxlDtls" | "Undrlyg" => {
                for child in node.children() {
                    self.take(child);
                }
                self.end_group();
            }
            "OrgnlGrpInfAndCxl" | "OrgnlGrpInfAndSts" => {
                self.end_group();
                self.order = Some(self.order_of(node));
                self.before = self.recalls.len();
            }
            "OrgnlPmtInfAndCxl" | "OrgnlPmtInfAndSts" => self.take_batch(node),
            "TxInf" | "TxInfAndSts" => {
                let transfer = self.transfer(node, None);
                self.recalls.push(transfer);
            }
            _ => {}
        }
    }

    fn order_of(&self, node: Node<'_>) -> (Recall, bool) {
        let whole = self.whole(node, RecallLevel::File, "GrpCxlSts");
        let is_meant = is_true(node, "GrpCxl") || whole.answer_code.is_some();
        (whole, is_meant)
    }

    /// What a message says of a batch or an order as a whole.
    fn whole(&self, node: Node<'_>, level: RecallLevel, status: &str) -> Recall {
        let order = self.order.as_ref().and_then(|(order, _)| order.message_id.clone());
        let own = node.owned_at("OrgnlMsgId").or_else(|| node.owned_at("OrgnlGrpInf/OrgnlMsgId"));
        Recall {
            place: Place::line(self.file, node.line()),
            level,
            message_id: own.or(order),
            payment_info_id: node.owned_at("OrgnlPmtInfId"),
            reason: reason(node),
            answer_code: node.owned_at(status),
            ..Recall::default()
        }
    }

    fn take_batch(&mut self, node: Node<'_>) {
        let batch = self.whole(node, RecallLevel::Batch, "PmtInfCxlSts");
        let names = ["TxInf", "TxInfAndSts"];
        let transfers: Vec<Recall> = names
            .into_iter()
            .flat_map(|name| node.all(name))
            .map(|transfer| self.transfer(transfer, Some(&batch)))
            .collect();
        let is_meant = is_true(node, "PmtInfCxl") || batch.answer_code.is_some();
        if is_meant || transfers.is_empty() {
            self.recalls.push(batch);
        }
        self.recalls.extend(transfers);
    }

    /// The order itself is meant where nothing in it is named.
    fn end_group(&mut self) {
        if let Some((order, is_meant)) = self.order.take() {
            if is_meant || self.recalls.len() == self.before {
                self.recalls.insert(self.before.min(self.recalls.len()), order);
            }
        }
    }

    fn transfer(&self, node: Node<'_>, batch: Option<&Recall>) -> Recall {
        let order = self.order.as_ref().map(|(order, _)| order);
        let around = || [batch, order].into_iter().flatten();
        let original = node.child("OrgnlTxRef");
        let of_original = |path: &str| original.and_then(|original| original.at(path));
        let amount = node
            .child("OrgnlInstdAmt")
            .or_else(|| node.child("OrgnlIntrBkSttlmAmt"))
            .or_else(|| of_original("Amt/InstdAmt"))
            .or_else(|| of_original("IntrBkSttlmAmt"));
        let day = node
            .child("OrgnlReqdExctnDt")
            .or_else(|| of_original("ReqdExctnDt"))
            .or_else(|| node.child("OrgnlIntrBkSttlmDt"));
        let own_message = node.owned_at("OrgnlGrpInf/OrgnlMsgId");
        let own_batch = node.owned_at("OrgnlPmtInfId");
        Recall {
            place: Place::line(self.file, node.line()),
            level: RecallLevel::Transfer,
            end_to_end_id: node.owned_at("OrgnlEndToEndId"),
            instruction_id: node.owned_at("OrgnlInstrId").or_else(|| node.owned_at("OrgnlTxId")),
            message_id: own_message
                .or_else(|| around().find_map(|around| around.message_id.clone())),
            payment_info_id: own_batch
                .or_else(|| around().find_map(|around| around.payment_info_id.clone())),
            amount: amount.and_then(money).map(|(amount, _)| amount),
            iban: of_original("CdtrAcct").and_then(account),
            payee: of_original("Cdtr").and_then(party),
            execution_date: day.and_then(date),
            payer_account: of_original("DbtrAcct").and_then(account),
            remittance: of_original("RmtInf").and_then(remittance),
            reason: reason(node).or_else(|| around().find_map(|around| around.reason.clone())),
            answer_code: node.owned_at("TxCxlSts"),
            ..Recall::default()
        }
    }
}

/// Why; several reasons are one, with all their words.
fn reason(node: Node<'_>) -> Option<StatusReason> {
    let all = || ["CxlRsnInf", "CxlStsRsnInf"].into_iter().flat_map(|name| node.all(name));
    let texts: Vec<String> = all().filter_map(|reason| joined(reason, "AddtlInf")).collect();
    let reason = StatusReason {
        code: all()
            .find_map(|reason| reason.child("Rsn").and_then(Node::choice))
            .map(str::to_owned),
        text: (!texts.is_empty()).then(|| texts.join(" ")),
    };
    (reason != StatusReason::default()).then_some(reason)
}

/// Whether an element says nothing about which transfers are meant, or what becomes of them.
fn is_irrelevant(_: &str, name: &str) -> bool {
    match name {
        // Whose message it is, and the case it belongs to.
        "Assgnmt" | "Case" | "RslvdCase" | "CtrlData" | "GrpHdr" | "Orgtr" | "Splmtry" => true,
        // Numbers that banks give, counts and sums, names and times of the original message.
        "CxlId" | "PmtCxlId" | "CxlStsId" | "OrgnlUETR" | "OrgnlClrSysRef" => true,
        "OrgnlMsgNmId" | "OrgnlCreDtTm" | "NbOfTxs" | "CtrlSum" | "NbOfTxsPerCxlSts" => true,
        "OrgnlGrpInf" => true,
        // The payer's side, the banks, kinds of payment.
        "Dbtr" | "DbtrAgt" | "CdtrAgt" | "PmtTpInf" | "PmtMtd" | "SttlmInf" | "PstlAdr" => true,
        "OrgnlIntrBkSttlmAmt" | "OrgnlIntrBkSttlmDt" | "IntrBkSttlmDt" | "Tp" | "Ccy" => true,
        _ => false,
    }
}
