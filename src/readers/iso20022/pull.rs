//! A pull over XML that hands out one small tree at a time: memory follows the record, not the
//! file.

use std::borrow::Cow;
use std::collections::VecDeque;

use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::problem::ProblemCode;
use crate::readers::iso20022::stretch::Booked;
use crate::readers::iso20022::token::Token;
use crate::readers::iso20022::tokens::Tokens;
use crate::readers::iso20022::tokens::Trouble;
use crate::readers::iso20022::tree::Node;
use crate::readers::iso20022::tree::Tree;
use crate::readers::iso20022::unread;
use crate::readers::iso20022::unread::UnreadPaths;
use crate::readers::iso20022::window;
use crate::readers::runs::Runs;

/// What the pull hands out.
pub(crate) enum Step<'a> {
    /// A container begins.
    Open(Cow<'a, str>, u32),
    /// A container ends.
    Close(Cow<'a, str>),
    /// An element inside a container.
    Node(Tree<'a>),
    /// The end of a complete document.
    End,
}

/// Elements whose children are handed out one by one.
const CONTAINERS: [&str; 6] = ["Stmt", "Rpt", "Ntfctn", "PmtInf", "OrgnlPmtInfAndSts", "Undrlyg"];

const DEEPEST: usize = 64;

/// The pull.
pub(crate) struct Pull<'a> {
    tokens: Tokens<'a>,
    text: &'a str,
    file: FileId,
    open: Vec<Cow<'a, str>>,
    line: u32,
    counted_to: usize,
    /// Version of the document at hand, from a namespace on the way, such as `camt.053.001.08`.
    pub(crate) version: Option<String>,
    /// Name of the own element of the message at hand.
    pub(crate) message: Option<String>,
    /// Elements that nobody read.
    pub(crate) unread: UnreadPaths,
    seen_root: bool,
    pending_close: Option<Cow<'a, str>>,
    /// Bookings kept in brief that were taken out of the text.
    pub(crate) runs: Runs,
    /// Bookings that were read beforehand; marks stand for them in the text.
    pub(crate) booked: VecDeque<Booked>,
}

impl<'a> Pull<'a> {
    pub(crate) fn new(file: FileId, text: &'a str, tokens: Tokens<'a>) -> Self {
        Self {
            tokens,
            text,
            file,
            open: Vec::new(),
            line: 1,
            counted_to: 0,
            version: None,
            message: None,
            unread: UnreadPaths::default(),
            seen_root: false,
            pending_close: None,
            runs: Runs::default(),
            booked: VecDeque::new(),
        }
    }

    /// A pull over a piece of a message that begins on this line.
    pub(crate) fn of_piece(file: FileId, text: &'a str, line: u32) -> Self {
        let message = Some(String::new());
        Self { line, message, ..Self::new(file, text, Tokens::strict(text)) }
    }

    /// Notes what nobody read in an element, whose path begins with `above`.
    pub(crate) fn leave_unread(
        &mut self,
        above: &str,
        node: Node<'_>,
        is_irrelevant: &dyn Fn(&str, &str) -> bool,
    ) {
        unread::note(node, above, is_irrelevant, &mut self.unread);
    }

    /// The bookings for which the mark on this line stands.
    pub(crate) fn take_booked(&mut self, line: u32) -> Result<Booked, Problem> {
        let fits = self.open.len().saturating_add(window::DEEPEST) <= DEEPEST;
        let Some(mut booked) = self.booked.pop_front().filter(|_| fits) else {
            return Err(self.broken("bookings in a place of their own"));
        };
        booked.move_to(line);
        self.line = self.line.saturating_add(booked.lines);
        Ok(booked)
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
        let position = self.tokens.position().min(self.text.len());
        let line = self.line_at(position);
        Problem::new(ProblemCode::XmlBroken, Place::line(self.file, line)).value(what.into())
    }

    fn token(&mut self) -> Result<(Token<'a>, u32), Problem> {
        let begins = self.tokens.position();
        match self.tokens.next() {
            Ok(Token::DocType) => {
                let line = self.line_at(begins);
                Err(Problem::new(ProblemCode::XmlDoctype, Place::line(self.file, line)))
            }
            // Nobody asks for the line of a text or an end, and counting costs.
            Ok(token @ (Token::Start(_) | Token::Empty(_))) => Ok((token, self.line_at(begins))),
            Ok(token) => Ok((token, self.line)),
            Err(Trouble::Broken(what)) => Err(self.broken(what)),
            Err(Trouble::Unusual) => Err(self.broken("")),
        }
    }

    /// The next step.
    pub(crate) fn next(&mut self) -> Result<Step<'a>, Problem> {
        if let Some(name) = self.pending_close.take() {
            self.open.pop();
            return Ok(Step::Close(name));
        }
        loop {
            let (token, line) = self.token()?;
            match token {
                Token::Start(start) => {
                    if self.open.is_empty() && self.seen_root {
                        return Err(self.broken("a second root element"));
                    }
                    self.seen_root = true;
                    if self.is_container(&start.name, start.version.as_deref()) {
                        self.open.push(start.name.clone());
                        self.check_depth(line, 0)?;
                        return Ok(Step::Open(start.name, line));
                    }
                    let mut tree = Tree::new();
                    let root = tree.add(None, start.name, start.currency, line);
                    self.fill(&mut tree, root)?;
                    return Ok(Step::Node(tree));
                }
                Token::Empty(start) => {
                    self.seen_root = true;
                    if self.is_container(&start.name, start.version.as_deref()) {
                        self.open.push(start.name.clone());
                        self.pending_close = Some(start.name.clone());
                        return Ok(Step::Open(start.name, line));
                    }
                    let mut tree = Tree::new();
                    tree.add(None, start.name, start.currency, line);
                    return Ok(Step::Node(tree));
                }
                Token::End => {
                    if let Some(name) = self.open.pop() {
                        return Ok(Step::Close(name));
                    }
                }
                Token::Eof => {
                    if !self.open.is_empty() || !self.seen_root {
                        return Err(
                            self.broken("the document ends before its root element is closed")
                        );
                    }
                    return Ok(Step::End);
                }
                Token::Text(text) if self.open.is_empty() => {
                    if !text.trim().is_empty() {
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

    fn is_container(&mut self, name: &str, version: Option<&str>) -> bool {
        if self.message.is_none() {
            if let Some(version) = version {
                self.version = Some(version.to_owned());
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

    /// Reads everything in one element, without recursion.
    fn fill(&mut self, tree: &mut Tree<'a>, root: u32) -> Result<(), Problem> {
        let mut stack = vec![root];
        loop {
            let (token, line) = self.token()?;
            let Some(top) = stack.last().copied() else { return Ok(()) };
            match token {
                Token::Start(start) => {
                    self.check_depth(line, stack.len())?;
                    stack.push(tree.add(Some(top), start.name, start.currency, line));
                }
                Token::Empty(start) => {
                    tree.add(Some(top), start.name, start.currency, line);
                }
                Token::End => {
                    stack.pop();
                    if stack.is_empty() {
                        return Ok(());
                    }
                }
                Token::Text(text) | Token::Data(text) => tree.add_text(top, text),
                Token::Reference(Some(c)) => tree.add_text(top, Cow::Owned(c.to_string())),
                Token::Reference(None) => {
                    return Err(self.broken("an entity that is not defined"));
                }
                Token::Eof => {
                    return Err(self.broken("the document ends before its root element is closed"));
                }
                Token::Other | Token::DocType => {}
            }
        }
    }
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
