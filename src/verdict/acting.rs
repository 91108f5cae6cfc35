//! Who acts on a follow-up, and what the bank says about it.

use crate::model::payment::Benefit;
use crate::model::reason_code::CodeActor;
use crate::model::reason_code::ReasonCode;
use crate::verdict::decide::Case;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;

/// The bank's reason code and words, for returns, rejects and recalls.
pub(crate) fn why(case: &Case<'_>, reason: Reason) -> (Option<String>, Option<String>) {
    let said = match reason {
        Reason::Rejected => case.said.rejected.as_ref(),
        Reason::Recalled => case.said.recalled.as_ref(),
        Reason::Returned => {
            let last = case.found.returned.iter().max_by_key(|returned| returned.day);
            return last.map_or((None, None), |last| (last.code.clone(), last.text.clone()));
        }
        _ => None,
    };
    said.map_or((None, None), |said| (said.code.clone(), said.text.clone()))
}

/// Who acts: the table's actor, the code's where it says more; the county instead of the social
/// office for care assistance and homes.
pub(crate) fn actor(case: &Case<'_>, reason: Reason, code: Option<&str>) -> Option<Actor> {
    let usual = reason.text().actor?;
    let by_code = code.and_then(ReasonCode::find).map(|code| match code.actor {
        CodeActor::Office => Actor::SocialOffice,
        CodeActor::Treasury => Actor::Treasury,
        CodeActor::Bank => Actor::Bank,
    });
    let actor = by_code.unwrap_or(usual);
    let of_county =
        matches!(case.owed.payment.benefit, Benefit::CareAssistance | Benefit::CareHome);
    Some(if actor == Actor::SocialOffice && of_county { Actor::County } else { actor })
}
