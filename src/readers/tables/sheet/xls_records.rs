//! The records of which a binary workbook consists: a kind, a length and content, one behind the other.

use crate::readers::tables::sheet::compound::u16_at;

/// Kinds of records.
pub(super) mod kind {
    pub(in crate::readers::tables::sheet) const FORMULA: u16 = 0x0006;
    pub(in crate::readers::tables::sheet) const EOF: u16 = 0x000A;
    pub(in crate::readers::tables::sheet) const NOTE: u16 = 0x001C;
    pub(in crate::readers::tables::sheet) const DATE_MODE: u16 = 0x0022;
    pub(in crate::readers::tables::sheet) const FILE_PASS: u16 = 0x002F;
    pub(in crate::readers::tables::sheet) const FONT: u16 = 0x0031;
    pub(in crate::readers::tables::sheet) const CONTINUE: u16 = 0x003C;
    pub(in crate::readers::tables::sheet) const OBJECT: u16 = 0x005D;
    pub(in crate::readers::tables::sheet) const BOUND_SHEET: u16 = 0x0085;
    pub(in crate::readers::tables::sheet) const MUL_RK: u16 = 0x00BD;
    pub(in crate::readers::tables::sheet) const MUL_BLANK: u16 = 0x00BE;
    pub(in crate::readers::tables::sheet) const RSTRING: u16 = 0x00D6;
    pub(in crate::readers::tables::sheet) const XF: u16 = 0x00E0;
    pub(in crate::readers::tables::sheet) const MERGED: u16 = 0x00E5;
    pub(in crate::readers::tables::sheet) const SST: u16 = 0x00FC;
    pub(in crate::readers::tables::sheet) const LABEL_SST: u16 = 0x00FD;
    pub(in crate::readers::tables::sheet) const TEXT_OBJECT: u16 = 0x01B6;
    pub(in crate::readers::tables::sheet) const DIMENSIONS: u16 = 0x0200;
    pub(in crate::readers::tables::sheet) const BLANK: u16 = 0x0201;
    pub(in crate::readers::tables::sheet) const NUMBER: u16 = 0x0203;
    pub(in crate::readers::tables::sheet) const LABEL: u16 = 0x0204;
    pub(in crate::readers::tables::sheet) const BOOL_ERR: u16 = 0x0205;
    pub(in crate::readers::tables::sheet) const STRING: u16 = 0x0207;
    pub(in crate::readers::tables::sheet) const ROW: u16 = 0x0208;
    pub(in crate::readers::tables::sheet) const RK: u16 = 0x027E;
    pub(in crate::readers::tables::sheet) const FORMAT: u16 = 0x041E;
    pub(in crate::readers::tables::sheet) const BOF: u16 = 0x0809;
}

/// The longest record; longer content continues in the next.
const LONGEST: usize = 8224;

/// A record: its kind and what it holds.
#[derive(Clone, Copy)]
pub(super) struct Raw<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
}

/// The records of a part of the workbook, from its beginning to its end.
pub(super) fn part(stream: &[u8], from: usize) -> Option<Vec<Raw<'_>>> {
    let mut records = Vec::new();
    let mut depth = 0_usize;
    let mut at = from;
    loop {
        let kind = u16_at(stream, at)?;
        let length = usize::from(u16_at(stream, at.checked_add(2)?)?);
        let begins = at.checked_add(4)?;
        let data = stream.get(begins..begins.checked_add(length)?)?;
        let known = matches!(kind, 0x0001..=0x02FF | 0x0400..=0x04FF | 0x0800..=0x10FF);
        if !known || length > LONGEST || (records.is_empty() && kind != kind::BOF) {
            return None;
        }
        at = begins.checked_add(length)?;
        records.push(Raw { kind, data });
        match kind {
            kind::BOF => depth = depth.checked_add(1)?,
            kind::EOF => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(records);
                }
            }
            _ => {}
        }
    }
}
