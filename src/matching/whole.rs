//! Returns of a whole collective or merged debit: all payments that share it came back.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::matching::findings::Link;
use crate::matching::meant::Meant;
use crate::matching::meant::Share;
use crate::matching::search::Search;
use crate::model::statement::StatementEntry;
use crate::model::text::is_placeholder;
use crate::model::text::reference_text;

/// Debits that several payments share, with these.
pub(super) type Shared = BTreeMap<usize, Vec<usize>>;

/// All of them.
pub(super) fn shared_debits(search: &Search<'_>) -> Shared {
    let mut shared = Shared::new();
    for (payment, found) in search.found.iter().enumerate() {
        for claim in &found.claims {
            if matches!(claim.link, Link::Batch | Link::Merged) {
                shared.entry(claim.entry).or_default().push(payment);
            }
        }
    }
    shared
}

/// The payments whose debit came back as a whole: the last one of this amount before the return. If
/// debits of different payments fit, nobody can say whose it was.
pub(super) fn of_return(search: &Search<'_>, shared: &Shared, entry: usize) -> Option<Meant> {
    let view = search.entry(entry);
    let day = view.booked_on?;
    let mut fitting: Vec<usize> = shared
        .keys()
        .copied()
        .filter(|debit| {
            let debit = search.entry(*debit);
            let told = [debit.entry.booking_date, debit.entry.value_date];
            let first = told.into_iter().flatten().min();
            debit.entry.amount == view.entry.amount && first.is_some_and(|first| first <= day)
        })
        .collect();
    let ids = ids_of(view.entry);
    let named: Vec<usize> = fitting
        .iter()
        .copied()
        .filter(|debit| !ids.is_disjoint(&ids_of(search.entry(*debit).entry)))
        .collect();
    if !named.is_empty() {
        fitting = named;
    }
    let debit = fitting.iter().copied().max_by_key(|debit| {
        let debit = search.entry(*debit);
        (debit.booked_on, debit.entry.place)
    })?;
    let payments = shared.get(&debit)?;
    let alike = fitting.iter().all(|debit| shared.get(debit) == Some(payments));
    if alike {
        let (payments, link) = (payments.clone(), Link::Batch);
        return Some(Meant { payments, link, share: Share::Each, debit: Some(debit) });
    }
    let all: BTreeSet<usize> =
        fitting.iter().filter_map(|debit| shared.get(debit)).flatten().copied().collect();
    let payments = all.into_iter().collect();
    Some(Meant { payments, link: Link::Batch, share: Share::Unclear, debit: None })
}

/// The orders that a booking names.
fn ids_of(entry: &StatementEntry) -> BTreeSet<String> {
    let batch = entry.batch.as_ref();
    let whole = [
        batch.and_then(|batch| batch.payment_info_id.as_deref()),
        batch.and_then(|batch| batch.message_id.as_deref()),
    ];
    let own = entry.details.iter().flat_map(|detail| {
        [
            detail.payment_info_id.as_deref(),
            detail.message_id.as_deref(),
            detail.instruction_id.as_deref(),
            detail.end_to_end_id.as_deref(),
        ]
    });
    let ids = whole.into_iter().chain(own).flatten().filter(|id| !is_placeholder(id));
    ids.map(|id| reference_text(id).into_owned()).collect()
}
