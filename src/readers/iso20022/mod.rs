//! ISO 20022 messages: pain.001, pain.002, camt.052 to .054, camt.029, camt.055, camt.056.
//!
//! Elements are read by their local names, so one reader serves all versions.

mod amounts;
mod balances;
mod brief;
mod codes;
mod cut;
mod detail;
mod documents;
mod entry;
mod fields;
mod lines;
mod orders;
mod pull;
mod recalls;
mod reports;
mod sides;
mod source;
mod statements;
mod stretch;
mod strict;
mod token;
mod tokens;
mod tree;
mod twice;
mod unread;
mod window;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::model::reading::Reading;
use crate::readers::iso20022::cut::Cut;
use crate::readers::iso20022::cut::STRETCH;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::source::Source;
use crate::readers::iso20022::tokens::Tokens;
use crate::readers::options::ReadOptions;
use crate::readers::runs::Runs;

/// Whether the bytes look like XML, whatever their encoding.
pub fn looks_like_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let bytes = bytes.strip_prefix(&[0xFF, 0xFE]).unwrap_or(bytes);
    let bytes = bytes.strip_prefix(&[0xFE, 0xFF]).unwrap_or(bytes);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != 0) == Some(&b'<')
}

pub(crate) use brief::read as read_in_brief;

/// Reads an XML file.
pub fn read(file: FileId, bytes: &[u8], options: &ReadOptions) -> Reading {
    let source = source::decode(file, bytes);
    let size = usize::try_from(options.part).ok().filter(|size| *size > 0).unwrap_or(STRETCH);
    // What is wrong with a file, or unusual in it, is the general reader's to say.
    in_stretches(file, &source, size, options.threads)
        .or_else(|| strictly(file, &source).ok())
        .unwrap_or_else(|| generally(file, &source))
}

/// Reads the bookings first, by as many threads as there may be, then what stands around them.
fn in_stretches(file: FileId, source: &Source<'_>, size: usize, threads: usize) -> Option<Reading> {
    let cut = Cut::of(file, &source.text, size, threads)?;
    let mut pull = Pull::new(file, &cut.around, Tokens::strict(&cut.around));
    pull.booked = cut.runs;
    walk(file, source, pull).map(|(reading, _)| reading).ok()
}

fn strictly(file: FileId, source: &Source<'_>) -> Result<Reading, Box<Reading>> {
    attempt(file, source, Runs::default()).map(|(reading, _)| reading)
}

/// Reads a text from which runs of bookings were taken, strictly; gives where they belong.
fn attempt(file: FileId, source: &Source<'_>, runs: Runs) -> Result<(Reading, Runs), Box<Reading>> {
    let mut pull = Pull::new(file, &source.text, Tokens::strict(&source.text));
    pull.runs = runs;
    walk(file, source, pull)
}

fn generally(file: FileId, source: &Source<'_>) -> Reading {
    let pull = Pull::new(file, &source.text, Tokens::general(&source.text));
    walk(file, source, pull).map_or_else(|refused| *refused, |(reading, _)| reading)
}

/// Reads a file; `Err` is the reading of a file that is refused because of its XML.
fn walk(
    file: FileId,
    source: &Source<'_>,
    mut pull: Pull<'_>,
) -> Result<(Reading, Runs), Box<Reading>> {
    let mut reading = Reading { encoding: Some(source.encoding.clone()), ..Reading::default() };
    reading.problems.extend(source.problem.clone());
    let read = documents::read(file, &mut pull, &mut reading);
    // Bookings that nobody asked for stand where no booking stands.
    let left = || Problem::new(ProblemCode::XmlBroken, Place::file(file));
    let read = read.and_then(|()| if pull.booked.is_empty() { Ok(()) } else { Err(left()) });
    if let Err(problem) = read {
        // What was read before the break is no use: nobody knows what is missing.
        let format = if reading.format.is_empty() { "xml".to_owned() } else { reading.format };
        let mut refused = Reading::refusal(format, problem);
        refused.encoding = reading.encoding;
        refused.version = reading.version.or(pull.version);
        return Err(Box::new(refused));
    }
    reading.problems.extend(pull.unread.note(file));
    lines::number(&mut reading.statements);
    if reading.records() == 0 && reading.statements.is_empty() && reading.orders.is_empty() {
        reading.problems.push(Problem::new(ProblemCode::NothingFound, Place::file(file)));
        reading.refused = true;
    }
    Ok((reading, pull.runs))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test reads all samples")]
mod tests {
    use std::path::Path;
    use std::path::PathBuf;

    use super::*;

    fn messages(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                messages(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "xml") {
                found.push(path);
            }
        }
    }

    /// What a file gives, whole; accounts in full.
    fn all_of(reading: &Reading) -> String {
        let ibans: Vec<_> = reading
            .statements
            .iter()
            .flat_map(|statement| &statement.entries)
            .flat_map(|entry| &entry.details)
            .map(|detail| detail.counterparty_iban.as_ref().map(|iban| iban.reveal().to_owned()))
            .collect();
        format!("{reading:?} {ibans:?}")
    }

    /// Whether the strict reader went through, in one piece and in stretches; what it gave must then
    /// be the general one's.
    fn compare(name: &str, bytes: &[u8]) -> (bool, bool) {
        let source = source::decode(FileId(1), bytes);
        let strict = strictly(FileId(1), &source);
        let general = all_of(&generally(FileId(1), &source));
        if let Ok(strict) = &strict {
            assert_eq!(all_of(strict), general, "{name}");
        }
        let mut in_parts = false;
        for (threads, size) in [(1, STRETCH), (2, 700), (8, 1)] {
            if let Some(cut) = in_stretches(FileId(1), &source, size, threads) {
                assert_eq!(all_of(&cut), general, "{name}, {threads} threads");
                in_parts = true;
            }
        }
        (strict.is_ok(), in_parts)
    }

    #[test]
    fn the_strict_reader_reads_what_the_general_one_reads() {
        let mut paths = Vec::new();
        messages(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/samples")), &mut paths);
        if let Ok(corpus) = std::env::var("GUTSCHRIFT_CORPUS") {
            messages(Path::new(&corpus), &mut paths);
        }
        let mut strict = 0;
        let mut cut = 0;
        let mut dice = 11_u64;
        for path in &paths {
            let name = path.display().to_string();
            let bytes = std::fs::read(path).unwrap();
            let (whole, in_parts) = compare(&name, &bytes);
            strict += usize::from(whole);
            cut += usize::from(in_parts);
            // Damage that leaves most of the file alone.
            let pieces: [&[u8]; 12] = [
                b"<",
                b">",
                b"&",
                b"&amp;",
                b"\"",
                b"/",
                b"<!-- x -->",
                b"<![CDATA[a]]>",
                b"\r\n",
                b"<a/>",
                b" b='c>'",
                b"&#65;",
            ];
            for round in 0..40 {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = usize::try_from(dice >> 33).unwrap() % bytes.len().max(1);
                let piece = pieces[usize::try_from(dice >> 20).unwrap() % pieces.len()];
                let mut damaged = bytes.clone();
                let until = if round % 2 == 0 { at } else { (at + 1).min(bytes.len()) };
                damaged.splice(at..until, piece.iter().copied());
                compare(&format!("{name}, {piece:?} at {at}"), &damaged);
            }
        }
        assert!(cut > 20, "only {cut} were read in stretches");
        assert!(paths.len() > 20 && strict * 2 > paths.len(), "{strict} of {}", paths.len());
    }
}
