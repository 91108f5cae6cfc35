//! The index beside a saved result: finds the payments a query may mean without reading the whole
//! result. Its bytes are described in `docs/reference/index.md`.
//!
//! The index only proposes. What it proposes is read from the result and searched by the same
//! code that searches whole results, so that it cannot give an answer of its own; what does not
//! fit together is [`Unfit`], and the whole result is searched instead.

mod binding;
mod blocks;
mod build;
mod keys;
mod layout;
mod open;
mod scan;
mod words;

use std::fmt;
use std::io;

pub use binding::Binding;
pub use build::Builder;
pub use open::Index;

/// Bytes at places: a file, as far as the index needs one.
pub trait Source: fmt::Debug {
    /// How many bytes there are.
    fn length(&self) -> u64;

    /// When they were last changed, in nanoseconds since 1970; `None` if that is not known.
    fn changed(&self) -> Option<u64>;

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    ///
    /// What reading gives; fewer bytes than asked for are an error.
    fn read(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

/// Why an index is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It was made for other bytes.
    Stale,
    /// Its own bytes do not fit together.
    Damaged,
    /// It, or the result, could not be read.
    Unreadable,
}

impl From<io::Error> for Unfit {
    fn from(_: io::Error) -> Self {
        Self::Unreadable
    }
}

/// `length` bytes from `offset` on, if the source has them.
fn bytes_at(source: &dyn Source, offset: u64, length: u64) -> Result<Vec<u8>, Unfit> {
    let end = offset.checked_add(length).ok_or(Unfit::Damaged)?;
    if end > source.length() {
        return Err(Unfit::Damaged);
    }
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| Unfit::Damaged)?];
    source.read(offset, &mut bytes)?;
    Ok(bytes)
}
