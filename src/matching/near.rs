//! Near misses: never credited, shown so that a person need not search.

use crate::matching::findings::Failure;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::groups::Fits;
use crate::matching::groups::groups;
use crate::matching::lookup::Lookup;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::matching::tiers::may_be_without_reference;
use crate::model::iban::Iban;
use crate::model::text::FoldedName;
use crate::model::text::fold_words;
use crate::model::together;

/// In how many characters two account numbers differ, if they are near: at most two characters,
/// or two neighbours swapped.
pub fn iban_distance(left: &Iban, right: &Iban) -> Option<usize> {
    let (left, right) = (left.reveal().as_bytes(), right.reveal().as_bytes());
    if left.len() != right.len() {
        // One character lost or doubled.
        let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
        if long.len().saturating_sub(short.len()) != 1 {
            return None;
        }
        let head = short.iter().zip(long).take_while(|(a, b)| a == b).count();
        let rest = short.len().saturating_sub(head);
        let same_tail =
            short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
        return (same_tail >= rest).then_some(1);
    }
    let differing = left.iter().zip(right).filter(|(a, b)| a != b).count();
    (1..=2).contains(&differing).then_some(differing)
}

/// Bookings of the same amount to a near account, or under the same name.
pub fn misses(search: &mut Search<'_>) {
    let free = search.free_transfers();
    let open = Open::new(search, &free);
    let alike = search.alike_by(&free, |transfer| shown_names(search, transfer));
    let found = together::map_many(&alike, search.threads, |transfers| {
        transfers.first().map(|first| open.near(search, *first)).unwrap_or_default()
    });
    let mut near = Vec::new();
    let mut weak = Vec::new();
    for ((own_near, own_weak), transfers) in found.into_iter().zip(alike) {
        weak.push(Fits { payments: own_weak, transfers: transfers.clone() });
        near.push(Fits { payments: own_near, transfers });
    }
    settle(search, near, Flag::AccountDiffers);
    for fits in &mut weak {
        fits.payments.retain(|payment| search.is_open(*payment));
        fits.transfers.retain(|transfer| search.is_free(*transfer));
    }
    settle(search, weak, Flag::WeakMatch);
}

/// Open payments that may be meant by bookings. Those of one amount may be thousands, and so may the
/// bookings: what must agree is looked up, not asked of all.
struct Open {
    /// Numbers in the vectors by amount.
    by_amount: Lookup,
    /// By amount and name.
    by_name: Lookup,
    /// By amount, those with a name that may be cut, or of which others may be.
    long: Lookup,
    /// By amount, those without a name.
    nameless: Lookup,
    payments: Vec<(usize, Vec<FoldedName>)>,
}

impl Open {
    fn new(search: &Search<'_>, free: &[usize]) -> Self {
        let wanted = Lookup::new(free.iter().map(|free| (search.transfer(*free).amount, *free)));
        let numbers: Vec<usize> = (0..search.payment_count())
            .filter(|payment| {
                let owed = search.owed(*payment);
                let takes_part = matches!(owed.part, Part::Full | Part::Blocked);
                let may_be = |free: usize| search.transfer(free).amount == owed.amount;
                takes_part && search.is_open(*payment) && wanted.find(&owed.amount).any(may_be)
            })
            .collect();
        let payments = together::map_many(&numbers, search.threads, |payment| {
            (*payment, names_of_payment(search, *payment))
        });
        let with_amount = || {
            let amount = |payment: usize| search.owed(payment).amount;
            let all = payments.iter().enumerate();
            all.map(move |(slot, (payment, names))| (slot, amount(*payment), names))
        };
        Self {
            by_amount: Lookup::new(with_amount().map(|(slot, amount, _)| (amount, slot))),
            by_name: Lookup::new(with_amount().flat_map(|(slot, amount, names)| {
                names.iter().map(move |name| ((amount, name.sorted()), slot))
            })),
            long: Lookup::new(with_amount().filter_map(|(slot, amount, names)| {
                names.iter().any(FoldedName::may_be_cut).then_some((amount, slot))
            })),
            nameless: Lookup::new(
                with_amount()
                    .filter_map(|(slot, amount, names)| names.is_empty().then_some((amount, slot))),
            ),
            payments,
        }
    }

    /// The payments that a booking is near, and those that only its name fits.
    fn near(&self, search: &Search<'_>, transfer: usize) -> (Vec<usize>, Vec<usize>) {
        let view = search.transfer(transfer);
        let theirs = names_of_booking(search, transfer);
        let mut slots: Vec<usize> = Vec::new();
        if theirs.is_empty() {
            slots.extend(self.by_amount.find(&view.amount));
        } else {
            slots.extend(self.nameless.find(&view.amount));
            for name in &theirs {
                slots.extend(self.by_name.find(&(view.amount, name.sorted())));
            }
            if theirs.iter().any(FoldedName::may_be_cut) {
                slots.extend(self.long.find(&view.amount));
            }
            slots.sort_unstable();
            slots.dedup();
        }
        let (mut near, mut weak) = (Vec::new(), Vec::new());
        for (payment, own) in slots.into_iter().filter_map(|slot| self.payments.get(slot)) {
            let owed = search.owed(*payment);
            let names = agreement(own, &theirs);
            if names == Some(false) || owed.amount != view.amount {
                continue;
            }
            let distance = match (owed.iban(), view.iban()) {
                (Some(own), Some(other)) => iban_distance(own, other),
                _ => None,
            };
            if (distance.is_none() && names.is_none())
                || !may_be_without_reference(search, *payment, transfer)
            {
                continue;
            }
            let payments = if distance.is_some() { &mut near } else { &mut weak };
            payments.push(*payment);
        }
        (near, weak)
    }
}

fn names_of_payment(search: &Search<'_>, payment: usize) -> Vec<FoldedName> {
    let row = search.owed(payment).payment;
    row.payee.iter().chain(&row.beneficiary).filter_map(|name| FoldedName::new(name)).collect()
}

/// Names of the other side as the booking shows them.
fn shown_names<'a>(search: &Search<'a>, transfer: usize) -> [Option<&'a str>; 2] {
    let view = search.transfer(transfer);
    [view.name(), view.detail.and_then(|detail| detail.ultimate_counterparty.as_deref())]
}

fn names_of_booking(search: &Search<'_>, transfer: usize) -> Vec<FoldedName> {
    shown_names(search, transfer).into_iter().flatten().filter_map(FoldedName::new).collect()
}

/// Whether the booking's name is the payee's or the beneficiary's; `None` if a side names nobody.
fn agreement(own: &[FoldedName], theirs: &[FoldedName]) -> Option<bool> {
    if own.is_empty() || theirs.is_empty() {
        return None;
    }
    Some(own.iter().any(|own| theirs.iter().any(|other| own.agrees(other))))
}

/// One payment and one booking: the flag. Several of either: nobody is picked.
fn settle(search: &mut Search<'_>, fits: Vec<Fits>, flag: Flag) {
    for group in groups(fits) {
        let single = group.payments.len() == 1 && group.transfers.len() == 1;
        let note = Note::Group(group.payments.len(), group.transfers.len());
        if single && flag == Flag::AccountDiffers {
            for (payment, transfer) in group.pairs() {
                search.claim(payment, transfer, Link::NameAndAmount);
            }
        } else {
            for fits in &group.fits {
                search.cite_all(&fits.payments, &fits.transfers);
            }
        }
        for payment in &group.payments {
            let found = search.found(*payment);
            found.flag(if single { flag } else { Flag::Ambiguous });
            if !single {
                found.notes.push(note.clone());
            }
        }
    }
}

/// For payments without any booking: the nearest one, and the first thing that keeps it away.
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
    let at_hand = AtHand::new(search, &free);
    let nearest =
        together::map_many(&open, search.threads, |payment| at_hand.nearest(search, *payment));
    for (payment, nearest) in open.into_iter().zip(nearest) {
        if let Some((entry, failure)) = nearest {
            search.found(payment).notes.push(Note::Candidate(entry, failure));
        }
    }
}

/// Bookings that nobody claimed, by what they have in common with payments.
struct AtHand {
    by_account: Lookup,
    by_named: Lookup,
    /// Numbers in the vector by amount and a word of the name.
    by_amount_and_word: Lookup,
    /// Bookings with the words of their names.
    words: Vec<(usize, Vec<String>)>,
}

impl AtHand {
    fn new(search: &Search<'_>, free: &[usize]) -> Self {
        let accounts = free.iter().filter_map(|free| Some((search.transfer(*free).iban()?, *free)));
        let words = together::map_many(free, search.threads, |free| {
            let name = search.transfer(*free).name();
            let mut words = name.map(fold_words).unwrap_or_default();
            words.retain(|word| word.len() > 2);
            (*free, words)
        });
        let with_amount = words.iter().enumerate().flat_map(|(slot, (free, words))| {
            let amount = search.transfer(*free).amount;
            words.iter().map(move |word| ((amount, word), slot))
        });
        let by_amount_and_word = Lookup::new(with_amount);
        let named = free.iter().flat_map(|free| {
            let naming = search.naming(*free);
            naming.candidates.iter().chain(naming.several.iter()).map(|payment| (*payment, *free))
        });
        Self {
            by_account: Lookup::new(accounts),
            by_named: Lookup::new(named),
            by_amount_and_word,
            words,
        }
    }

    /// The entry that is nearest to a payment, and what keeps it away.
    fn nearest(&self, search: &Search<'_>, payment: usize) -> Option<(usize, Failure)> {
        let owed = search.owed(payment);
        let names = |transfer: &usize| search.naming(*transfer).names(payment);
        let mut near: Vec<usize> = self.by_named.find(&payment).filter(names).collect();
        if let Some(iban) = owed.iban() {
            let same = |transfer: &usize| search.transfer(*transfer).iban() == Some(iban);
            near.extend(self.by_account.find(iban).filter(same));
        }
        for word in owed.payment.account_holder().map(fold_words).unwrap_or_default() {
            let named = self.by_amount_and_word.find(&(owed.amount, &word));
            let named = named.filter_map(|slot| self.words.get(slot));
            let same = named.filter(|(transfer, words)| {
                search.transfer(*transfer).amount == owed.amount && words.contains(&word)
            });
            near.extend(same.map(|(transfer, _)| *transfer));
        }
        near.sort_unstable();
        near.dedup();
        let best = near.into_iter().min_by_key(|transfer| {
            let view = search.transfer(*transfer);
            let points = u8::from(owed.amount == view.amount)
                + u8::from(owed.account_agrees(view.iban()))
                + u8::from(search.naming(*transfer).names(payment));
            let away = view.booked_on.signed_duration_since(owed.dates.due).num_days().abs();
            (std::cmp::Reverse(points), away, search.transfer_order(*transfer))
        })?;
        Some((search.transfer(best).entry, first_failure(search, payment, best)))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_accounts() {
        for (left, right, expected) in [
            ("DE02120300000000202051", "DE02120300000000202051", None),
            ("DE02120300000000202051", "DE02120300000000202061", Some(1)),
            ("DE02120300000000202051", "DE02120300000000202015", Some(2)),
            ("DE02120300000000202051", "DE0212030000000020205", Some(1)),
            ("DE02120300000000202051", "DE02120300000000209999", None),
        ] {
            let iban = |text: &str| Iban::read(text).unwrap();
            assert_eq!(iban_distance(&iban(left), &iban(right)), expected, "{left} {right}");
        }
    }
}
