//! Which transfers of an order a status report names.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::order::OrderedTransfer;
use crate::model::status::TransferReport;
use crate::model::text::is_placeholder;
use crate::model::text::names_agree;
use crate::model::text::reference_key;

/// The transfers of a batch by what reports name.
pub(super) struct Transfers<'o> {
    all: &'o [OrderedTransfer],
    by_id: BTreeMap<String, Vec<usize>>,
    by_account: BTreeMap<(&'o Iban, Amount), Vec<usize>>,
    /// What was meant before: thousands of reports may say the same.
    known: BTreeMap<Named<'o>, Option<Arc<[usize]>>>,
}

/// Ids, account and amount of a reported transfer.
type Named<'o> = (Option<&'o str>, Option<&'o str>, Option<&'o Iban>, Option<Amount>);

impl<'o> Transfers<'o> {
    pub(super) fn new(transfers: &'o [OrderedTransfer]) -> Self {
        let (mut by_id, mut by_account) = (BTreeMap::new(), BTreeMap::new());
        for (number, transfer) in transfers.iter().enumerate() {
            let ids = [transfer.end_to_end_id.as_deref(), transfer.instruction_id.as_deref()];
            for id in ids.into_iter().flatten().filter(|id| !is_placeholder(id)) {
                let of: &mut Vec<usize> = by_id.entry(reference_key(id)).or_default();
                of.push(number);
            }
            if let (Some(iban), Some(amount)) = (&transfer.iban, transfer.amount) {
                let of: &mut Vec<usize> = by_account.entry((iban, amount)).or_default();
                of.push(number);
            }
        }
        Self { all: transfers, by_id, by_account, known: BTreeMap::new() }
    }

    /// Which transfers each reported one may be, those that may be the same ones together.
    pub(super) fn meant<'r: 'o>(
        &mut self,
        said: &[&'r TransferReport],
    ) -> BTreeMap<Arc<[usize]>, Vec<&'r TransferReport>> {
        let mut alike: BTreeMap<Named<'o>, Vec<&'r TransferReport>> = BTreeMap::new();
        for said in said {
            let said: &'r TransferReport = said;
            let named = (
                said.end_to_end_id.as_deref(),
                said.instruction_id.as_deref(),
                said.iban.as_ref(),
                said.amount,
            );
            alike.entry(named).or_default().push(said);
        }
        let mut found: BTreeMap<Arc<[usize]>, Vec<&'r TransferReport>> = BTreeMap::new();
        for (named, said) in alike {
            let known = if let Some(known) = self.known.get(&named) {
                known.clone()
            } else {
                let fitting = self.fitting(named).map(Arc::from);
                self.known.insert(named, fitting.clone());
                fitting
            };
            if let Some(fitting) = known {
                found.entry(fitting).or_default().extend(said);
            }
        }
        for said in found.values_mut() {
            said.sort_by_key(|said| said.place);
        }
        found
    }

    /// The transfers that a reported one concerns which names none by ids, or account and amount: those
    /// of its account, those of its name and amount, those of its amount. Which of them is meant nobody
    /// can say.
    pub(super) fn concerned(&self, said: &TransferReport) -> Option<Vec<usize>> {
        let ids = [said.end_to_end_id.as_deref(), said.instruction_id.as_deref()];
        if ids.into_iter().flatten().any(|id| !is_placeholder(id)) {
            return None;
        }
        if said.iban.as_ref().zip(said.amount).is_some_and(|key| self.by_account.contains_key(&key))
        {
            return None;
        }
        let of = |fits: &dyn Fn(&OrderedTransfer) -> bool| -> Option<Vec<usize>> {
            let all = self.all.iter().enumerate();
            let found: Vec<usize> =
                all.filter(|(_, own)| fits(own)).map(|(number, _)| number).collect();
            (!found.is_empty()).then_some(found)
        };
        let same_account = |own: &OrderedTransfer| {
            said.iban.as_ref().zip(own.iban.as_ref()).is_some_and(|(a, b)| a.same_account(b))
        };
        let same_amount = |own: &OrderedTransfer| said.amount.is_none_or(|a| own.amount == Some(a));
        let same_name = |own: &OrderedTransfer| {
            let names = said.payee.as_deref().zip(own.payee.as_deref());
            names.is_some_and(|(a, b)| names_agree(a, b))
        };
        of(&|own| same_account(own) && same_amount(own))
            .or_else(|| of(&same_account))
            .or_else(|| of(&|own| same_name(own) && same_amount(own)))
            .or_else(|| said.amount.and_then(|_| of(&same_amount)))
    }

    fn fitting(
        &self,
        (end_to_end_id, instruction_id, iban, amount): Named<'_>,
    ) -> Option<Vec<usize>> {
        let ids = [end_to_end_id, instruction_id];
        let mut real = ids.into_iter().flatten().filter(|id| !is_placeholder(id)).peekable();
        let without_id = real.peek().is_none();
        let named = real.find_map(|id| self.by_id.get(&reference_key(id)));
        let by_account = || self.by_account.get(&(iban?, amount?));
        let all = named.or_else(|| by_account().filter(|_| without_id))?;
        // Of several under one id those whose amount and account agree.
        let fits = |number: &usize| {
            self.all.get(*number).is_some_and(|own| {
                amount.is_none_or(|amount| own.amount == Some(amount))
                    && iban.is_none_or(|iban| {
                        own.iban.as_ref().is_none_or(|own| own.same_account(iban))
                    })
            })
        };
        let mut fitting: Vec<usize> = all.iter().copied().filter(fits).collect();
        if fitting.is_empty() {
            fitting.clone_from(all);
        }
        fitting.dedup();
        Some(fitting)
    }
}
