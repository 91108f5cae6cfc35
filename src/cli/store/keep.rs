//! Files that get their name once and never change: written beside, synced, named without replacing.

use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::Digest;
use sha2::Sha256;
use tempfile::NamedTempFile;

use crate::cli::clock;
use crate::cli::error::Failure;
use crate::cli::interrupt::Unfinished;
use crate::cli::naming::folder::sync_folder;
use crate::cli::store::ENDING;
use crate::cli::store::Store;
use crate::model::hex::hex;

/// What files are called before they have their name; a killed run leaves them.
pub(in crate::cli) const UNFINISHED: &str = ".unfinished-";

/// Digits of a result's digest in its name.
pub(in crate::cli) const DIGITS: usize = 16;

/// Leaves out the blanks between the values of a JSON document: they cost a tenth of what is kept.
struct Compact<W> {
    out: W,
    in_text: bool,
    is_escaped: bool,
}

impl<W: Write> Write for Compact<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = Vec::with_capacity(bytes.len());
        for byte in bytes {
            if self.in_text {
                self.in_text = *byte != b'"' || self.is_escaped;
                self.is_escaped = *byte == b'\\' && !self.is_escaped;
            } else if byte.is_ascii_whitespace() {
                continue;
            } else {
                self.in_text = *byte == b'"';
            }
            kept.push(*byte);
        }
        self.out.write_all(&kept)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Computes the digest of what passes.
struct Digested<W> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Write for Digested<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes)?;
        self.digest.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Store {
    /// Keeps the result that `write` writes; gives its name.
    ///
    /// # Errors
    ///
    /// What the file system gives; nothing is kept then.
    pub(in crate::cli) fn keep(
        &self,
        write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> Result<String, Failure> {
        let folder = self.path.join("runs");
        kept_in(&folder, write)
            .map_err(|error| Failure::of_output(&folder.to_string_lossy(), &error, self.language))
    }
}

fn kept_in(
    folder: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<String> {
    let mut unfinished = Unfinished::default();
    let temporary = temporary(&mut unfinished, folder)?;
    let packed = GzEncoder::new(BufWriter::new(temporary), Compression::new(9));
    let digested = Digested { out: BufWriter::new(packed), digest: Sha256::new() };
    let compact = Compact { out: digested, in_text: false, is_escaped: false };
    let mut compact = BufWriter::with_capacity(1 << 16, compact);
    write(&mut compact)?;
    let compact = compact.into_inner().map_err(io::IntoInnerError::into_error)?;
    let Digested { out, digest } = compact.out;
    let packed = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    let temporary = packed.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    let digest: String = hex(&digest.finalize()).chars().take(DIGITS).collect();
    let name = format!("{}-{digest}", clock::stamp());
    let path = folder.join(format!("{name}{ENDING}"));
    named(temporary, unfinished, &path)?;
    Ok(name)
}

/// Makes a file that is not there; one that is stays as it is.
pub(in crate::cli) fn new_file(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut unfinished = Unfinished::default();
    let mut temporary = temporary(&mut unfinished, folder)?;
    write(&mut temporary)?;
    named(temporary, unfinished, path)
}

fn temporary(unfinished: &mut Unfinished, folder: &Path) -> io::Result<NamedTempFile> {
    unfinished.make(|| {
        let temporary = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
        Ok((temporary.path().to_owned(), temporary))
    })
}

/// Gives a file its name once it is on the disk. Who was faster with the same name wrote the same, or was
/// first to make the store.
fn named(temporary: NamedTempFile, unfinished: Unfinished, path: &Path) -> io::Result<()> {
    temporary.as_file().sync_all()?;
    unfinished.keep(|| match temporary.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some network drives can only rename.
        Err(error) if !path.exists() => {
            error.file.persist(path).map(drop).map_err(|error| error.error)
        }
        Err(error) => Err(error.error),
    })?;
    if let Some(folder) = path.parent() {
        sync_folder(folder);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_blanks_between_values_go() {
        let value = serde_json::json!({"a b": ["x \" y\\", {"c": "\\\" d\n"}, 1, null], "e": {}});
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        for size in [1, 3, 1000] {
            let mut compact = Compact { out: Vec::new(), in_text: false, is_escaped: false };
            for part in pretty.chunks(size) {
                compact.write_all(part).unwrap();
            }
            assert_eq!(compact.out, serde_json::to_vec(&value).unwrap());
        }
    }
}
