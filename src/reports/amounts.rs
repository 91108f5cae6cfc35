//! Amounts as people read them.

use crate::model::amount::Amount;

/// An amount as people read it: `1.234,50` or `1,234.50`.
pub fn shown(amount: Amount, german: bool) -> String {
    let text = amount.abs().to_string();
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let (group, mark) = if german { ('.', ',') } else { (',', '.') };
    let mut grouped = String::new();
    for (number, digit) in whole.chars().enumerate() {
        if number > 0 && (whole.len().saturating_sub(number)) % 3 == 0 {
            grouped.push(group);
        }
        grouped.push(digit);
    }
    let sign = if amount < Amount::ZERO { "-" } else { "" };
    format!("{sign}{grouped}{mark}{cents}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_for_people() {
        for (cents, german, english) in [
            (0, "0,00", "0.00"),
            (123_456, "1.234,56", "1,234.56"),
            (-100_000_000, "-1.000.000,00", "-1,000,000.00"),
            (5, "0,05", "0.05"),
        ] {
            let amount = Amount::from_cents(cents);
            assert_eq!(
                (shown(amount, true).as_str(), shown(amount, false).as_str()),
                (german, english)
            );
        }
    }
}
