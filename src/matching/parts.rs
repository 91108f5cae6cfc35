//! Bookings that name a payment but do not fit it one to one: parts, other amounts, other
//! accounts.

use std::collections::BTreeMap;

use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::search::Search;
use crate::matching::tiers::reference_fits;
use crate::model::amount::Amount;
use crate::model::together;

/// What the bookings that name a payment have in common with it.
#[derive(Default)]
struct Named {
    /// Account not different.
    own_account: Vec<usize>,
    /// Same amount, another account.
    same_amount: Vec<usize>,
    /// Neither.
    neither: Vec<usize>,
}

/// Looks at what is left under each payment's own references.
pub fn by_reference(search: &mut Search<'_>) {
    let mut named: BTreeMap<usize, Named> = BTreeMap::new();
    let mut free = search.free_transfers();
    free.retain(|transfer| !search.naming(*transfer).candidates.is_empty());
    let alike = search.alike(&free);
    let meant = together::map_many(&alike, search.threads, |transfers| {
        transfers.first().and_then(|first| meant(search, *first))
    });
    let mut of_transfers: Vec<(usize, usize)> = Vec::new();
    for (payment, transfers) in meant.into_iter().zip(alike) {
        let Some(payment) = payment else { continue };
        of_transfers.extend(transfers.into_iter().map(|transfer| (transfer, payment)));
    }
    of_transfers.sort_unstable();
    for (transfer, payment) in of_transfers {
        let (owed, view) = (search.owed(payment), search.transfer(transfer));
        let slot = named.entry(payment).or_default();
        if owed.account_allows(view.iban()) {
            slot.own_account.push(transfer);
        } else if owed.amount == view.amount {
            slot.same_amount.push(transfer);
        } else if by_own_id(search, payment, transfer) {
            slot.neither.push(transfer);
        }
    }
    for (payment, named) in named {
        if search.is_open(payment) {
            judge_open(search, payment, &named);
        } else if search.is_satisfied(payment) {
            // More under the very id of a payment that has its booking already.
            for transfer in named.own_account.into_iter().chain(named.same_amount) {
                let in_run = search.owed(payment).run_holds(search.transfer(transfer).booked_on);
                if in_run && by_own_id(search, payment, transfer) {
                    search.claim(payment, transfer, Link::EndToEndId);
                }
            }
        }
    }
}

/// The one payment that a transfer means by its references, if it is one. Of several rows of a
/// case, the one whose account agrees.
fn meant(search: &Search<'_>, transfer: usize) -> Option<usize> {
    let view = search.transfer(transfer);
    let fitting: Vec<usize> = search
        .naming(transfer)
        .candidates
        .iter()
        .copied()
        .filter(|payment| reference_fits(search, *payment, transfer))
        .collect();
    if let [payment] = fitting.as_slice() {
        return Some(*payment);
    }
    let still_open = |payment: &usize| search.is_open(*payment);
    let agreeing: Vec<usize> = fitting
        .iter()
        .copied()
        .filter(|payment| search.owed(*payment).account_agrees(view.iban()))
        .collect();
    if let [payment] = agreeing.as_slice() {
        return Some(*payment);
    }
    let open: Vec<usize> = agreeing.iter().copied().filter(still_open).collect();
    if !agreeing.is_empty() {
        return match open.as_slice() {
            [payment] => Some(*payment),
            _ => None,
        };
    }
    let same_amount: Vec<usize> = fitting
        .into_iter()
        .filter(|payment| search.owed(*payment).amount == view.amount)
        .filter(still_open)
        .collect();
    match same_amount.as_slice() {
        [payment] => Some(*payment),
        _ => None,
    }
}

/// Whether the booking carries or names the payment's end-to-end id, not only its case number.
fn by_own_id(search: &Search<'_>, payment: usize, transfer: usize) -> bool {
    search.owed(payment).end_to_end_key.is_some()
        && search.naming(transfer).by_end_to_end_id
        && search.naming(transfer).names(payment)
}

fn judge_open(search: &mut Search<'_>, payment: usize, named: &Named) {
    let owed = search.owed(payment).amount;
    let in_run =
        |transfer: &usize| search.owed(payment).run_holds(search.transfer(*transfer).booked_on);
    // Bookings beyond the middle count only where there are none before it.
    let mut own = named.own_account.clone();
    if own.iter().any(in_run) {
        own.retain(in_run);
    }
    own.sort_by_cached_key(|transfer| search.transfer_order(*transfer));
    let sum: Amount = own.iter().map(|transfer| search.transfer(*transfer).amount).sum();
    let parts = own.len();
    for transfer in &named.same_amount {
        search.claim(payment, *transfer, Link::Reference);
        search.found(payment).flag(Flag::AccountDiffers);
    }
    for transfer in &own {
        let link = match (parts, by_own_id(search, payment, *transfer)) {
            (1, true) => Link::EndToEndId,
            (1, false) => Link::Reference,
            _ => Link::Split,
        };
        search.claim(payment, *transfer, link);
    }
    let found = search.found(payment);
    if parts >= 2 && sum <= owed {
        found.notes.push(Note::Parts(parts, sum));
    }
    if parts >= 2 && sum < owed {
        found.flag(Flag::PartlyPaid);
    } else if parts == 1 && sum != owed {
        found.flag(Flag::AmountDiffers);
    }
    if parts == 0 && named.same_amount.is_empty() {
        for transfer in &named.neither {
            search.claim(payment, *transfer, Link::Reference);
            let found = search.found(payment);
            found.flag(Flag::AccountDiffers);
            found.flag(Flag::AmountDiffers);
        }
    }
}
