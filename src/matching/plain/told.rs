//! Bookings before all windows that several files may tell: they count once, so they are left to
//! the rules.

use chrono::NaiveDate;
use foldhash::HashMap;
use foldhash::HashMapExt;

use crate::model::amount::Amount;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
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
    early: Files<(Amount, NaiveDate, Key)>,
    full: Files<(Amount, NaiveDate)>,
}

impl Told {
    /// `early` are numbers of exports and their rows.
    pub(super) fn new(exports: &[BriefExport], early: &[(usize, usize)]) -> Self {
        let mut told = Self { early: HashMap::new(), full: HashMap::new() };
        if early.is_empty() {
            return told;
        }
        // Mostly every file has days of its own.
        let mut days: Files<NaiveDate> = HashMap::new();
        for export in exports {
            let mut last = None;
            for row in &export.rows {
                if last != Some(row.booking_date) {
                    note(&mut days, row.booking_date, export.file);
                    last = Some(row.booking_date);
                }
            }
        }
        for (export, entry) in early {
            let Some(export) = exports.get(*export) else { continue };
            let Some(row) = export.rows.get(*entry) else { continue };
            if days.get(&row.booking_date) == Some(&None) {
                for key in keys(row) {
                    note(&mut told.early, (row.amount, row.booking_date, key), export.file);
                }
            }
        }
        told
    }

    /// Notes an entry in full.
    pub(super) fn add(&mut self, entry: &StatementEntry) {
        let day = entry.booking_date.or(entry.value_date);
        if let Some(day) = day.filter(|_| entry.direction == Direction::Debit) {
            note(&mut self.full, (entry.amount, day), entry.place.file);
        }
    }

    /// Whether an early booking may also be told by another file than this one's.
    pub(super) fn elsewhere(&self, row: &BriefEntry, file: FileId) -> bool {
        let full = self.full.get(&(row.amount, row.booking_date));
        full.is_some_and(|known| *known != Some(file)) || self.early_elsewhere(row, file)
    }

    /// Whether an early booking of another file may be this one.
    pub(super) fn early_elsewhere(&self, row: &BriefEntry, file: FileId) -> bool {
        !self.early.is_empty()
            && keys(row).any(|key| {
                let known = self.early.get(&(row.amount, row.booking_date, key));
                known.is_some_and(|known| *known != Some(file))
            })
    }
}

fn keys(row: &BriefEntry) -> impl Iterator<Item = Key> {
    [Some(row.account), row.end_to_end_key, row.bank_reference].into_iter().flatten()
}

fn note<K: Eq + std::hash::Hash>(files: &mut Files<K>, key: K, file: FileId) {
    let known = files.entry(key).or_insert(Some(file));
    *known = known.filter(|known| *known == file);
}
