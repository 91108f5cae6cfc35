//! The index beside a saved result: written with it, opened with it. It holds personal data like
//! the result, so it is written the same way.

use std::ffi::OsString;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use crate::cli::console;
use crate::cli::write::WholeFiles;
use crate::cli::write::is_stream;
use crate::cli::write::whole_file;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::reports::lookup::index::Builder;
use crate::reports::lookup::index::Index;
use crate::reports::lookup::index::Source;
use crate::reports::lookup::index::Unfit;

/// Results shorter than this are read whole in ten milliseconds and get no index, so that an
/// ordinary month leaves one file and not two.
const WORTH_AN_INDEX: u64 = 4 << 20;

/// A file of which pieces are read.
#[derive(Debug)]
#[expect(clippy::disallowed_types, reason = "results and their indexes are read here")]
pub(super) struct FileSource {
    file: std::fs::File,
    length: u64,
    changed: Option<u64>,
}

impl FileSource {
    /// Opens a file.
    #[expect(clippy::disallowed_types, reason = "results and their indexes are read here")]
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = std::fs::File::open(path)?;
        let about = file.metadata()?;
        let since = about.modified().ok().and_then(|when| when.duration_since(UNIX_EPOCH).ok());
        let changed = since.and_then(|since| u64::try_from(since.as_nanos()).ok());
        Ok(Self { length: about.len(), changed, file })
    }
}

impl Source for FileSource {
    fn length(&self) -> u64 {
        self.length
    }

    fn changed(&self) -> Option<u64> {
        self.changed
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(buffer)
    }
}

/// The index of the result at `path`.
pub(super) fn path_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".index");
    PathBuf::from(name)
}

/// Passes the bytes of a result on, and shows them to the index.
struct Watched<'a> {
    out: &'a mut (dyn Write + Send),
    builder: &'a mut Builder,
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes)?;
        self.builder.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a result beside what `files` has already, and its index if it is long or had one before;
/// all of them get their names.
///
/// # Errors
///
/// What the file system gives for the result and the other files, and for which; an index that
/// cannot be written is only said.
pub(super) fn save(
    mut files: WholeFiles,
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    language: Language,
) -> Result<(), (PathBuf, io::Error)> {
    if is_stream(path).map_err(|error| (path.to_owned(), error))? {
        files.add(path, write).map_err(|error| (path.to_owned(), error))?;
        return files.keep();
    }
    let mut builder = Builder::default();
    let written = files.add(path, |out| {
        let watched = Watched { out, builder: &mut builder };
        // Some values are written letter by letter.
        let mut buffered = io::BufWriter::with_capacity(1 << 16, watched);
        write(&mut buffered)?;
        buffered.flush()
    });
    written.map_err(|error| (path.to_owned(), error))?;
    let index = path_of(path);
    let wanted = builder.length() >= WORTH_AN_INDEX || index.exists();
    let result = files.made(path).filter(|_| wanted).map(FileSource::open).transpose();
    let mut beside = WholeFiles::default();
    let made = result.and_then(|result| match result {
        Some(result) => beside.add(&index, |out| write_index(builder, &result, out)),
        None => Ok(()),
    });
    // The result gets its name first, whatever becomes of the index: an older one does not fit it, and
    // is found out.
    files.keep()?;
    if let Err(error) = made.and_then(|()| beside.keep().map_err(|(_, error)| error)) {
        console::say(&format!("{}: {error}", harmless(&index.to_string_lossy())));
        console::say(language.pick(
            "Das Ergebnis ist geschrieben; nur Auskünfte daraus dauern länger.",
            "The result is written; only looking something up in it takes longer.",
        ));
    }
    Ok(())
}

/// Removes the index of an earlier result: it would tell of persons whom the new one leaves out.
///
/// # Errors
///
/// What the file system gives, and for which file.
pub(super) fn remove(path: &Path) -> Result<(), (PathBuf, io::Error)> {
    let index = path_of(path);
    match std::fs::remove_file(&index) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err((index, error)),
        _ => Ok(()),
    }
}

/// Makes the index of a result that is there already, and whose bytes are these.
///
/// # Errors
///
/// What the file system gives.
pub(super) fn make(path: &Path, result: &FileSource, bytes: &[u8]) -> io::Result<()> {
    let mut builder = Builder::default();
    builder.push(bytes);
    whole_file(&path_of(path), |out| write_index(builder, result, out))
}

fn write_index(builder: Builder, result: &FileSource, out: &mut dyn Write) -> io::Result<()> {
    if builder.write(result, out)? {
        Ok(())
    } else {
        Err(io::Error::other("too large for an index, or changed meanwhile"))
    }
}

/// The index of a result; `None` if there is none.
///
/// # Errors
///
/// An index that is of no use.
pub(super) fn open(path: &Path) -> Result<Option<Index>, Unfit> {
    let Ok(index) = FileSource::open(&path_of(path)) else { return Ok(None) };
    let result = FileSource::open(path).map_err(|_| Unfit::Unreadable)?;
    Index::open(Box::new(result), Box::new(index)).map(Some)
}
