//! The order of the rules.

use crate::matching::bank::BankView;
use crate::matching::batch;
use crate::matching::doubts;
use crate::matching::findings::Findings;
use crate::matching::merged;
use crate::matching::messages::Messages;
use crate::matching::near;
use crate::matching::nearest;
use crate::matching::order_checks;
use crate::matching::owed::Owed;
use crate::matching::parts;
use crate::matching::pending;
use crate::matching::population::Population;
use crate::matching::references::ReferenceIndex;
use crate::matching::returns;
use crate::matching::search::Search;
use crate::matching::tiers;
use crate::matching::unbacked;
use crate::matching::unreadable;
use crate::model::order::OrderFile;

/// Finds bookings and returns for every payment: the strongest rule first; what it claims is gone
/// for those after it.
pub fn apply<'a>(
    owed: &'a [Owed<'a>],
    bank: &'a BankView<'a>,
    orders: &'a [OrderFile],
    messages: &'a Messages,
    settled: &'a Population<'a>,
    threads: usize,
) -> Findings {
    let index = ReferenceIndex::new(owed, threads);
    let mut search = Search::new(owed, bank, orders, messages, settled, &index, threads);
    batch::named(&mut search);
    batch::ordered(&mut search);
    tiers::by_end_to_end_id(&mut search);
    tiers::by_reference(&mut search);
    tiers::by_account_and_amount(&mut search);
    parts::by_reference(&mut search);
    merged::by_account(&mut search);
    batch::unnamed(&mut search);
    near::misses(&mut search);
    tiers::leftovers(&mut search);
    merged::leftovers(&mut search);
    order_checks::apply(&mut search);
    unbacked::cite(&mut search);
    returns::link(&mut search);
    unreadable::link(&mut search);
    pending::link(&mut search, &index);
    doubts::take_back(&mut search);
    nearest::candidates(&mut search);
    search.into_findings()
}
