//! Bank entries that payments cite without being theirs beyond doubt.
//!
//! Of a few each payment has its own; a large group is kept once for all its payments, or ten thousand
//! payments would cite ten thousand entries each.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::few::Few;
use crate::model::place::Place;

/// A group of more entries than this is kept once, and reports show its first entries only.
pub const LARGEST_SHOWN: usize = 32;
/// So many of a large group are shown.
pub const SHOWN: usize = 3;

/// Entries that payments of a group have in common.
#[derive(Debug, PartialEq, Eq)]
pub struct EntryGroup {
    /// Numbers of entries, each once, ascending.
    entries: Box<[usize]>,
    /// Where they stand.
    places: Box<[Place]>,
    /// The first days on which they are told, with the number of entries.
    days: Vec<(NaiveDate, usize)>,
    /// The first day on which one of them counts as booked.
    booked_from: Option<NaiveDate>,
}

impl EntryGroup {
    /// Where they stand.
    pub fn places(&self) -> &[Place] {
        &self.places
    }
}

/// Entries that a payment cites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    own: Few<usize>,
    groups: Few<Arc<EntryGroup>>,
}

/// Entries for many payments to cite.
#[derive(Clone, Debug)]
pub enum Several {
    /// So few that each payment has its own list.
    Few(Vec<usize>),
    /// One list for all.
    Many(Arc<EntryGroup>),
}

impl Several {
    /// Takes numbers of entries.
    pub fn new(mut entries: Vec<usize>, bank: &BankView<'_>) -> Self {
        entries.sort_unstable();
        entries.dedup();
        if entries.len() <= LARGEST_SHOWN {
            return Self::Few(entries);
        }
        let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for day in entries.iter().filter_map(|entry| first_day(bank, *entry)) {
            let count = days.entry(day).or_default();
            *count = count.saturating_add(1);
        }
        let booked =
            entries.iter().filter_map(|entry| bank.entries.get(*entry).and_then(|e| e.booked_on));
        let booked_from = booked.min();
        let days = days.into_iter().collect();
        let places = entries.iter().filter_map(|entry| Some(bank.entries.get(*entry)?.entry.place));
        let places = places.collect();
        Self::Many(Arc::new(EntryGroup { entries: entries.into(), places, days, booked_from }))
    }
}

impl Entries {
    /// Cites an entry.
    pub fn push(&mut self, entry: usize) {
        self.own.push(entry);
    }

    /// Cites an entry unless it is cited by itself already. Whatever is cited twice is shown once.
    pub fn add(&mut self, entry: usize) {
        let own = &self.own;
        let known = if own.len() < LARGEST_SHOWN {
            own.contains(&entry)
        } else {
            own.last() == Some(&entry)
        };
        if !known {
            self.own.push(entry);
        }
    }

    /// Cites several.
    pub fn add_all(&mut self, several: &Several) {
        match several {
            Several::Few(entries) => entries.iter().for_each(|entry| self.add(*entry)),
            Several::Many(group) => {
                if !self.groups.contains(group) {
                    self.groups.push(Arc::clone(group));
                }
            }
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.groups.is_empty()
    }

    /// Whether an entry is among them.
    pub fn holds(&self, entry: usize) -> bool {
        let in_group = |group: &Arc<EntryGroup>| group.entries.binary_search(&entry).is_ok();
        self.own.contains(&entry) || self.groups.iter().any(in_group)
    }

    /// Those that reports show: of a large group the first ones.
    pub fn shown(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        let of_groups = self.groups.iter().flat_map(|group| group.entries.iter().take(SHOWN));
        self.own.iter().chain(of_groups).copied()
    }

    /// The large groups.
    pub fn groups(&self) -> &[Arc<EntryGroup>] {
        &self.groups
    }

    /// The sizes of the large groups.
    pub fn group_sizes(&self) -> impl Iterator<Item = usize> + '_ {
        self.groups.iter().map(|group| group.entries.len())
    }

    /// The first days on which they are told, with how many are told then.
    pub fn days<'e>(
        &'e self,
        bank: &'e BankView<'_>,
    ) -> impl Iterator<Item = (NaiveDate, usize)> + 'e {
        let mut own: Vec<usize> = self.own.iter().copied().collect();
        own.sort_unstable();
        own.dedup();
        let own = own.into_iter().filter_map(|entry| Some((first_day(bank, entry)?, 1)));
        own.chain(self.groups.iter().flat_map(|group| group.days.iter().copied()))
    }

    /// The first day on which one of them counts as booked.
    pub fn booked_from(&self, bank: &BankView<'_>) -> Option<NaiveDate> {
        let own = self.own.iter().filter_map(|entry| bank.entries.get(*entry)?.booked_on);
        own.chain(self.groups.iter().filter_map(|group| group.booked_from)).min()
    }
}

impl Extend<usize> for Entries {
    fn extend<I: IntoIterator<Item = usize>>(&mut self, entries: I) {
        self.own.extend(entries);
    }
}

/// The first day on which an entry is told.
pub fn first_day(bank: &BankView<'_>, entry: usize) -> Option<NaiveDate> {
    let entry = bank.entries.get(entry)?.entry;
    [entry.booking_date, entry.value_date].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_group_is_kept_once() {
        let bank = BankView::default();
        let mut one = Entries::default();
        let mut other = Entries::default();
        let few = Several::new(vec![7, 5, 7], &bank);
        one.add_all(&few);
        assert_eq!(one.shown().collect::<Vec<_>>(), [5, 7]);
        assert_eq!(one.group_sizes().next(), None);
        let many = Several::new((0..=LARGEST_SHOWN).rev().collect(), &bank);
        for entries in [&mut one, &mut other] {
            entries.add_all(&many);
            entries.add_all(&many);
        }
        assert_eq!(one.shown().collect::<Vec<_>>(), [5, 7, 0, 1, 2]);
        assert!(one.holds(7) && one.holds(LARGEST_SHOWN) && !other.holds(LARGEST_SHOWN + 1));
        assert_eq!(other.group_sizes().collect::<Vec<_>>(), [LARGEST_SHOWN + 1]);
        assert!(!other.is_empty() && Entries::default().is_empty());
    }
}
