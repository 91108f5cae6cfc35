//! The month of a store that a command is about, and the payment of it that a query means.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use crate::cli::error::Failure;
use crate::cli::store::Journals;
use crate::cli::store::Store;
use crate::model::date::Month;
use crate::model::language::Language;
use crate::model::text::leaving;
use crate::reports::resolution::Resolution;
use crate::store::bind;
use crate::store::decisions::Decisions;
use crate::store::find;
use crate::store::identity::Identity;
use crate::store::row::Kept;
use crate::store::row::Row;

/// The newest result of a month, with what was decided.
#[derive(Debug)]
pub(super) struct OpenMonth {
    pub(super) store: Store,
    pub(super) journals: Journals,
    pub(super) run: String,
    pub(super) kept: Kept,
    /// SHA-256 of its files by their paths.
    digests: BTreeMap<String, String>,
}

impl OpenMonth {
    /// The month asked for, else that of the newest result.
    ///
    /// # Errors
    ///
    /// A store without such a result, or a damaged one.
    pub(super) fn open(
        path: &Path,
        month: Option<Month>,
        language: Language,
    ) -> Result<Self, Failure> {
        let store = Store::open(path, language)?;
        let journals = store.journals()?;
        // Due on the first is of the month before for nobody: lists say which month they mean.
        let is_asked = |due: Option<NaiveDate>| due.map(Month::of) == month;
        for run in store.runs()?.into_iter().rev() {
            let head = store.head(&run);
            if month.is_some() && !head.as_ref().is_ok_and(|head| is_asked(head.run.due)) {
                continue;
            }
            let kept = store.kept(&run)?;
            let digests = head?.digests();
            return Ok(Self { store, journals, run, kept, digests });
        }
        Err(Failure::Usage(
            language
                .pick(
                    "in dieser Ablage ist kein Ergebnis des Monats; `gutschrift verify … --store` bewahrt eines auf",
                    "there is no result of the month in this store; `gutschrift verify … --store` keeps one",
                )
                .to_owned(),
        ))
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.kept.payments
    }

    /// All payments with what was decided about them, as it stands on a day.
    pub(super) fn decided(
        &self,
        view: &Decisions,
        today: NaiveDate,
    ) -> Vec<(Identity, Option<Resolution>)> {
        bind::of_rows(self.rows(), &self.digests, view, today)
    }

    /// The one payment that a query means.
    ///
    /// # Errors
    ///
    /// None, or several: they are listed.
    pub(super) fn one(
        &self,
        query: &str,
        amount: Option<&str>,
        place: Option<&str>,
    ) -> Result<usize, Failure> {
        let language = self.store.language;
        let rows = self.rows();
        let found =
            find::persons(rows, query, amount).ok_or_else(|| Failure::of_amount(language))?;
        let at_place = |number: &usize| {
            let Some((place, row)) = place.zip(rows.get(*number)) else { return place.is_none() };
            is_place(place, &row.source.file, row.source.line)
        };
        let found: Vec<usize> = found.into_iter().flatten().filter(at_place).collect();
        match found.as_slice() {
            [] => Err(Failure::Usage(
                language.pick("Keine Zahlung gefunden.", "No payment found.").to_owned(),
            )),
            [only] => Ok(*only),
            several => {
                let mut lines = vec![
                    language
                        .pick(
                            "Mehrere Zahlungen passen; mit --amount oder --row DATEI:ZEILE eingrenzen:",
                            "several payments fit; narrow it by --amount or --row FILE:LINE:",
                        )
                        .to_owned(),
                ];
                lines.extend(several.iter().filter_map(|number| rows.get(*number)).map(shown));
                Err(Failure::Usage(lines.join("\n")))
            }
        }
    }
}

/// Whether a place as somebody writes it (`FILE:LINE`, the file by its whole path or its end) is this one.
pub(super) fn is_place(asked: &str, file: &str, line: u32) -> bool {
    let Some((path, number)) = asked.rsplit_once(':') else { return false };
    let ends = file == path
        || file
            .strip_suffix(path)
            .is_some_and(|before| before.ends_with(['/', '\\']) && !path.is_empty());
    ends && number.parse() == Ok(line)
}

/// A payment in one line.
pub(super) fn shown(row: &Row) -> String {
    let own = |text: &Option<Box<str>>| leaving(text.as_deref().unwrap_or("-"), false);
    format!(
        "  {} {} {} € ({}: {}) {}:{}",
        own(&row.case_id),
        own(if row.beneficiary.is_some() { &row.beneficiary } else { &row.payee }),
        own(&row.amount),
        row.status,
        row.reason,
        leaving(&row.source.file, false),
        row.source.line
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_named_by_the_end_of_their_path() {
        assert!(is_place("a/b.csv:3", "a/b.csv", 3));
        assert!(is_place("b.csv:3", "a/b.csv", 3));
        assert!(!is_place("b.csv:3", "a/bb.csv", 3));
        assert!(!is_place("b.csv:4", "a/b.csv", 3));
        assert!(!is_place(":3", "a/", 3));
    }
}
