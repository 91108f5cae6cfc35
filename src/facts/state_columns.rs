//! Names of columns that ask what became of a booking, and values that answer such a question,
//! whatever the column is called.

use crate::facts::folded::Folded;
use crate::facts::pending_marks;
use crate::facts::pending_marks::Mark;
use crate::facts::return_words::NO;

/// Parts of names that ask for a state: `Buchungsstand`, `Freigabe`, `Bearbeitungsstatus`.
const STATES: &[&str] = &[
    "status",
    "zustand",
    "kennzeichen",
    "freigabe",
    "gebucht",
    "verbucht",
    "valutiert",
    "ausgefuhrt",
    "erfolg",
    "bestatigt",
    "final",
    "pending",
    "vorgemerkt",
    "disponiert",
    "ergebnis",
    "result",
    "vermerk",
    "hinweis",
    "bemerkung",
    "booked",
    "settled",
    "completed",
];

/// The same as ends of words, and the longer words they do not mean.
const STANDS: &[&str] = &["stand", "state"];
const NO_STANDS: &[&str] = &["kontostand", "bestand", "gegenstand", "ruckstand"];

/// Parts of names that ask whether, or since when, it is booked: left empty, such a column says no.
const BOOKED: &[&str] = &[
    "gebucht",
    "verbuch",
    "ausgefuhrt",
    "ausfuhrung",
    "buchungsstatus",
    "buchungszustand",
    "buchungsstand",
    "umsatzstatus",
    "zahlungsstatus",
    "transaktionsstatus",
    "booked",
    "posted",
    "settled",
    "settlement",
    "completed",
    "executed",
    "cleared",
];

/// The same as whole names.
const BOOKED_NAMES: &[&str] = &["status", "state", "booking status", "transaction status"];

/// Parts of names of columns that are filled only where something went wrong.
const EVENTS: &[&str] = &[
    "storn",
    "ruckgabe",
    "rucklast",
    "ruckruf",
    "ruckgebucht",
    "ruckuberw",
    "zuruck",
    "widerruf",
    "gesperrt",
    "fehler",
    "error",
    "abgewiesen",
    "abgelehnt",
    "returned",
    "reject",
    "failed",
    "fehlgeschlagen",
    "declined",
    "recall",
    "erstatt",
    "refund",
    "reversed",
    "reversal",
];

/// Values that say yes or no to whatever a column asks.
const FLAGS: &[&str] = &["ja", "nein", "yes", "no", "true", "tru", "false", "wahr", "falsch"];

/// Whether a column of this name asks for the state of a booking.
pub fn asks_for_state(name: &str) -> bool {
    let words = Folded::new(name);
    let ends = |word: &str| {
        STANDS.iter().any(|end| word.ends_with(end))
            && !NO_STANDS.iter().any(|other| word.ends_with(other))
    };
    has(&words, STATES) || words.words().any(ends) || has(&words, EVENTS)
}

/// Whether a column of this name asks whether a booking is booked, so that an empty cell says that it is
/// not. (`Ungebucht` and `Nicht gebucht am` ask the opposite.)
pub fn asks_whether_booked(name: &str) -> bool {
    let words = Folded::new(name);
    let whole = words.words().collect::<Vec<_>>().join(" ");
    let denied =
        words.words().any(|word| matches!(word, "nicht" | "not") || word.starts_with("un"));
    !denied && (has(&words, BOOKED) || BOOKED_NAMES.contains(&whole.as_str()))
}

/// Whether a column of this name is filled only where something went wrong.
pub fn asks_for_event(name: &str) -> bool {
    has(&Folded::new(name), EVENTS)
}

/// Whether a value may be a state under any name: a flag, a mark such as `offen`.
pub fn may_be_state(value: &str) -> bool {
    let words = Folded::new(value);
    let is_flag = words.len() == 1
        && (words.word(0).len() == 1
            || FLAGS.contains(&words.word(0))
            || NO.contains(&words.word(0)));
    is_flag
        || words.is_empty()
        || matches!(pending_marks::of_column("", value), Some(Mark::Pending | Mark::Booked))
}

fn has(words: &Folded, parts: &[&str]) -> bool {
    parts.iter().any(|part| words.find(part, true).next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_folded() {
        for part in [STATES, BOOKED, BOOKED_NAMES, EVENTS, STANDS, NO_STANDS].into_iter().flatten()
        {
            let folded = Folded::new(part);
            assert_eq!(folded.words().collect::<Vec<_>>().join(" "), *part);
        }
    }

    #[test]
    fn names_and_values() {
        for (name, state, event) in [
            ("Buchungsstand", true, false),
            ("Stand", true, false),
            ("Kontostand", false, false),
            ("Transaction Status", true, false),
            ("Ausgeführt", true, false),
            ("Rückgabegrund", true, true),
            ("Fehler", true, true),
            ("Widerruf", true, true),
            ("Kontoart", false, false),
            ("Bank", false, false),
        ] {
            assert_eq!((asks_for_state(name), asks_for_event(name)), (state, event), "{name}");
        }
        for (name, expected) in [
            ("Verbucht am", true),
            ("Gebucht?", true),
            ("Buchungsstatus", true),
            ("Status", true),
            ("Ausführungsdatum", true),
            ("Booked on", true),
            ("Buchungstag", false),
            ("Nicht gebucht", false),
            ("Info", false),
            ("Statusgruppe Kategorie", false),
            ("Bemerkung", false),
        ] {
            assert_eq!(asks_whether_booked(name), expected, "{name}");
        }
        for (value, expected) in [
            ("offen", true),
            ("ja", true),
            ("N", true),
            ("0", true),
            ("vorgemerkt", true),
            ("Girokonto", false),
            ("Kreissparkasse", false),
        ] {
            assert_eq!(may_be_state(value), expected, "{value}");
        }
    }
}
