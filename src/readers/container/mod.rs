//! Archives: ZIP and gzip, bounded.

mod budget;
mod gzip;
mod zip_file;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::readers::container::budget::Budget;
use crate::readers::container::budget::Failure;

/// One file of an archive.
#[derive(Clone, Debug)]
pub struct Member {
    /// Path inside the archive; empty for the single member of a gzip file.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What an archive held: members in the order of their paths, and what went wrong.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    /// The members that could be read, nested archives expanded (`inner.zip/member.xml`).
    pub members: Vec<Member>,
    /// Damaged, encrypted or refused members.
    pub problems: Vec<Problem>,
    /// Nothing of the archive may be used: bounds exceeded, directory broken, empty, or a member
    /// that cannot be read, because it may be the list or the return that decides.
    pub refused: bool,
}

/// Archives may stand inside an archive, but not inside that one.
const DEPTH: u8 = 1;

/// Expands an archive; `None` if the bytes are none (spreadsheets are ZIP files too, and none).
pub fn expand(file: FileId, bytes: &[u8]) -> Option<Expanded> {
    let mut work = Work { file, budget: Budget::of(bytes.len()), expanded: Expanded::default() };
    if !work.open("", bytes, 0) {
        return None;
    }
    let mut expanded = work.expanded;
    if expanded.members.is_empty() && expanded.problems.is_empty() {
        expanded.problems.push(Problem::new(ProblemCode::NothingFound, Place::file(file)));
        expanded.refused = true;
    }
    // Members of equal path cannot be told apart by it; the sort keeps their order.
    expanded.members.sort_by(|left, right| left.path.cmp(&right.path));
    Some(expanded)
}

/// What an archive is by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Zip,
    Gzip,
}

fn kind_of(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"\x1f\x8b") {
        Some(Kind::Gzip)
    } else if zip_file::looks_like(bytes) {
        Some(Kind::Zip)
    } else {
        None
    }
}

struct Work {
    file: FileId,
    budget: Budget,
    expanded: Expanded,
}

impl Work {
    /// Expands an archive that stands at `path`; `false` if the bytes are none.
    fn open(&mut self, path: &str, bytes: &[u8], depth: u8) -> bool {
        let Some(kind) = kind_of(bytes) else { return false };
        if depth > DEPTH {
            self.fail(
                path,
                Failure::TooLarge {
                    found: "ZIP > ZIP > ZIP".to_owned(),
                    allowed: "ZIP > ZIP".to_owned(),
                },
            );
            return true;
        }
        match kind {
            Kind::Gzip => match gzip::read(bytes, &mut self.budget) {
                Ok(member) => self.member(path.to_owned(), member, depth),
                Err(failure) => self.fail(path, failure),
            },
            Kind::Zip => return self.zip(path, bytes, depth),
        }
        true
    }

    fn zip(&mut self, path: &str, bytes: &[u8], depth: u8) -> bool {
        let mut archive = match zip_file::Archive::open(bytes, &mut self.budget) {
            Ok(Some(archive)) => archive,
            Ok(None) => return false,
            Err(failure) => {
                self.fail(path, failure);
                return true;
            }
        };
        for (name, index) in archive.members() {
            let full = if path.is_empty() { name } else { format!("{path}/{name}") };
            match archive.read(index, &mut self.budget) {
                Ok(member) => self.member(full, member, depth),
                Err(failure) => {
                    let last = matches!(failure, Failure::TooLarge { .. });
                    self.fail(&full, failure);
                    if last {
                        break;
                    }
                }
            }
        }
        true
    }

    fn member(&mut self, path: String, bytes: Vec<u8>, depth: u8) {
        if !self.open(&path, &bytes, depth.saturating_add(1)) {
            self.expanded.members.push(Member { path, bytes });
        }
    }

    fn fail(&mut self, path: &str, failure: Failure) {
        self.expanded.refused = true;
        let place = Place::file(self.file);
        let named = |text: String| if path.is_empty() { text } else { format!("{path}: {text}") };
        self.expanded.problems.push(match failure {
            Failure::TooLarge { found, allowed } => {
                Problem::new(ProblemCode::ArchiveTooLarge, place)
                    .value(named(found))
                    .expected(allowed)
            }
            Failure::Encrypted => {
                Problem::new(ProblemCode::ArchiveEncrypted, place).value(path.to_owned())
            }
            Failure::Damaged(why) => {
                Problem::new(ProblemCode::ArchiveDamaged, place).value(named(why))
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::CompressionMethod;
    use zip::write::SimpleFileOptions;

    fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in members {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// An archive whose directory says another size than its member has.
    fn with_wrong_size(archive: &[u8]) -> Vec<u8> {
        let mut bytes = archive.to_vec();
        let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        bytes[directory + 24] ^= 1;
        bytes
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn summary(bytes: &[u8]) -> Option<(Vec<String>, Vec<&'static str>, bool)> {
        let expanded = expand(FileId(0), bytes)?;
        Some((
            expanded.members.iter().map(|member| member.path.clone()).collect(),
            expanded.problems.iter().map(|problem| problem.code.name()).collect(),
            expanded.refused,
        ))
    }

    #[test]
    fn members_by_path_with_nested_archives() {
        let inner = zip(&[("c.xml", b"<c/>")]);
        let archive = zip(&[
            ("z.sta", b":20:"),
            ("inner.zip", &inner),
            ("a/Umsätze.csv.gz", &gzip(b"x;y")),
            ("__MACOSX/a.xml", b"x"),
            ("a/.DS_Store", b"x"),
        ]);
        let (paths, problems, refused) = summary(&archive).unwrap();
        assert_eq!(paths, ["a/Umsätze.csv.gz", "inner.zip/c.xml", "z.sta"]);
        assert_eq!((problems.len(), refused), (0, false));
    }

    #[test]
    fn gzip_of_several_streams_is_read_to_its_end() {
        let both = [gzip(b"one"), gzip(b"two")].concat();
        let expanded = expand(FileId(0), &both).unwrap();
        let [member] = expanded.members.as_slice() else { panic!("one member") };
        assert_eq!((member.path.as_str(), member.bytes.as_slice()), ("", &b"onetwo"[..]));
    }

    #[test]
    fn what_cannot_be_unpacked_is_refused_and_named() {
        let good = zip(&[("a.xml", b"<a/>")]);
        let deep = zip(&[("1.zip", &zip(&[("2.zip", &zip(&[("a.xml", b"<a/>")]))]))]);
        let compressed = gzip(&[b'x'; 5000]);
        let spaces = vec![b' '; 3_900_000];
        for (name, bytes, code) in [
            ("cut directory", &good[..good.len() - 10], "archive-damaged"),
            ("magic only", b"PK\x03\x04 and then some words", "archive-damaged"),
            (
                "something behind gzip",
                &[compressed.as_slice(), b":20:STARTUMS"].concat(),
                "archive-damaged",
            ),
            ("zeros behind gzip", &[compressed.as_slice(), &[0; 512]].concat(), "archive-damaged"),
            (
                "cut second stream",
                &[compressed.as_slice(), &compressed[..30]].concat(),
                "archive-damaged",
            ),
            ("zeros at the end", &[&good[..good.len() - 30], &[0; 30]].concat(), "archive-damaged"),
            ("wrong size", &with_wrong_size(&good), "archive-damaged"),
            ("cut gzip", &compressed[..compressed.len() - 9], "archive-damaged"),
            ("too deep", &deep, "archive-too-large"),
            ("bomb", &zip(&[("a.xml", &vec![0; 20_000_000])]), "archive-too-large"),
            // Every level keeps to the ratio, all of them together do not.
            (
                "nested bomb",
                &zip(&[("a.zip", &zip(&[("b.xml", &spaces), ("c.xml", &spaces)]))]),
                "archive-too-large",
            ),
            ("gzip bomb", &gzip(&vec![0; 20_000_000]), "archive-too-large"),
            ("empty", &zip(&[]), "nothing-found"),
        ] {
            let (_, problems, refused) = summary(bytes).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((problems, refused), (vec![code], true), "{name}");
        }
    }

    #[test]
    fn a_damaged_member_is_named() {
        let text: Vec<u8> = (0..2000_u32).flat_map(|n| n.to_string().into_bytes()).collect();
        let mut bytes = zip(&[("a.xml", b"<a/>"), ("b.xml", &text)]);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        let expanded = expand(FileId(0), &bytes).unwrap();
        assert_eq!(expanded.members.len(), 1);
        assert!(expanded.refused);
        let problem = expanded.problems.first().unwrap();
        assert!(problem.value.as_deref().unwrap().starts_with("b.xml: "), "{problem:?}");
    }

    #[test]
    fn no_archives() {
        let sheet = zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<w/>")]);
        let opendocument = zip(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", b""),
        ]);
        for bytes in [&b""[..], b"PK", b"Name;Betrag", &sheet, &opendocument, &sheet[..60]] {
            assert!(summary(bytes).is_none());
        }
    }
}
