//! The rule of counts: a group is decided only if the answer for every member is the same whoever gets
//! which booking; otherwise nobody is picked.
//!
//! What is alike is counted: payments that fit the same transfers, and transfers that fit the same
//! payments, are one class each.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::matching::groups::Group;

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

/// What a count asks of payments and transfers.
pub trait Content {
    /// What an answer depends on, of a payment.
    type Payment: Ord;
    /// The same of a transfer.
    type Transfer: Ord;
    /// What a pair would mean for the payment (in time, late, too late).
    type Answer: PartialEq;

    /// What the answer depends on.
    fn payment(&self, payment: usize) -> Self::Payment;
    /// What the answer depends on.
    fn transfer(&self, transfer: usize) -> Self::Transfer;
    /// What a pair would mean.
    fn answer(&self, payment: &Self::Payment, transfer: &Self::Transfer) -> Self::Answer;
    /// Sorts payments by content, so that the order of rows and files decides nothing.
    fn payment_order(&self, payment: usize) -> impl Ord;
    /// The same for transfers.
    fn transfer_order(&self, transfer: usize) -> impl Ord;
}

/// Counts a group.
pub fn count<C: Content>(group: &Group, content: &C) -> Count {
    let (payments, transfers) = (group.payments.len(), group.transfers.len());
    if payments > transfers {
        return Count::Undecided;
    }
    if let ([payment], [transfer]) = (group.payments.as_slice(), group.transfers.as_slice()) {
        return Count::Paired(vec![(*payment, *transfer)]);
    }
    if group.is_complete() {
        if payments < transfers {
            return Count::Surplus;
        }
        let booked: BTreeSet<C::Transfer> =
            group.transfers.iter().map(|number| content.transfer(*number)).collect();
        let owed: BTreeSet<C::Payment> =
            group.payments.iter().map(|number| content.payment(*number)).collect();
        if owed.iter().any(|owed| differ(content, owed, &mut booked.iter())) {
            return Count::Undecided;
        }
        let mut payments = group.payments.clone();
        payments.sort_by_cached_key(|payment| content.payment_order(*payment));
        let mut transfers = group.transfers.clone();
        transfers.sort_by_cached_key(|transfer| content.transfer_order(*transfer));
        return Count::Paired(payments.into_iter().zip(transfers).collect());
    }
    let mut classes = Classes::new(group, content);
    if !classes.fill() {
        return Count::Undecided;
    }
    if payments < transfers {
        return Count::Surplus;
    }
    if classes.answers_differ(content) {
        return Count::Undecided;
    }
    Count::Paired(classes.pairs())
}

/// Whether transfers mean different things for a payment.
fn differ<'k, C: Content>(
    content: &C,
    owed: &C::Payment,
    booked: &mut dyn Iterator<Item = &'k C::Transfer>,
) -> bool
where
    C::Transfer: 'k,
{
    let mut answers = booked.map(|booked| content.answer(owed, booked));
    let first = answers.next();
    answers.any(|other| first.as_ref() != Some(&other))
}

/// Payments that fit the same transfers and are answered alike.
struct Payers<K> {
    kind: K,
    /// In their order by content.
    members: Vec<usize>,
    /// Numbers of classes of transfers, in their order.
    fitting: Vec<usize>,
}

/// Transfers that fit the same payments and are answered alike.
struct Bookings<L> {
    kind: L,
    /// In their order by content.
    members: Vec<usize>,
    /// How many of them each class of payments has.
    given: BTreeMap<usize, usize>,
}

impl<L> Bookings<L> {
    fn free(&self) -> usize {
        self.members.len().saturating_sub(self.given.values().sum())
    }

    fn of(&self, payers: usize) -> usize {
        self.given.get(&payers).copied().unwrap_or(0)
    }
}

/// A group in which not every transfer fits every payment.
struct Classes<K, L> {
    payers: Vec<Payers<K>>,
    bookings: Vec<Bookings<L>>,
}

impl<K: Ord, L: Ord> Classes<K, L> {
    fn new<C: Content<Payment = K, Transfer = L>>(group: &Group, content: &C) -> Self {
        let mut bookings: Vec<(usize, Bookings<L>)> = Vec::new();
        for (number, fits) in group.fits.iter().enumerate() {
            let mut kinds: BTreeMap<L, Vec<usize>> = BTreeMap::new();
            for transfer in &fits.transfers {
                kinds.entry(content.transfer(*transfer)).or_default().push(*transfer);
            }
            for (kind, mut members) in kinds {
                members.sort_by_cached_key(|transfer| content.transfer_order(*transfer));
                bookings.push((number, Bookings { kind, members, given: BTreeMap::new() }));
            }
        }
        let first = |members: &[usize]| members.first().copied().unwrap_or_default();
        bookings.sort_by_cached_key(|(_, own)| content.transfer_order(first(&own.members)));
        let mut of_fits: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, (fits, _)) in bookings.iter().enumerate() {
            of_fits.entry(*fits).or_default().push(number);
        }
        let mut fitting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, fits) in group.fits.iter().enumerate() {
            for payment in &fits.payments {
                fitting.entry(*payment).or_default().push(number);
            }
        }
        let mut payers: BTreeMap<(K, Vec<usize>), Vec<usize>> = BTreeMap::new();
        for (payment, fitting) in fitting {
            payers.entry((content.payment(payment), fitting)).or_default().push(payment);
        }
        let mut payers: Vec<Payers<K>> = payers
            .into_iter()
            .map(|((kind, fits), mut members)| {
                members.sort_by_cached_key(|payment| content.payment_order(*payment));
                let of = fits.iter().filter_map(|fits| of_fits.get(fits));
                let mut fitting: Vec<usize> = of.flatten().copied().collect();
                fitting.sort_unstable();
                Payers { kind, members, fitting }
            })
            .collect();
        payers.sort_by_cached_key(|own| content.payment_order(first(&own.members)));
        Self { payers, bookings: bookings.into_iter().map(|(_, own)| own).collect() }
    }

    /// Gives every payment a transfer of its own, if that can be.
    fn fill(&mut self) -> bool {
        for payers in 0..self.payers.len() {
            let mut wanting = self.payers.get(payers).map_or(0, |own| own.members.len());
            while wanting > 0 {
                let given = self.give(payers, wanting);
                if given == 0 {
                    return false;
                }
                wanting = wanting.saturating_sub(given);
            }
        }
        true
    }

    /// Gives a class of payments so many transfers or fewer, moving others where that helps; breadth
    /// first, no recursion. Says how many.
    fn give(&mut self, start: usize, wanting: usize) -> usize {
        let mut asked_by: BTreeMap<usize, usize> = BTreeMap::new();
        let mut seen = BTreeSet::from([start]);
        // The bookings that a class would give away for others.
        let mut gives: BTreeMap<usize, usize> = BTreeMap::new();
        let mut open = std::collections::VecDeque::from([start]);
        while let Some(payers) = open.pop_front() {
            let fitting = self.payers.get(payers).map_or(&[] as &[usize], |own| &own.fitting);
            for number in fitting {
                if asked_by.contains_key(number) {
                    continue;
                }
                asked_by.insert(*number, payers);
                let Some(bookings) = self.bookings.get(*number) else { continue };
                if bookings.free() > 0 {
                    return self.shift(*number, start, wanting, &asked_by, &gives);
                }
                for holder in bookings.given.keys() {
                    if seen.insert(*holder) {
                        gives.insert(*holder, *number);
                        open.push_back(*holder);
                    }
                }
            }
        }
        0
    }

    /// Moves transfers along the way from a class that has some left to the class that wants them.
    fn shift(
        &mut self,
        last: usize,
        start: usize,
        wanting: usize,
        asked_by: &BTreeMap<usize, usize>,
        gives: &BTreeMap<usize, usize>,
    ) -> usize {
        // Steps of who takes from where, and what it gives away for it.
        let mut steps: Vec<(usize, usize, Option<usize>)> = Vec::new();
        let mut bookings = last;
        while let Some(payers) = asked_by.get(&bookings).copied() {
            let away = gives.get(&payers).copied().filter(|_| payers != start);
            steps.push((payers, bookings, away));
            match away {
                Some(away) => bookings = away,
                None => break,
            }
        }
        let held = |payers: usize, bookings: usize| {
            self.bookings.get(bookings).map_or(0, |own| own.of(payers))
        };
        let least =
            steps.iter().filter_map(|(payers, _, away)| Some(held(*payers, (*away)?))).min();
        let free = self.bookings.get(last).map_or(0, Bookings::free);
        let moved = free.min(wanting).min(least.unwrap_or(usize::MAX));
        for (payers, bookings, away) in steps {
            if let Some(own) = self.bookings.get_mut(bookings) {
                let given = own.given.entry(payers).or_default();
                *given = given.saturating_add(moved);
            }
            if let Some(own) = away.and_then(|away| self.bookings.get_mut(away)) {
                let left = own.of(payers).saturating_sub(moved);
                if left == 0 {
                    own.given.remove(&payers);
                } else {
                    own.given.insert(payers, left);
                }
            }
        }
        moved
    }

    /// Whether what a payment may have, whoever gets which, means different things for it. A payment may
    /// have another's transfer if that one can be served again, in the end by the first payment's own.
    fn answers_differ<C: Content<Payment = K, Transfer = L>>(&self, content: &C) -> bool {
        let suspicious = self.payers.iter().any(|own| {
            let all = own.fitting.iter().filter_map(|number| self.bookings.get(*number));
            differ(content, &own.kind, &mut all.map(|bookings| &bookings.kind))
        });
        if !suspicious {
            return false;
        }
        // Payments come before transfers.
        let transfers_from = self.payers.len();
        let node = |bookings: usize| transfers_from.saturating_add(bookings);
        let wants = self.payers.iter().enumerate().flat_map(|(number, own)| {
            own.fitting.iter().map(move |bookings| (number, node(*bookings)))
        });
        let holds =
            self.bookings.iter().enumerate().flat_map(|(number, own)| {
                own.given.keys().map(move |payers| (node(number), *payers))
            });
        let steps: Vec<(usize, usize)> = wants.chain(holds).collect();
        let nodes: Vec<usize> = (0..node(self.bookings.len())).collect();
        let component = components(&nodes, &steps);
        self.payers.iter().enumerate().any(|(number, own)| {
            let possible = own.fitting.iter().filter(|bookings| {
                component.get(&number) == component.get(&node(**bookings))
                    || self.bookings.get(**bookings).is_some_and(|own| own.of(number) > 0)
            });
            let possible = possible.filter_map(|bookings| self.bookings.get(*bookings));
            differ(content, &own.kind, &mut possible.map(|bookings| &bookings.kind))
        })
    }

    /// Who got which, the first in order the first that its class has.
    fn pairs(&self) -> Vec<(usize, usize)> {
        let mut next: Vec<usize> = vec![0; self.payers.len()];
        let mut pairs = Vec::new();
        for bookings in &self.bookings {
            let mut transfers = bookings.members.iter();
            for (payers, count) in &bookings.given {
                let (Some(own), Some(from)) = (self.payers.get(*payers), next.get_mut(*payers))
                else {
                    continue;
                };
                let members = own.members.iter().skip(*from).take(*count);
                pairs.extend(members.copied().zip(transfers.by_ref().copied()));
                *from = from.saturating_add(*count);
            }
        }
        pairs.sort_unstable_by_key(|pair| pair.1);
        pairs
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::groups::Fits;
    use crate::matching::groups::groups;
    use crate::matching::groups::of_pairs;

    /// Numbers are their own content.
    struct Plain<F>(F);

    impl<F: Fn(usize, usize) -> u8> Content for Plain<F> {
        type Payment = usize;
        type Transfer = usize;
        type Answer = u8;

        fn payment(&self, payment: usize) -> usize {
            payment
        }

        fn transfer(&self, transfer: usize) -> usize {
            transfer
        }

        fn answer(&self, payment: &usize, transfer: &usize) -> u8 {
            self.0(*payment, *transfer)
        }

        fn payment_order(&self, payment: usize) -> impl Ord {
            payment
        }

        fn transfer_order(&self, transfer: usize) -> impl Ord {
            transfer
        }
    }

    fn counted(pairs: &[(usize, usize)], answer: impl Fn(usize, usize) -> u8) -> Vec<Count> {
        let content = Plain(answer);
        groups(of_pairs(pairs.to_vec())).map(|group| count(&group, &content)).collect()
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

    /// Whether every payment can have a transfer of its own, and whether what any payment may then have
    /// means different things: by trying everything.
    fn tried(pairs: &[(usize, usize)], answer: &impl Fn(usize, usize) -> u8) -> (bool, bool) {
        fn walk(
            left: &[(usize, Vec<usize>)],
            given: &mut Vec<(usize, usize)>,
            all: &mut BTreeSet<(usize, usize)>,
        ) -> bool {
            let Some(((payment, fitting), rest)) = left.split_first() else {
                all.extend(given.iter().copied());
                return true;
            };
            let mut any = false;
            for transfer in fitting {
                if given.iter().all(|pair| pair.1 != *transfer) {
                    given.push((*payment, *transfer));
                    any |= walk(rest, given, all);
                    given.pop();
                }
            }
            any
        }
        let mut of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (payment, transfer) in pairs {
            of.entry(*payment).or_default().push(*transfer);
        }
        let payments: Vec<(usize, Vec<usize>)> = of.into_iter().collect();
        let mut all = BTreeSet::new();
        let any = walk(&payments, &mut Vec::new(), &mut all);
        let mut meant: BTreeMap<usize, BTreeSet<u8>> = BTreeMap::new();
        for (payment, transfer) in all {
            meant.entry(payment).or_default().insert(answer(payment, transfer));
        }
        (any, meant.values().any(|answers| answers.len() > 1))
    }

    #[test]
    fn counting_says_what_trying_everything_says() {
        let mut seed = 5_u64;
        let mut dice = |sides: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % sides
        };
        let mut seen = [0_usize; 3];
        for round in 0..4000 {
            let (payments, transfers, kinds) = (1 + dice(5), 1 + dice(5), 1 + dice(3));
            // Payments and transfers of kinds, as real ones are, with some that differ.
            let fits: Vec<bool> = (0..9).map(|_| dice(3) > 0).collect();
            let odd = dice(3);
            let mut pairs = Vec::new();
            for payment in 0..payments {
                for transfer in 0..transfers {
                    let alike = fits[payment % kinds * 3 + transfer % kinds];
                    let fit = if dice(8) < odd { dice(2) == 0 } else { alike };
                    if fit {
                        pairs.push((payment, transfer));
                    }
                }
            }
            let answer = |payment: usize, transfer: usize| {
                u8::from(round % 2 == 0 && (payment + transfer).is_multiple_of(kinds))
            };
            for group in groups(of_pairs(pairs)) {
                let own: Vec<(usize, usize)> = group.pairs().collect();
                let (any, differ) = tried(&own, &answer);
                let full = group.payments.len() == group.transfers.len();
                match count(&group, &Plain(answer)) {
                    Count::Paired(given) => {
                        assert!(any && full && !(differ && own.len() > 1), "{own:?}");
                        let payments: BTreeSet<usize> = given.iter().map(|pair| pair.0).collect();
                        let transfers: BTreeSet<usize> = given.iter().map(|pair| pair.1).collect();
                        assert_eq!(given.len(), group.payments.len());
                        assert!(payments.len() == given.len() && transfers.len() == given.len());
                        assert!(given.iter().all(|pair| own.contains(pair)));
                        seen[0] += usize::from(own.len() > 1);
                    }
                    Count::Surplus => {
                        assert!(any && group.payments.len() < group.transfers.len(), "{own:?}");
                        seen[1] += 1;
                    }
                    Count::Undecided => {
                        assert!(!any || (full && differ), "{own:?}");
                        seen[2] += 1;
                    }
                }
            }
        }
        assert!(seen.iter().all(|times| *times > 200), "{seen:?}");
    }

    #[test]
    fn many_equal_ones_are_counted() {
        let all: Vec<usize> = (0..30_000).collect();
        let late: Vec<usize> = (30_000..60_000).collect();
        let fits = vec![
            Fits { payments: all.clone(), transfers: all.clone() },
            Fits { payments: all.iter().chain(&late).copied().collect(), transfers: late },
        ];
        let counted: Vec<Count> = groups(fits).map(|group| count(&group, &Many)).collect();
        let [Count::Paired(pairs)] = counted.as_slice() else { panic!("not paired") };
        assert_eq!(pairs.len(), 60_000);
        assert!(pairs.iter().all(|(payment, transfer)| *transfer >= 30_000 || *payment < 30_000));
    }

    /// Thousands that are all answered alike.
    struct Many;

    impl Content for Many {
        type Payment = ();
        type Transfer = ();
        type Answer = ();

        fn payment(&self, _: usize) {}

        fn transfer(&self, _: usize) {}

        fn answer(&self, (): &(), (): &()) {}

        fn payment_order(&self, payment: usize) -> impl Ord {
            payment
        }

        fn transfer_order(&self, transfer: usize) -> impl Ord {
            transfer
        }
    }
}
