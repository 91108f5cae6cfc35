//! `gutschrift lookup`.

mod context;
mod desk;
mod kept;
mod noted;
mod write;

use std::path::Path;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::cli::arguments::CallerArg;
use crate::cli::arguments::InputArgs;
use crate::cli::arguments::LookupArgs;
use crate::cli::clock;
use crate::cli::config;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::lookup::desk::Desk;
use crate::cli::lookup::noted::log_of;
use crate::cli::progress::Bar;
use crate::cli::saved;
use crate::cli::saved::Book;
use crate::cli::verify;
use crate::cli::verify::Shown;
use crate::model::crew;
use crate::model::german_time;
use crate::model::language::Language;
use crate::model::together;
use crate::reports::lookup::Saved;
use crate::reports::lookup::SavedEntry;
use crate::reports::lookup::SavedPayment;
use crate::reports::lookup::SavedRun;
use crate::reports::lookup::SavedSource;
use crate::reports::lookup::answer::Caller;
use crate::reports::options::Options;
use crate::reports::rows::PaymentRow;
use crate::reports::rows::Rows;
use crate::verdict::status::Status;

/// Runs the command; gives the exit code: 0 found and credited, 1 otherwise.
///
/// # Errors
///
/// Files or a saved result that cannot be used.
pub fn run(args: &LookupArgs) -> Result<u8, Failure> {
    let asked = Asked::of(args);
    let folders = args.from.iter().chain(&asked.paths);
    let config = config::load_for(args.terms.config.as_deref(), folders, args.terms.lang)?;
    let language = console::language(args.terms.lang, config.language.as_deref());
    if asked.has_lost_path {
        return Err(Failure::Usage(
            language
                .pick(
                    "Eine der genannten Dateien oder einen der Ordner gibt es nicht",
                    "one of the files or folders named does not exist",
                )
                .to_owned(),
        ));
    }
    if let Some(log) = log_of(args, &config, language) {
        log.check()?;
    }
    let caller = match args.caller {
        CallerArg::Person => Caller::Person,
        CallerArg::ThirdParty => Caller::ThirdParty,
        CallerArg::Unidentified => Caller::Unidentified,
    };
    if args.index {
        for path in &args.result {
            saved::renew_index(path, language)?;
        }
        if asked.query.is_none() && args.facility.is_none() && caller == Caller::Person {
            return Ok(0);
        }
    }
    let mut books = Vec::new();
    for path in &args.result {
        books.push(Book::open(path, language)?);
    }
    let threads = console::threads(args.terms.threads);
    let given = [&args.from, &asked.paths, &args.roles.list, &args.roles.order, &args.roles.bank];
    let has_files = given.into_iter().any(|paths| !paths.is_empty());
    let today = args.terms.as_of.or_else(|| german_time::day(&clock::now()));
    let today = today.unwrap_or(NaiveDate::MAX);
    if let Some(store) = &args.store {
        books.extend(kept::books(store, args.terms.month, today, language)?);
    }
    if books.is_empty() || has_files {
        let loaded = crew::with_crew(threads, || months(args, &asked.paths, &config, language))?;
        books.extend(loaded.into_iter().map(Book::of));
    }
    let desk = Desk::new(args, &config, language, &books, today)?;
    if caller != Caller::Person {
        return desk.refuse(caller);
    }
    if let Some(name) = &args.facility {
        return desk.facility(name);
    }
    match &asked.query {
        Some(query) => desk.answer_one(query),
        None => desk.ask(),
    }
}

/// The words of the command line: what is asked, and what is read.
struct Asked {
    query: Option<String>,
    paths: Vec<PathBuf>,
    /// Whether a word that is written like a path is none. It is not shown: it may be a name.
    has_lost_path: bool,
}

impl Asked {
    fn of(args: &LookupArgs) -> Self {
        let has_source = args.store.is_some()
            || !(args.from.is_empty() && args.roles.is_empty() && args.result.is_empty());
        let (mut paths, mut words) = (Vec::new(), Vec::new());
        let is_only = args.words.len() == 1;
        for word in &args.words {
            // The only word is asked for where there is something to read already.
            if word.exists() && !(is_only && has_source) {
                paths.push(word.clone());
            } else {
                words.push(word.to_string_lossy().into_owned());
            }
        }
        let has_lost_path = words.iter().any(|word| is_like_a_path(word));
        let query = (!words.is_empty()).then(|| words.join(" "));
        Self { query, paths, has_lost_path }
    }
}

/// Whether a word is written like the path of a file; case numbers may have slashes.
fn is_like_a_path(word: &str) -> bool {
    const ENDINGS: [&str; 12] =
        ["csv", "txt", "xlsx", "xls", "ods", "xml", "json", "zip", "gz", "sta", "mt940", "pdf"];
    let ending = Path::new(word).extension().and_then(std::ffi::OsStr::to_str);
    let letters = word.chars().any(char::is_alphabetic);
    let is_file =
        ending.is_some_and(|own| ENDINGS.iter().any(|known| own.eq_ignore_ascii_case(known)));
    letters
        && (is_file
            || word.ends_with(['/', '\\'])
            || word.starts_with("./")
            || word.starts_with("../"))
}

/// The months to look in: each folder one, if each can be reconciled alone; else everything is one.
fn months(
    args: &LookupArgs,
    paths: &[PathBuf],
    config: &Config,
    language: Language,
) -> Result<Vec<Saved>, Failure> {
    let mut all = args.from.clone();
    all.extend(paths.iter().cloned());
    if args.roles.is_empty() && all.len() > 1 && all.iter().all(|path| path.is_dir()) {
        let each = all.iter().map(|path| load(args, vec![path.clone()], config, language));
        if let Ok(months) = each.collect::<Result<Vec<_>, _>>() {
            return Ok(months);
        }
    }
    Ok(vec![load(args, all, config, language)?])
}

fn load(
    args: &LookupArgs,
    paths: Vec<PathBuf>,
    config: &Config,
    language: Language,
) -> Result<Saved, Failure> {
    let inputs = InputArgs { paths, roles: args.roles.clone() };
    let bar = Bar::new(false, language);
    let shown = Shown { digests: false, trails: true };
    let outcome = verify::outcome(&inputs, &args.terms, config, language, &bar.progress(), shown)?;
    drop(bar);
    // Searched in full, shown masked.
    let options = Options { language, full_iban: true, ..Options::default() };
    let rows = Rows::new(&outcome, &options);
    let numbers: Vec<_> = outcome.numbered().collect();
    Ok(Saved {
        schema: crate::reports::json::SCHEMA.to_owned(),
        run: SavedRun { due: Some(outcome.due), horizon: Some(outcome.horizon) },
        payments: together::map_many(&numbers, console::threads(args.terms.threads), |one| {
            // How a verdict came about is only told where somebody has to act.
            outcome.payment(*one).map(|judged| {
                saved(match judged.verdict.status {
                    Status::FollowUp => rows.payment(&judged),
                    Status::Credited | Status::Delayed => rows.payment_without_trail(&judged),
                })
            })
        })
        .into_iter()
        .flatten()
        .collect(),
    })
}

fn saved(row: PaymentRow) -> SavedPayment {
    SavedPayment {
        case_id: row.case_id,
        end_to_end_id: row.end_to_end_id,
        benefit: row.benefit,
        beneficiary: row.beneficiary,
        payee: row.payee,
        iban: row.iban,
        account_check: row.account_check,
        amount: row.amount,
        office: row.office,
        facility: row.facility,
        source: SavedSource { file: row.source.file, line: row.source.line },
        status: row.status.to_owned(),
        reason: row.reason.to_owned(),
        evidence: row.evidence.to_owned(),
        due: Some(row.due),
        booked_on: row.booked_on,
        credited_on: row.credited_on,
        latest_credit: row.latest_credit,
        credited_amount: row.credited_amount,
        reason_code: row.reason_code,
        more_entries: row.more_entries.unwrap_or_default(),
        trail: row.trail,
        action: row.action,
        actor: row.actor.map(str::to_owned),
        resolution: row.resolution,
        entries: row
            .entries
            .into_iter()
            .map(|cited| SavedEntry {
                file: cited.file,
                line: cited.line,
                booking_date: cited.booking_date,
                value_date: cited.value_date,
                amount: cited.amount,
            })
            .collect(),
    }
}
