//! Mutated workbooks: no crash, no hang, no more than 512 MB, and where bytes were damaged nobody credited
//! who was not before, and no payment lost.
//!
//! Another process of this test reads them, so that also what no process survives is told of its
//! number. `GUTSCHRIFT_MUTATED_WORKBOOKS=10000 cargo test --test it workbook_mutation -- --nocapture`
//! makes so many, the same ones on every machine, and shows the table of `docs/verification.md`.
//! Nothing of them is kept.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Cursor;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use gutschrift::verdict::terms::Terms;
use zip::ZipArchive;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::block_damage::LIST;
use crate::block_damage::kind_of;
use crate::block_damage::november;
use crate::block_damage::simulated;
use crate::damaged_months::Result;
use crate::damaged_months::Way;
use crate::damaged_months::answer;
use crate::damaged_months::judged;
use crate::month;
use crate::month::Files;
use crate::mutation::Numbers;
use crate::proof;
use crate::workbooks::Kind;
use crate::workbooks::table;
use crate::workbooks::workbook;

/// The numbers of the workbooks that a child reads: `from-to`.
const CHILD: &str = "GUTSCHRIFT_MUTATED_WORKBOOKS_CHILD";

/// What reading a workbook may take, the process included (kB).
const MOST_MEMORY: u64 = 512 * 1024;

/// Nobody waits longer for one file of some ten kilobytes.
const HANGS: Duration = Duration::from_secs(120);

/// A workbook that is mutated, in its month.
struct Seed {
    kind: Kind,
    target: String,
    files: Files,
    terms: Terms,
    intact: Result,
}

impl Seed {
    fn new(kind: Kind, target: String, files: Files, terms: Terms) -> Self {
        let intact = judged(&files, &terms, Way::General).unwrap();
        Self { kind, target, files, terms, intact }
    }
}

/// A list and a bank export of every kind, and the samples, which other programs wrote.
fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for kind in Kind::ALL {
        let format = proof::FORMATS[0];
        let month = simulated(format, 5);
        let is_csv =
            |path: &&String| Path::new(path.as_str()).extension().is_some_and(|own| own == "csv");
        let largest = |is_list: bool| {
            let own = month
                .keys()
                .filter(is_csv)
                .filter(|path| (kind_of(path, format) == LIST) == is_list);
            own.max_by_key(|path| month[*path].len()).unwrap()
        };
        for target in [largest(true), largest(false)] {
            let mut files = month.clone();
            let bytes = workbook(kind, &table(&files.remove(target).unwrap()));
            let target = format!("{target}.{}", kind.ending());
            files.insert(target.clone(), bytes);
            seeds.push(Seed::new(kind, target, files, november()));
        }
    }
    for (kind, name, target) in [
        (Kind::Xlsx, "list-xlsx", "liste.xlsx"),
        (Kind::Xlsx, "list-workbook-sheets", "liste.xlsx"),
        (Kind::Ods, "list-ods", "liste.ods"),
    ] {
        let folder = Path::new("samples/traps").join(name);
        let files = month::files(&folder);
        seeds.push(Seed::new(kind, target.to_owned(), files, month::terms(&folder)));
    }
    seeds
}

/// How a workbook was changed.
#[derive(Clone, Copy, Debug)]
enum How {
    /// Its bytes, as a medium does.
    Bytes,
    /// What is in it, packed anew with check sums that fit, as a person or an enemy does: a row that is
    /// taken out like that leaves no trace.
    Packed,
}

/// The bytes of the workbook with this number.
fn mutated(original: &[u8], number: u64) -> (Vec<u8>, How) {
    let mut numbers =
        Numbers(0x9E37_79B9_7F4A_7C15 ^ (number + 1).wrapping_mul(0xD134_2543_DE82_EF95));
    for _ in 0..8 {
        numbers.next();
    }
    let is_archive = original.starts_with(b"PK");
    if is_archive && numbers.below(4) > 0 {
        return (with_changed_part(original, &mut numbers), How::Packed);
    }
    let mut bytes = original.to_vec();
    for _ in 0..=numbers.below(3) {
        binary(&mut bytes, &mut numbers);
    }
    (bytes, How::Bytes)
}

/// What happens to bytes that are no text.
fn binary(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let length = bytes.len();
    if length == 0 {
        return;
    }
    let at = numbers.below(length);
    let extreme: &[&[u8]] = &[
        &[0; 4],
        &[0xFF; 4],
        &[0xFF, 0xFF, 0xFF, 0x7F],
        &[0, 0, 0, 0x80],
        &[1, 0, 0, 0],
        &[0xFE, 0xFF, 0xFF, 0xFF],
        &[0xFF; 2],
        &[0x20, 0x20],
        &[0, 0, 1, 0],
    ];
    match numbers.below(8) {
        0 => bytes.truncate(at),
        1 | 2 => {
            for _ in 0..=numbers.below(6) {
                let at = numbers.below(length);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << numbers.below(8);
                }
            }
        }
        3 | 4 => {
            let word = numbers.one_of(extreme);
            for (own, new) in bytes.iter_mut().skip(at).zip(word) {
                *own = *new;
            }
        }
        5 => bytes.iter_mut().skip(at / 512 * 512).take(512).for_each(|byte| *byte = 0),
        6 => drop(bytes.drain(at..(at + numbers.below(600)).min(length).max(at))),
        _ => {
            let end = (at + numbers.below(600)).min(bytes.len());
            let piece = bytes.get(at..end).unwrap_or_default().to_vec();
            let to = numbers.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
    }
}

/// An archive packed anew with one part changed, so that its check sums fit.
fn with_changed_part(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).unwrap();
        let mut text = Vec::new();
        part.read_to_end(&mut text).unwrap();
        parts.push((part.name().unwrap().into_owned(), text));
    }
    // The two largest hold the cells and their texts.
    let mut by_size: Vec<usize> = (0..parts.len()).collect();
    by_size.sort_by_key(|part| std::cmp::Reverse(parts[*part].1.len()));
    let chosen = match numbers.below(3) {
        0 => numbers.below(parts.len()),
        _ => by_size[numbers.below(by_size.len().min(2))],
    };
    match numbers.below(12) {
        0 => drop(parts.remove(chosen)),
        1 => {
            let other = numbers.below(parts.len());
            let name = parts[other].0.clone();
            parts[chosen].0 = name;
        }
        _ => {
            for _ in 0..=numbers.below(3) {
                markup(&mut parts[chosen].1, numbers);
            }
        }
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        // A second part of one name is nothing that this library writes.
        if writer.start_file(name, SimpleFileOptions::default()).is_ok() {
            writer.write_all(&text).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

/// What happens to a text with markup.
fn markup(text: &mut Vec<u8>, numbers: &mut Numbers) {
    let starts: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b'<').collect();
    if starts.len() < 4 {
        return binary(text, numbers);
    }
    let element = |numbers: &mut Numbers| {
        let first = numbers.below(starts.len() - 1);
        let last = (first + 1 + numbers.below(4)).min(starts.len() - 1);
        (starts[first], starts[last])
    };
    match numbers.below(9) {
        0 => {
            let (from, to) = element(numbers);
            text.drain(from..to);
        }
        1 => {
            let (from, to) = element(numbers);
            let times = [1, 2, 50, 3000][numbers.below(4)];
            let piece = text[from..to].repeat(times);
            text.splice(from..from, piece);
        }
        2 | 3 => {
            let digits: Vec<usize> =
                (0..text.len()).filter(|at| text[*at].is_ascii_digit()).collect();
            if digits.is_empty() {
                return;
            }
            let at = digits[numbers.below(digits.len())];
            let new = numbers.one_of(&[
                b"0",
                b"-1",
                b"4294967295",
                b"99999999999999999999",
                b"1e308",
                b"",
                b"NaN",
                b"16384",
                b"1048577",
                b"7",
            ]);
            text.splice(at..=at, new.iter().copied());
        }
        4 => {
            let (from, _) = element(numbers);
            let new = numbers.one_of(&[
                b" r=\"XFD1048576\"",
                b" table:number-rows-repeated=\"1000000\"",
                b" table:number-columns-repeated=\"1000000\"",
                b" t=\"e\"",
                b" uniqueCount=\"4000000000\"",
                b" spans=\"1:16384\"",
            ]);
            let end = text[from..].iter().position(|byte| matches!(byte, b'>' | b'/' | b' '));
            let at = from + end.unwrap_or(0);
            text.splice(at..at, new.iter().copied());
        }
        5 => {
            let (from, _) = element(numbers);
            let new = numbers.one_of(&[
                b"<!DOCTYPE a [<!ENTITY b \"c\">]>",
                b"<![CDATA[",
                b"]]>",
                b"&#0;",
                b"&b;",
                b"\0",
                b"\xff",
                b"<row/>",
                b"</table:table>",
            ]);
            text.splice(from..from, new.iter().copied());
        }
        6 => {
            let (from, to) = element(numbers);
            let piece = text[from..to].to_vec();
            let (at, _) = element(numbers);
            text.splice(at..at, piece);
        }
        _ => binary(text, numbers),
    }
}

/// The most memory this process has had (kB); nothing where the system does not say.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let word = line.and_then(|line| line.split_whitespace().nth(1)).map(str::to_owned);
    word.and_then(|word| word.parse().ok()).unwrap_or(0)
}

/// Reads workbooks, and says after each what came of it.
fn child(range: &str) {
    let (from, to) = range.split_once('-').unwrap();
    let seeds = seeds();
    for number in from.parse::<u64>().unwrap()..to.parse().unwrap() {
        let seed = &seeds[usize::try_from(number).unwrap() % seeds.len()];
        let mut files = seed.files.clone();
        let original = &seed.files[&seed.target];
        println!("\nbegin {number} {:?} {}", seed.kind, seed.target);
        let (bytes, how) = mutated(original, number);
        files.insert(seed.target.clone(), bytes);
        let way = [Way::General, Way::Brief][usize::try_from(number / 7 % 2).unwrap()];
        let answer = answer(&seed.intact, judged(&files, &seed.terms, way), &seed.target);
        println!("\nend {number} {:?} {how:?} {answer:?} {}", seed.kind, memory());
    }
}

/// Runs a child; gives its last word if it did not come to an end.
fn run(range: &str, take: &mut dyn FnMut(&[&str])) -> std::result::Result<(), String> {
    // No file may get what would bring the machine down.
    let shell = "ulimit -v 2000000; exec \"$0\" --exact workbook_mutation::mutated_workbooks_do_no_harm --nocapture";
    let mut child = Command::new("sh")
        .args(["-c", shell])
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, range)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (sender, lines) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        for line in output.lines().map_while(std::result::Result::ok) {
            let _ended = sender.send(line);
        }
    });
    let mut last = String::from("nothing");
    loop {
        match lines.recv_timeout(HANGS) {
            Ok(line) => {
                let words: Vec<&str> = line.split(' ').collect();
                match words.first() {
                    Some(&"begin") => last = line,
                    Some(&"end") => take(&words),
                    _ => {}
                }
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                child.kill().unwrap();
                child.wait().unwrap();
                return Err(format!("hangs behind: {last}"));
            }
        }
    }
    reader.join().unwrap();
    let status = child.wait().unwrap();
    if status.success() { Ok(()) } else { Err(format!("{status} behind: {last}")) }
}

#[cfg(unix)]
#[test]
fn mutated_workbooks_do_no_harm() {
    if let Ok(range) = std::env::var(CHILD) {
        return child(&range);
    }
    let asked = std::env::var("GUTSCHRIFT_MUTATED_WORKBOOKS").ok();
    let total: u64 = asked.and_then(|text| text.parse().ok()).unwrap_or(180);
    let mut table: BTreeMap<[String; 3], u64> = BTreeMap::new();
    let mut most: BTreeMap<String, u64> = BTreeMap::new();
    let mut seen = 0;
    let mut silent = Vec::new();
    for from in (0..total).step_by(2000) {
        let to = (from + 2000).min(total);
        run(&format!("{from}-{to}"), &mut |words| {
            let [_, number, kind, how, answer, memory] = words else { panic!("{words:?}") };
            let memory: u64 = memory.parse().unwrap();
            assert!(memory <= MOST_MEMORY, "workbook {number} takes {memory} kB");
            seen += 1;
            let most = most.entry((*kind).to_owned()).or_default();
            *most = memory.max(*most);
            *table.entry([*kind, *how, *answer].map(str::to_owned)).or_default() += 1;
            if matches!(*answer, "Cautious" | "Wrong") {
                silent.push(format!("{how} {answer}: workbook {number}, {kind}"));
            }
        })
        .unwrap();
    }
    for ([kind, how, answer], count) in &table {
        println!("| {kind} | {how} | {answer} | {count} |");
    }
    println!("most memory (kB, with the test itself): {most:?}");
    println!("{}", silent.join("\n"));
    assert_eq!(seen, total);
    let refused: u64 = table.iter().filter(|([.., one], _)| one == "Refused").map(|(_, n)| n).sum();
    assert!(refused * 5 > total && refused < total, "{table:?}");
    // An XLS file has no check sums: a changed number of a cell is another number.
    let is_damage = |one: &&String| one.starts_with("Bytes Wrong") && !one.ends_with("Xls");
    let wrong = silent.iter().any(|one| is_damage(&one));
    assert!(!wrong, "damage that nobody was told of: {}", silent.join("\n"));
}
