//! One booking's own text, `<Ntry>` to `</Ntry>`, read by the strict reader alone.

use crate::readers::iso20022::strict::Strict;
use crate::readers::iso20022::token::Token;
use crate::readers::iso20022::tree::Tree;

/// Bookings nest no deeper; what does is left to the general reader, which knows what is around it.
pub(crate) const DEEPEST: usize = 32;

/// Makes trees of bookings, one after the other, in the same memory.
#[derive(Debug, Default)]
pub(crate) struct Windows<'a> {
    tree: Tree<'a>,
    stack: Vec<u32>,
}

impl<'a> Windows<'a> {
    /// The tree of a text that is exactly one element; `None` if the general reader must see it.
    /// `line` is the line on which the text begins.
    pub(crate) fn read(&mut self, text: &'a str, line: u32) -> Option<&Tree<'a>> {
        self.tree.clear();
        self.stack.clear();
        let mut tokens = Strict::new(text);
        let mut line = Some(line);
        // Most bookings stand on one line; in those nothing is counted.
        let has_lines = memchr::memchr(b'\n', text.as_bytes()).is_some();
        let mut counted_to = 0;
        loop {
            let begins = tokens.position();
            let token = tokens.next()?;
            if has_lines && matches!(token, Token::Start(_) | Token::Empty(_)) {
                let passed = text.as_bytes().get(counted_to..begins)?;
                let more = u32::try_from(memchr::memchr_iter(b'\n', passed).count()).ok()?;
                line = line.and_then(|line| line.checked_add(more));
                counted_to = begins;
            }
            match token {
                Token::Start(start) => {
                    let top = self.stack.last().copied();
                    let number = self.tree.add(top, start.name, start.currency, line?);
                    self.stack.push(number);
                    if self.stack.len() > DEEPEST {
                        return None;
                    }
                }
                Token::Empty(start) => {
                    let top = self.stack.last().copied()?;
                    self.tree.add(Some(top), start.name, start.currency, line?);
                }
                Token::End => {
                    self.stack.pop();
                    if self.stack.is_empty() {
                        return (tokens.position() == text.len()).then_some(&self.tree);
                    }
                }
                Token::Text(words) => self.tree.add_text(self.stack.last().copied()?, words),
                _ => return None,
            }
        }
    }
}
