//! A second pair of eyes: every claim of a saved result is looked up in the files again and proven or
//! refuted. Shares no code with [`crate::matching`] and [`crate::verdict`], on purpose: what both get wrong
//! alike nobody would see.

mod against;
mod backing;
pub mod calendar;
mod cited;
pub mod claims;
mod collective;
mod dates;
mod days;
mod evidence;
pub mod finding;
mod follow_up;
mod proof;
mod rows;
mod said;
mod second;
mod shares;
mod sums;
mod terms;
mod texts;
mod transfers;
pub mod words;

use chrono::NaiveDate;

use crate::audit::backing::Backing;
use crate::audit::calendar::BankingDays;
use crate::audit::cited::Citations;
use crate::audit::claims::Claims;
use crate::audit::days::Days;
use crate::audit::evidence::Evidence;
use crate::audit::finding::Finding;
use crate::audit::finding::Standing;
use crate::audit::proof::Proof;
use crate::audit::said::Said;
use crate::audit::shares::Shares;
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
    pub calendar: BankingDays,
    /// SHA-256 of the configuration at hand.
    pub config_sha256: Option<String>,
    /// The days that it names as closed.
    pub closed: Vec<NaiveDate>,
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
    /// Adds what was found elsewhere.
    pub fn add(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
        self.findings.sort();
        self.findings.dedup();
    }

    fn count(&mut self, claim: &claims::Payment, found: &[Finding]) {
        let has = |standing| found.iter().any(|own| own.standing == standing);
        let is_claimed = claim.status != "follow-up";
        let count = |is: bool, number: &mut u64| *number = number.saturating_add(u64::from(is));
        count(true, &mut self.payments);
        count(is_claimed, &mut self.claimed);
        count(is_claimed && found.is_empty(), &mut self.proven);
        count(has(Standing::Refuted), &mut self.refuted);
        count(has(Standing::Open), &mut self.open);
    }

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
    terms::hold(&claims.run, &evidence, basis, &mut findings);
    let mut of_payments: Vec<Vec<Finding>> = Vec::new();
    of_payments.resize_with(claims.payments.len(), Vec::new);
    let rows = rows::all(claims, &evidence, basis.check_of, &mut of_payments);
    let citations = Citations::new(claims, &rows, &evidence, &mut of_payments);
    let shares = Shares::new(claims, &rows, citations, &evidence);
    let backing = Backing::new(&evidence);
    let proof = Proof {
        evidence: &evidence,
        backing: &backing,
        days: &days,
        said: &said,
        shares: &shares,
        run: &claims.run,
        calendar: &basis.calendar,
    };
    let mut audited = Audited::default();
    for (number, claim) in claims.payments.iter().enumerate() {
        let Some(found) = of_payments.get_mut(number) else { continue };
        verdict(claim, found);
        let row = rows.get(number).copied().flatten();
        if let (Some(row), Some(cited)) = (row, shares.citations.of(number)) {
            rows::due(claim, row, &claims.run, found);
            proof.hold(claim, row, cited, found);
        }
        if evidence.incomplete {
            // What a file does not hold may stand in one that is missing.
            found.iter_mut().filter(|own| !own.stands_alone()).for_each(Finding::leave_open);
        }
        audited.count(claim, found);
    }
    findings.extend(of_payments.into_iter().flatten());
    if !evidence.incomplete {
        sums::rows(claims, &evidence, &mut findings);
        sums::entries(claims, &evidence, &shares, &mut findings);
    }
    sums::payments(claims, &mut findings);
    if evidence.incomplete {
        findings.iter_mut().filter(|own| !own.stands_alone()).for_each(Finding::leave_open);
    }
    audited.entries = u64::try_from(claims.bank_entries.len()).unwrap_or(u64::MAX);
    audited.add(findings);
    audited
}

/// Whether status and reason go together, and who has to act.
fn verdict(claim: &claims::Payment, findings: &mut Vec<Finding>) {
    const ACTORS: [&str; 4] = ["social-office", "county", "treasury", "bank"];
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
    if claim.status == "follow-up" {
        let actor = claim.actor.as_deref().unwrap_or("null");
        if !ACTORS.contains(&actor) {
            findings.push(about("actor").values(actor, ACTORS.join(" / ")));
        }
        if claim.action.is_none() {
            findings.push(about("action").values("null", "–"));
        }
    }
    let is_decided = claim.resolution.as_ref().is_some_and(|own| !own.lapsed);
    let needs_person = claim.status == "follow-up" && !is_decided;
    if let Some(said) = claim.needs_person.filter(|said| *said != needs_person) {
        findings.push(about("needs_person").values(said, needs_person));
    }
}
