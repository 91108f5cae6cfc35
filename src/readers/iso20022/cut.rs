//! A statement's text cut into stretches at the beginnings of bookings, and put together again.
//!
//! The cuts depend on the text alone, never on the number of threads.

use std::collections::VecDeque;

use crate::model::place::FileId;
use crate::model::together;
use crate::readers::iso20022::stretch;
use crate::readers::iso20022::stretch::BEGINS;
use crate::readers::iso20022::stretch::Booked;
use crate::readers::iso20022::stretch::MARK_BEGINS;
use crate::readers::iso20022::stretch::Stretch;

/// About so many bytes make a stretch.
pub(crate) const STRETCH: usize = 1 << 20;

/// A statement's text without its bookings, and the bookings.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    /// The text, with a mark for every run of bookings.
    pub(crate) around: String,
    /// The runs.
    pub(crate) runs: VecDeque<Booked>,
}

impl Cut {
    /// Cuts a text into stretches of about `size` bytes and reads their bookings; `None` if the
    /// general reader must see it, or if there are no bookings.
    pub(crate) fn of(file: FileId, text: &str, size: usize, threads: usize) -> Option<Self> {
        let parts = parts(text, size);
        let mut cut = Self::default();
        let read = |part: &&str| stretch::read(file, part);
        together::each_in_order(&parts, threads, read, |stretch| {
            cut.add(stretch?);
            Some(())
        })?;
        // An element of the mark's own name, or a mark inside a tag.
        let marks = memchr::memmem::find_iter(cut.around.as_bytes(), MARK_BEGINS).count();
        (marks > 0 && marks == cut.runs.len()).then_some(cut)
    }

    fn add(&mut self, stretch: Stretch) {
        self.around.push_str(&stretch.around);
        self.runs.extend(stretch.runs);
    }
}

/// Stretches that begin with bookings; the first begins with the text.
fn parts(text: &str, size: usize) -> Vec<&str> {
    let begins = memchr::memmem::Finder::new(BEGINS);
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let next = rest.as_bytes().get(size..).and_then(|far| begins.find(far));
        let cut = next.and_then(|at| rest.split_at_checked(at.checked_add(size)?));
        let Some((part, more)) = cut else {
            parts.push(rest);
            return parts;
        };
        parts.push(part);
        rest = more;
    }
}
