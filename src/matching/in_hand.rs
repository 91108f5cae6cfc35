//! Debits in hand that a return may belong to, and which of them it fits best.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::cited::first_day;
use crate::matching::lookup::Lookup;
use crate::matching::named_lists::NamedLists;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::text::FoldedName;

/// A booked debit: somebody's, or nobody's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Debit<'a> {
    /// Whose it is; `None` if no payment claims it.
    pub payment: Option<usize>,
    /// Number of the transfer; `None` for members of a collective debit.
    pub transfer: Option<usize>,
    /// The part of the booking that is meant.
    pub amount: Amount,
    /// What was booked for the payment in all, in one booking or in parts.
    pub whole: Amount,
    /// So many entries of a group that the payment cites: one for all of them.
    pub times: usize,
    /// The first day it is told: nothing comes back before it.
    pub day: NaiveDate,
    /// Where the money went.
    pub iban: Option<&'a Iban>,
}

impl Debit<'_> {
    /// The sum of the entries it stands for.
    fn total(&self) -> Amount {
        let times = i64::try_from(self.times).unwrap_or(i64::MAX);
        Amount::from_cents(self.amount.cents().saturating_mul(times))
    }
}

/// All debits in hand.
#[derive(Debug, Default)]
pub(super) struct InHand<'a> {
    all: Vec<Debit<'a>>,
    by_payment: Lookup,
    by_account: Lookup,
    by_amount: Lookup,
    /// Parts by the amount that was booked for their payment in all.
    by_sum: Lookup,
    /// Those of nobody by their ids.
    by_id: Lookup,
    /// Those of nobody by the lists of payments that their texts name, and these lists by payments.
    named: Vec<Vec<usize>>,
    lists: Lookup,
    /// By amount and name.
    by_name: Lookup,
    /// By amount, those with a name that may be cut, or of which others may be.
    long: Lookup,
}

/// What a return fits: payments, and whether it fits a debit of nobody just as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pick {
    /// Numbers of payments, ascending.
    pub payments: Vec<usize>,
    /// A debit that no payment claims fits as well as theirs.
    pub nobodys: bool,
    /// The amount is that of the debits.
    pub exact: bool,
}

impl Pick {
    /// Whether it fits nothing in hand.
    pub(super) fn is_empty(&self) -> bool {
        self.payments.is_empty() && !self.nobodys
    }
}

/// How well a return fits a debit; the id says most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    id: bool,
    month: u8,
    amount: bool,
    account: bool,
}

impl<'a> InHand<'a> {
    /// Everything that was booked, as the rules left it.
    pub(super) fn new(search: &Search<'a>) -> Self {
        let mut all: Vec<Debit<'a>> = Vec::new();
        let mut parts: Vec<(Amount, usize)> = Vec::new();
        for payment in 0..search.payment_count() {
            let owed = search.owed(payment);
            let Some(found) = search.found.get(payment).filter(|_| owed.part != Part::None) else {
                continue;
            };
            let whole = found.booked();
            if found.claims.len() > 1 {
                let first = all.len();
                parts.extend((first..first + found.claims.len()).map(|slot| (whole, slot)));
            }
            for claim in &found.claims {
                let shown = claim.transfer.and_then(|transfer| search.transfer(transfer).iban());
                all.push(Debit {
                    payment: Some(payment),
                    transfer: claim.transfer,
                    amount: claim.amount,
                    whole,
                    times: 1,
                    day: first_day(search.bank(), claim.entry).unwrap_or(claim.booked_on),
                    iban: shown.or(owed.iban()),
                });
            }
            for (day, times) in found.cited.days(search.bank()) {
                let (iban, amount) = (owed.iban(), owed.amount);
                let payment = Some(payment);
                let whole = amount;
                all.push(Debit { payment, transfer: None, amount, whole, times, day, iban });
            }
        }
        for transfer in search.free_transfers() {
            let view = search.transfer(transfer);
            all.push(Debit {
                payment: None,
                transfer: Some(transfer),
                amount: view.amount,
                whole: view.amount,
                times: 1,
                day: first_day(search.bank(), view.entry).unwrap_or(view.booked_on),
                iban: view.iban(),
            });
        }
        let rows = || all.iter().enumerate();
        let free = || {
            rows()
                .filter(|(_, debit)| debit.payment.is_none())
                .filter_map(|(number, debit)| Some((number, debit.transfer?)))
        };
        let by_payment = Lookup::new(rows().filter_map(|(slot, own)| Some((own.payment?, slot))));
        let by_account =
            Lookup::new(rows().filter_map(|(slot, own)| Some((own.iban?.key(), slot))));
        let by_amount = Lookup::new(rows().map(|(slot, own)| (own.amount, slot)));
        let by_sum = Lookup::new(parts.iter().copied());
        let by_id = Lookup::new(free().filter_map(|(slot, transfer)| {
            Some((search.transfer(transfer).end_to_end_key.as_deref()?, slot))
        }));
        let mut lists = NamedLists::default();
        let mut named: Vec<Vec<usize>> = Vec::new();
        for (slot, transfer) in free() {
            let Some(number) = lists.number(search.told(transfer)) else { continue };
            match named.get_mut(number) {
                Some(own) => own.push(slot),
                None => named.push(vec![slot]),
            }
        }
        let lists = lists.by_payment();
        let names = || {
            rows().flat_map(|(slot, own)| {
                let names = names_of(search, own).filter_map(FoldedName::new);
                names.map(move |name| (own.amount, slot, name))
            })
        };
        let by_name = Lookup::new(
            names().map(|(amount, slot, name)| ((amount, name.sorted().to_owned()), slot)),
        );
        let long = names().filter(|(.., name)| name.may_be_cut());
        let long = Lookup::new(long.map(|(amount, slot, _)| (amount, slot)));
        Self { all, by_payment, by_account, by_amount, by_sum, by_id, named, lists, by_name, long }
    }

    fn debit(&self, slot: usize) -> Option<&Debit<'a>> {
        self.all.get(slot)
    }

    /// What was booked for a payment.
    pub(super) fn of_payment(&self, payment: usize) -> Vec<usize> {
        let own = |slot: &usize| self.debit(*slot).is_some_and(|own| own.payment == Some(payment));
        self.by_payment.find(&payment).filter(own).collect()
    }

    /// What went to an account.
    pub(super) fn to_account(&self, account: &Iban) -> Vec<usize> {
        let own = |slot: &usize| {
            self.debit(*slot).and_then(|own| own.iban).is_some_and(|own| own.same_account(account))
        };
        let mut found: Vec<usize> = self.by_account.find(&account.key()).filter(own).collect();
        if found.is_empty() && !account.has_iban_form() {
            if let Some(german) = account.to_german_iban() {
                found = self.by_account.find(&german.key()).filter(own).collect();
            }
        }
        found
    }

    /// What has an amount.
    pub(super) fn of_amount(&self, amount: Amount) -> Vec<usize> {
        let own = |slot: &usize| self.debit(*slot).is_some_and(|own| own.amount == amount);
        self.by_amount.find(&amount).filter(own).collect()
    }

    /// The parts of payments for which this amount was booked in all.
    pub(super) fn parts_of(&self, amount: Amount) -> Vec<usize> {
        let own = |slot: &usize| self.debit(*slot).is_some_and(|own| own.whole == amount);
        self.by_sum.find(&amount).filter(own).collect()
    }

    /// What has one of these amounts, or is a part of it, and a name that agrees with one of these.
    pub(super) fn of_name(
        &self,
        search: &Search<'_>,
        amounts: &[Amount],
        names: &[FoldedName],
    ) -> Vec<usize> {
        let mut slots: Vec<usize> = Vec::new();
        for amount in amounts {
            for name in names {
                slots.extend(self.by_name.find(&(*amount, name.sorted())));
            }
            if names.iter().any(FoldedName::may_be_cut) {
                slots.extend(self.long.find(amount));
            }
        }
        slots.retain(|slot| self.debit(*slot).is_some_and(|own| amounts.contains(&own.amount)));
        slots.extend(amounts.iter().flat_map(|amount| self.parts_of(*amount)));
        slots.sort_unstable();
        slots.dedup();
        let agrees = |own: &str| {
            FoldedName::new(own).is_some_and(|own| names.iter().any(|other| own.agrees(other)))
        };
        self.only(slots, |debit| names_of(search, debit).any(agrees))
    }

    /// What is nobody's and bears an id.
    pub(super) fn nobodys_with_id(&self, search: &Search<'_>, id: &str) -> Vec<usize> {
        let own = |slot: &usize| {
            let transfer = self.debit(*slot).and_then(|own| own.transfer);
            transfer.is_some_and(|own| search.transfer(own).end_to_end_key.as_deref() == Some(id))
        };
        self.by_id.find(id).filter(own).collect()
    }

    /// What is nobody's and names a payment.
    pub(super) fn nobodys_naming(&self, search: &Search<'_>, payment: usize) -> Vec<usize> {
        let own = |slot: &usize| {
            let transfer = self.debit(*slot).and_then(|own| own.transfer);
            transfer.is_some_and(|own| search.told(own).names(payment))
        };
        let named = self.lists.find(&payment).filter_map(|number| self.named.get(number));
        named.flatten().copied().filter(own).collect()
    }

    /// Those of these that a test holds for.
    pub(super) fn only(&self, slots: Vec<usize>, test: impl Fn(&Debit<'a>) -> bool) -> Vec<usize> {
        slots.into_iter().filter(|slot| self.debit(*slot).is_some_and(&test)).collect()
    }

    /// The payments that these were booked for.
    pub(super) fn payments_of(&self, slots: &[usize]) -> Vec<usize> {
        slots.iter().filter_map(|slot| self.debit(*slot)?.payment).collect()
    }

    /// The sum of some.
    pub(super) fn sum(&self, slots: &[usize]) -> Amount {
        let debits = slots.iter().filter_map(|slot| self.debit(*slot));
        debits.map(Debit::total).sum()
    }

    /// The sum of one, and how many these are.
    pub(super) fn one_of(&self, slots: &[usize]) -> (Amount, usize) {
        let mut debits = slots.iter().filter_map(|slot| self.debit(*slot)).peekable();
        let first = debits.peek().map(|debit| debit.amount).unwrap_or_default();
        (first, debits.map(|debit| debit.times).sum())
    }

    /// The debits among these that a credit fits best, none of them booked after it.
    pub(super) fn best(
        &self,
        search: &Search<'_>,
        credit: usize,
        amounts: &[Amount],
        mut slots: Vec<usize>,
    ) -> Pick {
        slots.sort_unstable();
        slots.dedup();
        let back = search.transfer(credit).booked_on;
        let in_time = slots.into_iter().filter_map(|slot| self.debit(slot));
        let ranked: Vec<(Rank, &Debit<'a>)> = in_time
            .filter(|debit| debit.day <= back)
            .map(|debit| (rank(search, credit, amounts, debit), debit))
            .collect();
        let Some(highest) = ranked.iter().map(|(rank, _)| *rank).max() else {
            return Pick::default();
        };
        let best = || ranked.iter().filter(|(rank, _)| *rank == highest).map(|(_, debit)| *debit);
        // What came back a few days after one debit is not another month's.
        let age = |debit: &Debit<'_>| back.signed_duration_since(debit.day).num_days();
        let one_is_fresh = best().any(|debit| age(debit) <= FRESH);
        let kept = best().filter(|debit| !one_is_fresh || age(debit) <= OLD);
        let mut payments = BTreeSet::new();
        let mut nobodys = false;
        for debit in kept {
            match debit.payment {
                Some(payment) => {
                    payments.insert(payment);
                }
                None => nobodys = true,
            }
        }
        Pick { payments: payments.into_iter().collect(), nobodys, exact: highest.amount }
    }
}

/// Amounts under which a debit may come back: its own, that of the booking it is a part of, that of all
/// bookings of its payment.
pub(super) fn wholes(search: &Search<'_>, debit: &Debit<'_>) -> [Amount; 3] {
    let booking = debit.transfer.map_or(debit.amount, |own| search.transfer(own).amount);
    [debit.amount, booking, debit.whole]
}

/// The names under which a debit went out.
pub(super) fn names_of<'a>(
    search: &Search<'a>,
    debit: &Debit<'_>,
) -> impl Iterator<Item = &'a str> {
    let row = debit.payment.map(|payment| search.owed(payment).payment);
    let own = row.into_iter().flat_map(|row| row.payee.iter().chain(&row.beneficiary));
    let nobodys = debit.transfer.filter(|_| debit.payment.is_none());
    let shown = nobodys.into_iter().flat_map(|transfer| search.transfer(transfer).names());
    own.map(String::as_str).chain(shown)
}

/// Within so many days a bank sends back what it cannot credit.
const FRESH: i64 = 14;
/// A debit older than this is another month's, if there is a fresh one.
const OLD: i64 = 20;

fn rank(search: &Search<'_>, credit: usize, amounts: &[Amount], debit: &Debit<'_>) -> Rank {
    let view = search.transfer(credit);
    let id = view.end_to_end_key.as_deref();
    let own: Option<&Cow<'_, str>> =
        debit.transfer.and_then(|transfer| search.transfer(transfer).end_to_end_key.as_ref());
    let owed = debit.payment.and_then(|payment| search.owed(payment).end_to_end_key.as_ref());
    let same_id = |own: &Cow<'_, str>| id == Some(own.as_ref());
    Rank {
        id: own.or(owed).is_some_and(same_id),
        month: month(search, credit, debit),
        // What came back in one sum fits a payment that was booked in parts as well as any other.
        amount: amounts.contains(&debit.amount) || amounts.contains(&debit.whole),
        account: debit.iban.is_some_and(|own| view.ibans().any(|other| other.same_account(own))),
    }
}

/// Whether the months that a credit names are the debit's (2), are not (0), or neither is said.
fn month(search: &Search<'_>, credit: usize, debit: &Debit<'_>) -> u8 {
    let named = search.months(credit);
    if named.is_empty() {
        return 1;
    }
    let own = debit.transfer.map_or(&[] as &[_], |transfer| search.months(transfer));
    if own.is_empty() {
        let allowed = debit.payment.is_none_or(|payment| search.month_allows(payment, credit));
        return u8::from(allowed);
    }
    let agree = named.iter().any(|named| {
        own.iter().any(|own| {
            own.number == named.number
                && (own.year.is_none() || named.year.is_none() || own.year == named.year)
        })
    });
    if agree { 2 } else { 0 }
}
