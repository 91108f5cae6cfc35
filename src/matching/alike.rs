//! Bookings of one amount that nothing tells apart: thousands of them are compared once.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::bank::EntryView;
use crate::matching::originals::Originals;
use crate::model::iban::Iban;

/// Everything that tellings are compared by ([`crate::matching::same`]).
type Signature<'a> = (Told, Vec<Told>, Option<&'a str>, Vec<[Option<&'a str>; 4]>);

/// Who tells a booking: day, file, statement, account.
type Told = (Option<NaiveDate>, u32, usize, Option<usize>);

fn told(entry: &EntryView<'_>) -> Told {
    let day = entry.entry.booking_date.or(entry.entry.value_date);
    (day, entry.entry.place.file.0, entry.statement, entry.account)
}

/// Bookings by kinds, which are numbered as they come.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    /// The kind of each booking.
    of: BTreeMap<usize, usize>,
    /// A booking of each kind.
    first: Vec<usize>,
}

impl Kinds {
    /// Tells bookings apart; `again` gives those that repeat one.
    pub(super) fn new<'r>(
        view: &BankView<'_>,
        numbers: impl Iterator<Item = usize>,
        again: impl Fn(usize) -> &'r [usize],
    ) -> Self {
        let mut made = Self::default();
        let mut known: BTreeMap<Signature<'_>, usize> = BTreeMap::new();
        for number in numbers {
            let Some(entry) = view.entries.get(number) else { continue };
            let again = again(number).iter().filter_map(|number| view.entries.get(*number));
            let details = entry.entry.details.iter().map(|detail| {
                [
                    detail.end_to_end_id.as_deref(),
                    detail.counterparty_iban.as_ref().map(Iban::reveal),
                    detail.opposite_iban.as_ref().map(Iban::reveal),
                    detail.counterparty.as_deref(),
                ]
            });
            let signature = (
                told(entry),
                again.map(told).collect(),
                entry.entry.bank_reference.as_deref(),
                details.collect(),
            );
            let next = made.first.len();
            let kind = *known.entry(signature).or_insert(next);
            if kind == next {
                made.first.push(number);
            }
            made.of.insert(number, kind);
        }
        made
    }

    fn of(&self, number: usize) -> usize {
        self.of.get(&number).copied().unwrap_or(usize::MAX)
    }
}

/// Bookings that are still looked for, by kinds.
#[derive(Debug)]
pub(super) struct Open<'k> {
    kinds: &'k Kinds,
    like: Originals,
    /// The slots of each kind, ascending, and how many of them are gone for good.
    slots: BTreeMap<usize, (Vec<usize>, usize)>,
    /// For kinds that were asked for: the kinds that may be the same, and how many bookings were asked.
    known: BTreeMap<usize, (Vec<usize>, usize)>,
}

impl<'k> Open<'k> {
    /// Takes slots, ascending, with their bookings.
    pub(super) fn new(
        view: &BankView<'_>,
        kinds: &'k Kinds,
        all: impl Iterator<Item = (usize, usize)>,
    ) -> Self {
        let mut slots: BTreeMap<usize, (Vec<usize>, usize)> = BTreeMap::new();
        for (slot, number) in all {
            slots.entry(kinds.of(number)).or_default().0.push(slot);
        }
        let mut like = Originals::default();
        for kind in slots.keys() {
            let entry = kinds.first.get(*kind).and_then(|first| view.entries.get(*first));
            if let Some(entry) = entry {
                like.add(*kind, entry);
            }
        }
        Self { kinds, like, slots, known: BTreeMap::new() }
    }

    /// Looks up which kinds may be the same booking as this one: what a test of two bookings says. Gives
    /// the number of bookings that had to be asked.
    pub(super) fn ask(
        &mut self,
        view: &BankView<'_>,
        number: usize,
        same: impl Fn(usize, usize) -> bool,
    ) -> usize {
        let kind = self.kinds.of(number);
        if let Some((_, asked)) = self.known.get(&kind) {
            return *asked;
        }
        let like = view.entries.get(number).map(|entry| self.like.like(entry)).unwrap_or_default();
        let size = |kind: &usize| self.slots.get(kind).map_or(0, |(slots, _)| slots.len());
        let asked = like.iter().map(size).sum();
        let is_same =
            |kind: &usize| self.kinds.first.get(*kind).is_some_and(|first| same(*first, number));
        let fitting = like.into_iter().filter(is_same).collect();
        self.known.insert(kind, (fitting, asked));
        asked
    }

    /// The first slot that may be the same booking as one that was asked for and is not taken.
    pub(super) fn first(&mut self, number: usize, taken: &[bool]) -> Option<usize> {
        let fitting = self.known.get(&self.kinds.of(number)).map(|(fitting, _)| fitting);
        let mut first: Option<usize> = None;
        for kind in fitting.into_iter().flatten() {
            let Some((slots, gone)) = self.slots.get_mut(kind) else { continue };
            let is_taken = |slot: &usize| taken.get(*slot) != Some(&false);
            let more = slots.iter().skip(*gone).take_while(|slot| is_taken(slot)).count();
            *gone = gone.saturating_add(more);
            first = first.into_iter().chain(slots.get(*gone).copied()).min();
        }
        first
    }

    /// All slots that may be the same booking as one that was asked for, ascending.
    pub(super) fn all(&self, number: usize) -> Vec<usize> {
        let fitting = self.known.get(&self.kinds.of(number)).map(|(fitting, _)| fitting);
        let of = fitting.into_iter().flatten().filter_map(|kind| self.slots.get(kind));
        let mut all: Vec<usize> = of.flat_map(|(slots, _)| slots.iter().copied()).collect();
        all.sort_unstable();
        all
    }
}

/// Bookings that say the same of themselves, by kinds: of each the slots that are not taken, the last one
/// first.
#[derive(Debug, Default)]
pub(super) struct Same(BTreeMap<usize, Vec<usize>>);

impl Same {
    /// Adds a slot; slots come in falling order.
    pub(super) fn push(&mut self, kinds: &Kinds, number: usize, slot: usize) {
        self.0.entry(kinds.of(number)).or_default().push(slot);
    }

    /// Takes the first slot of a kind that a test of two bookings allows.
    pub(super) fn take(&mut self, kinds: &Kinds, allowed: impl Fn(usize) -> bool) -> Option<usize> {
        let first = |(kind, slots): (&usize, &Vec<usize>)| {
            let slot = *slots.last()?;
            Some((slot, *kind)).filter(|_| kinds.first.get(*kind).is_some_and(|own| allowed(*own)))
        };
        let (_, kind) = self.0.iter().filter_map(first).min()?;
        self.0.get_mut(&kind)?.pop()
    }
}
