//! Texts of a statement that belong to no single booking: lines above and below the rows of an export,
//! rows that could not be read, `:86:` behind the closing balance, `AddtlStmtInf`. What they say against a
//! booking that they name is added to its unread texts.

use crate::model::date::Month;
use crate::model::iban::Iban;
use crate::model::reason_code::ReasonCode;
use crate::model::statement::StatementEntry;
use crate::model::text::filled;
use crate::readers::interpret;
use crate::readers::interpret::Against;
use crate::readers::tables::values::day;

/// Shorter words name no booking.
const SHORTEST: usize = 5;

/// Whom a text means that names no booking and says that something is not booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unnamed {
    /// All bookings of its statement.
    All,
    /// None: it explains something.
    Nobody,
}

/// Adds a text to the bookings against which it speaks; tells whether there are any.
pub(crate) fn add(text: &str, entries: &mut [StatementEntry], unnamed: Unnamed) -> bool {
    let Some(against) = interpret::speaks_against(text) else { return false };
    let names = names(text);
    let is_named: Vec<bool> = entries.iter().map(|entry| is_named(entry, &names)).collect();
    let any = is_named.contains(&true);
    let means_all = !any && against == Against::NotBooked && unnamed == Unnamed::All;
    if !any && !means_all {
        return false;
    }
    for (entry, _) in entries.iter_mut().zip(is_named).filter(|(_, named)| *named || means_all) {
        let known = entry.unread.take();
        let all: Vec<&str> = known.as_deref().into_iter().chain([text]).collect();
        entry.unread = filled(&all.join(" "));
    }
    true
}

/// Words with a digit that may be a reference: no days and no codes.
pub(crate) fn names(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ';' | ':' | '(' | ')'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.bytes().any(|byte| byte.is_ascii_digit()) && !is_amount(word))
        .filter(|word| day(word).is_none() && Month::parse(word).is_none())
        .filter(|word| ReasonCode::find(word).is_none())
        .map(compact)
        .filter(|word| word.len() >= SHORTEST)
        .collect()
}

/// `1.563,00`: the amounts of others are the same.
fn is_amount(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) && word.contains([',', '.'])
}

fn compact(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn is_named(entry: &StatementEntry, names: &[String]) -> bool {
    let mut details = entry.details.iter().flat_map(|detail| {
        let account = detail.counterparty_iban.as_ref().map(Iban::reveal);
        let texts = [&detail.end_to_end_id, &detail.remittance, &detail.unread];
        texts.into_iter().filter_map(|text| text.as_deref()).chain(account)
    });
    details.any(|text| {
        let text = compact(text);
        names.iter().any(|name| text.contains(name.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::statement::EntryDetail;

    fn entries() -> Vec<StatementEntry> {
        let entry = |text: &str| StatementEntry {
            details: vec![EntryDetail { remittance: filled(text), ..EntryDetail::default() }],
            ..StatementEntry::default()
        };
        vec![entry("Sozialhilfe 11/2023 AZ-6520"), entry("Sozialhilfe 11/2023 AZ-6521")]
    }

    #[test]
    fn texts_go_to_the_bookings_they_name() {
        for (text, unnamed, expected) in [
            ("Rückgabe AZ-6520 563,00 AC04", Unnamed::Nobody, [true, false]),
            ("Retoure vom 04.12.2023: AZ-6521", Unnamed::All, [false, true]),
            ("Auftrag AZ-6520 wurde nicht ausgeführt", Unnamed::Nobody, [true, false]),
            ("Rückgabe zum 11/2023", Unnamed::All, [false, false]),
            ("Rückgabe AZ-7000", Unnamed::All, [false, false]),
            ("Bitte beachten Sie die Hinweise zu Rückgaben", Unnamed::All, [false, false]),
            ("Alle Buchungen vorläufig gebucht", Unnamed::All, [true, true]),
            ("Vorgemerkte Umsätze können sich ändern", Unnamed::Nobody, [false, false]),
            ("keine Rückgabe AZ-6520", Unnamed::All, [false, false]),
            ("Sozialhilfe AZ-6520", Unnamed::All, [false, false]),
        ] {
            let mut entries = entries();
            let any = add(text, &mut entries, unnamed);
            let found: Vec<bool> = entries.iter().map(|entry| entry.unread.is_some()).collect();
            assert_eq!(
                (found.as_slice(), any),
                (&expected[..], expected.contains(&true)),
                "{text}"
            );
        }
    }
}
