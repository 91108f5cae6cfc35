//! Tables that end in the middle of a row: a copy or download that broke off. What stood behind is
//! lost, and what is left of the row must not pass for a closing line or a shorter row.
//!
//! A table may end without a line end, and many programs write it like that. So the last row is held
//! against the others: it has fewer cells than all of them, or its last cell is the beginning of what
//! they have there.

use std::collections::BTreeSet;

use crate::facts::balance_rows;
use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::text::fold_words;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;
use crate::readers::tables::record::DELIMITERS;
use crate::readers::tables::record::Record;

/// So few different values make a column one of marks.
const MARKS: usize = 3;

/// Whether a text's last row is one without a line end.
pub(crate) fn is_open(text: &[u8]) -> bool {
    let end = text.iter().rev().find(|byte| **byte != 0x1a);
    end.is_some_and(|byte| !matches!(byte, b'\n' | b'\r'))
}

/// The problem of a table that ends in the middle of a row.
pub(super) fn cut_off(
    file: FileId,
    columns: &Columns,
    text: &str,
    rows: &[Record],
) -> Option<Problem> {
    if !is_open(text.as_bytes()) {
        return None;
    }
    let problem_at = |line| Problem::new(ProblemCode::CutOff, Place::line(file, line));
    let Some((last, before)) = rows.split_last() else {
        // The names of the columns are the last line, and nobody knows how many there should be.
        let line = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
        return Some(problem_at(line).value("…").expected(columns.names.last()?.as_str()));
    };
    if last.is_blank() {
        return None;
    }
    let others = Others::new(columns, before);
    let problem = problem_at(last.line);
    // Inside a character.
    if text.ends_with(char::REPLACEMENT_CHARACTER) {
        return Some(problem.value("…").expected(columns.names.last()?.as_str()));
    }
    if last.width() < others.least {
        return (!is_closing(last, before))
            .then(|| problem.value(last.width().to_string()).expected(others.least.to_string()));
    }
    let is_quoted = text.trim_end().ends_with('"');
    let column = last.width().checked_sub(1)?;
    if ends_at_delimiter(text) {
        return Some(problem.value("…").expected(columns.name(column)));
    }
    (!is_quoted && others.begin_like(column, last.text(column)) && !is_closing(last, before))
        .then(|| problem.value("…").expected(columns.name(column)))
}

/// Whether a text ends with a delimiter, which no line of it does: what stands in quotation marks in
/// all other rows is missing.
fn ends_at_delimiter(text: &str) -> bool {
    let Some(last) = text.bytes().last().filter(|byte| DELIMITERS.contains(byte)) else {
        return false;
    };
    let mut before = text.lines().rev().skip(1).filter(|line| !line.trim().is_empty()).peekable();
    before.peek().is_some() && !before.any(|line| line.trim_end().as_bytes().last() == Some(&last))
}

/// Whether the last of these rows, which has no line end, is whole beyond doubt; `others` need not be
/// all others.
pub(crate) fn is_whole(columns: &Columns, raw: &[u8], last: &Record, others: &[Record]) -> bool {
    let Some(column) = last.width().checked_sub(1) else { return true };
    let value = last.text(column);
    let known = Others::new(columns, others);
    let decimals = known.decimals(column);
    let is_long = || others.iter().all(|row| row.text(column).len() == value.len());
    last.width() >= known.least.max(columns.names.len())
        && (raw.trim_ascii_end().ends_with(b"\"")
            || !value.is_empty() && others.iter().any(|row| row.text(column) == value)
            || !value.is_empty() && is_long()
            || decimals.is_some() && decimals == decimals_of(value))
}

/// The rows that the last one is held against.
struct Others<'a> {
    columns: &'a Columns,
    rows: Vec<&'a Record>,
    /// The fewest cells that one of them has.
    least: usize,
}

impl<'a> Others<'a> {
    fn new(columns: &'a Columns, rows: &'a [Record]) -> Self {
        let is_row = |row: &&Record| row.filled_width() > 1 && !begins_closing(row);
        let rows: Vec<&Record> = rows.iter().filter(is_row).collect();
        let named = columns.names.iter().rposition(|name| !name.trim().is_empty());
        let named = named.map_or(0, |last| last.saturating_add(1));
        let least = rows.iter().map(|row| row.width()).min().unwrap_or(named);
        Self { columns, rows, least }
    }

    /// Whether a value is only the beginning of what the others have in its column.
    fn begin_like(&self, column: usize, value: &str) -> bool {
        let values: BTreeSet<&str> =
            self.rows.iter().map(|row| row.text(column)).filter(|text| !text.is_empty()).collect();
        let filled = self.rows.iter().filter(|row| !row.text(column).is_empty()).count();
        if value.is_empty() {
            return filled == self.rows.len() && filled > 1;
        }
        if values.contains(value) {
            return false;
        }
        if let Some(decimals) = self.decimals(column) {
            return decimals_of(value) != Some(decimals);
        }
        let lengths: BTreeSet<usize> = values.iter().map(|text| text.chars().count()).collect();
        let same_length = lengths.len() == 1
            && (filled > 1 || values.iter().any(|other| begins_form(value, other)));
        let is_shorter = lengths.iter().all(|length| value.chars().count() < *length);
        let is_valid = |text: &str| Iban::read(text).is_some_and(|iban| iban.is_valid());
        let accounts = !values.is_empty() && values.iter().all(|text| is_valid(text));
        (same_length && is_shorter)
            || (values.len() <= MARKS && values.iter().any(|text| text.starts_with(value)))
            || (accounts && !is_valid(value))
    }

    /// How many decimals all amounts of a column have, if it is one of amounts.
    fn decimals(&self, column: usize) -> Option<usize> {
        let field = self.columns.fields.get(column).copied().flatten();
        if !field.is_some_and(Field::has_amounts) {
            return None;
        }
        let values = self.rows.iter().map(|row| row.text(column)).filter(|text| !text.is_empty());
        let all: BTreeSet<Option<usize>> = values.map(decimals_of).collect();
        all.first().copied().flatten().filter(|_| all.len() == 1)
    }
}

/// Whether a value has the form of another one's beginning, as an id, a day or an account has that was
/// cut; of words nothing is said.
fn begins_form(value: &str, whole: &str) -> bool {
    let form = |text: &str| -> Vec<char> {
        let kind = |one: char| match one {
            _ if one.is_numeric() => '0',
            _ if one.is_alphabetic() => 'a',
            _ => one,
        };
        text.chars().map(kind).collect()
    };
    let (value, whole) = (form(value), form(whole));
    whole.contains(&'0') && whole.len() > value.len() && whole.starts_with(&value)
}

/// The digits behind the last mark of an amount.
fn decimals_of(text: &str) -> Option<usize> {
    let (_, behind) = text.rsplit_once([',', '.'])?;
    Some(behind.bytes().take_while(u8::is_ascii_digit).count())
}

/// A closing line: a word for it at the beginning, or a sentence alone in a first cell where rows have
/// a number or a single word.
fn is_closing(last: &Record, before: &[Record]) -> bool {
    let words = |row: &Record| row.text(0).split_whitespace().count();
    let is_ruler = !last.text(0).chars().any(char::is_alphanumeric);
    let is_sentence = words(last) >= 3
        && !before
            .iter()
            .any(|row| row.filled_width() > 1 && !begins_closing(row) && words(row) > 1);
    last.filled_width() == 1 && (is_ruler || is_sentence) || begins_closing(last)
}

fn begins_closing(row: &Record) -> bool {
    let Some(first) = row.cells().map(|cell| cell.text).find(|text| !text.is_empty()) else {
        return false;
    };
    let words = fold_words(first);
    let word = |number: usize| words.get(number).map_or("", String::as_str);
    balance_rows::begins_closing_line(word(0), word(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers::tables::columns::of_list;
    use crate::readers::tables::record::split;

    fn told(text: &str) -> Option<(u32, String)> {
        let records = split(FileId(0), text, b';').unwrap();
        let columns = of_list(records[0].cells().map(|cell| cell.text), None);
        let problem = cut_off(FileId(0), &columns, text, &records[1..])?;
        Some((problem.place.line, problem.value.unwrap()))
    }

    const ROWS: &str = "Aktenzeichen;Name;IBAN;Betrag;Status\n\
        51-1;Erika Beispiel;DE09999100540043764919;563,00;offen\n\
        51-2;Otto Beispiel;DE07999100020043772838;814,75;offen\n";

    #[test]
    fn a_row_cut_at_any_byte_is_told() {
        let row = "51-3;Mira Beispiel;DE16999100390043780757;1563,00;offen";
        for end in 1..row.len() {
            let cut = row.get(..end).unwrap();
            assert!(told(&format!("{ROWS}{cut}")).is_some(), "{cut}");
        }
        for end in ["", "\n", "\r\n", "\u{1a}"] {
            assert_eq!(told(&format!("{ROWS}{row}{end}")), None);
        }
    }

    #[test]
    fn amounts_at_the_end() {
        let rows = "Name;Betrag\nErika;563,00\nOtto;1.814,75\n";
        for (last, cut) in [
            ("Mira;7,00", false),
            ("Mira;7,0", true),
            ("Mira;7,", true),
            ("Mira;7", true),
            ("Mira;", true),
            ("Mira", true),
            ("Summe;7", false),
        ] {
            assert_eq!(told(&format!("{rows}{last}")).is_some(), cut, "{last}");
        }
        // Amounts of all kinds tell nothing.
        assert_eq!(told("Name;Betrag\nErika;563\nOtto;814,75\nMira;7,5"), None);
    }

    #[test]
    fn a_header_without_line_end() {
        assert_eq!(told("Aktenzeichen;Name;Betrag;Fälli"), Some((1, "…".to_owned())));
        assert_eq!(told("Aktenzeichen;Name;Betrag;Fälligkeit\n"), None);
    }

    #[test]
    fn one_other_row_tells_by_its_form() {
        for (other, last, cut) in [
            ("SOZ2311-009200", "SOZ2311-00920", true),
            ("SOZ2311-009200", "SOZ2", true),
            ("SOZ2311-009200", "SOZ2311-009201", false),
            ("SOZ2311-009200", "HLU-7", false),
            ("30.11.2023", "01.12.20", true),
            ("30.11.2023", "01.12.2023", false),
            ("bar", "Mi", false),
            ("Mira Beispiel", "Otto", false),
        ] {
            let text = format!("Name;Id\nErika;{other}\nOtto;{last}");
            assert_eq!(told(&text).is_some(), cut, "{other} {last}");
        }
    }

    #[test]
    fn closing_lines_and_shorter_rows() {
        // Cut inside a character.
        assert!(told(&format!("{ROWS}51-3;Mira;DE16;1563,00;offen\u{fffd}")).is_some());
        for (last, cut) in [
            ("Summe;;;1377,75", false),
            ("gedruckt am 28.11.2023", false),
            ("Saldo;1377,75", false),
            ("51-3", true),
            ("51-3;Mira Beispiel", true),
            ("\"51-3\";\"Mira\"", true),
        ] {
            assert_eq!(told(&format!("{ROWS}{last}")).is_some(), cut, "{last}");
        }
        // The beginning of a name of several words, where such names stand.
        let homes =
            "Einrichtung;Betrag\nHaus am See;563,00\nAltenheim Mitte;5,00\nPflegeheim St. Eli";
        assert!(told(homes).is_some());
        // A program that leaves out empty cells at the end.
        let short = "Name;Betrag;Bemerkung\nErika;563,00\nOtto;814,75;bar\nMira;7,00";
        assert_eq!(told(short), None);
        let quoted = "\"Name\";\"Betrag\";\"Id\"\n\"Erika\";\"563,00\";\"\"\n\"Otto\";\"7,00\";";
        assert!(told(quoted).is_some());
        // Text behind a quotation mark is whole.
        assert_eq!(told("\"Name\";\"Betrag\"\n\"Erika\";\"563,00\"\n\"Otto\";\"7\""), None);
    }
}
