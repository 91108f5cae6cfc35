//! What a month comes to of which a file was damaged, held against the intact one.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use gutschrift::model::brief::Bytes;
use gutschrift::model::brief::Keys;
use gutschrift::model::inputs::Inputs;
use gutschrift::model::place::FileId;
use gutschrift::model::problem::Severity;
use gutschrift::model::reading::FileRecord;
use gutschrift::model::reading::Reading;
use gutschrift::readers;
use gutschrift::readers::ReadOptions;
use gutschrift::verdict::judge;
use gutschrift::verdict::terms::Terms;

use crate::brief::OnDisk;
use crate::month::Files;

/// How files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Every row in full.
    General,
    /// Plain rows in brief.
    Brief,
    /// The same of a file that stays on the disk.
    OnDisk,
}

/// The readings of a file, as the command line has them: archives give their members.
fn readings(file: FileId, path: &str, bytes: &[u8], keys: &Keys, way: Way) -> Vec<Reading> {
    match readers::container::expand(file, bytes) {
        Some(expanded) if expanded.refused => {
            let problems = expanded.problems;
            vec![Reading { problems, refused: true, ..Reading::default() }]
        }
        Some(expanded) => {
            let members = expanded.members.iter();
            members.map(|member| reading(file, &member.path, &member.bytes, keys, way)).collect()
        }
        None => vec![reading(file, path, bytes, keys, way)],
    }
}

fn reading(file: FileId, path: &str, bytes: &[u8], keys: &Keys, way: Way) -> Reading {
    let shared: Arc<dyn Bytes> = match way {
        Way::OnDisk => Arc::new(OnDisk(bytes.to_vec())),
        Way::General | Way::Brief => Arc::new(bytes.to_vec()),
    };
    let options = ReadOptions {
        keys: (way != Way::General).then(|| keys.clone()),
        bytes: (way != Way::General).then_some(shared),
        threads: 1,
        part: 4000,
        ..ReadOptions::default()
    };
    if way == Way::OnDisk {
        let check = || readers::check::check(bytes);
        let head = &bytes[..bytes.len().min(1 << 16)];
        if let Some(reading) = readers::read_in_brief(file, head, check, &options) {
            return reading;
        }
    }
    readers::read(file, path, bytes, &options)
}

/// What a run came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Result {
    /// How many payments have this identity, status and reason.
    pub(crate) payments: BTreeMap<(String, &'static str, &'static str), usize>,
    pub(crate) count: usize,
    /// Errors and warnings, by file.
    complaints: BTreeSet<(String, String)>,
    returns: usize,
}

impl Result {
    fn credited(&self) -> BTreeMap<&str, usize> {
        let mut credited: BTreeMap<&str, usize> = BTreeMap::new();
        for ((identity, status, _), count) in &self.payments {
            if *status == "credited" {
                *credited.entry(identity).or_default() += count;
            }
        }
        credited
    }
}

/// Judges a month; the first problem of a file that refuses it.
pub(crate) fn judged(
    files: &Files,
    terms: &Terms,
    way: Way,
) -> std::result::Result<Result, String> {
    let keys = Keys::default();
    let mut inputs = Inputs { keys: Some(keys.clone()), ..Inputs::default() };
    let mut number = 0;
    for (path, bytes) in files {
        for reading in readings(FileId(number), path, bytes, &keys, way) {
            if reading.refused {
                let first = reading.problems.iter().map(|problem| problem.code.name()).next();
                return Err(format!("{path}: {}", first.unwrap_or("nothing said")));
            }
            let record = FileRecord {
                path: path.clone(),
                role: reading.role,
                format: reading.format.clone(),
                records: reading.records(),
                ..FileRecord::default()
            };
            inputs.add(record, reading);
            number += 1;
        }
    }
    let outcome = judge(inputs, terms).map_err(|refusal| format!("{refusal:?}"))?;
    let mut result = Result::default();
    let mut numbers = BTreeMap::new();
    for judged in outcome.all_payments() {
        let payment = &judged.payment;
        // Lines move, and names or case numbers may be what was damaged.
        let path = &outcome.files[usize::try_from(payment.place.file.0).unwrap()].path;
        let number = numbers.entry(path.clone()).or_insert(0_usize);
        *number += 1;
        let amount = payment.amount.map(|amount| amount.to_string()).unwrap_or_default();
        let identity = format!("{path} {number} {amount}");
        let verdict = (judged.verdict.status.name(), judged.verdict.reason.name());
        *result.payments.entry((identity, verdict.0, verdict.1)).or_default() += 1;
        result.count += 1;
    }
    for problem in outcome.problems.iter().filter(|one| one.severity != Severity::Note) {
        let path = outcome.files.get(usize::try_from(problem.place.file.0).unwrap());
        let path = path.map(|file| file.path.clone()).unwrap_or_default();
        result.complaints.insert((path, problem.code.name().to_owned()));
    }
    let unfolded = outcome.unfolded();
    let names = unfolded.bank_entries.iter().map(|entry| entry.disposition.name());
    result.returns = names.filter(|name| name.ends_with("return")).count();
    Ok(result)
}

/// What came of a damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    Refused,
    /// A problem at the file that the intact month does not have, and nothing new is credited.
    Named,
    /// The intact month's verdicts.
    Same,
    /// Other verdicts without a word, none of them more sanguine.
    Cautious,
    Wrong,
}

pub(crate) fn answer(
    intact: &Result,
    damaged: std::result::Result<Result, String>,
    file: &str,
) -> Answer {
    let Ok(damaged) = damaged else { return Answer::Refused };
    if damaged.payments == intact.payments && damaged.returns == intact.returns {
        return Answer::Same;
    }
    let (before, after) = (intact.credited(), damaged.credited());
    let more = after.iter().any(|(one, count)| before.get(one).is_none_or(|own| own < count));
    if more || damaged.count < intact.count {
        return Answer::Wrong;
    }
    let named = damaged
        .complaints
        .difference(&intact.complaints)
        .any(|(path, _)| path == file || path.is_empty());
    if named { Answer::Named } else { Answer::Cautious }
}
