//! A pull over XML that hands out one small tree at a time: memory follows the record, not the
//! file.

use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;

/// An element with everything in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// The `Ccy` attribute.
    pub(crate) currency: Option<String>,
    pub(crate) line: u32,
    text: String,
    children: Vec<Self>,
}

impl Node {
    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element at a path such as `PmtId/EndToEndId`.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |node, name| node.child(name))
    }

    /// Its own text, if it is not blank.
    pub(crate) fn text(&self) -> Option<&str> {
        let text = self.text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The text at a path.
    pub(crate) fn text_at(&self, path: &str) -> Option<String> {
        self.at(path)?.text().map(str::to_owned)
    }

    /// The text of the first child element, whatever its name (`Cd` or `Prtry`).
    pub(crate) fn choice(&self) -> Option<String> {
        self.children
            .iter()
            .find_map(Self::text)
            .map(str::to_owned)
            .or_else(|| self.text().map(str::to_owned))
    }
}

/// What the pull hands out.
pub(crate) enum Step {
    /// A container begins.
    Open(String, u32),
    /// A container ends.
    Close(String),
    /// An element inside a container.
    Node(Node),
    /// The end of a complete document.
    End,
}

/// Elements whose children are handed out one by one.
const CONTAINERS: [&str; 6] = ["Stmt", "Rpt", "Ntfctn", "PmtInf", "OrgnlPmtInfAndSts", "Undrlyg"];

const DEEPEST: usize = 64;

/// The pull.
pub(crate) struct Pull<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    file: FileId,
    open: Vec<String>,
    line: u32,
    counted_to: usize,
    /// Version taken from a namespace on the way, such as `camt.053.001.08`.
    pub(crate) version: Option<String>,
    /// Name of the message's own element.
    pub(crate) message: Option<String>,
    seen_root: bool,
    pending_close: Option<String>,
}

impl<'a> Pull<'a> {
    pub(crate) fn new(file: FileId, text: &'a str) -> Self {
        Self {
            reader: Reader::from_str(text),
            text,
            file,
            open: Vec::new(),
            line: 1,
            counted_to: 0,
            version: None,
            message: None,
            seen_root: false,
            pending_close: None,
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The line of a byte that is not before the last one asked for.
    fn line_at(&mut self, position: usize) -> u32 {
        let passed = self.text.as_bytes().get(self.counted_to..position).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed).count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.counted_to = self.counted_to.max(position);
        self.line
    }

    fn broken(&mut self, what: impl Into<String>) -> Problem {
        let position = self.position().min(self.text.len());
        let line = self.line_at(position);
        Problem::new(ProblemCode::XmlBroken, Place::line(self.file, line)).value(what.into())
    }

    fn event(&mut self) -> Result<(Event<'a>, u32), Problem> {
        let before = self.position();
        let line = self.line_at(before);
        match self.reader.read_event() {
            Ok(Event::DocType(_)) => {
                Err(Problem::new(ProblemCode::XmlDoctype, Place::line(self.file, line)))
            }
            Ok(event) => Ok((event, line)),
            Err(error) => Err(self.broken(error.to_string())),
        }
    }

    /// The next step.
    pub(crate) fn next(&mut self) -> Result<Step, Problem> {
        if let Some(name) = self.pending_close.take() {
            self.open.pop();
            return Ok(Step::Close(name));
        }
        loop {
            let (event, line) = self.event()?;
            match event {
                Event::Start(start) => {
                    let name = local_name(&start);
                    if self.open.is_empty() && self.seen_root {
                        return Err(self.broken("a second root element"));
                    }
                    self.seen_root = true;
                    if self.is_container(&name, &start) {
                        self.open.push(name.clone());
                        self.check_depth(line, 0)?;
                        return Ok(Step::Open(name, line));
                    }
                    let node = self.node(&start, line)?;
                    return Ok(Step::Node(node));
                }
                Event::Empty(start) => {
                    let name = local_name(&start);
                    self.seen_root = true;
                    if self.is_container(&name, &start) {
                        self.open.push(name.clone());
                        self.pending_close = Some(name.clone());
                        return Ok(Step::Open(name, line));
                    }
                    let currency = currency_of(&start);
                    return Ok(Step::Node(Node { name, currency, line, ..Node::default() }));
                }
                Event::End(_) => {
                    if let Some(name) = self.open.pop() {
                        return Ok(Step::Close(name));
                    }
                }
                Event::Eof => {
                    if !self.open.is_empty() || !self.seen_root {
                        return Err(
                            self.broken("the document ends before its root element is closed")
                        );
                    }
                    return Ok(Step::End);
                }
                Event::Text(text) if self.open.is_empty() => {
                    if !text.xml10_content().trim().is_empty() {
                        return Err(self.broken("text outside of the root element"));
                    }
                }
                _ => {}
            }
        }
    }

    fn check_depth(&self, line: u32, more: usize) -> Result<(), Problem> {
        if self.open.len().saturating_add(more) > DEEPEST {
            return Err(Problem::new(ProblemCode::XmlTooDeep, Place::line(self.file, line)));
        }
        Ok(())
    }

    fn is_container(&mut self, name: &str, start: &BytesStart<'_>) -> bool {
        if self.message.is_none() {
            if let Some(version) = version_of(start) {
                self.version = Some(version);
            }
            // An envelope's header comes before the document.
            if name == "AppHdr" {
                return false;
            }
            if is_message(name) {
                self.message = Some(name.to_owned());
            }
            return true;
        }
        CONTAINERS.contains(&name) && self.open.len() <= 8
    }

    /// Reads one element with everything in it, without recursion.
    fn node(&mut self, start: &BytesStart<'_>, line: u32) -> Result<Node, Problem> {
        let mut stack = vec![Node {
            name: local_name(start),
            currency: currency_of(start),
            line,
            ..Node::default()
        }];
        loop {
            let (event, line) = self.event()?;
            match event {
                Event::Start(start) => {
                    self.check_depth(line, stack.len())?;
                    let (name, currency) = (local_name(&start), currency_of(&start));
                    stack.push(Node { name, currency, line, ..Node::default() });
                }
                Event::Empty(start) => {
                    let (name, currency) = (local_name(&start), currency_of(&start));
                    if let Some(top) = stack.last_mut() {
                        top.children.push(Node { name, currency, line, ..Node::default() });
                    }
                }
                Event::End(_) => {
                    let Some(done) = stack.pop() else {
                        return Err(self.broken("an end too much"));
                    };
                    match stack.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
                Event::Text(text) => {
                    if let Some(top) = stack.last_mut() {
                        top.text.push_str(&text.xml10_content());
                    }
                }
                Event::CData(text) => {
                    if let Some(top) = stack.last_mut() {
                        top.text.push_str(&text.xml10_content());
                    }
                }
                Event::GeneralRef(reference) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(c)) => Some(c),
                        Ok(None) => match &*reference.xml10_content() {
                            "amp" => Some('&'),
                            "lt" => Some('<'),
                            "gt" => Some('>'),
                            "apos" => Some('\''),
                            "quot" => Some('"'),
                            _ => None,
                        },
                        Err(_) => None,
                    };
                    match (resolved, stack.last_mut()) {
                        (Some(c), Some(top)) => top.text.push(c),
                        _ => return Err(self.broken("an entity that is not defined")),
                    }
                }
                Event::Eof => {
                    return Err(self.broken("the document ends before its root element is closed"));
                }
                _ => {}
            }
        }
    }
}

fn local_name(start: &BytesStart<'_>) -> String {
    let name: &str = start.local_name().into_inner();
    name.to_owned()
}

fn currency_of(start: &BytesStart<'_>) -> Option<String> {
    let attribute = start.try_get_attribute("Ccy").ok()??;
    Some(attribute.value.to_string())
}

/// Messages that are read, by the name of their own element.
fn is_message(name: &str) -> bool {
    MESSAGES.iter().any(|(own, _)| *own == name) || name.starts_with("pain.00")
}

/// The messages' own elements and their kinds.
pub(crate) const MESSAGES: [(&str, &str); 8] = [
    ("BkToCstmrStmt", "camt.053"),
    ("BkToCstmrAcctRpt", "camt.052"),
    ("BkToCstmrDbtCdtNtfctn", "camt.054"),
    ("CstmrCdtTrfInitn", "pain.001"),
    ("CstmrPmtStsRpt", "pain.002"),
    ("FIToFIPmtCxlReq", "camt.056"),
    ("CstmrPmtCxlReq", "camt.055"),
    ("RsltnOfInvstgtn", "camt.029"),
];

/// The version a namespace names: the last part of `urn:iso:std:iso:20022:tech:xsd:camt.053.001.08`.
fn version_of(start: &BytesStart<'_>) -> Option<String> {
    start.attributes().flatten().find_map(|attribute| {
        let key: &str = attribute.key.into_inner();
        if !key.starts_with("xmlns") {
            return None;
        }
        let value = attribute.value.to_string();
        let last = value.rsplit([':', '$']).next()?.to_owned();
        let known = last.starts_with("camt.") || last.starts_with("pain.");
        known.then_some(last)
    })
}
