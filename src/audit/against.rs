//! What speaks against a payment, and what follow-ups and payments that wait claim.

use chrono::NaiveDate;

use crate::audit::evidence::Booking;
use crate::audit::finding::Finding;
use crate::audit::proof::Case;
use crate::audit::proof::Own;
use crate::audit::proof::Proof;
use crate::audit::proof::ids;
use crate::facts::return_words;
use crate::model::statement::BookingStatus;
use crate::model::text::reference_key;

impl<'a> Proof<'a, '_> {
    /// Nothing is booked yet: no booking bears its id, and the day until which it may come is not over.
    pub(super) fn waiting(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let Case { claim, row, own } = *case;
        let horizon = self.horizon(claim);
        let account = self.said.payer_of(row);
        if self.days.hold_days(account, claim.due, horizon, self.calendar) {
            let found = format!("covered to {horizon}");
            findings.push(case.about("reason").values(&claim.reason, found));
        }
        let is_not_booked = claim.reason == "not-booked-by-due";
        let window = self.window(claim);
        if is_not_booked && !self.days.hold_days(account, window, claim.due, self.calendar) {
            let found = format!("not covered: {}", claim.due);
            findings.push(case.about("reason").values(&claim.reason, found));
        }
        // What the bank's files leave out between two days that they have is no day still to come.
        if is_not_booked && self.days.go_on_after_a_gap(account, claim.due, horizon, self.calendar)
        {
            let found = format!("not covered: {horizon}");
            findings.push(case.about("reason").values(&claim.reason, found));
        }
        let is_announced = |own: &Own<'_>| {
            own.booking.entry.status != BookingStatus::Booked
                && Some(own.booking.entry.amount) == row.amount
        };
        if !is_not_booked && !own.iter().any(is_announced) && !self.said.is_accepted(row) {
            findings.push(case.about("reason").values(&claim.reason, "–"));
        }
        for (name, day) in [
            ("booked_on", claim.booked_on),
            ("credited_on", claim.credited_on),
            ("latest_credit", claim.latest_credit),
        ] {
            if let Some(day) = day {
                findings.push(case.about(name).values(day, "null"));
            }
        }
        if claim.guaranteed {
            findings.push(case.about("guaranteed").values(true, false));
        }
        if let Some(amount) = &claim.credited_amount {
            findings.push(case.about("credited_amount").values(amount, "null"));
        }
        let rules: &[Option<&str>] =
            if is_not_booked { &[Some("coverage")] } else { &[Some("status-report"), None] };
        if !rules.contains(&claim.rule.as_deref()) {
            findings.push(case.about("rule").values(claim.rule.as_deref().unwrap_or("null"), "–"));
        }
        if let Some(how) = &claim.how {
            findings.push(case.about("how").values(how, "null"));
        }
        let expected: &[&str] = if is_not_booked { &["E0", "E1", "E2"] } else { &["E3"] };
        if !expected.contains(&claim.evidence.as_str()) {
            findings.push(case.about("evidence").values(&claim.evidence, expected.join("/")));
        }
        for id in ids(row, self.said) {
            let debit = self.bookings(self.evidence.bearing(&id)).find(|(_, booking)| {
                booking.is_booked(self.run.as_of)
                    && !booking.is_credit()
                    && booking
                        .entry
                        .booked_on()
                        .is_some_and(|day| day >= self.window(claim) && day <= self.horizon(claim))
            });
            if let Some((_, booking)) = debit {
                findings.push(case.about("reason").values(&claim.reason, booking.entry.signed()));
            }
        }
    }

    fn bookings<'n>(
        &'n self,
        numbers: &'n [u32],
    ) -> impl Iterator<Item = (u32, Booking<'a>)> + use<'n, 'a> {
        numbers.iter().filter_map(|number| Some((*number, self.evidence.booking(*number)?)))
    }

    /// Whether a booking that is not cited as a whole speaks: told once, and not before a day.
    fn speaks(&self, number: u32, booking: &Booking<'_>, from: NaiveDate) -> bool {
        let cited = self.shares.takers(number);
        booking.entry.booked_on().is_some_and(|day| day >= from)
            && booking.is_told(self.run.as_of)
            && usize::try_from(cited).unwrap_or(usize::MAX) < booking.entry.details.len().max(1)
            && self.shares.disposition(number) != Some("duplicate-export")
    }

    /// Whether a booking, or another telling of it, is marked as a return or says so.
    fn came_back(&self, booking: &Booking<'a>) -> bool {
        self.evidence.tellings(booking).any(|other| is_return(&other))
    }

    /// Nothing that came back, was refused or asked back was left out.
    pub(super) fn against(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let Case { claim, row, own } = *case;
        let window = self.window(claim);
        let first = case.debits().filter_map(Own::day).min();
        let is_own = |number: u32| own.iter().any(|own| own.number == number);
        for id in ids(row, self.said) {
            for (number, booking) in self.bookings(self.evidence.bearing(&id)) {
                let entry = booking.entry;
                if is_own(number) || !self.speaks(number, &booking, window) {
                    continue;
                }
                if booking.is_credit() || entry.reversal {
                    findings.push(case.about("returns").values("–", entry.signed()));
                } else if !own.is_empty()
                    && booking.is_booked(self.run.as_of)
                    && Some(entry.amount) == row.amount
                    && self.is_of_run(case, &booking)
                {
                    findings.push(case.about("entries.second").values("–", entry.signed()));
                }
            }
        }
        self.second(case, findings);
        if let Some(booking) = self.return_of_all(case) {
            findings.push(case.about("returns").values("–", booking.entry.signed()));
        }
        if let Some(booking) = self.return_by_money(case) {
            findings.push(case.about("returns").values("–", booking.entry.signed()));
        }
        let case_id = row.case_id.as_deref().map(reference_key).filter(|key| key.len() > 3);
        for number in case_id.iter().flat_map(|id| self.evidence.credits_naming(id)) {
            let Some(booking) = self.evidence.booking(*number) else { continue };
            let from = first.unwrap_or(window);
            if !is_own(*number) && self.speaks(*number, &booking, from) && self.came_back(&booking)
            {
                findings.push(case.about("returns").values("–", booking.entry.signed()));
            }
        }
        if self.said.is_rejected(row) {
            let day = self.said.rejected_on(row);
            // A collective debit that leaves out what was refused comes after the refusal too, unless the order was
            // sent again.
            let again = self.said.own_batches(row).count() > 1;
            let single = case.debits().filter(|_| again || case.how() != "batch");
            let mut days = single.filter_map(Own::day);
            if !days.any(|booked| day.is_some_and(|day| booked > day)) {
                findings.push(case.about("status").values(&claim.status, "rejected"));
            }
        }
        if self.said.is_recalled(row) && case.debits().count() < 2 {
            findings.push(case.about("status").values(&claim.status, "recalled"));
        }
    }

    /// A collective debit that it shares came back as a whole, and others cite that, or it says so.
    fn return_of_all(&self, case: &Case<'_, 'a>) -> Option<Booking<'a>> {
        let shared = case.debits().filter(|own| self.shares.citations.share(own.number).0 > 1);
        let mut found = shared.flat_map(|own| {
            let last = own.day();
            let equal = self.evidence.of_amount(own.booking.entry.amount);
            self.bookings(equal)
                .filter(move |(_, other)| other.is_credit() && other.entry.booked_on() >= last)
        });
        let is_own = |number: u32| case.own.iter().any(|own| own.number == number);
        let one = found.find(|(number, booking)| {
            let told = self.shares.disposition(*number);
            booking.is_booked(self.run.as_of)
                && !is_own(*number)
                && told != Some("duplicate-export")
                && (told == Some("return") || self.came_back(booking))
        });
        one.map(|(_, booking)| booking)
    }

    /// A return of its amount from its account, unless a later debit there is what came back, or the account's
    /// holder pays something in.
    fn return_by_money(&self, case: &Case<'_, 'a>) -> Option<Booking<'a>> {
        let (iban, amount) = case.row.iban.as_ref().zip(case.row.amount)?;
        let last = case.debits().filter_map(Own::day).max()?;
        let of_money = || self.bookings(self.evidence.of_money(iban, amount));
        let credits = of_money().filter(|(number, booking)| {
            booking.is_credit()
                && !case.own.iter().any(|own| own.number == *number)
                && self.speaks(*number, booking, last)
        });
        let mut credits =
            credits.filter(|(_, booking)| self.came_back(booking) || is_bare(booking));
        let (_, found) = credits.next()?;
        let later = of_money().any(|(number, booking)| {
            let day = booking.entry.booked_on();
            !booking.is_credit()
                && booking.is_booked(self.run.as_of)
                && !case.own.iter().any(|own| own.number == number)
                && self.shares.disposition(number) != Some("duplicate-export")
                && day.is_some_and(|day| day > last)
                && day <= found.entry.booked_on()
        });
        (!later).then_some(found)
    }
}

/// Whether a credit says nothing of what it is: neither code nor text.
fn is_bare(booking: &Booking<'_>) -> bool {
    let entry = booking.entry;
    let mut details = entry.details.iter();
    entry.transaction_code.is_none()
        && entry.domain_code.is_none()
        && details.all(|detail| detail.remittance.is_none())
}

/// Whether a booking is marked as a return, or says so.
fn is_return(booking: &Booking<'_>) -> bool {
    let entry = booking.entry;
    let details = entry.details.iter().map(Some).chain([None]);
    let mut texts = details.flat_map(|detail| entry.texts(detail));
    entry.is_marked_return() || texts.any(|text| return_words::said(text).is_return)
}
