//! What was sent to the bank: payment orders (pain.001).

use chrono::NaiveDate;
use sha2::Digest;
use sha2::Sha256;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::hex::hex;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::text::is_placeholder;

/// One customer credit transfer initiation. ISO 20022: `CstmrCdtTrfInitn`.
#[derive(Clone, Debug, Default)]
pub struct OrderFile {
    /// Where the message begins.
    pub place: Place,
    /// ISO 20022: `GrpHdr/MsgId`.
    pub message_id: Option<String>,
    /// ISO 20022: `GrpHdr/NbOfTxs`, as stated.
    pub stated_count: Option<u64>,
    /// ISO 20022: `GrpHdr/CtrlSum`, as stated.
    pub stated_sum: Option<Amount>,
    /// Its batches.
    pub batches: Vec<OrderBatch>,
}

/// What an order is known by when it turns up again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderMark {
    /// ISO 20022: `GrpHdr/MsgId`; `None` for placeholders.
    pub message_id: Option<String>,
    /// A digest of what it would do: on which day how much goes to which masked account. It tells no more than a
    /// result without full account numbers does.
    pub content: String,
}

impl OrderFile {
    /// What it is known by.
    pub fn mark(&self) -> OrderMark {
        let mut lines: Vec<String> = Vec::new();
        for batch in &self.batches {
            let day = batch.execution_date.map(|day| day.to_string()).unwrap_or_default();
            lines.extend(batch.transfers.iter().map(|one| {
                let account = one.iban.as_ref().map(Iban::masked).unwrap_or_default();
                let amount = one.amount.map(|amount| amount.to_string()).unwrap_or_default();
                format!("{day} {amount} {account}")
            }));
        }
        lines.sort_unstable();
        let digest = Sha256::digest(lines.join("\n").as_bytes());
        OrderMark {
            message_id: self.message_id.clone().filter(|id| !is_placeholder(id)),
            content: hex(digest.get(..16).unwrap_or_default()),
        }
    }
}

/// One batch of an order. ISO 20022: `PmtInf`.
#[derive(Clone, Debug, Default)]
pub struct OrderBatch {
    /// Where the element begins.
    pub place: Place,
    /// ISO 20022: `PmtInfId`.
    pub payment_info_id: Option<String>,
    /// ISO 20022: `BtchBookg`; absent means as agreed with the bank.
    pub batch_booking: Option<bool>,
    /// ISO 20022: `ReqdExctnDt`.
    pub execution_date: Option<NaiveDate>,
    /// The account that pays. ISO 20022: `DbtrAcct`.
    pub payer_account: Option<Iban>,
    /// Stated number of transfers.
    pub stated_count: Option<u64>,
    /// Stated sum.
    pub stated_sum: Option<Amount>,
    /// Its transfers.
    pub transfers: Vec<OrderedTransfer>,
}

/// One ordered transfer. ISO 20022: `CdtTrfTxInf`.
#[derive(Clone, Debug, Default)]
pub struct OrderedTransfer {
    /// Where the element begins.
    pub place: Place,
    /// ISO 20022: `PmtId/EndToEndId`; as it stands, placeholders too.
    pub end_to_end_id: Option<String>,
    /// ISO 20022: `PmtId/InstrId`.
    pub instruction_id: Option<String>,
    /// ISO 20022: `Amt/InstdAmt`; `None` if unreadable (a problem says why).
    pub amount: Option<Amount>,
    /// Currency of the amount.
    pub currency: Currency,
    /// ISO 20022: `Cdtr/Nm`.
    pub payee: Option<String>,
    /// ISO 20022: `UltmtCdtr/Nm`: the resident of a care home.
    pub ultimate_payee: Option<String>,
    /// ISO 20022: `CdtrAcct/Id/IBAN`.
    pub iban: Option<Iban>,
    /// ISO 20022: `RmtInf`, its texts joined by a blank.
    pub remittance: Option<String>,
}
