//! The banking days of a simulated month.

use chrono::NaiveDate;

use crate::model::calendar::Calendar;
use crate::model::date::Month;

/// A banking day, counted from the first day of the bank data.
pub type Day = usize;

/// The banking days from two before last month's due date to five after this month's.
#[derive(Clone, Debug)]
pub struct Timetable {
    /// The month.
    pub month: Month,
    /// The banking days.
    pub days: Vec<NaiveDate>,
    /// Last month's due date.
    pub last_due: Day,
    /// The due date.
    pub due: Day,
    /// The last day of the bank data.
    pub end: Day,
    /// First day of the bank data.
    pub start: Day,
}

impl Timetable {
    /// The days of a month, the bank data ending `withheld` banking days early.
    pub fn new(month: Month, withheld: usize, last_month: bool) -> Self {
        let calendar = Calendar::default();
        let due_on = calendar.last_of(month);
        let last_on = calendar.last_of(month.previous());
        let days = calendar.days_between(calendar.before(last_on, 2), calendar.after(due_on, 5));
        let find = |day| days.iter().position(|known| *known == day).unwrap_or(0);
        let (last_due, due) = (find(last_on), find(due_on));
        let end = days.len().saturating_sub(1).saturating_sub(withheld);
        let start = if last_month { 0 } else { due.saturating_sub(12) };
        Self { month, days, last_due, due, end, start }
    }

    /// The date of a day.
    pub fn date(&self, day: Day) -> NaiveDate {
        self.days.get(day).copied().unwrap_or_default()
    }

    /// The next banking day after the due date.
    pub const fn horizon(&self) -> Day {
        self.due + 1
    }
}
