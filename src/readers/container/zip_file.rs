//! ZIP files.

use std::io::Cursor;

use zip::ZipArchive;
use zip::result::ZipError;

use crate::readers::container::budget::Budget;
use crate::readers::container::budget::Failure;

/// Length of the fixed part of a member's header, before its name.
const HEADER: usize = 30;

/// Whether the bytes begin like a ZIP file: with a member, or empty.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// An opened archive.
pub(super) struct Archive<'a> {
    inner: ZipArchive<Cursor<&'a [u8]>>,
    size: u64,
}

impl<'a> Archive<'a> {
    /// Opens an archive; `None` for office documents, which are ZIP files and no archives.
    pub(super) fn open(bytes: &'a [u8], budget: &mut Budget) -> Result<Option<Self>, Failure> {
        if first_name(bytes).is_some_and(is_office_part) {
            return Ok(None);
        }
        let mut inner = ZipArchive::new(Cursor::new(bytes)).map_err(failure)?;
        let office = inner.file_names().flatten().any(|name| is_office_part(name.as_bytes()));
        if office {
            return Ok(None);
        }
        // Two members of one name: one of them would never be seen.
        if inner.has_duplicate_names() {
            return Err(Failure::Damaged("duplicate names in the directory".to_owned()));
        }
        budget.take_members(inner.len())?;
        if inner.has_overlapping_files().map_err(failure)? {
            return Err(Failure::Damaged("members overlap".to_owned()));
        }
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(Some(Self { inner, size }))
    }

    /// Names and numbers of the members that are files, in the order of their names; what
    /// operating systems leave behind is none of them.
    pub(super) fn members(&mut self) -> Vec<(String, usize)> {
        let mut members: Vec<(String, usize)> = Vec::new();
        for index in 0..self.inner.len() {
            let name = match self.inner.by_index_raw(index) {
                Ok(member) if member.is_dir() => continue,
                Ok(member) => member.name().map_or_else(
                    |_| String::from_utf8_lossy(member.name_raw()).into_owned(),
                    std::borrow::Cow::into_owned,
                ),
                // Reading it will say what is wrong with it.
                Err(_) => format!("#{index}"),
            };
            let name = name.replace('\\', "/");
            if !is_left_behind(&name) {
                members.push((name, index));
            }
        }
        members.sort();
        members
    }

    /// Unpacks a member.
    pub(super) fn read(&mut self, index: usize, budget: &mut Budget) -> Result<Vec<u8>, Failure> {
        let member = self.inner.by_index(index).map_err(failure)?;
        if member.encrypted() {
            return Err(Failure::Encrypted);
        }
        let (packed, stated) = (member.compressed_size().min(self.size), member.size());
        let bytes = budget.read(packed, member)?;
        if u64::try_from(bytes.len()).ok() != Some(stated) {
            return Err(Failure::Damaged(format!("{} B, {stated} B stated", bytes.len())));
        }
        Ok(bytes)
    }
}

fn failure(error: ZipError) -> Failure {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            Failure::Encrypted
        }
        other => Failure::Damaged(other.to_string()),
    }
}

/// The name of the first member, read without the directory at the end, which may be broken.
fn first_name(bytes: &[u8]) -> Option<&[u8]> {
    let length = match bytes.get(26..28)? {
        [low, high] => usize::from(u16::from_le_bytes([*low, *high])),
        _ => return None,
    };
    bytes.get(HEADER..)?.get(..length)
}

/// Parts that only office documents have.
fn is_office_part(name: &[u8]) -> bool {
    matches!(
        name,
        b"[Content_Types].xml" | b"mimetype" | b"xl/workbook.xml" | b"META-INF/manifest.xml"
    )
}

/// What macOS and Windows put beside the files.
fn is_left_behind(path: &str) -> bool {
    path.split('/').any(|part| {
        part == "__MACOSX" || part == ".DS_Store" || part.eq_ignore_ascii_case("Thumbs.db")
    })
}
