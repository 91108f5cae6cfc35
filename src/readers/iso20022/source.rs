//! The text of an XML file: byte order mark, declared encoding, and what to do if neither is true.

use std::borrow::Cow;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;

/// The text of an XML file.
pub(crate) struct Source<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: String,
    pub(crate) problem: Option<Problem>,
}

/// Decodes an XML file.
pub(crate) fn decode(file: FileId, bytes: &[u8]) -> Source<'_> {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        let (text, damaged) = encoding.decode_without_bom_handling(rest);
        let problem =
            damaged.then(|| Problem::new(ProblemCode::EncodingDamaged, Place::file(file)));
        return Source { text, encoding: encoding.name().to_ascii_lowercase(), problem };
    }
    if bytes.starts_with(&[b'<', 0]) || bytes.starts_with(&[0, b'<']) {
        let little = bytes.first() == Some(&b'<');
        let encoding = if little { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE };
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return Source { text, encoding: encoding.name().to_ascii_lowercase(), problem: None };
    }
    let declared = declared_encoding(bytes);
    let by_name =
        declared.as_deref().and_then(|name| encoding_rs::Encoding::for_label(name.as_bytes()));
    // What claims to be UTF-16 without a single zero byte is not.
    let by_name = by_name.filter(|encoding| encoding.is_ascii_compatible());
    let is_utf_8 = by_name.is_none_or(|encoding| encoding == encoding_rs::UTF_8);
    match (std::str::from_utf8(bytes), is_utf_8, by_name) {
        (Ok(text), true, _) => {
            Source { text: Cow::Borrowed(text), encoding: "utf-8".to_owned(), problem: None }
        }
        (_, false, Some(encoding)) => {
            let (text, _) = encoding.decode_without_bom_handling(bytes);
            let encoding = declared.unwrap_or_default().to_ascii_lowercase();
            Source { text, encoding, problem: None }
        }
        _ => {
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
            let problem = Problem::new(ProblemCode::EncodingGuessed, Place::file(file))
                .expected("UTF-8")
                .value("Windows-1252");
            Source { text, encoding: "windows-1252".to_owned(), problem: Some(problem) }
        }
    }
}

/// The encoding that the XML declaration names.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(256))?;
    let head = String::from_utf8_lossy(head);
    let declaration = head.split_once("<?xml")?.1.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value.get(1..)?.split(quote).next()?.trim().to_owned())
}
