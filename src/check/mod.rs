//! Before the due day: will every payment go out, once, to the right account? Lists against orders,
//! orders against each other, this month against the last. No bank file is asked.

pub mod compare;
mod execution;
pub mod finding;
pub mod kind;
pub mod last_month;
mod lists;
pub mod months;
mod orders;
pub mod sample;
mod sent;

use chrono::NaiveDate;
use chrono::NaiveTime;

use crate::check::execution::Clock;
use crate::check::finding::Files;
use crate::check::finding::Finding;
use crate::check::kind::Kind;
use crate::check::last_month::LastMonth;
use crate::model::inputs::Inputs;
use crate::model::order::OrderMark;
use crate::model::problem::Problem;
use crate::model::reading::FileRecord;
use crate::model::reading::Role;
use crate::verdict::Refusal;
use crate::verdict::dates::RunDates;
use crate::verdict::outcome::Tally;
use crate::verdict::sides::owing;
use crate::verdict::terms::Terms;

/// What a person knows besides the files.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Month, due day, banking days.
    pub terms: Terms,
    /// The day of the check, if it is told.
    pub today: Option<NaiveDate>,
    /// Its time.
    pub time: Option<NaiveTime>,
    /// Until when the bank takes orders for the same day.
    pub cut_off: Option<NaiveTime>,
    /// Orders of runs that were kept.
    pub sent: Vec<SentBefore>,
}

/// An order file of a run that was kept.
#[derive(Clone, Debug, Default)]
pub struct SentBefore {
    /// The day on which the run was kept.
    pub on: NaiveDate,
    /// The due day of the run.
    pub due: Option<NaiveDate>,
    /// The file.
    pub path: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Its orders.
    pub orders: Vec<OrderMark>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The due day of the run.
    pub due: NaiveDate,
    /// The day of the check, if it was told.
    pub today: Option<NaiveDate>,
    /// Until when the bank takes orders for the same day.
    pub cut_off: Option<NaiveTime>,
    /// The last day on which the bank can be given the orders, so that it executes them on their day.
    pub hand_in_by: Option<NaiveDate>,
    /// Rows of the lists that are to be paid by transfer.
    pub listed: Tally,
    /// Transfers of the orders, each order counted once.
    pub ordered: Tally,
    /// Rows that are not to be paid by transfer: blocked, in cash, nothing due, unreadable.
    pub left_out: Tally,
    /// Last month's rows, if there is a last month.
    pub before: Option<Tally>,
    /// Files that were read.
    pub files: Vec<FileRecord>,
    /// Everything that was found, in the order of [`Kind::ALL`] and places.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether a person should look.
    pub fn needs_person(&self) -> bool {
        self.findings.iter().any(Finding::needs_person)
    }

    /// Whether the due day has not come, as far as it was told.
    pub fn is_before_due(&self) -> bool {
        self.today.is_none_or(|today| today < self.due)
    }
}

/// Checks the files of a month; `last` is what is known of the month before.
///
/// # Errors
///
/// A [`Refusal`] where no due date can be told or there is nothing to be paid.
pub fn check(
    mut inputs: Inputs,
    last: Option<&LastMonth>,
    question: &Question,
) -> Result<Checked, Refusal> {
    inputs.unfold();
    // What a bank has booked says nothing here.
    inputs.statements.clear();
    inputs.confirmations.clear();
    let alone = inputs.payments.is_empty();
    let payments = if alone {
        crate::matching::orders::payments(&inputs.orders)
    } else {
        std::mem::take(&mut inputs.payments)
    };
    if payments.is_empty() {
        return Err(Refusal::Usage(
            "Es fehlt eine Zahlungsliste oder Auftragsdatei: Was gezahlt werden soll, steht in keiner der Dateien",
            "there is no payment list or order file: none of the files says what is to be paid",
        ));
    }
    let run = RunDates::find(&inputs, &payments, &question.terms)?;
    let mut problems = std::mem::take(&mut inputs.problems);
    crate::verdict::remarks::check_totals(&inputs.totals, &mut problems);
    let mut told = Vec::new();
    let (owed, messages) = owing(&inputs, &payments, (run, alone), &question.terms, &mut told);
    let files = Files(&inputs.files);
    let mut findings = Vec::new();
    let bank_files = |role| role == Role::Bank || role == Role::Confirmation;
    problems.retain(|problem| {
        let number = usize::try_from(problem.place.file.0).unwrap_or(usize::MAX);
        !inputs.files.get(number).is_some_and(|file| bank_files(file.role))
    });
    // A row that cannot be read is told once, with its reason.
    for row in payments.iter().filter(|row| row.unreadable.is_some()) {
        let is_own = |problem: &Problem| problem.place.whole_line() == row.place.whole_line();
        let why = problems.iter().find(|problem| is_own(problem)).cloned();
        problems.retain(|problem| !is_own(problem));
        findings.push(Finding { problem: why, ..Finding::of_row(Kind::RowUnreadable, row, files) });
    }
    findings.extend(problems.iter().filter_map(|problem| Finding::of_problem(problem, files)));
    if inputs.orders.is_empty() {
        findings.push(Finding::new(Kind::OrderMissing));
    } else if alone {
        findings.push(Finding::new(Kind::ListMissing));
    }
    let side = orders::Side { owed: &owed, orders: &inputs.orders, messages: &messages, files };
    let ordered = orders::findings(&side, &told, alone, &mut findings);
    lists::findings(&owed, files, alone, &mut findings);
    sent::findings(&inputs, &side, &mut findings);
    sent::before(&inputs, &question.sent, (run.due, files), &mut findings);
    let clock = Clock { today: question.today, time: question.time, cut_off: question.cut_off };
    let hand_in_by = execution::findings(&side, run.due, clock, &question.terms, &mut findings);
    let mut checked = Checked {
        due: run.due,
        today: question.today,
        cut_off: question.cut_off,
        hand_in_by,
        ordered,
        ..Checked::default()
    };
    for owed in &owed {
        let tally =
            if orders::goes_out(owed) { &mut checked.listed } else { &mut checked.left_out };
        tally.add(owed.amount);
    }
    if let Some(last) = last {
        checked.before = Some(last.findings(&payments, files, &mut findings));
    }
    findings.sort();
    findings.dedup();
    checked.findings = findings;
    checked.files = inputs.files;
    Ok(checked)
}
