//! camt.052, camt.053, camt.054: statements, reports, notifications.

use chrono::NaiveDate;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::model::statement::Statement;
use crate::model::statement::StatementKind;
use crate::readers::interpret;
use crate::readers::iso20022::balances::Balances;
use crate::readers::iso20022::balances::period;
use crate::readers::iso20022::entry;
use crate::readers::iso20022::fields::account;
use crate::readers::iso20022::fields::is_true;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::pull::Step;
use crate::readers::iso20022::sides;
use crate::readers::iso20022::stretch::BOOKED;
use crate::readers::iso20022::stretch::Booked;
use crate::readers::iso20022::tree::Node;
use crate::readers::iso20022::unread;
use crate::readers::iso20022::unread::Notes;
use crate::readers::remarks;
use crate::readers::remarks::Unnamed;
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
                    let before = reading.problems.len();
                    let mut finished = open.finish(&mut reading.problems);
                    let cut =
                        |problem: &Problem| problem.code == ProblemCode::ClosingBalanceMissing;
                    reading.refused |= reading.problems.iter().skip(before).any(cut);
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
                        let mut booked = pull.take_booked(node.line())?;
                        pull.unread.take(std::mem::take(&mut booked.notes.unread));
                        open.take_booked(booked, reading);
                    }
                    (None, "GrpHdr") => {
                        page = pages(node);
                        pull.leave_unread("", node, &is_irrelevant);
                    }
                    (Some(open), "Ntry") => {
                        open.take_booking(file, node, &mut pull.unread, reading);
                    }
                    (Some(open), _) => {
                        open.take(node, &mut reading.problems);
                        pull.leave_unread("Stmt/", node, &is_irrelevant);
                    }
                    (None, _) => pull.leave_unread("", node, &is_irrelevant),
                }
            }
            Step::End => return Ok(()),
        }
    }
}

/// Whether an element of a statement, beside its bookings, says nothing about payments.
fn is_irrelevant(parent: &str, name: &str) -> bool {
    match name {
        // What the message is, who made it for whom, and when.
        "MsgId" | "CreDtTm" | "MsgRcpt" | "OrgnlBizQry" | "MsgPgntn" | "StmtPgntn" => true,
        "RptPgntn" | "NtfctnPgntn" | "Id" | "RptgSeq" | "RptgSrc" | "CpyDplctInd" => true,
        // The account's owner, bank, kind and currency; other accounts; interest.
        "Ownr" | "Svcr" | "Ccy" | "RltdAcct" | "Intrst" | "LglSeqNb" | "ElctrncSeqNb" => true,
        "Nm" | "Prxy" => parent == "Acct",
        // Sums over the bookings: the balances are checked.
        "TxsSummry" => true,
        // Kinds of balances, credit lines, when money is available.
        "Tp" | "CdtLine" | "Avlbty" | "SubTp" => true,
        // Balances that no booking is held against.
        "Amt" | "CdtDbtInd" | "Dt" | "DtTm" => true,
        _ => false,
    }
}

fn pages(header: Node<'_>) -> Option<(u32, bool)> {
    page(header.child("MsgPgntn")?)
}

/// The number of a page and whether it is the last; a single page is no page.
fn page(pagination: Node<'_>) -> Option<(u32, bool)> {
    let number = pagination.text_at("PgNb")?.parse().ok()?;
    let last = pagination.child("LastPgInd").is_none() || is_true(pagination, "LastPgInd");
    (number != 1 || !last).then_some((number, last))
}

/// A statement being read.
#[derive(Default)]
struct Open {
    statement: Statement,
    balances: Balances,
    /// What is said of all of it.
    remarks: Vec<String>,
}

impl Open {
    fn take(&mut self, node: Node<'_>, problems: &mut Vec<Problem>) {
        let statement = &mut self.statement;
        match node.name() {
            "Acct" => statement.account = account(node),
            "ElctrncSeqNb" => statement.number = node.text().map(str::to_owned),
            "LglSeqNb" if statement.number.is_none() => {
                statement.number = node.text().map(str::to_owned);
            }
            "StmtPgntn" | "RptPgntn" | "NtfctnPgntn" => statement.page = page(node),
            "FrToDt" => statement.period = period(node),
            "Bal" => self.balances.take(node, statement, problems),
            "AddtlStmtInf" | "AddtlRptInf" | "AddtlNtfctnInf" => {
                self.remarks.extend(node.text().map(str::to_owned));
            }
            _ => {}
        }
    }

    fn take_booking(
        &mut self,
        file: FileId,
        node: Node<'_>,
        unread: &mut unread::UnreadPaths,
        reading: &mut Reading,
    ) {
        let mut notes = Notes::default();
        let read = entry::read(file, node, &mut notes);
        unread.take(notes.unread);
        reading.problems.extend(notes.problems);
        match read {
            Ok(entry) => self.statement.entries.push(entry),
            Err((problem, day)) => {
                reading.problems.push(problem);
                self.miss(day, reading);
            }
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
        reading.problems.extend(booked.notes.problems);
        for day in booked.unreadable {
            self.miss(day, reading);
        }
    }

    /// Adds bookings that are kept in brief.
    fn add(&mut self, run: Run) {
        self.balances.in_brief = self.balances.in_brief.plus(run.sum);
        run.widen(&mut self.statement.brief_days);
    }

    fn finish(mut self, problems: &mut Vec<Problem>) -> Statement {
        if self.statement.kind == StatementKind::EndOfDay {
            self.balances.settle(&mut self.statement, problems);
        }
        if let Some((from, to)) = self.statement.period.filter(|(from, to)| from == to) {
            // A booking without a day was booked on the day of its statement.
            for entry in self.statement.entries.iter_mut().filter(|e| e.booking_date.is_none()) {
                entry.booking_date = Some(to.max(from));
            }
        }
        sides::name_the_other(&mut self.statement);
        for text in &self.remarks {
            remarks::add(text, &mut self.statement.entries, Unnamed::All);
        }
        self.statement
    }
}
