//! Outputs that are whole or not there: written beside, synced, renamed, readable by the owner. That
//! replaces a link too, and nothing is written through it. Only a pipe or a device like `/dev/null` is
//! written into as it stands: a file in its place would end it, for the whole machine.

use std::collections::BTreeSet;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use tempfile::NamedTempFile;
use tempfile::TempPath;

use crate::cli::interrupt::Unfinished;
use crate::cli::naming;
use crate::cli::naming::a_folder;
use crate::cli::naming::folder::folder_of;
use crate::cli::naming::folder::sync_folder;
use crate::cli::naming::is_folder;

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
    written: Vec<(TempPath, PathBuf)>,
    /// Files that go when those get their names.
    gone: Vec<PathBuf>,
    unfinished: Unfinished,
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
        if is_stream(path)? {
            return write_into(path, write);
        }
        let temporary = temporary(&mut self.unfinished, folder_of(path))?;
        let mut buffered = BufWriter::with_capacity(1 << 16, temporary);
        write(&mut buffered)?;
        let temporary = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
        // A report is on the disk before it has its name.
        temporary.as_file().sync_all()?;
        self.written.push((temporary.into_temp_path(), path.to_owned()));
        Ok(())
    }

    /// Whether one of them gets this name.
    pub fn has(&self, path: &Path) -> bool {
        self.written.iter().any(|(_, own)| is_same(own, path))
    }

    /// Where one of them stands until it gets its name; `None` for a device or a pipe.
    pub fn made(&self, path: &Path) -> Option<&Path> {
        let own = self.written.iter().find(|(_, own)| own == path);
        own.map(|(temporary, _)| &**temporary)
    }

    /// Takes files away when those that are written get their names.
    pub fn take_away(&mut self, gone: Vec<PathBuf>) {
        self.gone.extend(gone);
    }

    /// Gives all of them their names, in the order in which they were written. If one cannot get its
    /// name, all names lead to what they led to before. What a killed process leaves undone in a folder
    /// the next one finishes.
    ///
    /// # Errors
    ///
    /// The first that could not get its name, and why.
    pub fn keep(self) -> Result<(), (PathBuf, io::Error)> {
        let Self { written, gone, unfinished } = self;
        let folders: BTreeSet<PathBuf> =
            written.iter().map(|(_, path)| folder_of(path).to_owned()).collect();
        unfinished.keep(|| naming::name_all(written, &gone))?;
        for folder in &folders {
            sync_folder(folder);
        }
        Ok(())
    }
}

/// A file beside others, with mode 0600.
fn temporary(unfinished: &mut Unfinished, folder: &Path) -> io::Result<NamedTempFile> {
    unfinished.make(|| {
        let temporary = naming::folder::temporary(folder)?;
        Ok((temporary.path().to_owned(), temporary))
    })
}

/// Whether a file of this name can be written: asked before the work, which may take minutes.
///
/// # Errors
///
/// What stands in the way.
pub fn check_file(path: &Path) -> io::Result<()> {
    if is_stream(path)? {
        return Ok(());
    }
    if is_folder(path) {
        return Err(a_folder());
    }
    check_folder(folder_of(path))
}

/// Whether files can be made in this folder.
///
/// # Errors
///
/// What stands in the way.
pub fn check_folder(folder: &Path) -> io::Result<()> {
    temporary(&mut Unfinished::default(), folder).map(drop)
}

/// Whether files could be made in this folder, once it is made with those above it.
///
/// # Errors
///
/// What stands in the way.
pub fn check_new_folder(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        return check_folder(folder);
    }
    let above =
        folder.ancestors().skip(1).find(|above| above.as_os_str().is_empty() || above.exists());
    let above = above.filter(|above| !above.as_os_str().is_empty());
    check_folder(above.unwrap_or_else(|| Path::new(".")))
}

/// Whether a path leads to something that is written into and has no end of its own: a pipe, a device of
/// characters, or one of a process's own outputs such as `/dev/stdout`, whatever it is.
///
/// # Errors
///
/// Where neither a file can be made nor anything be written into, such as a disk.
pub fn is_stream(path: &Path) -> io::Result<bool> {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    let is_own = |folder: PathBuf| folder == Path::new("/dev") || folder.starts_with("/proc");
    let is_plain = |path: &Path| match std::fs::metadata(path) {
        Ok(there) => there.is_file() || there.is_dir(),
        Err(_) => true,
    };
    if !(cfg!(unix) && folder.is_some_and(is_own)) && is_plain(path) {
        return Ok(false);
    }
    refuse_disks(path).map(|()| true)
}

#[cfg(unix)]
fn refuse_disks(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::FileTypeExt;
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_block_device() || kind.is_socket() || kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "neither a file nor a pipe"));
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there may be disks")]
const fn refuse_disks(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes into a pipe or a device.
fn write_into(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    // Never to the beginning of a log that standard output is added to. With `create` the system
    // looks whether a pipe in a folder of everybody's is somebody else's.
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    into_stream(options.open(path)?, write)
}

/// Writes into something that others read at the same time, through one buffer. A reader that has gone is
/// no failure: it has seen enough.
///
/// # Errors
///
/// What the output or `write` gives.
pub(super) fn into_stream(
    out: impl Write + Send,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffered = BufWriter::with_capacity(1 << 16, out);
    match write(&mut buffered).and_then(|()| buffered.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            // What is left in the buffer is for nobody.
            drop(buffered.into_parts());
            Ok(())
        }
        written => written,
    }
}

/// Whether two paths name the same file in the same folder, however they are written.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let folder = |path: &Path| {
        let folder = folder_of(path);
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

    #[test]
    fn what_cannot_be_written_is_known_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        check_file(&path("new")).unwrap();
        check_new_folder(&path("a/b/c")).unwrap();
        check_file(folder.path()).unwrap_err();
        check_file(&path("no/such/folder")).unwrap_err();
        whole_file(&path("file"), |_| Ok(())).unwrap();
        check_new_folder(&path("file")).unwrap_err();
        check_new_folder(&path("file/a")).unwrap_err();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test reads what was written")]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, link) = (folder.path().join("kept"), folder.path().join("link"));
        whole_file(&kept, |out| out.write_all(b"old")).unwrap();
        for target in [&kept, &folder.path().join("gone")] {
            std::os::unix::fs::symlink(target, &link).unwrap();
            whole_file(&link, |out| out.write_all(b"new")).unwrap();
            assert!(!link.is_symlink());
            assert_eq!(std::fs::read_to_string(&link).unwrap(), "new");
            std::fs::remove_file(&link).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), "old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_own_outputs_are_written_into() {
        for path in ["/dev/null", "/dev/stdout"] {
            assert!(is_stream(Path::new(path)).unwrap(), "{path}");
        }
        whole_file(Path::new("/dev/null"), |out| out.write_all(b"x")).unwrap();
        assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_stream(folder.path()).unwrap());
        assert!(!is_stream(&folder.path().join("new")).unwrap());
        // Nothing is made where only the system makes anything.
        is_stream(Path::new("/dev/no-such-device")).unwrap_err();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        is_stream(&socket).unwrap_err();
    }
}
