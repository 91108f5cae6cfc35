//! What each claim of a result is called for people, in one table.

use crate::model::language::Language;
use crate::model::text::fold_words;

/// The claims, each with what it says, in German and English.
const CLAIMS: [(&str, &str, &str); 70] = [
    ("account_check", "die Prüfziffern des Kontos", "the check of the account"),
    ("action", "was zu tun ist", "what to do"),
    ("actor", "wer tätig wird", "who acts"),
    ("amount", "der Betrag", "the amount"),
    ("bank_entries", "die Zahl der Bankbuchungen", "the number of bank entries"),
    ("bank_entries.account", "das Konto der Buchung", "the account of the booking"),
    ("bank_entries.amount", "der Betrag der Buchung", "the amount of the booking"),
    ("bank_entries.booking_date", "der Buchungstag", "the booking date"),
    ("bank_entries.booking_text", "der Buchungstext", "the booking text"),
    ("bank_entries.counterparty", "der Name der Gegenseite", "the name of the other side"),
    ("bank_entries.counterparty_iban", "das Konto der Gegenseite", "the account of the other side"),
    ("bank_entries.currency", "die Währung der Buchung", "the currency of the booking"),
    ("bank_entries.disposition", "wofür die Buchung gilt", "what the booking is taken for"),
    (
        "bank_entries.end_to_end_id",
        "die Ende-zu-Ende-Referenz der Buchung",
        "the end-to-end id of the booking",
    ),
    ("bank_entries.line", "die Stelle der Buchung", "the place of the booking"),
    (
        "bank_entries.remittance",
        "der Verwendungszweck der Buchung",
        "the remittance text of the booking",
    ),
    ("bank_entries.value_date", "die Wertstellung", "the value date"),
    ("beneficiary", "der Name", "the name"),
    ("benefit", "die Leistung", "the benefit"),
    ("booked_on", "der Tag der Buchung", "the day of the booking"),
    ("case_id", "das Aktenzeichen", "the case number"),
    ("credited_amount", "der gutgeschriebene Betrag", "the credited amount"),
    ("credited_on", "der Tag der Gutschrift", "the day of the credit"),
    ("currency", "die Währung", "the currency"),
    ("due", "die Fälligkeit", "the due date"),
    ("end_to_end_id", "die Ende-zu-Ende-Referenz", "the end-to-end id"),
    ("entries", "die genannte Buchung", "the booking that is named"),
    (
        "entries.amount",
        "der Betrag der genannten Buchung",
        "the amount of the booking that is named",
    ),
    (
        "entries.booking_date",
        "der Buchungstag der genannten Buchung",
        "the booking date of the booking that is named",
    ),
    ("entries.file", "die Datei der genannten Buchung", "the file of the booking that is named"),
    ("entries.line", "die Zeile der genannten Buchung", "the line of the booking that is named"),
    ("entries.second", "eine zweite Buchung ist nicht genannt", "a second booking is not named"),
    ("entries.sum", "die Summe der genannten Buchungen", "the sum of the bookings that are named"),
    (
        "entries.value_date",
        "die Wertstellung der genannten Buchung",
        "the value date of the booking that is named",
    ),
    ("evidence", "die Stufe des Nachweises", "the level of the evidence"),
    ("facility", "die Einrichtung", "the facility"),
    (
        "guaranteed",
        "ob die Gutschrift sicher rechtzeitig ist",
        "whether the credit is certainly in time",
    ),
    ("how", "wie bezahlt wurde", "how it was paid"),
    ("iban", "das Konto", "the account"),
    ("latest_credit", "der späteste Tag der Gutschrift", "the latest day of the credit"),
    ("needs_person", "ob jemand tätig werden muss", "whether it needs a person"),
    ("office", "die Dienststelle", "the office"),
    ("pack", "eine Datei des Nachweispakets", "a file of the evidence pack"),
    ("payee", "der Empfänger", "the payee"),
    ("payment", "die Zahlung", "the payment"),
    ("payments", "die Zahl der Zahlungen", "the number of payments"),
    ("reason", "der Grund", "the reason"),
    ("reason_code", "der Code der Bank", "the bank's code"),
    ("resolution", "die Entscheidung", "the decision"),
    ("returns", "eine Rückgabe ist nicht genannt", "a return is not named"),
    ("rule", "die Regel", "the rule"),
    ("run", "der Zahlungslauf", "the payment run"),
    ("run.as_of", "der Stichtag", "the day as of which it was asked"),
    ("run.calendar.closed", "die weiteren geschlossenen Tage", "the further closed days"),
    ("run.calendar.name", "der Kalender", "the calendar"),
    ("run.config_sha256", "die Konfiguration", "the configuration"),
    ("run.coverage", "die abgedeckten Tage", "the covered days"),
    ("run.coverage.account", "das Konto der abgedeckten Tage", "the account of the covered days"),
    ("run.coverage.from", "der erste abgedeckte Tag", "the first covered day"),
    ("run.coverage.gaps", "die Lücken der abgedeckten Tage", "the gaps of the covered days"),
    ("run.coverage.to", "der letzte abgedeckte Tag", "the last covered day"),
    ("run.crediting", "die Regel der Gutschrift", "the policy of crediting"),
    ("run.due", "die Fälligkeit des Laufs", "the due date of the run"),
    ("run.files", "die Dateien des Laufs", "the files of the run"),
    ("run.horizon", "der letzte Tag einer Verzögerung", "the last day of a delay"),
    ("run.options.month", "der Monat", "the month"),
    ("source", "die Stelle in der Liste", "the place in the list"),
    ("status", "der Stand", "the status"),
    ("totals", "die Summen", "the totals"),
    ("unknown", "eine Angabe", "a claim"),
];

/// What a claim says, for people.
pub fn of(claim: &str, language: Language) -> &'static str {
    let known = |name: &str| CLAIMS.iter().find(|(own, ..)| *own == name);
    let whole = || claim.rsplit_once('.').and_then(|(start, _)| known(start));
    let first = || claim.split('.').next().and_then(known);
    let found = known(claim).or_else(whole).or_else(first).or_else(|| known("unknown"));
    found.map_or("", |(_, german, english)| language.pick(german, english))
}

/// The claim that a word means: its name in the result's JSON, or what people read.
pub fn find(word: &str) -> Option<&'static str> {
    let wanted = fold_words(word);
    let same = |text: &str| !wanted.is_empty() && fold_words(text) == wanted;
    let found = CLAIMS.iter().find(|(name, german, english)| {
        *name == word.to_lowercase() || same(german) || same(english)
    });
    found.map(|(name, ..)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_have_words() {
        assert!(CLAIMS.is_sorted());
        assert_eq!(of("totals.closes", Language::De), "die Summen");
        assert_eq!(of("run.files.sha256", Language::En), "the files of the run");
        assert_eq!(of("amount", Language::En), "the amount");
        for word in ["entries.second", "Eine zweite Buchung ist nicht genannt"] {
            assert_eq!(find(word), Some("entries.second"), "{word}");
        }
        assert_eq!(find("nonsense").or(find("")), None);
    }
}
