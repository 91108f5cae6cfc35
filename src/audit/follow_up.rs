//! What a follow-up says of bookings, days and levels has to go with its reason.

use crate::audit::calendar::BankingDays;
use crate::audit::finding::Finding;
use crate::audit::proof::Case;
use crate::audit::proof::Own;
use crate::audit::proof::Proof;
use crate::audit::proof::is_blocked;
use crate::audit::proof::shown;
use crate::model::amount::Amount;
use crate::model::statement::BookingStatus;
use crate::model::statement::Direction;

/// Levels of what is not booked.
const NOT_BOOKED: [&str; 4] = ["E0", "E1", "E2", "E3"];

/// Levels of what is booked.
const BOOKED: [&str; 4] = ["E4", "E5", "E6", "E7"];

/// How bookings pay.
const WAYS: [&str; 6] = ["booked", "split", "batch", "merged", "repaid", "confirmed"];

/// What goes with a reason.
struct Kind {
    reason: &'static str,
    levels: &'static [&'static str],
    /// The fewest and the most booked debits that it cites.
    debits: (usize, usize),
    /// Whether it tells days and an amount of bookings; `None` if it may.
    tells: Option<bool>,
    rules: &'static [&'static str],
}

const fn kind(
    reason: &'static str,
    levels: &'static [&'static str],
    debits: (usize, usize),
    tells: Option<bool>,
    rules: &'static [&'static str],
) -> Kind {
    Kind { reason, levels, debits, tells, rules }
}

/// Any number.
const MANY: usize = usize::MAX;

/// Rules that find bookings.
const FINDING: &[&str] =
    &["end-to-end-id", "reference", "iban-and-amount", "split", "merged", "batch"];

const KINDS: [Kind; 19] = [
    kind("row-unreadable", &["E0"], (0, 0), Some(false), &["list"]),
    kind("stopped", &NOT_BOOKED, (0, 0), Some(false), &["list"]),
    kind("account-invalid", &NOT_BOOKED, (0, 0), Some(false), &["list"]),
    kind("receipt-missing", &NOT_BOOKED, (0, 0), Some(false), &["list"]),
    kind("not-found", &NOT_BOOKED, (0, 0), Some(false), &["coverage"]),
    kind("bank-data-missing", &NOT_BOOKED, (0, 0), Some(false), &["coverage"]),
    kind("paid-though-stopped", &BOOKED, (1, MANY), Some(true), FINDING),
    kind("credited-too-late", &BOOKED, (0, MANY), Some(true), FINDING),
    kind("paid-twice", &["E0", "E4", "E5", "E6", "E7"], (1, MANY), None, FINDING),
    kind("sum-differs", &NOT_BOOKED, (1, MANY), Some(false), &["merged"]),
    kind("batch-differs", &NOT_BOOKED, (1, MANY), Some(false), &["batch"]),
    kind(
        "account-differs",
        &NOT_BOOKED,
        (1, MANY),
        None,
        &["end-to-end-id", "reference", "name-and-amount", "iban-and-amount"],
    ),
    kind("amount-differs", &NOT_BOOKED, (1, MANY), Some(true), FINDING),
    kind("partly-paid", &NOT_BOOKED, (2, MANY), Some(true), &["split"]),
    kind("weak-match", &NOT_BOOKED, (1, MANY), Some(false), &["name-and-amount"]),
    kind(
        "ambiguous",
        &NOT_BOOKED,
        (1, MANY),
        None,
        &[
            "end-to-end-id",
            "reference",
            "iban-and-amount",
            "name-and-amount",
            "split",
            "merged",
            "batch",
        ],
    ),
    kind("returned", &["X2"], (1, MANY), None, FINDING),
    kind("rejected", &["X1"], (0, MANY), None, &["status-report"]),
    kind("recalled", &["X3"], (0, MANY), None, &["status-report"]),
];

impl<'a> Proof<'a, '_> {
    /// Holds what a follow-up says against what goes with its reason, and against what it cites.
    pub(super) fn follow_up(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let claim = case.claim;
        let about = |name| case.about(name);
        let Some(kind) = KINDS.iter().find(|kind| kind.reason == claim.reason) else { return };
        if !kind.levels.contains(&claim.evidence.as_str()) {
            findings.push(about("evidence").values(&claim.evidence, kind.levels.join(" / ")));
        }
        let rule = claim.rule.as_deref();
        let is_free = matches!(kind.reason, "ambiguous" | "paid-twice");
        if !rule.map_or(is_free, |rule| kind.rules.contains(&rule)) {
            let said = rule.unwrap_or("null");
            findings.push(about("rule").values(said, kind.rules.join(" / ")));
        }
        let booked = |own: &&Own<'_>| own.booking.entry.status == BookingStatus::Booked;
        let debits: Vec<&Own<'a>> =
            case.own.iter().filter(|own| own.is_debit()).filter(booked).collect();
        let (fewest, most) = kind.debits;
        if debits.len() < fewest || debits.len() > most {
            findings.push(about("entries").values(debits.len(), fewest));
        }
        // What is told of bookings is told whole.
        let told = [
            claim.how.is_some(),
            claim.booked_on.is_some(),
            claim.credited_on.is_some(),
            claim.latest_credit.is_some(),
            claim.credited_amount.is_some(),
        ];
        let tells = kind.tells.unwrap_or(claim.booked_on.is_some());
        let names = ["how", "booked_on", "credited_on", "latest_credit", "credited_amount"];
        for (name, _) in names.into_iter().zip(told).filter(|(_, told)| *told != tells) {
            let (said, found) = if tells { ("null", "–") } else { ("–", "null") };
            findings.push(about(name).values(said, found));
        }
        self.why(case, &debits, findings);
        if tells {
            self.told(case, &debits, findings);
        }
        if let Some(how) = claim.how.as_deref().filter(|how| !WAYS.contains(how)) {
            findings.push(about("how").values(how, WAYS.join(" / ")));
        }
        if BOOKED.contains(&claim.evidence.as_str()) && kind.levels != ["X2"] {
            self.level(case, findings);
        }
        self.not_booked(case, findings);
        if claim.guaranteed != claim.latest_credit.is_some_and(|day| day <= claim.due) {
            findings.push(about("guaranteed").values(claim.guaranteed, !claim.guaranteed));
        }
    }

    /// Whether the level of what is not booked is there: ordered, accepted, announced.
    pub(super) fn not_booked(&self, case: &Case<'_, 'a>, findings: &mut Vec<Finding>) {
        let (claim, row) = (case.claim, case.row);
        let is_announced = |own: &Own<'_>| own.booking.entry.status != BookingStatus::Booked;
        let holds = match claim.evidence.as_str() {
            "E1" => self.said.has_orders(),
            "E3" => self.said.is_accepted(row) || case.own.iter().any(is_announced),
            _ => true,
        };
        if !holds {
            findings.push(case.about("evidence").values(&claim.evidence, "E0"));
        }
    }

    /// Whether the reason is there.
    fn why(&self, case: &Case<'_, 'a>, debits: &[&Own<'a>], findings: &mut Vec<Finding>) {
        let (claim, row) = (case.claim, case.row);
        let reason = claim.reason.as_str();
        let horizon = self.horizon(claim);
        let paid = claim.credited_amount.as_deref().and_then(|own| Amount::from_iso(own).ok());
        let owed = row.amount_or_zero();
        let is_back = |own: &Own<'_>| {
            let entry = own.booking.entry;
            let mut details = entry.details.iter();
            own.booking.is_credit()
                || entry.reversal
                || entry.status != BookingStatus::Booked
                || details.any(|detail| detail.direction == Some(Direction::Credit))
        };
        let to_another = |own: &&Own<'_>| {
            let mut details = own.booking.entry.details.iter();
            details.any(|detail| {
                let other = detail.counterparty_iban.as_ref().zip(row.iban.as_ref());
                other.is_some_and(|(other, own)| !other.same_account(own))
            })
        };
        let covered = || {
            let from = self.first_needed(claim, row);
            self.days.hold_days(self.said.payer_of(row), from, horizon, self.calendar)
        };
        let holds = match reason {
            "row-unreadable" => row.unreadable.is_some(),
            "stopped" | "paid-though-stopped" => is_blocked(row),
            "account-invalid" => row.iban.as_ref().is_some_and(|iban| !iban.is_valid()),
            "receipt-missing" => row.channel.is_some(),
            "returned" => case.own.iter().any(is_back),
            "amount-differs" => paid != Some(owed),
            "partly-paid" => paid.is_some_and(|paid| paid < owed),
            "paid-twice" => paid.is_none_or(|paid| paid > owed),
            "credited-too-late" => claim.credited_on.is_some_and(|day| day > horizon),
            "account-differs" => {
                debits.is_empty() || debits.iter().any(to_another) || self.said.has_orders()
            }
            "not-found" => covered(),
            "bank-data-missing" => !covered(),
            _ => true,
        };
        if !holds || (row.unreadable.is_some() && reason != "row-unreadable") {
            findings.push(case.about("reason").values(reason, "–"));
        }
    }

    /// What is told of bookings is as they are.
    fn told(&self, case: &Case<'_, 'a>, debits: &[&Own<'a>], findings: &mut Vec<Finding>) {
        let claim = case.claim;
        let Some(day) = claim.booked_on else { return };
        let days: Vec<_> = debits.iter().filter_map(|own| own.day()).collect();
        if !days.is_empty() && !days.contains(&day) {
            findings.push(case.about("booked_on").values(day, shown(days.iter().max().copied())));
        }
        let credited = match self.run.crediting.as_str() {
            "next-day" => self.calendar.after(day, 1),
            _ => day,
        };
        let confirmed = claim.credited_on.is_some_and(|day| self.said.is_confirmed(case.row, day));
        if claim.credited_on != Some(credited) && !confirmed {
            findings.push(case.about("credited_on").values(shown(claim.credited_on), credited));
        }
        let latest = BankingDays::default().after(day, 1);
        let is_same = confirmed && claim.latest_credit == claim.credited_on;
        if claim.latest_credit != Some(latest) && !is_same {
            findings.push(case.about("latest_credit").values(shown(claim.latest_credit), latest));
        }
        let moved = moved(debits);
        let paid = claim.credited_amount.as_deref().and_then(|own| Amount::from_iso(own).ok());
        let is_single = matches!(case.how(), "booked" | "split");
        let fits = match claim.reason.as_str() {
            "returned" => paid.is_some_and(|paid| paid < case.row.amount_or_zero()),
            _ => !is_single || debits.is_empty() || paid == Some(moved),
        };
        if !fits {
            let said = claim.credited_amount.as_deref().unwrap_or("null");
            findings.push(case.about("credited_amount").values(said, moved));
        }
    }
}

/// What single debits moved, without what the bank took for itself.
fn moved(debits: &[&Own<'_>]) -> Amount {
    debits.iter().fold(Amount::ZERO, |sum, own| {
        let entry = own.booking.entry;
        let stated = match entry.details.as_slice() {
            [only] => only.amount,
            _ => None,
        };
        sum.plus(stated.unwrap_or(entry.amount))
    })
}
