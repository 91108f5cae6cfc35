//! The command line.

use std::path::PathBuf;

use clap::Args;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;

use crate::cli::audit_arguments::AuditArgs;
use crate::cli::check_arguments::CheckArgs;
use crate::cli::check_arguments::SampleArgs;
use crate::cli::store_arguments::CloseArgs;
use crate::cli::store_arguments::DiffArgs;
use crate::cli::store_arguments::HistoryArgs;
use crate::cli::store_arguments::ResolveArgs;
use crate::cli::store_arguments::StoreArgs;
use crate::cli::why_arguments::WhyArgs;
use crate::reports::column::Column;
use crate::reports::entry_column::EntryColumn;
use crate::verdict::reason::Actor;
use crate::verdict::reason::Reason;

pub use crate::cli::common_arguments::CreditingArg;
pub use crate::cli::common_arguments::Format;
pub use crate::cli::common_arguments::InputArgs;
pub use crate::cli::common_arguments::LanguageArg;
pub use crate::cli::common_arguments::ReportArgs;
pub use crate::cli::common_arguments::RoleArgs;
pub use crate::cli::common_arguments::SeparatorArg;
pub use crate::cli::common_arguments::TermsArgs;

/// Says for every payment of a social office's monthly lists whether the bank's files prove that
/// it was credited in time.
#[derive(Debug, Parser)]
#[command(name = "gutschrift", version, about, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 nothing needs a person; 1 something does; 2 wrong usage; \
3 an input cannot be used (nothing was written). `audit`: 0 all proven; 1 something refuted; 3 something open. \
`why`: 0 they belong together; 1 they do not.")]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Reconcile payment lists with the bank's files.
    Verify(VerifyArgs),
    /// Before the due day: will every payment go out, once, to the right account?
    Check(CheckArgs),
    /// Prove every claim of a saved result again from the files, or refute it.
    Audit(AuditArgs),
    /// Was this person paid? By case number, name or end of the account number.
    Lookup(LookupArgs),
    /// Why this booking is, or is not, this payment: field by field.
    Why(WhyArgs),
    /// Check a look-up log.
    Log(LogArgs),
    /// Say what each file is, what it holds, and what could not be read.
    Inspect(InspectArgs),
    /// Compare two months' lists: new, ended, changed.
    Compare(CompareArgs),
    /// Draw payments for the check by a second person, with a check sheet.
    Sample(SampleArgs),
    /// What changed from one result to another: first who was credited and no longer is.
    Diff(DiffArgs),
    /// The runs of a store, or one payment's story: verdicts, decisions, look-ups.
    History(HistoryArgs),
    /// Note what was decided about a payment, beside its verdict.
    Resolve(ResolveArgs),
    /// End a month once no payment needs a person, and pack its evidence.
    Close(CloseArgs),
    /// Check a store, or delete old results from it.
    Store(StoreArgs),
    /// Write a synthetic month with a truth file, for training and tests.
    Simulate(crate::cli::simulate::SimulateArgs),
    /// Explain a reason, an ISO code or a problem code; without one, list all reasons.
    Explain(ExplainArgs),
    /// Check a configuration.
    Config(ConfigArgs),
    /// Write completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual page.
    Man,
}

/// What reports are split by.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SplitArg {
    /// Office or municipality.
    Office,
    /// Benefit.
    Benefit,
    /// Facility.
    Facility,
    /// Who has to act: a work list each for social office, county, treasury and bank.
    Actor,
    /// What is to be done: payments to make again, letters, inquiries to the bank.
    Task,
}

/// When the exit code is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Also for delayed payments.
    Delayed,
    /// For whatever needs a person.
    #[default]
    FollowUp,
    /// Never for a complete run.
    Never,
}

/// A status to show.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum StatusArg {
    /// Credited.
    Credited,
    /// Delayed.
    Delayed,
    /// Follow-up.
    FollowUp,
}

/// `gutschrift verify`.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub struct VerifyArgs {
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub inputs: InputArgs,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub terms: TermsArgs,
    /// Output format [default: what the ending of `--output` says, else table].
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write to a file instead of the terminal; whole or not at all, mode 0600. A pipe or a device is
    /// written into as it is.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the bank entries too, as CSV, one row each, whatever the format; whole or not at all,
    /// mode 0600.
    #[arg(long, value_name = "FILE")]
    pub entries: Option<PathBuf>,
    /// What stands between the fields of CSV, in `--entries` too.
    #[arg(long, value_name = "WHICH", default_value = "comma")]
    pub separator: SeparatorArg,
    /// Only these columns of `--format csv`, in this order: names of its header, with commas
    /// between.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = column)]
    pub columns: Vec<Column>,
    /// Only these columns of `--entries`, in this order: names of its header, with commas between.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = entry_column)]
    pub entry_columns: Vec<EntryColumn>,
    /// Show only payments of this status (may be given several times).
    #[arg(long, value_name = "STATUS")]
    pub status: Vec<StatusArg>,
    /// Show only payments with this reason.
    #[arg(long, value_name = "REASON", value_parser = reason)]
    pub reason: Vec<Reason>,
    /// Show only what this one has to act on: social-office, county, treasury or bank.
    #[arg(long, value_name = "WHO", value_parser = actor)]
    pub actor: Vec<Actor>,
    /// Show only payments of this benefit.
    #[arg(long, value_name = "BENEFIT")]
    pub benefit: Vec<String>,
    /// No frames, no colours, one fact a line: for pipes and screen readers.
    #[arg(long)]
    pub plain: bool,
    /// Width of tables in characters [default: the terminal's, else 120].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(40..=1000))]
    pub width: Option<u16>,
    /// In the table: every file that was read, not one line a folder.
    #[arg(long)]
    pub files: bool,
    /// Only the sums.
    #[arg(long, short)]
    pub quiet: bool,
    /// Only counts and sums of groups of five and more, for the press: no row, no name, no file.
    #[arg(long)]
    pub redact: bool,
    /// One report for each office, benefit or facility, one work list for each who acts, or one list for each kind
    /// of task; `--output` names the folder.
    #[arg(long, value_name = "WHAT", requires = "output")]
    pub split_by: Option<SplitArg>,
    /// Keep the result in this store, made if it is not there: say first what has changed since the last kept one, and
    /// show decisions beside the verdicts.
    #[arg(long, value_name = "FOLDER")]
    pub store: Option<PathBuf>,
    /// The look-up log: of whom was already told otherwise.
    #[arg(long, value_name = "FILE", requires = "store")]
    pub log: Option<PathBuf>,
    /// The key of the log, if it is not FILE.key beside it.
    #[arg(long, value_name = "FILE", requires = "log")]
    pub log_key: Option<PathBuf>,
    /// When to end with exit code 1.
    #[arg(long, value_name = "WHEN", default_value = "follow-up")]
    pub fail_on: FailOn,
}

impl VerifyArgs {
    /// The output format: as asked for, else what the output's name says, else a table.
    pub fn format(&self) -> Format {
        let output = self.output.as_deref().filter(|_| self.split_by.is_none());
        self.format.or_else(|| Format::of_name(output?)).unwrap_or_default()
    }
}

/// `gutschrift inspect`.
#[derive(Args, Debug)]
pub struct InspectArgs {
    /// Files and folders.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Output format: `table` or `json`.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
    /// Write a first column map for a list that is not known.
    #[arg(long)]
    pub suggest: bool,
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

/// `gutschrift compare`.
#[derive(Args, Debug)]
pub struct CompareArgs {
    /// List, order or folder of the earlier month; with its bank files also whose money came back is known.
    pub old: PathBuf,
    /// List, order or folder of the later month.
    pub new: PathBuf,
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

/// `gutschrift explain`.
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// Any word of a report: a reason (`not-found`), an ISO code (`AC04`), a problem or finding
    /// (`amount-ambiguous`), a level (`E5`), a state (`zu klären`).
    #[arg(value_name = "WORD")]
    pub term: Vec<String>,
    /// Language [default: the locale, else English].
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<LanguageArg>,
}

/// `gutschrift config`.
#[derive(Args, Debug)]
pub struct ConfigArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub action: ConfigAction,
}

/// What to do with a configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Read it and say what is wrong.
    Check {
        /// The file.
        #[arg(default_value = "gutschrift.toml")]
        file: PathBuf,
    },
}

/// Who calls.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum CallerArg {
    /// The person, identified.
    #[default]
    Person,
    /// Somebody else: the neutral refusal.
    ThirdParty,
    /// Not identified: only the state of the run.
    Unidentified,
}

/// `gutschrift lookup`.
#[derive(Args, Debug)]
pub struct LookupArgs {
    /// Case number, name, or the account number or its last four or more characters; words that are files
    /// or folders are read, as for `verify`. Without a query you are asked, so that no name stays in the
    /// shell's history.
    #[arg(value_name = "QUERY|PATH")]
    pub words: Vec<PathBuf>,
    /// A file or folder, as for `verify`; may be given several times. Folders are months of their own if each
    /// of them can be reconciled.
    #[arg(long, value_name = "PATH")]
    pub from: Vec<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub roles: RoleArgs,
    /// A result saved by `verify --format json --output FILE`; may be given several times, for several months.
    #[arg(long, value_name = "FILE")]
    pub result: Vec<PathBuf>,
    /// A store of `verify --store`: the newest result of each month (or of `--month`), with what was decided since.
    #[arg(long, value_name = "FOLDER")]
    pub store: Option<PathBuf>,
    /// A care home or other facility as the caller: all its residents, sum and state.
    #[arg(long, value_name = "NAME")]
    pub facility: Option<String>,
    /// Make the index of the result anew (FILE.index), for one that was copied without it.
    #[arg(long, requires = "result")]
    pub index: bool,
    /// Only payments of this amount.
    #[arg(long, value_name = "AMOUNT")]
    pub amount: Option<String>,
    /// Who calls.
    #[arg(long, value_name = "WHO", default_value = "person")]
    pub caller: CallerArg,
    /// Output format: `table`, or `json` or `csv` for scripts. Queries from a pipe give one line each there.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
    /// Append each look-up to this log: no names, no account numbers, no amounts.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// The key of the log, if it is not FILE.key beside it.
    #[arg(long, value_name = "FILE")]
    pub log_key: Option<PathBuf>,
    #[command(flatten)]
    #[expect(missing_docs, reason = "flattened")]
    pub terms: TermsArgs,
}

/// `gutschrift log`.
#[derive(Args, Debug)]
pub struct LogArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub action: LogAction,
}

/// What to do with a look-up log.
#[derive(Debug, Subcommand)]
pub enum LogAction {
    /// Check that no line was changed or taken out.
    Verify {
        /// The log.
        file: PathBuf,
        /// Its key, if it is not FILE.key.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// An entry that must be there, as an earlier check has named its last one.
        #[arg(long, value_name = "ENTRY")]
        last: Option<String>,
        /// Language [default: the locale, else English].
        #[arg(long, value_name = "LANGUAGE")]
        lang: Option<LanguageArg>,
    },
}

fn reason(text: &str) -> Result<Reason, String> {
    Reason::from_name(text).ok_or_else(|| {
        let known: Vec<&str> = Reason::ALL.iter().map(|reason| reason.name()).collect();
        format!("known reasons are {}", known.join(", "))
    })
}

fn actor(text: &str) -> Result<Actor, String> {
    Actor::ALL.into_iter().find(|actor| actor.name() == text).ok_or_else(|| {
        let known: Vec<&str> = Actor::ALL.iter().map(|actor| actor.name()).collect();
        format!("known are {}", known.join(", "))
    })
}

fn column(text: &str) -> Result<Column, String> {
    Column::from_name(text.trim()).ok_or_else(|| {
        let known: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
        format!("known columns are {}", known.join(", "))
    })
}

fn entry_column(text: &str) -> Result<EntryColumn, String> {
    EntryColumn::from_name(text.trim()).ok_or_else(|| {
        let known: Vec<&str> = EntryColumn::ALL.iter().map(|column| column.name()).collect();
        format!("known columns are {}", known.join(", "))
    })
}
