//! Which payments stand behind the ids, accounts and orders that messages name.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::matching::lookup::Lookup;
use crate::matching::orders;
use crate::matching::owed::OrderLink;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::matching::references::ReferenceIndex;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::text::FoldedName;
use crate::model::text::is_placeholder;
use crate::model::text::names_agree;
use crate::model::text::reference_key;

/// What a message names of one transfer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted<'m> {
    pub(super) end_to_end_id: Option<&'m str>,
    /// The customer's own reference, or the bank's number.
    pub(super) instruction_id: Option<&'m str>,
    pub(super) amount: Option<Amount>,
    pub(super) iban: Option<&'m Iban>,
    pub(super) payee: Option<&'m str>,
    /// Remittance text and the words of the reason: they may name a case number or an account.
    pub(super) texts: [Option<&'m str>; 2],
    /// Day of the message: what carries no id of the payment must lie in its run.
    pub(super) day: Option<NaiveDate>,
}

impl<'m> Wanted<'m> {
    /// The id, if it is one.
    pub(super) fn id(&self) -> Option<&'m str> {
        self.end_to_end_id.filter(|id| !is_placeholder(id))
    }

    /// All ids that are some.
    fn ids(&self) -> impl Iterator<Item = &'m str> {
        let ids = [self.end_to_end_id, self.instruction_id];
        ids.into_iter().flatten().filter(|id| !is_placeholder(id))
    }
}

/// Which payments stand behind keys and orders.
pub(super) struct Addresses<'a> {
    pub(super) owed: &'a [Owed<'a>],
    /// Made when the first message has to be asked for what its texts name.
    references: OnceCell<ReferenceIndex>,
    /// The names of all payments, made when the first message is asked by name alone.
    names: OnceCell<Vec<Vec<FoldedName>>>,
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
            references: OnceCell::new(),
            names: OnceCell::new(),
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

    pub(super) fn owed(&self, payment: usize) -> Option<&'a Owed<'a>> {
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
        for id in wanted.ids() {
            let mut bearing = self.with_id(id);
            // An id for all months means this one only in its days.
            bearing.retain(|payment| {
                self.owed(*payment).is_some_and(|owed| {
                    !owed.id_is_constant() || wanted.day.is_none_or(|day| owed.run_holds(day))
                })
            });
            let found = self.narrowed(bearing, wanted);
            if !found.is_empty() || wanted.id() == Some(id) {
                return found;
            }
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
    /// The payments that a message concerns which means none by ids, account and amount: those whose
    /// case number or account its texts name, those of its account, those of its name and amount. Which
    /// of them it means nobody can say.
    pub(super) fn concerned(&self, wanted: Wanted<'_>) -> Vec<usize> {
        let mut concerned = self.named_in_texts(wanted);
        let in_texts: Vec<Iban> =
            wanted.texts.into_iter().flatten().flat_map(iban_in_text::in_text).collect();
        if concerned.is_empty() {
            concerned = self.of_amount(wanted, |owed, _| {
                let mut accounts = wanted.iban.into_iter().chain(&in_texts);
                accounts.any(|iban| owed.account_agrees(Some(iban)))
            });
        }
        if let Some(name) = wanted.payee.and_then(FoldedName::new).filter(|_| concerned.is_empty())
        {
            concerned = self.of_amount(wanted, |owed, names| {
                owed.account_allows(wanted.iban) && names.iter().any(|own| own.agrees(&name))
            });
        }
        concerned
    }

    /// The payments of the amount that a message states, of any where it states none, which it may mean
    /// and which a test fits.
    fn of_amount(
        &self,
        wanted: Wanted<'_>,
        fits: impl Fn(&Owed<'_>, &[FoldedName]) -> bool,
    ) -> Vec<usize> {
        let names = self.names.get_or_init(|| self.owed.iter().map(names_of).collect());
        let test = |payment: &usize| {
            let own = self.owed(*payment).zip(names.get(*payment));
            own.is_some_and(|(owed, names)| {
                owed.part != Part::None && may_be(owed, wanted) && fits(owed, names)
            })
        };
        match wanted.amount {
            Some(amount) => {
                let all = self.by_amount.find(&amount);
                all.filter(test)
                    .filter(|payment| self.owed(*payment).is_some_and(|own| own.amount == amount))
                    .collect()
            }
            None => (0..self.owed.len()).filter(test).collect(),
        }
    }

    /// The payments that a text names by case number or id.
    pub(super) fn named_by(&self, text: Option<&str>) -> Vec<usize> {
        let Some(text) = text else { return Vec::new() };
        let references = self.references.get_or_init(|| ReferenceIndex::new(self.owed, 1));
        references.rows_named_in(std::iter::once(text), self.owed)
    }

    /// Whether a name is not the payment's own and that of another payment.
    pub(super) fn is_name_of_another(&self, own: &Owed<'_>, name: &str) -> bool {
        let Some(name) = FoldedName::new(name) else { return false };
        let names = self.names.get_or_init(|| self.owed.iter().map(names_of).collect());
        !names_of(own).iter().any(|known| known.agrees(&name))
            && names.iter().flatten().any(|known| known.agrees(&name))
    }

    fn named_in_texts(&self, wanted: Wanted<'_>) -> Vec<usize> {
        let mut texts = wanted.texts.into_iter().flatten().peekable();
        if texts.peek().is_none() {
            return Vec::new();
        }
        let references = self.references.get_or_init(|| ReferenceIndex::new(self.owed, 1));
        let mut named = references.rows_named_in(texts, self.owed);
        named.retain(|payment| self.owed(*payment).is_some_and(|owed| may_be(owed, wanted)));
        named
    }
}

/// Whether a payment can be meant by a message that does not bear its id: in its run, and under
/// another id only with its own amount.
fn may_be(owed: &Owed<'_>, wanted: Wanted<'_>) -> bool {
    let in_run = wanted.day.is_none_or(|day| owed.run_holds(day));
    let other_id = wanted.id().is_some() && owed.ids().next().is_some();
    in_run && (!other_id || wanted.amount == Some(owed.amount))
}

fn names_of(owed: &Owed<'_>) -> Vec<FoldedName> {
    let row = owed.payment;
    row.payee.iter().chain(&row.beneficiary).filter_map(|name| FoldedName::new(name)).collect()
}
