//! Which bookings of one direction, amount and day repeat each other.

use std::collections::BTreeMap;

use crate::matching::alike::Kinds;
use crate::matching::alike::Open;
use crate::matching::alike::Same;
use crate::matching::bank::BankView;
use crate::matching::bank::EntryView;
use crate::matching::same::Files;
use crate::matching::same::Identity;
use crate::matching::same::identity;
use crate::matching::same::may_repeat;
use crate::matching::same::tells_the_same;
use crate::model::text::reference_key;

/// Pairs of (repeat, original) inside a group of equal direction, amount and day.
pub(super) fn repeats_in(
    view: &BankView<'_>,
    group: impl Iterator<Item = usize>,
    files: &Files<'_>,
) -> Vec<(usize, usize)> {
    let mut by_source: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for number in group {
        let Some(entry) = view.entries.get(number) else { continue };
        by_source.entry(files.tellings.source(entry)).or_default().push(number);
    }
    if by_source.len() < 2 {
        return Vec::new();
    }
    let kinds = Kinds::new(view, by_source.values().flatten().copied(), |_| &[]);
    let mut originals: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for members in by_source.into_values() {
        let mut taken = vec![false; originals.len()];
        let mut unmatched = Vec::new();
        // Those that say the same in every word first: of two equal transfers each keeps its text.
        let mut left = members;
        for with_text in [true, false] {
            let key = |number: usize| -> Option<(Identity, Option<String>)> {
                let entry = view.entries.get(number)?;
                let text = with_text.then(|| text_key(entry));
                Some((identity(entry), text))
            };
            let mut by_identity: BTreeMap<_, Same> = BTreeMap::new();
            for (slot, original) in originals.iter().enumerate().rev() {
                if taken.get(slot) == Some(&false) {
                    by_identity.entry(key(*original)).or_default().push(&kinds, *original, slot);
                }
            }
            for number in std::mem::take(&mut left) {
                let slots = by_identity.get_mut(&key(number));
                let slot = slots.and_then(|slots| {
                    slots.take(&kinds, |original| may_repeat(view, original, number, files))
                });
                match slot {
                    Some(slot) => take(&mut taken, slot, &originals, number, &mut pairs),
                    None => left.push(number),
                }
            }
        }
        unmatched.extend(left);
        let mut fresh = Vec::new();
        let untaken = originals.iter().copied().enumerate();
        let untaken = untaken.filter(|(slot, _)| taken.get(*slot) == Some(&false));
        let untaken = untaken.filter(|_| !unmatched.is_empty());
        let mut open = Open::new(view, &kinds, untaken);
        for number in unmatched {
            let same = |original, number| tells_the_same(view, original, number, files);
            let asked = open.ask(view, number, same);
            let slot = if asked > MANY {
                open.first(number, &taken)
            } else {
                same_text_first(view, &originals, number, open.all(number))
                    .into_iter()
                    .find(|slot| taken.get(*slot) == Some(&false))
            };
            match slot {
                Some(slot) => take(&mut taken, slot, &originals, number, &mut pairs),
                None => fresh.push(number),
            }
        }
        originals.extend(fresh);
    }
    pairs
}

/// The text of a booking, as far as blanks and marks count for nothing.
fn text_key(entry: &EntryView<'_>) -> String {
    let details = entry.entry.details.iter();
    details.filter_map(|detail| detail.remittance.as_deref()).map(reference_key).collect()
}

/// Of so many bookings the first that fits is taken, whatever its text.
const MANY: usize = 200;

/// Puts those first that have the text of a booking.
fn same_text_first(
    view: &BankView<'_>,
    originals: &[usize],
    number: usize,
    mut like: Vec<usize>,
) -> Vec<usize> {
    let own = view.entries.get(number).filter(|_| like.len() > 1).map(text_key);
    if let Some(own) = own {
        like.sort_by_cached_key(|slot| {
            let other = originals.get(*slot).and_then(|other| view.entries.get(*other));
            other.map(text_key).as_ref() != Some(&own)
        });
    }
    like
}

fn take(
    taken: &mut [bool],
    slot: usize,
    originals: &[usize],
    number: usize,
    pairs: &mut Vec<(usize, usize)>,
) {
    if let Some(flag) = taken.get_mut(slot) {
        *flag = true;
    }
    if let Some(original) = originals.get(slot) {
        pairs.push((number, *original));
    }
}
