//! Near misses: never credited, shown so that a person need not search.

use std::collections::BTreeMap;

use foldhash::HashMap;
use foldhash::HashMapExt;

use crate::matching::findings::Failure;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::groups::groups;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::matching::tiers::may_be_without_reference;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::text::FoldedName;
use crate::model::text::fold_words;

/// In how many characters two account numbers differ, if they are near: at most two characters,
/// or two neighbours swapped.
pub fn iban_distance(left: &Iban, right: &Iban) -> Option<usize> {
    let (left, right) = (left.reveal().as_bytes(), right.reveal().as_bytes());
    if left.len() != right.len() {
        // One character lost or doubled.
        let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
        if long.len().saturating_sub(short.len()) != 1 {
            return None;
        }
        let head = short.iter().zip(long).take_while(|(a, b)| a == b).count();
        let rest = short.len().saturating_sub(head);
        let same_tail =
            short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
        return (same_tail >= rest).then_some(1);
    }
    let differing = left.iter().zip(right).filter(|(a, b)| a != b).count();
    (1..=2).contains(&differing).then_some(differing)
}

/// Bookings of the same amount to a near account, or under the same name.
pub fn misses(search: &mut Search<'_>) {
    let mut open: HashMap<Amount, Vec<usize>> = HashMap::new();
    for payment in 0..search.payment_count() {
        let takes_part = matches!(search.owed(payment).part, Part::Full | Part::Blocked);
        if takes_part && search.is_open(payment) {
            open.entry(search.owed(payment).amount).or_default().push(payment);
        }
    }
    let mut near = Vec::new();
    let mut weak = Vec::new();
    // Payments and bookings of one amount are many; their names are folded once.
    let mut names: HashMap<usize, Vec<FoldedName>> = HashMap::new();
    for transfer in search.free_transfers() {
        let view = search.transfer(transfer);
        let theirs = names_of_booking(search, transfer);
        for payment in open.get(&view.amount).into_iter().flatten() {
            if !may_be_without_reference(search, *payment, transfer) {
                continue;
            }
            let owed = search.owed(*payment);
            let own = names.entry(*payment).or_insert_with(|| names_of_payment(search, *payment));
            let names = agreement(own, &theirs);
            let distance = match (owed.iban(), view.iban()) {
                (Some(own), Some(other)) => iban_distance(own, other),
                _ => None,
            };
            if distance.is_some() && names != Some(false) {
                near.push((*payment, transfer));
            } else if names == Some(true) {
                weak.push((*payment, transfer));
            }
        }
    }
    settle(search, near, Flag::AccountDiffers);
    let still: Vec<(usize, usize)> = weak
        .into_iter()
        .filter(|(payment, transfer)| search.is_open(*payment) && search.is_free(*transfer))
        .collect();
    settle(search, still, Flag::WeakMatch);
}

fn names_of_payment(search: &Search<'_>, payment: usize) -> Vec<FoldedName> {
    let row = search.owed(payment).payment;
    row.payee.iter().chain(&row.beneficiary).filter_map(|name| FoldedName::new(name)).collect()
}

fn names_of_booking(search: &Search<'_>, transfer: usize) -> Vec<FoldedName> {
    let view = search.transfer(transfer);
    let ultimate = view.detail.and_then(|detail| detail.ultimate_counterparty.as_deref());
    view.name().into_iter().chain(ultimate).filter_map(FoldedName::new).collect()
}

/// Whether the booking's name is the payee's or the beneficiary's; `None` if a side names nobody.
fn agreement(own: &[FoldedName], theirs: &[FoldedName]) -> Option<bool> {
    if own.is_empty() || theirs.is_empty() {
        return None;
    }
    Some(own.iter().any(|own| theirs.iter().any(|other| own.agrees(other))))
}

/// One payment and one booking: the flag. Several of either: nobody is picked.
fn settle(search: &mut Search<'_>, pairs: Vec<(usize, usize)>, flag: Flag) {
    for group in groups(pairs) {
        let single = group.pairs.len() == 1;
        let note = Note::Group(group.payments.len(), group.transfers.len());
        for (payment, transfer) in &group.pairs {
            if single && flag == Flag::AccountDiffers {
                search.claim(*payment, *transfer, Link::NameAndAmount);
            } else {
                search.cite(*payment, *transfer);
                search.take(*transfer);
            }
        }
        for payment in &group.payments {
            let found = search.found(*payment);
            found.flag(if single { flag } else { Flag::Ambiguous });
            if !single {
                found.notes.push(note.clone());
            }
        }
    }
}

/// For payments without any booking: the nearest one, and the first thing that keeps it away.
pub fn candidates(search: &mut Search<'_>) {
    let open: Vec<usize> = (0..search.payment_count())
        .filter(|payment| search.is_open(*payment) && search.owed(*payment).part != Part::None)
        .collect();
    if open.is_empty() {
        return;
    }
    let mut by_account: HashMap<&Iban, Vec<usize>> = HashMap::new();
    let mut by_amount_and_name: HashMap<(Amount, String), Vec<usize>> = HashMap::new();
    let mut named: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for transfer in search.free_transfers() {
        let view = search.transfer(transfer);
        if let Some(iban) = view.iban() {
            by_account.entry(iban).or_default().push(transfer);
        }
        for word in view.name().map(fold_words).unwrap_or_default() {
            if word.len() > 2 {
                by_amount_and_name.entry((view.amount, word)).or_default().push(transfer);
            }
        }
        let naming = search.naming(transfer);
        for payment in naming.candidates.iter().chain(&naming.several) {
            named.entry(*payment).or_default().push(transfer);
        }
    }
    for payment in open {
        let owed = search.owed(payment);
        let mut near: Vec<usize> = named.get(&payment).cloned().unwrap_or_default();
        near.extend(owed.iban().and_then(|iban| by_account.get(iban)).into_iter().flatten());
        for word in owed.payment.account_holder().map(fold_words).unwrap_or_default() {
            near.extend(by_amount_and_name.get(&(owed.amount, word)).into_iter().flatten());
        }
        near.sort_unstable();
        near.dedup();
        let best = near.into_iter().min_by_key(|transfer| {
            let view = search.transfer(*transfer);
            let points = u8::from(owed.amount == view.amount)
                + u8::from(owed.account_agrees(view.iban()))
                + u8::from(search.naming(*transfer).names(payment));
            let away = view.booked_on.signed_duration_since(owed.dates.due).num_days().abs();
            (std::cmp::Reverse(points), away, search.transfer_order(*transfer))
        });
        if let Some(transfer) = best {
            let failure = first_failure(search, payment, transfer);
            let entry = search.transfer(transfer).entry;
            search.found(payment).notes.push(Note::Candidate(entry, failure));
        }
    }
}

fn first_failure(search: &Search<'_>, payment: usize, transfer: usize) -> Failure {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    if owed.amount != view.amount {
        Failure::Amount
    } else if !owed.account_agrees(view.iban()) {
        Failure::Account
    } else if !owed.run_holds(view.booked_on) || !search.month_allows(payment, transfer) {
        Failure::Month
    } else {
        Failure::Reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_accounts() {
        for (left, right, expected) in [
            ("DE02120300000000202051", "DE02120300000000202051", None),
            ("DE02120300000000202051", "DE02120300000000202061", Some(1)),
            ("DE02120300000000202051", "DE02120300000000202015", Some(2)),
            ("DE02120300000000202051", "DE0212030000000020205", Some(1)),
            ("DE02120300000000202051", "DE02120300000000209999", None),
        ] {
            let iban = |text: &str| Iban::read(text).unwrap();
            assert_eq!(iban_distance(&iban(left), &iban(right)), expected, "{left} {right}");
        }
    }
}
