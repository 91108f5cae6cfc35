//! `gutschrift diff`: what changed from one result to another, what hurts first.

use std::path::Path;
use std::path::PathBuf;

use crate::cli::config;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::log::Answers;
use crate::cli::log::Log;
use crate::cli::progress::Bar;
use crate::cli::report;
use crate::cli::results;
use crate::cli::results::Judge;
use crate::cli::store::Store;
use crate::cli::store_arguments::DiffArgs;
use crate::cli::store_arguments::ListArgs;
use crate::cli::store_arguments::ListFormat;
use crate::model::crew;
use crate::model::language::Language;
use crate::reports::options::Options;
use crate::store::changes::Changes;
use crate::store::changes::Side;
use crate::store::diff;
use crate::store::diff::Change;
use crate::store::row::Kept;
use crate::store::row::Row;

/// Runs the command; gives the exit code: 0 nothing changed for the worse, 1 something did.
///
/// # Errors
///
/// Results that cannot be used.
pub fn run(args: &DiffArgs) -> Result<u8, Failure> {
    crew::with_crew(console::threads(args.terms.threads), || compared(args))
}

fn compared(args: &DiffArgs) -> Result<u8, Failure> {
    let sides = || args.old.iter().chain(&args.new);
    let config = config::load_for(args.terms.config.as_deref(), sides(), args.terms.lang)?;
    let language = console::language(args.terms.lang, config.language.as_deref());
    report::spare(args.list.out.output.as_deref(), sides(), language)?;
    let answers = answers(args.log.as_deref(), args.log_key.as_deref(), &config, language)?;
    let bar = Bar::new(args.list.quiet || args.list.out.plain, language);
    let progress = bar.progress();
    let judge = Judge { terms: &args.terms, config: &config, language, progress: &progress };
    let sides = asked(args, language)?;
    let [(old, before), (new, after)] = [load(&sides[0], &judge)?, load(&sides[1], &judge)?];
    drop(bar);
    let changes = of((&old, &before), (&new, &after), answers.as_ref());
    let options = report::options(&args.list.out, args.list.quiet, language);
    print(&changes, &args.list, &options)?;
    let code = u8::from(changes.are_worse());
    // The process ends here; taking a million rows apart one by one would only delay it.
    std::mem::forget((before, after));
    Ok(code)
}

/// One side of a comparison.
enum Asked {
    Path(PathBuf),
    Run(Store, String),
}

fn load(asked: &Asked, judge: &Judge<'_>) -> Result<(String, Kept), Failure> {
    match asked {
        Asked::Path(path) => Ok((results::named(path), results::load(path, judge)?)),
        Asked::Run(store, run) => Ok((run.clone(), store.kept(run)?)),
    }
}

/// What is to be compared with what.
fn asked(args: &DiffArgs, language: Language) -> Result<[Asked; 2], Failure> {
    let wrong =
        |german: &str, english: &str| Failure::Usage(language.pick(german, english).to_owned());
    let Some(path) = &args.store else {
        return match (&args.old, &args.new) {
            (Some(old), Some(new)) => Ok([of_path(old, language)?, of_path(new, language)?]),
            _ => Err(wrong(
                "Welche zwei Ergebnisse? Zum Beispiel: gutschrift diff gestern.json november/",
                "which two results? for example: gutschrift diff yesterday.json november/",
            )),
        };
    };
    let store = Store::open(path, language)?;
    let named = |side: &PathBuf| match store.named(&side.to_string_lossy())? {
        Some(run) => Ok(Asked::Run(store.clone(), run)),
        None => of_path(side, language),
    };
    let mut newest = store.runs()?;
    let Some(last) = newest.pop() else {
        return Err(wrong("In der Ablage ist kein Ergebnis.", "there is no result in the store"));
    };
    let run = |name: String| Asked::Run(store.clone(), name);
    match (&args.old, &args.new) {
        (Some(old), Some(new)) => Ok([named(old)?, named(new)?]),
        (Some(old), None) => Ok([named(old)?, run(last)]),
        (None, _) => {
            let due = |name: &String| store.head(name).ok().and_then(|head| head.run.due);
            let own = due(&last);
            let before = newest.iter().rev().find(|name| due(name) == own).or(newest.last());
            let Some(before) = before else {
                return Err(wrong(
                    "In der Ablage ist erst ein Ergebnis; es gibt nichts zu vergleichen.",
                    "there is only one result in the store; there is nothing to compare it with",
                ));
            };
            Ok([run(before.clone()), run(last)])
        }
    }
}

/// A path; that of a store means its newest result.
fn of_path(path: &Path, language: Language) -> Result<Asked, Failure> {
    if path.join("store.json").is_file() {
        let store = Store::open(path, language)?;
        if let Some(run) = store.runs()?.pop() {
            return Ok(Asked::Run(store, run));
        }
    }
    Ok(Asked::Path(path.to_owned()))
}

/// The answers of a look-up log, if one is named.
///
/// # Errors
///
/// A log that cannot be read.
pub(super) fn answers(
    log: Option<&Path>,
    key: Option<&Path>,
    config: &Config,
    language: Language,
) -> Result<Option<Answers>, Failure> {
    let configured = config.log.as_deref().map(Path::new).filter(|path| path.exists());
    let Some(log) = log.or(configured) else { return Ok(None) };
    let key = key.map(Path::to_owned).or_else(|| config.log_key.as_deref().map(PathBuf::from));
    Log::new(log, key.as_deref(), language).answers().map(Some)
}

/// The changes between two results, with what was told.
pub(super) fn of<'a>(
    (old_name, old): (&str, &'a Kept),
    (new_name, new): (&str, &'a Kept),
    answers: Option<&Answers>,
) -> Changes<'a> {
    let side = |name: &str, kept: &Kept| Side {
        name: crate::model::text::leaving(name, false),
        due: kept.run.due,
        payments: kept.payments.len(),
    };
    let changes = diff::diff(&old.payments, &new.payments);
    let was_told = |change: &Change<'_>| answers.is_some_and(|answers| told(answers, change));
    Changes {
        old: side(old_name, old),
        new: side(new_name, new),
        changes: changes.into_iter().map(|change| (change, was_told(&change))).collect(),
    }
}

/// Whether the last that was told of a payment is not what holds now.
fn told(answers: &Answers, change: &Change<'_>) -> bool {
    let rows = [change.old, change.new].into_iter().flatten();
    let last = rows
        .map(Row::identity)
        .filter_map(|identity| answers.of(&identity).iter().max_by_key(|answer| &answer.when))
        .max_by_key(|answer| &answer.when);
    let now = change.new.map(|row| &*row.status);
    last.is_some_and(|answer| Some(answer.status.as_str()) != now)
}

fn print(changes: &Changes<'_>, list: &ListArgs, options: &Options) -> Result<(), Failure> {
    report::output(&list.out, options.language, |out| match list.format() {
        ListFormat::Table => changes.table(options, out),
        ListFormat::Json => changes.json(out),
        ListFormat::Csv => changes.csv(options, out),
        ListFormat::Html => changes.html(options, out),
    })
}
