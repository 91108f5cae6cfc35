//! Elements of a booking that stand twice and say different things: nobody can tell which counts.

use crate::model::statement::Doubt;
use crate::readers::iso20022::tree::Node;

/// Elements of a booking that stand once, and what is in doubt where two differ.
const OF_BOOKING: [(&str, Doubt); 5] = [
    ("Amt", Doubt::Amounts),
    ("CdtDbtInd", Doubt::Amounts),
    ("RvslInd", Doubt::Amounts),
    ("BookgDt", Doubt::Days),
    ("ValDt", Doubt::Days),
];

/// The same of a transfer.
const OF_TRANSFER: [(&str, Doubt); 2] = [("Amt", Doubt::Amounts), ("CdtDbtInd", Doubt::Amounts)];

/// The same of what stands in elements of a transfer, which may stand several times themselves.
const INSIDE: [(&str, &str, Doubt); 4] = [
    ("Refs", "EndToEndId", Doubt::References),
    ("RltdPties", "CdtrAcct", Doubt::Accounts),
    ("AmtDtls", "TxAmt", Doubt::Amounts),
    ("AmtDtls", "InstdAmt", Doubt::Amounts),
];

/// What is in doubt, if a booking or one of its transfers says two things.
pub(super) fn said(node: Node<'_>) -> Option<Doubt> {
    let of = |node: Node<'_>, names: &[(&str, Doubt)]| {
        names.iter().find(|(name, _)| node.says_two_things(name)).map(|(_, doubt)| *doubt)
    };
    of(node, &OF_BOOKING).or_else(|| {
        let mut transfers = node.all("NtryDtls").flat_map(|details| details.all("TxDtls"));
        transfers.find_map(|transfer| {
            let inside = || {
                let mut all = INSIDE.iter();
                all.find(|(parent, name, _)| {
                    transfer.all(parent).any(|own| own.says_two_things(name))
                        || (*name == "CdtrAcct" && transfer.says_two_things(parent))
                })
            };
            of(transfer, &OF_TRANSFER).or_else(|| inside().map(|(_, _, doubt)| *doubt))
        })
    })
}

/// Whether a booking states two states: two elements, or a code and another word beside it.
pub(super) fn states(node: Node<'_>) -> bool {
    let within = |status: Node<'_>| {
        let mut texts = status.children().filter_map(Node::peek);
        let Some(first) = texts.next() else { return false };
        texts.any(|other| !other.eq_ignore_ascii_case(first))
    };
    node.says_two_things("Sts") || node.child("Sts").is_some_and(within)
}
