//! `gutschrift verify`.

use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::arguments::FailOn;
use crate::cli::arguments::Format;
use crate::cli::arguments::SplitArg;
use crate::cli::arguments::StatusArg;
use crate::cli::arguments::TermsArgs;
use crate::cli::arguments::VerifyArgs;
use crate::cli::config;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::diff;
use crate::cli::error::Failure;
use crate::cli::index;
pub use crate::cli::judged::Shown;
pub use crate::cli::judged::TOOL;
pub use crate::cli::judged::outcome;
pub(super) use crate::cli::judged::terms_of;
use crate::cli::kept::Keeping;
use crate::cli::outputs;
use crate::cli::outputs::Names;
use crate::cli::progress::Bar;
use crate::cli::progress::Progress;
use crate::cli::progress_text::Phase;
use crate::cli::sources::changed;
use crate::cli::write::WholeFiles;
use crate::model::crew;
use crate::model::language::Language;
use crate::model::payment::Benefit;
use crate::model::problem::Severity;
use crate::reports;
use crate::reports::document::Document;
use crate::reports::options::Asked;
use crate::reports::options::Filter;
use crate::reports::options::Options;
use crate::reports::options::Trails;
use crate::reports::redact::Kind;
use crate::reports::resolution::Resolutions;
use crate::reports::rows::Rows;
use crate::reports::work::Cleared;
use crate::verdict::result::Outcome;
use crate::verdict::settled::Settled;
use crate::verdict::status::Status;

/// Runs the command; gives the exit code.
///
/// # Errors
///
/// Whatever keeps it from a complete result.
pub fn run(args: &VerifyArgs) -> Result<u8, Failure> {
    crew::with_crew(console::threads(args.terms.threads), || verified(args))
}

fn verified(args: &VerifyArgs) -> Result<u8, Failure> {
    let config =
        config::load_for(args.terms.config.as_deref(), &args.inputs.paths, args.terms.lang)?;
    let language = console::language(args.terms.lang, config.language.as_deref());
    outputs::check(args, language)?;
    let bar = Bar::new(args.quiet || args.plain, language);
    let progress = bar.progress();
    let is_csv = args.format() == Format::Csv;
    let all_columns = args.columns.is_empty();
    let is_kept = args.store.is_some();
    let shown = Shown {
        digests: !is_csv || is_kept,
        trails: is_kept
            || !is_csv
            || all_columns
            || args.columns.contains(&reports::column::Column::Trail),
    };
    let outcome = outcome(&args.inputs, &args.terms, &config, language, &progress, shown)?;
    let mut options = options_of(args, &config, language);
    sums_fit(&outcome, language)?;
    outputs::spare_inputs(args, &outcome, language)?;
    let (since_last, cleared) = kept(args, &config, &outcome, &mut options)?;
    let code = exit_code_beside(&options.resolutions, &outcome, args.fail_on);
    let mut outcome = outcome;
    if args.split_by.and_then(outputs::by_of).is_some() {
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
    if let Some(split_by) = args.split_by {
        let folder = args.output.as_deref().unwrap_or_else(|| Path::new("."));
        let made = (&outcome, &options, cleared.as_slice());
        split_up(args.format(), (split_by, folder), made, files, &progress)?;
        return Ok(code);
    }
    let write = |out: &mut (dyn Write + Send)| {
        let out = &mut progress.counting(out);
        out.write_all(&since_last)?;
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

/// One report for each part, or one list for each who acts or each kind of task.
fn split_up(
    format: Format,
    (split_by, folder): (SplitArg, &Path),
    (outcome, options, cleared): (&Outcome, &Options, &[Cleared]),
    files: WholeFiles,
    progress: &Progress,
) -> Result<(), Failure> {
    let language = options.language;
    let ending = outputs::ending(format);
    let names = |by| Names { outcome, by, folder, ending };
    let document = |part: &Document, out: &mut (dyn Write + Send)| {
        part.write(kind(format), options, &mut progress.counting(out))
    };
    if let Some(by) = outputs::by_of(split_by) {
        let parts = reports::split::split(outcome, by);
        let report = |part: &Outcome, out: &mut (dyn Write + Send)| {
            report(format, part, options, &mut progress.counting(out))
        };
        return outputs::write_parts(files, &names(by.name()), parts, report, language);
    }
    let rows = Rows::new(outcome, options);
    let (name, parts) = match split_by {
        SplitArg::Task => ("task", reports::tasks::lists(&rows)),
        _ => ("actor", reports::work::sheets(&rows, cleared)),
    };
    if parts.is_empty() {
        console::say(language.pick("Niemand muss etwas tun.", "Nobody has to do anything."));
    }
    outputs::write_parts(files, &names(name), parts, document, language)
}

/// Keeps the result, if a store is named, and gives what has changed since the last: what stands before a report
/// on the terminal, and the follow-ups that are done. Where the report goes elsewhere it is said at once.
fn kept(
    args: &VerifyArgs,
    config: &Config,
    outcome: &Outcome,
    options: &mut Options,
) -> Result<(Vec<u8>, Vec<Cleared>), Failure> {
    let Some(path) = &args.store else { return Ok((Vec::new(), Vec::new())) };
    let keeping = Keeping::begin(path, options.language)?;
    options.resolutions = keeping.resolutions(outcome, options.threads);
    let (log, key) = (args.log.as_deref(), args.log_key.as_deref());
    let answers = diff::answers(log, key, config, options.language)?;
    let is_for_work = matches!(args.split_by, Some(SplitArg::Actor));
    let (changes, cleared) = keeping.keep(outcome, options, answers.as_ref(), is_for_work)?;
    if args.output.is_none() && args.format() == Format::Table {
        return Ok((changes, cleared));
    }
    console::say(String::from_utf8_lossy(&changes).trim_end());
    Ok((Vec::new(), cleared))
}

fn options_of(args: &VerifyArgs, config: &Config, language: Language) -> Options {
    Options {
        language,
        full_iban: args.terms.full_iban || config.full_iban,
        plain: args.plain,
        quiet: args.quiet,
        width: args.width.or_else(console::terminal_width),
        files: args.files,
        filter: Filter {
            statuses: args.status.iter().map(|status| status_of(*status)).collect(),
            reasons: args.reason.clone(),
            actors: args.actor.clone(),
            // Asked for in the words of lists or by name: `Sozialhilfe` is `social-assistance`.
            benefits: args
                .benefit
                .iter()
                .map(|text| Benefit::read(text).name().to_owned())
                .collect(),
        },
        columns: args.columns.clone(),
        entry_columns: args.entry_columns.clone(),
        tool: TOOL.to_owned(),
        separator: args.separator.separator(),
        threads: console::threads(args.terms.threads),
        offices: config.offices.clone(),
        resolutions: Resolutions::default(),
        trails: Trails::All,
        asked: asked(&args.terms, config),
    }
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

/// What the run was asked, as its result tells.
fn asked(args: &TermsArgs, config: &Config) -> Asked {
    let terms = terms_of(args, config);
    Asked {
        month: args.month.map(|month| month.to_string()),
        due: args.due,
        late_until: args.late_until,
        crediting: Some(terms.crediting.name()),
        as_of: args.as_of,
        closed: config.closed.clone(),
        config_sha256: config.sha256.clone(),
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
    exit_code_beside(&Resolutions::default(), outcome, fail_on)
}

/// The same, beside what people decided.
fn exit_code_beside(resolutions: &Resolutions, outcome: &Outcome, fail_on: FailOn) -> u8 {
    let totals = &outcome.totals;
    let options = Options { resolutions: resolutions.clone(), ..Options::default() };
    let open = Rows::new(outcome, &options).open();
    let error = outcome.problems.iter().any(|problem| problem.severity == Severity::Error);
    let needs_person = open.count > 0
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
