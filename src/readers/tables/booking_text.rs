//! What free texts of bank exports say: names, returns, collective bookings.

use crate::model::iban::Iban;
use crate::model::reason_code::ReasonCode;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::ReturnInformation;
use crate::model::statement::StatementEntry;
use crate::model::text::filled;
use crate::model::text::fold_words;
use crate::readers::tables::columns::fold;

/// What a text column of name, account and text says.
pub(crate) struct NamedText {
    pub(crate) name: Option<String>,
    pub(crate) iban: Option<Iban>,
    pub(crate) remittance: Option<String>,
}

pub(crate) fn names_in_text(text: &str) -> Option<NamedText> {
    let between = |start: &str, ends: &[&str]| {
        let (_, rest) = text.split_once(start)?;
        let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
        filled(rest.get(..end)?)
    };
    let ends = ["Kto/IBAN:", "BLZ/BIC:", "Buchungstext:", " Ref. "];
    let name = between("Empfänger:", &ends).or_else(|| between("Auftraggeber:", &ends));
    let remittance = between("Buchungstext:", &[" Ref. "]);
    if name.is_none() && remittance.is_none() {
        return None;
    }
    let iban = between("Kto/IBAN:", &ends).and_then(|text| Iban::read(&text));
    Some(NamedText { name, iban, remittance })
}

/// Whether a credit says that it brings money back, and why.
pub(crate) fn return_of(entry: &StatementEntry, text: &str) -> Option<ReturnInformation> {
    let words = fold_words(entry.booking_text.as_deref().unwrap_or_default());
    let all = fold_words(text);
    let begins = |words: &[String], starts: &[&str]| {
        words.iter().any(|word| starts.iter().any(|start| word.starts_with(start)))
    };
    let marked =
        begins(&words, &["retour", "ruckuberweisung", "ruckbuchung", "rucklaufer", "return"])
            || (begins(&words, &["ruckgabe"]) && !begins(&words, &["lastschrift"]))
            || begins(&all, &["retoure", "ruckuberweisung", "rucklaufer"]);
    if !marked {
        return None;
    }
    let code = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| word.len() == 4 && ReasonCode::find(word).is_some());
    Some(ReturnInformation { code: code.map(str::to_owned), text: filled(text) })
}

/// `Datei mit 0000005 Zahlungen`, `ANZ. SEPA 0000019`.
pub(crate) fn count_in(text: &str) -> Option<u64> {
    if !text.split_whitespace().any(|word| word.parse::<u64>().is_ok()) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let folded = |at: Option<usize>| at.and_then(|at| words.get(at)).map(|word| fold(word));
    words.iter().enumerate().find_map(|(number, word)| {
        let count: u64 = word.parse().ok()?;
        let is_counted = || {
            folded(number.checked_add(1)).is_some_and(|after| {
                ["zahlungen", "posten", "auftrage", "uberweisungen"].contains(&after.as_str())
            })
        };
        let is_stated = || {
            let before = folded(number.checked_sub(1));
            matches!(before.as_deref(), Some("anzahl" | "anz"))
                || folded(number.checked_sub(2)).as_deref() == Some("anz")
        };
        (is_counted() || is_stated()).then_some(count)
    })
}

pub(crate) fn is_collective(entry: &StatementEntry, detail: &EntryDetail) -> bool {
    let words = fold_words(entry.booking_text.as_deref().unwrap_or_default());
    let named = words.iter().any(|word| word.contains("sammler") || word.starts_with("sammel"));
    named && detail.counterparty_iban.is_none() && entry.direction == Direction::Debit
}
