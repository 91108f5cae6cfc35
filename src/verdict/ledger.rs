//! The other side of the books: a disposition for every bank entry, and totals that close.

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::bank::EntryView;
use crate::matching::classes::Class;
use crate::matching::classes::brings_back;
use crate::matching::findings::EntryUse;
use crate::model::amount::Amount;
use crate::model::crew;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::statement::BookingStatus;
use crate::model::statement::Direction;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::model::text::is_placeholder;
use crate::model::together;
use crate::verdict::outcome::BankEntry;
use crate::verdict::outcome::Disposition;
use crate::verdict::outcome::Totals;
use crate::verdict::status::Status;

/// Entries that one thread takes at a time.
const ENTRIES_AT_A_TIME: usize = 512;

/// What became of an entry.
pub fn disposition(
    view: &EntryView<'_>,
    used: EntryUse,
    window_start: Option<NaiveDate>,
) -> Disposition {
    if view.class == Class::Outside {
        return Disposition::Unrelated;
    }
    if view.duplicate_of.is_some() {
        return Disposition::DuplicateExport;
    }
    match used {
        EntryUse::Matched => return Disposition::Matched,
        EntryUse::Batch => return Disposition::Batch,
        EntryUse::Return => return Disposition::Return,
        EntryUse::Unassigned => return Disposition::UnassignedReturn,
        EntryUse::Superseded => return Disposition::SupersededPending,
        EntryUse::Free => {}
    }
    let in_window = view.booked_on.zip(window_start).is_some_and(|(day, first)| day >= first);
    match view.class {
        Class::Pending => Disposition::Pending,
        Class::Announced if brings_back(view.entry) => Disposition::Pending,
        Class::Transfer | Class::Collective
            if in_window && view.entry.direction == Direction::Debit =>
        {
            Disposition::UnlistedDebit
        }
        _ => Disposition::Unrelated,
    }
}

/// The entry as reports show it.
pub fn entry(
    mut entry: StatementEntry,
    account: Option<&Iban>,
    disposition: Disposition,
) -> BankEntry {
    let alone = entry.details.len() == 1;
    let detail = entry.details.pop().filter(|_| alone).unwrap_or_default();
    BankEntry {
        place: entry.place,
        account: account.cloned(),
        booking_date: entry.booking_date,
        value_date: entry.value_date,
        amount: entry.signed(),
        currency: entry.currency,
        disposition,
        counterparty: detail.counterparty,
        counterparty_iban: detail.counterparty_iban,
        end_to_end_id: detail.end_to_end_id.filter(|id| !is_placeholder(id)),
        remittance: detail.remittance,
        booking_text: entry.booking_text.clone(),
    }
}

/// All entries with their accounts and what became of them; their texts become the report's.
pub fn entries<'a>(
    mut statements: Vec<Statement>,
    mut stories: impl Iterator<Item = (Option<&'a Iban>, Disposition)>,
    threads: usize,
) -> Vec<BankEntry> {
    let mut parts: Vec<(&mut [StatementEntry], Vec<_>)> = Vec::new();
    for part in statements.iter_mut().flat_map(|own| own.entries.chunks_mut(ENTRIES_AT_A_TIME)) {
        let own = stories.by_ref().take(part.len()).collect();
        parts.push((part, own));
    }
    let made = together::map_taking(parts, threads, |(entries, stories)| {
        let all = entries.iter_mut().map(std::mem::take).zip(stories);
        all.map(|(entry, own)| self::entry(entry, own.0, own.1)).collect::<Vec<BankEntry>>()
    });
    // Grown step by step, a long row of entries is copied again and again, and twice there.
    let put_together = || {
        let mut all = Vec::with_capacity(made.iter().map(Vec::len).sum());
        for part in made {
            all.extend(part);
        }
        all
    };
    let ((), all) = crew::both(threads, || drop(statements), put_together);
    all
}

/// Adds both sides up, with those of plain cases. Debits in other currencies and after `--as-of` are no part of the sums.
pub fn totals(
    payments: impl Iterator<Item = (Amount, Status)>,
    bank: &BankView<'_>,
    dispositions: &[Disposition],
    plain: Totals,
) -> Totals {
    let mut totals = plain;
    for (amount, status) in payments {
        totals.payments.add(amount);
        totals.of(status).add(amount);
    }
    for (view, disposition) in bank.entries.iter().zip(dispositions) {
        let amount = view.entry.amount;
        match disposition {
            // Amounts in other currencies are no part of the sums.
            _ if view.entry.currency != Currency::EUR => {}
            Disposition::Return => totals.returned.add(amount),
            Disposition::UnassignedReturn => totals.unassigned_returns.add(amount),
            _ => {}
        }
        let counted = view.entry.direction == Direction::Debit
            && view.entry.status == BookingStatus::Booked
            && view.class != Class::Outside
            && view.duplicate_of.is_none();
        if !counted {
            continue;
        }
        totals.bank_debits.add(amount);
        match disposition {
            Disposition::Matched => totals.matched.add(amount),
            Disposition::Batch => totals.batch.add(amount),
            Disposition::UnlistedDebit => totals.unlisted.add(amount),
            _ => totals.unrelated_debits.add(amount),
        }
    }
    let sum = |parts: &[crate::verdict::outcome::Tally]| {
        parts.iter().fold((0_u64, Amount::ZERO), |(count, amount), part| {
            (count.saturating_add(part.count), amount.plus(part.amount))
        })
    };
    let of = |tally: crate::verdict::outcome::Tally| (tally.count, tally.amount);
    totals.closes = sum(&[totals.credited, totals.delayed, totals.follow_up])
        == of(totals.payments)
        && sum(&[totals.matched, totals.batch, totals.unlisted, totals.unrelated_debits])
            == of(totals.bank_debits);
    totals
}
