//! Money, counted in whole cents.

use std::fmt;
use std::iter::Sum;

use rust_decimal::Decimal;
use thiserror::Error;

/// A sum of money in whole cents; may be below zero.
///
/// **Unit.** One cent (a hundredth of the currency's unit).
///
/// **Source.** ISO 20022 `ActiveOrHistoricCurrencyAndAmount`: at most 18 digits; euros have two
/// after the point. Statement amounts have no sign there; the sign is the entry's direction.
///
/// ```
/// use gutschrift::model::amount::{Amount, DecimalMark};
///
/// let benefit = Amount::parse("1.234,50 EUR", DecimalMark::Comma)?;
/// assert_eq!(benefit, Amount::from_iso("1234.5")?);
/// assert_eq!(benefit.to_string(), "1234.50");
/// # Ok::<(), gutschrift::model::amount::AmountError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

/// Which character stands before the cents; a property of a column, never of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `1.234,56`
    Comma,
    /// `1,234.56`
    Point,
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AmountError {
    /// A character other than a digit or an expected separator, or no digit at all.
    #[error("not an amount")]
    NotANumber,
    /// The thousands and decimal marks are the other way round: `1,234.50` in a German column.
    #[error("decimal and thousands marks are swapped")]
    MarksSwapped,
    /// More than two digits after the decimal mark; money is never rounded.
    #[error("more than two decimals")]
    FractionOfACent,
    /// More than the 18 digits that ISO 20022 allows.
    #[error("more than 18 digits")]
    TooLarge,
}

impl Amount {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount of so many cents.
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// The amount in cents.
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// The amount as a decimal with two places.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// An amount from a decimal; zeros after the second place are fine, other digits are not.
    ///
    /// # Errors
    ///
    /// [`AmountError::FractionOfACent`] or [`AmountError::TooLarge`].
    pub fn from_decimal(value: Decimal) -> Result<Self, AmountError> {
        let value = value.normalize();
        let missing_places =
            2_u32.checked_sub(value.scale()).ok_or(AmountError::FractionOfACent)?;
        let cents = value
            .mantissa()
            .checked_mul(10_i128.pow(missing_places))
            .and_then(|cents| i64::try_from(cents).ok())
            .ok_or(AmountError::TooLarge)?;
        Ok(Self(cents))
    }

    /// Reads the ISO 20022 form: decimal point, no thousands mark, such as `1234.5`.
    ///
    /// # Errors
    ///
    /// Any [`AmountError`] but [`AmountError::MarksSwapped`].
    pub fn from_iso(text: &str) -> Result<Self, AmountError> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = if whole.is_empty() && !fraction.is_empty() { "0" } else { whole };
        Self::from_digits(negative, whole, fraction)
    }

    /// Reads an amount as people and exports write it, with the decimal mark the column has:
    /// blanks, a currency (`€`, `EUR`) before or after, a leading or trailing sign and groups
    /// of three are understood; everything else is refused.
    ///
    /// # Errors
    ///
    /// Any [`AmountError`]; `1,234.50` in a column with decimal comma is
    /// [`AmountError::MarksSwapped`], never one euro twenty-three.
    pub fn parse(text: &str, mark: DecimalMark) -> Result<Self, AmountError> {
        if let Some(amount) = Self::usual(text, mark) {
            return Ok(amount);
        }
        if !blanks_part_groups(text) {
            return Err(AmountError::NotANumber);
        }
        let (negative, body) = strip_sign_and_currency(text)?;
        let (decimal, group) = match mark {
            DecimalMark::Comma => (',', '.'),
            DecimalMark::Point => ('.', ','),
        };
        let (whole, fraction) = body.split_once(decimal).unwrap_or((&body, ""));
        if fraction.contains(group) {
            return Err(AmountError::MarksSwapped);
        }
        let whole = ungroup(whole, group, body.contains(decimal))?;
        Self::from_digits(negative, &whole, fraction)
    }

    /// The usual form: digits, the decimal mark, two digits; a minus before them.
    fn usual(text: &str, mark: DecimalMark) -> Option<Self> {
        let decimal = if mark == DecimalMark::Comma { b',' } else { b'.' };
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            bytes => (false, bytes),
        };
        let [whole @ .., point, tens, ones] = digits else { return None };
        let fits = *point == decimal && (1..=15).contains(&whole.len());
        let mut cents = 0_i64;
        for byte in whole.iter().chain([tens, ones]) {
            let digit = byte.is_ascii_digit().then(|| i64::from(byte.wrapping_sub(b'0')))?;
            cents = cents.checked_mul(10)?.checked_add(digit)?;
        }
        fits.then(|| Self(if negative { cents.saturating_neg() } else { cents }))
    }

    /// The sum, or `None` if it cannot be held; sums of money never wrap.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The sum, held at the largest amount there is; for reports only, where no verdict hangs
    /// on it.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, held at the limits like [`Self::plus`].
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The same amount with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    fn from_digits(negative: bool, whole: &str, fraction: &str) -> Result<Self, AmountError> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return Err(AmountError::NotANumber);
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 2 {
            return Err(AmountError::FractionOfACent);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 16 {
            return Err(AmountError::TooLarge);
        }
        let euros: i64 = if whole.is_empty() { 0 } else { parse_digits(whole)? };
        let cents: i64 = match fraction.len() {
            0 => 0,
            1 => parse_digits(fraction)?.saturating_mul(10),
            _ => parse_digits(fraction)?,
        };
        let cents = euros
            .checked_mul(100)
            .and_then(|euros| euros.checked_add(cents))
            .ok_or(AmountError::TooLarge)?;
        Ok(Self(if negative { cents.saturating_neg() } else { cents }))
    }
}

fn parse_digits(digits: &str) -> Result<i64, AmountError> {
    digits.parse().map_err(|_| AmountError::TooLarge)
}

/// Takes sign, currency and blanks off; what is left may only hold digits and marks.
fn strip_sign_and_currency(text: &str) -> Result<(bool, String), AmountError> {
    let mut body: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '\u{202f}' && *c != '\u{a0}').collect();
    for currency in ["EUR", "€", "eur", "Euro"] {
        if let Some(rest) = body.strip_suffix(currency) {
            body = rest.to_owned();
        } else if let Some(rest) = body.strip_prefix(currency) {
            body = rest.to_owned();
        }
    }
    let mut signs = 0_u8;
    let mut negative = false;
    for minus in ['-', '\u{2212}', '\u{2013}'] {
        if let Some(rest) = body.strip_prefix(minus) {
            body = rest.to_owned();
            negative = true;
            signs = signs.saturating_add(1);
        }
        if let Some(rest) = body.strip_suffix(minus) {
            body = rest.to_owned();
            negative = true;
            signs = signs.saturating_add(1);
        }
    }
    if let Some(rest) = body.strip_prefix('+').or_else(|| body.strip_suffix('+')) {
        body = rest.to_owned();
        signs = signs.saturating_add(1);
    }
    // `-€5` and `EUR-5` are met, `--5` and `-5-` are not amounts.
    for currency in ["EUR", "€"] {
        if let Some(rest) = body.strip_prefix(currency) {
            body = rest.to_owned();
        }
    }
    if signs > 1 || body.is_empty() {
        return Err(AmountError::NotANumber);
    }
    Ok((negative, body))
}

/// Whether blanks inside of the number stand where thousands marks belong: `1 234,56`, never `5 63,00`,
/// where one digit was moved or lost.
fn blanks_part_groups(text: &str) -> bool {
    let of_number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let (Some(start), Some(end)) = (text.find(of_number), text.rfind(of_number)) else {
        return true;
    };
    let number = text.get(start..=end).unwrap_or_default();
    if !number.contains(char::is_whitespace) {
        return true;
    }
    let whole = number.find([',', '.']).unwrap_or(number.len());
    let (whole, fraction) = number.split_at_checked(whole).unwrap_or((number, ""));
    !fraction.contains(char::is_whitespace) && are_groups(whole.split(char::is_whitespace))
}

/// Whether these are the groups of three of a number; the first may be shorter.
fn are_groups<'a>(mut groups: impl Iterator<Item = &'a str>) -> bool {
    groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3)
}

/// Takes the thousands marks out, if they stand where thousands marks belong.
fn ungroup(whole: &str, group: char, has_decimal_mark: bool) -> Result<String, AmountError> {
    let Some((_, rest)) = whole.split_once(group) else {
        return Ok(whole.to_owned());
    };
    if !are_groups(whole.split(group)) {
        // One mark with one or two digits behind it is the other notation.
        let swapped = !has_decimal_mark && matches!(rest.len(), 1 | 2);
        return Err(if swapped { AmountError::MarksSwapped } else { AmountError::NotANumber });
    }
    Ok(whole.replace(group, ""))
}

impl fmt::Display for Amount {
    /// Writes `-1234.50`; grouping and language belong to the reports.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Self::plus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, mark: DecimalMark, expected: Result<i64, AmountError>) {
        assert_eq!(Amount::parse(text, mark).map(Amount::cents), expected, "{text}");
    }

    #[test]
    fn amounts_are_written_with_two_decimals() {
        for (cents, expected) in [
            (0, "0.00"),
            (5, "0.05"),
            (-5, "-0.05"),
            (99, "0.99"),
            (100, "1.00"),
            (-123_450, "-1234.50"),
            (1_000_000, "10000.00"),
            (i64::MAX, "92233720368547758.07"),
            (i64::MIN, "-92233720368547758.08"),
        ] {
            assert_eq!(Amount::from_cents(cents).to_string(), expected);
        }
    }

    #[test]
    fn german_amounts() {
        use DecimalMark::Comma;
        check("0,00", Comma, Ok(0));
        check("1.234,50", Comma, Ok(123_450));
        check("1234,5", Comma, Ok(123_450));
        check("12", Comma, Ok(1_200));
        check("1 234,56 EUR", Comma, Ok(123_456));
        check("-1.000,00 €", Comma, Ok(-100_000));
        check("€ 5,00", Comma, Ok(500));
        check("-13", Comma, Ok(-1_300));
        check("13,50-", Comma, Ok(-1_350));
        check("1.000", Comma, Ok(100_000));
        check(" 84,00", Comma, Ok(8_400));
        check("9999999999999999,99", Comma, Ok(999_999_999_999_999_999));
        check("10000000000000000,00", Comma, Err(AmountError::TooLarge));
        check("1,234.50", Comma, Err(AmountError::MarksSwapped));
        check("12.50", Comma, Err(AmountError::MarksSwapped));
        check("1.23,50", Comma, Err(AmountError::NotANumber));
        check("--5", Comma, Err(AmountError::NotANumber));
        check("-5-", Comma, Err(AmountError::NotANumber));
        check("1e3", Comma, Err(AmountError::NotANumber));
        check("1_000", Comma, Err(AmountError::NotANumber));
        check("", Comma, Err(AmountError::NotANumber));
        check("0,005", Comma, Err(AmountError::FractionOfACent));
        check("0,500", Comma, Ok(50));
    }

    #[test]
    fn point_amounts() {
        use DecimalMark::Point;
        check("1,234.50", Point, Ok(123_450));
        check("-20", Point, Ok(-2_000));
        check("1.234,50", Point, Err(AmountError::MarksSwapped));
        check("12,5", Point, Err(AmountError::MarksSwapped));
    }

    #[test]
    fn iso_amounts_and_decimals() {
        assert_eq!(Amount::from_iso("563").map(Amount::cents), Ok(56_300));
        assert_eq!(Amount::from_iso("563.0000").map(Amount::cents), Ok(56_300));
        assert_eq!(Amount::from_iso("0.0000000000004"), Err(AmountError::FractionOfACent));
        assert_eq!(Amount::from_iso("1,5"), Err(AmountError::NotANumber));
        assert_eq!(Amount::from_cents(-5).to_string(), "-0.05");
        for cents in [0, 1, 10, 100, 56_300, -1_250] {
            let amount = Amount::from_cents(cents);
            assert_eq!(Amount::from_decimal(amount.to_decimal()), Ok(amount));
        }
        assert_eq!(Amount::from_decimal(Decimal::new(1, 3)), Err(AmountError::FractionOfACent));
    }
}
