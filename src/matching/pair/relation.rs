//! What the rules found between a payment and a booking, and what keeps them apart.

use crate::matching::classes::Class;
use crate::matching::classes::brings_back;
use crate::matching::findings::EntryUse;
use crate::matching::findings::Findings;
use crate::matching::findings::Flag;
use crate::matching::findings::Found;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::owed::Part;
use crate::matching::pair::kinds::Bar;
use crate::matching::pair::kinds::Bond;
use crate::matching::pair::kinds::Spot;
use crate::matching::pair::kinds::State;
use crate::matching::search::Search;
use crate::matching::tiers::id_means_run;
use crate::matching::tiers::is_cut;
use crate::model::text::names_agree;

/// Whether a claim is on this spot: a batch is claimed without its transfers.
fn is_claimed(found: &Found, spot: Spot) -> bool {
    found.claims.iter().any(|claim| claim.entry == spot.entry && fits(claim.transfer, spot))
}

fn fits(claimed: Option<usize>, spot: Spot) -> bool {
    claimed.is_none_or(|claimed| spot.transfer.is_none_or(|own| own == claimed))
}

/// What ties them.
pub(super) fn bond(
    search: &Search<'_>,
    findings: &Findings,
    payment: usize,
    spot: Spot,
) -> Option<Bond> {
    let found = findings.payments.get(payment)?;
    let on_spot = |entry: usize, transfer| entry == spot.entry && fits(transfer, spot);
    if let Some(claim) = found.claims.iter().find(|own| on_spot(own.entry, own.transfer)) {
        return Some(Bond::Own(claim.link));
    }
    if let Some(returned) = found.returned.iter().find(|own| own.entry == spot.entry) {
        // Of a collective return that names several only the one that names this payment.
        let is_one = search.entry(spot.entry).transfers.len() <= 1;
        let is_own = spot.transfer.is_none_or(|own| is_one || means(search, payment, own));
        return is_own.then_some(Bond::Returned(returned.link));
    }
    if found.pending.holds(spot.entry) {
        return Some(Bond::Announced);
    }
    // A collective debit that was booked in pieces: the last piece is claimed, all are cited.
    let in_pieces = found.cited.holds(spot.entry)
        && found.claims.iter().any(|own| own.link == Link::Batch)
        && findings.entries.get(spot.entry) == Some(&EntryUse::Batch)
        && !found.flags.contains(&Flag::PaidTwice);
    in_pieces.then_some(Bond::Own(Link::Batch))
}

/// Whether a transfer names a payment, by id or text, or goes to its account.
fn means(search: &Search<'_>, payment: usize, transfer: usize) -> bool {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    let same_id = view.end_to_end_key.as_deref().is_some_and(|id| owed.ids().any(|own| own == id));
    same_id
        || search.told(transfer).names(payment)
        || view.ibans().any(|iban| owed.account_agrees(Some(iban)))
}

/// Who else has the booking: those who claim it, and those who cite it.
pub(super) struct Users {
    pub(super) claiming: Vec<usize>,
    pub(super) citing: Vec<usize>,
    pub(super) returned: Vec<usize>,
}

/// All payments that have something of a booking.
pub(super) fn users(findings: &Findings, spot: Spot) -> Users {
    let mut users = Users { claiming: Vec::new(), citing: Vec::new(), returned: Vec::new() };
    for (number, found) in findings.payments.iter().enumerate() {
        if is_claimed(found, spot) {
            users.claiming.push(number);
        } else if found.returned.iter().any(|own| own.entry == spot.entry) {
            users.returned.push(number);
        } else if found.cited.holds(spot.entry) || found.pending.holds(spot.entry) {
            users.citing.push(number);
        }
    }
    users
}

/// What the booking is.
pub(super) fn state(search: &Search<'_>, findings: &Findings, entry: usize) -> State {
    let view = search.entry(entry);
    let used = findings.entries.get(entry).copied().unwrap_or_default();
    match view.class {
        _ if used == EntryUse::Superseded => State::Superseded,
        Class::Outside => State::NotCounted,
        Class::Transfer => State::Booked,
        Class::Collective => State::Collective,
        Class::OtherDebit => State::NoTransfer,
        Class::Reversal => State::Reversal,
        Class::Pending => State::Pending,
        Class::Announced if !brings_back(view.entry) => State::Pending,
        Class::Return | Class::Announced => State::Return,
        Class::OtherCredit if matches!(used, EntryUse::Return | EntryUse::Unassigned) => {
            State::Return
        }
        Class::OtherCredit => State::MoneyIn,
    }
}

/// What keeps them apart, the first thing first.
pub(super) fn bars(
    search: &Search<'_>,
    findings: &Findings,
    payment: usize,
    spot: Spot,
) -> Vec<Bar> {
    let mut bars = Vec::new();
    let Some(found) = findings.payments.get(payment) else { return bars };
    if search.owed(payment).part == Part::None {
        bars.push(Bar::RowUnreadable);
    }
    let users = users(findings, spot);
    let used = findings.entries.get(spot.entry).copied().unwrap_or_default();
    match state(search, findings, spot.entry) {
        State::Booked | State::Collective => {}
        State::Pending => bars.push(Bar::Pending),
        State::Superseded => bars.push(Bar::Superseded),
        State::NoTransfer => bars.push(Bar::NoTransfer),
        State::Reversal => bars.push(Bar::Reversal),
        State::NotCounted => bars.push(Bar::NotCounted),
        State::MoneyIn => bars.push(Bar::MoneyIn),
        State::Return if !users.returned.is_empty() => bars.push(Bar::OthersReturn),
        State::Return if used == EntryUse::Unassigned => bars.push(Bar::NobodysReturn),
        State::Return => bars.push(Bar::MoneyIn),
    }
    if !users.claiming.is_empty() {
        bars.push(Bar::Others);
    }
    bars.extend(of_group(found, spot));
    let view = search.entry(spot.entry);
    bars.extend(view.entry.doubt.map(Bar::Doubtful));
    if view.unbacked {
        bars.push(Bar::Unbacked);
    }
    match spot.transfer {
        Some(transfer) => bars.extend(of_fields(search, payment, transfer)),
        None if view.class == Class::Collective => bars.push(Bar::NoDetails),
        None => {}
    }
    if !found.claims.is_empty() {
        bars.push(Bar::HasItsOwn);
    }
    if bars.is_empty() {
        bars.push(Bar::NoProof);
    }
    bars
}

/// What a group is about comes before what else is true of its members.
const GROUPS: [Flag; 5] =
    [Flag::BatchDiffers, Flag::SumDiffers, Flag::PaidTwice, Flag::WeakMatch, Flag::Ambiguous];

/// The group in which a payment cites the booking without having it.
fn of_group(found: &Found, spot: Spot) -> Option<Bar> {
    let is_cited = found.cited.holds(spot.entry)
        || found.notes.iter().any(|note| matches!(note, Note::Reversal(own) if *own == spot.entry));
    let flag = GROUPS.into_iter().find(|flag| found.flags.contains(flag));
    flag.filter(|_| is_cited).map(Bar::Group)
}

/// The fields that differ, in the order in which the trail's nearest candidate fails.
fn of_fields(search: &Search<'_>, payment: usize, transfer: usize) -> Vec<Bar> {
    let (owed, view) = (search.owed(payment), search.transfer(transfer));
    let own_id = matches!((&owed.end_to_end_key, &view.end_to_end_key), (Some(own), Some(other)) if own == other);
    let named = search.told(transfer);
    let in_run = if own_id || (named.names(payment) && named.by_end_to_end_id) {
        owed.window_holds(view.booked_on)
    } else {
        owed.run_holds(view.booked_on)
    };
    let month = search.month_allows(payment, transfer)
        || (own_id && id_means_run(search, payment, transfer));
    let other_id = match &view.end_to_end_key {
        Some(other) => {
            let cut = |own: &str| is_cut(other, own);
            owed.end_to_end_key.is_some()
                && !owed.ids().any(|own| own == other.as_ref() || cut(own))
        }
        None => false,
    };
    let tests = [
        (owed.amount != view.amount, Bar::Amount),
        (!owed.account_allows(view.iban()), Bar::Account),
        (!month, Bar::Month),
        (!in_run, Bar::Day),
        (other_id, Bar::EndToEndId),
        (!named.is_empty() && !named.names(payment), Bar::Reference),
    ];
    let mut bars: Vec<Bar> =
        tests.into_iter().filter(|(differs, _)| *differs).map(|(_, bar)| bar).collect();
    let proves = own_id || named.names(payment) || owed.account_agrees(view.iban());
    if bars.is_empty() && !proves {
        bars.push(Bar::NoProof);
    }
    bars
}

/// Whether a name of the booking is the payee's or the beneficiary's; `None` if a side names nobody.
pub(super) fn names(search: &Search<'_>, payment: usize, transfer: usize) -> Option<bool> {
    let row = search.owed(payment).payment;
    let own: Vec<&str> = row.payee.iter().chain(&row.beneficiary).map(String::as_str).collect();
    let theirs: Vec<&str> = search.transfer(transfer).names().collect();
    if own.is_empty() || theirs.is_empty() {
        return None;
    }
    Some(own.iter().any(|own| theirs.iter().any(|other| names_agree(own, other))))
}
