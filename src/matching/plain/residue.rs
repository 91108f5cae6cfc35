//! What payments in full can be found by, and what texts name.

use foldhash::HashSet;
use foldhash::HashSetExt;

use crate::model::amount::Amount;
use crate::model::brief::BriefEntry;
use crate::model::brief::EntryTexts;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::lengths::Lengths;
use crate::model::payment::Payment;
use crate::model::text::JoinedWords;
use crate::model::text::fold_words;
use crate::model::text::reference_text;
use crate::model::together;

/// All references that texts may name: every run of whole words with a digit in it, if it has the
/// length of one.
pub(super) fn each_reference<'a>(
    texts: impl Iterator<Item = &'a str>,
    keys: &Keys,
    lengths: Lengths,
    mut found: impl FnMut(Key),
) {
    let longest = lengths.longest();
    let mut words = JoinedWords::default();
    for text in texts {
        words.read(text);
        let JoinedWords { text, ends } = &words;
        let mut start = 0;
        for first in 0..ends.len() {
            let mut counts = false;
            for (end, has_digit) in ends.iter().skip(first) {
                let Some(run) = text.get(start..*end).filter(|run| run.len() <= longest) else {
                    break;
                };
                counts |= has_digit;
                if counts && lengths.may_have(run.len()) {
                    found(keys.of_reference(run.as_bytes()));
                }
            }
            start = ends.get(first).map_or(start, |(end, _)| *end);
        }
    }
}

/// Payments that one thread looks at before it takes more.
const PAYMENTS_AT_A_TIME: usize = 1 << 11;

/// What some payments can be found by.
#[derive(Default)]
struct FoundBy {
    references: Vec<Key>,
    accounts: Vec<Key>,
    names: Vec<(Amount, String)>,
    lengths: Lengths,
}

impl FoundBy {
    fn new(keys: &Keys, payments: &[Payment], amounts: &HashSet<Amount>) -> Self {
        let mut found = Self::default();
        for payment in payments {
            let ids = [payment.end_to_end_id.as_deref(), payment.case_id.as_deref()];
            for id in ids.into_iter().flatten() {
                let key = reference_text(id);
                found.lengths.add(key.len());
                found.references.push(keys.of_reference(key.as_bytes()));
            }
            found.accounts.extend(payment.iban.as_ref().map(|iban| keys.account(iban)));
            let amount = payment.amount_or_zero();
            if amounts.contains(&amount) {
                let words = payment.account_holder().map(fold_words).unwrap_or_default();
                found.names.extend(words.into_iter().map(|word| (amount, word)));
            }
        }
        found
    }
}

/// What payments in full can be found by.
#[derive(Clone, Debug)]
pub(super) struct Residue<'a> {
    keys: &'a Keys,
    references: HashSet<Key>,
    accounts: HashSet<Key>,
    names: HashSet<(Amount, String)>,
    amounts: HashSet<Amount>,
    lengths: Lengths,
}

impl<'a> Residue<'a> {
    /// `amounts` are those of the bookings that will be asked about.
    pub(super) fn new(
        keys: &'a Keys,
        payments: &[Payment],
        amounts: &HashSet<Amount>,
        threads: usize,
    ) -> Self {
        let parts: Vec<&[Payment]> = payments.chunks(PAYMENTS_AT_A_TIME).collect();
        let found = together::map(&parts, threads, |part| FoundBy::new(keys, part, amounts));
        let count = payments.len();
        let mut residue = Self {
            keys,
            references: HashSet::with_capacity(count.saturating_mul(2)),
            accounts: HashSet::with_capacity(count),
            names: HashSet::new(),
            amounts: HashSet::new(),
            lengths: Lengths::default(),
        };
        for own in found {
            residue.references.extend(own.references);
            residue.accounts.extend(own.accounts);
            residue.amounts.extend(own.names.iter().map(|(amount, _)| *amount));
            residue.names.extend(own.names);
            residue.lengths = residue.lengths.with(own.lengths);
        }
        residue
    }

    /// Whether a booking goes to the account of one of these payments.
    pub(super) fn knows(&self, booked: &BriefEntry) -> bool {
        self.accounts.contains(&booked.account())
    }

    /// Whether a booking of this amount names one of these payments, or somebody of a like name.
    pub(super) fn is_named_by(&self, amount: Amount, texts: &EntryTexts<'_>) -> bool {
        let mut named = false;
        let references = texts.references.iter().flatten().map(AsRef::as_ref);
        each_reference(references, self.keys, self.lengths, |key| {
            named |= self.references.contains(&key);
        });
        let like = |word: String| self.names.contains(&(amount, word));
        named
            || (self.amounts.contains(&amount)
                && texts.names.iter().flatten().flat_map(|name| fold_words(name)).any(like))
    }
}
