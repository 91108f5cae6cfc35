//! The calendar of a month in guide and Leitfaden: every command is run, and the sample store is whole.

use std::path::Path;
use std::process::Command;

/// The commands of the section about the calendar.
fn commands(page: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(page).unwrap();
    let section = text.split("\n## 7. ").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter_map(|line| line.strip_prefix("$ gutschrift "));
    lines.map(words).collect()
}

/// The words of a command line; quotation marks hold blanks together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut in_quotes = false;
    for letter in line.chars() {
        match letter {
            '"' => in_quotes = !in_quotes,
            ' ' if !in_quotes => words.push(String::new()),
            letter => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn every_command_of_the_calendar_runs() {
    for page in ["docs/guide.md", "docs/leitfaden.md"] {
        let folder = tempfile::tempdir().unwrap();
        copy(Path::new("samples/2023-11-county"), &folder.path().join("samples/2023-11-county"));
        let commands = commands(page);
        assert!(commands.len() > 12, "{page}: {} commands", commands.len());
        for arguments in commands {
            let out = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
                .current_dir(folder.path())
                .args(&arguments)
                .env("LANG", "C.UTF-8")
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&out.stderr).into_owned();
            let code = out.status.code().unwrap();
            assert!(code < 2, "{page}: {arguments:?} ended with {code}: {said}");
        }
        let made = std::fs::read_dir(folder.path()).unwrap().count();
        assert!(made >= 7, "{page}: reports, lists and store are there");
    }
}

#[test]
fn the_sample_store_is_whole() {
    let store = ["--store", "samples/2023-11-store"];
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_gutschrift")).args(arguments).args(store).output().unwrap()
    };
    let checked = run(&["store", "check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
    let runs = run(&["history", "--format", "json"]);
    let runs: serde_json::Value = serde_json::from_slice(&runs.stdout).unwrap();
    let days: Vec<&str> = runs["runs"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|run| run["at"].as_str()?.get(..10))
        .collect();
    assert_eq!(days, ["2023-11-25", "2023-11-30", "2023-12-01", "2023-12-08"]);
    let answer = run(&["lookup", "50.12-4745", "--lang", "de", "--as-of", "2023-12-08"]);
    let said = String::from_utf8_lossy(&answer.stdout).into_owned();
    assert!(said.contains("geklärt am 4.12.2023: Bank bestätigt (AB)"), "{said}");
}
