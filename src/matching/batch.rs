//! Collective debits whose transfers the bank does not tell: members, sums, counts.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::Days;
use chrono::NaiveDate;

use crate::matching::bank::Class;
use crate::matching::findings::Claim;
use crate::matching::findings::EntryUse;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::groups::Count;
use crate::matching::groups::count;
use crate::matching::groups::groups;
use crate::matching::orders;
use crate::matching::owed::OrderLink;
use crate::matching::owed::Part;
use crate::matching::owed::Timing;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;
use crate::model::text::reference_words;

/// Payments that one collective debit may pay, and what it must then be.
#[derive(Clone, Debug)]
struct Run {
    /// The payments, with the part of the debit that is theirs.
    members: Vec<(usize, Amount)>,
    /// Sum of all ordered transfers or rows, listed or not; `None` if one has no amount.
    sum: Option<Amount>,
    /// Their number.
    count: usize,
    /// Members the bank refused.
    rejected: Vec<usize>,
    /// Sum and number of all refused transfers, listed or not.
    rejected_sum: Amount,
    rejected_count: usize,
    /// Days on which the debit may be booked, where the order says so.
    execution: Option<NaiveDate>,
    /// The account that pays, if it is known.
    account: Option<Iban>,
}

/// How a debit closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    /// All members.
    Whole,
    /// All but those the bank refused.
    WithoutRejects,
}

impl Run {
    fn closes(&self, search: &Search<'_>, entry: usize) -> Option<Closing> {
        let view = search.entry(entry).entry;
        let stated = view.batch.as_ref().and_then(|batch| batch.count);
        let fits = |sum: Option<Amount>, count: usize| {
            sum == Some(view.amount)
                && stated.is_none_or(|stated| u64::try_from(count).is_ok_and(|own| own == stated))
        };
        if fits(self.sum, self.count) {
            return Some(Closing::Whole);
        }
        let rest = self.sum.map(|sum| sum.minus(self.rejected_sum));
        let rest_count = self.count.saturating_sub(self.rejected_count);
        (self.rejected_count > 0 && fits(rest, rest_count)).then_some(Closing::WithoutRejects)
    }

    fn account_fits(&self, search: &Search<'_>, entry: usize) -> bool {
        let paid_from =
            search.entry(entry).account.and_then(|account| search.bank().accounts.get(account));
        match (&self.account, paid_from) {
            (Some(own), Some(other)) => own.same_account(other),
            _ => true,
        }
    }

    /// Whether the debit lies in the days of this run: about the ordered day, or in the window of
    /// its payments.
    fn day_fits(&self, search: &Search<'_>, entry: usize) -> bool {
        let Some(day) = search.entry(entry).booked_on else { return false };
        let near_execution = self.execution.is_none_or(|execution| {
            let from = execution.checked_sub_days(Days::new(3)).unwrap_or(execution);
            let to = execution.checked_add_days(Days::new(10)).unwrap_or(execution);
            (from..=to).contains(&day)
        });
        near_execution && self.members.iter().all(|(member, _)| search.owed(*member).run_holds(day))
    }

    fn timing(&self, search: &Search<'_>, entry: usize) -> BTreeSet<Timing> {
        let Some(day) = search.entry(entry).booked_on else { return BTreeSet::new() };
        self.members.iter().map(|(member, _)| search.owed(*member).timing(day)).collect()
    }

    fn payments(&self) -> BTreeSet<usize> {
        self.members.iter().map(|(member, _)| *member).collect()
    }
}

/// The run of one batch of an order: all its transfers, listed or not.
fn ordered_run(search: &Search<'_>, order: usize, batch: usize) -> Option<Run> {
    let ordered = search.orders.get(order)?.batches.get(batch)?;
    let mut run = Run {
        members: Vec::new(),
        sum: Some(Amount::ZERO),
        count: ordered.transfers.len(),
        rejected: Vec::new(),
        rejected_sum: Amount::ZERO,
        rejected_count: 0,
        execution: ordered.execution_date,
        account: ordered.payer_account.clone(),
    };
    for (number, transfer) in ordered.transfers.iter().enumerate() {
        let sum = run.sum.zip(transfer.amount);
        run.sum = sum.and_then(|(sum, amount)| sum.checked_add(amount));
        let link = OrderLink { order, batch, transfer: number };
        if search.messages.rejected_orders.contains(&link) {
            run.rejected_sum = run.rejected_sum.plus(transfer.amount.unwrap_or(Amount::ZERO));
            run.rejected_count = run.rejected_count.saturating_add(1);
        }
    }
    for payment in 0..search.payment_count() {
        let Some(link) = search.owed(payment).ordered else { continue };
        if (link.order, link.batch) != (order, batch) {
            continue;
        }
        let amount = ordered.transfers.get(link.transfer).and_then(|transfer| transfer.amount);
        run.members.push((payment, amount.unwrap_or(Amount::ZERO)));
        if search.messages.rejected_orders.contains(&link) {
            run.rejected.push(payment);
        }
    }
    Some(run)
}

/// All runs of orders, with the numbers of order and batch.
fn ordered_runs(search: &Search<'_>) -> Vec<((usize, usize), Run)> {
    let mut runs = Vec::new();
    for (order, file) in search.orders.iter().enumerate() {
        for batch in 0..file.batches.len() {
            if let Some(run) = ordered_run(search, order, batch) {
                runs.push(((order, batch), run));
            }
        }
    }
    runs
}

/// Collective debits that may be a run's, unresolved and not yet used. A single booking that
/// names nobody at all may be a collective one too.
fn free_entries(search: &Search<'_>) -> Vec<usize> {
    (0..search.bank().entries.len())
        .filter(|entry| search.is_free_collective(*entry) || is_nameless(search, *entry))
        .collect()
}

fn is_nameless(search: &Search<'_>, entry: usize) -> bool {
    let view = search.entry(entry);
    if view.class != Class::Transfer || view.duplicate_of.is_some() || view.transfers.len() != 1 {
        return false;
    }
    let transfer = view.transfers.start;
    let of = search.transfer(transfer);
    search.is_free(transfer)
        && of.iban().is_none()
        && of.name().is_none()
        && of.end_to_end_key.is_none()
        && search.naming(transfer).is_empty()
}

/// The ids an entry names, as they are compared.
fn ids_of(search: &Search<'_>, entry: usize) -> BTreeSet<String> {
    let view = search.entry(entry).entry;
    let batch = view.batch.as_ref();
    let mut ids: Vec<Option<&str>> = vec![
        batch.and_then(|batch| batch.payment_info_id.as_deref()),
        batch.and_then(|batch| batch.message_id.as_deref()),
    ];
    let mut words = Vec::new();
    for detail in &view.details {
        ids.extend([
            detail.payment_info_id.as_deref(),
            detail.message_id.as_deref(),
            detail.instruction_id.as_deref(),
            detail.end_to_end_id.as_deref(),
        ]);
        words.extend(detail.remittance.as_deref().map(reference_words).unwrap_or_default());
    }
    let mut keys: BTreeSet<String> =
        ids.into_iter().flatten().filter(|id| !is_placeholder(id)).map(reference_key).collect();
    // Ids in free text may be broken up by blanks and marks.
    for start in 0..words.len() {
        let mut key = String::new();
        for word in words.iter().skip(start).take(8) {
            key.push_str(word);
            keys.insert(key.clone());
        }
    }
    keys
}

/// Collective debits that name a batch or message of an order.
pub fn named(search: &mut Search<'_>) {
    let runs = ordered_runs(search);
    if runs.is_empty() {
        return;
    }
    let mut by_batch: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_message: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, ((order, batch), _)) in runs.iter().enumerate() {
        let file = search.orders.get(*order);
        let own = file.and_then(|file| file.batches.get(*batch));
        if let Some(id) = own.and_then(|batch| batch.payment_info_id.as_deref()) {
            by_batch.entry(reference_key(id)).or_default().push(number);
        }
        if let Some(id) = file.and_then(|file| file.message_id.as_deref()) {
            by_message.entry(reference_key(id)).or_default().push(number);
        }
    }
    // Entries by the set of runs that they may mean.
    let mut meant: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for entry in free_entries(search) {
        let ids = ids_of(search, entry);
        let of =
            |index: &BTreeMap<String, Vec<usize>>| ids.iter().find_map(|id| index.get(id)).cloned();
        let Some(candidates) = of(&by_batch).or_else(|| of(&by_message)) else { continue };
        let in_window =
            |number: &usize| runs.get(*number).is_some_and(|(_, run)| run.day_fits(search, entry));
        let candidates: Vec<usize> = candidates.into_iter().filter(in_window).collect();
        if !candidates.is_empty() {
            meant.entry(candidates).or_default().push(entry);
        }
    }
    for (candidates, entries) in meant {
        let of: Vec<&Run> =
            candidates.iter().filter_map(|number| runs.get(*number)).map(|(_, run)| run).collect();
        settle_named(search, &of, &entries);
    }
}

/// Entries that name one run, or the message of several.
fn settle_named(search: &mut Search<'_>, runs: &[&Run], entries: &[usize]) {
    let together = join(runs);
    let closing: Vec<usize> =
        entries.iter().copied().filter(|entry| together.closes(search, *entry).is_some()).collect();
    if let [entry] = closing.as_slice() {
        pay(search, &together, *entry);
        let others = entries.iter().filter(|other| *other != entry);
        let others: Vec<usize> = others.copied().collect();
        besides(search, &together, &others);
        return;
    }
    if closing.len() > 1 {
        for entry in entries {
            pay(search, &together, *entry);
        }
        return;
    }
    let mut pairs = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        for entry in entries {
            if run.closes(search, *entry).is_some() {
                pairs.push((number, *entry));
            }
        }
    }
    let owned: Vec<Run> = runs.iter().map(|run| (*run).clone()).collect();
    let settled = settle_pairs(search, &owned, pairs);
    let rest: Vec<usize> = entries
        .iter()
        .copied()
        .filter(|entry| search.entry_use(*entry) == EntryUse::Free)
        .collect();
    let open: Vec<&Run> = owned
        .iter()
        .enumerate()
        .filter(|(number, _)| !settled.contains(number))
        .map(|(_, run)| run)
        .collect();
    if rest.is_empty() {
        return;
    }
    if open.is_empty() {
        besides(search, &together, &rest);
        return;
    }
    let open = join(&open);
    let booked: Option<Amount> = rest
        .iter()
        .try_fold(Amount::ZERO, |sum, entry| sum.checked_add(search.entry(*entry).entry.amount));
    if rest.len() > 1 && booked.is_some() && booked == open.sum {
        pay_in_pieces(search, &open, &rest);
    } else {
        differs(search, &open, &rest);
    }
}

/// More booked under a run's name than the run.
fn besides(search: &mut Search<'_>, run: &Run, entries: &[usize]) {
    for entry in entries {
        mark(search, *entry);
        for (member, _) in &run.members {
            search.found(*member).flag(Flag::PaidTwice);
            search.found(*member).cited.push(*entry);
        }
    }
}

fn join(runs: &[&Run]) -> Run {
    let mut all = Run {
        members: Vec::new(),
        sum: Some(Amount::ZERO),
        count: 0,
        rejected: Vec::new(),
        rejected_sum: Amount::ZERO,
        rejected_count: 0,
        execution: None,
        account: None,
    };
    for run in runs {
        all.members.extend(&run.members);
        all.sum = all.sum.zip(run.sum).and_then(|(left, right)| left.checked_add(right));
        all.count = all.count.saturating_add(run.count);
        all.rejected.extend(&run.rejected);
        all.rejected_sum = all.rejected_sum.plus(run.rejected_sum);
        all.rejected_count = all.rejected_count.saturating_add(run.rejected_count);
        all.account = run.account.clone();
    }
    all
}

/// Unnamed collective debits that close exactly one batch of an order, over all its members.
pub fn ordered(search: &mut Search<'_>) {
    let runs: Vec<Run> = ordered_runs(search)
        .into_iter()
        .map(|(_, run)| run)
        .filter(|run| run.members.iter().all(|(member, _)| search.is_open(*member)))
        .filter(|run| run.count > 1)
        .collect();
    if runs.is_empty() {
        return;
    }
    let lists = row_runs(search, |search, payment| search.owed(payment).part == Part::Full);
    let mut pairs = Vec::new();
    for entry in free_entries(search) {
        // Rows outside this order whose sum is the same: who is meant shows later, if at all.
        let rival = |run: &Run| {
            lists.iter().any(|list| {
                list.closes(search, entry).is_some()
                    && list.payments().is_disjoint(&run.payments())
                    && list.day_fits(search, entry)
            })
        };
        for (number, run) in runs.iter().enumerate() {
            let fits = run.closes(search, entry).is_some()
                && run.day_fits(search, entry)
                && run.account_fits(search, entry);
            if fits && !rival(run) {
                pairs.push((number, entry));
            }
        }
    }
    settle_pairs(search, &runs, pairs);
}

/// Settles fitting pairs of runs and entries by counting; gives the runs that were decided.
fn settle_pairs(
    search: &mut Search<'_>,
    runs: &[Run],
    pairs: Vec<(usize, usize)>,
) -> BTreeSet<usize> {
    let mut decided = BTreeSet::new();
    for group in groups(pairs) {
        let timing = |run: usize, entry: usize| {
            runs.get(run).map(|run| (run.timing(search, entry), run.closes(search, entry)))
        };
        let counted = count(
            &group,
            timing,
            |run| {
                runs.get(run).map(|run| run.members.iter().map(|m| search.payment_order(m.0)).min())
            },
            |entry| (search.entry(entry).booked_on, entry),
        );
        decided.extend(group.payments.iter().copied());
        // Runs of one group share no payment, or it would be paid by two debits at once.
        let mut seen = BTreeSet::new();
        let members = group.payments.iter().filter_map(|run| runs.get(*run));
        let apart = members.flat_map(|run| run.payments()).all(|payment| seen.insert(payment));
        match counted {
            Count::Paired(pairs) if apart => {
                for (run, entry) in pairs {
                    if let Some(run) = runs.get(run) {
                        pay(search, run, entry);
                    }
                }
            }
            Count::Surplus if group.payments.len() == 1 => {
                for (run, entry) in &group.pairs {
                    if let Some(run) = runs.get(*run) {
                        pay(search, run, *entry);
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
                for (run, entry) in &group.pairs {
                    mark(search, *entry);
                    for (member, _) in runs.get(*run).map_or(&[] as &[_], |run| &run.members) {
                        let found = search.found(*member);
                        found.flag(flag);
                        if !found.cited.contains(entry) {
                            found.cited.push(*entry);
                        }
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

fn mark(search: &mut Search<'_>, entry: usize) {
    if search.entry(entry).class == Class::Transfer {
        let transfer = search.entry(entry).transfers.start;
        search.take(transfer);
    }
    search.use_entry(entry, EntryUse::Batch);
}

/// Gives every member its part of a debit that closes.
fn pay(search: &mut Search<'_>, run: &Run, entry: usize) {
    let whole = run.closes(search, entry) != Some(Closing::WithoutRejects);
    mark(search, entry);
    let view = search.entry(entry);
    let Some(booked_on) = view.booked_on else { return };
    for (member, amount) in &run.members {
        let refused = run.rejected.contains(member);
        if refused && !whole {
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
}

/// A debit in several pieces that close together: credited with the last piece.
fn pay_in_pieces(search: &mut Search<'_>, run: &Run, entries: &[usize]) {
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
fn differences_of_order(search: &mut Search<'_>, payment: usize) {
    let owed = search.owed(payment);
    let Some(transfer) = orders::transfer_of(owed, search.orders) else { return };
    let other_account = !owed.account_allows(transfer.iban.as_ref());
    let other_amount = transfer.amount != Some(owed.amount);
    let found = search.found(payment);
    if other_account {
        found.flag(Flag::AccountDiffers);
    }
    if other_amount {
        found.flag(Flag::AmountDiffers);
    }
}

/// A debit that does not close: its members are one piece of work, and nobody is picked.
fn differs(search: &mut Search<'_>, run: &Run, entries: &[usize]) {
    let booked: Amount = entries.iter().map(|entry| search.entry(*entry).entry.amount).sum();
    let expected = run.sum.unwrap_or(Amount::ZERO);
    for entry in entries {
        mark(search, *entry);
    }
    for (member, _) in &run.members {
        let found = search.found(*member);
        found.flag(Flag::BatchDiffers);
        found.cited.extend(entries);
        found.notes.push(Note::Batch(booked, expected, run.count));
    }
}

/// Runs made of list rows: by list and run, by list, by account and due date, and all.
fn row_runs(search: &Search<'_>, wanted: impl Fn(&Search<'_>, usize) -> bool) -> Vec<Run> {
    let mut sets: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for payment in (0..search.payment_count()).filter(|payment| wanted(search, *payment)) {
        for key in keys_of(search, payment) {
            sets.entry(key).or_default().push(payment);
        }
    }
    let distinct: BTreeSet<Vec<usize>> = sets.into_values().collect();
    distinct.into_iter().map(|members| rows(search, members)).collect()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Order(usize, usize),
    ListRun(u32, &'a str),
    List(u32),
    RunName(&'a str),
    Due(Option<&'a Iban>, NaiveDate),
    All,
}

fn keys_of<'a>(search: &Search<'a>, payment: usize) -> Vec<Key<'a>> {
    let owed = search.owed(payment);
    let file = owed.payment.place.file.0;
    let run = owed.payment.run.as_deref();
    let batch = orders::batch_of(owed, search.orders);
    let account =
        batch.and_then(|b| b.payer_account.as_ref()).or(owed.payment.payer_account.as_ref());
    let day = batch.and_then(|batch| batch.execution_date).unwrap_or(owed.dates.due);
    let mut keys = vec![Key::List(file), Key::Due(account, day), Key::All];
    keys.extend(owed.ordered.map(|link| Key::Order(link.order, link.batch)));
    if let Some(run) = run {
        keys.push(Key::ListRun(file, run));
        keys.push(Key::RunName(run));
    }
    keys
}

fn rows(search: &Search<'_>, members: Vec<usize>) -> Run {
    let amount_of = |payment: &usize| {
        let owed = search.owed(*payment);
        let ordered = orders::transfer_of(owed, search.orders).and_then(|order| order.amount);
        ordered.unwrap_or(owed.amount)
    };
    let refused = |payment: &usize| {
        search.messages.payments.get(*payment).is_some_and(|said| said.rejected.is_some())
    };
    let rejected: Vec<usize> = members.iter().copied().filter(refused).collect();
    let accounts: BTreeSet<Option<&Iban>> = members
        .iter()
        .map(|payment| {
            let owed = search.owed(*payment);
            orders::batch_of(owed, search.orders)
                .and_then(|batch| batch.payer_account.as_ref())
                .or(owed.payment.payer_account.as_ref())
        })
        .collect();
    let account = match accounts.into_iter().collect::<Vec<_>>().as_slice() {
        [one] => one.cloned(),
        _ => None,
    };
    Run {
        sum: members
            .iter()
            .try_fold(Amount::ZERO, |sum, payment| sum.checked_add(amount_of(payment))),
        count: members.len(),
        rejected_sum: rejected.iter().map(amount_of).sum(),
        rejected_count: rejected.len(),
        rejected,
        members: members.iter().map(|payment| (*payment, amount_of(payment))).collect(),
        execution: None,
        account,
    }
}

/// Collective debits that name nobody: the one list or run whose open count and sum fit; then
/// debits that fall short of exactly one run.
pub fn unnamed(search: &mut Search<'_>) {
    let total = |search: &Search<'_>, payment: usize| search.owed(payment).part == Part::Full;
    let open = |search: &Search<'_>, payment: usize| {
        search.is_open(payment) && search.owed(payment).part == Part::Full
    };
    let with_blocked = |search: &Search<'_>, payment: usize| {
        search.is_open(payment) && matches!(search.owed(payment).part, Part::Full | Part::Blocked)
    };
    let whole_sizes: BTreeSet<BTreeSet<usize>> =
        row_runs(search, total).iter().map(Run::payments).collect();
    for wanted in [&open as &dyn Fn(&Search<'_>, usize) -> bool, &with_blocked] {
        let entries = free_entries(search);
        if entries.is_empty() {
            return;
        }
        let runs: Vec<Run> = row_runs(search, wanted)
            .into_iter()
            .filter(|run| run.count > 1 || whole_sizes.contains(&run.payments()))
            .collect();
        let mut pairs = Vec::new();
        for entry in entries {
            for (number, run) in runs.iter().enumerate() {
                let fits = run.closes(search, entry).is_some()
                    && run.day_fits(search, entry)
                    && run.account_fits(search, entry);
                if fits {
                    pairs.push((number, entry));
                }
            }
        }
        settle_overlapping(search, &runs, pairs);
    }
    short(search);
}

/// Like [`settle_pairs`], but runs that overlap without being one another rule each other out.
fn settle_overlapping(search: &mut Search<'_>, runs: &[Run], pairs: Vec<(usize, usize)>) {
    let fitting: BTreeSet<usize> = pairs.iter().map(|(run, _)| *run).collect();
    let mut claims: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for number in &fitting {
        for payment in runs.get(*number).map(Run::payments).unwrap_or_default() {
            claims.entry(payment).or_default().insert(*number);
        }
    }
    let contested: BTreeSet<usize> =
        claims.values().filter(|runs| runs.len() > 1).flatten().copied().collect();
    let (unclear, clear): (Vec<_>, Vec<_>) =
        pairs.into_iter().partition(|(run, _)| contested.contains(run));
    settle_pairs(search, runs, clear);
    for (run, entry) in unclear {
        mark(search, entry);
        for (member, _) in runs.get(run).map_or(&[] as &[_], |run| &run.members) {
            let found = search.found(*member);
            found.flag(Flag::Ambiguous);
            if !found.cited.contains(&entry) {
                found.cited.push(entry);
            }
        }
    }
}

/// A debit short of exactly one run, and near enough to be meant: the whole run differs.
fn short(search: &mut Search<'_>) {
    for entry in free_entries(search) {
        if !search.is_free_collective(entry) {
            continue;
        }
        for level in 0..2_u8 {
            let candidates = larger_runs(search, entry, level);
            match candidates.as_slice() {
                [] => {}
                [run] => {
                    differs(search, run, &[entry]);
                    break;
                }
                _ => break,
            }
        }
    }
}

/// The runs that a debit falls short of by less than half; level 0 looks at batches and runs,
/// level 1 at whole lists.
fn larger_runs(search: &Search<'_>, entry: usize, level: u8) -> Vec<Run> {
    let view = search.entry(entry).entry;
    let key_of = |payment: usize| {
        let owed = search.owed(payment);
        let file = owed.payment.place.file.0;
        match (level, owed.ordered, owed.payment.run.as_deref()) {
            (0, Some(link), _) => Key::Order(link.order, link.batch),
            (0, None, Some(run)) => Key::ListRun(file, run),
            _ => Key::List(file),
        }
    };
    let mut open: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    let mut all: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    for payment in 0..search.payment_count() {
        if search.owed(payment).part != Part::Full {
            continue;
        }
        let key = key_of(payment);
        if search.is_open(payment) {
            open.entry(key.clone()).or_default().push(payment);
        }
        *all.entry(key).or_default() += 1;
    }
    open.into_iter()
        .filter(|(key, members)| {
            let size = all.get(key).copied().unwrap_or(0);
            members.len() >= 2 && members.len().saturating_mul(2) >= size
        })
        .map(|(key, members)| match key {
            Key::Order(order, batch) if members.len() == all.get(&key).copied().unwrap_or(0) => {
                ordered_run(search, order, batch).unwrap_or_else(|| rows(search, members))
            }
            _ => rows(search, members),
        })
        .filter(|run| {
            let larger = run.sum.is_some_and(|sum| sum > view.amount);
            let near = run.sum.is_some_and(|sum| view.amount.plus(view.amount) >= sum);
            let stated = view.batch.as_ref().and_then(|batch| batch.count);
            let count_fits =
                stated.is_none_or(|stated| u64::try_from(run.count).is_ok_and(|own| stated <= own));
            larger
                && near
                && count_fits
                && run.day_fits(search, entry)
                && run.account_fits(search, entry)
        })
        .collect()
}
