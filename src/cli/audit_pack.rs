//! The evidence pack of `close`: the result in it, and whether its files are as they were packed.

use std::io;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use sha2::Digest;
use sha2::Sha256;
use zip::ZipArchive;

use crate::audit::finding::Finding;
use crate::cli::results::LARGEST;
use crate::model::hex::hex;
use crate::model::text::leaving;

/// What a pack holds of use to an audit.
#[derive(Debug)]
pub(super) struct Pack {
    pub(super) result: Vec<u8>,
    /// The configuration that was packed.
    pub(super) configuration: Option<String>,
    /// Files that are not as they were packed.
    pub(super) findings: Vec<Finding>,
}

/// Where the digests of a pack stand.
const SUMS: &str = "SHA256SUMS";

/// The result in a pack.
const RESULT: &str = "result.json";

/// Opens a pack; `None` for what is none.
///
/// # Errors
///
/// What cannot be read.
pub(super) fn open(path: &Path) -> io::Result<Option<Pack>> {
    #[expect(clippy::disallowed_types, reason = "packs are read here")]
    let Ok(mut archive) = ZipArchive::new(std::fs::File::open(path)?) else { return Ok(None) };
    let shown = leaving(&path.to_string_lossy(), false);
    let mut members = Vec::new();
    for number in 0..archive.len() {
        let mut member = archive.by_index(number).map_err(io::Error::other)?;
        let mut bytes = Vec::new();
        let read = member.by_ref().take(LARGEST).read_to_end(&mut bytes)?;
        if u64::try_from(read).unwrap_or(u64::MAX) >= LARGEST {
            return Err(io::Error::other("larger than any result"));
        }
        let name = member.name().map_err(io::Error::other)?.into_owned();
        members.push((name, bytes));
    }
    let taken = |name: &str| members.iter().find(|(own, _)| own == name).map(|(_, own)| own);
    let Some(result) = taken(RESULT).cloned() else { return Ok(None) };
    let mut findings = Vec::new();
    let mut refute = |name: &str, said: &str, found: &str| {
        let name = leaving(name, false);
        let place = format!("{shown}/{name}");
        findings.push(Finding::refuted(&place, 0, "pack").values(said, found));
    };
    let text = |name: &str| taken(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let sums = text(SUMS).unwrap_or_default();
    let stated: Vec<(&str, &str)> = sums.lines().filter_map(|line| line.split_once("  ")).collect();
    for (digest, name) in &stated {
        let found = taken(name).map(|bytes| hex(&Sha256::digest(bytes)));
        if found.as_deref() != Some(*digest) {
            refute(name, digest, found.as_deref().unwrap_or("–"));
        }
    }
    for (name, bytes) in &members {
        if name != SUMS && !stated.iter().any(|(_, own)| own == name) {
            refute(name, "–", &hex(&Sha256::digest(bytes)));
        }
    }
    let digest = hex(&Sha256::digest(&result));
    let closed = text("decisions.jsonl").unwrap_or_default();
    let closed = closed.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
    if let Some(said) = closed.filter_map(|line| line.what.sha256).next_back() {
        if said != digest {
            refute(RESULT, &said, &digest);
        }
    } else {
        refute("decisions.jsonl", "–", &digest);
    }
    Ok(Some(Pack { configuration: text("gutschrift.toml"), result, findings }))
}

/// What a line of a journal says of a close.
#[derive(Debug, Deserialize)]
struct Line {
    what: Close,
}

#[derive(Debug, Deserialize)]
struct Close {
    sha256: Option<String>,
}
