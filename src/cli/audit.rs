//! `gutschrift audit`: checks every claim of a saved result against the files again.

use std::path::Path;
use std::path::PathBuf;

use crate::audit::Audited;
use crate::audit::Basis;
use crate::audit::audit;
use crate::audit::calendar::BankingDays;
use crate::audit::claims::Claims;
use crate::audit::finding::Finding;
use crate::cli::audit_arguments::AuditArgs;
use crate::cli::audit_pack;
use crate::cli::config;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::gather;
use crate::cli::report;
use crate::cli::results;
use crate::cli::sources::Wanted;
use crate::cli::sources::unchanged;
use crate::cli::store::Store;
use crate::model::crew;
use crate::model::inputs::Inputs;
use crate::model::language::Language;
use crate::model::reading::Role;
use crate::model::text::harmless;
use crate::reports;
use crate::reports::lookup::account::check_of;
use crate::reports::options::Options;

/// Runs the command; gives the exit code: 0 all proven, 1 some claim refuted, 3 some claim open.
///
/// # Errors
///
/// What is no result, or files that cannot be used.
pub fn run(args: &AuditArgs) -> Result<u8, Failure> {
    crew::with_crew(console::threads(args.threads), || audited(args))
}

fn audited(args: &AuditArgs) -> Result<u8, Failure> {
    let asked = console::language(args.lang, None);
    let (source, paths) = source(args, asked)?;
    let config = match (&args.config, &source.configuration) {
        (None, Some(text)) => config::parse(text, &source.shown)?,
        (asked, _) => config::load_for(asked.as_deref(), &paths, args.lang)?,
    };
    let language = console::language(args.lang, config.language.as_deref());
    let named = paths.iter().chain(&args.roles.list).chain(&args.roles.order);
    let named = named.chain(&args.roles.bank).chain([&args.result]);
    report::check_output(&args.report, named, language)?;
    if paths.is_empty() && args.roles.is_empty() {
        return Err(Failure::Usage(
            language
                .pick(
                    "Aus welchen Dateien entstand das Ergebnis? Zum Beispiel: gutschrift audit ergebnis.json november/",
                    "which files was the result made from? for example: gutschrift audit result.json november/",
                )
                .to_owned(),
        ));
    }
    let claims = claims(&source, language)?;
    let mut inputs = inputs(args, paths, &claims, &config, language)?;
    let again: Vec<_> = inputs.read_again().collect();
    inputs.unfold();
    let known = config.sha256.is_some() && config.sha256 == claims.run.config_sha256;
    let closed = if known { &config.closed } else { &claims.run.calendar.closed };
    let basis = Basis {
        calendar: BankingDays::without(closed.iter().copied()),
        config_sha256: config.sha256.clone(),
        closed: config.closed.clone(),
        check_of,
    };
    let mut audited: Audited = audit(&claims, &inputs, &basis);
    audited.add(source.findings);
    unchanged(&again, language)?;
    let options = Options {
        full_iban: args.full_iban || config.full_iban,
        ..report::options(&args.report.out, args.report.quiet, language)
    };
    report::write(&reports::audit::document(&audited, &options), &args.report, &options)?;
    let code = audited.exit_code();
    // The process ends here; taking a million rows apart one by one would only delay it.
    std::mem::forget((claims, inputs));
    Ok(code)
}

/// The result to check.
struct Source {
    bytes: Vec<u8>,
    shown: String,
    configuration: Option<String>,
    findings: Vec<Finding>,
}

/// The result, and the files that were named.
fn source(args: &AuditArgs, language: Language) -> Result<(Source, Vec<PathBuf>), Failure> {
    let of_run = |store: &Store, run: &str| -> Result<Source, Failure> {
        let shown = harmless(&store.run_path(run).to_string_lossy());
        Ok(Source { bytes: store.bytes(run)?, shown, configuration: None, findings: Vec::new() })
    };
    let newest = |store: &Store| -> Result<Source, Failure> {
        let Some(run) = store.runs()?.pop() else {
            let none = ("In der Ablage ist kein Ergebnis.", "there is no result in the store");
            return Err(Failure::Usage(language.pick(none.0, none.1).to_owned()));
        };
        of_run(store, &run)
    };
    let path = &args.result;
    if let Some(folder) = &args.store {
        let store = Store::open(folder, language)?;
        return match store.named(&path.to_string_lossy())? {
            Some(run) => Ok((of_run(&store, &run)?, args.paths.clone())),
            // No run is named: the first path is one of the files.
            None if path.exists() => {
                let files = [path.clone()].into_iter().chain(args.paths.iter().cloned());
                Ok((newest(&store)?, files.collect()))
            }
            None => Err(no_result(&harmless(&path.to_string_lossy()), language)),
        };
    }
    if path.join("store.json").is_file() {
        return Ok((newest(&Store::open(path, language)?)?, args.paths.clone()));
    }
    Ok((saved(path, language)?, args.paths.clone()))
}

/// A result in a file of its own, or in a pack.
fn saved(path: &Path, language: Language) -> Result<Source, Failure> {
    let unreadable = |error: std::io::Error| results::unreadable(path, &error);
    let shown = harmless(&path.to_string_lossy());
    if path.is_dir() {
        return Err(no_result(&shown, language));
    }
    if let Some(bytes) = results::saved(path).map_err(unreadable)? {
        return Ok(Source { bytes, shown, configuration: None, findings: Vec::new() });
    }
    match audit_pack::open(path) {
        Ok(Some(pack)) => Ok(Source {
            bytes: pack.result,
            shown: format!("{shown}/gutschrift.toml"),
            configuration: pack.configuration,
            findings: pack.findings,
        }),
        Ok(None) => Err(no_result(&shown, language)),
        Err(error) => Err(Failure::Data(vec![format!("{shown}: {error}")])),
    }
}

fn no_result(shown: &str, language: Language) -> Failure {
    Failure::Data(vec![match language {
        Language::De => format!("{shown} ist kein Ergebnis von `gutschrift verify --format json`"),
        Language::En => format!("{shown} is no result of `gutschrift verify --format json`"),
    }])
}

fn claims(source: &Source, language: Language) -> Result<Claims, Failure> {
    let claims = serde_json::from_slice::<Claims>(&source.bytes).ok();
    claims
        .filter(|claims| claims.schema == reports::json::SCHEMA)
        .ok_or_else(|| no_result(&source.shown, language))
}

/// The files as they are read today, with the roles that the result says they were given.
fn inputs(
    args: &AuditArgs,
    paths: Vec<PathBuf>,
    claims: &Claims,
    config: &Config,
    language: Language,
) -> Result<Inputs, Failure> {
    let mut wanted = Wanted {
        paths,
        forced: args.roles.forced(),
        column_maps: config.column_maps.clone(),
        language,
        threads: console::threads(args.threads),
        ..Wanted::default()
    };
    let first = gather::inputs(&wanted);
    let Ok(inputs) = &first else { return first };
    // What was forced upon a file then is forced upon it now.
    for file in &inputs.files {
        let claimed = claims.run.files.iter().find(|own| own.sha256 == file.sha256);
        let role = [Role::List, Role::Order, Role::Bank]
            .into_iter()
            .find(|role| claimed.is_some_and(|own| own.role == role.name()));
        let path = PathBuf::from(&file.path);
        if let Some(role) = role.filter(|role| *role != file.role && path.is_file()) {
            wanted.forced.push((path, role));
        }
    }
    if wanted.forced.len() == args.roles.forced().len() {
        return first;
    }
    gather::inputs(&wanted).or(first)
}
