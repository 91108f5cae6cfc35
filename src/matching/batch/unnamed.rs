//! Collective debits that name nobody: fitting sums, and sums that fall short.

use crate::matching::batch::run::Run;
use crate::matching::batch::run::free_entries;
use crate::matching::batch::run::keys_of;
use crate::matching::batch::run::ordered_run;
use crate::matching::batch::run::ordered_runs;
use crate::matching::batch::run::row_runs;
use crate::matching::batch::run::rows;
use crate::matching::batch::settle::differs;
use crate::matching::batch::settle::mark;
use crate::matching::batch::settle::settle_pairs;
use crate::matching::findings::Flag;
use crate::matching::owed::Part;
use crate::matching::population::Key;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Unnamed collective debits that close exactly one batch of an order, over all its members.
pub fn ordered(search: &mut Search<'_>) {
    let runs = without_repeats(
        ordered_runs(search)
            .into_iter()
            .map(|(_, run)| run)
            .filter(|run| run.members.iter().all(|(member, _)| search.is_open(*member)))
            .filter(|run| run.count > 1)
            .collect(),
    );
    if runs.is_empty() {
        return;
    }
    let lists = row_runs(search, true, |search, payment| search.owed(payment).part == Part::Full);
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
                && run.account_fits(search, entry)
                && !run.is_named_otherwise(search, entry);
            if fits && !rival(run) {
                pairs.push((number, entry));
            }
        }
    }
    settle_pairs(search, &runs, pairs);
}

/// Of runs that hold the same payments, an order that was sent again, one: those that the bank did not
/// refuse first. What was refused as a whole pays nobody of whom no list knows.
fn without_repeats(mut runs: Vec<Run>) -> Vec<Run> {
    runs.retain(|run| !run.members.is_empty() || !run.is_refused());
    runs.sort_by_key(Run::is_refused);
    let mut seen: BTreeSet<(BTreeSet<usize>, Option<Amount>)> = BTreeSet::new();
    runs.retain(|run| run.members.is_empty() || seen.insert((run.payments(), run.sum)));
    runs
}

/// Collective debits that name nobody: the one list or run whose open count and sum fit; then
/// debits that fall short of exactly one run.
pub fn unnamed(search: &mut Search<'_>) {
    if free_entries(search).is_empty() {
        return;
    }
    search.settled_are_asked_for |= half_open_runs(search);
    let total = |search: &Search<'_>, payment: usize| search.owed(payment).part == Part::Full;
    let open = |search: &Search<'_>, payment: usize| {
        search.is_open(payment) && search.owed(payment).part == Part::Full
    };
    let with_blocked = |search: &Search<'_>, payment: usize| {
        search.is_open(payment) && matches!(search.owed(payment).part, Part::Full | Part::Blocked)
    };
    let whole_sizes: BTreeSet<BTreeSet<usize>> =
        row_runs(search, true, total).iter().map(Run::payments).collect();
    for wanted in [&open as &dyn Fn(&Search<'_>, usize) -> bool, &with_blocked] {
        let runs: Vec<Run> = row_runs(search, false, wanted)
            .into_iter()
            .filter(|run| run.count > 1 || whole_sizes.contains(&run.payments()))
            .filter(|run| run.holds_whole_batches(search))
            .collect();
        close(search, &runs);
    }
    // A member that got money of its own besides does not take itself out of the run: what closes
    // over all its members is the run's, and that member was paid twice.
    let runs: Vec<Run> = row_runs(search, true, total)
        .into_iter()
        .filter(|run| {
            let open = run.members.iter().filter(|(member, _)| search.is_open(*member)).count();
            run.count > 1
                && open > 0
                && open.saturating_mul(2) >= run.count
                && run.holds_whole_batches(search)
        })
        .collect();
    close(search, &runs);
    short(search);
}

/// Whether half of a run is open, of which the rest is settled without the rules: its settled members
/// would have to be asked too. Of the other runs none is taken for open.
fn half_open_runs(search: &Search<'_>) -> bool {
    if search.settled.is_empty() {
        return false;
    }
    let mut runs: BTreeMap<Key<'_>, (usize, usize)> = BTreeMap::new();
    for payment in 0..search.payment_count() {
        if search.owed(payment).part != Part::Full {
            continue;
        }
        let open = usize::from(search.is_open(payment));
        for key in keys_of(search, payment) {
            let counts = runs.entry(key).or_default();
            *counts = (counts.0.saturating_add(open), counts.1.saturating_add(1));
        }
    }
    runs.iter().any(|(key, (open, all))| {
        let settled = search.settled.settled(key);
        settled > 0 && *open > 0 && open.saturating_mul(2) >= all.saturating_add(settled)
    })
}

/// Settles the free debits that close one of these runs.
fn close(search: &mut Search<'_>, runs: &[Run]) {
    let mut pairs = Vec::new();
    for entry in free_entries(search) {
        for (number, run) in runs.iter().enumerate() {
            let fits = run.closes(search, entry).is_some()
                && run.day_fits(search, entry)
                && run.account_fits(search, entry)
                && !run.is_named_otherwise(search, entry);
            if fits {
                pairs.push((number, entry));
            }
        }
    }
    settle_overlapping(search, runs, pairs);
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
            found.cited.add(entry);
        }
    }
}

/// A debit short of exactly one run, and near enough to be meant: the whole run differs.
fn short(search: &mut Search<'_>) {
    // Batches and runs, then whole lists; they stay the same until one is found to differ.
    let mut levels = [0, 1].map(|level| open_runs(search, level));
    for entry in free_entries(search) {
        if !search.is_free_collective(entry) {
            continue;
        }
        let fits = |runs: &[Run]| {
            let fitting = runs.iter().filter(|run| falls_short(search, entry, run));
            fitting.cloned().collect::<Vec<Run>>()
        };
        let found = levels.iter().map(|runs| fits(runs)).find(|runs| !runs.is_empty());
        if let Some([run]) = found.as_deref() {
            differs(search, run, &[entry]);
            levels = [0, 1].map(|level| open_runs(search, level));
        }
    }
}

/// Whether a debit falls short of a run by less than half.
fn falls_short(search: &Search<'_>, entry: usize, run: &Run) -> bool {
    let view = search.entry(entry).entry;
    let larger = run.sum.is_some_and(|sum| sum > view.amount);
    let near = run.sum.is_some_and(|sum| view.amount.plus(view.amount) >= sum);
    let stated = view.batch.as_ref().and_then(|batch| batch.count);
    let count_fits =
        stated.is_none_or(|stated| u64::try_from(run.count).is_ok_and(|own| stated <= own));
    larger && near && count_fits && run.day_fits(search, entry) && run.account_fits(search, entry)
}

/// The runs of which half or more are open; level 0 looks at batches and runs, level 1 at whole lists.
fn open_runs(search: &Search<'_>, level: u8) -> Vec<Run> {
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
            !search.settled.holds(key)
                && members.len() >= 2
                && members.len().saturating_mul(2) >= size
        })
        .map(|(key, members)| match key {
            Key::Order(order, batch) if members.len() == all.get(&key).copied().unwrap_or(0) => {
                ordered_run(search, order, batch).unwrap_or_else(|| rows(search, &members))
            }
            _ => rows(search, &members),
        })
        .collect()
}
