//! All journals as one view: the same whatever order they come in, and however often a line was copied.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::model::date::from_iso;
use crate::reports::resolution::Kind;
use crate::reports::resolution::Resolution;
use crate::store::identity::Identity;
use crate::store::journal::Booking;
use crate::store::journal::Event;
use crate::store::journal::Journal;
use crate::store::journal::Noted;
use crate::store::journal::What;

/// What all journals say.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    events: Vec<Noted>,
    by_payment: BTreeMap<Identity, Vec<usize>>,
    /// Hashes of lines that a journal has seen in another, and that are not there.
    pub missing: Vec<String>,
}

impl Decisions {
    /// Puts journals together. What somebody had seen when writing stands before what was written then;
    /// what nobody had seen of each other is put in order by time and hash.
    pub fn merged<'a>(journals: impl IntoIterator<Item = &'a Journal>) -> Self {
        let mut events: Vec<Noted> =
            journals.into_iter().flat_map(|journal| &journal.events).cloned().collect();
        let order =
            |noted: &Noted| (noted.event.number, noted.event.at.clone(), noted.hash.clone());
        events.sort_by_cached_key(order);
        events.dedup_by(|one, other| one.hash == other.hash);
        let there: BTreeSet<&str> = events.iter().map(|noted| noted.hash.as_str()).collect();
        let seen: BTreeSet<&str> =
            events.iter().flat_map(|noted| &noted.event.seen).map(String::as_str).collect();
        let missing = seen.difference(&there).map(|hash| (*hash).to_owned()).collect();
        Self { missing, ..Self::of_events(events) }
    }

    fn of_events(events: Vec<Noted>) -> Self {
        let mut by_payment: BTreeMap<Identity, Vec<usize>> = BTreeMap::new();
        for (number, noted) in events.iter().enumerate() {
            if let What::Decision { payment, .. } = &noted.event.what {
                by_payment.entry(payment.clone()).or_default().push(number);
            }
        }
        Self { events, by_payment, missing: Vec::new() }
    }

    /// What stood before the line of this number was written.
    #[must_use]
    pub fn before(&self, number: u64) -> Self {
        let events = self.events.iter().filter(|noted| noted.event.number < number);
        Self::of_events(events.cloned().collect())
    }

    /// All lines, in their order.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().map(|noted| &noted.event)
    }

    /// Whether nothing was decided about any payment.
    pub fn is_empty(&self) -> bool {
        self.by_payment.is_empty()
    }

    /// The number of the next line.
    pub fn next_number(&self) -> u64 {
        self.events.last().map_or(0, |noted| noted.event.number).saturating_add(1)
    }

    /// The payments about which something was decided.
    pub fn payments(&self) -> impl Iterator<Item = &Identity> {
        self.by_payment.keys()
    }

    /// All decisions about a payment, in their order.
    pub fn of<'a>(&'a self, payment: &Identity) -> impl Iterator<Item = &'a Event> + use<'a> {
        let numbers = self.by_payment.get(payment).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter_map(|number| self.events.get(*number)).map(|noted| &noted.event)
    }

    /// The decision that stands about a payment, beside evidence of this digest on this day.
    pub fn resolution(
        &self,
        payment: &Identity,
        digest: &str,
        today: NaiveDate,
    ) -> Option<Resolution> {
        resolution(self.of(payment).last()?, digest, today)
    }

    /// The booking that is assigned to a payment, if one is.
    pub fn assigned(&self, payment: &Identity) -> Option<&Booking> {
        match &self.of(payment).last()?.what {
            What::Decision { kind: Kind::Assigned, entry, .. } => entry.as_ref(),
            _ => None,
        }
    }

    /// Who closed the month with this due date last, and which run.
    pub fn closed(&self, month: NaiveDate) -> Option<(&Event, &str, &str)> {
        self.events().filter_map(|event| closed(event, month)).last()
    }
}

fn closed(event: &Event, month: NaiveDate) -> Option<(&Event, &str, &str)> {
    match &event.what {
        What::Close { due, run, sha256 } if *due == month => Some((event, run, sha256)),
        _ => None,
    }
}

/// A decision as it stands beside evidence of this digest; none if it was taken back.
pub fn resolution(event: &Event, digest: &str, today: NaiveDate) -> Option<Resolution> {
    let What::Decision { kind, until, note, entry, evidence, .. } = &event.what else {
        return None;
    };
    if *kind == Kind::Open {
        return None;
    }
    let on = event.at.get(..10).and_then(from_iso).unwrap_or_default();
    Some(Resolution {
        kind: *kind,
        by: event.by.clone(),
        on,
        note: note.clone(),
        entry: entry.as_ref().map(|entry| format!("{}:{}", entry.file, entry.line)),
        lapsed: evidence != digest || until.is_some_and(|until| until < today),
        until: *until,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::journal::START;
    use crate::store::journal::tests::event;
    use crate::store::journal::tests::journal;

    fn day(text: &str) -> NaiveDate {
        from_iso(text).unwrap()
    }

    fn case(case: &str) -> Identity {
        Identity { case_id: Some(case.to_owned()), ..Identity::default() }
    }

    #[test]
    fn journals_give_one_view_in_any_order() {
        let one = Journal::read(journal(3).concat().as_bytes());
        // Written on another machine, after the first two lines were seen there; its clock is slow.
        let mut late = event(START, 3, "1", Kind::Open);
        late.at = "2023-12-03T08:00:00Z".to_owned();
        late.seen = vec![one.events[1].hash.clone()];
        let line = late.line().unwrap();
        let two = Journal::read(line.as_bytes());
        let views: Vec<Vec<Event>> =
            [vec![&one, &two], vec![&two, &one], vec![&two, &one, &two, &one]]
                .into_iter()
                .map(|journals| {
                    let merged = Decisions::merged(journals);
                    assert_eq!(merged.missing, Vec::<String>::new());
                    assert_eq!(merged.resolution(&case("1"), "e", day("2023-12-04")), None);
                    assert!(merged.resolution(&case("2"), "e", day("2023-12-04")).is_some());
                    assert_eq!(merged.next_number(), 4);
                    merged.events().cloned().collect()
                })
                .collect();
        assert_eq!(views[0], views[1]);
        assert_eq!(views[0], views[2]);
        assert_eq!(views[0].len(), 4);
        // A journal that was cut off is missed by who has seen its lines.
        let merged = Decisions::merged([&two]);
        assert_eq!(merged.missing, [one.events[1].hash.clone()]);
    }

    #[test]
    fn decisions_lapse_with_their_evidence_and_their_day() {
        let mut waiting = event(START, 1, "1", Kind::Waiting);
        if let What::Decision { until, .. } = &mut waiting.what {
            *until = Some(day("2023-12-10"));
        }
        let lapsed =
            |digest: &str, today: &str| resolution(&waiting, digest, day(today)).unwrap().lapsed;
        assert!(!lapsed("e", "2023-12-10"));
        assert!(lapsed("e", "2023-12-11"));
        assert!(lapsed("other", "2023-12-10"));
    }
}
