//! What `lookup` searches: payments in memory, or a saved result of which only those are read
//! that its index names.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::index;
use crate::cli::index::FileSource;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::reports::lookup::Saved;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::SavedRun;
use crate::reports::lookup::index::Index;
use crate::reports::lookup::index::Unfit;
use crate::reports::lookup::search::Query;

/// A result to search in.
#[derive(Debug)]
pub(super) struct Book {
    /// Its run.
    pub(super) run: SavedRun,
    /// All its payments, once they are needed.
    whole: OnceCell<Vec<SavedPayment>>,
    index: Option<Indexed>,
}

/// A saved result that is not read as a whole.
#[derive(Debug)]
struct Indexed {
    index: Index,
    path: PathBuf,
    language: Language,
}

impl Book {
    /// A result in memory.
    pub(super) fn of(saved: Saved) -> Self {
        Self { run: saved.run, whole: OnceCell::from(saved.payments), index: None }
    }

    /// A saved result; its index is used if it has one that fits.
    ///
    /// # Errors
    ///
    /// What is no result.
    pub(super) fn open(path: &Path, language: Language) -> Result<Self, Failure> {
        let opened = index::open(path).and_then(|index| {
            let Some(index) = index else { return Ok(None) };
            Ok(Some((index.run()?, index)))
        });
        match opened {
            Ok(Some((run, index))) => {
                let index = Indexed { index, path: path.to_owned(), language };
                return Ok(Self { run, whole: OnceCell::new(), index: Some(index) });
            }
            Ok(None) => {}
            Err(unfit) => say_unfit(path, unfit, language),
        }
        Ok(Self::of(parsed(&bytes(path)?, path, language)?))
    }

    /// All payments.
    ///
    /// # Errors
    ///
    /// What is no result.
    pub(super) fn all(&self) -> Result<&[SavedPayment], Failure> {
        if self.whole.get().is_none() {
            if let Some(Indexed { path, language, .. }) = &self.index {
                let all = parsed(&bytes(path)?, path, *language)?.payments;
                return Ok(self.whole.get_or_init(|| all));
            }
        }
        Ok(self.whole.get().map_or(&[], Vec::as_slice))
    }

    /// Payments in which a search finds what it would find in all of them.
    ///
    /// # Errors
    ///
    /// What is no result.
    pub(super) fn payments_for(&self, query: &Query) -> Result<Cow<'_, [SavedPayment]>, Failure> {
        if let Some(all) = self.whole.get() {
            return Ok(Cow::Borrowed(all));
        }
        let Some(Indexed { index, path, language }) = &self.index else {
            return Ok(Cow::Borrowed(&[]));
        };
        match index.candidates(query) {
            Ok(payments) => Ok(Cow::Owned(payments)),
            Err(unfit) => {
                say_unfit(path, unfit, *language);
                let all = parsed(&bytes(path)?, path, *language)?.payments;
                Ok(Cow::Borrowed(self.whole.get_or_init(|| all)))
            }
        }
    }
}

/// Makes the index of a result that is there already.
///
/// # Errors
///
/// What is no result, or an index that cannot be written.
pub(super) fn renew_index(path: &Path, language: Language) -> Result<(), Failure> {
    // Opened before it is read: if it changes meanwhile, its time does not fit the index.
    let result = FileSource::open(path).map_err(|error| unreadable(path, &error))?;
    let bytes = bytes(path)?;
    parsed(&bytes, path, language)?;
    let shown = index::path_of(path).to_string_lossy().into_owned();
    index::make(path, &result, &bytes).map_err(|error| Failure::of_output(&shown, &error, language))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("{}: {error}", harmless(&path.to_string_lossy())))
}

/// The bytes of a saved result.
///
/// # Errors
///
/// A file that cannot be read.
fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    #[expect(clippy::disallowed_methods, reason = "saved results are read here only")]
    std::fs::read(path).map_err(|error| unreadable(path, &error))
}

/// A saved result.
///
/// # Errors
///
/// What is none.
pub(super) fn parsed(bytes: &[u8], path: &Path, language: Language) -> Result<Saved, Failure> {
    let saved: Result<Saved, _> = serde_json::from_slice(bytes);
    match saved {
        Ok(saved) if saved.schema == crate::reports::json::SCHEMA => Ok(saved),
        _ => {
            let shown = harmless(&path.to_string_lossy());
            Err(Failure::Data(vec![match language {
                Language::De => {
                    format!("{shown} ist kein Ergebnis von `gutschrift verify --format json`")
                }
                Language::En => {
                    format!("{shown} is no result of `gutschrift verify --format json`")
                }
            }]))
        }
    }
}

/// The answer is the same without the index, it only takes longer.
fn say_unfit(path: &Path, unfit: Unfit, language: Language) {
    let shown = harmless(&index::path_of(path).to_string_lossy());
    let why = match unfit {
        Unfit::Stale => {
            language.pick("gehört nicht zu diesem Ergebnis", "does not belong to this result")
        }
        Unfit::Damaged => language.pick("ist beschädigt", "is damaged"),
        Unfit::Unreadable => language.pick("ist nicht lesbar", "cannot be read"),
    };
    let then = language.pick(
        "das ganze Ergebnis wird gelesen (`--index` macht den Index neu)",
        "the whole result is read (`--index` makes the index anew)",
    );
    console::say(&format!("{shown} {why}; {then}"));
}
