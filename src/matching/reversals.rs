//! Debits that the bank calls reversals. Some banks book the reversal of a debit as a debit with a
//! mark, though the money came back; others take back a credit with it. The balances decide, where
//! they do (the readers turn the direction of those that came back); what is left stands against the
//! payment whose id it bears.

use crate::matching::classes::Class;
use crate::matching::findings::EntryUse;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::findings::Note;
use crate::matching::meant::Tables;
use crate::matching::search::Search;
use crate::model::statement::StatementKind;

/// A reversal, and the payments that it stands against.
pub(super) struct Reversal {
    transfer: usize,
    payments: Vec<usize>,
    /// The statement's balances say that the money left.
    left: bool,
}

/// All of the bank's reversals that are debits, without their payments.
pub(super) fn all(search: &Search<'_>) -> Vec<Reversal> {
    let bank = search.bank();
    let numbers = 0..bank.transfers.len();
    let wanted = numbers.filter(|transfer| {
        let entry = search.entry(search.transfer(*transfer).entry);
        entry.class == Class::Reversal && entry.duplicate_of.is_none()
    });
    let made = wanted.map(|transfer| {
        let entry = search.entry(search.transfer(transfer).entry);
        let left = bank.statements.get(entry.statement).is_some_and(|statement| {
            statement.kind == StatementKind::EndOfDay
                && !statement.covers_nothing
                && statement.page.is_none()
                && statement.opening.is_some()
                && statement.closing.is_some()
        });
        Reversal { transfer, payments: Vec::new(), left }
    });
    made.collect()
}

/// Finds the payments by their ids; where the balances say nothing, by account and amount too.
pub(super) fn find(search: &Search<'_>, tables: &Tables<'_>, reversals: &mut [Reversal]) {
    for reversal in reversals {
        let view = search.transfer(reversal.transfer);
        let holds = |payment: &usize| search.owed(*payment).window_holds(view.booked_on);
        let id = view.end_to_end_key.as_deref();
        let mut payments: Vec<usize> =
            id.map(|id| tables.bearing(search, id).collect()).unwrap_or_default();
        let told = search.told(reversal.transfer);
        if payments.is_empty() && (told.by_end_to_end_id || !reversal.left) {
            payments.extend(told.candidates.iter().copied());
        }
        if payments.is_empty() && !reversal.left {
            payments.extend(tables.booked_to(view.ibans(), view.amount, view.booked_on));
        }
        payments.retain(holds);
        payments.sort_unstable();
        payments.dedup();
        reversal.payments = payments;
    }
}

/// Lets them stand against their payments.
pub(super) fn settle(search: &mut Search<'_>, reversals: &[Reversal]) {
    for reversal in reversals {
        let entry = search.transfer(reversal.transfer).entry;
        if reversal.payments.is_empty() {
            continue;
        }
        search.use_entry(entry, EntryUse::Matched);
        if let [payment] = reversal.payments.as_slice() {
            let paid_before =
                search.is_satisfied(*payment) && search.found(*payment).returned.is_empty();
            if reversal.left && paid_before {
                search.claim(*payment, reversal.transfer, Link::EndToEndId);
                search.found(*payment).flag(Flag::PaidTwice);
                continue;
            }
        }
        for payment in &reversal.payments {
            let found = search.found(*payment);
            found.cited.push(entry);
            found.flag(Flag::Ambiguous);
            found.notes.push(Note::Reversal(entry));
        }
    }
}
