//! Transfers that no rule can tell apart: thousands of them are asked once.

use std::hash::Hash;

use chrono::NaiveDate;
use foldhash::HashMap;

use crate::matching::search::Search;
use crate::model::amount::Amount;
use crate::model::iban::Iban;

impl<'a> Search<'a> {
    /// Transfers in groups that no rule can tell apart, as far as it asks no names; in their order.
    pub fn alike(&self, transfers: &[usize]) -> Vec<Vec<usize>> {
        self.alike_by(transfers, |transfer| self.transfer(transfer).iban().map(Iban::reveal))
    }

    /// The same where accounts count for nothing, but what a rule asks for besides.
    pub fn alike_by<K: Hash + Eq>(
        &self,
        transfers: &[usize],
        more: impl Fn(usize) -> K,
    ) -> Vec<Vec<usize>> {
        // Nearly all transfers are the only ones of their amount and day: nothing else is asked of them.
        let mut times: HashMap<_, usize> = HashMap::default();
        for transfer in transfers {
            let count = times.entry(self.money(*transfer)).or_default();
            *count = count.saturating_add(1);
        }
        let mut numbers: HashMap<_, usize> = HashMap::default();
        let mut groups: Vec<Vec<usize>> = Vec::with_capacity(times.len());
        for transfer in transfers {
            if times.get(&self.money(*transfer)) == Some(&1) {
                groups.push(vec![*transfer]);
                continue;
            }
            let number =
                *numbers.entry((self.kind(*transfer), more(*transfer))).or_insert(groups.len());
            match groups.get_mut(number) {
                Some(group) => group.push(*transfer),
                None => groups.push(vec![*transfer]),
            }
        }
        groups
    }

    fn money(&self, transfer: usize) -> (Amount, NaiveDate) {
        let view = self.transfer(transfer);
        (view.amount, view.booked_on)
    }

    /// Everything that the rules ask a transfer for, but its account.
    fn kind(&self, transfer: usize) -> impl Hash + Eq + use<'_, 'a> {
        let view = self.transfer(transfer);
        let (naming, told, months) =
            (self.naming(transfer), self.told(transfer), self.months(transfer));
        let (owed, borne) = (self.all_owed(), self.borne());
        let id = view.end_to_end_key.as_deref();
        let known = id.filter(|id| borne.may_be_id(owed, id));
        // Names count where texts name somebody, or a month that may be a name.
        let entry = self.entry(view.entry).entry;
        let texts = || entry.texts(view.detail);
        let may_be_name = !months.is_empty() && borne.may_be_name(owed, texts(), view.name());
        let name = view.name().filter(|_| !naming.is_empty() || may_be_name);
        let texts: Vec<&str> = if may_be_name { texts().collect() } else { Vec::new() };
        (self.money(transfer), (id.is_some(), known), (naming, told), months, (name, texts))
    }
}
