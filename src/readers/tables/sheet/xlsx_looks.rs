//! What stands beside the cells of a newer workbook: remarks, and rows that somebody struck out. Neither is
//! a value of a cell, and both may say that a row does not count.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::readers::tables::sheet::archive;
use crate::readers::tables::sheet::grid::STRUCK_OUT;
use crate::readers::tables::sheet::trouble::Trouble;

/// Remarks of a sheet: the number of the row, from 1, and the text.
pub(super) type Remarks = Vec<(u32, String)>;

/// The remarks of all sheets that have some, by the name of the sheet.
pub(super) fn read(bytes: &[u8]) -> Result<BTreeMap<String, Remarks>, Trouble> {
    let mut all = BTreeMap::new();
    // What has another shape than usual has no sheets that could be found by these names.
    let Some(book) = archive::text_if_any(bytes, "xl/workbook.xml")? else { return Ok(all) };
    let targets = targets(bytes, "xl/_rels/workbook.xml.rels", "xl/")?;
    let mut sheets: Vec<(String, String)> = Vec::new();
    each(&book, &mut |seen| {
        if let Seen::Start("sheet", tag) = seen {
            if let (Some(name), Some(id)) = (value(tag, "name"), value(tag, "id")) {
                sheets.push((name, id));
            }
        }
    })?;
    let struck = match archive::text_if_any(bytes, "xl/styles.xml")? {
        Some(styles) if styles.contains("strike") => struck_styles(&styles)?,
        _ => BTreeSet::new(),
    };
    for (name, id) in sheets {
        let Some((_, path)) = targets.get(&id) else { continue };
        let mut remarks = comments(bytes, path)?;
        if !struck.is_empty() {
            if let Some(sheet) = archive::text_if_any(bytes, path)? {
                let rows = struck_rows(&sheet, &struck)?;
                remarks.extend(rows.into_iter().map(|row| (row, STRUCK_OUT.to_owned())));
            }
        }
        if !remarks.is_empty() {
            all.insert(name, remarks);
        }
    }
    Ok(all)
}

/// Where parts lie that another part names, by its numbers for them, with their kinds.
fn targets(
    bytes: &[u8],
    relations: &str,
    folder: &str,
) -> Result<BTreeMap<String, (String, String)>, Trouble> {
    let mut targets = BTreeMap::new();
    let Some(text) = archive::text_if_any(bytes, relations)? else { return Ok(targets) };
    each(&text, &mut |seen| {
        if let Seen::Start("Relationship", tag) = seen {
            if let (Some(id), Some(target)) = (value(tag, "Id"), value(tag, "Target")) {
                let kind = value(tag, "Type").unwrap_or_default();
                targets.insert(id, (kind, path_of(folder, &target)));
            }
        }
    })?;
    Ok(targets)
}

/// `../comments1.xml` seen from `xl/worksheets/` is `xl/comments1.xml`.
fn path_of(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The remarks that stand beside the cells of a sheet.
fn comments(bytes: &[u8], sheet: &str) -> Result<Remarks, Trouble> {
    let (folder, file) = sheet.rsplit_once('/').unwrap_or(("", sheet));
    let relations = format!("{folder}/_rels/{file}.rels");
    let mut remarks = Remarks::new();
    for (kind, path) in targets(bytes, &relations, folder)?.into_values() {
        if !kind.ends_with("/comments") {
            continue;
        }
        let Some(text) = archive::text_if_any(bytes, &path)? else { continue };
        let (mut row, mut is_text) = (None, false);
        each(&text, &mut |seen| match seen {
            Seen::Start("comment", tag) => {
                row = value(tag, "ref").and_then(|place| row_of(&place));
                if let Some(row) = row {
                    remarks.push((row, String::new()));
                }
            }
            Seen::Start("t", _) => is_text = true,
            Seen::End("t") => is_text = false,
            Seen::Text(text) if is_text && row.is_some() => {
                if let Some((_, remark)) = remarks.last_mut() {
                    remark.push_str(text);
                }
            }
            _ => {}
        })?;
    }
    remarks.retain(|(_, text)| !text.trim().is_empty());
    Ok(remarks)
}

/// The row of `E12`.
fn row_of(place: &str) -> Option<u32> {
    place.trim_start_matches(|sign: char| !sign.is_ascii_digit()).parse().ok()
}

/// The numbers of looks by which a cell is struck out.
fn struck_styles(styles: &str) -> Result<BTreeSet<u32>, Trouble> {
    let mut fonts = BTreeSet::new();
    let mut looks = BTreeSet::new();
    let (mut font, mut look) = (0_u32, 0_u32);
    let mut section = String::new();
    each(styles, &mut |seen| match seen {
        Seen::Start(name @ ("fonts" | "cellXfs" | "cellStyleXfs" | "dxfs"), _) => {
            name.clone_into(&mut section);
        }
        Seen::End("fonts" | "cellXfs" | "cellStyleXfs" | "dxfs") => section.clear(),
        Seen::End("font") if section == "fonts" => font = font.saturating_add(1),
        Seen::Start("strike", tag) if section == "fonts" => {
            let off = value(tag, "val").is_some_and(|text| matches!(text.as_str(), "0" | "false"));
            if !off {
                fonts.insert(font);
            }
        }
        Seen::Start("xf", tag) if section == "cellXfs" => {
            let own = value(tag, "fontId").and_then(|text| text.parse().ok());
            if own.is_some_and(|own: u32| fonts.contains(&own)) {
                looks.insert(look);
            }
            look = look.saturating_add(1);
        }
        _ => {}
    })?;
    Ok(looks)
}

/// Rows with a filled cell that is struck out.
fn struck_rows(sheet: &str, struck: &BTreeSet<u32>) -> Result<BTreeSet<u32>, Trouble> {
    let mut rows = BTreeSet::new();
    let (mut row, mut is_struck) = (0_u32, false);
    each(sheet, &mut |seen| match seen {
        Seen::Start("row", tag) => {
            let stated = value(tag, "r").and_then(|text| text.parse().ok());
            row = stated.unwrap_or(row.saturating_add(1));
        }
        Seen::Start("c", tag) => {
            let look = value(tag, "s").and_then(|text| text.parse().ok());
            is_struck = look.is_some_and(|look: u32| struck.contains(&look));
        }
        Seen::Start("v" | "is", _) if is_struck => {
            rows.insert(row);
        }
        _ => {}
    })?;
    Ok(rows)
}

/// What is seen in a part, by local names.
enum Seen<'a> {
    Start(&'a str, &'a BytesStart<'a>),
    End(&'a str),
    Text(&'a str),
}

fn each(text: &str, see: &mut dyn FnMut(Seen<'_>)) -> Result<(), Trouble> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(Trouble::broken)? {
            Event::Start(tag) => see(Seen::Start(local(tag.name().as_ref()), &tag)),
            Event::Empty(tag) => {
                see(Seen::Start(local(tag.name().as_ref()), &tag));
                see(Seen::End(local(tag.name().as_ref())));
            }
            Event::End(tag) => see(Seen::End(local(tag.name().as_ref()))),
            Event::Text(text) => see(Seen::Text(&text.xml10_content())),
            Event::CData(text) => see(Seen::Text(&text.xml10_content())),
            Event::GeneralRef(_) => see(Seen::Text(" ")),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// An attribute by its local name.
fn value(tag: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|own| {
        let name: &str = own.key.as_ref();
        local(name) == wanted
    })?;
    let raw: &str = found.value.as_ref();
    let pairs = ["&lt;<", "&gt;>", "&quot;\"", "&apos;'", "&amp;&"];
    Some(pairs.iter().fold(raw.to_owned(), |text, pair| {
        let (entity, letter) = pair.split_at(pair.len().saturating_sub(1));
        text.replace(entity, letter)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_and_rows_struck_out() {
        use std::io::Write;
        let parts = [
            (
                "xl/workbook.xml",
                "<workbook><sheets><sheet name=\"A&amp;B\" r:id=\"r1\"/></sheets></workbook>",
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<R><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/></R>",
            ),
            (
                "xl/styles.xml",
                "<s><fonts><font/><font><strike/></font><font><strike val=\"0\"/></font></fonts>\
              <cellXfs><xf fontId=\"0\"/><xf fontId=\"1\"/><xf fontId=\"2\"/></cellXfs></s>",
            ),
            (
                "xl/worksheets/sheet1.xml",
                "<d><row r=\"2\"><c s=\"1\"><v>1</v></c></row><row r=\"3\"><c s=\"1\"/>\
              <c s=\"2\"><v>1</v></c></row><row r=\"4\"><c s=\"1\" t=\"inlineStr\"><is><t>x</t></is></c></row></d>",
            ),
            (
                "xl/worksheets/_rels/sheet1.xml.rels",
                "<R><Relationship Id=\"c\" Type=\"http://x/comments\" Target=\"../comments1.xml\"/></R>",
            ),
            (
                "xl/comments1.xml",
                "<c><comment ref=\"E7\"><text><r><t>nicht </t></r><r><t>auszahlen</t></r></text></comment></c>",
            ),
        ];
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in parts {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        let bytes = writer.finish().unwrap().into_inner();
        let found = read(&bytes).ok().unwrap();
        let expected = [(7, "nicht auszahlen"), (2, STRUCK_OUT), (4, STRUCK_OUT)];
        let expected: Remarks =
            expected.into_iter().map(|(row, text)| (row, text.to_owned())).collect();
        assert_eq!(found.get("A&B"), Some(&expected));
    }
}
