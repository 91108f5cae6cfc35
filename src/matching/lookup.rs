//! Numbers of payments or bookings by what they have.

use std::hash::BuildHasher;
use std::hash::Hash;

use foldhash::fast::RandomState;

use crate::model::together;

/// Numbers by digests of keys: two words each, where a table of texts and vectors took ten.
///
/// Only digests are kept, so whoever asks compares the key itself. Numbers come in ascending order.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    hasher: RandomState,
    /// Digest and number, ascending.
    rows: Vec<(u64, usize)>,
    /// Where the rows of each bucket end; digests are spread evenly, so that buckets by their first
    /// bits have a few rows each.
    ends: Vec<u32>,
    shift: u32,
}

impl Lookup {
    /// Takes keys and their numbers.
    pub fn new<K: Hash>(keys: impl Iterator<Item = (K, usize)>) -> Self {
        let hasher = RandomState::default();
        let hashed = keys.map(|(key, number)| (hasher.hash_one(key), number)).collect();
        Self::hashed(hasher, hashed)
    }

    /// The same with the keys that each number below `count` has, which threads look at in parts: keys
    /// stand anywhere in memory.
    pub fn shared<K: Hash, I: IntoIterator<Item = K>>(
        count: usize,
        threads: usize,
        keys: impl Fn(usize) -> I + Sync,
    ) -> Self {
        const AT_A_TIME: usize = 1 << 11;
        let hasher = RandomState::default();
        let starts: Vec<usize> = (0..count).step_by(AT_A_TIME).collect();
        let hashed = together::map(&starts, threads, |start| {
            let mut own = Vec::with_capacity(AT_A_TIME);
            for number in *start..start.saturating_add(AT_A_TIME).min(count) {
                own.extend(keys(number).into_iter().map(|key| (hasher.hash_one(key), number)));
            }
            own
        });
        Self::hashed(hasher, hashed.concat())
    }

    fn hashed(hasher: RandomState, hashed: Vec<(u64, usize)>) -> Self {
        let mut rows = sorted(hashed);
        rows.dedup();
        let bits = rows.len().checked_ilog2().unwrap_or(0).saturating_sub(1).min(31);
        let mut made = Self { hasher, rows, ends: Vec::new(), shift: 64_u32.saturating_sub(bits) };
        let mut ends = vec![0_u32; 1_usize << bits];
        for (row, (digest, _)) in made.rows.iter().enumerate() {
            if let Some(end) = ends.get_mut(made.bucket(*digest)) {
                *end = u32::try_from(row.saturating_add(1)).unwrap_or(u32::MAX);
            }
        }
        let mut last = 0;
        for end in &mut ends {
            last = last.max(*end);
            *end = last;
        }
        made.ends = ends;
        made
    }

    fn bucket(&self, digest: u64) -> usize {
        usize::try_from(digest.checked_shr(self.shift).unwrap_or(0)).unwrap_or(0)
    }

    /// The numbers that may have this key, ascending.
    pub fn find<'a, K: Hash + ?Sized>(
        &'a self,
        key: &K,
    ) -> impl Iterator<Item = usize> + use<'a, K> {
        let digest = self.hasher.hash_one(key);
        let bucket = self.bucket(digest);
        let end = |bucket: usize| {
            self.ends.get(bucket).and_then(|end| usize::try_from(*end).ok()).unwrap_or(0)
        };
        let start = bucket.checked_sub(1).map_or(0, end);
        let rows = self.rows.get(start..end(bucket)).unwrap_or_default();
        let from = rows.partition_point(|row| row.0 < digest);
        let rows = rows.iter().skip(from);
        rows.take_while(move |row| row.0 == digest).map(|row| row.1)
    }

    /// Numbers of keys that so many or more may have in common, ascending.
    pub fn in_common(&self, least: usize) -> Vec<usize> {
        let groups = self.rows.chunk_by(|left, right| left.0 == right.0);
        let groups = groups.filter(|group| group.len() >= least);
        let mut numbers: Vec<usize> = groups.flatten().map(|row| row.1).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// The rows in ascending order: dealt out by their first bits, which are spread evenly, so that only
/// a few have to be compared.
fn sorted(rows: Vec<(u64, usize)>) -> Vec<(u64, usize)> {
    let bits = rows.len().checked_ilog2().unwrap_or(0).saturating_sub(1).min(31);
    let shift = 64_u32.saturating_sub(bits);
    let bucket =
        |digest: u64| usize::try_from(digest.checked_shr(shift).unwrap_or(0)).unwrap_or(usize::MAX);
    let mut ends = vec![0_usize; 1_usize << bits];
    for (digest, _) in &rows {
        if let Some(count) = ends.get_mut(bucket(*digest)) {
            *count = count.saturating_add(1);
        }
    }
    let mut next = 0_usize;
    for end in &mut ends {
        next = next.saturating_add(std::mem::replace(end, next));
    }
    // Each end is the bucket's beginning now and moves on with every row.
    let mut dealt = vec![(0, 0); rows.len()];
    for row in rows {
        let end = ends.get_mut(bucket(row.0));
        if let Some((slot, end)) = end.and_then(|end| Some((dealt.get_mut(*end)?, end))) {
            *slot = row;
            *end = end.saturating_add(1);
        }
    }
    let (mut rest, mut start) = (dealt.as_mut_slice(), 0_usize);
    for end in ends {
        let length = end.saturating_sub(start);
        let (own, others) =
            std::mem::take(&mut rest).split_at_mut_checked(length).unwrap_or_default();
        own.sort_unstable();
        (rest, start) = (others, end);
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_found_under_its_key() {
        for count in [0_usize, 1, 2, 7, 1000] {
            let lookup = Lookup::new((0..count).rev().map(|number| (number / 3, number)));
            assert_eq!(lookup.is_empty(), count == 0);
            for key in 0..count.div_ceil(3) + 2 {
                let expected: Vec<usize> = (0..count).filter(|number| number / 3 == key).collect();
                assert_eq!(lookup.find(&key).collect::<Vec<_>>(), expected);
            }
            let whole: Vec<usize> = (0..count - count % 3).collect();
            assert_eq!(lookup.in_common(3), whole);
        }
        for threads in [1, 2, 8] {
            let keys = |number: usize| (number.is_multiple_of(2)).then_some(number / 4);
            let shared = Lookup::shared(9001, threads, keys);
            for key in 0..2260_usize {
                let all = [4 * key, 4 * key + 2].into_iter().filter(|number| *number < 9001);
                assert!(shared.find(&key).eq(all), "{key}");
            }
        }
        let twice = Lookup::new([(1, 7), (2, 8), (1, 7), (1, 6)].into_iter());
        assert_eq!(twice.find(&1).collect::<Vec<_>>(), [6, 7]);
        let texts = Lookup::new(["a", "b"].into_iter().zip(5..));
        assert_eq!(texts.find(&"b".to_owned()).collect::<Vec<_>>(), [6]);
    }
}
