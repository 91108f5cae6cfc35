//! What `verify --store` does besides: decisions beside the verdicts, what has changed since the last kept
//! result, and keeping this one.

use std::io;
use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;

use crate::cli::clock;
use crate::cli::console;
use crate::cli::diff;
use crate::cli::error::Failure;
use crate::cli::log::Answers;
use crate::cli::results;
use crate::cli::store::Journals;
use crate::cli::store::Store;
use crate::model::language::Language;
use crate::model::text::harmless;
use crate::reports;
use crate::reports::options::Options;
use crate::reports::options::Trails;
use crate::reports::resolution::Resolutions;
use crate::reports::work::Cleared;
use crate::store::bind;
use crate::store::changes::Changes;
use crate::store::row::Kept;
use crate::store::work;
use crate::verdict::result::Outcome;

/// A run that is kept.
#[derive(Debug)]
pub(super) struct Keeping {
    store: Store,
    journals: Journals,
}

impl Keeping {
    /// Opens the store, or makes it.
    ///
    /// # Errors
    ///
    /// What cannot be read or made.
    pub(super) fn begin(path: &Path, language: Language) -> Result<Self, Failure> {
        let store = Store::open_or_make(path, language)?;
        let journals = store.journals()?;
        Ok(Self { store, journals })
    }

    /// What was decided about the payments of this run.
    pub(super) fn resolutions(&self, outcome: &Outcome, threads: usize) -> Resolutions {
        let today = outcome.as_of.unwrap_or_else(clock::today);
        bind::resolutions(outcome, &self.journals.view, threads, today)
    }

    /// What has changed since the last kept result of this month, as text, and for work lists what is done since; and
    /// keeps this one.
    ///
    /// # Errors
    ///
    /// What cannot be read or kept.
    pub(super) fn keep(
        &self,
        outcome: &Outcome,
        options: &Options,
        answers: Option<&Answers>,
        is_for_work: bool,
    ) -> Result<(Vec<u8>, Vec<Cleared>), Failure> {
        let masked = Options {
            language: options.language,
            tool: options.tool.clone(),
            threads: options.threads,
            resolutions: options.resolutions.clone(),
            asked: options.asked.clone(),
            trails: Trails::NotCredited,
            ..Options::default()
        };
        let language = options.language;
        let (mut said, mut cleared) = (Vec::new(), Vec::new());
        let last = self.last(outcome.due)?;
        let closed = self.journals.view.closed(outcome.due);
        if last.is_some() || closed.is_some() {
            let now = results::of_outcome(outcome, &masked);
            let here = language.pick("dieser Lauf", "this run");
            if let Some((name, before)) = &last {
                let changes = diff::of((name, before), (here, &now), answers);
                told(&changes, options, &mut said)?;
                if is_for_work {
                    cleared = work::cleared(&before.payments, &now.payments, language);
                }
            }
            if let Some((event, run, _)) = closed {
                let by = event.by.as_deref().unwrap_or_default();
                self.reopened((run, by, &event.at), &now, &mut said)?;
            }
        }
        let name = self.store.keep(|out| reports::json::write(outcome, &masked, out))?;
        let kept = language.pick("Aufbewahrt als", "Kept as");
        writeln!(said, "{kept} {name}\n").map_err(|error| self.failed(&error))?;
        Ok((said, cleared))
    }

    /// The newest result of the month that is whole.
    fn last(&self, due: NaiveDate) -> Result<Option<(String, Kept)>, Failure> {
        for name in self.store.runs()?.into_iter().rev() {
            match self.store.head(&name) {
                Ok(head) if head.run.due == Some(due) => match self.store.kept(&name) {
                    Ok(kept) => return Ok(Some((name, kept))),
                    Err(failure) => console::say(&failure.to_string()),
                },
                Ok(_) => {}
                Err(failure) => console::say(&failure.to_string()),
            }
        }
        Ok(None)
    }

    /// Says that a closed month is open again, if anything has changed since.
    fn reopened(
        &self,
        (run, by, at): (&str, &str, &str),
        now: &Kept,
        said: &mut Vec<u8>,
    ) -> Result<(), Failure> {
        let day = at.get(..10).unwrap_or_default();
        let by = harmless(by);
        let changes = self
            .store
            .kept(run)
            .map(|closed| diff::of((run, &closed), (run, now), None).changes.len());
        let line = match (&changes, self.store.language) {
            (Ok(0), Language::De) => format!(
                "Der Monat ist abgeschlossen ({day}, {by}); nichts hat sich seither geändert."
            ),
            (Ok(0), Language::En) => {
                format!("The month is closed ({day}, {by}); nothing has changed since.")
            }
            (Ok(count), Language::De) => format!(
                "WIEDER OFFEN: der Monat war am {day} abgeschlossen worden ({by}); seither {count} Änderungen."
            ),
            (Ok(count), Language::En) => {
                format!("REOPENED: the month was closed on {day} ({by}); {count} changes since.")
            }
            (Err(_), Language::De) => format!(
                "Der Monat wurde am {day} abgeschlossen ({by}); das Ergebnis von damals fehlt oder ist beschädigt."
            ),
            (Err(_), Language::En) => {
                format!("The month was closed on {day} ({by}); its result is missing or damaged.")
            }
        };
        writeln!(said, "{line}").map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::of_output("stdout", error, self.store.language)
    }
}

fn told(changes: &Changes<'_>, options: &Options, said: &mut Vec<u8>) -> Result<(), Failure> {
    changes
        .table(options, said)
        .and_then(|()| writeln!(said))
        .map_err(|error| Failure::of_output("stdout", &error, options.language))
}
