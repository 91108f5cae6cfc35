//! Marks that people write into cells that are there for something else: `Zander (gesperrt)`, `STORNO
//! Sozialhilfe`, `storniert` under a name for runs.

use crate::facts::folded::Folded;

/// Words that are marks, and nothing that anybody is called.
const MARKS: [&str; 14] = [
    "storno",
    "storniert",
    "stornierung",
    "gesperrt",
    "sperre",
    "entfallt",
    "entfallen",
    "abgesetzt",
    "gestrichen",
    "geloscht",
    "gestoppt",
    "blocked",
    "cancelled",
    "canceled",
];

/// How they begin, as bytes in small letters.
const BEGINNINGS: [&[u8]; 12] = [
    b"storn", b"gesper", b"sperre", b"entf", b"abges", b"gestr", b"gel\xc3", b"gel\xf6", b"geloe",
    b"gesto", b"block", b"cance",
];

/// How they end.
const ENDS: [&[u8]; 14] = [
    b"eled", b"toppt", b"orno", b"iert", b"nierung", b"perrt", b"perre", b"llt", b"llen", b"setzt",
    b"ichen", b"scht", b"ocked", b"elled",
];

/// Words before that take the meaning away.
const NOT: [&str; 6] = ["nicht", "kein", "keine", "ohne", "not", "no"];

/// Whether a text bears a mark: at its beginning or end, or in brackets.
pub fn is_marked(text: &str) -> bool {
    if !may_be_marked(text.as_bytes()) {
        return false;
    }
    let words = Folded::new(text);
    let last = words.len().saturating_sub(1);
    let is_apart = text.contains(['(', '[', '*', '!', '#']);
    (0..words.len()).any(|at| {
        let before = at.checked_sub(1).map_or("", |before| words.word(before));
        (at == 0 || at == last || is_apart)
            && MARKS.contains(&words.word(at))
            && !NOT.contains(&before)
    })
}

/// Whether a text may bear one; nearly none does, which its first and last letters tell.
pub fn may_be_marked(text: &[u8]) -> bool {
    let begins = |beginning: &&[u8]| {
        text.get(..beginning.len()).is_some_and(|own| own.eq_ignore_ascii_case(beginning))
    };
    let ends = |end: &&[u8]| {
        let own = text.len().checked_sub(end.len()).and_then(|from| text.get(from..));
        own.is_some_and(|own| own.eq_ignore_ascii_case(end))
    };
    let first = text.first().map(u8::to_ascii_lowercase);
    let last = text.last().map(u8::to_ascii_lowercase);
    (matches!(first, Some(b's' | b'g' | b'e' | b'a' | b'b' | b'c'))
        && BEGINNINGS.iter().any(begins))
        || (matches!(last, Some(b'o' | b't' | b'g' | b'e' | b'n' | b'd')) && ENDS.iter().any(ends))
        || memchr::memchr3(b'(', b'[', b'*', text).is_some()
        || memchr::memchr2(b'!', b'#', text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        for (text, expected) in [
            ("Zander, Anna (gesperrt)", true),
            ("STORNO Zander, Anna", true),
            ("Storno Sozialhilfe", true),
            ("gesperrt", true),
            ("Zander, Anna - storniert", true),
            ("50.12-0001 (storniert)", true),
            ("!entfällt! Zander", true),
            ("Zander, Anna", false),
            ("Storm, Theodor", false),
            ("Robert Sperrer", false),
            ("Zander (nicht gesperrt)", false),
            ("Hilfe bei Storno der Miete im Mai", false),
            ("", false),
        ] {
            assert_eq!(is_marked(text), expected, "{text}");
        }
        // Nearly all rows have one of these: looking at them twice is what makes months slow.
        for text in ["Grundsicherung", "Hilfe zur Pflege", "Sozialhilfe", "Eingliederungshilfe"] {
            assert!(!may_be_marked(text.as_bytes()), "{text}");
        }
        for mark in MARKS {
            assert!(is_marked(mark) && may_be_marked(mark.to_uppercase().as_bytes()), "{mark}");
        }
    }
}
