//! What the bank says happened on the payer's account.

use std::ops::Deref;
use std::ops::DerefMut;

use chrono::NaiveDate;

use crate::facts::transaction_codes;
use crate::facts::transaction_codes::CodeMeaning;
use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::shared::Blank;
use crate::model::shared::Shared;

/// What kind of document a statement is; it decides whether it covers its days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatementKind {
    /// End-of-day statement with balances: camt.053, MT940.
    #[default]
    EndOfDay,
    /// Report during the day: camt.052, MT942. Covers nothing; its booked entries count.
    Intraday,
    /// Details of bookings that stand elsewhere: camt.054. Covers nothing.
    Notification,
    /// Export of the online banking (CSV): covers its stated period, or its first to last booked
    /// day.
    Export,
}

/// Who counts the statements of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Numbering {
    /// ISO 20022: `ElctrncSeqNb`, `LglSeqNb`.
    #[default]
    Iso,
    /// MT940: `:28C:`.
    Swift,
}

/// One statement, report, notification or export of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Where it begins.
    pub place: Place,
    /// What kind of document it is.
    pub kind: StatementKind,
    /// The payer's account (an IBAN, or bank code and account number); `None` if the file does
    /// not name it.
    pub account: Option<Iban>,
    /// Which series the number belongs to: banks count camt.053 and MT940 separately.
    pub numbering: Numbering,
    /// Statement number. ISO 20022: `ElctrncSeqNb` or `LglSeqNb`; MT940: `:28C:`.
    pub number: Option<String>,
    /// Page of a statement that spans files, with whether it is the last one.
    pub page: Option<(u32, bool)>,
    /// The period the file itself states.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Opening balance, signed.
    pub opening: Option<Balance>,
    /// Closing balance, signed.
    pub closing: Option<Balance>,
    /// The entries, in the order of the file.
    pub entries: Vec<StatementEntry>,
    /// First and last booking day of entries that are kept in brief elsewhere
    /// ([`crate::model::brief`]).
    pub brief_days: Option<(NaiveDate, NaiveDate)>,
    /// Stretches of days that the file may have held but that could not be read, or whose running
    /// balance breaks: never covered.
    pub unreadable_days: Vec<(NaiveDate, NaiveDate)>,
    /// Some stretch could not be read and its days are not known: the statement covers nothing.
    pub covers_nothing: bool,
}

impl Statement {
    /// Some banks book the reversal of a debit as a debit with a mark, though the money came back. If
    /// the entries `reached` the closing balance only without these debits, they are credits: says
    /// whether they were turned.
    pub fn turn_reversals(&mut self, reached: Amount, closing: Balance) -> bool {
        let is_one = |entry: &StatementEntry| {
            entry.reversal
                && entry.direction == Direction::Debit
                && entry.status == BookingStatus::Booked
                && entry.currency == closing.currency
        };
        let turned: Amount =
            self.entries.iter().filter(|entry| is_one(entry)).map(|entry| entry.amount).sum();
        if turned == Amount::ZERO || reached.plus(turned).plus(turned) != closing.amount {
            return false;
        }
        for entry in self.entries.iter_mut().filter(|entry| is_one(entry)) {
            entry.direction = Direction::Credit;
            for detail in &mut entry.details {
                detail.direction = detail.direction.map(|_| Direction::Credit);
            }
        }
        true
    }

    /// The stretch of days it speaks for: what it states, else what its balances and bookings
    /// enclose. Reports during the day speak for none.
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        if self.period.is_some() {
            return self.period;
        }
        let booked = self
            .entries
            .iter()
            .filter(|entry| entry.status == BookingStatus::Booked)
            .filter_map(|entry| entry.booking_date);
        let brief = self.brief_days;
        let first = booked.clone().chain(brief.map(|days| days.0)).min();
        let last = booked.chain(brief.map(|days| days.1)).max();
        match self.kind {
            StatementKind::Export => first.zip(last),
            StatementKind::EndOfDay => {
                let opening = self.opening.and_then(|balance| balance.day);
                let closing = self.closing.and_then(|balance| balance.day);
                // The opening balance carries the day of the statement before.
                let after_opening = match (opening, closing) {
                    (Some(opening), Some(closing)) if opening < closing => opening.succ_opt(),
                    _ => None,
                };
                let from = after_opening.into_iter().chain(first).chain(closing).min()?;
                Some((from, last.into_iter().chain(closing).max()?))
            }
            StatementKind::Intraday | StatementKind::Notification => None,
        }
    }
}

/// A balance of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Its day.
    pub day: Option<NaiveDate>,
    /// Signed amount; below zero is money owed to the bank.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
}

/// Which way the money went. It comes from the entry's credit/debit mark alone, never from a
/// text or a transaction code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Money left the account. ISO 20022: `DBIT`.
    #[default]
    Debit,
    /// Money came in. ISO 20022: `CRDT`.
    Credit,
}

/// Whether an entry is final.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum BookingStatus {
    /// Booked. ISO 20022: `BOOK`.
    #[default]
    Booked,
    /// Announced, may vanish. ISO 20022: `PDNG`; CSV: vorgemerkt.
    Pending,
    /// For information only. ISO 20022: `INFO`, or a status the standard does not know.
    Information,
}

/// One booking on the payer's account. ISO 20022: `Ntry`; MT940: `:61:` with its `:86:`; CSV: a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementEntry {
    /// Where it begins.
    pub place: Place,
    /// Always zero or more; the sign is [`Self::direction`].
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// Which way the money went.
    pub direction: Direction,
    /// Whether it is final.
    pub status: BookingStatus,
    /// The bank's own reversal of an earlier entry. ISO 20022: `RvslInd`; MT940: `RC`, `RD`.
    pub reversal: bool,
    /// Day of the booking. ISO 20022: `BookgDt`.
    pub booking_date: Option<NaiveDate>,
    /// Day that counts for interest. ISO 20022: `ValDt`.
    pub value_date: Option<NaiveDate>,
    /// The bank's own reference of the booking. ISO 20022: `AcctSvcrRef`.
    pub bank_reference: Option<String>,
    /// ISO 20022: `NtryRef`.
    pub entry_reference: Option<String>,
    /// What is known of the transfers behind the booking. A single booking has one detail; an
    /// unresolved collective booking has none or one without amount and counterparty.
    pub details: Vec<EntryDetail>,
    /// All else; its fields are read and written like the entry's own.
    pub common: Shared<CommonOfEntries>,
}

/// What many bookings say alike, kept once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonOfEntries {
    /// Booking text (`Buchungstext`, `AddtlNtryInf`).
    pub booking_text: Option<String>,
    /// German business transaction code (Geschäftsvorfallcode), three digits such as `116`.
    pub transaction_code: Option<String>,
    /// ISO 20022 bank transaction code such as `PMNT/ICDT/ESCT`.
    pub domain_code: Option<String>,
    /// What the bank says about a collective booking as a whole.
    pub batch: Option<BatchInformation>,
    /// Charges stated for the booking as a whole.
    pub charges: Option<Amount>,
    /// Texts of the booking as a whole that no other field takes (columns and elements without a
    /// meaning of their own): they prove nothing, and are searched for what speaks against it.
    pub unread: Option<String>,
    /// Why the booking proves nothing although it was read.
    pub doubt: Option<Doubt>,
}

/// Why a booking proves nothing although it was read: a person has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Two places state different accounts of the other side.
    Accounts,
    /// Two places state different references.
    References,
    /// Two places state different names of the other side.
    Names,
    /// Two places state different amounts or directions.
    Amounts,
    /// Two places state different days.
    Days,
    /// A debit whose own text says that it came back or was not carried out.
    ReturnWords,
    /// The table has a column that nobody knows and that may hold a day, a state or an account:
    /// none of its bookings proves anything until the column is named.
    UnknownColumn,
}

impl Blank for CommonOfEntries {
    fn blank() -> &'static Self {
        static BLANK: CommonOfEntries = CommonOfEntries {
            booking_text: None,
            transaction_code: None,
            domain_code: None,
            batch: None,
            charges: None,
            unread: None,
            doubt: None,
        };
        &BLANK
    }
}

impl Deref for StatementEntry {
    type Target = CommonOfEntries;

    fn deref(&self) -> &CommonOfEntries {
        &self.common
    }
}

impl DerefMut for StatementEntry {
    fn deref_mut(&mut self) -> &mut CommonOfEntries {
        &mut self.common
    }
}

impl StatementEntry {
    /// The only transfer behind a booked debit in euros about which nothing else is said: what may
    /// be kept in brief.
    pub fn plain_detail(&self) -> Option<&EntryDetail> {
        let [detail] = self.details.as_slice() else { return None };
        let plain = self.direction == Direction::Debit
            && self.status == BookingStatus::Booked
            && self.currency == Currency::EUR
            && !self.reversal
            && self.batch.is_none()
            && self.charges.is_none()
            && self.unread.is_none()
            && self.doubt.is_none()
            && detail.unread.is_none()
            && detail.amount.is_none_or(|amount| amount == self.amount)
            && detail.direction.is_none_or(|direction| direction == Direction::Debit)
            && detail.charges.is_none()
            && detail.original_amount.is_none()
            && detail.opposite_party.is_none()
            && detail.opposite_iban.is_none()
            && detail.return_information.is_none()
            && detail.mandate_id.is_none()
            && detail.instruction_id.is_none()
            && detail.bank_reference.is_none()
            && detail.ultimate_counterparty.is_none();
        plain.then_some(detail)
    }

    /// All free texts that stand with one transfer of this booking: its own first, then those of
    /// the booking as a whole. What speaks against a payment is looked for in every one of them.
    pub fn texts<'a>(&'a self, detail: Option<&'a EntryDetail>) -> impl Iterator<Item = &'a str> {
        let own = detail.map(|detail| [&detail.remittance, &detail.unread]);
        let whole = [&self.booking_text, &self.unread];
        own.into_iter().flatten().chain(whole).filter_map(|text| text.as_deref())
    }

    /// The amount with its sign: debits are below zero.
    pub fn signed(&self) -> Amount {
        match self.direction {
            Direction::Debit => self.amount.negated(),
            Direction::Credit => self.amount,
        }
    }

    /// The day the booking counts: the later of booking and value date.
    pub fn booked_on(&self) -> Option<NaiveDate> {
        self.booking_date.max(self.value_date)
    }

    /// What its German transaction code says of it.
    pub fn code_meaning(&self) -> Option<CodeMeaning> {
        transaction_codes::meaning(self.transaction_code.as_deref()?)
    }

    /// Whether entry or one of its details says that money of an earlier payment comes back.
    pub fn is_marked_return(&self) -> bool {
        self.direction == Direction::Credit
            && (self.details.iter().any(|detail| detail.return_information.is_some())
                || self.code_meaning() == Some(CodeMeaning::Return)
                || self.domain_code.as_deref().is_some_and(transaction_codes::is_return_domain))
    }
}

/// What is known of one transfer behind a booking. ISO 20022: `TxDtls`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryDetail {
    /// Where it begins.
    pub place: Place,
    /// Its own amount, if it states one (in the entry's currency); never taken from the entry.
    pub amount: Option<Amount>,
    /// Its own direction, if it states one.
    pub direction: Option<Direction>,
    /// ISO 20022: `Refs/EndToEndId`; MT940: `EREF+`. As it stands, placeholders too.
    pub end_to_end_id: Option<String>,
    /// The other side: the payee of a debit, the payer of a credit; for a returned transfer the
    /// original payee, if it is named.
    pub counterparty: Option<String>,
    /// Account of the other side.
    pub counterparty_iban: Option<Iban>,
    /// Remittance text, its pieces joined.
    pub remittance: Option<String>,
    /// What few transfers have; its fields are read and written like the detail's own.
    pub rare: Shared<RareOfDetails>,
}

/// What few transfers behind bookings have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RareOfDetails {
    /// ISO 20022: `Refs/PmtInfId`.
    pub payment_info_id: Option<String>,
    /// ISO 20022: `Refs/MsgId`.
    pub message_id: Option<String>,
    /// ISO 20022: `Refs/InstrId`; MT940: `KREF+`; CSV: Kundenreferenz.
    pub instruction_id: Option<String>,
    /// ISO 20022: `Refs/AcctSvcrRef` of the transfer.
    pub bank_reference: Option<String>,
    /// Mandate: present on direct debits only. ISO 20022: `Refs/MndtId`; MT940: `MREF+`.
    pub mandate_id: Option<String>,
    /// Who it is for in the end. ISO 20022: `UltmtCdtr`; MT940: `ABWE+`.
    pub ultimate_counterparty: Option<String>,
    /// Charges stated for this transfer.
    pub charges: Option<Amount>,
    /// The amount of the transfer as it was ordered, where it is stated beside another amount that
    /// was booked: a return less fees, an amount of which charges were taken. It proves nothing, and
    /// a return may be linked by it. ISO 20022: `InstdAmt`, `TxAmt`, `Amt`; MT940: `OAMT+`, `/OCMT/`.
    pub original_amount: Option<Amount>,
    /// The party on the other end than [`EntryDetail::counterparty`], where the booking is a credit or
    /// a reversal: banks put the payee of a returned transfer into either place, so a return may be
    /// linked by either. Never the account's own side where the file tells which that is.
    pub opposite_party: Option<String>,
    /// Its account.
    pub opposite_iban: Option<Iban>,
    /// Why it came back, if it did.
    pub return_information: Option<ReturnInformation>,
    /// Texts of the transfer that no other field takes: they prove nothing, and are searched for
    /// what speaks against it.
    pub unread: Option<String>,
}

impl Blank for RareOfDetails {
    fn blank() -> &'static Self {
        static BLANK: RareOfDetails = RareOfDetails {
            payment_info_id: None,
            message_id: None,
            instruction_id: None,
            bank_reference: None,
            mandate_id: None,
            ultimate_counterparty: None,
            charges: None,
            original_amount: None,
            opposite_party: None,
            opposite_iban: None,
            return_information: None,
            unread: None,
        };
        &BLANK
    }
}

impl Deref for EntryDetail {
    type Target = RareOfDetails;

    fn deref(&self) -> &RareOfDetails {
        &self.rare
    }
}

impl DerefMut for EntryDetail {
    fn deref_mut(&mut self) -> &mut RareOfDetails {
        &mut self.rare
    }
}

/// What the bank says about a collective booking. ISO 20022: `NtryDtls/Btch`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchInformation {
    /// ISO 20022: `MsgId` of the order.
    pub message_id: Option<String>,
    /// ISO 20022: `PmtInfId` of the order.
    pub payment_info_id: Option<String>,
    /// ISO 20022: `NbOfTxs`; also from texts such as `Datei mit 0000005 Zahlungen`.
    pub count: Option<u64>,
    /// ISO 20022: `TtlAmt`.
    pub total: Option<Amount>,
}

/// Why a transfer came back. ISO 20022: `RtrInf`; MT940: `?34` and the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReturnInformation {
    /// ISO code (`AC04`), a proprietary code, or the German text key extension (`902`).
    pub code: Option<String>,
    /// The bank's own words.
    pub text: Option<String>,
}
