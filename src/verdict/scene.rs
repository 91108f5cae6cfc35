//! What the rules saw and found, for whoever asks about one payment and one booking before it is taken apart.

use crate::matching::bank::BankView;
use crate::matching::findings::Findings;
use crate::matching::messages::Messages;
use crate::matching::owed::Owed;
use crate::matching::pair;
use crate::matching::pair::kinds::Pair;
use crate::matching::pair::kinds::Spot;
use crate::matching::population::Population;
use crate::matching::references::ReferenceIndex;
use crate::matching::search::Search;
use crate::model::order::OrderFile;
use crate::model::place::Place;

/// Both sides as the rules see them, and what they found.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    pub(super) owed: &'a [Owed<'a>],
    pub(super) bank: &'a BankView<'a>,
    pub(super) findings: &'a Findings,
    pub(super) messages: &'a Messages,
    pub(super) orders: &'a [OrderFile],
    pub(super) settled: &'a Population<'a>,
    pub(super) threads: usize,
}

impl<'a> Scene<'a> {
    /// The payments, in the order of the lists.
    pub fn payments(&self) -> &'a [Owed<'a>] {
        self.owed
    }

    /// Where bookings and the transfers inside of them stand.
    pub fn spots(&self) -> impl Iterator<Item = (Place, Spot)> + 'a {
        let bank = self.bank;
        bank.entries.iter().enumerate().flat_map(move |(entry, view)| {
            let whole = (view.entry.place, Spot { entry, transfer: None });
            let inside = (view.transfers.len() > 1).then(|| view.transfers.clone());
            let inside = inside.into_iter().flatten().filter_map(move |transfer| {
                let place = bank.transfers.get(transfer)?.place;
                Some((place, Spot { entry, transfer: Some(transfer) }))
            });
            std::iter::once(whole).chain(inside)
        })
    }

    /// Where ordered transfers stand.
    pub fn ordered(&self) -> impl Iterator<Item = Place> + 'a {
        let batches = self.orders.iter().flat_map(|order| &order.batches);
        batches.flat_map(|batch| &batch.transfers).map(|transfer| transfer.place)
    }

    /// A payment and what stands at a place, side by side.
    pub fn pair(&self, payment: usize, spots: &[Spot]) -> Option<Pair> {
        let index = ReferenceIndex::new(self.owed, self.threads);
        let search = Search::new(
            self.owed,
            self.bank,
            self.orders,
            self.messages,
            self.settled,
            &index,
            self.threads,
        );
        pair::look(&search, self.findings, payment, spots)
    }
}
