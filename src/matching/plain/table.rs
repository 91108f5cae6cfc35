//! Where the rows and bookings of a division meet. Each is one number: 32 bits that tell them apart (its
//! tag) and its number in the tables.

/// Where the two sides of a division meet.
#[derive(Default)]
pub(super) struct Table {
    /// The rows by their tags, [`NO_ROW`] where none is.
    rows: Vec<u64>,
    /// The number of the booking that a row met, [`NOBODY`] or [`SEVERAL`].
    met: Vec<u32>,
    is_crowded: bool,
}

/// Stands for no booking.
pub(super) const NOBODY: u32 = u32::MAX;

/// Stands for no row: no row has this number.
const NO_ROW: u64 = u64::MAX;

/// Stands for more than one row or booking.
pub(super) const SEVERAL: u32 = u32::MAX - 1;

impl Table {
    /// Lets rows meet bookings; each side may be in parts, whose order says nothing.
    pub(super) fn meet(&mut self, rows: &[&[u64]], bookings: &[&[u64]]) {
        let count: usize = rows.iter().map(|part| part.len()).sum();
        let room = count.saturating_mul(2).next_power_of_two();
        self.rows.clear();
        self.rows.resize(room, NO_ROW);
        self.met.clear();
        self.met.resize(room, NOBODY);
        self.is_crowded = false;
        if self.fill(rows, bookings).is_none() {
            // Nobody has met anybody then.
            self.rows.clear();
        }
    }

    /// `None` if there is a row without a place, which cannot be.
    fn fill(&mut self, rows: &[&[u64]], bookings: &[&[u64]]) -> Option<()> {
        for part in rows {
            for row in *part {
                let place = self.place(row >> 32)?;
                let slot = self.rows.get_mut(place)?;
                if *slot == NO_ROW {
                    *slot = *row;
                } else {
                    *self.met.get_mut(place)? = SEVERAL;
                    self.is_crowded = true;
                }
            }
        }
        for part in bookings {
            for booking in *part {
                let place = self.place(booking >> 32)?;
                if *self.rows.get(place)? == NO_ROW {
                    continue;
                }
                let met = self.met.get_mut(place)?;
                if *met == NOBODY {
                    *met = u32::try_from(booking & u64::from(u32::MAX)).ok()?;
                } else {
                    *met = SEVERAL;
                    self.is_crowded = true;
                }
            }
        }
        Some(())
    }

    /// Whether several rows or bookings have one tag.
    pub(super) const fn is_crowded(&self) -> bool {
        self.is_crowded
    }

    /// Whether a row or booking is one of several with its tag that met.
    pub(super) fn is_shared(&self, slot: u64) -> bool {
        self.place(slot >> 32).and_then(|place| self.met.get(place)) == Some(&SEVERAL)
    }

    /// The place of the row with this tag, or where it would be.
    fn place(&self, tag: u64) -> Option<usize> {
        // At most half of the places are taken.
        let mask = self.rows.len().checked_sub(1)?;
        let mut place = usize::try_from(tag).ok()? & mask;
        loop {
            let slot = *self.rows.get(place)?;
            if slot == NO_ROW || slot >> 32 == tag {
                return Some(place);
            }
            place = place.saturating_add(1) & mask;
        }
    }

    /// The numbers of rows and bookings that met.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let met = self.rows.iter().zip(&self.met).filter(|(_, met)| **met < SEVERAL);
        met.filter_map(|(row, met)| Some((number(*row), usize::try_from(*met).ok()?)))
    }
}

/// The number of a row or booking in its tables.
pub(super) fn number(slot: u64) -> usize {
    usize::try_from(slot & u64::from(u32::MAX)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_are_alone_on_their_side_meet() {
        let slot = |(tag, number): &(u64, u64)| (tag << 32) | number;
        let slots = |all: &[(u64, u64)]| all.iter().map(slot).collect::<Vec<u64>>();
        let mut table = Table::default();
        // Tags that share a place are told apart.
        let rows = slots(&[(1, 10), (9, 11), (17, 12), (5, 13), (5, 14), (6, 15)]);
        let bookings = slots(&[(17, 20), (1, 21), (5, 22), (6, 23), (6, 24), (6, 25), (8, 26)]);
        let (two, rest) = bookings.split_at(2);
        table.meet(&[&rows], &[two, &[], rest]);
        let mut pairs: Vec<_> = table.pairs().collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [(10, 21), (12, 20)]);
        let shared = |slots: &[u64]| -> Vec<usize> {
            let own = slots.iter().filter(|slot| table.is_shared(**slot));
            own.map(|slot| number(*slot)).collect()
        };
        assert!(table.is_crowded());
        assert_eq!((shared(&rows), shared(&bookings)), (vec![13, 14, 15], vec![22, 23, 24, 25]));
        table.meet(&[], &[&bookings]);
        assert!(!table.is_crowded() && table.pairs().next().is_none());
        let twice: Vec<u64> = (0..40_u64).map(|number| slot(&(number / 2, number))).collect();
        table.meet(&[&twice], &[&bookings]);
        assert!(table.pairs().next().is_none() && twice.iter().all(|slot| table.is_shared(*slot)));
    }
}
