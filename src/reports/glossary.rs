//! Words that reports show and no other table explains: states, levels of evidence, who acts, and the rest.

use crate::model::language::Language;
use crate::model::text::fold_words;

/// A word in all its spellings, and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// The machine name first, then what people read in either language.
    pub names: &'static [&'static str],
    /// What it means: German, English.
    pub meaning: (&'static str, &'static str),
}

impl Term {
    /// What it means.
    pub const fn text(self, language: Language) -> &'static str {
        let (german, english) = self.meaning;
        language.pick(german, english)
    }

    /// The term of this name, however it is written.
    pub fn find(name: &str) -> Option<Self> {
        let wanted = fold_words(name).concat();
        let same = |own: &str| fold_words(own).concat() == wanted;
        TERMS
            .iter()
            .copied()
            .find(|term| !wanted.is_empty() && term.names.iter().any(|own| same(own)))
    }
}

const fn term(names: &'static [&'static str], german: &'static str, english: &'static str) -> Term {
    Term { names, meaning: (german, english) }
}

/// All of them.
pub const TERMS: &[Term] = &[
    // States.
    term(
        &["credited", "gutgeschrieben"],
        "Die Zahlung ist nach den Belegen rechtzeitig gebucht: Betrag und Konto stimmen, nichts spricht dagegen.",
        "By the evidence the payment was booked in time: amount and account agree, nothing speaks against it.",
    ),
    term(
        &["delayed", "verzögert"],
        "Die Zahlung kommt nach dem Fälligkeitstag, aber noch bis zum nächsten Bankarbeitstag (oder dem Tag von --late-until), oder es ist noch offen, ob sie bis dahin gebucht wird.",
        "The payment comes after the due day but by the next banking day (or the day of --late-until), or it is still open whether it will be booked by then.",
    ),
    term(
        &["follow-up", "zu klären"],
        "Jemand muss handeln. Der Grund steht dabei, wer handelt und was zu tun ist.",
        "Somebody has to act. The reason is given, with who acts and what to do.",
    ),
    // Levels of evidence.
    term(
        &["E0"],
        "Nur die Liste: Es gibt noch keinen Nachweis.",
        "The list alone: there is no proof yet.",
    ),
    term(
        &["E1"],
        "Steht in der Auftragsdatei: vorbereitet, nicht gezahlt.",
        "Stands in the order file: prepared, not paid.",
    ),
    term(&["E2"], "Die Bank hat den Auftrag erhalten.", "The bank has received the order."),
    term(
        &["E3"],
        "Die Bank hat den Auftrag angenommen oder die Zahlung vorgemerkt; gebucht ist sie nicht.",
        "The bank has accepted the order or shows the payment as pending; it is not booked.",
    ),
    term(
        &["E4"],
        "Eine Sammelbuchung ist gebucht, Summe und Anzahl gehen auf; einzeln ist die Zahlung nicht zu sehen.",
        "A collective debit is booked, sum and count fit; the payment itself is not to be seen.",
    ),
    term(
        &["E5"],
        "Die Zahlung ist mit passenden Angaben einzeln gebucht.",
        "The payment is booked by itself, with matching details.",
    ),
    term(
        &["E6"],
        "Wie E4 oder E5, und drei Bankarbeitstage danach sind lückenlos ohne Rückgabe belegt.",
        "As E4 or E5, and three banking days after it are covered without a gap and without a return.",
    ),
    term(
        &["E7"],
        "Die Seite des Empfängers hat die Gutschrift bestätigt.",
        "The payee's side has confirmed the credit.",
    ),
    term(&["X1"], "Die Bank hat die Zahlung abgelehnt.", "The bank has rejected the payment."),
    term(&["X2"], "Das Geld ist zurückgekommen.", "The money has come back."),
    term(&["X3"], "Ein Rückruf oder eine Nachfrage läuft.", "A recall or an inquiry is running."),
    // Who acts.
    term(
        &["social-office", "Sozialamt"],
        "Das Sozialamt der Gemeinde, das die Person kennt: Es holt neue Bankverbindungen ein und klärt die Liste.",
        "The municipality's social office, which knows the person: it asks for new bank details and clears up the list.",
    ),
    term(
        &["county", "Kreis"],
        "Der Kreis, der Hilfe zur Pflege und Heime zahlt.",
        "The county, which pays care assistance and homes.",
    ),
    term(
        &["treasury", "Kasse"],
        "Die Kasse, die Zahlungen beauftragt und die Konten führt.",
        "The treasury, which orders payments and holds the accounts.",
    ),
    // How heavy a problem is.
    term(
        &["error", "Fehler"],
        "Etwas konnte nicht gelesen werden oder geht nicht auf; jemand muss es ansehen.",
        "Something could not be read or does not fit; somebody has to look at it.",
    ),
    term(
        &["warning", "Warnung"],
        "Etwas ist auffällig; das Ergebnis gilt, sollte aber angesehen werden.",
        "Something is conspicuous; the result holds but should be looked at.",
    ),
    term(&["note", "Hinweis"], "Zur Kenntnis, nichts zu tun.", "For information, nothing to do."),
    // Roles of files.
    term(
        &["list", "Liste"],
        "Eine Zahlungsliste: was geschuldet ist.",
        "A payment list: what is owed.",
    ),
    term(
        &["order", "Auftrag"],
        "Eine Auftragsdatei (pain.001): was die Bank zahlen soll.",
        "An order file (pain.001): what the bank is to pay.",
    ),
    term(
        &["bank"],
        "Als Datei: Umsätze der Bank. Wer handelt: die Bank, bei der nachzufragen ist.",
        "As a file: the bank's bookings. As who acts: the bank, which has to be asked.",
    ),
    term(
        &["status", "Statusbericht"],
        "Ein Statusbericht der Bank (pain.002): angenommen oder abgelehnt.",
        "The bank's status report (pain.002): accepted or rejected.",
    ),
    term(
        &["confirmation", "Bestätigung"],
        "Eine Datei der Empfängerseite mit dem Tag der Gutschrift.",
        "A file of the payee's side with the day of the credit.",
    ),
    term(
        &["ignored", "übergangen"],
        "Weder Liste noch Auftrag noch Bankdatei; nicht verwendet.",
        "Neither list nor order nor bank file; not used.",
    ),
    // What became of bank entries.
    term(
        &["matched", "zugeordnet"],
        "Diese Buchung beweist eine Zahlung.",
        "This booking proves a payment.",
    ),
    term(
        &["unlisted-debit", "Abbuchung ohne Liste", "ohne Liste"],
        "Geld ging ab, das auf keiner Liste steht.",
        "Money left that stands on no list.",
    ),
    term(
        &["return", "Rückzahlung"],
        "Geld kam zurück und gehört zu einer Zahlung.",
        "Money came back and belongs to a payment.",
    ),
    term(
        &["unassigned-return", "Rückzahlung, zu niemandem", "return, nobody's"],
        "Geld kam zurück, und keine Zahlung lässt sich dafür finden.",
        "Money came back, and no payment can be found for it.",
    ),
    term(
        &["duplicate-export", "doppelt"],
        "Dieselbe Buchung stand schon in einer anderen Datei und zählt einmal.",
        "The same booking stands in another file already and counts once.",
    ),
    term(
        &["superseded-pending"],
        "Eine Vormerkung, die inzwischen gebucht ist.",
        "A pending entry that has been booked since.",
    ),
    term(
        &["unrelated", "fremd"],
        "Eine Buchung, die mit diesem Lauf nichts zu tun hat.",
        "A booking that has nothing to do with this run.",
    ),
    // Rules.
    term(
        &["end-to-end-id"],
        "Buchung und Zahlung tragen dieselbe Ende-zu-Ende-Kennung.",
        "Booking and payment bear the same end-to-end id.",
    ),
    term(
        &["reference"],
        "Der Text der Buchung nennt das Aktenzeichen oder die Kennung der Zahlung.",
        "The booking's text names the payment's case number or id.",
    ),
    term(
        &["iban-and-amount"],
        "Konto und Betrag stimmen, und nur eine Zahlung passt.",
        "Account and amount agree, and only one payment fits.",
    ),
    term(
        &["name-and-amount"],
        "Nur Name und Betrag stimmen; das allein beweist nichts.",
        "Only name and amount agree; that alone proves nothing.",
    ),
    term(
        &["coverage"],
        "Entschieden haben die Tage, die die Bankdaten abdecken.",
        "The days that the bank data cover decided.",
    ),
    // What changed between two results.
    term(
        &["no-longer-credited"],
        "War gutgeschrieben und ist es nicht mehr: Wer angerufen hat, muss es erfahren.",
        "Was credited and no longer is: whoever called has to be told.",
    ),
    term(&["new-follow-up"], "Muss neu geklärt werden.", "Has to be cleared up, newly."),
    term(
        &["newly-delayed"],
        "War zu klären und ist jetzt verzögert.",
        "Was a follow-up and is delayed now.",
    ),
    term(&["newly-credited"], "Ist jetzt gutgeschrieben.", "Is credited now."),
    term(
        &["reason-changed"],
        "Derselbe Stand, ein anderer Grund.",
        "The same state, another reason.",
    ),
    term(&["row-new"], "Steht neu in der Liste.", "Stands in the list, newly."),
    term(&["row-gone"], "Steht nicht mehr in der Liste.", "Stands in the list no more."),
    term(
        &["row-changed"],
        "Betrag oder Konto in der Liste ist anders.",
        "Amount or account in the list is another.",
    ),
    // Decisions.
    term(
        &["confirmed-by-bank", "Bank bestätigt"],
        "Die Bank hat die Zahlung bestätigt.",
        "The bank has confirmed the payment.",
    ),
    term(&["paid-again", "neu gezahlt"], "Es wurde noch einmal gezahlt.", "It was paid again."),
    term(
        &["assigned", "Buchung zugeordnet"],
        "Jemand hat eine Buchung von Hand zugeordnet.",
        "Somebody assigned a booking by hand.",
    ),
    term(&["paid-in-cash", "bar ausgezahlt"], "Bar ausgezahlt.", "Paid in cash."),
    term(
        &["nothing-to-do", "nichts zu tun"],
        "Geprüft, es ist nichts zu tun.",
        "Looked at, nothing is to be done.",
    ),
    term(
        &["waiting", "abwarten"],
        "Bis zu einem Tag ist nichts zu tun.",
        "Nothing is to be done until a day.",
    ),
    term(
        &["open", "wieder offen", "offen"],
        "Bei Entscheidungen: sie wurde zurückgenommen. Bei der Prüfung eines Ergebnisses: eine Datei fehlt oder wurde verändert, so dass die Angabe weder bewiesen noch widerlegt ist.",
        "Of decisions: it was taken back. Of the audit of a result: a file is missing or was changed, so that the claim is neither proven nor refuted.",
    ),
    // How claims of a result stand.
    term(
        &["proven", "bewiesen"],
        "Was das Ergebnis sagt, wurde aus den Dateien noch einmal bewiesen, mit einem Prüfer, der mit dem Abgleich nur das Lesen teilt.",
        "What the result says was proven from the files once more, by a checker that shares nothing but the reading with the reconciliation.",
    ),
    term(
        &["refuted", "widerlegt"],
        "Die Dateien sagen etwas anderes als das Ergebnis: Es wurde verändert, oder der Abgleich hat sich geirrt.",
        "The files say something else than the result: it was changed, or the reconciliation was wrong.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_found_however_they_are_written() {
        for name in ["zu klären", "Zu Klaeren", "follow-up", "FOLLOW UP", "e5", "Kasse"] {
            assert!(Term::find(name).is_some(), "{name}");
        }
        assert!(Term::find("").is_none() && Term::find("nonsense").is_none());
    }

    #[test]
    fn no_name_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for name in TERMS.iter().flat_map(|term| term.names) {
            assert!(seen.insert(fold_words(name).concat()), "{name}");
        }
    }
}
