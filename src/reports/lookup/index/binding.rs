//! What ties an index to the one result it was made for.
//!
//! Length, day and samples of the bytes are enough as long as nobody has touched the file since;
//! where its time is another (it was copied, or somebody worked on it), all its bytes are read
//! once and their check decides.

use flate2::Crc;
use sha2::Digest;
use sha2::Sha256;

use crate::reports::lookup::index::Source;
use crate::reports::lookup::index::Unfit;
use crate::reports::lookup::index::bytes_at;
use crate::reports::lookup::index::scan::Stretch;

/// What stands before the payments (run, files, totals) is in the samples, up to this size.
const LONGEST_HEAD: u64 = 1 << 20;

/// Bytes at the end that are in the samples.
const FOOT: u64 = 1 << 16;

/// How many places between are in the samples, and how many bytes of each.
const PLACES: u64 = 16;
const PLACE: u64 = 4096;

/// Bytes read at a time for the check.
const PIECE: u64 = 1 << 20;

/// One result, and no other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// Its bytes.
    pub(super) length: u64,
    /// When it was last changed (nanoseconds since 1970), 0 if that is not known.
    pub(super) changed: u64,
    /// CRC-32 of all bytes.
    pub(super) check: u32,
    /// How many bytes from the beginning are in the samples.
    pub(super) head: u64,
    /// SHA-256 of the samples.
    pub(super) samples: [u8; 32],
}

impl Binding {
    /// Ties an index to `result`, whose bytes have the check `check` and whose first payment begins
    /// at `first`.
    pub(super) fn new(result: &dyn Source, check: &Crc, first: u64) -> Result<Self, Unfit> {
        let head = first.clamp(FOOT, LONGEST_HEAD).min(result.length());
        Ok(Self {
            length: result.length(),
            changed: result.changed().unwrap_or(0),
            check: check.sum(),
            head,
            samples: samples(result, head)?,
        })
    }

    /// Whether `result` is the one.
    pub(super) fn holds(&self, result: &dyn Source) -> Result<bool, Unfit> {
        let fits = result.length() == self.length
            && self.head <= LONGEST_HEAD.min(self.length)
            && samples(result, self.head)? == self.samples;
        if !fits {
            return Ok(false);
        }
        if self.changed != 0 && result.changed() == Some(self.changed) {
            return Ok(true);
        }
        let mut check = Crc::new();
        let mut offset = 0;
        while offset < self.length {
            let piece = PIECE.min(self.length.saturating_sub(offset));
            check.update(&bytes_at(result, offset, piece)?);
            offset = offset.saturating_add(piece);
        }
        Ok(check.sum() == self.check)
    }
}

/// SHA-256 of the beginning, the end, and places between.
fn samples(result: &dyn Source, head: u64) -> Result<[u8; 32], Unfit> {
    let length = result.length();
    let mut digest = Sha256::new();
    let mut add = |stretch: Stretch| -> Result<(), Unfit> {
        digest.update(bytes_at(result, stretch.start, stretch.length)?);
        Ok(())
    };
    add(Stretch { start: 0, length: head })?;
    for number in 1..=PLACES {
        let start = length / PLACES.saturating_add(1) * number;
        add(Stretch { start, length: PLACE.min(length.saturating_sub(start)) })?;
    }
    let foot = FOOT.min(length);
    add(Stretch { start: length.saturating_sub(foot), length: foot })?;
    Ok(digest.finalize().into())
}
