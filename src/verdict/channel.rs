//! How a row is paid: by transfer, by another channel, not at all.

use chrono::NaiveDate;

use crate::facts::block_marks;
use crate::facts::receipt_words;
use crate::matching::months::named_months;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::amount::Amount;
use crate::model::date::Month;
use crate::model::date::from_german;
use crate::model::date::from_iso;
use crate::model::payment::Payment;
use crate::model::text::fold_words;
use crate::model::text::reference_key;

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
    status.split(';').any(|part| block_marks::is_said(&fold_words(part)))
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

/// Reads the receipt of a row paid by another channel: a word for it with a number or a date, of this
/// payment, and of a day that is not later than `known_until`, where that is known.
pub fn receipt_of(owed: &Owed<'_>, known_until: Option<NaiveDate>) -> Receipt {
    let payment = owed.payment;
    let texts = [payment.note.as_deref(), payment.list_status.as_deref()];
    let mut best = Receipt::Missing;
    for text in texts.into_iter().flatten() {
        // What one of them denies the other does not prove.
        if fold_words(text).iter().any(|word| receipt_words::speaks_against(word)) {
            return Receipt::Missing;
        }
        let of_month = named_months(text).into_iter().all(|month| {
            let due = Month::of(owed.dates.due);
            month.may_be(due) || month.may_be(due.next())
        });
        let of_case = !names_case(text)
            || owed.case_key.as_deref().is_some_and(|own| reference_key(text).contains(own));
        let of_amount = amounts_in(text).all(|amount| amount == owed.amount);
        if !(of_month && of_case && of_amount) || text.contains('?') {
            continue;
        }
        match receipt_in(text) {
            Receipt::Dated(day) if known_until.is_some_and(|until| day > until) => {}
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

/// Whether a text says that a case number follows.
fn names_case(text: &str) -> bool {
    fold_words(text).iter().any(|word| {
        matches!(word.as_str(), "az" | "aktenzeichen" | "fall" | "fallnr" | "fallnummer" | "case")
    })
}

/// The sums of money that a text names: `100,00`, `95 EUR`.
fn amounts_in(text: &str) -> impl Iterator<Item = Amount> + '_ {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_euro = |word: &str| matches!(fold_words(word).concat().as_str(), "eur" | "euro");
    let of = move |number: usize| -> Option<Amount> {
        let word = words.get(number)?;
        let next = words.get(number.saturating_add(1)).copied().unwrap_or_default();
        let before = number.checked_sub(1).and_then(|before| words.get(before)).copied();
        let bare = word.trim_matches(|c: char| !c.is_ascii_digit());
        let marked = word.contains('€')
            || next.starts_with('€')
            || is_euro(next)
            || before.is_some_and(|before| is_euro(before) || before == "€");
        let cents = bare.rsplit_once(',').is_some_and(|(_, cents)| cents.len() == 2);
        if !(marked || cents) {
            return None;
        }
        Amount::from_iso(&bare.replace('.', "").replace(',', ".")).ok()
    };
    let count = text.split_whitespace().count();
    (0..count).filter_map(of)
}

fn receipt_in(text: &str) -> Receipt {
    // A part of the text that is the receipt and says nothing else.
    let parts = text.split([',', ';', '(', ')', ':', '–']);
    let whole = parts.filter(|part| {
        let words = fold_words(part);
        let has_receipt = words.iter().any(|word| receipt_words::is_receipt(word));
        has_receipt
            && words.iter().all(|word| {
                receipt_words::is_receipt(word)
                    || receipt_words::may_stand_beside(word)
                    || word.bytes().any(|byte| byte.is_ascii_digit())
                    || !named_months(word).is_empty()
            })
    });
    if whole.count() == 0 {
        return Receipt::Missing;
    }
    let day = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()))
        .find_map(|word| from_german(word).or_else(|| from_iso(word)));
    if let Some(day) = day {
        return Receipt::Dated(day);
    }
    let numbered = fold_words(text).iter().any(|word| word.bytes().any(|b| b.is_ascii_digit()));
    if numbered { Receipt::Numbered } else { Receipt::Missing }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::owed::Dates;
    use crate::model::calendar::Calendar;
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
            ("Quittung", Receipt::Missing),
            ("Zimmer 12", Receipt::Missing),
            ("Beleg anfordern 17", Receipt::Missing),
            ("Quittung für Nachbarin 4711", Receipt::Missing),
            ("Quittung Nr. 88 vom 29.11.2023, Frau Müller", Receipt::Dated(day)),
        ] {
            assert_eq!(receipt_in(text), expected, "{text}");
        }
    }

    #[test]
    fn receipts_are_of_this_payment_and_in_the_past() {
        let day = |day: u32| NaiveDate::from_ymd_opt(2023, 11, day).unwrap();
        let dates = Dates::new(day(30), None, false, &Calendar::default());
        for (note, status, expected) in [
            ("Quittung 4711", "", Receipt::Numbered),
            ("keine Quittung 4711", "", Receipt::Missing),
            ("Quittung fehlt, Az 12", "", Receipt::Missing),
            ("Quittung 12", "storniert", Receipt::Missing),
            ("Quittung 12 vom 29.11.2023", "", Receipt::Dated(day(29))),
            ("Quittung 12 vom 30.11.2023", "", Receipt::Missing),
            ("wird am 29.11.2023 ausgezahlt, Quittung 12", "", Receipt::Missing),
            ("Quittung 12 über 80,00 EUR", "", Receipt::Missing),
            ("Quittung 12 über 1.563,00 EUR", "", Receipt::Numbered),
            ("Quittung 12 Oktober", "", Receipt::Missing),
            ("Quittung 12 von Az 99-2", "", Receipt::Missing),
            ("Quittung 12 von Az 50-1", "", Receipt::Numbered),
            ("ausgezahlt? Quittung 12", "", Receipt::Missing),
            ("Quittung 12 an Betreuer", "", Receipt::Numbered),
            ("Quittung 12 November 2023", "", Receipt::Numbered),
        ] {
            let common = CommonOfRows {
                note: Some(note.to_owned()),
                list_status: Some(status.to_owned()),
                ..CommonOfRows::default()
            };
            let row = Payment {
                amount: Some(Amount::from_cents(156_300)),
                case_id: Some("50-1".to_owned()),
                common: Shared::new(common),
                ..Payment::default()
            };
            let owed = Owed::new(&row, dates, Part::ReferenceOnly);
            assert_eq!(receipt_of(&owed, Some(day(29))), expected, "{note}");
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
            ("Sperre aufgehoben", false),
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
