//! Texts of rows that can be shown as they stand, cut from the file without a copy.
//!
//! Cutting a line, decoding its cells and looking at every text again took 0.5 µs a row, most of
//! the writing of a CSV; byte by byte it was 0.1 µs. So sixty-four bytes are looked at together,
//! and one by one only those that end a cell or cannot be shown.

use fearless_simd::Simd;
use fearless_simd::dispatch;

use crate::model::brief::BareBooking;
use crate::model::brief::BareTexts;
use crate::model::brief::BookingText;
use crate::model::brief::Cell;
use crate::model::brief::WantedTexts;
use crate::readers::bits::TOGETHER;
use crate::readers::bits::Together;
use crate::readers::bits::level;
use crate::readers::tables::brief::content::content_place;
use crate::readers::tables::brief::content::trimmed_place;
use crate::readers::tables::columns::Columns;
use crate::readers::tables::field::Field;

/// What can be shown of a list row.
const OF_LIST: [Field; 7] = [
    Field::CaseId,
    Field::EndToEndId,
    Field::FirstName,
    Field::LastName,
    Field::Beneficiary,
    Field::Payee,
    Field::Iban,
];

/// What can be shown of a booking.
const OF_BANK: [Field; 6] = [
    Field::Counterparty,
    Field::Counterparty2,
    Field::Payee,
    Field::Iban,
    Field::EndToEndId,
    Field::Remittance,
];

/// Cells and pieces of so many bytes that are looked at in a tame row.
const MOST_CELLS: usize = 64;
const MOST_PIECES: usize = 16;

/// Whether a bit is set from this place up to that one.
fn are_any(bits: &[u64; MOST_PIECES], start: usize, end: usize) -> bool {
    let Some(last) = end.checked_sub(1).filter(|last| *last >= start) else { return false };
    let (first_piece, last_piece) = (start / TOGETHER, last / TOGETHER);
    let from = u64::MAX << (start % TOGETHER);
    let upto = u64::MAX >> (TOGETHER - 1 - last % TOGETHER);
    let piece = |piece: usize| bits.get(piece).copied().unwrap_or(u64::MAX);
    if first_piece == last_piece {
        return piece(first_piece) & from & upto != 0;
    }
    piece(first_piece) & from != 0
        || piece(last_piece) & upto != 0
        || (first_piece.wrapping_add(1)..last_piece).any(|between| piece(between) != 0)
}

/// Cuts rows of a table.
#[derive(Clone, Debug)]
pub(super) struct Bare<const N: usize> {
    /// For every column up to the last one that is shown, which of the fields it is.
    slots: Vec<Option<usize>>,
    /// The columns that are shown, with their fields.
    shown: Vec<(usize, usize)>,
    /// The last of them is not the last of the row.
    has_delimiter_behind: bool,
    delimiter: u8,
    /// The text is UTF-8, and Latin letters can be shown too.
    is_utf_8: bool,
}

impl<const N: usize> Bare<N> {
    fn new(fields: &[Field; N], columns: &Columns, delimiter: u8, is_utf_8: bool) -> Self {
        let shown = |(number, field): (usize, &Option<Field>)| {
            let first = field.and_then(|field| columns.position(field)) == Some(number);
            fields.iter().position(|own| first && Some(*own) == *field)
        };
        let mut slots: Vec<Option<usize>> = columns.fields.iter().enumerate().map(shown).collect();
        let used = slots.iter().rposition(Option::is_some).map_or(0, |last| last.saturating_add(1));
        slots.truncate(used);
        Self::of_slots(slots, columns.names.len(), delimiter, is_utf_8)
    }

    fn of_slots(slots: Vec<Option<usize>>, width: usize, delimiter: u8, is_utf_8: bool) -> Self {
        let shown = slots.iter().enumerate();
        let shown = shown.filter_map(|(column, slot)| slot.map(|slot| (column, slot))).collect();
        let has_delimiter_behind = slots.len() < width;
        Self { slots, shown, has_delimiter_behind, delimiter, is_utf_8 }
    }

    /// What `texts` makes of the cells of the row that these bytes begin with; those that are not
    /// wanted may be empty.
    #[inline(always)]
    fn any_cells<'a, T>(
        &self,
        from_row: &'a [u8],
        is_tame: bool,
        wanted: [bool; N],
        texts: impl Fn([Cell<'a>; N], bool) -> T,
    ) -> Option<T> {
        let tame = if is_tame && self.has_delimiter_behind {
            dispatch!(level(), simd => {
                let cells = self.tame_cells(simd, from_row, wanted);
                cells.map(|(cells, has_comma)| texts(cells, has_comma))
            })
        } else {
            None
        };
        tame.or_else(|| self.cells(from_row).map(|(cells, has_comma)| texts(cells, has_comma)))
    }

    /// The cells of the tame row that these bytes begin with, cut at every delimiter; `None` if there
    /// is too much to look at.
    #[inline(always)]
    fn tame_cells<'a, S: Simd>(
        &self,
        simd: S,
        from_row: &'a [u8],
        wanted: [bool; N],
    ) -> Option<([Cell<'a>; N], bool)> {
        let is_wanted = |slot: usize| wanted.get(slot) == Some(&true);
        let last = self.shown.iter().rfind(|(_, slot)| is_wanted(*slot));
        let used = last.map_or(0, |(column, _)| column.wrapping_add(1));
        let mut ends = [0_u16; MOST_CELLS + TOGETHER];
        let mut commas = [0_u64; MOST_PIECES];
        let mut count = 0;
        let mut from = 0_u16;
        let (pieces, _) = from_row.as_chunks::<TOGETHER>();
        for (piece, commas) in pieces.iter().zip(&mut commas) {
            let piece = Together::new(simd, piece);
            let mut delimiters = piece.equal(self.delimiter);
            *commas = piece.equal(b',');
            while delimiters != 0 {
                let place = u16::try_from(delimiters.trailing_zeros()).ok()?;
                *ends.get_mut(count)? = from.wrapping_add(place);
                count = count.wrapping_add(1);
                delimiters &= delimiters.wrapping_sub(1);
            }
            if count >= used {
                break;
            }
            from = from.checked_add(64)?;
        }
        if count < used || count > MOST_CELLS {
            return None;
        }
        let mut found = [Cell::default(); N];
        let mut has_comma = false;
        for (column, slot) in self.shown.iter().filter(|(_, slot)| is_wanted(*slot)) {
            let place = |column: usize| ends.get(column).copied().map(usize::from);
            let end = place(*column)?;
            let start = match column.checked_sub(1) {
                Some(before) => place(before)?.wrapping_add(1),
                None => 0,
            };
            *found.get_mut(*slot)? = Cell::new(from_row, content_place(from_row, start..end))?;
            has_comma |= are_any(&commas, start, end);
        }
        Some((found, has_comma))
    }

    /// The cells of the row that these bytes begin with; `None` if one of them cannot be shown as
    /// it stands, or if the end of the row is not there. And whether one may hold a comma.
    fn cells<'a>(&self, from_row: &'a [u8]) -> Option<([Cell<'a>; N], bool)> {
        let mut found = [Cell::default(); N];
        let mut has_comma = false;
        let mut marks = Marks::new(from_row, self.delimiter, self.is_utf_8);
        let mut start = 0_usize;
        for slot in &self.slots {
            let (mut end, mut mark) = marks.next()?;
            let is_quoted = mark == b'"' && end == start;
            if is_quoted {
                start = start.checked_add(1)?;
                (end, mark) = marks.next()?;
            }
            // What cannot be shown matters only where it would be.
            while mark != b'"' && (is_quoted || mark != self.delimiter) {
                if mark == b'\n' || mark == b'\r' {
                    break;
                }
                let is_text = mark == b',' || (mark == self.delimiter && mark != b'\t');
                if slot.is_some() && !is_text {
                    return None;
                }
                has_comma |= slot.is_some();
                (end, mark) = marks.next()?;
            }
            if let Some(slot) = slot.and_then(|slot| found.get_mut(slot)) {
                *slot = Cell::new(from_row, trimmed_place(from_row, start..end))?;
            }
            if is_quoted {
                let behind = end.checked_add(1)?;
                if mark != b'"' {
                    return None;
                }
                (end, mark) = marks.next()?;
                if end != behind {
                    return None;
                }
            }
            if mark != self.delimiter {
                let is_end = mark == b'\n'
                    || (mark == b'\r' && from_row.get(end.checked_add(1)?) == Some(&b'\n'));
                return is_end.then_some((found, has_comma));
            }
            start = end.checked_add(1)?;
        }
        Some((found, has_comma))
    }
}

impl Bare<7> {
    pub(super) fn of_list(columns: &Columns, delimiter: u8, is_utf_8: bool) -> Self {
        Self::new(&OF_LIST, columns, delimiter, is_utf_8)
    }

    /// The texts of a list row.
    pub(super) fn list_row<'a>(&self, from_row: &'a [u8], is_tame: bool) -> Option<BareTexts<'a>> {
        self.any_cells(from_row, is_tame, [true; 7], |cells, has_comma| {
            let [case_id, end_to_end_id, first, last, beneficiary, payee, iban] = cells;
            let beneficiary = [first, if last.is_empty() { beneficiary } else { last }];
            BareTexts { case_id, end_to_end_id, beneficiary, payee, iban, has_comma }
        })
    }
}

impl Bare<6> {
    pub(super) fn of_bank(columns: &Columns, delimiter: u8, is_utf_8: bool) -> Self {
        Self::new(&OF_BANK, columns, delimiter, is_utf_8)
    }

    /// The texts of a booking.
    pub(super) fn booking<'a>(
        &self,
        from_row: &'a [u8],
        is_tame: bool,
        wanted: WantedTexts,
    ) -> Option<BareBooking<'a>> {
        let name = wanted.has(BookingText::Counterparty);
        let others = [BookingText::Iban, BookingText::EndToEndId, BookingText::Remittance];
        let [iban, id, text] = others.map(|text| wanted.has(text));
        self.any_cells(from_row, is_tame, [name, name, name, iban, id, text], |cells, has_comma| {
            let [first, second, payee, iban, end_to_end_id, remittance] = cells;
            let none = Cell::default();
            let second = if second.bytes() == b"." { none } else { second };
            let nobody = first.is_empty() && second.is_empty();
            let counterparty = if nobody { [payee, none] } else { [first, second] };
            BareBooking { counterparty, iban, end_to_end_id, remittance, has_comma }
        })
    }
}

/// The bytes that end a cell or cannot be shown just so: delimiters, quotation marks, commas, control
/// characters, and all that is not ASCII but for the letters U+00C0 to U+017F in UTF-8.
#[derive(Debug)]
struct Marks<'a> {
    bytes: &'a [u8],
    /// Behind the bytes that are looked at.
    behind: usize,
    /// A bit for each of them that is a mark.
    bits: u64,
    delimiter: u8,
    is_utf_8: bool,
}

impl<'a> Marks<'a> {
    fn new(bytes: &'a [u8], delimiter: u8, is_utf_8: bool) -> Self {
        Self { bytes, behind: 0, bits: 0, delimiter, is_utf_8 }
    }

    /// The next mark and where it stands.
    #[inline]
    fn next(&mut self) -> Option<(usize, u8)> {
        while self.bits == 0 {
            let rest = self.bytes.get(self.behind..)?;
            self.bits = if let Some(whole) = rest.first_chunk::<TOGETHER>() {
                self.look(whole)
            } else if rest.is_empty() {
                return None;
            } else {
                let mut padded = [b' '; TOGETHER];
                padded.get_mut(..rest.len())?.copy_from_slice(rest);
                self.look(&padded)
            };
            self.behind = self.behind.checked_add(TOGETHER)?;
        }
        let place = usize::try_from(self.bits.trailing_zeros()).ok()?;
        self.bits &= self.bits.wrapping_sub(1);
        let place = self.behind.checked_add(place)?.checked_sub(TOGETHER)?;
        Some((place, *self.bytes.get(place)?))
    }

    fn look(&self, bytes: &[u8; TOGETHER]) -> u64 {
        dispatch!(level(), simd => {
            let bytes = Together::new(simd, bytes);
            let mut shown = bytes.among(b' ', b'~');
            if self.is_utf_8 {
                // What follows a first byte, and the first bytes of U+00C0 to U+017F.
                shown |= bytes.among(0x80, 0xbf) | bytes.among(0xc3, 0xc5);
            }
            !shown | bytes.equal(b'"') | bytes.equal(self.delimiter) | bytes.equal(b',')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::harmless;

    fn bare(delimiter: u8, is_utf_8: bool) -> Bare<7> {
        let slots = vec![Some(0), None, Some(4), Some(6)];
        Bare::of_slots(slots, 5, delimiter, is_utf_8)
    }

    #[test]
    fn what_is_shown_is_harmless() {
        for c in ('\0'..=char::MAX).filter(|c| !matches!(c, '\n' | '\r' | ';' | '"')) {
            let line = format!("a;b;x{c}x;d;\n");
            if let Some((cells, has_comma)) = bare(b';', true).cells(line.as_bytes()) {
                let text = std::str::from_utf8(cells[4].bytes()).unwrap();
                assert_eq!((harmless(text).as_str(), text), (text, format!("x{c}x").as_str()));
                assert!(!c.is_whitespace() || c == ' ', "{c:?}");
                assert_eq!(has_comma, c == ',');
            } else {
                assert!(!c.is_ascii_alphanumeric() && !('À'..='ſ').contains(&c), "{c:?}");
            }
            assert_eq!(
                bare(b';', false).cells(line.as_bytes()).is_some(),
                (' '..='~').contains(&c)
            );
        }
    }

    #[test]
    fn tame_rows_are_cut_as_others_are() {
        let long = "x".repeat(400);
        for line in [
            "a;b;c;d;e\nf",
            "a;b;c, c;d;e\r\nx;y;z;;;;;;;",
            "1,00;b;c;d, e;f\n",
            "\"a\";\"b,b\";\"c\";\"d\";\"e\"\n",
            " a ;b; \u{e4}c ;\" d \";\n",
            ";;;;\n",
            "\"\";\"\";\"\";\"\";\"\";\"\"\n",
            &format!("{long};{long};{long},;{long};\n"),
            &format!("a;b;{long},{long};c;\n"),
        ] {
            // What is behind the row is looked at too.
            let text = format!("{line}{}", ";,;\u{fc}\n".repeat(40));
            let own = bare(b';', true);
            let text = text.as_bytes();
            let cut =
                |wanted: [bool; 7]| dispatch!(level(), simd => own.tame_cells(simd, text, wanted));
            let tame = cut([true; 7]);
            let fits = line.len() < MOST_PIECES * TOGETHER;
            assert_eq!(tame.is_some(), fits, "{line}");
            let general = own.cells(text).unwrap();
            let tame = tame.unwrap_or(general);
            assert_eq!(tame.0, general.0, "{line}");
            // A comma may be seen where none is, never the other way round.
            let has_comma = tame.0.iter().any(|cell| cell.bytes().contains(&b','));
            assert!(tame.1 || !has_comma, "{line}");
            for wanted in 0..7 {
                let only: [bool; 7] = std::array::from_fn(|slot| slot == wanted);
                let (mut cells, has_comma) = cut(only).unwrap_or(general);
                assert_eq!(cells[wanted], general.0[wanted], "{line}");
                assert!(has_comma || !cells[wanted].bytes().contains(&b','), "{line}");
                cells[wanted] = Cell::default();
                assert!(!fits || cells.iter().all(|cell| cell.is_empty()), "{line}");
            }
        }
        // The last column of a row has no delimiter behind it.
        let whole = Bare::<7>::of_slots(vec![Some(0), None, Some(4)], 3, b';', true);
        let cells = whole.any_cells(b"a;b;c\nd;e;f\n", true, [true; 7], |cells, _| cells).unwrap();
        assert_eq!((cells[0].bytes(), cells[4].bytes()), (&b"a"[..], &b"c"[..]));
    }

    #[test]
    fn commas_are_seen_where_they_are() {
        let mut bits = [0_u64; MOST_PIECES];
        bits[1] = 1 << 5;
        bits[3] = 1 | 1 << 63;
        for (start, end, expected) in [
            (0, 0, false),
            (0, 69, false),
            (0, 70, true),
            (69, 70, true),
            (70, 192, false),
            (70, 193, true),
            (193, 255, false),
            (193, 256, true),
            (70, 1024, true),
            (1023, 1024, false),
            (1023, 1025, true),
        ] {
            assert_eq!(are_any(&bits, start, end), expected, "{start} {end}");
        }
    }

    #[test]
    fn rows_are_cut_at_their_delimiters() {
        let long = "x".repeat(200);
        for (line, expected) in [
            ("a;b;c;d\n", Some(["a", "c", "d"])),
            ("a;b;c;d;e\nf", Some(["a", "c", "d"])),
            ("a;b;c;d\r\nx", Some(["a", "c", "d"])),
            (" a ;b; c;d ;", Some(["a", "c", "d"])),
            ("a;b;c\nd;e", Some(["a", "c", ""])),
            ("\"a\";\"b;\t\";\"c;c\";\"d\"\n", Some(["a", "c;c", "d"])),
            ("a;\u{202e};c, c;d;", Some(["a", "c, c", "d"])),
            (";;;;", Some(["", "", ""])),
            ("\"\";\"\";\"\";\"\"\n", Some(["", "", ""])),
            (&format!("{long};{long};{long};{long};"), Some([&long, &long, &long])),
            ("a;b;c;d", None),
            ("a;b;c;d\r", None),
            ("a;b;c;d\re", None),
            ("a;b;c;\"d\"", None),
            ("a;b;c;\"d", None),
            ("a;b;c\"c;d;", None),
            ("a;b\"\";c;d;", None),
            ("\"a\"\"a\";b;c;d;", None),
            ("\"a\"a;b;c;d;", None),
            ("\"a\n\";b;c;d;", None),
            ("a;b;c\t;d;", None),
            ("a;b;\"c\t\";d;", None),
            ("a;b;\u{80};d;", None),
        ] {
            let cells = bare(b';', true).cells(line.as_bytes());
            let cells = cells.map(|(own, _)| [own[0], own[4], own[6]]);
            let cells = cells.map(|own| own.map(|cell| std::str::from_utf8(cell.bytes()).unwrap()));
            assert_eq!(cells, expected, "{line}");
        }
        let row = |line: &'static str| bare(b'\t', true).cells(line.as_bytes());
        assert_eq!(row("a\tb\tc;c\td\n").unwrap().0[4].bytes(), b"c;c");
        assert!(row("a\tb\t\"c\tc\"\td\n").is_none());
    }
}
