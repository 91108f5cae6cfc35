//! What the progress bar says: phase, amount, rate, time left. Whole numbers only.

use std::time::Duration;

use crate::model::language::Language;

/// How often a file's bytes are gone over: for the digest and for the rows. Where it is less, the
/// reader counts the rest at its end.
pub const PASSES: u64 = 2;

/// What a run does at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reads so many files with so many bytes.
    Reading {
        /// How many files.
        files: u64,
        /// Their bytes together.
        bytes: u64,
    },
    /// Matches and judges; how far it is nobody knows.
    Matching,
    /// Writes; how much it will be nobody knows.
    Writing,
}

/// What was counted at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The phase.
    pub phase: Phase,
    /// Bytes read in it, each pass by itself.
    pub read: u64,
    /// Bytes written in it.
    pub written: u64,
    /// Files read to their end.
    pub files: u64,
    /// Time since it began.
    pub elapsed: Duration,
}

impl Seen {
    /// How much is done, and of how much, where that is known.
    pub fn share(&self) -> Option<(u64, u64)> {
        match self.phase {
            Phase::Reading { bytes, .. } if bytes > 0 => Some((self.done().min(bytes), bytes)),
            _ => None,
        }
    }

    /// Bytes of the phase that are done.
    const fn done(&self) -> u64 {
        match self.phase {
            Phase::Reading { .. } => self.read / PASSES,
            Phase::Matching => 0,
            Phase::Writing => self.written,
        }
    }

    /// One line.
    pub fn text(&self, language: Language) -> String {
        let mut text = match self.phase {
            Phase::Reading { files, .. } => {
                let number = self.files.saturating_add(1).min(files);
                match language {
                    Language::De => format!("Datei {number} von {files} lesen"),
                    Language::En => format!("reading file {number} of {files}"),
                }
            }
            Phase::Matching => language.pick("Zuordnen", "matching").to_owned(),
            Phase::Writing => language.pick("Schreiben", "writing").to_owned(),
        };
        let mut facts = Vec::new();
        match self.share() {
            Some((done, all)) => {
                let (done, all) = (megabytes(done), megabytes(all));
                facts.push(format!("{done} {} {all} MB", language.pick("von", "of")));
            }
            None if self.done() > 0 => facts.push(format!("{} MB", megabytes(self.done()))),
            None => {}
        }
        if let Some(rate) = self.rate() {
            facts.push(format!("{} MB/s", megabytes(rate)));
        }
        match self.left() {
            Some(left) => facts.push(match language {
                Language::De => format!("noch {}", clock(left)),
                Language::En => format!("{} left", clock(left)),
            }),
            None => facts.push(clock(self.elapsed.as_secs())),
        }
        text.push_str(": ");
        text.push_str(&facts.join(", "));
        text
    }

    /// Bytes a second, where something is done.
    fn rate(&self) -> Option<u64> {
        let passed = u64::try_from(self.elapsed.as_millis()).ok()?;
        let done = Some(self.done()).filter(|done| *done > 0)?;
        done.saturating_mul(1000).checked_div(passed)
    }

    /// Seconds left, where amount and rate are known.
    fn left(&self) -> Option<u64> {
        let (done, all) = self.share()?;
        let rate = self.rate().filter(|rate| *rate > 0)?;
        Some(all.saturating_sub(done).div_ceil(rate))
    }
}

/// Whole megabytes, rounded up: something is never nothing.
const fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}

/// Seconds as people read them.
fn clock(seconds: u64) -> String {
    if seconds < 60 {
        return format!("{seconds} s");
    }
    format!("{}:{:02} min", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(phase: Phase, done: u64, files: u64, milliseconds: u64) -> Seen {
        let read = done.saturating_mul(PASSES);
        Seen { phase, read, written: done, files, elapsed: Duration::from_millis(milliseconds) }
    }

    #[test]
    fn a_line_says_phase_amount_rate_and_time_left() {
        let reading = Phase::Reading { files: 2, bytes: 361_000_000 };
        for (seen, german, english) in [
            (
                seen(reading, 0, 0, 1500),
                "Datei 1 von 2 lesen: 0 von 361 MB, 1 s",
                "reading file 1 of 2: 0 of 361 MB, 1 s",
            ),
            (
                seen(reading, 129_000_000, 1, 2000),
                "Datei 2 von 2 lesen: 129 von 361 MB, 65 MB/s, noch 4 s",
                "reading file 2 of 2: 129 of 361 MB, 65 MB/s, 4 s left",
            ),
            (
                seen(reading, 361_000_000, 2, 4000),
                "Datei 2 von 2 lesen: 361 von 361 MB, 91 MB/s, noch 0 s",
                "reading file 2 of 2: 361 of 361 MB, 91 MB/s, 0 s left",
            ),
            (seen(Phase::Matching, 0, 0, 125_000), "Zuordnen: 2:05 min", "matching: 2:05 min"),
            (
                seen(Phase::Writing, 120_000_000, 0, 1500),
                "Schreiben: 120 MB, 80 MB/s, 1 s",
                "writing: 120 MB, 80 MB/s, 1 s",
            ),
        ] {
            assert_eq!(seen.text(Language::De), german);
            assert_eq!(seen.text(Language::En), english);
        }
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        for phase in [Phase::Reading { files: 0, bytes: 0 }, Phase::Matching, Phase::Writing] {
            for (done, files, elapsed) in [(0, 0, 0), (u64::MAX, u64::MAX, 0), (1, 0, u64::MAX)] {
                assert!(!seen(phase, done, files, elapsed).text(Language::En).is_empty());
            }
        }
    }
}
