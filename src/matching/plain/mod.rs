//! Plain cases: one row and one booking that alone bear an end-to-end id, agree in amount and
//! account, lie in the run, and that nothing else in the files touches.
//!
//! For these the rules can only ever find what the first tier finds, so they are settled without
//! them, from values in brief. A case is left to the rules as soon as anything else might speak for
//! or against it: another row or booking with its id, a text that names its id or case number, any
//! booking or return of its amount on its account, a credit without account of its amount and name,
//! an entry without id and account that another file gives for the same amount and about the same day,
//! a return that shows its account, a collective debit of its day in another file. That the
//! answers are the same with and without this short cut is tested with all samples and with
//! simulated months.

pub mod answers;
pub mod case;
mod credits;
mod dates;
mod join;
mod known;
pub mod marked;
mod names;
mod residue;
mod table;
mod told;
mod touch;

use std::collections::BTreeSet;

use foldhash::HashMap;
use foldhash::HashMapExt;
use foldhash::HashSet;
use foldhash::HashSetExt;

use crate::matching::bank::pays_one;
use crate::matching::plain::answers::Answer;
use crate::matching::plain::case::Numbered;
use crate::matching::plain::case::Plain;
use crate::matching::plain::case::Run;
use crate::matching::plain::case::add_entries;
use crate::matching::plain::case::full_entry;
use crate::matching::plain::dates::Windows;
use crate::matching::plain::known::Known;
use crate::matching::plain::residue::Residue;
use crate::matching::plain::told::Told;
use crate::matching::plain::touch::Naming;
use crate::matching::tellings::settled_days;
use crate::matching::tellings::told_twice;
use crate::model::amount::Amount;
use crate::model::brief::BriefExport;
use crate::model::brief::BriefList;
use crate::model::brief::Day;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::brief::SettledList;
use crate::model::inputs::Inputs;
use crate::model::lengths::Lengths;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::statement::StatementEntry;
use crate::model::statement::StatementKind;
use crate::model::together;

/// Entries that one thread looks at before it takes more.
const ENTRIES_AT_A_TIME: usize = 1 << 11;

/// Finds the plain cases of a run and reads everything else in full.
pub fn separate(inputs: &mut Inputs, run: Run<'_>) -> Plain {
    let Some(keys) = inputs.keys.clone() else { return Plain::default() };
    let lists = Numbered::new(std::mem::take(&mut inputs.brief_lists));
    let exports = Numbered::new(std::mem::take(&mut inputs.brief_exports));
    let windows = Windows::new(&lists, &inputs.payments, run);
    let foreign = Known::new(ids_in_full(inputs, &keys).into_iter());
    let (answers, kinds) = join::answers(&lists, &exports, &foreign, &windows, run);
    let kinds = kinds.into_iter().map(|kind| (kind, 0)).collect();
    let mut plain =
        Plain::<BriefList, BriefExport> { lists, exports, answers, kinds, ..Plain::default() };
    // Bookings that nobody has may speak for others; those before all windows can not.
    let (early, alone) = plain.not_taken(Day::number_of(windows.first_day), run.threads);
    let mut in_full = plain.entries_in_full(&alone, run.threads);
    drop(alone);
    let lists = plain.lists.tables.iter();
    let lengths = lists.fold(Lengths::default(), |all, list| all.with(list.lengths));
    let told_in_full: Vec<&StatementEntry> = inputs
        .statements
        .iter()
        .flat_map(|statement| &statement.entries)
        .chain(in_full.iter().map(|(_, entry)| entry))
        .collect();
    let mut doubled = told_twice(&inputs.statements);
    // Reports during the day repeat what earlier ones in their file said.
    let reports = inputs.statements.iter().filter(|own| own.kind == StatementKind::Intraday);
    doubled.extend(reports.map(|own| own.place.file));
    let parts: Vec<&[&StatementEntry]> = told_in_full.chunks(ENTRIES_AT_A_TIME).collect();
    let named = together::map(&parts, run.threads, |part| {
        let mut naming = Naming::new(&keys, windows.first_day, lengths, &doubled);
        part.iter().for_each(|entry| naming.add(entry));
        naming
    });
    drop(parts);
    drop(told_in_full);
    let naming = Naming::new(&keys, windows.first_day, lengths, &doubled);
    let touch = named.into_iter().fold(naming, Naming::with).touch();
    // What an export tells of a day that a statement covers has to be in that statement.
    let exports: BTreeSet<FileId> = inputs
        .statements
        .iter()
        .filter(|statement| statement.kind == StatementKind::Export)
        .map(|statement| statement.place.file)
        .collect();
    let settled = settled_days(&inputs.statements);
    let unsure: Vec<bool> = plain
        .kinds
        .iter()
        .map(|(kind, _)| {
            let file = plain.exports.tables.get(usize::from(kind.export)).map(|own| own.file);
            settled.contains(&kind.booking_date.date())
                && file.is_none_or(|file| exports.contains(&file))
        })
        .collect();
    let repeated = Known::new(repeated_references(&plain.exports, inputs, &keys).into_iter());
    let told = Told::new(&plain.exports, &early);
    let touched = plain.rows_where(run.threads, |number| {
        // The booking's values are those of its kind: it stands anywhere, and fetching it would be a
        // cache miss for every case.
        let Some((entry, kind)) = plain.answers.get(number).and_then(Answer::get) else {
            return false;
        };
        let Some((_, list, row)) = plain.lists.row(number) else { return false };
        if unsure.get(kind) == Some(&true) {
            return true;
        }
        let Some((kind, _)) = plain.kinds.get(kind) else { return false };
        let Some(export) = plain.exports.tables.get(usize::from(kind.export)) else { return false };
        touch.touches(row, kind.booking_date, export.file)
            || touch.touches_by_name(list, row)
            || (!repeated.is_empty()
                && plain.reference_of(entry).is_some_and(|own| repeated.has(&own)))
            || (!early.is_empty() && told.early_elsewhere(&plain.exports, entry))
    });
    let bookings: Vec<usize> =
        touched.iter().filter_map(|row| Some(plain.answers.get(*row)?.get()?.0)).collect();
    in_full.extend(plain.entries_in_full(&bookings, run.threads));
    for row in touched {
        plain.answers.take_back(row);
    }
    plain.count(run.threads);
    let mut plain = plain.without_keys_of_lists(run.threads);
    let is_open = |number: usize| plain.answers.get(number) == Some(Answer::NONE);
    let open = plain.rows_where(run.threads, is_open);
    let parts: Vec<&[usize]> = open.chunks(ENTRIES_AT_A_TIME).collect();
    let rows = together::map(&parts, run.threads, |part| {
        let rows = part.iter().filter_map(|number| plain.lists.row(*number));
        rows.map(|(_, list, row)| list.payment(row)).collect::<Vec<Payment>>()
    });
    inputs.payments.reserve_exact(open.len());
    for rows in rows {
        inputs.payments.extend(rows);
    }
    inputs.payments.sort_by_key(|payment| payment.place);
    plain.ask_early(inputs, &early, told, (&keys, run.threads), &mut in_full);
    let plain = plain.without_keys(run.threads);
    add_entries(inputs, in_full);
    plain
}

/// The bank's own reference of a booking, its amount and day.
type BankReference = (Key, Amount, Day);

impl<L, E> Plain<L, E> {
    /// The numbers of rows of which this is true.
    fn rows_where(&self, threads: usize, is: impl Fn(usize) -> bool + Sync) -> Vec<usize> {
        let found = together::map(&self.answers.parts(), threads, |(first, part)| {
            let rows = (*first..).zip(*part).map(|(number, _)| number);
            rows.filter(|number| is(*number)).collect::<Vec<usize>>()
        });
        found.concat()
    }
}

impl Plain<BriefList, BriefExport> {
    /// The numbers of bookings that are nobody's: those before the first day, and the others.
    fn not_taken(&self, first_day: i32, threads: usize) -> (Vec<usize>, Vec<usize>) {
        let taken = self.answers.taken(self.exports.len(), threads);
        let others: Vec<usize> = taken.others().collect();
        let is_early = together::map_many(&others, threads, |number| {
            self.exports.row(*number).map(|(_, _, row)| row.booked_on().number() < first_day)
        });
        let (mut early, mut alone) = (Vec::new(), Vec::new());
        for (number, is_early) in others.into_iter().zip(is_early) {
            match is_early {
                Some(true) => early.push(number),
                Some(false) => alone.push(number),
                None => {}
            }
        }
        (early, alone)
    }

    /// Bookings in full, with the numbers of their statements.
    fn entries_in_full(&self, numbers: &[usize], threads: usize) -> Vec<(usize, StatementEntry)> {
        let parts: Vec<&[usize]> = numbers.chunks(ENTRIES_AT_A_TIME).collect();
        let read = together::map(&parts, threads, |part| {
            let rows = part.iter().filter_map(|number| self.exports.row(*number));
            rows.map(|(_, export, row)| full_entry(export, row)).collect::<Vec<_>>()
        });
        let mut all = Vec::with_capacity(numbers.len());
        for part in read {
            all.extend(part);
        }
        all
    }

    /// The bank's reference of a booking.
    fn reference_of(&self, entry: usize) -> Option<BankReference> {
        let reference = self.exports.reference(entry)?;
        let (_, _, row) = self.exports.row(entry)?;
        Some((reference, row.amount(), row.booking_date()))
    }
}

impl Plain<SettledList, BriefExport> {
    /// Asks early bookings whether they may concern anybody. Those that may are put with the
    /// bookings in full, the others are set aside.
    fn ask_early(
        &mut self,
        inputs: &Inputs,
        early: &[usize],
        mut told: Told,
        (keys, threads): (&Keys, usize),
        in_full: &mut Vec<(usize, StatementEntry)>,
    ) {
        if early.is_empty() {
            return;
        }
        let row = |number: &usize| self.exports.row(*number);
        let amounts: HashSet<Amount> =
            early.iter().filter_map(row).map(|(_, _, row)| row.amount()).collect();
        let residue = Residue::new(keys, &inputs.payments, &amounts, threads);
        let entries = inputs.statements.iter().flat_map(|statement| &statement.entries);
        for entry in entries.chain(in_full.iter().map(|(_, entry)| entry)) {
            told.add(entry);
        }
        // What follows from the shape is the same for a hundred thousand rows.
        let shapes = self.exports.tables.iter().map(|own| &own.shapes);
        let single: Vec<Vec<bool>> =
            shapes.map(|own| own.iter().map(|shape| pays_one(&shape.entry)).collect()).collect();
        let judged = together::map_many(early, threads, |number| {
            let (table, own, row) = self.exports.row(*number)?;
            let named = || own.with_texts(row, |texts| residue.is_named_by(row.amount(), texts));
            let single = single.get(usize::from(table));
            let quiet = single.and_then(|own| own.get(usize::from(row.shape()))) == Some(&true)
                && !residue.knows(row)
                && !told.elsewhere(&self.exports, *number)
                && named() == Some(false);
            Some(match u32::try_from(*number).ok().filter(|_| quiet) {
                Some(number) => Early::Aside(number),
                None => Early::Full(Box::new(full_entry(own, row))),
            })
        });
        for one in judged.into_iter().flatten() {
            match one {
                Early::Aside(quiet) => self.aside.push(quiet),
                Early::Full(entry) => in_full.push(*entry),
            }
        }
    }
}

/// The bank's own references that several files have for the same amount and day: they may be one
/// booking. Many banks count from 1 again in every statement, so the reference alone says little.
fn repeated_references(
    exports: &Numbered<BriefExport>,
    inputs: &Inputs,
    keys: &Keys,
) -> HashSet<BankReference> {
    let brief = exports.tables.iter().flat_map(|export| {
        let rows = export.rows.iter().zip(&export.references);
        rows.filter_map(|(row, reference)| {
            Some((((*reference)?, row.amount(), row.booking_date()), export.file))
        })
    });
    let entries = inputs.statements.iter().flat_map(|statement| &statement.entries);
    let full = entries.filter_map(|entry| {
        let reference = keys.real_reference(entry.bank_reference.as_deref())?;
        // Rows in brief have no other days.
        let day = entry.booking_date.or(entry.value_date).and_then(Day::new)?;
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
    Aside(u32),
    Full(Box<(usize, StatementEntry)>),
}

/// The end-to-end ids of rows and bookings that are in full already.
fn ids_in_full(inputs: &Inputs, keys: &Keys) -> HashSet<Key> {
    let rows = inputs.payments.iter().filter_map(|payment| payment.end_to_end_id.as_deref());
    let entries = inputs.statements.iter().flat_map(|statement| &statement.entries);
    let booked = entries.flat_map(|entry| &entry.details);
    let booked = booked.filter_map(|detail| detail.end_to_end_id.as_deref());
    rows.chain(booked).filter_map(|id| keys.real_reference(Some(id))).collect()
}
