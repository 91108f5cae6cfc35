//! Bookings before all windows that several files may tell: they count once, so they are left to
//! the rules.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use foldhash::HashMap;
use foldhash::HashMapExt;
use foldhash::HashSet;
use foldhash::HashSetExt;

use crate::matching::plain::case::Numbered;
use crate::matching::plain::touch::around;
use crate::model::amount::Amount;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::brief::Day;
use crate::model::brief::Key;
use crate::model::place::FileId;
use crate::model::statement::Direction;
use crate::model::statement::StatementEntry;

/// Where something was told: in one file, or in several.
type Files<K> = HashMap<K, Option<FileId>>;

/// What the files tell about early bookings. Two are the same only if amount and day agree, and the
/// id, the other side's account or the bank's reference.
#[derive(Clone, Debug)]
pub(super) struct Told {
    early: Files<(Amount, Day, u64)>,
    full: Files<(Amount, Day)>,
    /// The file of all early bookings, if it is one: what it tells besides is another booking.
    alone: Option<FileId>,
}

impl Told {
    /// `early` are numbers of bookings.
    pub(super) fn new(exports: &Numbered<BriefExport>, early: &[usize]) -> Self {
        let alone = match exports.tables.as_slice() {
            [export] => Some(export.file),
            _ => None,
        };
        let mut told = Self { early: HashMap::new(), full: HashMap::new(), alone };
        // One file alone tells nothing twice.
        if early.is_empty() || exports.tables.len() < 2 {
            return told;
        }
        // Mostly every file has days of its own.
        let counts: Vec<Counts> = exports.tables.iter().map(counts).collect();
        let mut days: Files<Day> = HashMap::new();
        for (export, counts) in exports.tables.iter().zip(&counts) {
            for day in counts.keys().flat_map(|day| around(day.date())) {
                note(&mut days, day, export.file);
            }
        }
        let table_of = |entry: &usize| exports.row(*entry).map(|(table, _, _)| table);
        for early in early.chunk_by(|left, right| table_of(left) == table_of(right)) {
            let Some((_, export, _)) = early.first().and_then(|first| exports.row(*first)) else {
                continue;
            };
            let in_common = || {
                let rows = early.iter().filter_map(|entry| Some((*entry, exports.row(*entry)?.2)));
                rows.filter(|(_, row)| days.get(&row.booking_date()) == Some(&None))
            };
            let others = Others::new(exports, &counts, export.file, in_common().map(|own| own.1));
            for (entry, row) in in_common() {
                for key in keys(exports, entry, row).filter(|key| others.have(row.amount(), *key)) {
                    // The other file may tell it a day apart.
                    for day in around(row.booking_date().date()) {
                        note(&mut told.early, (row.amount(), day, key), export.file);
                    }
                }
            }
        }
        told
    }

    /// Notes an entry in full.
    pub(super) fn add(&mut self, entry: &StatementEntry) {
        if self.alone == Some(entry.place.file) {
            return;
        }
        // Rows in brief have no other days.
        let day = entry.booking_date.or(entry.value_date);
        let day = day.filter(|_| entry.direction == Direction::Debit);
        for day in day.into_iter().flat_map(around) {
            note(&mut self.full, (entry.amount, day), entry.place.file);
        }
    }

    /// Whether an early booking may also be told by another file than its own.
    pub(super) fn elsewhere(&self, exports: &Numbered<BriefExport>, entry: usize) -> bool {
        let full = exports.row(entry).is_none_or(|(_, export, row)| {
            let full = self.full.get(&(row.amount(), row.booking_date()));
            full.is_some_and(|known| *known != Some(export.file))
        });
        full || self.early_elsewhere(exports, entry)
    }

    /// Whether an early booking of another file may be this one.
    pub(super) fn early_elsewhere(&self, exports: &Numbered<BriefExport>, entry: usize) -> bool {
        !self.early.is_empty()
            && exports.row(entry).is_none_or(|(_, export, row)| {
                keys(exports, entry, row).any(|key| {
                    let known = self.early.get(&(row.amount(), row.booking_date(), key));
                    known.is_some_and(|known| *known != Some(export.file))
                })
            })
    }
}

/// How many bookings there are of each day.
type Counts = BTreeMap<Day, usize>;

fn counts(export: &BriefExport) -> Counts {
    let mut counts = Counts::new();
    let mut now: Option<(Day, usize)> = None;
    for day in export.rows.iter().map(|row| row.booking_date()) {
        match &mut now {
            Some((known, count)) if *known == day => *count = count.saturating_add(1),
            _ => {
                add(&mut counts, now);
                now = Some((day, 1));
            }
        }
    }
    add(&mut counts, now);
    counts
}

fn add(counts: &mut Counts, more: Option<(Day, usize)>) {
    if let Some((day, more)) = more {
        let count = counts.entry(day).or_default();
        *count = count.saturating_add(more);
    }
}

/// What the other files tell about the days of some bookings: at the turn of a month one file has a
/// few bookings near the many of another, and only those few can be told twice.
#[derive(Clone, Debug)]
struct Others {
    /// `None` if they tell more than is asked about.
    told: Option<HashSet<(Amount, u64)>>,
}

impl Others {
    /// Looks at files other than this one around the days of these bookings.
    fn new<'a>(
        exports: &Numbered<BriefExport>,
        counts: &[Counts],
        file: FileId,
        asked: impl Iterator<Item = &'a BriefEntry>,
    ) -> Self {
        let (mut days, mut asked_about, mut before) = (BTreeSet::new(), 0_usize, None);
        for day in asked.map(|row| row.booking_date()) {
            asked_about = asked_about.saturating_add(1);
            if before.replace(day) != Some(day) {
                days.extend(around(day.date()));
            }
        }
        let others = || exports.tables.iter().zip(counts).filter(|(other, _)| other.file != file);
        let near = |counts: &Counts| -> usize {
            days.iter()
                .filter_map(|day| counts.get(day))
                .fold(0, |sum, own| sum.saturating_add(*own))
        };
        if others().fold(0_usize, |sum, (_, own)| sum.saturating_add(near(own))) > asked_about {
            return Self { told: None };
        }
        let mut told = HashSet::new();
        for (other, _) in others().filter(|(_, own)| near(own) > 0) {
            for (number, row) in other.rows.iter().enumerate() {
                if days.contains(&row.booking_date()) {
                    let reference = other.references.get(number).copied().flatten();
                    told.extend(keys_of(row, reference).map(|key| (row.amount(), key)));
                }
            }
        }
        Self { told: Some(told) }
    }

    /// Whether they may tell a booking of this amount that bears this.
    fn have(&self, amount: Amount, key: u64) -> bool {
        self.told.as_ref().is_none_or(|told| told.contains(&(amount, key)))
    }
}

/// Account, id and the bank's reference. That two of them have the same number by chance only
/// leaves more to the rules.
fn keys(
    exports: &Numbered<BriefExport>,
    entry: usize,
    row: &BriefEntry,
) -> impl Iterator<Item = u64> {
    keys_of(row, exports.reference(entry))
}

fn keys_of(row: &BriefEntry, reference: Option<Key>) -> impl Iterator<Item = u64> + use<> {
    let account = Some(row.account().bits());
    let id = row.end_to_end_key().map(Key::bits);
    [account, id, reference.map(Key::bits)].into_iter().flatten()
}

fn note<K: Eq + std::hash::Hash>(files: &mut Files<K>, key: K, file: FileId) {
    let known = files.entry(key).or_insert(Some(file));
    *known = known.filter(|known| *known == file);
}
