//! For payments without any booking: the nearest one, and the first thing that keeps it away.

use std::hash::Hash;

use chrono::NaiveDate;
use foldhash::HashMap;
use foldhash::HashSet;

use crate::matching::findings::Failure;
use crate::matching::findings::Note;
use crate::matching::lookup::Lookup;
use crate::matching::named_lists::NamedLists;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::text::fold_words;
use crate::model::together;

/// Notes the nearest booking with every payment that has none.
pub fn candidates(search: &mut Search<'_>) {
    let open: Vec<usize> = (0..search.payment_count())
        .filter(|payment| search.is_open(*payment) && search.owed(*payment).part != Part::None)
        .collect();
    if open.is_empty() {
        return;
    }
    let free = search.free_transfers();
    if free.is_empty() {
        return;
    }
    let at_hand = AtHand::new(search, free, &open);
    let nearest =
        together::map_many(&open, search.threads, |payment| at_hand.nearest(search, *payment));
    for (payment, nearest) in open.into_iter().zip(nearest) {
        if let Some((entry, failure)) = nearest {
            search.found(payment).notes.push(Note::Candidate(entry, failure));
        }
    }
}

/// What bookings have in common with a payment: whether their texts name it, by the number of the list
/// they name, account, amount.
type Common<'a> = (Option<usize>, Option<&'a Iban>, Option<Amount>);

/// The first booking of each day, in their order.
type Days = Vec<(NaiveDate, usize)>;

/// Bookings that nobody claimed, by everything they can have in common with a payment. Of those that have
/// the same in common the day decides, and of one day the first.
struct AtHand<'a> {
    by_common: HashMap<Common<'a>, Days>,
    /// By amount and a word of the name.
    by_word: HashMap<(Amount, String), Days>,
    /// By payments, the lists of payments that texts name.
    naming: Lookup,
}

impl<'a> AtHand<'a> {
    /// Bookings that have anything in common with one of the payments that look for theirs.
    fn new(search: &Search<'a>, mut free: Vec<usize>, open: &[usize]) -> Self {
        let mut is_open = vec![false; search.payment_count()];
        for payment in open {
            if let Some(flag) = is_open.get_mut(*payment) {
                *flag = true;
            }
        }
        let is_open = |payment: &usize| is_open.get(*payment) == Some(&true);
        let owed = || open.iter().map(|payment| search.owed(*payment));
        let amounts: HashSet<Amount> = owed().map(|owed| owed.amount).collect();
        let accounts: HashSet<&Iban> = owed().filter_map(Owed::iban).collect();
        free.retain(|transfer| {
            let (view, naming) = (search.transfer(*transfer), search.naming(*transfer));
            amounts.contains(&view.amount)
                || view.iban().is_some_and(|iban| accounts.contains(iban))
                || naming.candidates.iter().chain(&*naming.several).any(is_open)
        });
        free.sort_by_cached_key(|transfer| search.transfer_order(*transfer));
        let mut lists = NamedLists::default();
        let mut by_common: HashMap<Common<'a>, Days> = HashMap::default();
        let mut by_word: HashMap<(Amount, String), Days> = HashMap::default();
        for transfer in &free {
            let view = search.transfer(*transfer);
            let own = (view.booked_on, *transfer);
            let naming = search.naming(*transfer);
            let iban = view.iban().filter(|iban| accounts.contains(iban));
            let amount = Some(view.amount).filter(|amount| amounts.contains(amount));
            let list = lists.number(naming);
            for (list, iban) in [(list, None), (None, iban), (list, iban)] {
                if list.is_none() && iban.is_none() {
                    continue;
                }
                add(&mut by_common, (list, iban, None), own);
                if amount.is_some() {
                    add(&mut by_common, (list, iban, amount), own);
                }
            }
            if amount.is_none() {
                continue;
            }
            for word in view.name().map(fold_words).unwrap_or_default() {
                if word.len() > 2 {
                    add(&mut by_word, (view.amount, word), own);
                }
            }
        }
        Self { by_common, by_word, naming: lists.by_payment() }
    }

    /// The entry that is nearest to a payment, and what keeps it away.
    fn nearest(&self, search: &Search<'_>, payment: usize) -> Option<(usize, Failure)> {
        let owed = search.owed(payment);
        let due = owed.dates.due;
        let mut near: Vec<usize> = Vec::new();
        let (iban, amount) = (owed.iban(), Some(owed.amount));
        let lists = self.naming.find(&payment).map(Some);
        for list in lists.chain([None]) {
            for iban in [iban, None] {
                for amount in [amount, None] {
                    near.extend(about(self.by_common.get(&(list, iban, amount)), due));
                }
            }
        }
        for word in owed.payment.account_holder().map(fold_words).unwrap_or_default() {
            near.extend(about(self.by_word.get(&(owed.amount, word)), due));
        }
        let points = |transfer: usize| {
            let view = search.transfer(transfer);
            u8::from(owed.amount == view.amount)
                + u8::from(owed.account_agrees(view.iban()))
                + u8::from(search.naming(transfer).names(payment))
        };
        near.retain(|transfer| points(*transfer) > 0);
        let best = near.into_iter().min_by_key(|transfer| {
            let day = search.transfer(*transfer).booked_on;
            let away = day.signed_duration_since(due).num_days().abs();
            (std::cmp::Reverse(points(*transfer)), away, search.transfer_order(*transfer))
        })?;
        Some((search.transfer(best).entry, first_failure(search, payment, best)))
    }
}

/// Adds a booking, unless there is an earlier one of its day.
fn add<K: Hash + Eq>(days: &mut HashMap<K, Days>, key: K, (day, transfer): (NaiveDate, usize)) {
    let days = days.entry(key).or_default();
    if days.last().is_none_or(|last| last.0 != day) {
        days.push((day, transfer));
    }
}

/// The last booking until a day, and the first one after it.
fn about(days: Option<&Days>, day: NaiveDate) -> impl Iterator<Item = usize> {
    let days = days.map_or(&[] as &[_], Vec::as_slice);
    let after = days.partition_point(|own| own.0 <= day);
    let until = after.checked_sub(1).and_then(|until| days.get(until));
    [until, days.get(after)].into_iter().flatten().map(|own| own.1)
}

fn first_failure(search: &Search<'_>, payment: usize, transfer: usize) -> Failure {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    if owed.amount != view.amount {
        Failure::Amount
    } else if !owed.account_agrees(view.iban()) {
        Failure::Account
    } else if !owed.run_holds(view.booked_on) || !search.month_allows(payment, transfer) {
        Failure::Month
    } else {
        Failure::Reference
    }
}
