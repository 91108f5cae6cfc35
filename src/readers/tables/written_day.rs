//! Days as people and programs write them in a list's column of due days, beyond what every table has.

use chrono::Days;
use chrono::NaiveDate;

use crate::facts::month_names;
use crate::model::text::fold_words;
use crate::readers::tables::values::day;

/// Spreadsheets count days from here; the days meant are those from 2000 to 2099.
const FIRST_SERIAL: (i32, u32, u32) = (1899, 12, 30);
const SERIALS: std::ops::Range<u64> = 36_526..73_051;

/// A due day: `30. November 2023`, `30-Nov-2023`, `Do, 30.11.2023`, `30-11-2023`, `20231130`, and the
/// number by which spreadsheets know it (45260).
pub(super) fn due_day(text: &str) -> Option<NaiveDate> {
    day(text).or_else(|| in_words(text)).or_else(|| in_digits(text))
}

fn in_words(text: &str) -> Option<NaiveDate> {
    // A weekday before the day.
    if let Some((weekday, rest)) = text.split_once([',', ' ']) {
        let is_word = weekday.trim_end_matches('.').chars().all(char::is_alphabetic);
        if is_word && (2..=10).contains(&weekday.len()) {
            if let Some(found) = day(rest).filter(|_| rest.trim().len() <= 10) {
                return Some(found);
            }
        }
    }
    let words = fold_words(text);
    let [first, month, year] = words.as_slice() else { return None };
    let year = i32::try_from(number(year, 4)?).ok()?;
    let first = number(first, 2)?;
    // Day before month, as everywhere in this country; another order is not guessed.
    let month = match number(month, 2) {
        Some(month) if text.contains('-') => month,
        Some(_) => return None,
        None => month_names::begun_by(month)?,
    };
    NaiveDate::from_ymd_opt(year, month, first)
}

fn in_digits(text: &str) -> Option<NaiveDate> {
    if text.len() == 8 {
        let (year, rest) = text.split_at_checked(4)?;
        let (month, first) = rest.split_at_checked(2)?;
        let year = i32::try_from(number(year, 4)?).ok()?;
        let year = Some(year).filter(|year| (2000..2100).contains(year))?;
        return NaiveDate::from_ymd_opt(year, number(month, 2)?, number(first, 2)?);
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let serial = number(whole, 5).map(u64::from).filter(|serial| SERIALS.contains(serial))?;
    let (year, month, first) = FIRST_SERIAL;
    part.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    NaiveDate::from_ymd_opt(year, month, first)?.checked_add_days(Days::new(serial))
}

/// A number of no more digits.
fn number(text: &str, longest: usize) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && text.len() <= longest).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_days() {
        let november = NaiveDate::from_ymd_opt(2023, 11, 30);
        for text in [
            "30.11.2023",
            "2023-11-30",
            "30. November 2023",
            "30. Nov. 2023",
            "30.Nov.2023",
            "30-Nov-2023",
            "30-11-2023",
            "Do, 30.11.2023",
            "Donnerstag, 30.11.2023",
            "20231130",
            "45260",
            "45260.5",
        ] {
            assert_eq!(due_day(text), november, "{text}");
        }
        assert_eq!(due_day("1. März 2024"), NaiveDate::from_ymd_opt(2024, 3, 1));
        for text in
            ["", "30.11.", "11/2023", "11 30 2023", "12345678", "99", "offen", "30 xyz 2023"]
        {
            assert_eq!(due_day(text), None, "{text}");
        }
    }
}
