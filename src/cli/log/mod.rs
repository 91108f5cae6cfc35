//! The look-up log: append-only, each line chained to the one before by a hash with a key; no names, no
//! account numbers, no amounts.

mod chain;
mod key;
mod told;

use std::io;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::log::chain::Checked;
use crate::cli::log::chain::Fault;
use crate::cli::log::chain::Line;
use crate::cli::log::chain::START;
use crate::cli::log::chain::chained;
use crate::cli::log::key::KeyFile;
pub use crate::cli::log::told::Answer;
pub use crate::cli::log::told::Answers;
pub use crate::cli::log::told::Told;
use crate::model::language::Language;
use crate::model::text::harmless;

/// So much of a log's end is looked at to find its last line (bytes).
const END: u64 = 1 << 16;

/// A log and its key.
#[derive(Clone, Debug)]
pub struct Log {
    path: PathBuf,
    key: PathBuf,
    language: Language,
}

/// A look-up, as it is noted.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// When.
    pub when: &'a str,
    /// What kind of query.
    pub kind: &'a str,
    /// How many persons were found.
    pub persons: usize,
    /// Which answers were given.
    pub reasons: &'a [String],
    /// The payments that were told of; the log names them by a keyed hash.
    pub told: &'a [Told],
}

impl Log {
    /// The log at `path`; its key is beside it, if no other place is named.
    pub fn new(path: &Path, key: Option<&Path>, language: Language) -> Self {
        let key = key.map_or_else(|| key::beside(path), Path::to_owned);
        Self { path: path.to_owned(), key, language }
    }

    /// Whether look-ups can be noted here; asked before the first one is answered.
    ///
    /// # Errors
    ///
    /// What is no file, such as a device, where nothing that is noted would stay.
    pub fn check(&self) -> Result<(), Failure> {
        for path in [&self.path, &self.key] {
            if std::fs::metadata(path).is_ok_and(|there| !there.is_file()) {
                let shown = harmless(&path.to_string_lossy());
                return Err(Failure::Usage(match self.language {
                    Language::De => {
                        format!("{shown} ist keine Datei; ein Protokoll darin bliebe nicht")
                    }
                    Language::En => format!("{shown} is no file; a log in it would not stay"),
                }));
            }
        }
        Ok(())
    }

    /// Notes a look-up.
    ///
    /// # Errors
    ///
    /// A log that cannot be read or written, or whose key is missing; nothing is noted then.
    pub fn append(&self, entry: &Entry<'_>) -> Result<(), Failure> {
        let written = self.append_entry(entry);
        written.map_err(|(path, error)| self.failed(&path, &error))
    }

    /// The answers that this log tells of.
    ///
    /// # Errors
    ///
    /// A log or key that cannot be read.
    pub fn answers(&self) -> Result<Answers, Failure> {
        let unreadable = |path: &Path, error: &io::Error| {
            Failure::Usage(format!("{}: {error}", harmless(&path.to_string_lossy())))
        };
        #[expect(clippy::disallowed_methods, reason = "the log is read and written here only")]
        let bytes = std::fs::read(&self.path).map_err(|error| unreadable(&self.path, &error))?;
        let key = KeyFile::read(&self.key).map_err(|error| unreadable(&self.key, &error))?;
        Ok(Answers::read(&bytes, key.map(|key| key.key)))
    }

    fn append_entry(&self, entry: &Entry<'_>) -> Result<(), (PathBuf, io::Error)> {
        let of_log = |error: io::Error| (self.path.clone(), error);
        let of_key = |error: io::Error| (self.key.clone(), error);
        let mut options = std::fs::OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path).map_err(of_log)?;
        // Whoever else notes something waits. Where nothing can be locked, lines that were written at the
        // same time are told by the check.
        match file.lock() {
            Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(of_log(error)),
            _ => {}
        }
        let length = file.seek(SeekFrom::End(0)).map_err(of_log)?;
        let mut end = read_end(&mut file, length, END).map_err(of_log)?;
        let known = KeyFile::read(&self.key).map_err(of_key)?;
        let mut last = last_line(&end, known.as_ref());
        if last.hash.is_none() && length > END {
            end = read_end(&mut file, length, length).map_err(of_log)?;
            last = last_line(&end, known.as_ref());
        }
        let mut key = match known {
            Some(key) => key,
            None if last.is_keyed => {
                let missing = self.language.pick(
                    "der Schlüssel dieses Protokolls fehlt; zurücklegen oder ein neues Protokoll beginnen",
                    "the key of this log is missing; put it back or begin a new log",
                );
                return Err(of_key(io::Error::new(io::ErrorKind::NotFound, missing)));
            }
            None => KeyFile::make(&self.key).map_err(of_key)?,
        };
        let before = last.hash.unwrap_or_else(|| START.to_vec());
        let Entry { when, kind, persons, reasons, told } = *entry;
        let told = told::field(told, &key.key);
        let entry = format!("{when}\t{kind}\t{persons}\t{}\t{told}", reasons.join(","));
        let entry = entry.as_bytes();
        let hash = chained(&before, entry, Some(&key.key));
        let mut line = Vec::new();
        // A line whose end was never written is ended, and stays as it is.
        if !end.is_empty() && !end.ends_with(b"\n") {
            line.push(b'\n');
        }
        line.extend([&hash, &b"\t"[..], entry, b"\n"].concat());
        if let Err(error) = file.write_all(&line).and_then(|()| file.sync_all()) {
            // No room: half a line is taken back.
            let _cut = file.set_len(length);
            return Err(of_log(error));
        }
        let is_there = match key.witnesses.last() {
            Some(own) if *own == before || holds(&end, own) => true,
            Some(own) if length > END => {
                holds(&read_end(&mut file, length, length).map_err(of_log)?, own)
            }
            _ => false,
        };
        key.see(hash, is_there).map_err(of_key)
    }

    /// Checks the log and says what is wrong with it; gives the exit code: 0 whole, 1 with lines whose end
    /// is missing, 3 with lines that were changed or taken out.
    ///
    /// # Errors
    ///
    /// A log or key that cannot be read.
    pub fn verify(&self, last: Option<&str>) -> Result<u8, Failure> {
        let unreadable = |path: &Path, error: &io::Error| {
            Failure::Usage(format!("{}: {error}", harmless(&path.to_string_lossy())))
        };
        #[expect(clippy::disallowed_methods, reason = "the log is read and written here only")]
        let bytes = std::fs::read(&self.path).map_err(|error| unreadable(&self.path, &error))?;
        let key = KeyFile::read(&self.key).map_err(|error| unreadable(&self.key, &error))?;
        let found = chain::check(&bytes, key.as_ref().map(|key| &key.key));
        let words = self.language;
        let shown = harmless(&self.path.to_string_lossy());
        let mut code = 0;
        if found.has_keyed && key.is_none() {
            let key = harmless(&self.key.to_string_lossy());
            return Err(Failure::Data(vec![match words {
                Language::De => {
                    format!("{key} fehlt; ohne den Schlüssel ist {shown} nicht zu prüfen")
                }
                Language::En => {
                    format!("{key} is missing; without the key {shown} cannot be checked")
                }
            }]));
        }
        for (number, fault) in &found.faults {
            console::say(&format!("{shown}:{number}: {}", said(*fault, words)));
            code = code.max(if *fault == Fault::Changed { 3 } else { 1 });
        }
        let mut witnesses: Vec<&[u8]> =
            key.iter().flat_map(|key| &key.witnesses).map(Vec::as_slice).collect();
        witnesses.extend(last.map(str::as_bytes));
        for witness in witnesses {
            if !found.hashes.iter().any(|hash| hash.starts_with(witness)) {
                let witness = short(witness);
                console::say(&match words {
                    Language::De => format!(
                        "{shown}: die Zeile {} fehlt; Zeilen wurden am Ende abgeschnitten oder ersetzt",
                        harmless(&witness)
                    ),
                    Language::En => format!(
                        "{shown}: the line {} is missing; lines were cut off at the end or replaced",
                        harmless(&witness)
                    ),
                });
                code = 3;
            }
        }
        self.print(&found, code)?;
        Ok(code)
    }

    fn print(&self, found: &Checked, code: u8) -> Result<(), Failure> {
        let words = self.language;
        let state = match code {
            0 => words.pick("die Kette ist ganz", "the chain is whole"),
            1 => words.pick(
                "die Kette ist ganz bis auf die genannten Zeilen",
                "the chain is whole but for the lines named",
            ),
            _ => words.pick("die Kette ist NICHT ganz", "the chain is NOT whole"),
        };
        let last = found.hashes.last().map(|hash| short(hash));
        console::print(|out| {
            writeln!(out, "{} {}, {state}", found.entries, words.pick("Einträge", "entries"))?;
            if let Some(last) = last {
                let name = words.pick("letzter Eintrag", "last entry");
                writeln!(out, "{name}: {last} (--last {last})")?;
            }
            if found.has_open {
                let note = words.pick(
                    "Zeilen ohne Schlüssel: ob jemand eine herausgenommen und alle folgenden neu berechnet hat, ist ihnen nicht anzusehen",
                    "lines without a key: whether somebody took one out and computed all that follow anew cannot be told from them",
                );
                writeln!(out, "{note}")?;
            }
            Ok(())
        })
    }

    fn failed(&self, path: &Path, error: &io::Error) -> Failure {
        Failure::of_output(&path.to_string_lossy(), error, self.language)
    }
}

/// So much of a hash as names a line.
fn short(hash: &[u8]) -> String {
    String::from_utf8_lossy(hash).chars().take(17).collect()
}

fn said(fault: Fault, words: Language) -> &'static str {
    match fault {
        Fault::Incomplete => words.pick(
            "die Zeile ist unvollständig: der Platz reichte nicht oder der Strom fiel aus, als sie geschrieben wurde",
            "the line is incomplete: there was no room or the power went while it was written",
        ),
        Fault::AtOnce => words.pick(
            "die Zeile wurde zur selben Zeit wie eine vor ihr geschrieben",
            "the line was written at the same time as one before it",
        ),
        Fault::Changed => words.pick(
            "die Kette ist unterbrochen; diese Zeile wurde geändert oder eine vor ihr herausgenommen",
            "the chain is broken; this line was changed or one before it was taken out",
        ),
    }
}

/// The last `wanted` bytes of a file.
fn read_end(file: &mut (impl Read + Seek), length: u64, wanted: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(length.saturating_sub(wanted)))?;
    let mut end = Vec::new();
    file.take(wanted).read_to_end(&mut end)?;
    Ok(end)
}

/// What the next line is chained to.
struct Last {
    hash: Option<Vec<u8>>,
    is_keyed: bool,
}

/// The last whole line. One without an end is whole if its hash says so.
fn last_line(end: &[u8], key: Option<&KeyFile>) -> Last {
    let key = key.map(|key| &key.key);
    let mut lines = end.split(|byte| *byte == b'\n').rev();
    let torn = lines.next().and_then(Line::read);
    let before = lines.find_map(Line::read);
    let hash = before.map_or(START, |line| line.hash);
    let whole = torn.filter(|line| line.follows(hash, key)).or(before);
    let is_keyed = torn.or(before).is_some_and(Line::is_keyed);
    Last { hash: whole.map(|line| line.hash.to_vec()), is_keyed }
}

/// Whether a line of this hash stands in these bytes.
fn holds(bytes: &[u8], hash: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(hash))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests change files on purpose")]
mod tests {
    use super::*;
    use crate::store::identity::Identity;

    fn entry(persons: usize) -> Entry<'static> {
        Entry { when: "2023-12-01T08:00:00Z", kind: "case", persons, reasons: &[], told: &[] }
    }

    fn log(folder: &Path) -> Log {
        Log::new(&folder.join("log"), None, Language::En)
    }

    #[test]
    fn lines_that_are_changed_taken_out_or_cut_off_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let log = log(folder.path());
        for number in 0..4 {
            log.append(&entry(number)).unwrap();
        }
        assert_eq!(log.verify(None).unwrap(), 0);
        let whole = std::fs::read(&log.path).unwrap();
        let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        for (changed, code) in [
            (lines[..3].concat(), 3),
            ([lines[0], lines[2], lines[3]].concat(), 3),
            ([&whole[..], b"k12\t"].concat(), 1),
            (whole.clone(), 0),
        ] {
            std::fs::write(&log.path, &changed).unwrap();
            assert_eq!(log.verify(None).unwrap(), code);
        }
        assert_eq!(log.verify(Some("0000")).unwrap(), 3);
        // Cut off and written on: what is missing stays missing.
        std::fs::write(&log.path, lines[..2].concat()).unwrap();
        log.append(&entry(7)).unwrap();
        log.append(&entry(8)).unwrap();
        assert_eq!(log.verify(None).unwrap(), 3);
    }

    #[test]
    fn what_was_told_is_found_with_the_key_only() {
        let folder = tempfile::tempdir().unwrap();
        let log = log(folder.path());
        let payment = Identity { case_id: Some("4711".to_owned()), ..Identity::default() };
        let told = [Told { payment: payment.clone(), status: "credited".to_owned() }];
        log.append(&Entry { told: &told, ..entry(1) }).unwrap();
        let status = |log: &Log| {
            log.answers().unwrap().of(&payment).first().map(|answer| answer.status.clone())
        };
        assert_eq!(status(&log).as_deref(), Some("credited"));
        assert!(log.answers().unwrap().of(&Identity::default()).is_empty());
        assert!(!std::fs::read_to_string(&log.path).unwrap().contains("4711"));
        assert_eq!(log.verify(None).unwrap(), 0);
        std::fs::remove_file(&log.key).unwrap();
        assert_eq!(status(&log), None);
    }

    #[test]
    fn the_next_line_stands_behind_a_torn_one() {
        let folder = tempfile::tempdir().unwrap();
        let log = log(folder.path());
        for number in 0..2 {
            log.append(&entry(number)).unwrap();
        }
        let mut torn = std::fs::read(&log.path).unwrap();
        torn.extend(b"k4711\xff");
        std::fs::write(&log.path, &torn).unwrap();
        log.append(&entry(9)).unwrap();
        let bytes = std::fs::read(&log.path).unwrap();
        assert!(bytes.starts_with(&torn));
        assert_eq!(bytes.split(|byte| *byte == b'\n').count(), 5);
        assert_eq!(log.verify(None).unwrap(), 1);
    }

    #[test]
    fn many_at_once_make_one_chain() {
        let folder = tempfile::tempdir().unwrap();
        let log = log(folder.path());
        log.append(&entry(0)).unwrap();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let log = &log;
                scope.spawn(move || {
                    for _ in 0..5 {
                        log.append(&entry(number)).unwrap();
                    }
                });
            }
        });
        assert_eq!(log.verify(None).unwrap(), 0);
        assert_eq!(std::fs::read_to_string(&log.path).unwrap().lines().count(), 41);
    }

    #[test]
    fn a_log_is_a_file_and_has_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let log = log(folder.path());
        log.append(&entry(0)).unwrap();
        std::fs::remove_file(&log.key).unwrap();
        log.append(&entry(1)).unwrap_err();
        assert_eq!(log.verify(None).unwrap_err().exit_code(), 3);
        let nowhere = Log::new(folder.path(), None, Language::En);
        assert_eq!(nowhere.check().unwrap_err().exit_code(), 2);
        #[cfg(unix)]
        assert_eq!(
            Log::new(Path::new("/dev/null"), None, Language::En).check().unwrap_err().exit_code(),
            2
        );
    }
}
