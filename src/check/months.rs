//! Rows of one month and the rows of the month before that are the same payment's.

use std::collections::BTreeMap;

use crate::matching::near_accounts::iban_distance;
use crate::model::amount::Amount;
use crate::model::iban::Iban;
use crate::model::payment::Payment;
use crate::model::text::fold_name;
use crate::model::text::reference_key;

/// The rows of two months, side by side.
#[derive(Clone, Debug, Default)]
pub struct Pairs<'a> {
    /// Rows of both months: the earlier one, the later one.
    pub both: Vec<(&'a Payment, &'a Payment)>,
    /// Rows of the later month only.
    pub new: Vec<&'a Payment>,
    /// Rows of the earlier month only.
    pub ended: Vec<&'a Payment>,
}

/// What names a payment from month to month: case and benefit; where there is no case number, the holder
/// of the account.
type Key = (String, String);

fn key(row: &Payment) -> Key {
    let case = row.case_id.as_deref().map(reference_key).unwrap_or_default();
    let benefit = row.benefit.name().to_owned();
    if case.is_empty() { (holder(row), benefit) } else { (case, benefit) }
}

fn holder(row: &Payment) -> String {
    row.account_holder().map(fold_name).unwrap_or_default()
}

/// How alike two rows of one key have to be, the most alike first.
const STEPS: [fn(&Payment, &Payment) -> bool; 5] = [
    |old, new| old.iban == new.iban && old.amount == new.amount && holder(old) == holder(new),
    |old, new| old.iban == new.iban && holder(old) == holder(new),
    |old, new| old.iban == new.iban && old.iban.is_some(),
    |old, new| holder(old) == holder(new),
    |_, _| true,
];

impl<'a> Pairs<'a> {
    /// Pairs the rows that can be read; the order of rows and files says nothing but between equal ones.
    pub fn new(old: &'a [Payment], new: &'a [Payment]) -> Self {
        let index = |rows: &'a [Payment]| {
            let mut map: BTreeMap<Key, Vec<&'a Payment>> = BTreeMap::new();
            for row in rows.iter().filter(|row| row.unreadable.is_none()) {
                map.entry(key(row)).or_default().push(row);
            }
            for rows in map.values_mut() {
                rows.sort_by_key(|row| (row.amount, row.iban.as_ref(), row.place));
            }
            map
        };
        let (mut before, after) = (index(old), index(new));
        let mut pairs = Self::default();
        for (key, mut rows) in after {
            let mut olds = before.remove(&key).unwrap_or_default();
            for alike in STEPS {
                let mut left = Vec::new();
                for row in rows {
                    match olds.iter().position(|old| alike(old, row)) {
                        Some(found) => pairs.both.push((olds.remove(found), row)),
                        None => left.push(row),
                    }
                }
                rows = left;
            }
            pairs.new.extend(rows);
            pairs.ended.extend(olds);
        }
        pairs.ended.extend(before.into_values().flatten());
        pairs.both.sort_by_key(|(_, new)| new.place);
        pairs.new.sort_by_key(|row| row.place);
        pairs.ended.sort_by_key(|row| row.place);
        pairs
    }
}

/// Whether one amount is ten or a hundred times the other.
pub fn is_ten_times(left: Amount, right: Amount) -> bool {
    let (small, large) = (left.min(right).cents(), left.max(right).cents());
    small > 0 && [10, 100].iter().any(|factor| small.checked_mul(*factor) == Some(large))
}

/// How an account changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// Not at all, or one side names none.
    None,
    /// As by a typing error: one or two characters, or two neighbours swapped.
    Typo,
    /// It is another one.
    New,
}

/// How an account changed from one month to the next.
pub fn account_change(old: Option<&Iban>, new: Option<&Iban>) -> AccountChange {
    match (old, new) {
        (Some(old), Some(new)) if !old.same_account(new) => {
            if iban_distance(old, new).is_some() {
                AccountChange::Typo
            } else {
                AccountChange::New
            }
        }
        _ => AccountChange::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;
    use crate::model::place::Place;

    fn row(line: u32, case: &str, name: &str, iban: &str, cents: i64) -> Payment {
        Payment {
            place: Place::line(FileId(0), line),
            case_id: Some(case.to_owned()),
            beneficiary: Some(name.to_owned()),
            iban: Iban::read(iban),
            amount: Some(Amount::from_cents(cents)),
            ..Payment::default()
        }
    }

    #[test]
    fn rows_of_a_case_are_paired_by_what_stays() {
        // A couple whose partner gets more, a landlord who changed the account, a row that is new.
        let old = [row(1, "1", "Ida Muster", "A1", 500), row(2, "1", "Uwe Muster", "A2", 400)];
        let new = [
            row(1, "1", "Uwe Muster", "A2", 500),
            row(2, "1", "Ida Muster", "A3", 500),
            row(3, "2", "Eva Neu", "A4", 1),
        ];
        let pairs = Pairs::new(&old, &new);
        let lines: Vec<_> =
            pairs.both.iter().map(|(old, new)| (old.place.line, new.place.line)).collect();
        assert_eq!(lines, [(2, 1), (1, 2)]);
        assert_eq!((pairs.new.len(), pairs.ended.len()), (1, 0));
    }

    #[test]
    fn slips_and_changes() {
        let iban = |text| Iban::read(text);
        let (own, slip) = (iban("DE89370400440532013000"), iban("DE89370400440532031000"));
        assert_eq!(account_change(own.as_ref(), slip.as_ref()), AccountChange::Typo);
        let other = iban("DE09999100540043764919");
        assert_eq!(account_change(own.as_ref(), other.as_ref()), AccountChange::New);
        assert_eq!(account_change(own.as_ref(), own.as_ref()), AccountChange::None);
        assert_eq!(account_change(None, own.as_ref()), AccountChange::None);
        let euros = |cents| Amount::from_cents(cents);
        assert!(is_ten_times(euros(56_300), euros(563_000)));
        assert!(is_ten_times(euros(5_630_000), euros(56_300)));
        assert!(!is_ten_times(euros(0), euros(0)));
        assert!(!is_ten_times(euros(56_300), euros(563_001)));
    }
}
