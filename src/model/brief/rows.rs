//! The rows themselves: 32 bytes each, of which the keys are given back when all cases are found.
//! There are millions of them, and touching new memory for them took a fifth of a run when they had
//! 56.

use std::ops::Deref;

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::brief::day::Day;
use crate::model::brief::keys::Key;
use crate::model::brief::keys::ShortKey;

/// Where a row begins: 36 bits for the byte (64 GiB), 28 for the line (268 million). In two halves:
/// a whole number would have to begin at every eighth byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spot([u32; 2]);

impl Spot {
    const LINE: u32 = 28;

    fn new(offset: u64, line: u32) -> Option<Self> {
        let fits = offset >> (u64::BITS - Self::LINE) == 0 && line >> Self::LINE == 0;
        let both = (offset << Self::LINE) | u64::from(line);
        let half = |half: u64| u32::try_from(half & u64::from(u32::MAX)).ok();
        fits.then(|| Some(Self([half(both >> 32)?, half(both)?]))).flatten()
    }

    fn offset(self) -> u64 {
        let [high, low] = self.0.map(u64::from);
        (high << (32 - Self::LINE)) | (low >> Self::LINE)
    }

    const fn line(self) -> u32 {
        let [_, low] = self.0;
        low & ((1 << Self::LINE) - 1)
    }
}

/// The number of a row's shape and, in the highest bit, whether the row is tame: its line can be
/// cut at every delimiter, and all of it can be shown as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape(u16);

impl Shape {
    const TAME: u16 = 1 << 15;

    fn new(number: u16) -> Option<Self> {
        (number & Self::TAME == 0).then_some(Self(number))
    }

    const fn number(self) -> u16 {
        self.0 & !Self::TAME
    }

    const fn is_tame(self) -> bool {
        self.0 & Self::TAME != 0
    }

    fn of_number(self, number: u16) -> Option<Self> {
        Some(Self(Self::new(number)?.0 | (self.0 & Self::TAME)))
    }

    const fn tame(self, is_tame: bool) -> Self {
        Self(self.number() | if is_tame { Self::TAME } else { 0 })
    }
}

/// What a reader knows of a list row that may be kept in brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentValues {
    /// Byte at which the row begins.
    pub offset: u64,
    /// Its line.
    pub line: u32,
    /// Its end-to-end id.
    pub end_to_end_key: Key,
    /// Its case number, if it has one.
    pub case_key: Option<Key>,
    /// The payee's account.
    pub account: Key,
    /// What is owed.
    pub amount: Amount,
    /// Its own due date.
    pub due: Option<NaiveDate>,
}

/// What is asked of a row in brief when its case is settled: where it stands, its amount and days, and
/// what it is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<D> {
    spot: Spot,
    cents: u32,
    days: D,
    shape: Shape,
}

/// A list row; of days it may have its own due date.
pub type PaymentRow = Row<Option<Day>>;

/// A booking.
pub type EntryRow = Row<EntryDays>;

/// The days of a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryDays {
    booking_date: Day,
    value_date: Option<Day>,
}

impl<D> Row<D> {
    /// `None` if something has no room.
    #[inline]
    fn new(offset: u64, line: u32, amount: Amount, days: D, shape: u16) -> Option<Self> {
        let cents = u32::try_from(amount.cents()).ok()?;
        Some(Self { spot: Spot::new(offset, line)?, cents, days, shape: Shape::new(shape)? })
    }

    /// The same row, so many lines further down, of another shape.
    fn moved(self, lines: u32, shape: u16) -> Option<Self> {
        let shape = self.shape.of_number(shape)?;
        let line = self.line().checked_add(lines)?;
        Some(Self { shape, ..self.at_line(line)? })
    }

    fn at_line(self, line: u32) -> Option<Self> {
        Some(Self { spot: Spot::new(self.offset(), line)?, ..self })
    }

    fn tame(self, is_tame: bool) -> Self {
        Self { shape: self.shape.tame(is_tame), ..self }
    }

    /// Byte at which the row begins.
    pub fn offset(&self) -> u64 {
        self.spot.offset()
    }

    /// Its line.
    pub const fn line(&self) -> u32 {
        self.spot.line()
    }

    /// What is owed or was booked, without sign.
    pub fn amount(&self) -> Amount {
        Amount::from_cents(i64::from(self.cents))
    }

    /// Number of its shape.
    pub const fn shape(&self) -> u16 {
        self.shape.number()
    }

    /// Its line can be cut at every delimiter, quotation marks are around whole cells, and all of it
    /// can be shown as it stands (like [`crate::model::brief::BareTexts`]).
    pub const fn is_tame(&self) -> bool {
        self.shape.is_tame()
    }
}

impl PaymentRow {
    /// Its own due date.
    pub const fn due(&self) -> Option<Day> {
        self.days
    }
}

impl EntryRow {
    /// Day of the booking.
    pub const fn booking_date(&self) -> Day {
        self.days.booking_date
    }

    /// Value date.
    pub const fn value_date(&self) -> Option<Day> {
        self.days.value_date
    }

    /// The day the booking counts: the later of booking and value date.
    pub fn booked_on(&self) -> Day {
        let EntryDays { booking_date, value_date } = self.days;
        value_date.map_or(booking_date, |value| value.max(booking_date))
    }
}

/// A list row in brief: with the keys by which its case is found. It has a real end-to-end id, a
/// valid IBAN and an amount above zero, and its reader had nothing to say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BriefPayment {
    row: PaymentRow,
    // Keys in two pieces, like spots.
    id_high: u32,
    account_high: u32,
    case_key: Option<ShortKey>,
    id_low: u16,
    account_low: u16,
}

impl BriefPayment {
    /// A row of this shape; `None` if its values have no room (43 million euros, days outside of
    /// two centuries, files of 64 GiB).
    #[inline]
    pub fn new(values: &PaymentValues, shape: u16) -> Option<Self> {
        let (id_high, id_low) = values.end_to_end_key.packed();
        let (account_high, account_low) = values.account.packed();
        let due = match values.due {
            Some(day) => Some(Day::new(day)?),
            None => None,
        };
        let row = Row::new(values.offset, values.line, values.amount, due, shape)?;
        let case_key = values.case_key.map(Key::short);
        Some(Self { row, id_high, account_high, case_key, id_low, account_low })
    }

    /// The same row, so many lines further down, of another shape.
    pub fn moved(self, lines: u32, shape: u16) -> Option<Self> {
        Some(Self { row: self.row.moved(lines, shape)?, ..self })
    }

    /// Its end-to-end id.
    pub fn end_to_end_key(&self) -> Key {
        Key::unpacked(self.id_high, self.id_low)
    }

    /// Its case number, if it has one.
    pub const fn case_key(&self) -> Option<ShortKey> {
        self.case_key
    }

    /// The payee's account.
    pub fn account(&self) -> Key {
        Key::unpacked(self.account_high, self.account_low)
    }

    /// The same row, known to be tame or not.
    #[must_use]
    pub fn tame(self, is_tame: bool) -> Self {
        Self { row: self.row.tame(is_tame), ..self }
    }
}

/// A row with keys is a row: whatever is asked of one is asked of the other.
impl Deref for BriefPayment {
    type Target = PaymentRow;

    fn deref(&self) -> &PaymentRow {
        &self.row
    }
}

/// What a reader knows of a booking that may be kept in brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryValues {
    /// Its end-to-end id, if it is a real one.
    pub end_to_end_key: Option<Key>,
    /// The other side's account.
    pub account: Key,
    /// The bank's own reference, where the format has one.
    pub bank_reference: Option<Key>,
    /// Its amount, without sign.
    pub amount: Amount,
    /// Day of the booking.
    pub booking_date: NaiveDate,
    /// Value date.
    pub value_date: Option<NaiveDate>,
}

/// A single booked debit in brief: with the keys by which its case is found. It has one detail with
/// a valid IBAN, and its reader had nothing to say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BriefEntry {
    row: EntryRow,
    /// Zeros if it has no id.
    id_high: u32,
    account_high: u32,
    id_low: u16,
    account_low: u16,
}

impl BriefEntry {
    /// The booking that begins at this byte, on this line, of this shape; `None` if something has no
    /// room. The bank's reference is kept beside the rows
    /// ([`crate::model::brief::BriefExport::references`]).
    #[inline]
    pub fn new(values: &EntryValues, offset: u64, line: u32, shape: u16) -> Option<Self> {
        let (id_high, id_low) = values.end_to_end_key.map_or((0, 0), Key::packed);
        let (account_high, account_low) = values.account.packed();
        let days = EntryDays {
            booking_date: Day::new(values.booking_date)?,
            value_date: match values.value_date {
                Some(day) => Some(Day::new(day)?),
                None => None,
            },
        };
        let row = Row::new(offset, line, values.amount, days, shape)?;
        Some(Self { row, id_high, account_high, id_low, account_low })
    }

    /// The same booking, so many lines further down, of another shape.
    pub fn moved(self, lines: u32, shape: u16) -> Option<Self> {
        Some(Self { row: self.row.moved(lines, shape)?, ..self })
    }

    /// The same booking on another line.
    pub fn at_line(self, line: u32) -> Option<Self> {
        Some(Self { row: self.row.at_line(line)?, ..self })
    }

    /// Its end-to-end id, if it is a real one.
    pub fn end_to_end_key(&self) -> Option<Key> {
        let is_none = (self.id_high, self.id_low) == (0, 0);
        (!is_none).then(|| Key::unpacked(self.id_high, self.id_low))
    }

    /// The other side's account.
    pub fn account(&self) -> Key {
        Key::unpacked(self.account_high, self.account_low)
    }

    /// The same row, known to be tame or not.
    #[must_use]
    pub fn tame(self, is_tame: bool) -> Self {
        Self { row: self.row.tame(is_tame), ..self }
    }
}

/// Like [`BriefPayment`].
impl Deref for BriefEntry {
    type Target = EntryRow;

    fn deref(&self) -> &EntryRow {
        &self.row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::brief::keys::Keys;

    #[test]
    fn rows_hold_what_they_are_made_of_and_take_32_bytes() {
        assert_eq!((size_of::<BriefPayment>(), size_of::<BriefEntry>()), (32, 32));
        assert_eq!((size_of::<PaymentRow>(), size_of::<EntryRow>()), (16, 20));
        let keys = Keys::default();
        let day: NaiveDate = "2023-11-30".parse().unwrap();
        let values = PaymentValues {
            offset: (1 << 36) - 1,
            line: 7,
            end_to_end_key: keys.reference("A1"),
            case_key: None,
            account: keys.reference("B2"),
            amount: Amount::from_cents(i64::from(u32::MAX)),
            due: Some(day),
        };
        let row = BriefPayment::new(&values, 1).unwrap().moved(3, 9).unwrap();
        assert_eq!((row.offset(), row.line(), row.shape()), (values.offset, 10, 9));
        let own = (row.end_to_end_key(), row.account(), row.case_key());
        assert_eq!(own, (values.end_to_end_key, values.account, None));
        assert_eq!((row.amount(), row.due().map(Day::date)), (values.amount, Some(day)));
        assert_eq!(row.moved(1 << 28, 0), None);
        assert_eq!(row.moved(0, 1 << 15), None);
        let tame = row.tame(true);
        assert!(tame.is_tame() && !row.is_tame());
        let moved = tame.moved(1, 8).unwrap();
        assert_eq!((moved.is_tame(), moved.shape(), tame.tame(false)), (true, 8, row));
        for too_much in [
            PaymentValues { offset: 1 << 36, ..values },
            PaymentValues { line: 1 << 28, ..values },
            PaymentValues { amount: values.amount.plus(Amount::from_cents(1)), ..values },
            PaymentValues { amount: Amount::from_cents(-1), ..values },
            PaymentValues { due: "1999-12-31".parse().ok(), ..values },
        ] {
            assert_eq!(BriefPayment::new(&too_much, 0), None, "{too_much:?}");
        }
    }
}
