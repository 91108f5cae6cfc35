//! What a whole file is made of, told piece by piece: whether it is UTF-8, and signs of damage.

use fearless_simd::Simd;
use fearless_simd::dispatch;

use crate::readers::bits::Latin;
use crate::readers::bits::TOGETHER;
use crate::readers::bits::Together;
use crate::readers::bits::level;

/// What the bytes of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// All of it is UTF-8.
    pub is_utf_8: bool,
    /// It has zero bytes: damage, or UTF-16.
    pub has_zeros: bool,
    /// It is UTF-8 and has characters that stand for damage (`\u{fffd}`).
    pub has_damage: bool,
}

/// Checks a file piece by piece.
#[derive(Clone, Debug)]
pub struct Checker {
    check: Check,
    /// The beginning of a character whose end is in the next piece.
    open: Vec<u8>,
}

impl Default for Checker {
    fn default() -> Self {
        let check = Check { is_utf_8: true, has_zeros: false, has_damage: false };
        Self { check, open: Vec::new() }
    }
}

impl Checker {
    /// Checks the next piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.check.has_zeros |= memchr::memchr(0, piece).is_some();
        if !self.check.is_utf_8 {
            return;
        }
        let mut rest = piece;
        while !self.open.is_empty() {
            let [byte, more @ ..] = rest else { return };
            self.open.push(*byte);
            rest = more;
            match std::str::from_utf8(&self.open) {
                Ok(text) => {
                    self.check.has_damage |= text.contains('\u{fffd}');
                    self.open.clear();
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => {
                    self.check.is_utf_8 = false;
                    return;
                }
            }
        }
        loop {
            rest = rest.get(plain(rest)..).unwrap_or_default();
            if rest.is_empty() {
                return;
            }
            let (part, more) = rest.split_at(rest.len().min(SLOWLY));
            match std::str::from_utf8(part) {
                Ok(text) => {
                    self.check.has_damage |= text.contains('\u{fffd}');
                    rest = more;
                }
                Err(error) if error.error_len().is_none() => {
                    let (whole, open) = rest.split_at(error.valid_up_to());
                    let damage = "\u{fffd}".as_bytes();
                    self.check.has_damage |= memchr::memmem::find(whole, damage).is_some();
                    if more.is_empty() {
                        self.open.extend_from_slice(open);
                        return;
                    }
                    rest = open;
                }
                Err(_) => {
                    self.check.is_utf_8 = false;
                    return;
                }
            }
        }
    }

    /// What the file is.
    pub fn finish(self) -> Check {
        let is_utf_8 = self.check.is_utf_8 && self.open.is_empty();
        Check { is_utf_8, has_damage: self.check.has_damage && is_utf_8, ..self.check }
    }
}

/// So much is looked at character by character where something is not plain (bytes).
const SLOWLY: usize = 256;

/// How many bytes at the beginning are ASCII and the letters U+00C0 to U+017F, in whole characters:
/// sixty-four are told at once, which takes a tenth of the time that a look at every character takes.
fn plain(bytes: &[u8]) -> usize {
    dispatch!(level(), simd => plain_with(simd, bytes))
}

#[inline(always)]
fn plain_with<S: Simd>(simd: S, bytes: &[u8]) -> usize {
    let mut length = 0_usize;
    while let Some(part) = bytes.get(length..).and_then(|rest| rest.first_chunk::<TOGETHER>()) {
        let part = Together::new(simd, part);
        let high = part.among(0x80, 0xff);
        let mut whole = TOGETHER;
        if high != 0 {
            let latin = Latin::of(part);
            if !latin.are(high, 0) {
                break;
            }
            // A letter whose end is behind these bytes is looked at with the next ones.
            whole = if latin.lead_at_end() == 0 { TOGETHER } else { TOGETHER - 1 };
        }
        length = length.saturating_add(whole);
    }
    length
}

/// Checks a file that is in memory.
pub fn check(bytes: &[u8]) -> Check {
    let mut checker = Checker::default();
    checker.add(bytes);
    checker.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_change_nothing() {
        let (long, bad) =
            ("€ü".repeat(150), [&"ü".repeat(150).into_bytes(), &b"\xff"[..]].concat());
        let damaged = "ä".repeat(200) + "\u{fffd}" + &"ä".repeat(80);
        let files: [&[u8]; 11] = [
            long.as_bytes(),
            &bad,
            damaged.as_bytes(),
            "Müller, Jürgen €\n".as_bytes(),
            "a\u{fffd}b".as_bytes(),
            b"M\xfcller",
            b"a\0b",
            b"\xe2\x82",
            b"\xef\xbb\xbfabc",
            b"",
            "\u{10ffff}\u{fffd}\u{1f600}".as_bytes(),
        ];
        // The same at every place of a piece.
        let moved =
            |bytes: &&[u8]| (0..70).map(|more| [&vec![b'x'; more], *bytes].concat()).collect();
        let files: Vec<Vec<u8>> =
            files.iter().flat_map(|bytes| -> Vec<Vec<u8>> { moved(bytes) }).collect();
        for bytes in &files {
            let whole = check(bytes);
            assert_eq!(whole.is_utf_8, std::str::from_utf8(bytes).is_ok());
            assert_eq!(
                whole.has_damage,
                std::str::from_utf8(bytes).is_ok_and(|text| text.contains('\u{fffd}'))
            );
            for size in [1, 2, 3, 4, 63, 64, 65, 130] {
                let mut checker = Checker::default();
                for piece in bytes.chunks(size) {
                    checker.add(piece);
                }
                assert_eq!(checker.finish(), whole, "{bytes:?} by {size}");
            }
        }
    }
}
