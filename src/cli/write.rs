//! Outputs that are whole or not there: written beside, synced, renamed, readable by the owner.

use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

/// Files up to this size are synced (bytes).
const SYNCED: u64 = 64 << 20;

/// Writes a file by way of a temporary one in the same folder; mode 0600.
///
/// # Errors
///
/// What the file system gives; an existing file is then untouched.
pub fn whole_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    prepared(path, write)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A file that is whole but does not have its name yet; it vanishes if it never gets one.
///
/// # Errors
///
/// What the file system gives.
pub(super) fn prepared(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    // The file is made with mode 0600.
    let temporary = NamedTempFile::new_in(folder)?;
    let mut buffered = BufWriter::with_capacity(1 << 16, temporary);
    write(&mut buffered)?;
    let temporary = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
    // A report is on the disk before it has its name. Large ones are not waited for: 500 MB take
    // longer to reach the disk than to make again, should the power fail in that second.
    if temporary.as_file().metadata()?.len() <= SYNCED {
        temporary.as_file().sync_all()?;
    }
    Ok(temporary)
}
