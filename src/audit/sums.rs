//! Bank entries as the files have them, and sums that follow from payments and entries.

use std::collections::BTreeMap;

use crate::audit::claims;
use crate::audit::claims::Claims;
use crate::audit::claims::Entry;
use crate::audit::claims::Tally;
use crate::audit::evidence::Booking;
use crate::audit::evidence::Evidence;
use crate::audit::finding::Finding;
use crate::audit::rows::is_account;
use crate::audit::rows::is_said;
use crate::audit::shares::Shares;
use crate::facts::transaction_codes::CodeMeaning;
use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::statement::Direction;
use crate::model::text::is_placeholder;

/// Count and sum.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    count: u64,
    amount: Amount,
}

impl Sum {
    fn add(&mut self, amount: Amount) {
        self.count = self.count.saturating_add(1);
        self.amount = self.amount.plus(amount);
    }
}

fn hold(claim: &'static str, said: &Tally, is: Sum, findings: &mut Vec<Finding>) {
    if said.count != is.count || said.amount != is.amount.to_string() {
        let shown = |count: u64, amount: &str| format!("{count} / {amount}");
        findings.push(
            Finding::refuted("", 0, claim)
                .values(shown(said.count, &said.amount), shown(is.count, &is.amount.to_string())),
        );
    }
}

/// More bookings than these are cited as a group: its first ones alone.
const LARGE: usize = 32;

/// Whether a booking is one of so many equal ones that payments which have them in common cite the first alone.
fn is_of_group(booking: &Booking<'_>, evidence: &Evidence<'_>, shares: &Shares<'_>) -> bool {
    let equal = evidence.of_amount(booking.entry.amount);
    equal.len() > LARGE && equal.iter().any(|number| shares.citations.share(*number).0 > 1)
}

/// Sums of payments by status.
pub(super) fn payments(claims: &Claims, findings: &mut Vec<Finding>) {
    let mut of: BTreeMap<&str, Sum> = BTreeMap::new();
    let mut all = Sum::default();
    for claim in &claims.payments {
        let amount = claim.amount.as_deref().and_then(|text| Amount::from_iso(text).ok());
        let amount = amount.unwrap_or(Amount::ZERO);
        of.entry(&claim.status).or_default().add(amount);
        all.add(amount);
    }
    let sum = |status: &str| of.get(status).copied().unwrap_or_default();
    hold("totals.payments", &claims.totals.payments, all, findings);
    hold("totals.credited", &claims.totals.credited, sum("credited"), findings);
    hold("totals.delayed", &claims.totals.delayed, sum("delayed"), findings);
    hold("totals.follow-up", &claims.totals.follow_up, sum("follow-up"), findings);
    let mut open = Sum::default();
    for claim in claims.payments.iter().filter(|claim| claim.needs_person == Some(true)) {
        let amount = claim.amount.as_deref().and_then(|text| Amount::from_iso(text).ok());
        open.add(amount.unwrap_or(Amount::ZERO));
    }
    if let Some(said) = &claims.totals.open {
        hold("totals.open", said, open, findings);
    }
    let mut not_due = Sum::default();
    for claim in &claims.payments {
        let waits = claims.run.as_of.is_some_and(|day| day < claim.due);
        if waits && claim.reason == "bank-data-missing" {
            let amount = claim.amount.as_deref().and_then(|text| Amount::from_iso(text).ok());
            not_due.add(amount.unwrap_or(Amount::ZERO));
        }
    }
    if let Some(said) = &claims.totals.not_due {
        hold("totals.not_due", said, not_due, findings);
    }
}

/// Every row is told.
pub(super) fn rows(claims: &Claims, evidence: &Evidence<'_>, findings: &mut Vec<Finding>) {
    let told = claims.payments.len();
    let all = evidence.rows.len();
    // Orders that were sent twice are one.
    let is_twice = evidence.alone && told < all && evidence.inputs.orders.len() > 1;
    if told != all && !is_twice {
        findings.push(Finding::refuted("", 0, "payments").values(told, all));
    }
}

/// Whether an entry of the result is that of the file.
fn differs(said: &Entry, booking: &Booking<'_>, evidence: &Evidence<'_>) -> Vec<Finding> {
    let entry = booking.entry;
    let about = |claim| Finding::refuted(&said.file, said.line, claim);
    let mut findings = Vec::new();
    let alone = entry.details.len() == 1;
    let detail = entry.details.first().filter(|_| alone);
    let id = detail.and_then(|own| own.end_to_end_id.as_deref()).filter(|id| !is_placeholder(id));
    for (claim, told, is) in [
        (
            "bank_entries.counterparty",
            &said.counterparty,
            detail.and_then(|own| own.counterparty.as_deref()),
        ),
        ("bank_entries.end_to_end_id", &said.end_to_end_id, id),
        (
            "bank_entries.remittance",
            &said.remittance,
            detail.and_then(|own| own.remittance.as_deref()),
        ),
        ("bank_entries.booking_text", &said.booking_text, entry.booking_text.as_deref()),
    ] {
        if !is_said(told.as_deref(), is) {
            findings.push(about(claim).values(told.as_deref().unwrap_or("null"), "–"));
        }
    }
    let iban = detail.and_then(|own| own.counterparty_iban.as_ref());
    if !is_account(said.counterparty_iban.as_deref(), iban) {
        let told = said.counterparty_iban.as_deref().unwrap_or("null");
        findings.push(about("bank_entries.counterparty_iban").values(told, "–"));
    }
    let account = evidence.account_of(booking);
    let own = said.account.as_deref();
    if !is_account(own, account) && !is_account(own, booking.statement.account.as_ref()) {
        findings.push(about("bank_entries.account").values(own.unwrap_or("null"), "–"));
    }
    for (claim, told, is) in [
        ("bank_entries.booking_date", said.booking_date, entry.booking_date),
        ("bank_entries.value_date", said.value_date, entry.value_date),
    ] {
        if told != is {
            let shown = |day: Option<chrono::NaiveDate>| {
                day.map_or_else(|| "null".to_owned(), |day| day.to_string())
            };
            findings.push(about(claim).values(shown(told), shown(is)));
        }
    }
    if said.amount != entry.signed().to_string() {
        findings.push(about("bank_entries.amount").values(&said.amount, entry.signed()));
    }
    if said.currency != entry.currency.as_str() {
        findings
            .push(about("bank_entries.currency").values(&said.currency, entry.currency.as_str()));
    }
    findings
}

/// Every booking of the files is told once, as it is, and the sums of the bank's side follow from it.
pub(super) fn entries(
    claims: &Claims,
    evidence: &Evidence<'_>,
    shares: &Shares<'_>,
    findings: &mut Vec<Finding>,
) {
    if claims.bank_entries.len() != evidence.bookings.len() {
        findings.push(
            Finding::refuted("", 0, "bank_entries")
                .values(claims.bank_entries.len(), evidence.bookings.len()),
        );
    }
    let as_of = claims.run.as_of;
    let mut of: BTreeMap<&str, Sum> = BTreeMap::new();
    for (number, (said, booking)) in
        (0_u32..).zip(claims.bank_entries.iter().zip(&evidence.bookings))
    {
        let place = evidence.place(&said.file, said.line);
        let about = |claim| Finding::refuted(&said.file, said.line, claim);
        if place != Some(Ok(booking.entry.place.whole_line())) {
            findings.push(about("bank_entries.line").values(said.line, booking.entry.place.line));
        }
        findings.extend(differs(said, booking, evidence));
        let disposition = said.disposition.as_str();
        let is_cited = shares.citations.is_cited(number) || is_of_group(booking, evidence, shares);
        let fits = match disposition {
            "matched" | "batch" => is_cited && !booking.is_credit() && booking.is_booked(as_of),
            "return" => is_cited,
            "unassigned-return" | "unlisted-debit" => booking.is_booked(as_of),
            // What is marked as come back is somebody's or nobody's, never of no account.
            "unrelated" if booking.is_credit() && booking.entry.is_marked_return() => {
                !booking.is_booked(as_of) || is_early(booking, &claims.run)
            }
            // A transfer in the days of the run is somebody's or on no list.
            "unrelated" if is_transfer(booking) => {
                !booking.is_booked(as_of) || is_early(booking, &claims.run)
            }
            "superseded-pending" | "duplicate-export" | "unrelated" | "pending" => true,
            _ => false,
        };
        let own_side = match disposition {
            "unlisted-debit" => !booking.is_credit(),
            "unassigned-return" => booking.is_credit() || booking.entry.reversal,
            _ => true,
        };
        if !fits || !own_side {
            let is = if is_cited { "cited" } else { "–" };
            findings.push(about("bank_entries.disposition").values(disposition, is));
        }
        let counts = match disposition {
            "return" | "unassigned-return" => true,
            "matched" | "batch" | "unlisted-debit" | "unrelated" => {
                !booking.is_credit() && booking.is_booked(as_of)
            }
            _ => false,
        };
        if counts && booking.entry.currency == Currency::EUR {
            of.entry(disposition).or_default().add(booking.entry.amount);
        }
    }
    let sum = |name: &str| of.get(name).copied().unwrap_or_default();
    let totals = &claims.totals;
    hold("totals.matched", &totals.matched, sum("matched"), findings);
    hold("totals.batch", &totals.batch, sum("batch"), findings);
    hold("totals.unlisted", &totals.unlisted, sum("unlisted-debit"), findings);
    hold("totals.unrelated", &totals.unrelated, sum("unrelated"), findings);
    hold("totals.returned", &totals.returned, sum("return"), findings);
    let unassigned = sum("unassigned-return");
    hold("totals.unassigned_returns", &totals.unassigned_returns, unassigned, findings);
    let mut debits = Sum::default();
    for name in ["matched", "batch", "unlisted-debit", "unrelated"] {
        debits.count = debits.count.saturating_add(sum(name).count);
        debits.amount = debits.amount.plus(sum(name).amount);
    }
    hold("totals.bank_debits", &totals.bank_debits, debits, findings);
    if !totals.closes {
        findings.push(Finding::refuted("", 0, "totals.closes").values(false, true));
    }
}

/// Whether the bank's code calls a debit a transfer to somebody.
fn is_transfer(booking: &Booking<'_>) -> bool {
    let entry = booking.entry;
    entry.code_meaning() == Some(CodeMeaning::Transfer)
        && entry.direction == Direction::Debit
        && entry.currency == Currency::EUR
        && !entry.reversal
        && entry.details.iter().all(|detail| detail.mandate_id.is_none())
}

/// Whether a booking is of a time before the run.
fn is_early(booking: &Booking<'_>, run: &claims::Run) -> bool {
    let long_before = run.due.checked_sub_days(chrono::Days::new(10));
    booking.entry.booked_on().zip(long_before).is_none_or(|(day, limit)| day < limit)
}
