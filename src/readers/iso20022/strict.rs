//! The XML that banks write, token by token: elements, attributes, text, the five entities. What
//! is anything else (comments, `CDATA`, processing instructions, tags that do not match) ends it,
//! and the file is read again by quick-xml, which knows all of XML and says what is wrong.
//!
//! quick-xml needs 5 µs for a booking from memory; this needs 1 µs.

use std::borrow::Cow;

use quick_xml::events::BytesStart;

use crate::readers::iso20022::token::Start;
use crate::readers::iso20022::token::Token;
use crate::readers::iso20022::token::currency_of;
use crate::readers::iso20022::token::named;
use crate::readers::iso20022::token::version_of;

/// The strict reader.
pub(crate) struct Strict<'a> {
    text: &'a str,
    position: usize,
    /// Names of open elements, with prefix.
    open: Vec<&'a str>,
}

impl<'a> Strict<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, position: 0, open: Vec::new() }
    }

    pub(crate) const fn position(&self) -> usize {
        self.position
    }

    /// The next token; `None` for what is unusual.
    pub(crate) fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.text.get(self.position..)?;
        let Some(tag) = rest.strip_prefix('<') else { return self.text_or_end(rest) };
        let end = memchr::memchr(b'>', tag.as_bytes())?;
        let inside = tag.get(..end)?;
        match inside.as_bytes() {
            [b'/', ..] => {
                let name = inside.get(1..)?;
                (self.open.pop() == Some(name)).then_some(())?;
                self.position = self.position.checked_add(end)?.checked_add(2)?;
                Some(Token::End)
            }
            [b'?', ..] => {
                let declares = self.position == 0 && inside.starts_with("?xml ");
                (declares && inside.ends_with('?')).then_some(())?;
                self.position = end.checked_add(2)?;
                Some(Token::Other)
            }
            [first, ..] if first.is_ascii_alphabetic() => self.tag(inside, end),
            _ => None,
        }
    }

    fn tag(&mut self, inside: &'a str, end: usize) -> Option<Token<'a>> {
        let (content, is_empty) = match inside.strip_suffix('/') {
            Some(content) => (content, true),
            None => (inside, false),
        };
        let bytes = content.as_bytes();
        let name_end = bytes.iter().position(|byte| !is_of_name(*byte)).unwrap_or(bytes.len());
        let (name, attributes) = content.split_at_checked(name_end)?;
        let (currency, version) = if attributes.is_empty() {
            (None, None)
        } else {
            // A blank before the first, quotation marks that close, no tag inside.
            let blank = attributes.starts_with([' ', '\t', '\n', '\r']);
            let tame = blank && !attributes.contains('<') && quotes_close(attributes);
            tame.then_some(())?;
            let version = || version_of(&BytesStart::from_content(content, name_end));
            let names = attributes.contains("xmlns");
            (currency(content, name_end, attributes), names.then(version).flatten())
        };
        if !is_empty {
            self.open.push(name);
        }
        self.position = self.position.checked_add(end)?.checked_add(2)?;
        let local = name.split_once(':').map_or(name, |(_, local)| local);
        let start = Start { name: Cow::Borrowed(local), currency, version };
        Some(if is_empty { Token::Empty(start) } else { Token::Start(start) })
    }

    /// Text up to the next tag, its entities resolved; at the end of the text nothing may be open.
    fn text_or_end(&mut self, rest: &'a str) -> Option<Token<'a>> {
        if rest.is_empty() {
            return self.open.is_empty().then_some(Token::Eof);
        }
        let end = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let text = rest.get(..end)?;
        self.position = self.position.checked_add(end)?;
        if memchr::memchr2(b'&', b'\r', text.as_bytes()).is_none() {
            return Some(Token::Text(Cow::Borrowed(text)));
        }
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut resolved = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('&') {
            resolved.push_str(before);
            let (entity, behind) = after.split_once(';')?;
            resolved.push(named(entity)?);
            rest = behind;
        }
        resolved.push_str(rest);
        Some(Token::Text(Cow::Owned(resolved)))
    }
}

fn currency<'a>(content: &'a str, name_end: usize, attributes: &'a str) -> Option<Cow<'a, str>> {
    let code = attributes.strip_prefix(" Ccy=\"").and_then(|rest| rest.strip_suffix('"'));
    match code.filter(|code| code.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        Some(code) => Some(Cow::Borrowed(code)),
        None => currency_of(&BytesStart::from_content(content, name_end)),
    }
}

/// Whether a byte may stand in the name of an element; others end it or are unusual.
const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.')
}

/// Whether every quotation mark of the attributes has its end before the tag's.
fn quotes_close(attributes: &str) -> bool {
    let mut open = None;
    for byte in attributes.bytes().filter(|byte| matches!(byte, b'"' | b'\'')) {
        match open {
            Some(mark) if mark == byte => open = None,
            Some(_) => {}
            None => open = Some(byte),
        }
    }
    open.is_none()
}
