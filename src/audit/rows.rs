//! Whether a payment is the row that it cites, field by field.

use std::collections::BTreeMap;

use crate::audit::claims;
use crate::audit::claims::Claims;
use crate::audit::claims::Source;
use crate::audit::evidence::Evidence;
use crate::audit::finding::Finding;
use crate::model::iban::Iban;
use crate::model::payment::Payment;
use crate::model::text::leaving;

/// What a masked account keeps of its number, made by who wrote the result.
pub type CheckOf = fn(&Iban) -> Option<String>;

/// A claim of a text and what stands in the row.
type Field<'a> = (&'static str, Option<&'a str>, Option<&'a str>);

/// The rows of all payments; no row is claimed twice.
pub(super) fn all<'e>(
    claims: &Claims,
    evidence: &'e Evidence<'_>,
    check_of: CheckOf,
    findings: &mut [Vec<Finding>],
) -> Vec<Option<&'e Payment>> {
    let mut taken: BTreeMap<(&str, u32), usize> = BTreeMap::new();
    let mut found = Vec::with_capacity(claims.payments.len());
    for (claim, findings) in claims.payments.iter().zip(findings) {
        let number = taken.entry((&claim.source.file, claim.source.line)).or_default();
        found.push(row(claim, evidence, *number, check_of, findings));
        *number = number.saturating_add(1);
    }
    found
}

/// Finds the row of a payment; what differs is refuted. `taken` counts the claims of the line so far, so
/// that no row is claimed twice.
fn row<'e>(
    claim: &claims::Payment,
    evidence: &'e Evidence<'_>,
    taken: usize,
    check_of: CheckOf,
    findings: &mut Vec<Finding>,
) -> Option<&'e Payment> {
    let Source { file, line } = &claim.source;
    let about = |name| Finding::refuted(file, *line, name);
    let place = match evidence.place(file, *line) {
        None => {
            findings.push(about("source.file").values(file, "–"));
            return None;
        }
        Some(Err(())) => {
            let amount = claim.amount.clone().unwrap_or_default();
            findings.push(about("payment").values(amount, "–").open());
            return None;
        }
        Some(Ok(place)) => place,
    };
    let rows = evidence.rows_at(place);
    let Some(row) = rows.get(taken) else {
        findings.push(about("source.line").values(line, rows.len()));
        return None;
    };
    let amount = row.amount.map(|amount| amount.to_string());
    let benefit = Some(row.benefit.name()).filter(|name| !name.is_empty());
    let fields: [Field<'_>; 10] = [
        ("case_id", claim.case_id.as_deref(), row.case_id.as_deref()),
        ("end_to_end_id", claim.end_to_end_id.as_deref(), row.end_to_end_id.as_deref()),
        ("benefit", claim.benefit.as_deref(), benefit),
        ("beneficiary", claim.beneficiary.as_deref(), row.beneficiary.as_deref()),
        ("payee", claim.payee.as_deref(), row.payee.as_deref()),
        ("office", claim.office.as_deref(), row.office.as_deref()),
        ("facility", claim.facility.as_deref(), row.facility.as_deref()),
        ("run", claim.run.as_deref(), row.run.as_deref()),
        ("amount", claim.amount.as_deref(), amount.as_deref()),
        ("currency", Some(&claim.currency), Some(row.currency.as_str())),
    ];
    for (name, said, is) in fields {
        if !is_said(said, is) {
            let is = is.map(|is| leaving(is, false));
            let (said, is) = (said.unwrap_or("null"), is.as_deref().unwrap_or("null"));
            findings.push(about(name).values(said, is));
        }
    }
    account(claim, row, check_of, findings);
    Some(row)
}

/// Whether a text of the result is that of the file, harmless, masked or in full.
pub(super) fn is_said(said: Option<&str>, is: Option<&str>) -> bool {
    match (said, is) {
        (None, None) => true,
        (Some(said), Some(is)) => {
            said == is || said == leaving(is, false) || said == leaving(is, true)
        }
        _ => false,
    }
}

/// Whether an account of the result is that of the file, masked or in full.
pub(super) fn is_account(said: Option<&str>, is: Option<&Iban>) -> bool {
    match (said, is) {
        (None, None) => true,
        (Some(said), Some(is)) => {
            said == is.masked()
                || said == leaving(&is.masked(), false)
                || said == leaving(is.reveal(), true)
        }
        _ => false,
    }
}

fn account(claim: &claims::Payment, row: &Payment, check_of: CheckOf, findings: &mut Vec<Finding>) {
    let about = |name| Finding::refuted(&claim.source.file, claim.source.line, name);
    let (said, is) = (claim.iban.as_deref(), row.iban.as_ref());
    if !is_account(said, is) {
        let is = is.map_or_else(|| "null".to_owned(), Iban::masked);
        findings.push(about("iban").values(said.unwrap_or("null"), is));
    }
    let in_full = is.is_some_and(|is| said == Some(is.reveal()) && is.reveal() != is.masked());
    let check = is.filter(|_| !in_full).and_then(check_of);
    if claim.account_check != check {
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "null".to_owned());
        findings.push(about("account_check").values(shown(&claim.account_check), shown(&check)));
    }
}

/// Whether a payment is due when it says: by its own row, else by the run.
pub(super) fn due(
    claim: &claims::Payment,
    row: &Payment,
    run: &claims::Run,
    findings: &mut Vec<Finding>,
) {
    let due = row.due.filter(|_| run.options.due.is_none()).unwrap_or(run.due);
    if claim.due != due {
        findings.push(
            Finding::refuted(&claim.source.file, claim.source.line, "due").values(claim.due, due),
        );
    }
}
