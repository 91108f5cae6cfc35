//! Titles of sections in exports: what a line that stands alone above bookings says of all of them.
//! Where such a line may stand, the reader of the export knows.

use crate::facts::folded::Folded;
use crate::facts::pending_marks;

/// What a title says of the bookings below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Title {
    /// They are announced only.
    Announced,
    /// They are booked.
    Booked,
    /// They are bookings, and no more: `Umsätze`.
    Bookings,
}

/// Stems of words for the bookings of a section.
const BOOKINGS: &[&str] = &[
    "umsatz",
    "umsatze",
    "kontoumsatz",
    "buchung",
    "transakt",
    "transact",
    "zahlung",
    "payment",
    "posten",
    "auftrag",
    "auftrage",
    "uberweisung",
    "betrag",
    "betrage",
    "disposition",
    "booking",
    "entries",
];

/// Stems that say that the bookings below are only announced, beside those of [`pending_marks`].
const ANNOUNCED: &[&str] = &[
    "offen",
    "ausstehend",
    "angekundigt",
    "reserviert",
    "terminiert",
    "geplant",
    "disponiert",
    "disposition",
    "nicht ausgefuhrt",
    "nicht abgeschlossen",
    "in ausfuhrung",
    "in verarbeitung",
    "kunftig",
    "zukunftig",
    "bevorstehend",
    "anstehend",
    "wartend",
    "upcoming",
    "scheduled",
    "future",
    "planned",
    "reserved",
    "unsettled",
    "unposted",
    "outstanding",
    "authorised",
    "authorized",
    // What was not carried out, or came back, is not booked for good either.
    "storniert",
    "storno",
    "stornierung",
    "abgelehnt",
    "zuruckgewiesen",
    "zuruckgegeben",
    "zuruckgestellt",
    "ruckgabe",
    "rucklaufer",
    "ruckuberweisung",
    "retoure",
    "fehlgeschlagen",
    "fehlerhaft",
    "geloscht",
    "widerrufen",
    "cancelled",
    "canceled",
    "rejected",
    "returned",
    "failed",
    "declined",
];

/// Stems that say that they are booked.
const BOOKED: &[&str] = &[
    "gebucht",
    "verbucht",
    "ausgefuhrt",
    "abgeschlossen",
    "booked",
    "posted",
    "completed",
    "settled",
    "executed",
];

/// Names of sections that say no more.
const BARE: &[&str] = &[
    "umsatze",
    "kontoumsatze",
    "buchungen",
    "transaktionen",
    "transactions",
    "bookings",
    "zahlungen",
];

/// So many letters more make another form of a word; `Offenbach` is none of `offen`.
const LONGEST_ENDING: usize = 3;

/// Words that deny, or speak of what the file leaves out, counts or adds up: such a line is a note.
const NOTES: &[&str] = &[
    "kein",
    "keine",
    "keiner",
    "keinen",
    "ohne",
    "nein",
    "no",
    "none",
    "without",
    "not",
    "nicht",
    "enthalt",
    "enthalten",
    "exklusive",
    "exkl",
    "anzahl",
    "summe",
    "saldo",
    "kontostand",
    "verfugbar",
    "balance",
    "inkl",
    "inklusive",
    "einschliesslich",
    "zuzuglich",
    "abzuglich",
    "including",
    "excluding",
    "total",
    "0",
    "anzeigen",
];

/// Words of sentences; a title has none, unless it speaks of the rows below.
const VERBS: &[&str] = &[
    "sind", "ist", "wird", "werden", "wurden", "wurde", "konnen", "kann", "liegen", "are", "is",
    "will", "may", "can", "hat", "haben", "steht", "stehen",
];

/// What speaks of the rows below.
const BELOW: &[&str] = &[
    "folgend",
    "nachfolgend",
    "nachstehend",
    "aufgefuhrt",
    "aufgelistet",
    "diese",
    "following",
    "these",
    "listed",
];

/// More words are no title.
const MOST_WORDS: usize = 8;

/// Verbs of the booking; `nicht` before them denies nothing else.
const DENIED: &[&str] =
    &["gebucht", "verbucht", "ausgefuhrt", "abgeschlossen", "booked", "yet", "posted", "settled"];

/// What a line that stands alone says of the bookings below it; `None` if it is no title of theirs.
pub fn of_line(line: &str) -> Option<Title> {
    let words = Folded::new(line);
    if words.is_empty() || words.len() > MOST_WORDS {
        return None;
    }
    let any = |list: &[&str]| words.words().any(|word| list.contains(&word));
    let begins = |stems: &[&str]| stems.iter().any(|stem| words.find(stem, false).next().is_some());
    let is_note = (0..words.len()).any(|number| {
        let next = words.word(number.saturating_add(1));
        let is_own = matches!(words.word(number), "nicht" | "not")
            && DENIED.iter().any(|verb| next.starts_with(verb));
        NOTES.contains(&words.word(number)) && !is_own
    });
    if is_note || (any(VERBS) && !begins(BELOW)) {
        return None;
    }
    let is_form = |stem: &str| {
        words.find(stem, false).any(|found| {
            let last = stem.rsplit(' ').next().unwrap_or(stem);
            words.word(found.last).len() <= last.len().saturating_add(LONGEST_ENDING)
        })
    };
    let announced = pending_marks::in_folded(&words) || ANNOUNCED.iter().any(|stem| is_form(stem));
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let names_bookings = begins(BOOKINGS);
    if announced {
        let is_short = words.words().filter(|word| !is_number(word)).count() <= 2;
        return (names_bookings || is_short).then_some(Title::Announced);
    }
    if names_bookings && begins(BOOKED) {
        return Some(Title::Booked);
    }
    let is_bare = words.words().all(|word| is_number(word) || BARE.contains(&word));
    (is_bare && any(BARE)).then_some(Title::Bookings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_folded() {
        for word in
            [BOOKINGS, ANNOUNCED, BOOKED, BARE, NOTES, VERBS, BELOW, DENIED].into_iter().flatten()
        {
            let folded = Folded::new(word);
            assert_eq!(folded.words().collect::<Vec<_>>().join(" "), *word);
        }
    }

    #[test]
    fn titles() {
        for (line, expected) in [
            ("Vorgemerkte Umsätze", Some(Title::Announced)),
            ("VORGEMERKTE UMSÄTZE (5)", Some(Title::Announced)),
            ("*** Vorgemerkte Buchungen ***", Some(Title::Announced)),
            ("Vormerkposten", Some(Title::Announced)),
            ("Noch nicht gebuchte Umsätze", Some(Title::Announced)),
            ("Nicht verbucht", Some(Title::Announced)),
            ("Offene Umsätze vom 30.11.2023", Some(Title::Announced)),
            ("Umsätze in Bearbeitung", Some(Title::Announced)),
            ("Terminierte Überweisungen", Some(Title::Announced)),
            ("Pending transactions", Some(Title::Announced)),
            ("Stornierte Umsätze", Some(Title::Announced)),
            ("Rückgaben", Some(Title::Announced)),
            ("Abgelehnte Aufträge", Some(Title::Announced)),
            ("Zurückgewiesene Zahlungen", Some(Title::Announced)),
            ("Rejected payments", Some(Title::Announced)),
            ("Rückgaben: 0", None),
            ("Keine abgelehnten Aufträge", None),
            ("Upcoming payments", Some(Title::Announced)),
            ("Die folgenden Umsätze sind noch nicht gebucht", Some(Title::Announced)),
            ("Gebuchte Umsätze", Some(Title::Booked)),
            ("Umsätze", Some(Title::Bookings)),
            ("Booked transactions", Some(Title::Booked)),
            ("Umsätze Girokonto", None),
            ("Die Kontoumsätze enthalten keine vorgemerkten Umsätze", None),
            ("Vorgemerkte Umsätze sind nicht enthalten.", None),
            ("Keine vorgemerkten Umsätze", None),
            ("Es liegen keine vorgemerkten Umsätze vor.", None),
            ("Vorgemerkte Umsätze: 0", None),
            ("Vorgemerkte Umsätze anzeigen: Nein", None),
            ("Anzahl vorgemerkter Umsätze: 3", None),
            ("Saldo inkl. vorgemerkter Umsätze", None),
            ("Transactions Personal Account", None),
            ("Kreiskasse Offenbach", None),
            ("Umsatzstatus: vorgemerkt", Some(Title::Announced)),
            ("Zahlung", None),
            ("Kontoauszug November 2023", None),
            ("", None),
        ] {
            assert_eq!(of_line(line), expected, "{line}");
        }
    }
}
