//! What speaks against a payment, and what follow-ups and payments that wait claim.

use chrono::NaiveDate;

use crate::audit::claims;
use crate::audit::finding::Finding;
use crate::audit::proof::Court;
use crate::audit::proof::Own;
use crate::audit::proof::ids;
use crate::audit::proof::shown;
use crate::model::calendar::Calendar;
use crate::model::payment::Payment;
use crate::model::statement::BookingStatus;

impl<'a> Court<'a, '_> {
    /// Nothing is booked yet: no booking bears its id, and the day until which it may come is not over.
    pub(super) fn waiting(
        &self,
        claim: &claims::Payment,
        row: &Payment,
        own: &[Own<'a>],
        findings: &mut Vec<Finding>,
    ) {
        let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
        let horizon = self.horizon(claim);
        if self.days.hold_days(None, claim.due, horizon, self.calendar) {
            findings.push(about("reason").values(&claim.reason, format!("covered to {horizon}")));
        }
        let is_not_booked = claim.reason == "not-booked-by-due";
        if is_not_booked && !self.days.any_holds(claim.due) {
            findings
                .push(about("reason").values(&claim.reason, format!("not covered: {}", claim.due)));
        }
        let is_pending = |own: &Own<'_>| own.booking.entry.status == BookingStatus::Pending;
        if !is_not_booked && !own.iter().any(is_pending) && !self.said.is_accepted(row) {
            let announced = |own: &Own<'_>| own.booking.entry.status == BookingStatus::Information;
            if !own.iter().any(announced) && own.is_empty() {
                findings.push(about("reason").values(&claim.reason, "–"));
            }
        }
        for (name, day) in [
            ("booked_on", claim.booked_on),
            ("credited_on", claim.credited_on),
            ("latest_credit", claim.latest_credit),
        ] {
            if let Some(day) = day {
                findings.push(about(name).values(day, "null"));
            }
        }
        if let Some(amount) = &claim.credited_amount {
            findings.push(about("credited_amount").values(amount, "null"));
        }
        let expected: &[&str] = if is_not_booked { &["E0", "E1", "E2"] } else { &["E3"] };
        if !expected.contains(&claim.evidence.as_str()) {
            findings.push(about("evidence").values(&claim.evidence, expected.join("/")));
        }
        for id in ids(row, self.said) {
            let debit = self.evidence.bearing(&id).find(|booking| {
                booking.is_booked(self.run.as_of)
                    && !booking.is_credit()
                    && booking.entry.booked_on().is_some_and(|day| self.in_run(claim, day))
            });
            if let Some(booking) = debit.filter(|_| own.is_empty()) {
                findings.push(about("reason").values(&claim.reason, booking.entry.signed()));
            }
        }
    }

    fn in_run(&self, claim: &claims::Payment, day: NaiveDate) -> bool {
        day >= self.calendar.before(claim.due, 10) && day <= self.horizon(claim)
    }

    /// What a follow-up says of days follows from what it cites, and its reason needs what it names.
    pub(super) fn follow_up(
        &self,
        claim: &claims::Payment,
        own: &[Own<'a>],
        findings: &mut Vec<Finding>,
    ) {
        let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
        let days: Vec<NaiveDate> =
            own.iter().filter_map(|own| own.booking.entry.booked_on()).collect();
        let last = claim.booked_on.filter(|_| claim.evidence != "E7");
        if let Some(day) = last.filter(|day| !own.is_empty() && !days.contains(day)) {
            findings.push(about("booked_on").values(day, "–"));
        }
        if let Some(day) = last {
            let credited = match self.run.crediting.as_str() {
                "next-day" => self.calendar.next_after(day),
                _ => day,
            };
            let latest = Calendar::default().next_after(day);
            let by_payee = claim.credited_on == claim.latest_credit;
            if claim.credited_on != Some(credited) && !by_payee {
                findings.push(about("credited_on").values(shown(claim.credited_on), credited));
            }
            if claim.latest_credit != Some(latest) && !by_payee {
                findings.push(about("latest_credit").values(shown(claim.latest_credit), latest));
            }
        }
        let guaranteed = claim.latest_credit.is_some_and(|day| day <= claim.due);
        if claim.guaranteed != guaranteed {
            findings.push(about("guaranteed").values(claim.guaranteed, guaranteed));
        }
        let level = match claim.reason.as_str() {
            "returned" => Some("X2"),
            "rejected" => Some("X1"),
            "recalled" => Some("X3"),
            _ => None,
        };
        let is_x = claim.evidence.starts_with('X');
        if level.map_or(is_x, |level| level != claim.evidence) {
            findings.push(about("evidence").values(&claim.evidence, level.unwrap_or("–")));
        }
        // What came back is cited.
        let is_back = |own: &Own<'_>| {
            own.booking.is_credit()
                || own.booking.entry.reversal
                || own.booking.entry.status != BookingStatus::Booked
        };
        if claim.reason == "returned" && !own.iter().any(is_back) {
            findings.push(about("entries").values("–", "return"));
        }
    }

    /// Nothing that came back, was refused or asked back was left out.
    pub(super) fn against(
        &self,
        claim: &claims::Payment,
        row: &Payment,
        own: &[Own<'a>],
        findings: &mut Vec<Finding>,
    ) {
        let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
        for id in ids(row, self.said) {
            let left_out = self.evidence.bearing(&id).filter(|booking| {
                booking.is_credit()
                    && booking.is_booked(self.run.as_of)
                    && booking
                        .entry
                        .booked_on()
                        .is_some_and(|day| day >= self.calendar.before(claim.due, 10))
            });
            for booking in left_out {
                let told = |own: &Own<'_>| {
                    own.booking.is_credit() && own.booking.entry.amount == booking.entry.amount
                };
                if !own.iter().any(told) && !self.shares.is_cited(booking.entry.place) {
                    findings.push(about("entries").values("–", booking.entry.signed()));
                }
            }
        }
        if let Some(day) = self.said.is_rejected(row) {
            let anew = |own: &Own<'_>| {
                !own.booking.is_credit()
                    && own
                        .booking
                        .entry
                        .booked_on()
                        .is_some_and(|booked| day.is_some_and(|day| booked > day))
            };
            if !own.iter().any(anew) {
                findings.push(about("status").values(&claim.status, "rejected"));
            }
        }
        let is_repaid = own.iter().filter(|own| !own.booking.is_credit()).count() > 1;
        if self.said.is_recalled(row) && !is_repaid {
            findings.push(about("status").values(&claim.status, "recalled"));
        }
    }
}
