//! Periods and numbers by which a text names a month without its name: `01.10.-31.10.2023`,
//! `Leistungsmonat 10`, `Monat 202310`.

use chrono::NaiveDate;

use crate::matching::words::Word;
use crate::matching::words::Words;
use crate::matching::words::is_day_number;
use crate::matching::words::is_month_number;
use crate::model::text::fold_words;

/// A month's number (1 to 12), and its year where the text gives it.
pub(super) type Numbered = (u32, Option<i32>);

/// A day as a text writes it; the year may be missing.
#[derive(Clone, Copy, Debug)]
struct Day {
    number: u32,
    month: u32,
    year: Option<i32>,
    /// The number of its last word.
    last: usize,
}

/// The months of all periods of a text. One date alone is that of a letter or a booking; two of them with
/// `bis` or a dash between say for which days money is paid.
pub(super) fn months_of_periods(text: &str, words: &Words<'_>) -> Vec<Numbered> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.0.len() {
        let period = day_at(words, at).and_then(|from| {
            let to = day_behind(text, words, from.last)?;
            Some((from, to))
        });
        let Some((from, to)) = period else {
            at = at.saturating_add(1);
            continue;
        };
        found.extend(months_between(from, to));
        at = to.last.saturating_add(1);
    }
    found
}

/// Longer periods are those of grants: all of their months are meant, which says nothing.
const LONGEST: u32 = 3;

fn months_between(from: Day, to: Day) -> Vec<Numbered> {
    let end = to.year.or(from.year);
    let begin = from.year.or(end.map(|year| year.saturating_sub(i32::from(to.month < from.month))));
    let exists = |day: Day, year: Option<i32>| {
        NaiveDate::from_ymd_opt(year.unwrap_or(2024), day.month, day.number).is_some()
    };
    if !exists(from, begin) || !exists(to, end) {
        return Vec::new();
    }
    let number = |day: Day, year: Option<i32>| {
        let years = year.unwrap_or_default();
        i64::from(years).saturating_mul(12).saturating_add(i64::from(day.month))
    };
    let wraps = begin.is_none() && to.month < from.month;
    let last = number(to, end).saturating_add(if wraps { 12 } else { 0 });
    let first = number(from, begin);
    if last < first || last.saturating_sub(first) >= i64::from(LONGEST) {
        return Vec::new();
    }
    let mut months = Vec::new();
    let (mut month, mut year) = (from.month, begin);
    for _ in first..=last {
        months.push((month, year));
        month = month.saturating_add(1);
        if month > 12 {
            month = 1;
            year = year.map(|year| year.saturating_add(1));
        }
    }
    months
}

/// The day that begins at a word: `01.10.`, `1.10.2023`, `2023-10-01`.
fn day_at(words: &Words<'_>, at: usize) -> Option<Day> {
    let before = at.checked_sub(1).and_then(|before| words.0.get(before));
    let one = words.0.get(at)?;
    // What a number goes on with behind a dash may be the end of a period, but not behind a point.
    if before.is_some_and(|before| before.joins_digits(one) && before.mark != '-') {
        return None;
    }
    let two = words.0.get(at.saturating_add(1))?;
    let three = words.0.get(at.saturating_add(2));
    if let Some(three) = three.filter(|_| one.text.len() == 4 && one.mark == '-' && one.joined) {
        let day = is_month_number(two.text) && two.mark == '-' && is_day_number(three.text);
        let year = number(one.text).filter(|_| day)?;
        let (month, day) = (number(two.text)?, number(three.text)?);
        return Some(Day {
            number: day,
            month,
            year: i32::try_from(year).ok(),
            last: at.saturating_add(2),
        });
    }
    if one.mark != '.' || !one.joined || !is_day_number(one.text) || !is_month_number(two.text) {
        return None;
    }
    let (day, month) = (number(one.text)?, number(two.text)?);
    let year = three.filter(|_| two.joined && two.mark == '.').and_then(|year| year_of(year.text));
    if two.joined && two.mark == '.' && year.is_none() {
        return None;
    }
    // `1.10` alone is a number of many things.
    if !two.joined && two.mark != '.' {
        return None;
    }
    let last = at.saturating_add(if year.is_some() { 2 } else { 1 });
    Some(Day { number: day, month, year, last })
}

/// The day that ends a period whose first one ends with this word.
fn day_behind(text: &str, words: &Words<'_>, last: usize) -> Option<Day> {
    let next = last.saturating_add(1);
    let (end, begin) = (words.0.get(last)?, words.0.get(next)?);
    let between = text.get(end.to..begin.from)?;
    if is_dash(between) {
        return day_at(words, next);
    }
    let is_until = matches!(fold_words(begin.text).concat().as_str(), "bis" | "to" | "until");
    let blank = |text: &str| text.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '-'));
    let after = words.0.get(next.saturating_add(1))?;
    let behind = text.get(begin.to..after.from)?;
    (is_until && blank(between) && blank(behind)).then(|| day_at(words, next.saturating_add(1)))?
}

/// Whether one dash, and points and blanks at most, stand between two words.
fn is_dash(between: &str) -> bool {
    let dashes = between.chars().filter(|c| matches!(c, '-' | '–' | '—')).count();
    let others = between.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '-' | '–' | '—'));
    dashes == 1 && others
}

/// The month that a number names because the word before says that it is one: `Leistungsmonat 10`,
/// `Abr.-Monat 10.23`, `Monat 202310`, `HLU 202310`.
pub(super) fn month_said(
    words: &Words<'_>,
    at: usize,
    speaks: impl Fn(&Word<'_>) -> bool,
) -> Option<Numbered> {
    let word = words.0.get(at)?;
    if !matches!(word.text.len(), 1 | 2 | 6) || !word.text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let before = at.checked_sub(1).and_then(|before| words.0.get(before))?;
    let next = words.0.get(at.saturating_add(1));
    let is_month = is_month_word(before.text);
    let ends = next.is_none_or(|next| !word.joins_digits(next));
    if word.text.len() == 6 && ends && (is_month || speaks(before)) {
        let (year, month) = word.text.split_at_checked(4)?;
        let year = year_of(year).filter(|_| is_month_number(month));
        return Some((number(month)?, Some(year?)));
    }
    if !is_month || !is_month_number(word.text) {
        return None;
    }
    let month = number(word.text)?;
    if ends {
        // `Monat 3 von 12` counts months of something.
        let counts = next
            .is_some_and(|next| matches!(fold_words(next.text).concat().as_str(), "von" | "of"));
        return (!counts).then_some((month, None));
    }
    let year = next.and_then(|next| year_of(next.text))?;
    Some((month, Some(year)))
}

/// `Monat`, `Leistungsmonat`, `Abrechnungsmonat`.
fn is_month_word(word: &str) -> bool {
    word.len() >= 5 && fold_words(word).concat().ends_with("monat")
}

fn number(word: &str) -> Option<u32> {
    word.parse().ok()
}

fn year_of(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    match word.len() {
        4 => (2000..=2099).contains(&year).then_some(year),
        2 => (0..=49).contains(&year).then(|| year.saturating_add(2000)),
        _ => None,
    }
}
