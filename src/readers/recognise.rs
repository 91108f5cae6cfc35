//! What a file is, by its content.

use crate::facts::own_outputs;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::problem::Severity;
use crate::model::reading::Reading;
use crate::model::reading::Role;
use crate::readers::check::Check;
use crate::readers::encoding::decode;
use crate::readers::iso20022;
use crate::readers::mt940;
use crate::readers::options::ReadOptions;
use crate::readers::signature::BINARY;
use crate::readers::signature::foreign_kind;
use crate::readers::signature::in_disguise;
use crate::readers::signs;
use crate::readers::tables;
use crate::readers::zeros;

/// How much of a file is looked at to know it.
const HEAD: usize = 16_384;

/// How much of a file that is no input is searched for accounts.
const SEARCHED: usize = 4 << 20;

/// Reads a file: finds out what it is and reads it.
pub fn read(file: FileId, path: &str, bytes: &[u8], options: &ReadOptions) -> Reading {
    let mut reading = by_content(file, bytes, options);
    if !options.named && is_none_of_ours(&reading, path, bytes) {
        return ignored(file, bytes, &reading);
    }
    let unknown = |problem: &Problem| problem.code == ProblemCode::FileKindUnknown;
    if !tables::sheet::looks_like(bytes) && !reading.problems.iter().any(unknown) {
        reading = zeros::refuse(file, bytes, reading);
    }
    let headless = |problem: &Problem| problem.code == ProblemCode::HeaderMissing;
    if reading.role == Role::Ignored && reading.problems.iter().any(headless) {
        // A table of accounts whose header is lost: most likely a list, never something to pass by.
        reading.role = Role::List;
    }
    with_role(file, reading, options.forced_role)
}

/// Reads a table or statement that is too large for memory, plain rows and bookings in brief;
/// `head` is its beginning. `None` if it has to be read as a whole. `check` is asked only where the head is a table's and says too little.
pub fn read_in_brief(
    file: FileId,
    head: &[u8],
    check: impl FnOnce() -> Check,
    options: &ReadOptions,
) -> Option<Reading> {
    let start = decode(head.get(..head.len().min(HEAD)).unwrap_or_default());
    let (keys, bytes) = (options.keys.as_ref()?, options.bytes.as_ref()?);
    if tables::sheet::looks_like(head) || foreign_kind(head, &start.text).is_some() {
        return None;
    }
    let reading = if iso20022::looks_like_xml(head) {
        iso20022::read_in_brief(file, bytes, keys, options)?
    } else if mt940::looks_like(head) {
        mt940::read_in_brief(file, bytes, keys, options)?
    } else {
        tables::brief::read_unchecked(file, bytes, check, keys, options)?
    };
    Some(with_role(file, reading, options.forced_role))
}

fn by_content(file: FileId, bytes: &[u8], options: &ReadOptions) -> Reading {
    let place = Place::file(file);
    let head = decode(bytes.get(..bytes.len().min(HEAD)).unwrap_or_default());
    let start = head.text.trim_start_matches(|c: char| c.is_whitespace() || c == '\0');
    // Blanks can go on behind the head.
    if start.is_empty() && decode(bytes).text.trim_matches(is_blank).is_empty() {
        return Reading::refusal("empty", Problem::new(ProblemCode::FileEmpty, place));
    }
    if start.starts_with('{') && start.contains("\"schema\"") && start.contains("\"gutschrift.") {
        return Reading::own_output(file);
    }
    if let Some(kind) = in_disguise(&head.text).filter(|_| !tables::sheet::looks_like(bytes)) {
        let text = decode(bytes.get(..bytes.len().min(SEARCHED)).unwrap_or_default()).text;
        let titles = own_outputs::TITLES.iter().map(|title| format!("<title>{title}"));
        if titles.into_iter().any(|title| head.text.contains(&title)) {
            return Reading::own_output(file);
        }
        if signs::names_accounts(&text) {
            let problem = Problem::new(ProblemCode::SpreadsheetForeign, place).value(kind);
            return Reading::refusal("unknown", problem);
        }
    }
    // Many zeros make a text no other kind of file: what is left of it is read, and they are told.
    let damaged = |kind: &&str| *kind == BINARY && signs::holds_some(bytes);
    if let Some(kind) = foreign_kind(bytes, &head.text).filter(|kind| !damaged(kind)) {
        let problem = Problem::new(ProblemCode::FileKindUnknown, place).value(kind);
        return Reading::refusal("unknown", problem);
    }
    let shared = options.keys.as_ref().zip(options.bytes.as_ref());
    if start.starts_with('<') || iso20022::looks_like_xml(bytes) {
        let brief =
            shared.and_then(|(keys, shared)| iso20022::read_in_brief(file, shared, keys, options));
        brief.unwrap_or_else(|| iso20022::read(file, bytes, options))
    } else if !tables::sheet::looks_like(bytes) && mt940::looks_like(bytes) {
        let brief =
            shared.and_then(|(keys, shared)| mt940::read_in_brief(file, shared, keys, options));
        brief.unwrap_or_else(|| mt940::read(file, bytes))
    } else {
        tables::read(file, bytes, options)
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\0'
}

/// Whether a file that could not be used was never payment data. One of ours that is broken is
/// refused wherever it lay: it may be the list, or the return that decides.
fn is_none_of_ours(reading: &Reading, path: &str, bytes: &[u8]) -> bool {
    if !reading.refused {
        return false;
    }
    let head = || decode(bytes.get(..bytes.len().min(HEAD)).unwrap_or_default()).text;
    let errors = reading.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let codes: Vec<ProblemCode> = errors.map(|problem| problem.code).collect();
    !codes.is_empty()
        && codes.into_iter().all(|code| match code {
            ProblemCode::MessageUnknown => true,
            // Whatever a bank's file was before it became a letter, a log-in page or rubbish.
            ProblemCode::FileKindUnknown => {
                !signs::has_ending(path) && (is_foreign(bytes) || !signs::holds_some(bytes))
            }
            ProblemCode::XmlBroken | ProblemCode::XmlDoctype | ProblemCode::XmlTooDeep => {
                let is_broken_message = code == ProblemCode::XmlBroken && signs::has_ending(path);
                !(is_broken_message || signs::speaks_of_messages(&head()))
            }
            // Workbooks are looked into by their own reader.
            ProblemCode::HeaderMissing => {
                tables::sheet::looks_like(bytes)
                    || !signs::holds_some(bytes) && !zeros::has_zeros(bytes)
            }
            _ => false,
        })
}

/// Whether the first bytes are those of another kind of file.
fn is_foreign(bytes: &[u8]) -> bool {
    foreign_kind(bytes, "").is_some()
}

/// The line of the report for a file that is none of ours.
fn ignored(file: FileId, bytes: &[u8], reading: &Reading) -> Reading {
    let mut what = reading.problems.iter().find_map(|problem| problem.value.clone());
    let mut problem = Problem::new(ProblemCode::FileIgnored, Place::file(file));
    let header = |problem: &Problem| problem.code == ProblemCode::HeaderMissing;
    if reading.problems.iter().any(header) {
        what = Some(reading.format.clone());
        // A workbook without a known header may be a list with column names of its own, and
        // nobody would miss it in the result; a text with days and amounts may be an export without its
        // header: a person has to look.
        let is_workbook = reading.format.contains("xls") || reading.format.contains("ods");
        let text = || decode(bytes.get(..bytes.len().min(SEARCHED)).unwrap_or_default()).text;
        if is_workbook || signs::holds_bookings(&text()) {
            problem = problem.severity(Severity::Error);
        }
    }
    // A return or an investigation between banks may speak against a payment: a person has to look.
    let head = decode(bytes.get(..bytes.len().min(HEAD)).unwrap_or_default());
    if signs::speaks_of_payments(&head.text) {
        problem = problem.severity(Severity::Error);
    }
    let problem = problem.value(what.unwrap_or_else(|| reading.format.clone()));
    Reading {
        role: Role::Ignored,
        format: reading.format.clone(),
        encoding: reading.encoding.clone(),
        problems: vec![problem],
        ..Reading::default()
    }
}

/// Holds the file against the role that the command line forces.
fn with_role(file: FileId, mut reading: Reading, forced: Option<Role>) -> Reading {
    let Some(forced) = forced else { return reading };
    if reading.refused {
        return reading;
    }
    let fits = match forced {
        Role::List => matches!(reading.role, Role::List | Role::Order),
        Role::Order => reading.role == Role::Order,
        Role::Bank => matches!(reading.role, Role::Bank | Role::Status | Role::Confirmation),
        Role::Status | Role::Confirmation | Role::Ignored => reading.role == forced,
    };
    if fits {
        if forced == Role::List {
            reading.role = Role::List;
        }
        return reading;
    }
    let problem = Problem::new(ProblemCode::WrongRole, Place::file(file))
        .value(reading.format.clone())
        .expected(forced.name());
    // Its values must not reach the run by another door.
    Reading { role: reading.role, ..Reading::refusal(reading.format, problem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATEMENT: &[u8] = b":20:STARTUMS\n:25:99900010/4711001\n:28C:1/1\n\
        :60F:C231129EUR10,00\n:62F:C231130EUR10,00\n-\n";
    const LIST: &[u8] = b"Aktenzeichen;Name;IBAN;Betrag\n50.12-1;Erika Beispiel;\
        DE09999100540043764919;563,00\n";

    fn reading(bytes: &[u8], named: bool, forced_role: Option<Role>) -> Reading {
        let options = ReadOptions { forced_role, named, ..ReadOptions::default() };
        read(FileId(0), "x", bytes, &options)
    }

    fn outcome(bytes: &[u8], named: bool, forced: Option<Role>) -> (String, bool, Role) {
        let found = reading(bytes, named, forced);
        let codes: Vec<&str> = found.problems.iter().map(|problem| problem.code.name()).collect();
        (codes.join(" "), found.refused, found.role)
    }

    #[test]
    fn files_that_are_none_of_ours() {
        let utf_16: Vec<u8> =
            "<!DOCTYPE html><p>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (name, bytes) in [
            ("pdf", &b"%PDF-1.7\n1 0 obj"[..]),
            ("html", b"\xef\xbb\xbf\n<!DOCTYPE html><html><body>Anmelden</body></html>"),
            ("html, utf-16", &[b"\xff\xfe", utf_16.as_slice()].concat()),
            ("xhtml", b"<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"/>"),
            ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
            ("rubbish", &[1, 2, 3, 200, 0, 7, 0, 9, 0, 3, 0, 4, 17, 250, 3, 2]),
            ("letter", b"Sehr geehrte Damen und Herren,\nanbei die Unterlagen.\n"),
        ] {
            assert_eq!(
                outcome(bytes, false, None),
                ("file-ignored".to_owned(), false, Role::Ignored),
                "{name}"
            );
            let (codes, refused, _) = outcome(bytes, true, None);
            assert_eq!((codes.as_str(), refused), ("file-kind-unknown", true), "{name}");
        }
    }

    #[test]
    fn empty_files_are_refused_wherever_they_lay() {
        for bytes in [&b""[..], b" \r\n\t ", b"\xef\xbb\xbf", &vec![b' '; 40_000]] {
            for named in [true, false] {
                let (codes, refused, _) = outcome(bytes, named, None);
                assert_eq!((codes.as_str(), refused), ("file-empty", true));
            }
        }
    }

    #[test]
    fn broken_files_of_ours_are_refused_wherever_they_lay() {
        let cut = STATEMENT.strip_suffix(b":62F:C231130EUR10,00\n-\n").unwrap();
        let headless = b"50.12-1;Erika Beispiel;DE09999100540043764919;563,00\n\
            50.12-2;Max Beispiel;DE09999100540043764919;563,00\n";
        for bytes in [cut, &headless[..]] {
            for named in [true, false] {
                let found = reading(bytes, named, None);
                assert!(found.refused, "{}", String::from_utf8_lossy(bytes));
                assert_ne!(found.role, Role::Ignored, "{}", String::from_utf8_lossy(bytes));
            }
        }
    }

    #[test]
    fn forced_roles() {
        for (bytes, forced, refused) in [
            (STATEMENT, Role::Bank, false),
            (STATEMENT, Role::List, true),
            (STATEMENT, Role::Order, true),
            (LIST, Role::List, false),
            (LIST, Role::Bank, true),
            (LIST, Role::Order, true),
        ] {
            let found = reading(bytes, true, Some(forced));
            assert_eq!(found.refused, refused, "{forced:?}");
            if refused {
                assert_eq!(found.problems.first().unwrap().code, ProblemCode::WrongRole);
                assert_eq!(found.records(), 0);
                assert!(found.statements.is_empty());
            } else {
                assert_eq!(found.role, forced);
            }
        }
    }
}
