//! References of payments, and where bank texts name them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use foldhash::HashMap;
use foldhash::HashMapExt;

use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::model::statement::EntryDetail;
use crate::model::text::reference_key;

/// Which payments bear a reference.
#[derive(Clone, Debug, Default)]
pub struct ReferenceIndex {
    by_key: HashMap<String, Vec<usize>>,
    longest: usize,
}

/// The payments that a booking's texts name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    /// Payments that every reference of the texts fits, ascending: one payment, or the rows of
    /// one case.
    pub candidates: Vec<usize>,
    /// Where the references name different payments: all of them, ascending.
    pub several: Vec<usize>,
    /// One of the references is an end-to-end id, which names one month's payment.
    pub by_end_to_end_id: bool,
    /// One of the references is long enough to stand alone, without account or name agreeing.
    pub strong: bool,
}

impl Naming {
    /// Whether the texts name nobody.
    pub fn is_empty(&self) -> bool {
        self.candidates.is_empty() && self.several.is_empty()
    }

    /// Whether the texts name this payment, alone or among others.
    pub fn names(&self, payment: usize) -> bool {
        self.candidates.contains(&payment) || self.several.contains(&payment)
    }
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

    /// The payments that a booking's own texts name: remittance text, customer's reference,
    /// end-to-end id.
    pub fn named_by(&self, detail: Option<&EntryDetail>, owed: &[Owed<'_>]) -> Naming {
        let Some(detail) = detail else { return Naming::default() };
        let texts = [
            detail.remittance.as_deref(),
            detail.instruction_id.as_deref(),
            detail.end_to_end_id.as_deref(),
        ];
        let keys: BTreeSet<String> =
            texts.into_iter().flatten().flat_map(|text| self.keys_in(text)).collect();
        let mut naming = Naming::default();
        let mut all: BTreeSet<usize> = BTreeSet::new();
        let mut common: Option<BTreeSet<usize>> = None;
        for key in &keys {
            let Some(named) = self.by_key.get(key) else { continue };
            let named: BTreeSet<usize> = named.iter().copied().collect();
            naming.strong |= key.len() >= 6;
            naming.by_end_to_end_id |= named.iter().any(|payment| {
                owed.get(*payment).is_some_and(|owed| owed.end_to_end_key.as_ref() == Some(key))
            });
            common = Some(match common {
                Some(common) => common.intersection(&named).copied().collect(),
                None => named.clone(),
            });
            all.extend(named);
        }
        match common {
            Some(common) if !common.is_empty() => naming.candidates = common.into_iter().collect(),
            _ => naming.several = all.into_iter().collect(),
        }
        naming
    }

    /// The known references that stand in a text as whole words, blanks and marks left out; one
    /// that lies inside a longer one does not count.
    fn keys_in(&self, text: &str) -> Vec<String> {
        // All words behind each other; a run of words is then a piece of them.
        let mut words = String::with_capacity(text.len());
        let mut ends: Vec<(usize, usize)> = Vec::new();
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let start = words.len();
            if word.is_ascii() {
                words.extend(word.chars().map(|c| c.to_ascii_uppercase()));
            } else {
                words.push_str(&reference_key(word));
            }
            ends.push((start, words.len()));
        }
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for (number, (start, _)) in ends.iter().enumerate() {
            for (_, end) in ends.iter().skip(number) {
                let run = words.get(*start..*end).filter(|run| run.len() <= self.longest);
                let Some(run) = run else { break };
                if self.by_key.contains_key(run) {
                    spans.push((*start, *end));
                }
            }
        }
        let inside = |span: &(usize, usize)| {
            spans.iter().any(|other| other.0 <= span.0 && span.1 <= other.1 && other != span)
        };
        let outer = spans.iter().filter(|span| !inside(span));
        outer.filter_map(|span| words.get(span.0..span.1)).map(str::to_owned).collect()
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
