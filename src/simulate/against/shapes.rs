//! What only camt can say of a booking, put into the entry that everybody writes.

/// How an entry of camt differs from the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// As usual.
    #[default]
    Usual,
    /// Marked as a reversal.
    Reversal,
    /// A reversal written as a debit.
    DebitReversal,
    /// The payee stands where the payer of a transfer stands.
    Swapped,
    /// The code of a return stands at the entry alone.
    EntryCode,
    /// Several details with these ids, without amounts.
    Details(Vec<String>),
}

/// The entry in its shape.
pub fn shaped(line: &str, shape: &Shape) -> String {
    match shape {
        Shape::Usual => line.to_owned(),
        Shape::Reversal => reversal(line),
        Shape::DebitReversal => reversal(line).replace("CRDT", "DBIT"),
        Shape::Swapped => line
            .replace("<Cdtr>", "<Dbtr>")
            .replace("</Cdtr>", "</Dbtr>")
            .replace("CdtrAcct>", "DbtrAcct>"),
        Shape::EntryCode => {
            let details = line.find("<TxDtls>").unwrap_or(line.len());
            let (entry, details) = line.split_at(details);
            let details =
                without(&without(details, "<BkTxCd>", "</BkTxCd>"), "<RtrInf>", "</RtrInf>");
            let details = details.replace("RETOURE", "Leistung");
            format!("{entry}{details}")
        }
        Shape::Details(ids) => {
            let details: Vec<String> = ids
                .iter()
                .map(|id| {
                    format!(
                        "<TxDtls><Refs><EndToEndId>{id}</EndToEndId></Refs>\
                         <RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>"
                    )
                })
                .collect();
            let (begin, end) = ("<TxDtls>", "</TxDtls>");
            match (line.find(begin), line.rfind(end)) {
                (Some(from), Some(to)) => {
                    let (head, _) = line.split_at(from);
                    let (_, tail) = line.split_at(to + end.len());
                    format!("{head}{}{tail}", details.concat())
                }
                _ => line.to_owned(),
            }
        }
    }
}

fn reversal(line: &str) -> String {
    line.replacen("</CdtDbtInd>", "</CdtDbtInd><RvslInd>true</RvslInd>", 1)
}

fn without(text: &str, begin: &str, end: &str) -> String {
    match (text.find(begin), text.find(end)) {
        (Some(from), Some(to)) if from < to => {
            let (head, _) = text.split_at(from);
            let (_, tail) = text.split_at(to + end.len());
            format!("{head}{tail}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_take_their_shape() {
        let line = "<Ntry><CdtDbtInd>CRDT</CdtDbtInd><BkTxCd>a</BkTxCd><NtryDtls><TxDtls><BkTxCd>b</BkTxCd>\
                    <Cdtr>c</Cdtr><RtrInf>d</RtrInf></TxDtls></NtryDtls></Ntry>";
        assert!(shaped(line, &Shape::DebitReversal).contains("DBIT</CdtDbtInd><RvslInd>true"));
        assert!(shaped(line, &Shape::Swapped).contains("<Dbtr>c</Dbtr>"));
        let code = shaped(line, &Shape::EntryCode);
        assert!(code.contains(">a<") && !code.contains(">b<") && !code.contains(">d<"), "{code}");
        let two = shaped(line, &Shape::Details(vec!["X".to_owned(), "Y".to_owned()]));
        assert_eq!(two.matches("<TxDtls>").count(), 2);
        assert!(two.ends_with("</TxDtls></NtryDtls></Ntry>"), "{two}");
    }
}
