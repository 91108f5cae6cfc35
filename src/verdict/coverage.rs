//! Which days of which account the bank's files cover. What they do not cover is not known.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::Days;
use chrono::NaiveDate;

use crate::model::calendar::Calendar;
use crate::model::iban::Iban;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::statement::Statement;
use crate::model::statement::StatementKind;
use crate::verdict::covered::CoveredDays;
use crate::verdict::outcome::AccountCoverage;

/// The covered days of all accounts of a run.
#[derive(Clone, Debug, Default)]
pub struct Coverage<'a> {
    /// The accounts and their covered days; files that name no account come under `None`, unless
    /// only one account is named at all.
    accounts: Vec<(Option<&'a Iban>, CoveredDays)>,
}

/// What the data say about a payment for which nothing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Every needed day up to the horizon is covered.
    ToHorizon,
    /// Every day to the due date or later; the data end before the horizon.
    ToDue,
    /// Needed days are missing.
    Gap,
}

impl<'a> Coverage<'a> {
    /// Lays all statements over each other; breaks in the chain of balances uncover their days
    /// and are reported. Days after `as_of` are not covered.
    pub fn new(
        statements: &'a [Statement],
        accounts: &[&'a Iban],
        as_of: Option<NaiveDate>,
        calendar: &Calendar,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut coverage = Self::default();
        let only = match accounts {
            [one] => Some(*one),
            _ => None,
        };
        let mut by_account: BTreeMap<Option<usize>, Vec<&Statement>> = BTreeMap::new();
        for statement in statements {
            let account = statement.account.as_ref().or(only);
            let number =
                account.and_then(|own| accounts.iter().position(|known| known.same_account(own)));
            by_account.entry(number).or_default().push(statement);
        }
        for (number, statements) in by_account {
            let mut days = covered_days(&statements);
            for (from, to) in chain_breaks(&statements, calendar, problems) {
                days.retain(|day| *day < from || *day > to);
            }
            if let Some(as_of) = as_of {
                days.retain(|day| *day <= as_of);
            }
            let account = number.and_then(|number| accounts.get(number)).copied();
            coverage.accounts.push((account, CoveredDays::new(days, calendar)));
        }
        coverage
    }

    /// Whether any bank file is there.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// The last day that is covered for any account.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.accounts.iter().filter_map(|(_, days)| days.ends()).map(|(_, last)| last).max()
    }

    fn days_of(&self, account: &Iban) -> Option<&CoveredDays> {
        let found = self
            .accounts
            .iter()
            .find(|(known, _)| known.is_some_and(|known| known.same_account(account)));
        found.map(|(_, days)| days)
    }

    /// Whether all banking days from `from` to `to` are covered for an account (of all accounts,
    /// if it is not known which one pays).
    pub fn holds(
        &self,
        account: Option<&Iban>,
        from: NaiveDate,
        to: NaiveDate,
        calendar: &Calendar,
    ) -> bool {
        let covered = |days: &CoveredDays| days.first_missing(from, to, calendar).is_none();
        match account {
            Some(account) => self.days_of(account).is_some_and(covered),
            None => !self.is_empty() && self.accounts.iter().all(|(_, days)| covered(days)),
        }
    }

    /// How far the data reach for a payment that needs the days from `from` to the horizon.
    pub fn reach(
        &self,
        account: Option<&Iban>,
        from: NaiveDate,
        due: NaiveDate,
        horizon: NaiveDate,
        calendar: &Calendar,
    ) -> Reach {
        let of = |days: &CoveredDays| match days.first_missing(from, horizon, calendar) {
            None => Reach::ToHorizon,
            // The data end after the due date, with no covered day behind the first gap.
            Some(first) if first > due && days.ends().is_none_or(|(_, last)| last < first) => {
                Reach::ToDue
            }
            Some(_) => Reach::Gap,
        };
        match account {
            Some(account) => self.days_of(account).map_or(Reach::Gap, of),
            None => self.accounts.iter().map(|(_, days)| of(days)).max().unwrap_or(Reach::Gap),
        }
    }

    /// The accounts that lack days between `from` and `to`, with the stretches they lack.
    pub fn missing(
        &self,
        account: Option<&Iban>,
        from: NaiveDate,
        to: NaiveDate,
        calendar: &Calendar,
    ) -> Vec<(Option<Iban>, Vec<(NaiveDate, NaiveDate)>)> {
        let needed = calendar.days_between(from, to);
        let lacking = |days: &CoveredDays| {
            let missing: Vec<NaiveDate> =
                needed.iter().copied().filter(|day| !days.has(*day)).collect();
            stretches(&missing, calendar)
        };
        let empty = CoveredDays::default();
        let all: Vec<(Option<Iban>, Vec<(NaiveDate, NaiveDate)>)> = match account {
            Some(account) => {
                let days = self.days_of(account).unwrap_or(&empty);
                vec![(Some(account.clone()), lacking(days))]
            }
            None if self.is_empty() => vec![(None, lacking(&empty))],
            None => self
                .accounts
                .iter()
                .map(|(account, days)| (account.cloned(), lacking(days)))
                .collect(),
        };
        all.into_iter().filter(|(_, missing)| !missing.is_empty()).collect()
    }

    /// What the report says.
    pub fn report(&self, calendar: &Calendar) -> Vec<AccountCoverage> {
        let mut all: Vec<AccountCoverage> = self
            .accounts
            .iter()
            .filter_map(|(account, days)| {
                let (from, to) = days.ends()?;
                let gaps = stretches(days.lacking(), calendar);
                Some(AccountCoverage { account: account.cloned(), from, to, gaps })
            })
            .collect();
        all.sort_by(|left, right| left.account.cmp(&right.account));
        all
    }
}

/// Days as stretches without a banking day between.
fn stretches(days: &[NaiveDate], calendar: &Calendar) -> Vec<(NaiveDate, NaiveDate)> {
    let mut found: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match found.last_mut() {
            Some((_, last)) if calendar.next_after(*last) == *day => *last = *day,
            _ => found.push((*day, *day)),
        }
    }
    found
}

/// So many days are kept of one statement.
const MOST_DAYS: Days = Days::new(1100);

/// The stretch of days a statement speaks for.
pub fn period_of(statement: &Statement) -> Option<(NaiveDate, NaiveDate)> {
    statement.days()
}

fn covers_days(statement: &Statement) -> bool {
    matches!(statement.kind, StatementKind::EndOfDay | StatementKind::Export)
        && !statement.covers_nothing
}

fn covered_days(statements: &[&Statement]) -> BTreeSet<NaiveDate> {
    let mut days = BTreeSet::new();
    for statement in statements.iter().filter(|statement| covers_days(statement)) {
        let Some((from, to)) = period_of(statement) else { continue };
        let unreadable = |day: &NaiveDate| {
            statement.unreadable_days.iter().any(|(first, last)| first <= day && day <= last)
        };
        // A period of many years is an account's whole history; its last days are asked for.
        let from = to.checked_sub_days(MOST_DAYS).map_or(from, |earliest| from.max(earliest));
        days.extend(from.iter_days().take_while(|day| *day <= to).filter(|d| !unreadable(d)));
    }
    // Pages that are missing were left out by `chain_breaks`, which knows the numbers.
    days
}

/// The stretches over which statements do not follow each other: the closing balance of one is not
/// the opening balance of the next.
fn chain_breaks(
    statements: &[&Statement],
    calendar: &Calendar,
    problems: &mut Vec<Problem>,
) -> Vec<(NaiveDate, NaiveDate)> {
    let mut breaks = missing_pages(statements, problems);
    let mut chain: Vec<(NaiveDate, NaiveDate, &Statement)> = statements
        .iter()
        .filter(|statement| statement.kind == StatementKind::EndOfDay)
        .filter(|statement| statement.opening.is_some() && statement.closing.is_some())
        .filter_map(|statement| period_of(statement).map(|(from, to)| (from, to, *statement)))
        .collect();
    let order = |statement: &Statement| {
        let number =
            statement.number.as_deref().and_then(|number| number.trim().parse::<u64>().ok());
        (number, statement.page)
    };
    chain.sort_by(|left, right| {
        (left.0, left.1, order(left.2)).cmp(&(right.0, right.1, order(right.2)))
    });
    let balances = |statement: &Statement| {
        (statement.opening.map(|b| b.amount), statement.closing.map(|b| b.amount))
    };
    chain.dedup_by(|next, first| {
        (next.0, next.1) == (first.0, first.1) && balances(next.2) == balances(first.2)
    });
    for pair in chain.windows(2) {
        let [(_, end, before), (start, _, after)] = pair else { continue };
        let (Some(closing), Some(opening)) = (before.closing, after.opening) else { continue };
        // Overlapping statements are two tellings of the same days, not a chain; over a gap of
        // days the gap itself speaks.
        let follows = calendar.next_after(*end) == *start
            || (end < start && calendar.days_between(*end, *start).len() <= 2);
        let same_day = end == start && before.number != after.number && before.page.is_none();
        if !(follows || same_day) || closing.currency != opening.currency {
            continue;
        }
        let numbers = (before.numbering == after.numbering)
            .then(|| number_of(before).zip(number_of(after)))
            .flatten();
        if let Some((first, second)) = numbers {
            if second > first.saturating_add(1) {
                problems.push(
                    Problem::new(ProblemCode::StatementNumberGap, after.place)
                        .value(second.to_string())
                        .expected(first.to_string()),
                );
            }
        }
        if closing.amount != opening.amount {
            if same_day && chain_links_elsewhere(&chain, after) {
                continue;
            }
            problems.push(
                Problem::new(ProblemCode::BalanceChainBroken, after.place)
                    .value(opening.amount.to_string())
                    .expected(closing.amount.to_string()),
            );
            breaks.push((*end, *start));
        }
    }
    breaks
}

/// The number of a statement, where it is one.
fn number_of(statement: &Statement) -> Option<u64> {
    statement.number.as_deref()?.trim().parse().ok()
}

/// Whether some other statement closes with this one's opening balance: the order inside one day
/// was only guessed.
fn chain_links_elsewhere(
    chain: &[(NaiveDate, NaiveDate, &Statement)],
    statement: &Statement,
) -> bool {
    chain.iter().any(|(_, _, other)| {
        !std::ptr::eq(*other, statement)
            && other.closing.map(|b| b.amount) == statement.opening.map(|b| b.amount)
    })
}

/// Statements that span several files, of which a page is missing: their days are not covered.
fn missing_pages(
    statements: &[&Statement],
    problems: &mut Vec<Problem>,
) -> Vec<(NaiveDate, NaiveDate)> {
    let mut gaps = Vec::new();
    for pages in paged(statements) {
        let numbers: BTreeSet<u32> =
            pages.iter().filter_map(|statement| statement.page).map(|(page, _)| page).collect();
        let last = pages
            .iter()
            .filter_map(|statement| statement.page)
            .find_map(|(page, last)| last.then_some(page));
        let wanted = last.unwrap_or_else(|| numbers.last().copied().unwrap_or(0).saturating_add(1));
        let Some(missing) = (1..=wanted).find(|page| !numbers.contains(page)) else { continue };
        if let Some(first) = pages.first() {
            problems.push(
                Problem::new(ProblemCode::PageMissing, first.place).value(missing.to_string()),
            );
        }
        gaps.extend(pages.iter().filter_map(|statement| period_of(statement)));
    }
    gaps
}

/// The pages of each statement that has several. Numbers begin anew every year, and many banks give
/// none: then, in the order of days, the next statement begins where pages do not go on counting.
fn paged<'a>(statements: &[&'a Statement]) -> Vec<Vec<&'a Statement>> {
    let mut series: BTreeMap<_, Vec<(Option<(NaiveDate, NaiveDate)>, u32, &Statement)>> =
        BTreeMap::new();
    for statement in statements.iter().filter(|statement| covers_days(statement)) {
        let Some((page, _)) = statement.page else { continue };
        let key = (statement.kind, statement.numbering, statement.number.as_deref());
        series.entry(key).or_default().push((period_of(statement), page, statement));
    }
    let mut groups = Vec::new();
    for ((.., number), mut pages) in series {
        pages.sort_by_key(|(period, page, _)| (*period, *page));
        // The same page told twice.
        pages.dedup_by_key(|(period, page, _)| (*period, *page));
        let distinct: BTreeSet<u32> = pages.iter().map(|(_, page, _)| *page).collect();
        let is_one = number.is_some() && distinct.len() == pages.len();
        let same = |left: &(_, u32, _), right: &(_, u32, _)| is_one || left.1 < right.1;
        for group in pages.chunk_by(same) {
            groups.push(group.iter().map(|(_, _, statement)| *statement).collect());
        }
    }
    groups
}
