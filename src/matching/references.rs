//! References of payments, and where bank texts name them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::hash::Hash;
use std::hash::Hasher;
use std::ops::Deref;
use std::sync::Arc;

use crate::matching::lookup::Lookup;
use crate::matching::owed::Owed;
use crate::matching::owed::Part;
use crate::matching::words::Words;
use crate::matching::words::is_month_number;
use crate::model::date::Month;
use crate::model::lengths::Lengths;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::model::text::JoinedWords;

/// Which payments bear a reference.
#[derive(Clone, Debug, Default)]
pub struct ReferenceIndex {
    by_key: Lookup,
    /// What so many payments bear that their list is kept once for all texts that name it; with
    /// whether it is an end-to-end id of one of them.
    common: BTreeMap<String, (Rows, bool)>,
    lengths: Lengths,
    /// Years and months that payments are due in, and those after them.
    run_months: BTreeSet<(i32, u32)>,
}

/// A known reference in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// As it is compared.
    pub key: String,
    /// Its first byte in the text.
    pub from: usize,
    /// The byte behind its last.
    pub to: usize,
}

/// Numbers of payments, ascending; a list that many bookings have in common is one.
#[derive(Clone, Debug, Default)]
pub struct Rows(Option<Arc<[usize]>>);

impl Deref for Rows {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl From<Vec<usize>> for Rows {
    fn from(rows: Vec<usize>) -> Self {
        Self((!rows.is_empty()).then(|| rows.into()))
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        let same = |(own, other): (&Arc<_>, &Arc<_>)| Arc::ptr_eq(own, other);
        self.0.as_ref().zip(other.0.as_ref()).is_some_and(same) || **self == **other
    }
}

impl Eq for Rows {}

impl Hash for Rows {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Lists of one length with the same ends are mostly one.
        (self.len(), self.first(), self.last()).hash(state);
    }
}

/// The payments that a booking's texts name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Naming {
    /// Payments that every reference of the texts fits, ascending: one payment, or the rows of
    /// one case.
    pub candidates: Rows,
    /// Where the references name different payments: all of them, ascending.
    pub several: Rows,
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
        self.candidates.binary_search(&payment).is_ok()
            || self.several.binary_search(&payment).is_ok()
    }
}

/// Drops end-to-end ids that name nothing: those on rows of three or more payee accounts.
pub fn drop_repeated_ids(owed: &mut [Owed<'_>]) -> Vec<usize> {
    let mut accounts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let keys = owed.iter().enumerate();
    let keys = keys.filter_map(|(number, own)| Some((own.end_to_end_key.as_deref()?, number)));
    for payment in Lookup::new(keys).in_common(3).into_iter().filter_map(|number| owed.get(number))
    {
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
        if payment.end_to_end_key.as_deref().is_some_and(|key| repeated.contains(key)) {
            payment.end_to_end_key = None;
            dropped.push(number);
        }
    }
    dropped
}

impl ReferenceIndex {
    /// Indexes end-to-end ids and case numbers of all payments that take part.
    pub fn new(owed: &[Owed<'_>], threads: usize) -> Self {
        Self::of(owed, threads, |part| part != Part::None)
    }

    /// The same of rows that could not be read.
    pub fn of_unreadable(owed: &[Owed<'_>], threads: usize) -> Self {
        Self::of(owed, threads, |part| part == Part::None)
    }

    fn of(owed: &[Owed<'_>], threads: usize, wanted: impl Fn(Part) -> bool + Sync) -> Self {
        let mut lengths = Lengths::default();
        // Those of keys that tell nothing do no harm.
        let asked = owed.iter().filter(|payment| wanted(payment.part));
        for key in asked.flat_map(keys_of).filter(|key| key.len() >= SHORTEST) {
            lengths.add(key.len());
        }
        let by_key = Lookup::shared(owed.len(), threads, |number| {
            let owed = owed.get(number).filter(|payment| wanted(payment.part));
            owed.into_iter().flat_map(keys_of).filter(|key| is_telling(key))
        });
        // Keys of payments that have any key in common; those that few bear are looked up.
        let mut common: BTreeMap<&str, (Vec<usize>, bool)> = BTreeMap::new();
        for number in by_key.in_common(MANY) {
            let Some(payment) = owed.get(number) else { continue };
            for key in keys_of(payment).filter(|key| is_telling(key)) {
                let (rows, by_id) = common.entry(key).or_default();
                if rows.last() != Some(&number) {
                    rows.push(number);
                }
                *by_id |= payment.ids().any(|own| own == key);
            }
        }
        let common = common
            .into_iter()
            .filter(|(_, (rows, _))| rows.len() >= MANY)
            .map(|(key, (rows, by_id))| (key.to_owned(), (rows.into(), by_id)))
            .collect();
        let mut run_months = BTreeSet::new();
        let mut before = None;
        for due in owed.iter().map(|owed| owed.dates.due) {
            if before.replace(due) != Some(due) {
                let month = Month::of(due);
                run_months.extend([month, month.next()].map(|m| (m.year(), m.number())));
            }
        }
        Self { by_key, common, lengths, run_months }
    }

    /// The payments that bear this reference, ascending.
    fn named<'a>(&'a self, key: &'a str, owed: &'a [Owed<'_>]) -> impl Iterator<Item = usize> + 'a {
        let bears = move |number: &usize| {
            owed.get(*number).is_some_and(|payment| keys_of(payment).any(|own| own == key))
        };
        self.by_key.find(key).filter(bears)
    }

    /// The payments that a booking's own texts name: remittance text, customer's reference,
    /// end-to-end id.
    pub fn named_by(&self, detail: Option<&EntryDetail>, owed: &[Owed<'_>]) -> Naming {
        self.named_in(detail.into_iter().flat_map(own_texts), owed)
    }

    /// The same, where the references of the remittance text are known.
    pub fn named_by_remittance(
        &self,
        detail: Option<&EntryDetail>,
        remittance: &[Reference],
        owed: &[Owed<'_>],
    ) -> Naming {
        let others = detail.into_iter().flat_map(own_ids);
        let others = others.flat_map(|text| self.in_text(text, owed)).map(|own| own.key);
        self.named_under(remittance.iter().map(|own| own.key.clone()).chain(others), owed)
    }

    /// The payments that any text of a booking names, those that prove nothing too; `None` if these
    /// name nobody.
    pub fn told_by(
        &self,
        entry: &StatementEntry,
        detail: Option<&EntryDetail>,
        owed: &[Owed<'_>],
    ) -> Option<Naming> {
        // Hardly any has a number in it.
        let has_digit = |text: &&str| text.bytes().any(|byte| byte.is_ascii_digit());
        let mut besides = entry
            .texts(detail)
            .skip(usize::from(detail.is_some_and(|detail| detail.remittance.is_some())));
        if self.by_key.is_empty()
            || !besides.any(|text| has_digit(&text) && !self.in_text(text, owed).is_empty())
        {
            return None;
        }
        let own = detail.into_iter().flat_map(own_texts);
        Some(self.named_in(own.chain(entry.texts(detail)), owed))
    }

    fn named_in<'t>(&self, texts: impl Iterator<Item = &'t str>, owed: &[Owed<'_>]) -> Naming {
        self.named_under(texts.flat_map(|text| self.in_text(text, owed)).map(|own| own.key), owed)
    }

    /// The payments that these references name.
    fn named_under(&self, keys: impl Iterator<Item = String>, owed: &[Owed<'_>]) -> Naming {
        let mut naming = Naming::default();
        if self.by_key.is_empty() {
            return naming;
        }
        let mut keys: Vec<String> = keys.collect();
        keys.sort_unstable();
        keys.dedup();
        let mut lists: Vec<Rows> = Vec::with_capacity(keys.len());
        for key in &keys {
            let (named, by_id) = self.common.get(key).cloned().unwrap_or_else(|| {
                let named: Vec<usize> = self.named(key, owed).collect();
                let is_id = |payment: &usize| {
                    owed.get(*payment).is_some_and(|owed| owed.ids().any(|own| own == key))
                };
                let by_id = named.iter().any(is_id);
                (named.into(), by_id)
            });
            naming.strong |= key.len() >= 6;
            naming.by_end_to_end_id |= by_id;
            lists.push(named);
        }
        lists.sort_by_key(|rows| rows.len());
        let Some((shortest, others)) = lists.split_first() else { return naming };
        let in_all = |payment: &usize| others.iter().all(|o| o.binary_search(payment).is_ok());
        if shortest.is_empty() || others.is_empty() || shortest.iter().all(in_all) {
            naming.candidates = shortest.clone();
        } else {
            let kept: Vec<usize> = shortest.iter().copied().filter(in_all).collect();
            naming.candidates = kept.into();
        }
        if naming.candidates.is_empty() {
            let mut all: Vec<usize> = lists.iter().flat_map(|rows| rows.iter().copied()).collect();
            all.sort_unstable();
            all.dedup();
            naming.several = if lists.len() > 1 { all.into() } else { Rows::default() };
        }
        naming
    }

    /// The payments that all references of these texts fit.
    pub fn rows_named_in<'t>(
        &self,
        texts: impl Iterator<Item = &'t str>,
        owed: &[Owed<'_>],
    ) -> Vec<usize> {
        let mut named: Vec<usize> = Vec::new();
        for own in texts.flat_map(|text| self.in_text(text, owed)) {
            named.extend(self.named(&own.key, owed));
        }
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The known references that stand in a text as whole words, blanks and marks left out; one
    /// that lies inside a longer one does not count, nor does a piece of a longer number, a date, or
    /// the month of the run itself.
    pub fn in_text(&self, text: &str, owed: &[Owed<'_>]) -> Vec<Reference> {
        if self.by_key.is_empty() || has_no_digit(text) {
            return Vec::new();
        }
        let mut joined = JoinedWords::default();
        joined.read(text);
        let JoinedWords { text: words, ends } = &joined;
        let mut spans: Vec<Span> = Vec::new();
        let mut next = 0;
        let longest = self.lengths.longest();
        for (number, (first_end, _)) in ends.iter().enumerate() {
            let start = std::mem::replace(&mut next, *first_end);
            for (last, (end, _)) in ends.iter().enumerate().skip(number) {
                let run = words.get(start..*end).filter(|run| run.len() <= longest);
                let Some(run) = run else { break };
                let may_be_known = self.lengths.may_have(run.len());
                if may_be_known && is_telling(run) && self.named(run, owed).next().is_some() {
                    spans.push(Span { from: start, to: *end, first: number, last });
                }
            }
        }
        if spans.is_empty() {
            return Vec::new();
        }
        let cut = Words::of(text);
        spans.retain(|span| {
            let (first, last) = (span.first, span.last);
            cut.are_whole(first, last)
                && !cut.are_in_date(first, last)
                && (!self.names_run(&cut, first, last) || cut.are_marked(first))
        });
        let inside = |span: &&Span| {
            spans
                .iter()
                .any(|other| other.from <= span.from && span.to <= other.to && other != *span)
        };
        let reference = |span: &Span| {
            Some(Reference {
                key: words.get(span.from..span.to)?.to_owned(),
                from: cut.0.get(span.first)?.from,
                to: cut.0.get(span.last)?.to,
            })
        };
        spans.iter().filter(|span| !inside(span)).filter_map(reference).collect()
    }

    /// Whether two words are the month of the run: `Grundsicherung 6/2024`.
    fn names_run(&self, words: &Words<'_>, first: usize, last: usize) -> bool {
        let two = words.0.get(first).zip(words.0.get(last));
        let Some((first_word, last_word)) = two.filter(|_| last == first.saturating_add(1)) else {
            return false;
        };
        let month = |month: &str, year: &str| -> Option<(i32, u32)> {
            let year = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
            Some((year, Some(month).filter(|month| is_month_number(month))?.parse().ok()?))
        };
        let (one, two) = (first_word.text, last_word.text);
        let named = month(one, two).or_else(|| month(two, one));
        first_word.joined && named.is_some_and(|named| self.run_months.contains(&named))
    }
}

/// The texts of a booking that may prove whose it is.
pub(super) fn own_texts(detail: &EntryDetail) -> impl Iterator<Item = &str> {
    detail.remittance.as_deref().into_iter().chain(own_ids(detail))
}

/// Those of them that are no free text.
fn own_ids(detail: &EntryDetail) -> impl Iterator<Item = &str> {
    [&detail.instruction_id, &detail.end_to_end_id].into_iter().filter_map(|text| text.as_deref())
}

/// Whether a text can hold no reference at all. What is no ASCII may be folded to digits.
fn has_no_digit(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_digit())
}

/// A run of words that is a known reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    /// Its first byte among the joined words, and the one behind its last.
    from: usize,
    to: usize,
    /// Its words.
    first: usize,
    last: usize,
}

/// What a payment can be named by: end-to-end ids and its case number.
pub(super) fn keys_of<'a>(owed: &'a Owed<'_>) -> impl Iterator<Item = &'a str> {
    owed.ids().chain(owed.case_key.as_deref())
}

/// What so many payments bear is listed once.
const MANY: usize = 16;

/// A shorter reference tells nothing.
pub(super) const SHORTEST: usize = 3;

/// Whether a reference can be told from a number that stands in a text by chance.
fn is_telling(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let is_year = key.len() == 4 && digits == 4 && (key.starts_with("19") || key.starts_with("20"));
    key.len() >= SHORTEST && digits > 0 && !is_year
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::owed::Dates;
    use crate::model::payment::Payment;

    #[test]
    fn whole_words_with_any_marks() {
        let day = chrono::NaiveDate::MIN;
        let dates = Dates {
            due: day,
            horizon: day,
            window_start: day,
            in_time_until: day,
            late_until: day,
            next_run_from: day,
        };
        let row = |key: &str| Payment { case_id: Some(key.to_owned()), ..Payment::default() };
        let rows = ["SGB124711", "4711", "47112", "E2E1"].map(row);
        let owed: Vec<Owed<'_>> =
            rows.iter().map(|row| Owed::new(row, dates, Part::Full)).collect();
        let index = ReferenceIndex::new(&owed, 2);
        for (text, expected) in [
            ("AZ SGB 12/47-11 NOV", vec!["SGB124711"]),
            ("AZ 4711, NOV", vec!["4711"]),
            ("AZ 47 11 2", vec!["47112"]),
            ("AZ 147112", vec![]),
            ("AZ4711", vec![]),
            ("e2e-1 und 4711", vec!["E2E1", "4711"]),
            ("51.4711", vec![]),
            ("4711/22", vec![]),
            ("SGB 12/47-11/3", vec![]),
            ("SOZ-4711 NOV", vec!["4711"]),
        ] {
            let found = index.in_text(text, &owed);
            let keys: Vec<&str> = found.iter().map(|own| own.key.as_str()).collect();
            assert_eq!(keys, expected, "{text}");
        }
    }
}
