//! Where look-ups are noted, and how payments are named there.

use std::path::PathBuf;

use crate::cli::arguments::LookupArgs;
use crate::cli::config::Config;
use crate::cli::diff;
use crate::cli::error::Failure;
use crate::cli::log::Answers;
use crate::cli::log::Log;
use crate::cli::log::Told;
use crate::model::language::Language;
use crate::reports::lookup::SavedPayment;
use crate::store::identity;

/// Where look-ups are noted, if they are.
pub(super) fn log_of(args: &LookupArgs, config: &Config, language: Language) -> Option<Log> {
    let path = args.log.clone().or_else(|| config.log.as_deref().map(PathBuf::from))?;
    let key = args.log_key.clone().or_else(|| config.log_key.as_deref().map(PathBuf::from));
    Some(Log::new(&path, key.as_deref(), language))
}

/// What was answered before this call, where a store tells the history; the log need not be there yet.
///
/// # Errors
///
/// A log that cannot be read.
pub(super) fn earlier(
    args: &LookupArgs,
    config: &Config,
    language: Language,
) -> Result<Answers, Failure> {
    if args.store.is_none() {
        return Ok(Answers::default());
    }
    let configured = config.log.as_deref().map(PathBuf::from);
    let Some(path) = args.log.clone().or(configured).filter(|path| path.exists()) else {
        return Ok(Answers::default());
    };
    diff::answers(Some(&path), args.log_key.as_deref(), config, language)
        .map(Option::unwrap_or_default)
}

/// A payment as the log names it.
pub(super) fn told(payment: &SavedPayment) -> Told {
    Told { payment: identity::of_saved(payment), status: payment.status.clone() }
}
