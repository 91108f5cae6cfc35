//! A decision as the verdict that reports show.

use std::sync::Arc;

use crate::matching::cited::EntryGroup;
use crate::matching::few::Few;
use crate::matching::findings::Found;
use crate::verdict::acting::actor;
use crate::verdict::acting::why;
use crate::verdict::decide::Case;
use crate::verdict::decide::Decision;
use crate::verdict::outcome::CitedEntry;
use crate::verdict::outcome::Verdict;
use crate::verdict::trace::Trail;

/// Puts a decision, the entries it rests on and its trail together.
pub(crate) fn opinion(
    case: &Case<'_>,
    decision: &Decision,
    entries: Vec<CitedEntry>,
    trail: Trail,
) -> Verdict {
    let (reason_code, reason_text) = why(case, decision.reason);
    let due = case.owed.dates.due;
    Verdict {
        status: decision.reason.status(),
        reason: decision.reason,
        how: decision.how,
        evidence: decision.evidence,
        rule: decision.rule,
        due,
        booked_on: decision.booked_on,
        credited_on: decision.credited_on,
        latest_credit: decision.latest_credit,
        guaranteed: decision.latest_credit.is_some_and(|day| day <= due),
        credited_amount: decision.credited_amount,
        actor: actor(case, decision.reason, reason_code.as_deref()),
        reason_code,
        reason_text,
        recall_answer: case.said.answer.as_ref().map(|(answer, _)| *answer),
        entries,
        groups: groups(case.found),
        trail,
    }
}

/// Large groups that a payment cites, or that announce it.
fn groups(found: &Found) -> Few<Arc<EntryGroup>> {
    let mut groups = Few::default();
    groups.extend(found.cited.groups().iter().chain(found.pending.groups()).cloned());
    groups
}
