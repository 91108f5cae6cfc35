//! The fields of a payment and a booking, side by side.

use crate::matching::findings::Findings;
use crate::matching::findings::Found;
use crate::matching::findings::Link;
use crate::matching::months::NamedMonth;
use crate::matching::near_accounts::iban_distance;
use crate::matching::orders;
use crate::matching::owed::Timing;
use crate::matching::pair::kinds::Bond;
use crate::matching::pair::kinds::Field;
use crate::matching::pair::kinds::Remark;
use crate::matching::pair::kinds::Spot;
use crate::matching::pair::kinds::Standing;
use crate::matching::pair::kinds::State;
use crate::matching::pair::kinds::Topic;
use crate::matching::pair::kinds::Value;
use crate::matching::pair::relation::names;
use crate::matching::pair::relation::state;
use crate::matching::pair::relation::users;
use crate::matching::search::Search;
use crate::matching::tiers::is_cut;
use crate::model::amount::Amount;
use crate::model::date::Month;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// So many rows are named with a field.
const ROWS_NAMED: usize = 3;

/// How near a transfer is to a payment, to find the one that is meant among several.
pub(super) fn points(search: &Search<'_>, payment: usize, transfer: usize) -> u8 {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    let id = view.end_to_end_key.as_deref().is_some_and(|id| owed.ids().any(|own| own == id));
    let told = search.told(transfer).names(payment);
    let account = owed.account_agrees(view.iban());
    let name = names(search, payment, transfer) == Some(true);
    let amount = owed.amount == view.amount;
    let points = [(id, 16), (told, 8), (account, 4), (amount, 2), (name, 1)];
    points.into_iter().filter(|(agrees, _)| *agrees).map(|(_, points)| points).sum()
}

/// All fields of a pair.
pub(super) fn all(
    search: &Search<'_>,
    findings: &Findings,
    payment: usize,
    spot: Spot,
    bond: Option<Bond>,
) -> Vec<Field> {
    let of_transfer = |of: fn(&Search<'_>, usize, usize) -> Field| {
        spot.transfer.map(|transfer| of(search, payment, transfer))
    };
    let fields = [
        of_transfer(end_to_end_id),
        of_transfer(reference),
        order(search, payment, spot),
        of_transfer(account),
        of_transfer(name),
        Some(amount(search, findings, payment, spot, bond)),
        day(search, payment, spot),
        of_transfer(month),
        Some(booking(search, findings, spot)),
        Some(used_by(search, findings, payment, spot)),
    ];
    fields.into_iter().flatten().collect()
}

fn text(text: Option<&str>) -> Option<Value> {
    text.map(|text| Value::Text(text.to_owned()))
}

fn standing(agrees: Option<bool>) -> Standing {
    match agrees {
        Some(true) => Standing::Agrees,
        Some(false) => Standing::Differs,
        None => Standing::NotStated,
    }
}

fn end_to_end_id(search: &Search<'_>, payment: usize, transfer: usize) -> Field {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    let shown = view.detail.and_then(|detail| detail.end_to_end_id.as_deref());
    let listed = owed.payment.end_to_end_id.as_deref();
    let own = owed.end_to_end_key.as_deref();
    let other = view.end_to_end_key.as_deref();
    let by_order = || other.is_some_and(|other| owed.more_keys.iter().any(|own| own == other));
    let (agrees, remark) = match (own, other) {
        (Some(own), Some(other)) if own == other => (Some(true), None),
        _ if by_order() => (Some(true), Some(Remark::Ordered)),
        (Some(own), Some(other)) if is_cut(other, own) => (Some(true), Some(Remark::Cut)),
        (Some(_), Some(_)) => (Some(false), None),
        _ => {
            let is_nobodys = (own.is_none() && listed.is_some())
                || (other.is_none() && shown.is_some_and(|shown| !shown.trim().is_empty()));
            (None, is_nobodys.then_some(Remark::Placeholder))
        }
    };
    Field {
        topic: Topic::EndToEndId,
        standing: standing(agrees),
        list: text(listed),
        bank: text(shown),
        remark,
    }
}

/// What the texts of the booking name; where they name others, the rows of these.
fn reference(search: &Search<'_>, payment: usize, transfer: usize) -> Field {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    let naming = search.told(transfer);
    let agrees = (!naming.is_empty()).then(|| naming.names(payment));
    let named = naming.candidates.iter().chain(naming.several.iter());
    let named: Vec<_> = named.map(|row| search.owed(*row).payment.place).collect();
    let remittance = view.detail.and_then(|detail| detail.remittance.as_deref());
    let bank = match agrees {
        Some(false) => {
            Some(Value::Rows(named.iter().copied().take(ROWS_NAMED).collect(), named.len()))
        }
        _ => text(remittance),
    };
    Field {
        topic: Topic::Reference,
        standing: standing(agrees),
        list: text(owed.payment.case_id.as_deref()),
        bank,
        remark: None,
    }
}

/// The batch in the order and the one that the booking names; no field where neither is told.
fn order(search: &Search<'_>, payment: usize, spot: Spot) -> Option<Field> {
    let owed = search.owed(payment);
    let entry = search.entry(spot.entry).entry;
    let detail = spot.transfer.and_then(|transfer| search.transfer(transfer).detail);
    let of_batch = entry.batch.iter().flat_map(|batch| [&batch.payment_info_id, &batch.message_id]);
    let of_detail = detail.into_iter().flat_map(|own| [&own.payment_info_id, &own.message_id]);
    let booked: Vec<&str> = of_batch
        .chain(of_detail)
        .filter_map(|id| id.as_deref())
        .filter(|id| !is_placeholder(id))
        .collect();
    let batch = orders::batch_of(owed, search.orders);
    let message = owed.ordered.and_then(|link| search.orders.get(link.order));
    let message = message.and_then(|order| order.message_id.as_deref());
    let own = batch.and_then(|batch| batch.payment_info_id.as_deref());
    if own.is_none() && message.is_none() && booked.is_empty() {
        return None;
    }
    let known: Vec<String> = own.into_iter().chain(message).map(reference_key).collect();
    let agrees = (!known.is_empty() && !booked.is_empty())
        .then(|| booked.iter().any(|id| known.contains(&reference_key(id))));
    Some(Field {
        topic: Topic::Order,
        standing: standing(agrees),
        list: text(own.or(message)),
        bank: text(booked.first().copied()),
        remark: None,
    })
}

fn account(search: &Search<'_>, payment: usize, transfer: usize) -> Field {
    let (own, other) = (search.owed(payment).iban(), search.transfer(transfer).iban());
    let agrees = own.zip(other).map(|(own, other)| own.same_account(other));
    let typo = || own.zip(other).and_then(|(own, other)| iban_distance(own, other));
    let remark = match agrees {
        Some(false) => typo().map(Remark::Typo),
        _ => own.filter(|own| !own.is_valid()).map(|_| Remark::AccountInvalid),
    };
    Field {
        topic: Topic::Account,
        standing: standing(agrees),
        list: own.cloned().map(Value::Account),
        bank: other.cloned().map(Value::Account),
        remark,
    }
}

fn name(search: &Search<'_>, payment: usize, transfer: usize) -> Field {
    let row = search.owed(payment).payment;
    Field {
        topic: Topic::Name,
        standing: standing(names(search, payment, transfer)),
        list: text(row.account_holder()),
        bank: text(search.transfer(transfer).names().next()),
        remark: None,
    }
}

/// What is owed and what was booked; what several share or make up is held against their sum.
fn amount(
    search: &Search<'_>,
    findings: &Findings,
    payment: usize,
    spot: Spot,
    bond: Option<Bond>,
) -> Field {
    let owed = search.owed(payment).amount;
    let entry = search.entry(spot.entry).entry;
    let booked = spot.transfer.map_or(entry.amount, |own| search.transfer(own).amount);
    let found = findings.payments.get(payment);
    let (agrees, remark) = match bond {
        Some(Bond::Own(Link::Merged | Link::Batch)) => {
            let claims = findings.payments.iter().flat_map(|found| &found.claims);
            let own: Vec<Amount> =
                claims.filter(|own| own.entry == spot.entry).map(|own| own.amount).collect();
            let sum: Amount = own.iter().copied().sum();
            (sum == entry.amount || own.is_empty(), Some(Remark::Together(own.len(), sum)))
        }
        Some(Bond::Own(Link::Split)) => {
            let parts = found.map_or(0, |found| found.claims.len());
            let sum = found.map(Found::booked).unwrap_or_default();
            (sum == owed, Some(Remark::InParts(parts, sum)))
        }
        _ => (owed == booked, factor(owed, booked)),
    };
    let is_whole = matches!(bond, Some(Bond::Own(Link::Merged | Link::Batch)));
    Field {
        topic: Topic::Amount,
        standing: standing(Some(agrees)),
        list: Some(Value::Money(owed)),
        bank: Some(Value::Money(if is_whole { entry.amount } else { booked })),
        remark,
    }
}

/// Ten and a hundred times as much, or as little.
fn factor(owed: Amount, booked: Amount) -> Option<Remark> {
    let (owed, booked) = (owed.cents(), booked.cents());
    if owed == 0 || booked == 0 {
        return None;
    }
    [10, 100].into_iter().find_map(|times| {
        if owed.checked_mul(times) == Some(booked) {
            Some(Remark::Times(times))
        } else {
            (booked.checked_mul(times) == Some(owed)).then_some(Remark::Part(times))
        }
    })
}

fn day(search: &Search<'_>, payment: usize, spot: Spot) -> Option<Field> {
    let owed = search.owed(payment);
    let booked = search.entry(spot.entry).booked_on?;
    let own_id = spot.transfer.is_some_and(|transfer| {
        let id = search.transfer(transfer).end_to_end_key.as_deref();
        id.is_some_and(|id| owed.ids().any(|own| own == id))
    });
    let in_run = owed.run_holds(booked);
    let remark = if !owed.window_holds(booked) {
        Remark::Before
    } else if !in_run {
        if own_id { Remark::ById } else { Remark::NextRun }
    } else {
        match owed.timing(booked) {
            Timing::InTime => Remark::InTime,
            Timing::Late => Remark::Late,
            Timing::TooLate => Remark::TooLate,
        }
    };
    Some(Field {
        topic: Topic::Day,
        standing: standing(Some(in_run || remark == Remark::ById)),
        list: Some(Value::Days(owed.dates.window_start, owed.dates.next_run_from)),
        bank: Some(Value::Day(booked)),
        remark: Some(remark),
    })
}

fn month(search: &Search<'_>, payment: usize, transfer: usize) -> Field {
    let named = search.months(transfer);
    let due = Month::of(search.owed(payment).dates.due);
    let own = NamedMonth { number: due.number(), year: Some(due.year()) };
    let agrees = (!named.is_empty()).then(|| search.month_allows(payment, transfer));
    let is_due = named.iter().any(|month| month.may_be(due) || month.may_be(due.next()));
    Field {
        topic: Topic::Month,
        standing: standing(agrees),
        list: Some(Value::Months(vec![own])),
        bank: (!named.is_empty()).then(|| Value::Months(named.to_vec())),
        remark: (agrees == Some(true) && !is_due).then_some(Remark::OwnText),
    }
}

/// Whether it is a booked debit.
fn booking(search: &Search<'_>, findings: &Findings, spot: Spot) -> Field {
    let state = state(search, findings, spot.entry);
    Field {
        topic: Topic::State,
        standing: standing(Some(matches!(state, State::Booked | State::Collective))),
        list: None,
        bank: Some(Value::State(state)),
        remark: None,
    }
}

/// Whose booking it is.
fn used_by(search: &Search<'_>, findings: &Findings, payment: usize, spot: Spot) -> Field {
    let users = users(findings, spot);
    let (all, remark) = if users.claiming.is_empty() && users.returned.is_empty() {
        let undecided = (users.citing.len() > 1).then_some(Remark::NobodyPicked);
        (users.citing, undecided)
    } else {
        (users.claiming.into_iter().chain(users.returned).collect(), None)
    };
    let agrees = (!all.is_empty() && remark.is_none()).then(|| all.contains(&payment));
    // The payment's own row first.
    let own = all.iter().filter(|row| **row == payment);
    let others = all.iter().filter(|row| **row != payment);
    let rows = own.chain(others).take(ROWS_NAMED);
    let rows = rows.map(|row| search.owed(*row).payment.place).collect();
    Field {
        topic: Topic::Use,
        standing: standing(agrees),
        list: None,
        bank: (!all.is_empty()).then_some(Value::Rows(rows, all.len())),
        remark,
    }
}
