//! Bookings before all windows that several files may tell: they count once, so they are left to
//! the rules.

use foldhash::HashMap;
use foldhash::HashMapExt;

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
        let mut days: Files<Day> = HashMap::new();
        for export in &exports.tables {
            for day in export.booking_days().into_iter().flat_map(|day| around(day.date())) {
                note(&mut days, day, export.file);
            }
        }
        for entry in early {
            let Some((_, export, row)) = exports.row(*entry) else { continue };
            let day = row.booking_date();
            if days.get(&day) == Some(&None) {
                for key in keys(exports, *entry, row) {
                    // The other file may tell it a day apart.
                    for day in around(day.date()) {
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

/// Account, id and the bank's reference. That two of them have the same number by chance only
/// leaves more to the rules.
fn keys(
    exports: &Numbered<BriefExport>,
    entry: usize,
    row: &BriefEntry,
) -> impl Iterator<Item = u64> {
    let account = Some(row.account().bits());
    let id = row.end_to_end_key().map(Key::bits);
    [account, id, exports.reference(entry).map(Key::bits)].into_iter().flatten()
}

fn note<K: Eq + std::hash::Hash>(files: &mut Files<K>, key: K, file: FileId) {
    let known = files.entry(key).or_insert(Some(file));
    *known = known.filter(|known| *known == file);
}
