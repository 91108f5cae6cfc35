//! Whether two bookings of different files may be one.

use std::collections::BTreeSet;

use crate::matching::bank::BankView;
use crate::matching::bank::EntryView;
use crate::matching::bank::real_end_to_end_key;
use crate::matching::tellings::Tellings;
use crate::matching::tiers::is_cut;
use crate::model::iban::Iban;
use crate::model::statement::EntryDetail;
use crate::model::statement::Statement;
use crate::model::statement::StatementKind;
use crate::model::text::fold_name;
use crate::model::text::is_placeholder;
use crate::model::text::names_agree;
use crate::model::text::reference_key;

/// What the comparison looks at besides the bookings.
pub(super) struct Files<'a> {
    /// The format of each file.
    pub formats: &'a [String],
    /// Which statements tell which days.
    pub tellings: &'a Tellings<'a>,
}

/// What names a booking, as far as the file says it.
pub(super) type Identity = (Option<usize>, String, String, String);

pub(super) fn identity(entry: &EntryView<'_>) -> Identity {
    let first = entry.entry.details.first();
    let end_to_end = first.and_then(real_end_to_end_key).unwrap_or_default().into_owned();
    let iban = first.and_then(|detail| detail.counterparty_iban.as_ref());
    let name = first.and_then(|detail| detail.counterparty.as_deref()).map(fold_name);
    (
        entry.account,
        end_to_end,
        iban.map(|iban| iban.reveal().to_owned()).unwrap_or_default(),
        name.unwrap_or_default(),
    )
}

/// Whether nothing says that the two are different bookings.
pub(super) fn may_repeat(
    view: &BankView<'_>,
    left: usize,
    right: usize,
    files: &Files<'_>,
) -> bool {
    let (Some(left), Some(right)) = (view.entries.get(left), view.entries.get(right)) else {
        return false;
    };
    if left.account.is_some() && right.account.is_some() && left.account != right.account {
        return false;
    }
    if contradict(&left.entry.details, &right.entry.details) {
        return false;
    }
    let format = |entry: &EntryView<'_>| {
        usize::try_from(entry.entry.place.file.0).ok().and_then(|file| files.formats.get(file))
    };
    if format(left) != format(right)
        || files.tellings.tell_the_same(left.statement, right.statement)
    {
        return true;
    }
    // Inside one format the bank's own reference and the statement's number tell bookings apart.
    let references = (&left.entry.bank_reference, &right.entry.bank_reference);
    if let (Some(left), Some(right)) = references {
        if !is_placeholder(left) && !is_placeholder(right) {
            return reference_key(left) == reference_key(right);
        }
    }
    let statements = (view.statements.get(left.statement), view.statements.get(right.statement));
    !matches!(statements, (Some(left), Some(right)) if follow_each_other(left, right))
}

/// Whether real ids or accounts say that two single bookings, or all parts of two collective ones,
/// are others: a bank reference may be the number of a batch or a page.
fn contradict(left: &[EntryDetail], right: &[EntryDetail]) -> bool {
    if left.is_empty() || left.len() != right.len() {
        return false;
    }
    let ids = |details: &[EntryDetail]| -> BTreeSet<String> {
        let ids = details.iter().filter_map(real_end_to_end_key);
        ids.map(std::borrow::Cow::into_owned).collect()
    };
    let (own, other) = (ids(left), ids(right));
    let cut = |own: &String, other: &String| is_cut(own, other) || is_cut(other, own);
    let ids_differ = !own.is_empty()
        && !other.is_empty()
        && own.is_disjoint(&other)
        && !own.iter().any(|own| other.iter().any(|other| cut(own, other)));
    let accounts_differ = match (left, right) {
        ([left], [right]) => {
            let accounts = (&left.counterparty_iban, &right.counterparty_iban);
            matches!(accounts, (Some(a), Some(b)) if !Iban::same_account(a, b))
                && !either_side(left, right)
        }
        _ => false,
    };
    ids_differ || accounts_differ
}

/// Whether one telling shows on the other side what the second shows as its party.
fn either_side(left: &EntryDetail, right: &EntryDetail) -> bool {
    let is = |own: &Option<Iban>, other: &Option<Iban>| matches!((own, other), (Some(own), Some(other)) if own.same_account(other));
    is(&left.opposite_iban, &right.counterparty_iban)
        || is(&left.counterparty_iban, &right.opposite_iban)
}

/// Whether two end-of-day statements of one account are different ones: other number or page, and
/// other balances.
fn follow_each_other(left: &Statement, right: &Statement) -> bool {
    let end_of_day = |statement: &Statement| statement.kind == StatementKind::EndOfDay;
    let both_numbered = left.number.is_some() && right.number.is_some();
    end_of_day(left)
        && end_of_day(right)
        && both_numbered
        && (left.number != right.number || left.page != right.page)
        && (left.opening, left.closing) != (right.opening, right.closing)
}

/// Whether two entries of unequal detail may be one booking: nothing contradicts, and something
/// beyond amount and day agrees.
pub(super) fn tells_the_same(
    view: &BankView<'_>,
    left: usize,
    right: usize,
    files: &Files<'_>,
) -> bool {
    if !may_repeat(view, left, right, files) {
        return false;
    }
    let (Some(left), Some(right)) = (view.entries.get(left), view.entries.get(right)) else {
        return false;
    };
    let same_account = left.account.is_some() && left.account == right.account;
    if let (Some(a), Some(b)) = (&left.entry.bank_reference, &right.entry.bank_reference) {
        if same_account && !is_placeholder(a) && reference_key(a) == reference_key(b) {
            return true;
        }
    }
    let (a, b) = (left.entry.details.first(), right.entry.details.first());
    let (Some(a), Some(b)) = (a, b) else { return same_account };
    if left.entry.details.len() != right.entry.details.len() {
        // A collective booking, resolved in one of the two files.
        return same_account;
    }
    let ids = (real_end_to_end_key(a), real_end_to_end_key(b));
    if matches!(&ids, (Some(a), Some(b)) if a == b) || left.entry.details.len() > 1 {
        return ids.0.is_none() == ids.1.is_none() || same_account;
    }
    match (&a.counterparty_iban, &b.counterparty_iban) {
        (Some(a), Some(b)) => return Iban::same_account(a, b),
        _ if ids.0.is_some() && ids.1.is_some() => return false,
        _ => {}
    }
    match (&a.counterparty, &b.counterparty) {
        (Some(a), Some(b)) => names_agree(a, b),
        _ => same_account,
    }
}
