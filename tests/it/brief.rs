//! Tables read in brief and unfolded again are what the general reader makes of them.

use std::borrow::Cow;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use gutschrift::model::brief::Bytes;
use gutschrift::model::brief::Keys;
use gutschrift::model::date::Month;
use gutschrift::model::inputs::Inputs;
use gutschrift::model::place::FileId;
use gutschrift::model::reading::FileRecord;
use gutschrift::model::reading::Reading;
use gutschrift::model::text::is_placeholder;
use gutschrift::model::text::reference_key;
use gutschrift::readers;
use gutschrift::readers::ReadOptions;
use gutschrift::reports::csv;
use gutschrift::reports::entries;
use gutschrift::reports::json;
use gutschrift::reports::options::Options;
use gutschrift::simulate;
use gutschrift::verdict::judge;
use gutschrift::verdict::terms::Terms;

use crate::month;
use crate::proof;

/// Reads a file both ways and compares; tells how many rows were kept in brief.
pub(crate) fn compare(name: &str, bytes: &[u8]) -> usize {
    let general = ReadOptions { named: true, ..ReadOptions::default() };
    let expected = readers::read(FileId(3), name, bytes, &general);
    let brief = |bytes: Arc<dyn Bytes>| ReadOptions {
        keys: Some(Keys::default()),
        bytes: Some(bytes),
        ..general.clone()
    };
    let found = readers::read(FileId(3), name, bytes, &brief(Arc::new(bytes.to_vec())));
    let kept = compare_readings(name, found, expected.clone());
    // The same as a file that stays on the disk.
    let on_disk = brief(Arc::new(OnDisk(bytes.to_vec())));
    let check = readers::check::check(bytes);
    if let Some(found) = readers::read_in_brief(FileId(3), bytes, || check, &on_disk) {
        assert_eq!(compare_readings(name, found, expected.clone()), kept, "{name}");
    }
    // By several threads, in parts that begin anywhere.
    let length = u64::try_from(bytes.len()).unwrap();
    for part in [(length / 13).max(97), (length / 3).max(500)] {
        let whole: Arc<dyn Bytes> = Arc::new(bytes.to_vec());
        let in_parts = ReadOptions { threads: 2, part, ..brief(whole) };
        let found = readers::read(FileId(3), name, bytes, &in_parts);
        let of_memory = compare_readings(name, found, expected.clone());
        let on_disk = ReadOptions { threads: 2, part, ..on_disk.clone() };
        if let Some(found) = readers::read_in_brief(FileId(3), bytes, || check, &on_disk) {
            let of_disk = compare_readings(name, found, expected.clone());
            assert_eq!(of_disk, of_memory, "{name}, parts of {part}");
        }
    }
    kept
}

/// Bytes that pretend to be no part of memory.
#[derive(Debug)]
pub(crate) struct OnDisk(pub(crate) Vec<u8>);

impl Bytes for OnDisk {
    fn whole(&self) -> Option<&[u8]> {
        None
    }

    fn length(&self) -> u64 {
        self.0.length()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> usize {
        self.0.read_at(offset, into)
    }

    fn line(&self, offset: u64) -> Cow<'_, [u8]> {
        self.0.line(offset)
    }

    fn trouble(&self) -> Option<String> {
        None
    }
}

fn compare_readings(name: &str, found: Reading, expected: Reading) -> usize {
    let kept = found.brief_list.as_ref().map_or(0, |list| list.rows.len())
        + found.brief_export.as_ref().map_or(0, |export| export.rows.len());
    if let Some(list) = &found.brief_list {
        for row in list.rows.iter().map(|row| list.payment(row)) {
            let ids = row.end_to_end_id.iter().chain(&row.case_id);
            for id in ids.filter(|id| !is_placeholder(id)) {
                assert!(list.lengths.may_have(reference_key(id).len()), "{name}: {id}");
            }
        }
    }
    if let Some(export) = &found.brief_export {
        for row in export.rows.iter() {
            let entry = export.entry(row);
            let detail = entry.details.first().unwrap();
            let same = export.with_texts(row, |texts| {
                let references = [&detail.remittance, &detail.end_to_end_id];
                let named: Vec<&str> = texts.names.iter().flatten().map(AsRef::as_ref).collect();
                assert_eq!(
                    texts.references.each_ref().map(Option::as_deref),
                    references.map(|own| own.as_deref()),
                    "{name}"
                );
                assert!(
                    named.join(" ").contains(detail.counterparty.as_deref().unwrap_or_default()),
                    "{name}: {named:?}"
                );
            });
            assert!(same.is_some(), "{name}: no texts");
        }
    }
    assert_eq!(found.records(), expected.records(), "{name}: records");
    assert_eq!(about(&found), about(&expected), "{name}: about the file");
    assert_eq!(found.problems, expected.problems, "{name}: problems");
    let (found, expected) = (unfolded(found), unfolded(expected));
    for (left, right) in found.payments.iter().zip(&expected.payments) {
        assert_eq!(left, right, "{name}");
    }
    assert_eq!(found.payments.len(), expected.payments.len(), "{name}: payments");
    assert_eq!(found.totals, expected.totals, "{name}: totals");
    assert_eq!(found.statements.len(), expected.statements.len(), "{name}: statements");
    for (left, right) in found.statements.iter().zip(&expected.statements) {
        for (left, right) in left.entries.iter().zip(&right.entries) {
            assert_eq!(left, right, "{name}");
        }
        assert_eq!(left, right, "{name}: statement");
    }
    kept
}

fn about(reading: &Reading) -> String {
    format!(
        "{:?} {} {:?} {:?} {} {}",
        reading.role,
        reading.format,
        reading.version,
        reading.encoding,
        reading.skipped,
        reading.refused
    )
}

fn unfolded(reading: Reading) -> Inputs {
    let mut inputs = Inputs::default();
    inputs.add(FileRecord::default(), reading);
    inputs.unfold();
    inputs
}

fn tables(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tables(&path, found);
        } else if path.extension().is_some_and(|ending| {
            ["csv", "txt", "xml", "sta", "mt940", "940", "942"].iter().any(|own| ending == *own)
        }) {
            found.push(path);
        }
    }
}

/// A long list and a long export with everything that rows can have.
fn long_tables() -> Vec<(&'static str, Vec<u8>)> {
    let iban = "DE09999100540043764919";
    let mut list = String::from(
        "Aktenzeichen;Name;Leistungsart;IBAN;Betrag;End-to-End-ID;Fälligkeit;Status;Zahlweg;Bemerkung\r\n",
    );
    let mut export = String::from(
        "\"Auftragskonto\";\"Buchungstag\";\"Valutadatum\";\"Buchungstext\";\"Verwendungszweck\";\"Glaeubiger ID\";\"Mandatsreferenz\";\"Kundenreferenz (End-to-End)\";\"Sammlerreferenz\";\"Lastschrift Ursprungsbetrag\";\"Auslagenersatz Ruecklastschrift\";\"Beguenstigter/Zahlungspflichtiger\";\"Kontonummer/IBAN\";\"BIC (SWIFT-Code)\";\"Betrag\";\"Waehrung\";\"Info\"\r\n",
    );
    for number in 0..60 {
        write!(
            list,
            "50.12-{number};Müller, Jürgen;GruSi;{iban};1.{number:03},50;E2E77{number};30.11.2023;;;\r\n"
        )
        .unwrap();
        write!(
            export,
            "\"DE08999000200008150002\";\"30.11.23\";\"30.11.23\";\"EINZELUEBERWEISUNG\";\"Hilfe {number}/2023\";\"\";\"\";\"E2E77{number}\";\"\";\"\";\"\";\"Jürgen Müller\";\"{iban}\";\"X\";\"-1{number:03},50\";\"EUR\";\"Umsatz gebucht\"\r\n"
        )
        .unwrap();
    }
    let rows = [
        "50.12-a;\"Müller; J.\";GruSi;DE09 9991 0054 0043 7649 19;563,00;A1;30.11.2023;;;",
        "50.12-b;Name;GruSi;DE09999100540043764918;563,00;A2;30.11.2023;;;",
        "50.12-c;Name;GruSi;DE09999100540043764919;563,00;A3;30.11.2023;gesperrt;;",
        "50.12-d;Name;GruSi;DE09999100540043764919;563,00;A4;30.11.2023;;bar;Quittung 4",
        "50.12-e;Name;GruSi;DE09999100540043764919;-5,00;A5;30.11.2023;;;",
        "50.12-f;Name;GruSi;DE09999100540043764919;563.00;A6;30.11.2023;;;",
        "50.12-g;Name;GruSi;DE09999100540043764919;1.234;A7;30.11.2023;;;",
        "50.12-h;Name;GruSi;DE09999100540043764919;563,00;NOTPROVIDED;30.11.2023;;;",
        "50.12-i;Name;GruSi;DE09999100540043764919;563,00;1,91E+18;30.11.2023;;;",
        "50.12-j;Name;GruSi;DE09999100540043764919;563,00;A8;31.02.2023;;;",
        "50.12-k;\"Na\"\"me\";GruSi;DE09999100540043764919;563,00;A9;30.11.2023;;;",
        ";;;;;;;;;",
        "",
        "50.12-l;Name;GruSi;;563,00;A10;30.11.2023;;;",
        "Summe;;;;62.345,00;;;;;",
        "50.12-m;Name;GruSi;DE09999100540043764919;563,00;A11;30.11.2023;;;",
        "gedruckt am 28.11.2023 um 8",
        "Summe;;;;1,00;;;;;",
    ];
    let lines = [
        "\"DE08999000200008150002\";\"30.11.23\";\"30.11.23\";\"EINZELUEBERWEISUNG\";\"EREF+A1 SVWZ+Hilfe\";\"\";\"\";\"\";\"\";\"\";\"\";\"J\";\"DE09999100540043764919\";\"X\";\"-5,00\";\"EUR\";\"Umsatz gebucht\"",
        "\"DE08999000200008150002\";\"30.11.23\";\"30.11.23\";\"SAMMLER-UEBERWEISUNG\";\"DATEI MIT 5 ZAHLUNGEN\";\"\";\"\";\"\";\"\";\"\";\"\";\"J\";\"DE09999100540043764919\";\"X\";\"-5,00\";\"EUR\";\"Umsatz gebucht\"",
        "\"DE08999000200008150002\";\"30.11.23\";\"\";\"GUTSCHRIFT\";\"RETOURE AC04\";\"\";\"\";\"A\";\"\";\"\";\"\";\"J\";\"DE09999100540043764919\";\"X\";\"5,00\";\"EUR\";\"Umsatz gebucht\"",
        "\"DE63999000200008150003\";\"29.11.23\";\"\";\"EINZELUEBERWEISUNG\";\"x\";\"\";\"\";\"A2\";\"\";\"\";\"\";\"J\";\"DE09999100540043764919\";\"X\";\"-5,00\";\"EUR\";\"Umsatz vorgemerkt\"",
        "\"DE63999000200008150003\";\"28.11.23\";\"\";\"EINZELUEBERWEISUNG\";\"x: \"\"y\"\"\";\"\";\"\";\"A3\";\"\";\"\";\"\";\"J\";\"DE09999100540043764919\";\"X\";\"-5,00\";\"EUR\";\"Umsatz gebucht\"",
        "\"DE08999000200008150002\";\"30.11.23\";\"30.11.23\";\"ENTGELTABSCHLUSS\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"-5,00\";\"EUR\";\"Umsatz gebucht\"",
        "\"DE08999000200008150002\";\"30.11.23\";\"30.11.23\";\"LASTSCHRIFT\";\"Strom\";\"\";\"M1\";\"A7\";\"\";\"\";\"\";\"W\";\"DE09999100540043764919\";\"\";\"-5,00\";\"EUR\";\"Umsatz gebucht\"",
        "",
        "\"DE08999000200008150002\";\"30.11.23\";\"30.11.23\";\"EINZELUEBERWEISUNG\";\"x\";\"\";\"\";\"A9\";\"\";\"\";\"\";\"J\";\"DE09999100540043764919\";\"X\";\"-5,00\";\"USD\";\"Umsatz gebucht\"",
    ];
    let mut all = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let mut more = list.clone();
        more.push_str(row);
        more.push_str("\r\n");
        all.push(("list", more.clone().into_bytes()));
        list.push_str(if matches!(number, 5 | 6 | 16) { "" } else { row });
        list.push_str("\r\n");
        all.push(("list that grows", list.clone().into_bytes()));
    }
    for line in lines {
        export.push_str(line);
        export.push_str("\r\n");
        all.push(("export that grows", export.clone().into_bytes()));
    }
    // The same rows with the unusual ones first, and in Windows-1252.
    let latin = |text: &str| encoding(text);
    all.push(("list in windows-1252", latin(&list)));
    all.push(("export in windows-1252", latin(&export)));
    all.push(("list with a mark", [&b"\xef\xbb\xbf"[..], list.as_bytes()].concat()));
    all.push(("list with lone returns", list.replace("\r\n", "\r").into_bytes()));
    all.push(("export, cut", export.as_bytes()[..export.len() - 40].to_vec()));
    all.push(("list, unreadable day", list.replacen("30.11.2023", "heute", 3).into_bytes()));
    all.push(("export, unreadable day", export.replacen("30.11.23", "heute", 3).into_bytes()));
    all
}

/// How often; more for a proof than for every day.
pub(crate) fn seeds() -> u64 {
    let asked = std::env::var("GUTSCHRIFT_PROOF_SEEDS");
    asked.ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

pub(crate) fn encoding(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

#[test]
fn tables_in_brief_unfold_to_what_the_general_reader_reads() {
    let mut paths = Vec::new();
    tables(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/samples")), &mut paths);
    if let Ok(corpus) = std::env::var("GUTSCHRIFT_CORPUS") {
        tables(Path::new(&corpus), &mut paths);
    }
    let kept: usize = paths
        .iter()
        .map(|path| compare(&path.display().to_string(), &fs::read(path).unwrap()))
        .sum();
    assert!(kept > 100, "only {kept} rows of all samples were kept in brief");
    let kept: usize = long_tables().iter().map(|(name, bytes)| compare(name, bytes)).sum();
    assert!(kept > 1500, "only {kept} rows of long tables were kept in brief");
}

#[test]
fn damaged_tables_are_read_alike() {
    let pieces: [&[u8]; 20] = [
        b"\"",
        b";",
        b"\n",
        b"\r",
        b"\r\n",
        b",",
        b"\0",
        b"\xff",
        b"\xc3\xbc",
        b"+",
        b":",
        b"-",
        b"EREF+X1",
        b"\"\"",
        b" Retoure ",
        b"STOR NO",
        b" AC04 ",
        b" nicht gebucht",
        b"DE02120300000000202051",
        b"\xa4",
    ];
    let mut dice = 5_u64;
    let mut kept = 0;
    for (name, bytes) in long_tables().iter().rev().step_by(3) {
        for _ in 0..40 * seeds() {
            let mut damaged = bytes.clone();
            for _ in 0..2 {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = usize::try_from(dice >> 33).unwrap() % damaged.len();
                let piece = pieces[usize::try_from(dice >> 20).unwrap() % pieces.len()];
                let until = at + usize::try_from(dice >> 50).unwrap() % 2;
                damaged.splice(at..until.min(damaged.len()), piece.iter().copied());
            }
            kept += compare(&format!("{name}, damaged"), &damaged);
        }
    }
    assert!(kept > 3000, "only {kept} rows of damaged tables were kept in brief");
}

#[test]
fn tables_larger_than_a_block_are_read_alike() {
    let mut list = String::from("Aktenzeichen;Name;IBAN;Betrag;End-to-End-ID\n");
    for number in 0..120_000 {
        writeln!(
            list,
            "50.12-{number};Jürgen Müller;DE09999100540043764919;{number},50;E2E77{number}"
        )
        .unwrap();
    }
    list.push_str("50.12-x;ohne Zeilenende;DE09999100540043764919;5,00;E2E77120000");
    assert_eq!(compare("long list", list.as_bytes()), 120_001);
    // What the beginning of a file does not tell.
    let ascii = list.replace('ü', "ue");
    for (name, more) in [
        ("late Windows-1252", &b"\n50.12-y;M\xfcller;DE09999100540043764919;5,00;E2E7788001\n"[..]),
        ("late zeros", b"\n50.12-y;M\0ller;DE09999100540043764919;5,00;E2E7788001\n"),
        (
            "late damage",
            "\n50.12-y;M\u{fffd}ller;DE09999100540043764919;5,00;E2E7788001\n".as_bytes(),
        ),
        ("late UTF-8", "\n50.12-y;Müller;DE09999100540043764919;5,00;E2E7788001\n".as_bytes()),
        (
            "late quotation mark",
            b"\n50.12-y;\"Mueller\nX\";DE09999100540043764919;5,00;E2E7788001\n",
        ),
    ] {
        let kept = compare(name, &[ascii.as_bytes(), more].concat());
        let is_plain = matches!(name, "late Windows-1252" | "late UTF-8");
        assert_eq!(kept, if is_plain { 120_002 } else { 0 }, "{name}");
    }
}

/// Marks that block, texts that name another account, and columns that nobody knows.
#[test]
fn rows_that_say_more_are_read_alike() {
    let mut list = String::from(
        "Aktenzeichen;Name;IBAN;Betrag;End-to-End-ID;Sperrkennzeichen;Bemerkung;Vermerk Kasse\n",
    );
    for number in 0..400 {
        let block = if number % 5 == 0 { "J" } else { "N" };
        let note = match number % 7 {
            0 => "neue IBAN DE07 9991 0002 0043 7728 38",
            1 => "IBAN DE09 9991 0054 0043 7649 19 wie bisher",
            _ => "Zimmer 12",
        };
        let unread = match number % 11 {
            0 => "bitte nicht auszahlen",
            1 => "Sperre aufgehoben",
            2 => "DE07999100020043772838",
            _ => "Frau Meier",
        };
        writeln!(
            list,
            "50.12-{number};Erika Beispiel;DE09999100540043764919;{number},50;E2E77{number};\
             {block};{note};{unread}"
        )
        .unwrap();
        if number % 100 == 50 {
            list.push_str("Zwischensumme;;;1.000,00;;;;\n");
        }
    }
    assert!(compare("rows that say more", list.as_bytes()) > 100);
    let twice = list.replace("Vermerk Kasse", "E2E-Referenz");
    compare("two columns of one meaning", twice.as_bytes());
}

#[test]
fn lines_that_reach_far_behind_their_part_are_read_alike() {
    let mut list = String::from("Aktenzeichen;Name;IBAN;Betrag;End-to-End-ID;Bemerkung\n");
    for number in 0..400 {
        let note = "x".repeat(if number % 3 == 0 { 9_000 } else { 20 });
        writeln!(
            list,
            "50.12-{number};Jürgen Müller;DE09999100540043764919;{number},50;E2E77{number};{note}"
        )
        .unwrap();
    }
    assert_eq!(compare("long lines", list.as_bytes()), 400);
}

#[test]
fn a_number_that_ends_the_booking_text_may_count_with_the_text_behind_it() {
    let mut kept = Vec::new();
    for booking_text in
        ["Überweisung", "Überweisung 12", "12", "+12", "12\u{a0}", "12 S", "12\u{b}"]
    {
        for first in [0, 1] {
            let mut export = String::from(
                "Buchungstag;Buchungstext;Verwendungszweck;Kundenreferenz (End-to-End);\
                Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;Betrag;Waehrung\n",
            );
            for number in 0..12 {
                let text = ["Miete November", "Zahlungen HLU November"][(number + first) % 2];
                writeln!(
                    export,
                    "30.11.2023;{booking_text};{text};E2E77{number};Erika Muster;\
                    DE09999100540043764919;-{number}1,50;EUR"
                )
                .unwrap();
            }
            kept.push(compare(booking_text, export.as_bytes()));
        }
    }
    assert_eq!(kept.first(), Some(&12), "{kept:?}");
}

#[test]
fn exports_whose_columns_say_more_than_they_should_are_read_alike() {
    let header = "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;\
        Kundenreferenz (End-to-End);Sammlerreferenz;Beguenstigter/Zahlungspflichtiger;\
        Kontonummer/IBAN;BIC (SWIFT-Code);Betrag;Waehrung;Info";
    let row = "DE17999000100004711001;30.11.23;30.11.23;EINZELUEBERWEISUNG;Miete;E2E;;Erika Muster;\
        DE09999100540043764919;XXXXDEFF;-71,50;EUR;Umsatz gebucht";
    let plain: Vec<&str> = row.split(';').collect();
    for column in 0..plain.len() {
        for words in ["nicht gebucht", "Rueckgabe AC04 Konto erloschen", "DE02120300000000202051"] {
            let mut export = format!("{header}\n");
            for number in 0..40 {
                let mut cells: Vec<String> = plain.iter().map(|cell| (*cell).to_owned()).collect();
                cells[5] = format!("E2E77{number}");
                if number == 7 {
                    cells[column] = format!("{} {words}", cells[column]);
                }
                writeln!(export, "{}", cells.join(";")).unwrap();
            }
            let kept = compare(&format!("{words} in {column}"), export.as_bytes());
            assert!(kept == 0 || kept >= 39, "{words} in {column}: {kept}");
        }
    }
    for (unknown, cells) in [
        ("Belegnummer", ["B-1", "B-2"]),
        ("Zustand", ["", "x"]),
        ("Tag", ["01.12.23", "30.11.23"]),
        ("", ["", ""]),
    ] {
        let mut export = format!("{header};{unknown}\n");
        for number in 0..40 {
            let cell = cells[usize::from(number % 9 == 3)];
            writeln!(export, "{};{cell}", row.replace("E2E", &format!("E2E77{number}"))).unwrap();
        }
        let kept = compare(unknown, export.as_bytes());
        assert_eq!(kept, if unknown.is_empty() { 40 } else { 0 }, "{unknown}");
    }
    // Nothing but the cells says what the decimal mark is, or the order of days.
    let amounts = [["-1.50", "-2.50"], ["-1,50", "-2.50"], ["-1", "-2.50"], ["-1.234", "-1"]];
    for [first, second] in amounts {
        for (day, other) in [("30.11.2023", "30.11.2023"), ("30.11.2023", "11/30/2023")] {
            let mut export = String::from("Buchungstag;Valuta;Empfänger;IBAN;Text;Betrag\n");
            for number in 0..40 {
                let (amount, day) = if number % 8 == 5 { (second, other) } else { (first, day) };
                writeln!(
                    export,
                    "{day};{day};Erika Muster;DE09999100540043764919;Miete {number}a;{amount}"
                )
                .unwrap();
            }
            compare(&format!("{first} {second} {day} {other}"), export.as_bytes());
        }
    }
}

#[test]
fn a_column_that_is_always_empty_leaves_rows_plain() {
    let mut list = String::from("Aktenzeichen;Name;IBAN;Betrag;End-to-End-ID;Status\n");
    for number in 1..40 {
        writeln!(
            list,
            "50.12-{number};Erika Muster;DE09999100540043764919;{number},50;E77{number};"
        )
        .unwrap();
    }
    assert_eq!(compare("no status", list.as_bytes()), 39);
}

/// The whole result as scripts get it, as JSON and CSV.
fn result(inputs: Inputs, terms: &Terms) -> (String, usize) {
    match judge(inputs, terms) {
        Ok(outcome) => {
            let mut text = Vec::new();
            let threads = terms.threads;
            let masked = Options { threads, ..Options::default() };
            csv::write(&outcome, &masked, &mut text).unwrap();
            entries::write(&outcome, &masked, &mut text).unwrap();
            let full = Options { full_iban: true, ..masked };
            csv::write(&outcome, &full, &mut text).unwrap();
            json::write(&outcome, &full, &mut text).unwrap();
            (String::from_utf8(text).unwrap(), outcome.settled.len())
        }
        Err(refusal) => (format!("{refusal:?}"), 0),
    }
}

/// Judges a month with and without the short cut; tells how many cases were plain.
fn judge_both_ways(name: &str, files: &month::Files, terms: &Terms) -> usize {
    let (Ok(general), Ok(brief)) = (month::inputs(files), month::inputs_in_brief(files)) else {
        return 0;
    };
    let (expected, _) = result(general, terms);
    let again = Terms { threads: 8, ..terms.clone() };
    let (shared, _) = result(month::inputs_in_brief(files).unwrap(), &again);
    let (found, plain) = result(brief, terms);
    assert!(found == shared, "{name}: the number of threads shows");
    let differs = expected.lines().zip(found.lines()).find(|(left, right)| left != right);
    assert_eq!(differs, None, "{name}");
    assert_eq!(expected, found, "{name}");
    plain
}

#[test]
fn the_short_cut_changes_no_byte_of_any_sample() {
    let mut plain = 0;
    for path in month::months() {
        plain += judge_both_ways(
            &path.display().to_string(),
            &month::files(&path),
            &month::terms(&path),
        );
    }
    assert!(plain > 100, "only {plain} cases of all samples are plain");
}

#[test]
fn texts_with_accounts_and_formulas_are_shown_alike() {
    for delimiter in [';', ','] {
        let files = crate::leaving::hostile(delimiter);
        let files = files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
        let name = format!("hostile texts, {delimiter}");
        let plain = judge_both_ways(&name, &files, &Terms::default());
        assert!(plain > 10, "only {plain} cases are plain");
    }
}

#[test]
fn the_short_cut_changes_no_byte_of_simulated_months() {
    let payments = std::env::var("GUTSCHRIFT_PROOF_PAYMENTS");
    let payments = payments.ok().and_then(|text| text.parse().ok()).unwrap_or(100);
    let terms = Terms { month: Month::parse("2023-11"), ..Terms::default() };
    let mut plain = 0;
    for seed in 1..=seeds() {
        for mix in proof::MIXES {
            for format in proof::FORMATS {
                for (batches, with_order, withheld) in
                    [(false, false, 0), (true, false, 0), (false, true, 0), (false, false, 4)]
                {
                    let settings = simulate::Settings {
                        batches,
                        with_order,
                        withheld,
                        ..proof::settings(payments, seed, mix, format)
                    };
                    let month = proof::simulate(&settings);
                    let name = format!("{settings:?}");
                    plain += judge_both_ways(&name, &month.files, &terms);
                }
            }
        }
    }
    assert!(plain > 500, "only {plain} cases of all months are plain");
}

/// Files of a month, with one bank file told once more: in part, and as another bank might.
fn told_twice(files: &month::Files, number: usize) -> month::Files {
    let mut more = files.clone();
    let banks = files.iter().filter(|(path, _)| path.starts_with("bank/"));
    let mut banks: Vec<_> = banks.collect();
    banks.sort_by_key(|(_, bytes)| std::cmp::Reverse(bytes.len()));
    for (path, bytes) in banks.into_iter().take(2) {
        let text = String::from_utf8_lossy(bytes);
        let text = if path.ends_with("xml") {
            // The same bookings, some of them without ids or accounts.
            let text = text.replacen("<GrpHdr>", "<GrpHdr> ", 1);
            match number % 3 {
                0 => text,
                1 => text.replacen("<EndToEndId>", "<EndToEndId>X", 20),
                _ => text.replacen("CdtrAcct>", "OtherAcct>", 20),
            }
        } else {
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            let kept = lines.len() * 2 / 3;
            lines.drain(1..lines.len().saturating_sub(kept).max(1));
            if number % 3 == 1 {
                for line in lines.iter_mut().step_by(5) {
                    *line = line.replace("SOZ", "NOTPROVIDED");
                }
            }
            lines.concat()
        };
        more.insert(format!("bank/again-{number}-{}", path.replace('/', "-")), text.into_bytes());
    }
    more
}

#[test]
fn the_short_cut_changes_no_byte_of_months_told_twice() {
    let terms = Terms { month: Month::parse("2023-11"), ..Terms::default() };
    let mut plain = 0;
    for seed in 1..=seeds() {
        for mix in proof::MIXES {
            for (number, format) in proof::FORMATS.into_iter().enumerate() {
                let settings = proof::settings(100, seed + 50, mix, format);
                let month = proof::simulate(&settings);
                let files = told_twice(&month.files, number + usize::try_from(seed).unwrap());
                plain += judge_both_ways(&format!("{settings:?}, told twice"), &files, &terms);
            }
        }
    }
    assert!(plain > 10, "only {plain} cases of months told twice are plain");
}

/// Bookings of a savings bank's export, cell by cell.
fn cells(line: &str) -> Vec<String> {
    line.trim_end().split("\";\"").map(|cell| cell.trim_matches('"').to_owned()).collect()
}

/// Returns whose texts alone say whose money it is, some told by a second file that says the rest.
fn with_names_in_texts(files: &month::Files, seed: usize) -> month::Files {
    let mut more = files.clone();
    for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with("bank/")) {
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut again: Vec<String> = lines.iter().take(1).cloned().collect();
        let mut made = Vec::new();
        for (number, line) in lines.iter().enumerate().skip(1) {
            let mut own = cells(line);
            if own.len() < 16 || !own[14].starts_with('-') || !(number + seed).is_multiple_of(9) {
                continue;
            }
            // What went out comes back the same day; the name stands somewhere else each time.
            own[14].remove(0);
            let words: Vec<&str> = own[11].split(' ').collect();
            let (name, turned) = (own[11].clone(), [&words[1..], &words[..1]].concat().join(" "));
            let (title, said, party) = match (number + seed) / 9 % 6 {
                0 => ("RETOURE", name.to_uppercase(), ""),
                1 => ("RUECKUEBERWEISUNG", format!("Grund AC04 {turned}, Konto"), ""),
                2 => ("GUTSCHRIFT", format!("Retoure {name}"), ""),
                3 => ("GUTSCHRIFT", name.clone(), ""),
                4 => ("GUTSCHRIFT", "ohne Angabe".to_owned(), name.as_str()),
                _ => ("RETOURE", format!("{} Retoure", words[0]), ""),
            };
            let mut row = own.clone();
            (row[3], row[4], row[11]) = (title.to_owned(), said, party.to_owned());
            (row[7], row[12], row[13]) = (String::new(), String::new(), String::new());
            made.push(format!("\"{}\"", row.join("\";\"")));
            if number % 2 == 0 {
                // Another file says that it comes back, and nothing else.
                (row[3], row[4], row[11]) =
                    ("RETOURE".to_owned(), "Rueckgabe".to_owned(), String::new());
                again.push(format!("\"{}\"", row.join("\";\"")));
            }
        }
        lines.extend(made);
        more.insert(path.clone(), encoding(&(lines.join("\r\n") + "\r\n")));
        if seed % 2 == 1 {
            let name = path.replace("bank/", "bank/again-");
            more.insert(name, encoding(&(again.join("\r\n") + "\r\n")));
        }
    }
    more
}

#[test]
fn the_short_cut_misses_nobody_whose_name_stands_in_a_text() {
    let terms = Terms { month: Month::parse("2023-11"), ..Terms::default() };
    let mut plain = 0;
    for seed in 1..=4 * seeds() {
        let settings = proof::settings(150, seed + 80, proof::MIXES[0], proof::FORMATS[0]);
        let month = proof::simulate(&settings);
        let files = with_names_in_texts(&month.files, usize::try_from(seed).unwrap());
        plain += judge_both_ways(&format!("{seed}, names in texts"), &files, &terms);
    }
    assert!(plain > 50, "only {plain} cases of months with names in texts are plain");
}
