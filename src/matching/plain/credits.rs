//! What credits say of whose money they are, where they bear no id: names and texts, by amounts.
//!
//! What comes back is known by name and amount, and several files may tell it: one says that it comes
//! back, another whose it was, a third that charges were taken. Whoever the rules could find in all of
//! it together has to be asked for here.

use chrono::NaiveDate;
use foldhash::HashMap;
use foldhash::HashSet;

use crate::matching::classes::brings_back;
use crate::matching::plain::names::Names;
use crate::model::amount::Amount;
use crate::model::place::FileId;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;

/// When something was told, and by which file.
type Told = (Option<NaiveDate>, FileId);

/// Names and texts of credits, while they are being collected.
#[derive(Clone, Debug, Default)]
pub(super) struct Credits {
    /// By the amount of the booking, which all its tellings state.
    by_amount: HashMap<Amount, Names>,
    /// Those of a name and account that nobody says to bring anything back, if no other telling does.
    unmarked: Vec<(Amount, Told, Names)>,
    /// What is said to come back.
    marked: HashMap<Amount, Vec<Told>>,
    /// Amounts that only some tellings state (of a transfer, before charges): the name may be any.
    stated_beside: HashSet<Amount>,
    /// The amounts of transfers of collective bookings, and all charges that bookings state: one telling may
    /// have these, another those.
    of_transfers: HashSet<Amount>,
    charges: HashSet<Amount>,
    /// Names and texts of all.
    all: Names,
}

impl Credits {
    /// Adds a transfer by which money came in (none, if the booking tells none), with all amounts that it
    /// may be linked by.
    pub(super) fn add(
        &mut self,
        entry: &StatementEntry,
        detail: Option<&EntryDetail>,
        amounts: impl Iterator<Item = Amount>,
    ) {
        let mut own = Names::default();
        let mut is_named = false;
        if let Some(detail) = detail {
            let names = [&detail.counterparty, &detail.opposite_party];
            for name in names.into_iter().chain([&detail.ultimate_counterparty]).flatten() {
                is_named |= !name.trim().is_empty();
                own.add(name);
                own.add_text(name);
            }
        }
        // Ids and names that differ between tellings become texts too, and a telling may have no name.
        let ids = detail.map(|detail| {
            let ids = [&detail.instruction_id, &detail.payment_info_id, &detail.message_id];
            ids.into_iter().chain([&detail.bank_reference, &detail.mandate_id])
        });
        let ids = ids.into_iter().flatten().filter_map(|id| id.as_deref());
        entry.texts(detail).chain(ids).for_each(|text| own.add_text(text));
        self.all.extend(&own);
        let is_single = entry.details.len() <= 1 && entry.direction == Direction::Credit;
        self.stated_beside.extend(amounts.filter(|own| !is_single || *own != entry.amount));
        self.charges.extend(entry.charges);
        self.stated_beside.extend(entry.charges.map(|charges| entry.amount.plus(charges)));
        if !is_single {
            self.of_transfers.extend(detail.and_then(|detail| detail.amount));
        }
        let told = (entry.booking_date.or(entry.value_date), entry.place.file);
        let is_marked = brings_back(entry) || entry.direction == Direction::Debit;
        if is_marked {
            self.marked.entry(entry.amount).or_default().push(told);
        }
        if !is_single {
            self.stated_beside.insert(entry.amount);
        } else if is_marked
            || !is_named
            || detail.is_none_or(|detail| detail.counterparty_iban.is_none())
        {
            self.by_amount.entry(entry.amount).or_default().extend(&own);
        } else {
            self.unmarked.push((entry.amount, told, own));
        }
    }

    /// Adds those of others.
    pub(super) fn extend(&mut self, others: Self) {
        for (amount, names) in others.by_amount {
            self.by_amount.entry(amount).or_default().extend(&names);
        }
        self.unmarked.extend(others.unmarked);
        for (amount, told) in others.marked {
            self.marked.entry(amount).or_default().extend(told);
        }
        self.stated_beside.extend(others.stated_beside);
        self.of_transfers.extend(others.of_transfers);
        self.charges.extend(others.charges);
        self.all.extend(&others.all);
    }

    /// Once all are there. `repeats` tells files that may tell one booking twice.
    pub(super) fn settle(mut self, repeats: impl Fn(FileId) -> bool) -> Self {
        for charges in &self.charges {
            self.stated_beside.extend(self.of_transfers.iter().map(|own| own.plus(*charges)));
        }
        for (amount, (day, file), names) in std::mem::take(&mut self.unmarked) {
            let may_be_one = |(other_day, other): &Told| {
                let apart = day.zip(*other_day).map(|(own, other)| (own - other).num_days().abs());
                apart.is_none_or(|apart| apart <= DAYS_APART) && (*other != file || repeats(file))
            };
            if self.marked.get(&amount).is_some_and(|told| told.iter().any(may_be_one)) {
                self.by_amount.entry(amount).or_default().extend(&names);
            }
        }
        self
    }

    /// Whether any credit may be linked by this amount.
    pub(super) fn have(&self, amount: Amount) -> bool {
        self.by_amount.contains_key(&amount) || self.stated_beside.contains(&amount)
    }

    /// Whether a credit of this amount may be somebody's of this name.
    pub(super) fn may_name(&self, amount: Amount, own: &str) -> bool {
        self.by_amount.get(&amount).is_some_and(|names| names.agree_with(own))
            || (self.stated_beside.contains(&amount) && self.all.agree_with(own))
    }
}

/// Tellings of one booking are no further apart: over a weekend.
const DAYS_APART: i64 = 4;
