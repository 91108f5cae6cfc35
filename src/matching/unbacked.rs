//! Bookings that a report or export tells and the statement of that day does not: they prove nothing,
//! but whose they would be has to know.

use crate::matching::findings::EntryUse;
use crate::matching::findings::Flag;
use crate::matching::findings::Note;
use crate::matching::lookup::Lookup;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::matching::tiers::may_be_without_reference;
use crate::model::statement::Direction;

/// Lets open payments cite what would be theirs; a person has to look.
pub fn cite(search: &mut Search<'_>) {
    let transfers: Vec<usize> = (0..search.bank().transfers.len())
        .filter(|transfer| {
            let view = search.transfer(*transfer);
            search.entry(view.entry).unbacked && view.direction == Direction::Debit
        })
        .collect();
    if transfers.is_empty() {
        return;
    }
    let takes_part = |search: &Search<'_>, payment: usize| search.owed(payment).part != Part::None;
    let by_id = Lookup::shared(search.payment_count(), search.threads, |payment| {
        let owed = search.owed(payment);
        owed.end_to_end_key.as_deref().filter(|_| takes_part(search, payment))
    });
    let by_account = Lookup::shared(search.payment_count(), search.threads, |payment| {
        let owed = search.owed(payment);
        Some((owed.iban()?.key(), owed.amount)).filter(|_| takes_part(search, payment))
    });
    for transfer in transfers {
        let view = search.transfer(transfer);
        let own_id = |payment: &usize| {
            let owed = search.owed(*payment);
            owed.end_to_end_key.is_some()
                && owed.end_to_end_key == view.end_to_end_key
                && owed.window_holds(view.booked_on)
        };
        let id = view.end_to_end_key.as_deref();
        let mut meant: Vec<usize> =
            id.map(|id| by_id.find(id).filter(own_id).collect()).unwrap_or_default();
        let told = search.told(transfer).candidates.iter().copied();
        meant.extend(told.filter(|payment| search.owed(*payment).run_holds(view.booked_on)));
        if let Some(iban) = view.iban() {
            let fits = |payment: &usize| {
                let owed = search.owed(*payment);
                owed.amount == view.amount
                    && owed.account_agrees(Some(iban))
                    && may_be_without_reference(search, *payment, transfer)
            };
            meant.extend(by_account.find(&(iban.key(), view.amount)).filter(fits));
        }
        meant.sort_unstable();
        meant.dedup();
        if !meant.is_empty() {
            search.use_entry(view.entry, EntryUse::Matched);
        }
        for payment in meant {
            let is_open = contradicts(search, payment, transfer) || !search.is_satisfied(payment);
            let found = search.found(payment);
            found.cited.push(view.entry);
            if is_open {
                found.flag(Flag::Ambiguous);
                found.notes.push(Note::Unbacked(view.entry));
            }
        }
    }
}

/// Whether a booking that names the payment, by its id or in its text, shows another account: two
/// tellings of one transfer then contradict each other, also where the statement's would do.
fn contradicts(search: &Search<'_>, payment: usize, transfer: usize) -> bool {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    let own_id = owed.end_to_end_key.is_some() && owed.end_to_end_key == view.end_to_end_key;
    (own_id || search.told(transfer).names(payment))
        && owed.amount == view.amount
        && !owed.account_allows(view.iban())
}
