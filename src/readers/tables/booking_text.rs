//! What free texts of bank exports say: names, returns, collective bookings.

use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::statement::Direction;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::filled;
use crate::model::text::fold_words;
use crate::readers::tables::columns::fold;

/// What a text column of name, account and text says.
pub(crate) struct NamedText {
    pub(crate) name: Option<String>,
    pub(crate) iban: Option<Iban>,
    pub(crate) remittance: Option<String>,
    /// What stands before and behind them.
    pub(crate) others: Option<String>,
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
    let account = between("Kto/IBAN:", &ends);
    let iban = account.as_deref().and_then(|text| {
        let number = || Iban::read(text).filter(|_| !text.contains(char::is_alphabetic));
        iban_in_text::in_text(text).into_iter().next().or_else(number)
    });
    let keys = ["Empfänger:", "Auftraggeber:", "Buchungstext:"];
    let first = keys.iter().filter_map(|key| text.find(key)).min().unwrap_or(0);
    let before = text.get(..first).unwrap_or_default().trim();
    let behind = text.rsplit_once(" Ref. ").map_or("", |(_, behind)| behind.trim());
    let unused = account.filter(|_| iban.is_none()).unwrap_or_default();
    let others = filled([before, &unused, behind].join(" ").trim());
    Some(NamedText { name, iban, remittance, others })
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
