//! What payments bear that makes a difference between bookings.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::matching::months::month_words;
use crate::matching::months::month_words_of_name;
use crate::matching::owed::Owed;

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
    pub(super) fn may_be_id(&self, owed: &'a [Owed<'a>], id: &str) -> bool {
        let ids = self.ids.get_or_init(|| {
            let mut ids: Vec<&str> = owed.iter().flat_map(Owed::ids).collect();
            ids.sort_unstable();
            ids
        });
        let first = ids.partition_point(|own| *own < id);
        ids.get(first).is_some_and(|own| own.starts_with(id))
    }

    /// Whether a text has a month that is a name as well: a payment's, or this one.
    pub(super) fn may_be_name(
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
