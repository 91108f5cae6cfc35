//! Where reports go that are no verdict's: the terminal, or a file that is whole or not there.

use std::path::PathBuf;

use crate::cli::common_arguments::Format;
use crate::cli::common_arguments::ReportArgs;
use crate::cli::common_arguments::SeparatorArg;
use crate::cli::config::Config;
use crate::cli::console;
use crate::cli::error::Failure;
use crate::cli::verify::TOOL;
use crate::cli::write::check_file;
use crate::cli::write::is_same;
use crate::cli::write::whole_file;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::reports::document::Document;
use crate::reports::options::Options;
use crate::reports::options::Separator;
use crate::reports::redact::Kind;

/// How the report is written.
pub(super) fn options(
    args: &ReportArgs,
    full_iban: bool,
    config: &Config,
    language: Language,
) -> Options {
    Options {
        language,
        full_iban: full_iban || config.full_iban,
        plain: args.plain,
        quiet: args.quiet,
        width: console::terminal_width(),
        tool: TOOL.to_owned(),
        separator: match args.separator {
            SeparatorArg::Comma => Separator::Comma,
            SeparatorArg::Semicolon => Separator::Semicolon,
        },
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
    let Some(output) = &args.output else { return Ok(()) };
    let shown = harmless(&output.to_string_lossy());
    if inputs.into_iter().any(|input| input.is_file() && is_same(output, input)) {
        return Err(Failure::Usage(match language {
            Language::De => format!("{shown} wird gelesen und darf nicht überschrieben werden"),
            Language::En => format!("{shown} is read and must not be written over"),
        }));
    }
    check_file(output).map_err(|error| Failure::of_output(&shown, &error, language))
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
    match &args.output {
        Some(path) => whole_file(path, |out| document.write(kind, options, out))
            .map_err(|error| Failure::of_output(&path.to_string_lossy(), &error, options.language)),
        None => console::print(|out| document.write(kind, options, out)),
    }
}
