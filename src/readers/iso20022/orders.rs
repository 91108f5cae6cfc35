//! pain.001: payment orders.

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::order::OrderBatch;
use crate::model::order::OrderFile;
use crate::model::order::OrderedTransfer;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::readers::iso20022::fields::account;
use crate::readers::iso20022::fields::date;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::fields::party;
use crate::readers::iso20022::fields::remittance;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::pull::Step;
use crate::readers::iso20022::tree::Node;

/// Reads an order message; returns at its end.
pub(crate) fn read(
    file: FileId,
    place: Place,
    pull: &mut Pull<'_>,
    reading: &mut Reading,
) -> Result<(), Problem> {
    let mut order = OrderFile { place, ..OrderFile::default() };
    let mut batch: Option<OrderBatch> = None;
    let (mut of_batch, mut of_all) = (Found::default(), Found::default());
    loop {
        match pull.next()? {
            Step::Open(name, line) if name == "PmtInf" => {
                batch =
                    Some(OrderBatch { place: Place::line(file, line), ..OrderBatch::default() });
            }
            Step::Open(_, _) => {}
            Step::Close(name) if name == "PmtInf" => {
                if let Some(batch) = batch.take() {
                    let stated = (batch.stated_count, batch.stated_sum);
                    of_batch.check(batch.place, stated, reading);
                    of_all.add(&std::mem::take(&mut of_batch));
                    order.batches.push(batch);
                }
            }
            Step::Close(name) if pull.message.as_deref() == Some(&*name) => break,
            Step::Close(_) => {}
            Step::Node(tree) => {
                let Some(node) = tree.root() else { continue };
                match &mut batch {
                    Some(batch) => take(file, node, batch, &mut of_batch, reading),
                    None if node.name() == "GrpHdr" => {
                        order.message_id = node.owned_at("MsgId");
                        order.stated_count =
                            node.text_at("NbOfTxs").and_then(|text| text.parse().ok());
                        order.stated_sum =
                            node.text_at("CtrlSum").and_then(|text| Amount::from_iso(text).ok());
                    }
                    None => {}
                }
                pull.leave_unread("", node, &is_irrelevant);
            }
            Step::End => break,
        }
    }
    of_all.check(place, (order.stated_count, order.stated_sum), reading);
    if of_all.count > 0 {
        reading.orders.push(order);
    }
    Ok(())
}

fn take(
    file: FileId,
    node: Node<'_>,
    batch: &mut OrderBatch,
    found: &mut Found,
    reading: &mut Reading,
) {
    match node.name() {
        "PmtInfId" => batch.payment_info_id = node.text().map(str::to_owned),
        "BtchBookg" => batch.batch_booking = node.text().map(|text| matches!(text, "true" | "1")),
        "NbOfTxs" => batch.stated_count = node.text().and_then(|text| text.parse().ok()),
        "CtrlSum" => batch.stated_sum = node.text().and_then(|text| Amount::from_iso(text).ok()),
        "ReqdExctnDt" => batch.execution_date = date(node),
        "DbtrAcct" => batch.payer_account = account(node),
        "CdtTrfTxInf" => {
            let place = Place::line(file, node.line());
            let amount_node = node.at("Amt/InstdAmt").or_else(|| node.at("Amt/EqvtAmt/Amt"));
            let read = amount_node.and_then(money);
            if read.is_none() {
                let value = amount_node.and_then(Node::text).unwrap_or_default().to_owned();
                reading.problems.push(
                    Problem::new(ProblemCode::AmountNotANumber, place)
                        .field("InstdAmt")
                        .value(value),
                );
            }
            let (amount, currency) = read.unzip();
            found.count = found.count.saturating_add(1);
            found.sum = found.sum.plus(amount.unwrap_or(Amount::ZERO));
            let currency = currency.unwrap_or_default();
            if currency != Currency::EUR {
                reading.problems.push(
                    Problem::new(ProblemCode::CurrencyForeign, place).value(currency.as_str()),
                );
            }
            batch.transfers.push(OrderedTransfer {
                place,
                end_to_end_id: node.owned_at("PmtId/EndToEndId"),
                instruction_id: node.owned_at("PmtId/InstrId"),
                amount: amount.filter(|_| currency == Currency::EUR),
                currency,
                payee: node.child("Cdtr").and_then(party),
                ultimate_payee: node.child("UltmtCdtr").and_then(party),
                iban: node.child("CdtrAcct").and_then(account),
                remittance: node.child("RmtInf").and_then(remittance),
            });
        }
        _ => {}
    }
}

/// What a batch or an order holds: its number of transfers, and all their amounts, whatever their
/// currencies, as the standard has it for control sums.
#[derive(Debug, Default)]
struct Found {
    count: u64,
    sum: Amount,
}

impl Found {
    fn add(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.sum = self.sum.plus(other.sum);
    }

    /// Holds the stated number and sum against what is there.
    fn check(
        &self,
        place: Place,
        (count, sum): (Option<u64>, Option<Amount>),
        reading: &mut Reading,
    ) {
        if let Some(stated) = count.filter(|stated| *stated != self.count) {
            reading.problems.push(
                Problem::new(ProblemCode::CountDiffers, place)
                    .value(self.count.to_string())
                    .expected(stated.to_string()),
            );
        }
        if let Some(stated) = sum.filter(|stated| *stated != self.sum) {
            reading.problems.push(
                Problem::new(ProblemCode::ControlSumDiffers, place)
                    .value(self.sum.to_string())
                    .expected(stated.to_string()),
            );
        }
    }
}

/// Whether an element of an order says nothing about who is to be paid.
fn is_irrelevant(_: &str, name: &str) -> bool {
    match name {
        // Whose message it is, and when it was made.
        "CreDtTm" | "InitgPty" | "Authstn" | "FwdgAgt" | "PmtMtd" | "PmtTpInf" | "ChrgBr" => true,
        // The payer's side and the banks.
        "Dbtr" | "UltmtDbtr" | "DbtrAgt" | "CdtrAgt" | "IntrmyAgt1" | "ChrgsAcct" => true,
        // Addresses, kinds, codes, what authorities are told.
        "PstlAdr" | "CtryOfRes" | "CtctDtls" | "Tp" | "Ccy" | "Cd" | "Issr" | "RgltryRptg" => true,
        "UETR" | "RltdDt" | "RfrdDocAmt" | "InstrForCdtrAgt" | "InstrForDbtrAgt" => true,
        _ => false,
    }
}
