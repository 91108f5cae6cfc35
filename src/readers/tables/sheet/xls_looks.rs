//! What stands beside the cells of a binary workbook: remarks, and rows that somebody struck out.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::readers::tables::sheet::compound::u16_at;
use crate::readers::tables::sheet::grid::STRUCK_OUT;
use crate::readers::tables::sheet::xls_records::Raw;
use crate::readers::tables::sheet::xls_records::kind;

/// The bit of a font that strikes out.
const STRIKES: u16 = 0x0008;

/// The looks of cells (by number) that are struck out.
pub(super) fn struck(globals: &[Raw<'_>]) -> BTreeSet<u16> {
    let mut fonts = BTreeSet::new();
    let (mut font, mut look) = (0_u16, 0_u16);
    let mut looks = BTreeSet::new();
    for record in globals {
        match record.kind {
            kind::FONT => {
                if u16_at(record.data, 2).is_some_and(|bits| bits & STRIKES != 0) {
                    fonts.insert(font);
                }
                // There is no font of number 4.
                font = font.saturating_add(if font == 3 { 2 } else { 1 });
            }
            kind::XF => {
                if u16_at(record.data, 0).is_some_and(|own| fonts.contains(&own)) {
                    looks.insert(look);
                }
                look = look.saturating_add(1);
            }
            _ => {}
        }
    }
    looks
}

/// The remarks of a sheet, and its rows that are struck out: rows count from 0.
pub(super) fn remarks(
    sheet: &[Raw<'_>],
    is_biff8: bool,
    struck: &BTreeSet<u16>,
) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut rows = BTreeSet::new();
    let mut texts: BTreeMap<u16, String> = BTreeMap::new();
    let mut shape = None;
    let mut depth = 0_usize;
    for (at, record) in sheet.iter().enumerate() {
        let data = record.data;
        match record.kind {
            kind::BOF => depth = depth.saturating_add(1),
            kind::EOF => depth = depth.saturating_sub(1),
            _ if depth > 1 => {}
            // Behind the head of a shape's first part stands its number.
            kind::OBJECT => shape = u16_at(data, 6),
            kind::TEXT_OBJECT => {
                let next = sheet.get(at.saturating_add(1));
                let next = next.filter(|next| next.kind == kind::CONTINUE);
                if let (Some(shape), Some(next)) = (shape.take(), next) {
                    texts.insert(shape, text(next.data));
                }
            }
            kind::NOTE if is_biff8 => {
                let text = u16_at(data, 6).and_then(|shape| texts.get(&shape));
                if let (Some(row), Some(text)) = (u16_at(data, 0), text) {
                    found.push((u32::from(row), text.clone()));
                }
            }
            kind::NOTE => {
                if let (Some(row), Some(bytes)) = (u16_at(data, 0), data.get(6..)) {
                    let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0;
                    found.push((u32::from(row), text.into_owned()));
                }
            }
            kind::NUMBER
            | kind::RK
            | kind::LABEL_SST
            | kind::LABEL
            | kind::RSTRING
            | kind::BOOL_ERR
            | kind::FORMULA => {
                let look = u16_at(data, 4).filter(|look| struck.contains(look));
                rows.extend(look.and(u16_at(data, 0)));
            }
            kind::MUL_RK => {
                let inner = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                let mut looks = inner.chunks_exact(6).filter_map(|one| u16_at(one, 0));
                if looks.any(|look| struck.contains(&look)) {
                    rows.extend(u16_at(data, 0));
                }
            }
            _ => {}
        }
    }
    found.extend(rows.into_iter().map(|row| (u32::from(row), STRUCK_OUT.to_owned())));
    found
}

/// A shape's text: a mark for the width of its letters, and the letters.
fn text(data: &[u8]) -> String {
    match data.split_first() {
        Some((0, letters)) => letters.iter().map(|letter| char::from(*letter)).collect(),
        Some((_, letters)) => {
            let pairs = letters.chunks_exact(2).filter_map(|pair| u16_at(pair, 0));
            char::decode_utf16(pairs).map(|letter| letter.unwrap_or('\u{fffd}')).collect()
        }
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_and_rows_struck_out() {
        let font = |bits: u8| vec![0, 0, bits, 0];
        let fonts = [font(0), font(0), font(0), font(0), font(8)];
        let xf = |font: u8| vec![font, 0, 0, 0];
        let (plain, out) = (xf(0), xf(5));
        let mut globals: Vec<Raw<'_>> =
            fonts.iter().map(|data| Raw { kind: kind::FONT, data }).collect();
        globals.push(Raw { kind: kind::XF, data: &plain });
        globals.push(Raw { kind: kind::XF, data: &out });
        let struck = struck(&globals);
        assert_eq!(struck, BTreeSet::from([1]));
        let cell = |row: u8, look: u8| vec![row, 0, 0, 0, look, 0, 0, 0, 0, 0];
        let (first, second) = (cell(2, 0), cell(3, 1));
        let sheet = [
            Raw { kind: kind::BOF, data: &[] },
            Raw { kind: kind::RK, data: &first },
            Raw { kind: kind::RK, data: &second },
            Raw { kind: kind::OBJECT, data: &[0x15, 0, 0x12, 0, 0x19, 0, 7, 0] },
            Raw { kind: kind::TEXT_OBJECT, data: &[0; 18] },
            Raw { kind: kind::CONTINUE, data: b"\0nicht zahlen" },
            Raw { kind: kind::NOTE, data: &[5, 0, 1, 0, 0, 0, 7, 0] },
        ];
        let expected = [(5, "nicht zahlen".to_owned()), (3, STRUCK_OUT.to_owned())];
        assert_eq!(remarks(&sheet, true, &struck), expected);
    }
}
