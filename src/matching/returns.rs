//! Money that came back, and whose it was.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::bank::TransferView;
use crate::matching::cited::Several;
use crate::matching::classes::Class;
use crate::matching::classes::brings_back;
use crate::matching::findings::EntryUse;
use crate::matching::findings::Flag;
use crate::matching::findings::Note;
use crate::matching::findings::Returned;
use crate::matching::meant::Answer;
use crate::matching::meant::Meant;
use crate::matching::meant::Share;
use crate::matching::meant::Tables;
use crate::matching::meant::ask;
use crate::matching::reversals;
use crate::matching::search::Search;
use crate::matching::whole;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::statement::Direction;
use crate::model::together;

/// Links every returned transfer to the payment whose money it is.
pub fn link(search: &mut Search<'_>) {
    let credits: Vec<usize> = (0..search.bank().transfers.len())
        .filter(|credit| may_bring_back(search, *credit))
        .collect();
    let marked = credits.iter().any(|credit| is_marked(search, *credit));
    let mut reversals = reversals::all(search);
    if credits.is_empty() && reversals.is_empty() {
        opaque(search, &mut BTreeSet::new());
        return;
    }
    let tables = Tables::new(search, marked || !reversals.is_empty());
    let asked = asked(search, &tables, credits);
    reversals::find(search, &tables, &mut reversals);
    drop(tables);
    // Returns that fit the same payments by the same rule are judged together, those that are booked
    // before those that are only announced.
    let mut linked: BTreeMap<(bool, Meant), Vec<usize>> = BTreeMap::new();
    let mut strays: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (answer, credits) in asked {
        if let Some(meant) = answer.meant {
            let (announced, booked): (Vec<usize>, Vec<usize>) =
                credits.into_iter().partition(|credit| is_announced(search, *credit));
            if !announced.is_empty() {
                linked.entry((true, meant.clone())).or_default().extend(announced);
            }
            if !booked.is_empty() {
                linked.entry((false, meant)).or_default().extend(booked);
            }
            continue;
        }
        let mut marked = credits.into_iter().filter(|credit| is_marked(search, *credit));
        // Those that are alike concern the same payments, of which each is told of one.
        if let Some(first) = marked.next() {
            let concerned = strays.entry(search.transfer(first).entry).or_default();
            concerned.extend(answer.concerned);
        }
        for credit in marked {
            strays.entry(search.transfer(credit).entry).or_default();
        }
    }
    for ((announced, meant), mut credits) in linked {
        if announced {
            let mut back: BTreeMap<Amount, NaiveDate> = BTreeMap::new();
            let found = meant.payments.iter().filter_map(|payment| search.found.get(*payment));
            for returned in found.flat_map(|found| &found.returned) {
                let last = back.entry(returned.amount).or_insert(returned.day);
                *last = returned.day.max(*last);
            }
            credits.retain(|credit| !is_booked_since(search, *credit, &back));
        }
        if credits.is_empty() {
            continue;
        }
        match meant.share {
            Share::Each => each(search, &meant, &credits),
            Share::One if meant.payments.len() <= credits.len() => {
                give_back(search, &meant, &credits);
            }
            Share::One | Share::Unclear => {
                for credit in &credits {
                    strays.entry(search.transfer(*credit).entry).or_default();
                }
                unclear(search, &meant.payments, &credits);
            }
        }
    }
    let mut open: BTreeSet<usize> = strays.keys().copied().collect();
    opaque(search, &mut open);
    reversals::settle(search, &reversals);
    leave(search, strays, &open);
}

/// What is nobody's needs a person, and may concern those whose account or case number it names.
fn leave(search: &mut Search<'_>, strays: BTreeMap<usize, Vec<usize>>, open: &BTreeSet<usize>) {
    let first_day = search.settled.first_day(search.all_owed());
    for entry in open {
        let day = search.entry(*entry).booked_on;
        let in_window = day.zip(first_day).is_some_and(|(day, first)| day >= first);
        let is_free = search.entry_use(*entry) == EntryUse::Free;
        if in_window && is_free && search.entry(*entry).entry.direction == Direction::Credit {
            search.use_entry(*entry, EntryUse::Unassigned);
        }
    }
    for (entry, mut concerned) in strays {
        concerned.sort_unstable();
        concerned.dedup();
        for payment in concerned {
            let notes = &mut search.found(payment).notes;
            // One keeps the window open as well as a thousand.
            if !notes.iter().any(|note| matches!(note, Note::ReturnOpen(_))) {
                notes.push(Note::ReturnOpen(entry));
            }
        }
    }
}

/// Asks all credits; those that say the same are asked once.
fn asked<'a>(
    search: &Search<'a>,
    tables: &Tables<'a>,
    credits: Vec<usize>,
) -> Vec<(Answer, Vec<usize>)> {
    let shared = whole::shared_debits(search);
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for credit in credits {
        alike.entry(signature(search, credit)).or_default().push(credit);
    }
    let alike: Vec<Vec<usize>> = alike.into_values().collect();
    let answers = together::map(&alike, search.threads, |credits| {
        let Some(credit) = credits.first() else { return Answer::default() };
        let is_whole = |entry: usize| whole::of_return(search, &shared, entry);
        ask(search, tables, *credit, is_marked(search, *credit), &is_whole)
    });
    answers.into_iter().zip(alike).collect()
}

/// Everything that a credit is asked by.
fn signature<'a>(search: &Search<'a>, credit: usize) -> impl Ord + use<'a> {
    let view = search.transfer(credit);
    let entry = search.entry(view.entry);
    let detail = view.detail;
    let ids = [
        view.end_to_end_key.clone(),
        detail.and_then(|detail| detail.instruction_id.as_deref()).map(Into::into),
        detail.and_then(|detail| detail.payment_info_id.as_deref()).map(Into::into),
        detail.and_then(|detail| detail.message_id.as_deref()).map(Into::into),
    ];
    let accounts: Vec<&'a str> = view.ibans().map(Iban::reveal).collect();
    let names: Vec<&'a str> = view.names().collect();
    let texts: Vec<&'a str> = entry.entry.texts(detail).collect();
    let batch = entry.entry.batch.as_ref();
    let batch = batch.map(|batch| (batch.payment_info_id.as_deref(), batch.message_id.as_deref()));
    let money = (view.amounts(), view.stated, entry.entry.charges, entry.entry.amount);
    (
        (view.booked_on, is_marked(search, credit), money),
        (ids, accounts, names, texts, batch),
        detail.and_then(|detail| detail.charges),
    )
}

fn may_bring_back(search: &Search<'_>, credit: usize) -> bool {
    let view = search.transfer(credit);
    let entry = search.entry(view.entry);
    let class = matches!(
        entry.class,
        Class::Return | Class::OtherCredit | Class::Announced | Class::Transfer
    );
    class && view.direction == Direction::Credit && entry.duplicate_of.is_none()
}

/// Whether a credit says that it brings money back; a credit inside a collective debit does.
fn is_marked(search: &Search<'_>, credit: usize) -> bool {
    let entry = search.entry(search.transfer(credit).entry);
    brings_back(entry.entry) || entry.class == Class::Transfer
}

fn is_announced(search: &Search<'_>, credit: usize) -> bool {
    search.entry(search.transfer(credit).entry).class == Class::Announced
}

/// Whether an announced return has been booked since: one that came back before is another. `back` has
/// the last days on which amounts came back.
fn is_booked_since(
    search: &mut Search<'_>,
    credit: usize,
    back: &BTreeMap<Amount, NaiveDate>,
) -> bool {
    let view = search.transfer(credit);
    let since = |amount: &Amount| back.get(amount).is_some_and(|day| *day >= view.booked_on);
    let known = view.amounts().iter().any(since);
    if known {
        search.use_entry(view.entry, EntryUse::Superseded);
    }
    known
}

/// Nobody can say whose money it is.
fn unclear(search: &mut Search<'_>, payments: &[usize], credits: &[usize]) {
    let entries = credits.iter().map(|credit| search.transfer(*credit).entry).collect();
    let several = Several::new(entries, search.bank());
    for payment in payments {
        let found = search.found(*payment);
        found.cited.add_all(&several);
        found.flag(Flag::Ambiguous);
        found.notes.push(Note::ReturnGroup(payments.len()));
    }
}

/// Collective returns whose transfers nobody knows: those of a whole debit, and the others, which need
/// a person.
fn opaque(search: &mut Search<'_>, open: &mut BTreeSet<usize>) {
    let without_transfers: Vec<usize> = (0..search.bank().entries.len())
        .filter(|entry| {
            let view = search.entry(*entry);
            let is_return = matches!(view.class, Class::Return | Class::Announced)
                && brings_back(view.entry)
                && view.transfers.is_empty();
            is_return && view.duplicate_of.is_none()
        })
        .collect();
    if without_transfers.is_empty() {
        return;
    }
    let shared = whole::shared_debits(search);
    for entry in without_transfers {
        match whole::of_return(search, &shared, entry) {
            Some(meant) if meant.share == Share::Each => came_back(search, &meant, entry, None),
            Some(meant) => {
                for payment in &meant.payments {
                    let found = search.found(*payment);
                    found.cited.push(entry);
                    found.flag(Flag::Ambiguous);
                    found.notes.push(Note::ReturnGroup(meant.payments.len()));
                }
                open.insert(entry);
            }
            None => {
                open.insert(entry);
            }
        }
    }
}

/// Each payment came back as it was booked.
fn each(search: &mut Search<'_>, meant: &Meant, credits: &[usize]) {
    for credit in credits {
        let view = search.transfer(*credit);
        came_back(search, meant, view.entry, Some(view));
    }
}

fn came_back(
    search: &mut Search<'_>,
    meant: &Meant,
    entry: usize,
    view: Option<&TransferView<'_>>,
) {
    let own = search.entry(entry);
    let Some(day) = own.booked_on else { return };
    let detail = view.and_then(|view| view.detail).or_else(|| own.entry.details.first());
    let information = detail.and_then(|detail| detail.return_information.clone());
    let information = information.unwrap_or_default();
    for payment in &meant.payments {
        let found = search.found(*payment);
        let of_debit = |debit: usize| -> Amount {
            found.claims.iter().filter(|claim| claim.entry == debit).map(|claim| claim.amount).sum()
        };
        let amount = match meant.debit {
            Some(debit) => of_debit(debit),
            None => found.booked().minus(found.came_back()),
        };
        found.returned.push(Returned {
            entry,
            link: meant.link,
            amount,
            day,
            code: information.code.clone(),
            text: information.text.clone(),
        });
    }
    use_as_return(search, entry);
}

/// A netted collective debit stays what it is: a debit.
fn use_as_return(search: &mut Search<'_>, entry: usize) {
    if search.entry(entry).entry.direction == Direction::Credit {
        search.use_entry(entry, EntryUse::Return);
    } else if search.entry_use(entry) == EntryUse::Free {
        search.use_entry(entry, EntryUse::Matched);
    }
}

fn give_back(search: &mut Search<'_>, meant: &Meant, credits: &[usize]) {
    let mut payments = meant.payments.clone();
    payments.sort_by_cached_key(|payment| search.payment_order(*payment));
    let mut credits = credits.to_vec();
    credits.sort_by_cached_key(|credit| search.transfer_order(*credit));
    for (number, credit) in credits.iter().enumerate() {
        let slot = number.checked_rem(payments.len()).unwrap_or(0);
        let Some(payment) = payments.get(slot).copied() else { continue };
        let view = search.transfer(*credit);
        let information = view.detail.and_then(|detail| detail.return_information.clone());
        let information = information.unwrap_or_default();
        let found = search.found(payment);
        let amount =
            if view.stated { view.amount } else { found.booked().minus(found.came_back()) };
        found.returned.push(Returned {
            entry: view.entry,
            link: meant.link,
            amount,
            day: view.booked_on,
            code: information.code,
            text: information.text,
        });
        use_as_return(search, view.entry);
    }
}
