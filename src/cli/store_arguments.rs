//! The command line of what lives longer than a run: kept results, changes, decisions.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;

use crate::cli::common_arguments::Format;
use crate::cli::common_arguments::LanguageArg;
use crate::cli::common_arguments::OutputArgs;
use crate::cli::common_arguments::TermsArgs;
use crate::cli::common_arguments::day;
use crate::cli::common_arguments::month;
use crate::model::date::Month;
use crate::reports::resolution::Kind;

/// Output formats of lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table for people.
    #[default]
    Table,
    /// JSON for scripts.
    Json,
    /// One row each.
    Csv,
    /// One HTML file that needs nothing else.
    Html,
}

/// How a list is written.
#[derive(Args, Clone, Debug, Default)]
pub struct ListArgs {
    /// Output format [default: what the ending of `--output` says, else table].
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ListFormat>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub out: OutputArgs,
    /// Only the counts.
    #[arg(long, short)]
    pub quiet: bool,
}

impl ListArgs {
    /// The output format: as asked for, else what the output's name says, else a table.
    pub fn format(&self) -> ListFormat {
        let of_name = || match Format::of_name(self.out.output.as_deref()?)? {
            Format::Json => Some(ListFormat::Json),
            Format::Csv => Some(ListFormat::Csv),
            Format::Html => Some(ListFormat::Html),
            Format::Table | Format::Md | Format::Xlsx => None,
        };
        self.format.or_else(of_name).unwrap_or_default()
    }
}

/// `gutschrift diff`.
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// The earlier result: a folder or file as for `verify`, a result saved by `verify --format json`, or the
    /// name of a run of the store.
    #[arg(value_name = "OLD")]
    pub old: Option<PathBuf>,
    /// The later one.
    #[arg(value_name = "NEW")]
    pub new: Option<PathBuf>,
    /// Compare runs of this store; without OLD and NEW the last two of a month, with OLD alone that and the last.
    #[arg(long, value_name = "FOLDER")]
    pub store: Option<PathBuf>,
    /// The look-up log: of whom was already told otherwise.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// The key of the log, if it is not FILE.key beside it.
    #[arg(long, value_name = "FILE")]
    pub log_key: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub list: ListArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub terms: TermsArgs,
}

/// `gutschrift history`.
#[derive(Args, Debug)]
pub struct HistoryArgs {
    /// Case number, end-to-end id, name, or the last four or more characters of the account number.
    #[arg(value_name = "QUERY")]
    pub query: Option<String>,
    /// The store.
    #[arg(long, value_name = "FOLDER")]
    pub store: PathBuf,
    /// The look-up log: what was told when.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// The key of the log, if it is not FILE.key beside it.
    #[arg(long, value_name = "FILE")]
    pub log_key: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub list: ListArgs,
    /// Configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Language [default: the locale, else English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<LanguageArg>,
}

/// `gutschrift resolve`.
#[derive(Args, Debug)]
pub struct ResolveArgs {
    /// Case number, end-to-end id, name, or the last four or more characters of the account number.
    #[arg(value_name = "QUERY")]
    pub query: String,
    /// The store.
    #[arg(long, value_name = "FOLDER")]
    pub store: PathBuf,
    /// What was decided: confirmed-by-bank, paid-again, assigned, recalled, paid-in-cash, nothing-to-do,
    /// waiting; open takes back.
    #[arg(long = "as", value_name = "KIND", value_parser = kind)]
    pub kind: Kind,
    /// The booking that is this payment's, with `--as assigned`.
    #[arg(long, value_name = "FILE:LINE")]
    pub entry: Option<String>,
    /// The last day of waiting, with `--as waiting`.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub until: Option<NaiveDate>,
    /// Who decided.
    #[arg(long, value_name = "INITIALS")]
    pub by: Option<String>,
    /// What the next one should know; no account numbers.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Only the payment of this amount.
    #[arg(long, value_name = "AMOUNT")]
    pub amount: Option<String>,
    /// Only the payment of this row of a list.
    #[arg(long, value_name = "FILE:LINE")]
    pub row: Option<String>,
    /// The month, by its due date [default: that of the newest result].
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    pub month: Option<Month>,
    /// Say what would be noted, and note nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Language [default: the locale, else English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<LanguageArg>,
}

/// `gutschrift close`.
#[derive(Args, Debug)]
pub struct CloseArgs {
    /// The store.
    #[arg(long, value_name = "FOLDER")]
    pub store: PathBuf,
    /// Who closes.
    #[arg(long, value_name = "INITIALS")]
    pub by: String,
    /// Write the evidence here: result, payments, report, decisions, configuration, digests; the same bytes
    /// whenever it is packed.
    #[arg(long, value_name = "FILE.zip")]
    pub pack: Option<PathBuf>,
    /// The month, by its due date [default: that of the newest result].
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    pub month: Option<Month>,
    /// Configuration file, which goes into the pack.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Language [default: the locale, else English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<LanguageArg>,
}

/// `gutschrift store`.
#[derive(Args, Debug)]
pub struct StoreArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub action: StoreAction,
}

/// What to do with a store.
#[derive(Debug, Subcommand)]
pub enum StoreAction {
    /// Is every file whole and every chain unbroken?
    Check {
        /// The store.
        #[arg(long, value_name = "FOLDER")]
        store: PathBuf,
        /// Language [default: the locale, else English].
        #[arg(long, value_name = "LANGUAGE")]
        lang: Option<LanguageArg>,
    },
    /// Delete the results that were kept before a day; journals stay.
    Prune {
        /// The store.
        #[arg(long, value_name = "FOLDER")]
        store: PathBuf,
        /// The first day that stays.
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
        before: NaiveDate,
        /// Say what would be deleted, and delete nothing.
        #[arg(long)]
        dry_run: bool,
        /// Language [default: the locale, else English].
        #[arg(long, value_name = "LANGUAGE")]
        lang: Option<LanguageArg>,
    },
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::from_name(text).ok_or_else(|| {
        let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        format!("known kinds are {}", known.join(", "))
    })
}
