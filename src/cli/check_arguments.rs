//! The command line of what is asked of lists, orders and results besides verdicts.

use std::path::PathBuf;

use chrono::NaiveTime;
use clap::Args;

use crate::cli::common_arguments::InputArgs;
use crate::cli::common_arguments::LanguageArg;
use crate::cli::common_arguments::ReportArgs;
use crate::cli::common_arguments::TermsArgs;
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
    /// Kept runs: names orders that were handed in before.
    #[arg(long, value_name = "FOLDER")]
    pub store: Option<PathBuf>,
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

/// `gutschrift sample`.
#[derive(Args, Debug)]
pub struct SampleArgs {
    /// Lists, orders, folders, or results saved by `verify --format json`.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// How many of each kind, in percent; of every kind at least one.
    #[arg(long, value_name = "PERCENT", default_value = "2%")]
    pub share: String,
    /// What the draw follows from: the same text draws the same payments.
    #[arg(long, value_name = "TEXT")]
    pub seed: String,
    /// Last month's lists or result: what is new, changed or ended.
    #[arg(long, value_name = "PATH")]
    pub against: Vec<PathBuf>,
    /// Payments above this amount are a kind of their own.
    #[arg(long, value_name = "AMOUNT")]
    pub above: Option<String>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub report: ReportArgs,
    /// Configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Language [default: the locale, else English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<LanguageArg>,
    /// Show account numbers in full.
    #[arg(long)]
    pub full_iban: bool,
}
