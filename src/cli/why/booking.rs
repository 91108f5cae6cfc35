//! Which bookings stand at a place as reports name it, and what stands there if none does.

use std::collections::BTreeMap;

use crate::cli::error::Failure;
use crate::cli::month::is_place;
use crate::matching::pair::kinds::Spot;
use crate::model::language::Language;
use crate::model::place::Place;
use crate::model::reading::FileRecord;
use crate::model::reading::Role;
use crate::model::text::leaving;
use crate::verdict::scene::Scene;

/// So many bookings near a line are named.
const NEAR: usize = 2;

/// A place as somebody wrote it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'a> {
    text: &'a str,
    line: u32,
    files: &'a [FileRecord],
}

impl<'a> Written<'a> {
    /// Reads a place.
    ///
    /// # Errors
    ///
    /// What is no `FILE:LINE`.
    pub(super) fn new(
        text: &'a str,
        files: &'a [FileRecord],
        language: Language,
    ) -> Result<Self, Failure> {
        let line = text.rsplit_once(':').filter(|(file, _)| !file.is_empty());
        let line = line.and_then(|(_, line)| line.parse().ok()).filter(|line| *line > 0);
        let line = line.ok_or_else(|| no_place(text, language))?;
        Ok(Self { text, line, files })
    }

    /// The file of a place and its line as reports name them, if that is what was written.
    fn fits(&self, place: Place) -> Option<String> {
        let number = usize::try_from(place.file.0).ok()?;
        let (path, line) = self.files.get(number)?.shown(place.line);
        (line == self.line && self.names(&path, line)).then(|| path.into_owned())
    }

    fn names(&self, path: &str, line: u32) -> bool {
        is_place(self.text, path, line) || is_place(self.text, &leaving(path, false), line)
    }

    /// The bookings and transfers at the place.
    ///
    /// # Errors
    ///
    /// Several files that may be meant; none: what stands there is said.
    pub(super) fn spots(
        &self,
        scene: &Scene<'_>,
        language: Language,
    ) -> Result<Vec<Spot>, Failure> {
        let mut by_file: BTreeMap<String, Vec<Spot>> = BTreeMap::new();
        for (place, spot) in scene.spots() {
            if let Some(path) = self.fits(place) {
                by_file.entry(path).or_default().push(spot);
            }
        }
        // The whole path is the better name than the end of another one.
        let whole = by_file.keys().find(|path| self.is_whole(path)).cloned();
        if let Some(spots) = whole.and_then(|path| by_file.remove(&path)) {
            return Ok(spots);
        }
        if by_file.len() > 1 {
            let paths: Vec<String> = by_file.keys().map(|path| leaving(path, false)).collect();
            return Err(said(
                language,
                format!(
                    "Mehrere Dateien passen; bitte den ganzen Pfad angeben: {}",
                    paths.join(", ")
                ),
                format!("several files fit; please give the whole path: {}", paths.join(", ")),
            ));
        }
        match by_file.into_values().next() {
            Some(spots) => Ok(spots),
            None => Err(self.nothing(scene, language)),
        }
    }

    fn is_whole(&self, path: &str) -> bool {
        let own = self.text.rsplit_once(':').map(|(own, _)| own);
        own.is_some_and(|own| own == path || own == leaving(path, false))
    }

    /// What stands there instead of a booking.
    fn nothing(&self, scene: &Scene<'_>, language: Language) -> Failure {
        let shown = leaving(self.text, false);
        let is_row = |place: Place| self.fits(place).is_some();
        if scene.payments().iter().any(|owed| is_row(owed.payment.place)) {
            return said(
                language,
                format!(
                    "{shown} ist eine Zeile der Zahlungsliste, keine Buchung. Gefragt ist die Stelle der Buchung im Kontoauszug."
                ),
                format!(
                    "{shown} is a row of a payment list and no booking. Give the place of the booking in the bank's file."
                ),
            );
        }
        if scene.ordered().any(is_row) {
            return said(
                language,
                format!("{shown} ist eine Überweisung der Auftragsdatei, keine Buchung."),
                format!("{shown} is a transfer of an order file and no booking."),
            );
        }
        let named = self.files.iter().enumerate().find(|(_, file)| {
            let sheets = file.sheets.iter().map(|sheet| format!("{}/{sheet}", file.path));
            sheets.chain([file.path.clone()]).any(|path| self.names(&path, self.line))
        });
        let Some((number, file)) = named else {
            return said(
                language,
                format!(
                    "Die Datei von {shown} wurde nicht gelesen; bitte sie oder ihren Ordner mit angeben."
                ),
                format!("the file of {shown} was not read; please name it or its folder too"),
            );
        };
        if let Some(first) = &file.repeats {
            let first = leaving(first, false);
            return said(
                language,
                format!(
                    "Diese Datei hat denselben Inhalt wie {first} und wurde nur dort gelesen; bitte nach {first}:{} fragen.",
                    self.line
                ),
                format!(
                    "this file has the same content as {first} and was read there only; please ask for {first}:{}",
                    self.line
                ),
            );
        }
        if file.role != Role::Bank {
            return said(
                language,
                format!("In dieser Datei stehen keine Buchungen: {shown}"),
                format!("there are no bookings in this file: {shown}"),
            );
        }
        let near = self.near(scene, number);
        said(
            language,
            format!(
                "Bei {shown} beginnt keine Buchung. {}",
                if near.is_empty() {
                    String::new()
                } else {
                    format!("Buchungen beginnen in Zeile {near}.")
                }
            ),
            format!(
                "no booking begins at {shown}. {}",
                if near.is_empty() {
                    String::new()
                } else {
                    format!("Bookings begin at line {near}.")
                }
            ),
        )
    }

    /// The lines of the bookings next to the one that was written.
    fn near(&self, scene: &Scene<'_>, number: usize) -> String {
        let of_file = |place: &Place| usize::try_from(place.file.0) == Ok(number);
        let lines = scene.spots().map(|(place, _)| place).filter(of_file);
        let mut lines: Vec<u32> =
            lines.filter_map(|place| Some(self.files.get(number)?.shown(place.line).1)).collect();
        lines.sort_unstable();
        lines.dedup();
        let behind = lines.partition_point(|line| *line < self.line);
        let near = lines.get(behind.saturating_sub(NEAR)..).unwrap_or_default();
        let near = near.iter().take(NEAR.saturating_mul(2)).map(u32::to_string);
        near.collect::<Vec<_>>().join(", ")
    }
}

fn no_place(text: &str, language: Language) -> Failure {
    let shown = leaving(text, false);
    said(
        language,
        format!(
            "{shown} ist keine Stelle; eine Buchung wird so genannt: DATEI:ZEILE, zum Beispiel bank/umsaetze.csv:12"
        ),
        format!(
            "{shown} is no place; a booking is named like this: FILE:LINE, for example bank/umsaetze.csv:12"
        ),
    )
}

fn said(language: Language, german: String, english: String) -> Failure {
    Failure::Usage(match language {
        Language::De => german,
        Language::En => english,
    })
}
