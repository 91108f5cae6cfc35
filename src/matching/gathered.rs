//! A collective booking in one file, its transfers as bookings of their own in another.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::matching::bank::BankView;
use crate::matching::bank::Made;
use crate::matching::classes::Class;
use crate::matching::tellings::Source;
use crate::matching::tellings::Tellings;
use crate::model::amount::Amount;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::is_placeholder;
use crate::model::text::reference_text;

/// What single bookings have in common, if they are the parts of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    /// They name one batch or message, or bear one reference of the bank.
    Id(String),
    /// One notification or report tells them.
    Statement(usize),
    /// All that the source tells of that day.
    Day,
}

/// Collective debits and the single bookings that are their parts: same account and day, another
/// source, and sum and count fit.
pub(super) fn parts(
    view: &BankView<'_>,
    tellings: &Tellings<'_>,
    repeats: &BTreeMap<usize, Vec<usize>>,
) -> Vec<(usize, Vec<usize>)> {
    let wholes: Vec<usize> =
        (0..view.entries.len()).filter(|number| is_whole(view, *number)).collect();
    if wholes.is_empty() || !tellings.are_several(view) {
        return Vec::new();
    }
    let days: BTreeSet<_> =
        wholes.iter().filter_map(|number| view.entries.get(*number)?.entry.booking_date).collect();
    let mut sets: BTreeMap<(Option<usize>, _, Source, Tie), Vec<usize>> = BTreeMap::new();
    for (number, single) in view.entries.iter().enumerate() {
        let day = single.entry.booking_date.filter(|day| days.contains(day));
        let is_single = single.class == Class::Transfer
            && single.duplicate_of.is_none()
            && single.entry.direction == Direction::Debit
            && single.entry.details.len() == 1;
        let Some(day) = day.filter(|_| is_single) else { continue };
        let source = tellings.source(single);
        let mut ties: BTreeSet<Tie> = ids_of(single.entry).into_iter().map(Tie::Id).collect();
        if source.is_report() {
            ties.insert(Tie::Statement(single.statement));
        }
        ties.insert(Tie::Day);
        for tie in ties {
            sets.entry((single.account, day, source, tie)).or_default().push(number);
        }
    }
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    for number in wholes {
        let Some(whole) = view.entries.get(number) else { continue };
        let (Some(day), ids) = (whole.entry.booking_date, ids_of(whole.entry)) else { continue };
        let own = tellings.source(whole);
        let count = whole.entry.batch.as_ref().and_then(|batch| batch.count);
        let mut fitting: BTreeSet<Vec<usize>> = BTreeSet::new();
        // What the debit's own file tells one by one is no part of it.
        let is_own = |member: &usize| {
            let again = repeats.get(member).into_iter().flatten();
            again.filter_map(|again| view.entries.get(*again)).any(|e| tellings.source(e) == own)
        };
        for ((account, set_day, source, tie), members) in &sets {
            let members: Vec<usize> =
                members.iter().filter(|member| !is_own(member)).copied().collect();
            let other = match tie {
                Tie::Id(id) => ids.contains(id),
                Tie::Statement(_) => true,
                // What both tell in full is the same money.
                Tie::Day => members.first().and_then(|first| view.entries.get(*first)).is_some_and(
                    |first| {
                        source.is_report()
                            || (tellings.is_complete(whole, day)
                                && tellings.is_complete(first, day))
                    },
                ),
            };
            let same = *account == whole.account || account.is_none() || whole.account.is_none();
            let sum: Amount = members
                .iter()
                .filter_map(|member| view.entries.get(*member))
                .map(|member| member.entry.amount)
                .sum();
            let fits = other
                && same
                && *set_day == day
                && *source != own
                && members.len() > 1
                && sum == whole.entry.amount
                && count.is_none_or(|count| u64::try_from(members.len()) == Ok(count));
            if fits {
                fitting.insert(members);
            }
        }
        // The same parts in several files: the others repeat those of the first.
        if let Some(members) = fitting.first() {
            found.push((number, members.clone()));
        }
    }
    // Parts that fit two debits are nobody's to give.
    let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
    for member in found.iter().flat_map(|(_, members)| members) {
        let times = seen.entry(*member).or_default();
        *times = times.saturating_add(1);
    }
    found.retain(|(_, members)| members.iter().all(|member| seen.get(member) == Some(&1)));
    found
}

/// A debit whose transfers its own file does not tell.
fn is_whole(view: &BankView<'_>, number: usize) -> bool {
    let Some(entry) = view.entries.get(number) else { return false };
    let is_debit = matches!(entry.class, Class::Transfer | Class::Collective)
        && entry.entry.direction == Direction::Debit
        && entry.duplicate_of.is_none();
    is_debit && matches!(view.resolved(number, &entry.entry.details), Made::Opaque)
}

/// The batch, message and bank's references of a booking.
fn ids_of(entry: &StatementEntry) -> BTreeSet<String> {
    let batch = entry.batch.as_ref();
    let detail = entry.details.first();
    let ids = [
        batch.and_then(|batch| batch.payment_info_id.as_deref()),
        batch.and_then(|batch| batch.message_id.as_deref()),
        detail.and_then(|detail| detail.payment_info_id.as_deref()),
        detail.and_then(|detail| detail.message_id.as_deref()),
        entry.bank_reference.as_deref(),
    ];
    let ids = ids.into_iter().flatten().filter(|id| !is_placeholder(id));
    ids.map(|id| reference_text(id).into_owned()).collect()
}

/// The collective debit with its parts as details.
pub(super) fn gathered(whole: &StatementEntry, parts: &[&StatementEntry]) -> StatementEntry {
    let mut made = whole.clone();
    made.details = parts
        .iter()
        .flat_map(|part| {
            part.details.iter().map(|detail| EntryDetail {
                place: part.place,
                amount: Some(part.amount),
                direction: Some(part.direction),
                ..detail.clone()
            })
        })
        .collect();
    let doubt = parts.iter().filter_map(|part| part.doubt).chain(made.doubt).min();
    if made.doubt != doubt {
        made.doubt = doubt;
    }
    made
}
