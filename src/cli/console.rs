//! Standard output and error, the locale, the width of the terminal.

use std::io::IsTerminal;
use std::io::Write;

use crate::cli::arguments;
use crate::cli::error::Failure;
use crate::cli::write::into_stream;
use crate::model::language::Language;

/// The language asked for, else the configuration's, else the locale's, else English.
pub fn language(asked: Option<arguments::LanguageArg>, configured: Option<&str>) -> Language {
    match (asked, configured) {
        (Some(arguments::LanguageArg::De), _) | (None, Some("de")) => return Language::De,
        (Some(arguments::LanguageArg::En), _) | (None, Some("en")) => return Language::En,
        _ => {}
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| {
        #[expect(clippy::disallowed_methods, reason = "the locale is read here and nowhere else")]
        let value = std::env::var(name).ok()?;
        (!value.is_empty()).then_some(value)
    });
    if locale.is_some_and(|locale| locale.starts_with("de")) { Language::De } else { Language::En }
}

/// Writes to standard output through one buffer. A reader that has gone is no failure, and no reason
/// for another exit code than the run's own: it has seen enough (`| head`, `| grep -q`).
///
/// # Errors
///
/// What the output gives.
pub fn print(
    write: impl FnOnce(&mut (dyn Write + Send)) -> std::io::Result<()>,
) -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "results are printed here and nowhere else")]
    let out = std::io::stdout();
    into_stream(out, write).map_err(|error| Failure::of_output("stdout", &error, Language::En))
}

/// Says something on standard error.
pub fn say(message: &str) {
    #[expect(clippy::disallowed_methods, reason = "messages are printed here and nowhere else")]
    let mut err = std::io::stderr().lock();
    let _written = writeln!(err, "{message}");
}

/// Width of the terminal that standard output is, if it is one; `COLUMNS` outranks what the terminal says.
pub fn terminal_width() -> Option<u16> {
    #[expect(clippy::disallowed_methods, reason = "only its kind is asked")]
    let is_terminal = std::io::stdout().is_terminal();
    if !is_terminal {
        return None;
    }
    #[expect(clippy::disallowed_methods, reason = "the terminal is asked here and nowhere else")]
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let real = || terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| columns);
    columns.or_else(real).filter(|columns| *columns > 0).or(Some(120))
}

/// How many threads may work: as asked for, else one for each core, eight at most.
pub fn threads(asked: Option<usize>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    asked.unwrap_or_else(cores).clamp(1, 8)
}
