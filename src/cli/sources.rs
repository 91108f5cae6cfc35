//! The files that a person named: folders walked, archives expanded, large files left where they
//! are.

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::error::Failure;
use crate::cli::large::LARGE;
use crate::cli::large::LargeFile;
use crate::cli::progress::Progress;
use crate::model::brief::Bytes;
use crate::model::language::Language;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Role;
use crate::model::text::harmless;
use crate::model::together;
use crate::readers::container;
use crate::readers::options::ColumnMap;

/// How much of a large file is looked at to know it (bytes).
pub(super) const HEAD: usize = 1 << 16;

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
    /// Nobody will see the files' digests: they are told only of files that might be the same.
    pub without_digests: bool,
    /// Where it is counted what is read.
    pub progress: Progress,
}

/// One file, or a member of an archive.
pub(super) struct Source {
    /// Its path, with `/`.
    pub(super) shown: String,
    pub(super) content: Content,
    /// Named on the command line.
    pub(super) named: bool,
    /// The role the command line forces.
    pub(super) role: Option<Role>,
    pub(super) problems: Vec<Problem>,
    pub(super) refused: bool,
}

/// The bytes of a source.
pub(super) enum Content {
    Memory(Arc<Vec<u8>>),
    Large(Arc<LargeFile>),
}

impl Content {
    /// All bytes.
    pub(super) fn bytes(&self) -> Arc<Vec<u8>> {
        match self {
            Self::Memory(bytes) => Arc::clone(bytes),
            Self::Large(file) => Arc::new(file.load()),
        }
    }

    /// Its size in bytes.
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::Large(file) => file.length(),
        }
    }
}

/// A problem as it is printed: place, what, what to do.
pub(super) fn sentence(path: &str, problem: &Problem, language: Language) -> String {
    let path = harmless(path);
    let place = match (problem.place.line, problem.place.column) {
        (0, _) => path,
        (line, 0) => format!("{path}:{line}"),
        (line, column) => format!("{path}:{line}:{column}"),
    };
    let (message, hint) = (problem.message(language), problem.hint(language));
    format!("{place}: {message}\n  {} {hint}", language.pick("→", "→"))
}

/// All files, in the order they were named.
pub(super) fn sources(wanted: &Wanted) -> Result<Vec<Source>, Failure> {
    let mut files = Vec::new();
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
        add_file(path, (true, Some(*role)), &mut known, &mut files, wanted)?;
    }
    for path in &wanted.paths {
        check_exists(path, wanted.language)?;
        if path.is_dir() {
            walk(path, &mut known, &mut files, wanted, 0)?;
        } else {
            add_file(path, (true, None), &mut known, &mut files, wanted)?;
        }
    }
    // Most of it is memory that is touched for the first time, which threads do side by side.
    let mut sources = Vec::with_capacity(files.len());
    for read in together::map(&files, wanted.threads, |file| read(file, wanted)) {
        sources.extend(read?);
    }
    Ok(sources)
}

/// A file that belongs to the run.
#[derive(Clone, Debug)]
struct Found {
    path: PathBuf,
    /// The person named it, not a folder that holds it.
    named: bool,
    role: Option<Role>,
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
    files: &mut Vec<Found>,
    wanted: &Wanted,
    depth: u8,
) -> Result<(), Failure> {
    if depth > 16 {
        return Ok(());
    }
    let entries =
        std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error, wanted.language))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if name.is_some_and(|name| name.starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            let real = std::fs::canonicalize(&path)
                .map_err(|error| unreadable(&path, &error, wanted.language))?;
            if known.insert(real) {
                walk(&path, known, files, wanted, depth.saturating_add(1))?;
            }
        } else {
            add_file(&path, (false, None), known, files, wanted)?;
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error, language: Language) -> Failure {
    let problem =
        Problem::new(ProblemCode::FileUnreadable, Place::default()).value(error.to_string());
    Failure::Data(vec![sentence(&path.to_string_lossy(), &problem, language)])
}

/// A file that stays where it is, if it is large and no archive.
fn large(path: &Path, progress: &Progress) -> std::io::Result<Option<LargeFile>> {
    if std::fs::metadata(path)?.len() < LARGE {
        return Ok(None);
    }
    let file = LargeFile::open(path, progress.clone())?;
    let mut head = vec![0; HEAD];
    let count = file.read_at(0, &mut head);
    head.truncate(count);
    // The end of an archive is needed to know it, so its first bytes decide.
    let archive = head.starts_with(b"PK") || head.starts_with(&[0x1f, 0x8b]);
    Ok((!archive && container::expand(FileId(0), &head).is_none()).then_some(file))
}

/// Adds a file, if it is not there already by another name.
fn add_file(
    path: &Path,
    (named, role): (bool, Option<Role>),
    known: &mut BTreeSet<PathBuf>,
    files: &mut Vec<Found>,
    wanted: &Wanted,
) -> Result<(), Failure> {
    let real =
        std::fs::canonicalize(path).map_err(|error| unreadable(path, &error, wanted.language))?;
    if known.insert(real) {
        files.push(Found { path: path.to_owned(), named, role });
    }
    Ok(())
}

/// Reads one file; archives give their members.
fn read(file: &Found, wanted: &Wanted) -> Result<Vec<Source>, Failure> {
    let unreadable = |error: std::io::Error| unreadable(&file.path, &error, wanted.language);
    let shown = file.path.to_string_lossy().replace('\\', "/");
    let source = |shown: String, content: Content, named: bool| Source {
        shown,
        content,
        named,
        role: file.role,
        problems: Vec::new(),
        refused: false,
    };
    if let Some(large) = large(&file.path, &wanted.progress).map_err(unreadable)? {
        return Ok(vec![source(shown, Content::Large(Arc::new(large)), file.named)]);
    }
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads inputs")]
    let bytes = std::fs::read(&file.path).map_err(unreadable)?;
    let memory = |bytes: Vec<u8>| Content::Memory(Arc::new(bytes));
    let Some(expanded) = container::expand(FileId(0), &bytes) else {
        return Ok(vec![source(shown, memory(bytes), file.named)]);
    };
    let mut sources = Vec::new();
    if expanded.refused || expanded.members.is_empty() || !expanded.problems.is_empty() {
        // The archive itself is told of: what is missing in it is missing in the run.
        sources.push(Source {
            role: Some(Role::Ignored),
            problems: expanded.problems,
            refused: true,
            ..source(shown.clone(), memory(bytes), file.named)
        });
    }
    for member in expanded.members {
        let inside = !member.path.is_empty();
        let shown = if inside { format!("{shown}/{}", member.path) } else { shown.clone() };
        sources.push(source(shown, memory(member.bytes), file.named && !inside));
    }
    Ok(sources)
}
