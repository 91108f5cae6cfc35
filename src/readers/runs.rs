//! Bookings in brief stand beside the text of a message; in the text a mark stands for each run of
//! them.

use chrono::NaiveDate;

use crate::model::amount::Amount;

/// The element that stands for a run of bookings in XML. No file may have it.
pub(crate) const MARK: &str = "gutschrift.run";

/// Neighbours that are kept in brief: booked debits in euros.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    /// How many.
    pub(crate) count: usize,
    /// What they add up to, without sign.
    pub(crate) sum: Amount,
    /// First and last booking day.
    pub(crate) days: Option<(NaiveDate, NaiveDate)>,
}

impl Run {
    /// One more booking.
    pub(crate) fn add(&mut self, amount: Amount, day: NaiveDate) {
        self.count = self.count.saturating_add(1);
        self.sum = self.sum.plus(amount);
        self.days = Some(self.days.map_or((day, day), |(from, to)| (from.min(day), to.max(day))));
    }

    /// Widens days so that those of the run are among them.
    pub(crate) fn widen(&self, days: &mut Option<(NaiveDate, NaiveDate)>) {
        *days = match (*days, self.days) {
            (Some((from, to)), Some((first, last))) => Some((from.min(first), to.max(last))),
            (known, new) => known.or(new),
        };
    }
}

/// Where a run was met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    /// The number of its statement.
    pub(crate) statement: usize,
    /// How many other bookings of the statement stand before it.
    pub(crate) behind: usize,
}

/// The runs of a message, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    all: Vec<Run>,
    /// The runs that were met.
    met: Vec<Met>,
}

impl Runs {
    pub(crate) fn new(all: Vec<Run>) -> Self {
        Self { all, met: Vec::new() }
    }

    /// The next run, which belongs to this statement and stands behind so many other bookings.
    pub(crate) fn meet(&mut self, statement: usize, behind: usize) -> Option<Run> {
        let run = self.all.get(self.met.len()).copied()?;
        self.met.push(Met { statement, behind });
        Some(run)
    }

    /// The runs that were met, and where.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Run, Met)> {
        self.all.iter().copied().zip(self.met.iter().copied())
    }

    /// Whether every run was met where a booking may stand.
    pub(crate) fn all_met(&self) -> bool {
        self.met.len() == self.all.len()
    }
}
