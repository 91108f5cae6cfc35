//! Plain bookings read from bytes: a debit with a text in subfields, nothing unusual in either.
//!
//! This takes a tenth of the time that reading a booking in full takes (texts of its own for all
//! fields). What it yields is what the full reader sees; everything it does not know for certain
//! it leaves to that one.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::brief::EntryValues;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::readers::mt940::subfields::PIECE;
use crate::readers::plain_reference;
use crate::readers::plain_values;

/// A booking that was read from bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain<'a> {
    pub(super) values: EntryValues,
    /// Business transaction code.
    pub(super) code: &'a [u8],
    /// Booking text.
    pub(super) title: &'a [u8],
    /// Its bytes.
    pub(super) length: usize,
    /// Its lines.
    pub(super) lines: u32,
}

/// Memory for the texts of a booking, used for one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    text: Vec<u8>,
    id: Vec<u8>,
}

/// What stands behind a booking that has ended: other fields are looked at by the full reader.
const NEXT: [&[u8]; 3] = [b":61:", b":62F:", b":62M:"];

/// The booking at the beginning of these bytes, which are the file's up to its end or to the
/// beginning of another booking; `None` for what is unusual.
pub(super) fn read<'s>(bytes: &[u8], keys: &Keys, scratch: &'s mut Scratch) -> Option<Plain<'s>> {
    let (entry, rest) = line(bytes.strip_prefix(b":61:")?)?;
    let (text, mut rest) = line(rest.strip_prefix(b":86:")?)?;
    let Scratch { text: joined, id } = scratch;
    joined.clear();
    joined.extend_from_slice(text);
    let mut lines = 2_u32;
    while let [first, ..] = rest {
        match first {
            b':' if NEXT.iter().any(|tag| rest.starts_with(tag)) => break,
            b':' | b'-' | b'{' => return None,
            _ => {}
        }
        let (text, more) = line(rest)?;
        joined.extend_from_slice(text);
        lines = lines.checked_add(1)?;
        rest = more;
    }
    (is_usual(entry) && is_usual(joined)).then_some(())?;
    let entry = EntryLine::read(entry)?;
    let (code, body) = joined.split_at_checked(3)?;
    (code.iter().all(u8::is_ascii_digit) && !is_collective(code)).then_some(())?;
    let text = Text::read(body, id)?;
    let account = plain_values::account(text.account, keys)?;
    let mut values = entry.with_account(account);
    values.end_to_end_key = plain_reference::read(id.trim_ascii(), keys).ok()?;
    values.bank_reference = plain_reference::read(entry.bank_reference, keys).ok()?;
    Some(Plain {
        values,
        code,
        title: text.title,
        length: bytes.len().checked_sub(rest.len())?,
        lines,
    })
}

/// The first line without its end, and what stands behind it.
fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = bytes.split_at_checked(memchr::memchr(b'\n', bytes)?)?;
    let mut line = line;
    while let [before @ .., b'\r'] = line {
        line = before;
    }
    Some((line, rest.get(1..)?))
}

/// Nothing but ASCII that can be seen, and blanks: bytes are characters then, in all encodings, and
/// blanks are the only ones that are trimmed.
fn is_usual(text: &[u8]) -> bool {
    // All bytes at once.
    text.iter().fold(true, |usual, byte| usual & (b' '..=b'~').contains(byte))
}

/// Codes under which a whole order is booked at once.
fn is_collective(code: &[u8]) -> bool {
    matches!(code, [b'1', b'8' | b'9', _] | [b'0', b'7', b'9'])
}

/// What a `:61:` says.
#[derive(Clone, Copy, Debug)]
struct EntryLine<'a> {
    amount: Amount,
    booking_date: NaiveDate,
    value_date: NaiveDate,
    bank_reference: &'a [u8],
}

impl<'a> EntryLine<'a> {
    fn read(line: &'a [u8]) -> Option<Self> {
        let [y0, y1, m0, m1, d0, d1, b0, b1, b2, b3, b'D', rest @ ..] = line else { return None };
        let year = 2000_i32.checked_add(i32::try_from(pair(*y0, *y1)?).ok()?)?;
        let value_date = NaiveDate::from_ymd_opt(year, pair(*m0, *m1)?, pair(*d0, *d1)?)?;
        let booking_date = NaiveDate::from_ymd_opt(year, pair(*b0, *b1)?, pair(*b2, *b3)?)?;
        // Nearly half a year apart it may mean another year.
        ((booking_date - value_date).num_days().abs() < 150).then_some(())?;
        let rest = match rest {
            [funds, rest @ ..] if funds.is_ascii_uppercase() => rest,
            rest => rest,
        };
        let end = rest.iter().position(|byte| !byte.is_ascii_digit() && *byte != b',')?;
        let (digits, rest) = rest.split_at_checked(end)?;
        let (amount, mark) = plain_values::amount(digits)?;
        (mark == Some(DecimalMark::Comma) && amount > Amount::ZERO).then_some(())?;
        // Four characters: what kind of booking it is.
        let (_, references) = rest.trim_ascii_start().split_at_checked(4)?;
        let (own, bank_reference) = match memchr::memmem::find(references, b"//") {
            Some(at) => (references.get(..at)?, references.get(at.checked_add(2)?..)?.trim_ascii()),
            None => (references, b"".as_slice()),
        };
        // Anything else is a reference of the booking's own.
        let points = [b"".as_slice(), b"KREF+", b"EREF+", b"KREF", b"EREF", b"NONREF"];
        let points = points.contains(&own.trim_ascii());
        points.then_some(Self { amount, booking_date, value_date, bank_reference })
    }

    fn with_account(&self, account: Key) -> EntryValues {
        EntryValues {
            amount: self.amount,
            booking_date: self.booking_date,
            value_date: Some(self.value_date),
            end_to_end_key: None,
            account,
            bank_reference: None,
        }
    }
}

fn pair(tens: u8, ones: u8) -> Option<u32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte.wrapping_sub(b'0')));
    digit(tens)?.checked_mul(10)?.checked_add(digit(ones)?)
}

/// What a `:86:` says, as far as it counts here.
#[derive(Default)]
struct Text<'a> {
    title: &'a [u8],
    account: &'a [u8],
}

impl<'a> Text<'a> {
    /// Reads subfields; puts the end-to-end id into `id`.
    fn read(body: &'a [u8], id: &mut Vec<u8>) -> Option<Self> {
        let mut text = Self::default();
        let mut pieces =
            Pieces { id, stretch: Stretch::Bare, has_id: false, has_text: false, before: None };
        pieces.id.clear();
        let mut rest = body;
        let (mut begun, mut behind) = (false, false);
        while !rest.is_empty() {
            let [b'?', tens, ones, from @ ..] = rest else { return None };
            let key = pair(*tens, *ones)?;
            let (content, more) = from.split_at_checked(next(from))?;
            match key {
                // A piece behind an account: what looked like one belongs to the text.
                20..=29 if behind => return None,
                20..=29 | 60..=63 => {
                    begun |= key < 30;
                    pieces.add(content)?;
                }
                _ => {
                    behind |= begun;
                    match key {
                        0 => text.title = content.trim_ascii(),
                        31 => text.account = content.trim_ascii(),
                        _ => {}
                    }
                }
            }
            rest = more;
        }
        Some(text)
    }
}

/// Where the next subfield begins: `?` and two digits; without them it is text.
fn next(text: &[u8]) -> usize {
    let begins = |at: &usize| matches!(text.get(*at..), Some([_, a, b, ..]) if a.is_ascii_digit() && b.is_ascii_digit());
    memchr::memchr_iter(b'?', text).find(begins).unwrap_or(text.len())
}

/// What a stretch of the remittance text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stretch {
    /// Without a tag.
    Bare,
    /// `EREF+`
    EndToEnd,
    /// `SVWZ+`
    Text,
}

/// The pieces of a remittance text with no other tags than `EREF+` and `SVWZ+`, each once at the
/// beginning of a piece, and no other `+`.
struct Pieces<'s> {
    id: &'s mut Vec<u8>,
    stretch: Stretch,
    has_id: bool,
    has_text: bool,
    /// Length of the piece before.
    before: Option<usize>,
}

impl Pieces<'_> {
    fn add(&mut self, piece: &[u8]) -> Option<()> {
        let before = self.before.replace(piece.len());
        let rest = if let Some(rest) = piece.strip_prefix(b"EREF+") {
            (!std::mem::replace(&mut self.has_id, true)).then_some(())?;
            self.stretch = Stretch::EndToEnd;
            rest
        } else if let Some(rest) = piece.strip_prefix(b"SVWZ+") {
            (!std::mem::replace(&mut self.has_text, true)).then_some(())?;
            self.stretch = Stretch::Text;
            rest
        } else {
            // An id does not go on behind a piece that ended.
            let ended = before.is_some_and(|length| length.saturating_add(1) < PIECE);
            if self.stretch == Stretch::EndToEnd && ended {
                self.stretch = Stretch::Bare;
            }
            piece
        };
        let unusual = rest.starts_with(b"MTLG:") || memchr::memchr(b'+', rest).is_some();
        if self.stretch == Stretch::EndToEnd {
            self.id.extend_from_slice(rest);
        }
        (!unusual).then_some(())
    }
}
