//! People, files, time: the only floor that touches files, environment and terminal.

pub mod arguments;
pub mod compare;
pub mod config;
pub mod error;
pub mod explain;
pub mod gather;
pub mod inspect;
pub mod log;
pub mod lookup;
pub mod simulate;
pub mod verify;
pub mod write;

use std::io::IsTerminal;
use std::io::Write;
use std::process::ExitCode;

use clap::CommandFactory;
use clap::Parser;

use crate::cli::arguments::Arguments;
use crate::cli::arguments::Command;
use crate::cli::arguments::ConfigAction;
use crate::cli::arguments::LogAction;
use crate::cli::error::Failure;
use crate::model::language::Language;

/// Runs the command line.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output with code 0, mistakes to standard error with 2.
            let code = error.exit_code();
            let _printed = error.print();
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    match dispatch(arguments) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            let message = failure.to_string();
            if !message.is_empty() {
                say(&message);
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<u8, Failure> {
    match arguments.command {
        Command::Verify(args) => verify::run(&args),
        Command::Lookup(args) => lookup::run(&args),
        Command::Log(args) => {
            let LogAction::Verify { file, lang } = args.action;
            let language = language(lang, None);
            let count = log::verify(&file, language)?;
            print(|out| {
                writeln!(
                    out,
                    "{count} {}",
                    language.pick("Einträge, die Kette ist ganz", "entries, the chain is whole")
                )
            })?;
            Ok(0)
        }
        Command::Inspect(args) => inspect::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Simulate(args) => {
            let name = args.out.to_string_lossy().into_owned();
            simulate::run(&args)
                .map_err(|error| Failure::of_output(&name, &error, Language::En))?;
            Ok(0)
        }
        Command::Explain(args) => explain::run(&args),
        Command::Config(args) => {
            let ConfigAction::Check { file } = args.action;
            config::load(Some(&file))?;
            print(|out| {
                writeln!(out, "{}: ok", crate::model::text::harmless(&file.to_string_lossy()))
            })?;
            Ok(0)
        }
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "gutschrift", &mut script);
            print(|out| out.write_all(&script))?;
            Ok(0)
        }
        Command::Man => {
            let page = manual().map_err(|error| Failure::of_output("man", &error, Language::En))?;
            print(|out| out.write_all(&page))?;
            Ok(0)
        }
    }
}

/// The manual page: all commands, and the reasons.
fn manual() -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let command = Arguments::command();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands() {
        writeln!(page, ".SH COMMAND {}", sub.get_name().to_uppercase())?;
        let man = clap_mangen::Man::new(sub.clone());
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    writeln!(page, ".SH REASONS")?;
    for reason in crate::verdict::reason::Reason::ALL {
        writeln!(page, ".TP\n.B {}", reason.name().replace('-', "\\-"))?;
        let action = reason.action(Language::En).unwrap_or_default();
        writeln!(page, "{} {action}", reason.meaning(Language::En))?;
    }
    Ok(page)
}

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

/// Writes to standard output through one buffer.
///
/// # Errors
///
/// What the output gives; a reader that has gone is no failure.
pub fn print(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    #[expect(clippy::disallowed_methods, reason = "results are printed here and nowhere else")]
    let out = std::io::stdout().lock();
    let mut out = std::io::BufWriter::with_capacity(1 << 16, out);
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(|error| Failure::of_output("stdout", &error, Language::En))
}

/// Says something on standard error.
pub fn say(message: &str) {
    #[expect(clippy::disallowed_methods, reason = "messages are printed here and nowhere else")]
    let mut err = std::io::stderr().lock();
    let _written = writeln!(err, "{message}");
}

/// Width of the terminal that standard output is, if it is one.
pub fn terminal_width() -> Option<u16> {
    #[expect(clippy::disallowed_methods, reason = "only its kind is asked")]
    let is_terminal = std::io::stdout().is_terminal();
    if !is_terminal {
        return None;
    }
    #[expect(clippy::disallowed_methods, reason = "the terminal is asked here and nowhere else")]
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    columns.or(Some(120))
}
