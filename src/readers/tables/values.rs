//! Cells to amounts, days and accounts, by the rule of the column.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::amount::AmountError;
use crate::model::amount::DecimalMark;
use crate::model::date::from_german;
use crate::model::date::from_iso;
use crate::model::german_time;
use crate::model::problem::ProblemCode;
use crate::readers::tables::record::Cell;

/// What a column of amounts says about its decimal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnMark {
    /// Some value settles it, or no value needs it.
    Settled(DecimalMark),
    /// Values such as `1.234`, and nothing that settles what they mean.
    Open,
}

/// How often the values of a column show which decimal mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MarkCount {
    pub(crate) comma: u64,
    pub(crate) point: u64,
    open: bool,
}

impl MarkCount {
    /// Counts one value.
    pub(crate) fn add(&mut self, value: &str) {
        match shape(value) {
            Shape::Comma => self.comma = self.comma.saturating_add(1),
            Shape::Point => self.point = self.point.saturating_add(1),
            Shape::Either => self.open = true,
            Shape::Plain => {}
        }
    }

    /// What the column's mark is.
    pub(crate) fn settle(self) -> ColumnMark {
        if self.comma == 0 && self.point == 0 {
            let open = self.open;
            return if open { ColumnMark::Open } else { ColumnMark::Settled(DecimalMark::Comma) };
        }
        // A few slips of the other kind are refused one by one, not followed.
        let point = self.point > self.comma;
        ColumnMark::Settled(if point { DecimalMark::Point } else { DecimalMark::Comma })
    }
}

/// Settles the decimal mark of a column from all its values.
pub fn column_mark<'a>(values: impl Iterator<Item = &'a str>) -> ColumnMark {
    let mut count = MarkCount::default();
    for value in values {
        count.add(value);
    }
    count.settle()
}

enum Shape {
    Comma,
    Point,
    Either,
    Plain,
}

fn shape(value: &str) -> Shape {
    let marks: Vec<(usize, char)> =
        value.char_indices().filter(|(_, c)| matches!(c, ',' | '.')).collect();
    let Some((last, mark)) = marks.last().copied() else { return Shape::Plain };
    let digits_after = value
        .get(last.saturating_add(1)..)
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .count();
    let as_decimal = if mark == ',' { Shape::Comma } else { Shape::Point };
    let other_mark = marks.iter().any(|(_, c)| *c != mark);
    let repeated = marks.iter().filter(|(_, c)| *c == mark).count() > 1;
    if repeated {
        // `1.234.567`: groups of three, so the other mark stands for decimals.
        return if mark == ',' { Shape::Point } else { Shape::Comma };
    }
    if other_mark || digits_after != 3 {
        return as_decimal;
    }
    let leading = value.get(..last).unwrap_or_default();
    let leading: String = leading.chars().filter(char::is_ascii_digit).collect();
    // `0,125` has no thousands; `1234,567` is no group of three.
    if leading.starts_with('0') || leading.len() > 3 || leading.is_empty() {
        return as_decimal;
    }
    Shape::Either
}

/// What stands for the result of a formula that was stored as 0: most likely never calculated.
pub const UNCALCULATED: &str = "#?";

/// What stands for the result of a formula with which none was stored.
pub const NO_RESULT: &str = "#-";

/// Reads an amount by the column's mark.
///
/// # Errors
///
/// The code of the problem.
pub fn amount(cell: Cell<'_>, mark: ColumnMark) -> Result<Amount, ProblemCode> {
    let text = cell.text;
    if text.is_empty() || text == NO_RESULT {
        return Err(ProblemCode::AmountMissing);
    }
    if text == UNCALCULATED {
        return Err(ProblemCode::FormulaUncalculated);
    }
    if cell.typed && !is_damaged(text) {
        return Amount::from_iso(text).map_err(code_of);
    }
    if is_damaged(text) {
        return Err(ProblemCode::NumberDamaged);
    }
    let text = &*with_cents(text);
    let text = &*without_noise(text);
    match mark {
        ColumnMark::Settled(mark) => Amount::parse(text, mark).map_err(code_of),
        ColumnMark::Open if matches!(shape(text), Shape::Either) => {
            Err(ProblemCode::AmountAmbiguous)
        }
        ColumnMark::Open => Amount::parse(text, DecimalMark::Comma).map_err(code_of),
    }
}

/// `563,-` is `563,00`, as people write it; not an amount below zero.
fn with_cents(text: &str) -> Cow<'_, str> {
    let Some((whole, behind)) = text.split_once(",-").or_else(|| text.split_once(",–")) else {
        return Cow::Borrowed(text);
    };
    let is_end = !behind.bytes().any(|byte| byte.is_ascii_digit());
    if whole.ends_with(|sign: char| sign.is_ascii_digit()) && is_end {
        return Cow::Owned(format!("{whole},00{}", behind.trim_start_matches(['-', '–'])));
    }
    Cow::Borrowed(text)
}

/// An amount without the noise of a binary fraction: `400.23000000000000001` is 400.23, and
/// `1204,499999999999` is 1204,50. Nobody writes ten decimals by hand.
fn without_noise(text: &str) -> Cow<'_, str> {
    let Some((whole, decimals)) = text.rsplit_once([',', '.']) else { return Cow::Borrowed(text) };
    let digits = decimals.bytes().take_while(u8::is_ascii_digit).count();
    let (Some(cents), Some(noise)) = (decimals.get(..2), decimals.get(2..digits)) else {
        return Cow::Borrowed(text);
    };
    if digits < 10 {
        return Cow::Borrowed(text);
    }
    let head = noise.get(..6).unwrap_or_default();
    let mark = text.get(whole.len()..whole.len().saturating_add(1)).unwrap_or_default();
    let rest = decimals.get(digits..).unwrap_or_default();
    if head.bytes().all(|byte| byte == b'0') {
        return Cow::Owned(format!("{whole}{mark}{cents}{rest}"));
    }
    // One cent more, if that does not carry over to the euros.
    match cents.parse::<u8>().ok().filter(|cents| *cents < 99) {
        Some(cents) if head.bytes().all(|byte| byte == b'9') => {
            Cow::Owned(format!("{whole}{mark}{:02}{rest}", cents.saturating_add(1)))
        }
        _ => Cow::Borrowed(text),
    }
}

const fn code_of(error: AmountError) -> ProblemCode {
    match error {
        AmountError::NotANumber => ProblemCode::AmountNotANumber,
        AmountError::MarksSwapped => ProblemCode::AmountMarksSwapped,
        AmountError::FractionOfACent => ProblemCode::AmountFractionOfACent,
        AmountError::TooLarge => ProblemCode::AmountTooLarge,
    }
}

/// Whether a spreadsheet has damaged the value: `1,91E+18`, `#####`, `#REF!`.
pub fn is_damaged(text: &str) -> bool {
    // Nearly no value has either; every value of some columns is asked.
    if !text.bytes().any(|byte| matches!(byte, b'#' | b'+')) && !text.contains("E-") {
        return false;
    }
    let upper = text.to_ascii_uppercase();
    if upper.starts_with('#') {
        return true;
    }
    if let Some((mantissa, exponent)) = upper.split_once("E-") {
        // `7E-20`, but no case number such as `50E-1`.
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
        return whole.len() == 1
            && digits(whole)
            && digits(decimals)
            && exponent.len() >= 2
            && digits(exponent);
    }
    let Some((mantissa, exponent)) = upper.split_once("E+") else { return false };
    !mantissa.is_empty()
        && mantissa.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '-'))
        && !exponent.is_empty()
        && exponent.chars().all(|c| c.is_ascii_digit())
}

/// How a table writes days with slashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOrder {
    /// Not known: only a day that can be one alone is read.
    #[default]
    Open,
    /// `30/11/2023`
    DayFirst,
    /// `11/30/2023`
    MonthFirst,
}

/// Reads a day: German, ISO, or with slashes where they can mean one day only.
pub fn day(text: &str) -> Option<NaiveDate> {
    day_by(text, DayOrder::Open)
}

/// Reads a day where the order of days with slashes may be known.
pub fn day_by(text: &str, order: DayOrder) -> Option<NaiveDate> {
    let whole = text.trim();
    let text = whole.split_whitespace().next()?;
    if whole.len() > SHORTEST_MOMENT {
        if let Some(day) = day_of_moment(whole, text) {
            return Some(day);
        }
    }
    from_german(text).or_else(|| from_iso(text)).or_else(|| {
        let mut parts = text.split('/');
        let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
        if a.len() == 4 {
            return from_iso(&format!("{a}-{b:0>2}-{c:0>2}"));
        }
        let (first, second, year) = with_year_last(text)?;
        let month_first = match order {
            DayOrder::DayFirst => false,
            DayOrder::MonthFirst => true,
            DayOrder::Open if first > 12 || first == second => false,
            DayOrder::Open if second > 12 => true,
            DayOrder::Open => return None,
        };
        let (month, day) = if month_first { (first, second) } else { (second, first) };
        NaiveDate::from_ymd_opt(year, month, day)
    })
}

/// A day and a time are longer than this.
const SHORTEST_MOMENT: usize = 12;

/// The German day of a moment in UTC or with an offset: `2023-11-30T23:30:00Z`, `30.11.2023 23:30 UTC`.
fn day_of_moment(whole: &str, first: &str) -> Option<NaiveDate> {
    let (date, behind) = match first.split_once(['T', 't']) {
        Some((date, _)) => (date, whole.get(date.len().saturating_add(1)..)?),
        None => (first, whole.get(first.len()..)?),
    };
    let day = from_german(date).or_else(|| from_iso(date))?;
    let behind = behind.trim();
    let upper = behind.to_ascii_uppercase();
    let clock = ["UTC", "GMT"].iter().find_map(|zone| {
        let clock = upper.strip_suffix(zone)?;
        Some(format!("{}Z", clock.trim_end().trim_end_matches('(').trim_end()))
    });
    let clock = clock.unwrap_or_else(|| behind.to_owned());
    german_time::day(&format!("{}T{clock}", day.format("%Y-%m-%d")))
}

/// The three numbers of `11/30/2023`.
fn with_year_last(text: &str) -> Option<(u32, u32, i32)> {
    let mut parts = text.split('/');
    let (first, second) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let year: i32 = parts.next()?.parse().ok()?;
    (year > 1000 && parts.next().is_none()).then_some((first, second, year))
}

/// The order of days with slashes that the cells of a column show, if they show one.
pub(crate) fn day_order<'a>(values: impl Iterator<Item = &'a str>) -> DayOrder {
    let (mut day_first, mut month_first) = (false, false);
    for value in values.filter(|value| value.contains('/')) {
        let word = value.split_whitespace().next().unwrap_or_default();
        if let Some((first, second, _)) = with_year_last(word) {
            day_first |= first > 12;
            month_first |= second > 12;
        }
    }
    match (day_first, month_first) {
        (true, false) => DayOrder::DayFirst,
        (false, true) => DayOrder::MonthFirst,
        _ => DayOrder::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_settles_the_mark() {
        for (values, expected) in [
            (vec!["563,00", "1.234"], ColumnMark::Settled(DecimalMark::Comma)),
            (vec!["1,234.50", "1,234"], ColumnMark::Settled(DecimalMark::Point)),
            (vec!["1.234", "500"], ColumnMark::Open),
            (vec!["500"], ColumnMark::Settled(DecimalMark::Comma)),
            (vec!["1.234.567"], ColumnMark::Settled(DecimalMark::Comma)),
            (vec!["0.125"], ColumnMark::Settled(DecimalMark::Point)),
        ] {
            assert_eq!(column_mark(values.iter().copied()), expected, "{values:?}");
        }
    }

    #[test]
    fn amounts_that_can_be_two_are_refused() {
        fn cell(text: &str) -> Cell<'_> {
            Cell { text, typed: false }
        }
        assert_eq!(amount(cell("1.234"), ColumnMark::Open), Err(ProblemCode::AmountAmbiguous));
        assert_eq!(amount(cell("12"), ColumnMark::Open), Ok(Amount::from_cents(1200)));
        let comma = ColumnMark::Settled(DecimalMark::Comma);
        for text in ["563,-", "563,--", "563,- EUR", "563,– €"] {
            assert_eq!(amount(cell(text), comma), Ok(Amount::from_cents(56_300)), "{text}");
        }
        assert_eq!(amount(cell("563,00-"), comma), Ok(Amount::from_cents(-56_300)));
        assert_eq!(amount(cell("1,91E+18"), comma), Err(ProblemCode::NumberDamaged));
        assert_eq!(amount(cell("1,234"), comma), Err(ProblemCode::AmountFractionOfACent));
        assert_eq!(amount(cell(UNCALCULATED), comma), Err(ProblemCode::FormulaUncalculated));
        assert_eq!(amount(cell(NO_RESULT), comma), Err(ProblemCode::AmountMissing));
    }

    #[test]
    fn noise_of_binary_fractions() {
        fn cell(text: &str) -> Cell<'_> {
            Cell { text, typed: false }
        }
        let point = ColumnMark::Settled(DecimalMark::Point);
        for (text, cents) in [
            ("400.23000000000000001", Some(40_023)),
            ("1204.4999999999999", Some(120_450)),
            ("-13.6400000000001 EUR", Some(-1_364)),
            ("400.2300001", None),
            ("400.2345678901", None),
            ("99.9999999999999", None),
        ] {
            assert_eq!(amount(cell(text), point).ok(), cents.map(Amount::from_cents), "{text}");
        }
    }

    #[test]
    fn days() {
        for (text, expected) in [
            ("30.11.2023", Some((2023, 11, 30))),
            ("30.11.23", Some((2023, 11, 30))),
            ("2023-11-30", Some((2023, 11, 30))),
            ("30/11/2023", Some((2023, 11, 30))),
            ("2023-11-30T23:30:00Z", Some((2023, 12, 1))),
            ("2023-11-30T22:30:00Z", Some((2023, 11, 30))),
            ("2023-11-30 23:30:00+00:00", Some((2023, 12, 1))),
            ("2023-11-30 23:30:00 UTC", Some((2023, 12, 1))),
            ("30.11.2023 23:30 UTC", Some((2023, 12, 1))),
            ("2023-12-01T00:30:00+02:00", Some((2023, 11, 30))),
            ("2023-11-30T23:30:00+01:00", Some((2023, 11, 30))),
            ("2023-11-30 23:30:00", Some((2023, 11, 30))),
            ("30.11.2023 23:59:59", Some((2023, 11, 30))),
            ("30.11.2023 Neu gebucht", Some((2023, 11, 30))),
            ("03/04/2023", None),
            ("30.02.2023", None),
        ] {
            let expected = expected.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
            assert_eq!(day(text), expected, "{text}");
        }
        let november = NaiveDate::from_ymd_opt(2023, 11, 3);
        assert_eq!(day_by("11/03/2023", DayOrder::MonthFirst), november);
        assert_eq!(day_by("03/11/2023", DayOrder::DayFirst), november);
        let order = |values: &[&str]| day_order(values.iter().copied());
        assert_eq!(order(&["11/03/2023", "11/30/2023"]), DayOrder::MonthFirst);
        assert_eq!(order(&["11/03/2023", "30/11/2023"]), DayOrder::DayFirst);
        assert_eq!(order(&["11/30/2023", "30/11/2023"]), DayOrder::Open);
        assert_eq!(order(&["11/03/2023"]), DayOrder::Open);
    }
}
