//! Statements (camt.053, MT940) read in brief and unfolded again are what the general reader makes
//! of them.

use std::path::Path;

use gutschrift::verdict::judge;
use gutschrift::verdict::terms::Terms;

use crate::brief::compare;
use crate::brief::encoding;
use crate::brief::seeds;
use crate::month;
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
        let plain = ["as it is", "a line", "one line", "Windows", "two statements", "entities"];
        let is_plain = plain.iter().any(|form| name.ends_with(form))
            && !name.contains("wrong")
            && !name.contains("ids with");
        assert!(own > 20 || !is_plain, "{name}: only {own} bookings were kept in brief");
        kept += own;
    }
    assert!(kept > 1000, "only {kept} bookings were kept in brief");
}

/// The same in SWIFT's form.
fn swift_statements() -> Vec<(String, Vec<u8>)> {
    let settings = proof::settings(150, 4, proof::MIXES[3], proof::FORMATS[5]);
    let mut files: Vec<(String, Vec<u8>)> = proof::simulate(&settings).files.into_iter().collect();
    files.retain(|(path, _)| Path::new(path).extension().is_some_and(|ending| ending == "sta"));
    files.sort_by_key(|(_, bytes)| std::cmp::Reverse(bytes.len()));
    let mut all = Vec::new();
    for (path, bytes) in files.into_iter().take(2) {
        let text = String::from_utf8(bytes).unwrap();
        let half = text.lines().next().unwrap().len() + 2;
        let (name, more) = ("?32Müller, Jürgen?33", "?60EREF+X");
        let forms = [
            ("as it is", text.clone()),
            ("line ends of Unix", text.replace("\r\n", "\n")),
            ("more line ends", text.replace("\r\n", "\r\r\n")),
            ("a blank line behind each", text.replace("\r\n:61:", "\r\n\r\n:61:")),
            ("blanks", text.replace("\r\n:", " \r\n:")),
            ("no line end", text.trim_end().trim_end_matches('-').trim_end().to_owned()),
            ("two statements", format!("{text}{text}")),
            ("no number at the second", format!("{text}{}", text.get(half..).unwrap())),
            ("no end of messages", text.replace("-\r\n", "") + &text),
            ("in a frame", format!("{{1:F01X}}{{2:I940}}{{4:\r\n{}-}}", text.replace("-\r\n", ""))),
            ("a mark", format!("\u{feff}{text}")),
            ("umlauts", text.replace("?32", name)),
            ("latin", text.replacen("?32", name, 9)),
            ("latin with a mark", text.replacen("?32", name, 9)),
            ("damage", text.replacen("?32", "?32\u{fffd}", 1)),
            ("no ids", text.replace("EREF+", "")),
            ("ids that are cut", text.replace("EREF+", "EREF+12345678901234567?21")),
            ("ids that end", text.replace("EREF+", "EREF+1234567890123456?21")),
            ("ids that end early", text.replace("EREF+", "EREF+123?21")),
            ("ids twice", text.replace("?31", &format!("{more}?31"))),
            ("orders", text.replace("?20EREF", "?20KREF+NONREF?20EREF")),
            ("other tags", text.replace("?20EREF", "?20ABWA+Amt?20EREF")),
            ("tags that are cut", text.replace("?20EREF+", "?20123456789012345678901234ERE?21F+")),
            ("other marks", text.replace('?', "~")),
            ("marks without numbers", text.replace("?00", "?00Was?")),
            ("accounts inside", text.replacen("SVWZ+", "SVWZ+?31DE99?25", 9)),
            ("accounts elsewhere", text.replace("?31", "?38")),
            (
                "accounts of the old kind",
                text.replace("XXXXDEFFXXX?31DE", "37040044?31532013000?39"),
            ),
            ("small accounts", text.replace("?31DE", "?31de")),
            ("accounts with blanks", text.replace("?31DE", "?31IBAN DE ")),
            ("codes of the old kind", text.replace(":86:116", ":86:020")),
            ("collective codes", text.replacen(":86:116", ":86:191", 9)),
            ("no codes", text.replacen(":86:116", ":86:", 9)),
            ("counts", text.replace("SVWZ+", "SVWZ+Datei mit 0000003 Zahlungen ")),
            ("own references", text.replacen("NONREF//", "X-1//", 9)),
            ("no references", text.replacen("NONREF//", "NONREF", 9)),
            ("bank references", text.replace("NONREF//", "NONREF//1+")),
            ("funds codes", text.replace("1130D", "1130DR")),
            ("reversals", text.replace("1130D", "1130RC")),
            ("expected", text.replacen("1130D", "1130ED", 9)),
            ("no entry dates", text.replacen("1130D", "D", 9)),
            ("blank entry dates", text.replacen("1130D", "    D", 9)),
            ("entry dates of other years", text.replacen("1130D", "0102D", 9)),
            ("days of banks", text.replacen(":61:2311", ":61:2402", 9)),
            ("days of banks, 30th of February", text.replacen(":61:231130", ":61:240230", 9)),
            ("amounts without cents", text.replace("0,00N", "0,N")),
            ("no amounts", text.replacen("1130D", "1130D0,00N", 9)),
            ("amounts with points", text.replacen(",00N", ".00N", 9)),
            ("second lines", text.replace("\r\n:86:", "\r\n/OCMT/EUR1,00/\r\n:86:")),
            ("charges", text.replacen("\r\n:86:", "\r\n/CHGS/EUR1,00/\r\n:86:", 9)),
            ("no text", text.replacen(":86:", ":64:", 9)),
            ("two texts", text.replacen("?31", "\r\n:86:?31", 9)),
            ("Hungarian", text.replacen(":86:", ":NS:X\r\n:86:", 9)),
            ("unknown tags", text.replacen("\r\n:86:", "\r\n:99Z:X\r\n:86:", 9)),
            ("tags inside", text.replacen("?31", "\r\n:12:11\r\n?31", 9)),
            ("dashes inside", text.replacen("?31", "\r\n-\r\n?31", 9)),
            ("ends inside", text.replacen("?31", "\r\n-}\r\n?31", 1)),
            ("frames inside", text.replacen("?31", "\r\n{4:?31", 9)),
            ("zeros", text.replacen("?31", "\0?31", 1)),
            ("a line of our own", text.replacen("\r\n:61:", "\r\n\0\n:61:", 1)),
            ("dollars", text.replace("EUR", "USD")),
            ("dollars, then euros", text.replace("EUR", "USD") + &text),
            ("during the day", text.replace(":60F:", ":34F:").replace(":62F:", ":90D:1")),
            ("during the day, with a balance", text.replace(":28C:", ":34F:EURD0,\r\n:28C:")),
            ("no opening", text.replace(":60F:", ":21:")),
            ("no closing", text.replace(":62F:", ":21:")),
            ("pages", text.replace(":60F:", ":60M:")),
            ("mnemonic", text.replace("EREF+", "MTLG:")),
            ("open end", text.split_at(text.rfind("SVWZ").unwrap()).0.to_owned()),
        ];
        for (form, text) in forms {
            let bytes = match form {
                "latin" => encoding(&text),
                "latin with a mark" => [&b"\xef\xbb\xbf"[..], &encoding(&text)].concat(),
                _ => text.into_bytes(),
            };
            all.push((format!("{path}, {form}"), bytes));
        }
    }
    all
}

#[test]
fn swift_statements_in_brief_unfold_to_what_the_general_reader_reads() {
    let mut kept = 0;
    for (name, bytes) in swift_statements() {
        let own = compare(&name, &bytes);
        let plain = ["as it is", "Unix", "two statements", "a mark", "umlauts", "latin", "cut"];
        let is_plain = plain.iter().any(|form| name.ends_with(form)) && !name.contains("tags");
        assert!(own > 20 || !is_plain, "{name}: only {own} bookings were kept in brief");
        kept += own;
    }
    assert!(kept > 1000, "only {kept} bookings were kept in brief");
}

#[test]
fn damaged_swift_statements_are_read_alike() {
    let pieces: [&[u8]; 34] = [
        b":",
        b"?",
        b"-",
        b"+",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"9",
        b",",
        b" ",
        b"{",
        b"\xc3\xbc",
        b"?31",
        b"?20",
        b"?25EREF+",
        b"\n:61:",
        b"\n:86:",
        b"\n-\n",
        b"\n:62F:",
        b"SVWZ+",
        b"MTLG:",
        b" RETOURE ",
        b"nicht ausgef\xfchrt",
        b" vorgemerkt ",
        b"Storno",
        b" AC04 ",
        b"?38DE02120300000000202051",
        b"?35x",
        b"?34914",
        b"\r:61:",
        b"\n-:20:X",
        b"\n:99Z:x",
        b"\xa4",
    ];
    let (mut dice, mut kept) = (7_u64, 0);
    for (name, bytes) in swift_statements().iter().step_by(5) {
        for _ in 0..12 * seeds() {
            let mut damaged = bytes.clone();
            for _ in 0..3 {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = usize::try_from(dice >> 33).unwrap() % damaged.len();
                let piece = pieces[usize::try_from(dice >> 20).unwrap() % pieces.len()];
                let until = at + usize::try_from(dice >> 50).unwrap() % 2;
                damaged.splice(at..until.min(damaged.len()), piece.iter().copied());
            }
            kept += compare(&format!("{name}, damaged"), &damaged);
        }
    }
    assert!(kept > 1000, "only {kept} bookings of damaged statements were kept in brief");
}

#[test]
fn damaged_statements_are_read_alike() {
    let pieces: [&[u8]; 20] = [
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
        b" RETOURE ",
        b" AC04 ",
        b" vorgemerkt ",
        b"DE02120300000000202051",
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

#[test]
fn bookings_that_share_a_line_are_cited_one_by_one() {
    let booking = "<Ntry><Amt Ccy=\"EUR\">563.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
        <BookgDt><Dt>2023-11-30</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>SOZ-1</EndToEndId></Refs>\
        <RltdPties><Cdtr><Pty><Nm>Erika Muster</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>DE09999100540043764919\
        </IBAN></Id></CdtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>";
    let statement = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt>\
         <Acct><Id><IBAN>DE08999000200008150002</IBAN></Id></Acct>{booking}{booking}</Stmt>\
         </BkToCstmrStmt></Document>"
    );
    let list = "Aktenzeichen;Name;IBAN;Betrag;EndToEndId;Faellig\n\
        50.11-1;Erika Muster;DE09999100540043764919;563,00;SOZ-1;30.11.2023\n";
    let files = month::Files::from([
        ("liste.csv".to_owned(), list.as_bytes().to_vec()),
        ("auszug.xml".to_owned(), statement.into_bytes()),
    ]);
    for inputs in [month::inputs(&files), month::inputs_in_brief(&files)] {
        let outcome = judge(inputs.unwrap(), &Terms::default()).unwrap();
        let payment = outcome.all_payments().next().unwrap();
        assert_eq!(payment.verdict.reason.name(), "paid-twice");
        assert_eq!(payment.verdict.entries.len(), 2, "{:?}", payment.verdict.entries);
    }
}
