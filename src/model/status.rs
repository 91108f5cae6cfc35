//! What banks report besides statements: status reports, recalls, confirmations.

use chrono::NaiveDate;
use chrono::NaiveDateTime;

use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::place::Place;

/// A payment status report. ISO 20022: `CstmrPmtStsRpt` (pain.002).
///
/// Only exceptions are named: a payment that is not named has the status of its batch, and a
/// batch without a status that of its group.
#[derive(Clone, Debug, Default)]
pub struct StatusReport {
    /// Where it begins.
    pub place: Place,
    /// Day the report was made, in Germany.
    pub created_on: Option<NaiveDate>,
    /// Moment the report was made, as clocks in Germany showed it: of two reports on one payment the
    /// later one decides, whatever their files are called. ISO 20022: `CreDtTm`.
    pub created_at: Option<NaiveDateTime>,
    /// ISO 20022: `OrgnlMsgId`.
    pub original_message_id: Option<String>,
    /// ISO 20022: `OrgnlMsgNmId`; `EBICS` marks a transmission log, which says nothing about
    /// payments.
    pub original_message_name: Option<String>,
    /// ISO 20022: `GrpSts`.
    pub group_status: Option<TransferStatus>,
    /// Reason for the group as a whole.
    pub group_reason: Option<StatusReason>,
    /// How many transfers of the order were refused. ISO 20022: `NbOfTxsPerSts` of refusals.
    pub refused: u64,
    /// ISO 20022: `OrgnlPmtInfAndSts`.
    pub batches: Vec<BatchStatus>,
    /// A report of a verification of payee: says nothing about execution.
    pub verification_of_payee: bool,
    /// A transmission log (EBICS HAC): says nothing about payments.
    pub transmission_log: bool,
}

/// Status of one batch of an order.
#[derive(Clone, Debug, Default)]
pub struct BatchStatus {
    /// Where it begins.
    pub place: Place,
    /// ISO 20022: `OrgnlPmtInfId`.
    pub original_payment_info_id: Option<String>,
    /// ISO 20022: `PmtInfSts`.
    pub status: Option<TransferStatus>,
    /// Reason for the batch as a whole.
    pub reason: Option<StatusReason>,
    /// How many transfers of the batch were refused. ISO 20022: `NbOfTxsPerSts` of refusals.
    pub refused: u64,
    /// The account that pays. ISO 20022: `OrgnlTxRef/DbtrAcct` of the batch's transfers.
    pub payer_account: Option<Iban>,
    /// The transfers named.
    pub transfers: Vec<TransferReport>,
}

/// Status of one transfer. ISO 20022: `TxInfAndSts`.
///
/// Ids may be placeholders (`NOTPROVIDED`); then payee, account, amount, execution day and order are
/// all that tells which transfer is meant.
#[derive(Clone, Debug, Default)]
pub struct TransferReport {
    /// Where it begins.
    pub place: Place,
    /// ISO 20022: `OrgnlEndToEndId`.
    pub end_to_end_id: Option<String>,
    /// ISO 20022: `OrgnlInstrId`; `OrgnlTxId` where there is none.
    pub instruction_id: Option<String>,
    /// ISO 20022: `TxSts`.
    pub status: Option<TransferStatus>,
    /// Why.
    pub reason: Option<StatusReason>,
    /// ISO 20022: `AccptncDtTm`, its day in Germany.
    pub accepted_on: Option<NaiveDate>,
    /// ISO 20022: `AccptncDtTm`, as clocks in Germany showed it.
    pub accepted_at: Option<NaiveDateTime>,
    /// ISO 20022: `OrgnlTxRef/Amt`.
    pub amount: Option<Amount>,
    /// ISO 20022: `OrgnlTxRef/CdtrAcct`.
    pub iban: Option<Iban>,
    /// ISO 20022: `OrgnlTxRef/Cdtr/Nm`.
    pub payee: Option<String>,
    /// ISO 20022: `OrgnlTxRef/ReqdExctnDt`.
    pub execution_date: Option<NaiveDate>,
    /// The account that pays. ISO 20022: `OrgnlTxRef/DbtrAcct`.
    pub payer_account: Option<Iban>,
    /// ISO 20022: `OrgnlTxRef/RmtInf`; may name a case number.
    pub remittance: Option<String>,
}

/// Reason of a status: code and the bank's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusReason {
    /// ISO 20022: `Rsn/Cd` or `Rsn/Prtry`.
    pub code: Option<String>,
    /// ISO 20022: `AddtlInf`, joined.
    pub text: Option<String>,
}

/// How far a bank says a transfer is. ISO 20022: `ExternalPaymentTransactionStatus1Code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferStatus {
    /// `RCVD`, `ACTC`, `PATC`, `PRES`: received, form is fine, not all have agreed yet.
    Received,
    /// `ACCP`, `ACFC`, `ACIS`, `ACPD`, `ACSP`, `ACWC`, `ACWP`: accepted, settlement may be under way.
    Accepted,
    /// `ACSC`: settled on the payer's side.
    SettledPayer,
    /// `ACCC`: settled on the payee's account.
    SettledPayee,
    /// `PDNG`: waits.
    Pending,
    /// `PART`: mixed; the transfers say.
    Partial,
    /// `RJCT`: refused; `BLCK`: neither paid out nor sent back.
    Rejected,
    /// `CANC`: cancelled before execution.
    Cancelled,
    /// `RCVC`, `RVMC`, `RVNM`, `RVNA`, `RVNC`, `RVCM`: verification of payee; neither acceptance nor
    /// rejection.
    Verification(String),
    /// A code that is not known: nobody can say whether it is a refusal.
    Unknown(String),
}

impl TransferStatus {
    /// Reads a status code.
    pub fn from_code(code: &str) -> Self {
        let code = code.trim().to_ascii_uppercase();
        match code.as_str() {
            "RCVD" | "ACTC" | "PATC" | "PRES" => Self::Received,
            "ACCP" | "ACFC" | "ACIS" | "ACPD" | "ACSP" | "ACWC" | "ACWP" => Self::Accepted,
            "ACSC" => Self::SettledPayer,
            "ACCC" => Self::SettledPayee,
            "PDNG" => Self::Pending,
            "PART" => Self::Partial,
            "RJCT" | "BLCK" => Self::Rejected,
            "CANC" => Self::Cancelled,
            "RCVC" | "RVMC" | "RVNM" | "RVNA" | "RVNC" | "RVCM" => Self::Verification(code),
            _ => Self::Unknown(code),
        }
    }

    /// Whether a status says anything of the payment: the result of a verification of payee does not, so
    /// that what is said of its batch or group holds.
    pub const fn decides(&self) -> bool {
        !matches!(self, Self::Verification(_))
    }

    /// Whether the bank does not carry the transfer out.
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Rejected | Self::Cancelled)
    }
}

/// What a recall or cancellation asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecallLevel {
    /// One transfer, named by ids or by payee, account and amount.
    #[default]
    Transfer,
    /// All transfers of one batch of an order: [`Recall::payment_info_id`].
    Batch,
    /// All transfers of an order: [`Recall::message_id`].
    File,
}

/// A recall, a cancellation or the answer to one. ISO 20022: camt.056, camt.055 (by the customer),
/// camt.029 (the answer).
///
/// Ids may be placeholders (`NOTPROVIDED`); then payee, account, amount and execution day are all
/// that tells which transfer is meant.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    /// Where it begins.
    pub place: Place,
    /// Whether it means a transfer, a batch or an order.
    pub level: RecallLevel,
    /// Day the message was made, in Germany.
    pub created_on: Option<NaiveDate>,
    /// Moment the message was made, as clocks in Germany showed it: of two messages on one payment
    /// the later one decides, whatever their files are called. ISO 20022: `CreDtTm`.
    pub created_at: Option<NaiveDateTime>,
    /// ISO 20022: `OrgnlEndToEndId`.
    pub end_to_end_id: Option<String>,
    /// ISO 20022: `OrgnlInstrId`; `OrgnlTxId` where there is none.
    pub instruction_id: Option<String>,
    /// ISO 20022: `OrgnlMsgId`, of the transfer or of what it stands in.
    pub message_id: Option<String>,
    /// ISO 20022: `OrgnlPmtInfId`, of the transfer or of the batch it stands in.
    pub payment_info_id: Option<String>,
    /// Amount of the recalled transfer.
    pub amount: Option<Amount>,
    /// Account of the payee, if named.
    pub iban: Option<Iban>,
    /// The payee, if named. ISO 20022: `OrgnlTxRef/Cdtr`.
    pub payee: Option<String>,
    /// ISO 20022: `OrgnlReqdExctnDt`, `OrgnlTxRef/ReqdExctnDt`.
    pub execution_date: Option<NaiveDate>,
    /// The account that paid. ISO 20022: `OrgnlTxRef/DbtrAcct`.
    pub payer_account: Option<Iban>,
    /// ISO 20022: `OrgnlTxRef/RmtInf`; may name a case number.
    pub remittance: Option<String>,
    /// Reason, such as `DUPL`.
    pub reason: Option<StatusReason>,
    /// An answer (camt.029) rather than a request.
    pub answer: bool,
    /// The answer's own code, such as `RJCR`, `CNCL`, `PDCR`.
    pub answer_code: Option<String>,
    /// The answer refuses the recall: the money stays with the payee.
    pub refused: bool,
}

/// A row of a plain confirmation file: the payee's side says the money has arrived.
#[derive(Clone, Debug, Default)]
pub struct Confirmation {
    /// Where the row begins.
    pub place: Place,
    /// End-to-end id.
    pub end_to_end_id: Option<String>,
    /// Case number.
    pub case_id: Option<String>,
    /// Name of payee or beneficiary.
    pub name: Option<String>,
    /// Account.
    pub iban: Option<Iban>,
    /// Amount credited.
    pub amount: Amount,
    /// Day it was credited on the payee's account.
    pub credited_on: NaiveDate,
    /// Remittance text.
    pub remittance: Option<String>,
    /// The row says something against its own credit: it proves nothing, and what it means needs a person.
    pub denied: bool,
}
