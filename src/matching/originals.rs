//! Bookings that another file may tell again, found by what would have to agree: of one amount and
//! day there may be ten thousand, and to compare each with each takes minutes.

use std::borrow::Cow;
use std::hash::BuildHasher;

use foldhash::HashMap;
use foldhash::fast::RandomState;

use crate::matching::bank::EntryView;
use crate::matching::bank::real_end_to_end_key;
use crate::model::iban::Iban;
use crate::model::statement::EntryDetail;
use crate::model::text::is_placeholder;
use crate::model::text::reference_text;

/// Numbers of bookings in rising order.
type Slots = Vec<usize>;

/// Bookings of one direction, amount and day.
#[derive(Clone, Debug, Default)]
pub(super) struct Originals {
    all: Slots,
    /// Those that are not of one detail.
    others: Slots,
    hasher: RandomState,
    /// By digests of what they have: that two have one by chance only makes one more to compare.
    by_key: HashMap<u64, Slots>,
    without_id: Slots,
    without_account: Slots,
    without_both: Slots,
}

impl Originals {
    /// Adds a booking; numbers rise.
    pub(super) fn add(&mut self, slot: usize, entry: &EntryView<'_>) {
        self.all.push(slot);
        if let Some(reference) = reference_of(entry) {
            self.under(&Key::Reference(&reference), slot);
        }
        let [detail] = entry.entry.details.as_slice() else { return self.others.push(slot) };
        let (id, account) = (id_of(detail), account_of(detail));
        match (id.is_some(), account.is_some()) {
            (true, true) => {}
            (true, false) => self.without_account.push(slot),
            (false, true) => self.without_id.push(slot),
            (false, false) => {
                self.without_id.push(slot);
                self.without_account.push(slot);
                self.without_both.push(slot);
            }
        }
        if let Some(id) = id {
            self.under(&Key::Id(&id), slot);
        }
        if let Some(account) = account {
            self.under(&Key::Account(&account), slot);
        }
    }

    fn under(&mut self, key: &Key<'_>, slot: usize) {
        self.by_key.entry(self.hasher.hash_one(key)).or_default().push(slot);
    }

    fn with(&self, key: &Key<'_>) -> &[usize] {
        self.by_key.get(&self.hasher.hash_one(key)).map_or(&[], Vec::as_slice)
    }

    /// All that may be the same booking as this one, in rising order, and others: two ids, or two
    /// accounts, must agree.
    pub(super) fn like(&self, entry: &EntryView<'_>) -> Slots {
        let [detail] = entry.entry.details.as_slice() else { return self.all.clone() };
        let (id, account) = (id_of(detail), account_of(detail));
        let vague = match (id.is_some(), account.is_some()) {
            (true, true) => &self.without_both,
            (true, false) => &self.without_id,
            (false, true) => &self.without_account,
            (false, false) => return self.all.clone(),
        };
        let mut like = [self.others.as_slice(), vague.as_slice()].concat();
        if let Some(reference) = reference_of(entry) {
            like.extend(self.with(&Key::Reference(&reference)));
        }
        if let Some(id) = id {
            like.extend(self.with(&Key::Id(&id)));
        }
        if let Some(account) = account {
            like.extend(self.with(&Key::Account(&account)));
        }
        like.sort_unstable();
        like.dedup();
        like
    }
}

/// What a booking can be found by.
#[derive(Clone, Copy, Debug, Hash)]
enum Key<'a> {
    Reference(&'a str),
    Id(&'a str),
    Account(&'a str),
}

fn reference_of<'a>(entry: &EntryView<'a>) -> Option<Cow<'a, str>> {
    let reference = entry.entry.bank_reference.as_deref();
    reference.filter(|text| !is_placeholder(text)).map(reference_text)
}

fn account_of(detail: &EntryDetail) -> Option<Cow<'_, str>> {
    detail.counterparty_iban.as_ref().map(Iban::key)
}

fn id_of(detail: &EntryDetail) -> Option<Cow<'_, str>> {
    real_end_to_end_key(detail)
}
