//! Transfers that no rule can tell apart: thousands of them are asked once.

use std::hash::Hash;

use foldhash::HashMap;

use crate::matching::search::Search;
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
        let mut numbers: HashMap<_, usize> = HashMap::default();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for transfer in transfers {
            let number =
                *numbers.entry((self.kind(*transfer), more(*transfer))).or_insert(groups.len());
            match groups.get_mut(number) {
                Some(group) => group.push(*transfer),
                None => groups.push(vec![*transfer]),
            }
        }
        groups
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
        let money = (view.amount, view.booked_on);
        (money, (id.is_some(), known), (naming, told), months, (name, texts))
    }
}
