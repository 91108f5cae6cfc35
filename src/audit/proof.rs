//! Whether the bookings that a payment cites prove what is claimed of it.

use chrono::NaiveDate;

use crate::audit::claims;
use crate::audit::days::Days;
use crate::audit::evidence::Booking;
use crate::audit::evidence::Evidence;
use crate::audit::finding::Finding;
use crate::audit::said::Said;
use crate::audit::shares::Shares;
use crate::model::amount::Amount;
use crate::model::calendar::Calendar;
use crate::model::payment::Payment;
use crate::model::place::Place;
use crate::model::statement::BookingStatus;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// What proofs rest on.
#[derive(Clone, Copy)]
pub(super) struct Court<'a, 'e> {
    pub(super) evidence: &'e Evidence<'a>,
    pub(super) days: &'e Days<'a>,
    pub(super) said: &'e Said<'a>,
    pub(super) shares: &'e Shares,
    pub(super) run: &'e claims::Run,
    pub(super) calendar: &'e Calendar,
    pub(super) late_until: Option<NaiveDate>,
}

/// A booking that is cited, as the file has it.
pub(super) struct Own<'a> {
    pub(super) booking: Booking<'a>,
    pub(super) place: Place,
    /// How many bookings begin on its line.
    pub(super) on_its_line: usize,
}

impl<'a> Court<'a, '_> {
    /// The bookings that a payment cites; those that are not as it says are refuted. `None` if a file is
    /// not at hand.
    pub(super) fn cited(
        &self,
        claim: &claims::Payment,
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<Own<'a>>> {
        let mut all: Vec<Own<'a>> = Vec::new();
        for cited in &claim.entries {
            let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
            let at = format!("{}:{}", cited.file, cited.line);
            let place = match self.evidence.place(&cited.file, cited.line) {
                Some(Ok(place)) => place,
                Some(Err(())) => {
                    findings.push(about("entries").values(at, "–").open());
                    return None;
                }
                None => {
                    findings.push(about("entries.file").values(at, "–"));
                    continue;
                }
            };
            let here = self.evidence.bookings_at(place);
            let fits = |booking: &&Booking<'_>| {
                booking.entry.signed().to_string() == cited.amount
                    && booking.entry.booking_date == cited.booking_date
                    && booking.entry.value_date == cited.value_date
            };
            let before = all.iter().filter(|own| own.place == place).count();
            let found = here.iter().filter(fits);
            if let Some(booking) = found.clone().nth(before).or_else(|| found.clone().next()) {
                let on_its_line = here.len();
                all.push(Own { booking: *booking, place, on_its_line });
                continue;
            }
            let Some(other) = here.first() else {
                findings.push(about("entries.line").values(at, "–"));
                continue;
            };
            let day = |day: Option<NaiveDate>| day.map_or("null".to_owned(), |day| day.to_string());
            let entry = other.entry;
            for (name, said, is) in [
                ("entries.amount", cited.amount.clone(), entry.signed().to_string()),
                ("entries.booking_date", day(cited.booking_date), day(entry.booking_date)),
                ("entries.value_date", day(cited.value_date), day(entry.value_date)),
            ] {
                if said != is {
                    findings.push(about(name).values(said, is));
                }
            }
        }
        Some(all)
    }

    /// The last day that counts as delayed for a payment.
    pub(super) fn horizon(&self, claim: &claims::Payment) -> NaiveDate {
        self.late_until.unwrap_or_else(|| self.calendar.next_after(claim.due))
    }

    /// Holds a payment that is said to be credited or delayed against its evidence.
    pub(super) fn prove(
        &self,
        claim: &claims::Payment,
        row: &Payment,
        own: &[Own<'a>],
        findings: &mut Vec<Finding>,
    ) {
        let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
        if row.unreadable.is_some() {
            findings.push(about("status").values(&claim.status, "row-unreadable"));
            return;
        }
        match claim.reason.as_str() {
            "nothing-due" => {
                if row.amount != Some(Amount::ZERO) {
                    findings.push(about("reason").values(&claim.reason, row.amount_or_zero()));
                }
            }
            "other-channel" => {
                if row.channel.is_none() || (row.note.is_none() && row.list_status.is_none()) {
                    findings.push(about("reason").values(&claim.reason, "–"));
                }
            }
            "pending" | "not-booked-by-due" => self.waiting(claim, row, own, findings),
            _ if own.is_empty() => self.confirmed(claim, row, findings),
            _ => self.booked(claim, row, own, findings),
        }
        self.against(claim, row, own, findings);
    }

    /// Nothing is booked in the files, but the payee's side says that it arrived.
    fn confirmed(&self, claim: &claims::Payment, row: &Payment, findings: &mut Vec<Finding>) {
        let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
        let Some(day) = claim.credited_on else {
            findings.push(about("entries").values("–", "–"));
            return;
        };
        if !self.said.is_confirmed(row, day) {
            findings.push(about("credited_on").values(day, "–"));
        }
        if claim.credited_amount != row.amount.map(|amount| amount.to_string()) {
            let said = claim.credited_amount.clone().unwrap_or_default();
            findings.push(about("credited_amount").values(said, row.amount_or_zero()));
        }
        if claim.evidence != "E7" {
            findings.push(about("evidence").values(&claim.evidence, "E7"));
        }
        self.dates(claim, None, findings);
    }

    /// Its bookings add up to it, went to its account, and are its own.
    fn booked(
        &self,
        claim: &claims::Payment,
        row: &Payment,
        own: &[Own<'a>],
        findings: &mut Vec<Finding>,
    ) {
        let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
        let how = claim.how.as_deref().unwrap_or_default();
        for cited in own {
            let entry = cited.booking.entry;
            if !cited.booking.is_booked(self.run.as_of) || entry.doubt.is_some() {
                findings.push(about("entries").values(entry.signed(), "not booked"));
            }
        }
        let debits: Vec<&Own<'_>> = own.iter().filter(|own| !own.booking.is_credit()).collect();
        let shared = how == "batch" || how == "merged";
        let mut moved = Amount::ZERO;
        for cited in own {
            let part = self.part_of(&cited.booking, row, how);
            match part {
                Some(part) if cited.booking.is_credit() => moved = moved.minus(part),
                Some(part) => moved = moved.plus(part),
                None => {
                    let (iban, amount) = (row.iban.as_ref(), cited.booking.entry.signed());
                    let said = iban.map(crate::model::iban::Iban::masked).unwrap_or_default();
                    findings.push(about("entries").values(said, amount));
                }
            }
            if shared && !cited.booking.is_credit() && !self.shares.closes(cited, row, self) {
                let sum = self.shares.sum(cited.place);
                findings.push(
                    about("how").values(how, format!("{} / {sum}", cited.booking.entry.signed())),
                );
            }
            if !shared && !cited.booking.is_credit() && self.shares.is_cited_too_often(cited) {
                findings.push(about("entries").values(cited.booking.entry.signed(), "cited twice"));
            }
        }
        if Some(moved) != row.amount {
            findings.push(about("entries.amount").values(row.amount_or_zero(), moved));
        }
        if claim.credited_amount.as_deref() != Some(&*row.amount_or_zero().to_string()) {
            let said = claim.credited_amount.clone().unwrap_or_default();
            findings.push(about("credited_amount").values(said, row.amount_or_zero()));
        }
        let expected = match how {
            "booked" | "split" | "batch" | "merged" | "repaid" | "confirmed" => how,
            _ => "booked",
        };
        let counts = match how {
            "split" => debits.len() > 1,
            "repaid" => own.len() > 1 || self.said.is_rejected(row).is_some(),
            _ => true,
        };
        if expected != how || !counts {
            findings.push(about("how").values(how, debits.len()));
        }
        let reason_fits = matches!(
            (claim.reason.as_str(), how),
            ("booked-late" | "confirmed", _)
                | ("booked", "booked")
                | ("batch", "batch")
                | ("split", "split")
                | ("merged", "merged")
                | ("repaid", "repaid")
        );
        if !reason_fits {
            findings.push(about("reason").values(&claim.reason, how));
        }
        self.link(claim, row, &debits, findings);
        let last = debits.iter().filter_map(|own| own.booking.entry.booked_on()).max();
        let first = debits.iter().filter_map(|own| own.booking.entry.booked_on()).min();
        if first.is_none_or(|first| first < self.calendar.before(claim.due, 10)) {
            findings.push(about("booked_on").values(shown(claim.booked_on), shown(first)));
        }
        self.dates(claim, last, findings);
        self.closed(claim, row, own, findings);
    }

    /// What of a booking is this payment's: the booking's amount, or that of the transfer behind it that
    /// goes to its account. `None` if it went to another account.
    fn part_of(&self, booking: &Booking<'a>, row: &Payment, how: &str) -> Option<Amount> {
        let account_fits = |iban: Option<&crate::model::iban::Iban>| match (&row.iban, iban) {
            (Some(own), Some(other)) => own.same_account(other),
            _ => true,
        };
        let details = &booking.entry.details;
        if booking.is_credit() {
            return Some(
                booking.transfers().find(|(_, amount)| Some(*amount) == row.amount).map_or_else(
                    || booking.entry.amount.min(row.amount_or_zero()),
                    |(_, amount)| amount,
                ),
            );
        }
        if how == "batch" || how == "merged" {
            let named = details.iter().find(|detail| detail.counterparty_iban.is_some());
            let alone = details.len() == 1;
            let fits = !alone
                || how == "batch"
                || named.is_none_or(|one| account_fits(one.counterparty_iban.as_ref()));
            return fits.then(|| row.amount_or_zero());
        }
        if details.len() <= 1 {
            let iban = details.first().and_then(|detail| detail.counterparty_iban.as_ref());
            return account_fits(iban).then_some(booking.entry.amount);
        }
        let fitting: Vec<Amount> = booking
            .transfers()
            .filter(|(detail, _)| account_fits(detail.counterparty_iban.as_ref()))
            .map(|(_, amount)| amount)
            .collect();
        let whole = fitting.iter().find(|amount| Some(**amount) == row.amount);
        whole.or_else(|| fitting.first()).copied()
    }

    /// Whether what the rule needs is there: an id, a reference, or the account.
    fn link(
        &self,
        claim: &claims::Payment,
        row: &Payment,
        debits: &[&Own<'a>],
        findings: &mut Vec<Finding>,
    ) {
        let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
        let rule = claim.rule.as_deref().unwrap_or_default();
        let own_ids = ids(row, self.said);
        let fits = debits.iter().any(|own| {
            // Another file may tell more of the same booking.
            let same = |other: &Booking<'_>| {
                other.entry.amount == own.booking.entry.amount && !other.is_credit()
            };
            let by_id =
                own_ids.iter().any(|id| self.evidence.bearing(id).any(|other| same(&other)));
            let entry = own.booking.entry;
            let by_text = || {
                let mut keys = own_ids
                    .iter()
                    .cloned()
                    .chain(row.case_id.as_deref().map(reference_key).filter(|key| !key.is_empty()));
                keys.any(|key| {
                    self.evidence.tellings(&own.booking).any(|other| {
                        let details = other.entry.details.iter().map(Some);
                        details.chain([None]).any(|detail| {
                            other.entry.texts(detail).any(|text| reference_key(text).contains(&key))
                        })
                    })
                })
            };
            let by_account = || {
                let same = |iban: &crate::model::iban::Iban| {
                    row.iban.as_ref().is_some_and(|own| own.same_account(iban))
                };
                self.evidence.tellings(&own.booking).any(|other| {
                    other
                        .entry
                        .details
                        .iter()
                        .any(|detail| detail.counterparty_iban.as_ref().is_some_and(same))
                })
            };
            match rule {
                "end-to-end-id" => by_id,
                "reference" => by_text() || by_id,
                "iban-and-amount" => by_account(),
                "split" | "merged" => by_id || by_text() || by_account(),
                "batch" => entry.status == BookingStatus::Booked,
                _ => false,
            }
        });
        if !fits {
            findings.push(about("rule").values(rule, "–"));
        }
    }

    /// Days and status follow from the booking.
    fn dates(
        &self,
        claim: &claims::Payment,
        booked: Option<NaiveDate>,
        findings: &mut Vec<Finding>,
    ) {
        let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
        if booked.is_some() && claim.booked_on != booked {
            findings.push(about("booked_on").values(shown(claim.booked_on), shown(booked)));
        }
        let by_payee = claim.evidence == "E7";
        let credited = match (booked, self.run.crediting.as_str()) {
            _ if by_payee => claim.credited_on,
            (Some(day), "next-day") => Some(self.calendar.next_after(day)),
            (booked, _) => booked,
        };
        if claim.credited_on != credited {
            findings.push(about("credited_on").values(shown(claim.credited_on), shown(credited)));
        }
        let latest = if by_payee {
            claim.credited_on
        } else {
            booked.map(|day| Calendar::default().next_after(day))
        };
        if claim.latest_credit != latest {
            findings.push(about("latest_credit").values(shown(claim.latest_credit), shown(latest)));
        }
        let guaranteed = latest.is_some_and(|day| day <= claim.due);
        if claim.guaranteed != guaranteed {
            findings.push(about("guaranteed").values(claim.guaranteed, guaranteed));
        }
        let in_time = credited.is_some_and(|day| day <= claim.due);
        let late = credited.is_some_and(|day| day <= self.horizon(claim)) && !in_time;
        let fits = match claim.status.as_str() {
            "credited" => in_time,
            _ => late && claim.reason == "booked-late",
        };
        if !fits {
            findings.push(about("status").values(&claim.status, shown(credited)));
        }
    }

    /// The level of the evidence: E6 needs three further banking days.
    fn closed(
        &self,
        claim: &claims::Payment,
        row: &Payment,
        own: &[Own<'a>],
        findings: &mut Vec<Finding>,
    ) {
        let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
        let is_covered = own.iter().filter(|own| !own.booking.is_credit()).all(|own| {
            own.booking.entry.booked_on().is_some_and(|day| {
                let until = self.calendar.after(day, 3);
                let account = self.evidence.account_of(&own.booking);
                self.days.hold_days(account, day, until, self.calendar)
            })
        });
        let is_batch = claim.how.as_deref() == Some("batch");
        let by_payee = claim.evidence == "E7";
        let fits = match claim.evidence.as_str() {
            "E6" => is_covered,
            "E7" => claim.credited_on.is_some_and(|day| self.said.is_confirmed(row, day)),
            "E5" => !is_batch,
            "E4" => is_batch || claim.how.as_deref() == Some("repaid"),
            _ => false,
        };
        let lowered = matches!(claim.evidence.as_str(), "E4" | "E5")
            && is_covered
            && !self.shares.may_come_back(row);
        if !fits || lowered {
            let found = if is_covered {
                "E6"
            } else if is_batch {
                "E4"
            } else {
                "E5"
            };
            findings.push(about("evidence").values(&claim.evidence, found));
        }
        if claim.reason == "confirmed" && !by_payee {
            findings.push(about("reason").values(&claim.reason, &claim.evidence));
        }
    }
}

/// The ids that a payment may be found by: its own, and its order's.
pub(super) fn ids(row: &Payment, said: &Said<'_>) -> Vec<String> {
    let own = row.end_to_end_id.as_deref().filter(|id| !is_placeholder(id)).map(reference_key);
    let own = own.filter(|id| !said.is_shared(id));
    let ordered = said.ordered_ids(row);
    own.into_iter().chain(ordered).collect()
}

pub(super) fn shown(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "null".to_owned(), |day| day.to_string())
}
