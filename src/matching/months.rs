//! Months that a remittance text names.

use crate::model::date::Month;
use crate::model::text::fold_words;

/// A month as a text names it; the year may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedMonth {
    /// 1 to 12.
    pub number: u32,
    /// The year, where the text gives it.
    pub year: Option<i32>,
}

impl NamedMonth {
    /// Whether the text may mean this month.
    pub fn may_be(self, month: Month) -> bool {
        self.number == month.number() && self.year.is_none_or(|year| year == month.year())
    }
}

/// The months a text names: `Oktober`, `Okt. 2023`, `10/2023`, `2023-10`. Days such as
/// `30.11.2023` name no month: they are dates of letters and bookings.
pub fn named_months(text: &str) -> Vec<NamedMonth> {
    let words = words_with_marks(text);
    let mut found = Vec::new();
    for (index, (word, mark)) in words.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| words.get(index));
        let after = words.get(index.saturating_add(1));
        if let Some(year) = year_of(word) {
            let joined = |mark: &char| matches!(mark, '/' | '.' | '-');
            // 10/2023, but not 30.10.2023
            if let Some((month, month_mark)) = before {
                let two_before = index.checked_sub(2).and_then(|index| words.get(index));
                let is_day = two_before.is_some_and(|(day, day_mark)| {
                    joined(day_mark) && day.len() <= 2 && day.bytes().all(|b| b.is_ascii_digit())
                });
                if joined(month_mark) && !is_day {
                    found.extend(
                        month_number(month).map(|number| NamedMonth { number, year: Some(year) }),
                    );
                }
            }
            // 2023-10, but not 2023-10-30
            if let Some((month, month_mark)) = after {
                if *mark == '-' && *month_mark != '-' && month.len() == 2 {
                    found.extend(
                        month_number(month).map(|number| NamedMonth { number, year: Some(year) }),
                    );
                }
            }
        } else if let Some((number, needs_year)) = month_name(word) {
            let year = after.and_then(|(next, _)| year_of(next));
            if year.is_some() || !needs_year {
                found.push(NamedMonth { number, year });
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Words, each with the first mark that follows it (a blank if it ends the text).
fn words_with_marks(text: &str) -> Vec<(&str, char)> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_alphanumeric()) {
        let (_, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_alphanumeric()).unwrap_or(from.len());
        let (word, tail) = from.split_at(end);
        words.push((word, tail.chars().next().unwrap_or(' ')));
        rest = tail;
    }
    words
}

fn year_of(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    (word.len() == 4 && (2000..=2099).contains(&year)).then_some(year)
}

fn month_number(word: &str) -> Option<u32> {
    let number: u32 = word.parse().ok()?;
    (word.len() <= 2 && (1..=12).contains(&number)).then_some(number)
}

/// The month a word names, and whether it does so only with a year behind it (`Jan`, `Mai`,
/// `August` are names of people too).
fn month_name(word: &str) -> Option<(u32, bool)> {
    // Most words of a text begin with another letter and need not be folded.
    let begins = |first: u8| !first.is_ascii() || b"jfmasond".contains(&first.to_ascii_lowercase());
    if word.len() < 3 || word.len() > 9 || !word.bytes().next().is_some_and(begins) {
        return None;
    }
    let folded = fold_words(word).concat();
    let (number, needs_year) = match folded.as_str() {
        "januar" | "january" | "janner" => (1, false),
        "februar" | "february" => (2, false),
        "marz" | "march" => (3, false),
        "april" => (4, true),
        "mai" | "may" => (5, true),
        "juni" | "june" => (6, true),
        "juli" | "july" => (7, true),
        "august" => (8, true),
        "september" => (9, false),
        "oktober" | "october" => (10, false),
        "november" => (11, false),
        "dezember" | "december" => (12, false),
        "jan" => (1, true),
        "feb" => (2, true),
        "mrz" | "mar" => (3, true),
        "apr" => (4, true),
        "jun" => (6, true),
        "jul" => (7, true),
        "aug" => (8, true),
        "sep" | "sept" => (9, true),
        "okt" | "oct" => (10, true),
        "nov" => (11, true),
        "dez" | "dec" => (12, true),
        _ => return None,
    };
    Some((number, needs_year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_in_texts() {
        for (text, expected) in [
            ("GRUSI OKTOBER AZ 4711", vec![(10, None)]),
            ("Hilfe Okt. 2023", vec![(10, Some(2023))]),
            ("SGB XII 10/2023", vec![(10, Some(2023))]),
            ("2023-10 Rate", vec![(10, Some(2023))]),
            ("Bescheid vom 30.10.2023", vec![]),
            ("Buchung 2023-10-30", vec![]),
            ("August Mai, Jan", vec![]),
            ("für März und April 2024", vec![(3, None), (4, Some(2024))]),
            ("nichts", vec![]),
            ("JÄNNER, Dez 2023", vec![(1, None), (12, Some(2023))]),
        ] {
            let found: Vec<_> =
                named_months(text).iter().map(|month| (month.number, month.year)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
