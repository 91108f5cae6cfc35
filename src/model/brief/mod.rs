//! Rows in brief: the few values that settle a plain case, and where the rest can be read again.
//!
//! In any month nearly every payment is plain: one row, one booking, the same end-to-end id, amount
//! and account. Full values of a million payments and their bookings take 5 GB; in brief they take
//! 32 bytes each, and whatever is not plain is read again in full.

mod blocks;
mod cell;
mod day;
mod keys;
mod rows;
mod texts;

pub use blocks::Blocks;
pub use cell::Cell;
pub use day::Day;
pub use day::DifferentDays;
pub use keys::Key;
pub use keys::Keys;
pub use keys::ShortKey;
pub use keys::as_numbers;
pub use rows::BriefEntry;
pub use rows::BriefPayment;
pub use rows::EntryDays;
pub use rows::EntryRow;
pub use rows::EntryValues;
pub use rows::PaymentRow;
pub use rows::PaymentValues;
pub use rows::Row;
pub use texts::BareBooking;
pub use texts::BareTexts;
pub use texts::BookingText;
pub use texts::EntryTexts;
pub use texts::RowTexts;
pub use texts::Shown;
pub use texts::WantedTexts;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;

use crate::model::lengths::Lengths;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::statement::StatementEntry;

/// What rows of an export have in common: booking text, account, currency, status.
#[derive(Clone, Debug)]
pub struct EntryShape {
    /// A row of this shape, in full.
    pub entry: StatementEntry,
    /// Number of its statement: in the file, and after [`crate::model::inputs::Inputs::add`] in
    /// the run.
    pub statement: usize,
}

/// Makes full values of single rows.
pub trait RowReader: Debug + Send + Sync {
    /// The texts of a list row that its shape does not have; `None` if only
    /// [`Self::payment`] can tell them.
    fn texts<'a>(&self, row: &'a [u8]) -> Option<RowTexts<'a>>;
    /// The same as they stand, of a row that these bytes begin with; `None` if they have to be
    /// looked at more closely.
    fn bare_texts<'a>(&self, from_row: &'a [u8], is_tame: bool) -> Option<BareTexts<'a>>;
    /// The texts of a booking that these bytes begin with, as they stand; `None` if only
    /// [`Self::entry`] can tell them.
    fn bare_booking<'a>(
        &self,
        _from_row: &'a [u8],
        _is_tame: bool,
        _wanted: WantedTexts,
    ) -> Option<BareBooking<'a>> {
        None
    }
    /// The texts of a booking that may name somebody; `None` if only [`Self::entry`] can tell them.
    fn entry_texts<'a>(&self, row: &'a [u8]) -> Option<EntryTexts<'a>>;
    /// The list row that these bytes hold; `like` is a row of its shape.
    fn payment(&self, row: &[u8], brief: &PaymentRow, like: &Payment) -> Payment;
    /// The bytes of the booking that begins here.
    fn row<'a>(&self, bytes: &'a dyn Bytes, offset: u64) -> Cow<'a, [u8]> {
        bytes.line(offset)
    }
    /// The place of a booking whose values name this line; where bookings share lines, they have
    /// numbers instead.
    fn place(&self, file: FileId, line: u32) -> Place {
        Place::line(file, line)
    }
    /// The booking that these bytes hold; `like` is a row of its shape.
    fn entry(&self, row: &[u8], brief: &EntryRow, like: &StatementEntry) -> StatementEntry;
}

/// The bytes of a file, to read single rows again.
pub trait Bytes: Debug + Send + Sync {
    /// All bytes, if they are in memory.
    fn whole(&self) -> Option<&[u8]>;
    /// How many bytes there are.
    fn length(&self) -> u64;
    /// Reads bytes from here on; gives how many, 0 at the end.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> usize;
    /// The bytes from here to the end of the line.
    fn line(&self, offset: u64) -> Cow<'_, [u8]>;
    /// What has gone wrong with the file since it was first read, if anything.
    fn trouble(&self) -> Option<String>;
}

impl Bytes for Vec<u8> {
    fn whole(&self) -> Option<&[u8]> {
        Some(self)
    }

    fn length(&self) -> u64 {
        u64::try_from(self.len()).unwrap_or(u64::MAX)
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> usize {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = self.get(start..).unwrap_or_default();
        let count = rest.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        count
    }

    fn line(&self, offset: u64) -> Cow<'_, [u8]> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = self.get(start..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        Cow::Borrowed(rest.get(..end).unwrap_or_default())
    }

    fn trouble(&self) -> Option<String> {
        None
    }
}

/// A stretch of a file, for rows that are asked for in their order: a large file is then read by
/// stretches, not line by line (which took a tenth of a run).
#[derive(Clone, Debug, Default)]
pub struct Window {
    file: Option<FileId>,
    from: u64,
    /// The row that begins there is the last of this file that will be asked for.
    last: Option<(FileId, u64)>,
    bytes: Vec<u8>,
    /// The file ends with these bytes.
    is_end: bool,
}

impl Window {
    /// Most bytes of a stretch: with the text that is made of them they stay near the processor.
    const LENGTH: u64 = 1 << 18;
    /// A row is mostly shorter.
    const ROW: u64 = 1 << 12;

    /// No row of this file behind the one that begins there will be asked for until this is called
    /// again, so that nothing is read in vain.
    pub fn aim(&mut self, file: FileId, last: u64) {
        self.last = Some((file, last));
    }

    /// The bytes from here on, of a row and more.
    fn row_and_more<'a>(&'a mut self, file: FileId, bytes: &'a dyn Bytes, offset: u64) -> &'a [u8] {
        let end = self.from.saturating_add(u64::try_from(self.bytes.len()).unwrap_or(0));
        let is_here =
            offset >= self.from && (self.is_end || offset.saturating_add(Self::ROW) <= end);
        if self.file != Some(file) || !is_here {
            if let Some(whole) = bytes.whole() {
                let start = usize::try_from(offset).unwrap_or(usize::MAX);
                return whole.get(start..).unwrap_or_default();
            }
            let last = self.last.filter(|(own, _)| *own == file);
            let wanted = last.map_or(u64::MAX, |(_, last)| last.saturating_sub(offset));
            let wanted = wanted.min(Self::LENGTH) + Self::ROW;
            self.bytes.resize(usize::try_from(wanted).unwrap_or(0), 0);
            let count = bytes.read_at(offset, &mut self.bytes);
            self.bytes.truncate(count);
            self.is_end = offset.saturating_add(wanted) >= bytes.length();
            (self.file, self.from) = (Some(file), offset);
        }
        let start = usize::try_from(offset.saturating_sub(self.from)).unwrap_or(usize::MAX);
        self.bytes.get(start..).unwrap_or_default()
    }
}

/// The plain rows of one table.
#[derive(Clone, Debug)]
pub struct BriefTable<R, S> {
    /// The file.
    pub file: FileId,
    /// The rows, in the order of the file.
    pub rows: Blocks<R>,
    /// The bank's own references of the rows, where the format has any; else empty.
    pub references: Vec<Option<Key>>,
    /// How long the references are that name rows of a list; nobody asks for those of exports.
    pub lengths: Lengths,
    /// The due dates of the rows of a list.
    pub due_days: BTreeSet<Option<Day>>,
    /// A row of every shape, in full.
    pub shapes: Vec<S>,
    /// Makes full values of rows.
    pub reader: Arc<dyn RowReader>,
    /// Where the rows stand.
    pub bytes: Arc<dyn Bytes>,
}

/// The plain rows of a payment list.
pub type BriefList = BriefTable<BriefPayment, Payment>;

/// The plain rows of a bank's export.
pub type BriefExport = BriefTable<BriefEntry, EntryShape>;

/// The rows of a list without their keys.
pub type SettledList = BriefTable<PaymentRow, Payment>;

/// The rows of an export without their keys.
pub type SettledExport = BriefTable<EntryRow, EntryShape>;

impl<R, S> BriefTable<R, S> {
    /// What the rows of this shape have in common.
    pub fn shape(&self, number: u16) -> Option<&S> {
        self.shapes.get(usize::from(number))
    }

    /// The same with other rows; the bank's references are gone.
    fn with_rows<T: Send>(self, threads: usize, make: impl Fn(&R) -> T + Sync) -> BriefTable<T, S>
    where
        R: Send,
    {
        BriefTable {
            file: self.file,
            rows: self.rows.map(threads, make),
            references: Vec::new(),
            lengths: self.lengths,
            due_days: self.due_days,
            shapes: self.shapes,
            reader: self.reader,
            bytes: self.bytes,
        }
    }
}

impl BriefList {
    /// The same without keys.
    pub fn settled(self, threads: usize) -> SettledList {
        self.with_rows(threads, |row| **row)
    }
}

impl<R> BriefTable<R, Payment> {
    /// The texts of a row that its shape does not have, given to `use_` as they stand and, if that
    /// is not possible or not enough, once more in full.
    pub fn with_texts<T>(
        &self,
        row: &PaymentRow,
        window: &mut Window,
        mut use_: impl FnMut(&Shown<'_>) -> Option<T>,
    ) -> Option<T> {
        let from_row = window.row_and_more(self.file, self.bytes.as_ref(), row.offset());
        let bare = self
            .reader
            .bare_texts(from_row, row.is_tame())
            .and_then(|texts| use_(&Shown::Bare(texts)));
        bare.or_else(|| {
            let line = match memchr::memchr(b'\n', from_row) {
                Some(end) => Cow::Borrowed(from_row.get(..end).unwrap_or_default()),
                // A longer line, or the last one of a file without a line end.
                None => self.bytes.line(row.offset()),
            };
            use_(&Shown::Full(self.reader.texts(&line)?))
        })
    }

    /// The same for a row that is asked for alone.
    pub fn with_texts_of_one<T>(
        &self,
        row: &PaymentRow,
        use_: impl FnOnce(&RowTexts<'_>) -> T,
    ) -> Option<T> {
        self.reader.texts(&self.bytes.line(row.offset())).map(|texts| use_(&texts))
    }

    /// A row in full.
    pub fn payment(&self, row: &PaymentRow) -> Payment {
        let like = self.shape(row.shape());
        let read = |like| self.reader.payment(&self.bytes.line(row.offset()), row, like);
        like.map(read).unwrap_or_default()
    }
}

impl BriefExport {
    /// The booking days of its rows.
    pub fn booking_days(&self) -> BTreeSet<Day> {
        let mut days = DifferentDays::default();
        self.rows.iter().for_each(|row| days.add(Some(row.booking_date())));
        days.all().into_iter().flatten().collect()
    }

    /// The same without keys.
    pub fn settled(self, threads: usize) -> SettledExport {
        self.with_rows(threads, |row| **row)
    }
}

impl<R> BriefTable<R, EntryShape> {
    /// A row in full.
    pub fn entry(&self, row: &EntryRow) -> StatementEntry {
        let like = self.shape(row.shape()).map(|shape| &shape.entry);
        let bytes = self.reader.row(self.bytes.as_ref(), row.offset());
        let read = |like| self.reader.entry(&bytes, row, like);
        like.map(read).unwrap_or_default()
    }

    /// The texts of a row as they stand, given to `use_`; `None` if that is not possible.
    pub fn with_bare_booking<T>(
        &self,
        row: &EntryRow,
        wanted: WantedTexts,
        window: &mut Window,
        use_: impl FnOnce(&BareBooking<'_>) -> Option<T>,
    ) -> Option<T> {
        let from_row = window.row_and_more(self.file, self.bytes.as_ref(), row.offset());
        self.reader.bare_booking(from_row, row.is_tame(), wanted).and_then(|texts| use_(&texts))
    }

    /// The texts of a row that may name somebody, given to `use_`.
    pub fn with_texts<T>(
        &self,
        row: &EntryRow,
        use_: impl FnOnce(&EntryTexts<'_>) -> T,
    ) -> Option<T> {
        let bytes = self.reader.row(self.bytes.as_ref(), row.offset());
        self.reader.entry_texts(&bytes).map(|texts| use_(&texts))
    }

    /// Where a row stands.
    pub fn place(&self, row: &EntryRow) -> Place {
        self.reader.place(self.file, row.line())
    }
}
