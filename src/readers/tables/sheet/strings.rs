//! The texts that the cells of an old workbook share, and texts in its records.

use encoding_rs::WINDOWS_1252;

use crate::readers::tables::sheet::compound::u16_at;
use crate::readers::tables::sheet::compound::u32_at;

/// Shared texts behind each other.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// A text by its number.
    pub(super) fn get(&self, number: u32) -> Option<&str> {
        let number = usize::try_from(number).ok()?;
        let to = usize::try_from(*self.ends.get(number)?).ok()?;
        let from = match number.checked_sub(1) {
            Some(before) => usize::try_from(*self.ends.get(before)?).ok()?,
            None => 0,
        };
        self.text.get(from..to)
    }

    /// Reads the record of shared texts and those that continue it; `None` unless exactly as many
    /// stand there as it says, to its last byte.
    pub(super) fn read(parts: &[&[u8]]) -> Option<Self> {
        let (first, rest) = parts.split_first()?;
        let count = u32_at(first, 4)?;
        let mut all = vec![first.get(8..)?];
        all.extend_from_slice(rest);
        let mut source = Parts { all, part: 0, at: 0 };
        let mut strings = Self::default();
        for _ in 0..count {
            source.string(&mut strings.text)?;
            strings.ends.push(u32::try_from(strings.text.len()).ok()?);
        }
        source.is_at_end().then_some(strings)
    }
}

/// Bytes of a record and of those that continue it.
struct Parts<'a> {
    all: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl Parts<'_> {
    fn left(&self) -> &[u8] {
        self.all.get(self.part).and_then(|part| part.get(self.at..)).unwrap_or_default()
    }

    /// Goes on to the next part, if this one is at its end.
    fn next_part(&mut self) -> Option<()> {
        while self.left().is_empty() {
            self.part = self.part.checked_add(1).filter(|part| *part < self.all.len())?;
            self.at = 0;
        }
        Some(())
    }

    fn is_at_end(&self) -> bool {
        let rest = self.all.get(self.part.saturating_add(1)..).unwrap_or_default();
        self.left().is_empty() && rest.iter().all(|part| part.is_empty())
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.next_part()?;
            let step = count.min(self.left().len());
            self.at = self.at.checked_add(step)?;
            count = count.checked_sub(step)?;
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        self.next_part()?;
        let byte = self.left().first().copied()?;
        self.at = self.at.checked_add(1)?;
        Some(byte)
    }

    fn pair(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    /// One text. Where its letters go on in the next part, that begins with their width.
    fn string(&mut self, out: &mut String) -> Option<()> {
        let mut letters = usize::from(self.pair()?);
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(self.pair()?) };
        let extra = if flags & 4 == 0 {
            0
        } else {
            usize::try_from(u32::from(self.pair()?) | (u32::from(self.pair()?) << 16)).ok()?
        };
        let mut is_wide = flags & 1 == 1;
        let mut wide: Vec<u16> = Vec::with_capacity(letters);
        while letters > 0 {
            if self.left().is_empty() {
                is_wide = self.byte()? & 1 == 1;
            }
            if is_wide {
                let pairs = self.left().len() / 2;
                let step = pairs.min(letters);
                // Half a letter at the end of a part is damage.
                if step == 0 {
                    return None;
                }
                for _ in 0..step {
                    wide.push(u16_at(self.left(), 0)?);
                    self.at = self.at.checked_add(2)?;
                }
                letters = letters.checked_sub(step)?;
            } else {
                let step = self.left().len().min(letters);
                wide.extend(self.left().iter().take(step).map(|byte| u16::from(*byte)));
                self.at = self.at.checked_add(step)?;
                letters = letters.checked_sub(step)?;
            }
        }
        out.extend(char::decode_utf16(wide).map(|letter| letter.unwrap_or('\u{fffd}')));
        self.skip(runs.checked_mul(4)?.checked_add(extra)?)
    }
}

/// A text inside a record: two bytes of length (`long`) or one, then letters as the version has them.
pub(super) fn text_in(data: &[u8], is_biff8: bool, long: bool) -> Option<String> {
    let (letters, rest) = if long {
        (usize::from(u16_at(data, 0)?), data.get(2..)?)
    } else {
        (usize::from(*data.first()?), data.get(1..)?)
    };
    if !is_biff8 {
        return Some(WINDOWS_1252.decode_without_bom_handling(rest.get(..letters)?).0.into_owned());
    }
    let (flags, rest) = rest.split_first()?;
    let runs = if flags & 8 == 0 { 0 } else { 2 };
    let extra = if flags & 4 == 0 { 0 } else { 4 };
    let rest = rest.get(runs + extra..)?;
    if flags & 1 == 0 {
        return Some(rest.get(..letters)?.iter().map(|byte| char::from(*byte)).collect());
    }
    let wide = rest.get(..letters.checked_mul(2)?)?.chunks_exact(2);
    let wide = wide.filter_map(|pair| u16_at(pair, 0));
    Some(char::decode_utf16(wide).map(|letter| letter.unwrap_or('\u{fffd}')).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_over_several_parts() {
        let first = [&[2, 0, 0, 0, 2, 0, 0, 0][..], &[3, 0, 0, b'a', b'b', b'c', 4, 0, 0, b'd']];
        let second = [&[1][..], &[b'e', 0, b'f', 0, 0xAC, 0x20]];
        let strings = Strings::read(&[&first.concat(), &second.concat()]).unwrap();
        assert_eq!((strings.get(0), strings.get(1)), (Some("abc"), Some("def€")));
        assert_eq!(strings.get(2), None);
        // One text less than stated, or bytes that nobody reads.
        assert!(Strings::read(&[&[1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, b'a']]).is_none());
        assert!(Strings::read(&[&[1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, b'a', 0]]).is_none());
    }

    #[test]
    fn texts_in_records() {
        assert_eq!(text_in(&[2, 0, 0, b'a', 0xFC], true, true).as_deref(), Some("aü"));
        assert_eq!(text_in(&[1, 1, 0xAC, 0x20], true, false).as_deref(), Some("€"));
        assert_eq!(text_in(&[2, b'a', 0x80], false, false).as_deref(), Some("a€"));
        assert_eq!(text_in(&[9, b'a'], false, false), None);
    }
}
