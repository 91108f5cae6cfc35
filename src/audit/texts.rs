//! What remittance texts name: a reference as a whole, a month with its year.

use std::collections::BTreeSet;

use chrono::Datelike;
use chrono::NaiveDate;

use crate::facts::month_names;
use crate::model::text::fold_words;
use crate::model::text::reference_words;

/// Whether a text names a reference (as it is compared) as a whole: what is joined to it by letters, digits, or a
/// single mark between two digits is part of another one.
pub(super) fn names(text: &str, key: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let own: Vec<(usize, char)> = chars
        .iter()
        .enumerate()
        .filter(|(_, own)| own.is_alphanumeric())
        .flat_map(|(at, own)| own.to_uppercase().map(move |upper| (at, upper)))
        .collect();
    let wanted: Vec<char> = key.chars().collect();
    if wanted.is_empty() {
        return false;
    }
    let starts = own.windows(wanted.len()).enumerate();
    let mut found = starts.filter(|(_, window)| window.iter().map(|(_, own)| own).eq(&wanted));
    found.any(|(start, window)| {
        let before = start.checked_sub(1).and_then(|at| own.get(at));
        let after = own.get(start.saturating_add(wanted.len()));
        let (first, last) = (window.first(), window.last());
        let from = first.map_or(0, |(at, _)| *at);
        let to = last.map_or(from, |(at, _)| at.saturating_add(1));
        if is_date(chars.get(from..to).unwrap_or_default()) {
            return false;
        }
        let joined = |left: Option<&(usize, char)>, right: Option<&(usize, char)>| {
            left.zip(right).is_some_and(|(left, right)| are_joined(&chars, *left, *right))
        };
        !joined(before, first) && !joined(last, after)
    })
}

/// Whether a piece of a text is a day in figures, such as `31.05.24`: it names nobody.
fn is_date(piece: &[char]) -> bool {
    let text: String = piece.iter().collect();
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    let number = |part: &str, lengths: &[usize], most: u32| {
        let is = lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        is && part.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number))
    };
    match parts.as_slice() {
        [day, month, year] => {
            number(day, &[1, 2], 31) && number(month, &[1, 2], 12) && number(year, &[2, 4], 9999)
                || number(day, &[4], 9999) && number(month, &[2], 12) && number(year, &[2], 31)
        }
        _ => false,
    }
}

/// Whether some word of a text may be a month, with or without a year.
pub(super) fn may_name_month(text: &str) -> bool {
    let words = fold_words(text);
    let is_name = |word: &String| {
        word.chars().all(char::is_alphabetic) && month_names::begun_by(word).is_some()
    };
    let number = |word: &String| word.parse::<u32>().ok();
    words.iter().any(is_name)
        || words.windows(2).any(|pair| match pair {
            [one, two] => {
                let is_month =
                    |own: &String| number(own).is_some_and(|own| (1..=12).contains(&own));
                let is_year =
                    |own: &String| number(own).is_some_and(|own| (15..2100).contains(&own));
                is_month(one) && is_year(two) || is_year(one) && is_month(two)
            }
            _ => false,
        })
}

/// Whether two characters behind each other belong to one reference.
fn are_joined(chars: &[char], left: (usize, char), right: (usize, char)) -> bool {
    let between = chars.get(left.0.saturating_add(1)..right.0).unwrap_or_default();
    match between {
        [] => true,
        ['.' | '-' | '/'] => left.1.is_ascii_digit() && right.1.is_ascii_digit(),
        _ => false,
    }
}

/// So many words behind each other may be one case number.
const LONGEST: usize = 5;

/// The words of a text and its runs of words, as case numbers and ids are compared.
pub(super) fn runs_of_words(text: &str) -> BTreeSet<String> {
    let words = reference_words(text);
    let mut runs = BTreeSet::new();
    for from in 0..words.len() {
        let mut run = String::new();
        for word in words.iter().skip(from).take(LONGEST) {
            run.push_str(word);
            runs.insert(run.clone());
        }
    }
    runs
}

/// The months that a text names with their year, as year and month: `Oktober 2023`, `Okt. 23`, `10/2023`.
pub(super) fn months(text: &str) -> Vec<(i32, u32)> {
    let words: Vec<String> = fold_words(text);
    let mut found = Vec::new();
    for pair in words.windows(2) {
        let [word, year] = pair else { continue };
        let year = match (year.len(), year.parse::<i32>()) {
            (4, Ok(year)) if (2000..2100).contains(&year) => year,
            (2, Ok(year)) if (15..60).contains(&year) => year.saturating_add(2000),
            _ => continue,
        };
        let is_word = word.chars().all(char::is_alphabetic) && word.len() >= 3;
        let month = month_names::begun_by(word).filter(|_| is_word);
        found.extend(month.map(|month| (year, month)));
    }
    found
}

/// Whether the months named are all other ones than a run's and the next: nothing named is none of them.
pub(super) fn names_other_month<'t>(texts: impl Iterator<Item = &'t str>, due: NaiveDate) -> bool {
    let own = (due.year(), due.month());
    let next = match own {
        (year, 12) => (year.saturating_add(1), 1),
        (year, month) => (year, month.saturating_add(1)),
    };
    let named: Vec<_> = texts.flat_map(months).collect();
    !named.is_empty() && !named.iter().any(|month| [own, next].contains(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_named_as_a_whole() {
        for (text, key, named) in [
            ("Az. 17-4080 Sozialhilfe", "174080", true),
            ("51.17-4080", "174080", false),
            ("17-4080-2", "174080", false),
            ("17 4080", "174080", true),
            ("SOZ17-4080", "174080", false),
            ("X174080", "174080", false),
            ("SOZ2311-0001 ", "SOZ23110001", true),
            ("SOZ2311-00012", "SOZ23110001", false),
            ("Miete zum 31.05.24", "310524", false),
            ("Az 31.0524", "310524", true),
            ("2024-05-31", "20240531", false),
            ("", "1", false),
            ("1", "", false),
        ] {
            assert_eq!(names(text, key), named, "{text}");
        }
    }

    #[test]
    fn months_are_named_with_their_year() {
        let due = NaiveDate::from_ymd_opt(2023, 11, 30).unwrap();
        for (text, other) in [
            ("Sozialhilfe Okt 2023", true),
            ("Sozialhilfe Oktober 2023 und November 2023", false),
            ("Miete Dezember 2023", false),
            ("Anna März", false),
            ("Sozialhilfe", false),
        ] {
            assert_eq!(names_other_month([text].into_iter(), due), other, "{text}");
        }
        for (text, may) in
            [("HLU Juni", true), ("HLU 10/2023", true), ("2023-10", true), ("Az 17-4080", false)]
        {
            assert_eq!(may_name_month(text), may, "{text}");
        }
    }
}
