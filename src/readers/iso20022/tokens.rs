//! The pieces of an XML text, from quick-xml or from the strict reader beside it.

use std::borrow::Cow;

use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::readers::iso20022::strict::Strict;

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

/// Where tokens come from.
pub(crate) enum Tokens<'a> {
    /// All of XML.
    General(Box<Reader<&'a [u8]>>),
    /// The form that banks write; three times as fast.
    Strict(Strict<'a>),
}

/// Why there is no token.
pub(crate) enum Trouble {
    /// The text is no XML.
    Broken(String),
    /// The strict reader leaves this text to the general one.
    Unusual,
}

impl<'a> Tokens<'a> {
    pub(crate) fn general(text: &'a str) -> Self {
        Self::General(Box::new(Reader::from_str(text)))
    }

    pub(crate) fn strict(text: &'a str) -> Self {
        Self::Strict(Strict::new(text))
    }

    /// The byte at which the next token begins.
    pub(crate) fn position(&self) -> usize {
        match self {
            Self::General(reader) => {
                usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
            }
            Self::Strict(strict) => strict.position(),
        }
    }

    /// The next token.
    pub(crate) fn next(&mut self) -> Result<Token<'a>, Trouble> {
        match self {
            Self::General(reader) => {
                let event = reader.read_event();
                event.map(token).map_err(|error| Trouble::Broken(error.to_string()))
            }
            Self::Strict(strict) => strict.next().ok_or(Trouble::Unusual),
        }
    }
}

fn token(event: Event<'_>) -> Token<'_> {
    match event {
        Event::Start(tag) => Token::Start(start(tag)),
        Event::Empty(tag) => Token::Empty(start(tag)),
        Event::End(_) => Token::End,
        Event::Text(text) => Token::Text(text.xml10_content()),
        Event::CData(text) => Token::Data(text.xml10_content()),
        Event::GeneralRef(reference) => Token::Reference(match reference.resolve_char_ref() {
            Ok(Some(c)) => Some(c),
            Ok(None) => named(&reference.xml10_content()),
            Err(_) => None,
        }),
        Event::DocType(_) => Token::DocType,
        Event::Eof => Token::Eof,
        _ => Token::Other,
    }
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

fn start(tag: BytesStart<'_>) -> Start<'_> {
    let name: &str = tag.local_name().into_inner();
    let (currency, version) = (currency_of(&tag), version_of(&tag));
    Start { name: Cow::Owned(name.to_owned()), currency, version }
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
