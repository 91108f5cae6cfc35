//! What single cells of a list say of its row.

use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::text::has_numbers_of_case_only;
use crate::readers::tables::brief::decoded;
use crate::readers::tables::list_known::Beside;
use crate::readers::tables::record::Cell;
use crate::readers::tables::values::ColumnMark;

/// What a cell holds beside the amount of its row, as the general reader sees it; another amount, if
/// that depends on a decimal mark that is not known.
pub(super) fn beside(
    cell: &[u8],
    (own, mark, is_utf_8): (Amount, Option<DecimalMark>, bool),
) -> Beside {
    let is_of_amount = |byte: &u8| {
        !byte.is_ascii_alphabetic()
            || matches!(byte.to_ascii_lowercase(), b'e' | b'u' | b'r' | b'o')
    };
    if !cell.iter().all(is_of_amount) || !cell.iter().any(u8::is_ascii_digit) {
        return Beside { none: 1, ..Beside::default() };
    }
    let text = decoded(cell, is_utf_8);
    let by = |mark: ColumnMark| {
        let mut found = Beside::default();
        found.count(Cell { text: text.trim(), typed: false }, own, mark);
        found
    };
    let (comma, point) = (DecimalMark::Comma, DecimalMark::Point);
    if let Some(mark) = mark {
        return by(ColumnMark::Settled(mark));
    }
    let first = by(ColumnMark::Settled(comma));
    let agree = first == by(ColumnMark::Settled(point)) && first == by(ColumnMark::Open);
    if agree { first } else { Beside { other: 1, ..Beside::default() } }
}

/// Whether an id has the digits of the case number, of one group of them, or too few for a month.
pub(super) fn names_no_month(id: &[u8], case: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let count = |text: &[u8]| {
        text.iter().fold(0_usize, |sum, byte| sum.wrapping_add(usize::from(is_digit(byte))))
    };
    let (own, others) = (count(id), count(case));
    if own >= 3 && has_numbers_of_case_only(id, case) {
        return true;
    }
    if own < 3 || own >= others {
        return own < 3 || (own == others && have_same_digits(id, case));
    }
    let mut groups = case.split(|byte| !is_digit(byte));
    groups.any(|group| group.len() == own && have_same_digits(id, group))
}

/// Whether two texts have the same digits in the same order; mostly the last ones differ.
fn have_same_digits(left: &[u8], right: &[u8]) -> bool {
    let left = left.iter().rev().filter(|byte| byte.is_ascii_digit());
    left.eq(right.iter().rev().filter(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_name_no_month() {
        // Said once more, plainly.
        fn plainly(id: &str, case: &str) -> bool {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let mut groups =
                case.split(|c: char| !c.is_ascii_digit()).filter(|own| !own.is_empty());
            digits(id).len() < 3
                || has_numbers_of_case_only(id.as_bytes(), case.as_bytes())
                || digits(id) == digits(case)
                || groups.any(|group| group == digits(id))
        }
        let ids =
            ["", "E2E12", "E2E1-2-3", "SOZ2311-471", "471", "E2E00471", "4-71", "1247", "A471B2"];
        let cases =
            ["", "50.12-471", "471", "12-471", "4711", "1-2-4-7", "AZ 0471", "47.1", "1/24"];
        for id in ids {
            for case in cases {
                let found = names_no_month(id.as_bytes(), case.as_bytes());
                assert_eq!(found, plainly(id, case), "{id} {case}");
            }
        }
    }
}
