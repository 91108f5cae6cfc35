//! The day on which the bank executes an order, against the due day, the banking days and the hour until
//! which the bank takes orders.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono::NaiveTime;

use crate::check::finding::Finding;
use crate::check::finding::Value;
use crate::check::kind::Kind;
use crate::check::orders::Side;
use crate::matching::orders::links;
use crate::matching::orders::transfers;
use crate::model::calendar::Calendar;
use crate::model::order::OrderBatch;
use crate::verdict::terms::Crediting;
use crate::verdict::terms::Terms;

/// What is known of the hour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub(super) today: Option<NaiveDate>,
    pub(super) time: Option<NaiveTime>,
    pub(super) cut_off: Option<NaiveTime>,
}

impl Clock {
    /// The first day on which a bank that is given an order now executes it.
    fn earliest(self, calendar: &Calendar) -> Option<NaiveDate> {
        let today = self.today?;
        let is_over = self.time.zip(self.cut_off).is_some_and(|(now, until)| now > until);
        let open = calendar.is_open(today) && !is_over;
        Some(if open { today } else { calendar.next_after(today) })
    }
}

/// Finds orders that are executed too late, too early or on no banking day; gives the last day on which
/// the orders can be handed in.
pub(super) fn findings(
    side: &Side<'_>,
    due: NaiveDate,
    clock: Clock,
    terms: &Terms,
    findings: &mut Vec<Finding>,
) -> Option<NaiveDate> {
    let calendar = &terms.calendar;
    // Rows have due days of their own: the first one of a batch counts.
    let mut due_of: BTreeMap<(usize, usize), NaiveDate> = BTreeMap::new();
    for owed in side.owed {
        for link in links(owed) {
            let first = due_of.entry((link.order, link.batch)).or_insert(owed.dates.due);
            *first = owed.dates.due.min(*first);
        }
    }
    let mut batches: BTreeMap<(usize, usize), &OrderBatch> = BTreeMap::new();
    for (link, batch, _) in transfers(side.orders) {
        batches.insert((link.order, link.batch), batch);
    }
    let mut hand_in_by: Option<NaiveDate> = None;
    for (number, batch) in batches {
        let due = due_of.get(&number).copied().unwrap_or(due);
        let about = |kind, found, expected| Finding {
            spot: side.files.spot(batch.place),
            ..Finding::new(kind).values(found, expected)
        };
        let Some(asked) = batch.execution_date else {
            findings.push(about(Kind::ExecutionMissing, Value::None, Value::None));
            continue;
        };
        let mut day = asked;
        if !calendar.is_open(day) {
            day = calendar.next_after(day);
            findings.push(about(Kind::ExecutionClosed, Value::Day(asked), Value::Day(day)));
        }
        hand_in_by = Some(hand_in_by.map_or(day, |known| known.min(day)));
        if let Some(earliest) = clock.earliest(calendar).filter(|earliest| *earliest > day) {
            findings.push(about(Kind::ExecutionPassed, Value::Day(asked), Value::Day(earliest)));
            day = earliest;
        }
        let latest = calendar.next_after(day);
        let credited = match terms.crediting {
            Crediting::SameDay => day,
            Crediting::NextDay => latest,
        };
        if credited > due {
            findings.push(about(Kind::ExecutionLate, Value::Day(credited), Value::Day(due)));
        } else if day < calendar.before(due, 10) {
            findings.push(about(Kind::ExecutionEarly, Value::Day(asked), Value::Day(due)));
        } else if latest > due {
            let (found, expected) = (Value::Day(day), Value::Day(latest));
            findings.push(about(Kind::ExecutionNotGuaranteed, found, expected));
        }
    }
    hand_in_by
}
