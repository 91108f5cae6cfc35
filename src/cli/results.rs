//! Results to compare: saved ones, and files that are judged now.

use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;

use crate::cli::arguments::InputArgs;
use crate::cli::arguments::TermsArgs;
use crate::cli::config::Config;
use crate::cli::error::Failure;
use crate::cli::judged;
use crate::cli::judged::Shown;
use crate::cli::progress::Progress;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::model::together;
use crate::reports::lookup::SavedRun;
use crate::reports::options::Options;
use crate::reports::rows::Rows;
use crate::store::row::Kept;
use crate::store::row::Row;
use crate::verdict::result::Outcome;

/// A packed result may unpack to so many bytes.
pub(super) const LARGEST: u64 = 8 << 30;

/// What a gzip file begins with.
const GZIP: &[u8] = b"\x1f\x8b";

/// What files that are no results are judged by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judge<'a> {
    pub(super) terms: &'a TermsArgs,
    pub(super) config: &'a Config,
    pub(super) language: Language,
    pub(super) progress: &'a Progress,
}

/// The result that a path means: a saved one, else what its files give now.
///
/// # Errors
///
/// Files that cannot be used.
pub(super) fn load(path: &Path, judge: &Judge<'_>) -> Result<Kept, Failure> {
    let language = judge.language;
    if path.is_file() {
        if let Some(bytes) = saved(path).map_err(|error| unreadable(path, &error))? {
            return parsed(&bytes, path, language);
        }
    }
    let inputs = InputArgs { paths: vec![path.to_owned()], ..InputArgs::default() };
    let shown = Shown { digests: false, trails: false };
    let outcome =
        judged::outcome(&inputs, judge.terms, judge.config, language, judge.progress, shown)?;
    Ok(of_outcome(&outcome, &Options { language, ..Options::default() }))
}

/// The bytes of a saved result, unpacked; `None` for a file that is none.
pub(super) fn saved(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    #[expect(clippy::disallowed_types, reason = "saved results are read here")]
    let mut file = std::fs::File::open(path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(2).read_to_end(&mut bytes)?;
    if !bytes.starts_with(GZIP) && !bytes.starts_with(b"{") {
        return Ok(None);
    }
    file.read_to_end(&mut bytes)?;
    if bytes.starts_with(GZIP) {
        match unpacked(&bytes) {
            Ok(unpacked) if unpacked.starts_with(b"{") => return Ok(Some(unpacked)),
            // An archive of something else, which the readers know about.
            _ => return Ok(None),
        }
    }
    Ok(Some(bytes))
}

/// Unpacks a result.
///
/// # Errors
///
/// What is damaged, or larger than any result.
pub(super) fn unpacked(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = MultiGzDecoder::new(packed).take(LARGEST).read_to_end(&mut bytes)?;
    if u64::try_from(read).unwrap_or(u64::MAX) >= LARGEST {
        return Err(std::io::Error::other("larger than any result"));
    }
    Ok(bytes)
}

/// Reads a result.
///
/// # Errors
///
/// What is none.
pub(super) fn parsed(bytes: &[u8], path: &Path, language: Language) -> Result<Kept, Failure> {
    Kept::read(bytes).map_err(|_| {
        let shown = harmless(&path.to_string_lossy());
        Failure::Data(vec![match language {
            Language::De => {
                format!("{shown} ist kein Ergebnis von `gutschrift verify --format json`")
            }
            Language::En => format!("{shown} is no result of `gutschrift verify --format json`"),
        }])
    })
}

/// A result that was never saved.
pub(super) fn of_outcome(outcome: &Outcome, options: &Options) -> Kept {
    let rows = Rows::new(outcome, options);
    let numbers: Vec<_> = outcome.numbered().collect();
    let payments = together::map_many(&numbers, options.threads.max(1), |one| {
        outcome.payment(*one).map(|judged| Row::from(rows.payment_without_trail(&judged)))
    });
    Kept {
        schema: crate::reports::json::SCHEMA.to_owned(),
        run: SavedRun { due: Some(outcome.due), horizon: Some(outcome.horizon) },
        payments: payments.into_iter().flatten().collect(),
    }
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("{}: {error}", harmless(&path.to_string_lossy())))
}

/// A path as reports name it.
pub(super) fn named(path: &Path) -> String {
    let path: PathBuf = path.components().collect();
    path.to_string_lossy().into_owned()
}
