//! Lists against orders: what is missing on either side, what differs, what is ordered and must not be.

use std::collections::BTreeSet;

use crate::check::finding::Files;
use crate::check::finding::Finding;
use crate::check::finding::Value;
use crate::check::kind::Kind;
use crate::matching::messages::Messages;
use crate::matching::orders;
use crate::matching::orders::links;
use crate::matching::orders::transfer;
use crate::matching::orders::transfers;
use crate::matching::owed::OrderLink;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::amount::Amount;
use crate::model::order::OrderFile;
use crate::model::order::OrderedTransfer;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::verdict::outcome::Tally;

/// Rows with their orders, and what the bank says of these.
pub(super) struct Side<'a> {
    pub(super) owed: &'a [Owed<'a>],
    pub(super) orders: &'a [OrderFile],
    pub(super) messages: &'a Messages,
    pub(super) files: Files<'a>,
}

impl Side<'_> {
    fn is_refused(&self, link: OrderLink) -> bool {
        self.messages.rejected_orders.contains(&link)
    }

    /// Whether what the bank refused stands in an order that it did not refuse.
    fn is_sent_again(&self, refused: &OrderedTransfer) -> bool {
        transfers(self.orders).any(|(link, _, other)| {
            !self.is_refused(link)
                && other.amount == refused.amount
                && other.iban == refused.iban
                && other.end_to_end_id == refused.end_to_end_id
        })
    }

    /// Whether the bank refused all of an order.
    pub(super) fn is_refused_whole(&self, order: usize) -> bool {
        let mut own = transfers(self.orders).filter(|(link, _, _)| link.order == order).peekable();
        own.peek().is_some() && own.all(|(link, _, _)| self.is_refused(link))
    }
}

/// Whether a row is to be paid by transfer.
pub(super) fn goes_out(owed: &Owed<'_>) -> bool {
    owed.part == Part::Full
}

/// Finds what differs; gives number and sum of the ordered transfers.
pub(super) fn findings(
    side: &Side<'_>,
    told: &[Problem],
    alone: bool,
    findings: &mut Vec<Finding>,
) -> Tally {
    let mut ordered = Tally::default();
    for (link, _, transfer) in transfers(side.orders) {
        ordered.add(transfer.amount.unwrap_or(Amount::ZERO));
        if side.is_refused(link) && !side.is_sent_again(transfer) {
            findings.push(Finding::of_transfer(Kind::OrderRejected, transfer, side.files));
        }
    }
    if alone || side.orders.is_empty() {
        return ordered;
    }
    let unlisted: BTreeSet<Place> = of_code(told, ProblemCode::NotInList).collect();
    for (_, _, transfer) in transfers(side.orders) {
        if unlisted.contains(&transfer.place) {
            findings.push(Finding::of_transfer(Kind::NotInList, transfer, side.files));
        }
    }
    for owed in side.owed {
        row(side, owed, findings);
    }
    ordered
}

fn of_code(told: &[Problem], code: ProblemCode) -> impl Iterator<Item = Place> + '_ {
    told.iter().filter(move |problem| problem.code == code).map(|problem| problem.place)
}

fn row(side: &Side<'_>, owed: &Owed<'_>, findings: &mut Vec<Finding>) {
    let row = owed.payment;
    let about = |kind| Finding::of_row(kind, row, side.files);
    let own: Vec<OrderLink> = links(owed).collect();
    let ordered = || own.iter().filter_map(|link| Some((*link, transfer(side.orders, *link)?)));
    let first = ordered().next().and_then(|(_, first)| side.files.spot(first.place));
    match owed.part {
        Part::None => return,
        Part::Full if own.is_empty() => {
            findings.push(about(Kind::NotInOrder));
            return;
        }
        Part::Full => {}
        Part::Blocked | Part::ReferenceOnly if own.is_empty() => return,
        Part::Blocked => {
            let status = row.list_status.clone().unwrap_or_default();
            let finding = about(Kind::BlockedOrdered).values(Value::Text(status), Value::None);
            findings.push(finding.against(first));
            return;
        }
        Part::ReferenceOnly => {
            let channel = row.channel.clone().unwrap_or_else(|| owed.amount.to_string());
            let finding = about(Kind::OtherChannelOrdered);
            findings.push(finding.values(Value::Text(channel), Value::None).against(first));
            return;
        }
    }
    let amount = |link: OrderLink| {
        transfer(side.orders, link).and_then(|one| one.amount).unwrap_or(Amount::ZERO)
    };
    let sum: Amount = own.iter().map(|link| amount(*link)).sum();
    let refused = own.iter().filter(|link| side.is_refused(**link)).count();
    if sum != owed.amount && !orders::is_in_parts(owed, side.orders) {
        for (_, one) in ordered().skip(1) {
            // What was refused and is ordered again is ordered once.
            if own.len().saturating_sub(refused) > 1 {
                let amount = one.amount.unwrap_or(Amount::ZERO);
                findings.push(
                    about(Kind::OrderedTwice)
                        .values(Value::Amount(amount), Value::None)
                        .against(side.files.spot(one.place)),
                );
            }
        }
        if let Some(link) = own.first().filter(|link| amount(**link) != owed.amount) {
            findings.push(
                about(Kind::OrderAmountDiffers)
                    .values(Value::Amount(amount(*link)), Value::Amount(owed.amount))
                    .against(first.clone()),
            );
        }
    }
    for (_, one) in ordered().filter(|(_, one)| !owed.account_allows(one.iban.as_ref())) {
        findings.push(
            about(Kind::OrderAccountDiffers)
                .values(Value::account(one.iban.as_ref()), Value::account(owed.iban()))
                .against(side.files.spot(one.place)),
        );
    }
}
