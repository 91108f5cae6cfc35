//! The same booking told by several files, or twice inside one: counted once, occurrence-aware, with
//! everything that any of them says.
//!
//! Two equal bookings inside one telling are two. Over several, every telling's bookings are laid
//! over those known already; what finds no counterpart is new.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use chrono::NaiveDate;

use crate::matching::alike::Kinds;
use crate::matching::alike::Open;
use crate::matching::bank::BankView;
use crate::matching::bank::EntryView;
use crate::matching::classes::Class;
use crate::matching::classes::classify;
use crate::matching::gathered;
use crate::matching::neighbours::Dated;
use crate::matching::neighbours::is_next;
use crate::matching::neighbours::with_neighbours;
use crate::matching::repeats::repeats_in;
use crate::matching::same::Files;
use crate::matching::same::may_repeat;
use crate::matching::same::tells_the_same;
use crate::matching::tellings::Source;
use crate::matching::tellings::Tellings;
use crate::matching::unite::united;
use crate::model::statement::Direction;
use crate::model::statement::StatementEntry;
use crate::model::together;

/// Bookings as several files tell them, kept while a run lasts.
pub type United = OnceLock<Vec<StatementEntry>>;

/// Marks repeated bookings and unites what their tellings say, then makes the transfers of all
/// others.
pub fn settle<'a>(view: &mut BankView<'a>, formats: &[String], kept: &'a United, threads: usize) {
    let tellings = Tellings::new(view);
    // One source alone repeats nothing.
    if tellings.are_several(view) {
        let files = Files { formats, tellings: &tellings };
        let mut repeats = same_day(view, &files);
        day_apart(view, &files, &mut repeats);
        unite(view, &repeats, &tellings, kept);
    }
    // Of the statement that lacks a booking no other one need be left: plain cases are settled before.
    unbacked(view, &tellings);
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
        let details = view.entries.get(*number).map(|entry| entry.entry.details.as_slice());
        view.resolved(*number, details.unwrap_or_default())
    });
    for (number, made) in numbers.into_iter().zip(made) {
        view.keep(number, made);
    }
}

/// Repeats by the booking that they repeat.
type Repeats = BTreeMap<usize, Vec<usize>>;

fn repeat(view: &mut BankView<'_>, repeats: &mut Repeats, number: usize, original: usize) {
    // Those that repeated it repeat the original now.
    let own = repeats.remove(&number).unwrap_or_default();
    for number in own.into_iter().chain([number]) {
        repeats.entry(original).or_default().push(number);
        if let Some(entry) = view.entries.get_mut(number) {
            entry.duplicate_of = Some(original);
        }
    }
}

/// Bookings that are booked: what is only announced is no booking yet.
fn is_told(entry: &EntryView<'_>) -> bool {
    !matches!(entry.class, Class::Outside | Class::Pending | Class::Announced)
}

/// Tellings of one amount on one day.
fn same_day(view: &mut BankView<'_>, files: &Files<'_>) -> Repeats {
    let mut told: Vec<_> = Vec::new();
    for (number, entry) in view.entries.iter().enumerate() {
        if is_told(entry) {
            let day = entry.entry.booking_date.or(entry.entry.value_date);
            told.push(((entry.entry.direction, entry.entry.amount, day), number));
        }
    }
    told.sort_unstable();
    let mut repeats = Repeats::new();
    for group in told.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1) {
        let found = repeats_in(view, group.iter().map(|told| told.1), files);
        for (number, original) in without_contradictions(view, found, files) {
            repeat(view, &mut repeats, number, original);
        }
    }
    repeats
}

/// Leaves out tellings that fit a poorer one and contradict each other: which of them it is, nobody can
/// say.
fn without_contradictions(
    view: &BankView<'_>,
    found: Vec<(usize, usize)>,
    files: &Files<'_>,
) -> Vec<(usize, usize)> {
    let mut of_original: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, original) in found {
        of_original.entry(original).or_default().push(number);
    }
    let mut kept = Vec::new();
    for (original, again) in of_original {
        let fits = |number: &usize| {
            again.iter().all(|other| other == number || may_repeat(view, *other, *number, files))
        };
        kept.extend(again.iter().filter(|number| fits(number)).map(|number| (*number, original)));
    }
    kept
}

/// Tellings of one booking a banking day apart: each file that tells it on its day would have to tell
/// it on the other's too, if they were two.
fn day_apart(view: &mut BankView<'_>, files: &Files<'_>, repeats: &mut Repeats) {
    let sources: BTreeSet<Source> =
        view.entries.iter().map(|entry| files.tellings.source(entry)).collect();
    let mut told: Vec<Dated> = Vec::new();
    for (number, entry) in view.entries.iter().enumerate() {
        // What all tell on the same day is not told on another.
        let again = repeats.get(&number).map_or(0, Vec::len);
        let by_all = again.saturating_add(1) >= sources.len();
        let day = entry.entry.booking_date.or(entry.entry.value_date);
        let is_open = is_told(entry) && entry.duplicate_of.is_none() && !by_all;
        if let Some(day) = day.filter(|_| is_open) {
            told.push((entry.entry.direction, entry.entry.amount, day, number));
        }
    }
    told.sort_unstable();
    let same_amount = |left: &Dated, right: &Dated| (left.0, left.1) == (right.0, right.1);
    for group in told.chunk_by(same_amount).filter(|group| group.len() > 1) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        if first.2 == last.2 {
            continue;
        }
        let group = with_neighbours(view, files, group);
        if group.len() < 2 {
            continue;
        }
        let again = |number: usize| repeats.get(&number).map_or(&[] as &[usize], Vec::as_slice);
        let kinds = Kinds::new(view, group.iter().map(|told| told.3), again);
        let slots = group.iter().enumerate().map(|(slot, told)| (slot, told.3));
        let mut open = Open::new(view, &kinds, slots);
        let mut taken = vec![false; group.len()];
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (slot, (_, _, day, number)) in group.iter().enumerate() {
            if taken.get(slot) != Some(&false) {
                continue;
            }
            open.ask(view, *number, |other, number| {
                let earlier = view.entries.get(other).map(|entry| entry.entry);
                let earlier = earlier.and_then(|told| told.booking_date.or(told.value_date));
                earlier.is_some_and(|earlier| {
                    is_next(earlier, *day)
                        && are_one(view, files, repeats, (other, earlier), (number, *day))
                        && tells_the_same(view, other, number, files)
                })
            });
            let before = open.first(*number, &taken).filter(|before| *before < slot);
            let Some(before) = before else { continue };
            for slot in [before, slot] {
                if let Some(flag) = taken.get_mut(slot) {
                    *flag = true;
                }
            }
            let other = group.get(before).map(|told| told.3);
            found.extend(other.map(|other| (other, *number)));
        }
        for (other, number) in found {
            let (number, other) = (&number, &other);
            let source =
                |number: usize| view.entries.get(number).map(|entry| files.tellings.source(entry));
            let (original, again) = if source(*number) < source(*other) {
                (*number, *other)
            } else {
                (*other, *number)
            };
            repeat(view, repeats, again, original);
        }
    }
}

/// Whether two bookings of neighbouring days are told by files that would each tell both.
fn are_one(
    view: &BankView<'_>,
    files: &Files<'_>,
    repeats: &Repeats,
    (left, left_day): (usize, NaiveDate),
    (right, right_day): (usize, NaiveDate),
) -> bool {
    let told = |number: usize| {
        let again = repeats.get(&number).into_iter().flatten().copied();
        std::iter::once(number).chain(again).filter_map(|number| view.entries.get(number))
    };
    let tellings = files.tellings;
    // Who tells both tells two.
    let in_common = told(left)
        .any(|own| told(right).any(|other| tellings.source(own) == tellings.source(other)));
    if in_common {
        return false;
    }
    told(left).any(|own| {
        told(right).any(|other| {
            let (own_source, other_source) = (tellings.source(own), tellings.source(other));
            let own_has_both = tellings.is_complete(own, right_day);
            let other_has_both = tellings.is_complete(other, left_day);
            (own_has_both && (other_has_both || other_source.is_report()))
                || (other_has_both && own_source.is_report())
        })
    })
}

/// Lets every booking say what its tellings say together.
fn unite<'a>(
    view: &mut BankView<'a>,
    repeats: &Repeats,
    tellings: &Tellings<'_>,
    kept: &'a United,
) {
    let entry_of = |view: &BankView<'a>, number: usize| view.entries.get(number).map(|e| e.entry);
    let mut changed: Vec<(usize, StatementEntry)> = Vec::new();
    for (original, again) in repeats {
        let told: Vec<&StatementEntry> = std::iter::once(original)
            .chain(again)
            .filter_map(|number| entry_of(view, *number))
            .collect();
        let made = united(&told);
        if let Some(made) = made.filter(|made| Some(made) != entry_of(view, *original)) {
            changed.push((*original, made));
        }
        // The later day counts: the money may have left on the earlier one, or not.
        let days = again
            .iter()
            .chain([original])
            .filter_map(|number| view.entries.get(*number).and_then(|entry| entry.booked_on));
        let day = days.max();
        if let Some(entry) = view.entries.get_mut(*original) {
            entry.booked_on = day;
        }
    }
    for (whole, parts) in gathered::parts(view, tellings, repeats) {
        let told: Vec<&StatementEntry> =
            parts.iter().filter_map(|part| entry_of(view, *part)).collect();
        let Some(own) = entry_of(view, whole) else { continue };
        let made = gathered::gathered(own, &told);
        changed.retain(|(number, _)| *number != whole);
        changed.push((whole, made));
        for part in parts {
            if let Some(entry) = view.entries.get_mut(part) {
                entry.duplicate_of = Some(whole);
            }
        }
    }
    let (numbers, made): (Vec<usize>, Vec<StatementEntry>) = changed.into_iter().unzip();
    let made = kept.get_or_init(|| made);
    for (number, made) in numbers.into_iter().zip(made) {
        if let Some(entry) = view.entries.get_mut(number) {
            entry.entry = made;
            entry.class = classify(made);
        }
    }
}

/// Marks what a report or export tells of a day whose statement, which ties, does not have it: it
/// proves nothing.
fn unbacked(view: &mut BankView<'_>, tellings: &Tellings<'_>) {
    if tellings.settle_nothing() {
        return;
    }
    // The statement may tell the parts of what an export tells as one.
    let of_statements = view.entries.iter().filter(|entry| tellings.source(entry).is_statement());
    let backed: BTreeSet<usize> = of_statements.filter_map(|entry| entry.duplicate_of).collect();
    let missing: Vec<usize> = (0..view.entries.len())
        .filter(|number| {
            let Some(entry) = view.entries.get(*number) else { return false };
            entry.duplicate_of.is_none()
                && !backed.contains(number)
                && entry.entry.direction == Direction::Debit
                && is_told(entry)
                && !tellings.source(entry).is_statement()
                && entry
                    .entry
                    .booking_date
                    .is_some_and(|day| tellings.is_settled(entry.account, day))
        })
        .collect();
    for number in missing {
        if let Some(entry) = view.entries.get_mut(number) {
            entry.unbacked = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::originals::Originals;
    use crate::model::amount::Amount;
    use crate::model::iban::Iban;
    use crate::model::place::FileId;
    use crate::model::place::Place;
    use crate::model::statement::EntryDetail;
    use crate::model::statement::Statement;
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
            let tellings = Tellings::new(&view);
            let files = Files { formats: &formats, tellings: &tellings };
            let mut open = Originals::default();
            for (slot, entry) in view.entries.iter().enumerate() {
                open.add(slot, entry);
            }
            for (number, entry) in view.entries.iter().enumerate() {
                let like = open.like(entry);
                assert!(like.is_sorted());
                let is_same = |slot: &usize| tells_the_same(&view, *slot, number, &files);
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
