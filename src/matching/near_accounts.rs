//! Accounts that are nearly another one: found without comparing each with each.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::matching::lookup::Lookup;
use crate::model::amount::Amount;
use crate::model::iban::Iban;

/// In how many characters two account numbers differ, if they are near: at most two characters,
/// or two neighbours swapped.
pub fn iban_distance(left: &Iban, right: &Iban) -> Option<usize> {
    let (left, right) = (left.reveal().as_bytes(), right.reveal().as_bytes());
    if left.len() != right.len() {
        // One character lost or doubled.
        let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
        if long.len().saturating_sub(short.len()) != 1 {
            return None;
        }
        let head = short.iter().zip(long).take_while(|(a, b)| a == b).count();
        let rest = short.len().saturating_sub(head);
        let same_tail =
            short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
        return (same_tail >= rest).then_some(1);
    }
    let differing = left.iter().zip(right).filter(|(a, b)| a != b).count();
    (1..=2).contains(&differing).then_some(differing)
}

/// Two accounts that differ in two characters are equal in one of so many parts.
const PARTS: usize = 3;

/// Accounts by amount, to be asked for those that are near another one.
#[derive(Debug, Default)]
pub(super) struct NearAccounts {
    by_length: BTreeMap<usize, OfLength>,
}

/// Accounts of one length.
#[derive(Debug, Default)]
struct OfLength {
    /// Places of characters, dealt out to parts that tell about as many accounts apart each.
    parts: [Vec<usize>; PARTS],
    by_part: Lookup,
    whole: Lookup,
    /// Without one of their characters; where somebody asks with an account that is so short.
    shortened: Lookup,
}

impl NearAccounts {
    /// Takes accounts with their amounts and numbers, and those that will be asked for.
    pub(super) fn new<'i>(
        all: impl Iterator<Item = (Amount, &'i Iban, usize)>,
        asked: impl Iterator<Item = &'i Iban>,
    ) -> Self {
        let lengths: BTreeSet<usize> = asked.map(|iban| iban.reveal().len()).collect();
        let mut by_length: BTreeMap<usize, Vec<(Amount, &[u8], usize)>> = BTreeMap::new();
        for (amount, iban, number) in all {
            let text = iban.reveal().as_bytes();
            by_length.entry(text.len()).or_default().push((amount, text, number));
        }
        let made = by_length.into_iter().map(|(length, all)| {
            let is_shorter = length.checked_sub(1).is_some_and(|less| lengths.contains(&less));
            (length, OfLength::new(length, &all, is_shorter))
        });
        Self { by_length: made.collect() }
    }

    /// The numbers of accounts with this amount that may be near one, ascending, and others.
    pub(super) fn find(&self, amount: Amount, iban: &Iban) -> Vec<usize> {
        let text = iban.reveal().as_bytes();
        let mut found = Vec::new();
        if let Some(own) = self.by_length.get(&text.len()) {
            for (part, places) in own.parts.iter().enumerate() {
                found.extend(own.by_part.find(&(amount, part, piece(text, places))));
            }
        }
        if let Some(longer) = self.by_length.get(&text.len().saturating_add(1)) {
            found.extend(longer.shortened.find(&(amount, text)));
        }
        let shorter = text.len().checked_sub(1).and_then(|less| self.by_length.get(&less));
        if let Some(shorter) = shorter {
            for text in shortened(text) {
                found.extend(shorter.whole.find(&(amount, text.as_slice())));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl OfLength {
    fn new(length: usize, all: &[(Amount, &[u8], usize)], with_shortened: bool) -> Self {
        // How many accounts one cannot be told from by a place alone, added up.
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(length);
        for place in 0..length {
            let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
            for byte in all.iter().filter_map(|(_, text, _)| text.get(place)) {
                let count = counts.entry(*byte).or_default();
                *count = count.saturating_add(1);
            }
            let alike = counts.values().map(|count| count.saturating_mul(*count)).sum();
            places.push((alike, place));
        }
        places.sort_unstable();
        let mut parts: [Vec<usize>; PARTS] = Default::default();
        for (number, (_, place)) in places.into_iter().enumerate() {
            if let Some(part) = parts.get_mut(number % PARTS) {
                part.push(place);
            }
        }
        let pieces = all.iter().flat_map(|(amount, text, number)| {
            let of = |(part, places): (usize, &Vec<usize>)| {
                ((*amount, part, piece(text, places)), *number)
            };
            parts.iter().enumerate().map(of).collect::<Vec<_>>()
        });
        let by_part = Lookup::new(pieces);
        let whole =
            Lookup::new(all.iter().map(|(amount, text, number)| ((*amount, *text), *number)));
        let shorter = all.iter().filter(|_| with_shortened).flat_map(|(amount, text, number)| {
            shortened(text).into_iter().map(move |text| ((*amount, text), *number))
        });
        let shortened = Lookup::new(shorter);
        Self { parts, by_part, whole, shortened }
    }
}

/// The characters in these places.
fn piece(text: &[u8], places: &[usize]) -> Vec<u8> {
    places.iter().filter_map(|place| text.get(*place).copied()).collect()
}

/// A text without one of its characters, in every way that this can be.
fn shortened(text: &[u8]) -> BTreeSet<Vec<u8>> {
    let without = |place: usize| {
        let kept = text.iter().enumerate().filter(|(number, _)| *number != place);
        kept.map(|(_, byte)| *byte).collect()
    };
    (0..text.len()).map(without).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_accounts() {
        for (left, right, expected) in [
            ("DE02120300000000202051", "DE02120300000000202051", None),
            ("DE02120300000000202051", "DE02120300000000202061", Some(1)),
            ("DE02120300000000202051", "DE02120300000000202015", Some(2)),
            ("DE02120300000000202051", "DE0212030000000020205", Some(1)),
            ("DE02120300000000202051", "DE02120300000000209999", None),
        ] {
            let iban = |text: &str| Iban::read(text).unwrap();
            assert_eq!(iban_distance(&iban(left), &iban(right)), expected, "{left} {right}");
        }
    }

    #[test]
    fn what_is_near_is_found_and_little_else() {
        let mut seed = 3_u64;
        let mut dice = |sides: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % sides
        };
        // Accounts of one bank in a row, with letters mistyped, lost and doubled.
        let mut texts: Vec<String> = Vec::new();
        for number in 0..1500_usize {
            let mut text =
                format!("DE{:02}99910056{number:010}", number * 31 % 97 + 2).into_bytes();
            for _ in 0..dice(3) {
                let place = 4 + dice(18);
                text[place] = b'0' + u8::try_from(dice(10)).unwrap();
            }
            match dice(12) {
                0 => drop(text.remove(2 + dice(20))),
                1 => text.insert(2 + dice(20), b'0' + u8::try_from(dice(10)).unwrap()),
                _ => {}
            }
            texts.push(String::from_utf8(text).unwrap());
        }
        let ibans: Vec<Iban> = texts.iter().map(|text| Iban::read(text).unwrap()).collect();
        let amount =
            |number: usize| Amount::from_cents(if number.is_multiple_of(5) { 100 } else { 200 });
        let all = ibans.iter().enumerate().map(|(number, iban)| (amount(number), iban, number));
        let near = NearAccounts::new(all, ibans.iter());
        let (mut met, mut compared) = (0_usize, 0_usize);
        for iban in &ibans {
            let found = near.find(Amount::from_cents(200), iban);
            compared += found.len();
            let is_near = |other: &&usize| iban_distance(iban, &ibans[**other]).is_some();
            let expected: Vec<usize> =
                (0..ibans.len()).filter(|number| !number.is_multiple_of(5)).collect();
            let expected: Vec<&usize> = expected.iter().filter(is_near).collect();
            let found: Vec<&usize> = found.iter().filter(is_near).collect();
            met += expected.len();
            assert_eq!(found, expected);
        }
        assert!(met > 1000, "{met}");
        assert!(compared < ibans.len() * ibans.len() / 10, "{compared}");
    }
}
