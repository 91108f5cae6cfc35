//! Lists of payments that texts name: thousands of bookings may name the same thousands of payments.

use foldhash::HashMap;

use crate::matching::lookup::Lookup;
use crate::matching::references::Naming;

/// Different lists, numbered as they come.
#[derive(Debug, Default)]
pub(super) struct NamedLists<'n>(HashMap<[&'n [usize]; 2], usize>);

impl<'n> NamedLists<'n> {
    /// The number of the list that texts name; `None` if they name nobody.
    pub(super) fn number(&mut self, naming: &'n Naming) -> Option<usize> {
        let next = self.0.len();
        let list = [&*naming.candidates, &*naming.several];
        (!naming.is_empty()).then(|| *self.0.entry(list).or_insert(next))
    }

    /// The numbers of lists by the payments that stand in them.
    pub(super) fn by_payment(&self) -> Lookup {
        let rows = self.0.iter().flat_map(|(lists, number)| {
            lists.iter().copied().flatten().map(|payment| (*payment, *number))
        });
        Lookup::new(rows)
    }
}
