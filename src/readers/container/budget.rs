//! How much an archive may hold, over all its levels: what an archive inside unpacks to counts
//! against the size of the file that was given, so that nesting multiplies nothing.

use std::io::Read;

/// Members of an archive, nested ones included.
pub(super) const MEMBERS: usize = 10_000;

/// Unpacked bytes of an archive, nested ones included.
const TOTAL: u64 = 2 << 30;

/// Unpacked bytes for one packed byte, of each member and of all together. Statements of the most repetitive kind stay below 60;
/// the format itself ends at about 1,030.
const RATIO: u64 = 200;

/// Below this size (bytes) the ratio does not matter.
const SMALL: u64 = 4 << 20;

/// Why an archive or a member of it cannot be read.
#[derive(Debug)]
pub(super) enum Failure {
    /// A bound is exceeded.
    TooLarge {
        /// What was found.
        found: String,
        /// What is allowed.
        allowed: String,
    },
    /// Protected by a password.
    Encrypted,
    /// Cannot be unpacked, and why.
    Damaged(String),
}

/// What is left of the bounds.
#[derive(Debug)]
pub(super) struct Budget {
    members: usize,
    bytes: u64,
    /// What all members may have, by the size of the outermost archive.
    by_ratio: u64,
    /// The size of the outermost archive.
    packed: u64,
}

impl Budget {
    /// The bounds of an archive of this size.
    pub(super) fn of(packed: usize) -> Self {
        let packed = u64::try_from(packed).unwrap_or(u64::MAX);
        Self { members: MEMBERS, bytes: TOTAL, by_ratio: by_ratio(packed), packed }
    }

    /// Takes the members of an archive.
    pub(super) fn take_members(&mut self, count: usize) -> Result<(), Failure> {
        match self.members.checked_sub(count) {
            Some(left) => {
                self.members = left;
                Ok(())
            }
            None => {
                Err(Failure::TooLarge { found: count.to_string(), allowed: MEMBERS.to_string() })
            }
        }
    }

    /// Reads all of a member of `packed` packed bytes, or says why that is too much.
    pub(super) fn read(&mut self, packed: u64, source: impl Read) -> Result<Vec<u8>, Failure> {
        let of_member = by_ratio(packed);
        let allowed = of_member.min(self.by_ratio).min(self.bytes);
        let mut bytes = Vec::new();
        source
            .take(allowed.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::Damaged(error.to_string()))?;
        let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if found > allowed {
            let (packed, bound) = if allowed == self.bytes {
                (packed, format!("{TOTAL} B"))
            } else if allowed == of_member {
                (packed, format!("{RATIO}:1"))
            } else {
                (self.packed, format!("{RATIO}:1"))
            };
            return Err(Failure::TooLarge {
                found: format!("> {allowed} B / {packed} B"),
                allowed: bound,
            });
        }
        self.bytes = self.bytes.saturating_sub(found);
        self.by_ratio = self.by_ratio.saturating_sub(found);
        Ok(bytes)
    }
}

/// What so many packed bytes may unpack to.
fn by_ratio(packed: u64) -> u64 {
    packed.saturating_mul(RATIO).max(SMALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        let mut budget = Budget { members: 3, bytes: 10, by_ratio: SMALL, packed: 1 };
        assert!(budget.take_members(2).is_ok());
        assert!(budget.take_members(2).is_err());
        assert_eq!(budget.read(1, &b"12345678"[..]).unwrap().len(), 8);
        assert!(budget.read(1, &b"123"[..]).is_err());
        assert_eq!(budget.read(1, &b"12"[..]).unwrap().len(), 2);
    }

    #[test]
    fn ratio_counts_above_a_small_size() {
        let zeros = |count| std::io::repeat(0).take(count);
        let mut budget = Budget::of(1 << 20);
        assert!(budget.read(1, zeros(SMALL)).is_ok());
        assert!(budget.read(1, zeros(SMALL + 1)).is_err());
        assert!(budget.read(SMALL / RATIO * 2, zeros(SMALL + 1)).is_ok());
    }

    #[test]
    fn all_members_together_keep_to_the_ratio_of_the_archive() {
        let zeros = |count| std::io::repeat(0).take(count);
        let mut budget = Budget::of(1000);
        assert!(budget.read(1, zeros(SMALL / 2)).is_ok());
        assert!(budget.read(1, zeros(SMALL / 2)).is_ok());
        assert!(budget.read(1, zeros(1)).is_err());
    }
}
