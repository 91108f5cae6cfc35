//! Merged debits: one booking pays several rows of one account (care home, household).

use std::collections::BTreeMap;

use crate::matching::findings::Claim;
use crate::matching::findings::EntryUse;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::lookup::Lookup;
use crate::matching::owed::Part;
use crate::matching::references::Naming;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::iban::Iban;

/// Pays all open rows of an account, or exactly those whose references the text names, with one
/// booking whose sum fits.
pub fn by_account(search: &mut Search<'_>) {
    named_rows(search);
    all_open_rows(search);
    last_rows(search);
}

/// The one row that is left of an account whose others were paid together, by a booking under an id of
/// its own like theirs: a resident whose share came later.
fn last_rows(search: &mut Search<'_>) {
    let mut left: BTreeMap<&Iban, (Vec<usize>, bool)> = BTreeMap::new();
    for payment in 0..search.payment_count() {
        let owed = search.owed(payment);
        let Some(iban) = owed.iban().filter(|_| owed.part == Part::Full) else { continue };
        let claims = search.found.get(payment).map_or(&[] as &[_], |found| &found.claims);
        let together = claims.iter().any(|claim| claim.link == Link::Merged);
        if together || search.is_open(payment) {
            let slot = left.entry(iban).or_default();
            slot.1 |= together;
            slot.0.extend(Some(payment).filter(|_| !together));
        }
    }
    left.retain(|_, (open, together)| *together && open.len() == 1);
    if left.is_empty() {
        return;
    }
    let mut fitting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for transfer in search.free_transfers() {
        let view = search.transfer(transfer);
        let Some(([payment], _)) =
            view.iban().and_then(|iban| left.get(iban)).map(|(open, own)| (open.as_slice(), own))
        else {
            continue;
        };
        if view.amount == search.owed(*payment).amount && may_be_for_all(search, *payment, transfer)
        {
            fitting.entry(*payment).or_default().push(transfer);
        }
    }
    for (payment, transfers) in fitting {
        pay_all(search, &transfers, &[payment]);
    }
}

/// Bookings whose text names several rows: these rows and no others.
fn named_rows(search: &mut Search<'_>) {
    // Those that close over the same rows are all theirs: what was paid more than once is seen by its sum.
    let mut closing: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    let mut differing: Vec<(Vec<usize>, usize)> = Vec::new();
    for transfer in search.free_transfers() {
        let Some((named, complete)) = rows_named(search, transfer) else { continue };
        let amount = search.transfer(transfer).amount;
        if complete && sum_of(search, &named) == Some(amount) {
            closing.entry(named).or_default().push(transfer);
        } else {
            differing.push((named, transfer));
        }
    }
    for (rows, transfers) in closing {
        pay_all(search, &transfers, &rows);
    }
    for (mut rows, transfer) in differing {
        rows.retain(|row| !search.is_satisfied(*row));
        if rows.len() >= 2 {
            sum_differs(search, &[transfer], &rows);
        }
    }
}

/// The open rows of one account that the text of a booking names, two at least, and whether these are all
/// that it names.
fn rows_named(search: &Search<'_>, transfer: usize) -> Option<(Vec<usize>, bool)> {
    let all = all_named(search.naming(transfer));
    let belongs = |payment: &usize| search.is_open(*payment) && belongs(search, *payment, transfer);
    let named: Vec<usize> = all.iter().copied().filter(belongs).collect();
    let naming = search.naming(transfer);
    let total_named = naming.several.len().max(naming.candidates.len());
    let complete = named.len() == total_named;
    (named.len() >= 2 && one_account(search, &named)).then_some((named, complete))
}

/// The payments that texts name: all of several, or those that may be the one.
fn all_named(naming: &Naming) -> &[usize] {
    if naming.several.is_empty() { &naming.candidates } else { &naming.several }
}

/// Bookings that are left and pay once more what rows of an account were paid together, or what they name.
pub fn leftovers(search: &mut Search<'_>) {
    let mut together: BTreeMap<&Iban, Vec<usize>> = BTreeMap::new();
    for payment in 0..search.payment_count() {
        let owed = search.owed(payment);
        let claims = search.found.get(payment).map_or(&[] as &[_], |found| &found.claims);
        let is_merged = claims.iter().any(|claim| claim.link == Link::Merged);
        if let Some(iban) = owed.iban().filter(|_| is_merged) {
            together.entry(iban).or_default().push(payment);
        }
    }
    let mut again: Vec<(usize, Vec<usize>)> = Vec::new();
    for transfer in search.free_transfers() {
        let view = search.transfer(transfer);
        let named = all_named(search.naming(transfer));
        let rows = match (named, view.iban()) {
            ([_, _, ..], _) => named,
            (_, Some(iban)) => together.get(iban).map_or(&[] as &[_], Vec::as_slice),
            _ => continue,
        };
        let was_paid = |row: &usize| {
            search.is_satisfied(*row)
                && may_be_for_all(search, *row, transfer)
                && search.owed(*row).account_allows(view.iban())
        };
        if rows.len() >= 2
            && one_account(search, rows)
            && sum_of(search, rows) == Some(view.amount)
            && rows.iter().all(was_paid)
        {
            again.push((transfer, rows.to_vec()));
        }
    }
    for (transfer, rows) in again {
        pay(search, transfer, &rows);
    }
}

/// Whether a transfer may pay this row: in the run, month not another, account not another. The
/// rows of one household may stand under one reference, so ids decide nothing here.
fn belongs(search: &Search<'_>, payment: usize, transfer: usize) -> bool {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    matches!(owed.part, Part::Full | Part::Blocked)
        && owed.run_holds(view.booked_on)
        && search.month_allows(payment, transfer)
        && (owed.account_agrees(view.iban())
            || (view.iban().is_none() && search.naming(transfer).strong))
}

fn one_account(search: &Search<'_>, payments: &[usize]) -> bool {
    let mut accounts = payments.iter().map(|payment| search.owed(*payment).iban());
    let Some(Some(first)) = accounts.next() else { return false };
    accounts.all(|other| other.is_some_and(|other| other.same_account(first)))
}

fn sum_of(search: &Search<'_>, payments: &[usize]) -> Option<Amount> {
    payments
        .iter()
        .try_fold(Amount::ZERO, |sum, payment| sum.checked_add(search.owed(*payment).amount))
}

/// Bookings that name no row of the account: the sum of all its open rows, or a finding.
fn all_open_rows(search: &mut Search<'_>) {
    let open = |payment: &usize| {
        search.is_open(*payment) && matches!(search.owed(*payment).part, Part::Full | Part::Blocked)
    };
    let all = (0..search.payment_count()).filter(open);
    // Most accounts have one row.
    let accounts =
        Lookup::new(all.filter_map(|payment| Some((search.owed(payment).iban()?, payment))));
    let mut rows: BTreeMap<&Iban, Vec<usize>> = BTreeMap::new();
    for payment in accounts.in_common(2) {
        if let Some(iban) = search.owed(payment).iban() {
            rows.entry(iban).or_default().push(payment);
        }
    }
    rows.retain(|_, payments| payments.len() >= 2);
    if rows.is_empty() {
        return;
    }
    let mut transfers: BTreeMap<&Iban, Vec<usize>> = BTreeMap::new();
    for transfer in search.free_transfers() {
        let Some(iban) = search.transfer(transfer).iban() else { continue };
        let found = rows.get_key_value(iban);
        let german = || iban.to_german_iban().and_then(|german| rows.get_key_value(&german));
        if let Some((account, payments)) = found.or_else(german) {
            let fits = |payment: &usize| may_be_for_all(search, *payment, transfer);
            if payments.iter().any(fits) {
                transfers.entry(account).or_default().push(transfer);
            }
        }
    }
    for (account, transfers) in transfers {
        let Some(payments) = rows.get(account) else { continue };
        let open: Vec<usize> =
            payments.iter().copied().filter(|payment| search.is_open(*payment)).collect();
        if open.len() >= 2 {
            settle_account(search, &open, &transfers);
        }
    }
}

/// Whether nothing rules out that a booking pays this row among others. It bears an end-to-end id of
/// its own, or a row's; texts that name other rows or another month speak against it.
fn may_be_for_all(search: &Search<'_>, payment: usize, transfer: usize) -> bool {
    let naming = search.naming(transfer);
    search.owed(payment).run_holds(search.transfer(transfer).booked_on)
        && (naming.is_empty() || naming.names(payment))
        && search.month_allows(payment, transfer)
}

fn settle_account(search: &mut Search<'_>, open: &[usize], transfers: &[usize]) {
    let owed: Vec<usize> =
        open.iter().copied().filter(|payment| search.owed(*payment).part == Part::Full).collect();
    let accepted: Vec<usize> = owed
        .iter()
        .copied()
        .filter(|payment| search.messages.of(*payment).rejected.is_none())
        .collect();
    // All that are owed; with those the list blocks, whose money left all the same; without those
    // the bank refused.
    let sets = [owed.as_slice(), open, accepted.as_slice()];
    let mut paying: Vec<(&[usize], Vec<usize>)> = Vec::new();
    for (number, set) in sets.into_iter().enumerate() {
        let is_new = !sets.iter().take(number).any(|before| *before == set);
        // One row alone is paid like that only if the bank refused the others.
        let least = if number == 2 && owed.len() > 1 { 1 } else { 2 };
        if is_new && set.len() >= least {
            paying.push((set, paid_in_full(search, set, transfers)));
        }
    }
    paying.retain(|(_, full)| !full.is_empty());
    match paying.as_slice() {
        [] => {
            let set = if owed.is_empty() { open } else { owed.as_slice() };
            short_of(search, set, transfers);
        }
        [(set, full)] => pay_all(search, full, set),
        several => {
            // More than one set is paid to the cent: more went there than is owed.
            let full: Vec<usize> = several.iter().flat_map(|(_, full)| full).copied().collect();
            paid_twice(search, &full, open);
        }
    }
}

/// The transfers whose sum is that of these rows, and that may be for each of them.
fn paid_in_full(search: &Search<'_>, rows: &[usize], transfers: &[usize]) -> Vec<usize> {
    let total = sum_of(search, rows);
    let fits = |transfer: &usize| {
        Some(search.transfer(*transfer).amount) == total
            && rows.iter().all(|payment| may_be_for_all(search, *payment, *transfer))
    };
    transfers.iter().copied().filter(fits).collect()
}

/// Transfers that are larger than any row and close over no set of them.
fn short_of(search: &mut Search<'_>, rows: &[usize], transfers: &[usize]) {
    let largest = rows.iter().map(|payment| search.owed(*payment).amount).max();
    let telling: Vec<usize> = transfers
        .iter()
        .copied()
        .filter(|transfer| Some(search.transfer(*transfer).amount) > largest)
        .collect();
    if !telling.is_empty() {
        sum_differs(search, &telling, rows);
    }
}

fn paid_twice(search: &mut Search<'_>, transfers: &[usize], rows: &[usize]) {
    search.cite_all(rows, transfers);
    for payment in rows {
        let found = search.found(*payment);
        found.flag(Flag::PaidTwice);
        found.notes.push(Note::Group(1, transfers.len()));
    }
}

/// Each of these pays all rows: one of them, or what came back and was paid again, or too much.
fn pay_all(search: &mut Search<'_>, transfers: &[usize], rows: &[usize]) {
    for transfer in transfers {
        pay(search, *transfer, rows);
    }
}

fn pay(search: &mut Search<'_>, transfer: usize, payments: &[usize]) {
    let view = search.transfer(transfer);
    for payment in payments {
        let amount = search.owed(*payment).amount;
        let claim = Claim {
            entry: view.entry,
            transfer: Some(transfer),
            link: Link::Merged,
            amount,
            booked_on: view.booked_on,
        };
        let found = search.found(*payment);
        found.claims.push(claim);
        found.notes.push(Note::Merged(view.amount, payments.len()));
    }
    search.take(transfer);
    search.use_entry(view.entry, EntryUse::Matched);
}

fn sum_differs(search: &mut Search<'_>, transfers: &[usize], payments: &[usize]) {
    let booked: Amount = transfers.iter().map(|transfer| search.transfer(*transfer).amount).sum();
    let open = sum_of(search, payments).unwrap_or(Amount::ZERO);
    search.cite_all(payments, transfers);
    for payment in payments {
        let found = search.found(*payment);
        found.flag(Flag::SumDiffers);
        found.notes.push(Note::Sum(booked, open, payments.len()));
    }
}
