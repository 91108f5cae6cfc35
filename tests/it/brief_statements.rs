//! Statements (camt.053) read in brief and unfolded again are what the general reader makes of them.

use crate::brief::compare;
use crate::brief::encoding;
use crate::brief::seeds;
use crate::proof;

/// Statements of a simulated month, in all forms that a file may have.
fn statements() -> Vec<(String, Vec<u8>)> {
    let settings = proof::settings(150, 4, proof::MIXES[3], proof::FORMATS[3]);
    let mut files: Vec<(String, Vec<u8>)> = proof::simulate(&settings).files.into_iter().collect();
    files.retain(|(path, _)| path.contains("_C53_"));
    files.sort_by_key(|(_, bytes)| std::cmp::Reverse(bytes.len()));
    let mut all = Vec::new();
    for (path, bytes) in files.into_iter().take(2) {
        let text = String::from_utf8(bytes).unwrap();
        let (before, from) = text.split_once("<Stmt>").unwrap();
        let (inner, after) = from.split_once("</Stmt>").unwrap();
        let twice = format!("{before}<Stmt>{inner}</Stmt>\n<Stmt>{inner}</Stmt>{after}");
        let ids = text.matches("<EndToEndId>").count();
        let forms = [
            ("as it is", text.clone()),
            ("an element a line", text.replace("><", ">\n  <")),
            ("one line", text.replace('\n', "")),
            (
                "two bookings a line",
                text.replace("</Ntry>\n<Ntry><NtryRef>2<", "</Ntry><Ntry><NtryRef>2<"),
            ),
            ("line ends of Windows", text.replace('\n', "\r\n")),
            ("two statements", twice),
            ("prefix", text.replace("<Ntry>", "<c:Ntry>").replace("</Ntry>", "</c:Ntry>")),
            (
                "intraday",
                text.replace("BkToCstmrStmt", "BkToCstmrAcctRpt").replace("Stmt>", "Rpt>"),
            ),
            (
                "in a frame",
                text.replacen("<Ntry>", "<Frame><Ntry>", 1).replacen(
                    "</Ntry>",
                    "</Ntry></Frame>",
                    5,
                ),
            ),
            (
                "all in a frame",
                text.replacen("<Ntry>", "<F>\n<Ntry>", 1).replace("</Stmt>", "</F></Stmt>"),
            ),
            (
                "a comment",
                text.replacen("<Ntry>", "<!-- <Ntry>", 1).replacen("</Ntry>", "</Ntry> -->", 2),
            ),
            ("entities", text.replacen("<Nm>", "<Nm>A &amp; B &lt;", 9)),
            ("a wrong entity", text.replacen("<Nm>", "<Nm>A &x; B", 3)),
            ("ids with entities", text.replacen("<EndToEndId>", "<EndToEndId>&#65;", ids / 2)),
            ("amounts that differ", text.replacen("<Amt Ccy=\"EUR\">1", "<Amt Ccy=\"EUR\">2", 7)),
            ("dollars", text.replacen("<Amt Ccy=\"EUR\">", "<Amt Ccy=\"USD\">", 9)),
            (
                "days of Germany",
                text.replacen("<BookgDt><Dt>2023-11-30", "<BookgDt><Dt>30.11.2023", 4),
            ),
            ("our own mark", text.replacen("</Ntry>", "</Ntry><gutschrift.run/>", 1)),
            ("announced", text.replacen("BOOK", "PDNG", 9)),
            ("latin", text.replacen("UTF-8", "ISO-8859-1", 1)),
            (
                "collective",
                text.replacen("<NtryDtls>", "<NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch>", 9),
            ),
            ("open end", text.split_at(text.find("<Ustrd>").unwrap()).0.to_owned()),
        ];
        for (form, text) in forms {
            let bytes = if form == "latin" { encoding(&text) } else { text.into_bytes() };
            all.push((format!("{path}, {form}"), bytes));
        }
    }
    all
}

#[test]
fn statements_in_brief_unfold_to_what_the_general_reader_reads() {
    let mut kept = 0;
    for (name, bytes) in statements() {
        let own = compare(&name, &bytes);
        let plain = ["as it is", "a line", "Windows", "two statements", "entities"];
        let is_plain = plain.iter().any(|form| name.ends_with(form))
            && !name.contains("wrong")
            && !name.contains("ids with");
        assert!(own > 20 || !is_plain, "{name}: only {own} bookings were kept in brief");
        kept += own;
    }
    assert!(kept > 1000, "only {kept} bookings were kept in brief");
}

#[test]
fn damaged_statements_are_read_alike() {
    let pieces: [&[u8]; 16] = [
        b"<",
        b">",
        b"&",
        b"&amp;",
        b"/",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"9",
        b" ",
        b"<Ntry>",
        b"</Ntry>",
        b"<![CDATA[x]]>",
        b"<a/>",
        b"<gutschrift.run/>",
    ];
    let mut dice = 3_u64;
    let mut kept = 0;
    for (name, bytes) in statements().iter().step_by(3) {
        for _ in 0..12 * seeds() {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = usize::try_from(dice >> 33).unwrap() % bytes.len();
            let piece = pieces[usize::try_from(dice >> 20).unwrap() % pieces.len()];
            let mut damaged = bytes.clone();
            let until = at + usize::try_from(dice >> 50).unwrap() % 2;
            damaged.splice(at..until.min(bytes.len()), piece.iter().copied());
            kept += compare(&format!("{name}, {piece:?} at {at}"), &damaged);
        }
    }
    assert!(kept > 1000, "only {kept} bookings of damaged statements were kept in brief");
}
