//! Files and folders of a run, read and put together.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::Digest;
use sha2::Sha256;

use crate::cli::error::Failure;
use crate::cli::hex::hex;
use crate::cli::sources::Content;
use crate::cli::sources::HEAD;
use crate::cli::sources::Source;
use crate::cli::sources::Wanted;
use crate::cli::sources::sentence;
use crate::cli::sources::sources;
use crate::model::brief::Bytes;
use crate::model::brief::Keys;
use crate::model::inputs::Inputs;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::FileRecord;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::together;
use crate::readers;
use crate::readers::ReadOptions;
use crate::readers::check::Check;

/// One file as it was read.
#[derive(Debug)]
pub struct Gathered {
    /// How the report names it.
    pub record: FileRecord,
    /// What it gave.
    pub reading: Reading,
}

/// Reads all files, in the order of their paths; with keys, plain rows are kept in brief.
///
/// # Errors
///
/// A path that does not exist, or a file that cannot be opened.
pub fn read_all(wanted: &Wanted, keys: Option<&Keys>) -> Result<Vec<Gathered>, Failure> {
    let mut sources = sources(wanted)?;
    sources.sort_by(|left, right| left.shown.cmp(&right.shown));
    let digests = each(&sources, wanted.threads, |_| true, |_, source| digest(source));
    let digests: Vec<_> = digests.into_iter().map(Option::unwrap_or_default).collect();
    let repeats = repeats(&digests);
    let is_first = |number: usize| repeats.get(number).is_none_or(Option::is_none);
    let made = each(&sources, wanted.threads, is_first, |number, source| {
        let file = FileId(u32::try_from(number).unwrap_or(u32::MAX));
        let check = digests.get(number).and_then(|(_, check)| *check);
        read_source(file, source, check, wanted, keys)
    });
    let made = digests.iter().zip(made);
    let mut gathered: Vec<Gathered> = Vec::with_capacity(sources.len());
    for (number, (source, ((digest, _), reading))) in sources.into_iter().zip(made).enumerate() {
        let mut reading = reading.unwrap_or_default();
        let file = FileId(u32::try_from(number).unwrap_or(u32::MAX));
        let first = repeats.get(number).copied().flatten();
        let first = first.and_then(|first| gathered.get(first)).map(|other| &other.record);
        let repeats = first.map(|first| first.path.clone());
        let digest = digest.clone();
        for problem in source.problems {
            reading.problems.push(Problem { place: Place { file, ..problem.place }, ..problem });
        }
        reading.refused |= source.refused;
        if let Some(first) = &repeats {
            let note = Problem::new(ProblemCode::ReadOnce, Place::file(file));
            reading.problems.push(note.value(first.clone()));
            if let Some(original) = gathered.iter().find(|other| other.record.path == *first) {
                reading.role = original.reading.role;
                reading.format.clone_from(&original.reading.format);
            }
        }
        if reading.role == Role::Ignored && !source.named && reading.refused {
            ignore(file, &mut reading);
        }
        let record = FileRecord {
            path: source.shown,
            sha256: digest,
            role: reading.role,
            format: reading.format.clone(),
            version: reading.version.clone(),
            encoding: reading.encoding.clone(),
            records: reading.records(),
            skipped: reading.skipped,
            repeats,
        };
        gathered.push(Gathered { record, reading });
    }
    Ok(gathered)
}

/// For every source the first one with the same bytes, if there is one before it.
fn repeats(digests: &[(String, Option<Check>)]) -> Vec<Option<usize>> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::with_capacity(digests.len());
    for (number, (digest, _)) in digests.iter().enumerate() {
        let first = *seen.entry(digest.as_str()).or_insert(number);
        found.push((first != number).then_some(first));
    }
    found
}

/// Does something with every source that `wanted` names, the largest first; gives the results in the
/// order of the sources.
fn each<T: Send>(
    sources: &[Source],
    threads: usize,
    wanted: impl Fn(usize) -> bool,
    work: impl Fn(usize, &Source) -> T + Sync,
) -> Vec<Option<T>> {
    let mut numbers: Vec<usize> = (0..sources.len()).filter(|number| wanted(*number)).collect();
    numbers.sort_by_key(|number| {
        std::cmp::Reverse(sources.get(*number).map_or(0, |source| source.content.length()))
    });
    let made = together::map(&numbers, threads, |number| {
        sources.get(*number).map(|source| work(*number, source))
    });
    let mut all: Vec<Option<T>> = Vec::new();
    all.resize_with(sources.len(), || None);
    for (number, made) in numbers.into_iter().zip(made) {
        if let Some(slot) = all.get_mut(number) {
            *slot = made;
        }
    }
    all
}

/// SHA-256 of a source; for large ones with what their text is made of.
fn digest(source: &Source) -> (String, Option<Check>) {
    match &source.content {
        Content::Memory(bytes) => (hex(&Sha256::digest(bytes.as_slice())), None),
        Content::Large(file) => {
            let (digest, check) = file.digest();
            (digest, Some(check))
        }
    }
}

fn read_source(
    file: FileId,
    source: &Source,
    check: Option<Check>,
    wanted: &Wanted,
    keys: Option<&Keys>,
) -> Reading {
    if source.refused {
        return Reading::default();
    }
    let options = |bytes: Arc<dyn Bytes>| ReadOptions {
        forced_role: source.role,
        named: source.named,
        column_maps: wanted.column_maps.clone(),
        keys: keys.cloned(),
        bytes: keys.map(|_| bytes),
    };
    let bytes = match (&source.content, check) {
        (Content::Memory(bytes), _) => Arc::clone(bytes),
        (Content::Large(large), check) => {
            let mut head = vec![0; HEAD];
            let count = large.read_at(0, &mut head);
            head.truncate(count);
            let options = options(Arc::clone(large) as Arc<dyn Bytes>);
            let brief =
                check.and_then(|check| readers::read_table_in_brief(file, &head, check, &options));
            if let Some(reading) = brief {
                return reading;
            }
            source.content.bytes()
        }
    };
    readers::read(file, &source.shown, &bytes, &options(Arc::clone(&bytes) as Arc<dyn Bytes>))
}

/// A file of a folder or archive that is none of ours is named and left alone; one of ours that is
/// broken is not.
fn ignore(file: FileId, reading: &mut Reading) {
    let foreign = reading.problems.iter().all(|problem| {
        matches!(
            problem.code,
            ProblemCode::FileKindUnknown
                | ProblemCode::FileIgnored
                | ProblemCode::MessageUnknown
                | ProblemCode::HeaderMissing
        )
    });
    if foreign {
        let what = reading.problems.first().and_then(|problem| problem.value.clone());
        let note = Problem::new(ProblemCode::FileIgnored, Place::file(file));
        reading.problems = vec![note.value(what.unwrap_or_else(|| reading.format.clone()))];
        reading.refused = false;
        "ignored".clone_into(&mut reading.format);
    }
}

/// First column maps for tables that are not known, with their paths.
///
/// # Errors
///
/// A path that does not exist, or a file that cannot be opened.
pub fn suggestions(wanted: &Wanted) -> Result<Vec<(String, String)>, Failure> {
    let sources = sources(wanted)?;
    Ok(sources
        .into_iter()
        .filter_map(|source| {
            let bytes = source.content.bytes();
            Some((source.shown, readers::tables::suggest::suggest(&bytes)?))
        })
        .collect())
}

/// Reads all files and puts them together.
///
/// # Errors
///
/// What [`read_all`] gives, or the problems of every file that cannot be used.
pub fn inputs(wanted: &Wanted) -> Result<Inputs, Failure> {
    let keys = Keys::default();
    let gathered = read_all(wanted, Some(&keys))?;
    let mut complaints = Vec::new();
    for one in gathered.iter().filter(|one| one.reading.refused) {
        for problem in &one.reading.problems {
            complaints.push(sentence(&one.record.path, problem, wanted.language));
        }
    }
    if !complaints.is_empty() {
        return Err(Failure::Data(complaints));
    }
    let mut inputs = Inputs { keys: Some(keys), ..Inputs::default() };
    for one in gathered {
        inputs.add(one.record, one.reading);
    }
    Ok(inputs)
}
