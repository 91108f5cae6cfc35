//! Remarks of lists that take a payment back: `abgesetzt`, `Anweisung zurückgenommen`.

/// What takes the meaning away, shortly before the word.
pub(super) const NOT: [&str; 8] =
    ["nicht", "not", "keine", "kein", "keiner", "no", "ohne", "never"];

/// Words that end a payment where a text begins with them, or speaks of a payment before.
const TAKEN_BACK: [&str; 9] = [
    "abgesetzt",
    "absetzung",
    "gestrichen",
    "zuruckgezogen",
    "zuruckgenommen",
    "geloscht",
    "loschung",
    "dublette",
    "doppelzahlung",
];

/// What is taken back: beginnings of words.
const OF_PAYMENTS: [&str; 11] = [
    "zahlung",
    "auszahlung",
    "uberweisung",
    "anweisung",
    "anordnung",
    "leistung",
    "payment",
    "bitte",
    "doppelt",
    "datensatz",
    "zeile",
];

/// So many words before are looked at.
const NEAR: usize = 4;

/// Whether a text, as its folded words, says so: `abgesetzt`, `Anweisung zurückgenommen`, `doppelt erfasst, bitte löschen`; not `Einkommen abgesetzt`.
pub fn is_said(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let before = words.get(..at).unwrap_or_default();
        let near = before.get(at.saturating_sub(NEAR)..).unwrap_or_default();
        let of_payment =
            || near.iter().any(|own| OF_PAYMENTS.iter().any(|stem| own.starts_with(stem)));
        let denied = || near.iter().rev().take(2).any(|own| NOT.contains(&own.as_str()));
        let ends = TAKEN_BACK.contains(&word.as_str()) && (at == 0 || of_payment());
        (ends || (word == "loschen" && of_payment())) && !denied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::folded::Folded;

    #[test]
    fn texts() {
        for (text, expected) in [
            ("abgesetzt", true),
            ("Auszahlung gestrichen", true),
            ("Anweisung zurückgenommen", true),
            ("doppelt erfasst, löschen", true),
            ("bitte löschen", true),
            ("Dublette", true),
            ("Einkommen abgesetzt", false),
            ("Zuschlag gestrichen", false),
            ("Widerspruch zurückgezogen", false),
            ("Anweisung nicht zurückgenommen", false),
        ] {
            let words: Vec<String> = Folded::new(text).words().map(str::to_owned).collect();
            let said = is_said(&words);
            assert_eq!(said, expected, "{text}");
            assert!(!said || crate::facts::block_marks::may_be_said(text.as_bytes()), "{text}");
        }
    }
}
