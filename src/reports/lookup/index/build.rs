//! Makes an index from the bytes of a result as they are written, with some fifty bytes of memory
//! a payment.

use std::io;
use std::io::Write;

use flate2::Crc;
use foldhash::HashMap;

use crate::reports::json::SCHEMA;
use crate::reports::lookup::index::Source;
use crate::reports::lookup::index::binding::Binding;
use crate::reports::lookup::index::blocks::Checked;
use crate::reports::lookup::index::keys::Keys;
use crate::reports::lookup::index::keys::letters;
use crate::reports::lookup::index::keys::sound;
use crate::reports::lookup::index::layout::Footer;
use crate::reports::lookup::index::layout::LONGEST;
use crate::reports::lookup::index::layout::MAGIC;
use crate::reports::lookup::index::scan::Scanner;
use crate::reports::lookup::index::scan::Stretch;

/// Gathers what an index holds.
#[derive(Debug, Default)]
pub struct Builder {
    scanner: Scanner,
    crc: Crc,
    length: u64,
    rows: Rows,
}

/// What is known of the payments so far, in their order.
#[derive(Debug, Default)]
struct Rows {
    starts: Vec<u64>,
    lengths: Vec<u32>,
    persons: Vec<u64>,
    /// Account numbers, each with its payment.
    tails: Vec<(u64, u32)>,
    /// Different words, by the order in which they came.
    words: HashMap<Box<str>, u32>,
    /// Words, each with its payment.
    postings: Vec<(u32, u32)>,
    /// Something was larger than an index can say.
    too_large: bool,
}

impl Rows {
    fn add(&mut self, stretch: Stretch, keys: Keys) -> Option<()> {
        let payment = u32::try_from(self.starts.len()).ok()?;
        if stretch.length > LONGEST {
            return None;
        }
        self.starts.push(stretch.start);
        self.lengths.push(u32::try_from(stretch.length).ok()?);
        self.persons.push(keys.person);
        self.tails.extend(keys.tail.map(|tail| (tail, payment)));
        for word in keys.words {
            let known = self.words.get(word.as_str()).copied();
            let word = if let Some(number) = known {
                number
            } else {
                let number = u32::try_from(self.words.len()).ok()?;
                self.words.insert(word.into_boxed_str(), number);
                number
            };
            self.postings.push((word, payment));
        }
        Some(())
    }
}

impl Builder {
    /// Bytes of the result so far.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Takes the next bytes of the result.
    pub fn push(&mut self, bytes: &[u8]) {
        self.crc.update(bytes);
        self.length = self.length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let rows = &mut self.rows;
        self.scanner.push(bytes, &mut |stretch, traits| {
            if !rows.too_large && rows.add(stretch, Keys::of(traits)).is_none() {
                rows.too_large = true;
            }
        });
    }

    /// Writes the index of `result`, whose bytes have all been given; `false` if there can be none
    /// because they are no result, or others.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub fn write(self, result: &dyn Source, out: &mut dyn Write) -> io::Result<bool> {
        let Self { scanner, crc, length, rows } = self;
        let first = rows.starts.first().copied().unwrap_or(0);
        let run = scanner.run.filter(|run| run.length <= LONGEST);
        let is_ours = scanner.is_whole() && scanner.schema.as_deref() == Some(SCHEMA);
        let (Some(run), true, false) = (run, is_ours, rows.too_large) else { return Ok(false) };
        if result.length() != length {
            return Ok(false);
        }
        let Ok(binding) = Binding::new(result, &crc, first) else { return Ok(false) };
        let mut out = Checked::new(out);
        out.write_all(MAGIC)?;
        let footer = Footer {
            binding,
            run,
            payments: counted(rows.starts.len()),
            tails: counted(rows.tails.len()),
            words: counted(rows.words.len()),
            letters: rows.words.keys().map(|word| counted(word.len())).sum(),
            postings: counted(rows.postings.len()),
        };
        if u32::try_from(footer.letters).is_err() || footer.places().is_none() {
            return Ok(false);
        }
        rows.write(&mut Buffer::new(&mut out))?;
        let (checks, out) = out.finish();
        out.write_all(&checks)?;
        out.write_all(&footer.sealed(&checks))?;
        Ok(true)
    }
}

fn counted(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

type Buffer<'a, 'b> = io::BufWriter<&'a mut Checked<'b>>;

impl Rows {
    fn write(self, out: &mut Buffer<'_, '_>) -> io::Result<()> {
        for (start, length) in self.starts.iter().zip(&self.lengths) {
            out.write_all(&start.to_le_bytes())?;
            out.write_all(&length.to_le_bytes())?;
        }
        drop((self.starts, self.lengths));
        keys(self.persons.into_iter().zip(0..).collect(), out)?;
        keys(self.tails, out)?;
        words(self.words, &self.postings, out)?;
        out.flush()
    }
}

/// A table of keys with their payments, sorted by both.
fn keys(mut rows: Vec<(u64, u32)>, out: &mut Buffer<'_, '_>) -> io::Result<()> {
    rows.sort_unstable();
    for (key, payment) in rows {
        out.write_all(&key.to_le_bytes())?;
        out.write_all(&payment.to_le_bytes())?;
    }
    Ok(())
}

/// The words in their order, their letters, and the payments of each in the order of the words.
fn words(
    words: HashMap<Box<str>, u32>,
    postings: &[(u32, u32)],
    out: &mut Buffer<'_, '_>,
) -> io::Result<()> {
    let mut sorted: Vec<(Box<str>, u32)> = words.into_iter().collect();
    sorted.sort_unstable();
    let mut counts = vec![0_u32; sorted.len()];
    for (word, _) in postings {
        if let Some(count) = slot(&mut counts, *word) {
            *count = count.saturating_add(1);
        }
    }
    // Where the next payment of each word goes, by the number of the word.
    let mut next = vec![0_usize; sorted.len()];
    let (mut text, mut place) = (0_u32, 0_usize);
    for (word, number) in &sorted {
        let count = slot(&mut counts, *number).map_or(0, |count| *count);
        let length = u32::try_from(word.len()).unwrap_or(u32::MAX);
        for part in [text, length, letters(word), sound(word)] {
            out.write_all(&part.to_le_bytes())?;
        }
        out.write_all(&counted(place).to_le_bytes())?;
        out.write_all(&count.to_le_bytes())?;
        if let Some(slot) = slot(&mut next, *number) {
            *slot = place;
        }
        text = text.saturating_add(length);
        place = place.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
    }
    for (word, _) in &sorted {
        out.write_all(word.as_bytes())?;
    }
    drop((sorted, counts));
    let mut payments = vec![0_u32; postings.len()];
    for (word, payment) in postings {
        let Some(place) = slot(&mut next, *word) else { continue };
        if let Some(slot) = payments.get_mut(*place) {
            *slot = *payment;
        }
        *place = place.saturating_add(1);
    }
    for payment in payments {
        out.write_all(&payment.to_le_bytes())?;
    }
    Ok(())
}

fn slot<T>(slots: &mut [T], number: u32) -> Option<&mut T> {
    slots.get_mut(usize::try_from(number).ok()?)
}
