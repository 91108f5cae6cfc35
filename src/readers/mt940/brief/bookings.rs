//! Bookings as they stand in a file, read in full.

use std::borrow::Cow;

use crate::model::currency::Currency;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::statement::StatementEntry;
use crate::readers::again::Booking;
use crate::readers::mt940::booking;
use crate::readers::mt940::brief::plain;
use crate::readers::mt940::entry_line;
use crate::readers::mt940::fields;
use crate::readers::mt940::fields::Part;
use crate::readers::mt940::fields::split;
use crate::readers::mt940::subfields;

/// Bookings as they stand in a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bookings {
    pub(super) file: FileId,
    /// Else Windows-1252.
    pub(super) is_utf_8: bool,
}

impl Bookings {
    /// The text of bytes, and what its encoding is called.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<(Cow<'_, str>, &'static str)> {
        if self.is_utf_8 {
            return Some((Cow::Borrowed(std::str::from_utf8(bytes).ok()?), "utf-8"));
        }
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
        Some((text, "windows-1252"))
    }

    /// What ends the booking at the beginning of these bytes.
    fn end(self, bytes: &[u8]) -> Option<End> {
        let (text, _) = self.decode(bytes)?;
        let mut parts = split(&text).into_iter();
        parts.next();
        let next = parts.find_map(|part| match part {
            Part::Field(field) if matches!(field.tag, "86" | "NS") => None,
            Part::Field(field) => Some(Some(field)),
            Part::End | Part::Run(_) | Part::Envelope(_) => Some(None),
        });
        let Some(next) = next else { return Some(End::Bytes) };
        let Some(field) = next else { return Some(End::Message) };
        // A character of Windows-1252 is a byte.
        let before = text.get(..field.offset)?;
        let offset = if self.is_utf_8 { before.len() } else { before.chars().count() };
        Some(End::Field { offset, is_known: fields::is_known(field.tag) })
    }

    /// Length of the booking at the beginning of these bytes, if a field that is known ends it.
    pub(super) fn whole_length(self, bytes: &[u8]) -> Option<usize> {
        match self.end(bytes)? {
            End::Field { offset, is_known: true } => Some(offset),
            End::Bytes => Some(bytes.len()),
            End::Field { .. } | End::Message => None,
        }
    }
}

/// What ends a booking.
enum End {
    /// A field that begins at this byte and is no text of it.
    Field { offset: usize, is_known: bool },
    /// The end of the message.
    Message,
    /// Nothing else is there.
    Bytes,
}

impl Booking for Bookings {
    const USUAL: usize = 1024;

    /// Up to the next field that is no text of it, or the end of the message.
    fn length(&self, bytes: &[u8], is_all: bool) -> Option<usize> {
        if let Some(length) = plain::length(bytes) {
            return Some(length);
        }
        let whole =
            bytes.get(..memchr::memrchr(b'\n', bytes).map_or(0, |end| end.saturating_add(1)));
        // A character may be cut at the end only.
        let known = if is_all { bytes } else { whole? };
        match self.end(known)? {
            End::Field { offset, .. } => Some(offset),
            End::Message => Some(known.len()),
            End::Bytes => is_all.then_some(known.len()),
        }
    }

    fn own_texts<'a>(&self, row: &'a [u8]) -> Option<[Option<Cow<'a, str>>; 3]> {
        Some(plain::texts(row)?.map(|text| text.map(Cow::Owned)))
    }

    fn full(&self, row: &[u8], line: u32) -> Option<StatementEntry> {
        let (text, _) = self.decode(row)?;
        let (mut entry, mut kind, mut lines) = (None, String::new(), Vec::new());
        for part in split(&text) {
            let Part::Field(field) = part else { break };
            if field.tag == "61" {
                let read = entry_line::read(&field.lines).ok()?;
                let place = Place::line(self.file, line);
                entry = Some(booking::from_line(place, &read, Currency::EUR));
                kind = read.kind;
            } else if field.tag == "86" {
                subfields::append(&mut lines, &field.lines);
            }
        }
        let mut entry = entry?;
        booking::add_text(&mut entry, &kind, &lines);
        Some(entry)
    }
}
