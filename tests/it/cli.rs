//! The binary as a person or script meets it: exit codes, outputs, hostile text, the schema.

use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;

use serde_json::Value;

fn gutschrift(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .args(arguments)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "C.UTF-8")
        .output()
        .unwrap()
}

fn code(arguments: &[&str]) -> i32 {
    gutschrift(arguments).status.code().unwrap()
}

fn out(arguments: &[&str]) -> String {
    String::from_utf8(gutschrift(arguments).stdout).unwrap()
}

#[test]
fn exit_codes() {
    for (arguments, expected) in [
        (&["--help"][..], 0),
        (&["--version"], 0),
        (&[], 2),
        (&["verify"], 2),
        (&["verify", "no/such/folder"], 2),
        (&["verify", "samples/2023-11-clean"], 0),
        (&["verify", "samples/2023-11-county"], 1),
        (&["verify", "samples/2023-11-county", "--fail-on", "never"], 0),
        (&["verify", "samples/2023-11-open", "--fail-on", "delayed"], 1),
        (&["verify", "samples/2023-11-clean", "--month", "2023-12"], 3),
        (&["verify", "samples/2023-11-clean/expected/exit.txt"], 3),
        (&["verify", "samples/2023-11-clean/umsaetze.csv"], 2),
        (&["verify", "samples/2023-11-clean", "--month", "nonsense"], 2),
        (&["explain", "AC04"], 0),
        (&["explain", "nonsense-at-all"], 2),
        (&["inspect", "samples/2023-11-clean/liste.csv"], 0),
        (&["config", "check", "samples/gutschrift.toml"], 0),
        (&["lookup", "50.12-4701", "--from", "samples/2023-11-county"], 0),
        (&["lookup", "50.12-4701", "samples/2023-11-county"], 0),
        (&["lookup", "50.12-4745", "samples/2023-11-county"], 1),
        (&["lookup", "Nobody Atall", "--from", "samples/2023-11-county"], 1),
        (&["lookup", "--from", "samples/2023-11-county", "Frau", "Ursula", "Jäger"], 1),
        (&["lookup", "--facility", "Mühlbach", "samples/2023-11-county"], 0),
        (&["lookup", "--facility", "Nowhere", "samples/2023-11-county"], 1),
        (&["lookup", "Zander", "nothing.csv", "samples/2023-11-county"], 2),
        (&["completions", "bash"], 0),
        (&["man"], 0),
    ] {
        assert_eq!(code(arguments), expected, "{arguments:?}");
    }
}

#[test]
fn months_end_with_the_code_a_person_expects() {
    for month in crate::month::months() {
        let Ok(expected) = std::fs::read_to_string(month.join("expected/exit.txt")) else {
            continue;
        };
        let options =
            std::fs::read_to_string(month.join("expected/options.txt")).unwrap_or_default();
        // The expectations beside the data are no data.
        let folder = tempfile::tempdir().unwrap();
        copy(&month, folder.path());
        let mut arguments = vec!["verify", folder.path().to_str().unwrap(), "--quiet"];
        arguments.extend(options.split_whitespace());
        assert_eq!(code(&arguments).to_string(), expected.trim(), "{}", month.display());
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_dir() {
            if name != "expected" {
                std::fs::create_dir(to.join(name)).unwrap();
                copy(&path, &to.join(name));
            }
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[test]
fn an_output_is_whole_private_and_the_same_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("result.json");
    let shown = path.to_str().unwrap();
    let arguments = ["verify", "samples/2023-11-county", "--format", "json", "--output", shown];
    assert_eq!(code(&arguments), 1);
    let first = std::fs::read(&path).unwrap();
    #[cfg(unix)]
    {
        let mode = std::fs::metadata(&path).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);
    }
    assert_eq!(code(&arguments), 1);
    assert_eq!(std::fs::read(&path).unwrap(), first);
    // A refused run leaves what was there.
    let refused = [
        "verify",
        "samples/2023-11-county",
        "--month",
        "2022-01",
        "--format",
        "json",
        "--output",
        shown,
    ];
    assert_eq!(code(&refused), 3);
    assert_eq!(std::fs::read(&path).unwrap(), first);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
}

/// A pipe with a name, in a folder of its own.
#[cfg(unix)]
fn pipe() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    (folder, pipe)
}

#[cfg(unix)]
#[test]
fn a_pipe_as_output_is_written_into_and_stays() {
    use std::os::unix::fs::FileTypeExt;

    let (folder, pipe) = pipe();
    let shown = pipe.to_str().unwrap();
    for format in ["json", "csv"] {
        let arguments = ["verify", "samples/2023-11-county", "--format", format];
        let printed = out(&arguments);
        // Whoever reads and writes need not wait for the other end; while this stands open, the
        // reader waits for more.
        let both = std::fs::OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
        let mut end = std::fs::OpenOptions::new().read(true).open(&pipe).unwrap();
        let reader = std::thread::spawn(move || {
            let mut read = String::new();
            std::io::Read::read_to_string(&mut end, &mut read).unwrap();
            read
        });
        assert_eq!(code(&[&arguments[..], &["--output", shown]].concat()), 1);
        assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo(), "a file took its place");
        drop(both);
        assert_eq!(reader.join().unwrap(), printed);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn who_has_seen_enough_of_one_output_does_not_keep_from_the_other() {
    let (folder, pipe) = pipe();
    let file = folder.path().join("report.csv");
    let (pipe, file) = (pipe.to_str().unwrap(), file.to_str().unwrap());
    let month = ["verify", "samples/2023-11-county", "--format", "csv"];
    let printed = out(&month);
    let entries = ["--entries", "--output"];
    for (first, second) in [(entries[0], entries[1]), (entries[1], entries[0])] {
        // Opened and closed at once.
        let own = pipe.to_owned();
        let reader = std::thread::spawn(move || {
            drop(std::fs::OpenOptions::new().read(true).open(own).unwrap());
        });
        assert_eq!(code(&[&month[..], &[first, pipe, second, file]].concat()), 1);
        reader.join().unwrap();
        let written = std::fs::read_to_string(file).unwrap();
        assert_eq!(written == printed, second == "--output");
        assert!(written.lines().count() > 2);
    }
}

#[test]
fn hostile_text_does_nothing_in_any_format() {
    for format in ["table", "json", "csv", "md", "html"] {
        let text = out(&[
            "verify",
            "samples/traps/hostile-text",
            "--format",
            format,
            "--status",
            "credited",
            "--status",
            "follow-up",
        ]);
        assert!(!text.contains('\u{1b}'), "{format}: an escape code");
        assert!(!text.contains('\u{202e}'), "{format}: a turned reading direction");
        if format == "html" {
            assert_eq!(text.matches("<script>").count(), 1, "a script of its own");
        }
        if format == "csv" {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            for record in reader.records() {
                for cell in &record.unwrap() {
                    let number = cell.parse::<rust_decimal::Decimal>().is_ok();
                    assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t']), "{cell}");
                }
            }
        }
    }
}

#[test]
fn filters_change_what_is_shown_and_nothing_else() {
    let read = |arguments: &[&str]| -> Value { serde_json::from_str(&out(arguments)).unwrap() };
    let all = read(&["verify", "samples/2023-11-county", "--format", "json"]);
    let some =
        read(&["verify", "samples/2023-11-county", "--format", "json", "--status", "delayed"]);
    assert_eq!(all["totals"], some["totals"]);
    let shown = some["payments"].as_array().unwrap();
    assert!(!shown.is_empty() && shown.iter().all(|payment| payment["status"] == "delayed"));
    assert_eq!(code(&["verify", "samples/2023-11-county", "--status", "credited"]), 1);
}

#[test]
fn account_numbers_are_masked_unless_asked_for() {
    for format in ["table", "json", "csv", "md", "html"] {
        let masked =
            out(&["verify", "samples/2023-11-county", "--format", format, "--status", "credited"]);
        assert!(!masked.contains("DE67999100510020791900"), "{format}");
    }
    let full = out(&["verify", "samples/2023-11-county", "--format", "json", "--full-iban"]);
    assert!(full.contains("DE67999100510020791900"));
}

/// Holds a value against the part of JSON Schema that ours uses.
pub(crate) fn check(schema: &Value, value: &Value, at: &str, complaints: &mut Vec<String>) {
    if let Some(types) = schema.get("type") {
        let names: Vec<&str> = match types {
            Value::String(name) => vec![name],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => panic!("a schema's type is a name or names"),
        };
        let own = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !names.contains(&own) {
            complaints.push(format!("{at}: {own} instead of {names:?}"));
        }
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array) {
        if !allowed.contains(value) {
            complaints.push(format!("{at}: {value} is not allowed"));
        }
    }
    if let (Some(properties), Some(object)) = (schema.get("properties"), value.as_object()) {
        for name in schema["required"].as_array().unwrap() {
            if !object.contains_key(name.as_str().unwrap()) {
                complaints.push(format!("{at}: {name} is missing"));
            }
        }
        for (name, value) in object {
            match properties.get(name) {
                Some(schema) => check(schema, value, &format!("{at}.{name}"), complaints),
                None => complaints.push(format!("{at}: {name} is not in the schema")),
            }
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (number, value) in values.iter().enumerate() {
            check(items, value, &format!("{at}[{number}]"), complaints);
        }
    }
}

#[test]
fn the_json_keeps_to_its_schema() {
    let months = [
        "2023-11-county",
        "2023-11-clean",
        "2023-11-open",
        "traps/returned-twice",
        "traps/order-alone",
    ];
    keeps_to_its_schema("docs/schema/gutschrift.verify-1.json", &months, &[]);
}

#[test]
fn the_redacted_json_keeps_to_its_schema() {
    let months = ["2023-11-county", "2023-11-clean", "2023-11-open"];
    keeps_to_its_schema("docs/schema/gutschrift.redacted-1.json", &months, &["--redact"]);
}

fn keeps_to_its_schema(schema: &str, months: &[&str], options: &[&str]) {
    let schema = std::fs::read_to_string(schema).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    for month in months {
        let path = format!("samples/{month}");
        let text = out(&[&["verify", &path, "--format", "json"], options].concat());
        let mut complaints = Vec::new();
        check(&schema, &serde_json::from_str(&text).unwrap(), month, &mut complaints);
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }
}

/// Problems that only show beside other files or when payments are judged, not in a file by itself.
const SEEN_BY_VERIFY: [&str; 8] = [
    "balance-chain-broken",
    "statement-number-gap",
    "page-missing",
    "total-differs",
    "status-group-unknown",
    // The next three are told by a neighbouring code.
    "element-missing",
    "column-missing",
    "row-short",
];

#[test]
fn broken_files_are_named_for_what_is_broken() {
    let mut reader = csv::Reader::from_path("samples/broken/expected.csv").unwrap();
    let mut complaints = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let (file, wanted, effect, line) = (&record[0], &record[1], &record[2], &record[3]);
        let text = out(&["inspect", &format!("samples/broken/{file}"), "--format", "json"]);
        let value: Value = serde_json::from_str(&text).unwrap();
        let files = value["files"].as_array().unwrap();
        let refused = files.iter().any(|file| file["usable"] == false);
        if refused != (effect == "refused") {
            complaints.push(format!("{file}: refused is {refused}"));
        }
        // An entry in another currency keeps its own place in the report of `verify`.
        if SEEN_BY_VERIFY.contains(&wanted) || wanted == "entry-currency-foreign" {
            continue;
        }
        let named =
            files.iter().flat_map(|file| file["problems"].as_array().unwrap()).any(|problem| {
                problem["code"] == wanted
                    && (line.is_empty() || problem["line"].as_u64() == line.parse().ok())
            });
        if !named {
            complaints.push(format!("{file}: {wanted} is not named"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn own_reports_are_never_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for format in ["csv", "json", "html", "md", "xlsx", "table"] {
        for language in ["de", "en"] {
            let path = folder.path().join(format!("report-{language}.{format}"));
            let path = path.to_str().unwrap().to_owned();
            let arguments =
                ["verify", "samples/2023-11-county", "--full-iban", "--format", format, "--lang"];
            gutschrift(&[&arguments[..], &[language, "--output", &path]].concat());
            files.push(path);
        }
    }
    let entries = folder.path().join("entries.csv").to_str().unwrap().to_owned();
    gutschrift(&["verify", "samples/2023-11-county", "--full-iban", "--entries", &entries]);
    files.push(entries);
    let text = out(&["inspect", folder.path().to_str().unwrap(), "--format", "json"]);
    let value: Value = serde_json::from_str(&text).unwrap();
    let found = value["files"].as_array().unwrap();
    assert_eq!(found.len(), files.len());
    for file in found {
        assert_eq!((&file["role"], &file["usable"]), (&"ignored".into(), &true.into()), "{file}");
    }
}

#[test]
fn a_redacted_report_names_nobody() {
    for format in ["table", "json", "csv", "md", "html"] {
        let text = out(&[
            "verify",
            "samples/2023-11-county",
            "--redact",
            "--format",
            format,
            "--status",
            "credited",
            "--status",
            "delayed",
            "--status",
            "follow-up",
        ]);
        for secret in ["Hagedorn", "Yilmaz", "50.12-47", "SOZ2311-0000", "1900"] {
            assert!(!text.contains(secret), "{format}: {secret}");
        }
    }
}

#[test]
fn each_office_gets_its_own_cases() {
    let folder = tempfile::tempdir().unwrap();
    let parts = folder.path().join("parts");
    let shown = parts.to_str().unwrap();
    let arguments = [
        "verify",
        "samples/2023-11-county",
        "--format",
        "json",
        "--split-by",
        "benefit",
        "--output",
        shown,
    ];
    assert_eq!(code(&arguments), 1);
    let mut payments = 0;
    for entry in std::fs::read_dir(&parts).unwrap() {
        let path = entry.unwrap().path();
        // Beside them lies the hidden record of what this run wrote.
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let own = value["payments"].as_array().unwrap();
        assert!(own.iter().all(|payment| payment["benefit"] == own[0]["benefit"]));
        payments += own.len();
    }
    assert_eq!(payments, 166);
}

#[test]
fn mistakes_in_a_configuration_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gutschrift.toml");
    for (text, expected) in [
        ("langauge = \"de\"", "language"),
        ("crediting = \"tomorrow\"", "next-day"),
        ("bank_holidays = [\"24.12.2023\"]", "2023-12-24"),
        ("[[payer_accounts]]\niban = \"DE00\"", "check digits"),
    ] {
        std::fs::write(&path, text).unwrap();
        let output = gutschrift(&["config", "check", path.to_str().unwrap()]);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(message.contains(expected), "{text}: {message}");
    }
}

/// Looks somebody up in the sample month with these lines on standard input.
fn asked(lines: &str, more: &[&str]) -> (String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .args([
            "lookup",
            "--from",
            "samples/2023-11-county",
            "--lang",
            "de",
            "--as-of",
            "2023-12-06",
        ])
        .args(more)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

#[test]
fn one_desk_answers_many_calls() {
    let (answers, errors) = asked("Frau Jäger\n6\ndritte\nAnna Jäger\nperson\nzzz\n", &[]);
    assert_eq!(errors, "");
    assert!(answers.contains("6 Personen passen"), "{answers}");
    // The sixth, as chosen; nothing about anybody while somebody else is speaking.
    assert_eq!(answers.matches("Es geht um").count(), 1, "{answers}");
    assert!(answers.contains("Az.: 50.12-4745"), "{answers}");
    assert_eq!(answers.matches("darf ich Ihnen am Telefon nichts sagen").count(), 2, "{answers}");
    assert!(answers.contains("finde ich für November 2023 keine Zahlung"), "{answers}");
}

#[test]
fn queries_from_a_pipe_give_one_line_each() {
    let (csv, _) = asked("50.12-4745\nJäger\n\nzzz\n", &["--format", "csv"]);
    let begins: Vec<&str> = csv.lines().map(|line| line.get(..8).unwrap()).collect();
    assert_eq!(begins, ["query,pe", "1,1,fals", "2,6,fals", "3,0,fals", "4,0,fals"]);
    let (json, _) = asked("50.12-4745\nzzz\n", &["--format", "json"]);
    assert_eq!(json.lines().count(), 2);
    assert!(json.lines().all(|line| line.starts_with("{\"schema\":\"gutschrift.lookup/1\"")));
}

#[test]
fn a_lost_path_is_not_told_as_it_may_be_a_name() {
    let (_, errors) = asked("", &["Zander.csv", "Anna"]);
    assert!(
        !errors.is_empty() && !errors.contains("Zander") && !errors.contains("Anna"),
        "{errors}"
    );
}

#[test]
fn a_configuration_in_the_folder_is_used_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let copied = |name: &str| {
        std::fs::copy(format!("samples/2023-11-clean/{name}"), folder.path().join(name)).unwrap();
    };
    copied("liste.csv");
    copied("umsaetze.csv");
    let run = || {
        let output = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
            .args(["verify", "--quiet", "--lang", "en"])
            .arg(folder.path())
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert!(!run().1.contains("configuration:"));
    let config = folder.path().join("gutschrift.toml");
    std::fs::write(&config, "[[offices]]\nname = \"a\"\nnames = \"A-K\"\n").unwrap();
    let (code, said) = run();
    assert_eq!(code, Some(0));
    assert!(said.contains("configuration: ") && said.contains("gutschrift.toml"), "{said}");
    std::fs::write(&config, "[[offices]]\nname = \"a\"\nnames = \"K\"\n").unwrap();
    assert_eq!(run().0, Some(2));
}

#[test]
fn benefits_are_asked_for_in_the_words_of_lists() {
    let follow_ups = |benefit: &str| {
        let asked = ["verify", "samples/2023-11-county", "--format", "csv", "--benefit", benefit];
        out(&asked).lines().count()
    };
    let named = follow_ups("social-assistance");
    assert!(named > 1);
    assert_eq!(follow_ups("Sozialhilfe"), named);
    assert_eq!(follow_ups("Blindenhilfe"), 1);
}
