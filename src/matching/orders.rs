//! Order files: alone they are the list; beside a list they link its rows to the bank, and every
//! difference is a finding before the bank is asked.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::matching::groups::Count;
use crate::matching::groups::count;
use crate::matching::groups::groups;
use crate::matching::owed::OrderLink;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::order::OrderBatch;
use crate::model::order::OrderFile;
use crate::model::order::OrderedTransfer;
use crate::model::payment::CommonOfRows;
use crate::model::payment::Payment;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::shared::Shared;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// The payments of orders that stand alone.
pub fn payments(orders: &[OrderFile]) -> Vec<Payment> {
    let mut payments = Vec::new();
    for (_, batch, transfer) in transfers(orders) {
        let known = |id: &Option<String>| id.clone().filter(|id| !is_placeholder(id));
        payments.push(Payment {
            place: transfer.place,
            beneficiary: transfer.ultimate_payee.clone().or_else(|| transfer.payee.clone()),
            payee: transfer.payee.clone(),
            iban: transfer.iban.clone(),
            amount: transfer.amount,
            currency: transfer.currency,
            due: batch.execution_date,
            end_to_end_id: known(&transfer.end_to_end_id),
            common: Shared::new(CommonOfRows {
                remittance: transfer.remittance.clone(),
                run: batch.payment_info_id.clone(),
                payer_account: batch.payer_account.clone(),
                unreadable: match transfer.amount {
                    Some(_) => None,
                    None => Some(ProblemCode::AmountNotANumber),
                },
                ..CommonOfRows::default()
            }),
            ..Payment::default()
        });
    }
    payments
}

/// All ordered transfers with their numbers.
pub fn transfers(
    orders: &[OrderFile],
) -> impl Iterator<Item = (OrderLink, &OrderBatch, &OrderedTransfer)> {
    orders.iter().enumerate().flat_map(|(order_number, order)| {
        order.batches.iter().enumerate().flat_map(move |(batch_number, batch)| {
            batch.transfers.iter().enumerate().map(move |(transfer_number, transfer)| {
                let link = OrderLink {
                    order: order_number,
                    batch: batch_number,
                    transfer: transfer_number,
                };
                (link, batch, transfer)
            })
        })
    })
}

/// Links every row to the order that stands for it: the orders are the payments themselves.
pub fn link_own(owed: &mut [Owed<'_>], orders: &[OrderFile]) {
    for (payment, (link, _, _)) in owed.iter_mut().zip(transfers(orders)) {
        payment.ordered = Some(link);
    }
}

/// Links list rows to ordered transfers, and tells every difference.
pub fn link_lists(owed: &mut [Owed<'_>], orders: &[OrderFile]) -> Vec<Problem> {
    let all: Vec<_> = transfers(orders).collect();
    let mut taken = vec![false; all.len()];
    let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut by_account: BTreeMap<(Iban, Amount), Vec<usize>> = BTreeMap::new();
    for (number, (_, _, transfer)) in all.iter().enumerate() {
        if let Some(id) = transfer.end_to_end_id.as_deref().filter(|id| !is_placeholder(id)) {
            by_id.entry(reference_key(id)).or_default().push(number);
        }
        if let (Some(iban), Some(amount)) = (&transfer.iban, transfer.amount) {
            by_account.entry((iban.clone(), amount)).or_default().push(number);
        }
    }
    let transfer_of = |number: usize| all.get(number).map(|(_, _, transfer)| *transfer);
    // By id, amount and account; then by id alone; then by account and amount, by count.
    for step in [Step::Whole, Step::IdOnly, Step::Account] {
        let mut pairs = Vec::new();
        for (number, payment) in owed.iter().enumerate() {
            if payment.part == Part::None || payment.ordered.is_some() {
                continue;
            }
            let named = payment.end_to_end_key.as_deref().and_then(|key| by_id.get(key));
            let same_account = payment
                .iban()
                .filter(|_| step == Step::Account)
                .and_then(|iban| by_account.get(&(iban.clone(), payment.amount)));
            let candidates = if step == Step::Account { same_account } else { named };
            for candidate in candidates.into_iter().flatten() {
                let Some(transfer) = transfer_of(*candidate) else { continue };
                let whole = transfer.amount == Some(payment.amount)
                    && payment.account_allows(transfer.iban.as_ref());
                let other_id = step == Step::Account
                    && payment.end_to_end_key.is_some()
                    && transfer.end_to_end_id.as_deref().is_some_and(|id| !is_placeholder(id));
                let fits = (whole || step == Step::IdOnly) && !other_id;
                if fits && taken.get(*candidate) == Some(&false) {
                    pairs.push((number, *candidate));
                }
            }
        }
        for group in groups(pairs) {
            // A batch as a whole is the unit of proof; equal rows of one batch are one answer.
            let batch_of =
                |transfer: usize| all.get(transfer).map(|(link, _, _)| (link.order, link.batch));
            let counted = count(&group, |_, transfer| batch_of(transfer), |p| p, |t| t);
            let pairs = match counted {
                Count::Paired(pairs) => pairs,
                Count::Surplus if group.payments.len() == 1 => {
                    group.pairs.first().copied().into_iter().collect()
                }
                Count::Surplus | Count::Undecided => continue,
            };
            for (payment, transfer) in pairs {
                if let (Some(owed), Some((link, _, _))) = (owed.get_mut(payment), all.get(transfer))
                {
                    owed.ordered = Some(*link);
                }
                if let Some(slot) = taken.get_mut(transfer) {
                    *slot = true;
                }
            }
        }
    }
    differences(owed, &all, &taken)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Whole,
    IdOnly,
    Account,
}

fn differences(
    owed: &[Owed<'_>],
    all: &[(OrderLink, &OrderBatch, &OrderedTransfer)],
    taken: &[bool],
) -> Vec<Problem> {
    let by_link: BTreeMap<OrderLink, usize> =
        all.iter().enumerate().map(|(number, (link, _, _))| (*link, number)).collect();
    let mut problems = Vec::new();
    for payment in owed.iter().filter(|payment| payment.part == Part::Full) {
        let place = payment.payment.place;
        let found = payment.ordered.and_then(|link| by_link.get(&link)).and_then(|n| all.get(*n));
        let Some((_, batch, transfer)) = found else {
            problems.push(Problem::new(ProblemCode::NotInOrder, place));
            continue;
        };
        if transfer.amount != Some(payment.amount) {
            let ordered = transfer.amount.unwrap_or(Amount::ZERO).to_string();
            problems.push(
                Problem::new(ProblemCode::OrderAmountDiffers, place)
                    .value(ordered)
                    .expected(payment.amount.to_string()),
            );
        }
        if !payment.account_allows(transfer.iban.as_ref()) {
            let masked = |iban: Option<&Iban>| iban.map(Iban::masked).unwrap_or_default();
            problems.push(
                Problem::new(ProblemCode::OrderAccountDiffers, place)
                    .value(masked(transfer.iban.as_ref()))
                    .expected(masked(payment.iban())),
            );
        }
        if let Some(day) = batch.execution_date.filter(|day| *day > payment.dates.due) {
            problems.push(
                Problem::new(ProblemCode::OrderDateLate, place)
                    .value(day.to_string())
                    .expected(payment.dates.due.to_string()),
            );
        }
    }
    for ((_, _, transfer), taken) in all.iter().zip(taken) {
        if !taken {
            problems.push(Problem::new(ProblemCode::NotInList, transfer.place));
        }
    }
    problems
}

/// The day from which the bank's files matter for an ordered payment.
pub fn execution_date(owed: &Owed<'_>, orders: &[OrderFile]) -> Option<NaiveDate> {
    batch_of(owed, orders)?.execution_date
}

/// The batch a payment was ordered in.
pub fn batch_of<'a>(owed: &Owed<'_>, orders: &'a [OrderFile]) -> Option<&'a OrderBatch> {
    let link = owed.ordered?;
    orders.get(link.order)?.batches.get(link.batch)
}

/// The order of a payment.
pub fn transfer_of<'a>(owed: &Owed<'_>, orders: &'a [OrderFile]) -> Option<&'a OrderedTransfer> {
    batch_of(owed, orders)?.transfers.get(owed.ordered?.transfer)
}
