//! Which days the files cover, and whether the result claims others.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::audit::calendar::BankingDays;
use crate::audit::claims;
use crate::audit::evidence::Evidence;
use crate::audit::finding::Finding;
use crate::audit::rows::is_account;
use crate::model::iban::Iban;
use crate::model::statement::Statement;
use crate::model::statement::StatementKind;

/// The days that statements of one account speak for.
#[derive(Debug, Default)]
struct Account<'a> {
    iban: Option<&'a Iban>,
    days: BTreeSet<NaiveDate>,
    /// Days at which the statements do not follow each other, or something is missing of them.
    broken: bool,
    said: Option<claims::Coverage>,
}

/// The covered days of all accounts: those of the result, where the files bear them out.
#[derive(Debug, Default)]
pub(super) struct Days<'a> {
    accounts: Vec<Account<'a>>,
}

/// So many days are asked of one statement.
const MOST_DAYS: usize = 1101;

impl<'a> Days<'a> {
    pub(super) fn new(
        run: &claims::Run,
        evidence: &Evidence<'a>,
        calendar: &BankingDays,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut of: BTreeMap<Option<String>, Account<'a>> = BTreeMap::new();
        let named: BTreeSet<_> = evidence
            .inputs
            .statements
            .iter()
            .filter_map(|own| own.account.as_ref().map(|iban| iban.key().into_owned()))
            .collect();
        let only = evidence.inputs.statements.iter().find_map(|own| own.account.as_ref());
        let only = only.filter(|_| named.len() == 1);
        let mut chain: BTreeMap<Option<String>, Vec<&Statement>> = BTreeMap::new();
        for statement in &evidence.inputs.statements {
            let iban = statement.account.as_ref().or(only);
            let key = iban.map(|iban| iban.key().into_owned());
            let own = of.entry(key.clone()).or_default();
            own.iban = own.iban.or(iban);
            chain.entry(key).or_default().push(statement);
            let covers = matches!(statement.kind, StatementKind::EndOfDay | StatementKind::Export);
            own.broken |= statement.covers_nothing
                || !statement.unreadable_days.is_empty()
                || statement.page.is_some();
            let Some((from, to)) = statement.days().filter(|_| covers) else { continue };
            if statement.covers_nothing {
                continue;
            }
            let until = run.as_of.map_or(to, |as_of| to.min(as_of));
            let last = std::iter::successors(Some(until), NaiveDate::pred_opt);
            let last = last.take(MOST_DAYS).take_while(|day| *day >= from);
            own.days.extend(last.filter(|day| {
                !statement.unreadable_days.iter().any(|(first, end)| first <= day && day <= end)
            }));
        }
        for (key, statements) in chain {
            if let Some(own) = of.get_mut(&key) {
                own.broken |= is_broken(&statements);
            }
        }
        let mut days =
            Self { accounts: of.into_values().filter(|own| !own.days.is_empty()).collect() };
        days.hold(run, calendar, findings);
        days
    }

    /// Holds what the result says against what the files cover.
    fn hold(&mut self, run: &claims::Run, calendar: &BankingDays, findings: &mut Vec<Finding>) {
        let about = |claim| Finding::refuted("", 0, claim);
        for said in &run.coverage {
            let fits = |own: &&mut Account<'_>| {
                own.said.is_none() && is_account(said.account.as_deref(), own.iban)
            };
            let Some(own) = self.accounts.iter_mut().find(fits) else {
                let account = said.account.as_deref().unwrap_or("null");
                findings.push(about("run.coverage.account").values(account, "–"));
                continue;
            };
            let ends = own.days.first().zip(own.days.last());
            let Some((first, last)) = ends.map(|(first, last)| (*first, *last)) else { continue };
            // A break may cost the first or the last days.
            let from = if own.broken { said.from >= first } else { said.from == first };
            let to = if own.broken { said.to <= last } else { said.to == last };
            if !from {
                findings.push(about("run.coverage.from").values(said.from, first));
            }
            if !to {
                findings.push(about("run.coverage.to").values(said.to, last));
            }
            let is_gap =
                |day: &NaiveDate| said.gaps.iter().any(|gap| gap.from <= *day && *day <= gap.to);
            for day in calendar.of(said.from.max(first), said.to.min(last)) {
                if own.days.contains(&day) == is_gap(&day) && (!is_gap(&day) || !own.broken) {
                    let (said, is) = if is_gap(&day) { ("gap", day) } else { ("–", day) };
                    findings.push(about("run.coverage.gaps").values(said, is));
                }
            }
            for gap in &said.gaps {
                let open = |day: &NaiveDate| calendar.holds(*day);
                let outside = |day: &NaiveDate| *day < said.from || *day > said.to || !open(day);
                if gap.to < gap.from || outside(&gap.from) || outside(&gap.to) {
                    findings.push(about("run.coverage.gaps").values(gap.from, gap.to));
                }
            }
            own.said = Some(said.clone());
        }
        for own in self.accounts.iter().filter(|own| own.said.is_none() && !own.broken) {
            let account = own.iban.map(Iban::masked).unwrap_or_default();
            findings.push(about("run.coverage").values("–", account));
        }
    }

    /// The account that is asked for, or all.
    fn of_account(&self, account: Option<&Iban>) -> impl Iterator<Item = &Account<'a>> + Clone {
        self.accounts.iter().filter(move |own| match (account, own.iban) {
            (Some(account), Some(iban)) => iban.same_account(account),
            (None, _) => true,
            (Some(_), None) => false,
        })
    }

    /// Whether some account has days behind one that it lacks between two days.
    pub(super) fn go_on_after_a_gap(
        &self,
        account: Option<&Iban>,
        from: NaiveDate,
        to: NaiveDate,
        calendar: &BankingDays,
    ) -> bool {
        let goes_on = |own: &Account<'_>| {
            let missing = calendar.of(from, to).find(|day| !own.days.contains(day));
            let last = own.days.iter().rev().find(|day| calendar.holds(**day));
            missing.zip(last).is_some_and(|(missing, last)| missing < *last)
        };
        self.of_account(account).any(goes_on)
    }

    /// Whether all banking days are covered, of an account or of all; `None` without any bank file.
    pub(super) fn hold_days(
        &self,
        account: Option<&Iban>,
        from: NaiveDate,
        to: NaiveDate,
        calendar: &BankingDays,
    ) -> bool {
        let covers = |own: &Account<'_>| {
            own.said.as_ref().is_some_and(|said| {
                calendar.of(from, to).all(|day| {
                    said.from <= day
                        && day <= said.to
                        && own.days.contains(&day)
                        && !said.gaps.iter().any(|gap| gap.from <= day && day <= gap.to)
                })
            })
        };
        let mut own = self.of_account(account);
        own.clone().next().is_some() && own.all(covers)
    }
}

/// Whether some statement begins with another balance than the one before it ends with.
fn is_broken(statements: &[&Statement]) -> bool {
    let mut ends: Vec<_> = statements
        .iter()
        .filter(|own| own.kind == StatementKind::EndOfDay)
        .filter_map(|own| Some((own.days()?, own.opening?.amount, own.closing?.amount)))
        .collect();
    ends.sort();
    ends.windows(2).any(|pair| match pair {
        [(_, _, closing), (_, opening, _)] => closing != opening,
        _ => false,
    })
}
