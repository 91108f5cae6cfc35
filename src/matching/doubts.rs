//! Debits that were read and prove nothing all the same: who would have one needs a person.

use crate::matching::findings::Claim;
use crate::matching::findings::Flag;
use crate::matching::findings::Note;
use crate::matching::search::Search;

/// Takes doubtful bookings back from the payments that the rules gave them to; they are cited, and
/// nobody is credited by them.
pub fn take_back(search: &mut Search<'_>) {
    let doubt = |search: &Search<'_>, claim: &Claim| search.entry(claim.entry).entry.doubt;
    for payment in 0..search.payment_count() {
        let claims = search.found.get(payment).map_or(&[] as &[_], |found| &found.claims);
        if !claims.iter().any(|claim| doubt(search, claim).is_some()) {
            continue;
        }
        let (doubtful, kept): (Vec<Claim>, Vec<Claim>) =
            claims.iter().partition(|claim| doubt(search, claim).is_some());
        let notes = doubtful
            .iter()
            .filter_map(|claim| Some(Note::Doubtful(claim.entry, doubt(search, claim)?)));
        let notes: Vec<Note> = notes.collect();
        let found = search.found(payment);
        found.claims = kept.into();
        found.cited.extend(doubtful.iter().map(|claim| claim.entry));
        found.flag(Flag::Ambiguous);
        found.notes.extend(notes);
    }
}
