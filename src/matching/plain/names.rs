//! Names of those whose money came back, asked all at once: there may be thousands of one amount.

use std::collections::BTreeSet;

use foldhash::HashSet;

use crate::model::text::fold_name;
use crate::model::text::fold_words;
use crate::model::text::names_agree;

/// Names that are asked as `names_agree` asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    folded: HashSet<String>,
    /// Those that may be cut, or of which others may be.
    long: BTreeSet<String>,
    /// Any two words behind each other in the texts of those that are named there, if anywhere.
    pairs: HashSet<String>,
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

    /// Adds the words of a text that may hold a name.
    pub(super) fn add_text(&mut self, words: &[String]) {
        let pairs = words.iter().zip(words.iter().skip(1));
        self.pairs.extend(pairs.map(|(one, two)| pair(one, two)));
    }

    /// Adds those of others.
    pub(super) fn extend(&mut self, others: Self) {
        self.folded.extend(others.folded);
        self.long.extend(others.long);
        self.pairs.extend(others.pairs);
    }

    /// Whether one of them may be this one, or may be named where it could stand.
    pub(super) fn agree_with(&self, own: &str) -> bool {
        self.folded.contains(&fold_name(own))
            || (own.len() >= Self::CUT && self.long.iter().any(|name| names_agree(own, name)))
            || (!self.pairs.is_empty() && self.stands_in_text(&fold_words(own)))
    }

    /// Whether a name may stand in a text: it begins with two words that stand there, its last word
    /// perhaps first.
    fn stands_in_text(&self, own: &[String]) -> bool {
        let [first, .., last] = own else { return false };
        let second = own.get(1).unwrap_or(last);
        self.pairs.contains(&pair(first, second)) || self.pairs.contains(&pair(last, first))
    }
}

fn pair(one: &str, two: &str) -> String {
    [one, two].join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_texts_of_returns() {
        let mut names = Names::default();
        names.add_text(&fold_words("RETOURE Erika Maria GROSS, AC04 Konto erloschen"));
        names.add_text(&fold_words("Beispiel, Otto"));
        for (own, expected) in [
            ("Erika Maria Groß", true),
            ("Maria Groß", true),
            ("Otto Beispiel", true),
            ("Beispiel Otto", true),
            ("Erika Groß", false),
            ("Otto Muster", false),
            // A single word is nobody's name.
            ("Groß", false),
            ("", false),
        ] {
            assert_eq!(names.agree_with(own), expected, "{own}");
        }
        let mut all = Names::default();
        all.extend(names);
        assert!(all.agree_with("Maria Gross") && !Names::default().agree_with("Maria Gross"));
    }
}
