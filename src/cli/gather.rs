//! Files and folders of a run, read and put together.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::Digest;
use sha2::Sha256;

use crate::cli::error::Failure;
use crate::cli::hex::hex;
use crate::cli::progress::Progress;
use crate::cli::progress_text::PASSES;
use crate::cli::progress_text::Phase;
use crate::cli::sources::Content;
use crate::cli::sources::HEAD;
use crate::cli::sources::Source;
use crate::cli::sources::Wanted;
use crate::cli::sources::changed;
use crate::cli::sources::sentence;
use crate::cli::sources::sources;
use crate::model::brief::Bytes;
use crate::model::brief::Keys;
use crate::model::inputs::Inputs;
use crate::model::order::OrderFile;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::FileRecord;
use crate::model::reading::Reading;
use crate::model::together;
use crate::readers;
use crate::readers::ReadOptions;

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
    let made = made_of(&sources, wanted, keys);
    unchanged(&sources, wanted)?;
    let repeats = repeats(&made);
    let mut gathered: Vec<Gathered> = Vec::with_capacity(sources.len());
    for (number, (source, (digest, mut reading))) in sources.into_iter().zip(made).enumerate() {
        let file = FileId(u32::try_from(number).unwrap_or(u32::MAX));
        let first = repeats.get(number).copied().flatten();
        let first = first.and_then(|first| gathered.get(first)).map(|other| &other.record);
        let repeats = first.map(|first| first.path.clone());
        if repeats.is_some() {
            reading = Reading::default();
        }
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
        let record = FileRecord {
            path: source.shown,
            sha256: source.given.unwrap_or(digest),
            role: reading.role,
            format: reading.format.clone(),
            version: reading.version.clone(),
            encoding: reading.encoding.clone(),
            records: reading.records(),
            skipped: reading.skipped,
            repeats,
            sheets: reading.sheets.clone(),
            orders: reading.orders.iter().map(OrderFile::mark).collect(),
        };
        gathered.push(Gathered { record, reading });
    }
    Ok(gathered)
}

/// Large files are read piece by piece by several readers, none of which can tell a bad sector, or
/// what another program does to the file, from the file's end.
fn unchanged(sources: &[Source], wanted: &Wanted) -> Result<(), Failure> {
    let troubles = sources.iter().filter_map(|source| match &source.content {
        Content::Large(file) => file.trouble(),
        Content::Memory(_) => None,
    });
    let troubles: Vec<String> = troubles.map(|path| changed(&path, wanted.language)).collect();
    if troubles.is_empty() { Ok(()) } else { Err(Failure::Data(troubles)) }
}

/// For every source the first one with the same bytes, if there is one before it.
fn repeats(made: &[(String, Reading)]) -> Vec<Option<usize>> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::with_capacity(made.len());
    for (number, (digest, _)) in made.iter().enumerate() {
        if digest.is_empty() {
            // Nothing else is as long, or nothing was read.
            found.push(None);
            continue;
        }
        let first = *seen.entry(digest.as_str()).or_insert(number);
        found.push((first != number).then_some(first));
    }
    found
}

/// Whether a source has a length of its own, so that no other can be the same.
fn is_alone(sources: &[Source], number: usize) -> bool {
    let length = |number: usize| sources.get(number).map(|source| source.content.length());
    (0..sources.len()).all(|other| other == number || length(other) != length(number))
}

/// SHA-256 and reading of every source. Both take a while for large files, so they are tasks of
/// their own; the largest are begun first.
fn made_of(sources: &[Source], wanted: &Wanted, keys: Option<&Keys>) -> Vec<(String, Reading)> {
    enum Made {
        Digest(String),
        Reading(Box<Reading>),
    }
    let mut tasks: Vec<(usize, bool)> =
        (0..sources.len()).flat_map(|number| [(number, true), (number, false)]).collect();
    tasks.retain(|(number, reads)| {
        let left = sources.get(*number).is_some_and(|source| source.left);
        *reads || !(left || wanted.without_digests && is_alone(sources, *number))
    });
    tasks.sort_by_key(|(number, reads)| {
        let length = sources.get(*number).map_or(0, |source| source.content.length());
        // Reading takes about three times as long as the digest.
        std::cmp::Reverse(if *reads { length.saturating_mul(3) } else { length })
    });
    let lengths = sources.iter().map(|source| source.content.length());
    let bytes = lengths.fold(0, u64::saturating_add);
    let files = u64::try_from(sources.len()).unwrap_or(u64::MAX);
    wanted.progress.begin(Phase::Reading { files, bytes });
    let made = together::map(&tasks, wanted.threads, |(number, reads)| {
        let source = sources.get(*number)?;
        let file = FileId(u32::try_from(*number).unwrap_or(u32::MAX));
        Some(if *reads {
            let reading = read_source(file, source, wanted, keys);
            wanted.progress.file();
            Made::Reading(Box::new(reading))
        } else {
            Made::Digest(digest(source, &wanted.progress))
        })
    });
    let mut all: Vec<(String, Reading)> = Vec::new();
    all.resize_with(sources.len(), Default::default);
    for ((number, _), made) in tasks.iter().zip(made) {
        match (all.get_mut(*number), made) {
            (Some(slot), Some(Made::Digest(digest))) => slot.0 = digest,
            (Some(slot), Some(Made::Reading(reading))) => slot.1 = *reading,
            _ => {}
        }
    }
    all
}

fn digest(source: &Source, progress: &Progress) -> String {
    match &source.content {
        Content::Memory(bytes) => {
            let digest = hex(&Sha256::digest(bytes.as_slice()));
            progress.read(source.content.length());
            digest
        }
        Content::Large(file) => file.digest(),
    }
}

fn read_source(file: FileId, source: &Source, wanted: &Wanted, keys: Option<&Keys>) -> Reading {
    if source.refused || source.left {
        let format = if source.left { "ignored" } else { "" }.to_owned();
        return Reading { format, ..Reading::default() };
    }
    let options = |bytes: Arc<dyn Bytes>| ReadOptions {
        forced_role: source.role,
        named: source.named,
        column_maps: wanted.column_maps.clone(),
        keys: keys.cloned(),
        bytes: keys.map(|_| bytes),
        threads: wanted.threads,
        part: 0,
    };
    // Besides the digest; large files count what they read themselves.
    let mut uncounted = PASSES.saturating_sub(1);
    let bytes = match &source.content {
        Content::Memory(bytes) => Arc::clone(bytes),
        Content::Large(large) => {
            uncounted = uncounted.saturating_sub(1);
            let mut head = vec![0; HEAD];
            let count = large.read_at(0, &mut head);
            head.truncate(count);
            let options = options(Arc::clone(large) as Arc<dyn Bytes>);
            let brief = readers::read_in_brief(file, &head, || large.check(), &options);
            if let Some(reading) = brief {
                return reading;
            }
            source.content.bytes()
        }
    };
    // Bookings of large files are read again from the disk.
    let again: Arc<dyn Bytes> = match &source.content {
        Content::Large(large) => Arc::clone(large) as Arc<dyn Bytes>,
        Content::Memory(_) => Arc::clone(&bytes) as Arc<dyn Bytes>,
    };
    let options = options(again);
    let reading = readers::read(file, &source.shown, &bytes, &options);
    wanted.progress.read(source.content.length().saturating_mul(uncounted));
    reading
}

/// First column maps for tables that are not known, with their paths.
///
/// # Errors
///
/// A path that does not exist, or a file that cannot be opened.
pub fn suggestions(wanted: &Wanted) -> Result<Vec<(String, String)>, Failure> {
    let sources = sources(wanted)?;
    let suggest = |source: &Source| {
        let bytes = source.content.bytes();
        Some((source.shown.clone(), readers::tables::suggest::suggest(&bytes)?))
    };
    let suggested = sources.iter().filter_map(suggest).collect();
    unchanged(&sources, wanted)?;
    Ok(suggested)
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
            let (path, line) = one.record.shown(problem.place.line);
            let place = Place { line, ..problem.place };
            let problem = Problem { place, ..problem.clone() };
            complaints.push(sentence(&path, &problem, wanted.language));
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
