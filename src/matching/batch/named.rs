//! Collective debits that name a batch or message of an order.

use crate::matching::batch::run::Run;
use crate::matching::batch::run::free_or_nameless;
use crate::matching::batch::run::ordered_runs;
use crate::matching::batch::settle::differs;
use crate::matching::batch::settle::mark;
use crate::matching::batch::settle::pay;
use crate::matching::batch::settle::pay_in_pieces;
use crate::matching::batch::settle::settle_pairs;
use crate::matching::findings::EntryUse;
use crate::matching::findings::Flag;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;
use crate::model::text::reference_words;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The ids an entry names, as they are compared.
struct Ids {
    /// Those in elements of their own for batch and message.
    stated: BTreeSet<String>,
    /// Those in texts and in elements that may hold anything.
    written: BTreeSet<String>,
}

impl Ids {
    fn of(search: &Search<'_>, entry: usize) -> Self {
        let view = search.entry(entry).entry;
        let batch = view.batch.as_ref();
        let mut stated: Vec<Option<&str>> = vec![
            batch.and_then(|batch| batch.payment_info_id.as_deref()),
            batch.and_then(|batch| batch.message_id.as_deref()),
        ];
        let mut written: Vec<Option<&str>> = Vec::new();
        let mut words = Vec::new();
        for detail in &view.details {
            stated.extend([detail.payment_info_id.as_deref(), detail.message_id.as_deref()]);
            written.extend([detail.instruction_id.as_deref(), detail.end_to_end_id.as_deref()]);
            // A column for references of the bank may hold those of the order.
            for text in [&detail.remittance, &detail.unread].into_iter().flatten() {
                words.extend(reference_words(text));
            }
        }
        let keys = |ids: Vec<Option<&str>>| -> BTreeSet<String> {
            let real = ids.into_iter().flatten().filter(|id| !is_placeholder(id));
            real.map(reference_key).collect()
        };
        let mut ids = Self { stated: keys(stated), written: keys(written) };
        // Ids in free text may be broken up by blanks and marks.
        for start in 0..words.len() {
            let mut key = String::new();
            for word in words.iter().skip(start).take(8) {
                key.push_str(word);
                ids.written.insert(key.clone());
            }
        }
        // A batch may be called "2", and a text may say 2 for anything.
        ids.written.retain(|key| key.len() >= SHORTEST);
        ids
    }

    fn find<'a>(&self, index: &'a BTreeMap<String, Vec<usize>>) -> Option<&'a Vec<usize>> {
        self.stated.iter().chain(&self.written).find_map(|id| index.get(id))
    }
}

/// An id that is shorter means a batch only in an element of its own.
const SHORTEST: usize = 6;

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
    for entry in free_or_nameless(search) {
        let ids = Ids::of(search, entry);
        let (of_batch, of_message) = (ids.find(&by_batch), ids.find(&by_message));
        let candidates: Vec<usize> = match (of_batch, of_message) {
            // Of batches with one name that of the message.
            (Some(batches), Some(message)) => {
                let both: Vec<usize> =
                    batches.iter().copied().filter(|batch| message.contains(batch)).collect();
                if both.is_empty() { batches.clone() } else { both }
            }
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => continue,
        };
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
        names: Vec::new(),
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
