//! Amounts, dates, accounts, parties: fields that all messages share.

use chrono::NaiveDate;
use chrono::NaiveDateTime;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::german_time;
use crate::model::iban::Iban;
use crate::model::text::is_placeholder;
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

/// A choice of `Dt` and `DtTm`, or a date itself: the German day.
pub(crate) fn date(node: Node<'_>) -> Option<NaiveDate> {
    let text = node.child("Dt").or_else(|| node.child("DtTm")).and_then(Node::text);
    german_time::day(text.or_else(|| node.text())?)
}

/// The moment at a path, as clocks in Germany showed it.
pub(crate) fn moment(node: Node<'_>, path: &str) -> Option<NaiveDateTime> {
    german_time::moment(node.text_at(path)?)
}

/// Whether an element says yes.
pub(crate) fn is_true(node: Node<'_>, path: &str) -> bool {
    node.text_at(path).is_some_and(|text| text == "1" || text.eq_ignore_ascii_case("true"))
}

/// All accounts that an account element states: `Id/IBAN`, then `Id/Othr/Id` and what older versions
/// have for it. Placeholders are none.
fn accounts(node: Node<'_>) -> impl Iterator<Item = (Node<'_>, Iban)> {
    let id = node.child("Id").unwrap_or(node);
    let places = [id.all("IBAN"), id.all("BBAN")].into_iter().flatten();
    let other = ["Othr", "PrtryAcct"].into_iter().flat_map(move |name| id.all(name));
    places.chain(other.filter_map(|other| other.child("Id"))).filter_map(|place| {
        let text = place.text()?;
        let account = Iban::read(text).filter(|_| !is_placeholder(text))?;
        Some((place, account))
    })
}

/// An account: the IBAN, else another number of it. Further accounts that it states are left unread.
pub(crate) fn account(node: Node<'_>) -> Option<Iban> {
    let mut all = accounts(node);
    let (_, first) = all.next()?;
    for (place, further) in all {
        if !further.same_account(&first) {
            place.leave_unread();
        }
    }
    Some(first)
}

/// Whether an account element states two accounts.
pub(crate) fn is_two_accounts(node: Node<'_>) -> bool {
    let mut all = accounts(node).map(|(_, account)| account).filter(Iban::is_valid);
    let Some(first) = all.next() else { return false };
    all.any(|further| !further.same_account(&first))
}

/// The name of a party: `Nm`, `Pty/Nm` in newer versions, `Agt/FinInstnId/Nm`.
pub(crate) fn party(node: Node<'_>) -> Option<String> {
    let name = node.owned_at("Nm").or_else(|| node.owned_at("Pty/Nm"));
    name.or_else(|| node.owned_at("Agt/FinInstnId/Nm"))
}

/// The remittance texts, joined by blanks: free ones, references and document numbers.
pub(crate) fn remittance(node: Node<'_>) -> Option<String> {
    let free = node.all("Ustrd").filter_map(Node::text);
    let structured = node.all("Strd").flat_map(|strd| {
        let references = strd.all("CdtrRefInf").flat_map(|reference| {
            ["Ref", "CdtrRef"].into_iter().flat_map(move |name| reference.all(name))
        });
        let documents = strd.all("RfrdDocInf").flat_map(|document| {
            ["Nb", "RfrdDocNb"].into_iter().flat_map(move |name| document.all(name))
        });
        let texts = references.chain(documents).chain(strd.all("AddtlRmtInf"));
        texts.filter_map(Node::text)
    });
    let parts: Vec<&str> = free.chain(structured).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// All texts of repeated elements, joined by blanks.
pub(crate) fn joined(node: Node<'_>, name: &str) -> Option<String> {
    let parts: Vec<&str> = node.all(name).filter_map(Node::text).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
