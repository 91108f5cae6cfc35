//! The reasons of verdicts: what each means, who acts, what to do.
//!
//! `gutschrift explain`, the reports and the manual page of reasons all read this one table.

use crate::model::language::Language;
use crate::verdict::status::Status;

/// Who has to act on a follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// The municipality's social office, which knows the person.
    SocialOffice,
    /// The county, which pays care assistance and homes.
    County,
    /// The treasury, which orders payments and holds the accounts.
    Treasury,
    /// The bank.
    Bank,
}

impl Actor {
    /// All, in the order of reports.
    pub const ALL: [Self; 4] = [Self::SocialOffice, Self::County, Self::Treasury, Self::Bank];

    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SocialOffice => "social-office",
            Self::County => "county",
            Self::Treasury => "treasury",
            Self::Bank => "bank",
        }
    }

    /// The name people read.
    pub const fn label(self, language: Language) -> &'static str {
        match self {
            Self::SocialOffice => language.pick("Sozialamt", "social office"),
            Self::County => language.pick("Kreis", "county"),
            Self::Treasury => language.pick("Kasse", "treasury"),
            Self::Bank => language.pick("Bank", "bank"),
        }
    }
}

/// What the table says about a reason.
#[derive(Clone, Copy, Debug)]
pub struct ReasonText {
    /// The machine name.
    pub name: &'static str,
    /// The status it belongs to.
    pub status: Status,
    /// Who acts unless the benefit or a bank's code says otherwise; nobody where none need.
    pub actor: Option<Actor>,
    /// A few words: German, English.
    pub label: (&'static str, &'static str),
    /// What it means: German, English.
    pub meaning: (&'static str, &'static str),
    /// What to do; empty where nothing is to be done: German, English.
    pub action: (&'static str, &'static str),
}

/// Makes the enum and its table from the same rows, so that no reason lacks an explanation.
macro_rules! reasons {
    ($( $variant:ident: $name:literal, $status:ident, $actor:expr,
        $label_de:literal, $label_en:literal,
        $meaning_de:literal, $meaning_en:literal,
        $action_de:literal, $action_en:literal; )*) => {
        /// Why a verdict is what it is. The names are part of the contract with scripts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Reason { $( #[doc = $meaning_en] $variant, )* }

        impl Reason {
            /// Every reason, in the order of the table.
            pub const ALL: &[Self] = &[ $( Self::$variant, )* ];

            /// What the table says about it.
            pub const fn text(self) -> ReasonText {
                match self { $( Self::$variant => ReasonText {
                    name: $name,
                    status: Status::$status,
                    actor: $actor,
                    label: ($label_de, $label_en),
                    meaning: ($meaning_de, $meaning_en),
                    action: ($action_de, $action_en),
                }, )* }
            }
        }
    };
}

impl Reason {
    /// The machine name, such as `not-found`.
    pub const fn name(self) -> &'static str {
        self.text().name
    }

    /// The status it belongs to.
    pub const fn status(self) -> Status {
        self.text().status
    }

    /// A few words for tables.
    pub const fn label(self, language: Language) -> &'static str {
        let (german, english) = self.text().label;
        language.pick(german, english)
    }

    /// What it means.
    pub const fn meaning(self, language: Language) -> &'static str {
        let (german, english) = self.text().meaning;
        language.pick(german, english)
    }

    /// What to do; `None` where nothing is to be done.
    pub fn action(self, language: Language) -> Option<&'static str> {
        let (german, english) = self.text().action;
        let action = language.pick(german, english);
        (!action.is_empty()).then_some(action)
    }

    /// The reason with this machine name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.name() == name)
    }
}

reasons! {
    Booked: "booked", Credited, None,
        "Gebucht", "Booked",
        "Eine eigene Buchung passt in Betrag, Konto und Kennzeichen und ist rechtzeitig.",
        "One own booking fits in amount, account and reference, and is in time.",
        "", "";
    Confirmed: "confirmed", Credited, None,
        "Bestätigt", "Confirmed",
        "Die Seite des Empfängers bestätigt die Gutschrift mit Datum.",
        "The payee's side confirms the credit with its date.",
        "", "";
    Batch: "batch", Credited, None,
        "Sammelbuchung", "Collective debit",
        "Die Zahlung gehört zu einer Sammelbuchung, deren Summe (und Anzahl, wo die Bank sie nennt) genau aufgeht.",
        "The payment belongs to a collective debit whose sum (and count, where the bank gives one) fits exactly.",
        "", "";
    Split: "split", Credited, None,
        "In Teilen", "Split",
        "Mehrere Buchungen mit diesem Kennzeichen ergeben zusammen genau den Betrag.",
        "Several bookings with this reference add up to exactly the amount.",
        "", "";
    Merged: "merged", Credited, None,
        "Zusammengefasst", "Merged",
        "Eine Buchung bezahlt mehrere Zeilen desselben Kontos und geht genau auf.",
        "One booking pays several rows of the same account and fits exactly.",
        "", "";
    Repaid: "repaid", Credited, None,
        "Neu gezahlt", "Paid again",
        "Die erste Zahlung kam zurück oder wurde abgelehnt; die neue ist rechtzeitig gebucht.",
        "The first payment came back or was rejected; the new one was booked in time.",
        "", "";
    NothingDue: "nothing-due", Credited, None,
        "Nichts fällig", "Nothing due",
        "Der Betrag der Liste ist 0,00; alles geht an Dritte.",
        "The list's amount is 0.00; everything goes to third parties.",
        "", "";
    OtherChannel: "other-channel", Credited, None,
        "Anderer Zahlweg", "Other channel",
        "Bar, per Scheck oder Karte gezahlt, mit Beleg in der Liste.",
        "Paid in cash, by cheque or card, with a receipt in the list.",
        "", "";
    ReceiptMissing: "receipt-missing", FollowUp, Some(Actor::SocialOffice),
        "Beleg fehlt", "Receipt missing",
        "Bar, per Scheck oder Karte zu zahlen, aber die Liste nennt keinen Beleg.",
        "To be paid in cash, by cheque or card, but the list names no receipt.",
        "Klären, ob das Geld abgeholt wurde, und die Belegnummer in die Liste eintragen.", "Find out whether the money was collected and enter the receipt in the list.";
    BookedLate: "booked-late", Delayed, None,
        "Später gebucht", "Booked late",
        "Gebucht nach dem Fälligkeitstag, spätestens am nächsten Bankarbeitstag.",
        "Booked after the due date, at the latest on the next banking day.",
        "", "";
    Pending: "pending", Delayed, None,
        "Vorgemerkt", "Pending",
        "Bisher nur vorgemerkt oder von der Bank angenommen; die Bankdaten reichen noch nicht bis zum nächsten Bankarbeitstag.",
        "So far only pending or accepted by the bank; the bank data do not reach the next banking day yet.",
        "", "";
    NotBookedByDue: "not-booked-by-due", Delayed, None,
        "Bis zur Fälligkeit nicht gebucht", "Not booked by the due date",
        "Bis zum Fälligkeitstag nicht gebucht; die Bankdaten enden vor dem nächsten Bankarbeitstag.",
        "Not booked by the due date; the bank data end before the next banking day.",
        "", "";
    NotFound: "not-found", FollowUp, Some(Actor::Treasury),
        "Nicht gefunden", "Not found",
        "Die Bankdaten sind vollständig, aber keine Buchung gehört zu dieser Zahlung.",
        "The bank data are complete, but no booking belongs to this payment.",
        "Prüfen, ob die Zahlung beauftragt wurde, und sie sonst sofort nachholen.", "Check whether the payment was ordered, and otherwise make it at once.";
    BankDataMissing: "bank-data-missing", FollowUp, Some(Actor::Treasury),
        "Bankdaten fehlen", "Bank data missing",
        "Für nötige Tage oder Konten fehlen Bankdaten; ob gezahlt wurde, ist nicht bekannt.",
        "Bank data are missing for days or accounts that are needed; whether it was paid is not known.",
        "Die fehlenden Kontoauszüge holen und den Abgleich wiederholen.", "Fetch the missing statements and run again.";
    Returned: "returned", FollowUp, Some(Actor::SocialOffice),
        "Zurückgekommen", "Returned",
        "Das Geld wurde gebucht und kam zurück.",
        "The money was booked and came back.",
        "Neue Bankverbindung einholen und neu zahlen.", "Get new bank details and pay again.";
    Rejected: "rejected", FollowUp, Some(Actor::Treasury),
        "Abgelehnt", "Rejected",
        "Die Bank hat die Zahlung nicht ausgeführt.",
        "The bank did not execute the payment.",
        "Grund beheben und die Zahlung neu beauftragen.", "Remove the cause and order the payment again.";
    Recalled: "recalled", FollowUp, Some(Actor::Treasury),
        "Rückruf läuft", "Recalled",
        "Für die Zahlung läuft ein Rückruf oder eine Nachforschung.",
        "A recall or inquiry is running for the payment.",
        "Ausgang des Rückrufs bei der Bank erfragen.", "Ask the bank how the recall ended.";
    CreditedTooLate: "credited-too-late", FollowUp, Some(Actor::Treasury),
        "Zu spät", "Too late",
        "Gebucht erst nach dem nächsten Bankarbeitstag.",
        "Booked only after the next banking day.",
        "Grund der Verspätung klären; die Person auf Wunsch über die Buchung informieren.", "Find out why it was late; tell the person about the booking if asked.";
    AmountDiffers: "amount-differs", FollowUp, Some(Actor::Treasury),
        "Anderer Betrag", "Amount differs",
        "Unter dem Kennzeichen dieser Zahlung ist ein anderer Betrag gebucht.",
        "Another amount is booked under this payment's reference.",
        "Richtigen Betrag feststellen, Rest nachzahlen oder Überzahlung zurückholen.", "Establish the right amount, pay the rest or get the surplus back.";
    PartlyPaid: "partly-paid", FollowUp, Some(Actor::Treasury),
        "Teilweise gezahlt", "Partly paid",
        "Mehrere Teile sind gebucht, zusammen zu wenig.",
        "Several parts are booked, too little together.",
        "Den fehlenden Teil zahlen.", "Pay the missing part.";
    AccountDiffers: "account-differs", FollowUp, Some(Actor::Treasury),
        "Anderes Konto", "Account differs",
        "Kennzeichen oder Name und Betrag passen, aber gebucht wurde auf ein anderes Konto.",
        "Reference or name and amount agree, but another account was paid.",
        "Sofort klären, wem das Konto gehört; Rückruf bei der Bank prüfen.", "Find out at once whose account it is; consider a recall with the bank.";
    PaidTwice: "paid-twice", FollowUp, Some(Actor::Treasury),
        "Doppelt gezahlt", "Paid twice",
        "Für diese Zahlung ist mehr gebucht als geschuldet.",
        "More is booked than owed for this payment.",
        "Prüfen, ob die zweite Zahlung gewollt ist; sonst binnen zehn Bankarbeitstagen zurückrufen.", "Check whether the second payment is intended; otherwise recall it within ten banking days.";
    WeakMatch: "weak-match", FollowUp, Some(Actor::SocialOffice),
        "Nur Name und Betrag", "Weak match",
        "Nur Name und Betrag stimmen überein; das beweist nichts.",
        "Only name and amount agree; that proves nothing.",
        "Buchung und Akte vergleichen: Ist es diese Person und dieses Konto?", "Compare booking and case: is it this person and this account?";
    Ambiguous: "ambiguous", FollowUp, Some(Actor::SocialOffice),
        "Mehrdeutig", "Ambiguous",
        "Mehrere Zahlungen oder Buchungen passen gleich gut.",
        "Several payments or bookings fit equally well.",
        "Von Hand zuordnen: Die Maschine wählt niemanden aus.", "Assign by hand: the machine picks nobody.";
    BatchDiffers: "batch-differs", FollowUp, Some(Actor::Treasury),
        "Sammelbuchung geht nicht auf", "Batch differs",
        "Summe oder Anzahl der Sammelbuchung passen nicht zum Lauf; wer fehlt, ist nicht bekannt.",
        "Sum or count of the collective debit do not fit the run; who is missing is not known.",
        "Bei der Bank die Einzelposten oder den Statusbericht des Sammlers holen.", "Get the single items or the status report of the batch from the bank.";
    SumDiffers: "sum-differs", FollowUp, Some(Actor::County),
        "Summe weicht ab", "Sum differs",
        "Die Sammelzahlung an dieses Konto passt nicht zu den Zeilen der Liste.",
        "The merged payment to this account does not fit the rows of the list.",
        "Mit der Einrichtung oder dem Zahlungsempfänger abstimmen, welche Zeilen bezahlt sind.", "Settle with the facility or payee which rows are paid.";
    AccountInvalid: "account-invalid", FollowUp, Some(Actor::SocialOffice),
        "IBAN ungültig", "Account invalid",
        "Die IBAN besteht die Prüfung nicht, und nichts wurde gebucht.",
        "The IBAN fails its check digits and nothing was booked.",
        "Bankverbindung in der Akte berichtigen und zahlen.", "Correct the bank details in the case and pay.";
    Stopped: "stopped", FollowUp, Some(Actor::SocialOffice),
        "Gesperrt", "Stopped",
        "Die Liste sperrt die Zahlung oder nennt sie storniert; nichts wurde gebucht.",
        "The list blocks or cancels the payment; nothing was booked.",
        "Im Fall nachsehen, warum die Zahlung gesperrt ist.", "Look in the case why the payment is blocked.";
    PaidThoughStopped: "paid-though-stopped", FollowUp, Some(Actor::Treasury),
        "Trotz Sperre gezahlt", "Paid though stopped",
        "Die Liste sperrt die Zahlung, gebucht wurde sie trotzdem.",
        "The list blocks the payment, it was booked all the same.",
        "Klären, ob das Geld zurückgeholt werden muss.", "Find out whether the money must be got back.";
    RowUnreadable: "row-unreadable", FollowUp, Some(Actor::SocialOffice),
        "Zeile unlesbar", "Row unreadable",
        "Die Zeile der Liste kann nicht gelesen werden.",
        "The row of the list cannot be read.",
        "Die genannte Zeile in der Liste berichtigen und den Abgleich wiederholen.", "Correct the row named in the list and run again.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_follow_up_says_who_acts_and_what_to_do() {
        for reason in Reason::ALL {
            let text = reason.text();
            assert!(!text.meaning.0.is_empty() && !text.meaning.1.is_empty(), "{}", text.name);
            let follow_up = text.status == Status::FollowUp;
            assert_eq!(text.actor.is_some(), follow_up, "{}", text.name);
            assert_eq!(!text.action.0.is_empty(), follow_up, "{}", text.name);
            assert_eq!(Reason::from_name(text.name), Some(*reason));
        }
    }
}
