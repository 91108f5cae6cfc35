//! The command line of what lives longer than a run: kept results, changes, decisions.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::cli::common_arguments::SeparatorArg;
use crate::cli::common_arguments::TermsArgs;

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
    /// Write to a file instead of the terminal; whole or not at all, mode 0600.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What stands between the fields of CSV.
    #[arg(long, value_name = "WHICH", default_value = "comma")]
    pub separator: SeparatorArg,
    /// No frames, no colours, one fact a line: for pipes and screen readers.
    #[arg(long)]
    pub plain: bool,
    /// Only the counts.
    #[arg(long, short)]
    pub quiet: bool,
}

impl ListArgs {
    /// The output format: as asked for, else what the output's name says, else a table.
    pub fn format(&self) -> ListFormat {
        let ending = self.output.as_deref().and_then(std::path::Path::extension);
        let ending = ending.map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        let of_ending = match ending.as_deref() {
            Some("json") => Some(ListFormat::Json),
            Some("csv") => Some(ListFormat::Csv),
            Some("html" | "htm") => Some(ListFormat::Html),
            _ => None,
        };
        self.format.or(of_ending).unwrap_or_default()
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
