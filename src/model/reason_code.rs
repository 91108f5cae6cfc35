//! ISO reason codes of rejected, returned and recalled transfers, in plain words.

use crate::model::language::Language;

/// What a reason code means, who has to act, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonCode {
    /// The code, such as `AC04`.
    pub code: &'static str,
    /// Plain German.
    pub german: &'static str,
    /// Plain English.
    pub english: &'static str,
    /// Who has to act.
    pub actor: CodeActor,
}

/// Who has to act on a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeActor {
    /// The office that knows the person: new bank details.
    Office,
    /// The treasury: the order, the funds, the file.
    Treasury,
    /// The bank: its processing.
    Bank,
}

impl ReasonCode {
    /// The table's row for a code; `None` for codes that sources disagree on or do not know.
    pub fn find(code: &str) -> Option<&'static Self> {
        let code = code.trim();
        let code = iso_of_text_key(code).unwrap_or(code);
        CODES.iter().find(|row| row.code.eq_ignore_ascii_case(code))
    }

    /// Every row.
    pub fn all() -> &'static [Self] {
        CODES
    }

    /// The meaning in a language.
    pub const fn meaning(&self, language: Language) -> &'static str {
        language.pick(self.german, self.english)
    }
}

/// Whether a code says of a payee's account that nothing can be paid to it (closed, blocked, unknown, its owner
/// dead): a debit beside such a code is no proof.
pub fn closes_account(code: &str) -> bool {
    matches!(
        code,
        "AC01" | "AC03" | "AC04" | "AC06" | "AC07" | "AG01" | "MD07" | "MS02" | "MS03" | "RR04"
    )
}

/// The ISO code of a German text key extension (Textschlüsselergänzung, MT940 `?34`), for the
/// five that sources agree on.
pub fn iso_of_text_key(key: &str) -> Option<&'static str> {
    match key.trim() {
        "901" => Some("AC01"),
        "902" => Some("AC04"),
        "903" => Some("AC06"),
        "904" => Some("AG01"),
        "914" => Some("MS03"),
        _ => None,
    }
}

const fn row(
    code: &'static str,
    german: &'static str,
    english: &'static str,
    actor: CodeActor,
) -> ReasonCode {
    ReasonCode { code, german, english, actor }
}

use CodeActor::Bank;
use CodeActor::Office;
use CodeActor::Treasury;

const CODES: &[ReasonCode] = &[
    row("AB05", "Sofortüberweisung: Zeit überschritten", "instant payment: time-out", Treasury),
    row("AB06", "Sofortüberweisung: Zeit überschritten", "instant payment: time-out", Treasury),
    row(
        "AB07",
        "Sofortüberweisung: Gegenstelle nicht erreichbar",
        "instant payment: other side not reachable",
        Treasury,
    ),
    row(
        "AB08",
        "Sofortüberweisung: Empfängerbank nicht erreichbar",
        "instant payment: payee's bank not reachable",
        Treasury,
    ),
    row(
        "AB09",
        "Sofortüberweisung: Fehler bei der Empfängerbank",
        "instant payment: error at the payee's bank",
        Treasury,
    ),
    row(
        "AB10",
        "Sofortüberweisung: Fehler auf dem Weg",
        "instant payment: error on the way",
        Treasury,
    ),
    row("AC01", "IBAN falsch oder Konto unbekannt", "IBAN wrong or account unknown", Office),
    row("AC03", "Empfängerkonto falsch", "payee's account wrong", Office),
    row("AC04", "Konto ist aufgelöst", "account is closed", Office),
    row("AC06", "Konto ist gesperrt", "account is blocked", Office),
    row("AC07", "Empfängerkonto ist aufgelöst", "payee's account is closed", Office),
    row("AC14", "Art des Empfängerkontos ungültig", "kind of the payee's account invalid", Office),
    row(
        "AG01",
        "Überweisung auf diese Kontoart nicht zulässig, zum Beispiel Sparkonto",
        "transfers to this kind of account are not allowed, for instance savings",
        Office,
    ),
    row("AG02", "falscher Vorgangs- oder Dateicode", "wrong transaction or file code", Treasury),
    row("AG03", "Zahlung wird nicht unterstützt", "transaction not supported", Treasury),
    row("AM02", "Betrag über dem zulässigen Höchstbetrag", "amount above the limit", Treasury),
    row("AM04", "Deckung fehlt", "not enough funds", Treasury),
    row("AM05", "doppelt eingereicht oder ausgeführt", "submitted or executed twice", Treasury),
    row("AM09", "falscher Betrag", "wrong amount", Treasury),
    row("AM23", "Betrag über dem Abwicklungslimit", "amount above the settlement limit", Treasury),
    row("ARDT", "Betrag wurde schon zurückgegeben", "already returned", Treasury),
    row("BE01", "Name passt nicht zum Konto", "name does not fit the account", Office),
    row(
        "BE04",
        "Anschrift des Empfängers fehlt oder ist falsch",
        "payee's address missing or wrong",
        Office,
    ),
    row(
        "BE05",
        "Auftraggeber oder Einreicher nicht erkannt",
        "initiating party not recognised",
        Treasury,
    ),
    row("BE06", "Empfänger bei der Bank unbekannt", "payee unknown to the bank", Office),
    row("BE17", "Kennung des Empfängers ungültig", "payee's identification invalid", Office),
    row(
        "CNOR",
        "Empfängerbank nimmt am Verfahren nicht teil",
        "payee's bank does not take part",
        Office,
    ),
    row("CURR", "falsche Währung", "wrong currency", Treasury),
    row("CUST", "auf Wunsch des Kunden", "at the customer's request", Treasury),
    row(
        "DNOR",
        "Zahlerbank nimmt am Verfahren nicht teil",
        "payer's bank does not take part",
        Treasury,
    ),
    row("DT01", "Datum ungültig", "date invalid", Treasury),
    row(
        "DT06",
        "Ausführungstag von der Bank geändert",
        "execution date changed by the bank",
        Treasury,
    ),
    row("DUPL", "Doppelzahlung", "paid twice", Treasury),
    row("ED05", "Abwicklung gescheitert", "settlement failed", Bank),
    row(
        "ERIN",
        "erweiterter Verwendungszweck wird nicht unterstützt",
        "extended remittance information not supported",
        Treasury,
    ),
    row("FF01", "Dateiformat ungültig", "file format invalid", Treasury),
    row(
        "FOCR",
        "Rückzahlung nach einem Rückruf; der Betrag kann kleiner sein",
        "paid back after a recall; the amount may be smaller",
        Treasury,
    ),
    row("FRAD", "Betrug", "fraud", Treasury),
    row(
        "LEGL",
        "Rückruf aus rechtlichen Gründen abgelehnt",
        "recall refused for legal reasons",
        Treasury,
    ),
    row(
        "MD07",
        "Die Bank meldet, dass der Kontoinhaber verstorben ist; das ist nicht immer die leistungsberechtigte Person. Nicht am Telefon nennen",
        "the bank reports that the account holder has died, who need not be the beneficiary. Do not say so on the phone",
        Office,
    ),
    row(
        "MS02",
        "Empfänger lehnt ab, Grund nicht genannt",
        "payee refuses, no reason given",
        Office,
    ),
    row("MS03", "Bank nennt keinen Grund", "bank gives no reason", Office),
    row("NARR", "Grund steht im Freitext", "the reason is in the free text", Office),
    row("NOAS", "Auf den Rückruf kam keine Antwort", "no answer to the recall", Treasury),
    row("NOOR", "Die Zahlung ist nie eingegangen", "the payment never arrived", Bank),
    row("RC01", "BIC ungültig", "BIC invalid", Office),
    row("RC04", "Bank des Empfängers ungültig", "payee's bank invalid", Office),
    row("RC07", "BIC des Empfängers ungültig", "payee's BIC invalid", Office),
    row(
        "RR01",
        "Pflichtangabe fehlt: Konto oder Kennung des Zahlers",
        "missing: payer's account or identification",
        Treasury,
    ),
    row(
        "RR02",
        "Pflichtangabe fehlt: Name oder Anschrift des Zahlers",
        "missing: payer's name or address",
        Treasury,
    ),
    row(
        "RR03",
        "Pflichtangabe fehlt: Name oder Anschrift des Empfängers",
        "missing: payee's name or address",
        Office,
    ),
    row("RR04", "aufsichtsrechtliche Gründe", "regulatory reasons", Treasury),
    row("TECH", "technischer Fehler", "technical error", Treasury),
    row(
        "TM01",
        "nach Annahmeschluss oder Zeit überschritten",
        "after cut-off or out of time",
        Treasury,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_text_keys() {
        assert_eq!(ReasonCode::find("ac04").unwrap().german, "Konto ist aufgelöst");
        assert_eq!(ReasonCode::find("902").unwrap().code, "AC04");
        assert!(ReasonCode::find("912").is_none(), "sources disagree on it");
        let sorted = CODES.windows(2).all(|pair| pair[0].code < pair[1].code);
        assert!(sorted, "kept in order, each once");
    }
}
