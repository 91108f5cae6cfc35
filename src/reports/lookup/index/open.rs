//! Finds the payments a query may mean by way of an index.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::SavedRun;
use crate::reports::lookup::index::Source;
use crate::reports::lookup::index::Unfit;
use crate::reports::lookup::index::blocks::Blocks;
use crate::reports::lookup::index::bytes_at;
use crate::reports::lookup::index::keys::person;
use crate::reports::lookup::index::keys::tails;
use crate::reports::lookup::index::layout::FOOTER;
use crate::reports::lookup::index::layout::Footer;
use crate::reports::lookup::index::layout::KEY_ROW;
use crate::reports::lookup::index::layout::LONGEST;
use crate::reports::lookup::index::layout::Places;
use crate::reports::lookup::index::layout::RECORD_ROW;
use crate::reports::lookup::index::layout::checks_length;
use crate::reports::lookup::index::layout::take_u32;
use crate::reports::lookup::index::layout::take_u64;
use crate::reports::lookup::index::words::Words;
use crate::reports::lookup::index::words::first;
use crate::reports::lookup::search::FoundBy;
use crate::reports::lookup::search::Query;
use crate::reports::lookup::search::Sought;
use crate::reports::lookup::search::case_person;
use crate::reports::lookup::search::hit;
use crate::reports::lookup::search::last_four;
use crate::reports::lookup::search::traits;

/// An index that belongs to its result.
#[derive(Debug)]
pub struct Index {
    result: Box<dyn Source>,
    blocks: Blocks,
    footer: Footer,
    places: Places,
}

/// Payments that have been read, by their number.
type Read = BTreeMap<u32, SavedPayment>;

/// One of the two tables of keys.
#[derive(Clone, Copy)]
struct Table {
    start: u64,
    count: u64,
}

impl Index {
    /// Opens the index of `result`.
    ///
    /// # Errors
    ///
    /// An index of something else, or none at all.
    pub fn open(result: Box<dyn Source>, index: Box<dyn Source>) -> Result<Self, Unfit> {
        let start = index.length().checked_sub(FOOTER).ok_or(Unfit::Damaged)?;
        let bytes = bytes_at(&*index, start, FOOTER)?;
        let footer = Footer::read(&bytes)?;
        let places = footer.places().ok_or(Unfit::Damaged)?;
        let length = checks_length(places.end).ok_or(Unfit::Damaged)?;
        if places.end.checked_add(length) != Some(start) {
            return Err(Unfit::Damaged);
        }
        let checks = bytes_at(&*index, places.end, length)?;
        if !footer.is_sealed(&checks, &bytes) {
            return Err(Unfit::Damaged);
        }
        if !footer.binding.holds(&*result)? {
            return Err(Unfit::Stale);
        }
        let blocks = Blocks::new(index, places.end, checks);
        Ok(Self { result, blocks, footer, places })
    }

    /// The run of the result.
    ///
    /// # Errors
    ///
    /// What stands there is no run.
    pub fn run(&self) -> Result<SavedRun, Unfit> {
        let run = self.footer.run;
        self.parsed(run.start, run.length)
    }

    /// Payments of the result, in its order, among which a search finds what it would find among
    /// all: those found in the strongest way in which any is found, and all others of the same
    /// persons.
    ///
    /// # Errors
    ///
    /// Index and result do not fit together.
    pub fn candidates(&self, query: &Query) -> Result<Vec<SavedPayment>, Unfit> {
        let sought = query.sought();
        let mut read = Read::new();
        for by in [
            FoundBy::CaseId,
            FoundBy::Iban,
            FoundBy::IbanEnd,
            FoundBy::Name,
            FoundBy::NameStart,
            FoundBy::Similar,
        ] {
            let mut persons = BTreeSet::new();
            for number in self.found_by(by, &sought)? {
                let payment = self.payment(number, &mut read)?;
                if hit(payment, query, &sought).is_some_and(|found| found <= by) {
                    persons.insert(person(&traits(payment).person_key()));
                }
            }
            if persons.is_empty() {
                continue;
            }
            for key in persons {
                for number in self.by_key(self.persons(), key, key)? {
                    let payment = self.payment(number, &mut read)?;
                    if person(&traits(payment).person_key()) != key {
                        return Err(Unfit::Damaged);
                    }
                }
            }
            break;
        }
        Ok(read.into_values().collect())
    }

    /// Numbers of all payments that one way of finding finds; others may be among them.
    fn found_by(&self, by: FoundBy, sought: &Sought) -> Result<Vec<u32>, Unfit> {
        match by {
            FoundBy::CaseId if sought.case.is_empty() => Ok(Vec::new()),
            FoundBy::CaseId => {
                let key = person(&case_person(&sought.case));
                self.by_key(self.persons(), key, key)
            }
            FoundBy::Iban | FoundBy::IbanEnd => {
                let Some(tail) = &sought.tail else { return Ok(Vec::new()) };
                let table = Table { start: self.places.tails, count: self.footer.tails };
                let (first, last) = tails(tail);
                let mut found = self.by_key(table, first, last)?;
                // A masked number has its last four characters only.
                let (first, last) = tails(last_four(tail));
                found.extend(self.by_key(table, first, last)?);
                Ok(found)
            }
            FoundBy::Name | FoundBy::NameStart | FoundBy::Similar if sought.words.is_empty() => {
                Ok(Vec::new())
            }
            FoundBy::Name => self.in_all(sought, Words::equal),
            FoundBy::NameStart => self.in_all(sought, Words::beginning),
            FoundBy::Similar => {
                let similar = self.words().similar(&sought.words)?;
                Ok(similar
                    .into_iter()
                    .reduce(|left, right| common(&left, &right))
                    .unwrap_or_default())
            }
        }
    }

    /// Payments that every wanted word leads to.
    fn in_all<'a>(
        &'a self,
        sought: &Sought,
        lead: impl Fn(&Words<'a>, &str) -> Result<Vec<u32>, Unfit>,
    ) -> Result<Vec<u32>, Unfit> {
        let words = self.words();
        let mut all: Option<Vec<u32>> = None;
        for wanted in &sought.words {
            let own = lead(&words, wanted)?;
            let both = match all {
                Some(before) => common(&before, &own),
                None => own,
            };
            if both.is_empty() {
                return Ok(both);
            }
            all = Some(both);
        }
        Ok(all.unwrap_or_default())
    }

    fn words(&self) -> Words<'_> {
        Words { blocks: &self.blocks, places: &self.places, count: self.footer.words }
    }

    const fn persons(&self) -> Table {
        Table { start: self.places.persons, count: self.footer.payments }
    }

    /// Payments whose key lies between the two.
    fn by_key(&self, table: Table, low: u64, high: u64) -> Result<Vec<u32>, Unfit> {
        let row = |at: u64| -> Result<(u64, u32), Unfit> {
            let offset = at.checked_mul(KEY_ROW).ok_or(Unfit::Damaged)?;
            let place = table.start.checked_add(offset).ok_or(Unfit::Damaged)?;
            let bytes = self.blocks.read(place, KEY_ROW)?;
            let (key, rest) = take_u64(&bytes)?;
            Ok((key, take_u32(rest)?.0))
        };
        let mut at = first(table.count, |at| Ok(row(at)?.0.cmp(&low)))?;
        let mut payments = Vec::new();
        while at < table.count {
            let (key, payment) = row(at)?;
            match key.cmp(&high) {
                Ordering::Greater => break,
                Ordering::Less | Ordering::Equal if key < low => return Err(Unfit::Damaged),
                Ordering::Less | Ordering::Equal => payments.push(payment),
            }
            at = at.saturating_add(1);
        }
        Ok(payments)
    }

    /// A payment, read once.
    fn payment<'a>(&self, number: u32, read: &'a mut Read) -> Result<&'a SavedPayment, Unfit> {
        if let std::collections::btree_map::Entry::Vacant(slot) = read.entry(number) {
            if u64::from(number) >= self.footer.payments {
                return Err(Unfit::Damaged);
            }
            let offset = u64::from(number).saturating_mul(RECORD_ROW);
            let row = self.blocks.read(self.places.records.saturating_add(offset), RECORD_ROW)?;
            let (start, rest) = take_u64(&row)?;
            let (length, _) = take_u32(rest)?;
            slot.insert(self.parsed(start, u64::from(length))?);
        }
        read.get(&number).ok_or(Unfit::Damaged)
    }

    /// A stretch of the result.
    fn parsed<T: serde::de::DeserializeOwned>(&self, start: u64, length: u64) -> Result<T, Unfit> {
        if length > LONGEST {
            return Err(Unfit::Damaged);
        }
        let bytes = bytes_at(&*self.result, start, length)?;
        serde_json::from_slice(&bytes).map_err(|_| Unfit::Damaged)
    }
}

/// Numbers that are in both; both are sorted.
fn common(left: &[u32], right: &[u32]) -> Vec<u32> {
    let mut right = right.iter().peekable();
    left.iter()
        .copied()
        .filter(|number| {
            while right.next_if(|other| *other < number).is_some() {}
            right.peek() == Some(&number)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::io::Write;

    use super::*;
    use crate::reports::lookup::index::Builder;
    use crate::reports::lookup::index::blocks::Checked;

    #[derive(Clone, Debug)]
    struct Bytes(Vec<u8>);

    impl Source for Bytes {
        fn length(&self) -> u64 {
            u64::try_from(self.0.len()).unwrap()
        }

        fn changed(&self) -> Option<u64> {
            Some(1)
        }

        fn read(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
            let start = usize::try_from(offset).unwrap();
            buffer.copy_from_slice(&self.0[start..start + buffer.len()]);
            Ok(())
        }
    }

    fn result() -> Bytes {
        let payments: Vec<String> = ["Anna Meier", "Horst Meyer", "Elif Kaya"]
            .iter()
            .enumerate()
            .map(|(number, name)| {
                let case = format!("50-{number}");
                let payment = SavedPayment {
                    case_id: Some(case),
                    beneficiary: Some((*name).to_owned()),
                    iban: Some("DE…1234".to_owned()),
                    ..SavedPayment::default()
                };
                serde_json::to_string(&payment).unwrap()
            })
            .collect();
        let payments = payments.join(",");
        let text = format!(
            "{{\"schema\":\"gutschrift.verify/1\",\"run\":{{}},\"payments\":[{payments}]}}"
        );
        Bytes(text.into_bytes())
    }

    fn ask_everything(result: &Bytes, index: Vec<u8>) {
        let Ok(index) = Index::open(Box::new(result.clone()), Box::new(Bytes(index))) else {
            return;
        };
        let _run = index.run();
        for text in ["50-1", "1234", "Meier", "mei", "Mayer", "Nobody"] {
            let _answer = index.candidates(&Query::new(text, None).unwrap());
        }
    }

    /// Whoever can write the index can seal it too; that must lead nowhere worse than to a wrong place.
    #[test]
    fn a_forged_index_is_survived() {
        let result = result();
        let mut builder = Builder::default();
        builder.push(&result.0);
        let mut index = Vec::new();
        assert!(builder.write(&result, &mut index).unwrap());
        let start = index.len() - usize::try_from(FOOTER).unwrap();
        let footer = Footer::read(&index[start..]).unwrap();
        let end = usize::try_from(footer.places().unwrap().end).unwrap();
        for place in 0..end {
            for value in [0, 1, 0x7f, 0xff] {
                let mut body = index[..end].to_vec();
                body[place] = value;
                let mut out = Vec::new();
                let mut checked = Checked::new(&mut out);
                checked.write_all(&body).unwrap();
                let (checks, _) = checked.finish();
                out.extend_from_slice(&checks);
                out.extend_from_slice(&footer.sealed(&checks));
                ask_everything(&result, out);
            }
        }
        for count in [0, 1, 2, 1 << 20, u64::MAX] {
            for part in 0..7 {
                let mut forged = footer;
                match part {
                    0 => forged.payments = count,
                    1 => forged.tails = count,
                    2 => forged.words = count,
                    3 => forged.letters = count,
                    4 => forged.postings = count,
                    5 => forged.run.start = count,
                    _ => forged.run.length = count,
                }
                let mut out = index[..start].to_vec();
                out.extend_from_slice(&forged.sealed(&index[end..start]));
                ask_everything(&result, out);
            }
        }
    }
}
