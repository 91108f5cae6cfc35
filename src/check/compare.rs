//! What changed from one month's lists to the next.

use crate::check::finding::Files;
use crate::check::finding::Spot;
use crate::check::last_month::LastMonth;
use crate::check::months::AccountChange;
use crate::check::months::Pairs;
use crate::check::months::account_change;
use crate::check::months::is_ten_times;
use crate::model::payment::Payment;
use crate::model::reading::FileRecord;
use crate::verdict::outcome::Tally;

/// A kind of change, in the order in which people read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Still the account from which last month's money came back.
    AccountReturned,
    /// The account differs as by a typing error.
    AccountTypo,
    /// The amount is ten or a hundred times the last, or a tenth or hundredth of it.
    AmountTenTimes,
    /// Another account.
    AccountChanged,
    /// Another amount.
    AmountChanged,
    /// A single payment that was there last month too.
    OneOffRepeated,
    /// Only in the later month.
    New,
    /// Only in the earlier month.
    Ended,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::AccountReturned,
        Self::AccountTypo,
        Self::AmountTenTimes,
        Self::AccountChanged,
        Self::AmountChanged,
        Self::OneOffRepeated,
        Self::New,
        Self::Ended,
    ];

    /// Its name for scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountReturned => "account-returned",
            Self::AccountTypo => "account-typo",
            Self::AmountTenTimes => "amount-ten-times",
            Self::AccountChanged => "account-changed",
            Self::AmountChanged => "amount-changed",
            Self::OneOffRepeated => "one-off-repeated",
            Self::New => "new",
            Self::Ended => "ended",
        }
    }
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// What kind.
    pub kind: Kind,
    /// The row of the earlier month.
    pub old: Option<&'a Payment>,
    /// The row of the later one.
    pub new: Option<&'a Payment>,
    /// Where it is said that the money came back.
    pub returned: Option<Spot>,
}

/// What changed.
#[derive(Clone, Debug, Default)]
pub struct Compared<'a> {
    /// The changes, by kind and place.
    pub changes: Vec<Change<'a>>,
    /// All rows of the earlier month.
    pub old: Tally,
    /// All rows of the later one.
    pub new: Tally,
    /// Rows that could not be read, in both: they are compared with nothing.
    pub unreadable: u64,
    /// Rows that are as they were.
    pub same: u64,
}

/// Compares the rows of two months.
pub fn compare<'a>(last: &'a LastMonth, rows: &'a [Payment]) -> Compared<'a> {
    let pairs = Pairs::new(&last.rows, rows);
    let mut compared = Compared { old: sum(&last.rows), new: sum(rows), ..Compared::default() };
    let bad = |rows: &[Payment]| rows.iter().filter(|row| row.unreadable.is_some()).count();
    let unreadable = bad(&last.rows).saturating_add(bad(rows));
    compared.unreadable = u64::try_from(unreadable).unwrap_or(u64::MAX);
    let mut changes = Vec::new();
    for (old, new) in &pairs.both {
        let before = changes.len();
        let mut add = |kind| {
            changes.push(Change { kind, old: Some(*old), new: Some(*new), returned: None });
        };
        match account_change(old.iban.as_ref(), new.iban.as_ref()) {
            AccountChange::None => {}
            AccountChange::Typo => add(Kind::AccountTypo),
            AccountChange::New => add(Kind::AccountChanged),
        }
        if is_ten_times(new.amount_or_zero(), old.amount_or_zero()) {
            add(Kind::AmountTenTimes);
        } else if old.amount != new.amount {
            add(Kind::AmountChanged);
        }
        if is_one_off(old) && is_one_off(new) {
            add(Kind::OneOffRepeated);
        }
        if changes.len() == before {
            compared.same = compared.same.saturating_add(1);
        }
    }
    let single = |kind, old, new| Change { kind, old, new, returned: None };
    changes.extend(pairs.new.iter().map(|row| single(Kind::New, None, Some(*row))));
    changes.extend(pairs.ended.iter().map(|row| single(Kind::Ended, Some(*row), None)));
    for row in rows.iter().filter(|row| row.unreadable.is_none()) {
        let key = row.iban.as_ref().map(|iban| iban.key());
        if let Some(spot) = key.and_then(|key| last.returned.get(&*key)) {
            let old = pairs.both.iter().find(|(_, new)| std::ptr::eq(*new, row));
            changes.push(Change {
                kind: Kind::AccountReturned,
                old: old.map(|(old, _)| *old),
                new: Some(row),
                returned: spot.clone(),
            });
        }
    }
    let place = |change: &Change<'_>| change.new.or(change.old).map(|row| row.place);
    changes.sort_by_key(|change| (change.kind, place(change)));
    compared.changes = changes;
    compared
}

fn sum(rows: &[Payment]) -> Tally {
    let mut tally = Tally::default();
    for row in rows {
        tally.add(row.amount_or_zero());
    }
    tally
}

/// Whether a row speaks of a single payment.
pub fn is_one_off(row: &Payment) -> bool {
    [row.remittance.as_deref(), row.note.as_deref(), Some(row.benefit.name())]
        .into_iter()
        .flatten()
        .any(says_one_off)
}

/// Whether a text speaks of a single payment.
pub fn says_one_off(text: &str) -> bool {
    const WORDS: [&str; 5] = ["einmalig", "nachzahlung", "erstausstattung", "one-off", "vorschuss"];
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// Where a row stands.
pub fn spot(row: &Payment, files: &[FileRecord]) -> Option<Spot> {
    Files(files).spot(row.place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::amount::Amount;
    use crate::model::iban::Iban;
    use crate::model::place::FileId;
    use crate::model::place::Place;

    fn row(line: u32, case: &str, iban: &str, cents: i64, note: &str) -> Payment {
        let mut row = Payment {
            place: Place::line(FileId(0), line),
            case_id: Some(case.to_owned()),
            beneficiary: Some(format!("Person {case}")),
            iban: Iban::read(iban),
            amount: Some(Amount::from_cents(cents)),
            ..Payment::default()
        };
        row.note = Some(note.to_owned());
        row
    }

    #[test]
    fn every_kind_of_change_is_found() {
        const OWN: &str = "DE89370400440532013000";
        const SLIP: &str = "DE89370400440532031000";
        const OTHER: &str = "DE09999100540043764919";
        let old = vec![
            row(1, "1", OWN, 500, ""),
            row(2, "2", OWN, 500, ""),
            row(3, "3", OWN, 500, ""),
            row(4, "4", OWN, 500, "Nachzahlung"),
            row(5, "5", OWN, 500, ""),
            row(6, "6", OTHER, 500, ""),
            row(7, "7", OWN, 500, ""),
        ];
        let new = vec![
            row(1, "1", SLIP, 500, ""),
            row(2, "2", OTHER, 500, ""),
            row(3, "3", OWN, 5000, ""),
            row(4, "4", OWN, 500, "Nachzahlung"),
            row(5, "5", OWN, 600, ""),
            row(6, "8", OWN, 500, ""),
            row(7, "7", OWN, 500, ""),
        ];
        let mut last = LastMonth::new(old, Vec::new());
        last.returned.insert(Iban::read(OTHER).unwrap().key().into_owned(), None);
        let compared = compare(&last, &new);
        let kinds: Vec<&str> = compared.changes.iter().map(|change| change.kind.name()).collect();
        assert_eq!(
            kinds,
            [
                "account-returned",
                "account-typo",
                "amount-ten-times",
                "account-changed",
                "amount-changed",
                "one-off-repeated",
                "new",
                "ended"
            ]
        );
        assert_eq!((compared.same, compared.old.count, compared.new.count), (1, 7, 7));
    }
}
