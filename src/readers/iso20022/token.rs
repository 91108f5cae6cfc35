//! The pieces of an XML text.

use std::borrow::Cow;

use quick_xml::events::BytesStart;

/// A piece.
pub(crate) enum Token<'a> {
    /// An element begins.
    Start(Start<'a>),
    /// An element without content.
    Empty(Start<'a>),
    /// An element ends.
    End,
    /// Text as it stands.
    Text(Cow<'a, str>),
    /// Text in a `CDATA` section.
    Data(Cow<'a, str>),
    /// A reference to a character; `None` for entities that are not defined.
    Reference(Option<char>),
    /// A document type declaration.
    DocType,
    /// Comments, declarations, processing instructions.
    Other,
    /// The end of the text.
    Eof,
}

/// The start of an element.
pub(crate) struct Start<'a> {
    /// Name without prefix.
    pub(crate) name: Cow<'a, str>,
    /// The `Ccy` attribute.
    pub(crate) currency: Option<Cow<'a, str>>,
    /// The version of a message that a namespace names, such as `camt.053.001.08`.
    pub(crate) version: Option<Box<str>>,
}

/// The five entities that XML defines.
pub(crate) fn named(entity: &str) -> Option<char> {
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

/// The `Ccy` attribute of a tag.
pub(crate) fn currency_of<'a>(tag: &BytesStart<'_>) -> Option<Cow<'a, str>> {
    let attribute = tag.try_get_attribute("Ccy").ok()??;
    Some(Cow::Owned(attribute.value.to_string()))
}

/// The version a namespace names: the last part of `urn:iso:std:iso:20022:tech:xsd:camt.053.001.08`.
pub(crate) fn version_of(start: &BytesStart<'_>) -> Option<Box<str>> {
    if !start.contains("xmlns") {
        return None;
    }
    start.attributes().flatten().find_map(|attribute| {
        let key: &str = attribute.key.into_inner();
        if !key.starts_with("xmlns") {
            return None;
        }
        let value = attribute.value.to_string();
        let last = value.rsplit([':', '$']).next()?;
        let known = last.starts_with("camt.") || last.starts_with("pain.");
        known.then(|| last.into())
    })
}
