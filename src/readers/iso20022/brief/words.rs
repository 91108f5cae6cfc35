//! The words of a booking in brief: whether any of them may speak against it. Most bookings have so few
//! that all fit into what is looked at in one go.

use crate::facts::signs::may_speak_against;
use crate::readers::bits::TOGETHER;

/// Words that are looked at together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    bytes: [u8; TOGETHER],
    length: usize,
    speaks: bool,
}

impl Default for Words {
    fn default() -> Self {
        Self { bytes: [b' '; TOGETHER], length: 0, speaks: false }
    }
}

impl Words {
    /// Adds a text.
    pub(super) fn add(&mut self, text: &[u8]) {
        let end = self.length.saturating_add(text.len());
        match self.bytes.get_mut(self.length..end) {
            Some(slot) => {
                slot.copy_from_slice(text);
                // Nothing may grow together.
                self.length = end.saturating_add(2);
            }
            None => self.speaks |= may_speak_against(text),
        }
    }

    /// Adds an id, a code or what else has words only where somebody put them in.
    pub(super) fn add_id(&mut self, text: &[u8]) {
        if text.iter().any(u8::is_ascii_whitespace) {
            self.add(text);
        }
    }

    /// Adds a piece of a text that goes on from one before: words are cut there too.
    pub(super) fn go_on(&mut self, before: &[u8], text: &[u8]) {
        self.add(text);
        if before.is_empty() {
            return;
        }
        let mut seam = [b' '; 16];
        let end = before.iter().rev().zip(seam.iter_mut().take(8).rev());
        end.for_each(|(byte, slot)| *slot = *byte);
        let start = text.iter().zip(seam.iter_mut().skip(8));
        start.for_each(|(byte, slot)| *slot = *byte);
        self.speaks |= may_speak_against(&seam);
    }

    /// Whether any of them may speak against the booking.
    pub(super) fn speak_against(&self) -> bool {
        self.speaks || may_speak_against(&self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_seen_wherever_they_stand() {
        let long = [b'x'; TOGETHER + 9];
        for (texts, speak) in [
            (vec![b"Erika Beispiel".as_slice(), b"Miete 11/2023"], false),
            (vec![b"Erika Beispiel".as_slice(), b"Storno 11/2023"], true),
            (vec![long.as_slice(), b"Storno"], true),
            (vec![long.as_slice(), long.as_slice(), b"Rueckgabe AC04 Konto erloschen"], true),
        ] {
            let mut words = Words::default();
            for text in &texts {
                words.add(text);
            }
            assert_eq!(words.speak_against(), speak, "{texts:?}");
        }
        let mut words = Words::default();
        words.add_id(b"STORNO-2023");
        assert!(!words.speak_against());
        words.add_id(b"SOZ-1 Storno");
        assert!(words.speak_against());
        let mut cut = Words::default();
        cut.go_on(b"", b"Auftrag Rueck");
        cut.go_on(b"Auftrag Rueck", b"gabe");
        assert!(cut.speak_against());
    }
}
