//! The same booking told by several files: counted once, occurrence-aware.
//!
//! Two equal bookings inside one file are two. Across files, every file's bookings are laid over
//! those known already; what finds no counterpart is new.

use std::collections::BTreeMap;

use crate::matching::bank::BankView;
use crate::matching::bank::EntryView;
use crate::matching::bank::real_end_to_end_key;
use crate::matching::classes::Class;
use crate::matching::originals::Originals;
use crate::model::iban::Iban;
use crate::model::statement::EntryDetail;
use crate::model::statement::Statement;
use crate::model::statement::StatementKind;
use crate::model::text::fold_name;
use crate::model::text::is_placeholder;
use crate::model::text::names_agree;
use crate::model::text::reference_key;
use crate::model::together;

/// Marks repeated bookings, then makes the transfers of the others out of the best details that
/// any file gives.
pub fn settle(view: &mut BankView<'_>, formats: &[String], threads: usize) {
    // One source alone repeats nothing.
    let mut sources = view.entries.iter().map(|entry| source_of(view, entry));
    let first = sources.next();
    let are_several = sources.any(|source| Some(source) != first);
    let mut told: Vec<_> = Vec::new();
    let entries = if are_several { view.entries.as_slice() } else { &[] };
    for (number, entry) in entries.iter().enumerate() {
        if !matches!(entry.class, Class::Outside | Class::Pending | Class::Announced) {
            let day = entry.entry.booking_date.or(entry.entry.value_date);
            told.push(((entry.entry.direction, entry.entry.amount, day), number));
        }
    }
    told.sort_unstable();
    let mut richer: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for group in told.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1) {
        for (repeat, original) in repeats_in(view, group.iter().map(|told| told.1), formats) {
            richer.entry(original).or_default().push(repeat);
            if let Some(entry) = view.entries.get_mut(repeat) {
                entry.duplicate_of = Some(original);
            }
        }
    }
    drop(told);
    let wanted = |entry: &EntryView<'_>| {
        let class = matches!(
            entry.class,
            Class::Transfer
                | Class::Collective
                | Class::Return
                | Class::OtherCredit
                | Class::Reversal
                | Class::Announced
        );
        class && entry.duplicate_of.is_none()
    };
    let all = view.entries.iter().enumerate();
    let numbers: Vec<usize> =
        all.filter(|(_, entry)| wanted(entry)).map(|(number, _)| number).collect();
    let made = together::map_many(&numbers, threads, |number| {
        let repeats = richer.get(number).map_or(&[] as &[usize], Vec::as_slice);
        view.resolved(*number, best_details(view, *number, repeats))
    });
    for (number, made) in numbers.into_iter().zip(made) {
        view.keep(number, made);
    }
}

/// The details of an entry or, where it has fewer, those of the same booking in another file.
fn best_details<'a>(view: &BankView<'a>, number: usize, repeats: &[usize]) -> &'a [EntryDetail] {
    let details_of = |number: usize| {
        view.entries.get(number).map_or(&[] as &[EntryDetail], |entry| &entry.entry.details)
    };
    let worth = |details: &[EntryDetail]| {
        let known = details
            .iter()
            .filter(|detail| {
                real_end_to_end_key(detail).is_some() || detail.counterparty_iban.is_some()
            })
            .count();
        (known, details.iter().filter(|detail| detail.remittance.is_some()).count())
    };
    let mut best = details_of(number);
    for repeat in repeats {
        let other = details_of(*repeat);
        if worth(other) > worth(best) {
            best = other;
        }
    }
    best
}

/// Pairs of (repeat, original) inside a group of equal direction, amount and day.
fn repeats_in(
    view: &BankView<'_>,
    group: impl Iterator<Item = usize>,
    formats: &[String],
) -> Vec<(usize, usize)> {
    let mut by_source: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for number in group {
        let Some(entry) = view.entries.get(number) else { continue };
        by_source.entry(source_of(view, entry)).or_default().push(number);
    }
    if by_source.len() < 2 {
        return Vec::new();
    }
    let mut originals: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for members in by_source.into_values() {
        let mut taken = vec![false; originals.len()];
        let mut unmatched = Vec::new();
        let mut by_identity: BTreeMap<Identity, Vec<usize>> = BTreeMap::new();
        for (slot, original) in originals.iter().enumerate().rev() {
            if let Some(entry) = view.entries.get(*original) {
                by_identity.entry(identity(entry)).or_default().push(slot);
            }
        }
        for number in members {
            let Some(entry) = view.entries.get(number) else { continue };
            let slots = by_identity.get_mut(&identity(entry));
            let slot = slots.and_then(|slots| {
                let position = slots.iter().rposition(|slot| {
                    originals
                        .get(*slot)
                        .is_some_and(|original| may_repeat(view, *original, number, formats))
                })?;
                Some(slots.remove(position))
            });
            match slot {
                Some(slot) => take(&mut taken, slot, &originals, number, &mut pairs),
                None => unmatched.push(number),
            }
        }
        let mut fresh = Vec::new();
        let mut open = Originals::default();
        if !unmatched.is_empty() {
            for (slot, original) in originals.iter().enumerate() {
                let entry = view.entries.get(*original);
                if let Some(entry) = entry.filter(|_| taken.get(slot) == Some(&false)) {
                    open.add(slot, entry);
                }
            }
        }
        for number in unmatched {
            let like = view.entries.get(number).map(|entry| open.like(entry));
            let slot = like.into_iter().flatten().find(|slot| {
                taken.get(*slot) == Some(&false)
                    && originals
                        .get(*slot)
                        .is_some_and(|original| tells_the_same(view, *original, number, formats))
            });
            match slot {
                Some(slot) => take(&mut taken, slot, &originals, number, &mut pairs),
                None => fresh.push(number),
            }
        }
        originals.extend(fresh);
    }
    pairs
}

fn take(
    taken: &mut [bool],
    slot: usize,
    originals: &[usize],
    number: usize,
    pairs: &mut Vec<(usize, usize)>,
) {
    if let Some(flag) = taken.get_mut(slot) {
        *flag = true;
    }
    if let Some(original) = originals.get(slot) {
        pairs.push((number, *original));
    }
}

/// Where an entry comes from; the best kind of document comes first and keeps the booking.
fn source_of(view: &BankView<'_>, entry: &EntryView<'_>) -> (u8, u32, usize) {
    let kind = view.statements.get(entry.statement).map_or(StatementKind::Export, |s| s.kind);
    let rank = match kind {
        StatementKind::EndOfDay => 0,
        StatementKind::Export => 1,
        StatementKind::Intraday => 2,
        StatementKind::Notification => 3,
    };
    // Reports during the day repeat what earlier ones said, even inside one file.
    let report = if kind == StatementKind::Intraday { entry.statement } else { 0 };
    (rank, entry.entry.place.file.0, report)
}

/// What names a booking, as far as the file says it.
type Identity = (Option<usize>, String, String, String);

fn identity(entry: &EntryView<'_>) -> Identity {
    let first = entry.entry.details.first();
    let end_to_end = first.and_then(real_end_to_end_key).unwrap_or_default().into_owned();
    let iban = first.and_then(|detail| detail.counterparty_iban.as_ref());
    let name = first.and_then(|detail| detail.counterparty.as_deref()).map(fold_name);
    (
        entry.account,
        end_to_end,
        iban.map(|iban| iban.reveal().to_owned()).unwrap_or_default(),
        name.unwrap_or_default(),
    )
}

/// Whether nothing says that the two are different bookings.
fn may_repeat(view: &BankView<'_>, left: usize, right: usize, formats: &[String]) -> bool {
    let (Some(left), Some(right)) = (view.entries.get(left), view.entries.get(right)) else {
        return false;
    };
    if left.account.is_some() && right.account.is_some() && left.account != right.account {
        return false;
    }
    let format = |entry: &EntryView<'_>| {
        usize::try_from(entry.entry.place.file.0).ok().and_then(|file| formats.get(file))
    };
    if format(left) != format(right) {
        return true;
    }
    // Inside one format the bank's own reference and the statement's number tell bookings apart.
    let references = (&left.entry.bank_reference, &right.entry.bank_reference);
    if let (Some(left), Some(right)) = references {
        if !is_placeholder(left) && !is_placeholder(right) {
            return reference_key(left) == reference_key(right);
        }
    }
    let statements = (view.statements.get(left.statement), view.statements.get(right.statement));
    !matches!(statements, (Some(left), Some(right)) if follow_each_other(left, right))
}

/// Whether two end-of-day statements of one account are different ones: other number or page, and
/// other balances.
fn follow_each_other(left: &Statement, right: &Statement) -> bool {
    let end_of_day = |statement: &Statement| statement.kind == StatementKind::EndOfDay;
    let both_numbered = left.number.is_some() && right.number.is_some();
    end_of_day(left)
        && end_of_day(right)
        && both_numbered
        && (left.number != right.number || left.page != right.page)
        && (left.opening, left.closing) != (right.opening, right.closing)
}

/// Whether two entries of unequal detail may be one booking: nothing contradicts, and something
/// beyond amount and day agrees.
fn tells_the_same(view: &BankView<'_>, left: usize, right: usize, formats: &[String]) -> bool {
    if !may_repeat(view, left, right, formats) {
        return false;
    }
    let (Some(left), Some(right)) = (view.entries.get(left), view.entries.get(right)) else {
        return false;
    };
    let same_account = left.account.is_some() && left.account == right.account;
    if let (Some(a), Some(b)) = (&left.entry.bank_reference, &right.entry.bank_reference) {
        if same_account && !is_placeholder(a) && reference_key(a) == reference_key(b) {
            return true;
        }
    }
    let (a, b) = (left.entry.details.first(), right.entry.details.first());
    let (Some(a), Some(b)) = (a, b) else { return same_account };
    if left.entry.details.len() != right.entry.details.len() {
        // A collective booking, resolved in one of the two files.
        return same_account;
    }
    let ids = (real_end_to_end_key(a), real_end_to_end_key(b));
    if let (Some(a), Some(b)) = &ids {
        return a == b;
    }
    match (&a.counterparty_iban, &b.counterparty_iban) {
        (Some(a), Some(b)) => return Iban::same_account(a, b),
        _ if ids.0.is_some() && ids.1.is_some() => return true,
        _ => {}
    }
    match (&a.counterparty, &b.counterparty) {
        (Some(a), Some(b)) => names_agree(a, b),
        _ => same_account,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::Amount;
    use crate::model::place::FileId;
    use crate::model::place::Place;
    use crate::model::statement::StatementEntry;

    /// Bookings of one amount and day that say this and that of themselves, in some files.
    fn statements(mut dice: impl FnMut(usize) -> usize) -> Vec<Statement> {
        let some = |choice: usize, texts: &[&str]| texts.get(choice).map(|text| (*text).to_owned());
        let accounts = ["DE02500105175407324931", "50010517/5407324931", "DE68210501700012345678"];
        let iban = |choice| some(choice, &accounts).and_then(|text| Iban::read(&text));
        let file = |number: u32, dice: &mut dyn FnMut(usize) -> usize| {
            let detail = |dice: &mut dyn FnMut(usize) -> usize| EntryDetail {
                end_to_end_id: some(dice(4), &["A-1", "a1", "NOTPROVIDED"]),
                counterparty: some(dice(4), &["Erika Beispiel", "Beispiel, Erika", "Otto Muster"]),
                counterparty_iban: iban(dice(5)),
                ..EntryDetail::default()
            };
            let entry = |dice: &mut dyn FnMut(usize) -> usize| StatementEntry {
                place: Place::file(FileId(number)),
                amount: Amount::from_cents(5000),
                bank_reference: some(dice(5), &["R1", "R2", "NONREF"]),
                details: (0..[1, 1, 1, 1, 0, 2][dice(6)]).map(|_| detail(dice)).collect(),
                ..StatementEntry::default()
            };
            Statement {
                account: iban(dice(4)),
                number: some(dice(3), &["1", "2"]),
                entries: (0..8).map(|_| entry(dice)).collect(),
                ..Statement::default()
            }
        };
        (0..3).map(|number| file(number, &mut dice)).collect()
    }

    #[test]
    fn nothing_that_may_be_the_same_booking_is_passed_over() {
        let mut seed = 11_u64;
        let mut dice = |sides: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % sides
        };
        let formats = ["camt.053", "mt940", "camt.053"].map(String::from);
        let (mut same, mut asked, mut all) = (0, 0, 0);
        for _ in 0..400 {
            let statements = statements(&mut dice);
            let view = BankView::new(&statements, None, 1);
            let mut open = Originals::default();
            for (slot, entry) in view.entries.iter().enumerate() {
                open.add(slot, entry);
            }
            for (number, entry) in view.entries.iter().enumerate() {
                let like = open.like(entry);
                assert!(like.is_sorted());
                let is_same = |slot: &usize| tells_the_same(&view, *slot, number, &formats);
                let found: Vec<usize> = like.iter().copied().filter(is_same).collect();
                let expected: Vec<usize> = (0..view.entries.len()).filter(is_same).collect();
                assert_eq!(found, expected);
                (same, asked) = (same + found.len(), asked + like.len());
                all += view.entries.len();
            }
        }
        assert!(same > 10_000 && asked < all, "{same} {asked} {all}");
    }

    #[test]
    fn bookings_to_other_accounts_are_not_asked_for() {
        let entry = |number: u64| StatementEntry {
            details: vec![EntryDetail {
                counterparty_iban: Iban::read(&format!("DE02{number:018}")),
                ..EntryDetail::default()
            }],
            ..StatementEntry::default()
        };
        let statements =
            [Statement { entries: (0..500).map(entry).collect(), ..Statement::default() }];
        let view = BankView::new(&statements, None, 1);
        let mut open = Originals::default();
        for (slot, entry) in view.entries.iter().enumerate() {
            open.add(slot, entry);
        }
        assert!(view.entries.iter().enumerate().all(|(slot, entry)| open.like(entry) == [slot]));
    }
}
