//! What an export or a report tells must stand in the statement of its day, where there is one that ties.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::audit::evidence::Booking;
use crate::audit::evidence::Evidence;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::statement::BookingStatus;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::model::statement::StatementKind;

/// Statements whose balances tie, by account.
#[derive(Debug, Default)]
pub(super) struct Backing<'a>(BTreeMap<String, Vec<&'a Statement>>);

/// The same booking may be told so many days apart.
const APART: i64 = 4;

impl<'a> Backing<'a> {
    pub(super) fn new(evidence: &Evidence<'a>) -> Self {
        let mut by_account: BTreeMap<String, Vec<&'a Statement>> = BTreeMap::new();
        for statement in &evidence.inputs.statements {
            let ties = statement.kind == StatementKind::EndOfDay
                && !statement.covers_nothing
                && statement.unreadable_days.is_empty()
                && statement.page.is_none()
                && is_tied(statement);
            if let Some(account) = statement.account.as_ref().filter(|_| ties) {
                by_account.entry(account.key().into_owned()).or_default().push(statement);
            }
        }
        Self(by_account)
    }

    /// Whether the statement of its day has no debit that a booking could be, or be a part of.
    pub(super) fn denies(&self, booking: &Booking<'_>, account: Option<&Iban>) -> bool {
        let Some(day) = booking.entry.booking_date else { return false };
        if booking.is_credit() {
            return false;
        }
        let mut own = self.over(booking, account).peekable();
        own.peek().is_some() && own.all(|statement| !has_room(statement, booking, day))
    }

    /// The statements that cover the day of a booking which another file tells.
    fn over<'b>(
        &'b self,
        booking: &Booking<'_>,
        account: Option<&Iban>,
    ) -> impl Iterator<Item = &'b Statement> + use<'b, 'a> {
        let day = booking.entry.booking_date;
        let is_other = booking.statement.kind != StatementKind::EndOfDay;
        let statements = account.filter(|_| is_other).and_then(|own| self.0.get(&*own.key()));
        let covers = move |own: &&Statement| {
            own.days().zip(day).is_some_and(|((from, to), day)| from <= day && day <= to)
        };
        statements.into_iter().flatten().copied().filter(covers)
    }

    /// Whether a booking only tells again what a statement that ties tells of the same day: it proves nothing besides.
    pub(super) fn is_told_by(
        &self,
        booking: &Booking<'_>,
        account: Option<&Iban>,
        other: &Booking<'_>,
    ) -> bool {
        let same = booking.entry.signed() == other.entry.signed()
            && booking.entry.booking_date == other.entry.booking_date;
        same && self.over(booking, account).any(|own| std::ptr::eq(own, other.statement))
    }
}

/// Whether a statement has a debit of a day near by that is as large.
fn has_room(statement: &Statement, booking: &Booking<'_>, day: NaiveDate) -> bool {
    statement.entries.iter().any(|entry| {
        let near = entry
            .booked_on()
            .is_none_or(|other| other.signed_duration_since(day).num_days().abs() <= APART);
        near && entry.amount >= booking.entry.amount && entry.direction == booking.entry.direction
    })
}

/// Whether a statement's bookings lead from its opening to its closing balance.
fn is_tied(statement: &Statement) -> bool {
    let booked = statement.entries.iter().filter(|own| own.status == BookingStatus::Booked);
    let moved: Amount = booked.map(StatementEntry::signed).sum();
    statement.opening.zip(statement.closing).is_some_and(|(opening, closing)| {
        opening.currency == closing.currency && opening.amount.plus(moved) == closing.amount
    })
}
