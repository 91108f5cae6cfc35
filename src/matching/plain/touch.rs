//! What might speak for or against a case, so that it is none of the plain ones.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono::TimeDelta;
use foldhash::HashMap;
use foldhash::HashMapExt;

use crate::matching::bank::pays_one;
use crate::matching::classes::Class;
use crate::matching::classes::brings_back;
use crate::matching::classes::classify;
use crate::matching::plain::credits::Credits;
use crate::matching::plain::known::Known;
use crate::matching::plain::known::Marks;
use crate::matching::plain::residue::each_reference;
use crate::model::amount::Amount;
use crate::model::brief::BriefList;
use crate::model::brief::BriefPayment;
use crate::model::brief::Day;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::brief::ShortKey;
use crate::model::iban_in_text;
use crate::model::lengths::Lengths;
use crate::model::place::FileId;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::is_placeholder;

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
    credits: Credits,
    vague: HashMap<(Amount, Day), Option<FileId>>,
    wholes: HashMap<Day, Option<FileId>>,
    /// Files that tell something twice, or may.
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
            credits: Credits::default(),
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
        if entry.direction == Direction::Credit {
            // A return may name its accounts in texts; which telling says that it is one is open.
            let none = entry.details.is_empty().then_some(None);
            for detail in entry.details.iter().map(Some).chain(none) {
                let named = entry.texts(detail).flat_map(iban_in_text::in_text);
                self.returned.extend(named.map(|account| keys.account(&account)));
            }
        }
        for detail in &entry.details {
            self.add_detail(entry, detail);
        }
        if entry.details.is_empty() && entry.direction == Direction::Credit {
            let charged = entry.charges.map(|charges| entry.amount.plus(charges));
            self.credits.add(entry, None, charged.into_iter());
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
        let charges = detail.charges.or(entry.charges).filter(|_| credit);
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
        if credit {
            self.credits.add(entry, Some(detail), amounts());
        }
    }

    /// The same with what others noted.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.references.extend(other.references);
        self.accounts.extend(other.accounts);
        self.returned.extend(other.returned);
        self.credits.extend(other.credits);
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
        let doubled = self.doubled;
        Touch {
            references: Known::new(self.references.iter().copied()),
            cases: Known::new(self.references.iter().map(|key| key.short())),
            accounts: Known::new(self.accounts.into_iter()),
            returned: Known::new(self.returned.into_iter()),
            credits: self.credits.settle(|file| doubled.contains(&file)),
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
    /// Names and texts of credits by their amounts: returns are found by both.
    credits: Credits,
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
        if !self.credits.have(row.amount()) {
            return false;
        }
        // Who cannot be asked for a name is touched.
        list.with_texts_of_one(row, |texts| {
            let own = [&texts.payee, &texts.beneficiary];
            own.into_iter().flatten().any(|own| self.credits.may_name(row.amount(), own))
        })
        .unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::by_money::stands_in;
    use crate::matching::unite::united;
    use crate::model::iban::Iban;
    use crate::model::statement::ReturnInformation;
    use crate::model::text::FoldedName;
    use crate::model::text::fold_words;

    const DAY: NaiveDate = NaiveDate::MIN;

    /// Numbers that look thrown.
    struct Dice(u32);

    impl Dice {
        fn below(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(self.0 >> 9).unwrap() % sides
        }

        fn one_in(&mut self, sides: usize) -> bool {
            self.below(sides) == 0
        }

        /// A text of up to four words, once in so many times.
        fn text(&mut self, once_in: usize) -> Option<String> {
            const WORDS: [&str; 9] =
                ["Erika", "Groß", "MARIA", "GROSS", "Otto", "Retoure", "AC04", "Anna-Lena", "  "];
            if !self.one_in(once_in) {
                return None;
            }
            let words = (0..=self.below(4)).map(|_| WORDS[self.below(WORDS.len())]);
            Some(words.collect::<Vec<_>>().join([" ", ", "][self.below(2)]))
        }

        fn amount(&mut self, once_in: usize) -> Option<Amount> {
            self.one_in(once_in).then(|| Amount::from_cents(100 * [1, 2, 50][self.below(3)]))
        }

        /// What a file may tell of money that came in.
        fn credit(&mut self) -> StatementEntry {
            let mut entry = StatementEntry {
                amount: Amount::from_cents(5_000),
                direction: Direction::Credit,
                booking_date: Some(DAY),
                reversal: self.one_in(3),
                ..StatementEntry::default()
            };
            entry.booking_text = self.text(3);
            entry.unread = self.text(5);
            entry.charges = self.amount(4);
            for _ in 0..[1, 1, 1, 1, 0, 2][self.below(6)] {
                let mut detail = EntryDetail {
                    amount: self.amount(4),
                    counterparty: self.text(5),
                    remittance: self.text(2),
                    ..EntryDetail::default()
                };
                if self.one_in(4) {
                    detail.return_information = Some(ReturnInformation::default());
                }
                if self.one_in(4) {
                    detail.counterparty_iban = Iban::read("DE09999100540043764919");
                }
                if self.one_in(3) {
                    detail.opposite_party = self.text(3);
                    detail.ultimate_counterparty = self.text(3);
                    detail.unread = self.text(2);
                    detail.instruction_id = self.text(3);
                    detail.bank_reference = self.text(3);
                    detail.charges = self.amount(2);
                    detail.original_amount = self.amount(2);
                }
                entry.details.push(detail);
            }
            entry
        }
    }

    /// Whatever returns are linked to by name, however many files tell them, is touched: what is settled
    /// without the rules has to be nobody's that they might ask.
    #[test]
    fn every_payee_that_a_return_may_mean_is_touched() {
        let keys = Keys::default();
        let doubled = BTreeSet::new();
        let payees = [
            "Erika Groß",
            "Groß, Erika",
            "Maria Gross",
            "Erika Maria Groß",
            "Otto",
            "Anna-Lena Groß",
            "Anna Lena",
            "Lena Otto Anna",
            "Groß",
        ];
        let (mut dice, mut linked, mut open) = (Dice(3), 0, 0);
        for round in 0..20_000 {
            let mut tellings: Vec<StatementEntry> =
                (0..=dice.below(3)).map(|_| dice.credit()).collect();
            let mut naming = Naming::new(&keys, DAY, Lengths::default(), &doubled);
            for (file, telling) in (0..).zip(&mut tellings) {
                telling.place.file = FileId(file);
                let mut own = Naming::new(&keys, DAY, Lengths::default(), &doubled);
                own.add(telling);
                naming = naming.with(own);
            }
            let touch = naming.touch();
            let one = united(&tellings.iter().collect::<Vec<_>>()).unwrap();
            if !brings_back(&one) {
                continue;
            }
            let details = one.details.iter().map(Some);
            let none = one.details.is_empty().then_some(None);
            for detail in details.chain(none) {
                let names = detail.into_iter().flat_map(|detail| {
                    let rare = [&detail.opposite_party, &detail.ultimate_counterparty];
                    [&detail.counterparty].into_iter().chain(rare).flatten().map(String::as_str)
                });
                // As `by_money` asks.
                let theirs: Vec<FoldedName> = names.filter_map(FoldedName::new).collect();
                let texts: Vec<Vec<String>> = one.texts(detail).map(fold_words).collect();
                let agrees = |own: &str| match FoldedName::new(own) {
                    Some(own) if !theirs.is_empty() => theirs.iter().any(|name| own.agrees(name)),
                    _ => texts.iter().any(|text| stands_in(own, text)),
                };
                let own = detail.and_then(|own| own.amount);
                let stated = [Some(one.amount), own];
                let charges = detail.and_then(|own| own.charges).or(one.charges);
                // A single booking's amount and charges add up to the booking, whoever states them.
                let by = |amount: Option<Amount>, more: Option<Amount>| {
                    amount.zip(more).map(|(amount, more)| amount.plus(more))
                };
                let of_own = if one.details.len() > 1 {
                    by(own, charges)
                } else {
                    by(own, detail.and_then(|own| own.charges))
                };
                let charged = [by(Some(one.amount), charges), of_own];
                let original = detail.and_then(|own| own.original_amount);
                let amounts = stated.into_iter().chain(charged).chain([original]).flatten();
                for amount in amounts {
                    for own in payees {
                        let is_linked = agrees(own);
                        let is_touched = touch.credits.may_name(amount, own);
                        assert!(is_touched || !is_linked, "{round}: {own}, {tellings:#?}");
                        linked += usize::from(is_linked);
                        open += usize::from(!is_touched);
                    }
                }
            }
        }
        assert!(linked > 10_000 && open > 10_000, "{linked} linked, {open} not touched");
    }
}
