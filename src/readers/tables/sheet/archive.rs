//! The archive around a newer workbook, looked at before anything is unpacked: a few bytes can ask for
//! more memory than there is.

use std::io::Cursor;
use std::io::Read;

use zip::ZipArchive;

use crate::readers::tables::sheet::trouble::Trouble;

/// The largest unpacked workbook that is read (bytes).
const LARGEST: u64 = 256_000_000;

/// The largest part that has to be in memory as a whole: shared texts, looks, the sheets of an ODS file.
const LARGEST_PART: u64 = 96_000_000;

/// Unpacked bytes for one packed byte, above [`SMALL`]. Sheets of equal rows stay below 100.
const RATIO: u64 = 200;

/// Below this size (bytes) the ratio does not matter.
const SMALL: u64 = 10_000_000;

/// The most members of a workbook.
const MEMBERS: usize = 5_000;

/// The most shared texts.
const TEXTS: usize = 2_500_000;

/// What kind of workbook an archive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Xlsx,
    Ods,
}

/// Looks at all members: sizes as the directory tells them, and as they come out.
pub(super) fn check(bytes: &[u8]) -> Result<Kind, Trouble> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(Trouble::broken)?;
    if archive.len() > MEMBERS {
        return Err(Trouble::too_many(archive.len(), MEMBERS, "Teile/parts"));
    }
    let mut total = 0_u64;
    let mut kind = Kind::Xlsx;
    for number in 0..archive.len() {
        let mut member = archive.by_index(number).map_err(Trouble::broken)?;
        let name = member.name().map_err(Trouble::broken)?.into_owned();
        let size = member.size();
        let packed = member.compressed_size();
        total = total.saturating_add(size);
        if name == "content.xml" {
            kind = Kind::Ods;
        }
        // The sheets of XLSX files are read bit by bit, all else is kept.
        let is_streamed = name.contains("worksheets/");
        let bounded = if is_streamed { LARGEST } else { LARGEST_PART };
        if total > LARGEST {
            return Err(Trouble::too_many(total, LARGEST, "B"));
        }
        if size > bounded {
            return Err(Trouble::too_many(size, bounded, "B"));
        }
        if size > SMALL && size / RATIO > packed {
            let found = format!("{size} B / {packed} B");
            return Err(Trouble::TooLarge { found, allowed: format!("{RATIO}:1") });
        }
        let seen = count(&mut member.by_ref().take(size.saturating_add(1)))?;
        // What comes out is what the directory says, or the directory lies.
        if seen.bytes > size {
            return Err(Trouble::beyond(size, "B"));
        }
        let texts = seen.texts.max(seen.stated.unwrap_or(0));
        if name.ends_with("sharedStrings.xml") && texts > TEXTS {
            return Err(Trouble::too_many(texts, TEXTS, "Texte/texts"));
        }
    }
    Ok(kind)
}

/// What comes out of a member.
#[derive(Default)]
struct Seen {
    bytes: u64,
    /// Shared texts in it.
    texts: usize,
    /// Shared texts that it says it has.
    stated: Option<usize>,
}

fn count(member: &mut impl Read) -> Result<Seen, Trouble> {
    let mut seen = Seen::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = member.read(&mut buffer).map_err(Trouble::broken)?;
        let part = buffer.get(..read).unwrap_or_default();
        if part.is_empty() {
            return Ok(seen);
        }
        if seen.bytes == 0 {
            let head = String::from_utf8_lossy(part.get(..4096).unwrap_or(part));
            seen.stated = head
                .split_once("uniqueCount=")
                .and_then(|(_, rest)| {
                    rest.trim_start_matches(['"', '\'']).split(['"', '\'']).next()
                })
                .and_then(|count| count.parse().ok());
        }
        seen.bytes = seen.bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        let texts = memchr::memmem::find_iter(part, b"<si").count()
            + memchr::memmem::find_iter(part, b":si").count();
        seen.texts = seen.texts.saturating_add(texts);
    }
}

/// One member as a text; `None` if there is none of this name.
pub(super) fn text_if_any(bytes: &[u8], wanted: &str) -> Result<Option<String>, Trouble> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(Trouble::broken)?;
    let has = archive.index_for_name(wanted).is_some();
    drop(archive);
    has.then(|| text(bytes, wanted)).transpose()
}

/// One member as a text.
pub(super) fn text(bytes: &[u8], wanted: &str) -> Result<String, Trouble> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(Trouble::broken)?;
    let member = archive.by_name(wanted).map_err(Trouble::broken)?;
    let mut text = String::new();
    let read = member.take(LARGEST_PART.saturating_add(1)).read_to_string(&mut text);
    read.map_err(Trouble::broken)?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > LARGEST_PART {
        return Err(Trouble::beyond(LARGEST_PART, "B"));
    }
    Ok(text)
}
