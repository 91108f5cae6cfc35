//! A store on the disk: a folder of small files. Results never change once they have their name, journals
//! only grow, each has one writer; so nothing needs to be locked, and two machines may work at once over a
//! network drive. Nothing in it names the folder, which may be moved and renamed.

mod journals;
mod keep;

use std::collections::BTreeMap;
use std::io;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use chrono::NaiveDate;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde::Serialize;

use crate::cli::error::Failure;
use crate::cli::results;
use crate::cli::write::whole_file;
use crate::model::hex::hex;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::store::row::Kept;

pub(super) use journals::Journals;
pub(super) use journals::said;
pub(super) use keep::DIGITS;
pub(super) use keep::UNFINISHED;

/// What `store.json` says first.
pub(super) const FORMAT: &str = "gutschrift.store/1";

/// The ending of a kept result.
pub(super) const ENDING: &str = ".json.gz";

/// So much of a result is unpacked at a time to find its totals (bytes).
const HEAD: u64 = 1 << 16;

const README: &str = "\
Dies ist eine Ablage von `gutschrift`: aufbewahrte Ergebnisse und Entscheidungen.
Sie enthaelt Namen, Aktenzeichen und Betraege: behandeln wie die Zahlungslisten. Der Ordner darf umbenannt,
verschoben und kopiert werden; einzelne Dateien bitte nicht aendern.

This is a store of `gutschrift`: kept results and decisions. It holds names, case numbers and amounts: treat it
like the payment lists. The folder may be renamed, moved and copied; please change no single file.

store.json   format and number of this store
runs/        one compressed result a run (gutschrift.verify/1), never changed
decisions/   one journal a machine and user, only grows; each line is chained to the one before by SHA-256
";

/// The contents of `store.json`.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct About {
    pub(super) format: String,
    pub(super) id: String,
}

/// A store.
#[derive(Clone, Debug)]
pub(super) struct Store {
    pub(super) path: PathBuf,
    pub(super) id: String,
    pub(super) language: Language,
}

/// The beginning of a kept result.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Head {
    pub(super) run: HeadRun,
    pub(super) totals: HeadTotals,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct HeadRun {
    pub(super) due: Option<NaiveDate>,
    pub(super) tool: Option<String>,
    #[serde(default)]
    pub(super) files: Vec<HeadFile>,
}

/// A file of a kept result.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct HeadFile {
    pub(super) path: String,
    pub(super) sha256: String,
    pub(super) role: String,
    #[serde(default)]
    pub(super) orders: Vec<HeadOrder>,
}

/// An order of a kept result; older results do not name them.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct HeadOrder {
    pub(super) message_id: Option<String>,
    pub(super) content: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct HeadTotals {
    pub(super) payments: HeadTally,
    pub(super) credited: HeadTally,
    pub(super) delayed: HeadTally,
    #[serde(rename = "follow-up")]
    pub(super) follow_up: HeadTally,
    pub(super) open: HeadTally,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct HeadTally {
    pub(super) count: u64,
    pub(super) amount: String,
}

impl Head {
    /// SHA-256 of the files by their paths.
    pub(super) fn digests(self) -> BTreeMap<String, String> {
        self.run.files.into_iter().map(|file| (file.path, file.sha256)).collect()
    }
}

impl Store {
    /// A store that is there.
    ///
    /// # Errors
    ///
    /// What is none, or is a later version's.
    pub(super) fn open(path: &Path, language: Language) -> Result<Self, Failure> {
        let shown = harmless(&path.to_string_lossy());
        match about(path) {
            Ok(Some(about)) if about.format == FORMAT => {
                Ok(Self { path: path.to_owned(), id: about.id, language })
            }
            Ok(Some(_)) => Err(Failure::Usage(match language {
                Language::De => {
                    format!("{shown}: diese Ablage hat eine neuere Version von gutschrift angelegt")
                }
                Language::En => format!("{shown}: a later version of gutschrift made this store"),
            })),
            // Without its number it is still a store: the number only names journals.
            Ok(None) if path.join("runs").is_dir() => {
                Ok(Self { path: path.to_owned(), id: String::new(), language })
            }
            Ok(None) => Err(Failure::Usage(match language {
                Language::De => format!("{shown} ist keine Ablage (`verify --store` legt eine an)"),
                Language::En => format!("{shown} is no store (`verify --store` makes one)"),
            })),
            Err(error) => Err(results::unreadable(path, &error)),
        }
    }

    /// A store that is made if it is not there; files of others in its place are none of ours.
    ///
    /// # Errors
    ///
    /// What cannot be made.
    pub(super) fn open_or_make(path: &Path, language: Language) -> Result<Self, Failure> {
        let failed =
            |error: io::Error| Failure::of_output(&path.to_string_lossy(), &error, language);
        std::fs::create_dir_all(path.join("runs")).map_err(failed)?;
        std::fs::create_dir_all(path.join("decisions")).map_err(failed)?;
        if about(path).map_err(failed)?.is_none() {
            let mut id = [0; 16];
            getrandom::fill(&mut id).map_err(|_| failed(io::Error::other("no random numbers")))?;
            let about = About { format: FORMAT.to_owned(), id: hex(&id) };
            keep::new_file(&path.join("store.json"), |out| {
                serde_json::to_writer(&mut *out, &about)?;
                writeln!(out)
            })
            .map_err(failed)?;
        }
        if !path.join("README.txt").exists() {
            whole_file(&path.join("README.txt"), |out| out.write_all(README.as_bytes()))
                .map_err(failed)?;
        }
        Self::open(path, language)
    }

    /// The names of the kept results, the oldest first.
    ///
    /// # Errors
    ///
    /// A folder that cannot be read.
    pub(super) fn runs(&self) -> Result<Vec<String>, Failure> {
        let folder = self.path.join("runs");
        let entries =
            std::fs::read_dir(&folder).map_err(|error| results::unreadable(&folder, &error))?;
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(ENDING).map(str::to_owned))
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        Ok(names)
    }

    /// Where a kept result lies.
    pub(super) fn run_path(&self, name: &str) -> PathBuf {
        self.path.join("runs").join(format!("{name}{ENDING}"))
    }

    /// A kept result as it was written.
    ///
    /// # Errors
    ///
    /// One that cannot be read or unpacked.
    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, Failure> {
        let path = self.run_path(name);
        #[expect(clippy::disallowed_methods, reason = "kept results are read here")]
        let packed = std::fs::read(&path).map_err(|error| results::unreadable(&path, &error))?;
        results::unpacked(&packed).map_err(|_| self.damaged(name))
    }

    /// A kept result.
    ///
    /// # Errors
    ///
    /// One that is damaged.
    pub(super) fn kept(&self, name: &str) -> Result<Kept, Failure> {
        results::parsed(&self.payments(name)?, &self.run_path(name), self.language)
    }

    /// A kept result without its bank entries, which are half of it and which nobody looks up.
    ///
    /// # Errors
    ///
    /// One that cannot be read or unpacked: all of it is, so that damage anywhere is found.
    pub(super) fn payments(&self, name: &str) -> Result<Vec<u8>, Failure> {
        Ok(without_entries(self.bytes(name)?))
    }

    /// What a kept result says before its payments.
    ///
    /// # Errors
    ///
    /// One that is damaged.
    pub(super) fn head(&self, name: &str) -> Result<Head, Failure> {
        let path = self.run_path(name);
        #[expect(clippy::disallowed_types, reason = "kept results are read here")]
        let file =
            std::fs::File::open(&path).map_err(|error| results::unreadable(&path, &error))?;
        let mut unpacked = MultiGzDecoder::new(io::BufReader::new(file));
        let mut text = Vec::new();
        loop {
            let before = text.len();
            let read = unpacked.by_ref().take(HEAD).read_to_end(&mut text);
            let from = before.saturating_sub(PAYMENTS.len());
            let found = text.get(from..).and_then(|new| memchr::memmem::find(new, PAYMENTS));
            if let Some(at) = found {
                text.truncate(from.saturating_add(at));
                text.push(b'}');
                return serde_json::from_slice(&text).map_err(|_| self.damaged(name));
            }
            if read.is_err() || text.len() == before {
                return Err(self.damaged(name));
            }
        }
    }

    /// The run that a text names, by its whole name or a beginning that is nobody else's.
    ///
    /// # Errors
    ///
    /// A folder that cannot be read.
    pub(super) fn named(&self, text: &str) -> Result<Option<String>, Failure> {
        let runs = self.runs()?;
        let text = text.strip_suffix(ENDING).unwrap_or(text);
        let mut fitting = runs.iter().filter(|name| name.starts_with(text));
        Ok(match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only.clone()),
            _ => runs.iter().find(|name| *name == text).cloned(),
        })
    }

    pub(super) fn damaged(&self, name: &str) -> Failure {
        let shown = harmless(&self.run_path(name).to_string_lossy());
        Failure::Data(vec![match self.language {
            Language::De => {
                format!("{shown} ist beschädigt; `gutschrift store check` sagt, was noch ganz ist")
            }
            Language::En => {
                format!("{shown} is damaged; `gutschrift store check` says what is still whole")
            }
        }])
    }
}

/// Where the payments of a kept result begin; in a text the quotation mark would be escaped.
const PAYMENTS: &[u8] = b",\"payments\":[";

/// Where its bank entries begin.
const ENTRIES: &[u8] = b"],\"bank_entries\":[";

/// Ends a result behind its payments.
fn without_entries(mut text: Vec<u8>) -> Vec<u8> {
    if let Some(at) = memchr::memmem::find(&text, ENTRIES) {
        text.truncate(at);
        text.extend_from_slice(b"]}");
    }
    text
}

/// Reads `store.json`.
pub(super) fn about(path: &Path) -> io::Result<Option<About>> {
    #[expect(clippy::disallowed_methods, reason = "stores are read here")]
    let bytes = match std::fs::read(path.join("store.json")) {
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(None);
        }
        bytes => bytes?,
    };
    serde_json::from_slice(&bytes).map(Some).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_end_behind_their_payments() {
        for (text, short) in [
            (
                r#"{"run":{},"payments":[{"case_id":"],\"bank_entries\":["}],"bank_entries":[{}],"problems":[]}"#,
                r#"{"run":{},"payments":[{"case_id":"],\"bank_entries\":["}]}"#,
            ),
            (r#"{"payments":[]}"#, r#"{"payments":[]}"#),
            ("", ""),
        ] {
            assert_eq!(without_entries(text.as_bytes().to_vec()), short.as_bytes());
        }
    }
}
