//! The command line of `audit`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::common_arguments::LanguageArg;
use crate::cli::common_arguments::ReportArgs;
use crate::cli::common_arguments::RoleArgs;

/// `gutschrift audit`.
#[derive(Args, Debug)]
pub struct AuditArgs {
    /// What to check: a result saved by `verify --format json --output FILE`, an evidence pack of
    /// `close --pack`, or with `--store` the name of a run [with `--store`, default: the newest].
    #[arg(value_name = "RESULT")]
    pub result: PathBuf,
    /// The files it was made from, in any folder and under any name: they are known by their SHA-256.
    #[arg(value_name = "FILES")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub roles: RoleArgs,
    /// The store in which the result is kept.
    #[arg(long, value_name = "FOLDER")]
    pub store: Option<PathBuf>,
    /// Configuration file: bank holidays and column maps, as the result was made with.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Language [default: the locale, else English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<LanguageArg>,
    /// Show account numbers in full.
    #[arg(long)]
    pub full_iban: bool,
    /// How many threads may read [default: one for each core]; no result depends on it.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub report: ReportArgs,
}
