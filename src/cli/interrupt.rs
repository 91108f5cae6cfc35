//! Ctrl-C and its relatives: what is not finished is removed, the progress bar is cleared, and the
//! process ends with 130.
//!
//! Whatever is being made is listed here under one lock from the moment it exists, and it gets its
//! final name under the same lock. The signal's thread takes the lock and never gives it back, so
//! an interrupted run leaves either everything or nothing.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::cli::progress;

/// Exit code of an interrupted run, as shells have it for Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Paths that an interruption removes.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one output consists of while it is made. Dropped, it removes what it made.
#[derive(Debug, Default)]
pub struct Unfinished(BTreeSet<PathBuf>);

impl Unfinished {
    /// Makes something in the file system; `make` gives it with its path.
    ///
    /// # Errors
    ///
    /// What `make` gives.
    pub fn make<T>(&mut self, make: impl FnOnce() -> io::Result<(PathBuf, T)>) -> io::Result<T> {
        let mut all = unfinished();
        let (path, made) = make()?;
        all.insert(path.clone());
        self.0.insert(path);
        Ok(made)
    }

    /// Makes a folder and those above it that are missing.
    ///
    /// # Errors
    ///
    /// What the file system gives.
    pub fn folder(&mut self, path: &Path) -> io::Result<()> {
        let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
        let missing: Vec<&Path> = path.ancestors().take_while(missing).collect();
        for path in missing.into_iter().rev() {
            self.make(|| match std::fs::create_dir(path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
                _ => Ok((path.to_owned(), ())),
            })?;
        }
        Ok(())
    }

    /// Finishes: if that succeeds, everything stays.
    ///
    /// # Errors
    ///
    /// What `finish` gives.
    pub fn keep<E>(mut self, finish: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        let mut all = unfinished();
        let finished = finish();
        if finished.is_ok() {
            all.retain(|path| !self.0.contains(path));
            self.0.clear();
        }
        // Else the drop, which takes the lock itself, removes what is left.
        drop(all);
        finished
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.0.is_empty() {
            return;
        }
        let mut all = unfinished();
        remove(&self.0);
        all.retain(|path| !self.0.contains(path));
    }
}

/// Removes files and empty folders, those inside others first. What cannot be removed has its name
/// already or somebody else's files in it.
fn remove(paths: &BTreeSet<PathBuf>) {
    for path in paths.iter().rev() {
        let _gone = std::fs::remove_file(path).or_else(|_| std::fs::remove_dir(path));
    }
}

/// Listens for signals that end the run; where that is not possible they end it as ever.
pub fn listen() {
    #[cfg(unix)]
    {
        use signal_hook::consts::SIGHUP;
        use signal_hook::consts::SIGINT;
        use signal_hook::consts::SIGTERM;
        // A hangup concerns a run that hangs on a terminal, not one that `nohup` has freed.
        let hangs = progress::at_terminal().then_some(SIGHUP);
        let signals = [SIGINT, SIGTERM].into_iter().chain(hangs);
        let Ok(mut signals) = signal_hook::iterator::Signals::new(signals) else { return };
        let _listener = std::thread::Builder::new().name("signals".into()).spawn(move || {
            if signals.forever().next().is_some() {
                stop();
            }
        });
    }
    #[cfg(windows)]
    let _listener = ctrlc::set_handler(|| stop());
}

fn stop() -> ! {
    let all = unfinished();
    remove(&all);
    let _bar = progress::take_down();
    // Both locks are held to the end: nothing gets its name and nothing is drawn any more.
    #[expect(clippy::exit, reason = "the main thread may be busy for minutes")]
    std::process::exit(INTERRUPTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "the test makes files")]
    fn file(path: &Path) -> io::Result<(PathBuf, ())> {
        std::fs::write(path, "x").map(|()| (path.to_owned(), ()))
    }

    #[test]
    fn what_is_not_kept_is_removed_with_its_folders() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        let mut unfinished = Unfinished::default();
        unfinished.folder(&inner).unwrap();
        unfinished.make(|| file(&inner.join("one"))).unwrap();
        unfinished.make(|| file(&folder.path().join("two"))).unwrap();
        assert!(inner.join("one").exists());
        drop(unfinished);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_kept_stays_and_a_failure_removes_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        let mut kept = Unfinished::default();
        kept.make(|| file(&one)).unwrap();
        kept.keep(|| Ok::<(), ()>(())).unwrap();
        let mut failed = Unfinished::default();
        failed.make(|| file(&two)).unwrap();
        failed.keep(|| Err::<(), &str>("full")).unwrap_err();
        assert!(one.exists() && !two.exists());
        let all = unfinished();
        assert!(!all.contains(&one) && !all.contains(&two));
    }

    #[test]
    fn folders_that_were_there_stay() {
        let folder = tempfile::tempdir().unwrap();
        let mut unfinished = Unfinished::default();
        unfinished.folder(folder.path()).unwrap();
        drop(unfinished);
        assert!(folder.path().exists());
    }
}
