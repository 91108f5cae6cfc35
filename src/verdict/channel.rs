//! How a row is paid: by transfer, by another channel, not at all.

use chrono::NaiveDate;

use crate::matching::owed::Part;
use crate::model::amount::Amount;
use crate::model::date::from_german;
use crate::model::date::from_iso;
use crate::model::payment::Payment;
use crate::model::text::fold_words;

/// How a row takes part in the search.
pub fn part_of(payment: &Payment) -> Part {
    if payment.unreadable.is_some() {
        Part::None
    } else if payment.amount == Some(Amount::ZERO) || is_other_channel(payment) {
        Part::ReferenceOnly
    } else if is_blocked(payment) {
        Part::Blocked
    } else {
        Part::Full
    }
}

/// Whether the row is paid in cash, by cheque or card.
pub fn is_other_channel(payment: &Payment) -> bool {
    let Some(channel) = payment.channel.as_deref() else { return false };
    let words = fold_words(channel);
    words.iter().any(|word| {
        matches!(
            word.as_str(),
            "bar"
                | "barzahlung"
                | "barauszahlung"
                | "barscheck"
                | "barmittel"
                | "bargeld"
                | "scheck"
                | "schecks"
                | "verrechnungsscheck"
                | "postscheck"
                | "kasse"
                | "kassenautomat"
                | "karte"
                | "bezahlkarte"
                | "geldkarte"
                | "cash"
                | "cheque"
                | "check"
                | "card"
                | "zahlungsanweisung"
                | "gutschein"
                | "voucher"
        )
    })
}

/// Whether the list blocks or cancels the row.
pub fn is_blocked(payment: &Payment) -> bool {
    let Some(status) = payment.list_status.as_deref() else { return false };
    let words = fold_words(status);
    if words.iter().any(|word| matches!(word.as_str(), "nicht" | "not" | "keine" | "kein" | "no")) {
        return false;
    }
    words.iter().any(|word| {
        let begins = |starts: &[&str]| starts.iter().any(|start| word.starts_with(start));
        begins(&[
            "gesperrt",
            "sperre",
            "zahlsperre",
            "zahlungssperre",
            "sperrvermerk",
            "blocked",
            "storn",
            "cancel",
            "angehalten",
            "gestoppt",
            "stop",
            "eingestellt",
            "widerrufen",
            "ausgesetzt",
            "suspended",
            "ruht",
        ])
    })
}

/// What note and list status prove about money handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// No receipt, or one that says it is missing.
    Missing,
    /// A receipt with a number, without a day.
    Numbered,
    /// A receipt with its day.
    Dated(NaiveDate),
}

/// Reads the receipt of a row paid by another channel: a word for it with a number or a date.
pub fn receipt_of(payment: &Payment) -> Receipt {
    let texts = [payment.note.as_deref(), payment.list_status.as_deref()];
    let mut best = Receipt::Missing;
    for text in texts.into_iter().flatten() {
        match receipt_in(text) {
            Receipt::Missing => {}
            Receipt::Numbered => {
                if best == Receipt::Missing {
                    best = Receipt::Numbered;
                }
            }
            dated @ Receipt::Dated(_) => best = dated,
        }
    }
    best
}

fn receipt_in(text: &str) -> Receipt {
    let words = fold_words(text);
    let denied = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "kein"
                | "keine"
                | "keinen"
                | "ohne"
                | "nicht"
                | "fehlt"
                | "fehlen"
                | "fehlend"
                | "no"
                | "not"
                | "missing"
                | "without"
                | "offen"
                | "ausstehend"
                | "pending"
                | "noch"
        )
    });
    let named = words.iter().any(|word| {
        ["quittung", "quittiert", "beleg", "ausgezahlt", "receipt", "kassenbeleg", "ausgehandigt"]
            .iter()
            .any(|start| word.starts_with(start))
    });
    if denied || !named {
        return Receipt::Missing;
    }
    let day = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()))
        .find_map(|word| from_german(word).or_else(|| from_iso(word)));
    if let Some(day) = day {
        return Receipt::Dated(day);
    }
    let numbered = words.iter().any(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
    if numbered { Receipt::Numbered } else { Receipt::Missing }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::payment::CommonOfRows;
    use crate::model::shared::Shared;

    #[test]
    fn receipts() {
        let day = NaiveDate::from_ymd_opt(2023, 11, 29).unwrap();
        for (text, expected) in [
            ("Quittung 4711", Receipt::Numbered),
            ("ausgezahlt am 29.11.2023", Receipt::Dated(day)),
            ("Beleg Nr. 12 vom 29.11.2023", Receipt::Dated(day)),
            ("receipt 2023-11-29", Receipt::Dated(day)),
            ("keine Quittung 4711", Receipt::Missing),
            ("Quittung fehlt, Az 12", Receipt::Missing),
            ("Quittung", Receipt::Missing),
            ("Zimmer 12", Receipt::Missing),
        ] {
            assert_eq!(receipt_in(text), expected, "{text}");
        }
    }

    #[test]
    fn blocked_rows() {
        for (status, blocked) in [
            ("gesperrt", true),
            ("STORNIERT", true),
            ("cancelled", true),
            ("nicht gesperrt", false),
            ("aktiv", false),
            ("", false),
        ] {
            let common =
                CommonOfRows { list_status: Some(status.to_owned()), ..CommonOfRows::default() };
            let row = Payment { common: Shared::new(common), ..Payment::default() };
            assert_eq!(is_blocked(&row), blocked, "{status}");
        }
    }

    #[test]
    fn channels() {
        for (channel, other) in
            [("Bar", true), ("Scheck", true), ("unbar", false), ("Überweisung", false)]
        {
            let common =
                CommonOfRows { channel: Some(channel.to_owned()), ..CommonOfRows::default() };
            let row = Payment { common: Shared::new(common), ..Payment::default() };
            assert_eq!(is_other_channel(&row), other, "{channel}");
        }
    }
}
