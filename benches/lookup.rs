//! Look-ups in a saved result, with its index and without, and the making of the index. Run with
//! `cargo bench --bench lookup`; the result is made of 20,000 payments, or of
//! `GUTSCHRIFT_BENCH_PAYMENTS`, or is the file that `GUTSCHRIFT_BENCH_RESULT` names.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark that cannot run should say so loudly"
)]

use std::fmt::Write;
use std::io;
use std::sync::Arc;
use std::sync::OnceLock;

use divan::Bencher;
use gutschrift::reports::lookup::Saved;
use gutschrift::reports::lookup::index::Builder;
use gutschrift::reports::lookup::index::Index;
use gutschrift::reports::lookup::index::Source;
use gutschrift::reports::lookup::search::Query;
use gutschrift::reports::lookup::search::find;

fn main() {
    divan::main();
}

#[derive(Clone, Debug)]
struct Bytes(Arc<Vec<u8>>);

impl Source for Bytes {
    fn length(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap()
    }

    fn changed(&self) -> Option<u64> {
        Some(1)
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap();
        let from = self.0.get(start..start.saturating_add(buffer.len())).unwrap();
        buffer.copy_from_slice(from);
        Ok(())
    }
}

/// A result with names of which few are equal, as large as one with trails.
fn result() -> Bytes {
    static RESULT: OnceLock<Bytes> = OnceLock::new();
    RESULT.get_or_init(make).clone()
}

fn make() -> Bytes {
    if let Ok(path) = std::env::var("GUTSCHRIFT_BENCH_RESULT") {
        return Bytes(Arc::new(std::fs::read(path).unwrap()));
    }
    let payments = std::env::var("GUTSCHRIFT_BENCH_PAYMENTS");
    let payments: u32 = payments.ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let mut text = String::from(
        "{\n  \"schema\": \"gutschrift.verify/1\",\n  \"run\": {\"due\": \"2023-11-30\", \"horizon\": \"2023-12-01\"},\n  \"payments\": [",
    );
    for number in 0..payments {
        let comma = if number == 0 { "" } else { "," };
        let (given, family) = (name(number.wrapping_mul(7) % 3_001), name(number));
        let trail = "\"booked on 2023-11-30, value date 2023-11-30, amount -563.00 [bank.csv:88]\"";
        write!(
            text,
            "{comma}\n    {{\"case_id\": \"50.12-{number:07}\", \"end_to_end_id\": \"E{number}\", \"benefit\": null,
      \"beneficiary\": \"{given} {family}\", \"payee\": \"{given} {family}\", \"iban\": \"DE…{:04}\",
      \"amount\": \"563.00\", \"source\": {{\"file\": \"list.csv\", \"line\": {number}}},
      \"status\": \"credited\", \"reason\": \"booked\", \"evidence\": \"E5\", \"due\": \"2023-11-30\",
      \"entries\": [], \"trail\": [{trail}, {trail}, {trail}, {trail}, {trail}]}}",
            number % 10_007 % 10_000,
        )
        .unwrap();
    }
    text.push_str("\n  ]\n}\n");
    Bytes(Arc::new(text.into_bytes()))
}

/// A pronounceable name for a number.
fn name(number: u32) -> String {
    let mut rest = number.wrapping_add(500);
    let mut name = String::new();
    while rest > 0 {
        let pair = usize::try_from(rest % 60).unwrap();
        name.extend("bdfghklmnprs".chars().nth(pair / 5));
        name.extend("aeiou".chars().nth(pair % 5));
        rest /= 60;
    }
    name + "er"
}

fn index(result: &Bytes) -> Bytes {
    let mut builder = Builder::default();
    for piece in result.0.chunks(1 << 16) {
        builder.push(piece);
    }
    let mut out = Vec::new();
    assert!(builder.write(result, &mut out).unwrap());
    Bytes(Arc::new(out))
}

#[divan::bench(sample_count = 3)]
fn make_the_index(bencher: Bencher<'_, '_>) {
    let result = result();
    bencher.bench(|| index(&result));
}

const QUERIES: [&str; 6] =
    ["50.12-0000777", "0777", "NAME", "START", "Similar Nobody", "Nobody 777"];

fn query(kind: &str) -> Query {
    let text = match kind {
        "NAME" => format!("{} {}", name(777 * 7 % 3_001), name(777)),
        "START" => name(777).trim_end_matches("er").to_owned(),
        other => other.to_owned(),
    };
    Query::new(&text, None).unwrap()
}

#[divan::bench(args = QUERIES, sample_count = 20)]
fn with_index(bencher: Bencher<'_, '_>, kind: &str) {
    let (result, query) = (result(), query(kind));
    let index = index(&result);
    bencher.bench(|| {
        let index = Index::open(Box::new(result.clone()), Box::new(index.clone())).unwrap();
        let payments = index.candidates(&query).unwrap();
        find(&payments, &query).len()
    });
}

#[divan::bench(args = QUERIES, sample_count = 3)]
fn without_index(bencher: Bencher<'_, '_>, kind: &str) {
    let (result, query) = (result(), query(kind));
    bencher.bench(|| {
        let saved: Saved = serde_json::from_slice(&result.0).unwrap();
        find(&saved.payments, &query).len()
    });
}
