//! Rows that stand in two lists.

use std::collections::BTreeMap;

use crate::matching::findings::Findings;
use crate::matching::findings::Flag;
use crate::matching::findings::Note;
use crate::matching::lookup::Lookup;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;

/// Rows that stand in two lists with the same id, amount and account: nobody can say whether both
/// are owed.
pub(crate) fn flag(owed: &[Owed<'_>], findings: &mut Findings, problems: &mut Vec<Problem>) {
    // Most rows are alone under their key.
    let keys = owed.iter().enumerate().filter_map(|(number, own)| Some((row_key(own)?, number)));
    let mut rows: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for number in Lookup::new(keys).in_common(2) {
        if let Some(key) = owed.get(number).and_then(row_key) {
            rows.entry(key).or_default().push(number);
        }
    }
    for numbers in rows.into_values().filter(|numbers| numbers.len() > 1) {
        let place = |number: usize| owed.get(number).map(|owed| owed.payment.place);
        let mut places = numbers.iter().filter_map(|number| place(*number));
        let first = places.next();
        let elsewhere = places.find(|other| first.is_some_and(|first| first.file != other.file));
        for number in &numbers {
            let own = place(*number);
            // Inside one list equal rows are two payments (twins); across lists they are one row
            // told twice, or two.
            let is_other = |other: &Place| own.is_some_and(|own| own.file != other.file);
            let other = first.filter(is_other).or(elsewhere);
            let (Some(own), Some(other)) = (own, other) else { continue };
            if let Some(found) = findings.payments.get_mut(*number) {
                found.flag(Flag::Ambiguous);
                found.notes.push(Note::Repeated(other));
            }
            problems.push(
                Problem::new(ProblemCode::RowRepeated, own)
                    .field("end_to_end_id")
                    .value(other.line.to_string()),
            );
        }
    }
}

/// What names a row's payment, with its amount and account.
fn row_key<'a>(owed: &'a Owed<'a>) -> Option<(bool, &'a str, Amount, Option<&'a Iban>)> {
    if owed.part == Part::None || owed.amount == Amount::ZERO {
        return None;
    }
    let id = owed.end_to_end_key.as_deref().map(|key| (true, key));
    let case = owed.case_key.as_deref().map(|key| (false, key));
    let (is_id, key) = id.or(case)?;
    Some((is_id, key, owed.amount, owed.iban()))
}
