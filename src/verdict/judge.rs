//! From everything the files gave to a verdict on every payment and every bank entry.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::matching::bank::BankView;
use crate::matching::duplicates::United;
use crate::matching::findings::Findings;
use crate::matching::findings::Found;
use crate::matching::messages::Messages;
use crate::matching::orders;
use crate::matching::owed::Owed;
use crate::matching::rules;
use crate::model::crew;
use crate::model::iban::Iban;
use crate::model::inputs::Inputs;
use crate::model::payment::Payment;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::together;
use crate::verdict::Refusal;
use crate::verdict::coverage::Coverage;
use crate::verdict::dates::RunDates;
use crate::verdict::dates::dates_of;
use crate::verdict::decide::Case;
use crate::verdict::decide::decide;
use crate::verdict::ledger;
use crate::verdict::opinion::opinion;
use crate::verdict::outcome::CitedEntry;
use crate::verdict::outcome::Disposition;
use crate::verdict::outcome::JudgedPayment;
use crate::verdict::outcome::MissingData;
use crate::verdict::outcome::Tally;
use crate::verdict::outcome::Verdict;
use crate::verdict::plain::PlainCases;
use crate::verdict::plain::plain_cases;
use crate::verdict::plain::population;
use crate::verdict::reason::Reason;
use crate::verdict::remarks::check_totals;
use crate::verdict::remarks::report_gaps;
use crate::verdict::remarks::report_returns;
use crate::verdict::repeated;
use crate::verdict::result::Outcome;
use crate::verdict::scene::Scene;
use crate::verdict::settled::Settled;
use crate::verdict::sides::booked;
use crate::verdict::sides::owing;
use crate::verdict::terms::Terms;
use crate::verdict::trace::Trail;
use crate::verdict::trail;

/// Payments that one thread judges before it takes more.
const VERDICTS_AT_A_TIME: usize = 512;

/// Judges every payment and every bank entry of a run.
///
/// # Errors
///
/// A [`Refusal`] where no due date can be told or all rows belong to another month.
pub fn judge(mut inputs: Inputs, terms: &Terms) -> Result<Outcome, Refusal> {
    let plain = plain_cases(&mut inputs, terms);
    attempts(inputs, plain, terms, &mut |_| {})
}

/// The same, shown to somebody before it is taken apart. No payment goes the short way, so that all are there.
///
/// # Errors
///
/// As of [`judge`].
pub fn judge_seen(
    mut inputs: Inputs,
    terms: &Terms,
    see: &mut dyn FnMut(&Scene<'_>),
) -> Result<Outcome, Refusal> {
    inputs.unfold();
    attempts(inputs, PlainCases::default(), terms, see)
}

fn attempts(
    mut inputs: Inputs,
    mut plain: PlainCases,
    terms: &Terms,
    see: &mut dyn FnMut(&Scene<'_>),
) -> Result<Outcome, Refusal> {
    loop {
        match attempt(&mut inputs, plain, terms, see)? {
            Attempt::Done(outcome) => return Ok(*outcome),
            Attempt::AskedForAll(asked) => {
                asked.cases.give_back(&mut inputs);
                plain = PlainCases::default();
            }
        }
    }
}

enum Attempt {
    Done(Box<Outcome>),
    /// The rules need the plain cases too.
    AskedForAll(PlainCases),
}

fn attempt(
    inputs: &mut Inputs,
    plain: PlainCases,
    terms: &Terms,
    see: &mut dyn FnMut(&Scene<'_>),
) -> Result<Attempt, Refusal> {
    let (payments, alone) = take_payments(inputs, &plain)?;
    let run = match plain.run {
        Some(run) => run,
        None => RunDates::find(inputs, &payments, terms)?,
    };
    if terms.late_until.is_some_and(|day| day < run.due) {
        return Err(Refusal::Usage(
            "`--late-until` liegt vor dem Fälligkeitstag; was danach kommt, wäre verspätet, bevor es fällig ist",
            "`--late-until` is before the due day; what comes later would be late before it is due",
        ));
    }
    let mut problems = std::mem::take(&mut inputs.problems);
    let united = United::default();
    let (mut bank, (owed, messages)) = crew::both(
        terms.threads,
        || booked(inputs, &united, terms),
        || owing(inputs, &payments, (run, alone), terms, &mut problems),
    );
    let dates = |own| dates_of(run.of_row(own), terms);
    let population = population(&plain.cases, &dates);
    bank.drop_repeated_ids(population.first_day(&owed));
    let mut findings =
        rules::apply(&owed, &bank, &inputs.orders, &messages, &population, terms.threads);
    if findings.settled_are_asked_for {
        inputs.payments = payments;
        inputs.problems = problems;
        return Ok(Attempt::AskedForAll(plain));
    }
    repeated::flag(&owed, &mut findings, &mut problems);
    see(&Scene {
        owed: &owed,
        bank: &bank,
        findings: &findings,
        messages: &messages,
        orders: &inputs.orders,
        settled: &population,
        threads: terms.threads,
    });
    let coverage = Coverage::new(
        &inputs.statements,
        &bank.accounts,
        terms.as_of,
        &terms.calendar,
        &mut problems,
    );
    let court = Court {
        owed: &owed,
        findings: &findings,
        messages: &messages,
        inputs,
        bank: &bank,
        coverage: &coverage,
        known_until: terms.as_of.or_else(|| coverage.last_day()),
        terms,
    };
    // In parts, which are gone one by one as payments get their verdicts.
    let numbers: Vec<usize> = (0..owed.len()).collect();
    let parts: Vec<&[usize]> = numbers.chunks(VERDICTS_AT_A_TIME).collect();
    let verdicts = together::map(&parts, terms.threads, |part| {
        part.iter().filter_map(|number| court.verdict(*number)).collect::<Vec<Verdict>>()
    });
    problems.extend(court.contradicted(verdicts.iter().flatten()));
    let missing = court.missing(verdicts.iter().flatten());
    let dispositions = dispositions(&bank, &findings, population.first_day(&owed));
    check_totals(&inputs.totals, &mut problems);
    let horizon = dates_of(run.due, terms).horizon;
    let report = coverage.report(&terms.calendar);
    report_gaps(&report, &mut problems);
    let settled = Settled::new(plain.cases, &dates, &bank, &coverage, terms);
    let statuses = verdicts.iter().flatten().map(|verdict| verdict.status);
    let amounts = payments.iter().map(Payment::amount_or_zero);
    let totals = ledger::totals(amounts.zip(statuses), &bank, &dispositions, settled.totals());
    let accounts: Vec<Iban> = bank.accounts.iter().map(|account| (*account).clone()).collect();
    let of_entries: Vec<Option<usize>> = bank.entries.iter().map(|view| view.account).collect();
    let of_entries = of_entries.into_iter().map(|number| accounts.get(number?));
    // Nobody looks at the statements any more.
    drop(bank);
    let statements = std::mem::take(&mut inputs.statements);
    // What was found for a hundred thousand payments takes as long to take apart.
    drop((owed, messages));
    // One after the other: each is there twice for a moment.
    let ((), mut judged) =
        crew::both(terms.threads, || drop(findings), || with_verdicts(payments, verdicts));
    let mut bank_entries = ledger::entries(statements, of_entries.zip(dispositions), terms.threads);
    report_returns(&bank_entries, &mut problems);
    judged.sort_by_key(|judged| judged.payment.place);
    bank_entries.sort_by_key(|entry| entry.place);
    problems.sort();
    problems.dedup();
    let outcome = Outcome {
        due: run.due,
        horizon,
        crediting: terms.crediting,
        as_of: terms.as_of,
        coverage: report,
        missing,
        files: inputs.files.clone(),
        totals,
        payments: judged,
        bank_entries,
        settled: Arc::new(settled),
        problems,
    };
    Ok(Attempt::Done(Box::new(outcome)))
}

/// What became of every bank entry.
fn dispositions(
    bank: &BankView<'_>,
    findings: &Findings,
    window_start: Option<NaiveDate>,
) -> Vec<Disposition> {
    let entries = bank.entries.iter().zip(&findings.entries);
    entries.map(|(view, used)| ledger::disposition(view, *used, window_start)).collect()
}

/// Payments with their verdicts, which came in parts.
fn with_verdicts(payments: Vec<Payment>, verdicts: Vec<Vec<Verdict>>) -> Vec<JudgedPayment> {
    let mut judged = Vec::with_capacity(payments.len());
    for (payment, verdict) in payments.into_iter().zip(verdicts.into_iter().flatten()) {
        judged.push(JudgedPayment { payment, verdict });
    }
    judged
}

/// The payments that the rules look at, and whether they come from orders alone.
fn take_payments(inputs: &mut Inputs, plain: &PlainCases) -> Result<(Vec<Payment>, bool), Refusal> {
    let alone = inputs.payments.is_empty() && plain.cases.is_empty();
    let payments =
        if alone { orders::payments(&inputs.orders) } else { std::mem::take(&mut inputs.payments) };
    if payments.is_empty() && plain.cases.is_empty() {
        return Err(Refusal::Usage(
            "Es fehlt eine Zahlungsliste oder Auftragsdatei: Was gezahlt werden soll, steht in keiner der Dateien",
            "there is no payment list or order file: none of the files says what is to be paid",
        ));
    }
    Ok((payments, alone))
}

/// All that verdicts rest on.
struct Court<'a> {
    owed: &'a [Owed<'a>],
    findings: &'a Findings,
    messages: &'a Messages,
    inputs: &'a Inputs,
    bank: &'a BankView<'a>,
    coverage: &'a Coverage<'a>,
    known_until: Option<NaiveDate>,
    terms: &'a Terms,
}

impl<'a> Court<'a> {
    /// The account that pays: the order's, the list's, else the configuration's.
    fn payer(&self, owed: &'a Owed<'a>) -> Option<&'a Iban> {
        let ordered = orders::batch_of(owed, &self.inputs.orders);
        let ordered = ordered.and_then(|batch| batch.payer_account.as_ref());
        let by_rule = || {
            let row = owed.payment;
            let fits = |wanted: &Option<String>, own: Option<&str>| {
                wanted.as_deref().is_none_or(|wanted| own == Some(wanted))
            };
            let rule = self.terms.payer_accounts.iter().find(|rule| {
                fits(&rule.benefit, Some(row.benefit.name()))
                    && fits(&rule.office, row.office.as_deref())
                    && fits(&rule.run, row.run.as_deref())
            });
            rule.map(|rule| &rule.iban)
        };
        ordered.or(owed.payment.payer_account.as_ref()).or_else(by_rule)
    }

    fn first_needed_day(&self, owed: &Owed<'_>) -> NaiveDate {
        let executed = orders::execution_date(owed, &self.inputs.orders);
        let start = owed.dates.window_start;
        // An order may be late; the days to the due date count all the same.
        executed.map_or(start, |day| start.max(day.min(owed.dates.horizon)))
    }

    fn verdict(&self, number: usize) -> Option<Verdict> {
        let owed = self.owed.get(number)?;
        let found = self.findings.payments.get(number)?;
        let said = self.messages.of(number);
        let booked_from: Vec<Option<&Iban>> = found
            .claims
            .iter()
            .map(|claim| {
                let account = self.bank.entries.get(claim.entry).and_then(|entry| entry.account);
                account.and_then(|account| self.bank.accounts.get(account)).copied()
            })
            .collect();
        let announced = found.pending.booked_from(self.bank);
        let case = Case {
            owed,
            found,
            said,
            account: self.payer(owed),
            booked_from: &booked_from,
            from: self.first_needed_day(owed),
            expected: announced.or(orders::execution_date(owed, &self.inputs.orders)),
            known_until: self.known_until,
            as_of: self.terms.as_of,
            coverage: self.coverage,
            calendar: &self.terms.calendar,
            crediting: self.terms.crediting,
        };
        let decision = decide(&case);
        let trail = if self.terms.without_trails {
            Trail::default()
        } else {
            trail::write(&case, &decision, self.bank, &self.inputs.orders).into_iter().collect()
        };
        Some(opinion(&case, &decision, self.cited(found), trail))
    }

    fn cited(&self, found: &Found) -> Vec<CitedEntry> {
        let claims = found.claims.iter().map(|claim| claim.entry);
        let returns = found.returned.iter().map(|returned| returned.entry);
        let others = found.cited.shown().chain(found.pending.shown());
        let numbers = claims.chain(returns).chain(others);
        let mut cited = Vec::with_capacity(numbers.clone().count());
        cited.extend(numbers.filter_map(|entry| self.bank.entries.get(entry)).map(|view| {
            CitedEntry {
                place: view.entry.place,
                booking_date: view.entry.booking_date,
                value_date: view.entry.value_date,
                amount: view.entry.signed(),
            }
        }));
        cited.sort_unstable();
        cited.dedup();
        // Two bookings may share a line, and are two all the same.
        for entry in &mut cited {
            entry.place = entry.place.whole_line();
        }
        cited
    }

    /// Confirmations of a credit before the money left: they prove nothing.
    fn contradicted<'v>(&self, verdicts: impl Iterator<Item = &'v Verdict>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (number, (owed, verdict)) in self.owed.iter().zip(verdicts).enumerate() {
            let Some((day, place)) = self.messages.of(number).confirmed else { continue };
            let first = self.first_needed_day(owed);
            let first = verdict.booked_on.map_or(first, |booked| first.max(booked));
            let nothing_left = verdict.booked_on.is_none()
                && self.coverage.holds(self.payer(owed), first, day, &self.terms.calendar);
            if day < first || nothing_left {
                problems.push(
                    Problem::new(ProblemCode::ConfirmationContradicts, place)
                        .value(day.to_string())
                        .expected(first.to_string()),
                );
            }
        }
        problems
    }

    /// Which days of which account would decide open payments.
    fn missing<'v>(&self, verdicts: impl Iterator<Item = &'v Verdict>) -> Vec<MissingData> {
        // Thousands may wait for the same days.
        let mut needed: BTreeMap<(Option<&Iban>, NaiveDate, NaiveDate), Tally> = BTreeMap::new();
        for (owed, verdict) in self.owed.iter().zip(verdicts) {
            let waits = matches!(
                verdict.reason,
                Reason::BankDataMissing | Reason::NotBookedByDue | Reason::Pending
            );
            if !waits {
                continue;
            }
            let days = (self.payer(owed), self.first_needed_day(owed), owed.dates.horizon);
            needed.entry(days).or_default().add(owed.amount);
        }
        let mut waiting: BTreeMap<(Option<Iban>, Vec<(NaiveDate, NaiveDate)>), Tally> =
            BTreeMap::new();
        for ((account, from, horizon), payments) in needed {
            for missing in self.coverage.missing(account, from, horizon, &self.terms.calendar) {
                waiting.entry(missing).or_default().add_all(payments);
            }
        }
        waiting
            .into_iter()
            .map(|((account, days), payments)| MissingData { account, days, payments })
            .collect()
    }
}
