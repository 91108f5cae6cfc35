//! References of payments, and where bank texts name them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use foldhash::HashMap;
use foldhash::HashMapExt;

use crate::matching::bank::TransferView;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::text::reference_words;

/// Which payments bear a reference.
#[derive(Clone, Debug, Default)]
pub struct ReferenceIndex {
    by_key: HashMap<String, Vec<usize>>,
    longest: usize,
}

/// A payment named by a text, and how well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Number of the payment.
    pub payment: usize,
    /// By its end-to-end id, which names one month's payment; else by its case number.
    pub by_end_to_end_id: bool,
    /// The reference is long enough to stand alone, without the account agreeing too.
    pub strong: bool,
}

/// Drops end-to-end ids that name nothing: those on rows of three or more payee accounts.
pub fn drop_repeated_ids(owed: &mut [Owed<'_>]) -> Vec<usize> {
    let mut accounts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for payment in owed.iter() {
        if let Some(key) = payment.end_to_end_key.as_deref() {
            let account = payment.iban().map(crate::model::iban::Iban::reveal);
            let holder = account.or(payment.payment.account_holder()).unwrap_or_default();
            accounts.entry(key).or_default().insert(holder);
        }
    }
    let repeated: BTreeSet<String> = accounts
        .into_iter()
        .filter(|(_, holders)| holders.len() >= 3)
        .map(|(key, _)| key.to_owned())
        .collect();
    let mut dropped = Vec::new();
    for (number, payment) in owed.iter_mut().enumerate() {
        if payment.end_to_end_key.as_ref().is_some_and(|key| repeated.contains(key)) {
            payment.end_to_end_key = None;
            dropped.push(number);
        }
    }
    dropped
}

impl ReferenceIndex {
    /// Indexes end-to-end ids and case numbers of all payments that take part.
    pub fn new(owed: &[Owed<'_>]) -> Self {
        let mut index = Self { by_key: HashMap::new(), longest: 0 };
        for (number, payment) in owed.iter().enumerate() {
            if payment.part == Part::None {
                continue;
            }
            let keys = [payment.end_to_end_key.as_ref(), payment.case_key.as_ref()];
            for key in keys.into_iter().flatten() {
                if is_telling(key) {
                    index.longest = index.longest.max(key.len());
                    let slot = index.by_key.entry(key.clone()).or_default();
                    if !slot.contains(&number) {
                        slot.push(number);
                    }
                }
            }
        }
        index
    }

    /// The payments that a transfer's own texts name: remittance text, customer's reference.
    pub fn named_by(&self, transfer: &TransferView<'_>, owed: &[Owed<'_>]) -> Vec<Named> {
        let Some(detail) = transfer.detail else { return Vec::new() };
        let mut found = BTreeSet::new();
        let texts = [
            detail.remittance.as_deref(),
            detail.instruction_id.as_deref(),
            detail.end_to_end_id.as_deref(),
        ];
        for text in texts.into_iter().flatten() {
            for key in self.keys_in(text) {
                for payment in self.by_key.get(&key).into_iter().flatten() {
                    let by_id = owed
                        .get(*payment)
                        .is_some_and(|owed| owed.end_to_end_key.as_deref() == Some(&key));
                    found.insert(Named {
                        payment: *payment,
                        by_end_to_end_id: by_id,
                        strong: key.len() >= 6,
                    });
                }
            }
        }
        found.into_iter().collect()
    }

    /// The known references that stand in a text as whole words, blanks and marks left out; one
    /// that lies inside a longer one does not count.
    fn keys_in(&self, text: &str) -> Vec<String> {
        let words = reference_words(text);
        let mut spans: Vec<(usize, usize, String)> = Vec::new();
        for start in 0..words.len() {
            let mut key = String::new();
            for (end, word) in words.iter().enumerate().skip(start) {
                key.push_str(word);
                if key.len() > self.longest {
                    break;
                }
                if self.by_key.contains_key(&key) {
                    spans.push((start, end, key.clone()));
                }
            }
        }
        let inside = |span: &(usize, usize, String)| {
            spans.iter().any(|other| {
                other.0 <= span.0 && span.1 <= other.1 && (other.0, other.1) != (span.0, span.1)
            })
        };
        spans.iter().filter(|span| !inside(span)).map(|span| span.2.clone()).collect()
    }
}

/// Whether a reference can be told from a number that stands in a text by chance.
fn is_telling(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let is_year = key.len() == 4 && digits == 4 && (key.starts_with("19") || key.starts_with("20"));
    key.len() >= 3 && digits > 0 && !is_year
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(keys: &[&str]) -> ReferenceIndex {
        let mut index = ReferenceIndex::default();
        for (number, key) in keys.iter().enumerate() {
            index.by_key.insert((*key).to_owned(), vec![number]);
            index.longest = index.longest.max(key.len());
        }
        index
    }

    #[test]
    fn whole_words_with_any_marks() {
        let index = index(&["SGB124711", "4711", "47112", "E2E1"]);
        for (text, expected) in [
            ("AZ SGB 12/47-11 NOV", vec!["SGB124711"]),
            ("AZ 4711, NOV", vec!["4711"]),
            ("AZ 47 11 2", vec!["47112"]),
            ("AZ 147112", vec![]),
            ("AZ4711", vec![]),
            ("e2e-1 und 4711", vec!["E2E1", "4711"]),
        ] {
            assert_eq!(index.keys_in(text), expected, "{text}");
        }
    }
}
