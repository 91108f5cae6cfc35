//! A payment of a kept result, as far as comparing and deciding need it.

use std::hash::BuildHasher;

use chrono::NaiveDate;
use serde::Deserialize;
use sha2::Digest;
use sha2::Sha256;

use crate::model::hex::hex;
use crate::reports::json;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::SavedRun;
use crate::reports::resolution::Resolution;
use crate::reports::rows::PaymentRow;
use crate::store::identity;
use crate::store::identity::Identity;

/// A text that is kept in large numbers.
pub type Text = Box<str>;

/// A place as results have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Source {
    /// Path of the file.
    pub file: Text,
    /// Line, from 1.
    pub line: u32,
}

/// A booking that a payment rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Cited {
    /// Path of the file.
    pub file: Text,
    /// Line, from 1.
    pub line: u32,
    /// Booking date.
    pub booking_date: Option<NaiveDate>,
    /// Value date.
    pub value_date: Option<NaiveDate>,
    /// Signed amount.
    pub amount: Text,
}

/// A payment with its verdict; the names are those of the JSON.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(missing_docs, reason = "the names are explained once, in docs/reference/json.md")]
pub struct Row {
    pub case_id: Option<Text>,
    pub end_to_end_id: Option<Text>,
    pub beneficiary: Option<Text>,
    pub payee: Option<Text>,
    pub iban: Option<Text>,
    #[serde(default)]
    pub account_check: Option<Text>,
    pub amount: Option<Text>,
    pub source: Source,
    pub status: Text,
    pub reason: Text,
    pub evidence: Text,
    pub due: Option<NaiveDate>,
    pub credited_amount: Option<Text>,
    pub reason_code: Option<Text>,
    #[serde(default)]
    pub actor: Option<Text>,
    #[serde(default)]
    pub needs_person: Option<bool>,
    #[serde(default)]
    pub resolution: Option<Resolution>,
    #[serde(default)]
    pub entries: Vec<Cited>,
    /// Entries of large groups that are not shown.
    #[serde(default)]
    pub more_entries: usize,
}

impl Row {
    /// Whether somebody has to look at it; older results do not say, all their follow-ups do.
    pub fn needs_person(&self) -> bool {
        self.needs_person.unwrap_or(&*self.status == "follow-up")
    }

    /// Whether a booking that it cites is firmly its own, not to be given to another payment. What only a group cites
    /// of which nobody was picked is nobody's yet, and so is what both cite of whom a person has to decide.
    pub fn has_firmly(&self, is_it: impl Fn(&Cited) -> bool, other: Option<&Self>) -> bool {
        const UNDECIDED: [&str; 4] = ["ambiguous", "weak-match", "batch-differs", "sum-differs"];
        let is_undecided = &*self.status == "follow-up"
            && (UNDECIDED.contains(&&*self.reason)
                || other.is_some_and(|other| {
                    &*other.status == "follow-up" && other.entries.iter().any(&is_it)
                }));
        !is_undecided && self.entries.iter().any(&is_it)
    }

    /// Its identity, as the first of those that agree in it.
    pub fn identity(&self) -> Identity {
        let own = |text: &Option<Text>| text.as_deref().map(str::to_owned);
        Identity {
            case_id: own(&self.case_id),
            end_to_end_id: own(&self.end_to_end_id),
            amount: own(&self.amount),
            due: self.due,
            account: own(&self.iban),
            account_check: own(&self.account_check),
            occurrence: 0,
        }
    }

    /// The same, without copies.
    pub(crate) fn key(&self) -> Key<'_> {
        (
            self.case_id.as_deref(),
            self.end_to_end_id.as_deref(),
            self.amount.as_deref(),
            self.due,
            self.iban.as_deref(),
            self.account_check.as_deref(),
        )
    }

    /// Masks an account that the result shows in full, so that results of both kinds can be compared.
    pub(crate) fn mask(&mut self) {
        let is_full = self.iban.as_deref().is_some_and(|iban| !iban.contains('…'));
        if is_full {
            let (account, check) =
                identity::account(self.iban.as_deref(), self.account_check.as_deref());
            self.iban = account.map(String::into_boxed_str);
            self.account_check = check.map(String::into_boxed_str);
        }
    }

    /// What the verdict rests on, as a short digest: verdict, bank's code, and of the bookings what the bank
    /// says of them. The same bookings in other files give the same.
    pub fn evidence_digest(&self) -> String {
        let mut entries: Vec<String> = self
            .entries
            .iter()
            .map(|cited| {
                let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
                let (booked, value) = (day(cited.booking_date), day(cited.value_date));
                let (booked, value) = (booked.unwrap_or_default(), value.unwrap_or_default());
                format!("{booked} {value} {}", cited.amount)
            })
            .collect();
        entries.sort_unstable();
        let head = [
            &*self.status,
            &*self.reason,
            &*self.evidence,
            self.reason_code.as_deref().unwrap_or_default(),
            self.credited_amount.as_deref().unwrap_or_default(),
        ];
        // Of a large group only the first are shown; another one behind them is other evidence too.
        if self.more_entries > 0 {
            entries.push(format!("+{}", self.more_entries));
        }
        let text = format!("{}\n{}", head.join("\n"), entries.join("\n"));
        let digest = Sha256::digest(text.as_bytes());
        hex(digest.get(..8).unwrap_or_default())
    }
}

impl From<PaymentRow> for Row {
    fn from(row: PaymentRow) -> Self {
        let text = |text: Option<String>| text.map(String::into_boxed_str);
        let mut made = Self {
            case_id: text(row.case_id),
            end_to_end_id: text(row.end_to_end_id),
            beneficiary: text(row.beneficiary),
            payee: text(row.payee),
            iban: text(row.iban),
            account_check: text(row.account_check),
            amount: text(row.amount),
            source: Source { file: row.source.file.into(), line: row.source.line },
            status: row.status.into(),
            reason: row.reason.into(),
            evidence: row.evidence.into(),
            due: Some(row.due),
            credited_amount: text(row.credited_amount),
            reason_code: text(row.reason_code),
            actor: row.actor.map(Text::from),
            needs_person: Some(row.needs_person),
            resolution: row.resolution,
            entries: row
                .entries
                .into_iter()
                .map(|cited| Cited {
                    file: cited.file.into(),
                    line: cited.line,
                    booking_date: cited.booking_date,
                    value_date: cited.value_date,
                    amount: cited.amount.into(),
                })
                .collect(),
            more_entries: row.more_entries.unwrap_or_default(),
        };
        made.mask();
        made
    }
}

impl From<&SavedPayment> for Row {
    fn from(payment: &SavedPayment) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(Text::from);
        let mut made = Self {
            case_id: text(&payment.case_id),
            end_to_end_id: text(&payment.end_to_end_id),
            beneficiary: text(&payment.beneficiary),
            payee: text(&payment.payee),
            iban: text(&payment.iban),
            account_check: text(&payment.account_check),
            amount: text(&payment.amount),
            source: Source { file: payment.source.file.as_str().into(), line: payment.source.line },
            status: payment.status.as_str().into(),
            reason: payment.reason.as_str().into(),
            evidence: payment.evidence.as_str().into(),
            due: payment.due,
            credited_amount: text(&payment.credited_amount),
            reason_code: text(&payment.reason_code),
            actor: text(&payment.actor),
            needs_person: None,
            resolution: None,
            entries: payment
                .entries
                .iter()
                .map(|cited| Cited {
                    file: cited.file.as_str().into(),
                    line: cited.line,
                    booking_date: cited.booking_date,
                    value_date: cited.value_date,
                    amount: cited.amount.as_str().into(),
                })
                .collect(),
            more_entries: payment.more_entries,
        };
        made.mask();
        made
    }
}

/// A result, as far as comparing needs it; everything else in it is passed over.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Kept {
    /// Must be `gutschrift.verify/1`.
    pub schema: String,
    /// The run.
    pub run: SavedRun,
    /// Its payments.
    pub payments: Vec<Row>,
}

impl Kept {
    /// Reads a result.
    ///
    /// # Errors
    ///
    /// What is none.
    pub fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let mut kept: Self = serde_json::from_slice(bytes)?;
        if kept.schema != json::SCHEMA {
            return Err(serde::de::Error::custom("another schema"));
        }
        kept.payments.iter_mut().for_each(Row::mask);
        Ok(kept)
    }
}

/// What the identity of a row consists of, but for its occurrence.
pub(crate) type Key<'a> = (
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<NaiveDate>,
    Option<&'a str>,
    Option<&'a str>,
);

/// Rows in the order of some key, equal ones in the order in which they stand: what tables of keys would be
/// made for. The order itself is that of hashes and means nothing.
pub(crate) fn sorted_by<'a, K: Ord + std::hash::Hash>(
    rows: &'a [Row],
    which: impl Iterator<Item = usize>,
    key: impl Fn(&'a Row) -> Option<K>,
) -> Vec<(u64, K, usize)> {
    let hasher = foldhash::fast::FixedState::with_seed(22);
    let mut sorted: Vec<(u64, K, usize)> = which
        .filter_map(|number| {
            let key = key(rows.get(number)?)?;
            Some((hasher.hash_one(&key), key, number))
        })
        .collect();
    sorted.sort_unstable();
    sorted
}

/// Which of the rows that agree in their identity each row is, from 0.
pub fn occurrences(rows: &[Row]) -> Vec<u32> {
    let mut found = vec![0; rows.len()];
    let sorted = sorted_by(rows, 0..rows.len(), |row| Some(row.key()));
    for group in sorted.chunk_by(|one, next| one.1 == next.1) {
        for (occurrence, (_, _, number)) in (0_u32..).zip(group) {
            if let Some(slot) = found.get_mut(*number) {
                *slot = occurrence;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            case_id: Some("4711".into()),
            amount: Some("10.00".into()),
            status: "follow-up".into(),
            reason: "returned".into(),
            entries: vec![
                Cited { file: "a".into(), line: 1, amount: "-10.00".into(), ..Cited::default() },
                Cited { file: "a".into(), line: 9, amount: "10.00".into(), ..Cited::default() },
            ],
            ..Row::default()
        }
    }

    #[test]
    fn other_files_are_no_other_evidence() {
        let mut other = row();
        other.entries.reverse();
        other.entries.iter_mut().for_each(|cited| cited.file = "b".into());
        assert_eq!(row().evidence_digest(), other.evidence_digest());
        other.entries.pop();
        assert_ne!(row().evidence_digest(), other.evidence_digest());
        let changed = Row { reason_code: Some("AC04".into()), ..row() };
        assert_ne!(row().evidence_digest(), changed.evidence_digest());
    }

    #[test]
    fn twins_are_told_apart() {
        assert_eq!(occurrences(&[row(), Row::default(), row(), row()]), [0, 0, 1, 2]);
    }
}
