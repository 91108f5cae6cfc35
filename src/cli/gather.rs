//! Files and folders of a run, read and put together.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use sha2::Digest;
use sha2::Sha256;

use crate::cli::error::Failure;
use crate::model::brief::Keys;
use crate::model::inputs::Inputs;
use crate::model::language::Language;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::FileRecord;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::model::text::harmless;
use crate::model::together;
use crate::readers;
use crate::readers::ReadOptions;
use crate::readers::container;
use crate::readers::options::ColumnMap;

/// What the person named.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Files and folders, roles found from content.
    pub paths: Vec<PathBuf>,
    /// Files with a forced role.
    pub forced: Vec<(PathBuf, Role)>,
    /// Column maps of the configuration.
    pub column_maps: Vec<ColumnMap>,
    /// Language of messages.
    pub language: Language,
    /// How many threads may read.
    pub threads: usize,
}

/// One file as it was read.
#[derive(Debug)]
pub struct Gathered {
    /// How the report names it.
    pub record: FileRecord,
    /// What it gave.
    pub reading: Reading,
}

struct Source {
    shown: String,
    bytes: Arc<Vec<u8>>,
    named: bool,
    role: Option<Role>,
    problems: Vec<Problem>,
    refused: bool,
}

/// Reads all files, in the order of their paths; with keys, plain rows are kept in brief.
///
/// # Errors
///
/// A path that does not exist, or a file that cannot be opened.
pub fn read_all(wanted: &Wanted, keys: Option<&Keys>) -> Result<Vec<Gathered>, Failure> {
    let mut sources = sources(wanted)?;
    sources.sort_by(|left, right| left.shown.cmp(&right.shown));
    let repeats = repeats(&sources);
    let made = made_of(&sources, &repeats, wanted, keys);
    let mut gathered: Vec<Gathered> = Vec::with_capacity(sources.len());
    for (number, (source, (digest, mut reading))) in sources.into_iter().zip(made).enumerate() {
        let file = FileId(u32::try_from(number).unwrap_or(u32::MAX));
        let first = repeats.get(number).copied().flatten();
        let first = first.and_then(|first| gathered.get(first)).map(|other| &other.record);
        let repeats = first.map(|first| first.path.clone());
        let digest = first.map_or(digest, |first| first.sha256.clone());
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
fn repeats(sources: &[Source]) -> Vec<Option<usize>> {
    let mut by_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut found = Vec::with_capacity(sources.len());
    for (number, source) in sources.iter().enumerate() {
        let like = by_length.entry(source.bytes.len()).or_default();
        let same = |other: &usize| sources.get(*other).is_some_and(|o| o.bytes == source.bytes);
        let first = like.iter().copied().find(same);
        if first.is_none() {
            like.push(number);
        }
        found.push(first);
    }
    found
}

/// SHA-256 and reading of every source that repeats no other. Both take a while for large files, so
/// they are tasks of their own; the largest are begun first.
fn made_of(
    sources: &[Source],
    repeats: &[Option<usize>],
    wanted: &Wanted,
    keys: Option<&Keys>,
) -> Vec<(String, Reading)> {
    enum Made {
        Digest(usize, String),
        Reading(usize, Box<Reading>),
    }
    let own = |number: &usize| repeats.get(*number).is_none_or(Option::is_none);
    let mut tasks: Vec<(usize, bool)> = (0..sources.len())
        .filter(own)
        .flat_map(|number| [(number, true), (number, false)])
        .collect();
    tasks.sort_by_key(|(number, is_reading)| {
        let length = sources.get(*number).map_or(0, |source| source.bytes.len());
        // Reading takes about three times as long as the digest.
        std::cmp::Reverse(if *is_reading { length.saturating_mul(3) } else { length })
    });
    let made = together::map(&tasks, wanted.threads, |(number, is_reading)| {
        let Some(source) = sources.get(*number) else {
            return Made::Digest(*number, String::new());
        };
        if !is_reading {
            return Made::Digest(*number, hex(&Sha256::digest(source.bytes.as_slice())));
        }
        let file = FileId(u32::try_from(*number).unwrap_or(u32::MAX));
        let options = ReadOptions {
            forced_role: source.role,
            named: source.named,
            column_maps: wanted.column_maps.clone(),
            keys: keys.cloned(),
            bytes: keys.map(|_| Arc::clone(&source.bytes)),
        };
        let reading = if source.refused {
            Reading::default()
        } else {
            readers::read(file, &source.shown, &source.bytes, &options)
        };
        Made::Reading(*number, Box::new(reading))
    });
    let mut all: Vec<(String, Reading)> = Vec::with_capacity(sources.len());
    all.resize_with(sources.len(), Default::default);
    for one in made {
        match one {
            Made::Digest(number, digest) => {
                if let Some(slot) = all.get_mut(number) {
                    slot.0 = digest;
                }
            }
            Made::Reading(number, reading) => {
                if let Some(slot) = all.get_mut(number) {
                    slot.1 = *reading;
                }
            }
        }
    }
    all
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
            Some((source.shown, readers::tables::suggest::suggest(&source.bytes)?))
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

/// A problem as it is printed: place, what, what to do.
pub fn sentence(path: &str, problem: &Problem, language: Language) -> String {
    let path = harmless(path);
    let place = match (problem.place.line, problem.place.column) {
        (0, _) => path,
        (line, 0) => format!("{path}:{line}"),
        (line, column) => format!("{path}:{line}:{column}"),
    };
    let (message, hint) = (problem.message(language), problem.hint(language));
    format!("{place}: {message}\n  {} {hint}", language.pick("→", "→"))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    text
}

fn sources(wanted: &Wanted) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    let mut known: BTreeSet<PathBuf> = BTreeSet::new();
    for (path, role) in &wanted.forced {
        check_exists(path, wanted.language)?;
        if path.is_dir() {
            let shown = harmless(&path.to_string_lossy());
            return Err(Failure::Usage(match wanted.language {
                Language::De => format!(
                    "{shown} ist ein Ordner; --list, --order und --bank nehmen je eine Datei"
                ),
                Language::En => {
                    format!("{shown} is a folder; --list, --order and --bank take one file each")
                }
            }));
        }
        add_file(path, true, Some(*role), &mut known, &mut sources, wanted.language)?;
    }
    for path in &wanted.paths {
        check_exists(path, wanted.language)?;
        if path.is_dir() {
            walk(path, &mut known, &mut sources, wanted.language, 0)?;
        } else {
            add_file(path, true, None, &mut known, &mut sources, wanted.language)?;
        }
    }
    Ok(sources)
}

fn check_exists(path: &Path, language: Language) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    let shown = harmless(&path.to_string_lossy());
    Err(Failure::Usage(match language {
        Language::De => format!("{shown} gibt es nicht"),
        Language::En => format!("{shown} does not exist"),
    }))
}

/// Walks a folder; hidden files and folders are not part of it, links to folders are not followed
/// twice.
fn walk(
    folder: &Path,
    known: &mut BTreeSet<PathBuf>,
    sources: &mut Vec<Source>,
    language: Language,
    depth: u8,
) -> Result<(), Failure> {
    if depth > 16 {
        return Ok(());
    }
    let entries =
        std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error, language))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if name.is_some_and(|name| name.starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            let real = std::fs::canonicalize(&path)
                .map_err(|error| unreadable(&path, &error, language))?;
            if known.insert(real) {
                walk(&path, known, sources, language, depth.saturating_add(1))?;
            }
        } else {
            add_file(&path, false, None, known, sources, language)?;
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error, language: Language) -> Failure {
    let problem =
        Problem::new(ProblemCode::FileUnreadable, Place::default()).value(error.to_string());
    Failure::Data(vec![sentence(&path.to_string_lossy(), &problem, language)])
}

/// Reads one file; archives give their members.
fn add_file(
    path: &Path,
    named: bool,
    role: Option<Role>,
    known: &mut BTreeSet<PathBuf>,
    sources: &mut Vec<Source>,
    language: Language,
) -> Result<(), Failure> {
    let real = std::fs::canonicalize(path).map_err(|error| unreadable(path, &error, language))?;
    if !known.insert(real) {
        return Ok(());
    }
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads inputs")]
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error, language))?;
    let shown = path.to_string_lossy().replace('\\', "/");
    let Some(expanded) = container::expand(FileId(0), &bytes) else {
        sources.push(Source {
            shown,
            bytes: Arc::new(bytes),
            named,
            role,
            problems: Vec::new(),
            refused: false,
        });
        return Ok(());
    };
    if expanded.refused || expanded.members.is_empty() || !expanded.problems.is_empty() {
        // The archive itself is told of: what is missing in it is missing in the run.
        let refused =
            expanded.refused || expanded.members.is_empty() || !expanded.problems.is_empty();
        sources.push(Source {
            shown: shown.clone(),
            bytes: Arc::new(bytes),
            named,
            role: Some(Role::Ignored),
            problems: expanded.problems,
            refused,
        });
    }
    for member in expanded.members {
        let shown =
            if member.path.is_empty() { shown.clone() } else { format!("{shown}/{}", member.path) };
        let named = named && member.path.is_empty();
        let bytes = member.bytes;
        sources.push(Source {
            shown,
            bytes: Arc::new(bytes),
            named,
            role,
            problems: Vec::new(),
            refused: false,
        });
    }
    Ok(())
}
