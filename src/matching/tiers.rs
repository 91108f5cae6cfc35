//! The tiers of the contract: end-to-end id, reference, account and amount.

use std::collections::BTreeMap;

use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::lookup::Lookup;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::model::iban::Iban;
use crate::model::text::names_agree;
use crate::model::together;

/// Transfers that one thread looks at before it takes more.
const AT_A_TIME: usize = 512;

/// Fitting pairs of payments and transfers.
#[derive(Default)]
struct Fitting {
    /// The payment is open.
    open: Vec<(usize, usize)>,
    /// It has its booking already.
    surplus: Vec<(usize, usize)>,
}

/// What `look` finds for the free transfers, in their order; threads share them.
fn fitting(search: &Search<'_>, look: impl Fn(usize, &mut Fitting) + Sync) -> Fitting {
    let free = search.free_transfers();
    let parts: Vec<&[usize]> = free.chunks(AT_A_TIME).collect();
    let found = together::map(&parts, search.threads, |part| {
        let mut found = Fitting::default();
        part.iter().for_each(|transfer| look(*transfer, &mut found));
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
    let Fitting { open, surplus } = fitting(search, |transfer, found| {
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
                found.open.push((payment, transfer));
            } else if fits {
                found.surplus.push((payment, transfer));
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
fn without_next_run(search: &Search<'_>, pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let holds = |(payment, transfer): &(usize, usize)| {
        search.owed(*payment).run_holds(search.transfer(*transfer).booked_on)
    };
    let Some(first) = pairs.iter().position(|pair| !holds(pair)) else { return pairs };
    let early: std::collections::BTreeSet<usize> =
        pairs.iter().filter(|pair| holds(pair)).map(|pair| pair.0).collect();
    let mut kept = pairs;
    let rest = kept.split_off(first);
    kept.extend(rest.into_iter().filter(|pair| holds(pair) || !early.contains(&pair.0)));
    kept
}

/// Gives transfers of this run to payments that have their booking already: they were paid more
/// than once.
fn claim_surplus(search: &mut Search<'_>, surplus: Vec<(usize, usize)>, link: Link) {
    let mut by_transfer: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (payment, transfer) in surplus {
        let in_run = search.owed(payment).run_holds(search.transfer(transfer).booked_on);
        if in_run && search.is_free(transfer) && search.is_satisfied(payment) {
            by_transfer.entry(transfer).or_default().push(payment);
        }
    }
    for (transfer, payments) in by_transfer {
        if let [payment] = payments.as_slice() {
            search.claim(*payment, transfer, link);
            continue;
        }
        for payment in &payments {
            search.cite(*payment, transfer);
            let found = search.found(*payment);
            found.flag(Flag::PaidTwice);
            found.notes.push(Note::Group(payments.len(), payments.len().saturating_add(1)));
        }
        search.take(transfer);
    }
}

/// Tier 2: a reference of the payment as a whole token in the booking's texts, amount, and an
/// account that is not another one.
pub fn by_reference(search: &mut Search<'_>) {
    let Fitting { open, surplus } = fitting(search, |transfer, found| {
        for payment in search.naming(transfer).candidates.iter().copied() {
            if !reference_fits(search, payment, transfer)
                || !search.told(transfer).names(payment)
                || search.owed(payment).amount != search.transfer(transfer).amount
                || !search.owed(payment).account_allows(search.transfer(transfer).iban())
            {
                continue;
            }
            if search.is_open(payment) {
                found.open.push((payment, transfer));
            } else {
                found.surplus.push((payment, transfer));
            }
        }
    });
    search.settle(without_next_run(search, open), Link::Reference);
    claim_surplus(search, surplus, Link::Reference);
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
    let found = fitting(search, |transfer, found| {
        for payment in same_account_and_amount(search, &open, transfer) {
            if may_be_without_reference(search, payment, transfer) {
                found.open.push((payment, transfer));
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
    let found = fitting(search, |transfer, found| {
        for payment in same_account_and_amount(search, &satisfied, transfer) {
            if may_be_without_reference(search, payment, transfer) {
                found.surplus.push((payment, transfer));
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
