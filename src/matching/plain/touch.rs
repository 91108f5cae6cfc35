//! What might speak for or against a case, so that it is none of the plain ones.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono::TimeDelta;
use foldhash::HashMap;
use foldhash::HashMapExt;
use foldhash::HashSet;
use foldhash::HashSetExt;

use crate::matching::bank::pays_one;
use crate::matching::classes::Class;
use crate::matching::classes::brings_back;
use crate::matching::classes::classify;
use crate::matching::plain::known::Known;
use crate::matching::plain::known::Marks;
use crate::matching::plain::names::Names;
use crate::model::amount::Amount;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefList;
use crate::model::brief::BriefPayment;
use crate::model::brief::Day;
use crate::model::brief::EntryTexts;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::brief::ShortKey;
use crate::model::lengths::Lengths;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::JoinedWords;
use crate::model::text::fold_words;
use crate::model::text::is_placeholder;
use crate::model::text::reference_text;
use crate::model::together;

/// Everything that entries in full name, while it is being collected.
#[derive(Clone, Debug)]
pub(super) struct Naming<'a> {
    keys: &'a Keys,
    first_day: NaiveDate,
    /// How long references of rows are: every text has a dozen runs of words that nobody has, and
    /// the set of all was the slowest part of a month with many entries in full.
    lengths: Lengths,
    references: Vec<Key>,
    accounts: Vec<(Key, Amount)>,
    returned: Vec<Key>,
    credited: HashMap<Amount, Names>,
    vague: HashMap<(Amount, Day), Option<FileId>>,
    wholes: HashMap<Day, Option<FileId>>,
    /// Files that tell something twice.
    doubled: &'a BTreeSet<FileId>,
}

impl<'a> Naming<'a> {
    pub(super) fn new(
        keys: &'a Keys,
        first_day: NaiveDate,
        lengths: Lengths,
        doubled: &'a BTreeSet<FileId>,
    ) -> Self {
        Self {
            keys,
            first_day,
            lengths,
            references: Vec::new(),
            accounts: Vec::new(),
            returned: Vec::new(),
            credited: HashMap::new(),
            vague: HashMap::new(),
            wholes: HashMap::new(),
            doubled,
        }
    }

    /// Notes what an entry names.
    pub(super) fn add(&mut self, entry: &StatementEntry) {
        let early = entry.booked_on().is_some_and(|day| day < self.first_day);
        let says_id = |detail: &EntryDetail| {
            detail.end_to_end_id.as_deref().is_some_and(|id| !is_placeholder(id))
        };
        let vague = match entry.details.as_slice() {
            [detail] => !says_id(detail) && (early || detail.counterparty_iban.is_none()),
            _ => true,
        };
        if vague && entry.direction == Direction::Debit {
            // Rows in brief have no other days.
            let file = Some(entry.place.file).filter(|file| !self.doubled.contains(file));
            for day in entry.booking_date.or(entry.value_date).into_iter().flat_map(around) {
                let known = self.vague.entry((entry.amount, day)).or_insert(file);
                *known = known.filter(|known| Some(*known) == file);
            }
        }
        // A collective debit may be the sum of what another file tells one by one.
        let whole = entry.direction == Direction::Debit
            && !pays_one(entry)
            && classify(entry) == Class::Transfer;
        if let Some(day) = entry.booking_date.filter(|_| whole).and_then(Day::new) {
            let file = Some(entry.place.file).filter(|file| !self.doubled.contains(file));
            let known = self.wholes.entry(day).or_insert(file);
            *known = known.filter(|known| Some(*known) == file);
        }
        // What was booked before all windows can be no payment's booking, part, surplus or return.
        if early {
            return;
        }
        let keys = self.keys;
        each_reference(entry.texts(None), keys, self.lengths, |key| self.references.push(key));
        for detail in &entry.details {
            self.add_detail(entry, detail);
        }
        if entry.details.is_empty() && brings_back(entry) {
            let charged = entry.charges.map(|charges| entry.amount.plus(charges));
            self.add_texts(entry, None, std::iter::once(entry.amount).chain(charged));
        }
    }

    fn add_detail(&mut self, entry: &StatementEntry, detail: &EntryDetail) {
        let keys = self.keys;
        let credit =
            entry.direction == Direction::Credit || detail.direction == Some(Direction::Credit);
        // Money that is said to come back is somebody's by much less than a booking.
        let back = credit && (brings_back(entry) || entry.direction == Direction::Debit);
        let texts = [&detail.remittance, &detail.unread, &detail.instruction_id];
        let texts = texts.into_iter().chain([&detail.end_to_end_id]).flatten();
        let texts = texts.map(|text| -> &str { text.as_ref() });
        each_reference(texts, keys, self.lengths, |key| self.references.push(key));
        let charges = detail.charges.or(entry.charges).filter(|_| back);
        let amounts = [
            Some(entry.amount),
            detail.amount,
            detail.original_amount,
            charges.map(|charges| entry.amount.plus(charges)),
            charges.zip(detail.amount).map(|(charges, amount)| amount.plus(charges)),
        ];
        let amounts = || amounts.into_iter().flatten();
        for account in detail.counterparty_iban.iter().chain(&detail.opposite_iban) {
            let account = keys.account(account);
            self.accounts.extend(amounts().map(|amount| (account, amount)));
            if back {
                self.returned.push(account);
            }
        }
        if back || (credit && detail.counterparty_iban.is_none()) {
            let names = detail.counterparty.iter().chain(&detail.opposite_party);
            for name in names.chain(&detail.ultimate_counterparty) {
                for amount in amounts() {
                    self.credited.entry(amount).or_default().add(name);
                }
            }
            let parties = [&detail.counterparty, &detail.opposite_party];
            let mut parties = parties.into_iter().chain([&detail.ultimate_counterparty]).flatten();
            if back && parties.all(|name| name.trim().is_empty()) {
                self.add_texts(entry, Some(detail), amounts());
            }
        }
    }

    /// The name of whose money came back may stand in a text.
    fn add_texts(
        &mut self,
        entry: &StatementEntry,
        detail: Option<&EntryDetail>,
        amounts: impl Iterator<Item = Amount>,
    ) {
        let texts: Vec<Vec<String>> = entry.texts(detail).map(fold_words).collect();
        for amount in amounts {
            let names = self.credited.entry(amount).or_default();
            for words in &texts {
                names.add_text(words);
            }
        }
    }

    /// The same with what others noted.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.references.extend(other.references);
        self.accounts.extend(other.accounts);
        self.returned.extend(other.returned);
        for (amount, names) in other.credited {
            self.credited.entry(amount).or_default().extend(names);
        }
        for (key, file) in other.vague {
            let known = self.vague.entry(key).or_insert(file);
            *known = known.filter(|known| Some(*known) == file);
        }
        for (day, file) in other.wholes {
            let known = self.wholes.entry(day).or_insert(file);
            *known = known.filter(|known| Some(*known) == file);
        }
        self
    }

    /// All that was noted, to be asked.
    pub(super) fn touch(self) -> Touch {
        Touch {
            references: Known::new(self.references.iter().copied()),
            cases: Known::new(self.references.iter().map(|key| key.short())),
            accounts: Known::new(self.accounts.into_iter()),
            returned: Known::new(self.returned.into_iter()),
            credited: self.credited,
            vague_marks: Marks::new(self.vague.keys().copied(), self.vague.len()),
            vague: self.vague,
            wholes: self.wholes,
        }
    }
}

/// Everything that entries in full name.
#[derive(Clone, Debug)]
pub(super) struct Touch {
    references: Known<Key>,
    /// The same, for case numbers.
    cases: Known<ShortKey>,
    /// Accounts with the amounts that went there or came back; another amount speaks for nobody
    /// whose id or case number it does not name.
    accounts: Known<(Key, Amount)>,
    /// Accounts that money is said to have come back from, whatever the amount.
    returned: Known<Key>,
    /// Names of credits that name no account, or of returns, by their amounts: returns are found by
    /// both.
    credited: HashMap<Amount, Names>,
    /// Amounts and days of entries that say too little to tell them from another file's.
    /// With the file that holds them, if it is only one: inside one file two entries are two.
    vague: HashMap<(Amount, Day), Option<FileId>>,
    vague_marks: Marks,
    /// Days of collective debits whose transfers their own file does not tell.
    wholes: HashMap<Day, Option<FileId>>,
}

impl Touch {
    /// Whether any entry may speak for or against this case.
    pub(super) fn touches(&self, row: &BriefPayment, booked_on: Day, file: FileId) -> bool {
        let vague = (row.amount(), booked_on);
        self.accounts.has(&(row.account(), row.amount()))
            || (!self.returned.is_empty() && self.returned.has(&row.account()))
            || self.references.has(&row.end_to_end_key())
            || row.case_key().is_some_and(|key| self.cases.has(&key))
            || (self.vague_marks.may_have(&vague)
                && self.vague.get(&vague).is_some_and(|other| *other != Some(file)))
            || self.wholes.get(&booked_on).is_some_and(|other| *other != Some(file))
    }
}

/// The days on which another file may tell the booking of a day: over a weekend, three apart.
pub(super) fn around(day: NaiveDate) -> impl Iterator<Item = Day> {
    let days = (-3..=3).map(TimeDelta::days);
    days.filter_map(move |apart| day.checked_add_signed(apart)).filter_map(Day::new)
}

impl Touch {
    /// Whether a credit without an account, or a return, may be this payee's by name and amount.
    pub(super) fn touches_by_name(&self, list: &BriefList, row: &BriefPayment) -> bool {
        let Some(names) = self.credited.get(&row.amount()) else { return false };
        // Who cannot be asked for a name is touched.
        list.with_texts_of_one(row, |texts| {
            let own = [&texts.payee, &texts.beneficiary];
            own.into_iter().flatten().any(|own| names.agree_with(own))
        })
        .unwrap_or(true)
    }
}

/// All references that texts may name: every run of whole words with a digit in it, if it has the
/// length of one.
fn each_reference<'a>(
    texts: impl Iterator<Item = &'a str>,
    keys: &Keys,
    lengths: Lengths,
    mut found: impl FnMut(Key),
) {
    let longest = lengths.longest();
    let mut words = JoinedWords::default();
    for text in texts {
        words.read(text);
        let JoinedWords { text, ends } = &words;
        let mut start = 0;
        for first in 0..ends.len() {
            let mut counts = false;
            for (end, has_digit) in ends.iter().skip(first) {
                let Some(run) = text.get(start..*end).filter(|run| run.len() <= longest) else {
                    break;
                };
                counts |= has_digit;
                if counts && lengths.may_have(run.len()) {
                    found(keys.of_reference(run.as_bytes()));
                }
            }
            start = ends.get(first).map_or(start, |(end, _)| *end);
        }
    }
}

/// Payments that one thread looks at before it takes more.
const PAYMENTS_AT_A_TIME: usize = 1 << 11;

/// What some payments can be found by.
#[derive(Default)]
struct FoundBy {
    references: Vec<Key>,
    accounts: Vec<Key>,
    names: Vec<(Amount, String)>,
    lengths: Lengths,
}

impl FoundBy {
    fn new(keys: &Keys, payments: &[Payment], amounts: &HashSet<Amount>) -> Self {
        let mut found = Self::default();
        for payment in payments {
            let ids = [payment.end_to_end_id.as_deref(), payment.case_id.as_deref()];
            for id in ids.into_iter().flatten() {
                let key = reference_text(id);
                found.lengths.add(key.len());
                found.references.push(keys.of_reference(key.as_bytes()));
            }
            found.accounts.extend(payment.iban.as_ref().map(|iban| keys.account(iban)));
            let amount = payment.amount_or_zero();
            if amounts.contains(&amount) {
                let words = payment.account_holder().map(fold_words).unwrap_or_default();
                found.names.extend(words.into_iter().map(|word| (amount, word)));
            }
        }
        found
    }
}

/// What payments in full can be found by.
#[derive(Clone, Debug)]
pub(super) struct Residue<'a> {
    keys: &'a Keys,
    references: HashSet<Key>,
    accounts: HashSet<Key>,
    names: HashSet<(Amount, String)>,
    amounts: HashSet<Amount>,
    lengths: Lengths,
}

impl<'a> Residue<'a> {
    /// `amounts` are those of the bookings that will be asked about.
    pub(super) fn new(
        keys: &'a Keys,
        payments: &[Payment],
        amounts: &HashSet<Amount>,
        threads: usize,
    ) -> Self {
        let parts: Vec<&[Payment]> = payments.chunks(PAYMENTS_AT_A_TIME).collect();
        let found = together::map(&parts, threads, |part| FoundBy::new(keys, part, amounts));
        let count = payments.len();
        let mut residue = Self {
            keys,
            references: HashSet::with_capacity(count.saturating_mul(2)),
            accounts: HashSet::with_capacity(count),
            names: HashSet::new(),
            amounts: HashSet::new(),
            lengths: Lengths::default(),
        };
        for own in found {
            residue.references.extend(own.references);
            residue.accounts.extend(own.accounts);
            residue.amounts.extend(own.names.iter().map(|(amount, _)| *amount));
            residue.names.extend(own.names);
            residue.lengths = residue.lengths.with(own.lengths);
        }
        residue
    }

    /// Whether a booking goes to the account of one of these payments.
    pub(super) fn knows(&self, booked: &BriefEntry) -> bool {
        self.accounts.contains(&booked.account())
    }

    /// Whether a booking of this amount names one of these payments, or somebody of a like name.
    pub(super) fn is_named_by(&self, amount: Amount, texts: &EntryTexts<'_>) -> bool {
        let mut named = false;
        let references = texts.references.iter().flatten().map(AsRef::as_ref);
        each_reference(references, self.keys, self.lengths, |key| {
            named |= self.references.contains(&key);
        });
        let like = |word: String| self.names.contains(&(amount, word));
        named
            || (self.amounts.contains(&amount)
                && texts.names.iter().flatten().flat_map(|name| fold_words(name)).any(like))
    }
}
