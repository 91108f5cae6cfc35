//! What `check` may find, with the words for it.

use crate::model::language::Language;
use crate::model::problem::Severity;

/// What the table says about a kind of finding.
#[derive(Clone, Copy, Debug)]
pub struct KindText {
    /// The machine name.
    pub name: &'static str,
    /// How much it weighs: errors and warnings need a person, notes do not.
    pub severity: Severity,
    /// What was found; `{found}` and `{expected}` are filled in: German, English.
    pub sentence: (&'static str, &'static str),
    /// What to do: German, English.
    pub action: (&'static str, &'static str),
}

/// Makes the enum and its table from the same rows.
macro_rules! kinds {
    ($( $variant:ident: $name:literal, $severity:ident,
        $german:literal, $english:literal,
        $action_de:literal, $action_en:literal; )*) => {
        /// A kind of finding. The names are part of the contract with scripts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $( #[doc = $english] $variant, )* }

        impl Kind {
            /// Every kind, in the order in which people read them.
            pub const ALL: &[Self] = &[ $( Self::$variant, )* ];

            /// What the table says about it.
            pub const fn text(self) -> KindText {
                match self { $( Self::$variant => KindText {
                    name: $name,
                    severity: Severity::$severity,
                    sentence: ($german, $english),
                    action: ($action_de, $action_en),
                }, )* }
            }
        }
    };
}

impl Kind {
    /// The machine name.
    pub const fn name(self) -> &'static str {
        self.text().name
    }

    /// What to do about it.
    pub const fn action(self, language: Language) -> &'static str {
        let (german, english) = self.text().action;
        language.pick(german, english)
    }

    /// What was found, in one sentence.
    pub fn sentence(self, found: &str, expected: &str, language: Language) -> String {
        let (german, english) = self.text().sentence;
        let template = language.pick(german, english);
        // Values come from files: what stands in them is not filled in once more.
        let mut sentence = String::new();
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('{') {
            sentence.push_str(before);
            let (slot, behind) = behind.split_once('}').unwrap_or((behind, ""));
            sentence.push_str(if slot == "found" { found } else { expected });
            rest = behind;
        }
        sentence.push_str(rest);
        sentence
    }
}

kinds! {
    OrderMissing: "order-missing", Error,
        "Es ist keine Auftragsdatei dabei; ob die Zahlungen beauftragt sind, ist nicht bekannt",
        "there is no order file; whether the payments are ordered is not known",
        "Die Auftragsdatei (pain.001) mitgeben.", "Give the order file (pain.001) too.";
    ListMissing: "list-missing", Warning,
        "Es ist keine Zahlungsliste dabei; der Auftrag ist nur in sich geprüft",
        "there is no payment list; the order is checked in itself only",
        "Die Zahlungslisten des Monats mitgeben.", "Give the month's payment lists too.";
    NotInOrder: "not-in-order", Error,
        "Steht in der Liste, aber in keinem Auftrag",
        "stands in the list, but in no order",
        "Den Auftrag ergänzen, bevor er zur Bank geht.", "Add it to the order before that goes to the bank.";
    NotInList: "not-in-list", Error,
        "Ist beauftragt, steht aber in keiner Liste",
        "is ordered, but stands in no list",
        "Klären, wofür das Geld ist, bevor der Auftrag zur Bank geht.", "Find out what the money is for before the order goes to the bank.";
    OrderAmountDiffers: "order-amount-differs", Error,
        "Der Auftrag lautet auf {found}, die Liste auf {expected}",
        "the order says {found}, the list {expected}",
        "Den Betrag vor der Ausführung berichtigen.", "Correct the amount before execution.";
    OrderAccountDiffers: "order-account-differs", Error,
        "Der Auftrag geht an {found}, die Liste nennt {expected}",
        "the order goes to {found}, the list says {expected}",
        "Das Konto an der Akte prüfen und vor der Ausführung berichtigen.", "Check the account with the case and correct it before execution.";
    OrderedTwice: "ordered-twice", Error,
        "Dieselbe Zahlung über {found} ist mehr als einmal beauftragt",
        "the same payment of {found} is ordered more than once",
        "Einen der Aufträge zurückziehen, bevor beide ausgeführt werden.", "Withdraw one of the orders before both are executed.";
    OrderRejected: "order-rejected", Error,
        "Die Bank hat den Auftrag schon abgelehnt",
        "the bank has refused the order already",
        "Den Grund beheben und neu beauftragen.", "Remove the cause and order again.";
    BlockedOrdered: "blocked-ordered", Error,
        "Die Liste sperrt die Zahlung ({found}), beauftragt ist sie trotzdem",
        "the list blocks the payment ({found}), it is ordered all the same",
        "Aus dem Auftrag nehmen oder die Sperre aufheben.", "Take it out of the order or lift the block.";
    OtherChannelOrdered: "other-channel-ordered", Warning,
        "Wird nicht überwiesen ({found}), ist aber beauftragt",
        "is not paid by transfer ({found}), but is ordered",
        "Prüfen, ob sonst doppelt gezahlt wird.", "Check whether it would be paid twice.";
    OrderFileTwice: "order-file-twice", Error,
        "Derselbe Auftrag liegt mehrmals vor ({found})",
        "the same order is there more than once ({found})",
        "Nur eine der Dateien einreichen.", "Hand in only one of the files.";
    MessageIdTwice: "message-id-twice", Error,
        "Die Nachrichtenkennung {found} gibt es auch in einem Auftrag mit anderem Inhalt",
        "the message id {found} is in an order of other content too",
        "Neu vergeben: Die Bank weist den zweiten Auftrag als doppelt ab.", "Give a new one: the bank refuses the second order as a duplicate.";
    AlreadySent: "already-sent", Error,
        "Laut Ablage schon am {expected} eingereicht: {found}",
        "handed in before, on {expected} as the store says: {found}",
        "Nicht noch einmal einreichen; ist es ein neuer Auftrag, braucht er eine neue Kennung und einen neuen Ausführungstag.", "Do not hand it in again; if it is a new order it needs a new message id and execution day.";
    ControlSumDiffers: "control-sum-differs", Error,
        "Angegeben ist die Summe {expected}, die Posten ergeben {found}",
        "the sum {expected} is stated, the items give {found}",
        "Die Datei neu erzeugen: Sie wurde verändert oder ist unvollständig.", "Make the file anew: it was changed or is incomplete.";
    CountDiffers: "count-differs", Error,
        "Angegeben sind {expected} Posten, gefunden wurden {found}",
        "{expected} items are stated, {found} were found",
        "Die Datei neu erzeugen: Sie wurde verändert oder ist unvollständig.", "Make the file anew: it was changed or is incomplete.";
    ExecutionLate: "execution-late", Error,
        "Wird am {found} gutgeschrieben, fällig ist es am {expected}",
        "is credited on {found}, due on {expected}",
        "Den Ausführungstag vorziehen oder als Echtzeitüberweisung beauftragen.", "Bring the execution day forward or order instant transfers.";
    ExecutionEarly: "execution-early", Error,
        "Ausführungstag {found} liegt mehr als zehn Bankarbeitstage vor der Fälligkeit am {expected}",
        "the execution day {found} is more than ten banking days before the due day {expected}",
        "Prüfen, ob der Auftrag aus einem anderen Monat stammt.", "Check whether the order is of another month.";
    ExecutionMissing: "execution-missing", Warning,
        "Der Auftrag nennt keinen Ausführungstag",
        "the order names no execution day",
        "Den Ausführungstag eintragen.", "Enter the execution day.";
    ExecutionClosed: "execution-closed", Warning,
        "{found} ist kein Bankarbeitstag; ausgeführt wird am {expected}",
        "{found} is no banking day; it is executed on {expected}",
        "Einen Bankarbeitstag davor eintragen.", "Enter a banking day before it.";
    ExecutionPassed: "execution-passed", Error,
        "Der Ausführungstag {found} ist nicht mehr zu erreichen; frühestens {expected}",
        "the execution day {found} can no longer be met; {expected} at the earliest",
        "Ausführungstag ändern; bei Verzug als Echtzeitüberweisung beauftragen.", "Change the execution day; if that is too late order instant transfers.";
    ExecutionNotGuaranteed: "execution-not-guaranteed", Note,
        "Ausgeführt am {found}; die Bank des Empfängers darf bis {expected} gutschreiben",
        "executed on {found}; the payee's bank may credit until {expected}",
        "Wer sicher gehen will, lässt einen Bankarbeitstag früher ausführen.", "To be sure, have it executed a banking day earlier.";
    RowTwice: "row-twice", Error,
        "Dieselbe Zahlung steht noch einmal in den Listen ({found})",
        "the same payment stands in the lists once more ({found})",
        "Prüfen, ob beide Zeilen geschuldet sind.", "Check whether both rows are owed.";
    RowUnreadable: "row-unreadable", Error,
        "Die Zeile kann nicht gelesen werden ({found})",
        "the row cannot be read ({found})",
        "Die Zeile in der Liste berichtigen.", "Correct the row in the list.";
    AccountInvalid: "account-invalid", Error,
        "Die IBAN {found} besteht die Prüfung nicht",
        "the IBAN {found} fails its check digits",
        "Die Bankverbindung an der Akte berichtigen.", "Correct the bank details in the case.";
    AccountMissing: "account-missing", Error,
        "Für eine Überweisung fehlt das Konto",
        "a transfer needs an account, and there is none",
        "Die Bankverbindung nachtragen.", "Enter the bank details.";
    AccountTypo: "account-typo", Error,
        "Das Konto {found} unterscheidet sich vom letzten ({expected}) wie durch einen Tippfehler",
        "the account {found} differs from the last one ({expected}) as by a typing error",
        "Mit der Akte vergleichen, Ziffer für Ziffer.", "Compare with the case, digit by digit.";
    AccountChanged: "account-changed", Warning,
        "Neues Konto {found}, bisher {expected}",
        "new account {found}, before {expected}",
        "Zu zweit prüfen, woher die Änderung kommt.", "Have two people check where the change comes from.";
    AccountReturned: "account-returned", Error,
        "Vom Konto {found} kam das Geld des letzten Monats zurück",
        "last month's money came back from the account {found}",
        "Vor der Ausführung die Bankverbindung klären.", "Settle the bank details before execution.";
    AmountTenTimes: "amount-ten-times", Error,
        "{found} ist das Zehn- oder Hundertfache des letzten Betrags ({expected}) oder ein Zehntel oder Hundertstel davon",
        "{found} is ten or a hundred times the last amount ({expected}), or a tenth or hundredth of it",
        "Prüfen, ob das Komma an der richtigen Stelle steht.", "Check whether the decimal mark is in the right place.";
    SumFarOff: "sum-far-off", Error,
        "Alles zusammen sind es {found}, im letzten Monat waren es {expected}",
        "all together it is {found}, last month it was {expected}",
        "Prüfen, ob die Beträge in Cent statt in Euro stehen oder eine Liste fehlt.", "Check whether amounts are in cents instead of euros or a list is missing.";
    Problem: "problem", Error,
        "{found}",
        "{found}",
        "{expected}", "{expected}";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_filled_once() {
        let kind = Kind::OrderAmountDiffers;
        assert_eq!(
            kind.sentence("{expected}", "5.00", Language::En),
            "the order says {expected}, the list 5.00"
        );
        for kind in Kind::ALL {
            assert!(!kind.sentence("a", "b", Language::De).is_empty());
            assert!(!kind.action(Language::En).is_empty(), "{}", kind.name());
        }
    }
}
