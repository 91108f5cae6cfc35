//! `audit`: everything that the engine claims of the samples is proven again, and no claim can be changed
//! without its being found.

use std::path::Path;
use std::process::Command;
use std::process::Output;

use gutschrift::audit::Basis;
use gutschrift::audit::audit;
use gutschrift::audit::claims::Claims;
use gutschrift::model::calendar::Calendar;
use gutschrift::model::inputs::Inputs;
use gutschrift::model::reading::FileRecord;
use gutschrift::reports::lookup::account::check_of;
use serde_json::Value;

fn gutschrift(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gutschrift")).args(arguments).output().unwrap()
}

/// The result of a month as `verify` saves it.
fn result(month: &Path) -> Value {
    let files = crate::month::files(month);
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let options = std::fs::read_to_string(month.join("expected/options.txt")).unwrap_or_default();
    let mut arguments = vec!["verify", folder.path().to_str().unwrap(), "--format", "json"];
    arguments.extend(options.split_whitespace());
    let done = gutschrift(&arguments);
    let text = String::from_utf8(done.stdout).unwrap();
    let text = text.replace(&format!("{}/", folder.path().to_str().unwrap()), "");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", month.display()))
}

/// The files of a month, with the digests that the result names.
fn inputs(month: &Path, result: &Value) -> Inputs {
    let mut inputs = crate::month::inputs(&crate::month::files(month)).unwrap();
    let digest = |file: &FileRecord| {
        let all = result["run"]["files"].as_array().unwrap().iter();
        let own = all.clone().find(|own| own["path"] == file.path.as_str());
        own.map(|own| own["sha256"].as_str().unwrap().to_owned()).unwrap_or_default()
    };
    for file in &mut inputs.files {
        file.sha256 = digest(file);
    }
    let skipped = result["run"]["files"].as_array().unwrap();
    for (file, own) in inputs.files.iter_mut().zip(skipped) {
        file.skipped = own["skipped"].as_u64().unwrap();
    }
    inputs
}

fn basis(month: &Path) -> Basis {
    let terms = crate::month::terms(month);
    Basis { calendar: Calendar::default(), late_until: terms.late_until, check_of }
}

#[test]
fn all_samples_are_proven_again() {
    let mut complaints = Vec::new();
    for month in crate::month::months() {
        let result = result(&month);
        let inputs = inputs(&month, &result);
        let claims: Claims = serde_json::from_value(result).unwrap();
        let audited = audit(&claims, &inputs, &basis(&month));
        for finding in &audited.findings {
            complaints.push(format!("{}: {finding:?}", month.display()));
        }
    }
    assert!(complaints.is_empty(), "{}\n{}", complaints.len(), complaints.join("\n"));
}

/// What carries no claim that files could bear out: sentences, routing, and what a follow-up says of how and
/// why, which a person looks at anyway.
fn carries_no_claim(path: &str, payment: Option<&Value>) -> bool {
    let name = path.rsplit('.').find(|part| part.parse::<usize>().is_err()).unwrap_or_default();
    let is_follow_up = payment.is_some_and(|own| own["status"] == "follow-up");
    path.starts_with("problems")
        || path.starts_with("run.missing")
        || ["run.tool", "schema"].contains(&path)
        || (path.starts_with("run.files")
            && [
                "path", "version", "encoding", "repeats", "role", "format", "records", "skipped",
                "sha256",
            ]
            .contains(&name)
            && name != "sha256"
            && name != "role"
            && name != "format"
            && name != "path")
        || ["trail", "action", "actor", "reason_code", "reason_text", "resolution"].contains(&name)
        || (is_follow_up
            && ["how", "rule", "credited_amount", "reason", "booked_on"].contains(&name))
}

fn changed(value: &Value) -> Value {
    match value {
        Value::Bool(own) => Value::Bool(!own),
        Value::Number(own) => Value::from(own.as_u64().unwrap() + 1),
        Value::Null => Value::from("2023-11-28"),
        Value::String(own) => {
            let day = gutschrift::model::date::from_iso(own).filter(|_| own.len() == 10);
            let amount = gutschrift::model::amount::Amount::from_iso(own).ok();
            match (day, amount, own.as_str()) {
                (Some(day), _, _) => Value::from(day.succ_opt().unwrap().to_string()),
                (_, Some(amount), text) if text.contains('.') => Value::from(
                    gutschrift::model::amount::Amount::from_cents(amount.cents() + 1).to_string(),
                ),
                (_, _, "credited") => Value::from("delayed"),
                (_, _, "delayed" | "follow-up") => Value::from("credited"),
                (_, _, "booked") => Value::from("split"),
                (_, _, "E6") => Value::from("E7"),
                (_, _, "E5" | "E4") => Value::from("E6"),
                (_, _, text) => Value::from(format!("{text}x")),
            }
        }
        other => other.clone(),
    }
}

/// All scalars of a document with their paths.
fn scalars(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                scalars(member, &inner, found);
            }
        }
        Value::Array(members) => {
            for (number, member) in members.iter().enumerate() {
                scalars(member, &format!("{path}.{number}"), found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

fn at<'v>(value: &'v mut Value, path: &str) -> &'v mut Value {
    path.split('.').fold(value, |value, part| match part.parse::<usize>() {
        Ok(number) => &mut value[number],
        Err(_) => &mut value[part],
    })
}

#[test]
fn whatever_is_changed_in_a_result_is_found() {
    let mut missed = Vec::new();
    for name in
        ["2023-11-clean", "traps/return-by-id", "traps/batch-by-order", "traps/merged-closes"]
    {
        let month = Path::new("samples").join(name);
        let result = result(&month);
        let (inputs, basis) = (inputs(&month, &result), basis(&month));
        let mut paths = Vec::new();
        scalars(&result, "", &mut paths);
        for path in paths {
            let number = path.strip_prefix("payments.").and_then(|rest| rest.split('.').next());
            let payment = number.and_then(|own| own.parse::<usize>().ok());
            let payment = payment.map(|number| &result["payments"][number]);
            if carries_no_claim(&path, payment) {
                continue;
            }
            let mut forged = result.clone();
            let slot = at(&mut forged, &path);
            *slot = changed(slot);
            let Ok(claims) = serde_json::from_value::<Claims>(forged) else { continue };
            if audit(&claims, &inputs, &basis).exit_code() == 0 {
                missed.push(format!("{name}: {path}"));
            }
        }
        // Leaving out a payment, a booking, or what a payment cites.
        for list in ["payments", "bank_entries"] {
            for number in 0..result[list].as_array().unwrap().len() {
                let mut forged = result.clone();
                forged[list].as_array_mut().unwrap().remove(number);
                let claims: Claims = serde_json::from_value(forged).unwrap();
                if audit(&claims, &inputs, &basis).exit_code() == 0 {
                    missed.push(format!("{name}: {list} without {number}"));
                }
            }
        }
        for number in 0..result["payments"].as_array().unwrap().len() {
            let entries = result["payments"][number]["entries"].as_array().unwrap().len();
            for entry in 0..entries {
                let mut forged = result.clone();
                let own = &mut forged["payments"][number]["entries"];
                own.as_array_mut().unwrap().remove(entry);
                let claims: Claims = serde_json::from_value(forged).unwrap();
                if audit(&claims, &inputs, &basis).exit_code() == 0 {
                    missed.push(format!("{name}: payment {number} without entry {entry}"));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{}\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn exit_codes_and_missing_files() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("ergebnis.json");
    let saved = saved.to_str().unwrap();
    let month = "samples/2023-11-clean";
    assert_eq!(gutschrift(&["verify", month, "-q", "--output", saved]).status.code(), Some(0));
    let audited = gutschrift(&["audit", saved, month, "--format", "json"]);
    assert_eq!(audited.status.code(), Some(0), "{}", String::from_utf8_lossy(&audited.stdout));
    let report: Value = serde_json::from_slice(&audited.stdout).unwrap();
    assert_eq!(
        (&report["schema"], &report["result"]),
        (&"gutschrift.audit/1".into(), &"proven".into())
    );
    assert_eq!(report["counts"]["proven"], report["counts"]["claimed"]);
    // A file is missing: its claims are open.
    let list = "samples/2023-11-clean/liste.csv";
    assert_eq!(gutschrift(&["audit", saved, list]).status.code(), Some(3));
    let text = std::fs::read_to_string(saved).unwrap();
    std::fs::write(saved, text.replacen("\"status\": \"credited\"", "\"status\": \"delayed\"", 1))
        .unwrap();
    let refuted = gutschrift(&["audit", saved, month, "--format", "csv"]);
    assert_eq!(refuted.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refuted.stdout).contains("liste.csv"));
    assert_eq!(gutschrift(&["audit", list, month]).status.code(), Some(3));
}
