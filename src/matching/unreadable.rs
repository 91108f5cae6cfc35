//! Rows that could not be read, and the bookings whose texts name them: a person need not search.

use crate::matching::findings::Note;
use crate::matching::owed::Part;
use crate::matching::references::ReferenceIndex;
use crate::matching::references::keys_of;
use crate::matching::references::own_texts;
use crate::matching::search::Search;
use crate::matching::tails::Tails;
use crate::model::statement::Direction;

/// Notes for every row that could not be read which booked debits name it.
pub fn link(search: &mut Search<'_>) {
    let owed = search.all_owed();
    if owed.iter().all(|owed| owed.part != Part::None) {
        return;
    }
    let index = ReferenceIndex::of_unreadable(owed, search.threads);
    let unreadable = owed.iter().filter(|owed| owed.part == Part::None);
    let tails = Tails::new(unreadable.flat_map(keys_of));
    for transfer in 0..search.bank().transfers.len() {
        let view = search.transfer(transfer);
        let entry = search.entry(view.entry);
        if entry.duplicate_of.is_some() || entry.entry.direction != Direction::Debit {
            continue;
        }
        // Nearly all texts name none of them.
        if !view.detail.into_iter().flat_map(own_texts).any(|text| tails.may_be_in(text)) {
            continue;
        }
        let naming = index.named_by(view.detail, owed);
        let named: Vec<usize> =
            naming.candidates.iter().chain(naming.several.iter()).copied().collect();
        for row in named {
            let note = Note::NamedBy(view.entry);
            let found = search.found(row);
            if !found.notes.contains(&note) {
                found.notes.push(note);
            }
        }
    }
}
