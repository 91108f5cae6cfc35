//! A second pair of eyes: every claim of a saved result is looked up in the files again and proven or
//! refuted. Shares no code with [`crate::matching`] and [`crate::verdict`], on purpose: what both get wrong
//! alike nobody would see.

mod against;
pub mod claims;
mod days;
mod evidence;
pub mod finding;
mod proof;
mod rows;
mod said;
mod shares;
mod sums;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::audit::claims::Claims;
use crate::audit::days::Days;
use crate::audit::evidence::Evidence;
use crate::audit::finding::Finding;
use crate::audit::finding::Standing;
use crate::audit::proof::Court;
use crate::audit::said::Said;
use crate::audit::shares::Shares;
use crate::model::calendar::Calendar;
use crate::model::inputs::Inputs;

pub use crate::audit::rows::CheckOf;

/// Reasons that stand for credited payments.
const CREDITED: [&str; 8] =
    ["booked", "confirmed", "batch", "split", "merged", "repaid", "nothing-due", "other-channel"];

/// Reasons that stand for delayed payments.
const DELAYED: [&str; 3] = ["booked-late", "pending", "not-booked-by-due"];

/// Reasons that stand for payments that a person has to follow up.
const FOLLOW_UP: [&str; 19] = [
    "receipt-missing",
    "not-found",
    "bank-data-missing",
    "returned",
    "rejected",
    "recalled",
    "credited-too-late",
    "amount-differs",
    "partly-paid",
    "account-differs",
    "paid-twice",
    "weak-match",
    "ambiguous",
    "batch-differs",
    "sum-differs",
    "account-invalid",
    "stopped",
    "paid-though-stopped",
    "row-unreadable",
];

/// What the auditor knows besides result and files.
#[derive(Clone, Debug)]
pub struct Basis {
    /// Banking days.
    pub calendar: Calendar,
    /// The last day that counts as delayed, where it was told.
    pub late_until: Option<NaiveDate>,
    /// What masked accounts keep of their numbers.
    pub check_of: CheckOf,
}

/// How an audit ended.
#[derive(Clone, Debug, Default)]
pub struct Audited {
    /// Payments that are said to be credited or delayed.
    pub claimed: u64,
    /// Those of which every claim is proven.
    pub proven: u64,
    /// Payments of which some claim is refuted, whatever their status.
    pub refuted: u64,
    /// Payments of which some claim is open.
    pub open: u64,
    /// All payments of the result.
    pub payments: u64,
    /// All its bank entries.
    pub entries: u64,
    /// Everything that is not proven, by place.
    pub findings: Vec<Finding>,
}

impl Audited {
    /// 0 all proven, 1 some claim refuted, 3 some claim open.
    pub fn exit_code(&self) -> u8 {
        let has = |standing| self.findings.iter().any(|own| own.standing == standing);
        if has(Standing::Refuted) {
            1
        } else if has(Standing::Open) {
            3
        } else {
            0
        }
    }
}

/// Holds a result against its files.
pub fn audit(claims: &Claims, inputs: &Inputs, basis: &Basis) -> Audited {
    let mut findings = Vec::new();
    let evidence = Evidence::new(claims, inputs, &mut findings);
    let days = Days::new(&claims.run, &evidence, &basis.calendar, &mut findings);
    let said = Said::new(&evidence);
    let shares = Shares::new(claims, &evidence);
    let court = Court {
        evidence: &evidence,
        days: &days,
        said: &said,
        shares: &shares,
        run: &claims.run,
        calendar: &basis.calendar,
        late_until: basis.late_until,
    };
    run(claims, basis, &mut findings);
    let outranks = claims.payments.iter().all(|claim| claim.due == claims.run.due);
    let mut audited = Audited::default();
    let mut taken: BTreeMap<(&str, u32), usize> = BTreeMap::new();
    for claim in &claims.payments {
        audited.payments = audited.payments.saturating_add(1);
        let before = findings.len();
        let number = taken.entry((&claim.source.file, claim.source.line)).or_default();
        let row = rows::row(claim, &evidence, *number, basis.check_of, &mut findings);
        *number = number.saturating_add(1);
        let is_claimed = claim.status != "follow-up";
        verdict(claim, &mut findings);
        let own = court.cited(claim, &mut findings);
        if let (Some(row), Some(own)) = (row, &own) {
            rows::due(claim, row, (claims.run.due, outranks), &mut findings);
            if is_claimed {
                court.prove(claim, row, own, &mut findings);
            } else {
                court.follow_up(claim, own, &mut findings);
            }
        }
        let of_claim = findings.get(before..).unwrap_or_default();
        let has = |standing| of_claim.iter().any(|own| own.standing == standing);
        let (refuted, open) = (has(Standing::Refuted), has(Standing::Open));
        let count = |is: bool, number: &mut u64| *number = number.saturating_add(u64::from(is));
        count(refuted, &mut audited.refuted);
        count(open, &mut audited.open);
        count(is_claimed, &mut audited.claimed);
        count(is_claimed && of_claim.is_empty(), &mut audited.proven);
    }
    if !evidence.incomplete {
        // Every row is told.
        let all = u64::try_from(evidence.rows.len()).unwrap_or(u64::MAX);
        let twice = evidence.alone && audited.payments < all && inputs.orders.len() > 1;
        if audited.payments != all && !twice {
            findings.push(Finding::refuted("", 0, "payments").values(audited.payments, all));
        }
        sums::entries(claims, &evidence, &shares, &mut findings);
    }
    sums::payments(claims, &mut findings);
    audited.entries = u64::try_from(claims.bank_entries.len()).unwrap_or(u64::MAX);
    findings.sort();
    findings.dedup();
    audited.findings = findings;
    audited
}

/// The dates of the run.
fn run(claims: &Claims, basis: &Basis, findings: &mut Vec<Finding>) {
    let run = &claims.run;
    let horizon = basis.late_until.unwrap_or_else(|| basis.calendar.next_after(run.due));
    if run.horizon != horizon {
        findings.push(Finding::refuted("", 0, "run.horizon").values(run.horizon, horizon));
    }
    if !matches!(run.crediting.as_str(), "same-day" | "next-day") {
        findings.push(Finding::refuted("", 0, "run.crediting").values(&run.crediting, "–"));
    }
}

/// Whether status and reason go together, and whether it is said to need a person.
fn verdict(claim: &claims::Payment, findings: &mut Vec<Finding>) {
    let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
    let known: &[&str] = match claim.status.as_str() {
        "credited" => &CREDITED,
        "delayed" => &DELAYED,
        "follow-up" => &FOLLOW_UP,
        _ => &[],
    };
    if !known.contains(&claim.reason.as_str()) {
        findings.push(about("reason").values(&claim.reason, &claim.status));
    }
    let needs_person = claim.status == "follow-up" && claim.resolution.is_none();
    if claim.needs_person != needs_person {
        findings.push(about("needs_person").values(claim.needs_person, needs_person));
    }
}
