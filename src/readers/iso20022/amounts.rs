//! The amounts of a booking and its transfers: what was booked, what was ordered, what charges took.

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::statement::Direction;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::tree::Node;

/// What a transfer's own amount is, and the one it was ordered with, if that is another one.
type Amounts = (Option<Amount>, Option<Amount>);

/// The amounts of a transfer (`TxDtls`) in the currency of its booking.
///
/// # Errors
///
/// The transfer states two amounts that mean the same, or one that cannot be read.
pub(crate) fn of_transfer(node: Node<'_>, currency: Currency) -> Result<Amounts, Doubt> {
    let paths = ["AmtDtls/TxAmt/Amt", "Amt", "AmtDtls/InstdAmt/Amt"];
    let is_unreadable =
        |amount: &Node<'_>| amount.text().is_some_and(|text| Amount::from_iso(text).is_err());
    if paths.into_iter().filter_map(|path| node.at(path)).any(|amount| is_unreadable(&amount)) {
        return Err(Doubt::Amounts);
    }
    let at = |path: &str| {
        let (amount, own) = node.at(path).and_then(money)?;
        (own == currency).then_some(amount)
    };
    // Older versions have the first, newer ones the second; some banks write both.
    let own = match (at("AmtDtls/TxAmt/Amt"), at("Amt")) {
        (Some(left), Some(right)) if left != right => return Err(Doubt::Amounts),
        (left, right) => left.or(right),
    };
    let ordered = at("AmtDtls/InstdAmt/Amt");
    let is_foreign =
        |path: &str| node.at(path).and_then(money).is_some_and(|own| own.1 != currency);
    if own.is_none() && is_foreign("Amt") {
        return Err(Doubt::Amounts);
    }
    Ok((own.or(ordered), ordered.filter(|ordered| own.is_some_and(|own| own != *ordered))))
}

/// The charges that an element states; those that come in are below zero.
pub(crate) fn charges(node: Node<'_>) -> Option<Amount> {
    let total = node.child("TtlChrgsAndTaxAmt").and_then(money).map(|(amount, _)| amount);
    total.or_else(|| {
        let of = |record: Node<'_>| {
            let (amount, _) = record.child("Amt").and_then(money)?;
            let comes_in = record.text_at("CdtDbtInd") == Some("CRDT");
            Some(if comes_in { amount.negated() } else { amount })
        };
        // In the oldest versions the element itself is such a record.
        let parts: Vec<Amount> = node.all("Rcrd").chain([node]).filter_map(of).collect();
        (!parts.is_empty()).then(|| parts.into_iter().sum())
    })
}

/// Whether a debit was ordered with another amount than the one that was booked and charges do not explain
/// it, or is the only one of a batch of another sum.
pub(crate) fn contradict(entry: &StatementEntry) -> bool {
    if entry.direction != Direction::Debit || entry.reversal {
        return false;
    }
    let [detail] = entry.details.as_slice() else { return false };
    let paid = detail.amount.unwrap_or(entry.amount);
    let charges = detail.charges.unwrap_or(Amount::ZERO);
    let charges = charges.plus(entry.charges.unwrap_or(Amount::ZERO));
    let is_paid = |stated: Amount| {
        [paid, entry.amount].contains(&stated)
            || [paid, entry.amount].contains(&stated.plus(charges))
    };
    let other_order = detail.original_amount.is_some_and(|ordered| !is_paid(ordered));
    let of_batch = entry.batch.as_ref().filter(|batch| batch.count.is_none_or(|count| count == 1));
    let other_sum = of_batch.and_then(|batch| batch.total).is_some_and(|total| !is_paid(total));
    other_order || other_sum
}

/// Where charges were taken off money that came in, the transfers' amounts are those that came; what
/// was ordered stays with them.
pub(crate) fn settle(node: Node<'_>, entry: &mut StatementEntry) {
    let ordered = node.at("AmtDtls/InstdAmt/Amt").and_then(money);
    let ordered = ordered.filter(|(_, currency)| *currency == entry.currency);
    if let ([detail], Some((ordered, _))) = (entry.details.as_mut_slice(), ordered) {
        if detail.original_amount.is_none() && ordered != detail.amount.unwrap_or(entry.amount) {
            detail.original_amount = Some(ordered);
        }
    }
    if entry.direction != Direction::Credit {
        return;
    }
    let sum = |amount: &dyn Fn(&EntryDetail) -> Option<Amount>| -> Option<Amount> {
        entry.details.iter().map(amount).sum()
    };
    let is_return = entry.is_marked_return();
    let whole = sum(&|detail| detail.amount);
    let less = entry.charges.filter(|_| entry.details.len() == 1).unwrap_or(Amount::ZERO);
    let net = |detail: &EntryDetail| {
        Some(detail.amount?.minus(detail.charges.unwrap_or(Amount::ZERO)).minus(less))
    };
    if whole == Some(entry.amount) {
        return;
    }
    if sum(&net) != Some(entry.amount) {
        if let ([detail], true) = (entry.details.as_mut_slice(), is_return) {
            // What came back is the booking's amount, whatever was taken off it.
            detail.original_amount = detail.original_amount.or(detail.amount.take());
            detail.amount = None;
        }
        return;
    }
    for detail in &mut entry.details {
        let came = net(detail);
        if came != detail.amount {
            detail.original_amount = detail.amount;
            detail.amount = came;
        }
    }
}
