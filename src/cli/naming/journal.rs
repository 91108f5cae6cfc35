//! What files of a folder are about to get their names: written before the first of several does, so
//! that the next run can finish what a killed one had begun.

use std::collections::BTreeMap;
use std::io;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::naming::folder::ASIDE;
use crate::cli::naming::folder::NEW;
use crate::cli::naming::folder::folder_of;
use crate::cli::naming::folder::sync_folder;
use crate::cli::naming::folder::temporary;

/// What files of a folder are to get their names.
pub(super) const JOURNAL: &str = ".gutschrift-set";

/// The last line of a journal: without it none of its files has got its name.
pub(super) const END: &str = "end";

/// No journal is longer (bytes): a hundred thousand files.
const LONGEST: u64 = 16 << 20;

/// A journal that is at work; nobody else finishes it as long as it is open.
pub(super) struct Journal {
    path: PathBuf,
    #[expect(clippy::disallowed_types, reason = "journals are written and read here only")]
    _locked: std::fs::File,
}

/// A name, and what a journal says of it; all of it lies in one folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'a> {
    pub(super) path: &'a Path,
    /// What gets the name; `None` if nothing has it any more.
    pub(super) new: Option<&'a Path>,
    /// Where that stays which had the name before.
    pub(super) aside: &'a Path,
}

/// Journals for all folders in which several names change.
pub(super) fn journals<'a>(
    changes: impl IntoIterator<Item = Change<'a>>,
) -> Result<Vec<Journal>, (PathBuf, io::Error)> {
    let mut folders: BTreeMap<&Path, Vec<Change<'_>>> = BTreeMap::new();
    for change in changes {
        folders.entry(folder_of(change.path)).or_default().push(change);
    }
    let mut journals = Vec::new();
    for (folder, changes) in folders.into_iter().filter(|(_, changes)| changes.len() > 1) {
        let lines: Option<Vec<String>> = changes.into_iter().map(line).collect();
        // A name that no text can hold is nothing that a journal could say.
        let Some(lines) = lines else { continue };
        match begin(folder, &(lines.concat() + END + "\n")) {
            Ok(journal) => journals.push(journal),
            Err(error) => {
                end_all(journals);
                return Err((folder.join(JOURNAL), error));
            }
        }
    }
    Ok(journals)
}

/// A change in the words of a journal: names only.
fn line(change: Change<'_>) -> Option<String> {
    let name = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        (!name.contains(char::is_control)).then(|| name.to_owned())
    };
    let new = match change.new {
        Some(new) => name(new)?,
        None => String::new(),
    };
    Some(format!("{new}\t{}\t{}\n", name(change.aside)?, name(change.path)?))
}

/// Writes a journal and makes sure that it is on the disk, with the files that it names.
fn begin(folder: &Path, text: &str) -> io::Result<Journal> {
    let path = folder.join(JOURNAL);
    loop {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = match options.open(&path) {
            // Somebody else's: waited for, or finished.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                finish(folder)?;
                continue;
            }
            opened => opened?,
        };
        lock(&file)?;
        if !has_name(&file, &path) {
            // Somebody found it empty, before it was locked.
            continue;
        }
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).inspect_err(|_| {
            let _gone = std::fs::remove_file(&path);
        })?;
        sync_folder(folder);
        return Ok(Journal { path, _locked: file });
    }
}

/// All that the journals say is done, or taken back.
pub(super) fn end_all(journals: Vec<Journal>) {
    for journal in journals {
        sync_folder(folder_of(&journal.path));
        let _gone = std::fs::remove_file(&journal.path);
        sync_folder(folder_of(&journal.path));
    }
}

/// Waits until nobody else has the file; where nothing can be locked, nobody is waited for.
#[expect(clippy::disallowed_types, reason = "journals are written and read here only")]
fn lock(file: &std::fs::File) -> io::Result<()> {
    match file.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

/// Whether an open file still has this name.
#[cfg(unix)]
#[expect(clippy::disallowed_types, reason = "journals are written and read here only")]
fn has_name(file: &std::fs::File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let number = |there: std::fs::Metadata| (there.dev(), there.ino());
    let named = std::fs::symlink_metadata(path).ok().map(number);
    named.is_some() && named == file.metadata().ok().map(number)
}

#[cfg(not(unix))]
#[expect(clippy::disallowed_types, reason = "journals are written and read here only")]
fn has_name(file: &std::fs::File, path: &Path) -> bool {
    let made = |there: std::fs::Metadata| there.created().ok();
    let named = std::fs::symlink_metadata(path).ok().and_then(made);
    named.is_some() && named == file.metadata().ok().and_then(made)
}

/// Finishes what a run in this folder had begun when it was killed; `true` if there was something.
///
/// # Errors
///
/// What the file system gives, and a journal of somebody else's.
pub(in crate::cli) fn finish(folder: &Path) -> io::Result<bool> {
    let path = folder.join(JOURNAL);
    match std::fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        there => {
            let there = there?;
            if !there.is_file() || !is_own(&there, folder)? {
                let text = format!("{JOURNAL} is somebody else's; please remove it");
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
            }
        }
    }
    let mut file = match std::fs::OpenOptions::new().read(true).write(true).open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    lock(&file)?;
    if !has_name(&file, &path) {
        // Whoever was at work with it is done; the next may have begun.
        return Ok(false);
    }
    let mut text = String::new();
    (&mut file).take(LONGEST).read_to_string(&mut text)?;
    let entries: Vec<Entry<'_>> = text.lines().filter_map(Entry::read).collect();
    let is_whole = text.lines().last() == Some(END);
    for entry in &entries {
        if is_whole {
            entry.finish(folder)?;
        } else if let Some(new) = entry.new {
            let _gone = std::fs::remove_file(folder.join(new));
        }
    }
    sync_folder(folder);
    std::fs::remove_file(&path)?;
    for entry in &entries {
        let _gone = std::fs::remove_file(folder.join(entry.aside));
    }
    sync_folder(folder);
    Ok(true)
}

/// Whether a file belongs to whoever owns what this process writes here.
#[cfg(unix)]
pub(in crate::cli) fn is_own(there: &std::fs::Metadata, folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(temporary(folder)?.as_file().metadata()?.uid() == there.uid())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere owners can be asked for")]
pub(in crate::cli) const fn is_own(_: &std::fs::Metadata, _: &Path) -> io::Result<bool> {
    Ok(true)
}

/// A line of a journal.
pub(super) struct Entry<'a> {
    new: Option<&'a str>,
    aside: &'a str,
    name: &'a str,
}

impl<'a> Entry<'a> {
    /// Names of files in the journal's own folder, and nothing else.
    pub(super) fn read(line: &'a str) -> Option<Self> {
        let mut fields = line.split('\t');
        let (new, aside, name) = (fields.next()?, fields.next()?, fields.next()?);
        let is_name = |name: &str| {
            !name.contains(['/', '\\', ':']) && !name.is_empty() && !matches!(name, "." | "..")
        };
        let fits = fields.next().is_none()
            && (new.is_empty() || new.starts_with(NEW) && is_name(new))
            && (aside.starts_with(ASIDE) && is_name(aside))
            && is_name(name);
        fits.then_some(Self { new: Some(new).filter(|new| !new.is_empty()), aside, name })
    }

    /// What the journal says of it, unless it is done.
    fn finish(&self, folder: &Path) -> io::Result<()> {
        let name = folder.join(self.name);
        let (from, to) = match self.new {
            Some(new) => (folder.join(new), name),
            None if folder.join(self.aside).exists() => return Ok(()),
            None => (name, folder.join(self.aside)),
        };
        match std::fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            renamed => renamed,
        }
    }
}
