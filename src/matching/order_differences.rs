//! What differs between a row of a list and what was ordered for it.

use chrono::NaiveDate;

use crate::matching::owed::Owed;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::order::OrderBatch;
use crate::model::order::OrderedTransfer;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;

/// Everything that differs; the transfer that stands for the row comes first.
pub(super) fn of_payment(
    payment: &Owed<'_>,
    ordered: &[(&OrderedTransfer, &OrderBatch)],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let place = payment.payment.place;
    let amount = |one: &OrderedTransfer| one.amount.unwrap_or(Amount::ZERO);
    let sum: Amount = ordered.iter().map(|(one, _)| amount(one)).sum();
    if sum != payment.amount {
        for (one, _) in ordered.iter().skip(1) {
            problems.push(
                Problem::new(ProblemCode::OrderedTwice, one.place).value(amount(one).to_string()),
            );
        }
        let first = ordered.first().map(|(first, _)| amount(first));
        if let Some(first) = first.filter(|first| *first != payment.amount) {
            problems.push(
                Problem::new(ProblemCode::OrderAmountDiffers, place)
                    .value(first.to_string())
                    .expected(payment.amount.to_string()),
            );
        }
    }
    // The others before the one that stands for the row.
    for (one, batch) in ordered.iter().skip(1).chain(ordered.first()) {
        problems.extend(account_differs(payment, one));
        problems.extend(date_late(payment, batch.execution_date));
    }
    problems
}

fn account_differs(payment: &Owed<'_>, transfer: &OrderedTransfer) -> Option<Problem> {
    if payment.account_allows(transfer.iban.as_ref()) {
        return None;
    }
    let masked = |iban: Option<&Iban>| iban.map(Iban::masked).unwrap_or_default();
    Some(
        Problem::new(ProblemCode::OrderAccountDiffers, payment.payment.place)
            .value(masked(transfer.iban.as_ref()))
            .expected(masked(payment.iban())),
    )
}

fn date_late(payment: &Owed<'_>, day: Option<NaiveDate>) -> Option<Problem> {
    let day = day.filter(|day| *day > payment.dates.due)?;
    Some(
        Problem::new(ProblemCode::OrderDateLate, payment.payment.place)
            .value(day.to_string())
            .expected(payment.dates.due.to_string()),
    )
}
