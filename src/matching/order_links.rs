//! Which ordered transfers stand for which list rows, and what differs between order and list.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::groups::Count;
use crate::matching::groups::Group;
use crate::matching::groups::count;
use crate::matching::groups::groups;
use crate::matching::orders::transfers;
use crate::matching::owed::OrderLink;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::matching::references::ReferenceIndex;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::order::OrderBatch;
use crate::model::order::OrderFile;
use crate::model::order::OrderedTransfer;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// How a row and a transfer may be found to be the same, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Id, amount and account.
    Whole,
    /// Id alone.
    IdOnly,
    /// The row's case number in the transfer's texts, amount and account.
    Case,
    /// The case number, and amount or account.
    CaseOnly,
    /// Account and amount.
    Account,
}

const STEPS: [Step; 5] = [Step::Whole, Step::IdOnly, Step::Case, Step::CaseOnly, Step::Account];

/// A transfer with what it is found by.
struct Ordered<'a> {
    link: OrderLink,
    order: &'a OrderFile,
    batch: &'a OrderBatch,
    transfer: &'a OrderedTransfer,
    /// The rows that its texts name.
    names: Vec<usize>,
    /// The bank refused it.
    refused: bool,
    taken: bool,
}

impl Ordered<'_> {
    fn id(&self) -> Option<&str> {
        self.transfer.end_to_end_id.as_deref().filter(|id| !is_placeholder(id))
    }

    /// What content says about the order of transfers, so that file names say nothing: those the bank
    /// did not refuse first, the latest first.
    fn rank(&self) -> impl Ord + use<'_> {
        let latest = std::cmp::Reverse(self.batch.execution_date);
        let ids = (self.order.message_id.as_deref(), self.batch.payment_info_id.as_deref());
        (self.refused, latest, ids, self.link.transfer, self.link)
    }
}

/// All transfers, and rows by what they are found by.
struct Links<'a> {
    all: Vec<Ordered<'a>>,
    by_id: BTreeMap<String, Vec<usize>>,
    by_account: BTreeMap<(&'a Iban, Amount), Vec<usize>>,
    by_row: BTreeMap<usize, Vec<usize>>,
}

/// Links list rows to ordered transfers, and tells every difference. `refused` are the transfers that
/// the bank refused: of an order that was sent again the other one counts.
pub fn link_lists(
    owed: &mut [Owed<'_>],
    orders: &[OrderFile],
    refused: &BTreeSet<OrderLink>,
    threads: usize,
) -> Vec<Problem> {
    let mut links = Links::new(owed, orders, refused, threads);
    let mut twins = 0;
    for step in STEPS {
        let pairs = links.pairs(owed, step);
        for group in groups(pairs) {
            links.settle(owed, &group, &mut twins);
        }
    }
    links.parts(owed);
    let problems = links.differences(owed);
    // What the bank shows of a row is the id of its order.
    for payment in owed.iter_mut().filter(|payment| payment.end_to_end_key.is_none()) {
        let own = payment.ordered.into_iter().chain(payment.also_ordered.iter().copied());
        let mut ids: Vec<String> = own
            .filter_map(|link| links.of(link).and_then(Ordered::id).map(reference_key))
            .collect();
        ids.dedup();
        let mut ids = ids.into_iter().map(Cow::Owned);
        payment.end_to_end_key = ids.next();
        payment.more_keys.extend(ids);
    }
    problems
}

impl<'a> Links<'a> {
    fn new(
        owed: &[Owed<'_>],
        orders: &'a [OrderFile],
        refused: &BTreeSet<OrderLink>,
        threads: usize,
    ) -> Self {
        let index = ReferenceIndex::new(owed, threads);
        let mut links = Self {
            all: Vec::new(),
            by_id: BTreeMap::new(),
            by_account: BTreeMap::new(),
            by_row: BTreeMap::new(),
        };
        for (number, (link, batch, transfer)) in transfers(orders).enumerate() {
            let Some(order) = orders.get(link.order) else { continue };
            let texts = [transfer.remittance.as_deref(), transfer.instruction_id.as_deref()];
            let names = index.rows_named_in(texts.into_iter().flatten(), owed);
            for row in &names {
                links.by_row.entry(*row).or_default().push(number);
            }
            if let (Some(iban), Some(amount)) = (&transfer.iban, transfer.amount) {
                links.by_account.entry((iban, amount)).or_default().push(number);
            }
            let refused = refused.contains(&link);
            let ordered = Ordered { link, order, batch, transfer, names, refused, taken: false };
            if let Some(id) = ordered.id() {
                links.by_id.entry(reference_key(id)).or_default().push(number);
            }
            links.all.push(ordered);
        }
        links
    }

    fn of(&self, link: OrderLink) -> Option<&Ordered<'a>> {
        let found = self.all.binary_search_by_key(&link, |ordered| ordered.link).ok()?;
        self.all.get(found)
    }

    /// The rows and transfers that fit each other in a step.
    fn pairs(&self, owed: &[Owed<'_>], step: Step) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for (number, row) in owed.iter().enumerate() {
            if row.part == Part::None || row.ordered.is_some() {
                continue;
            }
            let key = row.end_to_end_key.as_deref();
            let candidates = match step {
                Step::Whole | Step::IdOnly => key.and_then(|key| self.by_id.get(key)),
                Step::Case | Step::CaseOnly => self.by_row.get(&number),
                Step::Account => {
                    row.iban().and_then(|iban| self.by_account.get(&(iban, row.amount)))
                }
            };
            for candidate in candidates.into_iter().flatten() {
                let Some(ordered) = self.all.get(*candidate).filter(|one| !one.taken) else {
                    continue;
                };
                let iban = ordered.transfer.iban.as_ref();
                let same_amount = ordered.transfer.amount == Some(row.amount);
                let other_id = key.is_some() && ordered.id().is_some();
                let other_row = !ordered.names.is_empty() && !ordered.names.contains(&number);
                let fits = match step {
                    Step::Whole => same_amount && row.account_allows(iban),
                    Step::IdOnly => true,
                    Step::Case => !other_id && same_amount && row.account_allows(iban),
                    Step::CaseOnly => !other_id && (same_amount || row.account_agrees(iban)),
                    Step::Account => !other_id && !other_row,
                };
                if fits {
                    pairs.push((number, *candidate));
                }
            }
        }
        pairs
    }

    /// Links a group of rows and transfers that fit each other.
    fn settle(&mut self, owed: &mut [Owed<'_>], group: &Group, twins: &mut usize) {
        // Of an order that was refused and sent again, what was sent again.
        let is_refused =
            |pair: &&(usize, usize)| self.all.get(pair.1).is_some_and(|ordered| ordered.refused);
        // One row in parts that add up is paid by all of them or not at all.
        if let [row] = group.payments.as_slice() {
            let amounts =
                group.transfers.iter().map(|transfer| self.all.get(*transfer)?.transfer.amount);
            let sum = amounts.sum::<Option<Amount>>();
            if group.transfers.len() > 1 && sum == owed.get(*row).map(|row| row.amount) {
                self.link_all(owed, *row, &group.transfers);
                return;
            }
        }
        let sent: Vec<(usize, usize)> =
            group.pairs.iter().filter(|pair| !is_refused(pair)).copied().collect();
        if !sent.is_empty() && sent.len() < group.pairs.len() {
            let rows: BTreeSet<usize> = sent.iter().map(|pair| pair.0).collect();
            if rows.len() == group.payments.len() {
                for transfer in &group.transfers {
                    self.take(*transfer);
                }
                for group in groups(sent).collect::<Vec<Group>>() {
                    self.settle(owed, &group, twins);
                }
                return;
            }
        }
        let rank = |transfer: usize| self.all.get(transfer).map(Ordered::rank);
        // A batch as a whole is the unit of proof; equal rows of one batch are one answer.
        let batch_of = |transfer: usize| {
            self.all.get(transfer).map(|one| (one.link.order, one.link.batch, one.refused))
        };
        let order_of = |row: usize| order_of(owed, row);
        let counted = count(group, |_, transfer| batch_of(transfer), order_of, rank);
        match counted {
            Count::Paired(pairs) => {
                for (row, transfer) in pairs {
                    self.link(owed, row, transfer);
                }
            }
            Count::Surplus if group.payments.len() == 1 => {
                let row = group.payments.first().copied().unwrap_or_default();
                self.link_all(owed, row, &group.transfers);
            }
            Count::Surplus => {}
            Count::Undecided => {
                // As many rows as transfers, in several batches: who stands in which makes a
                // difference only if one of the batches is not booked.
                let Count::Paired(pairs) = count(group, |_, _| (), order_of, rank) else { return };
                *twins = twins.saturating_add(1);
                for (row, transfer) in pairs {
                    self.link(owed, row, transfer);
                    if let Some(row) = owed.get_mut(row) {
                        row.twins = Some(*twins);
                    }
                }
            }
        }
    }

    fn take(&mut self, transfer: usize) {
        if let Some(ordered) = self.all.get_mut(transfer) {
            ordered.taken = true;
        }
    }

    fn link(&mut self, owed: &mut [Owed<'_>], row: usize, transfer: usize) {
        self.take(transfer);
        let link = self.all.get(transfer).map(|ordered| ordered.link);
        let (Some(row), Some(link)) = (owed.get_mut(row), link) else { return };
        if row.ordered.is_none() {
            row.ordered = Some(link);
        } else {
            row.also_ordered.push(link);
        }
    }

    /// Rows that are paid by several transfers: those that name its case, or go to its account, if they
    /// are nobody else's and add up.
    fn parts(&mut self, owed: &mut [Owed<'_>]) {
        let mut rows_of: BTreeMap<&Iban, Vec<usize>> = BTreeMap::new();
        for (number, row) in owed.iter().enumerate() {
            if let Some(iban) = row.iban().filter(|_| row.part != Part::None) {
                rows_of.entry(iban).or_default().push(number);
            }
        }
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, ordered) in self.all.iter().enumerate().filter(|(_, one)| !one.taken) {
            let iban = ordered.transfer.iban.as_ref();
            let of_account = iban.and_then(|iban| rows_of.get(iban)).map(Vec::as_slice);
            let row = match (ordered.names.as_slice(), of_account) {
                ([row], _) | ([], Some([row])) => *row,
                _ => continue,
            };
            let fits = owed.get(row).is_some_and(|own| {
                own.ordered.is_none()
                    && own.account_allows(iban)
                    && (own.end_to_end_key.is_none() || ordered.id().is_none())
            });
            if fits {
                parts.entry(row).or_default().push(number);
            }
        }
        for (row, transfers) in parts {
            let sum = transfers
                .iter()
                .filter_map(|transfer| self.all.get(*transfer)?.transfer.amount)
                .try_fold(Amount::ZERO, Amount::checked_add);
            if transfers.len() > 1 && sum == owed.get(row).map(|row| row.amount) {
                self.link_all(owed, row, &transfers);
            }
        }
    }

    fn link_all(&mut self, owed: &mut [Owed<'_>], row: usize, transfers: &[usize]) {
        let mut transfers = transfers.to_vec();
        let rank = |transfer: &usize| self.all.get(*transfer).map(Ordered::rank);
        transfers.sort_by(|left, right| rank(left).cmp(&rank(right)));
        for transfer in transfers {
            self.link(owed, row, transfer);
        }
    }

    fn differences(&self, owed: &[Owed<'_>]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for payment in owed.iter().filter(|payment| payment.part == Part::Full) {
            let place = payment.payment.place;
            let Some(first) = payment.ordered.and_then(|link| self.of(link)) else {
                problems.push(Problem::new(ProblemCode::NotInOrder, place));
                continue;
            };
            let others: Vec<&Ordered<'_>> =
                payment.also_ordered.iter().filter_map(|link| self.of(*link)).collect();
            let amount = |one: &Ordered<'_>| one.transfer.amount.unwrap_or(Amount::ZERO);
            let all = || others.iter().copied().chain([first]);
            let sum: Amount = all().map(amount).sum();
            if sum != payment.amount {
                for one in &others {
                    problems.push(
                        Problem::new(ProblemCode::OrderedTwice, one.transfer.place)
                            .value(amount(one).to_string()),
                    );
                }
                if amount(first) != payment.amount {
                    problems.push(
                        Problem::new(ProblemCode::OrderAmountDiffers, place)
                            .value(amount(first).to_string())
                            .expected(payment.amount.to_string()),
                    );
                }
            }
            for one in all() {
                problems.extend(account_differs(payment, one.transfer));
                problems.extend(date_late(payment, one.batch.execution_date));
            }
        }
        for ordered in self.all.iter().filter(|ordered| !ordered.taken) {
            problems.push(Problem::new(ProblemCode::NotInList, ordered.transfer.place));
        }
        problems
    }
}

fn account_differs(payment: &Owed<'_>, transfer: &OrderedTransfer) -> Option<Problem> {
    if payment.account_allows(transfer.iban.as_ref()) {
        return None;
    }
    let masked = |iban: Option<&Iban>| iban.map(Iban::masked).unwrap_or_default();
    Some(
        Problem::new(ProblemCode::OrderAccountDiffers, payment.payment.place)
            .value(masked(transfer.iban.as_ref()))
            .expected(masked(payment.iban())),
    )
}

fn date_late(payment: &Owed<'_>, day: Option<NaiveDate>) -> Option<Problem> {
    let day = day.filter(|day| *day > payment.dates.due)?;
    Some(
        Problem::new(ProblemCode::OrderDateLate, payment.payment.place)
            .value(day.to_string())
            .expected(payment.dates.due.to_string()),
    )
}

/// What content says about the order of rows.
fn order_of<'o>(
    owed: &'o [Owed<'_>],
    row: usize,
) -> (Option<&'o str>, Option<&'o str>, Option<&'o str>, usize) {
    let own = owed.get(row).map(|owed| owed.payment);
    let text = |text: Option<&'o Option<String>>| text.and_then(|text| text.as_deref());
    (
        text(own.map(|row| &row.case_id)),
        text(own.map(|row| &row.end_to_end_id)),
        text(own.map(|row| &row.beneficiary)),
        row,
    )
}
