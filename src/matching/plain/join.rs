//! Rows and bookings that alone bear an id and agree in all else.
//!
//! Both sides are sorted by key and walked together: at ten million rows that needs neither the
//! memory nor the cache misses of a hash table. The walk is shared by threads, a stretch of keys
//! each.

use foldhash::HashMap;
use foldhash::HashMapExt;
use foldhash::HashSet;

use crate::matching::bank::pays_one;
use crate::matching::owed::Dates;
use crate::matching::plain::case::CaseKind;
use crate::matching::plain::case::Pair;
use crate::matching::plain::case::Run;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::brief::BriefList;
use crate::model::brief::BriefPayment;
use crate::model::brief::Key;
use crate::model::together;
use chrono::NaiveDate;

/// Key, number of the table, number of the row.
type Numbered = (Key, u16, u32);

/// What every pair has to fulfil.
struct Terms<'a> {
    lists: &'a [BriefList],
    exports: &'a [BriefExport],
    /// Ids of rows and bookings that are in full.
    foreign: &'a HashSet<Key>,
    dates: HashMap<Option<NaiveDate>, Dates>,
    as_of: Option<NaiveDate>,
    /// For every list and shape, whether its rows are owed.
    owed: Vec<Vec<bool>>,
    /// For every export and shape, whether its rows pay one payee.
    pays: Vec<Vec<bool>>,
}

/// The pairs of a run in the order of the lists, and their kinds.
pub(super) fn pairs(
    lists: &[BriefList],
    exports: &[BriefExport],
    foreign: &HashSet<Key>,
    run: Run<'_>,
) -> (Vec<Pair>, Vec<CaseKind>) {
    let rows = lists.iter().enumerate().flat_map(|(list, own)| {
        own.rows.iter().enumerate().map(move |(row, brief)| (brief.end_to_end_key, list, row))
    });
    let bookings = exports.iter().enumerate().flat_map(|(export, own)| {
        let rows = own.rows.iter().enumerate();
        rows.filter_map(move |(entry, brief)| Some((brief.end_to_end_key?, export, entry)))
    });
    let (rows, bookings) = std::thread::scope(|scope| {
        if run.threads < 2 {
            return (sorted(rows), sorted(bookings));
        }
        let bookings = scope.spawn(|| sorted(bookings));
        let rows = sorted(rows);
        (rows, bookings.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut dates = HashMap::new();
    let mut last = None;
    for due in lists.iter().flat_map(|list| &list.rows).map(|row| row.due) {
        // Neighbours mostly name the same day.
        if last != Some(due) {
            dates.entry(due).or_insert_with(|| (run.dates)(due));
            last = Some(due);
        }
    }
    let terms = Terms {
        lists,
        exports,
        foreign,
        dates,
        as_of: run.as_of,
        owed: lists.iter().map(|list| list.shapes.iter().map(run.is_owed).collect()).collect(),
        pays: exports
            .iter()
            .map(|export| export.shapes.iter().map(|shape| pays_one(&shape.entry)).collect())
            .collect(),
    };
    let stretches = stretches(&rows, &bookings, run.threads);
    let found =
        together::map(&stretches, run.threads, |(rows, bookings)| terms.walk(rows, bookings));
    let mut pairs = Vec::new();
    let mut kinds: Vec<CaseKind> = Vec::new();
    let mut numbers: HashMap<CaseKind, u32> = HashMap::new();
    for (own, own_kinds) in found {
        let renumbered: Vec<u32> = own_kinds
            .into_iter()
            .map(|kind| {
                *numbers.entry(kind).or_insert_with(|| {
                    kinds.push(kind);
                    u32::try_from(kinds.len().saturating_sub(1)).unwrap_or(u32::MAX)
                })
            })
            .collect();
        let number = |kind: u32| usize::try_from(kind).ok().and_then(|kind| renumbered.get(kind));
        pairs.extend(
            own.into_iter().filter_map(|pair| Some(Pair { kind: *number(pair.kind)?, ..pair })),
        );
    }
    pairs.sort_unstable_by_key(|pair| (pair.list, pair.row));
    (pairs, kinds)
}

fn sorted(rows: impl Iterator<Item = (Key, usize, usize)>) -> Vec<Numbered> {
    let numbered = |(key, table, row): (Key, usize, usize)| {
        Some((key, u16::try_from(table).ok()?, u32::try_from(row).ok()?))
    };
    let mut all: Vec<Numbered> = rows.filter_map(numbered).collect();
    all.sort_unstable();
    all
}

/// Cuts both sides at the same keys.
fn stretches<'a>(
    rows: &'a [Numbered],
    bookings: &'a [Numbered],
    threads: usize,
) -> Vec<(&'a [Numbered], &'a [Numbered])> {
    let size = rows.len().div_ceil(threads.max(1)).max(1);
    let mut parts = Vec::new();
    let (mut rows, mut bookings) = (rows, bookings);
    while let Some(limit) = rows.get(size).map(|row| row.0) {
        let (own, rest) = rows.split_at(rows.partition_point(|row| row.0 < limit));
        let (booked, others) = bookings.split_at(bookings.partition_point(|row| row.0 < limit));
        if own.is_empty() {
            break;
        }
        parts.push((own, booked));
        (rows, bookings) = (rest, others);
    }
    parts.push((rows, bookings));
    parts
}

/// Those whose key nobody else has.
fn alone(rows: &[Numbered]) -> impl Iterator<Item = Numbered> + '_ {
    rows.chunk_by(|left, right| left.0 == right.0).filter_map(|group| match group {
        [one] => Some(*one),
        _ => None,
    })
}

/// Rows that are fetched at a time.
const AT_A_TIME: usize = 64;

/// Kinds with their numbers.
#[derive(Default)]
struct Kinds {
    all: Vec<CaseKind>,
    numbers: HashMap<CaseKind, u32>,
    last: Option<(CaseKind, u32)>,
}

impl Kinds {
    fn number(&mut self, kind: CaseKind) -> u32 {
        if let Some((_, number)) = self.last.filter(|(last, _)| *last == kind) {
            return number;
        }
        let all = &mut self.all;
        let number = *self.numbers.entry(kind).or_insert_with(|| {
            all.push(kind);
            u32::try_from(all.len().saturating_sub(1)).unwrap_or(u32::MAX)
        });
        self.last = Some((kind, number));
        number
    }
}

impl Terms<'_> {
    /// The pairs among these rows and bookings, and their kinds.
    fn walk(&self, rows: &[Numbered], bookings: &[Numbered]) -> (Vec<Pair>, Vec<CaseKind>) {
        let mut found = Vec::with_capacity(rows.len().min(bookings.len()));
        let mut kinds = Kinds::default();
        let mut bookings = alone(bookings).peekable();
        let mut met = alone(rows).filter_map(|(key, list, row)| {
            while bookings.next_if(|booking| booking.0 < key).is_some() {}
            let (_, export, entry) = bookings.next_if(|booking| booking.0 == key)?;
            (!self.foreign.contains(&key)).then_some((list, row, export, entry))
        });
        // Keys are in no order in the files, so each row is a cache miss. Fetched some at a time they
        // are missed side by side, which takes half the time.
        let mut some = Vec::with_capacity(AT_A_TIME);
        let mut fetched = Vec::with_capacity(AT_A_TIME);
        loop {
            some.clear();
            some.extend(met.by_ref().take(AT_A_TIME));
            if some.is_empty() {
                return (found, kinds.all);
            }
            fetched.clear();
            fetched.extend(some.iter().map(|met| self.values(*met)));
            for ((list, row, export, entry), values) in some.iter().zip(&fetched) {
                let kind = values.and_then(|(owing, booked)| {
                    self.kind((*list, &owing), (*export, &booked)).map(|kind| kinds.number(kind))
                });
                found.extend(kind.map(|kind| Pair {
                    list: *list,
                    export: *export,
                    row: *row,
                    entry: *entry,
                    kind,
                }));
            }
        }
    }

    /// The values of a row and a booking.
    fn values(
        &self,
        (list, row, export, entry): (u16, u32, u16, u32),
    ) -> Option<(BriefPayment, BriefEntry)> {
        let owing = self.lists.get(usize::from(list))?.rows.get(usize::try_from(row).ok()?)?;
        let booked =
            self.exports.get(usize::from(export))?.rows.get(usize::try_from(entry).ok()?)?;
        Some((*owing, *booked))
    }

    /// The kind of a case, if row and booking agree in all else.
    fn kind(
        &self,
        (list, owing): (u16, &BriefPayment),
        (export, booked): (u16, &BriefEntry),
    ) -> Option<CaseKind> {
        let day = booked.booked_on();
        let dates = self.dates.get(&owing.due)?;
        let holds = |flags: &[Vec<bool>], table: u16, shape: u16| {
            flags.get(usize::from(table)).and_then(|own| own.get(usize::from(shape))) == Some(&true)
        };
        let fits = owing.account == booked.account
            && owing.amount == booked.amount
            && day >= dates.window_start
            && day < dates.next_run_from
            && self.as_of.is_none_or(|as_of| day <= as_of)
            && holds(&self.owed, list, owing.shape)
            && holds(&self.pays, export, booked.shape);
        fits.then_some(CaseKind {
            list,
            row_shape: owing.shape,
            due: owing.due,
            export,
            entry_shape: booked.shape,
            booking_date: booked.booking_date,
            value_date: booked.value_date,
        })
    }
}
