//! Groups of payments and bookings that fit each other.
//!
//! Thousands of equal bookings fit thousands of equal payments: what fits is kept by those that are
//! alike, not pair by pair.

use std::collections::BTreeMap;

/// Transfers that fit the same payments, each of them every one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fits {
    /// Numbers of payments, each once, ascending.
    pub payments: Vec<usize>,
    /// Numbers of transfers.
    pub transfers: Vec<usize>,
}

/// Payments and transfers joined by what fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Numbers of payments, each once, ascending.
    pub payments: Vec<usize>,
    /// Numbers of transfers, each once, ascending.
    pub transfers: Vec<usize>,
    /// What fits; every transfer stands in one of these.
    pub fits: Vec<Fits>,
}

impl Group {
    /// The fitting pairs (payment, transfer).
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.fits.iter().flat_map(|fits| {
            let of = |payment: &usize| {
                let payment = *payment;
                fits.transfers.iter().map(move |transfer| (payment, *transfer))
            };
            fits.payments.iter().flat_map(of)
        })
    }

    /// Whether every transfer fits every payment.
    pub(super) fn is_complete(&self) -> bool {
        self.fits.iter().all(|fits| fits.payments.len() == self.payments.len())
    }
}

/// Fitting pairs (payment, transfer), with transfers that fit the same payments together.
pub fn of_pairs(mut pairs: Vec<(usize, usize)>) -> Vec<Fits> {
    pairs.sort_unstable_by_key(|(payment, transfer)| (*transfer, *payment));
    pairs.dedup();
    let of_transfers = pairs.chunk_by(|left, right| left.1 == right.1);
    let fits = of_transfers.filter_map(|of| {
        let payments = of.iter().map(|pair| pair.0).collect();
        Some(Fits { payments, transfers: vec![of.first()?.1] })
    });
    merged(fits.collect())
}

/// Puts transfers together that fit the same payments, in the order of payments.
fn merged(mut all: Vec<Fits>) -> Vec<Fits> {
    all.retain(|fits| !fits.payments.is_empty() && !fits.transfers.is_empty());
    all.sort_by(|left, right| left.payments.cmp(&right.payments));
    let mut kept: Vec<Fits> = Vec::with_capacity(all.len());
    for fits in all {
        match kept.last_mut().filter(|last| last.payments == fits.payments) {
            Some(last) => last.transfers.extend(fits.transfers),
            None => kept.push(fits),
        }
    }
    for fits in &mut kept {
        fits.transfers.sort_unstable();
        fits.transfers.dedup();
    }
    kept
}

/// Joins what fits to groups, in the order of their first payments. Each transfer may stand in one of
/// these only.
pub fn groups(fits: Vec<Fits>) -> impl Iterator<Item = Group> {
    let fits = merged(fits);
    let mut payments: Vec<usize> = fits.iter().flat_map(|fits| &fits.payments).copied().collect();
    payments.sort_unstable();
    payments.dedup();
    let node = |payment: usize| payments.binary_search(&payment).unwrap_or(0);
    // The first payment of a group stands for it.
    let mut parent: Vec<usize> = (0..payments.len()).collect();
    for fits in &fits {
        let mut before: Option<usize> = None;
        for payment in &fits.payments {
            let own = root(&mut parent, node(*payment));
            let first = before.map_or(own, |before| before.min(own));
            if let Some(slot) = before.and_then(|before| parent.get_mut(before.max(own))) {
                *slot = first;
            }
            before = Some(first);
        }
    }
    let mut made: BTreeMap<usize, Group> = BTreeMap::new();
    for (number, payment) in payments.iter().enumerate() {
        let group = made.entry(root(&mut parent, number)).or_default();
        group.payments.push(*payment);
    }
    for fits in fits {
        let first = fits.payments.first().map(|payment| root(&mut parent, node(*payment)));
        if let Some(group) = first.and_then(|first| made.get_mut(&first)) {
            group.transfers.extend(&fits.transfers);
            group.fits.push(fits);
        }
    }
    made.into_values().map(|mut group| {
        group.transfers.sort_unstable();
        group.transfers.dedup();
        group
    })
}

fn root(parent: &mut [usize], mut node: usize) -> usize {
    while let Some(next) = parent.get(node).copied().filter(|next| *next != node) {
        let grand = parent.get(next).copied().unwrap_or(next);
        if let Some(slot) = parent.get_mut(node) {
            *slot = grand;
        }
        node = next;
    }
    node
}
