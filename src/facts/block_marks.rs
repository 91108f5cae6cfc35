//! How lists say that a row is blocked, cancelled or not to be paid.

use crate::facts::list_returns;
use crate::facts::taken_back;
use crate::facts::taken_back::NOT;

/// Beginnings of words that block.
const STEMS: [&str; 36] = [
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
    "zahlungsstop",
    "auszahlungsstop",
    "zahlstop",
    "eingestellt",
    "zahlungseinstellung",
    "leistungseinstellung",
    "widerrufen",
    "ausgesetzt",
    "suspended",
    "ruht",
    "ruhend",
    "pausiert",
    "einbehalten",
    "zuruckgehalten",
    "zuruckgestellt",
    "withheld",
    "entzogen",
    "versagt",
    "gehemmt",
    "zahlungshemmung",
    "onhold",
    "durchgestrichen",
    "sperrliste",
];

/// Words of a state that end a payment; in a free text they may be said of anything.
const ENDED: [&str; 29] = [
    "aufgehoben",
    "beendet",
    "geschlossen",
    "abgelehnt",
    "abgebrochen",
    "geloscht",
    "ungultig",
    "inaktiv",
    "entfallt",
    "entfallen",
    "wegfall",
    "weggefallen",
    "verstorben",
    "verweigert",
    "zuruckgewiesen",
    "hold",
    "paused",
    "void",
    "rejected",
    "deleted",
    "inactive",
    "deceased",
    "abgesetzt",
    "absetzung",
    "gestrichen",
    "zuruckgezogen",
    "zuruckgenommen",
    "dublette",
    "doppelt",
];

/// Four letters each, of which every word above has some.
const SIGNS: [&[u8; 4]; 47] = [
    b"sper", b"stor", b"bloc", b"canc", b"ange", b"gest", b"stop", b"eing", b"wide", b"ausg",
    b"susp", b"ruht", b"ruhe", b"nste", b"paus", b"ehal", b"hhel", b"tzog", b"rsag", b"hemm",
    b"hold", b"fgeh", b"been", b"chlo", b"lehn", b"broc", b"scht", b"ltig", b"inak", b"entf",
    b"wegf", b"wegg", b"weig", b"gewi", b"void", b"ejec", b"dele", b"inac", b"gese", b"bset",
    b"stri", b"gezo", b"geno", b"lett", b"oppe", b"schu", b"bitt",
];

/// More of them: pieces of what shall not be done.
const SHORT_SIGNS: [&[u8; 4]; 5] = [b"nich", b"kein", b"not ", b"no p", b"dece"];

/// Of every pair of letters whether a sign begins with it.
static BEGINNINGS: [u64; 16] = {
    let mut all = [0_u64; 16];
    let (mut signs, mut more) = (SIGNS.as_slice(), SHORT_SIGNS.as_slice());
    loop {
        let sign = match (signs, more) {
            ([sign, rest @ ..], _) => {
                signs = rest;
                *sign
            }
            ([], [sign, rest @ ..]) => {
                more = rest;
                *sign
            }
            ([], []) => break,
        };
        let pair = pair(sign[0], sign[1]);
        let mut slots = all.as_mut_slice();
        let mut left = pair >> 6;
        while left > 0 {
            if let [_, rest @ ..] = slots {
                slots = rest;
            }
            left -= 1;
        }
        if let [slot, ..] = slots {
            *slot |= 1 << (pair & 63);
        }
    }
    all
};

/// Two letters, five bits each, in either case.
const fn pair(first: u8, second: u8) -> u16 {
    ((first as u16 & 31) << 5) | (second as u16 & 31)
}

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
const PAY: [&str; 10] = [
    "auszahlen",
    "zahlen",
    "anweisen",
    "uberweisen",
    "auszahlung",
    "freigegeben",
    "freigeben",
    "vornehmen",
    "zahlbar",
    "pay",
];

/// What was not done, or is not going to be: `wird nicht gezahlt`; `noch nicht gezahlt` is what every row
/// is before the run.
const PAID: [&str; 6] = ["gezahlt", "ausgezahlt", "bezahlt", "angewiesen", "uberwiesen", "paid"];

/// What there is none of: `keine Auszahlung`.
const PAYMENT: [&str; 6] =
    ["zahlung", "auszahlung", "uberweisung", "anweisung", "leistung", "payment"];

/// Beginnings of words in the name of a column that is there for blocks alone.
const NAMES: [&str; 22] = [
    "sperr",
    "gesperrt",
    "zahlsperr",
    "zahlungssperr",
    "auszahlungssperr",
    "storn",
    "stop",
    "gestoppt",
    "zahlungsstop",
    "auszahlungsstop",
    "zahlstop",
    "geloscht",
    "ruhend",
    "zuruckgestellt",
    "zuruckgehalten",
    "eingestellt",
    "ausgesetzt",
    "pausiert",
    "zahlungshemm",
    "zahlungseinstellung",
    "cancel",
    "blocked",
];

/// The same, wherever in a word it stands: `ZSperre`, `Löschkennzeichen`.
const INSIDE_NAMES: [&str; 4] = ["sperr", "losch", "storno", "ungultig"];

/// The same of columns that may also state an amount, a day of something else or a reason: only a mark
/// for yes blocks.
const FLAGS: [&str; 14] = [
    "einbehalt",
    "aufgehoben",
    "aufhebung",
    "einstellung",
    "wegfall",
    "weggefallen",
    "entfallt",
    "entzogen",
    "ruht",
    "hold",
    "verstorben",
    "sterbe",
    "todestag",
    "todesdatum",
];

/// Marks for yes.
const YES: [&str; 9] = ["j", "ja", "x", "1", "y", "yes", "true", "tru", "wahr"];

/// Names of columns that ask whether a row is to be paid.
const RELEASES: [&str; 21] = [
    "freigabe",
    "freigegeben",
    "zahlungsfreigabe",
    "auszahlungsfreigabe",
    "zahlen",
    "zahlung",
    "zahlbar",
    "zurzahlung",
    "wirdgezahlt",
    "auszahlen",
    "auszuzahlen",
    "auszahlung",
    "anweisen",
    "anweisung",
    "anzuweisen",
    "angewiesen",
    "anordnung",
    "aktiv",
    "active",
    "approved",
    "released",
];

/// Parts of names of columns that tell a state.
const STATES: [&str; 5] = ["status", "zustand", "kennzeichen", "kennz", "stand"];

/// When a block holds that a column states by a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// From this day on: `Eingestellt am`, `Gesperrt ab`.
    From,
    /// Up to it: `Gesperrt bis`.
    Until,
}

/// Whether the name of a column, as its folded words, asks whether a row is blocked or released.
pub fn is_asked(name: &[String]) -> bool {
    asks_for_block(name)
        || asks_for_flag(name)
        || asks_for_release(name)
        || list_returns::is_asked(name)
}

/// When the block holds whose day stands under a name (folded words): `Eingestellt am`, `Gesperrt bis`.
pub fn holds(name: &[String]) -> Option<Holds> {
    let last = name.last()?;
    let of_block = asks_for_block(name) || asks_for_flag(name);
    let holds = match last.as_str() {
        "bis" | "until" => Holds::Until,
        _ => Holds::From,
    };
    of_block.then_some(holds)
}

fn asks_for_block(name: &[String]) -> bool {
    let inside = |word: &String| INSIDE_NAMES.iter().any(|part| word.contains(part));
    name.iter().any(|word| NAMES.iter().any(|stem| word.starts_with(stem)) || inside(word))
}

fn asks_for_flag(name: &[String]) -> bool {
    name.iter().any(|word| FLAGS.iter().any(|stem| word.starts_with(stem)))
}

fn asks_for_release(name: &[String]) -> bool {
    RELEASES.contains(&name.concat().as_str())
}

/// Whether a column of this name (folded words) tells the state of its row.
pub fn tells_state(name: &[String]) -> bool {
    name.iter().any(|word| STATES.iter().any(|part| word.contains(part)))
}

/// Whether a value under a column's name (both folded words) says that the row is blocked.
pub fn is_answered(name: &[String], value: &str, words: &[String]) -> bool {
    let first = words.first().map(String::as_str).unwrap_or_default();
    let is_no =
        || matches!(first, "n" | "nein" | "no" | "false" | "falsch" | "0") || NOT.contains(&first);
    // A day, a number: when it was, how much; not whether.
    let is_word = || value.chars().any(char::is_alphabetic) || value.chars().count() == 1;
    (asks_for_block(name) && is_word() && of_column(value, words) == Some(true))
        || (asks_for_flag(name) && words.len() == 1 && YES.contains(&first))
        || (asks_for_release(name) && is_no())
        || list_returns::is_answered(name, words)
}

/// Whether a text may say that a row is blocked; nearly none does, which its bytes tell.
pub fn may_be_said(text: &[u8]) -> bool {
    text.windows(4).any(|window| {
        let [first, second, ..] = window else { return false };
        let pair = pair(*first, *second);
        let slot = BEGINNINGS.get(usize::from(pair >> 6)).copied().unwrap_or(0);
        let mut signs = SIGNS.iter().chain(&SHORT_SIGNS);
        (slot >> (pair & 63)) & 1 == 1
            && signs.any(|sign| window.eq_ignore_ascii_case(sign.as_slice()))
    })
}

/// Whether a text, as its folded words, says that a row is blocked.
pub fn is_said(words: &[String]) -> bool {
    let any =
        |list: &[&str], words: &[String]| words.iter().any(|word| list.contains(&word.as_str()));
    let before = |at: usize| words.get(at.saturating_sub(2)..at).unwrap_or_default();
    let next = |at: usize| words.get(at.saturating_add(1)).map(String::as_str).unwrap_or_default();
    let has_number = || words.iter().any(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let blocked = words.iter().enumerate().any(|(at, word)| {
        let behind = words.get(at.saturating_add(1)..).unwrap_or_default();
        let behind = behind.get(..5).unwrap_or(behind);
        let lifted = any(&LIFTED, behind) && !any(&NOT, behind);
        // `50 EUR einbehalten` is a part of it.
        let is_part = word.starts_with("einbehalten") && has_number();
        STEMS.iter().any(|stem| word.starts_with(stem))
            && !any(&NOT, before(at))
            && !lifted
            && !is_part
    });
    let forbidden = words.iter().enumerate().any(|(at, word)| {
        let next = next(at);
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map(String::as_str);
        let not_yet = matches!(before, Some("noch" | "bisher"));
        match word.as_str() {
            "nicht" => PAY.contains(&next) || (PAID.contains(&next) && !not_yet),
            "not" => next == "pay",
            "keine" | "no" => PAYMENT.contains(&next),
            "on" => next == "hold",
            "zahlung" | "auszahlung" | "leistung" => next.starts_with("entfall"),
            _ => false,
        }
    });
    let whole = matches!(words, [only] if only.starts_with("entfall"));
    let is_dead = words.first().is_some_and(|first| first.starts_with("verstorben"));
    blocked
        || forbidden
        || whole
        || is_dead
        || taken_back::is_said(words)
        || list_returns::is_said(words)
}

/// Whether the state of a row, as its folded words, says that it is not to be paid.
pub fn ends(words: &[String]) -> bool {
    let ended = words.iter().any(|word| ENDED.contains(&word.as_str()));
    let denied = words.iter().any(|word| NOT.contains(&word.as_str()));
    let of_block = words.iter().any(|word| STEMS.iter().any(|stem| word.starts_with(stem)));
    is_said(words) || (ended && !denied && !of_block)
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

    use crate::facts::folded::Folded;

    fn words(text: &str) -> Vec<String> {
        Folded::new(text).words().map(str::to_owned).collect()
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
            ("wird nicht gezahlt", true),
            ("darf nicht ausgezahlt werden", true),
            ("keine Auszahlung", true),
            ("nicht freigegeben", true),
            ("Zahlung einbehalten", true),
            ("Auszahlung zurückgestellt", true),
            ("gesperrt bis 31.12.2023", true),
            ("Zahlung ausgesetzt", true),
            ("Anspruch ruht", true),
            ("entfällt", true),
            ("Leistung entfällt", true),
            ("verstorben am 03.11.2023", true),
            ("on hold", true),
            ("do not pay", true),
            ("noch nicht gezahlt", false),
            ("50 EUR einbehalten", false),
            ("Ehemann verstorben", false),
            ("Unterhalt, Haushalt", false),
            ("keine Zahlungssperre", false),
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
        let forbidden = PAY.iter().chain(&PAID).map(|word| format!("nicht {word}"));
        let none = PAYMENT.iter().map(|word| format!("keine {word}"));
        let others =
            ["no payment", "on hold", "Leistung entfällt", "verstorben"].map(str::to_owned);
        let texts = forbidden
            .chain(none)
            .chain(others)
            .filter(|text| text != "nicht pay" && text != "nicht paid");
        let texts = texts.chain(STEMS.map(str::to_owned)).chain(ENDED.map(str::to_owned));
        for text in texts {
            let text = text.as_str();
            assert!(is_said(&words(text)) || ends(&words(text)), "{text}");
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
            ("einbehalt", "ja", true),
            ("einbehalt", "X", true),
            ("einbehalt", "30,00", false),
            ("einbehalt", "keiner", false),
            ("aufgehoben", "ja", true),
            ("aufgehoben", "nein", false),
            ("zahlungsstopp", "ja", true),
            ("zahlung", "nein", true),
            ("zahlung", "bar", false),
            ("zur zahlung", "nein", true),
            ("zsperre", "A", true),
            ("loschkennzeichen", "X", true),
            ("loschkz", "L", true),
            ("ungultig", "ja", true),
            ("ungultig", "nein", false),
            ("angewiesen", "N", true),
            ("rucklaufer", "x", true),
            ("rucklauf am", "04.12.2023", true),
            ("rucklaufer", "nein", false),
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
    fn states_and_days() {
        for (text, expected) in [
            ("aufgehoben", true),
            ("beendet", true),
            ("gelöscht", true),
            ("verstorben", true),
            ("Fall geschlossen", true),
            ("ruht", true),
            ("Sperre aufgehoben", false),
            ("nicht abgelehnt", false),
            ("aktiv", false),
            ("bewilligt", false),
        ] {
            assert_eq!(ends(&words(text)), expected, "{text}");
        }
        for (name, expected) in [
            ("Gesperrt bis", Some(Holds::Until)),
            ("Eingestellt am", Some(Holds::From)),
            ("Ruht seit", Some(Holds::From)),
            ("Bewilligt bis", None),
            ("Erfasst am", None),
        ] {
            assert_eq!(holds(&words(name)), expected, "{name}");
        }
        assert!(tells_state(&words("Zahlstatus")) && !tells_state(&words("Zimmer")));
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
