//! References and account numbers as numbers, so that a million of them are compared and found in
//! no time.

use std::hash::BuildHasher;
use std::hash::Hasher;
use std::num::NonZeroU32;
use std::num::NonZeroU64;

use crate::model::iban::Iban;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// A reference or account number as a number of 48 bits. Equal texts have equal keys. That unequal
/// ones have the same key by chance mostly makes a case less plain, because a plain case needs id,
/// account *and* amount to agree and both ids to be unique; that an account takes another one's
/// place in such a case happens once in 280 million million times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(NonZeroU64);

impl Key {
    /// The lowest bits of a word are none of a key.
    const UNUSED: u32 = 16;

    /// Stands for the hash 0.
    const LEAST: NonZeroU64 = match NonZeroU64::new(1 << Self::UNUSED) {
        Some(least) => least,
        None => NonZeroU64::MAX,
    };

    fn of_hash(hash: u64) -> Self {
        let bits = hash >> Self::UNUSED << Self::UNUSED;
        Self(NonZeroU64::new(bits).unwrap_or(Self::LEAST))
    }

    /// Its bits, as the highest ones of a word; every one of them is as good as any other.
    pub const fn bits(self) -> u64 {
        self.0.get()
    }

    /// Its first 32 bits and the other 16.
    pub(super) fn packed(self) -> (u32, u16) {
        let high = u32::try_from(self.bits() >> 32).unwrap_or(0);
        let low = u16::try_from(self.bits() >> Self::UNUSED & 0xffff).unwrap_or(0);
        (high, low)
    }

    /// The key that was packed.
    pub(super) fn unpacked(high: u32, low: u16) -> Self {
        Self::of_hash((u64::from(high) << 32) | (u64::from(low) << Self::UNUSED))
    }

    /// Most of it, where many have to be kept and a chance meeting costs only time.
    pub fn short(self) -> ShortKey {
        ShortKey(NonZeroU32::new(self.packed().0).unwrap_or(NonZeroU32::MIN))
    }
}

/// 32 bits of a [`Key`], for case numbers: they can only make a case less plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortKey(NonZeroU32);

impl ShortKey {
    /// Its bits.
    pub const fn bits(self) -> u32 {
        self.0.get()
    }
}

/// Makes keys; all files of a run must use the same maker. Its seed is another one in each run, so
/// that no file can be written to make keys collide.
#[derive(Clone, Debug, Default)]
pub struct Keys(foldhash::quality::RandomState);

impl Keys {
    fn key(&self, bytes: &[u8]) -> Key {
        Key::of_hash(self.0.hash_one(bytes))
    }

    /// The key of a reference that is letters and digits in upper case already
    /// ([`reference_key`]).
    pub fn of_reference(&self, normalised: &[u8]) -> Key {
        match as_numbers(normalised) {
            Some(text) => self.of_short_reference(text),
            None => self.key(normalised),
        }
    }

    /// The same of up to 32 bytes ([`as_numbers`]).
    pub fn of_short_reference(&self, [first, second]: [u128; 2]) -> Key {
        let mut hasher = self.0.build_hasher();
        hasher.write_u128(first);
        hasher.write_u128(second);
        Key::of_hash(hasher.finish())
    }

    /// The key of a reference as it stands in a file.
    pub fn reference(&self, text: &str) -> Key {
        self.of_reference(reference_key(text).as_bytes())
    }

    /// The key of a reference, if it is a real one.
    pub fn real_reference(&self, text: Option<&str>) -> Option<Key> {
        text.filter(|text| !is_placeholder(text)).map(|text| self.reference(text))
    }

    /// The key of an account by country and what stands behind the check digits. For valid IBANs
    /// equal keys mean equal IBANs.
    pub fn of_account(&self, country: [u8; 2], bban: &[u8]) -> Key {
        if let Some(number) = german_number(country, bban) {
            return self.of_german_account(number);
        }
        let mut hasher = self.0.build_hasher();
        hasher.write(&country);
        hasher.write(bban);
        Key::of_hash(hasher.finish())
    }

    /// The same of a German account; the number is that of the eighteen digits of bank code and
    /// account number.
    pub fn of_german_account(&self, number: u64) -> Key {
        let mut hasher = self.0.build_hasher();
        hasher.write_u64(number);
        Key::of_hash(hasher.finish())
    }

    /// The key of any account: bank code and account number count like the IBAN they make.
    pub fn account(&self, account: &Iban) -> Key {
        let german = account.to_german_iban();
        let text = german.as_ref().unwrap_or(account).reveal().as_bytes();
        match text {
            [a, b, _, _, bban @ ..] if account.has_iban_form() || german.is_some() => {
                self.of_account([*a, *b], bban)
            }
            _ => self.key(text),
        }
    }
}

/// The number of the eighteen digits of a German account.
fn german_number(country: [u8; 2], bban: &[u8]) -> Option<u64> {
    let is_german = country == *b"DE" && bban.len() == 18;
    let digits = bban.iter().all(u8::is_ascii_digit).then_some(bban).filter(|_| is_german)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A text of up to 32 bytes as two numbers, its first byte in the lowest one, zeros behind its last.
/// It is loaded in pieces that overlap: to copy it somewhere and read it there at once costs a
/// processor more than all the rest.
#[inline]
pub fn as_numbers(text: &[u8]) -> Option<[u128; 2]> {
    let length = u32::try_from(text.len()).ok()?;
    let behind = |pieces: u32| length.saturating_sub(pieces) * 8;
    Some(match text.len() {
        33.. => return None,
        17.. => {
            let last = u128::from_le_bytes(*text.last_chunk()?);
            let unused = 32_u32.saturating_sub(length) * 8;
            [u128::from_le_bytes(*text.first_chunk()?), last >> unused]
        }
        16 => [u128::from_le_bytes(*text.first_chunk()?), 0],
        8.. => {
            let last = u128::from(u64::from_le_bytes(*text.last_chunk()?));
            [u128::from(u64::from_le_bytes(*text.first_chunk()?)) | last << behind(8), 0]
        }
        4.. => {
            let last = u128::from(u32::from_le_bytes(*text.last_chunk()?));
            [u128::from(u32::from_le_bytes(*text.first_chunk()?)) | last << behind(4), 0]
        }
        _ => [text.iter().rev().fold(0, |number, byte| number << 8 | u128::from(*byte)), 0],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back() {
        let keys = Keys::default();
        for number in 0..1000 {
            let key = keys.reference(&format!("A{number}"));
            let (high, low) = key.packed();
            assert_eq!(Key::unpacked(high, low), key);
            assert_eq!(key.bits() & 0xffff, 0);
        }
        let least = Key::of_hash(7);
        assert_eq!(least.packed(), (0, 1));
        assert_eq!(Key::unpacked(0, 1), least);
    }
    #[test]
    fn short_texts_are_numbers() {
        let all: Vec<u8> = (1..=33).collect();
        for length in 0..=32 {
            let text = &all[..length];
            let mut padded = [0; 32];
            padded[..length].copy_from_slice(text);
            let (first, second) = padded.split_at(16);
            let number = |bytes: &[u8]| u128::from_le_bytes(bytes.try_into().unwrap());
            assert_eq!(as_numbers(text), Some([number(first), number(second)]), "{length}");
        }
        assert_eq!(as_numbers(&all), None);
    }

    #[test]
    fn accounts_have_one_key_however_they_are_read() {
        let keys = Keys::default();
        let number = b"999100540043764919";
        assert_eq!(
            keys.of_account(*b"DE", number),
            keys.of_german_account(999_100_540_043_764_919)
        );
        assert_ne!(keys.of_account(*b"AT", number), keys.of_account(*b"DE", number));
        assert_ne!(keys.of_account(*b"DE", &number[1..]), keys.of_account(*b"DE", number));
    }
}
