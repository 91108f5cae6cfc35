//! The tiers of the contract: end-to-end id, reference, account and amount.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::groups::Fits;
use crate::matching::lookup::Lookup;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::model::iban::Iban;
use crate::model::text::names_agree;
use crate::model::together;

/// Transfers that one thread looks at before it takes more.
const AT_A_TIME: usize = 512;

/// Payments and transfers that fit.
#[derive(Default)]
struct Fitting {
    /// The payments are open.
    open: Vec<Fits>,
    /// They have their bookings already.
    surplus: Vec<Fits>,
}

/// The payments that a transfer fits.
#[derive(Default)]
struct Payers {
    open: Vec<usize>,
    surplus: Vec<usize>,
}

/// What `look` finds for the free transfers that may fit somebody at all, in their order; those that are
/// alike are looked at once, and threads share them.
fn fitting(
    search: &Search<'_>,
    may: impl Fn(&usize) -> bool,
    look: impl Fn(usize, &mut Payers) + Sync,
) -> Fitting {
    let mut free = search.free_transfers();
    free.retain(may);
    let alike = search.alike(&free);
    let parts: Vec<&[Vec<usize>]> = alike.chunks(AT_A_TIME).collect();
    let found = together::map(&parts, search.threads, |part| {
        let mut found = Fitting::default();
        for transfers in *part {
            let Some(first) = transfers.first() else { continue };
            let mut payers = Payers::default();
            look(*first, &mut payers);
            for (payments, found) in
                [(payers.open, &mut found.open), (payers.surplus, &mut found.surplus)]
            {
                if !payments.is_empty() {
                    found.push(Fits { payments, transfers: transfers.clone() });
                }
            }
        }
        found
    });
    let mut all = Fitting::default();
    for part in found {
        all.open.extend(part.open);
        all.surplus.extend(part.surplus);
    }
    all
}

/// Tier 1: end-to-end id, amount, and an account that is not another one.
pub fn by_end_to_end_id(search: &mut Search<'_>) {
    let by_key = Lookup::shared(search.payment_count(), search.threads, |number| {
        let owed = search.owed(number);
        owed.end_to_end_key.as_deref().filter(|_| owed.part != Part::None)
    });
    let may = |transfer: &usize| {
        let key = search.transfer(*transfer).end_to_end_key.as_deref();
        key.is_some_and(|key| by_key.find(key).next().is_some())
    };
    let Fitting { open, surplus } = fitting(search, may, |transfer, found| {
        let view = search.transfer(transfer);
        let Some(key) = view.end_to_end_key.as_deref() else { return };
        for payment in by_key.find(key) {
            let owed = search.owed(payment);
            let fits = owed.end_to_end_key.as_deref() == Some(key)
                && owed.part != Part::None
                && owed.amount == view.amount
                && owed.account_allows(view.iban())
                && id_means_run(search, payment, transfer);
            if fits && search.is_open(payment) {
                found.open.push(payment);
            } else if fits {
                found.surplus.push(payment);
            }
        }
    });
    search.settle(without_next_run(search, open), Link::EndToEndId);
    claim_surplus(search, surplus, Link::EndToEndId);
}

/// Whether a booking under the payment's own id may be this month's: one id for all months names none,
/// so that another month in the text decides.
pub fn id_means_run(search: &Search<'_>, payment: usize, transfer: usize) -> bool {
    let owed = search.owed(payment);
    owed.window_holds(search.transfer(transfer).booked_on)
        && (search.month_allows(payment, transfer)
            || !(owed.id_names_no_month() || search.id_was_used_before(payment)))
}

/// Leaves out bookings beyond the middle of the month where the payment has an earlier one: the
/// next run may repeat the id of this one.
fn without_next_run(search: &Search<'_>, mut all: Vec<Fits>) -> Vec<Fits> {
    // Transfers that are alike are of one day.
    let holds = |payment: usize, transfers: &[usize]| {
        let day = transfers.first().map(|transfer| search.transfer(*transfer).booked_on);
        day.is_some_and(|day| search.owed(payment).run_holds(day))
    };
    let mut early = BTreeSet::new();
    let mut any_is_late = false;
    for fits in &all {
        for payment in &fits.payments {
            if holds(*payment, &fits.transfers) {
                early.insert(*payment);
            } else {
                any_is_late = true;
            }
        }
    }
    if any_is_late {
        for Fits { payments, transfers } in &mut all {
            payments.retain(|payment| holds(*payment, transfers) || !early.contains(payment));
        }
        all.retain(|fits| !fits.payments.is_empty());
    }
    all
}

/// Gives transfers of this run to payments that have their booking already: they were paid more
/// than once.
fn claim_surplus(search: &mut Search<'_>, surplus: Vec<Fits>, link: Link) {
    let mut single: BTreeMap<usize, usize> = BTreeMap::new();
    let mut several: Vec<Fits> = Vec::new();
    for Fits { mut payments, mut transfers } in surplus {
        transfers.retain(|transfer| search.is_free(*transfer));
        let Some(day) = transfers.first().map(|first| search.transfer(*first).booked_on) else {
            continue;
        };
        payments.retain(|payment| {
            search.owed(*payment).run_holds(day) && search.is_satisfied(*payment)
        });
        match payments.as_slice() {
            [] => {}
            [payment] => single.extend(transfers.iter().map(|transfer| (*transfer, *payment))),
            _ => several.push(Fits { payments, transfers }),
        }
    }
    for (transfer, payment) in single {
        search.claim(payment, transfer, link);
    }
    for Fits { payments, transfers } in several {
        search.cite_all(&payments, &transfers);
        for payment in &payments {
            let found = search.found(*payment);
            found.flag(Flag::PaidTwice);
            found.notes.push(Note::Group(payments.len(), payments.len().saturating_add(1)));
        }
    }
}

/// Tier 2: a reference of the payment as a whole token in the booking's texts, amount, and an
/// account that is not another one.
pub fn by_reference(search: &mut Search<'_>) {
    let by_money = OnceLock::new();
    let may = |transfer: &usize| !search.naming(*transfer).candidates.is_empty();
    let Fitting { open, surplus } = fitting(search, may, |transfer, found| {
        let named = &search.naming(transfer).candidates;
        // Thousands of rows may stand under one case number.
        let few = (named.len() > MANY)
            .then(|| by_money.get_or_init(|| ByMoney::new(search)).among(search, named, transfer));
        for payment in few.flatten().unwrap_or_else(|| named.to_vec()) {
            if !reference_fits(search, payment, transfer)
                || !search.told(transfer).names(payment)
                || search.owed(payment).amount != search.transfer(transfer).amount
                || !search.owed(payment).account_allows(search.transfer(transfer).iban())
            {
                continue;
            }
            if search.is_open(payment) {
                found.open.push(payment);
            } else {
                found.surplus.push(payment);
            }
        }
    });
    search.settle(without_next_run(search, open), Link::Reference);
    claim_surplus(search, surplus, Link::Reference);
}

/// Of so many named payments those are looked up that a booking's amount and account allow.
const MANY: usize = 32;

/// Payments by amount and account.
struct ByMoney {
    by_account: Lookup,
    /// By amount, those whose account is none or no IBAN.
    odd: Lookup,
}

impl ByMoney {
    fn new(search: &Search<'_>) -> Self {
        let has_iban = |iban: &&Iban| iban.has_iban_form();
        let by_account = Lookup::shared(search.payment_count(), search.threads, |payment| {
            let owed = search.owed(payment);
            Some((owed.amount, owed.iban().filter(has_iban)?.key()))
        });
        let odd = Lookup::shared(search.payment_count(), search.threads, |payment| {
            let owed = search.owed(payment);
            owed.iban().is_none_or(|iban| !has_iban(&iban)).then_some(owed.amount)
        });
        Self { by_account, odd }
    }

    /// Those of the named payments that may have a transfer's amount and account, and others; `None` if
    /// all may.
    fn among(&self, search: &Search<'_>, named: &[usize], transfer: usize) -> Option<Vec<usize>> {
        let view = search.transfer(transfer);
        let iban = view.iban().filter(|iban| iban.has_iban_form())?;
        let mut found: Vec<usize> = self.by_account.find(&(view.amount, iban.key())).collect();
        found.extend(self.odd.find(&view.amount));
        found.retain(|payment| named.binary_search(payment).is_ok());
        found.sort_unstable();
        found.dedup();
        Some(found)
    }
}

/// Whether a reference in a booking's texts means this month's payment: an end-to-end id does
/// in the whole window, a case number only in this run and if no other month is named. A short
/// one needs account or name besides.
pub fn reference_fits(search: &Search<'_>, payment: usize, transfer: usize) -> bool {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    let naming = search.naming(transfer);
    let in_time = if naming.by_end_to_end_id {
        id_means_run(search, payment, transfer)
    } else {
        owed.run_holds(view.booked_on) && search.month_allows(payment, transfer)
    };
    let names = || match (owed.payment.account_holder(), view.name()) {
        (Some(own), Some(other)) => names_agree(own, other),
        _ => false,
    };
    in_time && (naming.strong || owed.account_agrees(view.iban()) || names())
}

/// Tier 3: account and amount in the run's days, paired by count.
pub fn by_account_and_amount(search: &mut Search<'_>) {
    let open = account_index(search, |search, payment| {
        search.is_open(payment) && matches!(search.owed(payment).part, Part::Full | Part::Blocked)
    });
    let may = |transfer: &usize| may_share_account(search, &open, *transfer);
    let found = fitting(search, may, |transfer, found| {
        for payment in same_account_and_amount(search, &open, transfer) {
            if may_be_without_reference(search, payment, transfer) {
                found.open.push(payment);
            }
        }
    });
    search.settle(found.open, Link::IbanAndAmount);
}

/// What is left over and goes to account and amount of a payment that has its booking already:
/// paid twice. Those who share account and amount are in it together.
pub fn leftovers(search: &mut Search<'_>) {
    let satisfied = account_index(search, |search, payment| {
        !search.is_open(payment) && search.is_satisfied(payment)
    });
    let may = |transfer: &usize| may_share_account(search, &satisfied, *transfer);
    let found = fitting(search, may, |transfer, found| {
        for payment in same_account_and_amount(search, &satisfied, transfer) {
            if may_be_without_reference(search, payment, transfer) {
                found.surplus.push(payment);
            }
        }
    });
    claim_surplus(search, found.surplus, Link::IbanAndAmount);
}

fn account_index(
    search: &Search<'_>,
    wanted: impl Fn(&Search<'_>, usize) -> bool + Sync,
) -> Lookup {
    Lookup::shared(search.payment_count(), search.threads, |number| {
        let owed = search.owed(number);
        let iban = owed.iban().filter(|_| wanted(search, number))?;
        Some((iban, owed.amount))
    })
}

/// Whether an index may have payments with account and amount of a transfer.
fn may_share_account(search: &Search<'_>, index: &Lookup, transfer: usize) -> bool {
    let view = search.transfer(transfer);
    let iban = view.iban();
    iban.is_some_and(|iban| {
        !iban.has_iban_form() || index.find(&(iban, view.amount)).next().is_some()
    })
}

/// The payments of an index that have account and amount of a transfer.
fn same_account_and_amount(search: &Search<'_>, index: &Lookup, transfer: usize) -> Vec<usize> {
    let view = search.transfer(transfer);
    let with = |iban: &Iban| -> Vec<usize> {
        let same = |payment: &usize| {
            let owed = search.owed(*payment);
            owed.amount == view.amount && owed.iban() == Some(iban)
        };
        index.find(&(iban, view.amount)).filter(same).collect()
    };
    let Some(iban) = view.iban() else { return Vec::new() };
    let direct = with(iban);
    if direct.is_empty() && !iban.has_iban_form() {
        // Bank code and account number instead of an IBAN.
        return iban.to_german_iban().map(|iban| with(&iban)).unwrap_or_default();
    }
    direct
}

/// Whether nothing rules out that a booking without this payment's reference is its own: it lies
/// in this run, names no other month and no other payment, and has no other real id.
pub fn may_be_without_reference(search: &Search<'_>, payment: usize, transfer: usize) -> bool {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    // Texts that prove nothing may name somebody else all the same.
    let naming = search.told(transfer);
    let other_id = match (&owed.end_to_end_key, &view.end_to_end_key) {
        (Some(own), Some(other)) => own != other && !is_cut(other, own),
        _ => false,
    };
    owed.run_holds(view.booked_on)
        && !other_id
        && (naming.is_empty() || naming.names(payment))
        && search.month_allows(payment, transfer)
}

/// Whether a bank shows only the beginning of an id, for want of room.
pub(super) fn is_cut(shown: &str, whole: &str) -> bool {
    const SHORTEST: usize = 6;
    shown.len() >= SHORTEST && shown.len() < whole.len() && whole.starts_with(shown)
}
