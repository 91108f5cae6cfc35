//! A workbook (Office Open XML, ECMA-376) written as a stream: no cell is kept, nothing but the output is
//! touched, and the same sheets give the same bytes. Text is only ever text, so that no formula can stand
//! in it; amounts and days are exact numbers.

use std::io;
use std::io::BufWriter;
use std::io::Write;

use chrono::NaiveDate;
use zip::CompressionMethod;
use zip::DateTime;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;
use zip::write::StreamWriter;

use crate::model::amount::Amount;

/// A cell.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Text(String),
    Money(Option<Amount>),
    Day(Option<NaiveDate>),
    Count(u64),
}

/// What a sheet is called and looks like.
#[derive(Clone, Debug)]
pub(crate) struct Layout<'a> {
    pub(crate) name: &'a str,
    /// The columns with their names and widths (characters).
    pub(crate) columns: &'a [(&'a str, u16)],
    /// The names can be used to filter the rows.
    pub(crate) has_filter: bool,
}

/// A sheet has no more rows than that.
const MOST_ROWS: u32 = 1_048_576;

/// A cell has no more units of UTF-16 than that.
const LONGEST: usize = 32_767;

/// Number formats of `STYLES`.
const BOLD: &str = "1";
const MONEY: &str = "2";
const DAY: &str = "3";

const STYLES: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
    <numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>\
    <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
    <font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
    <fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
    <cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
    <xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>\
    <xf numFmtId=\"4\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>\
    <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>";

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

type Zip<'a> = ZipWriter<StreamWriter<&'a mut dyn Write>>;

/// A workbook on its way out.
pub(crate) struct Workbook<'a> {
    zip: Zip<'a>,
    /// The names of the sheets so far.
    sheets: Vec<String>,
}

impl<'a> Workbook<'a> {
    pub(crate) fn new(out: &'a mut dyn Write) -> Self {
        Self { zip: ZipWriter::new_stream(out), sheets: Vec::new() }
    }

    /// A sheet with these rows below its header; what does not fit on one goes on to further ones.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub(crate) fn sheet(
        &mut self,
        layout: &Layout<'_>,
        rows: impl Iterator<Item = Vec<Cell>>,
    ) -> io::Result<()> {
        let mut rows = rows.peekable();
        let mut number = 1_u32;
        while number == 1 || rows.peek().is_some() {
            let name = match number {
                1 => layout.name.to_owned(),
                more => format!("{} ({more})", layout.name),
            };
            self.sheets.push(name);
            let path = format!("xl/worksheets/sheet{}.xml", self.sheets.len());
            self.part(&path, |out| write_sheet(layout, &mut rows, out))?;
            number = number.saturating_add(1);
        }
        Ok(())
    }

    /// Ends the workbook.
    ///
    /// # Errors
    ///
    /// What the output gives.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let sheets = std::mem::take(&mut self.sheets);
        let numbered = || (1_usize..).zip(&sheets);
        self.part("xl/styles.xml", |out| write!(out, "{HEAD}{STYLES}"))?;
        self.part("xl/workbook.xml", |out| {
            write!(out, "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>")?;
            for (number, name) in numbered() {
                let name = escaped(name);
                write!(out, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>")?;
            }
            // The header stands on every printed page.
            write!(out, "</sheets><definedNames>")?;
            for (number, name) in numbered() {
                let place = number.saturating_sub(1);
                let name = escaped(&name.replace('\'', "''"));
                write!(
                    out,
                    "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{place}\">'{name}'!$1:$1</definedName>"
                )?;
            }
            write!(out, "</definedNames></workbook>")
        })?;
        self.part("xl/_rels/workbook.xml.rels", |out| {
            write!(out, "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">")?;
            for (number, _) in numbered() {
                write!(
                    out,
                    "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
                )?;
            }
            let styles = sheets.len().saturating_add(1);
            write!(
                out,
                "<Relationship Id=\"rId{styles}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
            )
        })?;
        self.part("_rels/.rels", |out| {
            write!(
                out,
                "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            )
        })?;
        self.part("[Content_Types].xml", |out| {
            const SHEETS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
            write!(
                out,
                "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{SHEETS}.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{SHEETS}.styles+xml\"/>"
            )?;
            for (number, _) in numbered() {
                write!(
                    out,
                    "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{SHEETS}.worksheet+xml\"/>"
                )?;
            }
            write!(out, "</Types>")
        })?;
        self.zip.finish().map(|_| ()).map_err(io::Error::from)
    }

    /// A file of the archive. All have the day that archives begin to count with.
    fn part(
        &mut self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        self.zip.start_file(path, options).map_err(io::Error::from)?;
        let mut out = BufWriter::with_capacity(1 << 16, &mut self.zip);
        write(&mut out)?;
        out.flush()
    }
}

fn write_sheet(
    layout: &Layout<'_>,
    rows: &mut dyn Iterator<Item = Vec<Cell>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(
        out,
        "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"
    )?;
    for (number, (_, width)) in (1_u32..).zip(layout.columns) {
        write!(
            out,
            "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
        )?;
    }
    write!(out, "</cols><sheetData>")?;
    let names = layout.columns.iter().map(|(name, _)| Cell::Text((*name).to_owned())).collect();
    write_row(1, names, Some(BOLD), out)?;
    let mut line = 1_u32;
    while line < MOST_ROWS {
        let Some(row) = rows.next() else { break };
        line = line.saturating_add(1);
        write_row(line, row, None, out)?;
    }
    write!(out, "</sheetData>")?;
    if layout.has_filter {
        let last = column_name(layout.columns.len().saturating_sub(1));
        write!(out, "<autoFilter ref=\"A1:{last}{}\"/>", line.max(2))?;
    }
    // A4, across, as wide as the page and as long as it takes.
    write!(
        out,
        "<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToWidth=\"1\" fitToHeight=\"0\"/></worksheet>"
    )
}

fn write_row(
    line: u32,
    row: Vec<Cell>,
    style: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "<row r=\"{line}\">")?;
    for (column, cell) in row.into_iter().enumerate() {
        let place = column_name(column);
        let number = |style: &str, value: &dyn std::fmt::Display, out: &mut dyn Write| {
            write!(out, "<c r=\"{place}{line}\" s=\"{style}\"><v>{value}</v></c>")
        };
        match cell {
            Cell::Text(text) if text.is_empty() => {}
            Cell::Text(text) => {
                let style = style.unwrap_or("0");
                write!(
                    out,
                    "<c r=\"{place}{line}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    escaped(&fitting(&text))
                )?;
            }
            Cell::Money(Some(amount)) => number(MONEY, &amount, out)?,
            Cell::Count(count) => number("0", &count, out)?,
            Cell::Day(Some(day)) => match serial(day) {
                Some(days) => number(DAY, &days, out)?,
                None => number("0", &"", out)?,
            },
            Cell::Money(None) | Cell::Day(None) => {}
        }
    }
    write!(out, "</row>")
}

/// A day as spreadsheets count it; none before they begin to be sure.
fn serial(day: NaiveDate) -> Option<i64> {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = day.signed_duration_since(first).num_days();
    // 1 March 1900: before it one day too many is counted.
    (days >= 61).then_some(days)
}

/// `A`, `B` … `Z`, `AA` …
fn column_name(column: usize) -> String {
    let letter = |place: usize| {
        let byte = u8::try_from(place % 26).unwrap_or(0).saturating_add(b'A');
        char::from(byte)
    };
    match column / 26 {
        0 => letter(column).to_string(),
        more => [letter(more.saturating_sub(1)), letter(column)].iter().collect(),
    }
}

/// As much of a text as a cell holds.
fn fitting(text: &str) -> String {
    let mut units = 0_usize;
    text.chars()
        .take_while(|c| {
            units = units.saturating_add(c.len_utf16());
            units <= LONGEST
        })
        .collect()
}

/// A text as XML has it: no markup, no character that XML does not know, and no `_x0041_`, which
/// spreadsheets take for the letter of that number.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (place, c) in text.char_indices() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '_' if is_code(text.get(place..).unwrap_or_default()) => safe.push_str("_x005F_"),
            '\t' | '\n' => safe.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

fn is_code(text: &str) -> bool {
    matches!(text.as_bytes(), [b'_', b'x', a, b, c, d, b'_', ..]
        if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::Data;
    use calamine::Reader;
    use calamine::Xlsx;

    use super::*;

    fn book(rows: &[Vec<Cell>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut book = Workbook::new(&mut bytes);
        let columns = [("name", 20), ("amount", 10), ("day", 10), ("count", 8)];
        let layout = Layout { name: "A & 'B'", columns: &columns, has_filter: true };
        book.sheet(&layout, rows.iter().cloned()).unwrap();
        book.finish().unwrap();
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        let text = "=1+1 <b> \"&' _x0041_ \u{fffe} ä";
        let row = vec![
            Cell::Text(text.to_owned()),
            Cell::Money(Some(Amount::from_cents(-123_450))),
            Cell::Day(NaiveDate::from_ymd_opt(2023, 11, 30)),
            Cell::Count(7),
        ];
        let bytes = book(&[row.clone(), Vec::new(), row]);
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(read.sheet_names(), ["A & 'B'"]);
        let range = read.worksheet_range("A & 'B'").unwrap();
        assert_eq!(range.get_value((0, 1)), Some(&Data::String("amount".to_owned())));
        let Some(Data::String(own)) = range.get_value((3, 0)) else { panic!("no text") };
        assert_eq!(own.replace("_x005F_", "_"), text.replace('\u{fffe}', "\u{fffd}"));
        assert_eq!(range.get_value((1, 1)).unwrap().to_string(), "-1234.5");
        let Some(Data::DateTime(day)) = range.get_value((1, 2)) else { panic!("no day") };
        assert_eq!(day.to_ymd_hms_milli().0, 2023);
        assert_eq!(range.get_value((1, 3)).unwrap().to_string(), "7");
    }

    #[test]
    fn the_same_sheets_are_the_same_bytes() {
        let row = vec![Cell::Text("x".to_owned())];
        assert_eq!(book(std::slice::from_ref(&row)), book(std::slice::from_ref(&row)));
    }

    #[test]
    fn places_and_texts_are_what_spreadsheets_expect() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA")] {
            assert_eq!(column_name(column), name);
        }
        assert_eq!(fitting(&"𝄞".repeat(20_000)).chars().count(), 16_383);
        assert_eq!(serial(NaiveDate::from_ymd_opt(2023, 11, 30).unwrap()), Some(45_260));
        assert_eq!(serial(NaiveDate::from_ymd_opt(1, 1, 1).unwrap()), None);
    }
}
