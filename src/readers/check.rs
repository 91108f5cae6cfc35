//! What a whole file is made of, told piece by piece: whether it is UTF-8, and signs of damage.

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
        // Most of a file is ASCII, which needs a tenth of the time that other text needs.
        while !rest.is_empty() {
            let (_, from) = rest.split_at(stretch(rest, true));
            let (other, more) = from.split_at(stretch(from, false));
            match std::str::from_utf8(other) {
                Ok(text) => self.check.has_damage |= text.contains('\u{fffd}'),
                Err(error) if error.error_len().is_none() && more.is_empty() => {
                    let (whole, open) = other.split_at(error.valid_up_to());
                    let damage = "\u{fffd}".as_bytes();
                    self.check.has_damage |= memchr::memmem::find(whole, damage).is_some();
                    self.open.extend_from_slice(open);
                }
                Err(_) => {
                    self.check.is_utf_8 = false;
                    return;
                }
            }
            rest = more;
        }
    }

    /// What the file is.
    pub fn finish(self) -> Check {
        let is_utf_8 = self.check.is_utf_8 && self.open.is_empty();
        Check { is_utf_8, has_damage: self.check.has_damage && is_utf_8, ..self.check }
    }
}

/// How long the pieces at the beginning are that are ASCII only, or those that are not.
fn stretch(bytes: &[u8], ascii: bool) -> usize {
    let pieces = bytes.chunks(64).take_while(|piece| piece.is_ascii() == ascii);
    pieces.fold(0, |length, piece| length.saturating_add(piece.len()))
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
        let files: [&[u8]; 8] = [
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
