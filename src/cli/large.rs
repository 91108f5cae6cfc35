//! Files that are too large to keep in memory: read piece by piece, and single lines again later.

use std::borrow::Cow;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use sha2::Digest;
use sha2::Sha256;

use crate::cli::hex::hex;
use crate::cli::progress::Progress;
use crate::model::brief::Bytes;
use crate::model::text::harmless;
use crate::readers::check::Check;
use crate::readers::check::Checker;

/// Files of this size and more are not read into memory (bytes).
pub(super) const LARGE: u64 = 32 << 20;

/// What is read at a time for the digest (bytes).
const PIECE: usize = 1 << 18;

/// What is read at a time for a line (bytes); longer lines take several turns.
const LINE: usize = 512;

/// A file that stays where it is.
#[derive(Debug)]
#[expect(clippy::disallowed_types, reason = "this is one of the places that read inputs")]
pub(super) struct LargeFile {
    path: PathBuf,
    file: std::fs::File,
    length: u64,
    modified: Option<SystemTime>,
    unreadable: AtomicBool,
    progress: Progress,
}

impl LargeFile {
    /// Opens a file.
    #[expect(clippy::disallowed_types, reason = "this is one of the places that read inputs")]
    pub(super) fn open(path: &Path, progress: Progress) -> std::io::Result<Self> {
        let file = std::fs::File::open(path)?;
        let about = file.metadata()?;
        Ok(Self {
            path: path.to_owned(),
            file,
            length: about.len(),
            modified: about.modified().ok(),
            unreadable: AtomicBool::new(false),
            progress,
        })
    }

    /// Its SHA-256.
    pub(super) fn digest(&self) -> String {
        let mut digest = Sha256::new();
        self.each_piece(|piece| digest.update(piece));
        hex(&digest.finalize())
    }

    /// What its text is made of.
    pub(super) fn check(&self) -> Check {
        let mut checker = Checker::default();
        self.each_piece(|piece| checker.add(piece));
        checker.finish()
    }

    fn each_piece(&self, mut work: impl FnMut(&[u8])) {
        let mut piece = vec![0; PIECE];
        let mut offset = 0_u64;
        loop {
            let count = self.read_at(offset, &mut piece);
            let read = piece.get(..count).unwrap_or_default();
            if read.is_empty() {
                return;
            }
            work(read);
            offset = offset.saturating_add(u64::try_from(count).unwrap_or(0));
        }
    }

    /// All of it, for a reader that needs it at once.
    pub(super) fn load(&self) -> Vec<u8> {
        let mut bytes = vec![0; usize::try_from(self.length).unwrap_or(0)];
        let count = self.read_at(0, &mut bytes);
        if count < bytes.len() {
            self.unreadable.store(true, Ordering::Relaxed);
        }
        bytes.truncate(count);
        bytes
    }

    #[cfg(unix)]
    fn read_some(&self, offset: u64, into: &mut [u8]) -> std::io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, into, offset)
    }

    #[cfg(windows)]
    fn read_some(&self, offset: u64, into: &mut [u8]) -> std::io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.file, into, offset)
    }
}

impl Bytes for LargeFile {
    fn whole(&self) -> Option<&[u8]> {
        None
    }

    fn length(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> usize {
        let mut done = 0_usize;
        while let Some(rest) = into.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let from = offset.saturating_add(u64::try_from(done).unwrap_or(0));
            match self.read_some(from, rest) {
                Ok(0) => break,
                Ok(count) => {
                    done = done.saturating_add(count);
                    self.progress.read(u64::try_from(count).unwrap_or(0));
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.unreadable.store(true, Ordering::Relaxed);
                    break;
                }
            }
        }
        done
    }

    fn line(&self, offset: u64) -> Cow<'_, [u8]> {
        let mut bytes = Vec::new();
        loop {
            let before = bytes.len();
            bytes.resize(before.saturating_add(LINE), 0);
            let from = offset.saturating_add(u64::try_from(before).unwrap_or(0));
            let count = bytes.get_mut(before..).map_or(0, |rest| self.read_at(from, rest));
            bytes.truncate(before.saturating_add(count));
            let read = bytes.get(before..).unwrap_or_default();
            if let Some(end) = memchr::memchr(b'\n', read) {
                bytes.truncate(before.saturating_add(end));
                return Cow::Owned(bytes);
            }
            if count < LINE {
                return Cow::Owned(bytes);
            }
        }
    }

    fn trouble(&self) -> Option<String> {
        let about = self.file.metadata().ok();
        let changed = about.is_none_or(|about| {
            about.len() != self.length || about.modified().ok() != self.modified
        });
        let path = harmless(&self.path.to_string_lossy());
        (changed || self.unreadable.load(Ordering::Relaxed)).then_some(path)
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test writes files")]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_shrinks_or_grows_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        for after in ["a;b\nc;d", "a;b\nc;d\ne;f\ng;h\n"] {
            std::fs::write(&path, "a;b\nc;d\ne;f\n").unwrap();
            let file = LargeFile::open(&path, Progress::default()).unwrap();
            assert_eq!(file.load().len(), 12);
            assert_eq!(file.trouble(), None);
            std::fs::write(&path, after).unwrap();
            assert_eq!(file.trouble().as_deref(), Some(&*path.to_string_lossy()));
        }
        // A medium that gives less than there was.
        let file = LargeFile::open(&path, Progress::default()).unwrap();
        std::fs::write(&path, "a").unwrap();
        file.load();
        assert!(file.unreadable.load(Ordering::Relaxed));
    }
}
