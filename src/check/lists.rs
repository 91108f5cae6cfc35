//! What a list shows by itself: rows that stand there twice, accounts that cannot be right.

use std::collections::BTreeMap;

use crate::check::finding::Files;
use crate::check::finding::Finding;
use crate::check::finding::Value;
use crate::check::kind::Kind;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// Finds it; rows of orders that stand `alone` have no other channel and no block.
pub(super) fn findings(
    owed: &[Owed<'_>],
    files: Files<'_>,
    alone: bool,
    findings: &mut Vec<Finding>,
) {
    let mut rows: BTreeMap<_, Vec<&Owed<'_>>> = BTreeMap::new();
    for own in owed.iter().filter(|own| own.part == Part::Full) {
        if let Some(key) = key(own) {
            rows.entry(key).or_default().push(own);
        }
    }
    for twice in rows.values() {
        let Some((first, more)) = twice.split_first() else { continue };
        let first = files.spot(first.payment.place);
        for own in more {
            let at = first.clone().map_or(Value::None, Value::At);
            findings.push(
                Finding::of_row(Kind::RowTwice, own.payment, files)
                    .values(at, Value::None)
                    .against(first.clone()),
            );
        }
    }
    for own in owed {
        let row = own.payment;
        if own.part != Part::Full {
            continue;
        }
        match &row.iban {
            Some(iban) if !iban.is_valid() => findings.push(
                Finding::of_row(Kind::AccountInvalid, row, files)
                    .values(Value::Account(iban.clone()), Value::None),
            ),
            // A list may leave the account to the order.
            None if alone || own.ordered.is_none() => {
                findings.push(Finding::of_row(Kind::AccountMissing, row, files));
            }
            _ => {}
        }
    }
}

/// What makes two rows one payment told twice: all that names it agrees. Rows of one case that differ in
/// account, amount, day, id or text are several payments.
fn key<'a>(own: &Owed<'a>) -> Option<impl Ord + use<'a>> {
    let row = own.payment;
    let named = |text: &Option<String>| {
        text.as_deref().filter(|text| !is_placeholder(text)).map(reference_key)
    };
    let (case, id) = (named(&row.case_id), named(&row.end_to_end_id));
    if case.is_none() && id.is_none() {
        return None;
    }
    let texts = (row.beneficiary.as_deref(), row.remittance.as_deref());
    let kind = (row.benefit.name(), row.run.as_deref(), row.due);
    Some((case, id, own.amount, row.iban.as_ref(), kind, texts))
}
