//! Months that a remittance text names.

use crate::matching::periods::month_said;
use crate::matching::periods::months_of_periods;
use crate::matching::references::Reference;
use crate::matching::words::Word;
use crate::matching::words::Words;
use crate::matching::words::has_digit;
use crate::matching::words::is_day_number;
use crate::matching::words::is_marker;
use crate::matching::words::is_month_number;
use crate::model::date::Month;
use crate::model::text::fold_words;

/// A month as a text names it; the year may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// The months a text names: `Oktober`, `Okt. 2023`, `10/2023`, `2023-10`, `10/23`. Days such as
/// `30.11.2023` or `17. Juni` name no month: they are dates of letters and bookings. Digits that are
/// joined to more digits (`2019-07/0815`, `51.12/2023`) are a number of their own.
pub fn named_months(text: &str) -> Vec<NamedMonth> {
    months_of_words(text, &Words::of(text), |_| false)
}

/// The same without the references of a text that are known, such as a case number `5/2021`.
pub fn named_months_beside(text: &str, other: &[Reference]) -> Vec<NamedMonth> {
    months_of_words(text, &Words::of(text), |word| is_inside(word, other))
}

fn is_inside(word: &Word<'_>, references: &[Reference]) -> bool {
    references.iter().any(|own| own.from <= word.from && word.to <= own.to)
}

/// Whether a name has a word that is a month.
pub fn may_hold_month(name: &str) -> bool {
    Words::of(name).0.iter().any(|word| month_name(word.text).is_some())
}

/// The words of a text that are months, folded.
pub(super) fn month_words(text: &str) -> Vec<String> {
    let words = Words::of(text);
    let months = words.0.iter().filter(|word| month_name(word.text).is_some());
    months.map(|word| fold_words(word.text).concat()).collect()
}

/// The words of a name that are months, folded.
pub(super) fn month_words_of_name(name: &str) -> Vec<String> {
    let mut words = fold_words(name);
    words.retain(|word| month_name(word).is_some());
    words
}

/// The same without words that are names of these people: somebody may be called Anna März. A name
/// that a text has twice is a month all the same, and so is one with a year behind it.
pub fn named_months_beside_names<'n>(
    text: &str,
    other: &[Reference],
    names: impl Iterator<Item = &'n str>,
) -> Vec<NamedMonth> {
    let mut names: Vec<String> = names.flat_map(fold_words).collect();
    names.sort_unstable();
    let words = Words::of(text);
    let mut own: Vec<(String, usize)> = Vec::new();
    for (number, word) in words.0.iter().enumerate() {
        let next = words.0.get(number.saturating_add(1));
        let with_year = next.is_some_and(|next| year_of(next.text).is_some());
        if with_year || month_name(word.text).is_none() {
            continue;
        }
        let folded = fold_words(word.text).concat();
        let is_new = own.iter().all(|(known, _)| *known != folded);
        if is_new && names.binary_search(&folded).is_ok() {
            own.push((folded, word.from));
        }
    }
    months_of_words(text, &words, |word| {
        is_inside(word, other) || own.iter().any(|(_, from)| *from == word.from)
    })
}

fn months_of_words(
    text: &str,
    words: &Words<'_>,
    is_other: impl Fn(&Word<'_>) -> bool,
) -> Vec<NamedMonth> {
    let named = |(number, year)| NamedMonth { number, year };
    let mut found: Vec<NamedMonth> =
        months_of_periods(text, words).into_iter().map(named).collect();
    for (index, word) in words.0.iter().enumerate() {
        if is_other(word) {
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| words.0.get(index));
        let after = words.0.get(index.saturating_add(1));
        if let Some((number, needs_year)) = month_name(word.text) {
            let year = after.and_then(|next| year_of(next.text));
            // 17. Juni is a day, August-Bebel-Straße a street.
            let is_day = before.is_some_and(|day| day.mark == '.' && is_day_number(day.text));
            let is_street = word.joined && after.is_some_and(|next| !has_digit(next.text));
            let is_certain = year.is_some() || !needs_year || is_spoken_of(before, after);
            if is_certain && !is_day && !is_street {
                found.push(NamedMonth { number, year });
            }
            continue;
        }
        if let Some(month) = month_said(words, index, speaks) {
            found.push(named(month));
            continue;
        }
        // A month in figures: two numbers that are joined to each other and to nothing else.
        let Some(next) = after.filter(|_| word.joined && has_digit(word.text)) else { continue };
        let begins = before.is_none_or(|before| !before.joins_digits(word));
        let ends = words.0.get(index.saturating_add(2)).is_none_or(|last| !next.joins_digits(last));
        if !(begins && ends) || is_other(next) {
            continue;
        }
        let figures = match (month_number(word.text), year_of(next.text)) {
            (Some(number), Some(year)) => Some((number, year, word.text.len())),
            _ => match (year_of(word.text), month_number(next.text)) {
                (Some(year), Some(number)) if word.mark == '-' && next.text.len() == 2 => {
                    Some((number, year, 2))
                }
                _ if word.mark == '/' && !before.is_some_and(|word| counts(word.text)) => {
                    let year = short_year_of(next.text);
                    month_number(word.text)
                        .zip(year)
                        .map(|(number, year)| (number, year, word.text.len()))
                }
                _ => None,
            },
        };
        let Some((number, year, digits)) = figures else { continue };
        // "1 1/2023" may be 11/2023, broken by the end of a line: no certain month.
        let broken = digits == 1
            && before.is_some_and(|before| before.text == "1" && before.mark.is_whitespace());
        if !broken {
            found.push(NamedMonth { number, year: Some(year) });
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether words about `Mai` or `August` say that it is a month and nobody's name: `Sozialhilfe Mai`,
/// `HLU August Az. 4711`.
fn is_spoken_of(before: Option<&Word<'_>>, after: Option<&Word<'_>>) -> bool {
    let ends =
        after.is_none_or(|word| has_digit(word.text) || is_marker(&fold_words(word.text).concat()));
    before.is_some_and(speaks) && ends
}

/// Whether a word says what is paid, so that a month may follow.
fn speaks(word: &Word<'_>) -> bool {
    matches!(
        fold_words(word.text).concat().as_str(),
        "sozialhilfe"
            | "hlu"
            | "grundsicherung"
            | "grusi"
            | "hzp"
            | "pflege"
            | "leistung"
            | "leistungen"
            | "hilfe"
            | "heimkosten"
            | "miete"
            | "monat"
    )
}

/// Whether what follows a word counts something else than months: `Rate 3/24`, `Nr. 5/21`.
fn counts(word: &str) -> bool {
    let folded = fold_words(word).concat();
    is_marker(&folded)
        || matches!(folded.as_str(), "rate" | "raten" | "seite" | "blatt" | "teil" | "zimmer")
}

fn year_of(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    (word.len() == 4 && (2000..=2099).contains(&year)).then_some(year)
}

/// The year that two digits name.
fn short_year_of(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    // 20 alone may be the beginning of a year that the end of a line cut.
    (word.len() == 2 && (21..=49).contains(&year)).then(|| year.saturating_add(2000))
}

fn month_number(word: &str) -> Option<u32> {
    word.parse().ok().filter(|_| is_month_number(word))
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
        "februar" | "february" | "feb" | "febr" => (2, false),
        "marz" | "maerz" | "march" | "mrz" => (3, false),
        "april" | "apr" => (4, false),
        "mai" | "may" => (5, true),
        "juni" | "june" => (6, false),
        "juli" | "july" => (7, false),
        "august" => (8, true),
        "aug" => (8, false),
        "september" | "sept" | "sep" => (9, false),
        "oktober" | "october" | "okt" => (10, false),
        "november" | "nov" => (11, false),
        "dezember" | "december" | "dez" => (12, false),
        "jan" => (1, true),
        "mar" => (3, true),
        "jun" => (6, true),
        "jul" => (7, true),
        "oct" => (10, true),
        "dec" => (12, true),
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
            ("Sozialhilfe Mai", vec![(5, None)]),
            ("HLU August Az. 4711", vec![(8, None)]),
            ("Miete August Meier", vec![]),
            ("GRUSI 10/23", vec![(10, Some(2023))]),
            ("Az 2019-07/0815", vec![]),
            ("51.10/2023", vec![]),
            ("HLU 1 1/2023", vec![]),
            ("HLU 11/20 23", vec![]),
            ("HLU 1/2023", vec![(1, Some(2023))]),
            ("Leistung zum 30. November", vec![]),
            ("Straße des 17. Juni", vec![]),
            ("Miete Juni-Platz, NOV", vec![(11, None)]),
            ("für März und April 2024", vec![(3, None), (4, Some(2024))]),
            ("nichts", vec![]),
            ("JÄNNER, Dez 2023", vec![(1, None), (12, Some(2023))]),
        ] {
            let found: Vec<_> =
                named_months(text).iter().map(|month| (month.number, month.year)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn names_and_references_are_no_months() {
        let months = |text: &str, names: &[&str]| -> Vec<u32> {
            let found = named_months_beside_names(text, &[], names.iter().copied());
            found.iter().map(|month| month.number).collect()
        };
        assert_eq!(months("Hilfe Anna März", &["März, Anna"]), [0; 0]);
        assert_eq!(months("Hilfe MAERZ ANNA März", &["Anna März"]), [3]);
        assert_eq!(months("Hilfe Anna März 2023", &["Anna März"]), [3]);
        assert_eq!(months("Oktober Anna März", &["Anna März"]), [10]);
        let text = "HLU 5/2021 im Oktober";
        assert_eq!(
            named_months_beside(text, &[Reference { key: "HLU52021".to_owned(), from: 0, to: 10 }])
                .len(),
            1
        );
        assert_eq!(named_months_beside(text, &[]).len(), 2);
    }

    #[test]
    fn periods_and_numbers() {
        let october = vec![(10, Some(2023))];
        for (text, expected) in [
            ("Sozialhilfe 01.10.-31.10.2023", october.clone()),
            ("Zeitraum 01.10.2023 bis 31.10.2023", october.clone()),
            ("01.10.2023-31.10.2023", october.clone()),
            ("01.10.23 - 31.10.23", october.clone()),
            ("1.10. bis 31.10.2023", october.clone()),
            ("2023-10-01 - 2023-10-31", october.clone()),
            ("vom 01.10. – 31.10.", vec![(10, None)]),
            ("01.10.-30.11.2023", vec![(10, Some(2023)), (11, Some(2023))]),
            ("15.12.2023-14.01.2024", vec![(1, Some(2024)), (12, Some(2023))]),
            ("Bewilligt 01.01.2023 bis 31.12.2023", vec![]),
            ("Bescheid vom 01.10.2023", vec![]),
            ("Bescheide 01.10.2023, 31.10.2023", vec![]),
            ("01.10.2023 31.10.2023", vec![]),
            ("51.12-31.10.2023", vec![]),
            ("31.11.-32.11.2023", vec![]),
            ("Leistungsmonat 10", vec![(10, None)]),
            ("Abr.-Monat 10.23", october.clone()),
            ("Monat 10.2023", october.clone()),
            ("Monat 202310", october.clone()),
            ("HLU 202310", october),
            ("Darlehen Monat 3 von 12", vec![]),
            ("Kassenzeichen 202310", vec![]),
            ("Monat 13", vec![]),
            ("10 Monat", vec![]),
        ] {
            let found: Vec<_> =
                named_months(text).iter().map(|month| (month.number, month.year)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
