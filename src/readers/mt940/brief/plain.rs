//! Plain bookings read from bytes: a debit with a text in subfields, nothing unusual in either.
//!
//! This takes a tenth of the time that reading a booking in full takes (texts of its own for all
//! fields). What it yields is what the full reader sees; everything it does not know for certain
//! it leaves to that one.

use chrono::NaiveDate;

use crate::facts::signs::may_speak_against;
use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::brief::EntryValues;
use crate::model::brief::Key;
use crate::model::brief::Keys;
use crate::model::text::filled;
use crate::readers::mt940::subfields::PIECE;
use crate::readers::mt940::subfields::join;
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
    /// The remittance text.
    said: Vec<u8>,
}

/// What stands behind a booking that has ended: other fields are looked at by the full reader.
const NEXT: [&[u8]; 3] = [b":61:", b":62F:", b":62M:"];

/// The booking at the beginning of these bytes, which are the file's up to its end or to the
/// beginning of another booking; `None` for what is unusual.
pub(super) fn read<'s>(bytes: &[u8], keys: &Keys, scratch: &'s mut Scratch) -> Option<Plain<'s>> {
    let Scratch { text: joined, id, said } = scratch;
    let (entry, lines, rest) = fields(bytes, joined)?;
    let (code, body) = parts(entry, joined)?;
    let entry = EntryLine::read(entry)?;
    id.clear();
    said.clear();
    let text = Text::read(body, |stretch, joint, text| {
        if stretch == Stretch::EndToEnd {
            id.extend_from_slice(text);
        } else {
            if joint != Joint::Cut {
                said.push(b' ');
            }
            said.extend_from_slice(text);
        }
    })?;
    if may_speak_against(said) || id.trim_ascii().contains(&b' ') {
        return None;
    }
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

/// Length of the booking at the beginning of these bytes, if it is a usual one and something follows
/// it.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let (_, _, rest) = fields(bytes, &mut Vec::new())?;
    (!rest.is_empty()).then(|| bytes.len().checked_sub(rest.len()))?
}

/// The texts of a booking that [`read`] would read: remittance text, end-to-end id, name.
pub(super) fn texts(bytes: &[u8]) -> Option<[Option<String>; 3]> {
    let mut joined = Vec::new();
    let (entry, _, _) = fields(bytes, &mut joined)?;
    let (_, body) = parts(entry, &joined)?;
    let mut said = Said::default();
    let text = Text::read(body, |stretch, joint, text| said.add(stretch, joint, text))?;
    said.close();
    let [first, second] = text.names.map(|name| std::str::from_utf8(name).unwrap_or_default());
    Some([filled(&said.text), filled(&said.id), filled(&join(&[first, second]))])
}

/// The `:61:` of a booking, the lines of both its fields, and what stands behind them; its `:86:` is
/// put into `joined`.
fn fields<'a>(bytes: &'a [u8], joined: &mut Vec<u8>) -> Option<(&'a [u8], u32, &'a [u8])> {
    let (entry, rest) = line(bytes.strip_prefix(b":61:")?)?;
    let (text, mut rest) = line(rest.strip_prefix(b":86:")?)?;
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
    Some((entry, lines, rest))
}

/// Code and subfields of a `:86:`.
fn parts<'a>(entry: &[u8], joined: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    (is_usual(entry) && is_usual(joined)).then_some(())?;
    let (code, body) = joined.split_at_checked(3)?;
    (code.iter().all(u8::is_ascii_digit) && !is_collective(code)).then_some((code, body))
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
    iban: &'a [u8],
    names: [&'a [u8]; 2],
}

impl<'a> Text<'a> {
    /// Reads subfields; hands on the pieces of the remittance text without their tags.
    fn read(body: &'a [u8], mut take: impl FnMut(Stretch, Joint, &'a [u8])) -> Option<Self> {
        let mut text = Self::default();
        let mut pieces =
            Pieces { stretch: Stretch::Bare, has_id: false, has_text: false, before: None };
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
                    let (joint, content) = pieces.add(content)?;
                    take(pieces.stretch, joint, content);
                }
                _ => {
                    behind |= begun;
                    match key {
                        0 => text.title = content.trim_ascii(),
                        31 => text.account = content.trim_ascii(),
                        32 => text.names = [content, b""],
                        33 => text.names = [text.names.first().copied()?, content],
                        38 => text.iban = content.trim_ascii(),
                        // More than a word is a text.
                        10 | 30 | 34 if content.trim_ascii().contains(&b' ') => return None,
                        // A reason for which money comes back, and others.
                        34 if content.trim_ascii_start().first() == Some(&b'9') => return None,
                        10 | 30 | 34 => {}
                        // What has no field of its own is looked at in full.
                        _ => return None,
                    }
                }
            }
            rest = more;
        }
        (text.iban.is_empty() || text.iban == text.account).then_some(text)
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

/// How a piece follows the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    /// Another stretch begins with it.
    Begins,
    /// The one before was cut.
    Cut,
    /// The one before had ended.
    Ended,
}

/// The pieces of a remittance text with no other tags than `EREF+` and `SVWZ+`, each once at the
/// beginning of a piece, and no other `+`.
struct Pieces {
    stretch: Stretch,
    has_id: bool,
    has_text: bool,
    /// Length of the piece before.
    before: Option<usize>,
}

impl Pieces {
    /// Takes a piece; gives what it says without its tag.
    fn add<'a>(&mut self, piece: &'a [u8]) -> Option<(Joint, &'a [u8])> {
        let before = self.before.replace(piece.len());
        let mut joint = Joint::Begins;
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
            } else {
                let cut = before.is_none_or(|length| length >= PIECE);
                joint = if cut { Joint::Cut } else { Joint::Ended };
            }
            piece
        };
        let unusual = rest.starts_with(b"MTLG:") || memchr::memchr(b'+', rest).is_some();
        (!unusual).then_some((joint, rest))
    }
}

/// What the pieces of a remittance text say, joined as the full reader joins them.
#[derive(Default)]
struct Said {
    id: String,
    text: String,
    /// The stretch that goes on, and whether it is the id.
    open: String,
    is_id: bool,
}

impl Said {
    fn add(&mut self, stretch: Stretch, joint: Joint, piece: &[u8]) {
        // Nothing but ASCII.
        let piece = std::str::from_utf8(piece).unwrap_or_default();
        match joint {
            Joint::Begins => {
                self.close();
                self.is_id = stretch == Stretch::EndToEnd;
            }
            Joint::Ended if !self.open.ends_with(' ') && !piece.starts_with(' ') => {
                self.open.push(' ');
            }
            Joint::Ended | Joint::Cut => {}
        }
        self.open.push_str(piece);
    }

    fn close(&mut self) {
        let stretch = self.open.trim();
        let into = if self.is_id { &mut self.id } else { &mut self.text };
        if !stretch.is_empty() && !into.is_empty() {
            into.push(' ');
        }
        into.push_str(stretch);
        self.open.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;
    use crate::readers::again::Booking;
    use crate::readers::mt940::brief::bookings::Bookings;

    #[test]
    fn texts_are_those_of_the_full_reader() {
        let fields = ["?20", "?21", "?22", "?29", "?60", "?61", "?32", "?33", "?31", "?00", "?"];
        let words =
            ["EREF+", "SVWZ+", " ", "Miete", "Az 4711", "0123456789", "x", "+", "MTLG:", "KREF+"];
        let bookings = Bookings { file: FileId(0), is_utf_8: true };
        let mut dice = 9_u64;
        let mut below = |limit: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(dice >> 33).unwrap() % limit
        };
        let mut known = 0;
        for round in 0..30_000 {
            let mut text = String::from("116");
            for _ in 0..=below(6) {
                text.push_str(fields[below(if round % 5 == 0 { fields.len() } else { 9 })]);
                let mut piece = String::new();
                for _ in 0..below(5) {
                    piece.push_str(words[below(if round % 4 == 0 { words.len() } else { 7 })]);
                }
                // Mostly a piece that is cut, or nearly.
                let width = [12, PIECE - 1, PIECE, PIECE][below(4)];
                while round % 3 > 0 && piece.len() < width && below(9) > 0 {
                    piece.push_str(["1", "a", " "][below(3)]);
                }
                piece.truncate(PIECE);
                text.push_str(&piece);
            }
            let (first, second) = text.split_at(text.len().min(40));
            let row = format!(":61:2310271027D9,45NTRFNONREF//1\n:86:{first}\r\n{second}\n");
            let Some(texts) = texts(row.as_bytes()) else { continue };
            known += 1;
            let detail = bookings.full(row.as_bytes(), 1).unwrap().details.remove(0);
            let expected = [detail.remittance, detail.end_to_end_id, detail.counterparty];
            assert_eq!(texts, expected, "{row}");
            assert_eq!(length(row.as_bytes()), None);
            let followed = format!("{row}:61:2310271027D9,45NTRFNONREF//1\n:86:116?20x");
            assert_eq!(length(followed.as_bytes()), Some(row.len()), "{row}");
        }
        assert!(known > 10_000, "{known}");
    }
}
