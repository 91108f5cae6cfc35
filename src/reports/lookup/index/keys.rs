//! What a payment is found by, as numbers of fixed width. Writer and reader share this file; two
//! payments may have equal numbers by chance, so equal numbers are never an answer.

use crate::model::text::fold_words;
use crate::model::text::reference_key;
use crate::reports::lookup::search::Traits;
use crate::reports::lookup::search::cologne;

/// The numbers of one payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    /// The person.
    pub(super) person: u64,
    /// The last eight bytes of the account number; `None` without one.
    pub(super) tail: Option<u64>,
    /// The folded words of both names, sorted, each once.
    pub(super) words: Vec<String>,
}

impl Keys {
    pub(super) fn of(traits: &Traits<'_>) -> Self {
        let iban = traits.iban.map(reference_key).unwrap_or_default();
        let mut words = traits.beneficiary.map(fold_words).unwrap_or_default();
        // Most people are paid themselves.
        if let Some(payee) = traits.payee.filter(|payee| Some(*payee) != traits.beneficiary) {
            words.extend(fold_words(payee));
        }
        words.sort_unstable();
        words.dedup();
        Self {
            person: person(&traits.person_key()),
            tail: (!iban.is_empty()).then(|| tails(&iban).0),
            words,
        }
    }
}

/// The number of a person key: FNV-1a with 64 bits.
pub(super) fn person(key: &str) -> u64 {
    key.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The first and last number that an account number ending so can have: its last eight bytes, last
/// first, what is missing filled with the lowest or the highest byte.
pub(super) fn tails(end: &str) -> (u64, u64) {
    let fill = |missing: u8| {
        let mut bytes = [missing; 8];
        for (slot, byte) in bytes.iter_mut().zip(end.bytes().rev()) {
            *slot = byte;
        }
        u64::from_be_bytes(bytes)
    };
    (fill(0), fill(u8::MAX))
}

/// Which letters and digits occur in a folded word, digits two by two.
///
/// One slip (a letter put in, left out, or another in its place; two swapped) changes at most two
/// of the bits.
pub(super) fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |bits, byte| {
        let slot = match byte {
            b'a'..=b'z' => u32::from(byte).saturating_sub(u32::from(b'a')),
            _ => 26_u32.saturating_add(u32::from(byte) % 10 / 2),
        };
        bits | 1_u32.checked_shl(slot).unwrap_or(0)
    })
}

/// The number of how a folded word sounds.
pub(super) fn sound(word: &str) -> u32 {
    let [_, _, _, _, low @ ..] = person(&cologne(word)).to_be_bytes();
    u32::from_be_bytes(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_account_numbers_lie_between_their_bounds() {
        let whole = tails("DE02120300000000202051").0;
        for end in ["2051", "02051", "202051", "0000202051", "DE02120300000000202051"] {
            let (first, last) = tails(end);
            assert!(first <= whole && whole <= last, "{end}");
        }
        let (first, last) = tails("2052");
        assert!(whole < first || last < whole);
    }

    #[test]
    fn a_slip_changes_two_letters_at_most() {
        for (left, right) in [("meier", "meyer"), ("muller", "mulle"), ("abc", "acb"), ("0", "1")] {
            assert!((letters(left) ^ letters(right)).count_ones() <= 2, "{left} {right}");
        }
    }
}
