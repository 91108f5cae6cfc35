//! Signs by which bytes are known that may speak against a payment: a few letters of which every word
//! of the tables has some, so that nearly all texts need no closer look.

/// Three letters each (lower case), which neither umlauts nor their spellings touch. A text without any
/// of them and of [`SHORT_SIGNS`], in either case and also with one other byte between letters, holds
/// no word of the tables.
pub const SIGNS: [&[u8; 3]; 36] = [
    b"boo", b"buc", b"bwe", b"cco", b"cre", b"ear", b"eca", b"efu", b"ehl", b"ehn", b"eje", b"erk",
    b"eto", b"etu", b"eve", b"ewi", b"fai", b"hge", b"iba", b"liv", b"llb", b"nce", b"ndi", b"nef",
    b"nnu", b"npa", b"nto", b"orn", b"rrl", b"rwe", b"sak", b"sge", b"unb", b"unc", b"utg", b"xec",
];

/// Two letters for words whose other letters may be written in several ways.
pub const SHORT_SIGNS: [&[u8; 2]; 2] = [b"ck", b"sf"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::pending_marks;
    use crate::facts::return_words;

    fn has_sign(text: &[u8]) -> bool {
        let text = text.to_ascii_lowercase();
        let at = |place: usize, sign: &[u8]| {
            let mut rest = &text[place..];
            sign.iter().enumerate().all(|(number, letter)| {
                if number > 0 && rest.first().is_some_and(|byte| !byte.is_ascii_alphanumeric()) {
                    rest = &rest[1..];
                }
                let fits = rest.first() == Some(letter);
                rest = rest.get(1..).unwrap_or_default();
                fits
            })
        };
        (0..text.len()).any(|place| {
            SIGNS.iter().any(|sign| at(place, &sign[..]))
                || SHORT_SIGNS.iter().any(|sign| at(place, &sign[..]))
        })
    }

    #[test]
    fn every_word_of_the_tables_has_a_sign() {
        let words = return_words::STEMS.iter().map(|(stem, _, _)| *stem);
        let accounts = return_words::ACCOUNTS.iter().map(|(stem, _)| *stem);
        let marks = pending_marks::ANNOUNCED.iter().chain(pending_marks::BOOKED).copied();
        for word in words.chain(accounts).chain(marks) {
            let umlauts = [
                ("uck", "ück"),
                ("uberw", "überw"),
                ("lauf", "läuf"),
                ("fuhr", "führ"),
                ("empfanger", "empfänger"),
                ("gangig", "gängig"),
            ];
            let german =
                umlauts.iter().fold(word.to_owned(), |word, (from, to)| word.replace(from, to));
            let written = |umlauts: [&str; 3]| {
                let pairs = ["ä", "ö", "ü"].into_iter().zip(umlauts);
                pairs.fold(german.clone(), |word, (from, to)| word.replace(from, to))
            };
            for spelling in [
                german.clone(),
                written(["ae", "oe", "ue"]),
                written(["a", "o", "u"]),
                written(["?", "?", "?"]),
                written(["", "", ""]),
                written([" ", " ", " "]),
                german.to_uppercase(),
            ] {
                assert!(has_sign(spelling.as_bytes()), "{spelling}");
                for cut in (0..spelling.len()).filter(|cut| spelling.is_char_boundary(*cut)) {
                    let (head, tail) = spelling.split_at(cut);
                    assert!(has_sign(format!("{head} {tail}").as_bytes()), "{head} {tail}");
                }
            }
        }
    }
}
