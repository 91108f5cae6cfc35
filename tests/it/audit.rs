//! `audit`: everything that the engine claims of the samples is proven again, no claim can be changed without
//! its being found, and no payment that the engine did not credit passes as credited.

use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;

use gutschrift::audit::Basis;
use gutschrift::audit::audit;
use gutschrift::audit::calendar::BankingDays;
use gutschrift::audit::claims::Claims;
use gutschrift::model::amount::Amount;
use gutschrift::model::date::from_iso;
use gutschrift::model::inputs::Inputs;
use gutschrift::model::reading::FileRecord;
use gutschrift::reports::lookup::account::check_of;
use serde_json::Value;
use serde_json::json;

use crate::cli::check;

pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gutschrift"));
    command.current_dir(folder).args(arguments).output().unwrap()
}

fn gutschrift(arguments: &[&str]) -> Output {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

/// Verifies and audits the same files; tells what was not proven.
fn complaint(folder: &Path, verify: &[&str], audit: &[&str]) -> Option<String> {
    let saved = tempfile::tempdir().unwrap();
    let saved = saved.path().join("result.json");
    let saved = saved.to_str().unwrap();
    let made = run_in(
        folder,
        &[&["verify"], verify, &["--format", "json", "--output", saved, "-q"]].concat(),
    );
    if !matches!(made.status.code(), Some(0 | 1)) {
        return None;
    }
    let audited = run_in(folder, &[&["audit", saved], audit, &["--lang", "en"]].concat());
    let text = || {
        String::from_utf8_lossy(&[audited.stdout.clone(), audited.stderr.clone()].concat())
            .into_owned()
    };
    (audited.status.code() != Some(0)).then(|| format!("{}: {}", folder.display(), text()))
}

#[test]
fn all_sample_months_are_proven_again() {
    let mut complaints = Vec::new();
    for month in crate::month::months() {
        let files = crate::month::files(&month);
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let options =
            std::fs::read_to_string(month.join("expected/options.txt")).unwrap_or_default();
        let verify: Vec<&str> = ["."].into_iter().chain(options.split_whitespace()).collect();
        complaints.extend(
            complaint(folder.path(), &verify, &["."])
                .map(|text| format!("{}: {text}", month.display())),
        );
    }
    assert!(complaints.is_empty(), "{}\n{}", complaints.len(), complaints.join("\n"));
}

/// The cases below a folder, each with its call.
fn cases(root: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let folders = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<(PathBuf, Vec<String>)> = folders
        .filter_map(|folder| {
            let call = std::fs::read_to_string(folder.join("cmd")).ok()?;
            let call: Vec<String> = call.split_whitespace().map(str::to_owned).collect();
            Some((folder, call))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn all_cases_are_proven_again() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/evidence");
    let more = std::env::var_os("GUTSCHRIFT_CASES").map(PathBuf::from);
    let (mut complaints, mut audited) = (Vec::new(), 0);
    for (folder, call) in [own].into_iter().chain(more).flat_map(|root| cases(&root)) {
        if call.first().is_none_or(|word| word != "verify")
            || call.iter().any(|word| word == "--redact")
        {
            continue;
        }
        let mut verify: Vec<&str> = Vec::new();
        let mut audit: Vec<&str> = Vec::new();
        let mut words = call.iter().skip(1).map(String::as_str);
        while let Some(word) = words.next() {
            if matches!(word, "--format" | "--output" | "--entries" | "--lang") {
                words.next();
                continue;
            }
            verify.push(word);
            let takes = matches!(word, "--list" | "--order" | "--bank" | "--config");
            if takes || folder.join(word).exists() && !word.starts_with("--") {
                audit.push(word);
            }
            if word.starts_with("--") && !matches!(word, "--plain" | "--quiet" | "--full-iban") {
                let value = words.next();
                verify.extend(value);
                audit.extend(value.filter(|_| takes));
            }
        }
        audited += 1;
        complaints.extend(complaint(&folder, &verify, &audit));
    }
    assert!(audited > 150, "{audited} cases");
    assert!(complaints.is_empty(), "{}\n{}", complaints.len(), complaints.join("\n"));
}

/// The result of a sample, and its files with the digests that the result names.
fn month(name: &str) -> (Value, Inputs) {
    loaded(name).unwrap_or_else(|| panic!("{name}"))
}

/// The same, unless the files cannot be used when all of them are named, or have names that results mask.
pub(crate) fn loaded(name: &str) -> Option<(Value, Inputs)> {
    let month = Path::new("samples").join(name);
    let files = crate::month::files(&month);
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let options = options(&month);
    let mut arguments = vec!["verify"];
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    arguments.extend(&names);
    arguments.extend(options.split_whitespace());
    arguments.extend(["--format", "json", "--lang", "en"]);
    let done = run_in(folder.path(), &arguments);
    let result: Value = serde_json::from_slice(&done.stdout).ok()?;
    let mut inputs = crate::month::inputs(&files).ok()?;
    for file in &mut inputs.files {
        let own = of_file(&result, file)?;
        file.sha256 = own["sha256"].as_str().unwrap().to_owned();
        file.skipped = own["skipped"].as_u64().unwrap();
        file.version = own["version"].as_str().map(str::to_owned);
        file.encoding = own["encoding"].as_str().map(str::to_owned);
    }
    Some((result, inputs))
}

/// What a month is asked with: the options beside its oracle, or those of its call.
fn options(month: &Path) -> String {
    if let Ok(options) = std::fs::read_to_string(month.join("expected/options.txt")) {
        return options;
    }
    let call = std::fs::read_to_string(month.join("cmd")).unwrap_or_default();
    let words: Vec<&str> =
        call.split_whitespace().skip_while(|own| !own.starts_with("--")).collect();
    words.join(" ")
}

fn of_file<'r>(result: &'r Value, file: &FileRecord) -> Option<&'r Value> {
    let mut all = result["run"]["files"].as_array()?.iter();
    all.find(|own| own["path"] == file.path.as_str())
}

/// The exit code of an audit; `None` for what is no result any more.
pub(crate) fn code(result: &Value, inputs: &Inputs) -> Option<u8> {
    let claims: Claims = serde_json::from_value(result.clone()).ok()?;
    let basis = Basis {
        calendar: BankingDays::default(),
        config_sha256: None,
        closed: Vec::new(),
        check_of,
    };
    Some(audit(&claims, inputs, &basis).exit_code())
}

const SAMPLES: [&str; 11] = [
    "2023-11-clean",
    "2023-11-open",
    "traps/return-by-id",
    "traps/batch-by-order",
    "traps/merged-closes",
    "traps/split-closes",
    "traps/repaid-in-time",
    "traps/confirmed",
    "traps/twins-by-count",
    "traps/batch-resolved",
    "traps/batch-returned-as-a-whole",
];

/// What carries no claim that files could bear out: sentences, names, and what a follow-up says besides.
fn carries_no_claim(path: &[String], payment: Option<&Value>) -> bool {
    let name = path.iter().rev().find(|part| part.parse::<usize>().is_err()).unwrap().as_str();
    let is_follow_up = payment.is_some_and(|own| own["status"] == "follow-up");
    let of_follow_ups = [
        "reason",
        "how",
        "rule",
        "evidence",
        "credited_amount",
        "action",
        "actor",
        "reason_code",
        "reason_text",
    ];
    path[0] == "problems"
        || path[0] == "schema"
        || path.get(1).is_some_and(|own| own == "missing")
        || ["trail", "tool", "month"].contains(&name)
        || path.get(1).is_some_and(|own| own == "options")
        || path.get(1).is_some_and(|own| own == "files") && name == "path"
        // An index for `check --store`; the file's own digest is held.
        || path.get(3).is_some_and(|own| own == "orders")
        || is_follow_up && of_follow_ups.contains(&name)
}

fn changed(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(own) => vec![json!(!own)],
        Value::Number(own) => vec![json!(own.as_u64().unwrap() + 1)],
        Value::Null => vec![json!("2023-11-28"), json!("x")],
        Value::String(own) => {
            let day = from_iso(own).filter(|_| own.len() == 10);
            let amount = Amount::from_iso(own).ok().filter(|_| own.contains('.'));
            match (day, amount, own.as_str()) {
                (Some(day), ..) => [day.succ_opt(), day.pred_opt()]
                    .into_iter()
                    .flatten()
                    .map(|day| json!(day.to_string()))
                    .collect(),
                (_, Some(amount), _) => {
                    vec![json!(Amount::from_cents(amount.cents() + 1).to_string()), Value::Null]
                }
                (.., "credited" | "delayed" | "follow-up") => ["credited", "delayed", "follow-up"]
                    .into_iter()
                    .filter(|status| status != own)
                    .map(|status| json!(status))
                    .collect(),
                (.., "E4" | "E5" | "E6" | "E7") => ["E0", "E3", "E4", "E5", "E6", "E7", "X2"]
                    .into_iter()
                    .filter(|level| level != own)
                    .map(|level| json!(level))
                    .collect(),
                (.., text) => vec![json!(format!("{text}x")), Value::Null],
            }
        }
        Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

/// All scalars of a document by their paths.
fn scalars(value: &Value, path: &[String], found: &mut Vec<Vec<String>>) {
    let below = |name: &str| [path, &[name.to_owned()]].concat();
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| scalars(member, &below(name), found));
        }
        Value::Array(members) => {
            for (number, member) in members.iter().enumerate() {
                scalars(member, &below(&number.to_string()), found);
            }
        }
        _ => found.push(path.to_vec()),
    }
}

fn at<'v>(value: &'v mut Value, path: &[String]) -> &'v mut Value {
    path.iter().fold(value, |value, part| match part.parse::<usize>() {
        Ok(number) if value.is_array() => &mut value[number],
        _ => &mut value[part],
    })
}

#[test]
fn whatever_is_changed_in_a_result_is_found() {
    let (mut missed, mut tried) = (Vec::new(), 0);
    for name in SAMPLES {
        let (result, inputs) = month(name);
        assert_eq!(code(&result, &inputs), Some(0), "{name}");
        let mut paths = Vec::new();
        scalars(&result, &[], &mut paths);
        for path in paths {
            let number = (path[0] == "payments").then(|| path[1].parse::<usize>().unwrap());
            if carries_no_claim(&path, number.map(|number| &result["payments"][number])) {
                continue;
            }
            let mut forged = result.clone();
            for new in changed(at(&mut forged, &path)) {
                *at(&mut forged, &path) = new;
                tried += 1;
                if code(&forged, &inputs) == Some(0) {
                    missed.push(format!("{name}: {} {}", path.join("."), at(&mut forged, &path)));
                }
            }
        }
        // Leaving out a payment, a booking, or what a payment cites.
        for list in ["payments", "bank_entries"] {
            for number in 0..result[list].as_array().unwrap().len() {
                let mut forged = result.clone();
                forged[list].as_array_mut().unwrap().remove(number);
                tried += 1;
                if code(&forged, &inputs) == Some(0) {
                    missed.push(format!("{name}: {list} without {number}"));
                }
            }
        }
        for number in 0..result["payments"].as_array().unwrap().len() {
            for entry in 0..result["payments"][number]["entries"].as_array().unwrap().len() {
                let mut forged = result.clone();
                forged["payments"][number]["entries"].as_array_mut().unwrap().remove(entry);
                tried += 1;
                if code(&forged, &inputs) == Some(0) {
                    missed.push(format!("{name}: payment {number} without entry {entry}"));
                }
            }
        }
    }
    assert!(tried > 5000, "{tried}");
    assert!(missed.is_empty(), "{} of {tried}\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn exit_codes_and_missing_files() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("ergebnis.json");
    let saved = saved.to_str().unwrap();
    let sample = "samples/2023-11-clean";
    assert_eq!(gutschrift(&["verify", sample, "-q", "--output", saved]).status.code(), Some(0));
    let audited = gutschrift(&["audit", saved, sample, "--format", "json"]);
    assert_eq!(audited.status.code(), Some(0), "{}", String::from_utf8_lossy(&audited.stdout));
    let report: Value = serde_json::from_slice(&audited.stdout).unwrap();
    assert_eq!(report["schema"], "gutschrift.audit/1");
    assert_eq!(report["result"], "proven");
    assert_eq!(report["counts"]["proven"], report["counts"]["claimed"]);
    let schema = std::fs::read_to_string("docs/schema/gutschrift.audit-1.json").unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut complaints = Vec::new();
    check(&schema, &report, "audit", &mut complaints);
    // A file is missing: its claims are open. No file, or no result at all: wrong usage, unusable data.
    let list = "samples/2023-11-clean/liste.csv";
    assert_eq!(gutschrift(&["audit", saved, list]).status.code(), Some(3));
    assert_eq!(gutschrift(&["audit", saved]).status.code(), Some(2));
    assert_eq!(gutschrift(&["audit", saved, "samples/no-such-folder"]).status.code(), Some(2));
    assert_eq!(gutschrift(&["audit", list, sample]).status.code(), Some(3));
    // A bank file that somebody changed is missing too.
    let copy = folder.path().join("month");
    std::fs::create_dir(&copy).unwrap();
    for name in ["liste.csv", "umsaetze.csv"] {
        let mut bytes = std::fs::read(Path::new(sample).join(name)).unwrap();
        if name == "umsaetze.csv" {
            bytes.extend_from_slice(b"\r\n");
        }
        std::fs::write(copy.join(name), bytes).unwrap();
    }
    let copy = copy.to_str().unwrap();
    let open = gutschrift(&["audit", saved, copy, "--format", "json", "--lang", "de"]);
    assert_eq!(open.status.code(), Some(3), "{}", String::from_utf8_lossy(&open.stdout));
    let report: Value = serde_json::from_slice(&open.stdout).unwrap();
    assert_eq!(report["result"], "open");
    check(&schema, &report, "audit", &mut complaints);
    let text = std::fs::read_to_string(saved).unwrap();
    std::fs::write(saved, text.replacen("\"status\": \"credited\"", "\"status\": \"delayed\"", 1))
        .unwrap();
    for format in ["table", "json", "csv", "md", "html"] {
        let refuted = gutschrift(&["audit", saved, sample, "--format", format, "--lang", "de"]);
        assert_eq!(refuted.status.code(), Some(1), "{format}");
        let text = String::from_utf8(refuted.stdout).unwrap();
        assert!(text.contains("liste.csv") && text.contains("der Stand"), "{text}");
        if format == "json" {
            check(&schema, &serde_json::from_str(&text).unwrap(), "audit", &mut complaints);
        }
    }
    assert!(complaints.is_empty(), "{complaints:?}");
}

#[test]
fn a_result_in_a_store_and_in_a_pack() {
    let folder = tempfile::tempdir().unwrap();
    let (store, pack) = (folder.path().join("ablage"), folder.path().join("paket.zip"));
    let (store, pack) = (store.to_str().unwrap(), pack.to_str().unwrap());
    let sample = "samples/2023-11-clean";
    let kept = gutschrift(&["verify", sample, "-q", "--store", store]);
    assert_eq!(kept.status.code(), Some(0), "{}", String::from_utf8_lossy(&kept.stderr));
    let closed = gutschrift(&["close", "--store", store, "--by", "AB", "--pack", pack]);
    assert_eq!(closed.status.code(), Some(0), "{}", String::from_utf8_lossy(&closed.stderr));
    for arguments in [
        ["audit", "--store", store, sample].as_slice(),
        &["audit", "2", sample, "--store", store],
        &["audit", store, sample],
        &["audit", pack, sample],
    ] {
        let audited = gutschrift(arguments);
        let text = String::from_utf8_lossy(&[audited.stdout, audited.stderr].concat()).into_owned();
        assert_eq!(audited.status.code(), Some(0), "{arguments:?} {text}");
    }
    // A pack in which a file was changed is refuted, though the result in it stands.
    let bytes = std::fs::read(pack).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut forged = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..archive.len() {
        let mut member = archive.by_index(number).unwrap();
        let name = member.name().unwrap().into_owned();
        forged.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        std::io::copy(&mut member, &mut forged).unwrap();
        if name == "payments.csv" {
            std::io::Write::write_all(&mut forged, b"x").unwrap();
        }
    }
    std::fs::write(pack, forged.finish().unwrap().into_inner()).unwrap();
    let audited = gutschrift(&["audit", pack, sample, "--plain"]);
    assert_eq!(audited.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&audited.stdout).contains("payments.csv"));
}
