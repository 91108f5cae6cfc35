//! What status reports, recalls and confirmations say of each payment.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::matching::owed::OrderLink;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::order::OrderFile;
use crate::model::order::OrderedTransfer;
use crate::model::place::Place;
use crate::model::status::Confirmation;
use crate::model::status::Recall;
use crate::model::status::StatusReason;
use crate::model::status::StatusReport;
use crate::model::status::TransferReport;
use crate::model::status::TransferStatus;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// How far the bank says a payment is; later levels are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Received, form is fine.
    Received,
    /// Accepted, or waiting.
    Accepted,
    /// Settled on the payer's side, by the bank's word.
    SettledPayer,
}

impl Level {
    /// The bank's word for it, for the trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::SettledPayer => "settled by the payer's bank",
        }
    }
}

/// A refusal by the bank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// Where it says so.
    pub place: Place,
    /// Day of the report.
    pub day: Option<NaiveDate>,
    /// Reason code.
    pub code: Option<String>,
    /// The bank's words.
    pub text: Option<String>,
}

/// Everything messages say of one payment.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// How far it is.
    pub level: Option<(Level, Place)>,
    /// Whether it was refused.
    pub rejected: Option<Rejected>,
    /// Whether it is being recalled.
    pub recalled: Option<Rejected>,
    /// Settled on the payee's account by a status report; the day if it states one.
    pub settled_payee: Option<(Option<NaiveDate>, Place)>,
    /// Confirmed by the payee's side, with the day.
    pub confirmed: Option<(NaiveDate, Place)>,
}

impl Said {
    const NOTHING: Self =
        Self { level: None, rejected: None, recalled: None, settled_payee: None, confirmed: None };
}

/// What messages say of all payments.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// For every payment; empty where there are no messages.
    payments: Vec<Said>,
    /// Ordered transfers that were refused, listed or not.
    pub rejected_orders: BTreeSet<OrderLink>,
}

/// Which payments stand behind keys and orders.
struct Addresses<'a> {
    owed: &'a [Owed<'a>],
    by_id: BTreeMap<&'a str, Vec<usize>>,
    by_case: BTreeMap<&'a str, Vec<usize>>,
    by_order: BTreeMap<OrderLink, Vec<usize>>,
}

impl Messages {
    /// Reads all messages for these payments.
    pub fn new(
        owed: &[Owed<'_>],
        orders: &[OrderFile],
        reports: &[StatusReport],
        recalls: &[Recall],
        confirmations: &[Confirmation],
    ) -> Self {
        if reports.is_empty() && recalls.is_empty() && confirmations.is_empty() {
            return Self::default();
        }
        let mut messages =
            Self { payments: vec![Said::default(); owed.len()], rejected_orders: BTreeSet::new() };
        let mut addresses = Addresses {
            owed,
            by_id: BTreeMap::new(),
            by_case: BTreeMap::new(),
            by_order: BTreeMap::new(),
        };
        for (number, owed) in owed.iter().enumerate().filter(|(_, owed)| owed.part != Part::None) {
            if let Some(key) = owed.end_to_end_key.as_deref() {
                addresses.by_id.entry(key).or_default().push(number);
            }
            if let Some(key) = owed.case_key.as_deref() {
                addresses.by_case.entry(key).or_default().push(number);
            }
            if let Some(link) = owed.ordered {
                addresses.by_order.entry(link).or_default().push(number);
            }
        }
        for report in reports.iter().filter(|r| !r.verification_of_payee && !r.transmission_log) {
            messages.read_report(report, orders, &addresses);
        }
        for recall in recalls {
            messages.read_recall(recall, orders, &addresses);
        }
        messages.read_confirmations(confirmations, &addresses);
        messages
    }

    /// What they say of a payment.
    pub fn of(&self, payment: usize) -> &Said {
        static NOTHING: Said = Said::NOTHING;
        self.payments.get(payment).unwrap_or(&NOTHING)
    }

    fn read_report(
        &mut self,
        report: &StatusReport,
        orders: &[OrderFile],
        addresses: &Addresses<'_>,
    ) {
        let mut named: BTreeSet<Place> = BTreeSet::new();
        let original = report.original_message_id.as_deref().map(reference_key);
        for (order_number, order) in orders.iter().enumerate() {
            let own_id = order.message_id.as_deref().map(reference_key);
            if original.is_none() || own_id != original {
                continue;
            }
            for (batch_number, batch) in order.batches.iter().enumerate() {
                let status_of_batch = report.batches.iter().find(|status| {
                    match (&status.original_payment_info_id, &batch.payment_info_id) {
                        (Some(said), Some(own)) => reference_key(said) == reference_key(own),
                        _ => report.batches.len() == 1 && order.batches.len() == 1,
                    }
                });
                for (transfer_number, transfer) in batch.transfers.iter().enumerate() {
                    let link = OrderLink {
                        order: order_number,
                        batch: batch_number,
                        transfer: transfer_number,
                    };
                    let own = status_of_batch
                        .map(|batch| batch.transfers.as_slice())
                        .unwrap_or_default()
                        .iter()
                        .find(|said| is_about(said, transfer));
                    if let Some(own) = own {
                        named.insert(own.place);
                    }
                    let fallback = status_of_batch
                        .and_then(|b| b.status.as_ref().map(|s| (s, b.reason.as_ref(), b.place)))
                        .or_else(|| {
                            let status = report.group_status.as_ref()?;
                            Some((status, report.group_reason.as_ref(), report.place))
                        });
                    let said = own
                        .and_then(|t| t.status.as_ref().map(|s| (s, t.reason.as_ref(), t.place)))
                        .or(fallback);
                    let Some((status, reason, place)) = said else { continue };
                    if matches!(status, TransferStatus::Rejected | TransferStatus::Cancelled) {
                        self.rejected_orders.insert(link);
                    }
                    let day = own.and_then(|own| own.accepted_on);
                    for payment in addresses.by_order.get(&link).into_iter().flatten() {
                        self.say(*payment, status, reason, place, report.created_on, day);
                    }
                }
            }
        }
        // Transfers of orders that are not at hand, by their own ids.
        for said in report.batches.iter().flat_map(|batch| &batch.transfers) {
            let Some(status) = said.status.as_ref().filter(|_| !named.contains(&said.place)) else {
                continue;
            };
            for payment in addresses.of_transfer_report(said) {
                let reason = said.reason.as_ref();
                self.say(payment, status, reason, said.place, report.created_on, said.accepted_on);
            }
        }
    }

    fn say(
        &mut self,
        payment: usize,
        status: &TransferStatus,
        reason: Option<&StatusReason>,
        place: Place,
        created_on: Option<NaiveDate>,
        accepted_on: Option<NaiveDate>,
    ) {
        let Some(said) = self.payments.get_mut(payment) else { return };
        let level = match status {
            TransferStatus::Received | TransferStatus::Partial => Level::Received,
            TransferStatus::Accepted | TransferStatus::Pending => Level::Accepted,
            TransferStatus::SettledPayer => Level::SettledPayer,
            TransferStatus::SettledPayee => {
                said.settled_payee = Some((accepted_on, place));
                Level::SettledPayer
            }
            TransferStatus::Rejected | TransferStatus::Cancelled => {
                said.rejected = Some(Rejected {
                    place,
                    day: created_on,
                    code: reason.and_then(|reason| reason.code.clone()),
                    text: reason.and_then(|reason| reason.text.clone()),
                });
                return;
            }
            TransferStatus::Verification(_) | TransferStatus::Unknown(_) => return,
        };
        if said.level.is_none_or(|(known, _)| known < level) {
            said.level = Some((level, place));
        }
    }

    fn read_recall(&mut self, recall: &Recall, orders: &[OrderFile], addresses: &Addresses<'_>) {
        let key = recall.end_to_end_id.as_deref().filter(|id| !is_placeholder(id));
        let mut meant = match key.map(reference_key) {
            Some(key) => addresses.fitting(&key, recall.amount, recall.iban.as_ref()),
            None => Vec::new(),
        };
        if key.is_none() {
            let same = |own: &Option<String>, said: &Option<String>| {
                said.is_some()
                    && own.as_deref().map(reference_key) == said.as_deref().map(reference_key)
            };
            for (link, payments) in &addresses.by_order {
                let order = orders.get(link.order);
                let batch = order.and_then(|order| order.batches.get(link.batch));
                let by_batch =
                    batch.is_some_and(|b| same(&b.payment_info_id, &recall.payment_info_id));
                let by_message = recall.payment_info_id.is_none()
                    && order.is_some_and(|o| same(&o.message_id, &recall.message_id));
                if by_batch || by_message {
                    meant.extend(payments);
                }
            }
        }
        for payment in meant {
            let Some(said) = self.payments.get_mut(payment) else { continue };
            // A refused recall leaves the money with the payee, whatever was asked before.
            said.recalled = (!recall.refused).then(|| Rejected {
                place: recall.place,
                day: None,
                code: recall.reason.as_ref().and_then(|reason| reason.code.clone()),
                text: recall.reason.as_ref().and_then(|reason| reason.text.clone()),
            });
        }
    }

    /// A confirmation speaks for a payment only if exactly one fits its keys and amount; equal
    /// ones by count.
    fn read_confirmations(&mut self, confirmations: &[Confirmation], addresses: &Addresses<'_>) {
        let mut groups: BTreeMap<Vec<usize>, Vec<&Confirmation>> = BTreeMap::new();
        for confirmation in confirmations {
            let fitting = addresses.of_confirmation(confirmation);
            if !fitting.is_empty() {
                groups.entry(fitting).or_default().push(confirmation);
            }
        }
        for (payments, confirmations) in groups {
            let mut days: Vec<_> = confirmations.iter().map(|c| (c.credited_on, c.place)).collect();
            days.sort_unstable();
            let distinct: BTreeSet<NaiveDate> = days.iter().map(|(day, _)| *day).collect();
            let one_payment = payments.len() == 1;
            if !(one_payment || (days.len() >= payments.len() && distinct.len() == 1)) {
                continue;
            }
            for payment in payments {
                if let (Some(said), Some(first)) = (self.payments.get_mut(payment), days.first()) {
                    said.confirmed = Some(*first);
                }
            }
        }
    }
}

/// Whether a reported transfer is this ordered one.
fn is_about(said: &TransferReport, transfer: &OrderedTransfer) -> bool {
    let same = |said: &Option<String>, own: &Option<String>| {
        said.as_deref().filter(|id| !is_placeholder(id)).is_some_and(|said| {
            own.as_deref().is_some_and(|own| reference_key(own) == reference_key(said))
        })
    };
    let by_id = same(&said.end_to_end_id, &transfer.end_to_end_id)
        || same(&said.instruction_id, &transfer.instruction_id);
    let amount_fits = match (said.amount, transfer.amount) {
        (Some(said), Some(own)) => said == own,
        _ => true,
    };
    let account_fits = match (&said.iban, &transfer.iban) {
        (Some(said), Some(own)) => said.same_account(own),
        _ => true,
    };
    by_id && amount_fits && account_fits
}

impl Addresses<'_> {
    fn fitting(&self, key: &str, amount: Option<Amount>, iban: Option<&Iban>) -> Vec<usize> {
        self.by_id
            .get(key)
            .into_iter()
            .flatten()
            .copied()
            .filter(|payment| {
                self.owed.get(*payment).is_some_and(|owed| {
                    owed.account_allows(iban) && amount.is_none_or(|amount| amount == owed.amount)
                })
            })
            .collect()
    }

    fn of_transfer_report(&self, said: &TransferReport) -> Vec<usize> {
        let id = said.end_to_end_id.as_deref().filter(|id| !is_placeholder(id));
        id.map(|id| self.fitting(&reference_key(id), said.amount, said.iban.as_ref()))
            .unwrap_or_default()
    }

    fn of_confirmation(&self, confirmation: &Confirmation) -> Vec<usize> {
        let amount = Some(confirmation.amount);
        let iban = confirmation.iban.as_ref();
        let in_window = |payments: Vec<usize>| -> Vec<usize> {
            payments
                .into_iter()
                .filter(|payment| {
                    self.owed
                        .get(*payment)
                        .is_some_and(|owed| owed.run_holds(confirmation.credited_on))
                })
                .collect()
        };
        let id = confirmation.end_to_end_id.as_deref().filter(|id| !is_placeholder(id));
        if let Some(id) = id {
            return in_window(self.fitting(&reference_key(id), amount, iban));
        }
        let case = confirmation.case_id.as_deref().filter(|id| !is_placeholder(id));
        let fits = |payment: &usize| {
            self.owed
                .get(*payment)
                .is_some_and(|owed| owed.amount == confirmation.amount && owed.account_allows(iban))
        };
        if let Some(case) = case.map(reference_key) {
            let named = self.by_case.get(case.as_str()).into_iter().flatten().copied();
            return in_window(named.filter(fits).collect());
        }
        let Some(iban) = iban else { return Vec::new() };
        let by_account = self.owed.iter().enumerate().filter(|(_, owed)| {
            owed.part != Part::None
                && owed.amount == confirmation.amount
                && owed.account_agrees(Some(iban))
        });
        in_window(by_account.map(|(number, _)| number).collect())
    }
}
