//! Near misses: never credited, shown so that a person need not search.

use std::collections::BTreeMap;

use foldhash::HashSet;

use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::groups::Fits;
use crate::matching::groups::groups;
use crate::matching::lookup::Lookup;
use crate::matching::near_accounts::NearAccounts;
use crate::matching::near_accounts::iban_distance;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::matching::tiers::may_be_without_reference;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::text::FoldedName;
use crate::model::together;

/// Bookings of the same amount to a near account, or under the same name.
pub fn misses(search: &mut Search<'_>) {
    let free = search.free_transfers();
    let open = Open::new(search, &free);
    let free: Vec<usize> =
        free.into_iter().filter(|transfer| open.has_amount_of(search, *transfer)).collect();
    // Names are asked without the account, which is another one anyway.
    let alike = search.alike_by(&free, |transfer| shown_names(search, transfer));
    let asked = together::map_many(&alike, search.threads, |transfers| {
        let first = transfers.first();
        let named = first.map(|first| open.named(search, *first)).unwrap_or_default();
        (open.near(search, transfers), named)
    });
    let mut near = Vec::new();
    let mut weak = Vec::new();
    for ((own_near, named), transfers) in asked.into_iter().zip(alike) {
        near.extend(own_near);
        weak.push(Fits { payments: named, transfers });
    }
    settle(search, near, Flag::AccountDiffers);
    // Whoever is near has been settled.
    for fits in &mut weak {
        fits.payments.retain(|payment| search.is_open(*payment));
        fits.transfers.retain(|transfer| search.is_free(*transfer));
    }
    settle(search, weak, Flag::WeakMatch);
}

/// Open payments that may be meant by bookings. Those of one amount may be thousands, and so may the
/// bookings: what must agree is looked up, not asked of all.
struct Open {
    /// By amount and name.
    by_name: Lookup,
    /// By amount, those with a name that may be cut, or of which others may be.
    long: Lookup,
    /// By amount and account.
    accounts: NearAccounts,
    amounts: HashSet<Amount>,
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
        let accounts = payments.iter().enumerate().filter_map(|(slot, (payment, _))| {
            let owed = search.owed(*payment);
            Some((owed.amount, owed.iban()?, slot))
        });
        let asked = free.iter().filter_map(|free| search.transfer(*free).iban());
        Self {
            by_name: Lookup::new(with_amount().flat_map(|(slot, amount, names)| {
                names.iter().map(move |name| ((amount, name.sorted()), slot))
            })),
            long: Lookup::new(with_amount().filter_map(|(slot, amount, names)| {
                names.iter().any(FoldedName::may_be_cut).then_some((amount, slot))
            })),
            accounts: NearAccounts::new(accounts, asked),
            amounts: numbers.iter().map(|payment| search.owed(*payment).amount).collect(),
            payments,
        }
    }

    /// Whether anybody waits for the amount of a transfer.
    fn has_amount_of(&self, search: &Search<'_>, transfer: usize) -> bool {
        self.amounts.contains(&search.transfer(transfer).amount)
    }

    /// The payments that have the amount and a name of a booking, and that nothing else rules out.
    fn named(&self, search: &Search<'_>, transfer: usize) -> Vec<usize> {
        let amount = search.transfer(transfer).amount;
        let theirs = names_of_booking(search, transfer);
        let mut slots: Vec<usize> = Vec::new();
        for name in &theirs {
            slots.extend(self.by_name.find(&(amount, name.sorted())));
        }
        if theirs.iter().any(FoldedName::may_be_cut) {
            slots.extend(self.long.find(&amount));
        }
        slots.sort_unstable();
        slots.dedup();
        let named = slots.into_iter().filter_map(|slot| self.payments.get(slot));
        let named = named.filter(|(payment, own)| {
            search.owed(*payment).amount == amount
                && agreement(own, &theirs) == Some(true)
                && may_be_without_reference(search, *payment, transfer)
        });
        named.map(|(payment, _)| *payment).collect()
    }

    /// The payments to whose accounts those of bookings are near, if no name is another one; the bookings
    /// differ in nothing but their accounts.
    fn near(&self, search: &Search<'_>, transfers: &[usize]) -> Vec<Fits> {
        let mut by_account: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for transfer in transfers {
            if let Some(iban) = search.transfer(*transfer).iban() {
                by_account.entry(iban.reveal()).or_default().push(*transfer);
            }
        }
        let mut near = Vec::new();
        for transfers in by_account.into_values() {
            let Some(first) = transfers.first().copied() else { continue };
            let view = search.transfer(first);
            let Some(iban) = view.iban() else { continue };
            let is_near =
                |own: Option<&Iban>| own.is_some_and(|own| iban_distance(own, iban).is_some());
            let slots = self.accounts.find(view.amount, iban);
            let found = slots.into_iter().filter_map(|slot| self.payments.get(slot));
            let mut found = found
                .filter(|(payment, _)| {
                    let owed = search.owed(*payment);
                    owed.amount == view.amount && is_near(owed.iban())
                })
                .peekable();
            if found.peek().is_none() {
                continue;
            }
            let theirs = names_of_booking(search, first);
            let found = found.filter(|(payment, own)| {
                agreement(own, &theirs) != Some(false)
                    && may_be_without_reference(search, *payment, first)
            });
            let payments: Vec<usize> = found.map(|(payment, _)| *payment).collect();
            if !payments.is_empty() {
                near.push(Fits { payments, transfers });
            }
        }
        near
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
