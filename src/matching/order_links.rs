//! Which ordered transfers stand for which list rows, and what differs between order and list.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::matching::counting::Content;
use crate::matching::counting::Count;
use crate::matching::counting::count;
use crate::matching::groups::Fits;
use crate::matching::groups::Group;
use crate::matching::groups::groups;
use crate::matching::groups::of_pairs;
use crate::matching::order_differences::of_payment;
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
        let fits = links.fits(owed, step);
        for group in groups(fits) {
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
    fn fits(&self, owed: &[Owed<'_>], step: Step) -> Vec<Fits> {
        if step == Step::Account {
            return self.same_account(owed);
        }
        let mut pairs = Vec::new();
        for (number, row) in owed.iter().enumerate() {
            if row.part == Part::None || row.ordered.is_some() {
                continue;
            }
            let key = row.end_to_end_key.as_deref();
            let candidates = match step {
                Step::Whole | Step::IdOnly => key.and_then(|key| self.by_id.get(key)),
                Step::Case | Step::CaseOnly => self.by_row.get(&number),
                Step::Account => None,
            };
            for candidate in candidates.into_iter().flatten() {
                let Some(ordered) = self.all.get(*candidate).filter(|one| !one.taken) else {
                    continue;
                };
                let iban = ordered.transfer.iban.as_ref();
                let same_amount = ordered.transfer.amount == Some(row.amount);
                let other_id = key.is_some() && ordered.id().is_some();
                let fits = match step {
                    Step::Whole => same_amount && row.account_allows(iban),
                    Step::IdOnly => true,
                    Step::Case => !other_id && same_amount && row.account_allows(iban),
                    Step::CaseOnly => !other_id && (same_amount || row.account_agrees(iban)),
                    Step::Account => false,
                };
                if fits {
                    pairs.push((number, *candidate));
                }
            }
        }
        of_pairs(pairs)
    }

    /// Open rows and transfers of one account and amount, where the ids or texts do not say that they
    /// are others; those without either, which may be thousands, fit each other all.
    fn same_account(&self, owed: &[Owed<'_>]) -> Vec<Fits> {
        let mut rows_of: BTreeMap<(&Iban, Amount), [Vec<usize>; 2]> = BTreeMap::new();
        for (number, row) in owed.iter().enumerate() {
            let is_open = row.part != Part::None && row.ordered.is_none();
            let Some(iban) = row.iban().filter(|_| is_open) else { continue };
            let [all, without_id] = rows_of.entry((iban, row.amount)).or_default();
            all.push(number);
            without_id.extend(row.end_to_end_key.is_none().then_some(number));
        }
        let mut fits = Vec::new();
        for (key, transfers) in &self.by_account {
            let Some([all, without_id]) = rows_of.get(key) else { continue };
            // Those that name nobody.
            let (mut bare, mut with_id) = (Vec::new(), Vec::new());
            for number in transfers {
                let Some(ordered) = self.all.get(*number).filter(|one| !one.taken) else {
                    continue;
                };
                let has_id = ordered.id().is_some();
                let rows = if has_id { without_id } else { all };
                if ordered.names.is_empty() {
                    if has_id { &mut with_id } else { &mut bare }.push(*number);
                    continue;
                }
                let named = ordered.names.iter().copied();
                let payments = named.filter(|row| rows.binary_search(row).is_ok()).collect();
                fits.push(Fits { payments, transfers: vec![*number] });
            }
            fits.push(Fits { payments: all.clone(), transfers: bare });
            fits.push(Fits { payments: without_id.clone(), transfers: with_id });
        }
        fits
    }

    /// Links a group of rows and transfers that fit each other.
    fn settle(&mut self, owed: &mut [Owed<'_>], group: &Group, twins: &mut usize) {
        // Of an order that was refused and sent again, what was sent again.
        let is_refused =
            |transfer: usize| self.all.get(transfer).is_some_and(|ordered| ordered.refused);
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
        let mut sent = group.fits.clone();
        for fits in &mut sent {
            fits.transfers.retain(|transfer| !is_refused(*transfer));
        }
        sent.retain(|fits| !fits.transfers.is_empty());
        let left: usize = sent.iter().map(|fits| fits.transfers.len()).sum();
        if left > 0 && left < group.transfers.len() {
            let rows: BTreeSet<usize> =
                sent.iter().flat_map(|fits| &fits.payments).copied().collect();
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
        match count(group, &Batches { links: self, owed, differ: true }) {
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
                let alike = count(group, &Batches { links: self, owed, differ: false });
                let Count::Paired(pairs) = alike else { return };
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
            let Some(first) = payment.ordered.and_then(|link| self.of(link)) else {
                problems.push(Problem::new(ProblemCode::NotInOrder, payment.payment.place));
                continue;
            };
            let others = payment.also_ordered.iter().filter_map(|link| self.of(*link));
            let ordered = std::iter::once(first).chain(others);
            let ordered: Vec<_> = ordered.map(|one| (one.transfer, one.batch)).collect();
            problems.extend(of_payment(payment, &ordered));
        }
        for ordered in self.all.iter().filter(|ordered| !ordered.taken) {
            problems.push(Problem::new(ProblemCode::NotInList, ordered.transfer.place));
        }
        problems
    }
}

/// The batches of transfers: a batch as a whole is the unit of proof; equal rows of one batch are one
/// answer.
struct Batches<'l, 'a, 'o> {
    links: &'l Links<'a>,
    owed: &'l [Owed<'o>],
    /// Whether it makes a difference who stands in which.
    differ: bool,
}

impl Content for Batches<'_, '_, '_> {
    type Payment = ();
    type Transfer = Option<(usize, usize, bool)>;
    type Answer = Option<(usize, usize, bool)>;

    fn payment(&self, _: usize) {}

    fn transfer(&self, transfer: usize) -> Self::Transfer {
        let one = self.links.all.get(transfer).filter(|_| self.differ)?;
        Some((one.link.order, one.link.batch, one.refused))
    }

    fn answer(&self, (): &(), batch: &Self::Transfer) -> Self::Answer {
        *batch
    }

    fn payment_order(&self, row: usize) -> impl Ord {
        order_of(self.owed, row)
    }

    fn transfer_order(&self, transfer: usize) -> impl Ord {
        self.links.all.get(transfer).map(Ordered::rank)
    }
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
