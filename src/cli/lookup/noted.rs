//! Where look-ups are noted, and how payments are named there.

use std::path::PathBuf;

use crate::cli::arguments::LookupArgs;
use crate::cli::config::Config;
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

/// A payment as the log names it.
pub(super) fn told(payment: &SavedPayment) -> Told {
    Told { payment: identity::of_saved(payment), status: payment.status.clone() }
}
