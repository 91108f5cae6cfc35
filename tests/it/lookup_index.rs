//! A look-up answers the same with an index and without, whatever has happened to the index.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::process::Output;
use std::rc::Rc;

use gutschrift::reports::lookup::Saved;
use gutschrift::reports::lookup::SavedPayment;
use gutschrift::reports::lookup::index::Builder;
use gutschrift::reports::lookup::index::Index;
use gutschrift::reports::lookup::index::Source;
use gutschrift::reports::lookup::index::Unfit;
use gutschrift::reports::lookup::search::Query;
use gutschrift::reports::lookup::search::find;
use proptest::prelude::*;

/// Bytes in memory with the time they were changed.
#[derive(Clone, Debug)]
struct Bytes(Rc<Vec<u8>>, Option<u64>);

impl Source for Bytes {
    fn length(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap()
    }

    fn changed(&self) -> Option<u64> {
        self.1
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap();
        let end = start.checked_add(buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(self.0.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

fn bytes(bytes: Vec<u8>) -> Bytes {
    Bytes(Rc::new(bytes), Some(1))
}

fn index_of(result: &Bytes, piece: usize) -> Bytes {
    let mut builder = Builder::default();
    for piece in result.0.chunks(piece) {
        builder.push(piece);
    }
    let mut out = Vec::new();
    assert!(builder.write(result, &mut out).unwrap(), "this is a result");
    bytes(out)
}

fn open(result: &Bytes, index: &Bytes) -> Result<Index, Unfit> {
    Index::open(Box::new(result.clone()), Box::new(index.clone()))
}

/// What a search among these payments says, with everything that is shown.
fn said(payments: &[SavedPayment], query: &Query) -> String {
    let mut said = String::new();
    for person in find(payments, query) {
        let shown = serde_json::to_string(&person.payments).unwrap();
        writeln!(said, "{:?} {shown}", person.by).unwrap();
    }
    said
}

fn assert_same(all: &[SavedPayment], index: &Index, text: &str, amount: Option<&str>) -> usize {
    let query = Query::new(text, amount).unwrap();
    let whole = said(all, &query);
    let some = index.candidates(&query).unwrap();
    assert_eq!(said(&some, &query), whole, "{text:?} {amount:?}");
    whole.len()
}

fn gutschrift(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap()
}

/// A simulated month's result at `folder/result.json`, with its index.
fn simulated(folder: &Path, more: &[&str]) -> String {
    let folder = folder.to_str().unwrap();
    let month = format!("{folder}/month");
    if !Path::new(&month).exists() {
        let arguments = ["simulate", "--payments", "400", "--mix", "hostile", "--out", &month];
        assert!(gutschrift(&arguments).status.success());
    }
    let result = format!("{folder}/result.json");
    // A result as short as this gets an index only where there is one already.
    fs::write(format!("{result}.index"), "").unwrap();
    let month = format!("{month}/month");
    let mut arguments = vec!["verify", &month, "--format", "json", "--output", &result];
    arguments.extend(more);
    let verified = gutschrift(&arguments);
    assert_eq!(verified.status.code(), Some(1), "{}", String::from_utf8_lossy(&verified.stderr));
    result
}

/// What people ask for when they mean this payment, rightly and wrongly spelt.
fn queries(payment: &SavedPayment) -> Vec<String> {
    let mut queries = Vec::new();
    if let Some(case) = &payment.case_id {
        queries.push(case.clone());
        queries.push(case.replace(['.', '-'], " "));
        queries.push(case.replace(['.', '-', '0'], ""));
        queries.push(case.chars().rev().take(5).collect());
    }
    if let Some(iban) = &payment.iban {
        queries.push(iban.clone());
        for count in [4, 5, 6, 8, 10] {
            let skipped = iban.chars().count().saturating_sub(count);
            queries.push(iban.chars().skip(skipped).collect());
        }
    }
    for name in [&payment.beneficiary, &payment.payee].into_iter().flatten() {
        queries.push(name.clone());
        queries.push(name.to_uppercase().replace('Ü', "UE"));
        queries.push(name.split(' ').next_back().unwrap_or("").to_owned());
        queries.push(name.chars().take(3).collect());
        queries.push(name.chars().take(6).collect());
        queries.push(name.replace('e', "a"));
        queries.push(name.replace('r', ""));
        queries.push(name.replace("sch", "sh").replace('k', "c"));
        queries.push(format!("{name}x"));
        queries.push(format!("{name} Nobody"));
    }
    queries
}

#[test]
fn a_month_answers_the_same_with_its_index() {
    let folder = tempfile::tempdir().unwrap();
    for more in [&[][..], &["--full-iban"]] {
        let path = simulated(folder.path(), more);
        let result = bytes(fs::read(&path).unwrap());
        let saved: Saved = serde_json::from_slice(&result.0).unwrap();
        let written = fs::read(format!("{path}.index")).unwrap();
        let index = open(&result, &bytes(written)).unwrap();
        assert_eq!(index.run().unwrap().due, saved.run.due);
        let (mut asked, mut found) = (0, 0);
        for payment in saved.payments.iter().step_by(9) {
            for query in queries(payment) {
                found += usize::from(assert_same(&saved.payments, &index, &query, None) > 0);
                asked += 1;
            }
            if let (Some(name), Some(amount)) = (&payment.beneficiary, &payment.amount) {
                assert_same(&saved.payments, &index, name, Some(amount));
                assert_same(&saved.payments, &index, &name.replace('n', "m"), Some(amount));
                assert_same(&saved.payments, &index, name, Some("0.01"));
            }
        }
        assert!(asked > 800 && found > asked / 2 && found < asked, "{found} of {asked}");
        for query in ["", " ", "-", "0", "0000", "a", "ab", "abc", "é", "\u{1f600}", "DE", "…1234"]
        {
            assert_same(&saved.payments, &index, query, None);
        }
    }
}

/// A result of these payments: case number, beneficiary, payee, account number, amount.
type Row = (Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);

fn result_of(rows: &[Row]) -> Bytes {
    let payments: Vec<SavedPayment> = rows
        .iter()
        .enumerate()
        .map(|(number, (case_id, beneficiary, payee, iban, amount))| {
            let mut payment = SavedPayment {
                case_id: case_id.clone(),
                beneficiary: beneficiary.clone(),
                payee: payee.clone(),
                iban: iban.clone(),
                amount: amount.clone(),
                ..SavedPayment::default()
            };
            payment.source.line = u32::try_from(number).unwrap();
            payment
        })
        .collect();
    let payments = serde_json::to_string(&payments).unwrap();
    bytes(
        format!(
            "{{\"payments\":{payments},\"schema\":\"gutschrift.verify/1\",\"run\":{{\"due\":null}}}}"
        )
        .into_bytes(),
    )
}

fn row() -> impl Strategy<Value = Row> {
    let word = prop_oneof![
        Just("Anna"),
        Just("Müller"),
        Just("Mueller"),
        Just("Miller"),
        Just("Meier"),
        Just("Mayr"),
        Just("von"),
        Just("Ümit-Ö"),
        Just("\"\\"),
        Just("Heim 7"),
        Just("Чехов"),
        Just("Annabella"),
        Just("ß"),
    ];
    let name = prop::collection::vec(word, 0..4).prop_map(|words| words.join(" "));
    let case = prop_oneof!["0{0,2}[1-3]", "5[01]\\.0?[12]-[0-2]", "[A-Zä-]{0,2}"];
    let iban = prop_oneof!["DE…[0-1]{4}", "[01]{0,9}", "ß[01]{4}", "DE0212030000000020205[0-2]"];
    let amount =
        prop_oneof![Just("1.00".to_owned()), Just("2.00".to_owned()), Just("?".to_owned())];
    (
        prop::option::of(case),
        prop::option::of(name.clone()),
        prop::option::of(name),
        prop::option::of(iban),
        prop::option::of(amount),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_payments_answer_the_same(
        rows in prop::collection::vec(row(), 0..24),
        asked in prop::collection::vec(row(), 1..8),
        piece in 1..200_usize,
    ) {
        let result = result_of(&rows);
        let saved: Saved = serde_json::from_slice(&result.0).unwrap();
        let index = open(&result, &index_of(&result, piece)).unwrap();
        for (case, name, start, iban, _) in asked {
            let start = start.map(|name| name.chars().take(4).collect());
            for text in [case, name, start, iban].into_iter().flatten() {
                for amount in [None, Some("1.00"), Some("2,00")] {
                    assert_same(&saved.payments, &index, &text, amount);
                }
            }
        }
    }
}

/// A small result, its index, and queries of every kind.
fn small() -> (Bytes, Bytes, Vec<Query>) {
    let text = |text: &str| Some(text.to_owned());
    let rows: Vec<Row> = (0..40)
        .map(|number| {
            let name = ["Anna Meier", "Jürgen Müller", "Elif Çelik", "Horst Groß"][number % 4];
            let iban = format!("DE…{:04}", number * 11);
            (Some(format!("50.12-{number:03}")), text(name), None, Some(iban), text("1.00"))
        })
        .collect();
    let result = result_of(&rows);
    let index = index_of(&result, 64);
    let queries = ["50.12-7", "0077", "Anna Meier", "jurg", "Mayer", "Celikk Elif", "Nobody"];
    let queries = queries.map(|text| Query::new(text, None).unwrap()).into();
    (result, index, queries)
}

/// Either nothing is said with this index, or the same as without any.
fn assert_refused_or_same(result: &Bytes, index: &Bytes, queries: &[(Query, String)]) -> bool {
    let Ok(index) = open(result, index) else { return true };
    let _run = index.run();
    let mut refused = false;
    for (query, whole) in queries {
        match index.candidates(query) {
            Ok(some) => assert_eq!(&said(&some, query), whole),
            Err(_) => refused = true,
        }
    }
    refused
}

#[test]
fn a_damaged_index_never_answers_otherwise() {
    let (result, index, queries) = small();
    let saved: Saved = serde_json::from_slice(&result.0).unwrap();
    let queries: Vec<(Query, String)> = queries
        .into_iter()
        .map(|query| {
            let whole = said(&saved.payments, &query);
            (query, whole)
        })
        .collect();
    assert!(!assert_refused_or_same(&result, &index, &queries));
    for place in 0..index.0.len() {
        for change in [1, 0x80] {
            let mut changed = index.0.to_vec();
            changed[place] ^= change;
            assert!(assert_refused_or_same(&result, &bytes(changed), &queries), "{place}");
        }
        let cut = index.0[..place].to_vec();
        assert!(open(&result, &bytes(cut)).is_err());
    }
    let longer = [&index.0[..], &index.0[..]].concat();
    assert!(assert_refused_or_same(&result, &bytes(longer), &queries));
    for noise in [vec![], vec![0; 5000], vec![0xff; 5000]] {
        assert!(open(&result, &bytes(noise)).is_err());
    }
}

#[test]
fn an_index_belongs_to_one_result() {
    let (result, index, _) = small();
    let copied = Bytes(Rc::clone(&result.0), Some(2));
    assert!(open(&copied, &index).is_ok(), "all bytes are the same");
    let unknown = Bytes(Rc::clone(&result.0), None);
    assert!(open(&unknown, &index).is_ok());
    for place in (0..result.0.len()).step_by(7) {
        let mut other = result.0.to_vec();
        other[place] ^= 1;
        let other = Bytes(Rc::new(other), Some(2));
        assert_eq!(open(&other, &index).unwrap_err(), Unfit::Stale);
    }
    let shorter = bytes(result.0[1..].to_vec());
    assert_eq!(open(&shorter, &index).unwrap_err(), Unfit::Stale);
}

#[test]
fn what_is_no_result_gets_no_index() {
    for text in ["", "{}", "[]", "]}", "{\"schema\":\"other\",\"run\":{},\"payments\":[]}"] {
        let result = bytes(text.as_bytes().to_vec());
        let mut builder = Builder::default();
        builder.push(&result.0);
        assert!(!builder.write(&result, &mut Vec::new()).unwrap(), "{text}");
    }
    let (result, _, _) = small();
    let mut builder = Builder::default();
    builder.push(&result.0[1..]);
    assert!(!builder.write(&result, &mut Vec::new()).unwrap(), "other bytes");
}

#[test]
fn a_stale_index_is_said_and_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = simulated(folder.path(), &[]);
    let index = format!("{path}.index");
    let saved: Saved = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let case = saved.payments.iter().find_map(|payment| payment.case_id.clone()).unwrap();
    let ask = |query: &str| {
        let asked = gutschrift(&["lookup", "--result", &path, query]);
        (
            asked.status.code(),
            String::from_utf8(asked.stdout).unwrap(),
            String::from_utf8(asked.stderr).unwrap(),
        )
    };
    let (code, answer, note) = ask(&case);
    assert_eq!((note.as_str(), answer.contains(&case)), ("", true));

    // Copied without its times: no reason to complain.
    let text = fs::read(&path).unwrap();
    fs::write(&path, &text).unwrap();
    assert_eq!(ask(&case), (code, answer.clone(), String::new()));

    // Without an index.
    let kept = fs::read(&index).unwrap();
    fs::remove_file(&index).unwrap();
    assert_eq!(ask(&case), (code, answer.clone(), String::new()));

    // A result that somebody worked on, as long as before.
    fs::write(&index, &kept).unwrap();
    let other: String = case.chars().map(|c| if c.is_ascii_digit() { '7' } else { c }).collect();
    let edited = String::from_utf8(text).unwrap().replace(&case, &other);
    fs::write(&path, edited).unwrap();
    let (_, answer, note) = ask(&other);
    assert!(answer.contains(&other) && note.contains("does not belong to this result"), "{note}");
    let (_, answer, _) = ask(&case);
    assert!(answer.contains("Nobody found"), "{answer}");

    // Made anew.
    let renewed = gutschrift(&["lookup", "--result", &path, "--index"]);
    assert_eq!(renewed.status.code(), Some(0));
    let (_, answer, note) = ask(&other);
    assert_eq!((note.as_str(), answer.contains(&other)), ("", true));

    // Nonsense beside a result.
    fs::write(&index, b"nonsense").unwrap();
    let (_, answer, note) = ask(&other);
    assert!(answer.contains(&other) && note.contains("is damaged"), "{note}");
    let failed = gutschrift(&["lookup", "--result", &index, "--index"]);
    assert_eq!(failed.status.code(), Some(3));
}

#[test]
fn the_index_is_as_private_as_its_result() {
    let folder = tempfile::tempdir().unwrap();
    let path = simulated(folder.path(), &[]);
    let index = format!("{path}.index");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&index).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let holds = |text: &str| {
        let bytes = fs::read(&index).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    assert!(holds("kowalski"));
    simulated(folder.path(), &["--redact"]);
    assert!(!Path::new(&index).exists(), "the index of the result before is gone");
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["month", "result.json"], "nothing else is left");
}

#[test]
fn only_long_results_get_an_index_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    for (payments, expected) in [("20", false), ("4000", true)] {
        let month = format!("{folder}/{payments}");
        assert!(
            gutschrift(&["simulate", "--payments", payments, "--out", &month]).status.success()
        );
        let (month, result) = (format!("{month}/month"), format!("{folder}/{payments}.json"));
        gutschrift(&["verify", &month, "--format", "json", "--output", &result]);
        let long = fs::metadata(&result).unwrap().len() >= 4 << 20;
        let index = Path::new(&format!("{result}.index")).exists();
        assert_eq!((long, index), (expected, expected), "{payments}");
    }
}
