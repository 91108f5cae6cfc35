//! Titles in payment lists: what a line that stands alone above rows, or the name of a sheet, says of all
//! of them. Where such a line may stand, the reader of the list knows.

use crate::facts::folded::Folded;

/// Beginnings of words that say that the rows below are not to be paid, or were not.
const STOPPED: &[&str] = &[
    "storn",
    "gesperrt",
    "sperr",
    "zahlungssperr",
    "auszahlungssperr",
    "zahlsperr",
    "entfall",
    "weggefallen",
    "abgesetzt",
    "absetzung",
    "zuruckgestellt",
    "zuruckgehalten",
    "zuruckgezogen",
    "einbehalten",
    "eingestellt",
    "zahlungseinstell",
    "leistungseinstell",
    "ausgesetzt",
    "gestoppt",
    "stop",
    "zahlungsstop",
    "widerrufen",
    "ruhend",
    "geloscht",
    "loschung",
    "gestrichen",
    "aufgehoben",
    "verstorben",
    "abgelehnt",
    "rucklauf",
    "ruckgaben",
    "ruckuberweisung",
    "retour",
    "cancelled",
    "canceled",
    "blocked",
    "rejected",
    "returned",
    "on hold",
    "durchgestrichen",
];

/// What is not to be done with the rows below.
const NOT_DONE: &[&str] = &[
    "nicht auszu",
    "nicht zu zahl",
    "nicht zur auszahl",
    "nicht zur zahl",
    "nicht zahlen",
    "nicht auszahl",
    "nicht ausgezahl",
    "nicht freigegeb",
    "nicht anweis",
    "nicht angewies",
    "nicht anzuweis",
    "not to be paid",
    "do not pay",
];

/// Beginnings of words for the rows of a list.
const ROWS: &[&str] = &[
    "zahlung",
    "auszahlung",
    "uberweisung",
    "fall",
    "akte",
    "liste",
    "datensatz",
    "position",
    "posten",
    "buchung",
    "leistung",
    "person",
    "empfanger",
    "berechtigt",
    "bewohner",
    "anweisung",
    "zeile",
    "payment",
    "case",
    "rows",
];

/// Words that deny, count, explain, or point elsewhere.
const NOTES: &[&str] = &[
    "kein",
    "keine",
    "keiner",
    "keinen",
    "ohne",
    "nein",
    "nicht",
    "no",
    "none",
    "without",
    "not",
    "exkl",
    "exklusive",
    "inkl",
    "inklusive",
    "einschliesslich",
    "enthalt",
    "enthalten",
    "anzahl",
    "summe",
    "gesamt",
    "davon",
    "zuzuglich",
    "abzuglich",
    "siehe",
    "vgl",
    "blatt",
    "seite",
    "gesondert",
    "separat",
    "excluding",
    "including",
    "total",
    "0",
    "oder",
    "und",
];

/// More words are no title.
const MOST_WORDS: usize = 8;

/// So many words say it without a word for the rows.
const SHORT: usize = 2;

/// Whether a line that stands alone says that the rows below it are not to be paid.
pub fn stops(line: &str) -> bool {
    // `J = gesperrt` explains a mark; signs around a title adorn it.
    if line.trim_matches(|sign: char| !sign.is_alphanumeric()).contains('=') {
        return false;
    }
    let words = Folded::new(line);
    if words.is_empty() || words.len() > MOST_WORDS {
        return false;
    }
    let any = |stems: &[&str]| stems.iter().any(|stem| words.find(stem, false).next().is_some());
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let names_rows = || any(ROWS);
    let is_short = || words.words().filter(|word| !is_number(word)).count() <= SHORT;
    if any(NOT_DONE) {
        return !words
            .words()
            .any(|word| NOTES.contains(&word) && !matches!(word, "nicht" | "not"));
    }
    any(STOPPED) && !words.words().any(|word| NOTES.contains(&word)) && (names_rows() || is_short())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_folded() {
        for word in [STOPPED, NOT_DONE, ROWS, NOTES].into_iter().flatten() {
            let folded = Folded::new(word);
            assert_eq!(folded.words().collect::<Vec<_>>().join(" "), *word);
        }
    }

    #[test]
    fn titles() {
        for (line, expected) in [
            ("Stornierte Zahlungen", true),
            ("Liste der stornierten Zahlungen", true),
            ("Gesperrte Fälle:", true),
            ("Gesperrte Zahlungen November 2023", true),
            ("nicht auszuzahlen", true),
            ("ENTWURF - nicht zur Auszahlung", true),
            ("Entfallene Zahlungen", true),
            ("Abgesetzt", true),
            ("Zurückgestellte Fälle", true),
            ("Rückläufer", true),
            ("Zahlungseinstellungen", true),
            ("Ruhende Fälle", true),
            ("Nicht freigegeben", true),
            ("Stornos", true),
            ("gelöschte Datensätze", true),
            ("Sperrliste", true),
            ("Zahlungsliste November 2023", false),
            ("Zahlungen ohne Sperre", false),
            ("Zahlungsliste (ohne stornierte Fälle)", false),
            ("Anzahl gesperrter Fälle: 3", false),
            ("Stornierte Zahlungen sind nicht enthalten", false),
            ("Gesperrte Fälle siehe Blatt 2", false),
            ("== STORNIERT ==", true),
            ("J = gesperrt", false),
            ("nicht gesperrt", false),
            ("keine gesperrten Zahlungen", false),
            ("Gemeinde Sperberg", false),
            ("Haus Abendruhe", false),
            ("", false),
        ] {
            assert_eq!(stops(line), expected, "{line}");
        }
    }
}
