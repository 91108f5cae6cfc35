//! Where reports go that are no verdict's: the terminal, or a file that is whole or not there.

use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::common_arguments::Format;
use crate::cli::common_arguments::OutputArgs;
use crate::cli::common_arguments::ReportArgs;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::judged::TOOL;
use crate::cli::naming::folder::folder_of;
use crate::cli::outputs::over_input;
use crate::cli::write::check_file;
use crate::cli::write::is_same;
use crate::cli::write::whole_file;
use crate::model::language::Language;
use crate::reports::document::Document;
use crate::reports::options::Options;
use crate::reports::redact::Kind;

/// How it is written.
pub(super) fn options(out: &OutputArgs, quiet: bool, language: Language) -> Options {
    Options {
        language,
        plain: out.plain,
        quiet,
        width: out.width.or_else(console::terminal_width),
        tool: TOOL.to_owned(),
        separator: out.separator.separator(),
        threads: 1,
        ..Options::default()
    }
}

/// Whether the output can be written and is none of the inputs.
///
/// # Errors
///
/// Wrong usage.
pub(super) fn check_output<'a>(
    args: &ReportArgs,
    inputs: impl IntoIterator<Item = &'a PathBuf>,
    language: Language,
) -> Result<(), Failure> {
    spare(args.out.output.as_deref(), inputs, language)
}

/// The same for outputs of other kinds.
///
/// # Errors
///
/// Wrong usage.
pub(super) fn spare<'a>(
    output: Option<&Path>,
    inputs: impl IntoIterator<Item = &'a PathBuf>,
    language: Language,
) -> Result<(), Failure> {
    let Some(output) = output else { return Ok(()) };
    // Of a folder everything may be read but what only reports are.
    let only_report = matches!(Format::of_name(output), Some(Format::Json | Format::Html));
    let in_folder = |input: &Path| {
        let is_there = output.exists() && !only_report;
        is_there && folder_of(output).ancestors().any(|folder| is_same(folder, input))
    };
    let is_read = |input: &PathBuf| {
        if input.is_dir() { in_folder(input) } else { is_same(output, input) }
    };
    if inputs.into_iter().any(is_read) {
        return Err(over_input(output, language));
    }
    check_file(output)
        .map_err(|error| Failure::of_output(&output.to_string_lossy(), &error, language))
}

/// Writes the report.
///
/// # Errors
///
/// What the output gives.
pub(super) fn write(
    document: &Document,
    args: &ReportArgs,
    options: &Options,
) -> Result<(), Failure> {
    let kind = match args.format() {
        Format::Table => Kind::Table,
        Format::Json => Kind::Json,
        Format::Csv => Kind::Csv,
        Format::Md => Kind::Markdown,
        Format::Html => Kind::Html,
        Format::Xlsx => Kind::Xlsx,
    };
    output(&args.out, options.language, |out| document.write(kind, options, out))
}

/// Writes something to where it was asked for.
///
/// # Errors
///
/// What the output gives.
pub(super) fn output(
    out: &OutputArgs,
    language: Language,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<(), Failure> {
    match &out.output {
        None => console::print(write),
        Some(path) => whole_file(path, write)
            .map_err(|error| Failure::of_output(&path.to_string_lossy(), &error, language)),
    }
}
