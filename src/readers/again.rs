//! Single bookings of a statement in brief, read again from their bytes.

use std::borrow::Cow;
use std::fmt::Debug;

use crate::model::brief::BareTexts;
use crate::model::brief::Bytes;
use crate::model::brief::EntryRow;
use crate::model::brief::EntryTexts;
use crate::model::brief::PaymentRow;
use crate::model::brief::RowReader;
use crate::model::brief::RowTexts;
use crate::model::payment::Payment;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::statement::StatementEntry;

/// How a format's bookings stand in a file.
pub(crate) trait Booking: Debug + Send + Sync {
    /// A booking is mostly shorter (bytes).
    const USUAL: usize;

    /// Length of the booking at the beginning of these bytes, if all of it is there; `is_all` says
    /// that the file ends with them.
    fn length(&self, bytes: &[u8], is_all: bool) -> Option<usize>;

    /// The place of a booking whose values in brief name this line.
    fn place(&self, file: FileId, line: u32) -> Place {
        Place::line(file, line)
    }

    /// The booking that these bytes hold, which begins on this line.
    fn full(&self, row: &[u8], line: u32) -> Option<StatementEntry>;

    /// The same out of its values in brief, where that is known to be the same.
    fn rebuilt(&self, _: &[u8], _: u32, _: &EntryRow) -> Option<StatementEntry> {
        None
    }

    /// Remittance text, end-to-end id and name, where they are known without reading it in full.
    fn own_texts<'a>(&self, _: &'a [u8]) -> Option<[Option<Cow<'a, str>>; 3]> {
        None
    }
}

/// Reads bookings of a format again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Again<B>(pub(crate) B);

impl<B: Booking> RowReader for Again<B> {
    fn texts<'a>(&self, _: &'a [u8]) -> Option<RowTexts<'a>> {
        None
    }

    fn bare_texts<'a>(&self, _: &'a [u8], _: bool) -> Option<BareTexts<'a>> {
        None
    }

    fn entry_texts<'a>(&self, row: &'a [u8]) -> Option<EntryTexts<'a>> {
        let in_full = || {
            let detail = self.0.full(row, 0)?.details.into_iter().next()?;
            let texts = [detail.remittance, detail.end_to_end_id, detail.counterparty];
            Some(texts.map(|text| text.map(Cow::Owned)))
        };
        let [remittance, id, name] = self.0.own_texts(row).or_else(in_full)?;
        Some(EntryTexts { references: [remittance, id], names: [name, None, None] })
    }

    fn payment(&self, _: &[u8], _: &PaymentRow, like: &Payment) -> Payment {
        like.clone()
    }

    fn row<'a>(&self, bytes: &'a dyn Bytes, offset: u64) -> Cow<'a, [u8]> {
        let mut row = vec![0; B::USUAL];
        loop {
            let count = bytes.read_at(offset, &mut row);
            let is_all = count < row.len();
            let read = row.get(..count).unwrap_or_default();
            if let Some(length) = self.0.length(read, is_all) {
                row.truncate(length);
                return Cow::Owned(row);
            }
            if is_all {
                return Cow::Owned(Vec::new());
            }
            row.resize(row.len().saturating_mul(2), 0);
        }
    }

    fn place(&self, file: FileId, line: u32) -> Place {
        self.0.place(file, line)
    }

    fn entry(&self, row: &[u8], brief: &EntryRow, like: &StatementEntry) -> StatementEntry {
        // A file that was changed meanwhile ends the run.
        let place = self.0.place(FileId::default(), brief.line());
        let known = self.0.rebuilt(row, place.line, brief);
        let Some(mut entry) = known.or_else(|| self.0.full(row, place.line)) else {
            return like.clone();
        };
        entry.place.column = place.column;
        entry
    }
}
