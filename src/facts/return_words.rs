//! Words that say that money came back or was not paid out, German and English, as banks and people
//! write them. Returned direct debits are nobody's benefit and none of these.

use crate::facts::folded::Folded;
use crate::facts::folded::Found;

/// What a text says of money that came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// It says so.
    pub is_return: bool,
    /// The bank takes a booking back: Storno.
    pub is_reversal: bool,
    /// It says so even of the debit that bears it: not carried out, came back. Recalls and corrections are
    /// of another booking.
    pub of_debits: bool,
}

impl Said {
    /// What both say.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            is_return: self.is_return || other.is_return,
            is_reversal: self.is_reversal || other.is_reversal,
            of_debits: self.of_debits || other.of_debits,
        }
    }
}

/// Where a stem counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// Words begin with it.
    Begins,
    /// It may stand inside of a word.
    Inside,
}

/// What a stem says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Money came back or did not go out.
    Return,
    /// The same, only where money comes in: on a debit it speaks of another booking or of goods.
    ReturnOfCredits,
    /// A booking is taken back.
    Reversal,
    /// The same, only where money comes in.
    ReversalOfCredits,
}

use At::Begins;
use At::Inside;
use Says::Return;
use Says::ReturnOfCredits;
use Says::Reversal;
use Says::ReversalOfCredits;

/// The stems, folded.
pub(super) const STEMS: &[(&str, At, Says)] = &[
    ("ruckuberw", Inside, Return),
    ("uberweisungsruck", Inside, Return),
    ("uberw ruck", Begins, Return),
    ("ruckgab", Begins, Return),
    ("uberweisungsretour", Begins, Return),
    ("zahlungsretour", Begins, Return),
    ("zahlungsruckl", Begins, Return),
    ("sammlerruckg", Begins, Return),
    ("sammelruckg", Begins, Return),
    ("ub ruckg", Begins, Return),
    ("ruckubw", Begins, Return),
    ("zahlungsruckgab", Inside, Return),
    ("rucklauf", Begins, Return),
    ("ruckbuch", Begins, Return),
    ("retour", Begins, Return),
    ("zuruckgew", Begins, Return),
    ("zuruckgeg", Begins, Return),
    ("zuruckgeb", Begins, Return),
    ("zuruckuberw", Begins, Return),
    ("zuruckgel", Begins, Return),
    ("zuruckges", Begins, Return),
    ("zuruckgen", Begins, Return),
    ("zuruckgekomm", Begins, Return),
    ("zuruckweis", Begins, Return),
    ("zuruck an", Begins, Return),
    ("nicht ausgef", Begins, Return),
    ("unausgef", Begins, Return),
    ("nicht ausfuhr", Begins, Return),
    ("keine ausfuhr", Begins, Return),
    ("nicht durchgef", Begins, Return),
    ("nicht zustellb", Begins, Return),
    ("unzustellb", Begins, Return),
    ("nicht gutg", Begins, Return),
    ("abgelehnt", Begins, Return),
    ("ablehnung", Begins, Return),
    ("abgewiesen", Begins, Return),
    ("abweisung", Begins, Return),
    ("annahme verweigert", Begins, Return),
    ("annahmeverweig", Begins, Return),
    ("unanbringl", Begins, Return),
    ("nicht anbringl", Begins, Return),
    ("verweigert", Begins, Return),
    ("ruckleit", Begins, Return),
    ("nicht erfolgt", Begins, Return),
    ("nicht einlos", Begins, Return),
    ("declined", Begins, Return),
    ("failed", Begins, Return),
    ("not yet executed", Begins, Return),
    ("fehlgeschlagen", Begins, Return),
    ("empfanger unbekannt", Begins, Return),
    ("unbekannter empfanger", Begins, Return),
    ("begunstigter unbekannt", Begins, Return),
    ("unbekannter begunstigter", Begins, Return),
    ("no such account", Begins, Return),
    ("return", Begins, Return),
    ("reject", Begins, Return),
    ("bounced", Begins, Return),
    ("undeliver", Begins, Return),
    ("not executed", Begins, Return),
    ("unexecuted", Begins, Return),
    ("not credited", Begins, Return),
    ("payment failed", Begins, Return),
    ("transfer failed", Begins, Return),
    ("payment refused", Begins, Return),
    ("beneficiary unknown", Begins, Return),
    ("unknown beneficiary", Begins, Return),
    ("r transaktion", Begins, Return),
    ("rtransaktion", Begins, Return),
    ("wiedergutschr", Begins, ReturnOfCredits),
    ("ruckgutschr", Begins, ReturnOfCredits),
    ("ruckabwickl", Begins, ReturnOfCredits),
    ("ruckrechn", Begins, ReturnOfCredits),
    ("ruckbelast", Begins, ReturnOfCredits),
    ("rucksend", Begins, ReturnOfCredits),
    ("zuruckbuch", Begins, ReturnOfCredits),
    ("zahlung zuruck", Begins, ReturnOfCredits),
    ("betrag zuruck", Begins, ReturnOfCredits),
    ("geld zuruck", Begins, ReturnOfCredits),
    ("nicht moglich", Begins, ReturnOfCredits),
    ("nicht zuord", Begins, ReturnOfCredits),
    ("nicht zuzuord", Begins, ReturnOfCredits),
    ("nicht angenommen", Begins, ReturnOfCredits),
    ("nicht gefunden", Begins, ReturnOfCredits),
    ("empfanger nicht", Inside, ReturnOfCredits),
    ("empfanger verstorben", Inside, ReturnOfCredits),
    ("empfanger verzogen", Inside, ReturnOfCredits),
    ("unbekannt verzogen", Begins, ReturnOfCredits),
    ("begunstigter verstorben", Begins, ReturnOfCredits),
    ("inhaber verstorben", Inside, ReturnOfCredits),
    ("kunde verstorben", Begins, ReturnOfCredits),
    ("beneficiary deceased", Begins, ReturnOfCredits),
    ("unable to", Begins, ReturnOfCredits),
    ("r message", Begins, ReturnOfCredits),
    ("pacs 004", Begins, ReturnOfCredits),
    ("rtrn", Begins, ReturnOfCredits),
    ("rejt", Begins, ReturnOfCredits),
    ("focr", Begins, ReturnOfCredits),
    ("cnor", Begins, ReturnOfCredits),
    ("dnor", Begins, ReturnOfCredits),
    ("ruckruf", Begins, ReturnOfCredits),
    ("zahlungsruckruf", Inside, ReturnOfCredits),
    ("recall", Begins, ReturnOfCredits),
    ("irrlauf", Begins, ReturnOfCredits),
    ("fehluberw", Begins, ReturnOfCredits),
    ("fehlgeleitet", Begins, ReturnOfCredits),
    ("fehlleitung", Begins, ReturnOfCredits),
    ("refund", Begins, ReturnOfCredits),
    ("unpaid", Begins, ReturnOfCredits),
    ("durchgestrichen", Begins, Return),
    ("storno", Inside, Reversal),
    ("stornier", Inside, Reversal),
    ("widerrufen", Begins, Reversal),
    ("ruckgangig", Begins, Reversal),
    ("annullier", Begins, Reversal),
    ("reversal", Begins, Reversal),
    ("reversed", Begins, Reversal),
    ("cancelled", Begins, Reversal),
    ("canceled", Begins, Reversal),
    ("cancellation", Begins, Reversal),
    ("gegenbuch", Begins, ReversalOfCredits),
    ("korrekturbuch", Begins, ReversalOfCredits),
    ("berichtigungsbuch", Begins, ReversalOfCredits),
    ("fehlbuch", Begins, ReversalOfCredits),
];

/// Words that look like one of them and are none: fees for it, freedom from it.
const NOT_MEANT: &[&str] = &[
    "stornofrei",
    "stornogeb",
    "stornokost",
    "stornoversich",
    "stornobeding",
    "stornierungsgeb",
    "stornierungskost",
    "stornierungsbeding",
    "stornierbar",
    "retourenschein",
    "returnto",
];

/// An account or its number is spoken of, by words that begin so or hold it.
pub(super) const ACCOUNTS: &[(&str, At)] = &[
    ("konto", Inside),
    ("kto", Begins),
    ("iban", Begins),
    ("bankverbindung", Begins),
    ("blz", Begins),
    ("account", Begins),
];

/// What is wrong with an account, near such a word.
const WRONG: &[&str] = &[
    "erlosch",
    "geschloss",
    "aufgelo",
    "gelosch",
    "gesperrt",
    "unbekannt",
    "falsch",
    "fehlerhaft",
    "ungult",
    "existiert",
    "nonexist",
    "closed",
    "blocked",
    "unknown",
    "invalid",
    "incorrect",
    "wrong",
];

/// The same, only where money comes in.
const WRONG_OF_CREDITS: &[&str] =
    &["fehler", "saldiert", "gekundigt", "aufgehob", "abweich", "verstorben", "deceased"];

/// What an account is not, beside a word for "not".
const NOT_SO: &[&str] = &[
    "vorhanden",
    "gefunden",
    "gultig",
    "exist",
    "besteh",
    "ermittelb",
    "identisch",
    "uberein",
    "zulassig",
];

/// What is done to an account, in one word with it: `Kontoauflösung`.
const ENDED: &[&str] = &["auflos", "losch", "schliess", "kundig"];

/// So many words from the account to what is wrong with it.
const NEAR: usize = 4;

/// Words before a noun that say there is none of it.
const NONE_OF_IT: &[&str] =
    &["kein", "keine", "keinen", "keiner", "keinerlei", "ohne", "no", "without"];

/// Words before a participle that say it was not.
const IT_WAS_NOT: &[&str] = &["nicht", "not", "never", "nie"];

/// Words before that only speak of the case that it happens.
const IF_IT_HAPPENS: &[&str] = &["bei", "falls", "if"];

/// Words that may stand between.
const BETWEEN: &[&str] =
    &["weitere", "weiteren", "erneute", "eine", "einer", "einem", "further", "bisher", "any"];

/// Words behind, after a colon, that say that it is not so.
pub(super) const NO: &[&str] = &["nein", "no", "n", "false", "0", "falsch"];

/// What is given back by hand: a debit may pay for it.
const GIVEN_BACK: &[&str] = &["kaution", "mietkaution", "pfand", "schlussel", "leergut", "gerat"];

/// What a text says.
pub fn said(text: &str) -> Said {
    in_folded(&Folded::new(text))
}

/// What a folded text says.
pub fn in_folded(text: &Folded) -> Said {
    let mut said = Said::default();
    for (stem, at, says) in STEMS {
        let counts = |found: &Found| {
            !is_other_word(text, *found)
                && !is_denied(text, *found)
                && !is_direct_debit(text, *found)
        };
        if !text.find(stem, *at == Inside).any(|found| counts(&found)) {
            continue;
        }
        let of_goods = *stem == "ruckgab"
            && text.words().any(|word| GIVEN_BACK.iter().any(|own| word.starts_with(own)));
        said = said.with(Said {
            is_return: true,
            is_reversal: matches!(says, Reversal | ReversalOfCredits),
            of_debits: matches!(says, Return | Reversal) && !of_goods,
        });
    }
    if names_wrong_account(text) {
        said = said.with(Said { is_return: true, of_debits: true, is_reversal: false });
    } else if names_no_account(text) {
        said = said.with(Said { is_return: true, of_debits: false, is_reversal: false });
    }
    said
}

fn is_other_word(text: &Folded, found: Found) -> bool {
    let word = text.word(found.first);
    NOT_MEANT.iter().any(|other| word.contains(other))
}

/// `keine Rückgabe`, `nicht storniert`, `bei Rückgabe`, `Storno: nein`.
fn is_denied(text: &Folded, found: Found) -> bool {
    let word = text.word(found.first);
    let is_participle =
        word.ends_with("iert") || word.ends_with("ed") || word.starts_with("zuruckg");
    let behind = text.word(found.last.saturating_add(1));
    if NO.contains(&behind) {
        return true;
    }
    let mut at = found.first;
    let mut before = "";
    for _ in 0..2 {
        // What is parted by more than a blank belongs to another sentence.
        let Some(previous) = at.checked_sub(1).filter(|_| text.is_after_blank(at)) else { break };
        before = text.word(previous);
        if !BETWEEN.contains(&before) {
            break;
        }
        at = previous;
    }
    NONE_OF_IT.contains(&before)
        || IF_IT_HAPPENS.contains(&before)
        || (is_participle && IT_WAS_NOT.contains(&before))
}

/// A direct debit came back: `LASTSCHRIFT RUECKGABE`, `LS-RETOURE`.
fn is_direct_debit(text: &Folded, found: Found) -> bool {
    let beside = [found.first.checked_sub(1), found.last.checked_add(1)];
    let beside = beside.into_iter().flatten().map(|number| text.word(number));
    let own = (found.first..=found.last).map(|number| text.word(number));
    beside.chain(own).any(is_direct_debit_word)
}

/// Whether a folded word speaks of direct debits.
pub fn is_direct_debit_word(word: &str) -> bool {
    word.contains("lastschr")
        || matches!(word, "ls" | "elv" | "sdd")
        || word.contains("directdebit")
}

/// The words of a text that speak of accounts.
fn accounts_in(text: &Folded) -> impl Iterator<Item = usize> {
    (0..text.len()).filter(|number| {
        let word = text.word(*number);
        ACCOUNTS.iter().any(|(stem, at)| match at {
            Begins => word.starts_with(stem),
            Inside => word.contains(stem),
        })
    })
}

/// `kein Konto`, `Kontoauflösung`, `Konto nicht vorhanden`, `IBAN-Fehler`: why a credit is one that came back.
fn names_no_account(text: &Folded) -> bool {
    let is_no = |word: &str| {
        IT_WAS_NOT.contains(&word) || matches!(word, "kein" | "keine" | "keinen" | "mangels" | "no")
    };
    accounts_in(text).any(|number| {
        let own = text.word(number);
        let before = number.checked_sub(1).map(|before| text.word(before)).unwrap_or_default();
        if (is_no(before) && !IT_WAS_NOT.contains(&before))
            || ENDED.iter().any(|stem| own.contains(stem))
        {
            return true;
        }
        let near = number.saturating_sub(NEAR)..=number.saturating_add(NEAR);
        near.into_iter().any(|other| {
            let word = text.word(other);
            let begins = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
            let beside = other.saturating_sub(2)..=other.saturating_add(2);
            let is_denied = || beside.clone().any(|number| is_no(text.word(number)));
            (begins(WRONG_OF_CREDITS) && !is_denied()) || (begins(NOT_SO) && is_denied())
        })
    })
}

/// `Konto ist erloschen`, `unbekanntes Konto`, `IBAN falsch`, `account closed`.
fn names_wrong_account(text: &Folded) -> bool {
    accounts_in(text).any(|number| {
        let near = number.saturating_sub(NEAR)..=number.saturating_add(NEAR);
        near.into_iter().any(|other| {
            let word = text.word(other);
            let before = other.checked_sub(1).map(|before| text.word(before)).unwrap_or_default();
            // `nicht gesperrt`; but an account that does `not exist` is wrong.
            let is_denied = IT_WAS_NOT.contains(&before) && !word.starts_with("exist");
            // The end of a line may have cut it: `auf geloest`.
            let next = other.saturating_add(1);
            let behind = if text.is_after_blank(next) { text.word(next) } else { "" };
            let says = |stem: &&str| {
                word.starts_with(stem)
                    || (word.len() >= 2
                        && stem
                            .strip_prefix(word)
                            .is_some_and(|rest| !rest.is_empty() && behind.starts_with(rest)))
            };
            WRONG.iter().any(says) && !is_denied
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_folded_and_stand_once() {
        for (number, (stem, _, _)) in STEMS.iter().enumerate() {
            let folded = Folded::new(stem);
            assert_eq!(folded.words().collect::<Vec<_>>().join(" "), *stem);
            assert_eq!(STEMS.iter().position(|(other, _, _)| other == stem), Some(number));
        }
        for word in NOT_MEANT.iter().chain(WRONG).chain(GIVEN_BACK).chain(WRONG_OF_CREDITS) {
            assert_eq!(Folded::new(word).word(0), *word);
        }
    }

    #[test]
    fn money_that_came_back() {
        for text in [
            "RETOURE",
            "Retour vom 04.12.",
            "RUECKUEBERWEISUNG",
            "Rücküberweisung wegen Konto erloschen",
            "Rückueber weisung",
            "SEPA-Rückgabe",
            "UEBERWEISUNGSRUECKGABE",
            "ÜBERWEISUNGSRÜCKLÄUFER",
            "Ueberw.Rueck",
            "Rueckgabegrund: AC04",
            "R?CKL?UFER",
            "Auftrag nicht ausgeführt",
            "NICHT AUSGEFUEHRT",
            "unzustellbar",
            "Konto erloschen",
            "Das Konto des Empfängers ist aufgelöst",
            "IBAN falsch",
            "Konto auf geloest",
            "Konto erlo schen",
            "unbekanntes Konto",
            "account closed",
            "Returned payment",
            "RETURN AC01",
            "PAYMENT REJECTED",
            "R-TRANSAKTION",
            "zurückgewiesen",
            "Konto existiert nicht Rückgabe AC01",
            "KEINE DECKUNG RUECKGABE",
        ] {
            let said = said(text);
            assert!(said.is_return && said.of_debits, "{text}: {said:?}");
        }
        for text in ["Überweisungsrückruf", "RECALL", "Rückruf vom 3.12.", "Fehlüberweisung"] {
            assert!(said(text).is_return, "{text}");
        }
        assert!(!said("Bitte um Rückruf").of_debits);
        for text in [
            "Zahlung zurück",
            "Empfänger verstorben",
            "Kontoinhaber verstorben",
            "Konto nicht vorhanden",
            "Konto besteht nicht",
            "keine gültige IBAN",
            "kein Konto",
            "Kontoauflösung",
            "Konto gekündigt",
            "IBAN-Fehler",
            "Account does not exist",
            "Gutschrift nicht möglich",
            "Empfänger nicht ermittelbar",
            "Rückrechnung",
            "Wiedergutschrift Überweisung",
            "FOCR",
        ] {
            let said = said(text);
            assert!(said.is_return && !said.of_debits, "{text}: {said:?}");
        }
        for text in
            ["Kto erloschen", "KTO.-NR. UNGUELTIG", "Bankverbindung ungültig", "UEB.RUECKG."]
        {
            assert!(said(text).of_debits, "{text}");
        }
        for text in ["STORNO", "Stornierung", "Teilstorno", "storniert", "Reversal of payment"] {
            let said = said(text);
            assert!(said.is_reversal && said.is_return && said.of_debits, "{text}");
        }
        assert!(said("Korrekturbuchung").is_reversal && !said("Korrekturbuchung").of_debits);
    }

    #[test]
    fn what_only_looks_like_it() {
        for text in [
            "",
            "Rückzahlung Darlehen",
            "Rückerstattung",
            "Rücklage",
            "Rückstand Miete 11/2023",
            "Familie Rückert",
            "Druckgabe",
            "stornofrei",
            "Stornogebühr Reise",
            "keine Rückgabe",
            "Keine weitere Rückgabe",
            "kein Storno",
            "nicht storniert",
            "ohne Storno",
            "Storno: nein",
            "Bei Rückgabe bitte Az. angeben",
            "not returned",
            "no return",
            "Rücklastschrift",
            "Lastschriftrückgabe",
            "LASTSCHRIFT RUECKGABE",
            "SEPA-LASTSCHR. RETOURE",
            "LS-Retoure",
            "Rückgabe Lastschrift",
            "Reverse Charge",
            "Kontonummer 4711",
            "Konto vorhanden",
            "gültige IBAN",
            "neues Konto, nicht das alte",
            "Kontoauszug",
            "Oktober",
            "Doktor Falsch",
            "Konto nicht gesperrt",
            "Bekannter Empfänger",
            "Miete Dezember",
        ] {
            assert_eq!(said(text), Said::default(), "{text}");
        }
        let said = said("Rückgabe der Mietkaution");
        assert!(said.is_return && !said.of_debits);
    }
}
