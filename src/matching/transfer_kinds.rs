//! Transfers that no rule can tell apart: thousands of them are asked once.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::OnceLock;

use foldhash::HashMap;

use crate::matching::months::month_words;
use crate::matching::months::month_words_of_name;
use crate::matching::owed::Owed;
use crate::matching::search::Search;
use crate::model::iban::Iban;

/// What payments bear that makes a difference between transfers; made when somebody asks.
#[derive(Debug, Default)]
pub(super) struct Borne<'a> {
    /// Their ids, sorted.
    ids: OnceLock<Vec<&'a str>>,
    /// Words of their names that are months.
    months: OnceLock<BTreeSet<String>>,
}

impl<'a> Borne<'a> {
    /// Whether an id is a payment's, or the beginning of one. All others say the same: that it is another
    /// one.
    fn may_be_id(&self, owed: &'a [Owed<'a>], id: &str) -> bool {
        let ids = self.ids.get_or_init(|| {
            let mut ids: Vec<&str> = owed.iter().flat_map(Owed::ids).collect();
            ids.sort_unstable();
            ids
        });
        let first = ids.partition_point(|own| *own < id);
        ids.get(first).is_some_and(|own| own.starts_with(id))
    }

    /// Whether a text has a month that is a name as well: a payment's, or this one.
    fn may_be_name(
        &self,
        owed: &[Owed<'_>],
        mut texts: impl Iterator<Item = &'a str>,
        name: Option<&str>,
    ) -> bool {
        let months = self.months.get_or_init(|| {
            let rows = owed.iter().map(|owed| owed.payment);
            let names = rows.flat_map(|row| row.payee.iter().chain(&row.beneficiary));
            names.flat_map(|name| month_words_of_name(name)).collect()
        });
        let own: Vec<String> = name.into_iter().flat_map(month_words_of_name).collect();
        let is_name = |word: String| months.contains(&word) || own.contains(&word);
        (!months.is_empty() || !own.is_empty())
            && texts.any(|text| month_words(text).into_iter().any(is_name))
    }
}

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
