//! Journals of decisions: JSON lines that only grow, each chained to the one before by its hash. There is one
//! a machine and user, so that nobody has to wait for anybody, and all together give one view.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;

use crate::model::hex::hex;
use crate::reports::resolution::Kind;
use crate::store::identity::Identity;

/// Name and version of a line; its first field.
pub const FORMAT: &str = "gutschrift.journal/1";

/// What the first line is chained to.
pub const START: &str = "-";

/// What stands between a line's text and its hash.
const HASH: &str = ",\"hash\":\"";

/// A booking that was assigned to a payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Booking {
    /// Path of its file, as the result shows it.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
    /// Its day.
    pub booking_date: Option<NaiveDate>,
    /// Its signed amount.
    pub amount: String,
}

impl Booking {
    /// Whether it stands there: in this file, or in one with the same bytes under another name.
    pub fn is_at(&self, file: &str, sha256: Option<&str>, line: u32) -> bool {
        let same_bytes = || sha256.is_some() && sha256 == self.sha256.as_deref();
        self.line == line && (self.file == file || same_bytes())
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "nearly all lines are decisions")]
pub enum What {
    /// Somebody decided about a payment.
    Decision {
        /// Which.
        payment: Identity,
        /// What was decided.
        kind: Kind,
        /// The last day of waiting.
        until: Option<NaiveDate>,
        /// What the one who decided wrote.
        note: Option<String>,
        /// The booking that was assigned.
        entry: Option<Booking>,
        /// What the payment's verdict rested on then (`Row::evidence_digest`).
        evidence: String,
    },
    /// Somebody closed a month.
    Close {
        /// The month, by its due date.
        due: NaiveDate,
        /// The run that was closed.
        run: String,
        /// SHA-256 of that run's result.
        sha256: String,
    },
}

/// A line of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Event {
    /// [`FORMAT`].
    pub format: String,
    /// Hash of the line before, or [`START`].
    pub before: String,
    /// One more than that of every line its writer had seen in all journals: who saw what is known without a
    /// clock that all machines share.
    pub number: u64,
    /// The last lines of the other journals that its writer had seen, by their hashes.
    pub seen: Vec<String>,
    /// When, in UTC: `2023-12-04T08:00:00Z`.
    pub at: String,
    /// Who: initials.
    pub by: Option<String>,
    /// What happened.
    pub what: What,
}

impl Event {
    /// The line with its hash and end.
    ///
    /// # Errors
    ///
    /// Never, for what can be written as JSON.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        let body = serde_json::to_string(self)?;
        let open = body.strip_suffix('}').unwrap_or(&body);
        Ok(format!("{open}{HASH}{}\"}}\n", hash(&body)))
    }
}

fn hash(body: &str) -> String {
    hex(&Sha256::digest(body.as_bytes()))
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Its end was never written; it counts for nothing.
    Incomplete,
    /// It was written at the same time as one before it; it counts.
    AtOnce,
    /// Its text is not what its hash was made of; it counts for nothing.
    Changed,
    /// What it is chained to is not there; it counts itself.
    Missing,
    /// A later version of the tool wrote it; it counts for nothing here.
    Newer,
}

/// A whole line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Its hash.
    pub hash: String,
    /// What it says.
    pub event: Event,
}

/// A journal that was read.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// Its whole lines.
    pub events: Vec<Noted>,
    /// Lines, from 1, with what is wrong with them.
    pub faults: Vec<(usize, Fault)>,
    /// The hash that the next line is chained to.
    pub last: Option<String>,
    /// Whether its last byte ends a line.
    pub is_ended: bool,
}

impl Journal {
    /// Reads a journal; one faulty line does not keep from the others.
    pub fn read(bytes: &[u8]) -> Self {
        let mut found =
            Self { is_ended: bytes.last().is_none_or(|last| *last == b'\n'), ..Self::default() };
        let mut known: BTreeSet<String> = [START.to_owned()].into();
        let mut last = START.to_owned();
        for (number, bytes) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            if bytes.is_empty() {
                continue;
            }
            let Some((body, stated)) = std::str::from_utf8(bytes).ok().and_then(taken_apart) else {
                found.faults.push((number, Fault::Incomplete));
                continue;
            };
            if hash(&body) != stated {
                // Those behind it are chained to the hash it bears.
                known.insert(stated.to_owned());
                last = stated.to_owned();
                found.faults.push((number, Fault::Changed));
                continue;
            }
            let before = serde_json::from_str(&body).ok().map(|Chained { before }| before);
            match before {
                Some(before) if before == last => {}
                Some(before) if known.contains(&before) => {
                    found.faults.push((number, Fault::AtOnce));
                }
                _ => found.faults.push((number, Fault::Missing)),
            }
            known.insert(stated.to_owned());
            last = stated.to_owned();
            match serde_json::from_str::<Event>(&body) {
                Ok(event) if event.format == FORMAT => {
                    found.events.push(Noted { hash: stated.to_owned(), event });
                }
                _ => found.faults.push((number, Fault::Newer)),
            }
        }
        found.last = (last != START).then_some(last);
        found
    }
}

#[derive(Deserialize)]
struct Chained {
    before: String,
}

/// The text of a line and the hash it bears.
fn taken_apart(line: &str) -> Option<(String, &str)> {
    let at = line.rfind(HASH)?;
    let stated = line.get(at.saturating_add(HASH.len())..)?.strip_suffix("\"}")?;
    let is_hash = stated.len() == 64 && stated.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| (format!("{}}}", line.get(..at).unwrap_or_default()), stated))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn event(before: &str, number: u64, case: &str, kind: Kind) -> Event {
        Event {
            format: FORMAT.to_owned(),
            before: before.to_owned(),
            number,
            seen: Vec::new(),
            at: "2023-12-04T08:00:00Z".to_owned(),
            by: Some("AB".to_owned()),
            what: What::Decision {
                payment: Identity { case_id: Some(case.to_owned()), ..Identity::default() },
                kind,
                until: None,
                note: Some("says \",\"hash\":\" itself".to_owned()),
                entry: None,
                evidence: "e".to_owned(),
            },
        }
    }

    pub(crate) fn journal(count: u64) -> Vec<String> {
        let mut before = START.to_owned();
        (1..=count)
            .map(|number| {
                let line =
                    event(&before, number, &number.to_string(), Kind::Waiting).line().unwrap();
                before = taken_apart(line.trim_end()).unwrap().1.to_owned();
                line
            })
            .collect()
    }

    fn faults(lines: &[String]) -> (usize, Vec<(usize, Fault)>) {
        let read = Journal::read(lines.concat().as_bytes());
        (read.events.len(), read.faults)
    }

    #[test]
    fn whole_journals_are_whole() {
        assert_eq!(faults(&journal(4)), (4, vec![]));
        assert_eq!(faults(&[]), (0, vec![]));
        let mut open = journal(2);
        open[1].pop();
        assert_eq!(faults(&open), (2, vec![]));
    }

    #[test]
    fn what_was_done_to_a_line_is_told_and_the_rest_counts() {
        let whole = journal(5);
        let with = |change: &dyn Fn(&mut Vec<String>)| {
            let mut lines = whole.clone();
            change(&mut lines);
            faults(&lines)
        };
        assert_eq!(with(&|lines| drop(lines.remove(2))), (4, vec![(3, Fault::Missing)]));
        let change = |lines: &mut Vec<String>| lines[2] = lines[2].replace("AB", "XY");
        assert_eq!(with(&change), (4, vec![(3, Fault::Changed)]));
        let newer = whole[4].replace("journal/1", "journal/2");
        let body = taken_apart(newer.trim_end()).unwrap().0;
        let newer = format!("{}{HASH}{}\"}}\n", body.strip_suffix('}').unwrap(), hash(&body));
        assert_eq!(with(&|lines| lines[4] = newer.clone()), (4, vec![(5, Fault::Newer)]));
    }

    #[test]
    fn a_line_torn_at_any_byte_is_left_out_and_no_other() {
        let whole = journal(3);
        let text = whole.concat();
        let kept = whole[0].len() + whole[1].len();
        for end in kept + 1..text.len() - 1 {
            let read = Journal::read(&text.as_bytes()[..end]);
            assert_eq!(
                (read.events.len(), read.faults),
                (2, vec![(3, Fault::Incomplete)]),
                "{end}"
            );
            assert!(!read.is_ended);
            // The next line stands behind it and is chained to the last whole one.
            let next = event(&read.last.unwrap(), 9, "9", Kind::Waiting).line().unwrap();
            let text = format!("{}\n{next}", text.get(..end).unwrap());
            let read = Journal::read(text.as_bytes());
            assert_eq!(
                (read.events.len(), read.faults),
                (3, vec![(3, Fault::Incomplete)]),
                "{end}"
            );
        }
    }

    #[test]
    fn two_at_once_both_count() {
        let mut lines = journal(2);
        let first = taken_apart(lines[0].trim_end()).unwrap().1.to_owned();
        lines.push(event(&first, 2, "other", Kind::Waiting).line().unwrap());
        assert_eq!(faults(&lines), (3, vec![(3, Fault::AtOnce)]));
    }
}
