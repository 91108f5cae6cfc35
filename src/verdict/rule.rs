//! Which rule decided a verdict.

use crate::matching::findings::Found;
use crate::matching::findings::Link;
use crate::matching::messages::said::Said;
use crate::matching::owed::Owed;
use crate::verdict::channel::is_other_channel;
use crate::verdict::outcome::Rule;
use crate::verdict::reason::Reason;
use crate::verdict::status::Status;

/// The rule that decided, if one rule did.
pub(crate) fn rule(owed: &Owed<'_>, found: &Found, said: &Said, reason: Reason) -> Option<Rule> {
    match reason {
        Reason::RowUnreadable
        | Reason::NothingDue
        | Reason::OtherChannel
        | Reason::ReceiptMissing
        | Reason::Stopped
        | Reason::AccountInvalid => return Some(Rule::List),
        Reason::NotFound | Reason::BankDataMissing | Reason::NotBookedByDue => {
            return Some(Rule::Coverage);
        }
        Reason::Rejected => return Some(Rule::StatusReport),
        Reason::Recalled => return Some(Rule::StatusReport),
        Reason::WeakMatch => return Some(Rule::NameAndAmount),
        Reason::BatchDiffers => return Some(Rule::Batch),
        Reason::SumDiffers => return Some(Rule::Merged),
        Reason::Pending if found.pending.is_empty() => return Some(Rule::StatusReport),
        Reason::Confirmed if found.claims.is_empty() => {
            let by_payee = said.confirmed.is_some();
            return Some(if by_payee { Rule::Confirmation } else { Rule::StatusReport });
        }
        _ => {}
    }
    let link = found.claims.last().map(|claim| claim.link);
    let link = link.or_else(|| found.returned.first().map(|returned| returned.link));
    if let Some(link) = link {
        return Some(match link {
            Link::EndToEndId => Rule::EndToEndId,
            Link::Reference => Rule::Reference,
            Link::IbanAndAmount => Rule::IbanAndAmount,
            Link::NameAndAmount => Rule::NameAndAmount,
            Link::Split => Rule::Split,
            Link::Merged => Rule::Merged,
            Link::Batch => Rule::Batch,
        });
    }
    if is_other_channel(owed.payment) && reason.status() != Status::FollowUp {
        return Some(Rule::List);
    }
    if said.confirmed.is_some() {
        return Some(Rule::Confirmation);
    }
    None
}
