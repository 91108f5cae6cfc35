//! What changed from one result to another, payment by payment, what hurts first.

use chrono::NaiveDate;

use crate::store::row::Row;
use crate::store::row::sorted_by;

/// A kind of change, in the order of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It was credited and is not any more.
    NoLongerCredited,
    /// It needs a person and did not before.
    NewFollowUp,
    /// It is delayed and was a follow-up.
    NewlyDelayed,
    /// It is credited and was not.
    NewlyCredited,
    /// The same status for another reason.
    ReasonChanged,
    /// A row that was not there.
    RowNew,
    /// A row that is not there any more.
    RowGone,
    /// The list says something else of it.
    RowChanged,
}

impl Kind {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 8] = [
        Self::NoLongerCredited,
        Self::NewFollowUp,
        Self::NewlyDelayed,
        Self::NewlyCredited,
        Self::ReasonChanged,
        Self::RowNew,
        Self::RowGone,
        Self::RowChanged,
    ];

    /// Its name for scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoLongerCredited => "no-longer-credited",
            Self::NewFollowUp => "new-follow-up",
            Self::NewlyDelayed => "newly-delayed",
            Self::NewlyCredited => "newly-credited",
            Self::ReasonChanged => "reason-changed",
            Self::RowNew => "row-new",
            Self::RowGone => "row-gone",
            Self::RowChanged => "row-changed",
        }
    }
}

/// A change of one payment; at least one side is there.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// What kind.
    pub kind: Kind,
    /// The payment before.
    pub old: Option<&'a Row>,
    /// The payment after.
    pub new: Option<&'a Row>,
}

impl<'a> Change<'a> {
    /// The payment as it is now, or as it was last.
    pub fn row(&self) -> Option<&'a Row> {
        self.new.or(self.old)
    }

    /// Whether this is for the worse: somebody has to look who had not to before, or a row is missing.
    pub fn is_worse(&self) -> bool {
        let needs = |row: Option<&Row>| row.is_some_and(Row::needs_person);
        match self.kind {
            Kind::NoLongerCredited | Kind::NewFollowUp | Kind::RowGone => true,
            _ => needs(self.new) && !needs(self.old),
        }
    }
}

/// The changes from `old` to `new`: by kind, in a kind in the order of the newer rows. A payment whose row and
/// verdict have both changed is in both kinds.
pub fn diff<'a>(old: &'a [Row], new: &'a [Row]) -> Vec<Change<'a>> {
    let mut pairs = Pairs::new(old.len(), new.len());
    let mut found: Vec<(Kind, usize, Change<'a>)> = Vec::new();
    let mut add = |kind: Kind, at: usize, old: Option<&'a Row>, new: Option<&'a Row>| {
        found.push((kind, at, Change { kind, old, new }));
    };
    for (before, after) in same(old, new, &mut pairs) {
        let (Some(one), Some(other)) = (old.get(before), new.get(after)) else { continue };
        if let Some(kind) = verdicts(one, other) {
            add(kind, after, Some(one), Some(other));
        }
    }
    for (before, after) in changed(old, new, &mut pairs) {
        let (Some(one), Some(other)) = (old.get(before), new.get(after)) else { continue };
        if !fields(one, other).is_empty() {
            add(Kind::RowChanged, after, Some(one), Some(other));
        }
        if let Some(kind) = verdicts(one, other) {
            add(kind, after, Some(one), Some(other));
        }
    }
    for number in pairs.old.open() {
        add(Kind::RowGone, number, old.get(number), None);
    }
    for number in pairs.new.open() {
        add(Kind::RowNew, number, None, new.get(number));
    }
    found.sort_by_key(|(kind, at, _)| (*kind, *at));
    found.into_iter().map(|(_, _, change)| change).collect()
}

/// How the verdict on a payment changed.
fn verdicts(old: &Row, new: &Row) -> Option<Kind> {
    let (before, after) = (&*old.status, &*new.status);
    if before == "credited" && after != "credited" {
        return Some(Kind::NoLongerCredited);
    }
    if after == "follow-up" && (before != after || (new.needs_person() && !old.needs_person())) {
        return Some(Kind::NewFollowUp);
    }
    if before != after {
        return Some(if after == "delayed" { Kind::NewlyDelayed } else { Kind::NewlyCredited });
    }
    (old.reason != new.reason).then_some(Kind::ReasonChanged)
}

/// What the list says otherwise, by the names of the JSON.
pub fn fields(old: &Row, new: &Row) -> Vec<&'static str> {
    let mut changed = Vec::new();
    if old.case_id != new.case_id {
        changed.push("case_id");
    }
    if old.end_to_end_id != new.end_to_end_id {
        changed.push("end_to_end_id");
    }
    if old.amount != new.amount {
        changed.push("amount");
    }
    if old.due != new.due {
        changed.push("due");
    }
    // Older results have no check; what they do not say has not changed.
    let is_other = |one: &Option<Box<str>>, other: &Option<Box<str>>| {
        one.is_some() && other.is_some() && one != other
    };
    if old.iban != new.iban || is_other(&old.account_check, &new.account_check) {
        changed.push("iban");
    }
    changed
}

/// Rows of one side that have found their other.
struct Side(Vec<bool>);

impl Side {
    fn open(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().filter(|(_, paired)| !**paired).map(|(number, _)| number)
    }

    fn take(&mut self, number: usize) {
        if let Some(paired) = self.0.get_mut(number) {
            *paired = true;
        }
    }
}

struct Pairs {
    old: Side,
    new: Side,
}

impl Pairs {
    fn new(old: usize, new: usize) -> Self {
        Self { old: Side(vec![false; old]), new: Side(vec![false; new]) }
    }

    fn pair(&mut self, before: usize, after: usize) -> (usize, usize) {
        self.old.take(before);
        self.new.take(after);
        (before, after)
    }
}

/// Rows of one identity on both sides. Of several alike those go together that have kept their verdict.
fn same(old: &[Row], new: &[Row], pairs: &mut Pairs) -> Vec<(usize, usize)> {
    let before = sorted_by(old, 0..old.len(), |row| Some(row.key()));
    let after = sorted_by(new, 0..new.len(), |row| Some(row.key()));
    let mut found = Vec::with_capacity(before.len().min(after.len()));
    join(&before, &after, |olds, news| {
        if let ([one], [other]) = (olds, news) {
            found.push(pairs.pair(*one, *other));
            return;
        }
        let verdict = |rows: &'_ [Row], number: usize| {
            rows.get(number).map(|row| (row.status.clone(), row.reason.clone()))
        };
        let mut rest = news.to_vec();
        let mut late = Vec::new();
        for one in olds {
            let own = verdict(old, *one);
            match rest.iter().position(|other| verdict(new, *other) == own) {
                Some(place) => found.push(pairs.pair(*one, rest.remove(place))),
                None => late.push(*one),
            }
        }
        for (one, other) in late.into_iter().zip(rest) {
            found.push(pairs.pair(one, other));
        }
    });
    found
}

/// A part of the identity; enough where it names one row on either side.
type Part<'a> = [Option<&'a str>; 4];

/// Rows that are the same payment though the list says something else of it: found by what is left of the
/// identity, and only if that names exactly one row on either side.
fn changed(old: &[Row], new: &[Row], pairs: &mut Pairs) -> Vec<(usize, usize)> {
    type Rule = for<'a> fn(&'a Row) -> Option<(Option<NaiveDate>, Part<'a>)>;
    let rules: [Rule; 5] = [
        |row| {
            let ids = [Some(row.case_id.as_deref()?), Some(row.end_to_end_id.as_deref()?)];
            Some((row.due, [ids[0], ids[1], None, None]))
        },
        |row| {
            let case = Some(row.case_id.as_deref()?);
            Some((row.due, [case, row.amount.as_deref(), row.iban.as_deref(), None]))
        },
        |row| Some((row.due, [Some(row.case_id.as_deref()?), None, None, None])),
        |row| Some((row.due, [None, Some(row.end_to_end_id.as_deref()?), None, None])),
        |row| {
            let ids = [Some(row.case_id.as_deref()?), Some(row.end_to_end_id.as_deref()?)];
            Some((None, [ids[0], ids[1], row.amount.as_deref(), row.iban.as_deref()]))
        },
    ];
    let mut found = Vec::new();
    for rule in rules {
        let before = sorted_by(old, pairs.old.open(), rule);
        let after = sorted_by(new, pairs.new.open(), rule);
        join(&before, &after, |olds, news| {
            if let ([one], [other]) = (olds, news) {
                found.push(pairs.pair(*one, *other));
            }
        });
    }
    found
}

/// Calls `meet` with the rows of every key that both sides have.
fn join<K: Ord>(
    old: &[(u64, K, usize)],
    new: &[(u64, K, usize)],
    mut meet: impl FnMut(&[usize], &[usize]),
) {
    let alike = |one: &(u64, K, usize), next: &(u64, K, usize)| one.0 == next.0 && one.1 == next.1;
    let mut news = new.chunk_by(alike).peekable();
    for olds in old.chunk_by(alike) {
        let Some(first) = olds.first() else { continue };
        let order = |group: &&[(u64, K, usize)]| {
            group.first().map(|other| (other.0, &other.1).cmp(&(first.0, &first.1)))
        };
        while news.next_if(|group| order(group) == Some(std::cmp::Ordering::Less)).is_some() {}
        if let Some(group) = news.next_if(|group| order(group) == Some(std::cmp::Ordering::Equal)) {
            let numbers = |group: &[(u64, K, usize)]| -> Vec<usize> {
                group.iter().map(|(_, _, number)| *number).collect()
            };
            meet(&numbers(olds), &numbers(group));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(case: &str, status: &str, reason: &str) -> Row {
        Row {
            case_id: Some(case.into()),
            end_to_end_id: Some(format!("E{case}").into()),
            amount: Some("10.00".into()),
            iban: Some("DE…1234".into()),
            status: status.into(),
            reason: reason.into(),
            ..Row::default()
        }
    }

    fn kinds(old: &[Row], new: &[Row]) -> Vec<(&'static str, String)> {
        diff(old, new)
            .iter()
            .map(|change| {
                (change.kind.name(), change.row().unwrap().case_id.clone().unwrap().into())
            })
            .collect()
    }

    #[test]
    fn what_hurts_comes_first() {
        let old = [
            row("1", "follow-up", "bank-data-missing"),
            row("2", "credited", "booked"),
            row("3", "follow-up", "bank-data-missing"),
            row("4", "delayed", "booked-late"),
            row("5", "follow-up", "not-found"),
            row("6", "credited", "booked"),
            row("8", "follow-up", "not-found"),
        ];
        let new = [
            row("1", "credited", "booked"),
            row("2", "follow-up", "returned"),
            row("3", "delayed", "booked-late"),
            row("4", "follow-up", "returned"),
            row("5", "follow-up", "returned"),
            row("7", "credited", "booked"),
            row("8", "follow-up", "not-found"),
        ];
        let expected = [
            ("no-longer-credited", "2"),
            ("new-follow-up", "4"),
            ("newly-delayed", "3"),
            ("newly-credited", "1"),
            ("reason-changed", "5"),
            ("row-new", "7"),
            ("row-gone", "6"),
        ];
        assert_eq!(kinds(&old, &new), expected.map(|(kind, case)| (kind, case.to_owned())));
        assert!(kinds(&old, &old).is_empty());
        let worse: Vec<bool> = diff(&old, &new).iter().map(Change::is_worse).collect();
        assert_eq!(worse, [true, true, false, false, false, false, true]);
    }

    #[test]
    fn the_order_of_rows_is_no_change() {
        let old: Vec<Row> = (0..50)
            .map(|number| {
                row(&format!("{}", number % 7), "credited", ["booked", "batch"][number % 2])
            })
            .collect();
        let mut new = old.clone();
        new.rotate_left(13);
        new.reverse();
        assert!(diff(&old, &new).is_empty());
    }

    #[test]
    fn a_row_that_the_list_has_changed_is_one_payment() {
        let old = [row("1", "credited", "booked"), row("2", "credited", "booked")];
        let mut new = old.clone();
        new[0].amount = Some("100.00".into());
        new[0].status = "follow-up".into();
        new[1].iban = Some("DE…9999".into());
        assert_eq!(
            kinds(&old, &new),
            [("no-longer-credited", "1"), ("row-changed", "1"), ("row-changed", "2")]
                .map(|(kind, case)| (kind, case.to_owned()))
        );
        assert_eq!(fields(&old[0], &new[0]), ["amount"]);
        assert_eq!(fields(&old[1], &new[1]), ["iban"]);
        // Two rows that could be meant: nobody picks one.
        let new = [Row { amount: Some("1.00".into()), ..row("1", "credited", "booked") }, {
            Row { amount: Some("2.00".into()), ..row("1", "credited", "booked") }
        }];
        assert_eq!(kinds(&old[..1], &new).len(), 3);
    }

    #[test]
    fn a_result_without_checks_of_accounts_is_still_of_the_same_payments() {
        let old = [row("1", "credited", "booked")];
        let new = [Row { account_check: Some("abc".into()), ..old[0].clone() }];
        assert!(diff(&old, &new).is_empty());
    }

    #[test]
    fn a_decision_that_lapsed_is_a_new_follow_up() {
        let old = [Row { needs_person: Some(false), ..row("1", "follow-up", "not-found") }];
        let new = [Row { needs_person: Some(true), ..row("1", "follow-up", "returned") }];
        assert_eq!(kinds(&old, &new)[0].0, "new-follow-up");
        assert_eq!(kinds(&new, &old)[0].0, "reason-changed");
    }
}
