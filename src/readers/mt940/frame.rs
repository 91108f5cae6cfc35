//! What frames the bookings of a statement: account, number, balances.

use chrono::NaiveDate;

use crate::model::currency::Currency;
use crate::model::date::from_yymmdd;
use crate::model::iban::Iban;
use crate::model::statement::Balance;
use crate::readers::mt940::entry_line::comma_amount;

/// `:25:`: bank code and account, perhaps with the currency, or an IBAN.
pub(super) fn account(content: &str) -> Option<Iban> {
    let content = content.trim();
    if let Some((bank_code, number)) = content.split_once('/') {
        let number = number.trim();
        let number = number.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_end();
        if let Some(iban) = Iban::from_german_account(bank_code.trim(), number) {
            return Some(iban);
        }
        if let Some(iban) = Iban::read(number).filter(Iban::is_valid) {
            return Some(iban);
        }
    }
    let bare = content.strip_suffix("EUR").unwrap_or(content);
    Iban::read(bare).filter(Iban::is_valid).or_else(|| Iban::read(content))
}

/// `:28C:`: number of the statement and of its page.
pub(super) fn statement_number(content: &str) -> (String, Option<u32>) {
    match content.split_once('/') {
        Some((number, page)) => (number.trim().to_owned(), page.trim().parse().ok()),
        None => (content.to_owned(), None),
    }
}

/// `C231129EUR10000,00`; a debit balance is below zero.
pub(super) fn balance(content: &str) -> Option<Balance> {
    let (mark, rest) = content.split_at_checked(1)?;
    let (date, rest) = rest.split_at_checked(6)?;
    let (currency, digits) = rest.split_at_checked(3)?;
    // The dash that ends a message may be glued to it.
    let amount = comma_amount(digits.trim().trim_end_matches('-').trim_end())?;
    let amount = match mark {
        "C" => amount,
        "D" => amount.negated(),
        _ => return None,
    };
    let day: Option<NaiveDate> = from_yymmdd(date);
    // Banks write `000000` for a balance that was never moved.
    (day.is_some() || date == "000000").then_some(())?;
    Some(Balance { day, amount, currency: Currency::parse(currency)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts() {
        for (text, account_text) in [
            ("37040044/532013000", "DE89370400440532013000"),
            ("37040044/0532013000EUR", "DE89370400440532013000"),
            ("DE89370400440532013000", "DE89370400440532013000"),
            ("DE89370400440532013000EUR", "DE89370400440532013000"),
            ("COBADEFFXXX/DE89370400440532013000", "DE89370400440532013000"),
            ("517852257", "517852257"),
        ] {
            assert_eq!(account(text).unwrap().reveal(), account_text, "{text}");
        }
        assert_eq!(account(" "), None);
    }

    #[test]
    fn balances() {
        for (text, cents) in [
            ("C251127EUR250000,00", Some(25_000_000)),
            ("D070903EUR970499,9", Some(-97_049_990)),
            ("C211102EUR0,", Some(0)),
            ("C211102EUR5,00-", Some(500)),
            ("X211102EUR0,", None),
            ("C211102EUR", None),
            ("C219902EUR1,", None),
            ("Dnullnull7414,3", None),
        ] {
            assert_eq!(balance(text).map(|found| found.amount.cents()), cents, "{text}");
        }
    }
}
