//! camt.052, camt.053, camt.054: statements, reports, notifications.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::statement::Balance;
use crate::model::statement::BookingStatus;
use crate::model::statement::Statement;
use crate::model::statement::StatementKind;
use crate::readers::interpret;
use crate::readers::iso20022::entry;
use crate::readers::iso20022::fields::account;
use crate::readers::iso20022::fields::date;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::pull::Step;
use crate::readers::iso20022::stretch::BOOKED;
use crate::readers::iso20022::stretch::Booked;
use crate::readers::iso20022::tree::Node;
use crate::readers::runs::MARK;
use crate::readers::runs::Run;

/// Reads all statements of a message; returns at its end.
pub(crate) fn read(
    file: FileId,
    kind: &str,
    pull: &mut Pull<'_>,
    reading: &mut Reading,
) -> Result<(), Problem> {
    let kind = match kind {
        "camt.053" => StatementKind::EndOfDay,
        "camt.054" => StatementKind::Notification,
        _ => StatementKind::Intraday,
    };
    let mut page = None;
    let mut open: Option<Open> = None;
    loop {
        match pull.next()? {
            Step::Open(name, line) if matches!(&*name, "Stmt" | "Rpt" | "Ntfctn") => {
                open = Some(Open {
                    statement: Statement {
                        place: Place::line(file, line),
                        kind,
                        page,
                        ..Statement::default()
                    },
                    ..Open::default()
                });
            }
            Step::Open(_, _) => {}
            Step::Close(name) if matches!(&*name, "Stmt" | "Rpt" | "Ntfctn") => {
                if let Some(open) = open.take() {
                    let mut finished = open.finish(&mut reading.problems);
                    interpret::statement(&mut finished);
                    reading.statements.push(finished);
                }
            }
            Step::Close(name) if pull.message.as_deref() == Some(&*name) => return Ok(()),
            Step::Close(_) => {}
            Step::Node(tree) => {
                let Some(node) = tree.root() else { continue };
                match (&mut open, node.name()) {
                    (Some(open), MARK) => {
                        // Other kinds of documents are not read in brief.
                        let may = kind == StatementKind::EndOfDay;
                        let number = reading.statements.len();
                        let behind = open.statement.entries.len();
                        if let Some(run) = may.then(|| pull.runs.meet(number, behind)).flatten() {
                            open.add(run);
                        }
                    }
                    (Some(open), BOOKED) => {
                        open.take_booked(pull.take_booked(node.line())?, reading);
                    }
                    (None, "GrpHdr") => page = pages(node),
                    (Some(open), _) => open.take(file, node, reading),
                    (None, _) => {}
                }
            }
            Step::End => return Ok(()),
        }
    }
}

fn pages(header: Node<'_>) -> Option<(u32, bool)> {
    let number = header.text_at("MsgPgntn/PgNb")?.parse().ok()?;
    let last = header.text_at("MsgPgntn/LastPgInd").is_none_or(|text| matches!(text, "true" | "1"));
    // A single page is no page.
    (number != 1 || !last).then_some((number, last))
}

/// A statement being read.
#[derive(Default)]
struct Open {
    statement: Statement,
    /// Opening balance that carries the day before (`PRCD`).
    carried: bool,
    /// What the bookings in brief take from the balance, in euros.
    in_brief: Amount,
}

impl Open {
    fn take(&mut self, file: FileId, node: Node<'_>, reading: &mut Reading) {
        let statement = &mut self.statement;
        match node.name() {
            "Acct" => statement.account = account(node),
            "ElctrncSeqNb" => statement.number = node.text().map(str::to_owned),
            "LglSeqNb" if statement.number.is_none() => {
                statement.number = node.text().map(str::to_owned);
            }
            "StmtPgntn" | "RptPgntn" => {
                let number = node.text_at("PgNb").and_then(|text| text.parse().ok());
                let last =
                    node.text_at("LastPgInd").is_none_or(|text| matches!(text, "true" | "1"));
                statement.page = number.filter(|n: &u32| *n != 1 || !last).map(|n| (n, last));
            }
            "FrToDt" => statement.period = period(node),
            "Bal" => self.take_balance(node),
            "Ntry" => {
                let place = Place::line(file, node.line());
                match entry::read(file, node, &mut reading.problems) {
                    Ok(entry) => statement.entries.push(entry),
                    Err((problem, day)) => {
                        reading.problems.push(Problem { place, ..problem });
                        self.miss(day, reading);
                    }
                }
            }
            _ => {}
        }
    }

    /// A booking that could not be read.
    fn miss(&mut self, day: Option<NaiveDate>, reading: &mut Reading) {
        reading.skipped = reading.skipped.saturating_add(1);
        match day {
            Some(day) => self.statement.unreadable_days.push((day, day)),
            None => self.statement.covers_nothing = true,
        }
    }

    /// Bookings that were read beforehand.
    fn take_booked(&mut self, booked: Booked, reading: &mut Reading) {
        self.statement.entries.extend(booked.entries);
        reading.problems.extend(booked.problems);
        for day in booked.unreadable {
            self.miss(day, reading);
        }
    }

    /// Adds bookings that are kept in brief.
    fn add(&mut self, run: Run) {
        self.in_brief = self.in_brief.plus(run.sum);
        run.widen(&mut self.statement.brief_days);
    }

    fn take_balance(&mut self, node: Node<'_>) {
        let Some((amount, currency)) = node.child("Amt").and_then(money) else { return };
        let debit = node.text_at("CdtDbtInd") == Some("DBIT");
        let amount = if debit { amount.negated() } else { amount };
        let balance = Balance { day: node.child("Dt").and_then(date), amount, currency };
        let code = node.at("Tp/CdOrPrtry").and_then(Node::choice).unwrap_or_default();
        match code {
            "OPBD" => {
                self.statement.opening = Some(balance);
                self.carried = false;
            }
            "PRCD" if self.statement.opening.is_none() => {
                self.statement.opening = Some(balance);
                self.carried = true;
            }
            "CLBD" => self.statement.closing = Some(balance),
            _ => {}
        }
    }

    /// Sets the period, and checks that the balances tie.
    fn finish(mut self, problems: &mut Vec<Problem>) -> Statement {
        let statement = &mut self.statement;
        if statement.kind != StatementKind::EndOfDay {
            return self.statement;
        }
        if statement.period.is_none() {
            let opening = statement.opening.and_then(|balance| balance.day);
            let closing = statement.closing.and_then(|balance| balance.day);
            statement.period = match (opening, closing) {
                // `PRCD` is the closing balance of the day before; `OPBD` may carry either day.
                (Some(from), Some(to)) if from < to && self.carried => {
                    from.succ_opt().map(|from| (from, to))
                }
                (Some(from), Some(to)) if from <= to && !self.carried => Some((from, to)),
                (_, Some(to)) => Some((to, to)),
                _ => None,
            };
        }
        let (Some(opening), Some(closing)) = (statement.opening, statement.closing) else {
            return self.statement;
        };
        if opening.currency != closing.currency || statement.page.is_some() {
            return self.statement;
        }
        let sum: Amount = statement
            .entries
            .iter()
            .filter(|entry| {
                entry.status == BookingStatus::Booked && entry.currency == opening.currency
            })
            .map(crate::model::statement::StatementEntry::signed)
            .sum();
        let mut reached = opening.amount.plus(sum);
        if opening.currency == Currency::EUR {
            reached = reached.plus(self.in_brief.negated());
        }
        if reached != closing.amount {
            problems.push(
                Problem::new(ProblemCode::BalanceDiffers, statement.place)
                    .value(reached.to_string())
                    .expected(closing.amount.to_string()),
            );
            statement.covers_nothing = true;
        }
        self.statement
    }
}

/// `FrDtTm`/`ToDtTm` or `FrDt`/`ToDt`; an end at midnight means the day before.
fn period(node: Node<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let at = |names: [&str; 2]| names.into_iter().find_map(|name| node.text_at(name));
    let (from_text, to_text) = (at(["FrDtTm", "FrDt"])?, at(["ToDtTm", "ToDt"])?);
    let from = crate::model::date::from_iso(from_text)?;
    let mut to = crate::model::date::from_iso(to_text)?;
    let midnight = to_text.split_once('T').is_some_and(|(_, time)| time.starts_with("00:00:00"));
    if midnight && to > from {
        to = to.pred_opt()?;
    }
    (from <= to).then_some((from, to))
}
