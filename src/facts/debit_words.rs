//! Words of booking texts that say what kind of debit a booking is, where no code does.
//!
//! All words are folded: lower case, umlauts as their vowels (`Gebühr` is `gebuhr`).

use crate::facts::return_words;

/// Beginnings of words for debits that a card or a standing authority makes, beside direct debits: no
/// credit transfer of the account's owner, whoever is named.
const DRAWN: &[&str] = &["kartenzahlung", "einzugsermachtigung", "ddrb"];

/// Beginnings of words for debits that pay nobody: fees, interest, closings, cash, deposits. They
/// stand in texts of transfers too (`charges shared`), so that they count only where the booking
/// names no other side.
const OWN: &[&str] = &[
    "entgelt",
    "gebuhr",
    "abschlu",
    "rechnungsabschluss",
    "zins",
    "kontofuhrung",
    "kontoabschluss",
    "postenentgelt",
    "bargeld",
    "barabhebung",
    "barauszahlung",
    "geldautomat",
    "geldausgabe",
    "selbstbedienung",
    "festgeld",
    "termingeld",
    "tagesgeld",
    "kundigungsgeld",
    "sparbrief",
    "geldanlage",
    "scheckeinlosung",
];

/// The same as whole words: they begin names too (Feest).
const OWN_WORDS: &[&str] =
    &["charge", "charges", "fee", "fees", "ga", "gaa", "atm", "deposit", "depot", "bankomat"];

/// Beginnings of words for fees.
const FEES: &[&str] = &["entgelt", "gebuhr", "kontofuhrung"];

/// Booking texts that, as the whole text, say that money came in.
const CAME_IN: &[&str] = &[
    "h",
    "haben",
    "c",
    "crdt",
    "credit",
    "+",
    "eingang",
    "zahlungseingang",
    "geldeingang",
    "gutschrift",
    "einnahme",
    "in",
    "incoming",
];

/// Whether a booking text is nothing but the word that money came in: beside a debit it contradicts.
pub fn is_credit(text: &str) -> bool {
    CAME_IN.contains(&text.trim().to_lowercase().as_str())
}

/// Words of transfers: with one of these a word such as `Gebühr` says what the transfer was for.
const TRANSFER: &[&str] = &["uberweisung", "gutschrift"];

/// Beginnings of words for collective debits.
const COLLECTIVE: &[&str] = &["samm", "sepasamm", "massenzahlung", "batch", "bulk"];

fn begins(word: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| word.starts_with(start))
}

/// Whether the words of a booking text say that somebody else drew the money.
pub fn say_drawn(words: &[String]) -> bool {
    let drawn = |word: &String| begins(word, DRAWN) || return_words::is_direct_debit_word(word);
    words.iter().any(drawn) && !say_transfer(words)
}

/// Whether the words of a booking text say that the debit paid nobody: fee, interest, cash, deposit.
pub fn say_nobody(words: &[String]) -> bool {
    let own = |word: &String| begins(word, OWN) || OWN_WORDS.contains(&word.as_str());
    words.iter().any(own) && !say_transfer(words)
}

/// Whether the words of a remittance text are nothing but the name of a fee.
pub fn are_a_fee(words: &[String]) -> bool {
    words.len() <= 2 && words.iter().any(|word| begins(word, FEES))
}

/// Whether they say that it was a transfer.
fn say_transfer(words: &[String]) -> bool {
    words.iter().any(|word| begins(word, TRANSFER))
}

/// Whether the words of a booking text say that it is a collective one.
pub fn say_collective(words: &[String]) -> bool {
    words.iter().any(|word| begins(word, COLLECTIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_that_came_in() {
        for text in ["Eingang", "H", "CREDIT", " Gutschrift "] {
            assert!(is_credit(text), "{text}");
        }
        for text in ["", "Ausgang", "Überweisungsgutschrift", "S", "Lastschrift"] {
            assert!(!is_credit(text), "{text}");
        }
    }

    #[test]
    fn kinds_of_debits() {
        let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        for (text, drawn, nobody, collective) in [
            ("basislastschrift", true, false, false),
            ("entgeltabschluss", false, true, false),
            ("bargeldauszahlung", false, true, false),
            ("festgeldanlage", false, true, false),
            ("sepa credit transfer charges shared", false, true, false),
            ("online uberweisung gebuhr", false, false, false),
            ("feest hausverwaltung", false, false, false),
            ("sammeluberweisung", false, false, true),
            ("sepa sammler soll", false, false, true),
        ] {
            let words = words(text);
            assert_eq!(
                (say_drawn(&words), say_nobody(&words), say_collective(&words)),
                (drawn, nobody, collective),
                "{text}"
            );
        }
    }
}
