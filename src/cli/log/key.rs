//! The key of a look-up log, in a file of its own, with the end of the log as a witness: lines that are
//! cut off at the end are missed there.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::hex::hex;
use crate::cli::log::chain::Key;
use crate::cli::write::whole_file;

/// The first line of the file.
const TITLE: &str = "gutschrift log key 1";

/// A key and what it has seen.
#[derive(Clone, Debug)]
pub(super) struct KeyFile {
    path: PathBuf,
    pub(super) key: Key,
    /// Hashes of lines that must stand in the log: the last one, and those that were missed before.
    pub(super) witnesses: Vec<Vec<u8>>,
}

/// Where the key of a log is, if nobody says otherwise.
pub(super) fn beside(log: &Path) -> PathBuf {
    let mut name = log.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

impl KeyFile {
    /// The key in this file; `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// What the file system gives, and a file that is no key.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        #[expect(clippy::disallowed_methods, reason = "the log's key is read here only")]
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let mut lines = text.lines();
        let key = lines.next().filter(|title| *title == TITLE).and_then(|_| bytes(lines.next()?));
        let Some(key) = key else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not the key of a look-up log"));
        };
        let witnesses = lines.map(|line| line.as_bytes().to_vec()).collect();
        Ok(Some(Self { path: path.to_owned(), key, witnesses }))
    }

    /// A new key.
    ///
    /// # Errors
    ///
    /// Where the system has no random numbers, or the file cannot be written.
    pub(super) fn make(path: &Path) -> io::Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|_| io::Error::other("no random numbers"))?;
        let made = Self { path: path.to_owned(), key, witnesses: Vec::new() };
        made.save()?;
        Ok(made)
    }

    /// Takes note of the log's last line. `is_there` says whether the one before is still in the log.
    ///
    /// # Errors
    ///
    /// What the file system gives.
    pub(super) fn see(&mut self, last: Vec<u8>, is_there: bool) -> io::Result<()> {
        if is_there {
            self.witnesses.pop();
        }
        self.witnesses.push(last);
        self.save()
    }

    fn save(&self) -> io::Result<()> {
        whole_file(&self.path, |out| {
            writeln!(out, "{TITLE}\n{}", hex(&self.key))?;
            for witness in &self.witnesses {
                out.write_all(witness)?;
                writeln!(out)?;
            }
            Ok(())
        })
    }
}

fn bytes(text: &str) -> Option<Key> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, own) in key.iter_mut().enumerate() {
        let from = place.saturating_mul(2);
        *own = u8::from_str_radix(text.get(from..from.saturating_add(2))?, 16).ok()?;
    }
    Some(key)
}
