//! The outputs of `verify`: whether they go together and can be written, and one file for each part.

use std::collections::BTreeSet;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::arguments::Format;
use crate::cli::arguments::SplitArg;
use crate::cli::arguments::VerifyArgs;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::index;
use crate::cli::naming;
use crate::cli::naming::folder::folder_of;
use crate::cli::parts;
use crate::cli::parts::Record;
use crate::cli::write::WholeFiles;
use crate::cli::write::check_file;
use crate::cli::write::check_new_folder;
use crate::cli::write::is_same;
use crate::model::language::Language;
use crate::model::reading::Role;
use crate::model::text::harmless;
use crate::reports::column::Column;
use crate::reports::entry_column::EntryColumn;
use crate::reports::split;
use crate::reports::split::By;
use crate::verdict::result::Outcome;

/// Whether the outputs that are asked for go together.
pub(super) fn check(args: &VerifyArgs, language: Language) -> Result<(), Failure> {
    let wrong = |german: String, english: String| {
        Failure::Usage(match language {
            Language::De => german,
            Language::En => english,
        })
    };
    if !args.columns.is_empty() && args.format() != Format::Csv {
        let known: Vec<&str> = Column::ALL.iter().map(|column| column.name()).collect();
        let known = known.join(", ");
        return Err(wrong(
            format!("--columns gibt es nur mit --format csv; Spalten sind {known}"),
            format!("--columns goes with --format csv only; columns are {known}"),
        ));
    }
    if !args.entry_columns.is_empty() && args.entries.is_none() {
        let known: Vec<&str> = EntryColumn::ALL.iter().map(|column| column.name()).collect();
        let known = known.join(", ");
        return Err(wrong(
            format!("--entry-columns gibt es nur mit --entries FILE; Spalten sind {known}"),
            format!("--entry-columns goes with --entries FILE only; columns are {known}"),
        ));
    }
    let of_payments = twice(&args.columns).map(|column| ("--columns", column.name()));
    let of_entries = twice(&args.entry_columns).map(|column| ("--entry-columns", column.name()));
    if let Some((option, name)) = of_payments.or(of_entries) {
        return Err(wrong(
            format!("{option} nennt {name} zweimal"),
            format!("{option} names {name} twice"),
        ));
    }
    if args.redact && (args.split_by.is_some() || args.entries.is_some()) {
        return Err(wrong(
            "--redact zeigt nur Summen großer Gruppen, nicht mit --split-by oder --entries: was Teile und Ganzes einzeln verschweigen, verrieten sie zusammen".to_owned(),
            "--redact shows sums of large groups only and goes with neither --split-by nor --entries: what the parts and the whole keep silent about they would tell together".to_owned(),
        ));
    }
    if args.redact && !args.actor.is_empty() {
        return Err(wrong(
            "--redact kennt nur Leistung, Stand und Grund, nicht --actor".to_owned(),
            "--redact knows benefit, status and reason only, not --actor".to_owned(),
        ));
    }
    if let (Some(entries), Some(output)) = (&args.entries, &args.output) {
        let takes_index =
            args.format() == Format::Json && is_same(entries, &index::path_of(output));
        if is_same(entries, output) || takes_index {
            return Err(same_output(entries, language));
        }
    }
    let inputs = &args.inputs;
    let named = inputs.named();
    for input in named.filter(|input| input.is_file()) {
        if let Some(path) = single_files(args).find(|path| is_same(path, input)) {
            return Err(over_input(path, language));
        }
    }
    can_be_written(args, language)
}

/// Whether no file of the run is also an output: reports are written over what has their name.
///
/// # Errors
///
/// Wrong usage.
pub(super) fn spare_inputs(
    args: &VerifyArgs,
    outcome: &Outcome,
    language: Language,
) -> Result<(), Failure> {
    match single_files(args).find(|path| is_read(path, outcome)) {
        Some(path) => Err(over_input(path, language)),
        None => Ok(()),
    }
}

/// Whether a run has read this file, or something in it: of an archive its members are named, however
/// the archive itself is called.
fn is_read(output: &Path, outcome: &Outcome) -> bool {
    // What is none of ours may be an older report.
    let read = outcome.files.iter().filter(|file| file.role != Role::Ignored);
    read.flat_map(|file| Path::new(&file.path).ancestors()).any(|input| is_same(output, input))
}

/// The outputs that are one file each.
fn single_files(args: &VerifyArgs) -> impl Iterator<Item = &PathBuf> {
    args.output.iter().filter(|_| args.split_by.is_none()).chain(&args.entries)
}

pub(super) fn over_input(path: &Path, language: Language) -> Failure {
    let path = harmless(&path.to_string_lossy());
    Failure::Usage(match language {
        Language::De => format!("{path} wird gelesen und darf nicht überschrieben werden"),
        Language::En => format!("{path} is read and must not be written over"),
    })
}

/// Whether the outputs can be written; else the work would be in vain.
fn can_be_written(args: &VerifyArgs, language: Language) -> Result<(), Failure> {
    let failed = |path: &Path, error: io::Error| {
        Failure::of_output(&path.to_string_lossy(), &error, language)
    };
    let parts = args.output.as_ref().filter(|_| args.split_by.is_some());
    let mut folders: BTreeSet<&Path> = single_files(args).map(|path| folder_of(path)).collect();
    folders.extend(parts.map(PathBuf::as_path));
    for folder in folders {
        if naming::journal::finish(folder).map_err(|error| failed(folder, error))? {
            let shown = harmless(&folder.to_string_lossy());
            console::say(&match language {
                Language::De => format!(
                    "{shown}: ein früherer Lauf wurde abgebrochen, als seine Dateien ihre Namen bekamen; sie sind jetzt alle neu oder alle wie vorher"
                ),
                Language::En => format!(
                    "{shown}: an earlier run was killed while its files got their names; they are all new or all as before now"
                ),
            });
        }
    }
    if let Some(folder) = parts {
        check_new_folder(folder).map_err(|error| failed(folder, error))?;
    }
    for path in single_files(args) {
        // Entries may stand among the parts, in a folder that is made for them.
        let is_in_parts = parts.is_some_and(|folder| path.parent() == Some(folder));
        if !is_in_parts {
            check_file(path).map_err(|error| failed(path, error))?;
        }
    }
    Ok(())
}

/// A column that is named again.
fn twice<T: Copy + Ord>(columns: &[T]) -> Option<T> {
    let mut seen = BTreeSet::new();
    columns.iter().copied().find(|column| !seen.insert(*column))
}

/// Two outputs would have the same name.
fn same_output(path: &Path, language: Language) -> Failure {
    let path = harmless(&path.to_string_lossy());
    Failure::Usage(match language {
        Language::De => format!("--entries und --output nennen dieselbe Datei {path}"),
        Language::En => format!("--entries and --output name the same file {path}"),
    })
}

/// The ending of a report's name.
pub(super) const fn ending(format: Format) -> &'static str {
    match format {
        Format::Table => "txt",
        Format::Json => "json",
        Format::Csv => "csv",
        Format::Md => "md",
        Format::Html => "html",
        Format::Xlsx => "xlsx",
    }
}

/// What parts are made of, and what they are called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    pub(super) outcome: &'a Outcome,
    pub(super) by: &'a str,
    pub(super) folder: &'a Path,
    pub(super) ending: &'a str,
}

/// What an outcome is split by; `None` for work lists, which are other reports.
pub(super) const fn by_of(by: SplitArg) -> Option<By> {
    match by {
        SplitArg::Office => Some(By::Office),
        SplitArg::Benefit => Some(By::Benefit),
        SplitArg::Facility => Some(By::Facility),
        SplitArg::Actor | SplitArg::Task => None,
    }
}

/// One file for each part of the outcome, in its folder; all of them and those that are written
/// already, or none. Parts of an earlier run that this one does not have would be read as if they
/// belonged to it: they go, unless somebody changed them; other files of the same kind are named.
///
/// # Errors
///
/// What cannot be written; then nothing is.
pub(super) fn write_parts<P>(
    mut files: WholeFiles,
    names: &Names<'_>,
    parts: Vec<(String, P)>,
    report: impl Fn(&P, &mut (dyn Write + Send)) -> io::Result<()>,
    language: Language,
) -> Result<(), Failure> {
    let Names { outcome, by, folder, ending } = *names;
    let failed = |path: &Path, error: &io::Error| {
        Failure::of_output(&path.to_string_lossy(), error, language)
    };
    let kind = parts::Kind { by, ending };
    let mut record = Record::of(folder);
    let mut written = BTreeSet::new();
    let mut stems = split::FileNames::default();
    for (name, part) in parts {
        let name = format!("{}.{ending}", stems.of(&name));
        let path = folder.join(&name);
        if files.has(&path) {
            return Err(same_output(&path, language));
        }
        if is_read(&path, outcome) {
            return Err(over_input(&path, language));
        }
        files.add(&path, |out| report(&part, out)).map_err(|error| failed(&path, &error))?;
        written.insert(name);
    }
    let vanished = record.vanished(kind, folder, &written);
    // What is read is nobody's part.
    let (read, gone): (Vec<_>, Vec<_>) =
        vanished.into_iter().partition(|path| is_read(path, outcome) || files.has(path));
    drop(read);
    let states: io::Result<Vec<_>> = written
        .into_iter()
        .filter_map(|name| Some((files.made(&folder.join(&name))?.metadata(), name)))
        .map(|(there, name)| Ok((name, there?)))
        .collect();
    let path = folder.join(parts::RECORD);
    record.replace(kind, &states.map_err(|error| failed(&path, &error))?);
    files.add(&path, |out| record.write(out)).map_err(|error| failed(&path, &error))?;
    files.take_away(gone.clone());
    let mut others = others(&files, folder, ending);
    others.retain(|path| !gone.contains(path));
    files.keep().map_err(|(path, error)| failed(&path, &error))?;
    say_paths(
        &gone,
        language.pick(
            "Entfernt, Teile eines früheren Laufs, die es in diesem nicht gibt:",
            "removed, parts of an earlier run that this one does not have:",
        ),
    );
    say_paths(
        &others,
        language.pick(
            "Nicht von diesem Lauf, vielleicht Teile eines früheren:",
            "not of this run, perhaps parts of an earlier one:",
        ),
    );
    Ok(())
}

fn say_paths<'a>(paths: impl IntoIterator<Item = &'a PathBuf>, heading: &str) {
    let mut paths = paths.into_iter().peekable();
    if paths.peek().is_some() {
        console::say(heading);
    }
    for path in paths {
        console::say(&format!("  {}", harmless(&path.to_string_lossy())));
    }
}

/// Whether a file looks like a part of a report, or like one that a run was replacing when it was killed.
fn is_part(path: &Path, ending: &str) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    name.starts_with(naming::folder::ASIDE) || path.extension().is_some_and(|own| own == ending)
}

/// Files of this ending in the folder that are not among those written.
fn others(files: &WholeFiles, folder: &Path, ending: &str) -> BTreeSet<PathBuf> {
    let there = std::fs::read_dir(folder).into_iter().flatten().flatten();
    there
        .map(|entry| entry.path())
        .filter(|path| is_part(path, ending) && !files.has(path))
        .collect()
}
