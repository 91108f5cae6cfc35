//! Which payments stand behind the ids, accounts and orders that messages name.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::matching::lookup::Lookup;
use crate::matching::orders;
use crate::matching::owed::OrderLink;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::text::is_placeholder;
use crate::model::text::names_agree;
use crate::model::text::reference_key;

/// What a message names of one transfer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted<'m> {
    pub(super) end_to_end_id: Option<&'m str>,
    pub(super) amount: Option<Amount>,
    pub(super) iban: Option<&'m Iban>,
    pub(super) payee: Option<&'m str>,
    /// Day of the message: what carries no id of the payment must lie in its run.
    pub(super) day: Option<NaiveDate>,
}

impl<'m> Wanted<'m> {
    /// The id, if it is one.
    pub(super) fn id(&self) -> Option<&'m str> {
        self.end_to_end_id.filter(|id| !is_placeholder(id))
    }
}

/// Which payments stand behind keys and orders.
pub(super) struct Addresses<'a> {
    pub(super) owed: &'a [Owed<'a>],
    by_id: Lookup,
    by_case: Lookup,
    by_amount: Lookup,
    pub(super) by_order: BTreeMap<OrderLink, Vec<usize>>,
}

impl<'a> Addresses<'a> {
    pub(super) fn new(owed: &'a [Owed<'a>]) -> Self {
        let taking_part = || owed.iter().enumerate().filter(|(_, owed)| owed.part != Part::None);
        let mut by_order: BTreeMap<OrderLink, Vec<usize>> = BTreeMap::new();
        for (number, owed) in taking_part() {
            for link in orders::links(owed) {
                by_order.entry(link).or_default().push(number);
            }
        }
        Self {
            owed,
            by_id: Lookup::new(
                taking_part().flat_map(|(number, owed)| owed.ids().map(move |id| (id, number))),
            ),
            by_case: Lookup::new(
                taking_part()
                    .filter_map(|(number, owed)| Some((owed.case_key.as_deref()?, number))),
            ),
            by_amount: Lookup::new(taking_part().map(|(number, owed)| (owed.amount, number))),
            by_order,
        }
    }

    fn owed(&self, payment: usize) -> Option<&'a Owed<'a>> {
        self.owed.get(payment)
    }

    /// The payments that bear an id.
    pub(super) fn with_id(&self, id: &str) -> Vec<usize> {
        let key = reference_key(id);
        let bears = |payment: &usize| {
            self.owed(*payment).is_some_and(|owed| owed.ids().any(|own| own == key))
        };
        self.by_id.find(&*key).filter(bears).collect()
    }

    /// The payments of a case.
    pub(super) fn of_case(&self, case: &str) -> Vec<usize> {
        let key = reference_key(case);
        let bears = |payment: &usize| {
            self.owed(*payment).is_some_and(|owed| owed.case_key.as_deref() == Some(&*key))
        };
        self.by_case.find(&*key).filter(bears).collect()
    }

    /// The payments of an amount to an account.
    pub(super) fn to_account(&self, iban: &Iban, amount: Amount) -> Vec<usize> {
        let fits = |payment: &usize| {
            self.owed(*payment)
                .is_some_and(|owed| owed.amount == amount && owed.account_agrees(Some(iban)))
        };
        self.by_amount.find(&amount).filter(fits).collect()
    }

    /// The payments that a message means: by the id, whatever else differs; where it has none by
    /// account and amount.
    pub(super) fn meant(&self, wanted: Wanted<'_>) -> Vec<usize> {
        if let Some(id) = wanted.id() {
            let mut bearing = self.with_id(id);
            // An id for all months means this one only in its days.
            bearing.retain(|payment| {
                self.owed(*payment).is_some_and(|owed| {
                    !owed.id_is_constant() || wanted.day.is_none_or(|day| owed.run_holds(day))
                })
            });
            return self.narrowed(bearing, wanted);
        }
        let (Some(iban), Some(amount)) = (wanted.iban, wanted.amount) else { return Vec::new() };
        let mut found = self.to_account(iban, amount);
        found.retain(|payment| {
            let held = |owed: &Owed<'_>| wanted.day.is_none_or(|day| owed.run_holds(day));
            self.owed(*payment).is_some_and(held)
        });
        self.narrowed(found, wanted)
    }

    /// Of several those whose account, amount and name agree, as far as that leaves any.
    fn narrowed(&self, mut payments: Vec<usize>, wanted: Wanted<'_>) -> Vec<usize> {
        let mut narrow = |fits: &dyn Fn(&Owed<'_>) -> bool| {
            let fitting: Vec<usize> = payments
                .iter()
                .copied()
                .filter(|payment| self.owed(*payment).is_some_and(fits))
                .collect();
            if !fitting.is_empty() {
                payments = fitting;
            }
        };
        narrow(&|owed| wanted.amount.is_none_or(|amount| amount == owed.amount));
        narrow(&|owed| owed.account_allows(wanted.iban));
        if wanted.id().is_none() {
            narrow(&|owed| {
                wanted.payee.is_some_and(|name| {
                    let row = owed.payment;
                    row.payee.iter().chain(&row.beneficiary).any(|own| names_agree(own, name))
                })
            });
        }
        payments
    }
}
