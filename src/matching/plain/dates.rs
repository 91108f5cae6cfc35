//! The windows of payments by their rows' own due dates; the rows of a run name a few days only.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::plain::case::Numbered;
use crate::matching::plain::case::Run;
use crate::model::brief::BriefList;
use crate::model::brief::Day;
use crate::model::payment::Payment;

/// The window of every due date that rows name.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    /// Due date, numbers of the first day and the first day of the next run.
    all: Vec<(Option<Day>, i32, i32)>,
    /// The first day of the earliest window.
    pub(super) first_day: NaiveDate,
}

impl Windows {
    pub(super) fn new(lists: &Numbered<BriefList>, full: &[Payment], run: Run<'_>) -> Self {
        let dates = run.dates;
        let brief: BTreeSet<Option<Day>> =
            lists.tables.iter().flat_map(|list| &list.due_days).copied().collect();
        let full: BTreeSet<Option<NaiveDate>> = full.iter().map(|payment| payment.due).collect();
        let starts = full.into_iter().map(|due| dates(due).window_start);
        let mut first_day = starts.min().unwrap_or(NaiveDate::MAX);
        let mut all = Vec::with_capacity(brief.len());
        for due in brief {
            let own = dates(due.map(Day::date));
            first_day = first_day.min(own.window_start);
            let [start, next] = [own.window_start, own.next_run_from].map(Day::number_of);
            all.push((due, start, next));
        }
        Self { all, first_day }
    }

    /// Whether a booking of that day may be this run's for a row due then.
    pub(super) fn holds(&self, due: Option<Day>, booked_on: Day) -> bool {
        // Few days: a walk over them is faster than a table of hashes.
        let own = self.all.iter().find(|(own, _, _)| *own == due);
        own.is_some_and(|(_, start, next)| (*start..*next).contains(&booked_on.number()))
    }
}
