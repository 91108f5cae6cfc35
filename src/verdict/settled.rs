//! Verdicts on plain cases. What they say follows from a few days and the account, so they are
//! kept as patterns; single verdicts are made when they are asked for.

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::findings::Claim;
use crate::matching::findings::Found;
use crate::matching::findings::Link;
use crate::matching::messages::Said;
use crate::matching::owed::Dates;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::matching::plain::case::CaseKind;
use crate::matching::plain::case::Plain;
use crate::model::amount::Amount;
use crate::model::brief::BriefEntry;
use crate::model::brief::BriefExport;
use crate::model::brief::BriefList;
use crate::model::brief::BriefPayment;
use crate::model::iban::Iban;
use crate::model::payment::Payment;
use crate::model::place::Place;
use crate::model::statement::Statement;
use crate::verdict::coverage::Coverage;
use crate::verdict::decide::Case;
use crate::verdict::decide::decide;
use crate::verdict::ledger;
use crate::verdict::opinion::opinion;
use crate::verdict::outcome::BankEntry;
use crate::verdict::outcome::CitedEntry;
use crate::verdict::outcome::Disposition;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::Tally;
use crate::verdict::outcome::Totals;
use crate::verdict::outcome::Verdict;
use crate::verdict::status::Status;
use crate::verdict::terms::Terms;
use crate::verdict::trail;

/// Plain cases with their verdicts, and bookings that touch nobody.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    plain: Plain,
    /// For every kind of case its verdict without amount and trail, and of the booking only the
    /// days.
    patterns: Vec<Verdict>,
    /// For every export and shape the account its rows are on.
    accounts: Vec<Vec<Option<Iban>>>,
}

impl Settled {
    /// Judges plain cases.
    pub fn new(
        plain: Plain,
        dates: &dyn Fn(Option<NaiveDate>) -> Dates,
        bank: &BankView<'_>,
        coverage: &Coverage<'_>,
        terms: &Terms,
    ) -> Self {
        let accounts: Vec<Vec<Option<Iban>>> = plain
            .exports
            .iter()
            .map(|export| {
                let statement = |number: usize| bank.statements.get(number);
                let own = |shape: &crate::model::brief::EntryShape| {
                    account_of(statement(shape.statement)?, bank).cloned()
                };
                export.shapes.iter().map(own).collect()
            })
            .collect();
        let mut settled = Self { accounts, ..Self::default() };
        let patterns = plain.kinds.iter().filter_map(|kind| {
            let row = plain.lists.get(usize::from(kind.list))?.shape(kind.row_shape)?;
            let account = settled.account(kind.export, kind.entry_shape);
            Some(pattern(row, dates(kind.due), kind, account, coverage, terms))
        });
        settled.patterns = patterns.collect();
        settled.plain = plain;
        settled
    }

    /// Which file cannot be trusted any more because it was changed since it was first read.
    pub fn trouble(&self) -> Option<String> {
        let lists = self.plain.lists.iter().map(|list| list.bytes.trouble());
        lists.chain(self.plain.exports.iter().map(|export| export.bytes.trouble())).flatten().next()
    }

    /// How many plain cases there are.
    pub fn len(&self) -> usize {
        self.plain.pairs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.plain.pairs.is_empty() && self.plain.aside.is_empty()
    }

    fn account(&self, export: u16, shape: u16) -> Option<&Iban> {
        self.accounts.get(usize::from(export))?.get(usize::from(shape))?.as_ref()
    }

    /// A case by its number in the order of the lists: its row, its booking, the number of its
    /// pattern.
    pub fn case(&self, number: usize) -> Option<SettledCase<'_>> {
        let (list, row, export, booked) = self.plain.case(*self.plain.pairs.get(number)?)?;
        let pattern = usize::try_from(self.plain.pairs.get(number)?.kind).ok()?;
        Some(SettledCase { list, row, cited: cited(export, booked), pattern })
    }

    /// What the verdicts of one pattern have in common: all but amount and trail, and of the entry
    /// its days.
    pub fn pattern(&self, number: usize) -> Option<&Verdict> {
        self.patterns.get(number)
    }

    /// A case in full, by its number in the order of the lists.
    pub fn payment(&self, number: usize) -> Option<JudgedPayment> {
        let case = self.case(number)?;
        let pattern = self.pattern(case.pattern)?;
        Some(JudgedPayment {
            payment: case.list.payment(case.row),
            verdict: Verdict {
                credited_amount: Some(case.row.amount),
                trail: trail::of_plain(pattern.rule, pattern.evidence, &case.cited),
                entries: vec![case.cited],
                ..pattern.clone()
            },
        })
    }

    /// Where the case's row stands, what is owed and what became of it.
    pub fn amount(&self, number: usize) -> Option<(Place, Amount, Status)> {
        let pair = self.plain.pairs.get(number)?;
        let (list, row) = self.plain.row(*pair)?;
        let pattern = self.patterns.get(usize::try_from(pair.kind).ok()?)?;
        Some((Place::line(list.file, row.line), row.amount, pattern.status))
    }

    /// The bookings of plain cases and those that touch nobody, in the order of the files.
    pub fn entries(&self) -> Vec<SettledEntry> {
        let matched = self.plain.pairs.iter().map(|pair| (pair.export, pair.entry, true));
        let aside = self.plain.aside.iter().map(|aside| (aside.export, aside.entry, false));
        let mut all: Vec<SettledEntry> = matched
            .chain(aside)
            .map(|(export, entry, matched)| SettledEntry { export, entry, matched })
            .collect();
        all.sort_unstable();
        all
    }

    /// A booking in full.
    pub fn entry(&self, entry: SettledEntry) -> Option<BankEntry> {
        let (export, booked) = self.plain.entry(entry.export, entry.entry)?;
        let account = self.account(entry.export, booked.shape);
        Some(ledger::entry(export.entry(booked), account, entry.disposition()))
    }

    /// Where a booking stands.
    pub fn entry_place(&self, entry: SettledEntry) -> Option<Place> {
        let (export, booked) = self.plain.entry(entry.export, entry.entry)?;
        Some(export.place(booked))
    }

    /// The cases and bookings in the control totals.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        // One addition a case.
        let mut of_kinds = vec![Tally::default(); self.patterns.len()];
        for pair in &self.plain.pairs {
            let slot = usize::try_from(pair.kind).ok().and_then(|kind| of_kinds.get_mut(kind));
            if let Some((slot, (_, row))) = slot.zip(self.plain.row(*pair)) {
                slot.add(row.amount);
            }
        }
        for (verdict, tally) in self.patterns.iter().zip(of_kinds) {
            totals.payments.add_all(tally);
            totals.of(verdict.status).add_all(tally);
            totals.bank_debits.add_all(tally);
            totals.matched.add_all(tally);
        }
        for aside in &self.plain.aside {
            if let Some((_, booked)) = self.plain.entry(aside.export, aside.entry) {
                totals.bank_debits.add(booked.amount);
                totals.unrelated_debits.add(booked.amount);
            }
        }
        totals
    }
}

/// A plain case in brief.
#[derive(Clone, Copy, Debug)]
pub struct SettledCase<'a> {
    /// The list it stands in.
    pub list: &'a BriefList,
    /// Its row.
    pub row: &'a BriefPayment,
    /// Its booking.
    pub cited: CitedEntry,
    /// The number of its verdict's pattern.
    pub pattern: usize,
}

/// A booking of a plain case, or one that touches nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SettledEntry {
    export: u16,
    entry: u32,
    matched: bool,
}

impl SettledEntry {
    const fn disposition(self) -> Disposition {
        if self.matched { Disposition::Matched } else { Disposition::Unrelated }
    }
}

fn account_of<'a>(statement: &Statement, bank: &BankView<'a>) -> Option<&'a Iban> {
    let own = statement.account.as_ref()?;
    bank.accounts.iter().copied().find(|known| known.same_account(own))
}

fn cited(export: &BriefExport, booked: &BriefEntry) -> CitedEntry {
    CitedEntry {
        place: export.place(booked).whole_line(),
        booking_date: Some(booked.booking_date),
        value_date: booked.value_date,
        amount: booked.amount.negated(),
    }
}

/// The verdict on a row like this one with a booking on those days.
fn pattern(
    row: &Payment,
    dates: Dates,
    kind: &CaseKind,
    account: Option<&Iban>,
    coverage: &Coverage<'_>,
    terms: &Terms,
) -> Verdict {
    let owed = Owed::new(row, dates, Part::Full);
    let claim = Claim {
        entry: 0,
        transfer: Some(0),
        link: Link::EndToEndId,
        amount: owed.amount,
        booked_on: kind.value_date.map_or(kind.booking_date, |day| day.max(kind.booking_date)),
    };
    let found = Found { claims: vec![claim], ..Found::default() };
    let case = Case {
        owed: &owed,
        found: &found,
        said: &Said::default(),
        account: row.payer_account.as_ref(),
        booked_from: &[account],
        from: dates.window_start,
        expected: None,
        coverage,
        calendar: &terms.calendar,
        crediting: terms.crediting,
    };
    let days = CitedEntry {
        place: Place::default(),
        booking_date: Some(kind.booking_date),
        value_date: kind.value_date,
        amount: Amount::ZERO,
    };
    opinion(&case, &decide(&case), vec![days], Vec::new())
}
