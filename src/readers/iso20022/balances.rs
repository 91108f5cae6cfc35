//! The balances of a statement, the days it covers, and whether they tie.

use chrono::NaiveDate;
use chrono::NaiveTime;

use crate::model::amount::Amount;
use crate::model::currency::Currency;
use crate::model::german_time;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::problem::Severity;
use crate::model::statement::Balance;
use crate::model::statement::BookingStatus;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::readers::iso20022::fields::date;
use crate::readers::iso20022::fields::money;
use crate::readers::iso20022::tree::Node;

/// Balances on the way to a statement.
#[derive(Debug, Default)]
pub(crate) struct Balances {
    /// Closing balance of the statement before (`PRCD`); an opening one goes before it.
    carried: Option<Balance>,
    /// Balances between the pages of a statement (`ITBD`).
    interim: Vec<Balance>,
    /// Some balance cannot be read.
    unreadable: bool,
    /// What the bookings in brief take from the balance, in euros.
    pub(crate) in_brief: Amount,
}

impl Balances {
    /// Takes a balance (`Bal`).
    pub(crate) fn take(
        &mut self,
        node: Node<'_>,
        statement: &mut Statement,
        problems: &mut Vec<Problem>,
    ) {
        let code = node.at("Tp/CdOrPrtry").and_then(Node::choice).unwrap_or_default();
        let code = if code.is_empty() { node.text_at("Tp/Cd").unwrap_or_default() } else { code };
        if !matches!(code, "OPBD" | "PRCD" | "CLBD" | "ITBD") {
            // Available and expected balances: no booking is held against them.
            return;
        }
        let balance = match read(node) {
            Ok(balance) => balance,
            Err(value) => {
                let place = Place { line: node.line(), ..statement.place };
                let problem = Problem::new(ProblemCode::BalanceUnreadable, place);
                problems.push(problem.field(code).value(value));
                // Nobody knows any more whether bookings are missing.
                statement.covers_nothing = true;
                self.unreadable = true;
                return;
            }
        };
        match code {
            "OPBD" => statement.opening = Some(balance),
            "PRCD" => self.carried = Some(balance),
            "CLBD" => statement.closing = Some(balance),
            _ => self.interim.push(balance),
        }
    }

    /// Says which balances the statement opens and closes with and which days it covers, and checks that
    /// they tie.
    pub(crate) fn settle(self, statement: &mut Statement, problems: &mut Vec<Problem>) {
        let opens = statement.opening.is_some() || self.carried.is_some();
        let mut interim = self.interim.into_iter();
        statement.opening = statement.opening.or(self.carried).or_else(|| interim.next());
        let is_final = statement.closing.is_some();
        let is_last = statement.page.is_none_or(|(_, last)| last);
        if opens && is_last && !is_final && interim.len() == 0 && !self.unreadable {
            // What stands between the opening balance and the end may have been cut out.
            problems.push(Problem::new(ProblemCode::ClosingBalanceMissing, statement.place));
        }
        if !is_final {
            statement.closing = interim.last();
        }
        if statement.opening.is_none() && statement.closing.is_none() && statement.page.is_none() {
            // Nothing says that no booking is missing.
            statement.covers_nothing = true;
            if !self.unreadable {
                let problem = Problem::new(ProblemCode::ElementMissing, statement.place);
                problems.push(problem.field("Bal").severity(Severity::Warning));
            }
        }
        let closing = statement.closing.and_then(|balance| balance.day);
        // Between two pages a day goes on; a balance in the midst of a day that no page follows does not
        // close it.
        let ends = if is_final || statement.page.is_some() {
            closing
        } else {
            closing.and_then(|day| day.pred_opt())
        };
        match statement.period {
            None => statement.period = between(statement.opening.and_then(|b| b.day), ends),
            Some((from, to)) => {
                let to = ends.map_or(to, |ends| ends.min(to));
                statement.period = (from <= to).then_some((from, to));
                statement.covers_nothing |= from > to;
            }
        }
        tie(statement, self.in_brief, problems);
    }
}

/// A balance, or what of it cannot be read.
fn read(node: Node<'_>) -> Result<Balance, String> {
    let text = |name: &str| {
        let element = node.child(name);
        element.and_then(Node::choice).unwrap_or_default().to_owned()
    };
    let (amount, currency) = node.child("Amt").and_then(money).ok_or_else(|| text("Amt"))?;
    let amount = match node.text_at("CdtDbtInd") {
        Some("DBIT") => amount.negated(),
        Some("CRDT") => amount,
        None if amount == Amount::ZERO => amount,
        _ => return Err(text("CdtDbtInd")),
    };
    let day = node.child("Dt").and_then(date);
    if day.is_none() && !text("Dt").is_empty() {
        return Err(text("Dt"));
    }
    Ok(Balance { day, amount, currency })
}

/// The days behind an opening balance up to the closing one. An opening balance is what the statement
/// before closed with, whatever day it carries: its own day is not covered by it.
fn between(
    opening: Option<NaiveDate>,
    closing: Option<NaiveDate>,
) -> Option<(NaiveDate, NaiveDate)> {
    let to = closing?;
    match opening {
        Some(opening) if opening < to => Some((opening.succ_opt()?, to)),
        _ => Some((to, to)),
    }
}

fn tie(statement: &mut Statement, in_brief: Amount, problems: &mut Vec<Problem>) {
    let (Some(opening), Some(closing)) = (statement.opening, statement.closing) else { return };
    if opening.currency != closing.currency || statement.page.is_some() {
        return;
    }
    let is_booked = |entry: &&StatementEntry| {
        entry.status == BookingStatus::Booked && entry.currency == opening.currency
    };
    let sum: Amount = statement.entries.iter().filter(is_booked).map(StatementEntry::signed).sum();
    let mut reached = opening.amount.plus(sum);
    if opening.currency == Currency::EUR {
        reached = reached.plus(in_brief.negated());
    }
    if reached != closing.amount && !statement.turn_reversals(reached, closing) {
        problems.push(
            Problem::new(ProblemCode::BalanceDiffers, statement.place)
                .value(reached.to_string())
                .expected(closing.amount.to_string()),
        );
        statement.covers_nothing = true;
    }
}

/// `FrDtTm`/`ToDtTm` or `FrDt`/`ToDt`, as German days; an end at midnight means the day before.
pub(crate) fn period(node: Node<'_>) -> Option<(NaiveDate, NaiveDate)> {
    let at = |names: [&str; 2]| names.into_iter().find_map(|name| node.text_at(name));
    let (from_text, to_text) = (at(["FrDtTm", "FrDt"])?, at(["ToDtTm", "ToDt"])?);
    let from = german_time::day(from_text)?;
    let ends = german_time::moment(to_text)?;
    let mut to = ends.date();
    let has_time = to_text.trim().get(10..).is_some_and(|rest| rest.starts_with(['T', 't', ' ']));
    if has_time && ends.time() == NaiveTime::MIN && to > from {
        to = to.pred_opt()?;
    }
    (from <= to).then_some((from, to))
}
