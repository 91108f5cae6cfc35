//! Files beside others, under names for the time being.

use std::io;
use std::path::Path;

use tempfile::Builder;
use tempfile::NamedTempFile;

/// What a file is called until it gets its name.
pub(in crate::cli) const NEW: &str = ".gutschrift-new-";

/// What a file that is replaced is called until all have their names.
pub(in crate::cli) const ASIDE: &str = ".gutschrift-old-";

/// The folder that a path lies in.
pub(in crate::cli) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or_else(|| Path::new("."))
}

/// A new name outlives a power cut once its folder is on the disk. Not all file systems can be asked.
pub(in crate::cli) fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    {
        #[expect(clippy::disallowed_types, reason = "folders are synced here only")]
        let opened = std::fs::File::open(folder);
        let _synced = opened.and_then(|folder| folder.sync_all());
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// A file beside others, under a name for the time being, mode 0600.
pub(in crate::cli) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    Builder::new().prefix(NEW).tempfile_in(folder)
}
