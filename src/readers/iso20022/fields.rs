//! Amounts, dates, accounts, parties: fields that all messages share.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::date::from_iso;
use crate::model::iban::Iban;
use crate::readers::iso20022::tree::Node;

/// An amount with its currency.
pub(crate) fn money(node: Node<'_>) -> Option<(Amount, Currency)> {
    let amount = Amount::from_iso(node.text()?).ok()?;
    let currency = match node.currency() {
        Some(code) => Currency::parse(code)?,
        None => Currency::EUR,
    };
    Some((amount, currency))
}

/// A choice of `Dt` and `DtTm`, or a date itself.
pub(crate) fn date(node: Node<'_>) -> Option<NaiveDate> {
    let text = node.child("Dt").or_else(|| node.child("DtTm")).and_then(Node::text);
    from_iso(text.or_else(|| node.text())?)
}

/// An account: `Id/IBAN`, else `Id/Othr/Id`.
pub(crate) fn account(node: Node<'_>) -> Option<Iban> {
    let id = node.child("Id").unwrap_or(node);
    let other = || id.at("Othr/Id").or_else(|| id.at("PrtryAcct/Id")).or_else(|| id.child("BBAN"));
    Iban::read(id.child("IBAN").or_else(other)?.text()?)
}

/// The name of a party: `Nm`, `Pty/Nm` in newer versions, `Agt/FinInstnId/Nm`.
pub(crate) fn party(node: Node<'_>) -> Option<String> {
    node.owned_at("Nm")
        .or_else(|| node.owned_at("Pty/Nm"))
        .or_else(|| node.owned_at("Agt/FinInstnId/Nm"))
}

/// The remittance texts, joined by blanks.
pub(crate) fn remittance(node: Node<'_>) -> Option<String> {
    let free = node.all("Ustrd").filter_map(Node::text);
    let structured = node.all("Strd").flat_map(|strd| {
        let reference = strd.at("CdtrRefInf/Ref").or_else(|| strd.at("CdtrRefInf/CdtrRef"));
        reference
            .and_then(Node::text)
            .into_iter()
            .chain(strd.all("AddtlRmtInf").filter_map(Node::text))
    });
    let parts: Vec<&str> = free.chain(structured).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// All texts of repeated elements, joined by blanks.
pub(crate) fn joined(node: Node<'_>, name: &str) -> Option<String> {
    let parts: Vec<&str> = node.all(name).filter_map(Node::text).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
