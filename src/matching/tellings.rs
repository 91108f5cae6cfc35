//! Who tells a booking: files, and inside a file the statements that tell the same days again.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::bank::EntryView;
use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::statement::Statement;
use crate::model::statement::StatementKind;

/// Where an entry comes from; the best kind of document comes first and keeps the booking. Inside one
/// source two equal bookings are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Source {
    rank: u8,
    file: u32,
    /// Which telling inside the file.
    layer: usize,
}

impl Source {
    /// An end-of-day statement: its balances say that nothing is missing.
    pub(super) fn is_statement(self) -> bool {
        self.rank == 0
    }

    /// A report or notification: it covers no day, and what it lacks says nothing.
    pub(super) fn is_report(self) -> bool {
        self.rank >= 2
    }
}

/// The sources of all statements.
#[derive(Clone, Debug)]
pub(super) struct Tellings<'a> {
    statements: &'a [Statement],
    /// The days that each speaks for.
    days: Vec<Option<Stretch>>,
    /// Days of accounts that a statement covers whose balances tie.
    settled: BTreeSet<(usize, NaiveDate)>,
    sources: Vec<Source>,
    /// The numbers of the accounts that statements are of.
    accounts: Vec<Option<usize>>,
    /// The statements of each source and account.
    of_source: BTreeMap<(Source, Option<usize>), Vec<usize>>,
}

impl<'a> Tellings<'a> {
    /// Looks at all statements.
    pub(super) fn new(view: &BankView<'a>) -> Self {
        let mut accounts: Vec<Option<usize>> = vec![None; view.statements.len()];
        for (number, statement) in view.statements.iter().enumerate() {
            let own = statement
                .account
                .as_ref()
                .and_then(|own| view.accounts.iter().position(|known| known.same_account(own)));
            if let Some(slot) = accounts.get_mut(number) {
                *slot = own;
            }
        }
        let days: Vec<Option<Stretch>> = view.statements.iter().map(Statement::days).collect();
        let layers = layers(view.statements, &days, &accounts);
        let mut settled = BTreeSet::new();
        for (number, statement) in view.statements.iter().enumerate() {
            let account = accounts.get(number).copied().flatten();
            if let Some(account) = account.filter(|_| is_settling(statement)) {
                let stretch = days.get(number).copied().flatten();
                settled.extend(covered(statement, stretch).map(|day| (account, day)));
            }
        }
        let mut made = Self {
            statements: view.statements,
            days,
            settled,
            sources: Vec::with_capacity(view.statements.len()),
            accounts,
            of_source: BTreeMap::new(),
        };
        for (number, statement) in view.statements.iter().enumerate() {
            let rank = match statement.kind {
                StatementKind::EndOfDay => 0,
                StatementKind::Export => 1,
                StatementKind::Intraday => 2,
                StatementKind::Notification => 3,
            };
            // Reports during the day repeat what earlier ones said, even inside one file.
            let layer = match statement.kind {
                StatementKind::Intraday => number,
                _ => layers.get(number).copied().unwrap_or(0),
            };
            let source = Source { rank, file: statement.place.file.0, layer };
            made.sources.push(source);
            let account = made.accounts.get(number).copied().flatten();
            made.of_source.entry((source, account)).or_default().push(number);
        }
        made
    }

    /// Where an entry comes from.
    pub(super) fn source(&self, entry: &EntryView<'_>) -> Source {
        let known = self.sources.get(entry.statement).copied();
        known.unwrap_or(Source { rank: 1, file: entry.entry.place.file.0, layer: 0 })
    }

    /// Whether there are several sources.
    pub(super) fn are_several(&self, view: &BankView<'_>) -> bool {
        let mut sources = view.entries.iter().map(|entry| self.source(entry));
        let first = sources.next();
        sources.any(|source| Some(source) != first)
    }

    /// Whether the source of an entry tells everything of its account on a day.
    pub(super) fn is_complete(&self, entry: &EntryView<'_>, day: NaiveDate) -> bool {
        let source = self.source(entry);
        if source.is_report() {
            return false;
        }
        let account = self.accounts.get(entry.statement).copied().flatten();
        let statements = self.of_source.get(&(source, account));
        statements.into_iter().flatten().any(|number| {
            let stretch = self.days.get(*number).copied().flatten();
            self.statements.get(*number).is_some_and(|own| covers(own, stretch, day))
        })
    }

    /// Whether a statement of the account covers the day and its balances tie: what is not in it was
    /// not booked.
    pub(super) fn is_settled(&self, account: Option<usize>, day: NaiveDate) -> bool {
        account.is_some_and(|account| self.settled.contains(&(account, day)))
    }

    /// Whether no statement says of any day that nothing is missing.
    pub(super) fn settle_nothing(&self) -> bool {
        self.settled.is_empty()
    }

    /// Whether two statements tell the same days: both lead from the same balance to the same, or one
    /// encloses the other and does not follow it.
    pub(super) fn tell_the_same(&self, left: usize, right: usize) -> bool {
        if left == right {
            return false;
        }
        self.accounts.get(left) == self.accounts.get(right)
            && tell_the_same(left, right, self.statements, &self.days)
    }
}

/// First and last day.
type Stretch = (NaiveDate, NaiveDate);

/// Whether the balances of a statement say that nothing is missing from it.
fn is_settling(statement: &Statement) -> bool {
    statement.kind == StatementKind::EndOfDay
        && statement.opening.is_some()
        && statement.closing.is_some()
        && statement.page.is_none()
}

/// The days of which a statement tells everything.
fn covered(
    statement: &Statement,
    stretch: Option<Stretch>,
) -> impl Iterator<Item = NaiveDate> + '_ {
    // A period of many years is a slip, not a statement.
    let days = stretch
        .into_iter()
        .flat_map(|(from, to)| from.iter_days().take_while(move |day| *day <= to).take(MOST_DAYS));
    days.filter(move |day| covers(statement, stretch, *day))
}

/// So many days are looked at of one statement.
const MOST_DAYS: usize = 1100;

/// The days of which any statement tells everything, whatever its account.
pub(super) fn settled_days(statements: &[Statement]) -> BTreeSet<NaiveDate> {
    let settling = statements.iter().filter(|statement| is_settling(statement));
    settling.flat_map(|statement| covered(statement, statement.days())).collect()
}

/// The files that tell the same days of an account twice.
pub(super) fn told_twice(statements: &[Statement]) -> BTreeSet<FileId> {
    let mut known: Vec<&Iban> = Vec::new();
    let mut accounts = Vec::with_capacity(statements.len());
    for statement in statements {
        accounts.push(statement.account.as_ref().map(|own| {
            known.iter().position(|known| known.same_account(own)).unwrap_or_else(|| {
                known.push(own);
                known.len().saturating_sub(1)
            })
        }));
    }
    // Only statements of the end of a day can tell others' days again.
    let days: Vec<Option<Stretch>> = statements
        .iter()
        .map(|own| (own.kind == StatementKind::EndOfDay).then(|| own.days()).flatten())
        .collect();
    let layers = layers(statements, &days, &accounts);
    let doubled = statements.iter().zip(layers).filter(|(_, layer)| *layer > 0);
    doubled.map(|(statement, _)| statement.place.file).collect()
}

fn covers(statement: &Statement, stretch: Option<Stretch>, day: NaiveDate) -> bool {
    let mut unreadable = statement.unreadable_days.iter();
    !statement.covers_nothing
        && stretch.is_some_and(|(from, to)| from <= day && day <= to)
        && !unreadable.any(|(first, last)| *first <= day && day <= *last)
}

/// For every statement, how many statements before it in its file tell the same days.
fn layers(
    statements: &[Statement],
    days: &[Option<Stretch>],
    accounts: &[Option<usize>],
) -> Vec<usize> {
    let mut layers = vec![0; statements.len()];
    let mut of_file: BTreeMap<(u32, Option<usize>), Vec<(NaiveDate, NaiveDate, usize)>> =
        BTreeMap::new();
    let all = statements.iter().zip(days).zip(accounts).enumerate();
    for (number, ((statement, days), account)) in all {
        let days = days.filter(|_| statement.kind == StatementKind::EndOfDay);
        if let Some((from, to)) = days {
            let key = (statement.place.file.0, *account);
            of_file.entry(key).or_default().push((from, to, number));
        }
    }
    for mut rows in of_file.into_values().filter(|rows| rows.len() > 1) {
        // Longer ones first: a month before its days.
        rows.sort_unstable_by_key(|(from, to, number)| (*from, std::cmp::Reverse(*to), *number));
        let mut open: Vec<(NaiveDate, usize, usize)> = Vec::new();
        for (from, to, number) in rows {
            open.retain(|(last, _, _)| *last >= from);
            let same: Vec<usize> = open
                .iter()
                .filter(|(_, other, _)| tell_the_same(*other, number, statements, days))
                .map(|(_, _, layer)| *layer)
                .collect();
            let layer = (0..=same.len()).find(|layer| !same.contains(layer)).unwrap_or(0);
            if let Some(slot) = layers.get_mut(number) {
                *slot = layer;
            }
            open.push((to, number, layer));
        }
    }
    layers
}

fn tell_the_same(
    left: usize,
    right: usize,
    statements: &[Statement],
    days: &[Option<Stretch>],
) -> bool {
    let stretch = |number: usize| days.get(number).copied().flatten();
    let (Some(own), Some(other)) = (stretch(left), stretch(right)) else { return false };
    let both = statements.get(left).zip(statements.get(right));
    let Some((left_one, right_one)) = both else { return false };
    let end_of_day = |statement: &Statement| statement.kind == StatementKind::EndOfDay;
    if !end_of_day(left_one) || !end_of_day(right_one) || own.0 > other.1 || other.0 > own.1 {
        return false;
    }
    let amounts = |statement: &Statement| {
        statement.opening.zip(statement.closing).map(|(from, to)| (from.amount, to.amount))
    };
    let (Some(from_to), Some(other_from_to)) = (amounts(left_one), amounts(right_one)) else {
        return false;
    };
    if from_to == other_from_to {
        return true;
    }
    let encloses =
        |own: Stretch, other: Stretch| own != other && own.0 <= other.0 && other.1 <= own.1;
    let in_common = own.1.min(other.1).signed_duration_since(own.0.max(other.0)).num_days();
    let enclosed = encloses(own, other) || encloses(other, own) || in_common >= 1;
    enclosed && !leads_to(left, right, statements, days) && !leads_to(right, left, statements, days)
}

/// Whether statements of the account lead from the closing balance of one to the opening balance of
/// the other.
fn leads_to(from: usize, to: usize, statements: &[Statement], days: &[Option<Stretch>]) -> bool {
    let both = statements.get(from).zip(statements.get(to));
    let Some((first, last)) = both else { return false };
    let before = days.get(from).copied().flatten();
    let opening = last.opening.map(|balance| balance.amount);
    let mut reached = first.closing.map(|balance| balance.amount);
    for _ in 0..STEPS {
        if reached == opening {
            return true;
        }
        let next = statements.iter().zip(days).find(|(statement, own)| {
            !std::ptr::eq(*statement, first)
                && statement.account == first.account
                && statement.opening.map(|balance| balance.amount) == reached
                && own
                    .zip(before)
                    .is_some_and(|(own, before)| own.0 >= before.0 && own.0 <= before.1)
        });
        let Some((next, _)) = next else { return false };
        let closing = next.closing.map(|balance| balance.amount);
        if closing == reached {
            return false;
        }
        reached = closing;
    }
    false
}

/// So many statements of one day may lie between two.
const STEPS: usize = 8;
