//! How lists say that a payment came back: in a remark, a state, or a column of its own.
//!
//! Remarks speak of applications, letters and telephone calls, too: a word that may mean those counts
//! only beside a word for money.

use crate::facts::return_words;

/// Beginnings of words that mean money and nothing else, or stand beside words that do.
const OF_MONEY: [&str; 18] = [
    "zahlung",
    "auszahlung",
    "uberw",
    "bank",
    "betrag",
    "geld",
    "konto",
    "iban",
    "rucklauf",
    "ruckuberw",
    "ruckbuch",
    "retour",
    "zuruckuberw",
    "zuruckgebuch",
    "zuruckgekomm",
    "payment",
    "transfer",
    "account",
];

/// Codes of banks that speak of the account or the payee.
const CODES: [&str; 10] =
    ["ac01", "ac03", "ac04", "ac06", "ag01", "md07", "ms02", "ms03", "be01", "rr04"];

/// Beginnings of names of columns that are there for payments that came back.
const NAMES: [&str; 11] = [
    "rucklauf",
    "ruckuberw",
    "ruckbuch",
    "retour",
    "ruckgabegrund",
    "ruckgabecode",
    "ruckgabedatum",
    "zuruckuberw",
    "zuruckgebuch",
    "returned",
    "returnreason",
];

/// The same, as whole names.
const WHOLE_NAMES: [&str; 5] = ["ruckgabe", "zuruck", "return", "ruckgabeam", "retourniert"];

/// What stands in a cell where there is nothing to say.
const NOTHING: [&str; 8] = ["n", "nein", "no", "kein", "keine", "keiner", "false", "falsch"];

/// Whether a text, as its folded words, says that the payment came back.
pub fn is_said(words: &[String]) -> bool {
    let is_number = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    // `AC04-17` is a number of a case.
    let by_code = || {
        words.iter().enumerate().any(|(at, word)| {
            let next = words.get(at.saturating_add(1));
            CODES.contains(&word.as_str()) && !next.is_some_and(is_number)
        })
    };
    let begins = |list: &[&str]| {
        words.iter().any(|word| list.iter().any(|beginning| word.starts_with(beginning)))
    };
    let by_word = || begins(&OF_MONEY) && return_words::said(&words.join(" ")).of_debits;
    by_code() || by_word()
}

/// Whether a value under a column's name (both folded words) says so.
pub fn is_answered(name: &[String], words: &[String]) -> bool {
    let whole = name.concat();
    let asks = NAMES.iter().any(|beginning| whole.starts_with(beginning))
        || WHOLE_NAMES.contains(&whole.as_str());
    let says_something = words.iter().any(|word| word.bytes().any(|byte| byte != b'0'))
        && !words.first().is_some_and(|first| NOTHING.contains(&first.as_str()));
    asks && says_something
}

/// Whether the name of a column (folded words) asks for it.
pub fn is_asked(name: &[String]) -> bool {
    is_answered(name, &["x".to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::folded::Folded;
    use crate::facts::signs::may_speak_against;

    fn words(text: &str) -> Vec<String> {
        Folded::new(text).words().map(str::to_owned).collect()
    }

    #[test]
    fn texts() {
        for (text, expected) in [
            ("Rückläufer", true),
            ("Rückläufer Bank 04.12.", true),
            ("retour", true),
            ("erledigt - zurücküberwiesen", true),
            ("Zahlung am 30.11. zurückgekommen", true),
            ("von Bank abgelehnt", true),
            ("Rücküberweisung AC04", true),
            ("Grund: AC04", true),
            ("Konto erloschen", true),
            ("Mehrbedarf abgelehnt", false),
            ("Unterlagen zurückgegeben", false),
            ("Rückruf erbeten", false),
            ("kein Rückläufer", false),
            ("Az. AC04 17", false),
            ("Rücksprache Fr. Klein", false),
        ] {
            assert_eq!(is_said(&words(text)), expected, "{text}");
            assert!(!expected || may_speak_against(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn columns() {
        for (name, value, expected) in [
            ("Rückläufer", "ja", true),
            ("Rückläufer", "x", true),
            ("Rückläufer", "nein", false),
            ("Rückläufer", "0", false),
            ("Rückläufer", "", false),
            ("Rücklauf am", "04.12.2023", true),
            ("Rückgabegrund", "AC04", true),
            ("Rückgabe Schlüssel", "ja", false),
            ("zurück", "x", true),
        ] {
            assert_eq!(is_answered(&words(name), &words(value)), expected, "{name} {value}");
        }
    }
}
