//! The compound file around an old workbook: a small file system of sectors.
//!
//! Chains are followed with a bound and no sector is used twice: a chain that ends early, runs in a
//! circle or leaves the file is damage.

use crate::readers::tables::sheet::trouble::Trouble;

/// Sector numbers from here on have a meaning of their own; the last but one ends a chain.
const RESERVED: u32 = 0xFFFF_FFFA;
const END: u32 = 0xFFFF_FFFE;

/// Streams below this size lie in small sectors.
const SMALL_STREAM: usize = 4096;

/// Length of a small sector.
const SMALL_SECTOR: usize = 64;

/// Length of an entry of the directory.
const ENTRY: usize = 128;

/// The largest stream that is read (bytes).
const LARGEST: usize = 96_000_000;

/// Two bytes, the lower first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let end = at.checked_add(2)?;
    Some(u16::from_le_bytes(bytes.get(at..end)?.try_into().ok()?))
}

/// Four bytes, the lowest first.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let end = at.checked_add(4)?;
    Some(u32::from_le_bytes(bytes.get(at..end)?.try_into().ok()?))
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The stream of the workbook.
pub(super) fn workbook(bytes: &[u8]) -> Result<Vec<u8>, Trouble> {
    let file = Compound::open(bytes).ok_or_else(|| Trouble::broken("sectors"))?;
    let directory = file.chain(file.directory).ok_or_else(|| Trouble::broken("directory"))?;
    let directory =
        file.gather(&directory, usize::MAX).ok_or_else(|| Trouble::broken("directory"))?;
    let named = |wanted: &str| {
        directory.chunks_exact(ENTRY).find(|entry| name(entry).eq_ignore_ascii_case(wanted))
    };
    let Some(entry) = named("Workbook").or_else(|| named("Book")) else {
        let locked = named("EncryptedPackage").is_some();
        return Err(Trouble::broken(if locked { "password" } else { "no workbook in it" }));
    };
    let (start, length) = extent(entry).ok_or_else(|| Trouble::broken("directory"))?;
    if length > LARGEST {
        return Err(Trouble::too_many(length, LARGEST, "B"));
    }
    let stream = if length < SMALL_STREAM {
        let root = directory.chunks_exact(ENTRY).next().and_then(extent);
        root.and_then(|root| file.small_stream(root, (start, length)))
    } else {
        file.chain(start).and_then(|chain| file.gather(&chain, length))
    };
    stream.filter(|stream| stream.len() == length).ok_or_else(|| Trouble::broken("sectors"))
}

/// The name of an entry of the directory.
fn name(entry: &[u8]) -> String {
    let length = u16_at(entry, 64).map_or(0, usize::from).saturating_sub(2).min(64);
    let pairs = entry.get(..length).unwrap_or_default().chunks_exact(2);
    let letters = pairs.filter_map(|pair| u16_at(pair, 0));
    char::decode_utf16(letters).map(|letter| letter.unwrap_or('\u{fffd}')).collect()
}

/// First sector and length of an entry's stream.
fn extent(entry: &[u8]) -> Option<(u32, usize)> {
    Some((u32_at(entry, 116)?, size(u32_at(entry, 120)?)))
}

struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// For every sector the next of its chain.
    next: Vec<u32>,
    directory: u32,
    small_next: u32,
}

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            sector,
            next: Vec::new(),
            directory: u32_at(bytes, 48)?,
            small_next: u32_at(bytes, 60)?,
        };
        // The first tables of sectors are named in the header, others in sectors of their own.
        let mut tables: Vec<u32> = words(bytes.get(76..512)?).collect();
        let mut more = u32_at(bytes, 68)?;
        let mut left = file.count();
        while more < RESERVED {
            left = left.checked_sub(1)?;
            let (last, named) =
                file.sector_at(more)?.split_last_chunk::<4>().map(|(n, l)| (l, n))?;
            tables.extend(words(named));
            more = u32::from_le_bytes(*last);
        }
        tables.retain(|table| *table < RESERVED);
        if tables.len() > file.count() {
            return None;
        }
        let mut next = Vec::new();
        for table in tables {
            next.extend(words(file.sector_at(table)?));
        }
        file.next = next;
        Some(file)
    }

    /// How many sectors the file has.
    fn count(&self) -> usize {
        self.bytes.len().div_ceil(self.sector)
    }

    /// A sector; the last of a file may be short.
    fn sector_at(&self, number: u32) -> Option<&'a [u8]> {
        let from = size(number).checked_add(1)?.checked_mul(self.sector)?;
        let to = from.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(from..to)
    }

    /// The sectors of a chain.
    fn chain(&self, start: u32) -> Option<Vec<u32>> {
        chain(start, &self.next, self.count())
    }

    /// What stands in these sectors.
    fn gather(&self, chain: &[u32], length: usize) -> Option<Vec<u8>> {
        let mut gathered = Vec::new();
        for number in chain {
            gathered.extend_from_slice(self.sector_at(*number)?);
            if gathered.len() >= length {
                break;
            }
        }
        gathered.truncate(length);
        Some(gathered)
    }

    fn small_stream(&self, root: (u32, usize), (start, length): (u32, usize)) -> Option<Vec<u8>> {
        let store = self.gather(&self.chain(root.0)?, root.1)?;
        let table = self.gather(&self.chain(self.small_next)?, usize::MAX)?;
        let table: Vec<u32> = words(&table).collect();
        let mut gathered = Vec::new();
        for number in chain(start, &table, store.len().div_ceil(SMALL_SECTOR))? {
            let from = size(number).checked_mul(SMALL_SECTOR)?;
            let to = from.checked_add(SMALL_SECTOR)?.min(store.len());
            gathered.extend_from_slice(store.get(from..to)?);
        }
        gathered.truncate(length);
        Some(gathered)
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0))
}

fn chain(start: u32, next: &[u32], most: usize) -> Option<Vec<u32>> {
    let mut seen = vec![false; next.len()];
    let mut chain = Vec::new();
    let mut number = start;
    while number != END {
        let seen = seen.get_mut(size(number))?;
        if std::mem::replace(seen, true) || chain.len() >= most {
            return None;
        }
        chain.push(number);
        number = *next.get(size(number))?;
    }
    Some(chain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_end() {
        assert_eq!(chain(0, &[2, END, 1], 9), Some(vec![0, 2, 1]));
        assert_eq!(chain(0, &[1, 0], 9), None, "a circle");
        assert_eq!(chain(0, &[7], 9), None, "out of the file");
        assert_eq!(chain(0, &[1, 2, END], 2), None, "longer than the file");
        assert_eq!(chain(END, &[], 0), Some(vec![]));
    }

    #[test]
    fn rubbish_is_damage() {
        for bytes in [&b""[..], &[0xD0, 0xCF, 0x11, 0xE0], &[0; 4096]] {
            assert!(matches!(workbook(bytes), Err(Trouble::Broken(_))));
        }
    }
}
