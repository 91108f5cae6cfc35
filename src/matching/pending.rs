//! Announced bookings: pending entries of payments, and those that were booked since.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use foldhash::HashSet;

use crate::matching::cited::Several;
use crate::matching::classes::Class;
use crate::matching::findings::EntryUse;
use crate::matching::lookup::Lookup;
use crate::matching::owed::Part;
use crate::matching::references::ReferenceIndex;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::crew;
use crate::model::iban::Iban;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::is_placeholder;
use crate::model::text::reference_text;

/// Links announced debits to payments that have no booking yet; announcements of what was booked
/// since are superseded.
pub fn link(search: &mut Search<'_>, index: &ReferenceIndex) {
    let announced: Vec<usize> = (0..search.bank().entries.len())
        .filter(|number| search.entry(*number).class == Class::Pending)
        .collect();
    if announced.is_empty() {
        return;
    }
    let known = Known::new(search, &announced);
    let mut booked: BTreeSet<usize> = BTreeSet::new();
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for number in announced {
        alike.entry(signature(search, number)).or_default().push(number);
    }
    let mut linked: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for numbers in alike.into_values() {
        let Some(entry) = numbers.first().map(|first| search.entry(*first).entry) else { continue };
        let mut rest = numbers.as_slice();
        // One booking takes one announcement's place.
        let since = same_booking(search, &known, entry).filter(|since| booked.insert(*since));
        if let Some(([first], others)) = since.and_then(|_| rest.split_at_checked(1)) {
            search.use_entry(*first, EntryUse::Superseded);
            rest = others;
        }
        if rest.is_empty() {
            continue;
        }
        let meant = payments_of(search, &known, index, entry);
        let open: Vec<usize> =
            meant.iter().copied().filter(|payment| !search.is_satisfied(*payment)).collect();
        if !open.is_empty() {
            linked.entry(open).or_default().extend(rest);
        } else if !meant.is_empty() {
            for number in rest {
                search.use_entry(*number, EntryUse::Superseded);
            }
        }
    }
    for (payments, entries) in linked {
        let several = Several::new(entries, search.bank());
        for payment in payments {
            search.found(payment).pending.add_all(&several);
        }
    }
}

/// Everything that an announcement is asked for: thousands of equal ones are asked once.
fn signature<'a>(search: &Search<'a>, number: usize) -> impl Ord + use<'a> {
    let entry: &'a StatementEntry = search.entry(number).entry;
    let detail = entry.details.first();
    let text = |text: fn(&'a EntryDetail) -> &'a Option<String>| {
        detail.and_then(|own| text(own).as_deref())
    };
    (
        (entry.amount, entry.booked_on(), account_of(entry).map(Iban::reveal)),
        (
            text(|own| &own.end_to_end_id),
            text(|own| &own.instruction_id),
            text(|own| &own.remittance),
        ),
    )
}

/// Booked debits and payments by amount with id or account, of the amounts that are announced; to
/// walk over all of them for every announcement took two thirds of a large run.
struct Known {
    by_id: Lookup,
    by_account: Lookup,
    owed: Lookup,
}

impl Known {
    fn new(search: &Search<'_>, announced: &[usize]) -> Self {
        let amounts: HashSet<Amount> =
            announced.iter().map(|number| search.entry(*number).entry.amount).collect();
        let booked = || {
            let all = search.bank().entries.iter().enumerate();
            all.filter(|(_, view)| {
                matches!(view.class, Class::Transfer | Class::Collective)
                    && amounts.contains(&view.entry.amount)
            })
        };
        let owed = || {
            let all = search.all_owed().iter().enumerate();
            all.filter(|(_, owed)| amounts.contains(&owed.amount))
        };
        let (by_id, (by_account, owed)) = crew::both(
            search.threads,
            || {
                Lookup::new(booked().filter_map(|(number, view)| {
                    Some(((view.entry.amount, id_of(view.entry)?), number))
                }))
            },
            || {
                let by_account = booked().filter_map(|(number, view)| {
                    Some(((view.entry.amount, account_of(view.entry)?.key()), number))
                });
                let owed = owed()
                    .filter_map(|(number, owed)| Some(((owed.amount, owed.iban()?.key()), number)));
                (Lookup::new(by_account), Lookup::new(owed))
            },
        );
        Self { by_id, by_account, owed }
    }
}

fn id_of(entry: &StatementEntry) -> Option<Cow<'_, str>> {
    let id = entry.details.first()?.end_to_end_id.as_deref()?;
    (!is_placeholder(id)).then(|| reference_text(id))
}

fn account_of(entry: &StatementEntry) -> Option<&Iban> {
    entry.details.first()?.counterparty_iban.as_ref()
}

/// The booked debit that an announcement has become: same amount, not earlier, and the same id,
/// or the same account where one of them has no id.
fn same_booking(search: &Search<'_>, known: &Known, pending: &StatementEntry) -> Option<usize> {
    let own_id = id_of(pending);
    let amount = pending.amount;
    let by_id = own_id.as_ref().map(|id| known.by_id.find(&(amount, id)));
    let account = account_of(pending).map(Iban::key);
    let by_account = account.map(|account| known.by_account.find(&(amount, account)));
    by_id
        .into_iter()
        .flatten()
        .chain(by_account.into_iter().flatten())
        .filter(|entry| {
            let view = search.entry(*entry);
            let same = match (&own_id, id_of(view.entry)) {
                (Some(own), Some(other)) => *own == other,
                _ => account_of(pending)
                    .zip(account_of(view.entry))
                    .is_some_and(|(own, other)| own.same_account(other)),
            };
            same && view.entry.amount == amount
                && view.duplicate_of.is_none()
                && view.booked_on >= pending.booked_on()
        })
        .min()
}

/// The payments an announcement may mean: by id or reference, else by account and amount.
fn payments_of(
    search: &Search<'_>,
    known: &Known,
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
    let key = iban.map(|iban| (pending.amount, iban.key()));
    let same = key.map(|key| known.owed.find(&key)).into_iter().flatten();
    same.filter(|payment| search.owed(*payment).account_agrees(iban)).filter(fits).collect()
}
