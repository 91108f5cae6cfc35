//! The journals of a store: read all of them, write only one's own.

use std::collections::BTreeMap;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;

use sha2::Digest;
use sha2::Sha256;

use crate::cli::clock;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::results;
use crate::cli::store::Store;
use crate::model::hex::hex;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::store::decisions::Decisions;
use crate::store::journal::Event;
use crate::store::journal::FORMAT;
use crate::store::journal::Fault;
use crate::store::journal::Journal;
use crate::store::journal::START;
use crate::store::journal::What;

/// The ending of a journal's name.
const ENDING: &str = ".jsonl";

/// All journals of a store.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Journals {
    pub(in crate::cli) by_file: BTreeMap<String, Journal>,
    pub(in crate::cli) view: Decisions,
}

/// The name of this machine's and user's journal in a store: a digest, no name.
pub(in crate::cli) fn writer(id: &str) -> String {
    let environment = |names: &[&str]| {
        names.iter().find_map(|name| {
            #[expect(clippy::disallowed_methods, reason = "who writes has a journal of its own")]
            std::env::var(name).ok().filter(|value| !value.is_empty())
        })
    };
    #[expect(clippy::disallowed_methods, reason = "the name of the machine")]
    let of_system = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let machine = environment(&["COMPUTERNAME", "HOSTNAME"]).or(of_system).unwrap_or_default();
    let user = environment(&["USERNAME", "USER", "LOGNAME"]).unwrap_or_default();
    let text = format!("gutschrift journal\n{id}\n{}\n{user}", machine.trim());
    hex(&Sha256::digest(text.as_bytes())).chars().take(16).collect()
}

impl Store {
    /// Reads all journals; what is wrong with a line is said, all others count.
    ///
    /// # Errors
    ///
    /// A folder or file that cannot be read.
    pub(in crate::cli) fn journals(&self) -> Result<Journals, Failure> {
        let journals = self.read_journals()?;
        for (file, journal) in &journals.by_file {
            for (line, fault) in &journal.faults {
                if !matches!(fault, Fault::AtOnce) {
                    console::say(&said(file, *line, *fault, self.language));
                }
            }
        }
        Ok(journals)
    }

    /// The same without a word.
    ///
    /// # Errors
    ///
    /// A folder or file that cannot be read.
    pub(in crate::cli) fn read_journals(&self) -> Result<Journals, Failure> {
        let folder = self.path.join("decisions");
        let mut by_file = BTreeMap::new();
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            entries => Some(entries.map_err(|error| results::unreadable(&folder, &error))?),
        };
        for entry in entries.into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.ends_with(ENDING) || name.starts_with('.') {
                continue;
            }
            #[expect(clippy::disallowed_methods, reason = "journals are read here only")]
            let bytes = std::fs::read(entry.path())
                .map_err(|error| results::unreadable(&entry.path(), &error))?;
            by_file.insert(name, Journal::read(&bytes));
        }
        let view = Decisions::merged(by_file.values());
        Ok(Journals { by_file, view })
    }

    /// Writes a line into one's own journal.
    ///
    /// # Errors
    ///
    /// What cannot be written; half a line is taken back, or named as that by whoever reads it.
    pub(in crate::cli) fn note(&self, by: Option<String>, what: What) -> Result<(), Failure> {
        let name = format!("{}{ENDING}", writer(&self.id));
        let path = self.path.join("decisions").join(&name);
        let written = self.append(&name, &path, by, what);
        written.map_err(|error| Failure::of_output(&path.to_string_lossy(), &error, self.language))
    }

    fn append(
        &self,
        name: &str,
        path: &std::path::Path,
        by: Option<String>,
        what: What,
    ) -> io::Result<()> {
        std::fs::create_dir_all(self.path.join("decisions"))?;
        let mut options = std::fs::OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        // Two programs of one user on one machine; where nothing can be locked both lines count all the same.
        match file.lock() {
            Err(error) if error.kind() != io::ErrorKind::Unsupported => {
                return Err(error);
            }
            _ => {}
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut bytes)?;
        let own = Journal::read(&bytes);
        let journals =
            self.read_journals().map_err(|failure| io::Error::other(failure.to_string()))?;
        let others = journals.by_file.iter().filter(|(file, _)| *file != name);
        let event = Event {
            format: FORMAT.to_owned(),
            before: own.last.clone().unwrap_or_else(|| START.to_owned()),
            number: journals.view.next_number(),
            seen: others
                .filter_map(|(_, journal)| Some(journal.events.last()?.hash.clone()))
                .collect(),
            at: clock::now(),
            by,
            what,
        };
        let line = event.line().map_err(io::Error::other)?;
        let line = if own.is_ended { line } else { format!("\n{line}") };
        if let Err(error) = file.write_all(line.as_bytes()).and_then(|()| file.sync_all()) {
            let _cut = file.set_len(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            return Err(error);
        }
        Ok(())
    }
}

/// What is wrong with a line.
pub(in crate::cli) fn said(file: &str, line: usize, fault: Fault, language: Language) -> String {
    let what = match fault {
        Fault::Incomplete => language.pick(
            "die Zeile ist unvollständig und zählt nicht; alle anderen gelten",
            "the line is incomplete and counts for nothing; all others hold",
        ),
        Fault::AtOnce => language.pick(
            "die Zeile wurde zur selben Zeit wie eine vor ihr geschrieben; beide gelten",
            "the line was written at the same time as one before it; both hold",
        ),
        Fault::Changed => language.pick(
            "die Zeile wurde geändert und zählt nicht",
            "the line was changed and counts for nothing",
        ),
        Fault::Missing => language.pick(
            "vor dieser Zeile fehlt eine; sie selbst gilt",
            "a line before this one is missing; itself it holds",
        ),
        Fault::Newer => language.pick(
            "die Zeile hat eine neuere Version von gutschrift geschrieben; sie zählt hier nicht",
            "a later version of gutschrift wrote the line; it counts for nothing here",
        ),
    };
    format!("decisions/{}:{line}: {what}", harmless(file))
}
