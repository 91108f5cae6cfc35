//! The files that a person named: folders walked, archives expanded, large files left where they
//! are.

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use sha2::Digest;
use sha2::Sha256;

use crate::cli::error::Failure;
use crate::cli::hex::hex;
use crate::cli::large::LARGE;
use crate::cli::large::LargeFile;
use crate::cli::progress::Progress;
use crate::cli::walk::Thing;
use crate::cli::walk::walk;
use crate::cli::whole;
use crate::model::brief::Bytes;
use crate::model::language::Language;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::FileRecord;
use crate::model::reading::Role;
use crate::model::text::harmless;
use crate::model::together;
use crate::readers::container;
use crate::readers::options::ColumnMap;
use crate::verdict::Refusal;

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
    /// Not even opened: a pipe in a folder.
    pub(super) left: bool,
    /// SHA-256 of the file as it was given, where that is not the content: of a gzip file.
    pub(super) given: Option<String>,
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

/// What a run that was refused says to the person.
pub(super) fn refused(refusal: Refusal, files: &[FileRecord], language: Language) -> Failure {
    match refusal {
        Refusal::Usage(german, english) => {
            Failure::Usage(language.pick(german, english).to_owned())
        }
        Refusal::Data(problem) => {
            let number = usize::try_from(problem.place.file.0).unwrap_or(usize::MAX);
            let path = files.get(number).map_or("", |file| file.path.as_str());
            Failure::Data(vec![sentence(path, &problem, language)])
        }
    }
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
        add_named(path, Some(*role), &mut known, &mut files, wanted)?;
    }
    for path in &wanted.paths {
        check_exists(path, wanted.language)?;
        if path.is_dir() {
            let mut inside = Vec::new();
            walk(path, &mut known, |path, thing| inside.push((path, thing)))
                .map_err(|(path, error)| unreadable(&path, &error, wanted.language))?;
            for (path, thing) in inside {
                add(&path, thing, (false, None), &mut known, &mut files, wanted)?;
            }
        } else {
            add_named(path, None, &mut known, &mut files, wanted)?;
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
    thing: Thing,
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

fn unreadable(path: &Path, error: &std::io::Error, language: Language) -> Failure {
    let problem =
        Problem::new(ProblemCode::FileUnreadable, Place::default()).value(error.to_string());
    Failure::Data(vec![sentence(&path.to_string_lossy(), &problem, language)])
}

/// A file that was written to meanwhile.
pub(super) fn changed(path: &str, language: Language) -> String {
    match language {
        Language::De => format!(
            "{path} wurde währenddessen geändert oder ist nicht mehr lesbar; bitte noch einmal starten"
        ),
        Language::En => {
            format!("{path} was changed meanwhile or cannot be read any more; please start again")
        }
    }
}

/// Large files are read piece by piece, by several readers and once more for a report; none of them can
/// tell a bad sector, or what another program does to the file, from the file's end.
///
/// # Errors
///
/// The first of them that did not stay as it was.
pub(super) fn unchanged(read: &[Arc<dyn Bytes>], language: Language) -> Result<(), Failure> {
    match read.iter().find_map(|bytes| bytes.trouble()) {
        Some(path) => Err(Failure::Data(vec![changed(&path, language)])),
        None => Ok(()),
    }
}

fn of_whole(path: &Path, failure: whole::Failure, language: Language) -> Failure {
    let shown = path.to_string_lossy();
    match failure {
        whole::Failure::Io(error) => unreadable(path, &error, language),
        whole::Failure::Changed => Failure::Data(vec![changed(&harmless(&shown), language)]),
        whole::Failure::TooLarge(most) => {
            let problem = Problem::new(ProblemCode::FileTooLarge, Place::default())
                .value(format!("> {most} B"))
                .expected(format!("{most} B"));
            Failure::Data(vec![sentence(&shown, &problem, language)])
        }
    }
}

/// A pipe, socket or device: named and left in a folder, since to open it may wait for ever; nothing
/// that a person can have meant on the command line.
fn no_file(file: &Found, source: Source, language: Language) -> Result<Vec<Source>, Failure> {
    let what = file.thing.name();
    if file.named {
        let problem = Problem::new(ProblemCode::FileUnreadable, Place::default()).value(what);
        return Err(Failure::Data(vec![sentence(&source.shown, &problem, language)]));
    }
    let note = Problem::new(ProblemCode::FileIgnored, Place::default()).value(what);
    Ok(vec![Source { role: Some(Role::Ignored), problems: vec![note], left: true, ..source }])
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

/// Adds what a person named: a file, or a pipe.
fn add_named(
    path: &Path,
    role: Option<Role>,
    known: &mut BTreeSet<PathBuf>,
    files: &mut Vec<Found>,
    wanted: &Wanted,
) -> Result<(), Failure> {
    let thing = Thing::at(path).map_err(|error| unreadable(path, &error, wanted.language))?;
    add(path, thing, (true, role), known, files, wanted)
}

/// Adds a file, if it is not there already by another name.
fn add(
    path: &Path,
    thing: Thing,
    (named, role): (bool, Option<Role>),
    known: &mut BTreeSet<PathBuf>,
    files: &mut Vec<Found>,
    wanted: &Wanted,
) -> Result<(), Failure> {
    let real = match thing {
        Thing::File => std::fs::canonicalize(path)
            .map_err(|error| unreadable(path, &error, wanted.language))?,
        // Pipes without a name in any folder have no other path.
        _ => path.to_owned(),
    };
    if known.insert(real) {
        files.push(Found { path: path.to_owned(), thing, named, role });
    }
    Ok(())
}

/// Reads one file; archives give their members.
fn read(file: &Found, wanted: &Wanted) -> Result<Vec<Source>, Failure> {
    let unreadable = |error: std::io::Error| unreadable(&file.path, &error, wanted.language);
    let failed = |failure: whole::Failure| of_whole(&file.path, failure, wanted.language);
    let shown = file.path.to_string_lossy().replace('\\', "/");
    let source = |shown: String, content: Content, named: bool| Source {
        shown,
        content,
        named,
        role: file.role,
        problems: Vec::new(),
        refused: false,
        left: false,
        given: None,
    };
    let memory = |bytes: Vec<u8>| Content::Memory(Arc::new(bytes));
    let bytes = match file.thing {
        Thing::Pipe if file.named => whole::pipe(&file.path).map_err(failed)?,
        Thing::Pipe | Thing::Socket | Thing::Device | Thing::Folder => {
            return no_file(file, source(shown, memory(Vec::new()), file.named), wanted.language);
        }
        Thing::File => {
            if let Some(large) = large(&file.path, &wanted.progress).map_err(unreadable)? {
                return Ok(vec![source(shown, Content::Large(Arc::new(large)), file.named)]);
            }
            whole::file(&file.path).map_err(failed)?
        }
    };
    let Some(expanded) = container::expand(FileId(0), &bytes) else {
        return Ok(vec![source(shown, memory(bytes), file.named)]);
    };
    let alone = expanded.members.iter().any(|member| member.path.is_empty());
    let given = (alone && !wanted.without_digests).then(|| hex(&Sha256::digest(&bytes)));
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
        let member = source(shown, memory(member.bytes), file.named && !inside);
        sources.push(Source { given: given.clone().filter(|_| !inside), ..member });
    }
    Ok(sources)
}
