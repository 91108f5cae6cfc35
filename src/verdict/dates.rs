//! The due date of the run and of every row. PRODUCT rule: `--due`, else the row's own, else the
//! month's last banking day, else the one month that lists or bank data point to.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::owed::Dates;
use crate::model::brief::BriefExport;
use crate::model::brief::Day;
use crate::model::date::Month;
use crate::model::inputs::Inputs;
use crate::model::payment::Payment;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::statement::BookingStatus;
use crate::verdict::Refusal;
use crate::verdict::terms::Crediting;
use crate::verdict::terms::Terms;

/// The dates of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunDates {
    /// Due date of rows that have none of their own, and of the run.
    pub due: NaiveDate,
    /// Whether `--due` outranks the rows' own dates.
    pub outranks_rows: bool,
}

impl RunDates {
    /// Finds them.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] if nothing decides, or all rows are due in another month than the one asked
    /// for.
    pub fn find(inputs: &Inputs, payments: &[Payment], terms: &Terms) -> Result<Self, Refusal> {
        if let Some(due) = terms.due {
            return Ok(Self { due, outranks_rows: true });
        }
        let brief: BTreeSet<Option<Day>> =
            inputs.brief_lists.iter().flat_map(|list| &list.due_days).copied().collect();
        let brief_named = !brief.contains(&None);
        let own = own_dates(&brief, payments);
        let all_named =
            brief_named && payments.iter().all(|row| row.due.is_some() || row.unreadable.is_some());
        if let Some(month) = terms.month {
            let elsewhere = own.iter().all(|day| Month::of(*day) != month);
            if !own.is_empty() && elsewhere && all_named {
                return Err(Refusal::Data(wrong_month(payments, month)));
            }
            return Ok(Self { due: terms.calendar.last_of(month), outranks_rows: false });
        }
        let due = match own.iter().collect::<Vec<_>>().as_slice() {
            [day] => Some(**day),
            _ => None,
        };
        let due = due
            .or_else(|| one_month(own.iter().copied()).map(|month| terms.calendar.last_of(month)));
        let ordered = inputs.orders.iter().flat_map(|order| &order.batches);
        let ordered = ordered.filter_map(|batch| batch.execution_date);
        let due = due.or_else(|| one_month(ordered).map(|month| terms.calendar.last_of(month)));
        let due = due
            .or_else(|| one_month(booked_days(inputs)).map(|month| terms.calendar.last_of(month)));
        // Rows of several months that all name their day need no other; the latest names the run.
        let due = due.or_else(|| own.last().copied().filter(|_| all_named));
        match due {
            Some(due) => Ok(Self { due, outranks_rows: false }),
            None => Err(Refusal::Usage(
                "Der Monat ist nicht zu erkennen; mit `--month JJJJ-MM` oder `--due JJJJ-MM-TT` angeben",
                "the month cannot be told from the files; give `--month YYYY-MM` or `--due YYYY-MM-DD`",
            )),
        }
    }

    /// The due date of a row.
    pub fn of(&self, payment: &Payment) -> NaiveDate {
        self.of_row(payment.due)
    }

    /// The due date of a row that names this one.
    pub fn of_row(&self, own: Option<NaiveDate>) -> NaiveDate {
        own.filter(|_| !self.outranks_rows).unwrap_or(self.due)
    }
}

/// The dates that follow from a due date by the terms.
pub(crate) fn dates_of(due: NaiveDate, terms: &Terms) -> Dates {
    let next_day = terms.crediting == Crediting::NextDay;
    Dates::new(due, terms.late_until, next_day, &terms.calendar)
}

/// The due dates that rows name.
fn own_dates(brief: &BTreeSet<Option<Day>>, payments: &[Payment]) -> BTreeSet<NaiveDate> {
    let brief = brief.iter().flatten().map(|day| day.date());
    payments.iter().filter_map(|row| row.due).chain(brief).collect()
}

fn one_month(days: impl Iterator<Item = NaiveDate>) -> Option<Month> {
    let months: BTreeSet<(i32, u32)> =
        days.map(Month::of).map(|month| (month.year(), month.number())).collect();
    match months.into_iter().collect::<Vec<_>>().as_slice() {
        [(year, month)] => NaiveDate::from_ymd_opt(*year, *month, 1).map(Month::of),
        _ => None,
    }
}

fn booked_days(inputs: &Inputs) -> impl Iterator<Item = NaiveDate> {
    let entries = inputs.statements.iter().flat_map(|statement| &statement.entries);
    let full = entries
        .filter(|entry| entry.status == BookingStatus::Booked)
        .filter_map(|entry| entry.booking_date);
    let brief = inputs.brief_exports.iter().flat_map(BriefExport::booking_days);
    full.chain(brief.map(Day::date))
}

fn wrong_month(payments: &[Payment], month: Month) -> Problem {
    let first = payments.iter().filter(|row| row.due.is_some()).min_by_key(|row| row.place);
    let found = first.and_then(|row| row.due).map(Month::of);
    let name = |month: Month| format!("{:04}-{:02}", month.year(), month.number());
    Problem::new(ProblemCode::WrongMonth, first.map(|row| row.place).unwrap_or_default())
        .value(found.map(name).unwrap_or_default())
        .expected(name(month))
}
