//! Where cells and lines of a table end: sixty-four bytes are looked at together, and only the
//! bytes that mean something one by one. On the way it is told which lines can be shown and cut
//! again without a look at every byte.

use fearless_simd::Simd;

use crate::readers::bits::Latin;
use crate::readers::bits::TOGETHER;
use crate::readers::bits::Together;
use crate::readers::tables::brief::meaning::Bits;
use crate::readers::tables::brief::meaning::inside;

/// Places that are written down at once; sixty-four bytes rarely have more.
const AT_ONCE: usize = 8;

/// How the bytes of a table are meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// What stands between cells.
    pub(super) delimiter: u8,
    /// Letters are UTF-8; else nothing but ASCII is known.
    pub(super) is_utf_8: bool,
}

/// A line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Where it begins in the block.
    pub(super) start: usize,
    /// Where its cells end, the last one at the line end or the end of the block; of no use if a
    /// quotation mark stays open.
    pub(super) ends: &'a [u32],
    /// Its quotation marks are simply around whole cells.
    pub(super) is_simple: bool,
    /// It is simple, all of it can be shown as it stands (printable ASCII and, in UTF-8, the letters
    /// U+00C0 to U+017F), and no delimiter stands between quotation marks.
    pub(super) is_tame: bool,
}

/// The end of a line.
#[derive(Clone, Copy, Debug)]
struct Ended {
    /// Places up to and with this one.
    places: usize,
    is_simple: bool,
    is_tame: bool,
}

/// Where the cells and lines of a block end. Its memory is used again for the next block.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// Places of delimiters outside of quotation marks and of line ends, and room behind them.
    places: Vec<u32>,
    count: usize,
    lines: Vec<Ended>,
    /// Something in the block is neither printable ASCII nor a letter U+00C0 to U+017F in UTF-8: it
    /// has to be looked at whether it is text at all.
    pub(super) is_strange: bool,
}

impl Marks {
    /// Looks at a block that begins with a line. `None` if a carriage return alone stands somewhere
    /// (it ends a record too).
    #[inline(always)]
    pub(super) fn look<S: Simd>(&mut self, simd: S, bytes: &[u8], form: Form) -> Option<()> {
        u32::try_from(bytes.len()).ok()?.checked_add(64)?;
        self.clear();
        match self.look_fast(simd, bytes, form) {
            Ok(()) => Some(()),
            Err(Stop::LoneReturn) => None,
            Err(Stop::OpenQuote) => {
                self.clear();
                self.look_slowly(bytes, form.delimiter)
            }
        }
    }

    fn clear(&mut self) {
        self.lines.clear();
        (self.count, self.is_strange) = (0, false);
    }

    /// The lines that were found.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let (mut start, mut first) = (0, 0);
        self.lines.iter().map_while(move |line| {
            let ends = self.places.get(first..line.places)?;
            let found = Line { start, ends, is_simple: line.is_simple, is_tame: line.is_tame };
            start = usize::try_from(*ends.last()?).ok()?.saturating_add(1);
            first = line.places;
            Some(found)
        })
    }

    /// Writes down the places of these bits.
    #[inline(always)]
    fn put(&mut self, bits: u64, from: u32) {
        let at = self.count;
        self.count = at.wrapping_add(usize::try_from(bits.count_ones()).unwrap_or(0));
        if self.places.len() < at.wrapping_add(TOGETHER) {
            self.grow();
        }
        put_places(self.places.get_mut(at..).unwrap_or_default(), bits, from);
    }

    #[cold]
    fn grow(&mut self) {
        self.places.resize(self.places.len().saturating_mul(2).max(4096), 0);
    }

    #[inline(always)]
    fn look_fast<S: Simd>(&mut self, simd: S, bytes: &[u8], form: Form) -> Result<(), Stop> {
        let has = |byte: u8| memchr::memchr(byte, bytes).is_some();
        match (has(b'"'), has(b'\r')) {
            (false, false) => self.look_through::<S, false, false>(simd, bytes, form),
            (false, true) => self.look_through::<S, false, true>(simd, bytes, form),
            (true, false) => self.look_through::<S, true, false>(simd, bytes, form),
            (true, true) => self.look_through::<S, true, true>(simd, bytes, form),
        }
    }

    #[inline(always)]
    fn look_through<S: Simd, const QUOTES: bool, const RETURNS: bool>(
        &mut self,
        simd: S,
        bytes: &[u8],
        form: Form,
    ) -> Result<(), Stop> {
        let mut seen = Seen { after_boundary: 1, ..Seen::default() };
        let (whole, rest) = bytes.as_chunks::<TOGETHER>();
        let mut from = 0_u32;
        for part in whole {
            let part = Together::new(simd, part);
            self.look_at::<S, QUOTES, RETURNS>(part, from, &mut seen, form)?;
            from = from.wrapping_add(64);
        }
        if bytes.last().is_some_and(|last| *last != b'\n') || !rest.is_empty() {
            let mut padded = [b' '; TOGETHER];
            if let Some((own, [next, ..])) = padded.split_at_mut_checked(rest.len()) {
                own.copy_from_slice(rest);
                if bytes.last() != Some(&b'\n') {
                    // The end of the block ends a line.
                    *next = b'\n';
                }
            }
            let part = Together::new(simd, &padded);
            self.look_at::<S, QUOTES, RETURNS>(part, from, &mut seen, form)?;
        }
        self.is_strange |= seen.after_lead != 0;
        Ok(())
    }

    #[inline(always)]
    fn look_at<S: Simd, const QUOTES: bool, const RETURNS: bool>(
        &mut self,
        part: Together<S>,
        from: u32,
        seen: &mut Seen,
        form: Form,
    ) -> Result<(), Stop> {
        let bits = Bits::of::<S, QUOTES, RETURNS>(part, form.delimiter);
        if ((bits.returns << 1) | seen.after_return) & !bits.line_ends != 0 {
            return Err(Stop::LoneReturn);
        }
        seen.after_return = bits.returns >> (TOGETHER - 1);
        let (mut within, mut odd_quotes) = (0, 0);
        if QUOTES && bits.quotes | seen.is_open != 0 {
            within = inside(bits.quotes) ^ seen.is_open;
            if bits.line_ends & within != 0 {
                return Err(Stop::OpenQuote);
            }
            // Negative if the last byte is inside.
            seen.is_open = (within.cast_signed() >> (TOGETHER - 1)).cast_unsigned();
        }
        let ends = (bits.delimiters | bits.returns) & !within | bits.line_ends;
        if QUOTES && bits.quotes | seen.before_boundary != 0 {
            let opening = (ends << 1) | seen.after_boundary;
            // A mark at the end of these bytes is told by the next ones.
            let closing = (ends >> 1) | (1 << (TOGETHER - 1));
            odd_quotes = bits.quotes & !(opening | closing) | (seen.before_boundary & !ends);
            seen.before_boundary = (bits.quotes & !opening) >> (TOGETHER - 1);
        }
        seen.after_boundary = ends >> (TOGETHER - 1);
        let mut wild = 0;
        if bits.others | seen.after_lead != 0 {
            wild = self.look_at_others(part, bits.others, seen, form.is_utf_8);
        }
        let untame = odd_quotes | wild | (bits.delimiters & within);
        let before = self.count;
        let places = bits.delimiters & !within | bits.line_ends;
        self.put(places, from);
        let mut left = bits.line_ends;
        let mut rest = u64::MAX;
        while left != 0 {
            // All bits up to the line end.
            let upto = left ^ left.wrapping_sub(1);
            let own = upto & rest;
            let count = (places & upto).count_ones();
            self.lines.push(Ended {
                places: before.wrapping_add(usize::try_from(count).unwrap_or(0)),
                is_simple: (seen.odd_quotes | (odd_quotes & own)) == 0,
                is_tame: (seen.untame | (untame & own)) == 0,
            });
            (seen.odd_quotes, seen.untame) = (0, 0);
            rest = !upto;
            left &= rest;
        }
        seen.odd_quotes |= odd_quotes & rest;
        seen.untame |= untame & rest;
        Ok(())
    }

    /// Which bytes cannot be shown, among them those that are not ASCII.
    #[inline(always)]
    fn look_at_others<S: Simd>(
        &mut self,
        part: Together<S>,
        others: u64,
        seen: &mut Seen,
        is_utf_8: bool,
    ) -> u64 {
        if !is_utf_8 {
            self.is_strange = true;
            return others;
        }
        let latin = Latin::of(part);
        let is_latin = latin.are(others, seen.after_lead);
        seen.after_lead = latin.lead_at_end();
        if is_latin {
            return 0;
        }
        self.is_strange = true;
        others | 1
    }

    /// The same one byte after the other, where a quotation mark stays open at a line end: it says
    /// nothing about the next line.
    fn look_slowly(&mut self, bytes: &[u8], delimiter: u8) -> Option<()> {
        self.is_strange = true;
        self.places.clear();
        let mut start = 0;
        while let Some(rest) = bytes.get(start..).filter(|rest| !rest.is_empty()) {
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..length)?;
            let text = line.strip_suffix(b"\r").unwrap_or(line);
            if memchr::memchr(b'\r', text).is_some() {
                return None;
            }
            let first = self.places.len();
            let mut is_open = false;
            for (place, byte) in line.iter().enumerate() {
                is_open ^= *byte == b'"';
                if *byte == delimiter && !is_open {
                    self.places.push(u32::try_from(start.checked_add(place)?).ok()?);
                }
            }
            self.places.push(u32::try_from(start.checked_add(length)?).ok()?);
            let is_simple = !is_open && is_simple(text, self.places.get(first..)?, start);
            self.lines.push(Ended { places: self.places.len(), is_simple, is_tame: false });
            start = start.checked_add(length)?.checked_add(1)?;
        }
        self.count = self.places.len();
        Some(())
    }
}

/// Puts the places of bits. This is compiled for itself: with wide registers at hand the compiler
/// would count zeros in them, which takes three times as long.
#[inline(never)]
fn put_places(mut slots: &mut [u32], mut bits: u64, from: u32) {
    while bits != 0 {
        let Some((now, rest)) = slots.split_first_chunk_mut::<AT_ONCE>() else { return };
        for slot in now {
            // What is written behind the last bit is written over. With a last bit at the end
            // processors need not ask whether there is any.
            *slot = from.wrapping_add((bits | 1 << (TOGETHER - 1)).trailing_zeros());
            bits &= bits.wrapping_sub(1);
        }
        slots = rest;
    }
}

/// What ends a look at a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    LoneReturn,
    OpenQuote,
}

/// What has been seen before the next bytes; of flags all bits or the lowest one.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    is_open: u64,
    after_return: u64,
    /// A cell begins with the next byte.
    after_boundary: u64,
    /// A quotation mark stood last that begins no cell; now one has to end.
    before_boundary: u64,
    /// The first byte of a letter stood last.
    after_lead: u64,
    /// Of the line that has not ended.
    odd_quotes: u64,
    untame: u64,
}

/// Whether the quotation marks of a line that begins there are simply around whole cells.
fn is_simple(line: &[u8], ends: &[u32], start: usize) -> bool {
    let mut from = 0;
    ends.iter().all(|end| {
        let end = usize::try_from(*end).unwrap_or(usize::MAX).saturating_sub(start).min(line.len());
        let cell = line.get(from..end).unwrap_or_default();
        from = end.saturating_add(1);
        let inside = match cell {
            [b'"', inside @ .., b'"'] => inside,
            cell => cell,
        };
        memchr::memchr(b'"', inside).is_none()
    })
}

#[cfg(test)]
mod tests {
    use fearless_simd::dispatch;

    use super::*;
    use crate::readers::bits::level;
    use crate::readers::bits::levels;

    type Found = Vec<(usize, Vec<u32>, bool, bool)>;

    fn found(marks: &Marks) -> Found {
        let own = |line: Line<'_>| (line.start, line.ends.to_vec(), line.is_simple, line.is_tame);
        marks.lines().map(own).collect()
    }

    /// The same by a look at every byte, and whether all bytes are printable or simple letters.
    fn slowly(bytes: &[u8], is_utf_8: bool) -> Option<(Found, bool)> {
        let mut marks = Marks::default();
        marks.look_slowly(bytes, b';')?;
        let shown = |text: &[u8]| {
            let letter = |c: char| matches!(c, ' '..='~') || (is_utf_8 && matches!(c, 'À'..='ſ'));
            std::str::from_utf8(text).is_ok_and(|text| text.chars().all(letter))
        };
        let mut all = found(&marks);
        for (start, ends, is_simple, is_tame) in &mut all {
            let end = usize::try_from(*ends.last().unwrap()).unwrap();
            let line = &bytes[*start..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let delimiters = memchr::memchr_iter(b';', line).count();
            *is_tame = *is_simple && shown(line) && delimiters + 1 == ends.len();
        }
        let lines = bytes.split(|byte| *byte == b'\n');
        let all_shown = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).all(shown);
        Some((all, all_shown))
    }

    #[test]
    fn lines_are_what_a_look_at_every_byte_finds() {
        let words: [&[u8]; 16] = [
            b";",
            b"\n",
            b"\"",
            b"\r\n",
            b"abc",
            b"a long cell with blanks",
            b";\"x;y\";",
            b"\n\n",
            b"\"\"",
            "\u{fc}\u{df}\u{142}".as_bytes(),
            b"1.234,56",
            b"\"ab\";\"cd\";\"\";\"e\"\n",
            b"\xc3",
            b"\xbc",
            "\u{80}\u{20ac}".as_bytes(),
            b"\r",
        ];
        let levels = levels();
        let mut dice = 5_u64;
        let (mut broken, mut open, mut tame, mut strange) = (0, 0, 0, 0);
        let mut marks = Marks::default();
        for round in 0..30_000 {
            let mut bytes = Vec::new();
            let most = 1 + round % 60;
            // Carriage returns alone, strange letters and open quotation marks are rare, or nothing
            // else would be tested.
            let kinds = match round % 7 {
                0 => 16,
                1 => 15,
                _ => 12,
            };
            for _ in 0..most {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let word = usize::try_from(dice >> 33).unwrap() % kinds;
                if round % 3 != 0 || word != 2 {
                    bytes.extend_from_slice(words[word]);
                }
            }
            let text = String::from_utf8_lossy(&bytes);
            let level = levels[round % levels.len()];
            for is_utf_8 in [true, false] {
                let form = Form { delimiter: b';', is_utf_8 };
                let expected = slowly(&bytes, is_utf_8);
                marks.clear();
                let looked = dispatch!(level, simd => marks.look_fast(simd, &bytes, form));
                match looked {
                    Ok(()) => {
                        let (lines, all_shown) = expected.as_ref().unwrap();
                        let mut own = found(&marks);
                        for (own, expected) in own.iter_mut().zip(lines) {
                            // What stands near strange letters may be told to be less than tame.
                            own.3 |= expected.3 && !all_shown;
                        }
                        assert_eq!(&own, lines, "{text:?}");
                        assert_eq!(marks.is_strange, !all_shown, "{text:?}");
                        tame += lines.iter().filter(|(_, _, _, is_tame)| *is_tame).count();
                        strange += usize::from(!all_shown);
                    }
                    Err(Stop::LoneReturn) => assert_eq!(expected, None, "{text:?}"),
                    Err(Stop::OpenQuote) => open += 1,
                }
                let whole = dispatch!(level, simd => marks.look(simd, &bytes, form));
                let whole = whole.map(|()| {
                    let all = found(&marks);
                    all.into_iter().map(|(start, ends, is_simple, _)| (start, ends, is_simple))
                });
                broken += usize::from(whole.is_none());
                let expected = expected.map(|(all, _)| {
                    all.into_iter().map(|(start, ends, is_simple, _)| (start, ends, is_simple))
                });
                assert!(whole.map(Vec::from_iter) == expected.map(Vec::from_iter), "{text:?}");
            }
        }
        for (count, least) in [(broken, 300), (open, 3_000), (tame, 30_000), (strange, 3_000)] {
            assert!(count >= least, "{:?}", (broken, open, tame, strange));
        }
    }

    #[test]
    fn a_line_whose_quotation_mark_stays_open_is_not_simple() {
        let mut marks = Marks::default();
        let form = Form { delimiter: b';', is_utf_8: true };
        let bytes = b"a;\"b\nc;\"d\"\n\"e";
        dispatch!(level(), simd => marks.look(simd, bytes, form)).unwrap();
        let simple: Vec<bool> = marks.lines().map(|line| line.is_simple).collect();
        assert_eq!(simple, [false, true, false]);
    }
}
