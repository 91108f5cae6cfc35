//! Files and pipes that are read into memory at once.

use std::io;
use std::io::Read;
use std::path::Path;

/// No pipe gives more (bytes); archives may hold as much.
const PIPE: u64 = 2 << 30;

/// Why something could not be read at once.
#[derive(Debug)]
pub(super) enum Failure {
    /// The system says so.
    Io(io::Error),
    /// It was written to while it was read: what was read may be half of it.
    Changed,
    /// A pipe that gives more than this.
    TooLarge(u64),
}

/// All bytes of a file, which must be as long and as old afterwards as before.
#[expect(clippy::disallowed_types, reason = "this is one of the places that read inputs")]
pub(super) fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut file = std::fs::File::open(path).map_err(Failure::Io)?;
    let before = file.metadata().map_err(Failure::Io)?;
    let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or(0));
    file.read_to_end(&mut bytes).map_err(Failure::Io)?;
    let after = file.metadata().map_err(Failure::Io)?;
    let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let same =
        [before.len(), after.len()] == [read; 2] && before.modified().ok() == after.modified().ok();
    if same { Ok(bytes) } else { Err(Failure::Changed) }
}

/// All bytes of a pipe, up to its writer's end.
#[expect(clippy::disallowed_types, reason = "this is one of the places that read inputs")]
pub(super) fn pipe(path: &Path) -> Result<Vec<u8>, Failure> {
    bounded(std::fs::File::open(path).map_err(Failure::Io)?, PIPE)
}

fn bounded(source: impl Read, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    source.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(Failure::Io)?;
    let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if read > most { Err(Failure::TooLarge(most)) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_end() {
        assert_eq!(bounded(&b"abc"[..], 3).unwrap(), b"abc");
        assert!(matches!(bounded(io::repeat(0), 1000), Err(Failure::TooLarge(1000))));
    }

    /// A file that says it is empty and gives more is one that grew meanwhile.
    #[cfg(target_os = "linux")]
    #[test]
    fn files_have_the_length_that_they_say() {
        assert!(matches!(file(Path::new("/proc/self/status")), Err(Failure::Changed)));
        assert!(matches!(file(Path::new("/proc/self")), Err(Failure::Io(_))));
        assert!(!file(Path::new("Cargo.toml")).unwrap().is_empty());
    }
}
