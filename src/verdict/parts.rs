//! All payments and all bank entries in parts, so that several threads can show them at once and
//! nobody makes a list of all. What is settled in brief and what is there in full are merged by
//! their places.

use std::ops::Range;

use crate::model::place::Place;
use crate::verdict::booked::Booked;
use crate::verdict::result::Outcome;

/// A part of all: a stretch of rows in brief, of which most are settled, and the full ones that stand
/// between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    settled: Range<usize>,
    full: Range<usize>,
}

impl Part {
    /// The number behind its last row in brief.
    pub const fn end(&self) -> usize {
        self.settled.end
    }
}

/// Settled ones that follow each other, and the full one behind them, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Numbers of the settled ones.
    pub settled: Range<usize>,
    /// Number of the full one.
    pub full: Option<usize>,
}

impl Outcome {
    /// All payments in the order of the lists, so many at a time.
    pub fn payment_parts(&self, size: usize) -> Vec<Part> {
        let full = |number: usize| self.payments.get(number).map(|judged| judged.payment.place);
        let counts = (self.settled.rows(), self.payments.len());
        cut(counts, |number| self.settled.place(number), full, size)
    }

    /// The payments of a part.
    pub fn payment_runs(&self, part: &Part) -> impl Iterator<Item = Run> {
        let full = |number: usize| self.payments.get(number).map(|judged| judged.payment.place);
        runs(part, |number| self.settled.place(number), full)
    }

    /// All bank entries in the order of the files, so many at a time; settled ones have the
    /// numbers of `booked`.
    pub fn entry_parts(&self, booked: &Booked, size: usize) -> Vec<Part> {
        let full = |number: usize| self.bank_entries.get(number).map(|entry| entry.place);
        let counts = (booked.len(), self.bank_entries.len());
        cut(counts, |number| self.settled.row_place(booked, number), full, size)
    }

    /// The bank entries of a part.
    pub fn entry_runs(&self, booked: &Booked, part: &Part) -> impl Iterator<Item = Run> {
        let full = |number: usize| self.bank_entries.get(number).map(|entry| entry.place);
        runs(part, |number| self.settled.row_place(booked, number), full)
    }
}

/// Where in this stretch the first one stands that is not before the place. It is mostly near the
/// beginning, so it is sought in steps that double before what is left is halved.
fn first_not_before(
    stretch: Range<usize>,
    settled: impl Fn(usize) -> Option<Place>,
    place: Place,
) -> usize {
    let is_before = |number: usize| settled(number).is_some_and(|own| own < place);
    let Range { mut start, mut end } = stretch;
    let mut step = 1_usize;
    while let Some(next) = start.checked_add(step).filter(|next| *next < end) {
        if !is_before(next) {
            end = next;
            break;
        }
        start = next.saturating_add(1);
        step = step.saturating_mul(2);
    }
    while start < end {
        let middle = start.midpoint(end);
        if is_before(middle) {
            start = middle.saturating_add(1);
        } else {
            end = middle;
        }
    }
    start
}

/// Cuts both into parts. Every number is in exactly one of them, whatever the places are.
///
/// Only the ends of parts are sought: to seek the place of every full one took 55 ms of the 0.9 s in
/// which a million were written, and one thread did it.
fn cut(
    (count, fulls): (usize, usize),
    settled: impl Fn(usize) -> Option<Place>,
    full: impl Fn(usize) -> Option<Place>,
    size: usize,
) -> Vec<Part> {
    let size = size.max(1);
    let all = count.saturating_add(fulls);
    let mut start = (0_usize, 0_usize);
    let ends = (size..all).step_by(size).chain((all > 0).then_some(all));
    ends.map(|end| {
        // Whether this full one is among the first `end` of all: so many that are settled stand
        // before it at most.
        let is_before = |number: usize| {
            let Some(last) = end.checked_sub(number).and_then(|rest| rest.checked_sub(1)) else {
                return false;
            };
            last >= count || full(number).is_none_or(|own| settled(last) >= Some(own))
        };
        let mut own = start.1..end.saturating_sub(start.0).min(fulls);
        // No more settled ones than there are.
        own.start = own.start.max(end.saturating_sub(count)).min(own.end);
        while own.start < own.end {
            let middle = own.start.midpoint(own.end);
            if is_before(middle) {
                own.start = middle.saturating_add(1);
            } else {
                own.end = middle;
            }
        }
        let next = (end.saturating_sub(own.start), own.start);
        let part = Part { settled: start.0..next.0, full: start.1..next.1 };
        start = next;
        part
    })
    .collect()
}

/// A part, merged.
fn runs(
    part: &Part,
    settled: impl Fn(usize) -> Option<Place>,
    full: impl Fn(usize) -> Option<Place>,
) -> impl Iterator<Item = Run> {
    let Part { settled: mut rest, full: mut fulls } = part.clone();
    std::iter::from_fn(move || {
        let Some((number, place)) = fulls.next().and_then(|number| Some((number, full(number)?)))
        else {
            let settled = std::mem::replace(&mut rest, 0..0);
            return (!settled.is_empty()).then_some(Run { settled, full: None });
        };
        let end = first_not_before(rest.clone(), &settled, place);
        let before = rest.start..end;
        rest.start = end;
        Some(Run { settled: before, full: Some(number) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;

    #[test]
    fn parts_hold_everything_once_and_in_order() {
        let place = |line: u32| Place::line(FileId(1), line);
        let mut dice = 3_u32;
        for round in 0..400_u32 {
            let mut all: Vec<(Place, bool)> = Vec::new();
            for line in 0..round % 90 {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                all.push((place(line), dice >> 24 < round % 256));
            }
            let of = |wanted: bool| -> Vec<Place> {
                let own = all.iter().filter(|(_, is_full)| *is_full == wanted);
                own.map(|(place, _)| *place).collect()
            };
            let (settled, full) = (of(false), of(true));
            let at = |number: usize| settled.get(number).copied();
            for size in [1, 2, 7, 1000] {
                let of_full = |number: usize| full.get(number).copied();
                let parts = cut((settled.len(), full.len()), at, of_full, size);
                let mut found = Vec::new();
                for part in &parts {
                    let count = part.settled.len() + part.full.len();
                    assert!((1..=size).contains(&count), "{count} of {size}");
                    for run in runs(part, at, of_full) {
                        found.extend(run.settled.map(|number| (settled[number], false)));
                        found.extend(run.full.map(|number| (full[number], true)));
                    }
                }
                assert_eq!(found, all);
                let least = all.len().div_ceil(size);
                assert_eq!(parts.len(), least);
            }
        }
    }
    #[test]
    fn parts_hold_everything_once_whatever_the_places_are() {
        let mut dice = 7_u32;
        let mut place = || {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (dice >> 29 != 0).then(|| Place::line(FileId(1), dice >> 20))
        };
        for round in 0..200 {
            let settled: Vec<Option<Place>> = (0..round % 50).map(|_| place()).collect();
            let full: Vec<Option<Place>> = (0..round % 37).map(|_| place()).collect();
            for size in [1, 3, 8, 100] {
                let at = |number: usize| settled.get(number).copied().flatten();
                let of_full = |number: usize| full.get(number).copied().flatten();
                let parts = cut((settled.len(), full.len()), at, of_full, size);
                let numbers = |own: fn(&Part) -> &Range<usize>| -> Vec<usize> {
                    parts.iter().flat_map(|part| own(part).clone()).collect()
                };
                let all = |count: usize| (0..count).collect::<Vec<_>>();
                assert_eq!(numbers(|part| &part.settled), all(settled.len()));
                assert_eq!(numbers(|part| &part.full), all(full.len()));
                assert_eq!(parts.len(), (settled.len() + full.len()).div_ceil(size));
            }
        }
    }
}
