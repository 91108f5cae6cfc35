//! `gutschrift store check` and `store prune`: is everything whole, and what may go.

use std::path::PathBuf;

use sha2::Digest;
use sha2::Sha256;

use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::results;
use crate::cli::store::DIGITS;
use crate::cli::store::Store;
use crate::cli::store::UNFINISHED;
use crate::cli::store::about;
use crate::cli::store::said;
use crate::cli::store_arguments::StoreAction;
use crate::cli::store_arguments::StoreArgs;
use crate::model::hex::hex;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::store::journal::Fault;

/// Runs the command; gives the exit code.
///
/// # Errors
///
/// A store that cannot be read.
pub fn run(args: &StoreArgs) -> Result<u8, Failure> {
    match &args.action {
        StoreAction::Check { store, lang } => {
            check(&Store::open(store, console::language(*lang, None))?)
        }
        StoreAction::Prune { store, before, dry_run, lang } => {
            let store = Store::open(store, console::language(*lang, None))?;
            prune(&store, *before, *dry_run)
        }
    }
}

/// What is wrong, and how bad: 1 something is left out, 3 something is lost or was changed.
struct Finding(u8, String);

fn check(store: &Store) -> Result<u8, Failure> {
    let language = store.language;
    let mut findings = Vec::new();
    if !about(&store.path).is_ok_and(|about| about.is_some()) {
        let text = language.pick(
            "store.json fehlt oder ist unlesbar; Ergebnisse und Journale gelten trotzdem",
            "store.json is missing or unreadable; results and journals hold all the same",
        );
        findings.push(Finding(1, text.to_owned()));
    }
    let runs = store.runs()?;
    let mut whole = 0_usize;
    for run in &runs {
        match damage(store, run) {
            None => whole = whole.saturating_add(1),
            Some(what) => findings.push(Finding(3, format!("runs/{}: {what}", harmless(run)))),
        }
    }
    for left in unfinished(store)? {
        let name = left.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = language.pick(
            "hat ein abgebrochener Lauf hinterlassen (oder einer schreibt gerade); `store prune` löscht es",
            "was left by a killed run (or one is writing now); `store prune` deletes it",
        );
        findings.push(Finding(1, format!("runs/{}: {text}", harmless(&name))));
    }
    let journals = store.read_journals()?;
    let mut lines = 0_usize;
    for (file, journal) in &journals.by_file {
        lines = lines.saturating_add(journal.events.len());
        for (line, fault) in &journal.faults {
            let code = match fault {
                Fault::AtOnce => 0,
                Fault::Incomplete | Fault::Newer => 1,
                Fault::Changed | Fault::Missing => 3,
            };
            findings.push(Finding(code, said(file, *line, *fault, language)));
        }
    }
    for hash in &journals.view.missing {
        let short: String = hash.chars().take(16).collect();
        let text = language.pick(
            "diese Zeile hat ein anderes Journal gesehen, und sie fehlt: ein Journal wurde gekürzt oder gelöscht",
            "another journal has seen this line, and it is missing: a journal was cut off or deleted",
        );
        findings.push(Finding(3, format!("decisions/ {}: {text}", harmless(&short))));
    }
    let code = findings.iter().map(|Finding(code, _)| *code).max().unwrap_or(0);
    for Finding(_, text) in &findings {
        console::say(text);
    }
    let damaged = runs.len().saturating_sub(whole);
    console::print(|out| {
        match language {
            Language::De => writeln!(
                out,
                "{whole} Ergebnisse ganz, {damaged} beschädigt; {lines} Zeilen in {} Journalen gelten",
                journals.by_file.len()
            )?,
            Language::En => writeln!(
                out,
                "{whole} results whole, {damaged} damaged; {lines} lines in {} journals hold",
                journals.by_file.len()
            )?,
        }
        let state = match code {
            0 => language.pick("Die Ablage ist ganz.", "The store is whole."),
            1 => language.pick(
                "Die Ablage ist ganz bis auf das Genannte.",
                "The store is whole but for what is named.",
            ),
            _ => language.pick("Die Ablage ist NICHT ganz.", "The store is NOT whole."),
        };
        writeln!(out, "{state}")
    })?;
    Ok(code)
}

/// What is wrong with a kept result.
fn damage(store: &Store, run: &str) -> Option<&'static str> {
    let language = store.language;
    let Ok(bytes) = store.bytes(run) else {
        return Some(
            language.pick("beschädigt, nicht zu entpacken", "damaged, cannot be unpacked"),
        );
    };
    let digest: String = hex(&Sha256::digest(&bytes)).chars().take(DIGITS).collect();
    if run.rsplit('-').next() != Some(digest.as_str()) {
        return Some(language.pick(
            "der Inhalt ist nicht der, nach dem die Datei heißt: sie wurde geändert oder umbenannt",
            "the content is not the one the file is named after: it was changed or renamed",
        ));
    }
    let is_result = results::parsed(&bytes, &store.run_path(run), language).is_ok();
    (!is_result).then(|| language.pick("ist kein Ergebnis", "is no result"))
}

/// Files that never got their name.
fn unfinished(store: &Store) -> Result<Vec<PathBuf>, Failure> {
    let folder = store.path.join("runs");
    let entries =
        std::fs::read_dir(&folder).map_err(|error| results::unreadable(&folder, &error))?;
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(UNFINISHED))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    Ok(found)
}

/// A file that may still be written to is left alone for so long.
const AN_HOUR: std::time::Duration = std::time::Duration::from_secs(3600);

fn prune(store: &Store, before: chrono::NaiveDate, dry_run: bool) -> Result<u8, Failure> {
    let language = store.language;
    let day = before.to_string();
    let is_old = |run: &String| run.get(..10).is_some_and(|own| own < day.as_str());
    let mut paths: Vec<PathBuf> =
        store.runs()?.iter().filter(|run| is_old(run)).map(|run| store.run_path(run)).collect();
    let age = |path: &PathBuf| {
        let changed = std::fs::metadata(path).and_then(|there| there.modified()).ok()?;
        changed.elapsed().ok()
    };
    let left = unfinished(store)?;
    paths.extend(left.into_iter().filter(|path| age(path).is_some_and(|age| age > AN_HOUR)));
    for path in &paths {
        let shown = harmless(&path.to_string_lossy());
        if !dry_run {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Failure::of_output(&path.to_string_lossy(), &error, language));
                }
                _ => {}
            }
        }
        let done = if dry_run {
            language.pick("würde gelöscht", "would be deleted")
        } else {
            language.pick("gelöscht", "deleted")
        };
        console::print(|out| writeln!(out, "{shown}: {done}"))?;
    }
    let kept = store.runs()?.len();
    console::print(|out| match language {
        Language::De => writeln!(
            out,
            "{} Dateien; {kept} Ergebnisse bleiben, Journale werden nie gelöscht.",
            paths.len()
        ),
        Language::En => {
            writeln!(out, "{} files; {kept} results stay, journals are never deleted.", paths.len())
        }
    })?;
    Ok(0)
}
