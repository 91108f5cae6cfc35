//! The files of a run, as tables of a report.

use std::collections::BTreeMap;

use crate::model::reading::Role;
use crate::reports::labels::label;
use crate::reports::rows::Rows;
use crate::reports::section::Section;
use crate::reports::section::columns;
use crate::reports::section::shared_folder;
use crate::reports::wording::Words;

/// Every file.
pub(crate) fn files(rows: &Rows<'_>, words: Words) -> Section {
    let shared = shared_folder(rows);
    Section {
        title: format!(
            "{} ({})",
            words.pick("Gelesene Dateien", "Files read"),
            rows.outcome.files.len()
        ),
        header: columns(
            &[
                ("Datei", "file"),
                ("Rolle", "role"),
                ("Format", "format"),
                ("Sätze", "records"),
                ("übergangen", "skipped"),
                ("SHA-256", "SHA-256"),
            ],
            words,
        ),
        rows: rows
            .files()
            .into_iter()
            .map(|file| {
                let digest: String = file.sha256.chars().take(12).collect();
                vec![
                    file.path.strip_prefix(&shared).unwrap_or(&file.path).to_owned(),
                    label(file.role, words.0).to_owned(),
                    file.version
                        .filter(|v| v.starts_with("camt") || v.starts_with("pain"))
                        .unwrap_or(file.format),
                    file.records.to_string(),
                    file.skipped.to_string(),
                    digest,
                ]
            })
            .collect(),
        right: vec![3, 4],
        lead: (!shared.is_empty())
            .then(|| format!("{} {shared}", words.pick("alle Pfade in", "all paths in"))),
        ..Section::default()
    }
}

/// One line for each folder and role: how many files, and what was in them. What was passed over is named.
pub(crate) fn folders(rows: &Rows<'_>, words: Words) -> Section {
    let shared = shared_folder(rows);
    let mut folders: BTreeMap<(String, &'static str), [u64; 3]> = BTreeMap::new();
    for file in rows.files() {
        let path = file.path.strip_prefix(&shared).unwrap_or(&file.path);
        let is_ignored = file.role == Role::Ignored.name();
        let folder =
            if is_ignored { path } else { path.rsplit_once('/').map_or("", |(folder, _)| folder) };
        let sums = folders.entry((folder.to_owned(), file.role)).or_default();
        for (sum, more) in sums.iter_mut().zip([1, file.records, file.skipped]) {
            *sum = sum.saturating_add(more);
        }
    }
    let row = |((folder, role), [files, records, skipped]): ((String, &'static str), [u64; 3])| {
        vec![
            format!("{shared}{folder}"),
            label(role, words.0).to_owned(),
            files.to_string(),
            records.to_string(),
            skipped.to_string(),
        ]
    };
    Section {
        title: format!(
            "{} ({})",
            words.pick("Gelesene Dateien", "Files read"),
            rows.outcome.files.len()
        ),
        lead: Some(words.pick("alle mit --files", "all of them with --files").to_owned()),
        header: columns(
            &[
                ("Ordner", "folder"),
                ("Rolle", "role"),
                ("Dateien", "files"),
                ("Sätze", "records"),
                ("übergangen", "skipped"),
            ],
            words,
        ),
        rows: folders.into_iter().map(row).collect(),
        right: vec![2, 3, 4],
        ..Section::default()
    }
}
