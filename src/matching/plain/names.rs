//! Names of those whose money came back, asked all at once: there may be thousands of one amount.

use std::collections::BTreeSet;
use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::fast::FixedState;

use crate::model::text::fold_name;
use crate::model::text::fold_words;
use crate::model::text::names_agree;

/// Names that are asked as `names_agree` asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    folded: HashSet<String>,
    /// Those that may be cut, or of which others may be.
    long: BTreeSet<String>,
    /// The texts of those that name nobody: the name may stand there.
    texts: Texts,
}

impl Names {
    /// From so many characters on a name may be one that was cut.
    const CUT: usize = 22;

    /// Adds a name.
    pub(super) fn add(&mut self, name: &str) {
        self.folded.insert(fold_name(name));
        if name.len() >= Self::CUT {
            self.long.insert(name.to_owned());
        }
    }

    /// Adds a text that may hold a name.
    pub(super) fn add_text(&mut self, text: &str) {
        self.texts.add(text);
    }

    /// Adds those of others.
    pub(super) fn extend(&mut self, others: &Self) {
        self.folded.extend(others.folded.iter().cloned());
        self.long.extend(others.long.iter().cloned());
        self.texts.extend(&others.texts);
    }

    /// Whether one of them may be this one, or may be named where it could stand.
    pub(super) fn agree_with(&self, own: &str) -> bool {
        self.folded.contains(&fold_name(own))
            || (own.len() >= Self::CUT && self.long.iter().any(|name| names_agree(own, name)))
            || (!self.texts.is_empty() && self.texts.may_hold(&fold_words(own)))
    }
}

/// Words of texts, as far as they tell whether a name may stand there; by digests: that two are equal by
/// chance only makes one payment more to look at.
#[derive(Clone, Debug, Default)]
struct Texts {
    /// Any two words behind each other.
    pairs: HashSet<u64>,
    /// The first and the last words: tellings of one booking are joined to one text.
    firsts: HashSet<u64>,
    lasts: HashSet<u64>,
}

impl Texts {
    fn add(&mut self, text: &str) {
        let words = fold_words(text);
        let pairs = words.iter().zip(words.iter().skip(1));
        self.pairs.extend(pairs.map(|(one, two)| digest(&(one, two))));
        self.firsts.extend(words.first().map(digest));
        self.lasts.extend(words.last().map(digest));
    }

    fn extend(&mut self, others: &Self) {
        self.pairs.extend(&others.pairs);
        self.firsts.extend(&others.firsts);
        self.lasts.extend(&others.lasts);
    }

    fn is_empty(&self) -> bool {
        self.firsts.is_empty()
    }

    /// Whether a name may stand in one of them, or where one follows another: it begins with two words
    /// that stand there, its last word perhaps first. Never wrong when it says no.
    fn may_hold(&self, own: &[String]) -> bool {
        let [first, .., last] = own else { return false };
        let second = own.get(1).unwrap_or(last);
        let follow = |one: &String, two: &String| {
            self.pairs.contains(&digest(&(one, two)))
                || (self.lasts.contains(&digest(one)) && self.firsts.contains(&digest(two)))
        };
        follow(first, second) || follow(last, first)
    }
}

fn digest(value: &impl std::hash::Hash) -> u64 {
    FixedState::default().hash_one(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_texts_of_returns() {
        let mut names = Names::default();
        for text in ["RETOURE Erika Maria GROSS, AC04 Konto erloschen", "Beispiel, Otto", "Ute"] {
            names.add_text(text);
        }
        for (own, expected) in [
            ("Erika Maria Groß", true),
            ("Maria Groß", true),
            ("Otto Beispiel", true),
            ("Beispiel Otto", true),
            ("Erika Groß", false),
            ("Otto Muster", false),
            // Where one text follows another.
            ("Otto Ute", true),
            ("Ute Otto", true),
            ("Ute Beispiel", true),
            // A single word is nobody's name.
            ("Groß", false),
            ("", false),
        ] {
            assert_eq!(names.agree_with(own), expected, "{own}");
        }
        let mut more = Names::default();
        more.extend(&names);
        assert!(more.agree_with("Maria Gross") && !Names::default().agree_with("Maria Gross"));
    }
}
