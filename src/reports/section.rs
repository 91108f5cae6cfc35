//! A headed table, and what all of them need.

use crate::reports::rows::Rows;
use crate::reports::wording::Words;

/// A headed table.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// A sentence below the heading.
    pub lead: Option<String>,
    /// The columns' names; none for plain sentences.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Numbers of columns that are aligned right.
    pub right: Vec<usize>,
    /// From this row on all are struck out: what they ask for is done.
    pub struck_from: Option<usize>,
}

impl Section {
    /// Whether a row is struck out.
    pub fn is_struck(&self, row: usize) -> bool {
        self.struck_from.is_some_and(|from| row >= from)
    }
}

/// The names of columns in a language.
pub(crate) fn columns(names: &[(&str, &str)], words: Words) -> Vec<String> {
    names.iter().map(|(german, english)| words.pick(german, english).to_owned()).collect()
}

/// The folder that all files of the run lie in, with its last slash; empty if there is none.
pub(crate) fn shared_folder(rows: &Rows<'_>) -> String {
    let mut paths = rows.outcome.files.iter().map(|file| file.path.as_str());
    let Some(first) = paths.next() else { return String::new() };
    let mut shared: &str = first.rsplit_once('/').map_or("", |(folder, _)| folder);
    for path in paths {
        while !shared.is_empty()
            && !path.strip_prefix(shared).is_some_and(|rest| rest.starts_with('/'))
        {
            shared = shared.rsplit_once('/').map_or("", |(folder, _)| folder);
        }
    }
    if shared.is_empty() { String::new() } else { format!("{}/", rows.text(shared)) }
}
