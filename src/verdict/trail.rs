//! The trail of a verdict: what decided, what agreed and differed, where it stands.

use crate::matching::bank::BankView;
use crate::matching::cited::Entries;
use crate::matching::cited::SHOWN;
use crate::matching::findings::Claim;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::messages::said::RecallAnswer;
use crate::matching::near_accounts::iban_distance;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::order::OrderFile;
use crate::model::statement::StatementEntry;
use crate::verdict::channel::is_other_channel;
use crate::verdict::decide::Case;
use crate::verdict::decide::Decision;
use crate::verdict::outcome::CitedEntry;
use crate::verdict::outcome::Evidence;
use crate::verdict::outcome::Rule;
use crate::verdict::reason::Reason;
use crate::verdict::trace::Trace;
use crate::verdict::trace::TraceKind;
use crate::verdict::trail_notes::about_note;
use crate::verdict::trail_notes::shown;

/// Writes the trail of one verdict.
pub fn write(
    case: &Case<'_>,
    decision: &Decision,
    bank: &BankView<'_>,
    orders: &[OrderFile],
) -> Vec<Trace> {
    let mut trail = Vec::new();
    if let Some(rule) = decision.rule {
        trail.push(Trace::new(TraceKind::DecidedBy).value(rule.name()));
    }
    about_list(case, decision, &mut trail);
    about_order(case, orders, &mut trail);
    for claim in &case.found.claims {
        about_claim(case, claim, bank, &mut trail);
    }
    for note in &case.found.notes {
        about_note(note, bank, &mut trail);
    }
    if case.found.flags.contains(&Flag::Ambiguous) {
        trail.push(Trace::new(TraceKind::GroupUndecided));
    }
    about_groups(&case.found.cited, &mut trail);
    if decision.reason == Reason::PaidTwice && !case.found.claims.is_empty() {
        let (booked, owed) = (case.found.booked(), case.owed.amount);
        trail
            .push(Trace::new(TraceKind::Surplus).value(booked.to_string()).value(owed.to_string()));
    }
    about_returns(case, decision, bank, &mut trail);
    about_messages(case, decision, &mut trail);
    let mut pending: Vec<usize> = case.found.pending.shown().collect();
    pending.sort_unstable();
    for entry in pending {
        if let Some(view) = bank.entries.get(entry) {
            let day = view.booked_on.map(|day| day.to_string()).unwrap_or_default();
            trail.push(Trace::new(TraceKind::Pending).value(day).at(view.entry.place));
        }
    }
    about_groups(&case.found.pending, &mut trail);
    about_coverage(case, decision, &mut trail);
    for reason in &decision.also {
        trail.push(Trace::new(TraceKind::AlsoTrue).value(reason.name()));
    }
    trail
}

/// Says how large the groups are of which only the first entries are shown.
fn about_groups(entries: &Entries, trail: &mut Vec<Trace>) {
    for size in entries.group_sizes() {
        let trace =
            Trace::new(TraceKind::GroupShown).value(size.to_string()).value(SHOWN.to_string());
        if !trail.contains(&trace) {
            trail.push(trace);
        }
    }
}

fn about_list(case: &Case<'_>, decision: &Decision, trail: &mut Vec<Trace>) {
    let row = case.owed.payment;
    if let Some(code) = row.unreadable {
        trail.push(Trace::new(TraceKind::RowUnreadable).value(code.name()).at(row.place));
        return;
    }
    if case.owed.amount == Amount::ZERO {
        trail.push(Trace::new(TraceKind::NothingDue).at(row.place));
    }
    if is_other_channel(row) {
        let channel = row.channel.clone().unwrap_or_default();
        trail.push(Trace::new(TraceKind::Channel).value(channel).at(row.place));
        if decision.reason != Reason::ReceiptMissing {
            if let Some(text) = row.note.as_ref().or(row.list_status.as_ref()) {
                trail.push(Trace::new(TraceKind::Receipt).value(text.clone()).at(row.place));
            }
        }
    }
    if matches!(decision.reason, Reason::Stopped | Reason::PaidThoughStopped) {
        let status = row.list_status.clone().unwrap_or_default();
        trail.push(Trace::new(TraceKind::ListStatus).value(status).at(row.place));
    }
    if let Some(iban) = row.iban.as_ref().filter(|iban| !iban.is_valid()) {
        trail.push(Trace::new(TraceKind::IbanInvalid).value(iban.masked()).at(row.place));
    }
    let named = row.end_to_end_id.as_deref();
    let placeholder = named.is_none_or(crate::model::text::is_placeholder);
    if !placeholder && case.owed.end_to_end_key.is_none() {
        trail.push(Trace::new(TraceKind::IdOnManyAccounts).at(row.place));
    }
}

fn about_order(case: &Case<'_>, orders: &[OrderFile], trail: &mut Vec<Trace>) {
    if let Some(link) = case.owed.ordered {
        let batch = orders.get(link.order).and_then(|order| order.batches.get(link.batch));
        let id = batch.and_then(|batch| batch.payment_info_id.clone()).unwrap_or_default();
        let day = batch.and_then(|batch| batch.execution_date);
        let place = batch.and_then(|batch| batch.transfers.get(link.transfer)).map(|t| t.place);
        let mut trace = Trace::new(TraceKind::Ordered).value(id).value(shown(day));
        trace.place = place;
        trail.push(trace);
    } else if !orders.is_empty() {
        trail.push(Trace::new(TraceKind::NotOrdered).at(case.owed.payment.place));
    }
}

fn booked(entry: &StatementEntry) -> Trace {
    booked_as(&CitedEntry {
        place: entry.place,
        booking_date: entry.booking_date,
        value_date: entry.value_date,
        amount: entry.signed(),
    })
}

fn booked_as(entry: &CitedEntry) -> Trace {
    Trace::new(TraceKind::Booked)
        .value(shown(entry.booking_date))
        .value(shown(entry.value_date))
        .value(entry.amount.to_string())
        .at(entry.place)
}

/// The trail of a plain case ([`crate::matching::plain`]): what [`write()`] says of one booking under
/// the payment's own id that agrees in everything.
pub fn of_plain(rule: Option<Rule>, evidence: Evidence, entry: &CitedEntry) -> Vec<Trace> {
    let decided = rule.map(|rule| Trace::new(TraceKind::DecidedBy).value(rule.name()));
    let agreed = Trace::new(TraceKind::Agreed).value("end_to_end_id, amount, iban");
    let closed = (evidence == Evidence::E6).then(|| Trace::new(TraceKind::WindowClosed));
    decided.into_iter().chain([booked_as(entry), agreed]).chain(closed).collect()
}

fn about_claim(case: &Case<'_>, claim: &Claim, bank: &BankView<'_>, trail: &mut Vec<Trace>) {
    let Some(view) = bank.entries.get(claim.entry) else { return };
    let transfer = claim.transfer.and_then(|transfer| bank.transfers.get(transfer));
    let mut trace = booked(view.entry);
    if let Some(transfer) = transfer {
        trace.place = Some(transfer.place);
    }
    trail.push(trace);
    let Some(transfer) = transfer.filter(|_| claim.link != Link::Merged) else { return };
    let owed = case.owed;
    let mut agreed = Vec::new();
    if owed.end_to_end_key.is_some() && owed.end_to_end_key == transfer.end_to_end_key {
        agreed.push("end_to_end_id");
    }
    if claim.link == Link::Reference {
        agreed.push("reference");
    }
    if owed.amount == claim.amount {
        agreed.push("amount");
    }
    if owed.account_agrees(transfer.iban()) {
        agreed.push("iban");
    }
    if !agreed.is_empty() {
        trail.push(Trace::new(TraceKind::Agreed).value(agreed.join(", ")));
    }
    if owed.amount != claim.amount && claim.link != Link::Split {
        trail.push(
            Trace::new(TraceKind::Differed)
                .value("amount")
                .value(owed.amount.to_string())
                .value(claim.amount.to_string()),
        );
        about_amounts(owed.amount, claim.amount, trail);
    }
    match (owed.iban(), transfer.iban()) {
        (Some(own), Some(other)) if !own.same_account(other) => {
            trail.push(
                Trace::new(TraceKind::Differed)
                    .value("iban")
                    .value(own.masked())
                    .value(other.masked()),
            );
            about_accounts(own, other, trail);
        }
        (Some(_), Some(_)) => {}
        _ => trail.push(Trace::new(TraceKind::NotStated).value("iban")),
    }
}

/// Names slips of the amount: factor 10 or 100, two digits swapped.
fn about_amounts(owed: Amount, booked: Amount, trail: &mut Vec<Trace>) {
    let (owed, booked) = (owed.cents(), booked.cents());
    for (factor, name) in [(10, "10"), (100, "100")] {
        if owed.checked_mul(factor) == Some(booked) {
            trail.push(Trace::new(TraceKind::Factor).value(name));
        } else if booked.checked_mul(factor) == Some(owed) {
            trail.push(Trace::new(TraceKind::Factor).value(format!("1/{name}")));
        }
    }
    let (left, right) = (owed.to_string(), booked.to_string());
    if left.len() == right.len() {
        let differing: Vec<(u8, u8)> =
            left.bytes().zip(right.bytes()).filter(|(a, b)| a != b).collect();
        if let [(a, b), (c, d)] = differing.as_slice() {
            if a == d && b == c {
                trail.push(Trace::new(TraceKind::DigitsSwapped));
            }
        }
    }
}

fn about_accounts(own: &Iban, other: &Iban, trail: &mut Vec<Trace>) {
    if let Some(distance) = iban_distance(own, other) {
        let places: Vec<String> = own
            .reveal()
            .chars()
            .zip(other.reveal().chars())
            .enumerate()
            .filter(|(_, (a, b))| a != b)
            .map(|(number, (a, b))| format!("{}: {a}/{b}", number.saturating_add(1)))
            .collect();
        trail.push(
            Trace::new(TraceKind::IbanTypo)
                .value(distance.to_string())
                .value(places.into_iter().take(3).collect::<Vec<_>>().join(", ")),
        );
    }
}

fn about_returns(
    case: &Case<'_>,
    decision: &Decision,
    bank: &BankView<'_>,
    trail: &mut Vec<Trace>,
) {
    for returned in &case.found.returned {
        let why = returned.code.clone().or_else(|| returned.text.clone()).unwrap_or_default();
        let mut trace = Trace::new(TraceKind::Returned).value(returned.day.to_string()).value(why);
        trace.place = bank.entries.get(returned.entry).map(|view| view.entry.place);
        trail.push(trace);
        trail.push(Trace::new(TraceKind::ReturnLink).value(returned.link.name()));
    }
    if decision.reason == Reason::Repaid {
        trail.push(Trace::new(TraceKind::Repaid).value(shown(decision.booked_on)));
    }
}

fn about_messages(case: &Case<'_>, decision: &Decision, trail: &mut Vec<Trace>) {
    let said = case.said;
    if let Some((level, place)) = said.level {
        trail.push(Trace::new(TraceKind::StatusReport).value(level.name()).at(place));
    }
    let why = |rejected: &crate::matching::messages::said::Rejected| {
        let text = rejected.text.clone();
        match (rejected.code.clone(), text) {
            (Some(code), Some(text)) => format!("{code} {text}"),
            (code, text) => code.or(text).unwrap_or_default(),
        }
    };
    if let Some(rejected) = &said.rejected {
        let trace = Trace::new(TraceKind::Rejected).value(why(rejected));
        trail.push(trace.at(rejected.place));
    }
    if let Some(recalled) = &said.recalled {
        let trace = Trace::new(TraceKind::Recalled).value(why(recalled));
        trail.push(trace.at(recalled.place));
    }
    if let Some((answer, message)) = &said.answer {
        let kind = match answer {
            RecallAnswer::Refused => TraceKind::RecallRefused,
            RecallAnswer::Granted => TraceKind::RecallGranted,
            RecallAnswer::Open => TraceKind::RecallOpen,
        };
        let trace = Trace::new(kind).value(shown(message.day())).value(why(message));
        trail.push(trace.at(message.place));
    }
    if let Some(place) = said.undecided {
        trail.push(Trace::new(TraceKind::MessageUndecided).at(place));
    }
    if let Some((day, place)) = said.confirmed {
        let counts = decision.credited_on == Some(day);
        let kind = if counts { TraceKind::Confirmed } else { TraceKind::ConfirmedTooSoon };
        trail.push(Trace::new(kind).value(day.to_string()).at(place));
    }
    if let Some((Some(day), place)) = said.settled_payee {
        trail.push(Trace::new(TraceKind::Confirmed).value(day.to_string()).at(place));
    }
}

fn about_coverage(case: &Case<'_>, decision: &Decision, trail: &mut Vec<Trace>) {
    let dates = case.owed.dates;
    if decision.evidence == Evidence::E6 {
        trail.push(Trace::new(TraceKind::WindowClosed));
    }
    let open = matches!(
        decision.reason,
        Reason::NotFound | Reason::NotBookedByDue | Reason::BankDataMissing | Reason::Pending
    );
    if !open {
        return;
    }
    let has_candidate = case.found.notes.iter().any(|note| matches!(note, Note::Candidate(_, _)));
    if !has_candidate && case.found.pending.is_empty() {
        trail.push(Trace::new(TraceKind::NoCandidate));
    }
    let missing = case.coverage.missing(case.account, case.from, dates.horizon, case.calendar);
    if missing.is_empty() {
        trail.push(
            Trace::new(TraceKind::Covered)
                .value(case.from.to_string())
                .value(dates.horizon.to_string()),
        );
    }
    for (account, days) in missing {
        let name = account.as_ref().map_or_else(|| "?".to_owned(), Iban::masked);
        let days: Vec<String> = days
            .iter()
            .map(|(from, to)| if from == to { from.to_string() } else { format!("{from}–{to}") })
            .collect();
        let days = days.join(", ");
        trail.push(Trace::new(TraceKind::NotCovered).value(name.clone()).value(days.clone()));
        trail.push(Trace::new(TraceKind::DecidedByCoverage).value(name).value(days));
    }
}
