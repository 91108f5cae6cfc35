//! Plain cases: one row and one booking that alone bear an end-to-end id, agree in amount and
//! account, lie in the run, and that nothing else in the files touches.
//!
//! For these the rules can only ever find what the first tier finds, so they are settled without
//! them, from values in brief. A case is left to the rules as soon as anything else might speak for
//! or against it: another row or booking with its id, a text that names its id or case number, any
//! booking or return of its amount on its account, a credit without account of its amount and name,
//! an entry without id and account that another file gives for the same day and amount. That the
//! answers are the same with and without this short cut is tested with all samples and with
//! simulated months.

pub mod case;
mod dates;
mod join;
mod told;
mod touch;

use chrono::NaiveDate;
use foldhash::HashMap;
use foldhash::HashMapExt;
use foldhash::HashSet;
use foldhash::HashSetExt;

use crate::matching::bank::pays_one;
use crate::matching::plain::case::Aside;
use crate::matching::plain::case::BankReference;
use crate::matching::plain::case::Pair;
use crate::matching::plain::case::Plain;
use crate::matching::plain::case::Run;
use crate::matching::plain::case::add_entries;
use crate::matching::plain::case::full_entry;
use crate::matching::plain::case::reference_of;
use crate::matching::plain::dates::DatesOf;
use crate::matching::plain::told::Told;
use crate::matching::plain::touch::Residue;
use crate::matching::plain::touch::Touch;
use crate::model::brief::BriefExport;
use crate::model::brief::BriefList;
use crate::model::brief::BriefPayment;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::inputs::Inputs;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::statement::StatementEntry;
use crate::model::together;

/// Finds the plain cases of a run and reads everything else in full.
pub fn separate(inputs: &mut Inputs, run: Run<'_>) -> Plain {
    let Some(keys) = inputs.keys.clone() else { return Plain::default() };
    let lists = std::mem::take(&mut inputs.brief_lists);
    let exports = std::mem::take(&mut inputs.brief_exports);
    let first_day = first_day(&lists, &inputs.payments, &mut DatesOf::new(run.dates));
    let foreign = ids_in_full(inputs, &keys);
    let (mut pairs, kinds) = join::pairs(&lists, &exports, &foreign, run);
    // Bookings that nobody has may speak for others; those before all windows can not.
    let mut taken: Vec<Vec<bool>> =
        exports.iter().map(|export| vec![false; export.rows.len()]).collect();
    mark(&mut taken, &pairs, true);
    let mut early = Vec::new();
    let mut alone = Vec::new();
    for (export, (own, taken)) in exports.iter().zip(&taken).enumerate() {
        for (entry, row) in
            own.rows.iter().enumerate().filter(|(entry, _)| taken.get(*entry) == Some(&false))
        {
            if row.booked_on() < first_day {
                early.push((export, entry));
            } else {
                alone.push((own, row));
            }
        }
    }
    let mut in_full = together::map_many(&alone, run.threads, |(own, row)| full_entry(own, row));
    drop(alone);
    let mut touch = Touch::new(&keys, first_day);
    for entry in inputs.statements.iter().flat_map(|statement| &statement.entries) {
        touch.add(entry);
    }
    for (_, entry) in &in_full {
        touch.add(entry);
    }
    let repeated = repeated_references(&exports, inputs, &keys);
    let mut told = Told::new(&exports, &early);
    let plain = Plain { lists, exports, kinds, pairs: Vec::new(), aside: Vec::new() };
    let touched = together::map_many(&pairs, run.threads, |pair| {
        let of = plain
            .row(*pair)
            .zip(plain.kind(*pair))
            .zip(plain.exports.get(usize::from(pair.export)));
        of.is_none_or(|(((list, row), kind), export)| {
            touch.touches(row, kind, export.file)
                || touch.touches_by_name(list, row)
                || (!repeated.is_empty() && plain.is_repeated(*pair, &repeated))
                || (!early.is_empty() && plain.is_told_early(*pair, &told))
        })
    });
    let pulled = pairs.iter().zip(&touched).filter(|(_, touched)| **touched);
    let pulled = pulled.filter_map(|(pair, _)| plain.entry(pair.export, pair.entry));
    let pulled: Vec<_> = pulled.collect();
    in_full.extend(together::map_many(&pulled, run.threads, |(own, row)| full_entry(own, row)));
    drop(pulled);
    let mut flags = touched.iter();
    pairs.retain(|_| flags.next() == Some(&false));
    let rows = not_in(&plain.lists, &pairs);
    let rows = together::map_many(&rows, run.threads, |(list, row)| list.payment(row));
    inputs.payments.extend(rows);
    inputs.payments.sort_by_key(|payment| payment.place);
    let residue = Residue::new(&keys, &inputs.payments);
    if !early.is_empty() {
        let entries = inputs.statements.iter().flat_map(|statement| &statement.entries);
        for entry in entries.chain(in_full.iter().map(|(_, entry)| entry)) {
            told.add(entry);
        }
    }
    let judged = together::map_many(&early, run.threads, |(export, entry)| {
        let own = plain.exports.get(*export)?;
        let row = own.rows.get(*entry)?;
        let named = || own.with_texts(row, |texts| residue.is_named_by(row.amount, texts));
        let quiet = own.shape(row.shape).is_some_and(|shape| pays_one(&shape.entry))
            && !residue.knows(row)
            && !told.elsewhere(row, own.file)
            && named() == Some(false);
        let numbers = u16::try_from(*export).ok().zip(u32::try_from(*entry).ok());
        Some(match numbers.filter(|_| quiet) {
            Some((export, entry)) => Early::Aside(Aside { export, entry }),
            None => Early::Full(Box::new(full_entry(own, row))),
        })
    });
    let mut aside = Vec::new();
    for one in judged.into_iter().flatten() {
        match one {
            Early::Aside(quiet) => aside.push(quiet),
            Early::Full(entry) => in_full.push(*entry),
        }
    }
    add_entries(inputs, in_full);
    Plain { pairs, aside, ..plain }
}

/// The bank's own references that several files have for the same amount and day: they may be one
/// booking. Many banks count from 1 again in every statement, so the reference alone says little.
fn repeated_references(
    exports: &[BriefExport],
    inputs: &Inputs,
    keys: &Keys,
) -> HashSet<BankReference> {
    let brief = exports.iter().flat_map(|export| {
        export.rows.iter().filter_map(|row| Some((reference_of(row)?, export.file)))
    });
    let entries = inputs.statements.iter().flat_map(|statement| &statement.entries);
    let full = entries.filter_map(|entry| {
        let reference = keys.real_reference(entry.bank_reference.as_deref())?;
        let day = entry.booking_date.or(entry.value_date)?;
        Some(((reference, entry.amount, day), entry.place.file))
    });
    // Mostly one file has them all, or none has any.
    let mut files = brief.clone().chain(full.clone()).map(|(_, file)| file);
    let first = files.next();
    if files.all(|file| Some(file) == first) {
        return HashSet::new();
    }
    let mut of_files: HashMap<BankReference, FileId> = HashMap::new();
    let mut repeated = HashSet::new();
    for (reference, file) in brief.chain(full) {
        if *of_files.entry(reference).or_insert(file) != file {
            repeated.insert(reference);
        }
    }
    repeated
}

/// What becomes of a booking before all windows.
enum Early {
    Aside(Aside),
    Full(Box<(usize, StatementEntry)>),
}

fn mark(taken: &mut [Vec<bool>], pairs: &[Pair], as_: bool) {
    for pair in pairs {
        let slot = taken.get_mut(usize::from(pair.export));
        let entry = usize::try_from(pair.entry).ok();
        if let Some(slot) = slot.zip(entry).and_then(|(slot, entry)| slot.get_mut(entry)) {
            *slot = as_;
        }
    }
}

/// The rows of lists that are in no pair; pairs are in the order of the lists.
fn not_in<'a>(lists: &'a [BriefList], pairs: &[Pair]) -> Vec<(&'a BriefList, &'a BriefPayment)> {
    let mut found = Vec::new();
    let mut pairs = pairs.iter().peekable();
    for (number, list) in lists.iter().enumerate() {
        for (row, brief) in list.rows.iter().enumerate() {
            let is_this = |pair: &&Pair| {
                usize::from(pair.list) == number && usize::try_from(pair.row) == Ok(row)
            };
            if pairs.next_if(is_this).is_none() {
                found.push((list, brief));
            }
        }
    }
    found
}

/// The first day of the earliest window.
fn first_day(lists: &[BriefList], full: &[Payment], dates: &mut DatesOf<'_>) -> NaiveDate {
    let brief = lists.iter().flat_map(|list| &list.rows).map(|row| row.due);
    let mut first = NaiveDate::MAX;
    let mut last_due = None;
    for due in brief.chain(full.iter().map(|payment| payment.due)) {
        if last_due != Some(due) {
            first = first.min(dates.of(due).window_start);
            last_due = Some(due);
        }
    }
    first
}

/// The end-to-end ids of rows and bookings that are in full already.
fn ids_in_full(inputs: &Inputs, keys: &Keys) -> HashSet<Key> {
    let rows = inputs.payments.iter().filter_map(|payment| payment.end_to_end_id.as_deref());
    let entries = inputs.statements.iter().flat_map(|statement| &statement.entries);
    let booked = entries.flat_map(|entry| &entry.details);
    let booked = booked.filter_map(|detail| detail.end_to_end_id.as_deref());
    rows.chain(booked).filter_map(|id| keys.real_reference(Some(id))).collect()
}
