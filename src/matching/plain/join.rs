//! Rows and bookings that alone bear an id and agree in all else.
//!
//! Both sides are cut into divisions by their keys, as many as make a division fit a processor's
//! cache, and both sides of a division meet in a small table: that needs twelve bytes a row for a
//! moment, and a row itself is only fetched where an id was met on both sides. Threads take blocks
//! of rows to be divided, then divisions, and then rows.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use foldhash::HashMap;
use foldhash::HashMapExt;

use crate::matching::bank::pays_one;
use crate::matching::plain::answers::Answer;
use crate::matching::plain::answers::Answers;
use crate::matching::plain::case::CaseKind;
use crate::matching::plain::case::Numbered;
use crate::matching::plain::case::Run;
use crate::matching::plain::dates::Windows;
use crate::matching::plain::known::Known;
use crate::matching::plain::table::NOBODY;
use crate::matching::plain::table::SEVERAL;
use crate::matching::plain::table::Table;
use crate::matching::plain::table::number;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::brief::BriefList;
use crate::model::brief::BriefPayment;
use crate::model::brief::BriefTable;
use crate::model::brief::Day;
use crate::model::brief::Key;
use crate::model::crew;
use crate::model::spread;
use crate::model::together;

/// Rows of a division: both sides of it fit a processor's first cache.
const ROWS_OF_A_DIVISION: usize = 1024;

/// No more divisions than this: more would be written to at a time than caches have lines for.
const MOST_DIVISIONS: usize = 1 << 13;

/// Divisions whose sides one thread lets meet before it takes more.
const DIVISIONS_AT_A_TIME: usize = 8;

/// Bookings that are fetched at a time. They stand anywhere in their tables, so each is a cache
/// miss; fetched some at a time they are missed side by side, which takes half the time.
const AT_A_TIME: usize = 64;

/// What every pair has to fulfil.
struct Terms<'a> {
    lists: &'a Numbered<BriefList>,
    exports: &'a Numbered<BriefExport>,
    /// Ids of rows and bookings that are in full.
    foreign: &'a Known<Key>,
    windows: &'a Windows,
    /// The number of the last day that counts.
    as_of: Option<i32>,
    /// For every list and shape, whether its rows are owed.
    owed: Vec<Vec<bool>>,
    /// For every export and shape, whether its rows pay one payee.
    pays: Vec<Vec<bool>>,
    /// Kinds in the order in which they were met first.
    kinds: Mutex<Kinds>,
    /// What threads know of the kinds, while they have no rows at hand: with forty accounts there are
    /// thousands, and to ask for them anew in every stretch of rows took a tenth of the time.
    spare: Mutex<Vec<OwnKinds>>,
    /// The booking that each row met, [`NOBODY`] for none. Rows are judged in their own order
    /// behind that, so that only bookings are fetched from anywhere.
    met: Vec<AtomicU32>,
}

#[derive(Default)]
struct Kinds {
    all: Vec<CaseKind>,
    numbers: HashMap<CaseKind, u32>,
}

/// The answers for all rows in their order, and their kinds (their numbers differ from run to run,
/// which nothing depends on).
pub(super) fn answers(
    lists: &Numbered<BriefList>,
    exports: &Numbered<BriefExport>,
    foreign: &Known<Key>,
    windows: &Windows,
    run: Run<'_>,
) -> (Answers, Vec<CaseKind>) {
    let most = lists.len().max(exports.len());
    // Numbers have 32 bits, the two largest stand for none and several.
    if !u32::try_from(most).is_ok_and(|most| most < SEVERAL) {
        return (Answers::new(lists.len(), run.threads, |_, _| {}), Vec::new());
    }
    let terms = Terms {
        lists,
        exports,
        foreign,
        windows,
        as_of: run.as_of.map(Day::number_of),
        owed: lists
            .tables
            .iter()
            .map(|list| list.shapes.iter().map(run.is_owed).collect())
            .collect(),
        pays: exports
            .tables
            .iter()
            .map(|export| export.shapes.iter().map(|shape| pays_one(&shape.entry)).collect())
            .collect(),
        kinds: Mutex::default(),
        spare: Mutex::default(),
        met: (0..lists.len()).map(|_| AtomicU32::new(NOBODY)).collect(),
    };
    let bits = (most / ROWS_OF_A_DIVISION).clamp(1, MOST_DIVISIONS).next_power_of_two().ilog2();
    terms.join(Divider { bits }, run.threads);
    let answers = Answers::new(lists.len(), run.threads, |rows, slots| terms.settle(rows, slots));
    let kinds = terms.kinds.into_inner().unwrap_or_else(PoisonError::into_inner);
    (answers, kinds.all)
}

/// How keys are divided: so many of their first bits tell the division.
#[derive(Clone, Copy)]
struct Divider {
    bits: u32,
}

/// What one thread has divided: of every division the rows, each as the bits that tell it apart and
/// its number, 32 each.
type Divided = Vec<Vec<u64>>;

impl Divider {
    const fn count(self) -> usize {
        1 << self.bits
    }

    /// The division of a key.
    fn of(self, key: Key) -> usize {
        let shift = u64::BITS.saturating_sub(self.bits);
        usize::try_from(key.bits().checked_shr(shift).unwrap_or(0)).unwrap_or(usize::MAX)
    }

    /// The bits of a key that tell rows of a division apart.
    const fn tag(self, key: Key) -> u64 {
        (key.bits() << self.bits) >> 32
    }

    /// Divides rows by their keys; those without a key are nobody's. Threads take a block at a time
    /// and have divisions of their own.
    fn divide<R: Sync>(
        self,
        blocks: &[Block<'_, R>],
        threads: usize,
        key: impl Fn(&R) -> Option<Key> + Sync,
    ) -> Vec<Divided> {
        let threads = threads.min(blocks.len()).max(1);
        let count: usize = blocks.iter().map(|(_, rows)| rows.len()).sum();
        // Keys are spread evenly: hardly a division gets more and has to grow.
        let fair = count.div_ceil(threads).checked_shr(self.bits).unwrap_or(0);
        let room = fair.saturating_add(fair / 8).saturating_add(8);
        let all: Mutex<Vec<Divided>> = Mutex::default();
        let next = AtomicUsize::new(0);
        crew::share(threads, || {
            let mut own: Divided = Vec::new();
            while let Some((first, rows)) = blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
                if own.is_empty() {
                    own.extend((0..self.count()).map(|_| Vec::with_capacity(room)));
                }
                for (number, row) in (*first..).zip(*rows) {
                    let Some(key) = key(row) else { continue };
                    if let Some(division) = own.get_mut(self.of(key)) {
                        division.push((self.tag(key) << 32) | number);
                    }
                }
            }
            all.lock().unwrap_or_else(PoisonError::into_inner).push(own);
        });
        all.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rows with the number of the first.
type Block<'a, R> = (u64, &'a [R]);

/// The blocks of all tables.
fn blocks<R, S>(tables: &Numbered<BriefTable<R, S>>) -> Vec<Block<'_, R>> {
    let mut first = 0_u64;
    let all = tables.tables.iter().flat_map(|table| table.rows.blocks());
    let numbered = all.map(|rows| {
        let block = (first, rows);
        first = first.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        block
    });
    numbered.collect()
}

/// A division of what all threads have divided.
fn parts(all: &[Divided], division: usize) -> Vec<&[u64]> {
    all.iter().filter_map(|own| own.get(division).map(Vec::as_slice)).collect()
}

/// What a thread knows of the kinds.
struct OwnKinds {
    numbers: HashMap<CaseKind, u32>,
    /// Those asked for last, where [`Self::place`] says: rows have a handful of kinds in turn.
    near: Vec<Option<(CaseKind, u32)>>,
}

impl OwnKinds {
    const NEAR: usize = 1 << 10;

    fn new() -> Self {
        Self { numbers: HashMap::new(), near: vec![None; Self::NEAR] }
    }

    fn place(kind: &CaseKind) -> usize {
        let days = kind.booking_date.number() ^ kind.due.map_or(0, Day::number) << 5;
        let shapes = u64::from(kind.row_shape) << 16 | u64::from(kind.entry_shape);
        spread::place(shapes << 32 | u64::from(days.cast_unsigned()), Self::NEAR.ilog2())
    }
}

impl Terms<'_> {
    fn join(&self, divider: Divider, threads: usize) {
        let rows = divider.divide(&blocks(self.lists), threads, |row| Some(row.end_to_end_key()));
        let bookings = divider.divide(&blocks(self.exports), threads, BriefEntry::end_to_end_key);
        let starts: Vec<usize> = (0..divider.count()).step_by(DIVISIONS_AT_A_TIME).collect();
        together::map(&starts, threads, |first| {
            let mut table = Table::default();
            let end = first.saturating_add(DIVISIONS_AT_A_TIME).min(divider.count());
            for own in *first..end {
                let (rows, bookings) = (parts(&rows, own), parts(&bookings, own));
                table.meet(&rows, &bookings);
                table.pairs().for_each(|(row, entry)| self.meet(row, entry));
                if table.is_crowded() {
                    let crowded = |slots: &[&[u64]]| -> Vec<usize> {
                        let own = slots.iter().copied().flatten();
                        let own = own.filter(|slot| table.is_shared(**slot));
                        own.map(|slot| number(*slot)).collect()
                    };
                    self.apart(&crowded(&rows), &crowded(&bookings));
                }
            }
        });
    }

    fn meet(&self, row: usize, entry: usize) {
        if let Some((slot, entry)) = self.met.get(row).zip(u32::try_from(entry).ok()) {
            slot.store(entry, Ordering::Relaxed);
        }
    }

    /// Rows and bookings that share their tags with others: those whose key nobody else has.
    fn apart(&self, rows: &[usize], bookings: &[usize]) {
        let mut keys: HashMap<Key, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for row in rows {
            if let Some((_, _, brief)) = self.lists.row(*row) {
                keys.entry(brief.end_to_end_key()).or_default().0.push(*row);
            }
        }
        for entry in bookings {
            if let Some(key) = self.exports.row(*entry).and_then(|(_, _, row)| row.end_to_end_key())
            {
                keys.entry(key).or_default().1.push(*entry);
            }
        }
        for (rows, entries) in keys.values() {
            if let ([row], [entry]) = (rows.as_slice(), entries.as_slice()) {
                self.meet(*row, *entry);
            }
        }
    }

    /// Puts the answers for a stretch of rows.
    fn settle(&self, rows: Range<usize>, answers: &mut [Answer]) {
        let spare = self.spare.lock().ok().and_then(|mut spare| spare.pop());
        let mut kinds = spare.unwrap_or_else(OwnKinds::new);
        // Nothing but the rows themselves: the less is done for each, the more are missed at a time.
        let mut fetched: [Option<BriefEntry>; AT_A_TIME] = [None; AT_A_TIME];
        let mut first = rows.start;
        let met = self.met.get(rows).unwrap_or_default().chunks(AT_A_TIME);
        for (met, answers) in met.zip(answers.chunks_mut(AT_A_TIME)) {
            for (entry, slot) in met.iter().zip(&mut fetched) {
                *slot = number_of(entry).and_then(|entry| Some(*self.exports.row(entry)?.2));
            }
            let met = met.iter().zip(&fetched);
            for ((row, (entry, booked)), slot) in (first..).zip(met).zip(&mut *answers) {
                let answer = booked.as_ref().and_then(|booked| {
                    let (list, _, owing) = self.lists.row(row)?;
                    let (export, _, _) = self.exports.row(number_of(entry)?)?;
                    let kind = self.kind((list, owing), (export, booked))?;
                    let number = self.number(kind, &mut kinds)?;
                    Some(Answer::new(entry.load(Ordering::Relaxed), booked.line(), number))
                });
                *slot = answer.unwrap_or(Answer::NONE);
            }
            first = first.saturating_add(answers.len());
        }
        if let Ok(mut spare) = self.spare.lock() {
            spare.push(kinds);
        }
    }

    /// The kind of a case, if row and booking agree in all.
    fn kind(
        &self,
        (list, owing): (u16, &BriefPayment),
        (export, booked): (u16, &BriefEntry),
    ) -> Option<CaseKind> {
        let key = owing.end_to_end_key();
        let day = booked.booked_on();
        let holds = |flags: &[Vec<bool>], table: u16, shape: u16| {
            flags.get(usize::from(table)).and_then(|own| own.get(usize::from(shape))) == Some(&true)
        };
        let fits = booked.end_to_end_key() == Some(key)
            && owing.account() == booked.account()
            && owing.amount() == booked.amount()
            && self.windows.holds(owing.due(), day)
            && self.as_of.is_none_or(|as_of| day.number() <= as_of)
            && holds(&self.owed, list, owing.shape())
            && holds(&self.pays, export, booked.shape())
            && !self.foreign.has(&key);
        fits.then_some(CaseKind {
            list,
            row_shape: owing.shape(),
            due: owing.due(),
            export,
            entry_shape: booked.shape(),
            booking_date: booked.booking_date(),
            value_date: booked.value_date(),
        })
    }

    /// The number of a kind; each thread asks once.
    fn number(&self, kind: CaseKind, own: &mut OwnKinds) -> Option<u32> {
        let near = own.near.get_mut(OwnKinds::place(&kind))?;
        if let Some((_, number)) = near.filter(|(near, _)| *near == kind) {
            return Some(number);
        }
        let number = if let Some(number) = own.numbers.get(&kind) {
            *number
        } else {
            let mut kinds = self.kinds.lock().ok()?;
            let next = u32::try_from(kinds.all.len()).ok()?;
            let number = *kinds.numbers.entry(kind).or_insert(next);
            if number == next {
                kinds.all.push(kind);
            }
            own.numbers.insert(kind, number);
            number
        };
        *near = Some((kind, number));
        Some(number)
    }
}

/// The number of a booking that a row met.
#[inline]
fn number_of(met: &AtomicU32) -> Option<usize> {
    let entry = met.load(Ordering::Relaxed);
    usize::try_from(entry).ok().filter(|_| entry != NOBODY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::brief::Keys;

    #[test]
    fn every_row_with_a_key_is_in_its_division_once() {
        let keys = Keys::default();
        let rows: Vec<u32> = (0..5000).collect();
        let key = |row: &u32| (row % 7 != 3).then(|| keys.of_reference(&row.to_le_bytes()));
        for length in [1, 64, 999, 5000] {
            let starts = (0_u64..).step_by(length);
            let blocks: Vec<Block<'_, u32>> = starts.zip(rows.chunks(length)).collect();
            for bits in [1, 5] {
                let divider = Divider { bits };
                for threads in [1, 2, 8] {
                    let divided = divider.divide(&blocks, threads, key);
                    let mut found = Vec::new();
                    for division in 0..divider.count() {
                        for slot in parts(&divided, division).into_iter().flatten() {
                            let key = key(&rows[number(*slot)]).unwrap();
                            assert_eq!((divider.of(key), divider.tag(key)), (division, slot >> 32));
                            found.push(number(*slot));
                        }
                    }
                    found.sort_unstable();
                    assert!(found.into_iter().eq((0..5000).filter(|row| row % 7 != 3)));
                }
            }
        }
        assert!(Divider { bits: 3 }.divide(&[], 2, key).iter().all(Vec::is_empty));
    }
}
