//! What broken media, bad downloads and cut-off copies do to a file.

use std::collections::BTreeSet;

/// What is not written: a block of a medium (bytes).
const SECTOR: usize = 512;

/// A damage: what it is, where, and the bytes that are left.
pub(crate) struct Damage {
    pub(crate) kind: &'static str,
    pub(crate) at: usize,
    pub(crate) bytes: Vec<u8>,
}

/// The damages of one file; `step` leaves out places.
pub(crate) fn damages(bytes: &[u8], step: usize) -> Vec<Damage> {
    let mut all = Vec::new();
    let mut add = |kind, at, bytes| all.push(Damage { kind, at, bytes });
    for at in (0..bytes.len()).step_by(SECTOR * step.div_ceil(10)) {
        let mut damaged = bytes.to_vec();
        let end = (at + SECTOR).min(bytes.len());
        damaged[at..end].fill(0);
        add("zero block", at, damaged);
        // The block at the end of a file that was grown before it was written.
        if at > 0 {
            let mut damaged = bytes[..at].to_vec();
            damaged.resize(bytes.len(), 0);
            add("zeros to the end", at, damaged);
        }
    }
    for at in cuts(bytes, step) {
        add("cut", at, bytes[..at].to_vec());
    }
    for lost in [1, 2, 3, 7, 64, SECTOR] {
        add("lost beginning", lost, bytes[lost.min(bytes.len())..].to_vec());
    }
    let rubbish: Vec<u8> = (0..SECTOR).map(|n| u8::try_from(n * 167 % 251).unwrap()).collect();
    let header = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv; charset=utf-8\r\n\r\n";
    let junk: [&[u8]; 6] = [&[0; SECTOR], &rubbish, header, b"\0", b"\r\n\r\n", b"\xef\xbb\xbf"];
    for (number, junk) in junk.into_iter().enumerate() {
        add("junk in front", number, [junk, bytes].concat());
    }
    for (number, junk) in [&[0; SECTOR][..], b"\0", &rubbish].into_iter().enumerate() {
        add("junk behind", number, [bytes, junk].concat());
    }
    add("high bits stripped", 0, bytes.iter().map(|byte| byte & 0x7f).collect());
    all
}

fn is_binary(bytes: &[u8]) -> bool {
    [&b"PK"[..], b"\x1f\x8b", b"\xd0\xcf"].iter().any(|begin| bytes.starts_with(begin))
}

fn cuts(bytes: &[u8], step: usize) -> Vec<usize> {
    if is_binary(bytes) {
        return (0..bytes.len()).step_by(step * 13).collect();
    }
    rows_cut(bytes, step)
}

/// Where texts are cut: every byte of rows at the beginning, in the middle and at the end. A table
/// that ends behind a whole row is whole as far as anybody can tell.
fn rows_cut(bytes: &[u8], step: usize) -> Vec<usize> {
    let line_behind = |at: usize| {
        let rest = &bytes[at.min(bytes.len())..];
        rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end + 1)
    };
    let is_xml = bytes.starts_with(b"<");
    let mut places = BTreeSet::new();
    for from in [bytes.len() / 8, bytes.len() / 2, bytes.len() - bytes.len().min(400)] {
        let start = line_behind(from).min(bytes.len().saturating_sub(1));
        let end = line_behind(start).max(start + 300).min(bytes.len());
        let rare = if is_xml { 11 } else { 1 };
        places.extend((start..end).step_by(step * rare));
    }
    let wide = bytes.starts_with(b"\xff\xfe");
    let whole = |at: &usize| {
        if wide && (bytes[..*at].ends_with(b"\n\0") || bytes[*at..].starts_with(b"\r\0")) {
            return true;
        }
        let at_end =
            bytes.get(at.wrapping_sub(1)).is_some_and(|byte| matches!(byte, b'\n' | b'\r'));
        at_end || bytes.get(*at).is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
    };
    // A remark at the end of a row may be of any length: its cut is known by nothing.
    let in_remark = |at: &usize| {
        let rest = &bytes[*at..line_behind(*at)];
        bytes.windows(9).take(400).any(|name| name == b"Bemerkung")
            && !rest.iter().any(|byte| matches!(byte, b';' | b',' | b'\t'))
    };
    // Nor is the last cell of an only row, as the beginning of a day or an id may be one too.
    let in_only_row = |at: &usize| {
        let lines = bytes[..*at].split(|byte| *byte == b'\n').count();
        let rest = &bytes[*at..line_behind(*at)];
        lines == 2 && !is_xml && !rest.iter().any(|byte| matches!(byte, b';' | b',' | b'\t'))
    };
    // Nor are one or two whole names of columns at the end of a file those of a bank.
    let in_few_names = |at: &usize| {
        let line = bytes[..*at].rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        bytes.starts_with(b"\"Volksbank") && line.starts_with(b"\"Buchungstag\"") && line.len() < 26
    };
    let known = |at: &usize| !whole(at) && !in_remark(at) && !in_only_row(at) && !in_few_names(at);
    places.into_iter().filter(known).collect()
}
