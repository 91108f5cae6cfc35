//! Where inputs come from and outputs go to: pipes, devices and sockets, disks without room.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::leaving::hostile;

/// Runs a line of the shell, in which `gutschrift` is the tool.
fn shell(folder: &Path, line: &str) -> Output {
    let mut command = Command::new("sh");
    command.env("LANG", "C.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    let path = Path::new(env!("CARGO_BIN_EXE_gutschrift")).parent().unwrap();
    let all = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{all}", path.display()));
    command.current_dir(folder).args(["-c", line]).output().unwrap()
}

fn month() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("m")).unwrap();
    for (name, text) in hostile(';') {
        fs::write(folder.path().join("m").join(name), text).unwrap();
    }
    folder
}

/// Reasons by case number.
fn verdicts(output: &Output) -> Vec<(Value, Value)> {
    let text = String::from_utf8_lossy(&output.stderr);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{text}"));
    let payments = result["payments"].as_array().unwrap().iter();
    payments.map(|payment| (payment["case_id"].clone(), payment["reason"].clone())).collect()
}

fn left(folder: &Path) -> Vec<String> {
    let there = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<String> =
        there.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn pipes_are_read_like_files() {
    let folder = month();
    let list = left(&folder.path().join("m")).into_iter().find(|name| *name != "umsaetze.csv");
    let list = list.unwrap();
    let from_files = verdicts(&shell(folder.path(), "gutschrift verify m --format json"));
    assert!(from_files.len() > 5);
    for line in [
        format!("cat m/umsaetze.csv | gutschrift verify m/{list} /dev/stdin --format json"),
        format!("gutschrift verify m/{list} --bank /dev/stdin --format json < m/umsaetze.csv"),
        format!(
            "mkfifo p; cat m/{list} > p & gutschrift verify p m/umsaetze.csv --format json; rm p"
        ),
        format!("gzip -c m/umsaetze.csv | gutschrift verify m/{list} /dev/stdin --format json"),
    ] {
        assert_eq!(verdicts(&shell(folder.path(), &line)), from_files, "{line}");
    }
    // Half a pipe is half a file.
    let cut = format!("head -c 300 m/umsaetze.csv | gutschrift verify m/{list} /dev/stdin");
    assert_eq!(shell(folder.path(), &cut).status.code(), Some(3));
}

#[test]
fn what_is_no_file_is_named_in_a_folder_and_refused_by_name() {
    let folder = month();
    let before = verdicts(&shell(folder.path(), "gutschrift verify m --format json"));
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("m/s")).unwrap();
    let line = "mkfifo m/p; ln -s /dev/zero m/z; gutschrift verify m --format json";
    let output = shell(folder.path(), line);
    assert_eq!(verdicts(&output), before);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let files = result["run"]["files"].as_array().unwrap();
    let ignored: Vec<&str> = files
        .iter()
        .filter(|file| file["role"] == "ignored")
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(ignored, ["m/p", "m/s", "m/z"]);
    for name in ["m/s", "m/z"] {
        let named = shell(folder.path(), &format!("gutschrift verify {name} m"));
        assert_eq!(named.status.code(), Some(3), "{name}");
    }
}

/// A disk without room, as a limit for files is one: whatever is written ends in the middle.
const FULL: &str = "trap '' XFSZ; ulimit -f 1;";

#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = month();
    fs::create_dir(folder.path().join("out")).unwrap();
    for (name, options) in [
        ("r.json", "--output out/r.json"),
        ("r.xlsx", "--output out/r.xlsx"),
        ("r.html", "--output out/r.html"),
        ("e.csv", "--quiet --entries out/e.csv"),
        ("other.csv", "--format csv --split-by benefit --output out"),
    ] {
        fs::write(folder.path().join("out").join(name), "old").unwrap();
        let line = format!("{FULL} gutschrift verify m {options}");
        let output = shell(folder.path(), &line);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{name}: {said}");
        assert!(said.contains("cannot be written"), "{name}: {said}");
        let kept = fs::read_to_string(folder.path().join("out").join(name)).unwrap();
        assert_eq!(kept, "old", "{name}");
        fs::remove_file(folder.path().join("out").join(name)).unwrap();
        assert!(left(&folder.path().join("out")).is_empty(), "{name}");
    }
    let simulate = format!("{FULL} gutschrift simulate --payments 100 --out out/new");
    assert_eq!(shell(folder.path(), &simulate).status.code(), Some(3));
    assert!(left(&folder.path().join("out")).is_empty());
}

#[test]
fn a_look_up_that_cannot_be_noted_is_not_answered() {
    let folder = month();
    let ask = |full: &str| {
        shell(folder.path(), &format!("{full} gutschrift lookup 50.12-4700 m --log log"))
    };
    let mut noted = 0;
    let refused = loop {
        let output = ask(FULL);
        match output.status.code() {
            Some(0 | 1) => noted += 1,
            _ => break output,
        }
        assert!(noted < 100, "the log grows without bounds");
    };
    assert!(noted > 2);
    assert_eq!(refused.status.code(), Some(3));
    assert!(refused.stdout.is_empty(), "{}", String::from_utf8_lossy(&refused.stdout));
    let check = || {
        let output = shell(folder.path(), "gutschrift log verify log");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, said) = check();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with(&format!("{noted} entries")), "{said}");
    // With room again it goes on where it was.
    assert!(matches!(ask("").status.code(), Some(0 | 1)));
    let (code, said) = check();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with(&format!("{} entries", noted + 1)), "{said}");
}
