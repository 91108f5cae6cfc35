//! Which payment a query means, among the rows of lists that were just read.

use std::collections::BTreeMap;

use crate::cli::error::Failure;
use crate::cli::month::is_place;
use crate::matching::owed::Owed;
use crate::model::language::Language;
use crate::model::payment::Payment;
use crate::model::reading::FileRecord;
use crate::model::text::leaving;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::search;
use crate::reports::lookup::search::Query;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) query: &'a str,
    pub(super) amount: Option<&'a str>,
    pub(super) row: Option<&'a str>,
}

/// Where a row stands, as reports name it.
fn place(row: &Payment, files: &[FileRecord]) -> (String, u32) {
    let number = usize::try_from(row.place.file.0).unwrap_or(usize::MAX);
    let shown = files.get(number).map(|file| file.shown(row.place.line));
    shown.map_or_else(|| (String::new(), row.place.line), |(path, line)| (path.into_owned(), line))
}

/// The number of the one payment that is meant.
///
/// # Errors
///
/// Nobody, or several: they are listed.
pub(super) fn one(
    owed: &[Owed<'_>],
    files: &[FileRecord],
    asked: Asked<'_>,
    language: Language,
) -> Result<usize, Failure> {
    let mut found = found(owed, asked).ok_or_else(|| Failure::of_amount(language))?;
    if let Some(asked) = asked.row {
        found.retain(|number| {
            owed.get(*number).is_some_and(|owed| {
                let (path, line) = place(owed.payment, files);
                is_place(asked, &path, line) || is_place(asked, &leaving(&path, false), line)
            })
        });
    }
    match found.as_slice() {
        [] => Err(Failure::Usage(
            language.pick("Keine Zahlung gefunden.", "No payment found.").to_owned(),
        )),
        [only] => Ok(*only),
        several => {
            let head = language.pick(
                "Mehrere Zahlungen passen; mit --amount oder --row DATEI:ZEILE eingrenzen:",
                "several payments fit; narrow it by --amount or --row FILE:LINE:",
            );
            let rows = several.iter().filter_map(|number| owed.get(*number));
            let lines = rows.map(|owed| shown(owed.payment, files));
            let lines: Vec<String> = std::iter::once(head.to_owned()).chain(lines).collect();
            Err(Failure::Usage(lines.join("\n")))
        }
    }
}

/// A row in one line.
fn shown(row: &Payment, files: &[FileRecord]) -> String {
    let own = |text: Option<&str>| leaving(text.unwrap_or("-"), false);
    let name = row.beneficiary.as_deref().or(row.payee.as_deref());
    let amount = row.amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string());
    let (path, line) = place(row, files);
    let path = leaving(&path, false);
    format!("  {} {} {amount} € {path}:{line}", own(row.case_id.as_deref()), own(name))
}

/// All payments that a query means; a whole end-to-end id means its own rows. `None` if the amount is none.
fn found(owed: &[Owed<'_>], asked: Asked<'_>) -> Option<Vec<usize>> {
    let query = Query::new(asked.query, asked.amount)?;
    let saved: Vec<SavedPayment> = owed
        .iter()
        .map(|owed| {
            let row = owed.payment;
            SavedPayment {
                case_id: row.case_id.clone(),
                end_to_end_id: row.end_to_end_id.clone(),
                beneficiary: row.beneficiary.clone(),
                payee: row.payee.clone(),
                iban: row.iban.as_ref().map(|iban| iban.reveal().to_owned()),
                amount: row.amount.map(|amount| amount.to_string()),
                ..SavedPayment::default()
            }
        })
        .collect();
    let fits = |own: &SavedPayment| query.has_amount_of(own);
    let by_id: Vec<usize> = saved
        .iter()
        .enumerate()
        .filter(|(_, own)| own.end_to_end_id.as_deref() == Some(asked.query.trim()) && fits(own))
        .map(|(number, _)| number)
        .collect();
    if !by_id.is_empty() {
        return Some(by_id);
    }
    // A search gives the payments themselves: where one stands is its number.
    let numbers: BTreeMap<*const SavedPayment, usize> =
        saved.iter().enumerate().map(|(number, own)| (std::ptr::from_ref(own), number)).collect();
    let persons = search::find(&saved, &query);
    let payments = persons.into_iter().flat_map(|person| person.payments);
    let payments = payments.filter(|own| fits(own));
    Some(payments.filter_map(|own| numbers.get(&std::ptr::from_ref(own)).copied()).collect())
}
