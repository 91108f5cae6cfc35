//! Bytes with a check for each block: nothing of an index is believed that has not been checked,
//! and only what is needed is read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use flate2::Crc;

use crate::reports::lookup::index::Source;
use crate::reports::lookup::index::Unfit;
use crate::reports::lookup::index::bytes_at;
use crate::reports::lookup::index::layout::BLOCK;
use crate::reports::lookup::index::layout::take_u32;

/// Blocks that are kept for the next question.
const KEPT: usize = 4096;

/// Reads of more blocks than this are not kept.
const FEW: u64 = 4;

/// Passes bytes on and gathers their checks.
pub(super) struct Checked<'a> {
    out: &'a mut dyn Write,
    crc: Crc,
    room: usize,
    checks: Vec<u8>,
}

impl<'a> Checked<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, crc: Crc::new(), room: block(), checks: Vec::new() }
    }

    /// All checks, and what the bytes went to.
    pub(super) fn finish(mut self) -> (Vec<u8>, &'a mut dyn Write) {
        if self.room < block() {
            self.end_block();
        }
        (self.checks, self.out)
    }

    fn end_block(&mut self) {
        self.checks.extend_from_slice(&self.crc.sum().to_le_bytes());
        self.crc.reset();
        self.room = block();
    }
}

fn block() -> usize {
    usize::try_from(BLOCK).unwrap_or(usize::MAX)
}

impl Write for Checked<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes)?;
        let mut rest = bytes;
        while !rest.is_empty() {
            let (own, after) = rest.split_at_checked(self.room).unwrap_or((rest, &[]));
            self.crc.update(own);
            self.room = self.room.saturating_sub(own.len());
            if self.room == 0 {
                self.end_block();
            }
            rest = after;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads checked bytes.
#[derive(Debug)]
pub(super) struct Blocks {
    source: Box<dyn Source>,
    /// Where the checked bytes end.
    end: u64,
    checks: Vec<u8>,
    kept: RefCell<BTreeMap<u64, Box<[u8]>>>,
}

impl Blocks {
    /// The first `end` bytes of `source`, and their checks.
    pub(super) fn new(source: Box<dyn Source>, end: u64, checks: Vec<u8>) -> Self {
        Self { source, end, checks, kept: RefCell::default() }
    }

    /// `length` bytes from `offset` on.
    pub(super) fn read(&self, offset: u64, length: u64) -> Result<Vec<u8>, Unfit> {
        let end =
            offset.checked_add(length).filter(|end| *end <= self.end).ok_or(Unfit::Damaged)?;
        if length == 0 {
            return Ok(Vec::new());
        }
        let (first, last) = (offset / BLOCK, end.saturating_sub(1) / BLOCK);
        let skip = usize::try_from(offset % BLOCK).map_err(|_| Unfit::Damaged)?;
        let length = usize::try_from(length).map_err(|_| Unfit::Damaged)?;
        let mut bytes = Vec::with_capacity(length);
        if last.saturating_sub(first) < FEW {
            let mut skip = skip;
            for number in first..=last {
                self.with_block(number, |block| {
                    let wanted = length.saturating_sub(bytes.len());
                    bytes.extend(block.iter().skip(skip).take(wanted));
                })?;
                skip = 0;
            }
        } else {
            bytes = self.fresh(first, last)?;
            bytes.drain(..skip.min(bytes.len()));
            bytes.truncate(length);
        }
        (bytes.len() == length).then_some(bytes).ok_or(Unfit::Damaged)
    }

    fn with_block(&self, number: u64, mut use_it: impl FnMut(&[u8])) -> Result<(), Unfit> {
        if let Some(block) = self.kept.borrow().get(&number) {
            use_it(block);
            return Ok(());
        }
        let block = self.fresh(number, number)?;
        use_it(&block);
        let mut kept = self.kept.borrow_mut();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(number, block.into_boxed_slice());
        Ok(())
    }

    /// Blocks from the source, checked.
    fn fresh(&self, first: u64, last: u64) -> Result<Vec<u8>, Unfit> {
        let start = first.checked_mul(BLOCK).ok_or(Unfit::Damaged)?;
        let end = last.saturating_add(1).saturating_mul(BLOCK).min(self.end);
        let bytes = bytes_at(&*self.source, start, end.saturating_sub(start))?;
        let checks = usize::try_from(first.saturating_mul(4)).map_err(|_| Unfit::Damaged)?;
        let mut checks = self.checks.get(checks..).ok_or(Unfit::Damaged)?;
        for block in bytes.chunks(block()) {
            let (check, rest) = take_u32(checks)?;
            checks = rest;
            let mut crc = Crc::new();
            crc.update(block);
            if crc.sum() != check {
                return Err(Unfit::Damaged);
            }
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Bytes(Vec<u8>);

    impl Source for Bytes {
        fn length(&self) -> u64 {
            u64::try_from(self.0.len()).unwrap()
        }

        fn changed(&self) -> Option<u64> {
            None
        }

        fn read(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
            let start = usize::try_from(offset).unwrap();
            buffer.copy_from_slice(&self.0[start..start + buffer.len()]);
            Ok(())
        }
    }

    #[test]
    fn every_stretch_is_read_or_refused() {
        let bytes: Vec<u8> = (0..40_000_u32).map(|number| number.to_be_bytes()[3]).collect();
        let mut out = Vec::new();
        let mut checked = Checked::new(&mut out);
        for piece in bytes.chunks(999) {
            checked.write_all(piece).unwrap();
        }
        let (checks, _) = checked.finish();
        assert_eq!(out, bytes);
        let blocks = Blocks::new(Box::new(Bytes(out.clone())), 40_000, checks.clone());
        for (offset, length) in [(0, 1), (4095, 2), (4096, 4096), (3, 39_000), (39_999, 1), (9, 0)]
        {
            let from = usize::try_from(offset).unwrap();
            let to = from + usize::try_from(length).unwrap();
            assert_eq!(blocks.read(offset, length).unwrap(), bytes[from..to]);
        }
        assert_eq!(blocks.read(39_999, 2), Err(Unfit::Damaged));
        assert_eq!(blocks.read(u64::MAX, 2), Err(Unfit::Damaged));
        out[4097] ^= 1;
        let blocks = Blocks::new(Box::new(Bytes(out)), 40_000, checks);
        assert_eq!(blocks.read(4096, 1), Err(Unfit::Damaged));
        assert_eq!(blocks.read(0, 30_000), Err(Unfit::Damaged));
        assert!(blocks.read(0, 4096).is_ok());
    }
}
