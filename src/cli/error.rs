//! Why a command ends early, and with which exit code.

use thiserror::Error;

use crate::model::language::Language;

/// Why a command gives no result.
#[derive(Debug, Error)]
pub enum Failure {
    /// Wrong usage or configuration, a path that does not exist: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// An input cannot be used: exit code 3. All its problems, ready to print.
    #[error("{}", .0.join("\n"))]
    Data(Vec<String>),
    /// The output cannot be written: exit code 3.
    #[error("{0}")]
    Output(String),
}

impl Failure {
    /// The exit code.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Data(_) | Self::Output(_) => 3,
        }
    }

    /// `--amount` was given something else.
    pub fn of_amount(language: Language) -> Self {
        Self::Usage(
            language.pick("`--amount` ist kein Betrag", "`--amount` is no amount").to_owned(),
        )
    }

    /// What went wrong with the output.
    pub fn of_output(path: &str, error: &std::io::Error, language: Language) -> Self {
        let path = crate::model::text::harmless(path);
        // Errors of temporary files name their folder.
        let error = crate::model::text::harmless(&error.to_string());
        Self::Output(match language {
            Language::De => format!("{path} kann nicht geschrieben werden: {error}"),
            Language::En => format!("{path} cannot be written: {error}"),
        })
    }
}
