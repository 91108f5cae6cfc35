//! The search for every payment's booking: what all rules share.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::bank::EntryView;
use crate::matching::bank::TransferView;
use crate::matching::borne::Borne;
use crate::matching::classes::Class;
use crate::matching::few::Few;
use crate::matching::findings::Claim;
use crate::matching::findings::EntryUse;
use crate::matching::findings::Findings;
use crate::matching::findings::Found;
use crate::matching::findings::Link;
use crate::matching::messages::Messages;
use crate::matching::months::NamedMonth;
use crate::matching::months::may_hold_month;
use crate::matching::months::named_months;
use crate::matching::months::named_months_beside;
use crate::matching::months::named_months_beside_names;
use crate::matching::owed::Owed;
use crate::matching::population::Population;
use crate::matching::references::Naming;
use crate::matching::references::ReferenceIndex;
use crate::model::date::Month;
use crate::model::order::OrderFile;
use crate::model::statement::Direction;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::together;

/// The state of a search.
#[derive(Debug)]
pub struct Search<'a> {
    owed: &'a [Owed<'a>],
    bank: &'a BankView<'a>,
    /// The order files.
    pub orders: &'a [OrderFile],
    /// What status reports say of each payment.
    pub messages: &'a Messages,
    /// Payments that are settled without the rules.
    pub settled: &'a Population<'a>,
    /// The rules would need those that are settled without them.
    pub settled_are_asked_for: bool,
    /// For every payment.
    pub found: Vec<Found>,
    /// Who bears which reference.
    index: &'a ReferenceIndex,
    /// End-to-end ids of bookings from before all windows.
    early_ids: OnceLock<BTreeSet<&'a str>>,
    borne: Borne<'a>,
    /// How many threads may work.
    pub threads: usize,
    /// For every transfer.
    said: Vec<Said>,
    /// For every payment, if any has a remittance text.
    own_months: Vec<Few<NamedMonth>>,
    /// For every transfer, whether nobody can have it: it is no booked debit, or somebody has it.
    taken: Vec<bool>,
    uses: Vec<EntryUse>,
}

/// What a transfer's texts say.
#[derive(Debug)]
struct Said {
    naming: Naming,
    /// With the texts that prove nothing, where these name somebody.
    told: Option<Box<Naming>>,
    months: Few<NamedMonth>,
}

impl Said {
    /// Reads the texts of a transfer.
    fn of(
        entry: &StatementEntry,
        detail: Option<&EntryDetail>,
        index: &ReferenceIndex,
        owed: &[Owed<'_>],
    ) -> Self {
        // Nearly all texts are remittance texts: they are read once for both questions.
        let remittance = detail.and_then(|detail| detail.remittance.as_deref());
        let read = remittance.map(|text| index.in_text(text, owed)).unwrap_or_default();
        let mut months: Vec<NamedMonth> =
            remittance.map(|text| named_months_beside(text, &read)).unwrap_or_default();
        for text in entry.texts(detail).skip(usize::from(remittance.is_some())) {
            months.extend(months_in(text, index, owed));
        }
        Self {
            naming: index.named_by_remittance(detail, &read, owed),
            told: index.told_by(entry, detail, owed).map(Box::new),
            months: months.into(),
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "payments, transfers and entries are numbered by enumerating these very vectors"
)]
impl<'a> Search<'a> {
    /// The state before the first rule.
    pub fn new(
        owed: &'a [Owed<'a>],
        bank: &'a BankView<'a>,
        orders: &'a [OrderFile],
        messages: &'a Messages,
        settled: &'a Population<'a>,
        index: &'a ReferenceIndex,
        threads: usize,
    ) -> Self {
        let said = together::map_many(&bank.transfers, threads, |transfer| {
            let (entry, detail) = (bank.entries[transfer.entry].entry, transfer.detail);
            Said::of(entry, detail, index, owed)
        });
        let any = owed.iter().any(|owed| owed.payment.remittance.is_some());
        let texts = if any { owed } else { &[] };
        let own_months = together::map_many(texts, threads, |owed| {
            let text = owed.payment.remittance.as_deref();
            text.map(named_months).unwrap_or_default().into()
        });
        let taken = bank.transfers.iter().map(|transfer| {
            let entry = &bank.entries[transfer.entry];
            entry.class != Class::Transfer
                || transfer.direction != Direction::Debit
                || entry.entry.doubt == Some(Doubt::UnknownColumn)
                || entry.duplicate_of.is_some()
                || entry.unbacked
        });
        Self {
            owed,
            bank,
            orders,
            messages,
            settled,
            settled_are_asked_for: false,
            index,
            early_ids: OnceLock::new(),
            borne: Borne::default(),
            found: vec![Found::default(); owed.len()],
            threads,
            said,
            own_months,
            taken: taken.collect(),
            uses: vec![EntryUse::Free; bank.entries.len()],
        }
    }

    /// What the rules found.
    pub fn into_findings(self) -> Findings {
        Findings {
            payments: self.found,
            entries: self.uses,
            settled_are_asked_for: self.settled_are_asked_for,
        }
    }

    /// How many payments there are.
    pub fn payment_count(&self) -> usize {
        self.owed.len()
    }

    /// A payment.
    pub fn owed(&self, payment: usize) -> &'a Owed<'a> {
        &self.owed[payment]
    }

    /// All payments.
    pub fn all_owed(&self) -> &'a [Owed<'a>] {
        self.owed
    }

    /// What payments bear that tells transfers apart.
    pub(super) fn borne(&self) -> &Borne<'a> {
        &self.borne
    }

    /// The bank's side.
    pub fn bank(&self) -> &'a BankView<'a> {
        self.bank
    }

    /// A transfer.
    pub fn transfer(&self, transfer: usize) -> &'a TransferView<'a> {
        &self.bank.transfers[transfer]
    }

    /// A bank entry.
    pub fn entry(&self, entry: usize) -> &'a EntryView<'a> {
        &self.bank.entries[entry]
    }

    /// The payments a transfer's texts name.
    pub fn naming(&self, transfer: usize) -> &Naming {
        &self.said[transfer].naming
    }

    /// The payments that any of its texts names, those that prove nothing too.
    pub fn told(&self, transfer: usize) -> &Naming {
        let said = &self.said[transfer];
        said.told.as_deref().unwrap_or(&said.naming)
    }

    /// The months that its texts name.
    pub fn months(&self, transfer: usize) -> &[NamedMonth] {
        &self.said[transfer].months
    }

    /// What was found so far.
    pub fn found(&mut self, payment: usize) -> &mut Found {
        &mut self.found[payment]
    }

    /// Whether a payment's booking is still looked for.
    pub fn is_open(&self, payment: usize) -> bool {
        self.found[payment].is_open()
    }

    /// Whether something was booked for a payment by its own.
    pub fn is_satisfied(&self, payment: usize) -> bool {
        !self.found[payment].claims.is_empty()
    }

    /// Whether a transfer is a booked debit that nobody claimed.
    pub fn is_free(&self, transfer: usize) -> bool {
        !self.taken[transfer]
    }

    /// The free transfers, ascending.
    pub fn free_transfers(&self) -> Vec<usize> {
        (0..self.taken.len()).filter(|transfer| self.is_free(*transfer)).collect()
    }

    /// Whether an entry is an unresolved collective debit that nobody claimed.
    pub fn is_free_collective(&self, entry: usize) -> bool {
        let view = self.entry(entry);
        self.uses[entry] == EntryUse::Free
            && view.class == Class::Collective
            && view.entry.direction == Direction::Debit
            && view.entry.doubt != Some(Doubt::UnknownColumn)
            && view.duplicate_of.is_none()
            && !view.unbacked
            && view.booked_on.is_some()
    }

    /// What became of an entry so far.
    pub fn entry_use(&self, entry: usize) -> EntryUse {
        self.uses[entry]
    }

    /// Marks an entry.
    pub fn use_entry(&mut self, entry: usize, use_: EntryUse) {
        self.uses[entry] = use_;
    }

    /// Gives a transfer to a payment.
    pub fn claim(&mut self, payment: usize, transfer: usize, link: Link) {
        let view = self.transfer(transfer);
        let claim = Claim {
            entry: view.entry,
            transfer: Some(transfer),
            link,
            amount: view.amount,
            booked_on: view.booked_on,
        };
        self.take(transfer);
        self.found[payment].claims.push(claim);
    }

    /// Takes a transfer out of the search without giving it to one payment.
    pub fn take(&mut self, transfer: usize) {
        self.taken[transfer] = true;
        let entry = self.transfer(transfer).entry;
        self.uses[entry] = EntryUse::Matched;
    }

    /// Whether a transfer's text allows that it pays this month's payment: it names no month,
    /// or one of those that the payment itself names, or the month of the due date or the next.
    pub fn month_allows(&self, payment: usize, transfer: usize) -> bool {
        let named = &self.said[transfer].months;
        named.is_empty()
            || self.is_own_month(payment, named)
            || self
                .months_beside_names(payment, transfer)
                .is_some_and(|named| named.is_empty() || self.is_own_month(payment, &named))
    }

    /// Whether one of these months is the payment's.
    fn is_own_month(&self, payment: usize, named: &[NamedMonth]) -> bool {
        let owed = self.owed(payment);
        let own: &[NamedMonth] = self.own_months.get(payment).map_or(&[], |own| own);
        if own.is_empty() {
            let due = Month::of(owed.dates.due);
            return named.iter().any(|month| month.may_be(due) || month.may_be(due.next()));
        }
        named.iter().any(|month| {
            own.iter().any(|own| {
                own.number == month.number
                    && (own.year.is_none() || month.year.is_none() || own.year == month.year)
            })
        })
    }

    /// The months that a transfer's texts name, if the names of payee and beneficiary are none;
    /// `None` if nobody is called like a month.
    fn months_beside_names(&self, payment: usize, transfer: usize) -> Option<Vec<NamedMonth>> {
        let view = self.transfer(transfer);
        let row = self.owed(payment).payment;
        let names = [row.payee.as_deref(), row.beneficiary.as_deref(), view.name()];
        let names = || names.iter().flatten().copied();
        if !names().any(may_hold_month) {
            return None;
        }
        let texts = self.entry(view.entry).entry.texts(view.detail);
        let of = |text| {
            let other = self.index.in_text(text, self.owed);
            named_months_beside_names(text, &other, names())
        };
        Some(texts.flat_map(of).collect())
    }

    /// Whether a booking from before all windows bears the payment's end-to-end id: it is one for
    /// all months.
    pub fn id_was_used_before(&self, payment: usize) -> bool {
        let Some(key) = self.owed(payment).end_to_end_key.as_deref() else { return false };
        let ids = self.early_ids.get_or_init(|| {
            let first_day = self.settled.first_day(self.owed);
            let early = self.bank.transfers.iter().filter(|transfer| {
                first_day.is_some_and(|first| transfer.booked_on < first)
                    && self.entry(transfer.entry).entry.direction == Direction::Debit
            });
            early.filter_map(|transfer| transfer.end_to_end_key.as_deref()).collect()
        });
        ids.contains(key)
    }

    /// What content says about the order of payments, so that the order of rows says nothing.
    pub fn payment_order(
        &self,
        payment: usize,
    ) -> (Option<&'a str>, Option<&'a str>, Option<&'a str>, usize) {
        let row = self.owed(payment).payment;
        (row.case_id.as_deref(), row.end_to_end_id.as_deref(), row.beneficiary.as_deref(), payment)
    }

    /// The same for transfers: earliest first.
    pub fn transfer_order(
        &self,
        transfer: usize,
    ) -> (NaiveDate, Option<&'a str>, Option<&'a str>, usize) {
        let view = self.transfer(transfer);
        let text = view.detail.and_then(|detail| detail.remittance.as_deref());
        (view.booked_on, view.name(), text, transfer)
    }
}

/// The months that a text names; a known reference such as `HLU 5/2021` is none.
fn months_in(text: &str, index: &ReferenceIndex, owed: &[Owed<'_>]) -> Vec<NamedMonth> {
    let months = named_months(text);
    if months.is_empty() {
        return months;
    }
    named_months_beside(text, &index.in_text(text, owed))
}
