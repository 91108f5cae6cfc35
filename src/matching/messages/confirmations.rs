//! What the payee's side confirms.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::messages::addresses::Addresses;
use crate::matching::messages::said::Said;
use crate::matching::months::named_months;
use crate::matching::owed::Owed;
use crate::model::date::Month;
use crate::model::place::FileId;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::status::Confirmation;
use crate::model::text::fold_name;
use crate::model::text::is_placeholder;

/// What makes two rows of two files one confirmation: id, case, account, name, amount, day.
type Content =
    (Option<String>, Option<String>, Option<String>, Option<String>, i64, (NaiveDate, bool));

/// Each confirmation once, however many files tell it; what one file has twice is two.
fn told_once(confirmations: &[Confirmation]) -> Vec<&Confirmation> {
    let mut told: BTreeMap<Content, BTreeMap<FileId, Vec<&Confirmation>>> = BTreeMap::new();
    for one in confirmations {
        let content = (
            one.end_to_end_id.clone(),
            one.case_id.clone(),
            one.iban.as_ref().map(|iban| iban.reveal().to_owned()),
            one.name.as_deref().map(fold_name),
            one.amount.cents(),
            (one.credited_on, one.denied),
        );
        told.entry(content).or_default().entry(one.place.file).or_default().push(one);
    }
    let fullest = told.into_values().filter_map(|mut files| {
        let (file, _) = files.iter().max_by_key(|(_, rows)| rows.len())?;
        let file = *file;
        files.remove(&file)
    });
    fullest.flatten().collect()
}

/// A confirmation speaks for a payment only if exactly one fits its keys and amount; equal ones by
/// count. Of several for one payment the last credit day counts.
pub(super) fn read(
    confirmations: &[Confirmation],
    addresses: &Addresses<'_>,
    payments: &mut [Said],
    problems: &mut Vec<Problem>,
) {
    let mut groups: BTreeMap<Vec<usize>, Vec<&Confirmation>> = BTreeMap::new();
    for confirmation in told_once(confirmations) {
        let fitting = meant(confirmation, addresses, problems);
        if confirmation.denied {
            // Of what is denied in one place no other row is proof.
            for payment in fitting {
                if let Some(said) = payments.get_mut(payment) {
                    said.leave_undecided(confirmation.place);
                }
            }
        } else if !fitting.is_empty() {
            groups.entry(fitting).or_default().push(confirmation);
        }
    }
    for (meant, confirmations) in groups {
        let mut days: Vec<_> = confirmations.iter().map(|c| (c.credited_on, c.place)).collect();
        days.sort_unstable();
        let distinct: BTreeSet<NaiveDate> = days.iter().map(|(day, _)| *day).collect();
        let one_payment = meant.len() == 1;
        if !(one_payment || (days.len() >= meant.len() && distinct.len() == 1)) {
            continue;
        }
        let Some(last) = days.last().copied() else { continue };
        for payment in meant {
            if let Some(said) = payments.get_mut(payment) {
                let earlier = said.confirmed.is_none_or(|known| known < last);
                said.confirmed = if earlier { Some(last) } else { said.confirmed };
            }
        }
    }
}

/// The payments that a confirmation may mean.
fn meant(
    confirmation: &Confirmation,
    addresses: &Addresses<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<usize> {
    let day = confirmation.credited_on;
    let iban = confirmation.iban.as_ref();
    let kept = |payments: Vec<usize>, test: &dyn Fn(&Owed<'_>) -> bool| -> Vec<usize> {
        let fits = |payment: &usize| addresses.owed.get(*payment).is_some_and(test);
        payments.into_iter().filter(fits).collect()
    };
    let id = confirmation.end_to_end_id.as_deref().filter(|id| !is_placeholder(id));
    let case = confirmation.case_id.as_deref().filter(|id| !is_placeholder(id));
    let (bearing, own_id) = match (id, case, iban) {
        (Some(id), _, _) => (addresses.with_id(id), true),
        (None, Some(case), _) => (addresses.of_case(case), false),
        (None, None, Some(iban)) => (addresses.to_account(iban, confirmation.amount), false),
        (None, None, None) => return Vec::new(),
    };
    // Under the payment's own id a late credit counts too; an id for all months may be the next's.
    let in_time = kept(bearing, &|owed| {
        if own_id && !owed.id_is_constant() { owed.window_holds(day) } else { owed.run_holds(day) }
    });
    let found = kept(in_time.clone(), &|owed| {
        owed.amount == confirmation.amount && owed.account_allows(iban)
    });
    let text = confirmation.remittance.as_deref();
    let by_case = case.map(|case| addresses.of_case(case)).unwrap_or_default();
    // Case number and text that name somebody else, a name that is another payee's, another month: a
    // confirmation that says two things proves neither.
    let is_other = [by_case, addresses.named_by(text)]
        .iter()
        .any(|named| !named.is_empty() && !found.iter().any(|payment| named.contains(payment)));
    let is_denied = found.iter().filter_map(|payment| addresses.owed.get(*payment)).any(|owed| {
        let months = text.map(named_months).unwrap_or_default();
        let due = Month::of(owed.dates.due);
        let other_month = !months.is_empty()
            && !months.iter().any(|named| named.may_be(due) || named.may_be(due.next()));
        let other_name = confirmation
            .name
            .as_deref()
            .is_some_and(|name| addresses.is_name_of_another(owed, name));
        other_month || other_name
    });
    if is_other || is_denied {
        problems.push(
            Problem::new(ProblemCode::ConfirmationDenied, confirmation.place)
                .field("case_id, name"),
        );
        return Vec::new();
    }
    if let ([], [payment]) = (found.as_slice(), in_time.as_slice()) {
        if let Some(owed) = addresses.owed.get(*payment) {
            problems.push(
                Problem::new(ProblemCode::ConfirmationContradicts, confirmation.place)
                    .value(confirmation.amount.to_string())
                    .expected(owed.amount.to_string()),
            );
        }
    }
    found
}
