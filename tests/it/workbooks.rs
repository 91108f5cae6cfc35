//! Small workbooks of the three kinds, written as plainly as the formats allow: seeds for damage.

use std::fmt::Write as _;
use std::io::Cursor;
use std::io::Write;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A kind of workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Xls,
    Xlsx,
    Ods,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Xls, Self::Xlsx, Self::Ods];

    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Xls => "xls",
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
        }
    }
}

/// Rows of texts.
pub(crate) type Table = Vec<Vec<String>>;

/// A workbook with one sheet. Amounts in German writing become numbers, as a spreadsheet keeps them.
pub(crate) fn workbook(kind: Kind, table: &Table) -> Vec<u8> {
    match kind {
        Kind::Xls => xls(table),
        Kind::Xlsx => xlsx(table),
        Kind::Ods => ods(table),
    }
}

/// A CSV file as a table; a file without UTF-8 is one of Windows.
pub(crate) fn table(bytes: &[u8]) -> Table {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    };
    let count = |sign: char| text.lines().next().unwrap_or_default().matches(sign).count();
    let delimiter = if count(';') > count(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// An amount such as `-1.234,56`.
#[expect(clippy::disallowed_types, reason = "spreadsheets keep binary numbers")]
fn number(text: &str) -> Option<f64> {
    let (whole, cents) = text.rsplit_once(',')?;
    let digits = whole.trim_start_matches('-').replace('.', "");
    let fits = cents.len() == 2 && !digits.is_empty();
    let digits_only = digits.chars().chain(cents.chars()).all(|c| c.is_ascii_digit());
    let sign = if whole.starts_with('-') { "-" } else { "" };
    (fits && digits_only).then(|| format!("{sign}{digits}.{cents}").parse().unwrap())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn xlsx(table: &Table) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let mut texts = String::new();
    let mut count = 0;
    let mut rows = String::new();
    for (line, row) in (1..).zip(table) {
        write!(rows, "<row r=\"{line}\">").unwrap();
        for (column, cell) in row.iter().enumerate() {
            let mut name = String::new();
            let (high, low) = (column / 26, column % 26);
            if high > 0 {
                name.push(char::from(b'A' + u8::try_from(high - 1).unwrap()));
            }
            name.push(char::from(b'A' + u8::try_from(low).unwrap()));
            if let Some(value) = number(cell) {
                write!(rows, "<c r=\"{name}{line}\"><v>{value}</v></c>").unwrap();
            } else {
                write!(texts, "<si><t>{}</t></si>", escaped(cell)).unwrap();
                write!(rows, "<c r=\"{name}{line}\" t=\"s\"><v>{count}</v></c>").unwrap();
                count += 1;
            }
        }
        rows += "</row>";
    }
    let relation = |target: &str, kind: &str, number: usize| {
        format!("<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    archive(&[
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\">{}</Relationships>",
                relation("xl/workbook.xml", "officeDocument", 1)
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"Liste\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\">{}{}</Relationships>",
                relation("worksheets/sheet1.xml", "worksheet", 1),
                relation("sharedStrings.xml", "sharedStrings", 2)
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
        (
            "xl/sharedStrings.xml",
            format!(
                "<sst xmlns=\"{MAIN}\" count=\"{count}\" uniqueCount=\"{count}\">{texts}</sst>"
            ),
        ),
    ])
}

fn ods(table: &Table) -> Vec<u8> {
    const NAMES: &str = "urn:oasis:names:tc:opendocument:xmlns";
    let cell = |cell: &String| match number(cell) {
        Some(value) => format!(
            "<table:table-cell office:value-type=\"float\" office:value=\"{value}\"><text:p>{cell}</text:p></table:table-cell>"
        ),
        None if cell.is_empty() => "<table:table-cell/>".to_owned(),
        None => format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
            escaped(cell)
        ),
    };
    let row = |row: &Vec<String>| {
        let cells: String = row.iter().map(cell).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let rows: String = table.iter().map(row).collect();
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        (
            "content.xml",
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content xmlns:office=\"{NAMES}:office:1.0\" xmlns:table=\"{NAMES}:table:1.0\" xmlns:text=\"{NAMES}:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"Liste\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ])
}

/// A record of a binary workbook.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// Bytes of several numbers of two bytes.
fn words(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn begin(kind: u16) -> Vec<u8> {
    record(0x0809, &words(&[0x0600, kind, 0x0DBB, 0x07CC, 0, 0, 0, 0]))
}

const END: u16 = 0x000A;

/// Shared texts, in records of 8,000 bytes; no text goes over an end.
fn shared(texts: &[String]) -> Vec<u8> {
    let count = u32::try_from(texts.len()).unwrap().to_le_bytes();
    let mut parts = vec![[count, count].concat()];
    for text in texts {
        let letters: Vec<u16> = text.encode_utf16().collect();
        let length = u16::try_from(letters.len()).unwrap();
        let one = [&length.to_le_bytes()[..], &[1], &words(&letters)].concat();
        match parts.last_mut() {
            Some(last) if last.len() + one.len() <= 8000 => last.extend(one),
            _ => parts.push(one),
        }
    }
    let kinds = std::iter::once(0x00FC).chain(std::iter::repeat(0x003C));
    kinds.zip(&parts).flat_map(|(kind, part)| record(kind, part)).collect()
}

fn xls(table: &Table) -> Vec<u8> {
    let mut texts = Vec::new();
    let mut cells = Vec::new();
    let widest = table.iter().map(Vec::len).max().unwrap_or(0);
    let (rows, columns) = (u16::try_from(table.len()).unwrap(), u16::try_from(widest).unwrap());
    for (row, line) in (0..).zip(table) {
        let width = u16::try_from(line.len()).unwrap();
        cells.extend(record(0x0208, &words(&[row, 0, width, 255, 0, 0, 0x0100, 15])));
        for (column, text) in (0..).zip(line) {
            let place = words(&[row, column, 0]);
            if let Some(value) = number(text) {
                cells.extend(record(0x0203, &[&place[..], &value.to_le_bytes()].concat()));
            } else {
                let number = u32::try_from(texts.len()).unwrap();
                texts.push(text.clone());
                cells.extend(record(0x00FD, &[&place[..], &number.to_le_bytes()].concat()));
            }
        }
    }
    let dimensions = words(&[0, 0, rows, 0, 0, columns, 0]);
    let sheet = [begin(0x0010), record(0x0200, &dimensions), cells, record(END, &[])].concat();
    let globals = |begins: u32| {
        let bound = [&begins.to_le_bytes()[..], &[0, 0, 5, 0], b"Liste"].concat();
        [
            begin(0x0005),
            record(0x00E0, &[0; 20]),
            record(0x0085, &bound),
            shared(&texts),
            record(END, &[]),
        ]
        .concat()
    };
    let length = u32::try_from(globals(0).len()).unwrap();
    let mut stream = [globals(length), sheet].concat();
    // Shorter streams lie in small sectors.
    stream.resize(stream.len().max(4096), 0);
    compound(&stream)
}

/// The file around a binary workbook: tables of sectors, the directory, the stream.
fn compound(stream: &[u8]) -> Vec<u8> {
    const FREE: u32 = 0xFFFF_FFFF;
    const LAST: u32 = 0xFFFF_FFFE;
    let sectors = u32::try_from(stream.len().div_ceil(512)).unwrap();
    let tables = (1..1000).find(|tables| tables + 1 + sectors <= tables * 128).unwrap();
    let mut next = vec![0xFFFF_FFFD; usize::try_from(tables).unwrap()];
    next.push(LAST);
    next.extend((1..sectors).map(|number| tables + 1 + number));
    next.push(LAST);
    next.resize(usize::try_from(tables * 128).unwrap(), FREE);
    let mut file = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    file.resize(24, 0);
    file.extend(words(&[0x003E, 3, 0xFFFE, 9, 6, 0, 0, 0]));
    for number in [0, tables, tables, 0, 4096, LAST, 0, LAST, 0] {
        file.extend(number.to_le_bytes());
    }
    for number in 0..109 {
        file.extend((if number < tables { number } else { FREE }).to_le_bytes());
    }
    for number in next {
        file.extend(number.to_le_bytes());
    }
    let entry = |name: &str, kind: u8, child: u32, start: u32, length: u32| {
        let mut entry: Vec<u8> = words(&name.encode_utf16().collect::<Vec<_>>());
        entry.resize(64, 0);
        entry.extend(u16::try_from(name.len() * 2 + 2).unwrap().to_le_bytes());
        entry.extend([kind, 1]);
        for number in [FREE, FREE, child] {
            entry.extend(number.to_le_bytes());
        }
        entry.resize(116, 0);
        for number in [start, length, 0] {
            entry.extend(number.to_le_bytes());
        }
        entry
    };
    file.extend(entry("Root Entry", 5, 1, LAST, 0));
    let length = u32::try_from(stream.len()).unwrap();
    file.extend(entry("Workbook", 2, FREE, tables + 1, length));
    file.resize(file.len() + 256, 0);
    file.extend(stream);
    file.resize(file.len().next_multiple_of(512), 0);
    file
}
