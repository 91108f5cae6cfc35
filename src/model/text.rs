//! Texts from files: how they are compared, and how they are made harmless before anyone sees
//! them.

use std::borrow::Cow;

use crate::facts::placeholders;
use crate::model::mask::masked;

/// A name as it is compared: lower case, `Müller` = `Mueller` = `Muller`, accents and
/// punctuation off, words in alphabetical order.
///
/// Equal folded names are a hint, never a proof.
pub fn fold_name(name: &str) -> String {
    let mut words: Vec<String> = fold_words(name);
    words.sort();
    words.join(" ")
}

/// The folded words of a name in the order they stand in.
pub fn fold_words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = b' ';
    for c in name.chars() {
        let own;
        let folded = match u8::try_from(c).map(|byte| byte.to_ascii_lowercase()) {
            // Nearly all characters.
            Ok(byte @ (b'a'..=b'z' | b'0'..=b'9')) => {
                own = [byte];
                own.as_slice()
            }
            Ok(0..=127) => &[],
            _ => fold_char(c).as_bytes(),
        };
        if folded.is_empty() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            before = b' ';
            continue;
        }
        if word.is_empty() {
            word.reserve(AVERAGE_WORD);
        }
        for byte in folded.iter().copied() {
            // `ae`, `oe`, `ue` as the single vowel, so that the written-out umlaut equals the letter.
            if byte == b'e' && matches!(before, b'a' | b'o' | b'u') {
                // What stood before is the whole vowel; a second `e` is a letter of its own.
                before = b' ';
                continue;
            }
            word.push(char::from(byte));
            before = byte;
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Most words are no longer, so that their texts need not grow.
const AVERAGE_WORD: usize = 16;

/// A name as it is compared with many others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedName {
    /// [`fold_name`].
    sorted: String,
    /// The folded words in the order they stand in.
    words: String,
}

impl FoldedName {
    /// Folds a name; `None` if it is blank.
    pub fn new(name: &str) -> Option<Self> {
        let words = fold_words(name);
        let joined = words.join(" ");
        let mut sorted = words;
        sorted.sort();
        (!name.trim().is_empty()).then(|| Self { sorted: sorted.join(" "), words: joined })
    }

    /// Whether two names may be the same one: equal, or one is the other cut at 27 or more
    /// characters, as banks cut names.
    pub fn agrees(&self, other: &Self) -> bool {
        if self.sorted == other.sorted {
            return true;
        }
        let (shorter, longer) = if self.words.len() < other.words.len() {
            (&self.words, &other.words)
        } else {
            (&other.words, &self.words)
        };
        shorter.len() >= Self::CUT && longer.starts_with(shorter.as_str())
    }

    /// From so many characters on a name may be one that was cut: it ends inside a word, and folding may
    /// have made it a little shorter than the cut.
    const CUT: usize = 22;

    /// The words in alphabetical order; equal for names that agree, unless one was cut.
    pub fn sorted(&self) -> &str {
        &self.sorted
    }

    /// Whether it may be a name that was cut, or one of which another was.
    pub fn may_be_cut(&self) -> bool {
        self.words.len() >= Self::CUT
    }
}

/// Whether two names may be the same one ([`FoldedName::agrees`]).
pub fn names_agree(left: &str, right: &str) -> bool {
    match (FoldedName::new(left), FoldedName::new(right)) {
        (Some(left), Some(right)) => left.agrees(&right),
        _ => false,
    }
}

/// One character as lower-case ASCII, or nothing for punctuation and blanks.
fn fold_char(c: char) -> &'static str {
    const ASCII: [&str; 36] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t", "u", "v", "w", "x", "y", "z", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    ];
    let slot = match c {
        'a'..='z' => u32::from(c).checked_sub(u32::from('a')),
        'A'..='Z' => u32::from(c).checked_sub(u32::from('A')),
        '0'..='9' => u32::from(c).checked_sub(u32::from('0')).map(|digit| digit.saturating_add(26)),
        _ => None,
    };
    if let Some(slot) = slot.and_then(|slot| usize::try_from(slot).ok()) {
        return ASCII.get(slot).copied().unwrap_or("");
    }
    match c {
        'ß' | 'ẞ' => "ss",
        'ä'
        | 'Ä'
        | 'à'..='ã'
        | 'å'
        | 'À'..='Ã'
        | 'Å'
        | 'ā'
        | 'Ā'
        | 'ă'
        | 'Ă'
        | 'ą'
        | 'Ą'
        | 'æ'
        | 'Æ' => "a",
        'ç' | 'Ç' | 'ć' | 'Ć' | 'č' | 'Č' => "c",
        'ď' | 'Ď' | 'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'Ē' | 'ė' | 'Ė' | 'ę' | 'Ę' | 'ě' | 'Ě' => "e",
        'ğ' | 'Ğ' => "g",
        'ì'..='ï' | 'Ì'..='Ï' | 'ı' | 'İ' | 'ī' | 'Ī' | 'į' | 'Į' => "i",
        'ł' | 'Ł' | 'ľ' | 'Ľ' | 'ĺ' | 'Ĺ' => "l",
        'ñ' | 'Ñ' | 'ń' | 'Ń' | 'ň' | 'Ň' => "n",
        'ö' | 'Ö' | 'ò'..='õ' | 'ø' | 'Ò'..='Õ' | 'Ø' | 'ő' | 'Ő' | 'œ' | 'Œ' => "o",
        'ŕ' | 'Ŕ' | 'ř' | 'Ř' => "r",
        'ś' | 'Ś' | 'š' | 'Š' | 'ş' | 'Ş' | 'ș' | 'Ș' => "s",
        'ť' | 'Ť' | 'ţ' | 'Ţ' | 'ț' | 'Ț' => "t",
        'ü' | 'Ü' | 'ù'..='û' | 'Ù'..='Û' | 'ū' | 'Ū' | 'ů' | 'Ů' | 'ű' | 'Ű' | 'ų' | 'Ų' => {
            "u"
        }
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'ź' | 'Ź' | 'ž' | 'Ž' | 'ż' | 'Ż' => "z",
        _ => "",
    }
}

/// A reference as it is compared: letters and digits only, upper case.
pub fn reference_key(reference: &str) -> String {
    if reference.is_ascii() {
        // Nearly all references; folding them character by character took 4 % of a run.
        let mut key = Vec::with_capacity(reference.len());
        key.extend(reference.bytes().filter(u8::is_ascii_alphanumeric));
        key.make_ascii_uppercase();
        return String::from_utf8(key).unwrap_or_default();
    }
    reference.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The same; nearly all references are such a text already.
pub fn reference_text(reference: &str) -> Cow<'_, str> {
    if reference.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(reference);
    }
    Cow::Owned(reference_key(reference))
}

/// The words of a remittance text, each a [`reference_key`].
pub fn reference_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(reference_key)
        .collect()
}

/// The words of a text behind each other, each a [`reference_key`]; a run of words is then a piece of
/// it. For each word where it ends and whether it has a digit.
#[derive(Clone, Debug, Default)]
pub struct JoinedWords {
    /// All words.
    pub text: String,
    /// Their ends.
    pub ends: Vec<(usize, bool)>,
}

impl JoinedWords {
    /// Takes another text.
    pub fn read(&mut self, text: &str) {
        self.text.clear();
        self.text.reserve(text.len());
        self.ends.clear();
        self.ends.reserve(16);
        if text.is_ascii() {
            // Nearly all texts.
            let mut joined = std::mem::take(&mut self.text).into_bytes();
            let (mut start, mut has_digit) = (0, false);
            for byte in text.bytes() {
                if byte.is_ascii_alphanumeric() {
                    has_digit |= byte.is_ascii_digit();
                    joined.push(byte.to_ascii_uppercase());
                } else if joined.len() > start {
                    start = joined.len();
                    self.ends.push((start, std::mem::take(&mut has_digit)));
                }
            }
            if joined.len() > start {
                self.ends.push((joined.len(), has_digit));
            }
            self.text = String::from_utf8(joined).unwrap_or_default();
            return;
        }
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let from = self.text.len();
            if word.is_ascii() {
                self.text.push_str(word);
                if let Some(own) = self.text.get_mut(from..) {
                    own.make_ascii_uppercase();
                }
            } else {
                self.text.push_str(&reference_key(word));
            }
            self.ends.push((self.text.len(), word.bytes().any(|byte| byte.is_ascii_digit())));
        }
    }
}

/// Whether a reference says that there is none: `NOTPROVIDED`, `NONREF`, `KEINE ANGABE`, empty.
pub fn is_placeholder(reference: &str) -> bool {
    // None of the words has a digit, and zeros alone are one.
    if reference.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        return false;
    }
    let key = reference_key(reference);
    placeholders::is_placeholder(&key)
}

/// A text as an `Option`: `None` if it is blank.
pub fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a byte of UTF-8 stands for itself wherever text is written: letters (also `ä` and other
/// Latin ones), digits, blanks and a few marks that mean nothing to CSV, JSON, HTML or terminals.
/// [`harmless`] leaves texts of such bytes as they are.
pub fn is_plain(byte: u8) -> bool {
    /// A table: this is asked for every byte of a million rows.
    static PLAIN: [bool; 256] = {
        let mut plain = [false; 256];
        let (mut rest, mut byte): (&mut [bool], u8) = (&mut plain, 0);
        while let [slot, more @ ..] = rest {
            *slot = byte.is_ascii_alphanumeric()
                || matches!(byte, b' ' | b'.' | b'-' | b'/' | b'_' | b'(' | b')')
                // What follows a first byte, and the first bytes of U+00C0 to U+017F.
                || matches!(byte, 0x80..=0xbf | 0xc3..=0xc5);
            (rest, byte) = (more, byte.wrapping_add(1));
        }
        plain
    };
    PLAIN.get(usize::from(byte)).copied().unwrap_or(false)
}

/// The one door through which texts of files leave: harmless, and account numbers masked in them
/// wherever they stand ([`masked`]).
pub fn harmless(text: &str) -> String {
    harmless_in_full(&masked(text))
}

/// [`harmless`], or for a reader who asked for account numbers in full with them.
pub fn leaving(text: &str, full_iban: bool) -> String {
    if full_iban { harmless_in_full(text) } else { harmless(text) }
}

/// Makes a text from a file harmless for terminals, HTML attributes and people's eyes: control
/// characters (with them all escape codes), line and paragraph separators and characters that
/// turn the reading direction become `�`; tabs and line breaks become blanks.
fn harmless_in_full(text: &str) -> String {
    // Printable ASCII, and Latin letters with marks ([`is_plain`]).
    let tame = |byte: u8| matches!(byte, b' '..=b'~' | 0x80..=0xbf | 0xc3..=0xc5);
    if text.bytes().all(tame) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' => ' ',
            c if c.is_control() => '\u{fffd}',
            '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{061c}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Whether all numbers in an id are numbers of the case, perhaps with zeros before them
/// (`E2E0000006520` for `AZ-6520`): it is the same in every month.
pub fn has_numbers_of_case_only(id: &[u8], case: &[u8]) -> bool {
    fn numbers(text: &[u8]) -> impl Iterator<Item = &[u8]> {
        let groups = text.split(|byte| !byte.is_ascii_digit());
        let is_zero = |byte: &u8| *byte == b'0';
        groups.filter_map(move |group| {
            let start = group.iter().position(|byte| !is_zero(byte))?;
            group.get(start..)
        })
    }
    let id = match id {
        [b'E' | b'e', b'2', b'E' | b'e', rest @ ..] => rest,
        whole => whole,
    };
    numbers(id).next().is_some() && numbers(id).all(|number| numbers(case).any(|own| own == number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_and_word_order_do_not_matter() {
        let expected = fold_name("Müller, Jürgen");
        for same in ["MUELLER JUERGEN", "Jurgen Muller", "Jürgen  Müller", "Müller-Jürgen"] {
            assert_eq!(fold_name(same), expected, "{same}");
        }
        assert_ne!(fold_name("Miller Jürgen"), expected);
    }

    #[test]
    fn cut_names_agree() {
        assert!(names_agree(
            "Anna-Katharina von Oettinger-Weißenfels",
            "Anna-Katharina von Oettinge"
        ));
        assert!(!names_agree("Anna", "Anna-Katharina von Oettinger"));
        assert!(!names_agree("", ""));
    }

    #[test]
    fn words_of_both_kinds_of_texts() {
        for (text, joined, ends) in [
            ("", "", vec![]),
            ("az 47-11/x", "AZ4711X", vec![(2, false), (4, true), (6, true), (7, false)]),
            (
                "az 47-11/x ä",
                "AZ4711XÄ",
                vec![(2, false), (4, true), (6, true), (7, false), (9, false)],
            ),
        ] {
            let mut words = JoinedWords::default();
            words.read(text);
            assert_eq!((words.text.as_str(), words.ends), (joined, ends));
        }
    }

    #[test]
    fn references() {
        assert_eq!(reference_key("sgb-12/ 47.11"), "SGB124711");
        for text in ["sgb-12/ 47.11", "SGB124711", "straße 1", ""] {
            assert_eq!(reference_text(text), reference_key(text));
        }
        for placeholder in ["NOTPROVIDED", "not provided", "NONREF", "Keine Angabe", " ", "000"] {
            assert!(is_placeholder(placeholder), "{placeholder}");
        }
        assert!(!is_placeholder("E2E-1"));
    }

    #[test]
    fn plain_text_is_harmless() {
        let plain = |text: &str| text.bytes().all(is_plain);
        for c in ('\0'..=char::MAX).filter(|c| plain(&c.to_string())) {
            assert_eq!(harmless(&c.to_string()), c.to_string());
            assert!(!c.is_whitespace() || c == ' ', "{c:?}");
        }
        for text in ["Jürgen Groß-Łukasz (Heim) 3.OG/2_a", "50.12-4701", ""] {
            assert!(plain(text), "{text}");
        }
        for text in
            ["a,b", "a\"b", "=1", "+1", "@a", "a&b", "<b>", "a\tb", "a;b", "'a", "\u{85}", "€"]
        {
            assert!(!plain(text), "{text}");
        }
    }

    #[test]
    fn hostile_text_does_nothing() {
        let cleaned = harmless("a\u{1b}[31mred\u{202e}txt.exe\u{7}\tb\u{9b}1m");
        assert_eq!(cleaned, "a\u{fffd}[31mred\u{fffd}txt.exe\u{fffd} b\u{fffd}1m");
    }

    #[test]
    fn numbers_of_the_case() {
        for (id, case, expected) in [
            ("E2E0000006520", "AZ-6520", true),
            ("e2e-06520", "AZ-6520", true),
            ("AZ0050/6520", "50-6520", true),
            ("SOZ2311-6520", "AZ-6520", false),
            ("E2E6521", "AZ-6520", false),
            ("E2E", "AZ-6520", false),
            ("DAUER-000", "AZ-6520", false),
        ] {
            let found = has_numbers_of_case_only(id.as_bytes(), case.as_bytes());
            assert_eq!(found, expected, "{id} {case}");
        }
    }
}
