//! Verdicts on plain cases. What they say follows from a few days and the account, so they are
//! kept as patterns; single verdicts are made when they are asked for.

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::findings::Claim;
use crate::matching::findings::Found;
use crate::matching::findings::Link;
use crate::matching::messages::said::Said;
use crate::matching::owed::Dates;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::matching::plain::case::CaseKind;
use crate::matching::plain::case::Plain;
use crate::matching::plain::case::PlainCase;
use crate::model::amount::Amount;
use crate::model::brief::Day;
use crate::model::brief::EntryRow;
use crate::model::brief::PaymentRow;
use crate::model::brief::SettledExport;
use crate::model::brief::SettledList;
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
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::Tally;
use crate::verdict::outcome::Totals;
use crate::verdict::outcome::Verdict;
use crate::verdict::status::Status;
use crate::verdict::terms::Terms;
use crate::verdict::trace::Trail;
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
            .tables
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
        let patterns = plain.kinds.iter().filter_map(|(kind, _)| {
            let row = plain.lists.tables.get(usize::from(kind.list))?.shape(kind.row_shape)?;
            let account = settled.account(kind.export, kind.entry_shape);
            Some(pattern(row, dates(kind.due.map(Day::date)), kind, account, coverage, terms))
        });
        settled.patterns = patterns.collect();
        settled.plain = plain;
        settled
    }

    /// Which file cannot be trusted any more because it was changed since it was first read.
    pub fn trouble(&self) -> Option<String> {
        let lists = self.plain.lists.tables.iter().map(|list| list.bytes.trouble());
        lists
            .chain(self.plain.exports.tables.iter().map(|export| export.bytes.trouble()))
            .flatten()
            .next()
    }

    /// How many rows there are of which some are plain cases; each case has the number of its row.
    pub fn rows(&self) -> usize {
        self.plain.answers.len()
    }

    /// How many plain cases there are.
    pub fn len(&self) -> usize {
        self.plain.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.plain.aside.is_empty()
    }

    pub(super) fn plain(&self) -> &Plain {
        &self.plain
    }

    pub(super) fn account(&self, export: u16, shape: u16) -> Option<&Iban> {
        self.accounts.get(usize::from(export))?.get(usize::from(shape))?.as_ref()
    }

    /// The case of a row by its number in the order of the lists.
    pub fn case(&self, number: usize) -> Option<SettledCase<'_>> {
        let answer = self.plain.answers.get(number)?;
        let (_, pattern) = answer.get()?;
        let (_, list, row) = self.plain.lists.row(number)?;
        let (kind, _) = self.plain.kinds.get(pattern)?;
        let export = self.plain.exports.tables.get(usize::from(kind.export))?;
        let booked = export.reader.place(export.file, answer.booked_line()).whole_line();
        Some(SettledCase { list, row, booked_line: booked.line, pattern })
    }

    /// What the verdicts of one pattern have in common: all but amount and trail, and of the entry
    /// its days.
    pub fn pattern(&self, number: usize) -> Option<&Verdict> {
        self.patterns.get(number)
    }

    /// A case in full, by its number in the order of the lists.
    pub fn payment(&self, number: usize) -> Option<JudgedPayment> {
        let PlainCase { list, row, export, booked, kind } = self.plain.case(number)?;
        let pattern = self.pattern(kind)?;
        let cited = cited(export, booked);
        Some(JudgedPayment {
            payment: list.payment(row),
            verdict: Verdict {
                credited_amount: Some(row.amount()),
                trail: trail::of_plain(pattern.rule, pattern.evidence, &cited)
                    .into_iter()
                    .collect(),
                entries: vec![cited],
                ..pattern.clone()
            },
        })
    }

    /// Where the case's row stands, what is owed and what became of it.
    pub fn amount(&self, number: usize) -> Option<(Place, Amount, Status)> {
        let (_, kind) = self.plain.answers.get(number)?.get()?;
        let (_, list, row) = self.plain.lists.row(number)?;
        let pattern = self.patterns.get(kind)?;
        Some((Place::line(list.file, row.line()), row.amount(), pattern.status))
    }

    /// A row with its list, settled or not.
    pub fn row(&self, number: usize) -> Option<(&SettledList, &PaymentRow)> {
        self.plain.lists.row(number).map(|(_, list, row)| (list, row))
    }

    /// Where a row stands, settled or not.
    pub fn place(&self, number: usize) -> Option<Place> {
        let (list, row) = self.row(number)?;
        Some(Place::line(list.file, row.line()))
    }

    /// What the cases of a pattern have in common: list, shape of the row, export.
    pub fn kind(&self, number: usize) -> Option<(&SettledList, u16, &SettledExport)> {
        let (kind, _) = self.plain.kinds.get(number)?;
        let list = self.plain.lists.tables.get(usize::from(kind.list))?;
        let export = self.plain.exports.tables.get(usize::from(kind.export))?;
        Some((list, kind.row_shape, export))
    }

    /// A booking in full.
    pub fn entry(&self, entry: SettledEntry) -> Option<BankEntry> {
        let (number, export, booked) = self.plain.exports.row(entry.entry)?;
        let account = self.account(number, booked.shape());
        Some(ledger::entry(export.entry(booked), account, entry.disposition()))
    }

    /// Where a booking stands.
    pub fn entry_place(&self, entry: SettledEntry) -> Option<Place> {
        let (_, export, booked) = self.plain.exports.row(entry.entry)?;
        Some(export.place(booked))
    }

    /// The cases and bookings in the control totals.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        let kinds = self.plain.kinds.iter().zip(&self.plain.sums);
        let of_kinds = kinds.map(|((_, count), amount)| Tally {
            count: u64::try_from(*count).unwrap_or(u64::MAX),
            amount: *amount,
        });
        for (verdict, tally) in self.patterns.iter().zip(of_kinds) {
            totals.payments.add_all(tally);
            totals.of(verdict.status).add_all(tally);
            totals.bank_debits.add_all(tally);
            totals.matched.add_all(tally);
        }
        for entry in &self.plain.aside {
            let row = usize::try_from(*entry).ok().and_then(|entry| self.plain.exports.row(entry));
            if let Some((_, _, booked)) = row {
                totals.bank_debits.add(booked.amount());
                totals.unrelated_debits.add(booked.amount());
            }
        }
        totals
    }
}

/// A plain case in brief.
#[derive(Clone, Copy, Debug)]
pub struct SettledCase<'a> {
    /// The list it stands in.
    pub list: &'a SettledList,
    /// Its row.
    pub row: &'a PaymentRow,
    /// The line on which its booking stands; its amount is the one that is owed.
    pub booked_line: u32,
    /// The number of its verdict's pattern.
    pub pattern: usize,
}

/// A booking of a plain case, or one that touches nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SettledEntry {
    /// Its number among all bookings in brief.
    pub(super) entry: usize,
    pub(super) matched: bool,
}

fn account_of<'a>(statement: &Statement, bank: &BankView<'a>) -> Option<&'a Iban> {
    let own = statement.account.as_ref()?;
    bank.accounts.iter().copied().find(|known| known.same_account(own))
}

fn cited(export: &SettledExport, booked: &EntryRow) -> CitedEntry {
    CitedEntry {
        place: export.place(booked).whole_line(),
        booking_date: Some(booked.booking_date().date()),
        value_date: booked.value_date().map(Day::date),
        amount: booked.amount().negated(),
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
    let (booking_date, value_date) = (kind.booking_date.date(), kind.value_date.map(Day::date));
    let claim = Claim {
        entry: 0,
        transfer: Some(0),
        link: Link::EndToEndId,
        amount: owed.amount,
        booked_on: value_date.map_or(booking_date, |day| day.max(booking_date)),
    };
    let found = Found { claims: vec![claim].into(), ..Found::default() };
    let case = Case {
        owed: &owed,
        found: &found,
        said: &Said::default(),
        account: row.payer_account.as_ref(),
        booked_from: &[account],
        from: dates.window_start,
        expected: None,
        known_until: None,
        as_of: terms.as_of,
        coverage,
        calendar: &terms.calendar,
        crediting: terms.crediting,
    };
    let days = CitedEntry {
        place: Place::default(),
        booking_date: Some(booking_date),
        value_date,
        amount: Amount::ZERO,
    };
    opinion(&case, &decide(&case), vec![days], Trail::default())
}
