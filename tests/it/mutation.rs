//! Damaged files: whatever is done to a file, reading it ends without a panic.
//!
//! The damage follows from a fixed seed, so that a failure can be had again: the message names
//! file and round.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a panic is how a test fails, and a test that was skipped says so"
)]

use std::fs;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;
use std::path::PathBuf;

use gutschrift::model::place::FileId;
use gutschrift::model::reading::Reading;
use gutschrift::readers::ReadOptions;
use gutschrift::readers::container;
use gutschrift::readers::read;

/// Larger files repeat what smaller ones hold (bytes).
const LARGEST: usize = 24_000;

/// Rounds of damage for a file.
const ROUNDS: u64 = 30;

/// Files of one folder that are damaged; the samples hold many months of one pattern.
const FILES: usize = 400;

const SEEDS: [(&str, &[u8]); 6] = [
    (
        "seed.sta",
        b"{1:F01X}{2:I940}{4:\r\n:20:STARTUMS\r\n:25:99900010/4711001\r\n:28C:00231/001\r\n\
        :60F:C231129EUR10000,00\r\n:61:2311301130DR563,00NTRFKREF+//B1\r\n/OCMT/EUR1,//CHGS/EUR0,50/\r\n\
        :86:116?00UEBERWEISUNG?20EREF+SOZ-1?21SVWZ+Sozialhilfe 11/20\r\n23?31DE09999100540043764919\
        ?32Erika Beispiel?34011\r\n:62F:C231130EUR9437,00\r\n-}",
    ),
    (
        "seed.csv",
        b"Aktenzeichen;Name;IBAN;Betrag;End-to-End-ID\r\n50.12-1;\"Beispiel; Erika\";\
        DE09999100540043764919;1.563,00;SOZ-1\r\n50.12-2;J\xf6rg;DE09999100540043764919;5,00;SOZ-2\r\n",
    ),
    (
        "export.csv",
        b"Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;\
        Beguenstigter/Zahlungspflichtiger;Kontonummer;BLZ;Betrag;Waehrung;Info\r\n4711001;30.11.23;\
        30.11.23;UEBERWEISUNG;EREF+SOZ-1SVWZ+x;Erika Beispiel;DE09999100540043764919;X;-563,00;EUR;\
        Umsatz gebucht\r\n",
    ),
    (
        "order.xml",
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:\
        pain.001.001.09\"><CstmrCdtTrfInitn><GrpHdr><MsgId>M</MsgId><NbOfTxs>1</NbOfTxs></GrpHdr>\
        <PmtInf><PmtInfId>P</PmtInfId><CdtTrfTxInf><PmtId><EndToEndId>E</EndToEndId></PmtId><Amt>\
        <InstdAmt Ccy=\"EUR\">5.00</InstdAmt></Amt></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>",
    ),
    (
        "statement.xml",
        b"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt>\
        <Id>S</Id><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">1</Amt>\
        <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2023-11-29</Dt></Dt></Bal><Ntry><Amt Ccy=\"EUR\">5.00</Amt>\
        <CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts></Ntry></Stmt></BkToCstmrStmt></Document>",
    ),
    ("empty.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
];

/// A generator of numbers that needs no library and gives the same on every machine
/// (xorshift, after Marsaglia).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    pub(crate) fn one_of<'a>(&mut self, choices: &[&'a [u8]]) -> &'a [u8] {
        choices[self.below(choices.len())]
    }
}

/// One kind of damage.
fn damage(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let at = numbers.below(bytes.len() + 1);
    match numbers.below(9) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(..at)),
        2 => {
            for _ in 0..=numbers.below(8) {
                let at = numbers.below(bytes.len());
                let bit = numbers.below(8);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
        }
        3 | 4 => lines(bytes, numbers),
        5 => {
            let from = numbers.one_of(&[b";", b",", b":", b"?", b"<", b"\n", b"\""])[0];
            let to = numbers.one_of(&[b",", b";", b"\t", b"|", b">", b"\r", b"'"])[0];
            for byte in bytes.iter_mut().filter(|byte| **byte == from) {
                *byte = to;
            }
        }
        6 => {
            let piece = numbers.one_of(&[
                b"\"",
                b"\0",
                b"\xff\xfe",
                b"\xc3",
                b"\xf0\x9f\x92\xb6",
                b"<!DOCTYPE x [<!ENTITY a \"b\">]>&a;",
                b"<![CDATA[",
                b"&#x110000;",
                b"99999999999999999999999999,99",
                b"-0,00",
                b"?20?21?31",
                b":61:",
                b":86:",
                b"\n-\n",
                b"EREF+SVWZ+KREF+",
                b"\xe2\x80\xae",
                b"1E+18",
                b"00.00.0000",
                b"9999-99-99",
            ]);
            bytes.splice(at..at, piece.iter().copied());
        }
        7 => {
            let end = (at + numbers.below(40)).min(bytes.len());
            bytes.drain(at..end);
        }
        _ => {
            let end = (at + numbers.below(400)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = numbers.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
    }
}

/// Takes a line away, doubles it, or exchanges two.
fn lines(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let mut lines: Vec<Vec<u8>> =
        bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let (one, other) = (numbers.below(lines.len()), numbers.below(lines.len()));
    if lines.is_empty() {
        return;
    }
    match numbers.below(3) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(other, lines[one].clone()),
        _ => lines.swap(one, other),
    }
    *bytes = lines.concat();
}

/// Reads bytes as the command line would: archives first, then each file.
fn read_all(path: &str, bytes: &[u8]) -> Vec<Reading> {
    let options = ReadOptions::default();
    match container::expand(FileId(0), bytes) {
        Some(expanded) => expanded
            .members
            .iter()
            .map(|member| read(FileId(0), &member.path, &member.bytes, &options))
            .collect(),
        None => vec![read(FileId(0), path, bytes, &options)],
    }
}

/// A refused file says why, and nothing is both refused and silently used.
fn check(name: &str, readings: &[Reading]) {
    for reading in readings {
        assert!(!reading.refused || !reading.problems.is_empty(), "{name}: refused without a word");
    }
}

/// All files below a folder, in the order of their paths.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn damage_file(name: &str, original: &[u8], rounds: u64) {
    for round in 0..=rounds {
        let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15 ^ (round << 32) ^ original.len() as u64);
        let mut bytes = original.to_vec();
        // Round 0 reads the file as it is.
        for _ in 0..round.min(3) {
            damage(&mut bytes, &mut numbers);
        }
        let readings = catch_unwind(AssertUnwindSafe(|| read_all(name, &bytes)));
        let Ok(readings) = readings else {
            let out = std::env::temp_dir().join("gutschrift-mutation");
            fs::write(&out, &bytes).unwrap();
            panic!("{name}, round {round}: panic; the bytes are in {}", out.display());
        };
        check(name, &readings);
    }
}

fn damage_folder(folder: &Path) -> usize {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    let small = |path: &&PathBuf| {
        fs::metadata(path).unwrap().len() <= LARGEST as u64
            && path.extension().is_none_or(|extension| extension != "md")
    };
    let mut small: Vec<&PathBuf> = paths.iter().filter(small).collect();
    // Every n-th, so that all kinds of files take part.
    let step = small.len().div_ceil(FILES).max(1);
    small = small.into_iter().step_by(step).collect();
    for path in &small {
        damage_file(&path.display().to_string(), &fs::read(path).unwrap(), ROUNDS);
    }
    small.len()
}

#[test]
fn damaged_seeds_never_panic() {
    for (name, bytes) in SEEDS {
        damage_file(name, bytes, 1_000);
    }
}

#[test]
fn damaged_samples_never_panic() {
    let samples = Path::new("samples");
    if samples.is_dir() {
        assert!(damage_folder(samples) > 0, "a test that reads nothing proves nothing");
    }
}

#[test]
fn damaged_corpus_never_panics() {
    match std::env::var_os("GUTSCHRIFT_CORPUS") {
        Some(folder) => {
            assert!(
                damage_folder(Path::new(&folder)) > 0,
                "a test that reads nothing proves nothing"
            );
        }
        None => eprintln!("GUTSCHRIFT_CORPUS is not set: the corpus was not damaged"),
    }
}
