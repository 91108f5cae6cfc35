//! What status reports, recalls and confirmations say of each payment.
//!
//! Messages are linked by ids; where these are placeholders, by account and amount. They go by their
//! own day and time, never by the order of files. One that fits several payments leaves all of them
//! undecided, one that fits nobody is a problem.

mod addresses;
mod confirmations;
mod recalls;
pub mod said;
pub mod statuses;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::messages::addresses::Addresses;
use crate::matching::messages::addresses::Wanted;
use crate::matching::messages::said::Level;
use crate::matching::messages::said::Rejected;
use crate::matching::messages::said::Said;
use crate::matching::messages::statuses::Status;
use crate::matching::messages::statuses::Statuses;
use crate::matching::orders;
use crate::matching::owed::OrderLink;
use crate::matching::owed::Owed;
use crate::model::order::OrderFile;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::status::Confirmation;
use crate::model::status::Recall;
use crate::model::status::StatusReport;
use crate::model::status::TransferReport;
use crate::model::status::TransferStatus;

/// What messages say of all payments.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// For every payment; empty where there are no messages.
    payments: Vec<Said>,
    /// Ordered transfers that were refused, listed or not.
    pub rejected_orders: BTreeSet<OrderLink>,
}

/// What banks and payees sent besides statements.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// The orders.
    pub orders: &'a [OrderFile],
    /// Status reports.
    pub reports: &'a [StatusReport],
    /// Recalls and answers.
    pub recalls: &'a [Recall],
    /// Confirmations.
    pub confirmations: &'a [Confirmation],
}

impl Messages {
    /// Reads all messages for these payments; `statuses` is what the reports say of the orders.
    pub fn new(
        owed: &[Owed<'_>],
        sent: Sent<'_>,
        statuses: &Statuses<'_>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        if sent.reports.is_empty() && sent.recalls.is_empty() && sent.confirmations.is_empty() {
            return Self::default();
        }
        let addresses = Addresses::new(owed);
        let mut payments = vec![Said::default(); owed.len()];
        of_orders(statuses, sent.orders, &addresses, &mut payments);
        for report in sent.reports.iter().filter(|report| statuses::counts(report)) {
            by_name(report, statuses, &addresses, &mut payments, problems);
        }
        recalls::read(sent.recalls, sent.orders, &addresses, &mut payments, problems);
        confirmations::read(sent.confirmations, &addresses, &mut payments, problems);
        Self { payments, rejected_orders: statuses.refused.clone() }
    }

    /// What they say of a payment.
    pub fn of(&self, payment: usize) -> &Said {
        static NOTHING: Said = Said::NOTHING;
        self.payments.get(payment).unwrap_or(&NOTHING)
    }
}

/// What is said of the orders of payments.
fn of_orders(
    statuses: &Statuses<'_>,
    orders: &[OrderFile],
    addresses: &Addresses<'_>,
    payments: &mut [Said],
) {
    for (number, owed) in addresses.owed.iter().enumerate() {
        let Some(said) = payments.get_mut(number) else { continue };
        let refused = orders::links(owed).filter(|link| statuses.refused.contains(link)).count();
        // Of what was ordered again one refusal leaves the other; a part that is missing does not.
        let counts = refused == orders::links(owed).count() || orders::is_in_parts(owed, orders);
        for status in orders::links(owed).filter_map(|link| statuses.of.get(&link)).flatten() {
            if counts || !status.is_refusal() {
                say(said, status);
            }
        }
    }
    for (links, place) in &statuses.undecided {
        for payment in links.iter().filter_map(|link| addresses.by_order.get(link)).flatten() {
            if let Some(said) = payments.get_mut(*payment) {
                said.undecided = Some(said.undecided.map_or(*place, |known| known.min(*place)));
            }
        }
    }
}

/// Transfers of orders that are not at hand, by what the report itself says of them.
fn by_name(
    report: &StatusReport,
    statuses: &Statuses<'_>,
    addresses: &Addresses<'_>,
    payments: &mut [Said],
    problems: &mut Vec<Problem>,
) {
    let first_day = addresses.owed.iter().map(|owed| owed.dates.window_start).min();
    // Last month's report names last month's payments.
    let is_old = report.created_on.zip(first_day).is_some_and(|(day, first)| day < first);
    let whole =
        report.batches.iter().filter_map(|batch| Some((batch.status.as_ref()?, batch.place)));
    let whole = report.group_status.iter().map(|status| (status, report.place)).chain(whole);
    for (status, place) in whole {
        if statuses::is_refusal(status) && !is_old && !statuses.known.contains(&report.place) {
            problems.push(Problem::new(ProblemCode::MessageUnassigned, place));
        }
    }
    // Those that may mean the same payments are counted together.
    let mut groups: BTreeMap<Vec<usize>, Vec<(Status<'_>, Place)>> = BTreeMap::new();
    for said in report.batches.iter().flat_map(|batch| &batch.transfers) {
        let Some(status) = Status::of_transfer(report, said) else { continue };
        if statuses.named.contains(&said.place) {
            continue;
        }
        let meant = addresses.meant(wanted(report, said));
        if !meant.is_empty() {
            groups.entry(meant).or_default().push((status, said.place));
            continue;
        }
        if status.is_refusal() && !is_old {
            problems.push(Problem::new(ProblemCode::MessageUnassigned, said.place));
        }
    }
    for (meant, statuses) in groups {
        for payment in &meant {
            let Some(said) = payments.get_mut(*payment) else { continue };
            for (status, place) in &statuses {
                if meant.len() <= statuses.len() {
                    say(said, status);
                } else if status.is_refusal() {
                    said.undecided = Some(said.undecided.map_or(*place, |known| known.min(*place)));
                }
            }
        }
    }
}

fn wanted<'m>(report: &StatusReport, said: &'m TransferReport) -> Wanted<'m> {
    Wanted {
        end_to_end_id: said.end_to_end_id.as_deref(),
        amount: said.amount,
        iban: said.iban.as_ref(),
        payee: said.payee.as_deref(),
        day: said.execution_date.or(report.created_on),
    }
}

/// Notes a status for a payment.
fn say(said: &mut Said, status: &Status<'_>) {
    let level = match status.code {
        TransferStatus::Received | TransferStatus::Partial => Level::Received,
        TransferStatus::Accepted | TransferStatus::Pending => Level::Accepted,
        TransferStatus::SettledPayer => Level::SettledPayer,
        TransferStatus::SettledPayee => {
            let day: Option<NaiveDate> = status.accepted_on;
            let later = said.settled_payee.is_none_or(|known| known < (day, status.place));
            if later {
                said.settled_payee = Some((day, status.place));
            }
            Level::SettledPayer
        }
        TransferStatus::Rejected | TransferStatus::Cancelled => {
            let reason = status.reason;
            let rejected = Rejected {
                place: status.place,
                at: status.at,
                code: reason.and_then(|reason| reason.code.clone()),
                text: reason.and_then(|reason| reason.text.clone()),
            };
            rejected.keep_later(&mut said.rejected);
            return;
        }
        TransferStatus::Verification(_) | TransferStatus::Unknown(_) => return,
    };
    let better = (level, std::cmp::Reverse(status.place));
    if said.level.is_none_or(|(known, place)| (known, std::cmp::Reverse(place)) < better) {
        said.level = Some((level, status.place));
    }
}
