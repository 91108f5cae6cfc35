//! Files of bookings in parts that threads read at the same time.

use crate::model::brief::Bytes;

/// How much of a file one thread takes at a time (bytes).
const PART: u64 = 1 << 20;

/// No part is larger: that would be one booking, or a file without any (bytes).
const LARGEST: u64 = 64 << 20;

/// What is read at a time in search of the next booking (bytes).
const STEP: usize = 1 << 14;

/// Where parts begin: `ahead` bytes behind the beginning of a `mark`, about `step` bytes apart (0
/// for what has proved good). The first begins with `first`, the end of the file is the last.
pub(crate) fn cuts(
    bytes: &dyn Bytes,
    first: u64,
    step: u64,
    mark: &str,
    ahead: u64,
) -> Option<Vec<u64>> {
    let step = if step == 0 { PART } else { step };
    let finder = memchr::memmem::Finder::new(mark);
    let length = bytes.length();
    let mut cuts = vec![first];
    let mut buffer = vec![0; STEP];
    let mut nominal = first.checked_add(step)?;
    while nominal < length {
        let mut at = nominal;
        let found = loop {
            let count = bytes.read_at(at, &mut buffer);
            if let Some(place) = finder.find(buffer.get(..count)?) {
                break Some(at.checked_add(u64::try_from(place).ok()?)?.checked_add(ahead)?);
            }
            if count < buffer.len() {
                break None;
            }
            let moved = count.checked_sub(mark.len())?;
            at = at.checked_add(u64::try_from(moved).ok()?)?;
        };
        let Some(found) = found else { break };
        if cuts.last() != Some(&found) {
            cuts.push(found);
        }
        nominal = found.checked_add(1)?.max(nominal.checked_add(step)?);
    }
    cuts.push(length);
    Some(cuts)
}

/// Gives the bytes of a part to `read`; `None` too if there are zeros among them, which are damage
/// that the general reader has to tell.
pub(crate) fn with_part<T>(
    bytes: &dyn Bytes,
    (from, to): (u64, u64),
    read: impl FnOnce(&[u8]) -> Option<T>,
) -> Option<T> {
    if let Some(whole) = bytes.whole() {
        let place = |offset: u64| usize::try_from(offset).ok();
        return read(without_zeros(whole.get(place(from)?..place(to)?)?)?);
    }
    let length = to.checked_sub(from).filter(|length| *length <= LARGEST)?;
    let mut buffer = vec![0; usize::try_from(length).ok()?];
    let count = bytes.read_at(from, &mut buffer);
    read(without_zeros(buffer.get(..count).filter(|read| read.len() == buffer.len())?)?)
}

fn without_zeros(bytes: &[u8]) -> Option<&[u8]> {
    memchr::memchr(0, bytes).is_none().then_some(bytes)
}
