//! Finding payments of a kept result, as `lookup` finds them.

use std::collections::BTreeMap;

use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::search;
use crate::reports::lookup::search::Query;
use crate::store::identity::Identity;
use crate::store::row::Row;
use crate::store::row::occurrences;

/// Rows by person: all rows that a query means. A whole end-to-end id means its own rows.
pub fn persons(rows: &[Row], text: &str, amount: Option<&str>) -> Option<Vec<Vec<usize>>> {
    let query = Query::new(text, amount)?;
    let by_id: Vec<usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.end_to_end_id.as_deref() == Some(text.trim()))
        .filter(|(number, _)| fits(rows, *number, amount))
        .map(|(number, _)| number)
        .collect();
    if !by_id.is_empty() {
        return Some(vec![by_id]);
    }
    let own = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    let saved: Vec<SavedPayment> = rows
        .iter()
        .map(|row| SavedPayment {
            case_id: own(&row.case_id),
            beneficiary: own(&row.beneficiary),
            payee: own(&row.payee),
            iban: own(&row.iban),
            account_check: own(&row.account_check),
            amount: own(&row.amount),
            ..SavedPayment::default()
        })
        .collect();
    // A search gives the payments themselves: where one stands is its number.
    let numbers: BTreeMap<*const SavedPayment, usize> =
        saved.iter().enumerate().map(|(number, own)| (std::ptr::from_ref(own), number)).collect();
    let persons = search::find(&saved, &query).into_iter().map(|person| {
        let of = |payment: &&SavedPayment| numbers.get(&std::ptr::from_ref(*payment)).copied();
        let numbers = person.payments.iter().filter_map(of);
        numbers.filter(|number| fits(rows, *number, amount)).collect()
    });
    Some(persons.collect())
}

/// Whether a row has the amount that is asked for, if one is.
fn fits(rows: &[Row], number: usize, amount: Option<&str>) -> bool {
    let own = rows.get(number).and_then(|row| row.amount.as_deref());
    amount.is_none_or(|wanted| iso(wanted).as_deref() == own)
}

/// An amount as results have it.
fn iso(text: &str) -> Option<String> {
    let mark = if text.contains(',') { DecimalMark::Comma } else { DecimalMark::Point };
    Amount::parse(text, mark).ok().map(|amount| amount.to_string())
}

/// The identity of a row among all rows of its result.
pub fn identity(rows: &[Row], number: usize) -> Option<Identity> {
    let mut identity = rows.get(number)?.identity();
    identity.occurrence = occurrences(rows).get(number).copied().unwrap_or_default();
    Some(identity)
}
