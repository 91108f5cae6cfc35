//! Money that came back, and whose it was.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::matching::bank::TransferView;
use crate::matching::classes::Class;
use crate::matching::findings::EntryUse;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::findings::Returned;
use crate::matching::lookup::Lookup;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::text::FoldedName;
use crate::model::together;
use chrono::NaiveDate;

/// Links every returned transfer to the payment whose money it is.
pub fn link(search: &mut Search<'_>) {
    let credits: Vec<usize> = (0..search.bank().transfers.len())
        .filter(|transfer| {
            let entry = search.entry(search.transfer(*transfer).entry);
            matches!(entry.class, Class::Return | Class::OtherCredit)
                && entry.duplicate_of.is_none()
        })
        .collect();
    let tables = Tables::new(search, !credits.is_empty());
    let is_marked =
        |credit: usize| search.entry(search.transfer(credit).entry).class == Class::Return;
    let meant = together::map_many(&credits, search.threads, |credit| {
        payments_of(search, &tables, *credit, is_marked(*credit))
    });
    // Returns that fit the same payments by the same rule are judged together.
    let mut linked: BTreeMap<(Vec<usize>, Link), Vec<usize>> = BTreeMap::new();
    let mut strays = BTreeSet::new();
    for (credit, meant) in credits.into_iter().zip(meant) {
        let marked = is_marked(credit);
        match meant {
            Some((payments, link)) => linked.entry((payments, link)).or_default().push(credit),
            None if marked => {
                strays.insert(search.transfer(credit).entry);
            }
            None => {}
        }
    }
    for ((payments, link), credits) in linked {
        if payments.len() <= credits.len() {
            give_back(search, &payments, &credits, link);
        } else {
            for credit in &credits {
                let entry = search.transfer(*credit).entry;
                strays.insert(entry);
                for payment in &payments {
                    search.found(*payment).cited.push(entry);
                }
            }
            for payment in &payments {
                let found = search.found(*payment);
                found.flag(Flag::Ambiguous);
                found.notes.push(Note::ReturnGroup(payments.len()));
            }
        }
    }
    whole_debits(search, &mut strays);
    // A marked return whose transfers nobody knows still needs a person.
    for entry in 0..search.bank().entries.len() {
        let view = search.entry(entry);
        let opaque = view.class == Class::Return || is_opaque_return(search, entry);
        if opaque && view.duplicate_of.is_none() && search.entry_use(entry) == EntryUse::Free {
            strays.insert(entry);
        }
    }
    let first_day = search.settled.first_day(search.all_owed());
    for entry in strays {
        if search.entry(entry).booked_on.zip(first_day).is_some_and(|(day, first)| day >= first) {
            search.use_entry(entry, EntryUse::Unassigned);
        }
    }
}

/// Returns of a whole collective or merged debit: the one debit of the same amount that several
/// payments share. All of them came back.
fn whole_debits(search: &mut Search<'_>, strays: &mut BTreeSet<usize>) {
    let mut shared: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for payment in 0..search.payment_count() {
        let claims = search.found.get(payment).map_or(&[] as &[_], |found| &found.claims);
        for claim in claims {
            if matches!(claim.link, Link::Batch | Link::Merged) {
                shared.entry(claim.entry).or_default().push(payment);
            }
        }
    }
    if shared.is_empty() {
        return;
    }
    for entry in 0..search.bank().entries.len() {
        let view = search.entry(entry);
        let is_return = view.class == Class::Return || is_opaque_return(search, entry);
        if !is_return || view.duplicate_of.is_some() || search.entry_use(entry) != EntryUse::Free {
            continue;
        }
        let fitting: Vec<usize> = shared
            .keys()
            .copied()
            .filter(|debit| {
                let debit = search.entry(*debit);
                debit.entry.amount == view.entry.amount && debit.booked_on <= view.booked_on
            })
            .collect();
        let ([debit], Some(day)) = (fitting.as_slice(), view.booked_on) else { continue };
        let information = view.entry.details.first().and_then(|d| d.return_information.clone());
        let information = information.unwrap_or_default();
        for payment in shared.get(debit).cloned().unwrap_or_default() {
            let amount = search.found.get(payment).map_or(Amount::ZERO, |found| {
                found.claims.iter().filter(|c| c.entry == *debit).map(|c| c.amount).sum()
            });
            search.found(payment).returned.push(Returned {
                entry,
                link: Link::Batch,
                amount,
                day,
                code: information.code.clone(),
                text: information.text.clone(),
            });
        }
        search.use_entry(entry, EntryUse::Return);
        strays.remove(&entry);
    }
}

fn is_opaque_return(search: &Search<'_>, entry: usize) -> bool {
    search.entry(entry).class == Class::Collective && search.entry(entry).entry.is_marked_return()
}

/// Payments by what returns may name.
struct Tables {
    ids: Lookup,
    accounts: Lookup,
    amounts: Lookup,
}

impl Tables {
    /// Empty ones if nobody `asks`.
    fn new(search: &Search<'_>, asks: bool) -> Self {
        let owed = || {
            let all = search.all_owed().iter().enumerate();
            all.filter(|(_, owed)| owed.part != Part::None)
        };
        let wanted: &[u8] = if asks { &[0, 1, 2] } else { &[] };
        let made = together::map(wanted, search.threads, |which| match which {
            0 => Lookup::new(
                owed().filter_map(|(number, owed)| Some((owed.end_to_end_key.as_deref()?, number))),
            ),
            1 => Lookup::new(
                owed().filter_map(|(number, owed)| Some(((owed.iban()?, owed.amount), number))),
            ),
            _ => Lookup::new(owed().map(|(number, owed)| (owed.amount, number))),
        });
        let mut made = made.into_iter();
        let mut next = || made.next().unwrap_or_default();
        Self { ids: next(), accounts: next(), amounts: next() }
    }
}

/// The payments a credit gives back, by the strongest rule that finds any.
fn payments_of(
    search: &Search<'_>,
    tables: &Tables,
    credit: usize,
    marked: bool,
) -> Option<(Vec<usize>, Link)> {
    let view = search.transfer(credit);
    let fits = |payment: &usize, test: &dyn Fn(&Owed<'_>) -> bool| {
        let owed = search.owed(*payment);
        owed.part != Part::None && test(owed)
    };
    let by_id: Vec<usize> = view.end_to_end_key.as_deref().map_or_else(Vec::new, |key| {
        let same = |owed: &Owed<'_>| owed.end_to_end_key.as_deref() == Some(key);
        tables.ids.find(key).filter(|payment| fits(payment, &same)).collect()
    });
    let by_id = narrowed(search, &by_id, view, true);
    if !by_id.is_empty() {
        return Some((by_id, Link::EndToEndId));
    }
    let naming = search.naming(credit);
    if marked || naming.by_end_to_end_id {
        let named = narrowed(search, &naming.candidates, view, naming.by_end_to_end_id);
        if !named.is_empty() {
            return Some((named, Link::Reference));
        }
    }
    if !marked {
        return None;
    }
    if !naming.is_empty() {
        // It names payments, but none that was booked: somebody has to look.
        return None;
    }
    let iban = view.iban();
    let by_account: Vec<usize> = iban.map_or_else(Vec::new, |iban| {
        let same = |owed: &Owed<'_>| owed.iban() == Some(iban) && owed.amount == view.amount;
        let found = tables.accounts.find(&(iban, view.amount));
        found.filter(|payment| fits(payment, &same)).collect()
    });
    let by_account = booked_before(search, &by_account, view.booked_on);
    if !by_account.is_empty() {
        return Some((by_account, Link::IbanAndAmount));
    }
    let name = view.name()?;
    let theirs = FoldedName::new(name)?;
    let by_name: Vec<usize> = tables
        .amounts
        .find(&view.amount)
        .filter(|payment| {
            let owed = search.owed(*payment);
            let row = owed.payment;
            let agrees = |own: &String| FoldedName::new(own).is_some_and(|own| own.agrees(&theirs));
            owed.amount == view.amount
                && owed.account_allows(iban)
                && first_booking(search, *payment).is_some_and(|first| first <= view.booked_on)
                && row.payee.iter().chain(&row.beneficiary).any(agrees)
        })
        .collect();
    (!by_name.is_empty()).then_some((by_name, Link::NameAndAmount))
}

/// Of payments under one reference those whose amount, account and day fit best. By its own id a
/// payment is meant even if the amount is another (charges) or its debit is not in hand.
fn narrowed(
    search: &Search<'_>,
    payments: &[usize],
    view: &TransferView<'_>,
    own_id: bool,
) -> Vec<usize> {
    let day = view.booked_on;
    let in_time: Vec<usize> = payments
        .iter()
        .copied()
        .filter(|payment| {
            let owed = search.owed(*payment);
            let first = first_booking(search, *payment);
            owed.part != Part::None
                && owed.window_holds(day)
                && owed.account_allows(view.iban())
                && first.map_or(own_id, |first| first <= day)
        })
        .collect();
    let parts = |payment: &usize| {
        search.owed(*payment).amount == view.amount
            || search
                .found
                .get(*payment)
                .is_some_and(|found| found.claims.iter().any(|claim| claim.amount == view.amount))
    };
    let exact: Vec<usize> = in_time.iter().copied().filter(parts).collect();
    if !exact.is_empty() {
        return exact;
    }
    if own_id { in_time } else { Vec::new() }
}

fn first_booking(search: &Search<'_>, payment: usize) -> Option<NaiveDate> {
    let found = search.found.get(payment)?;
    let claims = found.claims.iter().map(|claim| claim.booked_on);
    let cited = found.cited.iter().filter_map(|entry| search.entry(*entry).booked_on);
    claims.chain(cited).min()
}

/// Payments for which something was booked by that day.
fn booked_before(search: &Search<'_>, payments: &[usize], day: NaiveDate) -> Vec<usize> {
    payments
        .iter()
        .copied()
        .filter(|payment| first_booking(search, *payment).is_some_and(|first| first <= day))
        .collect()
}

fn give_back(search: &mut Search<'_>, payments: &[usize], credits: &[usize], link: Link) {
    let mut payments = payments.to_vec();
    payments.sort_by_cached_key(|payment| search.payment_order(*payment));
    let mut credits = credits.to_vec();
    credits.sort_by_cached_key(|credit| search.transfer_order(*credit));
    for (number, credit) in credits.iter().enumerate() {
        let slot = number.checked_rem(payments.len()).unwrap_or(0);
        let Some(payment) = payments.get(slot).copied() else { continue };
        let view = search.transfer(*credit);
        let information = view.detail.and_then(|detail| detail.return_information.clone());
        let information = information.unwrap_or_default();
        search.found(payment).returned.push(Returned {
            entry: view.entry,
            link,
            amount: view.amount,
            day: view.booked_on,
            code: information.code,
            text: information.text,
        });
        search.use_entry(view.entry, EntryUse::Return);
    }
}
