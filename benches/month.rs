//! Readers, verdicts and the whole job on simulated months. Run with `cargo bench`; sizes above 10,000
//! payments by `GUTSCHRIFT_BENCH_PAYMENTS`.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark that cannot run should say so loudly"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;

use divan::Bencher;
use divan::black_box;
use gutschrift::model::brief::Bytes;
use gutschrift::model::brief::Keys;
use gutschrift::model::crew;
use gutschrift::model::date::Month;
use gutschrift::model::inputs::Inputs;
use gutschrift::model::place::FileId;
use gutschrift::model::reading::FileRecord;
use gutschrift::readers;
use gutschrift::readers::ReadOptions;
use gutschrift::reports;
use gutschrift::reports::options::Options;
use gutschrift::simulate;
use gutschrift::simulate::Settings;
use gutschrift::simulate::faults::Mix;
use gutschrift::simulate::formats::BankFormat;
use gutschrift::verdict::judge;
use gutschrift::verdict::terms::Terms;

/// That of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // As `verify` has it: threads are at hand for whatever is shared out.
    crew::with_crew(2, divan::main);
}

/// Files in memory.
#[derive(Default)]
struct Memory(BTreeMap<String, Rc<RefCell<Vec<u8>>>>);

struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl simulate::Files for Memory {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write>> {
        let bytes = Rc::<RefCell<Vec<u8>>>::default();
        self.0.insert(path.to_owned(), Rc::clone(&bytes));
        Ok(Box::new(Shared(bytes)))
    }
}

fn month(bank_format: BankFormat) -> Vec<(String, Vec<u8>)> {
    let payments = std::env::var("GUTSCHRIFT_BENCH_PAYMENTS");
    let settings = Settings {
        payments: payments.ok().and_then(|text| text.parse().ok()).unwrap_or(10_000),
        seed: 1,
        mix: Mix::Normal,
        month: Month::parse("2023-11").unwrap(),
        bank_format,
        batches: false,
        with_order: false,
        last_month: true,
        withheld: 0,
        rates: Vec::new(),
    };
    let mut files = Memory::default();
    simulate::generate(&settings, &mut files).unwrap();
    files
        .0
        .into_iter()
        .filter(|(path, _)| path.starts_with("month/"))
        .map(|(path, bytes)| (path, bytes.take()))
        .collect()
}

fn read(files: &[(String, Vec<u8>)]) -> Inputs {
    read_with(files, None, 1)
}

/// As `verify` reads: plain rows in brief.
fn read_in_brief(files: &[(String, Vec<u8>)]) -> Inputs {
    read_with(files, Some(&Keys::default()), 2)
}

fn read_with(files: &[(String, Vec<u8>)], keys: Option<&Keys>, threads: usize) -> Inputs {
    let mut inputs = Inputs { keys: keys.cloned(), ..Inputs::default() };
    for (number, (path, bytes)) in files.iter().enumerate() {
        let file = FileId(u32::try_from(number).unwrap());
        let shared = |_: &Keys| Arc::new(bytes.clone()) as Arc<dyn Bytes>;
        let (bytes_to_share, keys) = (keys.map(shared), keys.cloned());
        let options =
            ReadOptions { bytes: bytes_to_share, keys, threads, ..ReadOptions::default() };
        let reading = readers::read(file, path, bytes, &options);
        let format = reading.format.clone();
        inputs.add(FileRecord { path: path.clone(), format, ..FileRecord::default() }, reading);
    }
    inputs
}

const FORMATS: [&str; 4] = ["sparkasse-csv", "vr-csv", "camt.053", "mt940"];

fn format(name: &str) -> BankFormat {
    match name {
        "vr-csv" => BankFormat::VrCsv,
        "camt.053" => BankFormat::Camt053,
        "mt940" => BankFormat::Mt940,
        _ => BankFormat::SparkasseCsv,
    }
}

/// The readers as `verify` uses them: plain rows and bookings in brief.
#[divan::bench(args = FORMATS, sample_count = 10)]
fn readers_in_brief_of(bencher: Bencher<'_, '_>, name: &str) {
    let files = month(format(name));
    bencher.bench(|| read_in_brief(black_box(&files)));
}

#[divan::bench(args = FORMATS, sample_count = 10)]
fn readers_of(bencher: Bencher<'_, '_>, name: &str) {
    let files = month(format(name));
    bencher.bench(|| read(black_box(&files)));
}

/// The event loop of quick-xml over the same camt files, taking amount, mark, day, id, name, account
/// and text of every booking: what `camt_reader_in_brief` is held against.
#[divan::bench(sample_count = 10)]
fn quick_xml_event_loop(bencher: Bencher<'_, '_>) {
    let files = camt_files();
    bencher.bench(|| files.iter().map(|(_, bytes)| events(black_box(bytes))).sum::<usize>());
}

/// Our reader over the same files, with everything a statement says.
#[divan::bench(sample_count = 10)]
fn camt_reader(bencher: Bencher<'_, '_>) {
    let files = camt_files();
    bencher.bench(|| read(black_box(&files)));
}

/// The same as `verify` reads them.
#[divan::bench(sample_count = 10)]
fn camt_reader_in_brief(bencher: Bencher<'_, '_>) {
    let files = camt_files();
    bencher.bench(|| read_in_brief(black_box(&files)));
}

fn camt_files() -> Vec<(String, Vec<u8>)> {
    let mut files = month(BankFormat::Camt053);
    files.retain(|(path, _)| path.contains("_C53_"));
    files
}

fn events(bytes: &[u8]) -> usize {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(io::BufReader::new(bytes));
    let mut buffer = Vec::new();
    let mut wanted = false;
    let mut taken: Vec<String> = Vec::new();
    let mut entries = 0;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Start(start) => {
                let name = start.local_name();
                let name: &str = name.into_inner();
                wanted = matches!(
                    name,
                    "Amt" | "CdtDbtInd" | "Dt" | "EndToEndId" | "Nm" | "IBAN" | "Ustrd"
                );
                if name == "Ntry" {
                    black_box(&taken);
                    taken.clear();
                    entries += 1;
                }
            }
            Event::Text(text) if wanted => taken.push(text.xml10_content().into_owned()),
            Event::End(_) => wanted = false,
            Event::Eof => return entries,
            _ => {}
        }
    }
}

#[divan::bench(sample_count = 10)]
fn lists_and_exports_in_brief(bencher: Bencher<'_, '_>) {
    let files = month(BankFormat::SparkasseCsv);
    bencher.bench(|| read_in_brief(black_box(&files)));
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn verdicts_from_rows_in_brief(bencher: Bencher<'_, '_>, threads: usize) {
    let inputs = read_in_brief(&month(BankFormat::SparkasseCsv));
    let terms = Terms { threads, ..Terms::default() };
    bencher.with_inputs(|| inputs.clone()).bench_values(|inputs| judge(inputs, &terms));
}

#[divan::bench(args = [1, 2], sample_count = 10)]
fn whole_job_to_csv(bencher: Bencher<'_, '_>, threads: usize) {
    let files = month(BankFormat::SparkasseCsv);
    let terms = Terms { threads, ..Terms::default() };
    bencher.bench(|| {
        let outcome = judge(read_in_brief(&files), &terms).unwrap();
        let mut out = Vec::new();
        let options = Options { threads, ..Options::default() };
        reports::csv::write(&outcome, &options, &mut out).unwrap();
        out
    });
}

#[divan::bench(sample_count = 10)]
fn verdicts(bencher: Bencher<'_, '_>) {
    let inputs = read(&month(BankFormat::SparkasseCsv));
    bencher.with_inputs(|| inputs.clone()).bench_values(|inputs| judge(inputs, &Terms::default()));
}

#[divan::bench(sample_count = 10)]
fn whole_job_to_json(bencher: Bencher<'_, '_>) {
    let files = month(BankFormat::SparkasseCsv);
    bencher.bench(|| {
        let outcome = judge(read_in_brief(&files), &Terms::default()).unwrap();
        let mut out = Vec::new();
        reports::json::write(&outcome, &Options::default(), &mut out).unwrap();
        out
    });
}
