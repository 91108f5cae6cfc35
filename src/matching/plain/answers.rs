//! What became of every row in brief.

use std::ops::Range;

use crate::matching::plain::marked::Marked;
use crate::model::together;

/// Rows that one thread looks at before it takes more.
const ROWS_AT_A_TIME: usize = 1 << 13;

/// What became of a row in brief: its booking and the number of its kind, or nothing. Of the booking
/// the line too, so that a report need not fetch it from anywhere once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Number among all bookings in brief.
    entry: u32,
    /// The line that its values name.
    line: u32,
    kind: u32,
}

impl Answer {
    /// The row is none of a plain case.
    pub const NONE: Self = Self { entry: u32::MAX, line: u32::MAX, kind: u32::MAX };

    /// The number of the row's booking, its line, and the number of their kind.
    pub(super) const fn new(entry: u32, line: u32, kind: u32) -> Self {
        Self { entry, line, kind }
    }

    /// The line that the booking's values name ([`crate::model::brief::EntryRow::line`]).
    pub const fn booked_line(self) -> u32 {
        self.line
    }

    /// Numbers of booking and kind, if the row has its booking.
    pub fn get(self) -> Option<(usize, usize)> {
        let number = |half: u32| usize::try_from(half).ok();
        (self != Self::NONE).then(|| Some((number(self.entry)?, number(self.kind)?))).flatten()
    }
}

/// The answers for all rows in their order.
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<Answer>);

impl Answers {
    /// Of so many rows; `fill` puts those of a stretch into their places, where they are none yet.
    pub(super) fn new(
        count: usize,
        threads: usize,
        fill: impl Fn(Range<usize>, &mut [Answer]) + Sync,
    ) -> Self {
        // In one piece, which takes the room of the join that is over; parts of each thread's own took
        // 4 % more memory in all.
        let mut all = vec![Answer::NONE; count];
        let starts = (0_usize..).step_by(ROWS_AT_A_TIME);
        let parts = starts.zip(all.chunks_mut(ROWS_AT_A_TIME)).collect();
        together::map_taking(parts, threads, |(from, own): (usize, &mut [Answer])| {
            fill(from..from.saturating_add(own.len()), own);
        });
        Self(all)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The answer for a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<Answer> {
        self.0.get(row).copied()
    }

    /// The row is none of a plain case any more.
    pub(super) fn take_back(&mut self, row: usize) {
        if let Some(answer) = self.0.get_mut(row) {
            *answer = Answer::NONE;
        }
    }

    /// Parts for threads, with the numbers of their first rows.
    pub(super) fn parts(&self) -> Vec<(usize, &[Answer])> {
        (0_usize..).step_by(ROWS_AT_A_TIME).zip(self.0.chunks(ROWS_AT_A_TIME)).collect()
    }

    /// Which of so many bookings are a row's.
    pub fn taken(&self, bookings: usize, threads: usize) -> Marked {
        let share = self.0.len().div_ceil(threads.max(1)).max(1);
        let shares: Vec<&[Answer]> = self.0.chunks(share).collect();
        let marked = together::map(&shares, threads, |answers| {
            let mut taken = Marked::of(bookings);
            for (entry, _) in answers.iter().filter_map(|answer| answer.get()) {
                taken.mark(entry);
            }
            taken
        });
        marked.into_iter().fold(Marked::of(bookings), Marked::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_answer_whoever_made_it() {
        let number = |row: usize| u32::try_from(row).unwrap();
        let of = |row: usize| match row % 3 {
            0 => Answer::NONE,
            _ => Answer::new(number(row + 5), number(row + 7), 1),
        };
        for count in [0, 1, 100, ROWS_AT_A_TIME, ROWS_AT_A_TIME + 1, 3 * ROWS_AT_A_TIME - 1] {
            for threads in [1, 2, 8] {
                let mut answers = Answers::new(count, threads, |rows, slots| {
                    slots.iter_mut().zip(rows).for_each(|(slot, row)| *slot = of(row));
                });
                assert_eq!((answers.len(), answers.is_empty()), (count, count == 0));
                assert!((0..count).all(|row| answers.get(row) == Some(of(row))), "{count}");
                assert_eq!(answers.get(count), None);
                let taken = answers.taken(count + 5, threads);
                let expected = |entry: usize| entry > 5 && !(entry - 5).is_multiple_of(3);
                assert!((0..count + 5).all(|entry| taken.has(entry) == expected(entry)));
                if count > 1 {
                    answers.take_back(1);
                    assert_eq!(answers.get(1), Some(Answer::NONE));
                }
            }
        }
    }
}
