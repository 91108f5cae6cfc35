//! One payment and one booking side by side, for a person who asks why they belong together or do not.
//!
//! Nothing is decided here: what ties them was found by the rules ([`crate::matching::rules`]), and what may
//! part them is asked of the same tests that the rules ask.

mod fields;
pub mod kinds;
mod relation;

use crate::matching::findings::Findings;
use crate::matching::findings::Note;
use crate::matching::pair::kinds::Pair;
use crate::matching::pair::kinds::Spot;
use crate::matching::search::Search;

/// Looks at a payment and at what stands at one place; of several bookings and transfers there the one that is
/// tied, else the nearest. `None` if there is none.
pub fn look(
    search: &Search<'_>,
    findings: &Findings,
    payment: usize,
    spots: &[Spot],
) -> Option<Pair> {
    let found = findings.payments.get(payment)?;
    let bank = search.bank();
    let original = |spot: &Spot| {
        let of = bank.entries.get(spot.entry).and_then(|view| view.duplicate_of);
        of.map_or(*spot, |entry| Spot { entry, transfer: None })
    };
    let all = spots.iter().enumerate().flat_map(|(slot, spot)| {
        let spot = original(spot);
        let mut claimed = found.claims.iter().filter(move |claim| claim.entry == spot.entry);
        let claimed = claimed.find_map(|claim| claim.transfer);
        let of_entry = bank.entries.get(spot.entry).map_or(0..0, |view| view.transfers.clone());
        let whole = Spot { transfer: None, ..spot };
        let wanted =
            move |own: &usize| spot.transfer.or(claimed).is_none_or(|transfer| transfer == *own);
        let transfers =
            of_entry.filter(wanted).map(move |own| Spot { transfer: Some(own), ..spot });
        std::iter::once(whole).chain(transfers).map(move |spot| (slot, spot))
    });
    let ranked = all.max_by_key(|(slot, spot)| {
        let tied = relation::bond(search, findings, payment, *spot).is_some();
        let points = spot.transfer.map_or(0, |own| 1 + fields::points(search, payment, own));
        (tied, points, std::cmp::Reverse(*slot), std::cmp::Reverse(spot.transfer))
    });
    let (slot, spot) = ranked?;
    let view = bank.entries.get(spot.entry)?;
    let asked = spots.get(slot).and_then(|asked| bank.entries.get(asked.entry))?;
    let places = |entry: usize| bank.entries.get(entry).map(|view| view.entry.place);
    let nearest = found.notes.iter().find_map(|note| match note {
        Note::Candidate(entry, failure) => Some((places(*entry)?.whole_line(), *failure)),
        _ => None,
    });
    let bond = relation::bond(search, findings, payment, spot);
    let fields = fields::all(search, findings, payment, spot, bond);
    let bars = match bond {
        Some(_) => Vec::new(),
        None => relation::bars(search, findings, payment, spot),
    };
    let mut own: Vec<_> = found.claims.iter().filter_map(|claim| places(claim.entry)).collect();
    own.sort_unstable();
    own.dedup();
    Some(Pair {
        place: view.entry.place,
        transfer: spot
            .transfer
            .filter(|_| view.transfers.len() > 1)
            .and_then(|own| bank.transfers.get(own))
            .map(|own| own.place),
        transfers: view.transfers.len(),
        told_at: (asked.entry.place != view.entry.place).then_some(asked.entry.place),
        fields,
        bond,
        bars,
        own,
        nearest,
    })
}
