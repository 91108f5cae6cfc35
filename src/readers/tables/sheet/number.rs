//! Numbers, days and formula results of spreadsheets as the texts of cells.

#![expect(clippy::disallowed_types, reason = "spreadsheets keep binary numbers; here they end")]

use chrono::Days;
use chrono::NaiveDate;

use crate::readers::tables::sheet::grid::Typed;
use crate::readers::tables::values::NO_RESULT;
use crate::readers::tables::values::UNCALCULATED;

/// From here on a binary number does not hold every digit: it has sixteen of them.
const MOST: f64 = 1e15;

/// A number's text, with a decimal point.
///
/// The last digits of a binary fraction are noise: 563.4000000000001 is 563.40. A number of more
/// digits than it can hold, or of none that is shown, is written with an exponent: it is the ruin of
/// an id or account (`7E2024`), and [`crate::readers::tables::values::is_damaged`] knows it by that.
pub(super) fn number(value: f64) -> Typed {
    if !value.is_finite() || value.abs() >= MOST {
        return Typed::own(exponent(value));
    }
    let nine = format!("{value:.9}");
    let short = nine.trim_end_matches('0').trim_end_matches('.');
    if short.trim_start_matches('-') == "0" && value != 0.0 {
        return Typed::own(exponent(value));
    }
    Typed::own(short)
}

/// `1.797E+308`
fn exponent(value: f64) -> String {
    if !value.is_finite() {
        return "1E+999".to_owned();
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((mantissa, exponent)) if !exponent.starts_with('-') => {
            format!("{mantissa}E+{exponent}")
        }
        _ => text,
    }
}

/// The result that is stored with a formula. Programs that write workbooks without calculating store
/// nothing, or 0: neither is a value.
pub(super) fn result(stored: Typed) -> Typed {
    if stored.text.is_empty() {
        return Typed::text(NO_RESULT);
    }
    if stored.typed && is_zero(&stored.text) { Typed::text(UNCALCULATED) } else { stored }
}

fn is_zero(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-'))
}

/// A serial number as a day, `YYYY-MM-DD`.
pub(super) fn serial_day(value: f64, is_1904: bool) -> Option<String> {
    let whole = format!("{:.0}", value.floor());
    let days: u64 = whole.parse().ok()?;
    let epoch = if is_1904 {
        NaiveDate::from_ymd_opt(1904, 1, 1)?
    } else if days < 60 {
        NaiveDate::from_ymd_opt(1899, 12, 31)?
    } else {
        // The 29th of February 1900, which never was, is day 60.
        NaiveDate::from_ymd_opt(1899, 12, 30)?
    };
    let day = epoch.checked_add_days(Days::new(days))?;
    Some(day.format("%Y-%m-%d").to_string())
}

/// Whether a built-in number format shows a day.
pub(super) const fn shows_day(format: u16) -> bool {
    matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a number format shows a day: a `d` or `y` outside quotation marks and brackets.
pub(super) fn code_shows_day(code: &str) -> bool {
    if code.eq_ignore_ascii_case("general") || code.eq_ignore_ascii_case("standard") {
        return false;
    }
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => while letters.next().is_some_and(|letter| letter != '"') {},
            '[' => while letters.next().is_some_and(|letter| letter != ']') {},
            '\\' | '_' | '*' => {
                letters.next();
            }
            'd' | 'y' | 'D' | 'Y' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::tables::values::is_damaged;

    #[test]
    fn numbers() {
        for (value, text) in [
            (563.0, "563"),
            (400.230_000_000_000_1, "400.23"),
            (1_204.499_999_999_999, "1204.5"),
            (-0.5, "-0.5"),
            (0.0, "0"),
            (999_999_999_999_999.0, "999999999999999"),
        ] {
            assert_eq!(number(value).text, text);
        }
        for damaged in [1e15, f64::MAX, f64::INFINITY, -1e18, 7e-20] {
            let text = number(damaged).text;
            assert!(is_damaged(&text), "{text}");
        }
    }

    #[test]
    fn results() {
        assert_eq!(result(number(0.0)).text, UNCALCULATED);
        assert_eq!(result(Typed::default()).text, NO_RESULT);
        assert_eq!(result(number(5.5)).text, "5.5");
        assert_eq!(result(Typed::text("0")).text, "0");
    }

    #[test]
    fn days() {
        assert_eq!(serial_day(45260.0, false).as_deref(), Some("2023-11-30"));
        assert_eq!(serial_day(45260.75, false).as_deref(), Some("2023-11-30"));
        assert_eq!(serial_day(1.0, false).as_deref(), Some("1900-01-01"));
        assert_eq!(serial_day(43798.0, true).as_deref(), Some("2023-11-30"));
        assert_eq!(serial_day(-1.0, false), None);
        assert_eq!(serial_day(1e12, false), None);
        for (code, shows) in [
            ("dd.mm.yyyy", true),
            ("[$-407]d. mmm yyyy;@", true),
            ("#,##0.00\\ \"day\"", false),
            ("[Red]0.00", false),
            ("General", false),
            ("h:mm", false),
        ] {
            assert_eq!(code_shows_day(code), shows, "{code}");
        }
    }
}
