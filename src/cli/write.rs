//! Outputs that are whole or not there: written beside, synced, renamed, readable by the owner.
//! A device or a pipe is written into as it stands: a file in its place would end it, `/dev/null`
//! for the whole machine. A link stays, and what it points to is renewed.

use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use tempfile::NamedTempFile;
use tempfile::TempPath;

use crate::cli::interrupt::Unfinished;

/// Files up to this size are synced (bytes).
const SYNCED: u64 = 64 << 20;

/// Writes a file by way of a temporary one in the same folder; mode 0600.
///
/// # Errors
///
/// What the file system gives; an existing file is then untouched.
pub fn whole_file(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let mut files = WholeFiles::default();
    files.add(path, write)?;
    files.keep().map_err(|(_, error)| error)
}

/// Files that get their names together, when the last of them is written.
#[derive(Debug, Default)]
pub struct WholeFiles {
    // Closed files: there may be more of them than a process may have open.
    written: Vec<Written>,
    unfinished: Unfinished,
}

/// A file that is written but has not its name yet.
#[derive(Debug)]
struct Written {
    temporary: TempPath,
    /// The name as the user gave it.
    asked: PathBuf,
    /// Where links lead from there.
    target: PathBuf,
}

impl WholeFiles {
    /// Makes the folder for them, if it is not there.
    ///
    /// # Errors
    ///
    /// What the file system gives.
    pub fn folder(&mut self, path: &Path) -> io::Result<()> {
        self.unfinished.folder(path)
    }

    /// Writes one, under another name for the time being; into a device or a pipe at once.
    ///
    /// # Errors
    ///
    /// What the file system or `write` gives.
    pub fn add(
        &mut self,
        path: &Path,
        write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> io::Result<()> {
        if std::fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
            let stream = std::fs::OpenOptions::new().write(true).open(path)?;
            let mut buffered = BufWriter::with_capacity(1 << 16, stream);
            write(&mut buffered)?;
            return buffered.flush();
        }
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        // The file is made with mode 0600.
        let temporary = self.unfinished.make(|| {
            let temporary = NamedTempFile::new_in(folder)?;
            Ok((temporary.path().to_owned(), temporary))
        })?;
        let mut buffered = BufWriter::with_capacity(1 << 16, temporary);
        write(&mut buffered)?;
        let temporary = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
        // A report is on the disk before it has its name. Large ones are not waited for: 500 MB
        // take longer to reach the disk than to make again, should the power fail in that second.
        if temporary.as_file().metadata()?.len() <= SYNCED {
            temporary.as_file().sync_all()?;
        }
        self.written.push(Written {
            temporary: temporary.into_temp_path(),
            asked: path.to_owned(),
            target,
        });
        Ok(())
    }

    /// Whether one of them gets this name.
    pub fn has(&self, path: &Path) -> bool {
        self.written.iter().any(|own| is_same(&own.asked, path))
    }

    /// Where one of them stands until it gets its name; `None` for a device or a pipe.
    pub fn made(&self, path: &Path) -> Option<&Path> {
        let own = self.written.iter().find(|own| own.asked == path);
        own.map(|own| &*own.temporary)
    }

    /// Gives all of them their names, in the order in which they were written.
    ///
    /// # Errors
    ///
    /// The first that could not get its name, and why.
    pub fn keep(self) -> Result<(), (PathBuf, io::Error)> {
        let Self { written, unfinished } = self;
        unfinished.keep(|| {
            for Written { temporary, asked, target } in written {
                temporary.persist(&target).map_err(|error| (asked, error.error))?;
            }
            Ok(())
        })
    }
}

/// Whether two paths name the same file in the same folder, however they are written.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let folder = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        folder.canonicalize().or_else(|_| std::path::absolute(folder)).ok()
    };
    one == other || (one.file_name() == other.file_name() && folder(one) == folder(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_appear_together_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("new");
        let (one, two) = (inner.join("one"), inner.join("two"));
        let mut files = WholeFiles::default();
        files.folder(&inner).unwrap();
        files.add(&one, |out| out.write_all(b"1")).unwrap();
        assert!(!one.exists());
        files.add(&two, |_| Err(io::Error::other("no report"))).unwrap_err();
        drop(files);
        assert!(!inner.exists(), "a failed run leaves nothing");

        let mut files = WholeFiles::default();
        files.folder(&inner).unwrap();
        for path in [&one, &two] {
            files.add(path, |out| out.write_all(b"1")).unwrap();
        }
        files.keep().unwrap();
        assert!(one.exists() && two.exists());
        assert_eq!(std::fs::read_dir(&inner).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test reads what was written")]
    fn a_link_stays_and_its_target_is_renewed() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, link) = (folder.path().join("kept"), folder.path().join("link"));
        whole_file(&kept, |out| out.write_all(b"old")).unwrap();
        std::os::unix::fs::symlink(&kept, &link).unwrap();
        whole_file(&link, |out| out.write_all(b"new")).unwrap();
        assert!(link.is_symlink());
        assert!(!kept.is_symlink());
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), "new");
    }
}
