//! The order file (pain.001.001.09) and the bank's refusals (pain.002.001.10).

use chrono::NaiveDate;

use crate::simulate::case::Row;
use crate::simulate::case::text;
use crate::simulate::formats::camt::push_escaped;
use crate::simulate::formats::statement::PAYER;
use crate::simulate::text::push_amount;
use crate::simulate::text::push_iso;
use crate::simulate::text::push_number;
use crate::simulate::timetable::Timetable;

/// Number and sum of transfers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Cents.
    pub cents: i64,
}

/// `MsgId` of the month's order.
pub fn message_id(due: NaiveDate) -> String {
    format!("AUFTRAG-{}", due.format("%Y%m%d"))
}

/// The beginning of the order file.
pub fn begin(due: NaiveDate, all: Tally) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">\n<CstmrCdtTrfInitn>\n\
         <GrpHdr><MsgId>{}</MsgId><CreDtTm>{due}T08:00:00+01:00</CreDtTm><NbOfTxs>{}</NbOfTxs><CtrlSum>",
        message_id(due),
        all.count
    );
    push_amount(&mut out, all.cents, '.');
    out.push_str("</CtrlSum><InitgPty><Nm>Kreiskasse</Nm></InitgPty></GrpHdr>\n");
    out
}

/// The beginning of a run.
pub fn begin_run(out: &mut String, run: &str, batch: bool, day: NaiveDate, tally: Tally) {
    for piece in [
        "<PmtInf><PmtInfId>",
        run,
        "</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>",
        if batch { "true" } else { "false" },
        "</BtchBookg><NbOfTxs>",
    ] {
        out.push_str(piece);
    }
    push_number(out, tally.count);
    out.push_str("</NbOfTxs><CtrlSum>");
    push_amount(out, tally.cents, '.');
    out.push_str("</CtrlSum><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt><Dt>");
    push_iso(out, day);
    out.push_str("</Dt></ReqdExctnDt><Dbtr><Nm>Kreiskasse</Nm></Dbtr><DbtrAcct><Id><IBAN>");
    out.push_str(PAYER);
    out.push_str(
        "</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>\
         </DbtrAgt>\n",
    );
}

/// A transfer.
pub fn push_transfer(out: &mut String, row: &Row, timetable: &Timetable) {
    out.push_str("<CdtTrfTxInf><PmtId><EndToEndId>");
    let id = if row.end_to_end_id.is_empty() { "NOTPROVIDED" } else { &row.end_to_end_id };
    push_escaped(out, id);
    out.push_str("</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">");
    push_amount(out, row.cents, '.');
    out.push_str("</InstdAmt></Amt><Cdtr><Nm>");
    push_escaped(out, &row.payee);
    out.push_str("</Nm></Cdtr><CdtrAcct><Id><IBAN>");
    out.push_str(&row.iban);
    out.push_str("</IBAN></Id></CdtrAcct><RmtInf><Ustrd>");
    push_escaped(out, &text(row, timetable.month));
    out.push_str("</Ustrd></RmtInf></CdtTrfTxInf>\n");
}

/// The end of a run.
pub const END_RUN: &str = "</PmtInf>\n";

/// The end of the file.
pub const END: &str = "</CstmrCdtTrfInitn>\n</Document>\n";

/// The status report that names what was refused: run, row.
pub fn refusals(due: NaiveDate, refused: &[(String, Row)]) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\">\n<CstmrPmtStsRpt>\n\
         <GrpHdr><MsgId>STATUS-1</MsgId><CreDtTm>{due}T09:00:00+01:00</CreDtTm></GrpHdr>\n\
         <OrgnlGrpInfAndSts><OrgnlMsgId>{}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>\
         <GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>\n",
        message_id(due)
    );
    let mut current = "";
    for (run, row) in refused {
        if run != current {
            if !current.is_empty() {
                out.push_str("</OrgnlPmtInfAndSts>\n");
            }
            current = run;
            out.push_str("<OrgnlPmtInfAndSts><OrgnlPmtInfId>");
            out.push_str(run);
            out.push_str("</OrgnlPmtInfId><PmtInfSts>PART</PmtInfSts>\n");
        }
        out.push_str("<TxInfAndSts><OrgnlEndToEndId>");
        push_escaped(&mut out, &row.end_to_end_id);
        out.push_str("</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>");
        out.push_str(row.rejected.unwrap_or("MS03"));
        out.push_str("</Cd></Rsn></StsRsnInf></TxInfAndSts>\n");
    }
    if !current.is_empty() {
        out.push_str("</OrgnlPmtInfAndSts>\n");
    }
    out.push_str("</CstmrPmtStsRpt>\n</Document>\n");
    out
}
