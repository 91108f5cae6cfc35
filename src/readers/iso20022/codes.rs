//! `BkTxCd`, `CdtDbtInd`: what kind of booking or transfer it is, and which way the money went.

use crate::facts::transaction_codes;
use crate::facts::transaction_codes::CodeMeaning;
use crate::model::statement::Direction;
use crate::model::statement::StatementEntry;
use crate::readers::iso20022::tree::Node;

/// The credit/debit mark.
pub(crate) fn direction_of(text: Option<&str>) -> Option<Direction> {
    match text? {
        "DBIT" => Some(Direction::Debit),
        "CRDT" => Some(Direction::Credit),
        _ => None,
    }
}

/// Gives a booking its codes, where it has none: those of the booking go before those of its transfers.
pub(crate) fn read(node: Option<Node<'_>>, entry: &mut StatementEntry) {
    let Some(node) = node else { return };
    if let Some(code) = domain(node) {
        entry.domain_code.get_or_insert(code);
    }
    if let Some(code) = german(node) {
        if entry.transaction_code.is_none() {
            entry.transaction_code = Some(code.to_owned());
        }
    }
}

/// Whether the codes say that money of an earlier transfer comes back.
pub(crate) fn is_return(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|node| {
        parts(node).next() == Some(RETURNED_ITEM)
            || german(node).and_then(transaction_codes::meaning) == Some(CodeMeaning::Return)
            || domain(node).is_some_and(|code| transaction_codes::is_return_domain(&code))
    })
}

/// Whether the code of a debit says why money comes back: by its booking key, or by the text key extension
/// at its end (`NTRF+116++914`).
pub(crate) fn names_reason(node: Option<Node<'_>>) -> bool {
    node.is_some_and(|node| {
        parts(node).next() == Some(RETURNED_ITEM)
            || parts(node).nth(3).is_some_and(transaction_codes::is_return_key)
    })
}

/// Booking key of SWIFT for an item that came back.
const RETURNED_ITEM: &str = "NRTI";

/// The parts of the proprietary code.
fn parts(node: Node<'_>) -> impl Iterator<Item = &str> {
    node.text_at("Prtry/Cd").unwrap_or_default().split('+').map(str::trim)
}

/// The ISO code, such as `PMNT/ICDT/ESCT`.
fn domain(node: Node<'_>) -> Option<String> {
    let domain = node.child("Domn")?;
    let parts = [domain.text_at("Cd"), domain.text_at("Fmly/Cd"), domain.text_at("Fmly/SubFmlyCd")];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The German code inside the proprietary one: `NTRF+116+9002/405` is SWIFT code, German code, batch
/// number.
fn german(node: Node<'_>) -> Option<&str> {
    let code = node.text_at("Prtry/Cd")?;
    let german = code.split('+').nth(1).unwrap_or(code).trim();
    (german.len() == 3 && german.bytes().all(|byte| byte.is_ascii_digit())).then_some(german)
}
