//! camt.053.001.08 and camt.052.001.08 as German banks write them.

use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::entry::return_text;
use crate::simulate::formats::statement::PAYER;
use crate::simulate::formats::statement::Statement;
use crate::simulate::text::push_amount;
use crate::simulate::text::push_iso;
use crate::simulate::text::push_number;
use crate::simulate::text::push_padded;
use crate::simulate::text::push_six;

/// Message, statement and balances up to the first entry.
pub fn begin(statement: &Statement, out: &mut Vec<u8>) {
    let (version, root, element, name) = if statement.intraday {
        ("camt.052.001.08", "BkToCstmrAcctRpt", "Rpt", "C52")
    } else {
        ("camt.053.001.08", "BkToCstmrStmt", "Stmt", "C53")
    };
    let mut day = String::new();
    push_iso(&mut day, statement.day);
    let number = statement.number;
    let mut head = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{version}\">\n<{root}>\n\
         <GrpHdr><MsgId>{name}-{day}-{number}</MsgId><CreDtTm>{day}T20:15:00+01:00</CreDtTm>\
         <MsgPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></MsgPgntn></GrpHdr>\n\
         <{element}><Id>{name}{day}{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>\
         <CreDtTm>{day}T20:15:00+01:00</CreDtTm>\
         <FrToDt><FrDtTm>{day}T00:00:00+01:00</FrDtTm><ToDtTm>{day}T23:59:59+01:00</ToDtTm></FrToDt>\n\
         <Acct><Id><IBAN>{PAYER}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Kreiskasse</Nm></Ownr></Acct>\n"
    );
    if !statement.intraday {
        push_balance(&mut head, "PRCD", statement.opening, &day);
        push_balance(&mut head, "CLBD", statement.closing, &day);
    }
    out.extend_from_slice(head.as_bytes());
}

/// The end of statement and message.
pub fn end(statement: &Statement, out: &mut Vec<u8>) {
    out.extend_from_slice(if statement.intraday {
        b"</Rpt>\n</BkToCstmrAcctRpt>\n</Document>\n".as_slice()
    } else {
        b"</Stmt>\n</BkToCstmrStmt>\n</Document>\n".as_slice()
    });
}

fn push_balance(out: &mut String, code: &str, cents: i64, day: &str) {
    out.push_str("<Bal><Tp><CdOrPrtry><Cd>");
    out.push_str(code);
    out.push_str("</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">");
    push_amount(out, cents.abs(), '.');
    out.push_str("</Amt><CdtDbtInd>");
    out.push_str(if cents < 0 { "DBIT" } else { "CRDT" });
    out.push_str("</CdtDbtInd><Dt><Dt>");
    out.push_str(day);
    out.push_str("</Dt></Dt></Bal>\n");
}

/// An entry with one transaction.
pub fn entry(statement: &Statement, entry: &Entry, number: u64, out: &mut Vec<u8>) {
    let mut line = String::with_capacity(1200);
    let direction = if entry.cents < 0 { "DBIT" } else { "CRDT" };
    line.push_str("<Ntry><Amt Ccy=\"EUR\">");
    push_amount(&mut line, entry.cents.abs(), '.');
    line.push_str("</Amt><CdtDbtInd>");
    line.push_str(direction);
    line.push_str("</CdtDbtInd><Sts><Cd>");
    line.push_str(if entry.pending { "PDNG" } else { "BOOK" });
    line.push_str("</Cd></Sts><BookgDt><Dt>");
    push_iso(&mut line, statement.day);
    line.push_str("</Dt></BookgDt><ValDt><Dt>");
    push_iso(&mut line, statement.day);
    line.push_str("</Dt></ValDt><AcctSvcrRef>");
    push_six(&mut line, statement.day);
    push_padded(&mut line, number, 10);
    line.push_str("</AcctSvcrRef>");
    push_code(&mut line, entry.kind, true);
    line.push_str("<NtryDtls>");
    if let Kind::Batch(count) = entry.kind {
        line.push_str("<Btch><PmtInfId>");
        push_escaped(&mut line, &entry.run);
        line.push_str("</PmtInfId><NbOfTxs>");
        push_number(&mut line, count);
        line.push_str("</NbOfTxs></Btch><TxDtls>");
    } else {
        line.push_str("<TxDtls><Refs><EndToEndId>");
        let id = if entry.end_to_end_id.is_empty() { "NOTPROVIDED" } else { &entry.end_to_end_id };
        push_escaped(&mut line, id);
        line.push_str("</EndToEndId></Refs><Amt Ccy=\"EUR\">");
        push_amount(&mut line, entry.cents.abs(), '.');
        line.push_str("</Amt><CdtDbtInd>");
        line.push_str(direction);
        line.push_str("</CdtDbtInd>");
    }
    push_code(&mut line, entry.kind, false);
    push_party(&mut line, entry);
    if !entry.text.is_empty() {
        line.push_str("<RmtInf><Ustrd>");
        push_escaped(&mut line, &entry.text);
        line.push_str("</Ustrd></RmtInf>");
    }
    if let Kind::Return(code) = entry.kind {
        line.push_str("<RtrInf><Rsn><Cd>");
        line.push_str(code);
        line.push_str("</Cd></Rsn><AddtlInf>");
        line.push_str(return_text(code));
        line.push_str("</AddtlInf></RtrInf>");
    }
    line.push_str("</TxDtls></NtryDtls><AddtlNtryInf>");
    line.push_str(entry.kind.text());
    line.push_str("</AddtlNtryInf></Ntry>\n");
    out.extend_from_slice(line.as_bytes());
}

fn push_code(line: &mut String, kind: Kind, with_domain: bool) {
    line.push_str("<BkTxCd>");
    if with_domain {
        let (family, sub) = kind.family();
        line.push_str("<Domn><Cd>");
        line.push_str(if kind == Kind::Fee { "ACMT" } else { "PMNT" });
        line.push_str("</Cd><Fmly><Cd>");
        line.push_str(family);
        line.push_str("</Cd><SubFmlyCd>");
        line.push_str(sub);
        line.push_str("</SubFmlyCd></Fmly></Domn>");
    }
    line.push_str("<Prtry><Cd>NTRF+");
    line.push_str(kind.code());
    line.push_str("+9310</Cd><Issr>DK</Issr></Prtry></BkTxCd>");
}

/// The other side; parties of a return keep the roles of the original.
fn push_party(line: &mut String, entry: &Entry) {
    if entry.name.is_empty() && entry.iban.is_empty() {
        return;
    }
    let creditor = entry.cents < 0 || matches!(entry.kind, Kind::Return(_));
    let role = if creditor { "Cdtr" } else { "Dbtr" };
    line.push_str("<RltdPties>");
    if !entry.name.is_empty() {
        for piece in ["<", role, "><Pty><Nm>"] {
            line.push_str(piece);
        }
        push_escaped(line, &entry.name);
        for piece in ["</Nm></Pty></", role, ">"] {
            line.push_str(piece);
        }
    }
    if !entry.iban.is_empty() {
        for piece in ["<", role, "Acct><Id><IBAN>", &entry.iban, "</IBAN></Id></", role, "Acct>"] {
            line.push_str(piece);
        }
    }
    line.push_str("</RltdPties>");
}

/// Text of an element; characters that XML forbids become points, as banks do it.
pub fn push_escaped(line: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '<' => line.push_str("&lt;"),
            '>' => line.push_str("&gt;"),
            '&' => line.push_str("&amp;"),
            letter if letter.is_control() => line.push('.'),
            letter => line.push(letter),
        }
    }
}
