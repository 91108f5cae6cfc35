//! Bank entries as the matcher sees them: classes of entries, and the transfers inside them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::facts::debit_words;
use crate::facts::transaction_codes::CodeMeaning;
use crate::matching::classes::Class;
use crate::matching::classes::booking_words;
use crate::matching::classes::classify;
use crate::matching::lookup::Lookup;
use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::model::text::fold_name;
use crate::model::text::fold_words;
use crate::model::text::is_placeholder;
use crate::model::text::reference_text;
use crate::model::together;

/// A bank entry with its class.
#[derive(Clone, Debug)]
pub struct EntryView<'a> {
    /// The entry.
    pub entry: &'a StatementEntry,
    /// Number of its statement.
    pub statement: usize,
    /// Number of its account among the accounts seen; `None` if the file names none.
    pub account: Option<usize>,
    /// What it is.
    pub class: Class,
    /// Later of booking and value date.
    pub booked_on: Option<NaiveDate>,
    /// The entry that this one repeats, if it is the same booking in another file.
    pub duplicate_of: Option<usize>,
    /// A report tells it, and the statement of that day, which ties, does not.
    pub unbacked: bool,
    /// Its transfers, as a stretch of [`BankView::transfers`].
    pub transfers: std::ops::Range<usize>,
}

/// One transfer behind an entry: the whole of a single booking, or one of a collective one.
#[derive(Clone, Debug)]
pub struct TransferView<'a> {
    /// Number of the entry.
    pub entry: usize,
    /// Where it stands.
    pub place: Place,
    /// Its amount, without sign; that of the booking, or nothing, where it is not [`Self::stated`].
    pub amount: Amount,
    /// Whether the amount is known to be this transfer's: a collective return may name transfers
    /// without saying what each of them was.
    pub stated: bool,
    /// Which way the money went; inside a netted collective booking some go the other way.
    pub direction: Direction,
    /// Day of the booking (B).
    pub booked_on: NaiveDate,
    /// What is known of it.
    pub detail: Option<&'a EntryDetail>,
    /// End-to-end id as it is compared; `None` for placeholders.
    pub end_to_end_key: Option<Cow<'a, str>>,
}

impl<'a> TransferView<'a> {
    /// Account of the other side.
    pub fn iban(&self) -> Option<&'a Iban> {
        self.detail.and_then(|detail| detail.counterparty_iban.as_ref())
    }

    /// Name of the other side.
    pub fn name(&self) -> Option<&'a str> {
        self.detail.and_then(|detail| detail.counterparty.as_deref())
    }

    /// The amounts that a return may be linked by: what came back, and what was sent.
    pub fn amounts(&self) -> Vec<Amount> {
        let own = self.stated.then_some(self.amount);
        let detail = self.detail;
        let told = detail.and_then(|detail| detail.amount);
        let original = detail.and_then(|detail| detail.original_amount);
        let mut amounts: Vec<Amount> = own.into_iter().chain(told).chain(original).collect();
        amounts.dedup();
        amounts
    }

    /// The accounts that a return may come from: banks write the payee on either side.
    pub fn ibans(&self) -> impl Iterator<Item = &'a Iban> + use<'a> {
        let opposite = self.detail.and_then(|detail| detail.opposite_iban.as_ref());
        self.iban().into_iter().chain(opposite)
    }

    /// The names it may come from.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let detail = self.detail;
        let opposite = detail.and_then(|detail| detail.opposite_party.as_deref());
        let ultimate = detail.and_then(|detail| detail.ultimate_counterparty.as_deref());
        self.name().into_iter().chain(opposite).chain(ultimate)
    }
}

/// All bank entries of a run.
#[derive(Clone, Debug, Default)]
pub struct BankView<'a> {
    /// The statements.
    pub statements: &'a [Statement],
    /// The payer's accounts, each once.
    pub accounts: Vec<&'a Iban>,
    /// The entries, in the order of the files.
    pub entries: Vec<EntryView<'a>>,
    /// The transfers of debits and returns.
    pub transfers: Vec<TransferView<'a>>,
}

impl<'a> BankView<'a> {
    /// Looks at all statements; entries booked after `as_of` are left out of account.
    pub fn new(statements: &'a [Statement], as_of: Option<NaiveDate>, threads: usize) -> Self {
        let mut view = Self { statements, ..Self::default() };
        let count = statements.iter().map(|statement| statement.entries.len()).sum();
        let mut entries = Vec::with_capacity(count);
        for (number, statement) in statements.iter().enumerate() {
            let account = statement.account.as_ref().map(|account| view.account_number(account));
            entries.extend(statement.entries.iter().map(|entry| (number, account, entry)));
        }
        view.entries = together::map_many(&entries, threads, |(statement, account, entry)| {
            let booked_on = entry.booked_on();
            let left_out = match (booked_on, as_of) {
                (Some(day), Some(as_of)) => day > as_of,
                _ => false,
            };
            EntryView {
                entry,
                statement: *statement,
                account: *account,
                class: if left_out { Class::Outside } else { classify(entry) },
                booked_on,
                duplicate_of: None,
                unbacked: false,
                transfers: 0..0,
            }
        });
        view.transfers.reserve_exact(count);
        view
    }

    /// Drops ids that name nothing: one value on bookings to three or more accounts is the bank's or
    /// the customer's, not the payment's. Bookings before the first day tell nothing of this run.
    pub fn drop_repeated_ids(&mut self, first_day: Option<NaiveDate>) {
        let counts = |transfer: &TransferView<'_>| {
            transfer.direction == Direction::Debit
                && first_day.is_none_or(|first| transfer.booked_on >= first)
        };
        let keys = self.transfers.iter().enumerate().filter(|(_, transfer)| counts(transfer));
        let keys = keys
            .filter_map(|(number, transfer)| Some((transfer.end_to_end_key.as_deref()?, number)));
        let in_common = Lookup::new(keys).in_common(3);
        if in_common.is_empty() {
            return;
        }
        let mut holders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for transfer in in_common.into_iter().filter_map(|number| self.transfers.get(number)) {
            let account = transfer.iban().map(|iban| iban.key().into_owned());
            let holder = account.or_else(|| transfer.name().map(fold_name)).unwrap_or_default();
            let key = transfer.end_to_end_key.as_deref().unwrap_or_default();
            holders.entry(key.to_owned()).or_default().insert(holder);
        }
        holders.retain(|_, holders| holders.len() >= 3);
        for transfer in &mut self.transfers {
            let repeated = |key: &Cow<'_, str>| holders.contains_key(key.as_ref());
            if transfer.end_to_end_key.as_ref().is_some_and(repeated) {
                transfer.end_to_end_key = None;
            }
        }
    }

    /// The number of an account; accounts written differently are one.
    fn account_number(&mut self, account: &'a Iban) -> usize {
        if let Some(found) = self.accounts.iter().position(|seen| seen.same_account(account)) {
            // The IBAN is the better name than bank code and account number.
            if account.is_valid() && self.accounts.get(found).is_some_and(|seen| !seen.is_valid()) {
                if let Some(slot) = self.accounts.get_mut(found) {
                    *slot = account;
                }
            }
            return found;
        }
        self.accounts.push(account);
        self.accounts.len().saturating_sub(1)
    }

    /// The transfers of one entry out of these details (its own, or those that another file gives
    /// for the same booking), to be kept with [`Self::keep`].
    pub(super) fn resolved(&self, number: usize, details: &'a [EntryDetail]) -> Made<'a> {
        let Some(view) = self.entries.get(number) else { return Made::Undated };
        let Some(booked_on) = view.booked_on else { return Made::Undated };
        let resolved = match view.class {
            Class::Return | Class::OtherCredit | Class::Announced | Class::Reversal => {
                brought_by(view.entry, details)
            }
            _ => transfers_of(view.entry, details),
        };
        match resolved {
            Resolved::Single(amount, detail) => Made::One(TransferView {
                entry: number,
                place: view.entry.place,
                amount,
                // An amount in another currency tells nothing of what was sent.
                stated: view.entry.currency == Currency::EUR,
                direction: view.entry.direction,
                booked_on,
                detail,
                end_to_end_key: detail.and_then(real_end_to_end_key),
            }),
            Resolved::Parts(details) => {
                let parts = details.iter().map(|detail| TransferView {
                    entry: number,
                    place: detail.place,
                    amount: detail.amount.unwrap_or(Amount::ZERO),
                    stated: detail.amount.is_some(),
                    direction: detail.direction.unwrap_or(view.entry.direction),
                    booked_on,
                    detail: Some(detail),
                    end_to_end_key: real_end_to_end_key(detail),
                });
                Made::Several(parts.collect())
            }
            Resolved::Opaque => Made::Opaque,
        }
    }

    /// Keeps what was made of an entry.
    pub(super) fn keep(&mut self, number: usize, made: Made<'a>) {
        let Some(view) = self.entries.get_mut(number) else { return };
        let start = self.transfers.len();
        match made {
            Made::Undated => {
                // Without any date an entry can prove nothing and be placed in no window.
                if matches!(view.class, Class::Transfer | Class::Collective) {
                    view.class = Class::OtherDebit;
                }
                return;
            }
            Made::Opaque => {
                if view.class == Class::Transfer {
                    view.class = Class::Collective;
                }
                return;
            }
            Made::One(transfer) => self.transfers.push(transfer),
            Made::Several(transfers) => self.transfers.extend(transfers),
        }
        if view.class == Class::Collective {
            view.class = Class::Transfer;
        }
        view.transfers = start..self.transfers.len();
    }
}

/// What was made of an entry.
#[derive(Debug)]
pub(super) enum Made<'a> {
    /// It has no day.
    Undated,
    /// Its transfers are not known.
    Opaque,
    /// It is one transfer.
    One(TransferView<'a>),
    /// It is several.
    Several(Vec<TransferView<'a>>),
}

pub(super) fn real_end_to_end_key(detail: &EntryDetail) -> Option<Cow<'_, str>> {
    detail.end_to_end_id.as_deref().filter(|id| !is_placeholder(id)).map(reference_text)
}

/// Whether an entry is a booked debit that pays exactly one payee.
pub(crate) fn pays_one(entry: &StatementEntry) -> bool {
    classify(entry) == Class::Transfer
        && matches!(transfers_of(entry, &entry.details), Resolved::Single(_, Some(_)))
}

/// What the details of an entry prove.
enum Resolved<'a> {
    /// The entry is one transfer.
    Single(Amount, Option<&'a EntryDetail>),
    /// The entry is several transfers whose own amounts add up.
    Parts(&'a [EntryDetail]),
    /// The entry's transfers are not known.
    Opaque,
}

/// What a credit brings, or a reversal: it speaks against payments, so that its details count whether
/// or not they add up.
fn brought_by<'a>(entry: &StatementEntry, details: &'a [EntryDetail]) -> Resolved<'a> {
    let count = entry.batch.as_ref().and_then(|batch| batch.count);
    match details {
        [] if is_collective(entry) => Resolved::Opaque,
        [] => Resolved::Single(entry.amount, None),
        [detail] => {
            let several = count.is_some_and(|count| count > 1);
            if !(several || (names_nobody(detail) && is_collective(entry))) {
                return Resolved::Single(entry.amount, Some(detail));
            }
            if names_nobody(detail) { Resolved::Opaque } else { Resolved::Parts(details) }
        }
        several if several.iter().all(names_nobody) => Resolved::Opaque,
        several => Resolved::Parts(several),
    }
}

/// Whether nothing of a detail can tell whose money it was.
fn names_nobody(detail: &EntryDetail) -> bool {
    is_anonymous(detail)
        && detail.remittance.is_none()
        && detail.unread.is_none()
        && detail.opposite_iban.is_none()
        && detail.opposite_party.is_none()
}

/// Whether a detail has neither account nor name nor id.
fn is_anonymous(detail: &EntryDetail) -> bool {
    detail.counterparty_iban.is_none()
        && detail.counterparty.is_none()
        && detail.end_to_end_id.as_deref().is_none_or(is_placeholder)
}

fn transfers_of<'a>(entry: &StatementEntry, details: &'a [EntryDetail]) -> Resolved<'a> {
    let stated_count = entry.batch.as_ref().and_then(|batch| batch.count);
    let adds_up = |sum: Amount, charges: Amount| {
        let charges = charges.plus(entry.charges.unwrap_or(Amount::ZERO));
        sum == entry.amount || sum.plus(charges) == entry.amount
    };
    match details {
        [] if is_collective(entry) => Resolved::Opaque,
        [] => Resolved::Single(entry.amount, None),
        [detail] => {
            let several = stated_count.is_some_and(|count| count > 1);
            if several || (is_anonymous(detail) && is_collective(entry)) {
                return Resolved::Opaque;
            }
            let amount = detail.amount.unwrap_or(entry.amount);
            if !adds_up(amount, detail.charges.unwrap_or(Amount::ZERO)) {
                return Resolved::Opaque;
            }
            Resolved::Single(amount, Some(detail))
        }
        several => {
            // A netted booking has transfers of both ways.
            let own_amounts: Option<Vec<Amount>> = several
                .iter()
                .map(|detail| {
                    let same_way = detail.direction.is_none_or(|way| way == entry.direction);
                    detail.amount.map(|own| if same_way { own } else { own.negated() })
                })
                .collect();
            let charges: Amount = several.iter().filter_map(|detail| detail.charges).sum();
            let count = u64::try_from(several.len()).unwrap_or(u64::MAX);
            match own_amounts {
                Some(amounts)
                    if adds_up(amounts.iter().copied().sum(), charges)
                        && stated_count.is_none_or(|stated| stated == count) =>
                {
                    Resolved::Parts(several)
                }
                _ => Resolved::Opaque,
            }
        }
    }
}

/// Whether an entry looks like a collective booking.
fn is_collective(entry: &StatementEntry) -> bool {
    let by_batch = entry.batch.as_ref().is_some_and(|batch| batch.count != Some(1));
    let by_code = entry.code_meaning() == Some(CodeMeaning::Collective);
    by_batch || by_code || debit_words::say_collective(&booking_words(entry)) || text_says(entry)
}

/// Whether the remittance text of a booking without another side calls it collective.
fn text_says(entry: &StatementEntry) -> bool {
    let [detail] = entry.details.as_slice() else { return false };
    let text = detail.remittance.as_deref().filter(|_| detail.counterparty.is_none());
    text.is_some_and(|text| debit_words::say_collective(&fold_words(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(amount: i64, details: &[Option<i64>]) -> StatementEntry {
        StatementEntry {
            amount: Amount::from_cents(amount),
            details: details
                .iter()
                .map(|amount| EntryDetail {
                    amount: amount.map(Amount::from_cents),
                    counterparty: Some("Erika Beispiel".to_owned()),
                    ..EntryDetail::default()
                })
                .collect(),
            booking_date: NaiveDate::from_ymd_opt(2023, 11, 30),
            ..StatementEntry::default()
        }
    }

    #[track_caller]
    fn check(entry: StatementEntry, expected: &[i64], class: Class) {
        let statements = [Statement { entries: vec![entry], ..Statement::default() }];
        let mut view = BankView::new(&statements, None, 1);
        let made = view.resolved(0, &statements[0].entries[0].details);
        view.keep(0, made);
        let amounts: Vec<i64> = view.transfers.iter().map(|part| part.amount.cents()).collect();
        assert_eq!((amounts.as_slice(), view.entries[0].class), (expected, class));
    }

    #[test]
    fn details_prove_something_only_with_own_amounts_that_add_up() {
        check(entry(100, &[]), &[100], Class::Transfer);
        check(entry(100, &[None]), &[100], Class::Transfer);
        check(entry(100, &[Some(60), Some(40)]), &[60, 40], Class::Transfer);
        check(entry(100, &[None, None]), &[], Class::Collective);
        check(entry(100, &[Some(100), Some(100)]), &[], Class::Collective);
        check(entry(105, &[Some(60), Some(40)]), &[], Class::Collective);
        let charges = Some(Amount::from_cents(5));
        let mut with_charges = entry(105, &[Some(60), Some(40)]);
        with_charges.charges = charges;
        check(with_charges, &[60, 40], Class::Transfer);
    }

    #[test]
    fn fees_and_direct_debits_pay_nobody() {
        let with_code = |code: &str| {
            let mut entry = entry(100, &[None]);
            entry.transaction_code = Some(code.to_owned());
            entry
        };
        for (code, expected) in
            [("116", Class::Transfer), ("105", Class::OtherDebit), ("808", Class::OtherDebit)]
        {
            assert_eq!(classify(&with_code(code)), expected, "{code}");
        }
        let mut text = entry(100, &[]);
        text.booking_text = Some("ENTGELTABSCHLUSS".to_owned());
        assert_eq!(classify(&text), Class::OtherDebit);
    }
}
