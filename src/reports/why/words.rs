//! What ties or parts a payment and a booking, in the words of a clerk.

use crate::matching::findings::Failure;
use crate::matching::findings::Flag;
use crate::matching::findings::Link;
use crate::matching::pair::kinds::Bar;
use crate::matching::pair::kinds::Bond;
use crate::matching::pair::kinds::Remark;
use crate::matching::pair::kinds::Standing;
use crate::matching::pair::kinds::State;
use crate::matching::pair::kinds::Topic;
use crate::model::statement::Doubt;
use crate::reports::wording::Words;

/// What people call a field: German, English.
pub(super) const fn topic(topic: Topic) -> (&'static str, &'static str) {
    match topic {
        Topic::EndToEndId => ("End-to-End-Kennung", "end-to-end id"),
        Topic::Reference => ("Kennzeichen im Text", "reference in the text"),
        Topic::Order => ("Auftrag", "order"),
        Topic::Account => ("Konto", "account"),
        Topic::Name => ("Name", "name"),
        Topic::Amount => ("Betrag", "amount"),
        Topic::Day => ("Tag", "day"),
        Topic::Month => ("Monat", "month"),
        Topic::State => ("Buchung", "booking"),
        Topic::Use => ("Beleg für", "proof of"),
    }
}

/// How a field stands.
pub(super) const fn standing(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Agrees => ("stimmt", "agrees"),
        Standing::Differs => ("weicht ab", "differs"),
        Standing::NotStated => ("nicht genannt", "not stated"),
    }
}

/// What the booking is.
pub(super) const fn state(state: State) -> (&'static str, &'static str) {
    match state {
        State::Booked => ("gebuchte Überweisung", "booked transfer"),
        State::Collective => {
            ("Sammelbuchung ohne Einzelposten", "collective debit without its items")
        }
        State::Pending => ("nur vorgemerkt", "pending only"),
        State::Superseded => ("vorgemerkt, inzwischen gebucht", "pending, booked since"),
        State::Return => ("Rückzahlung", "return"),
        State::MoneyIn => ("Geldeingang", "incoming money"),
        State::NoTransfer => {
            ("Entgelt, Lastschrift, Karte oder Bargeld", "fee, direct debit, card or cash")
        }
        State::Reversal => ("Storno der Bank", "reversal of the bank"),
        State::NotCounted => (
            "zählt nicht (nur zur Information, andere Währung oder nach dem Stichtag)",
            "not counted (for information, in another currency, or after the day asked for)",
        ),
    }
}

/// What else there is to say of a field.
pub(super) fn remark(remark: Remark, words: Words) -> String {
    let of = |german: &str, english: &str| words.pick(german, english).to_owned();
    match remark {
        Remark::Cut => of("die Bank zeigt nur den Anfang", "the bank shows its beginning only"),
        Remark::Ordered => of("die Kennung des Auftrags", "the id of the order"),
        Remark::Placeholder => of(
            "Platzhalter oder für viele dieselbe: keine Kennung",
            "a placeholder, or one for many: no id",
        ),
        Remark::AccountInvalid => {
            of("die IBAN der Liste besteht die Prüfung nicht", "the list's IBAN fails its check")
        }
        Remark::Typo(1) => of("unterscheiden sich in einem Zeichen", "differ in one character"),
        Remark::Typo(count) => words
            .pick(
                &format!("unterscheiden sich in {count} Zeichen"),
                &format!("differ in {count} characters"),
            )
            .to_owned(),
        Remark::Times(10) => of("das Zehnfache", "ten times as much"),
        Remark::Times(_) => of("das Hundertfache", "a hundred times as much"),
        Remark::Part(10) => of("ein Zehntel", "a tenth"),
        Remark::Part(_) => of("ein Hundertstel", "a hundredth"),
        Remark::Together(count, sum) => {
            let sum = words.amount(sum);
            words
                .pick(
                    &format!("{count} Zahlungen dieser Buchung, zusammen {sum}"),
                    &format!("{count} payments of this booking, together {sum}"),
                )
                .to_owned()
        }
        Remark::InParts(count, sum) => {
            let sum = words.amount(sum);
            words
                .pick(
                    &format!("{count} Buchungen dieser Zahlung, zusammen {sum}"),
                    &format!("{count} bookings of this payment, together {sum}"),
                )
                .to_owned()
        }
        Remark::NobodyPicked => {
            of("passt zu mehreren; niemand ist gewählt", "fits several; nobody is picked")
        }
        Remark::InTime => of("rechtzeitig", "in time"),
        Remark::Late => of("verspätet", "late"),
        Remark::TooLate => of("zu spät", "too late"),
        Remark::Before => of("vor diesen Tagen", "before these days"),
        Remark::NextRun => of("in den Tagen des nächsten Laufs", "in the days of the next run"),
        Remark::ById => of(
            "nach diesen Tagen; die eigene Kennung gilt auch dann",
            "after these days; the payment's own id counts all the same",
        ),
        Remark::OwnText => of(
            "der Text der Liste oder ein Name hat dieses Wort",
            "the list's own text, or a name, has this word",
        ),
    }
}

/// What ties them.
pub(super) const fn bond(bond: Bond) -> (&'static str, &'static str) {
    match bond {
        Bond::Own(Link::EndToEndId) => (
            "Die Buchung trägt die End-to-End-Kennung der Zahlung.",
            "The booking bears the payment's end-to-end id.",
        ),
        Bond::Own(Link::Reference) => (
            "Der Text der Buchung nennt das Kennzeichen der Zahlung.",
            "The booking's text names the payment.",
        ),
        Bond::Own(Link::IbanAndAmount) => (
            "Konto und Betrag stimmen, die Buchung liegt in den Tagen dieses Laufs, und die Zahl der Buchungen geht auf.",
            "Account and amount agree, the booking is in the days of this run, and the bookings are as many as the payments.",
        ),
        Bond::Own(Link::NameAndAmount) => (
            "Name oder Konto stimmen nur beinahe: Die Buchung ist wohl gemeint, beweist aber nichts.",
            "Name or account agree nearly only: this booking is probably meant, and proves nothing.",
        ),
        Bond::Own(Link::Split) => (
            "Die Buchung ist ein Teil der Zahlung, die in mehreren Buchungen abging.",
            "The booking is one part of the payment, which left in several.",
        ),
        Bond::Own(Link::Merged) => (
            "Eine Buchung zahlt mehrere Zeilen desselben Kontos; diese Zahlung ist eine davon.",
            "One booking pays several rows of one account; this payment is one of them.",
        ),
        Bond::Own(Link::Batch) => (
            "Die Zahlung ist in dieser Sammelbuchung enthalten; Summe und Anzahl gehen auf.",
            "The payment is in this collective debit; sum and count fit.",
        ),
        Bond::Returned(_) => (
            "Mit dieser Buchung kam das Geld der Zahlung zurück.",
            "This booking brought the payment's money back.",
        ),
        Bond::Announced => (
            "Die Bank hat die Zahlung vorgemerkt; gebucht ist sie hier noch nicht.",
            "The bank shows the payment as pending; it is not booked here yet.",
        ),
    }
}

/// What parts them.
pub(super) const fn bar(bar: Bar) -> (&'static str, &'static str) {
    match bar {
        Bar::RowUnreadable => (
            "Die Zeile der Liste ist nicht lesbar und bekommt keine Buchung.",
            "The row of the list cannot be read and gets no booking.",
        ),
        Bar::NotCounted => (
            "Die Buchung zählt nicht: Sie dient nur zur Information, ist in anderer Währung oder nach dem Stichtag gebucht.",
            "The booking does not count: it is for information, in another currency, or after the day asked for.",
        ),
        Bar::MoneyIn => (
            "Hier kam Geld herein; es ist keine Rückgabe dieser Zahlung.",
            "Money came in here; it is no return of this payment.",
        ),
        Bar::OthersReturn => (
            "Hier kam das Geld einer anderen Zahlung zurück.",
            "The money of another payment came back here.",
        ),
        Bar::NobodysReturn => (
            "Hier kam Geld zurück, aber niemand weiß, wessen: Jemand muss es ansehen.",
            "Money came back here, and nobody knows whose: a person has to look.",
        ),
        Bar::NoTransfer => (
            "Das ist keine Überweisung, sondern Entgelt, Lastschrift, Karte oder Bargeld.",
            "This is no transfer but a fee, a direct debit, a card payment or cash.",
        ),
        Bar::Reversal => (
            "Die Bank nennt die Buchung Storno; ob das Geld ging oder kam, ist offen.",
            "The bank calls the booking a reversal; which way the money went is open.",
        ),
        Bar::Pending => (
            "Die Buchung ist nur vorgemerkt und meint diese Zahlung nicht.",
            "The booking is pending only and does not mean this payment.",
        ),
        Bar::Superseded => (
            "Die Vormerkung wurde inzwischen gebucht: Es zählt die Buchung.",
            "What was pending has been booked since: the booking counts.",
        ),
        Bar::Others => (
            "Die Buchung ist der Beleg einer anderen Zahlung.",
            "The booking is the proof of another payment.",
        ),
        Bar::Group(flag) => group(flag),
        Bar::Doubtful(doubt) => match doubt {
            Doubt::UnknownColumn => (
                "Die Buchung beweist nichts: Ihre Tabelle hat eine Spalte, die niemand kennt.",
                "The booking proves nothing: its table has a column that nobody knows.",
            ),
            _ => (
                "Die Buchung beweist nichts: Ihre Angaben widersprechen sich.",
                "The booking proves nothing: what is told of it contradicts itself.",
            ),
        },
        Bar::Unbacked => (
            "Der Kontoauszug dieses Tages geht auf und enthält die Buchung nicht: Sie beweist nichts.",
            "The statement of that day ties and does not have the booking: it proves nothing.",
        ),
        Bar::NoDetails => (
            "Die Sammelbuchung sagt nicht, wen sie zahlt, und geht mit dieser Zahlung nicht auf.",
            "The collective debit does not say whom it pays, and does not fit with this payment.",
        ),
        Bar::Amount => ("Der Betrag ist ein anderer.", "The amount is another one."),
        Bar::Account => {
            ("Die Buchung ging an ein anderes Konto.", "The booking went to another account.")
        }
        Bar::Month => ("Ihr Text nennt einen anderen Monat.", "Its text names another month."),
        Bar::Day => (
            "Sie liegt nicht in den Tagen dieses Laufs: Sie gehört zu einem anderen Monat.",
            "It is not in the days of this run: it belongs to another month.",
        ),
        Bar::EndToEndId => (
            "Sie trägt die End-to-End-Kennung einer anderen Zahlung.",
            "It bears another payment's end-to-end id.",
        ),
        Bar::Reference => (
            "Ihr Text nennt das Kennzeichen einer anderen Zahlung.",
            "Its text names another payment.",
        ),
        Bar::HasItsOwn => (
            "Die Zahlung hat schon ihre eigene Buchung.",
            "The payment has its own booking already.",
        ),
        Bar::NoProof => (
            "Nichts, was beweist, stimmt überein: weder Kennung noch Kennzeichen noch Konto.",
            "Nothing that proves it agrees: neither id nor reference nor account.",
        ),
    }
}

const fn group(flag: Flag) -> (&'static str, &'static str) {
    match flag {
        Flag::BatchDiffers => (
            "Die Sammelbuchung geht nicht auf: Wen sie zahlt, ist nicht bewiesen.",
            "The collective debit does not fit: whom it pays is not proven.",
        ),
        Flag::SumDiffers => (
            "Die Buchung geht mit den Zeilen dieses Kontos nicht auf: Wen sie zahlt, ist nicht bewiesen.",
            "The booking does not fit the rows of this account: whom it pays is not proven.",
        ),
        Flag::PaidTwice => (
            "Mehr Buchungen als Zahlungen passen: Welche zu viel ist, ist nicht zu entscheiden.",
            "More bookings than payments fit: which is one too many cannot be decided.",
        ),
        Flag::WeakMatch => (
            "Nur Name und Betrag stimmen: Das beweist nichts, ein Mensch entscheidet.",
            "Only name and amount agree: that proves nothing, a person decides.",
        ),
        Flag::Ambiguous | Flag::AccountDiffers | Flag::AmountDiffers | Flag::PartlyPaid => (
            "Die Buchung passt zu mehreren oder widerspricht sich: Niemand wird ausgewählt, ein Mensch entscheidet.",
            "The booking fits several or contradicts itself: nobody is picked, a person decides.",
        ),
    }
}

/// What keeps the nearest booking away.
pub(super) const fn failure(failure: Failure) -> (&'static str, &'static str) {
    match failure {
        Failure::Amount => ("Betrag", "amount"),
        Failure::Account => ("Konto", "account"),
        Failure::Month => ("Monat", "month"),
        Failure::Reference => ("Kennzeichen", "reference"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::language::Language;

    #[test]
    fn everything_has_words_in_both_languages() {
        let mut names = BTreeSet::new();
        for own in Bar::ALL {
            let (german, english) = bar(own);
            assert!(
                german.ends_with('.') && english.ends_with('.') && german != english,
                "{own:?}"
            );
            assert!(names.insert(own.name()), "{own:?}");
        }
        for own in Topic::ALL {
            assert!(!topic(own).0.is_empty() && !topic(own).1.is_empty(), "{own:?}");
        }
    }

    #[test]
    fn remarks_are_told_with_their_figures() {
        use crate::model::amount::Amount;
        let sum = Amount::from_cents(363_825);
        for (own, german, english) in [
            (Remark::Times(10), "das Zehnfache", "ten times as much"),
            (Remark::Part(100), "ein Hundertstel", "a hundredth"),
            (Remark::Typo(1), "unterscheiden sich in einem Zeichen", "differ in one character"),
            (
                Remark::Together(6, sum),
                "6 Zahlungen dieser Buchung, zusammen 3.638,25",
                "6 payments of this booking, together 3,638.25",
            ),
            (
                Remark::InParts(2, sum),
                "2 Buchungen dieser Zahlung, zusammen 3.638,25",
                "2 bookings of this payment, together 3,638.25",
            ),
        ] {
            assert_eq!(remark(own, Words(Language::De)), german);
            assert_eq!(remark(own, Words(Language::En)), english);
        }
    }
}
