//! References and account numbers as numbers, so that a million of them are compared and found in
//! no time.

use std::hash::BuildHasher;
use std::hash::Hasher;
use std::num::NonZeroU32;
use std::num::NonZeroU64;

use crate::model::iban::Iban;
use crate::model::text::is_placeholder;
use crate::model::text::reference_key;

/// A reference or account number as a number. Equal texts have equal keys; that unequal ones have
/// the same key by chance only ever makes a case less plain, because a plain case needs id *and*
/// account to agree (96 bits, and the amount) and both ids to be unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(NonZeroU64);

impl Key {
    /// Its bits; every one of them is as good as any other.
    pub const fn bits(self) -> u64 {
        self.0.get()
    }

    /// Half of it, where many have to be kept and a chance meeting costs only time.
    pub fn short(self) -> ShortKey {
        let half = u32::try_from(self.bits() >> 32).ok().and_then(NonZeroU32::new);
        ShortKey(half.unwrap_or(NonZeroU32::MIN))
    }
}

/// Half a [`Key`]: four bytes instead of eight, for what a row in brief is only asked about after
/// its id, or for doubts.
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
        Key(NonZeroU64::new(self.0.hash_one(bytes)).unwrap_or(NonZeroU64::MIN))
    }

    /// The key of a reference that is letters and digits in upper case already
    /// ([`reference_key`]).
    pub fn of_reference(&self, normalised: &[u8]) -> Key {
        self.key(normalised)
    }

    /// The key of a reference as it stands in a file.
    pub fn reference(&self, text: &str) -> Key {
        self.key(reference_key(text).as_bytes())
    }

    /// The key of a reference, if it is a real one.
    pub fn real_reference(&self, text: Option<&str>) -> Option<Key> {
        text.filter(|text| !is_placeholder(text)).map(|text| self.reference(text))
    }

    /// The key of an account by country and what stands behind the check digits. For valid IBANs
    /// equal keys mean equal IBANs.
    pub fn of_account(&self, country: [u8; 2], bban: &[u8]) -> Key {
        let mut hasher = self.0.build_hasher();
        hasher.write(&country);
        hasher.write(bban);
        Key(NonZeroU64::new(hasher.finish()).unwrap_or(NonZeroU64::MIN))
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
