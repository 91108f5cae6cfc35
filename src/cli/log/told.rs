//! Who was told what: payments in the log, by a keyed hash of their identity. Without the key nobody can
//! tell which payments they are, nor whether a payment is among them.

use std::collections::BTreeMap;

use crate::cli::hex::hex;
use crate::cli::log::chain::Key;
use crate::cli::log::chain::Line;
use crate::cli::log::chain::keyed;
use crate::store::identity::Identity;

/// Digits of a payment's name in the log.
const DIGITS: usize = 16;

/// A payment about which an answer was given.
#[derive(Clone, Debug)]
pub struct Told {
    /// Which.
    pub payment: Identity,
    /// The status that was told.
    pub status: String,
}

/// The last field of an entry: the payments, and the status that was told of each.
pub(super) fn field(told: &[Told], key: &Key) -> String {
    let one = |told: &Told| format!("{}:{}", name(&told.payment, key), told.status);
    told.iter().map(one).collect::<Vec<_>>().join(",")
}

fn name(payment: &Identity, key: &Key) -> String {
    let text = ["gutschrift payment\n", &payment.text()].concat();
    hex(&keyed(key, text.as_bytes())).chars().take(DIGITS).collect()
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// When.
    pub when: String,
    /// The status that was told.
    pub status: String,
}

/// All answers in a log, by payment.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    key: Option<Key>,
    by_name: BTreeMap<String, Vec<Answer>>,
}

impl Answers {
    /// Reads the answers of a log; lines that are none are passed over (`log verify` names them).
    pub(super) fn read(log: &[u8], key: Option<Key>) -> Self {
        let mut by_name: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
        for line in log.split(|byte| *byte == b'\n').filter_map(Line::read) {
            let fields: Vec<_> = line.fields().map(String::from_utf8_lossy).collect();
            let (Some(when), Some(told)) = (fields.first(), fields.get(4)) else { continue };
            for one in told.split(',') {
                let Some((name, status)) = one.split_once(':') else { continue };
                let answer = Answer { when: when.to_string(), status: status.to_owned() };
                by_name.entry(name.to_owned()).or_default().push(answer);
            }
        }
        Self { key, by_name }
    }

    /// The answers that were given about a payment, in the order of the log.
    pub fn of(&self, payment: &Identity) -> &[Answer] {
        let name = self.key.as_ref().map(|key| name(payment, key));
        name.and_then(|name| self.by_name.get(&name)).map_or(&[], Vec::as_slice)
    }
}
