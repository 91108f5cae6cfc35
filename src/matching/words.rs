//! The words of a text and the marks between them: what belongs together, and what is a date.

use crate::model::text::fold_words;

/// A word of a text.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// The word.
    pub text: &'a str,
    /// Its first byte in the text.
    pub from: usize,
    /// The byte behind its last.
    pub to: usize,
    /// The first mark that follows it (a blank if it ends the text).
    pub mark: char,
    /// Whether one `.`, `-` or `/` alone stands between it and the next word.
    pub joined: bool,
}

impl Word<'_> {
    /// Whether the next word goes on with the same number: digits joined by `.`, `-` or `/` belong
    /// together.
    pub fn joins_digits(&self, next: &Self) -> bool {
        self.joined
            && self.text.ends_with(|c: char| c.is_ascii_digit())
            && next.text.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// The words of a text, as [`crate::model::text::JoinedWords`] cuts them.
#[derive(Clone, Debug)]
pub struct Words<'a>(pub Vec<Word<'a>>);

impl<'a> Words<'a> {
    /// Cuts a text.
    pub fn of(text: &'a str) -> Self {
        if text.is_ascii() {
            // Nearly all texts.
            return Self(ascii_words(text));
        }
        let mut words = Vec::new();
        let mut at = 0;
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_alphanumeric()) {
            let (_, from) = rest.split_at(start);
            let end = from.find(|c: char| !c.is_alphanumeric()).unwrap_or(from.len());
            let (word, tail) = from.split_at(end);
            let first = start.saturating_add(at);
            at = first.saturating_add(end);
            let mut marks = tail.chars();
            let mark = marks.next().unwrap_or(' ');
            let joined =
                matches!(mark, '.' | '-' | '/') && marks.next().is_some_and(char::is_alphanumeric);
            words.push(Word { text: word, from: first, to: at, mark, joined });
            rest = tail;
        }
        Self(words)
    }

    /// Whether the words from `first` to `last` are whole: no number in them goes on before or
    /// behind them.
    pub fn are_whole(&self, first: usize, last: usize) -> bool {
        let joins = |left: Option<usize>, right: usize| {
            let pair = left.and_then(|left| Some((self.0.get(left)?, self.0.get(right)?)));
            pair.is_some_and(|(left, right)| left.joins_digits(right))
        };
        !joins(first.checked_sub(1), first) && !joins(Some(last), last.saturating_add(1))
    }

    /// Whether the words from `first` to `last` lie in a date: `30.11.`, `30.11.2023`, `30. 11. 23`,
    /// `2023-11-30`.
    pub fn are_in_date(&self, first: usize, last: usize) -> bool {
        let earliest = last.saturating_sub(2);
        (earliest..=first).any(|start| {
            self.date_at(start).is_some_and(|length| last < start.saturating_add(length))
        })
    }

    /// How many words a date has that begins here.
    fn date_at(&self, start: usize) -> Option<usize> {
        let before = start.checked_sub(1).and_then(|before| self.0.get(before));
        let one = self.0.get(start)?;
        let two = self.0.get(start.saturating_add(1))?;
        if before.is_some_and(|before| before.joins_digits(one)) {
            return None;
        }
        let three = self.0.get(start.saturating_add(2));
        let four = self.0.get(start.saturating_add(3));
        let near = |left: &Word<'_>, right: &Word<'_>, mark: char| {
            left.mark == mark && (left.joined || right.from.saturating_sub(left.to) <= 2)
        };
        let ends = |last: &Word<'_>, next: Option<&Word<'_>>| {
            next.is_none_or(|next| !last.joins_digits(next))
        };
        let is_year = |text: &str| {
            matches!(text.len(), 2 | 4) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if let Some(three) = three {
            let marks = ['.', '-', '/'].into_iter();
            let german = marks.clone().any(|mark| near(one, two, mark) && near(two, three, mark))
                && is_day_number(one.text)
                && is_month_number(two.text)
                && is_year(three.text);
            let iso = one.text.len() == 4
                && is_year(one.text)
                && near(one, two, '-')
                && near(two, three, '-')
                && is_month_number(two.text)
                && is_day_number(three.text);
            if (german || iso) && ends(three, four) {
                return Some(3);
            }
        }
        let short = near(one, two, '.')
            && is_day_number(one.text)
            && is_month_number(two.text)
            && (one.joined || two.mark == '.')
            && ends(two, three);
        short.then_some(2)
    }

    /// Whether the words from `first` to `last` are said to be a reference: `Az. 6/2024`.
    pub fn are_marked(&self, first: usize) -> bool {
        let before = first.checked_sub(1).and_then(|before| self.0.get(before));
        before.is_some_and(|word| is_marker(&fold_words(word.text).concat()))
    }
}

fn ascii_words(text: &str) -> Vec<Word<'_>> {
    let bytes = text.as_bytes();
    let mut words = Vec::with_capacity(16);
    let (mut from, mut is_inside) = (0, false);
    let mut end = |from: usize, at: usize, byte: u8| {
        let next = bytes.get(at.saturating_add(1));
        let joined =
            matches!(byte, b'.' | b'-' | b'/') && next.is_some_and(u8::is_ascii_alphanumeric);
        let own = text.get(from..at).unwrap_or_default();
        words.push(Word { text: own, from, to: at, mark: char::from(byte), joined });
    };
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_alphanumeric() != is_inside {
            if is_inside {
                end(from, at, *byte);
            }
            (from, is_inside) = (at, !is_inside);
        }
    }
    if is_inside {
        end(from, bytes.len(), b' ');
    }
    words
}

/// Whether a folded word says that a case number follows.
pub fn is_marker(folded: &str) -> bool {
    matches!(
        folded,
        "az" | "aktz"
            | "aktenzeichen"
            | "aktennummer"
            | "aktennr"
            | "gz"
            | "geschaftszeichen"
            | "fall"
            | "fallnr"
            | "fallnummer"
            | "vorgang"
            | "zeichen"
            | "kassenzeichen"
            | "nr"
            | "nummer"
    )
}

/// Whether a word has a digit.
pub fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a word may be the number of a day.
pub fn is_day_number(word: &str) -> bool {
    word.len() <= 2 && word.parse().is_ok_and(|day: u32| (1..=31).contains(&day))
}

/// Whether a word may be the number of a month.
pub fn is_month_number(word: &str) -> bool {
    word.len() <= 2 && word.parse().is_ok_and(|month: u32| (1..=12).contains(&month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_whole_numbers() {
        for (text, first, last, whole, date) in [
            ("zum 30.11.2023", 1, 2, false, true),
            ("zum 30.11.", 1, 2, true, true),
            ("zum 30. 11. 23", 1, 3, true, true),
            ("zum 30. 11. 23", 1, 2, true, true),
            ("2023-11-30 x", 0, 2, true, true),
            ("51.17-4080", 1, 2, false, false),
            ("17-4080", 0, 1, true, false),
            ("5/2021", 0, 1, true, false),
            ("SOZ-30.11.2023-1", 1, 3, false, false),
            ("50.12-4701", 0, 2, true, false),
        ] {
            let words = Words::of(text);
            assert_eq!(words.are_whole(first, last), whole, "{text}");
            assert_eq!(words.are_in_date(first, last), date, "{text}");
        }
        assert!(Words::of("Az. 6/2024").are_marked(1));
        assert!(!Words::of("HLU 6/2024").are_marked(1));
    }
}
