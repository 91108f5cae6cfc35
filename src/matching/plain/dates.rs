//! Dates by the rows' own due dates; the rows of a run name a few days only.

use chrono::NaiveDate;
use foldhash::HashMap;
use foldhash::HashMapExt;

use crate::matching::owed::Dates;

/// Dates that were asked for already.
pub(super) struct DatesOf<'a> {
    make: &'a dyn Fn(Option<NaiveDate>) -> Dates,
    known: HashMap<Option<NaiveDate>, Dates>,
}

impl<'a> DatesOf<'a> {
    pub(super) fn new(make: &'a dyn Fn(Option<NaiveDate>) -> Dates) -> Self {
        Self { make, known: HashMap::new() }
    }

    pub(super) fn of(&mut self, due: Option<NaiveDate>) -> Dates {
        *self.known.entry(due).or_insert_with(|| (self.make)(due))
    }
}
