//! Words by which a list says that money was handed out, and words by which it says that it was not.
//!
//! All words are folded: lower case, umlauts as their vowels, `ae`, `oe`, `ue` too.

/// Beginnings of words for a receipt.
const RECEIPT: &[&str] =
    &["quittung", "quittiert", "beleg", "kassenbeleg", "auszahlungsbeleg", "receipt"];

/// Words for money that was handed out.
const HANDED_OUT: &[&str] =
    &["ausgezahlt", "ausbezahlt", "ausgehandigt", "ubergeben", "eingelost", "erhalten", "paid"];

/// Words by which a confirmation says that the money has arrived.
const CONFIRMS: &[&str] = &[
    "ja",
    "yes",
    "ok",
    "okay",
    "tru",
    "1",
    "x",
    "gutgeschrieben",
    "gutschrift",
    "credited",
    "eingegangen",
    "erhalten",
    "received",
    "bestatigt",
    "confirmed",
    "gebucht",
    "verbucht",
    "booked",
    "accc",
];

/// Words that may stand beside a receipt without taking anything from it.
const BESIDE: &[&str] = &[
    "nr",
    "nummer",
    "number",
    "num",
    "lfd",
    "vom",
    "von",
    "am",
    "dated",
    "of",
    "on",
    "in",
    "bar",
    "barauszahlung",
    "auszahlung",
    "auszahlungstag",
    "zahltag",
    "auszahlungs",
    "uber",
    "eur",
    "euro",
    "betrag",
    "in",
    "hohe",
    "der",
    "die",
    "das",
    "dem",
    "den",
    "durch",
    "an",
    "bei",
    "gegen",
    "mit",
    "und",
    "liegt",
    "vor",
    "siehe",
    "kasse",
    "stadtkasse",
    "kreiskasse",
    "zahlstelle",
    "kassenautomat",
    "automat",
    "rathaus",
    "scheck",
    "schecknr",
    "schecknummer",
    "karte",
    "bezahlkarte",
    "unterschrieben",
    "unterschrift",
    "quittiert",
    "heute",
    "uhr",
    "az",
    "aktenzeichen",
    "fall",
    "cash",
    "cheque",
    "card",
    "signed",
    "the",
    "at",
    "by",
    "hat",
    "wurde",
    "ist",
    "selbst",
    "personlich",
    "person",
    "klient",
    "betreur",
    "betreurin",
];

/// Beginnings of words that take a receipt back, put it off or deny it.
const AGAINST: &[&str] = &[
    "kein",
    "ohne",
    "nicht",
    "fehl",
    "no",
    "not",
    "missing",
    "without",
    "offen",
    "ausstehend",
    "aussteh",
    "pending",
    "noch",
    "storn",
    "ungult",
    "zuruck",
    "retour",
    "ruckgang",
    "wird",
    "werden",
    "soll",
    "sollen",
    "folgt",
    "folg",
    "angeford",
    "anford",
    "nachgereicht",
    "nachreich",
    "termin",
    "geplant",
    "vorgesehen",
    "vorgemerkt",
    "abholung",
    "abholbereit",
    "bereit",
    "bitte",
    "wenn",
    "falls",
    "sobald",
    "verloren",
    "verlust",
    "vernicht",
    "annull",
    "widerruf",
    "gesperrt",
    "falsch",
    "irrtum",
    "requested",
    "void",
    "cancel",
    "planned",
    "will",
    "lost",
    "ab",
    "erst",
    "spater",
    "verschoben",
    "abgelehnt",
    "verweiger",
    "teilweise",
    "teil",
    "rest",
    "unklar",
    "pruf",
    "prufen",
    "verfall",
    "warten",
    "erwartet",
    "erwart",
    "beantragt",
    "bestellt",
    "entwurf",
    "kopie",
    "muster",
    "unbekannt",
    "vorlauf",
    "vorbehalt",
    "provisional",
    "abgebroch",
    "wartet",
];

/// Whether a word says that there is a receipt, or that money was handed out.
pub fn is_receipt(word: &str) -> bool {
    RECEIPT.iter().any(|start| word.starts_with(start)) || HANDED_OUT.contains(&word)
}

/// Whether a word of a confirmation says that the money has arrived.
pub fn confirms(word: &str) -> bool {
    CONFIRMS.contains(&word)
}

/// Whether a word may stand beside a receipt.
pub fn may_stand_beside(word: &str) -> bool {
    BESIDE.contains(&word)
}

/// Whether a word takes a receipt back, puts it off or denies it.
pub fn speaks_against(word: &str) -> bool {
    // Short ones are words of their own, or they would begin too many others.
    AGAINST.iter().any(
        |start| {
            if start.len() <= 4 { word == *start } else { word.starts_with(start) }
        },
    ) || ["kein", "fehl", "storn", "teil"].iter().any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_says_both() {
        for word in RECEIPT.iter().chain(HANDED_OUT).chain(BESIDE).chain(CONFIRMS) {
            assert!(!speaks_against(word), "{word}");
        }
        assert!(speaks_against("keine") && speaks_against("stornierte") && speaks_against("wird"));
        assert!(!speaks_against("abc"));
    }
}
