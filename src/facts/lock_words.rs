//! Words by which a list says that a row is blocked. All words are folded.

/// Beginnings of words that name a column for blocks (`Sperrkennzeichen`), which says yes or no.
const COLUMN: &[&str] =
    &["sperr", "gesperrt", "zahlsperr", "zahlungssperr", "auszahlungssperr", "blocked", "locked"];

/// Beginnings of words that say of a row that it is blocked or cancelled.
const BLOCKED: &[&str] = &[
    "gesperrt",
    "sperre",
    "zahlsperre",
    "zahlungssperre",
    "sperrvermerk",
    "blocked",
    "storn",
    "cancel",
    "angehalten",
    "gestoppt",
    "stop",
    "eingestellt",
    "widerrufen",
    "ausgesetzt",
    "suspended",
    "ruht",
];

/// Words that deny a block or say that it is over.
const NOT_BLOCKED: &[&str] = &[
    "nicht",
    "not",
    "keine",
    "kein",
    "no",
    "ohne",
    "nein",
    "aufgehoben",
    "entsperrt",
    "freigegeben",
    "beendet",
    "abgelaufen",
    "erledigt",
    "lifted",
    "released",
];

/// What a column of its own says for no.
const NO: &[&str] = &["n", "0", "false", "falsch"];

fn begins(word: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| word.starts_with(start))
}

/// Whether the words of a column's name say that its cells block rows.
pub fn name_column(words: &[String]) -> bool {
    words.iter().any(|word| begins(word, COLUMN))
}

/// Whether the words of a cell block the row; `own_column` if the column is there for nothing else:
/// then whatever is not a no blocks (J, X, 1, ja, a reason).
pub fn block(words: &[String], own_column: bool) -> bool {
    if words.iter().any(|word| NOT_BLOCKED.contains(&word.as_str())) {
        return false;
    }
    if own_column {
        return !words.iter().all(|word| NO.contains(&word.as_str()));
    }
    words.iter().any(|word| begins(word, BLOCKED))
}
