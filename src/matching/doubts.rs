//! Debits that were read and prove nothing all the same: who would have one needs a person.

use crate::matching::findings::Claim;
use crate::matching::findings::Flag;
use crate::matching::findings::Note;
use crate::matching::search::Search;

/// Takes doubtful bookings back from the payments that the rules gave them to; they are cited, and
/// nobody is credited by them.
pub fn take_back(search: &mut Search<'_>) {
    let doubt = |search: &Search<'_>, claim: &Claim| search.entry(claim.entry).entry.doubt;
    refused_debits(search);
    paid_again_elsewhere(search);
    for payment in 0..search.payment_count() {
        let claims = search.found.get(payment).map_or(&[] as &[_], |found| &found.claims);
        if !claims.iter().any(|claim| doubt(search, claim).is_some()) {
            continue;
        }
        let (doubtful, kept): (Vec<Claim>, Vec<Claim>) =
            claims.iter().partition(|claim| doubt(search, claim).is_some());
        let notes = doubtful
            .iter()
            .filter_map(|claim| Some(Note::Doubtful(claim.entry, doubt(search, claim)?)));
        let notes: Vec<Note> = notes.collect();
        let found = search.found(payment);
        found.claims = kept.into();
        found.cited.extend(doubtful.iter().map(|claim| claim.entry));
        found.flag(Flag::Ambiguous);
        found.notes.extend(notes);
    }
}

/// Payments that came back and were then paid to an account that is not the list's: what proves a repayment
/// is what proves a payment.
fn paid_again_elsewhere(search: &mut Search<'_>) {
    for payment in 0..search.payment_count() {
        let Some(found) = search.found.get(payment).filter(|found| !found.returned.is_empty())
        else {
            continue;
        };
        let owed = search.owed(payment);
        let last = found.claims.iter().map(|claim| claim.booked_on).max();
        let elsewhere = found.claims.iter().any(|claim| {
            let iban = claim.transfer.and_then(|transfer| search.transfer(transfer).iban());
            Some(claim.booked_on) == last && !owed.account_allows(iban)
        });
        if elsewhere {
            search.found(payment).flag(Flag::AccountDiffers);
        }
    }
}

/// Debits whose own id, batch or order was refused or asked back by messages whose order is not at hand:
/// that is evidence against all that they pay.
fn refused_debits(search: &mut Search<'_>) {
    if !search.messages.has_refused_ids() {
        return;
    }
    for payment in 0..search.payment_count() {
        let claims = search.found.get(payment).map_or(&[] as &[_], |found| &found.claims);
        let refused = claims.iter().any(|claim| {
            let entry = search.entry(claim.entry).entry;
            let batch = entry.batch.iter().flat_map(|b| [&b.message_id, &b.payment_info_id]);
            let own = claim.transfer.and_then(|transfer| search.transfer(transfer).detail);
            let details = own.into_iter().flat_map(|detail| {
                let ids = [&detail.message_id, &detail.payment_info_id];
                ids.into_iter().chain([&detail.end_to_end_id, &detail.instruction_id])
            });
            let ids = batch.chain(details).filter_map(|id| id.as_deref());
            search.messages.are_refused(ids, claim.booked_on)
        });
        if refused {
            search.found(payment).flag(Flag::Ambiguous);
        }
    }
}
