//! German business transaction codes (Geschäftsvorfallcodes, GVC): what kind of booking an entry is.

/// What a code says of the booking that bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeMeaning {
    /// A credit transfer of the account's owner: it may pay somebody.
    Transfer,
    /// A collective booking of credit transfers of the account's owner.
    Collective,
    /// Money of an earlier transfer comes back.
    Return,
    /// Fee, closing, direct debit, card, cash, cheque: pays nobody of a list.
    OtherDebit,
}

/// Codes and what they say (Deutsche Kreditwirtschaft, Anlage 3, chapter on MT940; list of GVC).
const CODES: &[(&str, CodeMeaning)] = &[
    ("001", CodeMeaning::OtherDebit),
    ("002", CodeMeaning::OtherDebit),
    ("004", CodeMeaning::OtherDebit),
    ("005", CodeMeaning::OtherDebit),
    ("006", CodeMeaning::OtherDebit),
    ("008", CodeMeaning::OtherDebit),
    ("009", CodeMeaning::OtherDebit),
    ("059", CodeMeaning::Return),
    ("079", CodeMeaning::Collective),
    ("083", CodeMeaning::OtherDebit),
    ("084", CodeMeaning::OtherDebit),
    ("103", CodeMeaning::OtherDebit),
    ("104", CodeMeaning::OtherDebit),
    ("105", CodeMeaning::OtherDebit),
    ("106", CodeMeaning::OtherDebit),
    ("107", CodeMeaning::OtherDebit),
    ("108", CodeMeaning::OtherDebit),
    ("109", CodeMeaning::OtherDebit),
    ("116", CodeMeaning::Transfer),
    ("117", CodeMeaning::Transfer),
    ("118", CodeMeaning::Transfer),
    ("119", CodeMeaning::Transfer),
    ("152", CodeMeaning::Transfer),
    ("153", CodeMeaning::Transfer),
    ("156", CodeMeaning::Transfer),
    ("159", CodeMeaning::Return),
    ("160", CodeMeaning::Return),
    ("171", CodeMeaning::OtherDebit),
    ("174", CodeMeaning::OtherDebit),
    ("177", CodeMeaning::Transfer),
    ("181", CodeMeaning::OtherDebit),
    ("184", CodeMeaning::OtherDebit),
    ("188", CodeMeaning::Collective),
    ("191", CodeMeaning::Collective),
    ("192", CodeMeaning::OtherDebit),
    ("193", CodeMeaning::OtherDebit),
    ("195", CodeMeaning::OtherDebit),
    ("196", CodeMeaning::OtherDebit),
    ("197", CodeMeaning::OtherDebit),
    ("805", CodeMeaning::OtherDebit),
    ("806", CodeMeaning::OtherDebit),
    ("807", CodeMeaning::OtherDebit),
    ("808", CodeMeaning::OtherDebit),
    ("809", CodeMeaning::OtherDebit),
    ("814", CodeMeaning::OtherDebit),
    ("818", CodeMeaning::OtherDebit),
    ("819", CodeMeaning::OtherDebit),
    ("899", CodeMeaning::Return),
];

/// The bank's own reversal (Storno).
const REVERSAL: &str = "899";

/// Codes of direct debits, their batches and their returns.
const DIRECT_DEBITS: &[&str] = &[
    "004", "005", "008", "009", "084", "103", "104", "105", "106", "107", "108", "109", "171",
    "174", "181", "184", "192", "193", "194", "195", "196", "197",
];

/// What a code says; `None` for codes that say nothing about who is paid.
pub fn meaning(code: &str) -> Option<CodeMeaning> {
    CODES.iter().find(|(own, _)| *own == code).map(|(_, meaning)| *meaning)
}

/// Codes under which a whole order, or all that came in at once, is booked as one.
const BATCHES: &[&str] = &["079", "188", "189", "191", "192", "193", "194", "195", "196", "197"];

/// Whether several transfers or direct debits are booked as one under this code.
pub fn is_batch(code: &str) -> bool {
    BATCHES.contains(&code)
}

/// Whether a code is that of the bank's own reversal.
pub fn is_reversal(code: &str) -> bool {
    code == REVERSAL
}

/// Whether a text key extension (Textschlüsselergänzung) is one of those that say why money comes back:
/// 901 to 919.
pub fn is_return_key(key: &str) -> bool {
    matches!(key.trim().as_bytes(), [b'9', b'0', b'1'..=b'9'] | [b'9', b'1', b'0'..=b'9'])
}

/// Whether a code is one of direct debits: they come back under the same words as transfers, and are
/// nobody's benefit.
pub fn is_direct_debit(code: &str) -> bool {
    DIRECT_DEBITS.contains(&code)
}

/// Whether an ISO 20022 code such as `PMNT/IDDT/ESDD` is one of direct debits.
pub fn is_direct_debit_domain(code: &str) -> bool {
    matches!(code.split('/').nth(1), Some("RDDT" | "IDDT"))
}

/// Whether an ISO 20022 code says that money of an earlier transfer comes back: by return, or in answer to
/// a recall. Direct debits that come back have families of their own.
pub fn is_return_domain(code: &str) -> bool {
    matches!(code.split('/').nth(2), Some("RRTN" | "RPCR")) && !is_direct_debit_domain(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_once_and_in_order() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(meaning("159"), Some(CodeMeaning::Return));
        assert_eq!(meaning("999"), None);
        let keys = ["901", "914", "900", "992", "000", "9014"].map(is_return_key);
        assert_eq!(keys, [true, true, false, false, false, false]);
    }
}
