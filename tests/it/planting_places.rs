//! The places of one booking that can hold text, in each format.

use std::ops::Range;

/// A place of a booking, and how to plant something there.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Name for messages: column, element path, subfield.
    pub(crate) name: String,
    /// The text is the payee's: remittance text.
    pub(crate) is_remittance: bool,
    /// Some field of the booking states the account of the other side.
    pub(crate) states_account: bool,
    /// What stands in the booking's texts.
    pub(crate) own_text: String,
    /// Where the planted text goes: behind the text that stands there.
    range: Range<usize>,
    /// What stands before and behind the planted text.
    around: (&'static str, &'static str),
}

impl Place {
    /// The file with a text planted here.
    pub(crate) fn with(&self, bytes: &[u8], words: &str) -> Vec<u8> {
        let (before, behind) = self.around;
        let own = &bytes[self.range.clone()];
        let blank = if own.is_empty() { "" } else { " " };
        let text = [before, blank, words, behind].concat();
        [&bytes[..self.range.end], text.as_bytes(), &bytes[self.range.end..]].concat()
    }

    /// The file with a day after the due day, if a day stands here.
    pub(crate) fn with_later_day(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let own = std::str::from_utf8(&bytes[self.range.clone()]).ok()?;
        let later = match own {
            "30.11.2023" => "01.12.2023",
            "30.11.23" => "01.12.23",
            "2023-11-30" => "2023-12-01",
            _ => return None,
        };
        Some([&bytes[..self.range.start], later.as_bytes(), &bytes[self.range.end..]].concat())
    }
}

/// All places of the booking that begins on this line.
pub(crate) fn places(bytes: &[u8], line: u32) -> Vec<Place> {
    let start = line_start(bytes, line);
    if bytes.starts_with(b"<?xml") || bytes.windows(9).take(200).any(|part| part == b"<Document") {
        of_element(bytes, start)
    } else if bytes.starts_with(b":20:") || bytes.windows(5).take(200).any(|part| part == b"\n:20:")
    {
        of_message(bytes, start)
    } else {
        of_row(bytes, start)
    }
}

/// Where a line begins.
pub(crate) fn line_start(bytes: &[u8], line: u32) -> usize {
    let mut at = 0;
    for _ in 1..line {
        at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    }
    at
}

fn find(bytes: &[u8], from: usize, words: &[u8]) -> Option<usize> {
    bytes[from..].windows(words.len()).position(|part| part == words).map(|at| from + at)
}

fn text_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The cells of a row, quoted or not.
fn of_row(bytes: &[u8], start: usize) -> Vec<Place> {
    let end = find(bytes, start, b"\n").unwrap_or(bytes.len());
    let row = &bytes[start..end];
    let delimiter =
        [b';', b',', b'\t'].into_iter().max_by_key(|own| row.split(|byte| byte == own).count());
    let delimiter = delimiter.unwrap();
    let mut cells = Vec::new();
    let (mut from, mut quoted) = (start, false);
    for (at, byte) in (start..).zip(row.iter().chain([&delimiter])) {
        match *byte {
            b'"' => quoted = !quoted,
            byte if byte == delimiter && !quoted => {
                let mut cell = from..at;
                while cell.end > cell.start && bytes[cell.end - 1] == b'\r' {
                    cell.end -= 1;
                }
                if cell.len() >= 2 && bytes[cell.start] == b'"' {
                    cell = cell.start + 1..cell.end - 1;
                }
                cells.push(cell);
                from = at + 1;
            }
            _ => {}
        }
    }
    let header = header_of(bytes, delimiter, cells.len());
    let is_account = |name: &str| {
        let name = name.to_lowercase();
        (name.contains("iban") || name.contains("kontonummer"))
            && !name.contains("auftragskonto")
            && !name.contains("kontoinhaber")
    };
    let states_account =
        header.iter().zip(&cells).any(|(name, cell)| is_account(name) && !cell.is_empty());
    let own_text = text_of(row);
    header
        .into_iter()
        .zip(cells)
        .enumerate()
        .map(|(number, (name, range))| Place {
            is_remittance: name.to_lowercase().contains("verwendungszweck"),
            name: format!("column {} {name}", number + 1),
            states_account,
            own_text: own_text.clone(),
            range,
            around: ("", ""),
        })
        .collect()
}

/// The first line of as many cells as the row.
fn header_of(bytes: &[u8], delimiter: u8, width: usize) -> Vec<String> {
    let text = text_of(bytes);
    let delimiter = char::from(delimiter);
    let cells = |line: &str| -> Vec<String> {
        line.trim_end().split(delimiter).map(|cell| cell.trim_matches('"').to_owned()).collect()
    };
    let header = text
        .lines()
        .map(cells)
        .find(|cells| cells.len() >= width.saturating_sub(1) && cells.len() > 3);
    let mut header = header.unwrap();
    header.resize(width, "(no name)".to_owned());
    header
}

/// The texts of a booking's elements, and places where elements may be added.
fn of_element(bytes: &[u8], start: usize) -> Vec<Place> {
    let end = find(bytes, start, b"</Ntry>").unwrap();
    let own_text = text_of(&bytes[start..end]);
    let states_account = own_text.contains("CdtrAcct>") && own_text.contains("<IBAN>");
    let mut places = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut at = start;
    while let Some(open) = find(bytes, at, b"<").filter(|open| *open <= end) {
        let close = find(bytes, open, b">").unwrap();
        let tag = text_of(&bytes[open + 1..close]);
        let text = at..open;
        if tag.starts_with('/') {
            let name = path.join("/");
            if text.start > start
                && bytes[text.start - 1] == b'>'
                && !text.is_empty()
                && bytes[text.start] != b'\n'
            {
                places.push(Place {
                    is_remittance: name.ends_with("Ustrd"),
                    name,
                    states_account,
                    own_text: own_text.clone(),
                    range: text,
                    around: ("", ""),
                });
            }
            path.pop();
        } else if !tag.ends_with('/') {
            path.push(tag.split(' ').next().unwrap_or_default().to_owned());
        }
        at = close + 1;
    }
    // Elements that the booking does not have.
    let added: &[(&str, &[u8], (&'static str, &'static str))] = &[
        ("AddtlTxInf", b"</TxDtls>", ("<AddtlTxInf>", "</AddtlTxInf>")),
        ("Purp/Prtry", b"</TxDtls>", ("<Purp><Prtry>", "</Prtry></Purp>")),
        ("RltdRmtInf/RmtId", b"</TxDtls>", ("<RltdRmtInf><RmtId>", "</RmtId></RltdRmtInf>")),
        ("Nte/Txt (unknown)", b"</TxDtls>", ("<Nte><Txt>", "</Txt></Nte>")),
        (
            "SplmtryData",
            b"</TxDtls>",
            ("<SplmtryData><Envlp><Note>", "</Note></Envlp></SplmtryData>"),
        ),
        (
            "RmtInf/Strd/RfrdDocInf/Nb",
            b"</RmtInf>",
            ("<Strd><RfrdDocInf><Nb>", "</Nb></RfrdDocInf></Strd>"),
        ),
        ("RmtInf/Strd/AddtlRmtInf", b"</RmtInf>", ("<Strd><AddtlRmtInf>", "</AddtlRmtInf></Strd>")),
        ("RmtInf/Ustrd, a second one", b"</RmtInf>", ("<Ustrd>", "</Ustrd>")),
        ("AddtlNtryInf", b"</Ntry>", ("<AddtlNtryInf>", "</AddtlNtryInf>")),
        ("Ntry/Note (unknown)", b"</Ntry>", ("<Note>", "</Note>")),
    ];
    for (name, before, around) in added {
        let Some(at) = find(bytes, start, before).filter(|at| *at <= end) else { continue };
        places.push(Place {
            name: format!("{name}, added"),
            is_remittance: false,
            states_account,
            own_text: own_text.clone(),
            range: at..at,
            around: *around,
        });
    }
    places
}

/// The subfields of a booking's `:86:`, and subfields that it does not have.
fn of_message(bytes: &[u8], start: usize) -> Vec<Place> {
    let text_start = find(bytes, start, b"\n:86:").unwrap() + 5;
    let end = [&b"\n:61:"[..], b"\n:62", b"\n-"]
        .iter()
        .filter_map(|words| find(bytes, text_start, words))
        .min()
        .unwrap_or(bytes.len());
    let end = if bytes[end - 1] == b'\r' { end - 1 } else { end };
    let own_text = text_of(&bytes[text_start..end]).replace(['\r', '\n'], "");
    let states_account = own_text.contains("?31") || own_text.contains("?38");
    let marks: Vec<usize> = (text_start..end)
        .filter(|at| bytes[*at] == b'?' && bytes[at + 1..].iter().take(2).all(u8::is_ascii_digit))
        .collect();
    let ends = marks.iter().skip(1).copied().chain([end]);
    let mut places: Vec<Place> = marks
        .iter()
        .zip(ends)
        .map(|(mark, end)| {
            let name = text_of(&bytes[*mark..mark + 3]);
            Place {
                is_remittance: name == "?22",
                name,
                states_account,
                own_text: own_text.clone(),
                range: mark + 3..end,
                around: ("", ""),
            }
        })
        .collect();
    // A further piece of the remittance text stands before the other side, the rest behind it.
    let other_side = find(bytes, text_start, b"?30").filter(|at| *at < end).unwrap_or(end);
    let added = [("?23", other_side), ("?60", end), ("?61", end), ("?34", end), ("?99", end)];
    for (name, at) in added {
        places.push(Place {
            name: format!("{name}, added"),
            is_remittance: false,
            states_account,
            own_text: own_text.clone(),
            range: at..at,
            around: (name, ""),
        });
    }
    let line_end = find(bytes, start, b"\n").unwrap();
    places.push(Place {
        name: "second line of :61:".to_owned(),
        is_remittance: false,
        states_account,
        own_text,
        range: line_end..line_end,
        around: ("\n", ""),
    });
    places
}
