//! The look-up log: append-only, each line chained to the one before by its hash; no names, no
//! account numbers, no amounts.

use std::io::Write;
use std::path::Path;

use sha2::Digest;
use sha2::Sha256;

use crate::cli::error::Failure;
use crate::model::language::Language;

/// Appends one look-up: when, what kind of query, how many persons, which answers.
///
/// # Errors
///
/// A log that cannot be read or written.
pub fn append(
    path: &Path,
    when: &str,
    kind: &str,
    persons: usize,
    reasons: &[String],
) -> Result<(), Failure> {
    let shown = path.to_string_lossy();
    let failed = |error: std::io::Error| Failure::of_output(&shown, &error, Language::En);
    #[expect(clippy::disallowed_methods, reason = "the log is read and written here only")]
    let before = std::fs::read_to_string(path).unwrap_or_default();
    let previous = before.lines().last().and_then(|line| line.split('\t').next()).unwrap_or("-");
    let entry = format!("{when}\t{kind}\t{persons}\t{}", reasons.join(","));
    let line = format!("{}\t{entry}\n", chained(previous, &entry));
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

/// Checks the chain; gives the number of entries.
///
/// # Errors
///
/// The first line whose hash does not follow.
pub fn verify(path: &Path, language: Language) -> Result<usize, Failure> {
    let shown = crate::model::text::harmless(&path.to_string_lossy());
    #[expect(clippy::disallowed_methods, reason = "the log is read and written here only")]
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("{shown}: {error}")))?;
    let mut previous = "-".to_owned();
    let mut count = 0_usize;
    for line in text.lines() {
        count = count.saturating_add(1);
        let (hash, entry) = line.split_once('\t').unwrap_or((line, ""));
        if hash != chained(&previous, entry) {
            return Err(Failure::Data(vec![match language {
                Language::De => format!(
                    "{shown}:{count}: die Kette ist unterbrochen; diese oder eine frühere Zeile wurde geändert"
                ),
                Language::En => format!(
                    "{shown}:{count}: the chain is broken; this or an earlier line was changed"
                ),
            }]));
        }
        hash.clone_into(&mut previous);
    }
    Ok(count)
}

fn chained(previous: &str, entry: &str) -> String {
    crate::cli::hex::hex(&Sha256::digest(format!("{previous}\n{entry}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test changes the file on purpose")]
    fn a_changed_line_breaks_the_chain() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        for number in 0..3 {
            append(&path, "2023-12-01", "case", number, &["booked".to_owned()]).unwrap();
        }
        assert_eq!(verify(&path, Language::En).unwrap(), 3);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replacen("\t1\t", "\t2\t", 1)).unwrap();
        assert!(verify(&path, Language::En).unwrap_err().to_string().contains(":2:"));
    }
}
