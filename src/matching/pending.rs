//! Announced bookings: pending entries of payments, and those that were booked since.

use std::collections::BTreeSet;

use foldhash::HashMap;
use foldhash::HashMapExt;

use crate::matching::classes::Class;
use crate::matching::findings::EntryUse;
use crate::matching::owed::Part;
use crate::matching::references::ReferenceIndex;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::statement::StatementEntry;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// Links announced debits to payments that have no booking yet; announcements of what was booked
/// since are superseded.
pub fn link(search: &mut Search<'_>, index: &ReferenceIndex) {
    let announced: Vec<usize> = (0..search.bank().entries.len())
        .filter(|number| search.entry(*number).class == Class::Pending)
        .collect();
    if announced.is_empty() {
        return;
    }
    let amounts = Amounts::new(search);
    let mut booked: BTreeSet<usize> = BTreeSet::new();
    for number in announced {
        let view = search.entry(number);
        if let Some(entry) = same_booking(search, &amounts, view.entry, &booked) {
            booked.insert(entry);
            search.use_entry(number, EntryUse::Superseded);
            continue;
        }
        let meant = payments_of(search, &amounts, index, view.entry);
        let open: Vec<usize> =
            meant.iter().copied().filter(|payment| !search.is_satisfied(*payment)).collect();
        if open.is_empty() && !meant.is_empty() {
            search.use_entry(number, EntryUse::Superseded);
            continue;
        }
        for payment in open {
            search.found(payment).pending.push(number);
        }
    }
}

/// Booked debits and payments by their amounts; to walk over all of them for every announcement took
/// two thirds of a large run.
struct Amounts {
    booked: HashMap<Amount, Vec<usize>>,
    owed: HashMap<Amount, Vec<usize>>,
}

impl Amounts {
    fn new(search: &Search<'_>) -> Self {
        let mut amounts = Self { booked: HashMap::new(), owed: HashMap::new() };
        for (number, view) in search.bank().entries.iter().enumerate() {
            if matches!(view.class, Class::Transfer | Class::Collective) {
                amounts.booked.entry(view.entry.amount).or_default().push(number);
            }
        }
        for payment in 0..search.payment_count() {
            amounts.owed.entry(search.owed(payment).amount).or_default().push(payment);
        }
        amounts
    }
}

/// The booked debit that an announcement has become: same amount, not earlier, and the same id,
/// account or name.
fn same_booking(
    search: &Search<'_>,
    amounts: &Amounts,
    pending: &StatementEntry,
    taken: &BTreeSet<usize>,
) -> Option<usize> {
    let key = |entry: &StatementEntry| {
        let detail = entry.details.first();
        let id = detail.and_then(|detail| detail.end_to_end_id.as_deref());
        id.filter(|id| !is_placeholder(id)).map(reference_key)
    };
    let own_key = key(pending);
    let own = pending.details.first();
    amounts
        .booked
        .get(&pending.amount)
        .into_iter()
        .flatten()
        .copied()
        .find(|entry| {
            let view = search.entry(*entry);
            let other = view.entry.details.first();
            let booked = view.duplicate_of.is_none() && view.booked_on >= pending.booked_on();
            let same = if let (Some(own), Some(other)) = (&own_key, key(view.entry)) {
                *own == other
            } else {
                let iban = own.and_then(|detail| detail.counterparty_iban.as_ref());
                let other_iban = other.and_then(|detail| detail.counterparty_iban.as_ref());
                iban.zip(other_iban).is_some_and(|(own, other)| own.same_account(other))
            };
            booked && same
        })
        .filter(|entry| !taken.contains(entry))
}

/// The payments an announcement may mean: by id or reference, else by account and amount.
fn payments_of(
    search: &Search<'_>,
    amounts: &Amounts,
    index: &ReferenceIndex,
    pending: &StatementEntry,
) -> Vec<usize> {
    let detail = pending.details.first();
    let iban = detail.and_then(|detail| detail.counterparty_iban.as_ref());
    let day = pending.booked_on();
    let fits = |payment: &usize| {
        let owed = search.owed(*payment);
        owed.part == Part::Full
            && owed.amount == pending.amount
            && owed.account_allows(iban)
            && day.is_none_or(|day| owed.run_holds(day))
    };
    let naming = index.named_by(detail, search.all_owed());
    let named: Vec<usize> = naming.candidates.iter().copied().filter(fits).collect();
    if !named.is_empty() || !naming.is_empty() {
        return named;
    }
    if iban.is_none() {
        return Vec::new();
    }
    let same_amount = amounts.owed.get(&pending.amount).into_iter().flatten().copied();
    same_amount.filter(|payment| search.owed(*payment).account_agrees(iban)).filter(fits).collect()
}
