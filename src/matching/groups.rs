//! Groups of payments and bookings that fit each other, and the rule of counts.
//!
//! A group is decided only if the answer for every member is the same whoever gets which
//! booking; otherwise nobody is picked.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::Range;

/// Payments and transfers joined by fitting pairs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Numbers of payments, each once, ascending.
    pub payments: Vec<usize>,
    /// Numbers of transfers, each once, ascending.
    pub transfers: Vec<usize>,
    /// The fitting pairs.
    pub pairs: Vec<(usize, usize)>,
}

/// What counting says about a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// Every payment has its booking; who got which makes no difference.
    Paired(Vec<(usize, usize)>),
    /// More bookings than payments, and every payment has one.
    Surplus,
    /// Anything else: nobody is picked.
    Undecided,
}

/// Joins fitting pairs (payment, transfer) to groups, in the order of their first pairs.
pub fn groups(mut pairs: Vec<(usize, usize)>) -> impl Iterator<Item = Group> {
    pairs.sort_unstable();
    pairs.dedup();
    // Transfers are joined by the payments they have in common.
    let mut transfers: Vec<usize> = Vec::new();
    for (_, transfer) in &pairs {
        // Of large groups every payment names the same again.
        if transfers.len() == transfers.capacity() {
            transfers.sort_unstable();
            transfers.dedup();
        }
        transfers.push(*transfer);
    }
    transfers.sort_unstable();
    transfers.dedup();
    let node = |transfer: usize| transfers.binary_search(&transfer).unwrap_or(0);
    let mut parent: Vec<usize> = (0..transfers.len()).collect();
    for of_payment in of_payments(&pairs) {
        let mut before: Option<usize> = None;
        for (_, transfer) in of_payment {
            let own = root(&mut parent, node(*transfer));
            let first = before.map_or(own, |before| before.min(own));
            if let Some(slot) = before.and_then(|before| parent.get_mut(before.max(own))) {
                *slot = first;
            }
            before = Some(first);
        }
    }
    // Groups are numbered as they begin; with each payment its number and where its pairs are.
    let mut numbers: Vec<Option<usize>> = vec![None; transfers.len()];
    let mut begun = 0_usize;
    let mut begin = 0_usize;
    let mut payments: Vec<(usize, Range<usize>)> = Vec::new();
    for of_payment in of_payments(&pairs) {
        let end = begin.saturating_add(of_payment.len());
        let root = of_payment.first().map(|pair| root(&mut parent, node(pair.1)));
        if let Some(slot) = root.and_then(|root| numbers.get_mut(root)) {
            let number = *slot.get_or_insert_with(|| {
                begun = begun.saturating_add(1);
                begun
            });
            payments.push((number, begin..end));
        }
        begin = end;
    }
    payments.sort_by_key(|payment| payment.0);
    let mut rest = payments.into_iter().peekable();
    std::iter::from_fn(move || {
        let (number, own) = rest.next()?;
        let mut group = Group { pairs: pairs.get(own)?.to_vec(), ..Group::default() };
        while let Some((_, own)) = rest.next_if(|next| next.0 == number) {
            group.pairs.extend_from_slice(pairs.get(own)?);
        }
        group.payments = of_payments(&group.pairs).filter_map(|of| Some(of.first()?.0)).collect();
        group.transfers = group.pairs.iter().map(|pair| pair.1).collect();
        group.transfers.sort_unstable();
        group.transfers.dedup();
        Some(group)
    })
}

/// The pairs of each payment, which stand side by side.
fn of_payments(pairs: &[(usize, usize)]) -> impl Iterator<Item = &[(usize, usize)]> {
    pairs.chunk_by(|left, right| left.0 == right.0)
}

fn root(parent: &mut [usize], mut node: usize) -> usize {
    while let Some(next) = parent.get(node).copied().filter(|next| *next != node) {
        let grand = parent.get(next).copied().unwrap_or(next);
        if let Some(slot) = parent.get_mut(node) {
            *slot = grand;
        }
        node = next;
    }
    node
}

/// Counts a group. `answer` is what a pair would mean for the payment (in time, late, too late);
/// `payment_order` and `transfer_order` sort by content, so that the order of rows and files
/// decides nothing.
pub fn count<A: PartialEq, P: Ord, T: Ord>(
    group: &Group,
    answer: impl Fn(usize, usize) -> A,
    payment_order: impl Fn(usize) -> P,
    transfer_order: impl Fn(usize) -> T,
) -> Count {
    let (payments, transfers) = (group.payments.len(), group.transfers.len());
    if payments > transfers {
        return Count::Undecided;
    }
    if payments == 1 && transfers == 1 {
        return Count::Paired(group.pairs.clone());
    }
    let Some(pairs) = full_pairing(group, payment_order, transfer_order) else {
        return Count::Undecided;
    };
    if payments < transfers {
        return Count::Surplus;
    }
    let differ = |pairs: &[(usize, usize)]| {
        of_payments(pairs).any(|of_payment| {
            let mut answers =
                of_payment.iter().map(|(payment, transfer)| answer(*payment, *transfer));
            let first = answers.next();
            answers.any(|other| first.as_ref() != Some(&other))
        })
    };
    let complete = group.pairs.len() == payments.saturating_mul(transfers);
    if differ(&group.pairs) && (complete || differ(&possible(group, &pairs))) {
        return Count::Undecided;
    }
    Count::Paired(pairs)
}

/// The fitting pairs that some full pairing has, given one: a payment may have another's transfer if
/// that one can be served again, in the end by the first payment's own.
fn possible(group: &Group, pairing: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let holder: BTreeMap<usize, usize> =
        pairing.iter().map(|(payment, transfer)| (*transfer, *payment)).collect();
    let steps: Vec<(usize, usize)> = group
        .pairs
        .iter()
        .filter_map(|(payment, transfer)| Some((*payment, *holder.get(transfer)?)))
        .collect();
    let component = components(&group.payments, &steps);
    let of = |payment: &usize| component.get(payment);
    let same = |(payment, transfer): &&(usize, usize)| {
        holder.get(transfer).is_some_and(|other| of(payment) == of(other))
    };
    group.pairs.iter().filter(same).copied().collect()
}

/// For every node the number of the circle of steps that it lies in.
fn components(nodes: &[usize], steps: &[(usize, usize)]) -> BTreeMap<usize, usize> {
    let mut onward: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut back: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in steps {
        onward.entry(*from).or_default().push(*to);
        back.entry(*to).or_default().push(*from);
    }
    // In the order in which nothing new is reached from them, then backwards from the last.
    let mut seen = BTreeSet::new();
    let mut finished = Vec::new();
    for node in nodes {
        let mut stack = vec![(*node, false)];
        while let Some((node, done)) = stack.pop() {
            if done {
                finished.push(node);
            } else if seen.insert(node) {
                stack.push((node, true));
                let next = onward.get(&node).into_iter().flatten();
                stack.extend(next.filter(|next| !seen.contains(*next)).map(|next| (*next, false)));
            }
        }
    }
    let mut component = BTreeMap::new();
    for (number, node) in finished.into_iter().rev().enumerate() {
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            if component.contains_key(&node) {
                continue;
            }
            component.insert(node, number);
            stack.extend(back.get(&node).into_iter().flatten());
        }
    }
    component
}

/// A pairing in which every payment has its own transfer, if there is one.
fn full_pairing<P: Ord, T: Ord>(
    group: &Group,
    payment_order: impl Fn(usize) -> P,
    transfer_order: impl Fn(usize) -> T,
) -> Option<Vec<(usize, usize)>> {
    let mut payments = group.payments.clone();
    payments.sort_by_cached_key(|payment| payment_order(*payment));
    let complete = group.pairs.len() == group.payments.len().saturating_mul(group.transfers.len());
    if complete {
        let mut transfers = group.transfers.clone();
        transfers.sort_by_cached_key(|transfer| transfer_order(*transfer));
        return Some(payments.into_iter().zip(transfers).collect());
    }
    let mut fitting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (payment, transfer) in &group.pairs {
        fitting.entry(*payment).or_default().push(*transfer);
    }
    for transfers in fitting.values_mut() {
        transfers.sort_by_cached_key(|transfer| transfer_order(*transfer));
    }
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut held: BTreeMap<usize, usize> = BTreeMap::new();
    for payment in &payments {
        if !augment(*payment, &fitting, &mut taken, &mut held) {
            return None;
        }
    }
    Some(taken.into_iter().map(|(transfer, payment)| (payment, transfer)).collect())
}

/// Finds a transfer for a payment, moving others where that helps; breadth first, no recursion.
fn augment(
    start: usize,
    fitting: &BTreeMap<usize, Vec<usize>>,
    taken: &mut BTreeMap<usize, usize>,
    held: &mut BTreeMap<usize, usize>,
) -> bool {
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open = std::collections::VecDeque::from([start]);
    while let Some(payment) = open.pop_front() {
        for transfer in fitting.get(&payment).into_iter().flatten() {
            if came_from.contains_key(transfer) {
                continue;
            }
            came_from.insert(*transfer, payment);
            let Some(holder) = taken.get(transfer).copied() else {
                let mut transfer = *transfer;
                while let Some(payment) = came_from.get(&transfer).copied() {
                    let before = held.insert(payment, transfer);
                    taken.insert(transfer, payment);
                    match before {
                        Some(before) if payment != start => transfer = before,
                        _ => break,
                    }
                }
                return true;
            };
            open.push_back(holder);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(pairs: &[(usize, usize)], answer: impl Fn(usize, usize) -> u8) -> Vec<Count> {
        groups(pairs.to_vec())
            .map(|group| count(&group, &answer, |payment| payment, |transfer| transfer))
            .collect()
    }

    #[test]
    fn one_to_one_and_twins() {
        assert_eq!(counted(&[(0, 0)], |_, _| 0), [Count::Paired(vec![(0, 0)])]);
        let twins = [(0, 0), (0, 1), (1, 0), (1, 1)];
        assert_eq!(counted(&twins, |_, _| 0), [Count::Paired(vec![(0, 0), (1, 1)])]);
    }

    #[test]
    fn nobody_is_picked() {
        assert_eq!(counted(&[(0, 0), (1, 0)], |_, _| 0), [Count::Undecided]);
        let twins = [(0, 0), (0, 1), (1, 0), (1, 1)];
        let by_transfer = |_: usize, transfer: usize| u8::try_from(transfer).unwrap();
        assert_eq!(counted(&twins, by_transfer), [Count::Undecided]);
        // Three payments want the same two bookings, a fourth has one of its own besides.
        let uneven = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2)];
        assert_eq!(counted(&uneven, |_, _| 0), [Count::Undecided]);
    }

    #[test]
    fn only_pairs_of_full_pairings_count() {
        // The first booking fits one payment only, so that the other has the second, late as it is.
        let late = |_: usize, transfer: usize| u8::try_from(transfer).unwrap();
        let pairs = [(0, 0), (0, 1), (1, 1)];
        assert_eq!(counted(&pairs, late), [Count::Paired(vec![(0, 0), (1, 1)])]);
        // Three that may change in a circle.
        let circle = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 0)];
        assert_eq!(counted(&circle, late), [Count::Undecided]);
    }

    #[test]
    fn surplus_and_moved_pairs() {
        assert_eq!(counted(&[(0, 0), (0, 1)], |_, _| 0), [Count::Surplus]);
        let chain = [(0, 0), (0, 1), (1, 0)];
        assert_eq!(counted(&chain, |_, _| 0), [Count::Paired(vec![(1, 0), (0, 1)])]);
        let longer = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0)];
        let Count::Paired(pairs) = counted(&longer, |_, _| 0).remove(0) else { panic!() };
        assert_eq!(pairs, [(2, 0), (0, 1), (1, 2)]);
    }
}
