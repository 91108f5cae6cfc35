//! `diff`: two results, saved or judged now, in all formats, and who has to be called back.

use std::path::Path;
use std::process::Command;
use std::process::Output;

use serde_json::Value;

use crate::cli::check;

const MONTH: &str = "samples/2023-11-county";

fn gutschrift(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .args(arguments)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "C.UTF-8")
        .output()
        .unwrap()
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// A saved result of the sample month, changed by `change`.
fn result(path: &Path, options: &[&str], change: impl Fn(&mut Vec<Value>)) -> String {
    let shown = text(path);
    let arguments = [&["verify", MONTH, "--format", "json", "-o", &shown], options].concat();
    assert_eq!(gutschrift(&arguments).status.code(), Some(1));
    let mut result: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    change(result["payments"].as_array_mut().unwrap());
    std::fs::write(path, serde_json::to_vec(&result).unwrap()).unwrap();
    shown
}

fn json(arguments: &[&str]) -> (Value, Option<i32>) {
    let out = gutschrift(&[arguments, &["--format", "json"]].concat());
    (serde_json::from_slice(&out.stdout).unwrap(), out.status.code())
}

#[test]
fn a_result_is_the_same_however_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let masked = result(&folder.path().join("masked.json"), &[], |_| ());
    let full =
        result(&folder.path().join("full.json"), &["--full-iban"], |payments| payments.reverse());
    for (old, new) in [(MONTH, masked.as_str()), (masked.as_str(), full.as_str()), (MONTH, MONTH)] {
        let (changes, code) = json(&["diff", old, new]);
        assert_eq!(changes["changes"].as_array().unwrap().len(), 0, "{old} {new}");
        assert_eq!(code, Some(0));
        assert_eq!(changes["new"]["payments"], 166);
    }
    // What is no result.
    let other = folder.path().join("other.json");
    std::fs::write(&other, "{\"schema\": \"gutschrift.lookup/1\"}").unwrap();
    assert_eq!(gutschrift(&["diff", &text(&other), MONTH]).status.code(), Some(3));
    assert_eq!(gutschrift(&["diff", MONTH]).status.code(), Some(2));
}

#[test]
fn changes_are_told_in_every_format_and_who_was_told_first() {
    let folder = tempfile::tempdir().unwrap();
    let log = text(&folder.path().join("log"));
    let credited = |payment: &mut Value| {
        payment["status"] = "credited".into();
        payment["reason"] = "booked".into();
        payment["needs_person"] = false.into();
    };
    // Two that came back were credited before; about one of them somebody has asked.
    let mut returned = Vec::new();
    let old = folder.path().join("old.json");
    result(&old, &[], |payments| {
        let back = payments
            .iter_mut()
            .filter(|payment| payment["reason"] == "returned" || payment["reason"] == "not-found");
        back.take(2).for_each(credited);
        payments.remove(0);
    });
    let kept: Value = serde_json::from_slice(&std::fs::read(&old).unwrap()).unwrap();
    let (now, _) = json(&["diff", &text(&old), MONTH]);
    for change in now["changes"].as_array().unwrap() {
        if change["kind"] == "no-longer-credited" {
            assert_eq!(change["told"], false);
            returned.push(change["case_id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(returned.len(), 2);
    assert_eq!(kept["payments"].as_array().unwrap().len(), 165);
    let asked = ["lookup", returned[1].as_str(), "--result", &text(&old), "--log", &log];
    assert_eq!(gutschrift(&asked).status.code(), Some(0));
    assert!(!std::fs::read_to_string(&log).unwrap().contains(&returned[1]));
    assert_eq!(gutschrift(&["log", "verify", &log]).status.code(), Some(0));

    let pair = ["diff", &text(&old), MONTH, "--log", &log];
    let (changes, code) = json(&pair);
    assert_eq!(code, Some(1));
    let schema = std::fs::read_to_string("docs/schema/gutschrift.diff-1.json").unwrap();
    let mut complaints = Vec::new();
    check(&serde_json::from_str(&schema).unwrap(), &changes, "diff", &mut complaints);
    assert!(complaints.is_empty(), "{complaints:?}");
    assert_eq!(changes["counts"]["no-longer-credited"], 2);
    assert_eq!(changes["counts"]["row-new"], 1);
    let told: Vec<&Value> =
        changes["changes"].as_array().unwrap().iter().filter(|one| one["told"] == true).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["case_id"], returned[1]);
    assert_eq!(told[0]["old"]["status"], "credited");
    assert_eq!(told[0]["new"]["reason"], "not-found");

    let of = |format: &str| {
        let out = gutschrift(&[&pair[..], &["--format", format]].concat());
        assert_eq!(out.status.code(), Some(1));
        String::from_utf8(out.stdout).unwrap()
    };
    let table = of("table");
    let (call, other) =
        (table.find("CALL BACK (1)").unwrap(), table.find("no longer credited (1)"));
    assert!(call < other.unwrap());
    assert!(table.get(call..other.unwrap()).unwrap().contains(&returned[1]));
    assert_eq!(of("csv").lines().count(), 4);
    assert!(of("html").contains("CALL BACK (1)"));
    // Once it is told as it is, nobody has to call.
    let asked = ["lookup", returned[1].as_str(), "--from", MONTH, "--log", &log];
    assert_eq!(gutschrift(&asked).status.code(), Some(1));
    assert!(!of("table").contains("CALL BACK"));
    // The other way round nothing is worse but for the row that is gone.
    let (back, code) = json(&["diff", MONTH, &text(&old)]);
    assert_eq!((back["counts"]["newly-credited"].as_u64(), code), (Some(2), Some(1)));
    assert_eq!(back["counts"]["row-gone"], 1);
}
