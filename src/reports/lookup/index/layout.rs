//! The parts of an index and the footer that names them.

use sha2::Digest;
use sha2::Sha256;

use crate::reports::lookup::index::Unfit;
use crate::reports::lookup::index::binding::Binding;
use crate::reports::lookup::index::scan::Stretch;

/// First bytes of an index; the last two are the version.
pub(super) const MAGIC: &[u8; 16] = b"gutschrift.idx\x00\x01";

/// Bytes of the footer, its seal included.
pub(super) const FOOTER: u64 = 160;

/// Bytes that have one check (CRC-32).
pub(super) const BLOCK: u64 = 4096;

/// Bytes of a check.
pub(super) const CHECK: u64 = 4;

/// A payment or the run is never longer (bytes); what claims to be is a mistake.
pub(super) const LONGEST: u64 = 1 << 24;

/// Bytes of a row of each table.
pub(super) const RECORD_ROW: u64 = 12;
pub(super) const KEY_ROW: u64 = 12;
pub(super) const WORD_ROW: u64 = 28;
pub(super) const POSTING_ROW: u64 = 4;

/// What the footer says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Footer {
    pub(super) binding: Binding,
    pub(super) run: Stretch,
    /// Payments, and so rows of the tables of records and persons.
    pub(super) payments: u64,
    /// Payments with an account number.
    pub(super) tails: u64,
    /// Different words.
    pub(super) words: u64,
    /// Bytes of all words.
    pub(super) letters: u64,
    /// Places of all words.
    pub(super) postings: u64,
}

/// Where each part begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) records: u64,
    pub(super) persons: u64,
    pub(super) tails: u64,
    pub(super) words: u64,
    pub(super) letters: u64,
    pub(super) postings: u64,
    /// End of the last part, and where the checks begin.
    pub(super) end: u64,
}

impl Footer {
    /// Where the parts begin; `None` if the counts are beyond all measure.
    pub(super) fn places(&self) -> Option<Places> {
        let after = |start: u64, rows: u64, width: u64| start.checked_add(rows.checked_mul(width)?);
        let records = u64::try_from(MAGIC.len()).ok()?;
        let persons = after(records, self.payments, RECORD_ROW)?;
        let tails = after(persons, self.payments, KEY_ROW)?;
        let words = after(tails, self.tails, KEY_ROW)?;
        let letters = after(words, self.words, WORD_ROW)?;
        let postings = after(letters, self.letters, 1)?;
        let end = after(postings, self.postings, POSTING_ROW)?;
        Some(Places { records, persons, tails, words, letters, postings, end })
    }

    /// The footer's bytes without its seal.
    fn body(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        let binding = &self.binding;
        for number in [
            binding.length,
            binding.changed,
            u64::from(binding.check),
            binding.head,
            self.run.start,
            self.run.length,
            self.payments,
            self.tails,
            self.words,
            self.letters,
            self.postings,
        ] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&binding.samples);
        bytes
    }

    /// The footer's bytes; the seal is over them and all checks.
    pub(super) fn sealed(&self, checks: &[u8]) -> Vec<u8> {
        let mut bytes = self.body();
        bytes.extend_from_slice(&seal(checks, &bytes));
        bytes
    }

    /// Reads a footer.
    ///
    /// # Errors
    ///
    /// What is no footer.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Unfit> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(Unfit::Damaged)?;
        let mut number = || -> Result<u64, Unfit> {
            let (number, after) = rest.split_first_chunk().ok_or(Unfit::Damaged)?;
            rest = after;
            Ok(u64::from_le_bytes(*number))
        };
        let (length, changed) = (number()?, number()?);
        let check = u32::try_from(number()?).map_err(|_| Unfit::Damaged)?;
        let head = number()?;
        let run = Stretch { start: number()?, length: number()? };
        let (payments, tails, words) = (number()?, number()?, number()?);
        let (letters, postings) = (number()?, number()?);
        let (samples, _seal) = rest.split_first_chunk().ok_or(Unfit::Damaged)?;
        let binding = Binding { length, changed, check, head, samples: *samples };
        Ok(Self { binding, run, payments, tails, words, letters, postings })
    }

    /// Whether `bytes` are this footer with the right seal.
    pub(super) fn is_sealed(&self, checks: &[u8], bytes: &[u8]) -> bool {
        self.sealed(checks) == bytes
    }
}

fn seal(checks: &[u8], body: &[u8]) -> [u8; 24] {
    let digest: [u8; 32] = Sha256::new().chain_update(checks).chain_update(body).finalize().into();
    let mut short = [0; 24];
    for (slot, byte) in short.iter_mut().zip(digest) {
        *slot = byte;
    }
    short
}

/// Checks of `length` bytes: how many bytes they take.
pub(super) fn checks_length(length: u64) -> Option<u64> {
    length.div_ceil(BLOCK).checked_mul(CHECK)
}

/// The number that begins `bytes`, and what follows.
pub(super) fn take_u64(bytes: &[u8]) -> Result<(u64, &[u8]), Unfit> {
    let (number, rest) = bytes.split_first_chunk().ok_or(Unfit::Damaged)?;
    Ok((u64::from_le_bytes(*number), rest))
}

/// The number that begins `bytes`, and what follows.
pub(super) fn take_u32(bytes: &[u8]) -> Result<(u32, &[u8]), Unfit> {
    let (number, rest) = bytes.split_first_chunk().ok_or(Unfit::Damaged)?;
    Ok((u32::from_le_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footer_is_read_as_it_was_written() {
        let binding = Binding { length: 1, changed: 2, check: 3, head: 4, samples: [5; 32] };
        let run = Stretch { start: 6, length: 7 };
        let footer =
            Footer { binding, run, payments: 8, tails: 9, words: 10, letters: 11, postings: 12 };
        let bytes = footer.sealed(b"checks");
        assert_eq!(u64::try_from(bytes.len()).unwrap(), FOOTER);
        assert_eq!(Footer::read(&bytes), Ok(footer));
        assert!(footer.is_sealed(b"checks", &bytes));
        assert!(!footer.is_sealed(b"chicks", &bytes));
    }
}
