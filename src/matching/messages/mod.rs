//! What status reports, recalls and confirmations say of each payment.
//!
//! Messages are linked by ids; where these are placeholders, by account and amount. They go by their
//! own day and time, never by the order of files. One that fits several payments leaves all of them
//! undecided, one that fits nobody is a problem.

mod addresses;
mod confirmations;
mod counts;
mod ordered;
mod recalls;
mod refused_ids;
pub mod said;
pub mod statuses;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::matching::messages::addresses::Addresses;
use crate::matching::messages::addresses::Wanted;
use crate::matching::messages::refused_ids::refused_ids;
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
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// What messages say of all payments.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// For every payment; empty where there are no messages.
    payments: Vec<Said>,
    /// Ordered transfers that were refused, listed or not.
    pub rejected_orders: BTreeSet<OrderLink>,
    /// Ids of orders, batches and transfers that are not at hand and were refused or asked back, with the
    /// last day of that: a debit that bears one and was booked before proves nothing.
    refused_ids: BTreeMap<String, Option<NaiveDate>>,
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
        let first_day = owed.iter().map(|owed| owed.dates.window_start).min();
        let mut names =
            Names { statuses, addresses: &addresses, first_day, known: BTreeMap::new() };
        for report in sent.reports.iter().filter(|report| statuses::counts(report)) {
            names.read(report, &mut payments, problems);
        }
        recalls::read(sent.recalls, sent.orders, &addresses, &mut payments, problems);
        confirmations::read(sent.confirmations, &addresses, &mut payments, problems);
        Self {
            payments,
            rejected_orders: statuses.refused.clone(),
            refused_ids: refused_ids(sent.reports, sent.recalls, statuses, first_day),
        }
    }

    /// Whether an id of a debit, of its batch or of its order was refused or asked back on the day of its
    /// booking or later; what is booked afterwards was sent anew.
    pub fn are_refused<'i>(
        &self,
        ids: impl Iterator<Item = &'i str>,
        booked_on: NaiveDate,
    ) -> bool {
        let mut refused = ids
            .filter(|id| !is_placeholder(id))
            .filter_map(|id| self.refused_ids.get(&reference_key(id)));
        refused.any(|day| day.is_none_or(|day| day >= booked_on))
    }

    /// Whether any such id is known.
    pub fn has_refused_ids(&self) -> bool {
        !self.refused_ids.is_empty()
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
        for link in orders::links(owed) {
            let all = statuses.of.get(&link).into_iter().flatten();
            for status in all.filter(|status| counts || !status.is_refusal()) {
                let settled = matches!(status.code, TransferStatus::SettledPayee);
                if settled && orders::is_in_parts(owed, orders) {
                    // Settled is one part.
                    said.reach(Level::SettledPayer, status.place);
                } else if settled && !is_of_all(owed, orders, link) {
                    // Settled is what was ordered, which is not what is owed.
                    said.leave_undecided(status.place);
                } else {
                    say(said, status);
                }
            }
        }
    }
    for (links, place) in statuses.undecided() {
        for payment in links.filter_map(|link| addresses.by_order.get(&link)).flatten() {
            if let Some(said) = payments.get_mut(*payment) {
                said.leave_undecided(place);
            }
        }
    }
}

/// Whether a transfer is ordered as it is owed: the whole amount, to the account.
fn is_of_all(owed: &Owed<'_>, orders: &[OrderFile], link: OrderLink) -> bool {
    orders::transfer(orders, link).is_some_and(|transfer| {
        transfer.amount == Some(owed.amount) && owed.account_allows(transfer.iban.as_ref())
    })
}

/// Transfers of orders that are not at hand, by what reports themselves say of them.
struct Names<'n, 'm> {
    statuses: &'n Statuses<'n>,
    addresses: &'n Addresses<'n>,
    /// The first day of all windows.
    first_day: Option<NaiveDate>,
    /// The payments that were meant before: thousands of reports may say the same.
    known: BTreeMap<Wanted<'m>, Reached>,
}

/// The payments that a message means, and those that it only may mean.
#[derive(Clone)]
struct Reached {
    meant: Arc<[usize]>,
    concerned: Arc<[usize]>,
}

impl<'m> Names<'_, 'm> {
    fn meant(&mut self, wanted: Wanted<'m>) -> Reached {
        let reached = self.known.entry(wanted).or_insert_with(|| {
            let meant = self.addresses.meant(wanted);
            let concerned =
                if meant.is_empty() { self.addresses.concerned(wanted) } else { Vec::new() };
            Reached { meant: meant.into(), concerned: concerned.into() }
        });
        reached.clone()
    }

    fn read(
        &mut self,
        report: &'m StatusReport,
        payments: &mut [Said],
        problems: &mut Vec<Problem>,
    ) {
        let statuses = self.statuses;
        // Last month's report names last month's payments.
        let is_old = statuses::is_old(report.created_on, self.first_day);
        let whole =
            report.batches.iter().filter_map(|batch| Some((batch.status.as_ref()?, batch.place)));
        let whole = report.group_status.iter().map(|status| (status, report.place)).chain(whole);
        for (status, place) in whole {
            if status.is_refusal() && !is_old && !statuses.known.contains(&report.place) {
                problems.push(Problem::new(ProblemCode::MessageUnassigned, place));
            }
        }
        if !is_old && !statuses.known.contains(&report.place) && counts::has_unnamed(report) {
            problems.push(Problem::new(ProblemCode::MessageUnassigned, report.place));
        }
        // Those that say the same are counted together, and those that may mean the same payments.
        let mut alike: BTreeMap<Wanted<'m>, Vec<Status<'m>>> = BTreeMap::new();
        let all = report.batches.iter();
        let all = all.flat_map(|batch| batch.transfers.iter().map(move |said| (batch, said)));
        for (batch, said) in all {
            let Some(status) = Status::of_named(report, batch, said) else { continue };
            if !statuses.named.contains(&said.place) {
                alike.entry(wanted(report, said)).or_default().push(status);
            }
        }
        let mut groups: BTreeMap<Arc<[usize]>, Vec<Status<'m>>> = BTreeMap::new();
        let mut nobodys: Vec<Place> = Vec::new();
        for (wanted, said) in alike {
            let Reached { meant, concerned } = self.meant(wanted);
            if !meant.is_empty() {
                groups.entry(meant).or_default().extend(said);
                continue;
            }
            let against = || said.iter().filter(|status| status.is_against() && !is_old);
            nobodys.extend(against().map(|status| status.place));
            let Some(place) = against().map(|status| status.place).min() else { continue };
            for payment in concerned.iter() {
                if let Some(said) = payments.get_mut(*payment) {
                    said.leave_undecided(place);
                }
            }
        }
        nobodys.sort_unstable();
        let nobodys = nobodys.into_iter();
        problems.extend(nobodys.map(|place| Problem::new(ProblemCode::MessageUnassigned, place)));
        for (meant, statuses) in groups {
            let mut together = Said::default();
            if meant.len() <= statuses.len() {
                for status in &statuses {
                    say(&mut together, status);
                }
            } else {
                let refusals = statuses.iter().filter(|status| status.is_against());
                together.undecided = refusals.map(|status| status.place).min();
            }
            for payment in meant.iter() {
                if let Some(said) = payments.get_mut(*payment) {
                    said.add(&together);
                }
            }
        }
    }
}

fn wanted<'m>(report: &StatusReport, said: &'m TransferReport) -> Wanted<'m> {
    Wanted {
        end_to_end_id: said.end_to_end_id.as_deref(),
        instruction_id: said.instruction_id.as_deref(),
        amount: said.amount,
        iban: said.iban.as_ref(),
        payee: said.payee.as_deref(),
        texts: [
            said.remittance.as_deref(),
            said.reason.as_ref().and_then(|reason| reason.text.as_deref()),
        ],
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
        TransferStatus::Unknown(_) => return said.leave_undecided(status.place),
        TransferStatus::Verification(_) => return,
    };
    said.reach(level, status.place);
}
