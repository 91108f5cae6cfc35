//! Where the rows and bookings of a division meet. Each is one number: 32 bits that tell them apart (its
//! tag) and its number in the tables.

/// Where the two sides of a division meet.
#[derive(Default)]
pub(super) struct Table {
    /// The rows by their tags, [`NO_ROW`] where none is.
    rows: Vec<u64>,
    /// The number of the booking that a row met, [`NOBODY`] or [`SEVERAL`].
    met: Vec<u32>,
    /// Tags that several rows or bookings have.
    pub(super) crowded: Vec<u64>,
}

/// Stands for no booking.
pub(super) const NOBODY: u32 = u32::MAX;

/// Stands for no row: no row has this number.
const NO_ROW: u64 = u64::MAX;

/// Stands for more than one row or booking.
pub(super) const SEVERAL: u32 = u32::MAX - 1;

/// So many crowded tags at most are looked at one by one; divisions with more are sorted.
const MOST_CROWDED: usize = 16;

impl Table {
    /// Lets rows meet bookings; whether the table was fit for it.
    pub(super) fn meet(&mut self, rows: &[u64], bookings: &[u64]) -> bool {
        let room = rows.len().saturating_mul(2).next_power_of_two();
        self.rows.clear();
        self.rows.resize(room, NO_ROW);
        self.met.clear();
        self.met.resize(room, NOBODY);
        self.crowded.clear();
        for row in rows {
            let Some(place) = self.place(row >> 32) else { return false };
            let Some((slot, met)) = self.rows.get_mut(place).zip(self.met.get_mut(place)) else {
                return false;
            };
            if *slot == NO_ROW {
                *slot = *row;
            } else if *met != SEVERAL {
                *met = SEVERAL;
                self.crowded.push(row >> 32);
            }
        }
        for booking in bookings {
            let Some(place) = self.place(booking >> 32) else { return false };
            let is_row = self.rows.get(place).is_some_and(|slot| *slot != NO_ROW);
            let Some(met) = self.met.get_mut(place).filter(|met| is_row && **met != SEVERAL) else {
                continue;
            };
            if *met == NOBODY {
                *met = u32::try_from(booking & u64::from(u32::MAX)).unwrap_or(NOBODY);
            } else {
                *met = SEVERAL;
                self.crowded.push(booking >> 32);
            }
        }
        self.crowded.len() <= MOST_CROWDED
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
        assert!(table.meet(&rows, &bookings));
        let mut pairs: Vec<_> = table.pairs().collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [(10, 21), (12, 20)]);
        assert_eq!(table.crowded, [5, 6]);
        assert!(table.meet(&[], &bookings) && table.pairs().next().is_none());
        let twice: Vec<u64> = (0..40_u64).map(|number| slot(&(number / 2, number))).collect();
        assert!(!table.meet(&twice, &bookings));
    }
}
