//! A record of an XML file: an element with everything in it, kept flat.
//!
//! A booking has about seventy elements. As nodes with texts and children of their own they took
//! two hundred allocations a booking; here names and texts are borrowed from the file and the nodes
//! lie in one vector.
//!
//! A node remembers whether anybody asked for its text. So what a reader has not asked for is known
//! without a second list of what it understands: it is unread, unless its name is irrelevant.

use std::borrow::Cow;
use std::cell::Cell;

/// An element with everything in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Raw<'a>>,
}

/// No node.
const NONE: u32 = u32::MAX;

#[derive(Clone, Debug)]
struct Raw<'a> {
    name: Cow<'a, str>,
    text: Cow<'a, str>,
    currency: Option<Cow<'a, str>>,
    line: u32,
    first_child: u32,
    last_child: u32,
    next: u32,
    /// Somebody asked for the text.
    read: Cell<bool>,
}

/// One element of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'t> {
    nodes: &'t [Raw<'t>],
    raw: &'t Raw<'t>,
}

impl<'a> Tree<'a> {
    /// A tree with room for the elements of a booking.
    pub(crate) fn new() -> Self {
        Self { nodes: Vec::with_capacity(96) }
    }

    /// Forgets all elements.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
    }

    /// Adds an element under another one (the root has none); gives its number.
    pub(crate) fn add(
        &mut self,
        parent: Option<u32>,
        name: Cow<'a, str>,
        currency: Option<Cow<'a, str>>,
        line: u32,
    ) -> u32 {
        let number = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        let none = (NONE, NONE, NONE);
        let (first_child, last_child, next) = none;
        let text = Cow::Borrowed("");
        let read = Cell::new(false);
        self.nodes.push(Raw { name, text, currency, line, first_child, last_child, next, read });
        let mut before = NONE;
        if let Some(parent) = parent.and_then(|parent| self.slot(parent)) {
            before = parent.last_child;
            parent.last_child = number;
            if before == NONE {
                parent.first_child = number;
            }
        }
        if let Some(before) = self.slot(before) {
            before.next = number;
        }
        number
    }

    /// Adds to the text of an element.
    pub(crate) fn add_text(&mut self, number: u32, text: Cow<'a, str>) {
        if let Some(raw) = self.slot(number) {
            if raw.text.is_empty() {
                // Blanks before a text never count, and nearly all texts around elements are
                // nothing else; joined they would take memory of their own.
                if !text.bytes().all(|byte| byte.is_ascii_whitespace()) {
                    raw.text = text;
                }
            } else {
                raw.text.to_mut().push_str(&text);
            }
        }
    }

    fn slot(&mut self, number: u32) -> Option<&mut Raw<'a>> {
        self.nodes.get_mut(usize::try_from(number).ok()?)
    }

    /// The element itself; `None` for a tree without any.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        Some(Node { nodes: &self.nodes, raw: self.nodes.first()? })
    }
}

impl<'t> Node<'t> {
    fn numbered(self, number: u32) -> Option<Self> {
        let raw = self.nodes.get(usize::try_from(number).ok()?)?;
        Some(Self { nodes: self.nodes, raw })
    }

    /// What stands in it, in order.
    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let first = self.numbered(self.raw.first_child);
        std::iter::successors(first, |node| node.numbered(node.raw.next))
    }

    /// Its name, without prefix.
    pub(crate) fn name(self) -> &'t str {
        &self.raw.name
    }

    /// The `Ccy` attribute.
    pub(crate) fn currency(self) -> Option<&'t str> {
        self.raw.currency.as_deref()
    }

    /// The line on which it begins.
    pub(crate) fn line(self) -> u32 {
        self.raw.line
    }

    /// The first child of this name.
    pub(crate) fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.raw.name == name)
    }

    /// All children of this name.
    pub(crate) fn all(self, name: &str) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.raw.name == name)
    }

    /// The first element at a path such as `PmtId/EndToEndId`.
    pub(crate) fn at(self, path: &str) -> Option<Self> {
        path.split('/').try_fold(self, Self::child)
    }

    /// Its own text, if it is not blank. Whoever asks has to understand it, or to leave it unread.
    pub(crate) fn text(self) -> Option<&'t str> {
        let text = self.raw.text.trim();
        if text.is_empty() {
            return None;
        }
        self.raw.read.set(true);
        Some(text)
    }

    /// Its own text, which is left unread.
    pub(crate) fn peek(self) -> Option<&'t str> {
        let text = self.raw.text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Takes back that anybody understood the text.
    pub(crate) fn leave_unread(self) {
        self.raw.read.set(false);
    }

    /// Hands on all texts in this element, each with the names on the way to it and whether anybody asked
    /// for it; elements of the name `apart` are not entered.
    pub(crate) fn texts(self, apart: &str, each: &mut dyn FnMut(&[&str], &str, bool)) {
        let mut path = vec![self.name()];
        self.texts_below(&mut path, apart, each);
    }

    fn texts_below(
        self,
        path: &mut Vec<&'t str>,
        apart: &str,
        each: &mut dyn FnMut(&[&str], &str, bool),
    ) {
        let text = self.raw.text.trim();
        if !text.is_empty() {
            each(path, text, self.raw.read.get());
        }
        for child in self.children().filter(|child| child.name() != apart) {
            path.push(child.name());
            child.texts_below(path, apart, each);
            path.pop();
        }
    }

    /// Whether elements of this name say different things; nobody is taken to understand them.
    pub(crate) fn says_two_things(self, name: &str) -> bool {
        let mut all = self.all(name);
        let Some(first) = all.next() else { return false };
        let mut said = None;
        all.any(|other| {
            let said = said.get_or_insert_with(|| first.whole_text());
            let other = other.whole_text();
            !other.is_empty() && !said.is_empty() && *said != other
        })
    }

    /// All texts in it, behind each other.
    fn whole_text(self) -> String {
        let mut whole = String::new();
        self.texts("", &mut |_, text, _| {
            whole.push_str(text);
            whole.push(' ');
        });
        whole
    }

    /// The text at a path.
    pub(crate) fn text_at(self, path: &str) -> Option<&'t str> {
        self.at(path)?.text()
    }

    /// The text at a path, as a value of its own.
    pub(crate) fn owned_at(self, path: &str) -> Option<String> {
        self.text_at(path).map(str::to_owned)
    }

    /// The text of the first child element, whatever its name (`Cd` or `Prtry`).
    pub(crate) fn choice(self) -> Option<&'t str> {
        self.children().find_map(Self::text).or_else(|| self.text())
    }
}
