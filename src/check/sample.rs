//! Payments drawn for the check by a second person: every kind of payment is represented, and the same seed draws
//! the same payments, whatever the files are called and in whichever order they come.

use std::collections::BTreeMap;
use std::fmt;

use sha2::Digest;
use sha2::Sha256;

use crate::check::compare::is_one_off;
use crate::check::months::Pairs;
use crate::model::amount::Amount;
use crate::model::payment::Payment;

/// A kind of payment, in the order in which it decides where a payment is of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Above the limit.
    AboveLimit,
    /// Ended: only in the month before.
    Ended,
    /// New: not in the month before.
    New,
    /// Amount or account are not as in the month before.
    Changed,
    /// A single payment.
    OneOff,
    /// As every month.
    Usual,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::AboveLimit, Self::Ended, Self::New, Self::Changed, Self::OneOff, Self::Usual];

    /// Its name for scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AboveLimit => "above-limit",
            Self::Ended => "ended",
            Self::New => "new",
            Self::Changed => "changed",
            Self::OneOff => "one-off",
            Self::Usual => "usual",
        }
    }
}

/// A share, in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(u32);

impl Share {
    /// All.
    const WHOLE: u32 = 10_000;

    /// Reads `2%`, `2,5 %` or `0.5`: percent, with two decimals at most.
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.trim().trim_end_matches('%').trim().replace(',', ".");
        let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || part.len() > 2 || !is_number(whole) || !is_number(part) {
            return None;
        }
        let part: u32 = format!("{part:0<2}").parse().ok()?;
        let share = whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(part)?;
        (1..=Self::WHOLE).contains(&share).then_some(Self(share))
    }

    /// So many of `count`, rounded up: of every kind at least one.
    fn of(self, count: usize) -> usize {
        let whole = usize::try_from(Self::WHOLE).unwrap_or(usize::MAX);
        let share = usize::try_from(self.0).unwrap_or(whole);
        count.saturating_mul(share).div_ceil(whole).min(count)
    }
}

/// A payment that may be drawn.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// Its kind.
    pub kind: Kind,
    /// Its row: of the month before if it has ended.
    pub payment: &'a Payment,
}

/// What decides about kinds besides the rows.
pub struct Question<'a> {
    /// The rows of the month before, if there are any.
    pub before: Option<&'a [Payment]>,
    /// Whether the account of a payment is another one now.
    pub has_new_account: &'a dyn Fn(&Payment, &Payment) -> bool,
    /// From above which amount on a payment is of a kind of its own.
    pub above: Option<Amount>,
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("above", &self.above).finish_non_exhaustive()
    }
}

/// All payments with their kinds, in the order of the lists; those that have ended stand last.
pub fn population<'a>(now: &'a [Payment], question: &Question<'a>) -> Vec<Member<'a>> {
    let pairs = question.before.map(|before| Pairs::new(before, now));
    let mut of_pairs: BTreeMap<*const Payment, Kind> = BTreeMap::new();
    if let Some(pairs) = &pairs {
        for row in &pairs.new {
            of_pairs.insert(std::ptr::from_ref(*row), Kind::New);
        }
        for (old, new) in &pairs.both {
            if old.amount != new.amount || (question.has_new_account)(old, new) {
                of_pairs.insert(std::ptr::from_ref(*new), Kind::Changed);
            }
        }
    }
    let is_above = |row: &Payment| question.above.is_some_and(|limit| row.amount_or_zero() > limit);
    let kind = |row: &'a Payment| {
        if is_above(row) {
            return Kind::AboveLimit;
        }
        let usual = if is_one_off(row) { Kind::OneOff } else { Kind::Usual };
        of_pairs.get(&std::ptr::from_ref(row)).copied().unwrap_or(usual)
    };
    let rows = now.iter().map(|row| Member { kind: kind(row), payment: row });
    let ended = pairs.iter().flat_map(|pairs| &pairs.ended);
    let ended = ended.map(|row| Member { kind: Kind::Ended, payment: row });
    rows.chain(ended).collect()
}

/// Draws a share of every kind; gives the numbers of those drawn, in their order.
pub fn draw(members: &[Member<'_>], share: Share, seed: &str) -> Vec<usize> {
    // Equal rows are told apart by their number among themselves only.
    let mut occurrences: BTreeMap<String, u32> = BTreeMap::new();
    let mut kinds: BTreeMap<Kind, Vec<([u8; 32], usize)>> = BTreeMap::new();
    for (number, member) in members.iter().enumerate() {
        let text = identity(member.payment);
        let occurrence = occurrences.entry(text.clone()).or_default();
        let ticket = format!("gutschrift sample\n{seed}\n{text}\n{occurrence}");
        *occurrence = occurrence.saturating_add(1);
        let ticket: [u8; 32] = Sha256::digest(ticket.as_bytes()).into();
        kinds.entry(member.kind).or_default().push((ticket, number));
    }
    let mut drawn: Vec<usize> = Vec::new();
    for tickets in kinds.values_mut() {
        tickets.sort_unstable();
        drawn.extend(tickets.iter().take(share.of(tickets.len())).map(|(_, number)| *number));
    }
    drawn.sort_unstable();
    drawn
}

/// What a payment is told apart by: what its list says, not where it stands.
fn identity(row: &Payment) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        text(&row.case_id),
        text(&row.end_to_end_id),
        text(&row.beneficiary),
        text(&row.payee),
        row.amount.map(|amount| amount.to_string()).unwrap_or_default(),
        row.due.map(|due| due.to_string()).unwrap_or_default(),
    ]
    .join("\u{1f}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;
    use crate::model::place::Place;

    fn row(line: u32, case: &str, cents: i64) -> Payment {
        Payment {
            place: Place::line(FileId(0), line),
            case_id: Some(case.to_owned()),
            amount: Some(Amount::from_cents(cents)),
            ..Payment::default()
        }
    }

    #[test]
    fn shares_are_percent() {
        for (text, expected) in [
            ("2%", Some(200)),
            ("2,5 %", Some(250)),
            ("0.01", Some(1)),
            ("100%", Some(10_000)),
            ("0", None),
            ("101%", None),
            ("-1", None),
            ("0.001", None),
            ("zwei", None),
            ("", None),
        ] {
            assert_eq!(Share::parse(text), expected.map(Share), "{text}");
        }
        assert_eq!(Share(200).of(0), 0);
        assert_eq!(Share(200).of(1), 1);
        assert_eq!(Share(200).of(151), 4);
        assert_eq!(Share(10_000).of(7), 7);
    }

    #[test]
    fn every_kind_is_drawn_and_the_seed_alone_decides() {
        let before: Vec<Payment> =
            (1..=60).map(|case| row(case, &format!("C{case}"), 500)).collect();
        let mut now: Vec<Payment> = before.iter().skip(2).cloned().collect();
        now[0].amount = Some(Amount::from_cents(600));
        now[1].note = Some("Nachzahlung".to_owned());
        now[2].amount = Some(Amount::from_cents(999_999));
        now.push(row(99, "N1", 500));
        let question = Question {
            before: Some(&before),
            has_new_account: &|_, _| false,
            above: Some(Amount::from_cents(100_000)),
        };
        let cases = |rows: &[Payment], seed: &str| -> (Vec<String>, Vec<Kind>) {
            let members = population(rows, &question);
            let drawn = draw(&members, Share(500), seed);
            let mut own: Vec<String> = drawn
                .iter()
                .filter_map(|number| members[*number].payment.case_id.clone())
                .collect();
            own.sort();
            let mut kinds: Vec<Kind> = drawn.iter().map(|number| members[*number].kind).collect();
            kinds.sort();
            (own, kinds)
        };
        let (drawn, kinds) = cases(&now, "2023-11");
        for kind in Kind::ALL {
            assert!(kinds.contains(&kind), "{kind:?} is not drawn");
        }
        // 54 usual ones give three, all others one each.
        assert_eq!(drawn.len(), 8);
        let mut turned = now.clone();
        turned.reverse();
        assert_eq!(cases(&turned, "2023-11").0, drawn);
        assert_ne!(cases(&now, "2023-12").0, drawn);
    }
}
