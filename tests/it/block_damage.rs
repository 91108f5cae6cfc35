//! Damage is an error: simulated months in every format, one of their files damaged as broken media,
//! bad downloads and cut-off copies damage files. Each time the run is refused, or the place is named
//! and nothing is credited that the intact month does not have, or the verdicts are the intact
//! month's.
//!
//! `GUTSCHRIFT_BLOCK_DAMAGE` (a number) looks at so many times as many places and months; with
//! `--nocapture` the table is shown that stands in `docs/verification.md`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use gutschrift::model::brief::Bytes;
use gutschrift::model::brief::Keys;
use gutschrift::model::date::Month;
use gutschrift::model::inputs::Inputs;
use gutschrift::model::place::FileId;
use gutschrift::model::problem::Severity;
use gutschrift::model::reading::FileRecord;
use gutschrift::model::reading::Reading;
use gutschrift::readers;
use gutschrift::readers::ReadOptions;
use gutschrift::simulate::Settings;
use gutschrift::simulate::faults::Mix;
use gutschrift::simulate::formats::BankFormat;
use gutschrift::verdict::judge;
use gutschrift::verdict::terms::Terms;

use crate::brief::OnDisk;
use crate::month::Files;
use crate::proof;

/// What is not written: a block of a medium (bytes).
const SECTOR: usize = 512;

/// How files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Every row in full.
    General,
    /// Plain rows in brief.
    Brief,
    /// The same of a file that stays on the disk.
    OnDisk,
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
struct Result {
    /// How many payments have this identity, status and reason.
    payments: BTreeMap<(String, &'static str, &'static str), usize>,
    count: usize,
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
fn judged(files: &Files, way: Way) -> std::result::Result<Result, String> {
    let keys = Keys::default();
    let mut inputs = Inputs { keys: Some(keys.clone()), ..Inputs::default() };
    for (number, (path, bytes)) in files.iter().enumerate() {
        let file = FileId(u32::try_from(number).unwrap());
        let reading = reading(file, path, bytes, &keys, way);
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
    }
    let terms = Terms { month: Month::parse("2023-11"), ..Terms::default() };
    let outcome = judge(inputs, &terms).map_err(|refusal| format!("{refusal:?}"))?;
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
enum Answer {
    Refused,
    /// A problem at the file that the intact month does not have, and nothing new is credited.
    Named,
    /// The intact month's verdicts.
    Same,
    /// Other verdicts without a word, none of them more sanguine.
    Cautious,
    Wrong,
}

fn answer(intact: &Result, damaged: std::result::Result<Result, String>, file: &str) -> Answer {
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

/// A damage: what it is, where, and the bytes that are left.
struct Damage {
    kind: &'static str,
    at: usize,
    bytes: Vec<u8>,
}

/// The damages of one file; `step` leaves out places.
fn damages(bytes: &[u8], step: usize) -> Vec<Damage> {
    let mut all = Vec::new();
    let mut add = |kind, at, bytes| all.push(Damage { kind, at, bytes });
    for at in (0..bytes.len()).step_by(SECTOR * step.div_ceil(10)) {
        let mut damaged = bytes.to_vec();
        let end = (at + SECTOR).min(bytes.len());
        damaged[at..end].fill(0);
        add("zero block", at, damaged);
        // The block at the end of a file that was grown before it was written.
        if at > 0 {
            let mut damaged = bytes[..at].to_vec();
            damaged.resize(bytes.len(), 0);
            add("zeros to the end", at, damaged);
        }
    }
    for at in rows_cut(bytes, step) {
        add("cut", at, bytes[..at].to_vec());
    }
    for lost in [1, 2, 3, 7, 64, SECTOR] {
        add("lost beginning", lost, bytes[lost.min(bytes.len())..].to_vec());
    }
    let rubbish: Vec<u8> = (0..SECTOR).map(|n| u8::try_from(n * 167 % 251).unwrap()).collect();
    let header = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv; charset=utf-8\r\n\r\n";
    let junk: [&[u8]; 6] = [&[0; SECTOR], &rubbish, header, b"\0", b"\r\n\r\n", b"\xef\xbb\xbf"];
    for (number, junk) in junk.into_iter().enumerate() {
        add("junk in front", number, [junk, bytes].concat());
    }
    for (number, junk) in [&[0; SECTOR][..], b"\0", &rubbish].into_iter().enumerate() {
        add("junk behind", number, [bytes, junk].concat());
    }
    add("high bits stripped", 0, bytes.iter().map(|byte| byte & 0x7f).collect());
    all
}

/// Where files are cut: every byte of rows at the beginning, in the middle and at the end. A table
/// that ends behind a whole row is whole as far as anybody can tell.
fn rows_cut(bytes: &[u8], step: usize) -> Vec<usize> {
    let line_behind = |at: usize| {
        let rest = &bytes[at.min(bytes.len())..];
        rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end + 1)
    };
    let is_xml = bytes.starts_with(b"<");
    let mut places = BTreeSet::new();
    for from in [bytes.len() / 8, bytes.len() / 2, bytes.len() - bytes.len().min(400)] {
        let start = line_behind(from).min(bytes.len().saturating_sub(1));
        let end = line_behind(start).max(start + 300).min(bytes.len());
        let rare = if is_xml { 11 } else { 1 };
        places.extend((start..end).step_by(step * rare));
    }
    let whole = |at: &usize| {
        let at_end =
            bytes.get(at.wrapping_sub(1)).is_some_and(|byte| matches!(byte, b'\n' | b'\r'));
        at_end || bytes.get(*at).is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
    };
    // A remark at the end of a row may be of any length: its cut is known by nothing.
    let in_remark = |at: &usize| {
        let rest = &bytes[*at..line_behind(*at)];
        bytes.windows(9).take(400).any(|name| name == b"Bemerkung")
            && !rest.iter().any(|byte| matches!(byte, b';' | b',' | b'\t'))
    };
    places.into_iter().filter(|at| !whole(at) && !in_remark(at)).collect()
}

fn simulated(format: BankFormat, seed: u64) -> Files {
    let settings = Settings {
        with_order: seed.is_multiple_of(2),
        last_month: false,
        ..proof::settings(40, seed, Mix::Hostile, format)
    };
    proof::simulate(&settings).files
}

/// The files that are damaged in turn: of daily files those with the most in them.
fn targets(files: &Files) -> Vec<String> {
    let mut by_folder: BTreeMap<String, Vec<(usize, &String)>> = BTreeMap::new();
    for (path, bytes) in files {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        // Lists are all different, bank files of a format are not.
        let kind = if name.contains("_C5") { folder } else { path.as_str() };
        by_folder.entry(kind.to_owned()).or_default().push((bytes.len(), path));
    }
    let largest = |mut all: Vec<(usize, &String)>| {
        all.sort_unstable();
        all.into_iter().rev().take(2).map(|(_, path)| path.clone()).collect::<Vec<_>>()
    };
    by_folder.into_values().flat_map(largest).collect()
}

#[test]
fn damage_is_an_error() {
    let times = std::env::var("GUTSCHRIFT_BLOCK_DAMAGE").ok().and_then(|text| text.parse().ok());
    let times: usize = times.unwrap_or(0);
    let step = if times == 0 { 47 } else { 1 };
    let mut table: BTreeMap<(String, &'static str), BTreeMap<Answer, usize>> = BTreeMap::new();
    let mut complaints = Vec::new();
    for (number, format) in proof::FORMATS.into_iter().enumerate() {
        for seed in 1..=u64::try_from(times.max(1)).unwrap() {
            let files = simulated(format, seed + u64::try_from(number).unwrap());
            let intact = judged(&files, Way::General).unwrap();
            for target in targets(&files) {
                let row = kind_of(&target, format);
                // Lists and orders are the same beside every format.
                if times == 0 && number > 1 && matches!(row.as_str(), "list CSV" | "pain.001") {
                    continue;
                }
                for (turn, damage) in damages(&files[&target], step).into_iter().enumerate() {
                    let mut own = files.clone();
                    own.insert(target.clone(), damage.bytes);
                    let all = [Way::General, Way::Brief, Way::OnDisk];
                    let ways = if times == 0 { &all[turn % 3..=turn % 3] } else { &all[..] };
                    for way in ways {
                        let answer = answer(&intact, judged(&own, *way), &target);
                        let key = (row.clone(), damage.kind);
                        *table.entry(key).or_default().entry(answer).or_default() += 1;
                        if answer >= Answer::Cautious {
                            let (kind, at) = (damage.kind, damage.at);
                            complaints.push((
                                answer,
                                format!(
                                    "{answer:?}: {format:?} {seed} {target} {kind} {at} {way:?}"
                                ),
                            ));
                        }
                    }
                }
            }
        }
    }
    println!("| file | damage | refused | named | same verdicts | more cautious | wrong |");
    println!("|---|---|---:|---:|---:|---:|---:|");
    for ((row, kind), counts) in &table {
        let count = |answer| counts.get(&answer).copied().unwrap_or(0);
        println!(
            "| {row} | {kind} | {} | {} | {} | {} | {} |",
            count(Answer::Refused),
            count(Answer::Named),
            count(Answer::Same),
            count(Answer::Cautious),
            count(Answer::Wrong)
        );
    }
    complaints.sort();
    for (_, complaint) in complaints.iter().rev().take(400) {
        println!("{complaint}");
    }
    let wrong = complaints.iter().filter(|(answer, _)| *answer == Answer::Wrong).count();
    assert_eq!(wrong, 0, "damage that nobody was told of");
}

fn kind_of(target: &str, format: BankFormat) -> String {
    let name = target.rsplit('/').next().unwrap_or(target);
    if target.contains("list") {
        "list CSV".to_owned()
    } else if std::path::Path::new(name).extension().is_some_and(|ending| ending == "xml")
        && !target.contains("bank")
    {
        "pain.001".to_owned()
    } else {
        format!("{format:?}")
    }
}
