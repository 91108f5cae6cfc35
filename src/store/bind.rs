//! Decisions beside the payments of a run: found by their identity, and held against today's evidence.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::model::payment::Payment;
use crate::model::place::Place;
use crate::model::together;
use crate::reports::options::Options;
use crate::reports::resolution::Decided;
use crate::reports::resolution::Resolution;
use crate::reports::resolution::Resolutions;
use crate::reports::rows::Rows;
use crate::store::decisions::Decisions;
use crate::store::identity::Identity;
use crate::store::journal::Booking;
use crate::store::row::Row;
use crate::store::row::occurrences;
use crate::verdict::result::Outcome;

/// What was decided about the payments of an outcome, as it stands on this day. No verdict depends on it.
pub fn resolutions(
    outcome: &Outcome,
    decisions: &Decisions,
    threads: usize,
    today: NaiveDate,
) -> Resolutions {
    if decisions.is_empty() {
        return Resolutions::default();
    }
    let options = Options { threads, ..Options::default() };
    let rows = Rows::new(outcome, &options);
    let wanted: BTreeSet<(Option<String>, Option<String>)> = decisions
        .payments()
        .map(|payment| (payment.case_id.clone(), payment.end_to_end_id.clone()))
        .collect();
    let text = |text: &Option<String>| text.as_deref().map(|text| rows.text(text));
    let numbers: Vec<_> = outcome.numbered().collect();
    let found = together::map_many(&numbers, threads.max(1), |one| {
        let judged = outcome.payment(*one)?;
        let payment = &judged.payment;
        let is_wanted = wanted.contains(&(text(&payment.case_id), text(&payment.end_to_end_id)));
        is_wanted.then(|| (payment.clone(), Row::from(rows.payment_without_trail(&judged))))
    });
    let (payments, found): (Vec<Payment>, Vec<Row>) = found.into_iter().flatten().unzip();
    let mut identities: Vec<Identity> = found.iter().map(Row::identity).collect();
    for (identity, occurrence) in identities.iter_mut().zip(occurrences(&found)) {
        identity.occurrence = occurrence;
    }
    let assigned: Vec<(&Identity, &Booking)> = identities
        .iter()
        .filter_map(|identity| Some((identity, decisions.assigned(identity)?)))
        .collect();
    let taken = taken(&rows, &numbers, &identities, &found, &assigned);
    let mut of_rows: BTreeMap<Place, Vec<Decided>> = BTreeMap::new();
    for ((payment, row), identity) in payments.iter().zip(&found).zip(&identities) {
        let digest = row.evidence_digest();
        let Some(resolution) = decisions.resolution(identity, &digest, today) else { continue };
        let lapsed = resolution.lapsed || taken.contains(identity);
        add(&mut of_rows, payment, Resolution { lapsed, ..resolution });
    }
    Resolutions::new(of_rows)
}

/// Of two payments that not even their place tells apart none is relieved: nobody knows which was meant.
fn add(of_rows: &mut BTreeMap<Place, Vec<Decided>>, payment: &Payment, resolution: Resolution) {
    let own = of_rows.entry(payment.place).or_default();
    if let Some(other) = own.iter_mut().find(|other| other.is_of(payment)) {
        other.resolution.lapsed = true;
        return;
    }
    own.push(Decided::new(payment, resolution));
}

/// The payments whose assigned booking has become the proof of another one.
fn taken(
    rows: &Rows<'_>,
    numbers: &[crate::verdict::result::Numbered],
    identities: &[Identity],
    found: &[Row],
    assigned: &[(&Identity, &Booking)],
) -> BTreeSet<Identity> {
    if assigned.is_empty() {
        return BTreeSet::new();
    }
    let digests: BTreeMap<String, String> =
        rows.files().into_iter().map(|file| (file.path, file.sha256)).collect();
    let own_place = |identity: &Identity| {
        let number = identities.iter().position(|other| other == identity)?;
        found.get(number).map(|row| row.source.clone())
    };
    let own: Vec<_> = assigned.iter().map(|(identity, _)| own_place(identity)).collect();
    let hits = together::map_many(numbers, rows.options.threads.max(1), |one| {
        let judged = rows.outcome.payment(*one)?;
        let row = Row::from(rows.payment_without_trail(&judged));
        let cites = |booking: &Booking| {
            row.entries.iter().any(|cited| {
                let sha256 = digests.get(&*cited.file).map(String::as_str);
                booking.is_at(&cited.file, sha256, cited.line)
            })
        };
        let hits = assigned
            .iter()
            .zip(&own)
            .filter(|((_, booking), own)| own.as_ref() != Some(&row.source) && cites(booking));
        Some(hits.map(|((identity, _), _)| (*identity).clone()).collect::<Vec<_>>())
    });
    hits.into_iter().flatten().flatten().collect()
}
