//! The command line of what is asked of lists, orders and results besides verdicts.

use std::path::PathBuf;

use chrono::NaiveDate;
use chrono::NaiveTime;
use clap::Args;

use crate::cli::common_arguments::InputArgs;
use crate::cli::common_arguments::LanguageArg;
use crate::cli::common_arguments::ReportArgs;
use crate::cli::common_arguments::TermsArgs;
use crate::cli::common_arguments::day;
use crate::cli::moment::Moment;
use crate::cli::moment::time_of_day;

/// `gutschrift check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub inputs: InputArgs,
    /// Last month's folder or files: lists, and the bank's files if they are there.
    #[arg(long, value_name = "FOLDER")]
    pub against: Vec<PathBuf>,
    /// The day of the check, with the time of day if the bank's cut-off matters; no clock is read.
    #[arg(long, value_name = "YYYY-MM-DD[THH:MM]", value_parser = Moment::parse)]
    pub today: Option<Moment>,
    /// Until when the bank takes orders for the same day.
    #[arg(long, value_name = "HH:MM", value_parser = time_of_day)]
    pub cut_off: Option<NaiveTime>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub terms: TermsArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub report: ReportArgs,
}

/// `gutschrift audit`.
#[derive(Args, Debug)]
pub struct AuditArgs {
    /// A result saved by `verify --format json --output FILE`.
    #[arg(value_name = "RESULT")]
    pub result: PathBuf,
    /// The files it was made from, in any folder and under any name: they are known by their SHA-256.
    #[arg(value_name = "FILES", required = true)]
    pub paths: Vec<PathBuf>,
    /// The last day that counted as delayed, if the result was made with one.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub late_until: Option<NaiveDate>,
    /// Configuration file: bank holidays and column maps, as the result was made with.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Language [default: the locale, else English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<LanguageArg>,
    /// Show account numbers in full.
    #[arg(long)]
    pub full_iban: bool,
    /// How many threads may read [default: one for each core].
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub report: ReportArgs,
}
