//! What the parts of a folder are: which a run wrote by which criterion, so that the next one can take away
//! those that it does not have, and nothing that somebody else made or changed.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::io;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use crate::cli::naming::journal::is_own;

/// The file in the folder that says so.
pub(super) const RECORD: &str = ".gutschrift-parts";

/// No record is longer (bytes).
const LONGEST: u64 = 16 << 20;

/// What the parts of a run have in common: those of other criteria or formats may stand beside them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind<'a> {
    /// What it was split by.
    pub(super) by: &'a str,
    /// The ending of the names.
    pub(super) ending: &'a str,
}

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    by: String,
    ending: String,
    /// Its length (bytes) and time of change (nanoseconds since 1970).
    state: String,
    name: String,
}

impl Part {
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.splitn(4, '\t').map(str::to_owned);
        let (by, ending) = (fields.next()?, fields.next()?);
        let (state, name) = (fields.next()?, fields.next()?);
        // A part of this folder, and nothing else.
        let is_name = !name.contains(['/', '\\', ':'])
            && Path::new(&name).extension().is_some_and(|own| own == ending.as_str());
        is_name.then_some(Self { by, ending, state, name })
    }

    fn is_of(&self, kind: Kind<'_>) -> bool {
        self.by == kind.by && self.ending == kind.ending
    }
}

/// The parts that runs have written into a folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Record(Vec<Part>);

impl Record {
    /// What is known of a folder; nothing if nobody wrote it down, or somebody else.
    pub(super) fn of(folder: &Path) -> Self {
        let path = folder.join(RECORD);
        let is_ours = std::fs::symlink_metadata(&path)
            .is_ok_and(|there| there.is_file() && is_own(&there, folder).unwrap_or(false));
        let mut text = String::new();
        let opened = std::fs::OpenOptions::new().read(true).open(path);
        let read = opened.and_then(|file| file.take(LONGEST).read_to_string(&mut text));
        if !is_ours || read.is_err() {
            return Self::default();
        }
        Self(text.lines().filter_map(Part::read).collect())
    }

    /// Parts of this kind that are as they were written and that are not among `names`.
    pub(super) fn vanished(
        &self,
        kind: Kind<'_>,
        folder: &Path,
        names: &BTreeSet<String>,
    ) -> Vec<PathBuf> {
        let is_left = |part: &&Part| part.is_of(kind) && !names.contains(&part.name);
        let paths = self.0.iter().filter(is_left).map(|part| (part, folder.join(&part.name)));
        let is_same = |(part, path): &(&Part, PathBuf)| {
            std::fs::symlink_metadata(path).is_ok_and(|there| state(&there) == part.state)
        };
        paths.filter(is_same).map(|(_, path)| path).collect()
    }

    /// Puts the parts of a new run in the place of those of the same kind.
    pub(super) fn replace(&mut self, kind: Kind<'_>, written: &[(String, Metadata)]) {
        self.0
            .retain(|part| !part.is_of(kind) && written.iter().all(|(name, _)| *name != part.name));
        self.0.extend(written.iter().map(|(name, there)| Part {
            by: kind.by.to_owned(),
            ending: kind.ending.to_owned(),
            state: state(there),
            name: name.clone(),
        }));
    }

    /// Writes it down.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for Part { by, ending, state, name } in &self.0 {
            writeln!(out, "{by}\t{ending}\t{state}\t{name}")?;
        }
        Ok(())
    }
}

fn state(there: &Metadata) -> String {
    let since = there.modified().ok().and_then(|when| when.duration_since(UNIX_EPOCH).ok());
    format!("{} {}", there.len(), since.map_or(0, |since| since.as_nanos()))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests write files")]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_run_wrote_and_nobody_changed_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let kind = Kind { by: "office", ending: "csv" };
        let other = Kind { by: "benefit", ending: "csv" };
        let names = ["Nord.csv", "Süd.csv", "West.csv"];
        let mut record = Record::default();
        let written = |names: &[&str]| -> Vec<(String, Metadata)> {
            let there = |name: &&str| ((*name).to_owned(), std::fs::metadata(path(name)).unwrap());
            names.iter().map(there).collect()
        };
        for name in ["Nord.csv", "Süd.csv", "West.csv", "care-home.csv", "own.csv"] {
            std::fs::write(path(name), name).unwrap();
        }
        record.replace(other, &written(&["care-home.csv"]));
        record.replace(kind, &written(&names));
        let mut text = Vec::new();
        record.write(&mut text).unwrap();
        text.extend(b"office\tcsv\t1 1\t../secret.csv\nrubbish\noffice\tcsv\t1 1\t.ssh\n");
        std::fs::write(path(RECORD), text).unwrap();
        let record = Record::of(folder.path());
        std::fs::write(path("West.csv"), "somebody's notes").unwrap();
        let kept = BTreeSet::from(["Nord.csv".to_owned()]);
        assert_eq!(record.vanished(kind, folder.path(), &kept), [path("Süd.csv")]);
        assert_eq!(record.vanished(other, folder.path(), &kept), [path("care-home.csv")]);
        assert_eq!(record.0.len(), 4);
        assert!(Record::of(&path("none")).0.is_empty());
    }
}
