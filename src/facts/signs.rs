//! Signs by which bytes are known that may speak against a payment (money came back, not booked yet): a
//! few letters of which every word of the tables has some. Nearly no text has any, and then needs no
//! closer look.

/// Three letters each, which neither umlauts nor their spellings touch. A text without any of them and of
/// [`SHORT_SIGNS`], in either case and whatever stands between the letters, holds no word of the tables.
const SIGNS: [&[u8; 3]; 61] = [
    b"boo", b"buc", b"bwe", b"cco", b"cre", b"ear", b"eca", b"efu", b"ehl", b"ehn", b"eje", b"erk",
    b"eto", b"etu", b"eve", b"ewi", b"fai", b"hge", b"iba", b"liv", b"llb", b"nce", b"ndi", b"nef",
    b"nnu", b"npa", b"nto", b"orn", b"rrl", b"rwe", b"sak", b"sge", b"unb", b"unc", b"utg", b"xec",
    b"rfo", b"nlo", b"ecl", b"rru", b"ufi", b"orb", b"rov", b"nbr", b"rgu", b"htm", b"htz", b"hta",
    b"htg", b"rni", b"rzo", b"nab", b"rme", b"acs", b"trn", b"ejt", b"ocr", b"cno", b"dno", b"nkv",
    b"blz",
];

/// Two letters for words whose other letters may be written in several ways.
const SHORT_SIGNS: [&[u8; 2]; 2] = [b"ck", b"sf"];

/// Letters count from 1; behind their five bits stands what kind of byte it is.
const LETTER: u8 = 31;

/// A byte that is no letter or digit.
const OTHER: u8 = 0;
const SMALL: u8 = 1 << 5;
const DIGIT: u8 = 2 << 5;
const CAPITAL: u8 = 3 << 5;

/// `Kto` as the five bits of its letters. It is a sign only where it begins a word: every `Oktober` has it.
const KTO: u32 = 0b01011_10100_01111;

/// Two capital letters and two digits between other bytes (`AC04`), as the kinds of six bytes.
const CODE: u16 = 0b00_11_11_10_10_00;

/// Of every byte its letter and its kind.
static BYTES: [u8; 256] = {
    let mut bytes = [OTHER; 256];
    let (mut rest, mut byte): (&mut [u8], u8) = (&mut bytes, 0);
    while let [slot, more @ ..] = rest {
        *slot = match byte {
            b'a'..=b'z' => SMALL | (byte & LETTER),
            b'A'..=b'Z' => CAPITAL | (byte & LETTER),
            b'0'..=b'9' => DIGIT,
            // What belongs to letters that are no ASCII.
            0x80.. => SMALL,
            _ => OTHER,
        };
        (rest, byte) = (more, byte.wrapping_add(1));
    }
    bytes
};

/// A bit for any three letters behind each other, set for signs.
static SIGNED: [u64; 512] = {
    let mut signed = [0; 512];
    let mut rest = SIGNS.as_slice();
    while let [[a, b, c], more @ ..] = rest {
        set(&mut signed, three(*a, *b, *c));
        rest = more;
    }
    let mut rest = SHORT_SIGNS.as_slice();
    while let [[a, b], more @ ..] = rest {
        let mut other = 0;
        while other <= LETTER {
            set(&mut signed, three(other, *a, *b));
            set(&mut signed, three(*a, *b, other));
            other += 1;
        }
        rest = more;
    }
    signed
};

/// Three letters, five bits each.
const fn three(first: u8, second: u8, third: u8) -> u16 {
    ((first & LETTER) as u16) << 10 | ((second & LETTER) as u16) << 5 | (third & LETTER) as u16
}

const fn set(signed: &mut [u64; 512], three: u16) {
    let (piece, bit) = (three >> 6, three & 63);
    if let (_, [slot, ..]) = signed.split_at_mut(piece as usize) {
        *slot |= 1 << bit;
    }
}

/// Whether a text may hold one of the words of [`crate::facts::return_words`] or
/// [`crate::facts::pending_marks`], or a reason code such as `AC04`.
pub fn may_speak_against(text: &[u8]) -> bool {
    // What stands before the last bytes is shifted out.
    let (mut letters, mut kinds, mut found) = (0_u32, 0_u16, 0_u64);
    let mut take = |byte: u8| {
        let own = BYTES.get(usize::from(byte)).copied().unwrap_or(OTHER);
        let letter = own & LETTER;
        letters = (letters << if letter == 0 { 0 } else { 5 }) | u32::from(letter);
        kinds = (kinds << 2) | u16::from(own >> 5);
        let piece = SIGNED.get((letters >> 6) as usize & 511).copied().unwrap_or(0);
        let is_kto = letters & 0x7fff == KTO && (kinds >> 6) & 3 == u16::from(OTHER);
        found |= (piece >> (letters & 63)) & 1 | u64::from(kinds & 0x0fff == CODE || is_kto);
    };
    for byte in text {
        take(*byte);
    }
    take(b' ');
    found != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::pending_marks;
    use crate::facts::return_words;

    #[test]
    fn every_word_of_the_tables_has_a_sign() {
        let words = return_words::STEMS.iter().map(|(stem, _, _)| *stem);
        let accounts = return_words::ACCOUNTS.iter().map(|(stem, _)| *stem);
        // No end of a line cuts the short one.
        let accounts = accounts.filter(|stem| *stem != "kto");
        let marks = pending_marks::ANNOUNCED.iter().chain(pending_marks::RESERVED);
        let marks = marks.chain(pending_marks::BOOKED).copied();
        for word in words.chain(accounts).chain(marks) {
            let umlauts = [
                ("uck", "ück"),
                ("uberw", "überw"),
                ("lauf", "läuf"),
                ("fuhr", "führ"),
                ("empfanger", "empfänger"),
                ("gangig", "gängig"),
                ("vorlauf", "vorläuf"),
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
                assert!(may_speak_against(spelling.as_bytes()), "{spelling}");
                for cut in (0..spelling.len()).filter(|cut| spelling.is_char_boundary(*cut)) {
                    let (head, tail) = spelling.split_at(cut);
                    let parted = format!("x{head}\r\n {tail}y");
                    assert!(may_speak_against(parted.as_bytes()), "{parted}");
                }
            }
        }
    }

    /// Readers keep what was said of a text for all that differ from it in digits only.
    #[test]
    fn which_digits_decides_nothing() {
        for text in
            ["AC04", "MD06 Hilfe", "1AC04", "AC04a", "GVC 159", "R3TOURE", "AC 04", "(AC04)"]
        {
            let expected = may_speak_against(text.as_bytes());
            for digit in b'0'..=b'9' {
                let digits = |byte: u8| if byte.is_ascii_digit() { digit } else { byte };
                let other: Vec<u8> = text.bytes().map(digits).collect();
                assert_eq!(may_speak_against(&other), expected, "{text} {digit}");
            }
        }
    }

    #[test]
    fn codes_and_usual_texts() {
        for (text, expected) in [
            ("AC04", true),
            ("Hilfe MD07.", true),
            ("XAC04", false),
            ("Kto erloschen", true),
            ("alte KTO.-Nr.", true),
            ("Oktober, Doktor", false),
            ("AC041", false),
            ("\u{e4}C04 ac04 A04", false),
            ("Sozialhilfe 11/2023 Az 50.12-4711", false),
            ("Miete Dezember 2025 EG links", false),
            ("GruSi 04/24", false),
            ("", false),
        ] {
            assert_eq!(may_speak_against(text.as_bytes()), expected, "{text}");
        }
    }
}
