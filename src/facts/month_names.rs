//! Names of months, as they begin.

/// Beginnings of folded names, German and English, with the number of the month.
const BEGINNINGS: [(&str, u32); 17] = [
    ("jan", 1),
    ("feb", 2),
    ("mrz", 3),
    ("mar", 3),
    ("maerz", 3),
    ("apr", 4),
    ("mai", 5),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("okt", 10),
    ("oct", 10),
    ("nov", 11),
    ("dez", 12),
    ("dec", 12),
];

/// The number of the month (1 to 12) whose name begins a folded word. Words that only begin like one
/// (`Maier`) have it too: whoever asks knows that a month stands there, or looks on.
pub fn begun_by(word: &str) -> Option<u32> {
    BEGINNINGS.iter().find(|(beginning, _)| word.starts_with(beginning)).map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (word, expected) in [
            ("november", Some(11)),
            ("nov", Some(11)),
            ("maerz", Some(3)),
            ("dezember", Some(12)),
            ("december", Some(12)),
            ("miete", None),
        ] {
            assert_eq!(begun_by(word), expected, "{word}");
        }
    }
}
