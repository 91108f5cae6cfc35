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
use crate::store::row::Cited;
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

/// Whether a cited booking is this one; files are known by their digests.
fn is_it(booking: &Booking, cited: &Cited, digests: &BTreeMap<String, String>) -> bool {
    let sha256 = digests.get(&*cited.file).map(String::as_str);
    booking.is_at(&cited.file, sha256, cited.line)
}

/// What was decided about the payments of a kept result, as it stands on this day beside the result's own evidence; `digests`
/// are the SHA-256 of its files by their paths.
pub fn of_rows(
    rows: &[Row],
    digests: &BTreeMap<String, String>,
    decisions: &Decisions,
    today: NaiveDate,
) -> Vec<(Identity, Option<Resolution>)> {
    let mut made: Vec<(Identity, Option<Resolution>)> = rows
        .iter()
        .zip(occurrences(rows))
        .map(|(row, occurrence)| {
            let identity = Identity { occurrence, ..row.identity() };
            let has_any = decisions.of(&identity).next().is_some();
            let digest = if has_any { row.evidence_digest() } else { String::new() };
            let resolution = decisions.resolution(&identity, &digest, today);
            (identity, resolution)
        })
        .collect();
    for number in 0..made.len() {
        let Some((identity, Some(_))) = made.get(number) else { continue };
        let Some(booking) = decisions.assigned(identity) else { continue };
        let own = rows.get(number);
        let others = rows.iter().enumerate().filter(|(other, _)| *other != number);
        let mut others = others.map(|(_, row)| row);
        let is_taken =
            others.any(|row| row.has_firmly(|cited| is_it(booking, cited, digests), own));
        if let Some((_, Some(resolution))) = made.get_mut(number) {
            resolution.lapsed |= is_taken;
        }
    }
    made
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
    let own_row = |identity: &Identity| {
        let number = identities.iter().position(|other| other == identity)?;
        found.get(number)
    };
    let own: Vec<_> = assigned.iter().map(|(identity, _)| own_row(identity)).collect();
    let hits = together::map_many(numbers, rows.options.threads.max(1), |one| {
        let judged = rows.outcome.payment(*one)?;
        let row = Row::from(rows.payment_without_trail(&judged));
        let hits = assigned.iter().zip(&own).filter(|((_, booking), own)| {
            own.is_none_or(|own| own.source != row.source)
                && row.has_firmly(|cited| is_it(booking, cited, &digests), **own)
        });
        Some(hits.map(|((identity, _), _)| (*identity).clone()).collect::<Vec<_>>())
    });
    hits.into_iter().flatten().flatten().collect()
}
