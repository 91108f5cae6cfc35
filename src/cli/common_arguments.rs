//! What several commands take: files, dates, how reports are written.

use std::ffi::OsStr;
use std::path::Path;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use clap::ValueEnum;

use crate::cli::clock;
use crate::model::date::Month;
use crate::model::date::from_iso;
use crate::model::german_time;
use crate::model::reading::Role;
use crate::reports::options::Separator;

/// Languages on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LanguageArg {
    /// German.
    De,
    /// English.
    En,
}

/// Output formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    #[default]
    Table,
    /// JSON for scripts.
    Json,
    /// One row a payment.
    Csv,
    /// Markdown.
    Md,
    /// One HTML file that needs nothing else.
    Html,
    /// A workbook.
    Xlsx,
}

/// What stands between the fields of CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SeparatorArg {
    /// A comma.
    #[default]
    Comma,
    /// A semicolon, and a comma in amounts: opens in columns in a German spreadsheet.
    Semicolon,
}

impl SeparatorArg {
    /// What reports call it.
    pub const fn separator(self) -> Separator {
        match self {
            Self::Comma => Separator::Comma,
            Self::Semicolon => Separator::Semicolon,
        }
    }
}

/// When a debit counts as credited.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CreditingArg {
    /// On the day of booking.
    SameDay,
    /// On the next banking day.
    NextDay,
}

/// The files of a run.
#[derive(Args, Clone, Debug, Default)]
pub struct InputArgs {
    /// Files and folders: payment lists, orders, bank files, archives, in any mix.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub roles: RoleArgs,
}

impl InputArgs {
    /// Every path that is named.
    pub fn named(&self) -> impl Iterator<Item = &PathBuf> {
        let RoleArgs { list, order, bank } = &self.roles;
        [&self.paths, list, order, bank].into_iter().flatten()
    }
}

/// Files whose role is not asked of their content.
#[derive(Args, Clone, Debug, Default)]
pub struct RoleArgs {
    /// Take this file for a payment list.
    #[arg(long, value_name = "FILE")]
    pub list: Vec<PathBuf>,
    /// Take this file for an order file (pain.001).
    #[arg(long, value_name = "FILE")]
    pub order: Vec<PathBuf>,
    /// Take this file for a bank file.
    #[arg(long, value_name = "FILE")]
    pub bank: Vec<PathBuf>,
}

impl RoleArgs {
    /// Whether no file is named.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.order.is_empty() && self.bank.is_empty()
    }

    /// The files, each with its role.
    pub fn forced(&self) -> Vec<(PathBuf, Role)> {
        let all = [(&self.list, Role::List), (&self.order, Role::Order), (&self.bank, Role::Bank)];
        let files =
            all.into_iter().flat_map(|(paths, role)| paths.iter().map(move |path| (path, role)));
        files.map(|(path, role)| (path.clone(), role)).collect()
    }
}

/// Dates and policies of a run.
#[derive(Args, Clone, Debug, Default)]
pub struct TermsArgs {
    /// The month whose last banking day is the due date.
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    pub month: Option<Month>,
    /// The due date; outranks the rows' own.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub due: Option<NaiveDate>,
    /// The last day that counts as delayed [default: the banking day after the due date].
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub late_until: Option<NaiveDate>,
    /// When a debit counts as credited [default: same-day].
    #[arg(long, value_name = "POLICY")]
    pub crediting: Option<CreditingArg>,
    /// Leave out what was booked after this day; what is due later is not due yet. `today` is the day of
    /// the computer's clock.
    #[arg(long, value_name = "YYYY-MM-DD|today", value_parser = day_or_today)]
    pub as_of: Option<NaiveDate>,
    /// Configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Language [default: the locale, else English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<LanguageArg>,
    /// Show account numbers in full.
    #[arg(long)]
    pub full_iban: bool,
    /// How many threads may work [default: one for each core]; no result depends on it.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

impl Format {
    /// The format that the ending of a file's name says.
    pub fn of_name(path: &Path) -> Option<Self> {
        let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        match ending.as_deref()? {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "md" | "markdown" => Some(Self::Md),
            "html" | "htm" => Some(Self::Html),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// Where something is written, and for whom.
#[derive(Args, Clone, Debug, Default)]
pub struct OutputArgs {
    /// Write to a file instead of the terminal; whole or not at all, mode 0600.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What stands between the fields of CSV.
    #[arg(long, value_name = "WHICH", default_value = "comma")]
    pub separator: SeparatorArg,
    /// No frames, no colours, one fact a line: for pipes and screen readers.
    #[arg(long)]
    pub plain: bool,
    /// Width of tables in characters [default: the terminal's, else 120].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub width: Option<u16>,
}

/// How a report is written.
#[derive(Args, Clone, Debug, Default)]
pub struct ReportArgs {
    /// Output format [default: what the ending of `--output` says, else table].
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub out: OutputArgs,
    /// Only the sums.
    #[arg(long, short)]
    pub quiet: bool,
}

impl ReportArgs {
    /// The output format: as asked for, else what the output's name says, else a table.
    pub fn format(&self) -> Format {
        self.format.or_else(|| Format::of_name(self.out.output.as_deref()?)).unwrap_or_default()
    }
}

pub(super) fn month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "a month is written 2023-11".to_owned())
}

/// A day, or the word for the one that the clock says.
fn day_or_today(text: &str) -> Result<NaiveDate, String> {
    match text {
        "today" | "heute" => {
            german_time::day(&clock::now()).ok_or_else(|| "the clock says no day".to_owned())
        }
        _ => day(text),
    }
}

pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    from_iso(text)
        .filter(|_| text.len() == 10)
        .ok_or_else(|| "a day is written 2023-11-30".to_owned())
}
