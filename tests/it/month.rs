//! Reads a month folder in-process, for tests that look at verdicts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use gutschrift::model::brief::Bytes;
use gutschrift::model::brief::Keys;
use gutschrift::model::inputs::Inputs;
use gutschrift::model::place::FileId;
use gutschrift::model::reading::FileRecord;
use gutschrift::model::reading::Reading;
use gutschrift::model::reading::Role;
use gutschrift::readers;
use gutschrift::readers::ReadOptions;
use gutschrift::verdict::terms::Terms;

/// Files of a month by their path inside the folder, archives expanded.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The data files of a month: everything but `README.md`, what is expected, and the call.
pub(crate) fn files(month: &Path) -> Files {
    let mut found = Files::new();
    collect(month, month, &mut found);
    assert!(!found.is_empty(), "{} holds no file", month.display());
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            if name != "expected" {
                collect(root, &path, found);
            }
            continue;
        }
        if ["README.md", "cmd", "expect.json"].contains(&name.as_str()) {
            continue;
        }
        let relative = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        let bytes = fs::read(&path).unwrap();
        match readers::container::expand(FileId(0), &bytes) {
            Some(expanded) => {
                for member in expanded.members {
                    let inner = if member.path.is_empty() {
                        relative.clone()
                    } else {
                        format!("{relative}/{}", member.path)
                    };
                    found.insert(inner, member.bytes);
                }
            }
            None => {
                found.insert(relative, bytes);
            }
        }
    }
}

/// Readings of all files, in the order of their paths.
pub(crate) fn readings(files: &Files) -> Vec<(String, Reading)> {
    readings_with(files, None)
}

/// Readings; with keys, plain rows are kept in brief.
fn readings_with(files: &Files, keys: Option<&Keys>) -> Vec<(String, Reading)> {
    files
        .iter()
        .enumerate()
        .map(|(number, (path, bytes))| {
            let file = FileId(u32::try_from(number).unwrap());
            let options = ReadOptions {
                keys: keys.cloned(),
                bytes: keys.map(|_| Arc::new(bytes.clone()) as Arc<dyn Bytes>),
                threads: 2,
                part: 9000,
                ..ReadOptions::default()
            };
            (path.clone(), readers::read(file, path, bytes, &options))
        })
        .collect()
}

/// All values of a month; files with the same bytes are read once.
///
/// # Errors
///
/// The first file that cannot be used.
pub(crate) fn inputs(files: &Files) -> Result<Inputs, String> {
    inputs_with(files, None)
}

/// All values of a month, plain rows in brief.
pub(crate) fn inputs_in_brief(files: &Files) -> Result<Inputs, String> {
    inputs_with(files, Some(Keys::default()))
}

fn inputs_with(files: &Files, keys: Option<Keys>) -> Result<Inputs, String> {
    let readings = readings_with(files, keys.as_ref());
    let mut inputs = Inputs { keys, ..Inputs::default() };
    let mut seen: BTreeMap<&[u8], &str> = BTreeMap::new();
    for ((path, reading), (own, bytes)) in readings.into_iter().zip(files) {
        let repeats = seen.get(bytes.as_slice()).map(|first| (*first).to_owned());
        seen.entry(bytes.as_slice()).or_insert(own);
        let record = FileRecord {
            path,
            role: reading.role,
            format: reading.format.clone(),
            records: reading.records(),
            repeats: repeats.clone(),
            sheets: reading.sheets.clone(),
            ..FileRecord::default()
        };
        if reading.refused && reading.role != Role::Ignored {
            return Err(format!("{}: {:?}", record.path, reading.problems));
        }
        inputs.add(record, if repeats.is_some() { Reading::default() } else { reading });
    }
    Ok(inputs)
}

/// The terms that `expected/options.txt` names.
pub(crate) fn terms(month: &Path) -> Terms {
    let mut terms = Terms::default();
    let Ok(text) = fs::read_to_string(month.join("expected/options.txt")) else { return terms };
    let mut words = text.split_whitespace();
    while let Some(option) = words.next() {
        let value = words.next().unwrap_or_default();
        let day = || gutschrift::model::date::from_iso(value).unwrap();
        match option {
            "--month" => terms.month = gutschrift::model::date::Month::parse(value),
            "--due" => terms.due = Some(day()),
            "--late-until" => terms.late_until = Some(day()),
            "--as-of" => terms.as_of = Some(day()),
            "--crediting" => {
                terms.crediting = match value {
                    "next-day" => gutschrift::verdict::terms::Crediting::NextDay,
                    _ => gutschrift::verdict::terms::Crediting::SameDay,
                };
            }
            other => panic!("{}: unknown option {other}", month.display()),
        }
    }
    terms
}

/// All month folders with an oracle.
pub(crate) fn months() -> Vec<PathBuf> {
    let mut months = Vec::new();
    find(Path::new("samples"), &mut months);
    months.sort();
    assert!(months.len() > 3, "a test that reads nothing proves nothing");
    months
}

fn find(folder: &Path, months: &mut Vec<PathBuf>) {
    if folder.join("expected/oracle.csv").exists() {
        months.push(folder.to_owned());
        return;
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, months);
        }
    }
}
