//! What orders say against bookings that were found for their payments.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::matching::cited::Several;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::orders;
use crate::matching::owed::Timing;
use crate::matching::search::Search;

/// Checks bookings against the orders of their payments.
pub fn apply(search: &mut Search<'_>) {
    if search.orders.is_empty() {
        return;
    }
    accounts(search);
    twins(search);
}

/// A booking that shows no account went to that of its order; where list and order name different
/// ones it is not the payee's.
fn accounts(search: &mut Search<'_>) {
    for payment in 0..search.payment_count() {
        let owed = search.owed(payment);
        let mut ordered =
            orders::links(owed).filter_map(|link| orders::transfer(search.orders, link));
        if !ordered.any(|transfer| !owed.account_allows(transfer.iban.as_ref())) {
            continue;
        }
        let claims = search.found.get(payment).map_or(&[] as &[_], |found| &found.claims);
        let unseen = claims.iter().any(|claim| {
            let shown = claim.transfer.and_then(|transfer| search.transfer(transfer).iban());
            claim.link != Link::Batch && shown.is_none()
        });
        if unseen {
            search.found(payment).flag(Flag::AccountDiffers);
        }
    }
}

/// What decides about one of several equal rows.
type Answer = (BTreeSet<Timing>, usize, BTreeSet<Flag>);

/// Equal rows whose orders stand in several batches: if not all of them fared alike, nobody can say
/// who fared how.
fn twins(search: &mut Search<'_>) {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for payment in 0..search.payment_count() {
        if let Some(group) = search.owed(payment).twins {
            groups.entry(group).or_default().push(payment);
        }
    }
    for group in groups.into_values() {
        let answers: BTreeSet<Answer> = group
            .iter()
            .filter_map(|payment| {
                let found = search.found.get(*payment)?;
                let timing = |day| search.owed(*payment).timing(day);
                let timings = found.claims.iter().map(|claim| timing(claim.booked_on)).collect();
                let flags = found.flags.iter().copied().collect();
                Some((timings, found.claims.len(), flags))
            })
            .collect();
        if answers.len() < 2 {
            continue;
        }
        let entries: BTreeSet<usize> = group
            .iter()
            .filter_map(|payment| search.found.get(*payment))
            .flat_map(|found| found.claims.iter().map(|claim| claim.entry))
            .collect();
        let several = Several::new(entries.iter().copied().collect(), search.bank());
        for payment in &group {
            let found = search.found(*payment);
            found.flag(Flag::Ambiguous);
            found.notes.push(Note::Group(group.len(), entries.len()));
            found.cited.add_all(&several);
        }
    }
}
