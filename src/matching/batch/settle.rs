//! Collective debits and runs that fit: by count, never by guess.

use crate::matching::bank::real_end_to_end_key;
use crate::matching::batch::run::Closing;
use crate::matching::batch::run::Run;
use crate::matching::classes::Class;
use crate::matching::counting::Content;
use crate::matching::counting::Count;
use crate::matching::counting::count;
use crate::matching::findings::Claim;
use crate::matching::findings::EntryUse;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::groups::groups;
use crate::matching::groups::of_pairs;
use crate::matching::orders;
use crate::matching::owed::Timing;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// What entries mean for runs.
struct Closings<'s, 'a> {
    search: &'s Search<'a>,
    runs: &'s [Run],
}

impl Content for Closings<'_, '_> {
    type Payment = usize;
    type Transfer = usize;
    type Answer = Option<(BTreeSet<Timing>, Option<Closing>, Option<Doubt>)>;

    fn payment(&self, run: usize) -> usize {
        run
    }

    fn transfer(&self, entry: usize) -> usize {
        entry
    }

    fn answer(&self, run: &usize, entry: &usize) -> Self::Answer {
        let run = self.runs.get(*run)?;
        let doubt = self.search.entry(*entry).entry.doubt;
        Some((run.timing(self.search, *entry), run.closes(self.search, *entry), doubt))
    }

    fn payment_order(&self, run: usize) -> impl Ord {
        let of = |run: &Run| run.members.iter().map(|m| self.search.payment_order(m.0)).min();
        self.runs.get(run).map(of)
    }

    fn transfer_order(&self, entry: usize) -> impl Ord {
        (self.search.entry(entry).booked_on, entry)
    }
}

/// Settles fitting pairs of runs and entries by counting; gives the runs that were decided.
pub(crate) fn settle_pairs(
    search: &mut Search<'_>,
    runs: &[Run],
    pairs: Vec<(usize, usize)>,
) -> BTreeSet<usize> {
    let mut decided = BTreeSet::new();
    for group in groups(of_pairs(pairs)) {
        let counted = count(&group, &Closings { search, runs });
        decided.extend(group.payments.iter().copied());
        // Runs of one group share no payment, or it would be paid by two debits at once.
        let mut seen = BTreeSet::new();
        let members = group.payments.iter().filter_map(|run| runs.get(*run));
        let apart = members.flat_map(Run::payments).all(|payment| seen.insert(payment));
        // An order that was sent again under another message: whichever was booked, all of it is paid.
        let first = group.payments.first().and_then(|run| runs.get(*run));
        let mut others = group.payments.iter().skip(1).filter_map(|run| runs.get(*run));
        let is_one = first.is_some_and(|first| others.all(|other| other.pays_the_same(first)));
        match counted {
            Count::Undecided | Count::Paired(_) | Count::Surplus
                if is_one && group.payments.len() > 1 =>
            {
                let entries: BTreeSet<usize> = group.pairs().map(|(_, entry)| entry).collect();
                for entry in entries {
                    if let Some(run) = first {
                        pay(search, run, entry);
                    }
                }
            }
            Count::Paired(pairs) if apart => {
                for (run, entry) in pairs {
                    if let Some(run) = runs.get(run) {
                        pay(search, run, entry);
                    }
                }
            }
            Count::Surplus if group.payments.len() == 1 => {
                for (run, entry) in group.pairs() {
                    if let Some(run) = runs.get(run) {
                        pay(search, run, entry);
                    }
                }
            }
            Count::Surplus | Count::Undecided | Count::Paired(_) => {
                let flag = if matches!(counted, Count::Surplus) && apart {
                    Flag::PaidTwice
                } else {
                    Flag::Ambiguous
                };
                let note = Note::Group(group.payments.len(), group.transfers.len());
                for (run, entry) in group.pairs() {
                    mark(search, entry);
                    for (member, _) in runs.get(run).map_or(&[] as &[_], |run| &run.members) {
                        let found = search.found(*member);
                        found.flag(flag);
                        found.cited.add(entry);
                        if !found.notes.contains(&note) {
                            found.notes.push(note.clone());
                        }
                    }
                }
            }
        }
    }
    decided
}

pub(crate) fn mark(search: &mut Search<'_>, entry: usize) {
    if search.entry(entry).class == Class::Transfer {
        let transfer = search.entry(entry).transfers.start;
        search.take(transfer);
    }
    search.use_entry(entry, EntryUse::Batch);
}

/// Gives every member its part of a debit that closes.
pub(crate) fn pay(search: &mut Search<'_>, run: &Run, entry: usize) {
    let whole = run.closes(search, entry) != Some(Closing::WithoutRejects);
    mark(search, entry);
    let view = search.entry(entry);
    let Some(booked_on) = view.booked_on else { return };
    let mut refused = if whole { Vec::new() } else { run.rejected.clone() };
    for (member, amount) in &run.members {
        // Of what was ordered twice one may be refused.
        if let Some(number) = refused.iter().position(|refused| refused == member) {
            refused.swap_remove(number);
            let note = Note::BatchRejects(run.rejected_count, run.rejected_sum);
            search.found(*member).notes.push(note);
            continue;
        }
        let claim = Claim { entry, transfer: None, link: Link::Batch, amount: *amount, booked_on };
        let found = search.found(*member);
        found.claims.push(claim);
        found.notes.push(Note::Batch(view.entry.amount, view.entry.amount, run.count));
        if !whole {
            found.notes.push(Note::BatchRejects(run.rejected_count, run.rejected_sum));
        }
        differences_of_order(search, *member);
    }
    against_details(search, run, entry);
}

/// What transfers of a collective debit say that are told without adding up to it: they prove nothing,
/// but another account under a member's id speaks against that member.
fn against_details(search: &mut Search<'_>, run: &Run, entry: usize) {
    let view = search.entry(entry);
    if view.class == Class::Transfer || view.entry.details.is_empty() {
        return;
    }
    let mut by_id: BTreeMap<_, Vec<&EntryDetail>> = BTreeMap::new();
    for detail in &view.entry.details {
        if let Some(id) = real_end_to_end_key(detail) {
            by_id.entry(id).or_default().push(detail);
        }
    }
    if by_id.is_empty() {
        return;
    }
    for (member, _) in &run.members {
        let owed = search.owed(*member);
        let ids = owed.end_to_end_key.iter().chain(&owed.more_keys);
        let mut told = ids.filter_map(|id| by_id.get(id)).flatten().peekable();
        // Several transfers of one id are told apart by their accounts.
        let allows = |detail: &&EntryDetail| owed.account_allows(detail.counterparty_iban.as_ref());
        if told.peek().is_some() && !told.any(allows) {
            search.found(*member).flag(Flag::AccountDiffers);
        }
    }
}

/// A debit in several pieces that close together: credited with the last piece.
pub(crate) fn pay_in_pieces(search: &mut Search<'_>, run: &Run, entries: &[usize]) {
    let last = entries.iter().copied().max_by_key(|entry| (search.entry(*entry).booked_on, *entry));
    let Some(last) = last else { return };
    let Some(booked_on) = search.entry(last).booked_on else { return };
    for entry in entries {
        mark(search, *entry);
    }
    let booked: Amount = entries.iter().map(|entry| search.entry(*entry).entry.amount).sum();
    for (member, amount) in &run.members {
        let claim =
            Claim { entry: last, transfer: None, link: Link::Batch, amount: *amount, booked_on };
        let found = search.found(*member);
        found.claims.push(claim);
        found.cited.extend(entries.iter().copied().filter(|entry| *entry != last));
        found.notes.push(Note::Batch(booked, booked, run.count));
        differences_of_order(search, *member);
    }
}

/// What was ordered is what was paid: where order and list differ, the payment is not credited.
pub(crate) fn differences_of_order(search: &mut Search<'_>, payment: usize) {
    let owed = search.owed(payment);
    if owed.ordered.is_none() {
        return;
    }
    let ordered = || orders::links(owed).filter_map(|link| orders::transfer(search.orders, link));
    let other_account = ordered().any(|transfer| !owed.account_allows(transfer.iban.as_ref()));
    let other_amount = orders::amount_of(owed, search.orders) != Some(owed.amount);
    let found = search.found(payment);
    if other_account {
        found.flag(Flag::AccountDiffers);
    }
    if other_amount {
        found.flag(Flag::AmountDiffers);
    }
}

/// A debit that does not close: its members are one piece of work, and nobody is picked.
pub(crate) fn differs(search: &mut Search<'_>, run: &Run, entries: &[usize]) {
    let booked: Amount = entries.iter().map(|entry| search.entry(*entry).entry.amount).sum();
    let expected = run.sum.unwrap_or(Amount::ZERO);
    for entry in entries {
        mark(search, *entry);
    }
    for (member, _) in &run.members {
        let found = search.found(*member);
        found.flag(Flag::BatchDiffers);
        found.cited.extend(entries.iter().copied());
        found.notes.push(Note::Batch(booked, expected, run.count));
    }
}
