//! `gutschrift verify`.

use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::arguments::CreditingArg;
use crate::cli::arguments::FailOn;
use crate::cli::arguments::Format;
use crate::cli::arguments::InputArgs;
use crate::cli::arguments::SeparatorArg;
use crate::cli::arguments::StatusArg;
use crate::cli::arguments::TermsArgs;
use crate::cli::arguments::VerifyArgs;
use crate::cli::config;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::index;
use crate::cli::outputs;
use crate::cli::outputs::Names;
use crate::cli::progress::Bar;
use crate::cli::progress::Progress;
use crate::cli::progress_text::Phase;
use crate::cli::sources;
use crate::cli::sources::Wanted;
use crate::cli::sources::changed;
use crate::cli::write::WholeFiles;
use crate::model::crew;
use crate::model::language::Language;
use crate::model::problem::Severity;
use crate::model::reading::Role;
use crate::reports;
use crate::reports::options::Filter;
use crate::reports::options::Options;
use crate::reports::options::Separator;
use crate::reports::redact::Kind;
use crate::verdict::judge;
use crate::verdict::result::Outcome;
use crate::verdict::settled::Settled;
use crate::verdict::status::Status;
use crate::verdict::terms::Crediting;
use crate::verdict::terms::Terms;

/// Name and version, as reports show it.
pub const TOOL: &str = concat!("gutschrift ", env!("CARGO_PKG_VERSION"));

/// Runs the command; gives the exit code.
///
/// # Errors
///
/// Whatever keeps it from a complete result.
pub fn run(args: &VerifyArgs) -> Result<u8, Failure> {
    crew::with_crew(console::threads(args.terms.threads), || verified(args))
}

fn verified(args: &VerifyArgs) -> Result<u8, Failure> {
    let config = config::load(args.terms.config.as_deref())?;
    let language = console::language(args.terms.lang, config.language.as_deref());
    outputs::check(args, language)?;
    let bar = Bar::new(args.quiet || args.plain, language);
    let progress = bar.progress();
    let is_csv = args.format() == Format::Csv;
    let all_columns = args.columns.is_empty();
    let shown = Shown {
        digests: !is_csv,
        trails: !is_csv || all_columns || args.columns.contains(&reports::column::Column::Trail),
    };
    let outcome = outcome(&args.inputs, &args.terms, &config, language, &progress, shown)?;
    let options = Options {
        language,
        full_iban: args.terms.full_iban || config.full_iban,
        plain: args.plain,
        quiet: args.quiet,
        width: console::terminal_width(),
        filter: Filter {
            statuses: args.status.iter().map(|status| status_of(*status)).collect(),
            reasons: args.reason.clone(),
            benefits: args.benefit.clone(),
        },
        columns: args.columns.clone(),
        entry_columns: args.entry_columns.clone(),
        tool: TOOL.to_owned(),
        separator: match args.separator {
            SeparatorArg::Comma => Separator::Comma,
            SeparatorArg::Semicolon => Separator::Semicolon,
        },
        threads: console::threads(args.terms.threads),
    };
    let code = exit_code(&outcome, args.fail_on);
    sums_fit(&outcome, language)?;
    outputs::spare_inputs(args, &outcome, language)?;
    let mut outcome = outcome;
    if args.split_by.is_some() {
        let settled = Arc::clone(&outcome.settled);
        outcome = outcome.unfolded();
        unchanged(&settled, language).map_err(|error| Failure::Data(vec![error.to_string()]))?;
    }
    progress.begin(Phase::Writing);
    let mut files = WholeFiles::default();
    if let (Some(_), Some(folder)) = (args.split_by, &args.output) {
        files.folder(folder).map_err(|error| failed(folder, &error, language))?;
    }
    if let Some(path) = &args.entries {
        let write = |out: &mut (dyn Write + Send)| {
            reports::entries::write(&outcome, &options, &mut progress.counting(out))?;
            unchanged(&outcome.settled, language)
        };
        files.add(path, write).map_err(|error| failed(path, &error, language))?;
    }
    if let (Some(by), Some(folder)) = (args.split_by, &args.output) {
        let report = |part: &Outcome, out: &mut (dyn Write + Send)| {
            report(args.format(), part, &options, &mut progress.counting(out))
        };
        let names = Names { outcome: &outcome, by, folder, ending: outputs::ending(args.format()) };
        outputs::write_parts(files, &names, report, language)?;
        return Ok(code);
    }
    let write = |out: &mut (dyn Write + Send)| {
        let out = &mut progress.counting(out);
        if args.redact {
            reports::redact::write(&outcome, kind(args.format()), &options, out)?;
        } else {
            report(args.format(), &outcome, &options, out)?;
        }
        unchanged(&outcome.settled, language)
    };
    let named = |(path, error): (PathBuf, io::Error)| failed(&path, &error, language);
    match &args.output {
        Some(path) if args.format() == Format::Json && !args.redact => {
            index::save(files, path, write, language).map_err(named)?;
        }
        Some(path) => {
            files.add(path, write).map_err(|error| failed(path, &error, language))?;
            files.keep().map_err(named)?;
            if args.redact && args.format() == Format::Json {
                index::remove(path).map_err(named)?;
            }
        }
        None => {
            // What is printed may go to the same terminal.
            drop(bar);
            console::print(write)?;
            files.keep().map_err(named)?;
        }
    }
    // The process ends here; taking a million rows apart one by one would only delay it.
    std::mem::forget(outcome);
    Ok(code)
}

/// Sums that are beyond all measure are held at the largest amount there is, and would be wrong.
fn sums_fit(outcome: &Outcome, language: Language) -> Result<(), Failure> {
    let totals = &outcome.totals;
    let held = [totals.payments, totals.bank_debits, totals.returned, totals.unassigned_returns]
        .into_iter()
        .any(|tally| matches!(tally.amount.cents(), i64::MAX | i64::MIN));
    if !held {
        return Ok(());
    }
    Err(Failure::Data(vec![
        language
            .pick(
                "Die Summe der Beträge ist größer, als dieses Programm rechnen kann; bitte die Beträge prüfen",
                "the sum of the amounts is larger than this program can count; please check the amounts",
            )
            .to_owned(),
    ]))
}

fn failed(path: &Path, error: &io::Error, language: Language) -> Failure {
    Failure::of_output(&path.to_string_lossy(), error, language)
}

/// Rows of large files are read again for the report; they must be the same then.
fn unchanged(settled: &Settled, language: Language) -> io::Result<()> {
    match settled.trouble() {
        Some(path) => Err(io::Error::other(changed(&path, language))),
        None => Ok(()),
    }
}

fn report(
    format: Format,
    outcome: &Outcome,
    options: &Options,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    match format {
        Format::Table => reports::terminal::write(outcome, options, out),
        Format::Json => reports::json::write(outcome, options, out),
        Format::Csv => reports::csv::write(outcome, options, out),
        Format::Md => reports::markdown::write(outcome, options, out),
        Format::Html => reports::html::write(outcome, options, out),
        Format::Xlsx => reports::xlsx::write(outcome, options, out),
    }
}

const fn kind(format: Format) -> Kind {
    match format {
        Format::Table => Kind::Table,
        Format::Json => Kind::Json,
        Format::Csv => Kind::Csv,
        Format::Md => Kind::Markdown,
        Format::Html => Kind::Html,
        Format::Xlsx => Kind::Xlsx,
    }
}

/// What will be shown of an outcome besides the verdicts; the rest need not be made.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Digests of the files.
    pub digests: bool,
    /// How verdicts came about.
    pub trails: bool,
}

/// Reads the files and judges them.
///
/// # Errors
///
/// Whatever keeps the run from a complete result.
pub fn outcome(
    inputs: &InputArgs,
    terms: &TermsArgs,
    config: &Config,
    language: Language,
    progress: &Progress,
    shown: Shown,
) -> Result<Outcome, Failure> {
    let forced = |paths: &[PathBuf], role: Role| -> Vec<_> {
        paths.iter().map(|path| (path.clone(), role)).collect()
    };
    let mut wanted = Wanted {
        paths: inputs.paths.clone(),
        forced: forced(&inputs.list, Role::List),
        column_maps: config.column_maps.clone(),
        language,
        threads: console::threads(terms.threads),
        without_digests: !shown.digests,
        progress: progress.clone(),
    };
    wanted.forced.extend(forced(&inputs.order, Role::Order));
    wanted.forced.extend(forced(&inputs.bank, Role::Bank));
    if wanted.paths.is_empty() && wanted.forced.is_empty() {
        return Err(Failure::Usage(
            language
                .pick(
                    "Welche Dateien? Zum Beispiel: gutschrift verify november/",
                    "which files? for example: gutschrift verify november/",
                )
                .to_owned(),
        ));
    }
    let gathered = gather::inputs(&wanted)?;
    progress.begin(Phase::Matching);
    let files = gathered.files.clone();
    let read_again: Vec<_> = gathered.read_again().collect();
    let terms = Terms { without_trails: !shown.trails, ..terms_of(terms, config) };
    let outcome =
        judge(gathered, &terms).map_err(|refusal| sources::refused(refusal, &files, language))?;
    sources::unchanged(&read_again, language).map(|()| outcome)
}

pub(super) fn terms_of(args: &TermsArgs, config: &Config) -> Terms {
    let asked = args.crediting.map(|crediting| match crediting {
        CreditingArg::SameDay => Crediting::SameDay,
        CreditingArg::NextDay => Crediting::NextDay,
    });
    Terms {
        month: args.month,
        due: args.due,
        late_until: args.late_until,
        crediting: asked.or(config.crediting).unwrap_or_default(),
        as_of: args.as_of,
        calendar: config.calendar.clone(),
        payer_accounts: config.payer_accounts.clone(),
        threads: console::threads(args.threads),
        without_trails: false,
    }
}

const fn status_of(status: StatusArg) -> Status {
    match status {
        StatusArg::Credited => Status::Credited,
        StatusArg::Delayed => Status::Delayed,
        StatusArg::FollowUp => Status::FollowUp,
    }
}

/// 1 if something needs a person.
pub fn exit_code(outcome: &Outcome, fail_on: FailOn) -> u8 {
    let totals = &outcome.totals;
    let error = outcome.problems.iter().any(|problem| problem.severity == Severity::Error);
    let needs_person = totals.follow_up.count > 0
        || totals.unlisted.count > 0
        || totals.unassigned_returns.count > 0
        || error
        || !totals.closes;
    let fails = match fail_on {
        FailOn::Never => false,
        FailOn::FollowUp => needs_person,
        FailOn::Delayed => needs_person || totals.delayed.count > 0,
    };
    u8::from(fails)
}
