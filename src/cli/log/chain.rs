//! The lines of a look-up log: each bears the hash of itself and the line before, made with a key, so that
//! who does not have the key can neither change nor take out a line unseen.

use std::collections::VecDeque;

use sha2::Digest;
use sha2::Sha256;

use crate::cli::hex::hex;

/// What the first line is chained to.
pub(super) const START: &[u8] = b"-";

/// A hash made with the key begins with it; without, as older logs have them, with a digit at once.
const KEYED: u8 = b'k';

/// Letters of a hash.
const HASH: usize = 64;

/// So many lines before one may be the one it is chained to, if several were written at once.
const AT_ONCE: usize = 8;

/// The secret of a log.
pub(super) type Key = [u8; 32];

/// A line, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) hash: &'a [u8],
    entry: &'a [u8],
}

impl<'a> Line<'a> {
    /// Takes a line apart that has all it must have.
    pub(super) fn read(line: &'a [u8]) -> Option<Self> {
        let end = line.iter().position(|byte| *byte == b'\t')?;
        let (hash, entry) = (line.get(..end)?, line.get(end.saturating_add(1)..)?);
        let digits = hash.strip_prefix(&[KEYED]).unwrap_or(hash);
        let is_hash = digits.len() == HASH && digits.iter().all(u8::is_ascii_hexdigit);
        // Older entries do not name the payments that were told of.
        let fields = entry.split(|byte| *byte == b'\t').count();
        (is_hash && matches!(fields, 4 | 5)).then_some(Self { hash, entry })
    }

    /// The fields behind the hash.
    pub(super) fn fields(self) -> impl Iterator<Item = &'a [u8]> {
        self.entry.split(|byte| *byte == b'\t')
    }

    pub(super) fn is_keyed(self) -> bool {
        self.hash.first() == Some(&KEYED)
    }

    /// Whether it was written behind the line with this hash.
    pub(super) fn follows(self, before: &[u8], key: Option<&Key>) -> bool {
        let key = key.filter(|_| self.is_keyed());
        (key.is_some() || !self.is_keyed()) && chained(before, self.entry, key) == self.hash
    }
}

/// The hash of an entry behind the line with this hash.
pub(super) fn chained(before: &[u8], entry: &[u8], key: Option<&Key>) -> Vec<u8> {
    let text = [before, b"\n", entry].concat();
    match key {
        None => hex(&Sha256::digest(&text)).into_bytes(),
        Some(key) => [&[KEYED][..], hex(&keyed(key, &text)).as_bytes()].concat(),
    }
}

/// HMAC-SHA-256 (RFC 2104).
pub(super) fn keyed(key: &Key, text: &[u8]) -> [u8; 32] {
    let padded = |pad: u8| {
        let mut block = [pad; 64];
        block.iter_mut().zip(key).for_each(|(own, byte)| *own ^= byte);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// Its end was never written, and the log goes on behind it.
    Incomplete,
    /// It was written at the same time as one before it.
    AtOnce,
    /// It, or a line that stood before it, was changed or taken out.
    Changed,
}

/// What was found in a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Checked {
    /// Whole lines.
    pub(super) entries: usize,
    /// Lines, from 1, with what is wrong with them.
    pub(super) faults: Vec<(usize, Fault)>,
    /// The hashes of all lines.
    pub(super) hashes: Vec<Vec<u8>>,
    /// A line was made with a key.
    pub(super) has_keyed: bool,
    /// A line was made without.
    pub(super) has_open: bool,
}

/// Goes through the bytes of a log; one faulty line does not keep from the others.
pub(super) fn check(bytes: &[u8], key: Option<&Key>) -> Checked {
    let mut found = Checked::default();
    // The hashes that the next line may be chained to, the likeliest first.
    let mut before: VecDeque<Vec<u8>> = VecDeque::from([START.to_vec()]);
    let mut doubtful: Option<Doubtful> = None;
    for (number, text) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
        let (text, has_end) = match text.strip_suffix(b"\n") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let Some(line) = Line::read(text) else {
            found.faults.push((number, Fault::Incomplete));
            continue;
        };
        found.has_keyed |= line.is_keyed();
        found.has_open |= !line.is_keyed();
        // Who has no key can make lines without one: they stand before all others or not at all.
        let is_late = found.has_keyed && !line.is_keyed();
        let follows = |hash: &Vec<u8>| !is_late && line.follows(hash, key);
        let place = before.iter().position(follows);
        let mut fits = place.is_some();
        if let Some(doubtful) = doubtful.take() {
            // Nothing builds on a line that was torn; one that was changed has a follower.
            let fault = if fits { Fault::Incomplete } else { Fault::Changed };
            found.faults.push((doubtful.number, fault));
            fits |= [&doubtful.hash, &doubtful.computed].into_iter().any(follows);
        }
        if place.is_some_and(|place| place > 0) {
            found.faults.push((number, Fault::AtOnce));
        }
        if fits {
            before.push_front(line.hash.to_vec());
            before.truncate(AT_ONCE);
        } else if has_end {
            let last = before.front().map_or(START, Vec::as_slice);
            let computed = chained(last, line.entry, key.filter(|_| line.is_keyed()));
            doubtful = Some(Doubtful { number, hash: line.hash.to_vec(), computed });
        } else {
            found.faults.push((number, Fault::Incomplete));
            continue;
        }
        found.entries = found.entries.saturating_add(1);
        found.hashes.push(line.hash.to_vec());
    }
    if let Some(doubtful) = doubtful {
        found.faults.push((doubtful.number, Fault::Changed));
    }
    found.faults.sort_unstable();
    found
}

/// A line that does not fit those before it.
struct Doubtful {
    number: usize,
    /// The hash that it bears, and the one that it should bear.
    hash: Vec<u8>,
    computed: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = [7; 32];

    fn log(entries: usize, key: Option<&Key>) -> Vec<Vec<u8>> {
        let mut before = START.to_vec();
        (0..entries)
            .map(|number| {
                let entry = format!("2023-12-01T08:00:00Z\tcase\t{number}\tbooked");
                let hash = chained(&before, entry.as_bytes(), key);
                before.clone_from(&hash);
                [&hash, &b"\t"[..], entry.as_bytes(), b"\n"].concat()
            })
            .collect()
    }

    fn faults(lines: &[Vec<u8>]) -> Vec<(usize, Fault)> {
        check(&lines.concat(), Some(&KEY)).faults
    }

    #[test]
    fn keyed_hashes_are_those_of_the_standard() {
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let hash = hex(&keyed(&key, b"what do ya want for nothing?"));
        assert_eq!(hash, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn whole_logs_are_whole() {
        for key in [None, Some(&KEY)] {
            let found = check(&log(5, key).concat(), Some(&KEY));
            assert_eq!((found.entries, found.faults), (5, vec![]));
        }
        assert_eq!(check(b"", None), Checked::default());
    }

    #[test]
    fn what_was_done_to_a_line_is_told_and_the_rest_is_checked() {
        for key in [None, Some(&KEY)] {
            let whole = log(6, key);
            let with = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
                let mut lines = whole.clone();
                change(&mut lines);
                faults(&lines)
            };
            let byte = |lines: &mut Vec<Vec<u8>>, line: usize, place: usize| {
                *lines[line].iter_mut().rev().nth(place).unwrap() = 0xff;
            };
            assert_eq!(with(&|lines| byte(lines, 2, 2)), [(3, Fault::Changed)]);
            assert_eq!(with(&|lines| byte(lines, 5, 2)), [(6, Fault::Changed)]);
            assert_eq!(with(&|lines| drop(lines.remove(2))), [(3, Fault::Changed)]);
            assert_eq!(with(&|lines| lines.swap(1, 2)).len(), 2);
            assert_eq!(with(&|lines| lines[5].truncate(80)), [(6, Fault::Incomplete)]);
            // Without its line end.
            assert_eq!(
                with(&|lines| {
                    let end = lines[5].len() - 1;
                    lines[5].truncate(end);
                }),
                []
            );
        }
    }

    #[test]
    fn lines_cut_off_by_a_full_disk_are_not_called_changed() {
        for cut in [1, 30, 66, 90, 98] {
            let whole = log(3, Some(&KEY));
            let mut torn = whole.clone();
            torn[2].truncate(cut);
            torn[2].push(b'\n');
            // The next one is chained to the last whole one.
            let before = Line::read(&whole[1]).unwrap().hash;
            let entry = b"2023-12-01T08:00:00Z\tname\t1\tbooked";
            let hash = chained(before, entry, Some(&KEY));
            torn.push([&hash, &b"\t"[..], entry, b"\n"].concat());
            assert_eq!(faults(&torn), [(3, Fault::Incomplete)], "{cut}");
        }
    }

    #[test]
    fn two_at_once_are_told() {
        let mut lines = log(3, Some(&KEY));
        let before = Line::read(&lines[1]).unwrap().hash.to_vec();
        let entry = b"2023-12-01T08:00:00Z\tname\t1\tbooked";
        let hash = chained(&before, entry, Some(&KEY));
        lines.push([&hash, &b"\t"[..], entry, b"\n"].concat());
        assert_eq!(faults(&lines), [(4, Fault::AtOnce)]);
    }

    #[test]
    fn a_line_taken_out_and_all_hashed_anew_is_seen() {
        let forged = log(3, None).concat();
        // Without a key nobody can tell; with one the forger would need it.
        assert_eq!(check(&forged, None).faults, []);
        let other = log(3, Some(&[8; 32])).concat();
        assert_eq!(check(&other, Some(&KEY)).faults.len(), 3);
        let mut mixed = log(1, Some(&KEY));
        mixed.extend(log(1, None));
        assert_eq!(faults(&mixed), [(2, Fault::Changed)]);
        assert!(check(&other, None).has_keyed);
    }
}
