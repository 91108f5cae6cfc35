//! Messages that refuse, recall and answer, and confirmations of the payee's side.

use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::simulate::formats::camt::push_escaped;
use crate::simulate::order::message_id;
use crate::simulate::text::push_amount;
use crate::simulate::text::push_date;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// pain.002 that refuses.
    Reject,
    /// camt.056.
    Recall056,
    /// camt.055.
    Recall055,
    /// camt.029 that refuses a recall.
    Refusal,
    /// A row of a table with `credited_on`.
    Confirmation,
}

/// A message about one payment.
#[derive(Clone, Debug)]
pub struct Message {
    /// What it is.
    pub kind: Kind,
    /// The day it was made; of a confirmation the day of the credit.
    pub day: NaiveDate,
    /// End-to-end id; empty for a placeholder.
    pub id: String,
    /// Account of the payee.
    pub iban: String,
    /// Cents.
    pub cents: i64,
    /// The run of the order.
    pub run: String,
}

impl Message {
    fn id(&self) -> String {
        let mut id = String::new();
        push_escaped(&mut id, if self.id.is_empty() { "NOTPROVIDED" } else { &self.id });
        id
    }

    fn amount(&self) -> String {
        let mut amount = String::new();
        push_amount(&mut amount, self.cents, '.');
        amount
    }

    /// The original transfer: its account where the id says nothing.
    fn original(&self) -> String {
        if !self.id.is_empty() {
            return String::new();
        }
        format!(
            "<OrgnlTxRef><Amt><InstdAmt Ccy=\"EUR\">{}</InstdAmt></Amt>\
             <CdtrAcct><Id><IBAN>{}</IBAN></Id></CdtrAcct></OrgnlTxRef>",
            self.amount(),
            self.iban
        )
    }

    /// The message as a file of its own: its path below the month's folder, its text.
    pub fn file(&self, number: usize, due: NaiveDate) -> (String, String) {
        let (id, original) = (self.id(), self.original());
        let (day, amount) = (self.day, self.amount());
        let begin = |name: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{name}\">\n"
            )
        };
        let assignment =
            format!("<Assgnmt><Id>N{number}</Id><CreDtTm>{day}T10:00:00+01:00</CreDtTm></Assgnmt>");
        let (name, text) = match self.kind {
            Kind::Reject => (
                "status",
                format!(
                    "{}<CstmrPmtStsRpt><GrpHdr><MsgId>S{number}</MsgId>\
                     <CreDtTm>{day}T10:00:00+01:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>\
                     <OrgnlMsgId>{}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>\
                     </OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{}</OrgnlPmtInfId>\
                     <TxInfAndSts><OrgnlEndToEndId>{id}</OrgnlEndToEndId><TxSts>RJCT</TxSts>\
                     <StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>{original}</TxInfAndSts>\
                     </OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>\n",
                    begin("pain.002.001.10"),
                    message_id(due),
                    self.run
                ),
            ),
            Kind::Recall056 => (
                "rueckruf",
                format!(
                    "{}<FIToFIPmtCxlReq>{assignment}<Undrlyg><TxInf><CxlId>C{number}</CxlId>\
                     <OrgnlEndToEndId>{id}</OrgnlEndToEndId>\
                     <OrgnlIntrBkSttlmAmt Ccy=\"EUR\">{amount}</OrgnlIntrBkSttlmAmt>\
                     <CxlRsnInf><Rsn><Cd>DUPL</Cd></Rsn></CxlRsnInf>{original}</TxInf></Undrlyg>\
                     </FIToFIPmtCxlReq></Document>\n",
                    begin("camt.056.001.08")
                ),
            ),
            Kind::Recall055 => (
                "rueckruf",
                format!(
                    "{}<CstmrPmtCxlReq>{assignment}<Undrlyg><OrgnlPmtInfAndCxl>\
                     <OrgnlPmtInfId>{}</OrgnlPmtInfId><TxInf>\
                     <OrgnlEndToEndId>{id}</OrgnlEndToEndId>\
                     <OrgnlInstdAmt Ccy=\"EUR\">{amount}</OrgnlInstdAmt>\
                     <CxlRsnInf><Rsn><Cd>DUPL</Cd></Rsn></CxlRsnInf>{original}</TxInf>\
                     </OrgnlPmtInfAndCxl></Undrlyg></CstmrPmtCxlReq></Document>\n",
                    begin("camt.055.001.08"),
                    self.run
                ),
            ),
            Kind::Refusal => (
                "antwort",
                format!(
                    "{}<RsltnOfInvstgtn>{assignment}<Sts><Conf>RJCR</Conf></Sts><CxlDtls>\
                     <TxInfAndSts><OrgnlEndToEndId>{id}</OrgnlEndToEndId><TxCxlSts>RJCR</TxCxlSts>\
                     <CxlStsRsnInf><Rsn><Cd>CUST</Cd></Rsn></CxlStsRsnInf></TxInfAndSts></CxlDtls>\
                     </RsltnOfInvstgtn></Document>\n",
                    begin("camt.029.001.09")
                ),
            ),
            Kind::Confirmation => {
                return (format!("bestaetigt-{number:04}.csv"), confirmations(&[self]));
            }
        };
        (format!("meldungen/{name}-{number:04}.xml"), text)
    }
}

/// A table of confirmed credits.
pub fn confirmations(all: &[&Message]) -> String {
    let mut text = String::from("End-to-End-ID;IBAN;Betrag;credited_on\n");
    for message in all {
        let (mut amount, mut day) = (String::new(), String::new());
        push_amount(&mut amount, message.cents, ',');
        push_date(&mut day, message.day, 4);
        let _fits = writeln!(text, "{};{};{amount};{day}", message.id, message.iban);
    }
    text
}
