//! A report without persons, for the press or an auditor.

use std::collections::BTreeMap;

use crate::verdict::result::Outcome;

/// Groups smaller than this could name somebody.
const SMALLEST: usize = 5;

/// Takes out names, case numbers, account numbers, ids and texts; rows of small groups (same benefit,
/// status and reason) are not shown at all. Totals stay as they are.
pub fn redact(outcome: &mut Outcome) {
    let mut groups: BTreeMap<_, usize> = BTreeMap::new();
    for judged in &outcome.payments {
        let verdict = &judged.verdict;
        let key = (judged.payment.benefit.clone(), verdict.status, verdict.reason);
        let count = groups.entry(key).or_default();
        *count = count.saturating_add(1);
    }
    outcome.payments.retain(|judged| {
        let verdict = &judged.verdict;
        let key = (judged.payment.benefit.clone(), verdict.status, verdict.reason);
        groups.get(&key).is_some_and(|count| *count >= SMALLEST)
    });
    for judged in &mut outcome.payments {
        let row = &mut judged.payment;
        for text in [
            &mut row.case_id,
            &mut row.beneficiary,
            &mut row.payee,
            &mut row.end_to_end_id,
            &mut judged.verdict.reason_text,
        ] {
            *text = None;
        }
        row.iban = None;
        (row.remittance, row.list_status, row.note) = (None, None, None);
        // Sentences of the trail quote receipts, accounts and dates of single cases.
        judged.verdict.trail.clear();
    }
    for entry in &mut outcome.bank_entries {
        for text in [&mut entry.counterparty, &mut entry.end_to_end_id, &mut entry.remittance] {
            *text = None;
        }
        entry.counterparty_iban = None;
    }
    for problem in &mut outcome.problems {
        problem.value = None;
    }
}
