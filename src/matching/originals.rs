//! Bookings that another file may tell again, found by what would have to agree: of one amount and
//! day there may be ten thousand, and to compare each with each takes minutes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::matching::bank::EntryView;
use crate::matching::bank::real_end_to_end_key;
use crate::model::iban::Iban;
use crate::model::statement::EntryDetail;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// Numbers of bookings in rising order.
type Slots = Vec<usize>;

/// Bookings of one direction, amount and day.
#[derive(Clone, Debug, Default)]
pub(super) struct Originals {
    all: Slots,
    /// Those that are not of one detail.
    others: Slots,
    by_reference: BTreeMap<String, Slots>,
    by_id: BTreeMap<String, Slots>,
    by_account: BTreeMap<String, Slots>,
    without_id: Slots,
    without_account: Slots,
    without_both: Slots,
}

impl Originals {
    /// Adds a booking; numbers rise.
    pub(super) fn add(&mut self, slot: usize, entry: &EntryView<'_>) {
        self.all.push(slot);
        if let Some(reference) = reference_of(entry) {
            self.by_reference.entry(reference).or_default().push(slot);
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
            self.by_id.entry(id).or_default().push(slot);
        }
        if let Some(account) = account {
            self.by_account.entry(account).or_default().push(slot);
        }
    }

    /// All that may be the same booking as this one, in rising order, and others: two ids, or two
    /// accounts, must agree.
    pub(super) fn like(&self, entry: &EntryView<'_>) -> Slots {
        let [detail] = entry.entry.details.as_slice() else { return self.all.clone() };
        let of = |map: &BTreeMap<String, Slots>, key: Option<String>| {
            key.and_then(|key| map.get(&key).cloned()).unwrap_or_default()
        };
        let (id, account) = (id_of(detail), account_of(detail));
        let vague = match (id.is_some(), account.is_some()) {
            (true, true) => &self.without_both,
            (true, false) => &self.without_id,
            (false, true) => &self.without_account,
            (false, false) => return self.all.clone(),
        };
        let mut like = [self.others.as_slice(), vague.as_slice()].concat();
        like.extend(of(&self.by_reference, reference_of(entry)));
        like.extend(of(&self.by_id, id));
        like.extend(of(&self.by_account, account));
        like.sort_unstable();
        like.dedup();
        like
    }
}

fn reference_of(entry: &EntryView<'_>) -> Option<String> {
    let reference = entry.entry.bank_reference.as_deref();
    reference.filter(|text| !is_placeholder(text)).map(reference_key)
}

fn account_of(detail: &EntryDetail) -> Option<String> {
    detail.counterparty_iban.as_ref().map(|iban| Iban::key(iban).into_owned())
}

fn id_of(detail: &EntryDetail) -> Option<String> {
    real_end_to_end_key(detail).map(Cow::into_owned)
}
