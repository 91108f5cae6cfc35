//! Texts as the tables of words compare them: lower case, `ü` = `ue` = `u`, words with the gaps
//! between them.

use std::borrow::Cow;

/// A text, folded: nothing but `a` to `z` and digits in words.
///
/// An umlaut that a file has lost (`R?CKGABE`, `RÃ¼ckgabe`) is put back where only one can have stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The letters and digits of all words.
    letters: String,
    words: Vec<Word>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Word {
    start: usize,
    end: usize,
    /// Nothing but one blank stands before it.
    after_blank: bool,
}

/// Where words of a table were found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Number of the word in which they begin.
    pub first: usize,
    /// Number of the word in which they end.
    pub last: usize,
}

/// Words from so many letters on are known even where a line break cut them in two.
const LONG: usize = 8;

/// A letter that no table knows: it parts no words and fits none.
const STRANGE: char = '\u{7f}';

impl Folded {
    /// Folds a text.
    pub fn new(text: &str) -> Self {
        let mut folded = Self::default();
        let mut chars = text.chars().peekable();
        // What stood between the last letter and the next: nothing, one blank, anything else.
        let (mut gap, mut blanks) = (true, 0_u32);
        while let Some(c) = chars.next() {
            let letters = match c {
                'ä' | 'Ä' => "a",
                'ö' | 'Ö' => "o",
                'ü' | 'Ü' => "u",
                'ß' | 'ẞ' => "ss",
                // UTF-8 that was read as Windows-1252.
                'Ã' => match chars.next_if(|next| "¤„¶–¼œŸ".contains(*next)) {
                    Some('¤' | '„') => "a",
                    Some('¶' | '–') => "o",
                    Some('Ÿ') => "ss",
                    Some(_) => "u",
                    None => "\u{7f}",
                },
                c if c.is_ascii_alphanumeric() => {
                    folded.push(c.to_ascii_lowercase(), gap, blanks == 1);
                    (gap, blanks) = (false, 0);
                    continue;
                }
                c if c.is_alphanumeric() && c != '\u{fffd}' => "\u{7f}",
                c => {
                    if let Some(vowel) = folded.lost_umlaut(&chars) {
                        folded.push(vowel, gap, false);
                        continue;
                    }
                    blanks = if c.is_whitespace() { blanks.saturating_add(1) } else { 9 };
                    gap = true;
                    continue;
                }
            };
            for c in letters.chars() {
                folded.push(c, gap, blanks == 1);
                (gap, blanks) = (false, 0);
            }
        }
        folded
    }

    fn push(&mut self, c: char, begins: bool, after_blank: bool) {
        let start = self.letters.len();
        if begins || self.words.is_empty() {
            self.words.push(Word { start, end: start, after_blank });
        } else if c == 'e' && self.letters.ends_with(['a', 'o', 'u']) {
            // `ae`, `oe`, `ue` as the single vowel.
            return;
        }
        self.letters.push(if c.is_ascii_alphanumeric() { c } else { STRANGE });
        if let Some(word) = self.words.last_mut() {
            word.end = self.letters.len();
        }
    }

    /// The vowel that stood where a sign stands now: `r?ck`, `f?hr`, `l?uf`.
    fn lost_umlaut(&self, behind: &(impl Iterator<Item = char> + Clone)) -> Option<char> {
        let mut next = behind.clone().map(|c| c.to_ascii_lowercase());
        let (before, vowel) = match (next.next(), next.next()) {
            (Some('c'), Some('k')) => ('r', 'u'),
            (Some('h'), Some('r')) => ('f', 'u'),
            (Some('u'), Some('f')) => ('l', 'a'),
            _ => return None,
        };
        self.letters.ends_with(before).then_some(vowel)
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// A word; empty where there is none.
    pub fn word(&self, number: usize) -> &str {
        let word = self.words.get(number);
        word.and_then(|word| self.letters.get(word.start..word.end)).unwrap_or_default()
    }

    /// All words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        (0..self.words.len()).map(|number| self.word(number))
    }

    /// Whether nothing but one blank parts a word from the one before it.
    pub fn is_after_blank(&self, number: usize) -> bool {
        self.words.get(number).is_some_and(|word| word.after_blank)
    }

    /// Where a stem stands: at the beginning of words, or `inside` of them too. A blank in the stem
    /// parts words; a long stem may be cut by one more.
    pub fn find<'a>(&'a self, stem: &'a str, inside: bool) -> impl Iterator<Item = Found> + 'a {
        let parts = stem.bytes().filter(|byte| *byte == b' ').count();
        let compact: Cow<'a, str> =
            if parts == 0 { Cow::Borrowed(stem) } else { Cow::Owned(stem.replace(' ', "")) };
        let gaps = parts.saturating_add(usize::from(compact.len() >= LONG));
        let length = compact.len();
        let mut from = 0_usize;
        std::iter::from_fn(move || {
            loop {
                let at = place_of(self.letters.as_bytes(), from, compact.as_bytes())?;
                from = at.saturating_add(1);
                let first = self.word_at(at)?;
                let last = self.word_at(at.saturating_add(length).saturating_sub(1))?;
                let begins = self.words.get(first).is_some_and(|word| word.start == at);
                // Words of a phrase are words of the text, unless one was cut.
                let fits = (begins || inside) && last.saturating_sub(first) <= gaps;
                if fits && last.saturating_sub(first) >= parts {
                    return Some(Found { first, last });
                }
            }
        })
    }

    fn word_at(&self, letter: usize) -> Option<usize> {
        let behind = self.words.partition_point(|word| word.start <= letter);
        behind.checked_sub(1)
    }
}

/// Where a stem stands in letters, from a place on. Texts are short and stems are many: a searcher for
/// each of them costs more to make than to go through the text by the stem's first letter.
fn place_of(letters: &[u8], from: usize, stem: &[u8]) -> Option<usize> {
    let rest = letters.get(from..)?;
    memchr::memchr_iter(*stem.first()?, rest)
        .find(|at| rest.get(*at..).is_some_and(|own| own.starts_with(stem)))
        .map(|at| at.saturating_add(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_one() {
        for text in [
            "Rückgabe",
            "RÜCKGABE",
            "Rueckgabe",
            "RUECKGABE",
            "Ruckgabe",
            "R?CKGABE",
            "R CKGABE",
            "R\u{fffd}ckgabe",
            "RÃ¼ckgabe",
        ] {
            let folded = Folded::new(text);
            assert_eq!(folded.words().collect::<Vec<_>>(), ["ruckgabe"], "{text}");
        }
        let folded = Folded::new("Straße 5, bœuf");
        assert_eq!(folded.words().collect::<Vec<_>>(), ["strasse", "5", "b\u{7f}uf"]);
        assert!(folded.is_after_blank(1) && !folded.is_after_blank(2));
        assert!(Folded::new(" -").is_empty());
    }

    #[test]
    fn stems_stand_at_the_beginning_of_words_or_inside() {
        for (text, stem, inside, found) in [
            ("SEPA Rücküberweisung", "ruckuberw", false, Some((1, 1))),
            ("Rückueber weisung", "ruckuberw", false, Some((0, 1))),
            ("Druckgabe", "ruckgabe", false, None),
            ("Druckgabe", "ruckgabe", true, Some((0, 0))),
            ("re tour", "retour", false, None),
            ("nicht ausgeführt", "nicht ausgef", false, Some((0, 1))),
            ("nicht aus geführt", "nicht ausgef", false, Some((0, 2))),
            ("nicht an ausgeführt", "nicht ausgef", false, None),
            ("", "retour", true, None),
        ] {
            let folded = Folded::new(text);
            let first = folded.find(stem, inside).next().map(|found| (found.first, found.last));
            assert_eq!(first, found, "{text}");
        }
    }
}
