//! How lists say that a row is blocked, cancelled or not to be paid.

/// Beginnings of words that block.
const STEMS: [&str; 18] = [
    "gesperrt",
    "sperre",
    "sperrung",
    "zahlsperre",
    "zahlungssperre",
    "auszahlungssperre",
    "sperrvermerk",
    "blocked",
    "storn",
    "cancel",
    "angehalten",
    "gestoppt",
    "stop",
    "eingestellt",
    "widerrufen",
    "ausgesetzt",
    "suspended",
    "ruht",
];

/// Four letters each, of which every word above has some.
const SIGNS: [&[u8; 4]; 12] = [
    b"sper", b"stor", b"bloc", b"canc", b"ange", b"gest", b"stop", b"eing", b"wide", b"ausg",
    b"susp", b"ruht",
];

/// What takes the meaning away, shortly before the word.
const NOT: [&str; 8] = ["nicht", "not", "keine", "kein", "keiner", "no", "ohne", "never"];

/// What ends a block, shortly behind the word.
const LIFTED: [&str; 14] = [
    "aufgehoben",
    "beendet",
    "entfernt",
    "entfallen",
    "entfallt",
    "entfaellt",
    "geloscht",
    "geloescht",
    "erledigt",
    "aufhebung",
    "freigegeben",
    "lifted",
    "released",
    "removed",
];

/// What shall not be done: `nicht auszahlen`.
const PAY: [&str; 8] =
    ["auszahlen", "zahlen", "anweisen", "uberweisen", "ueberweisen", "auszahlung", "pay", "paid"];

/// Beginnings of words in the name of a column that is there for blocks alone.
const NAMES: [&str; 11] = [
    "sperr",
    "gesperrt",
    "zahlsperr",
    "storn",
    "stop",
    "gestoppt",
    "geloscht",
    "geloescht",
    "ruhend",
    "zuruckgestellt",
    "eingestellt",
];

/// Names of columns that ask whether a row is to be paid.
const RELEASES: [&str; 7] =
    ["freigabe", "freigegeben", "zahlen", "auszahlen", "auszuzahlen", "anweisen", "aktiv"];

/// Whether the name of a column, as its folded words, asks whether a row is blocked or released.
pub fn is_asked(name: &[String]) -> bool {
    asks_for_block(name) || asks_for_release(name)
}

fn asks_for_block(name: &[String]) -> bool {
    // `eingestellt am` may be the day on which somebody entered the row.
    name.iter().any(|word| NAMES.iter().any(|stem| word.starts_with(stem)))
        && name.last().is_some_and(|word| !matches!(word.as_str(), "am" | "bis" | "von"))
}

fn asks_for_release(name: &[String]) -> bool {
    matches!(name, [word] if RELEASES.contains(&word.as_str()))
}

/// Whether a value under a column's name (both folded words) says that the row is blocked.
pub fn is_answered(name: &[String], value: &str, words: &[String]) -> bool {
    let is_no = || {
        let first = words.first().map(String::as_str).unwrap_or_default();
        matches!(first, "n" | "nein" | "no" | "false" | "falsch" | "0") || NOT.contains(&first)
    };
    (asks_for_block(name) && of_column(value, words) == Some(true))
        || (asks_for_release(name) && is_no())
}

/// Whether a text may say that a row is blocked; nearly none does, which its bytes tell.
pub fn may_be_said(text: &[u8]) -> bool {
    let any = |window: &[u8]| SIGNS.iter().any(|sign| window.eq_ignore_ascii_case(*sign));
    text.windows(4).any(any) || text.windows(5).any(|window| window.eq_ignore_ascii_case(b"nicht"))
}

/// Whether a text, as its folded words, says that a row is blocked.
pub fn is_said(words: &[String]) -> bool {
    let any =
        |list: &[&str], words: &[String]| words.iter().any(|word| list.contains(&word.as_str()));
    let before = |at: usize| words.get(at.saturating_sub(2)..at).unwrap_or_default();
    let blocked = words.iter().enumerate().any(|(at, word)| {
        let behind = words.get(at.saturating_add(1)..).unwrap_or_default();
        let behind = behind.get(..5).unwrap_or(behind);
        let lifted = any(&LIFTED, behind) && !any(&NOT, behind);
        STEMS.iter().any(|stem| word.starts_with(stem)) && !any(&NOT, before(at)) && !lifted
    });
    let forbidden = words.iter().enumerate().any(|(at, word)| {
        let behind = words.get(at.saturating_add(1)..).unwrap_or_default();
        word == "nicht" && behind.first().is_some_and(|next| PAY.contains(&next.as_str()))
    });
    blocked || forbidden
}

/// What the value of a column that is there for blocks alone (`Sperrkennzeichen`) says: a mark, or a
/// reason. `None` for an empty cell.
pub fn of_column(value: &str, words: &[String]) -> Option<bool> {
    let folded = words.concat();
    Some(match folded.as_str() {
        "" if value.trim().is_empty() => return None,
        // A dash or a cross without letters.
        "" => !value.trim().chars().all(|sign| matches!(sign, '-' | '–' | '.' | '/')),
        "n" | "nein" | "no" | "false" | "falsch" | "frei" | "offen" | "aktiv" | "ok" | "keine"
        | "kein" | "ohne" | "none" | "na" | "off" => false,
        zero if zero.bytes().all(|byte| byte == b'0') => false,
        _ => {
            let first = words.first().map(String::as_str).unwrap_or_default();
            let lifted = words.iter().any(|word| LIFTED.contains(&word.as_str()));
            let denied = words.iter().any(|word| NOT.contains(&word.as_str()));
            // `nicht aufgehoben` blocks, `nicht gesperrt` and `aufgehoben` do not.
            lifted == denied || matches!(first, "j" | "ja" | "x" | "1")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    }

    #[test]
    fn texts() {
        for (text, blocked) in [
            ("gesperrt", true),
            ("STORNIERT", true),
            ("cancelled", true),
            ("gesperrt, nicht auszahlen", true),
            ("nicht auszahlen", true),
            ("Sperre nicht aufgehoben", true),
            ("nicht gesperrt", false),
            ("nicht mehr gesperrt", false),
            ("Sperre aufgehoben", false),
            ("Sperre am 3.11. aufgehoben", false),
            ("keine Sperre", false),
            ("aktiv", false),
            ("", false),
        ] {
            assert_eq!(is_said(&words(text)), blocked, "{text}");
        }
    }

    #[test]
    fn what_blocks_has_a_sign() {
        let forbidden = PAY.map(|word| format!("nicht {word}"));
        for text in STEMS.into_iter().chain(forbidden.iter().map(String::as_str)) {
            assert!(is_said(&words(text)), "{text}");
            assert!(may_be_said(text.as_bytes()), "{text}");
            assert!(may_be_said(text.to_uppercase().as_bytes()), "{text}");
        }
        for text in
            ["Zahlungssperre", "storniert", "CANCELLED", "nicht auszahlen", "Stopp", "Sperrvermerk"]
        {
            assert!(is_said(&words(text)) && may_be_said(text.as_bytes()), "{text}");
        }
        assert!(!may_be_said(b"Meier, Zimmer 12"));
    }

    #[test]
    fn names_that_ask() {
        for (name, value, blocked) in [
            ("kz sperre", "S", true),
            ("kz sperre", "N", false),
            ("zahlung gestoppt", "ja", true),
            ("ruhend", "", false),
            ("eingestellt am", "01.09.2025", false),
            ("freigabe", "nein", true),
            ("freigabe", "nicht erteilt", true),
            ("freigabe", "ja", false),
            ("auszahlen", "N", true),
            ("zimmer", "ja", false),
        ] {
            assert_eq!(is_answered(&words(name), value, &words(value)), blocked, "{name} {value}");
        }
    }

    #[test]
    fn columns() {
        for (text, blocked) in [
            ("J", Some(true)),
            ("x", Some(true)),
            ("1", Some(true)),
            ("ja", Some(true)),
            ("verstorben", Some(true)),
            ("Sperre aufgehoben", Some(false)),
            ("nicht gesperrt", Some(false)),
            ("N", Some(false)),
            ("0", Some(false)),
            ("-", Some(false)),
            ("", None),
        ] {
            assert_eq!(of_column(text, &words(text)), blocked, "{text}");
        }
    }
}
