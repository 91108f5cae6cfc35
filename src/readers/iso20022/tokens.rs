//! Where the pieces of an XML text come from: quick-xml, or the strict reader beside it.

use std::borrow::Cow;

use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::readers::iso20022::strict::Strict;
use crate::readers::iso20022::token::Start;
use crate::readers::iso20022::token::Token;
use crate::readers::iso20022::token::currency_of;
use crate::readers::iso20022::token::named;
use crate::readers::iso20022::token::version_of;

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
        Event::Start(tag) => Token::Start(start(&tag)),
        Event::Empty(tag) => Token::Empty(start(&tag)),
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

fn start<'a>(tag: &BytesStart<'_>) -> Start<'a> {
    let name: &str = tag.local_name().into_inner();
    let (currency, version) = (currency_of(tag), version_of(tag));
    Start { name: Cow::Owned(name.to_owned()), currency, version }
}
