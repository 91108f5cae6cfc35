//! People, files, time: the only floor that touches files, environment and terminal.

pub mod arguments;
pub mod audit;
pub mod audit_arguments;
mod audit_pack;
pub mod check;
pub mod check_arguments;
mod clock;
pub mod close;
pub mod common_arguments;
pub mod compare;
pub mod config;
pub mod console;
pub mod diff;
pub mod error;
pub mod explain;
pub mod gather;
mod hex;
pub mod history;
mod index;
pub mod inspect;
pub mod interrupt;
pub mod judged;
mod kept;
mod large;
pub mod log;
pub mod lookup;
pub mod moment;
mod month;
mod naming;
mod outputs;
mod parts;
pub mod progress;
pub mod progress_text;
mod report;
pub mod resolve;
mod results;
pub mod sample;
mod saved;
pub mod simulate;
mod sources;
mod store;
pub mod store_admin;
pub mod store_arguments;
pub mod verify;
mod walk;
mod whole;
pub mod why;
pub mod why_arguments;
pub mod write;

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
                console::say(&message);
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<u8, Failure> {
    interrupt::listen();
    match arguments.command {
        Command::Verify(args) => verify::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Lookup(args) => lookup::run(&args),
        Command::Why(args) => why::run(&args),
        Command::Log(args) => {
            let LogAction::Verify { file, key, last, lang } = args.action;
            let language = console::language(lang, None);
            log::Log::new(&file, key.as_deref(), language).verify(last.as_deref())
        }
        Command::Inspect(args) => inspect::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Close(args) => close::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::History(args) => history::run(&args),
        Command::Resolve(args) => resolve::run(&args),
        Command::Store(args) => store_admin::run(&args),
        Command::Simulate(args) => {
            let name = args.out.to_string_lossy().into_owned();
            let language = console::language(None, None);
            simulate::run(&args, language)
                .map_err(|error| Failure::of_output(&name, &error, language))?;
            Ok(0)
        }
        Command::Explain(args) => explain::run(&args),
        Command::Config(args) => {
            let ConfigAction::Check { file } = args.action;
            config::load(Some(&file))?;
            console::print(|out| {
                writeln!(out, "{}: ok", crate::model::text::harmless(&file.to_string_lossy()))
            })?;
            Ok(0)
        }
        Command::Completions { shell } => {
            let mut command = Arguments::command();
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "gutschrift", &mut script);
            console::print(|out| out.write_all(&script))?;
            Ok(0)
        }
        Command::Man => {
            let page = manual().map_err(|error| Failure::of_output("man", &error, Language::En))?;
            console::print(|out| out.write_all(&page))?;
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
