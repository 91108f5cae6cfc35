//! The floors of `src/`: who may use whom, no circles, no file that holds two subjects.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A floor, and the floors it may use besides itself.
const FLOORS: [(&str, &[&str]); 11] = [
    ("facts", &[]),
    ("model", &["facts"]),
    ("readers", &["facts", "model"]),
    ("matching", &["facts", "model"]),
    ("verdict", &["facts", "model", "matching"]),
    ("check", &["facts", "model", "matching", "verdict"]),
    // A second pair of eyes shares nothing with those whose work it checks.
    ("audit", &["facts", "model"]),
    ("reports", &["facts", "model", "matching", "verdict", "check", "audit"]),
    ("store", &["facts", "model", "verdict", "reports"]),
    ("simulate", &["model"]),
    (
        "cli",
        &[
            "facts", "model", "readers", "matching", "verdict", "check", "audit", "reports",
            "store", "simulate",
        ],
    ),
];

/// Lines of code a file may have before its unit tests; tables (macro rows) do not count.
const CEILING: usize = 400;

/// Module path (`readers::camt::entry`) to its text.
fn modules() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(Path::new("src"), "", &mut found);
    assert!(found.len() > 10, "a test that reads nothing proves nothing");
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            collect(&path, &format!("{prefix}{stem}::"), found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = if stem == "mod" {
                prefix.trim_end_matches("::").to_owned()
            } else {
                format!("{prefix}{stem}")
            };
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// What stands before the unit tests, comments left out.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// The modules each module names by `crate::`.
fn uses(modules: &BTreeMap<String, String>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut all = BTreeMap::new();
    for (name, text) in modules {
        if name == "lib" || name == "main" {
            continue;
        }
        let mut used = BTreeSet::new();
        for line in code(text) {
            assert!(!line.contains("crate::{"), "{name}: write one `use crate::…` a line");
            assert!(!line.contains("super::super"), "{name}: write `crate::`, not `super::super`");
            for path in line.split("crate::").skip(1) {
                let path: String =
                    path.chars().take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect();
                let longest = modules
                    .keys()
                    .filter(|key| path == **key || path.starts_with(&format!("{key}::")))
                    .max_by_key(|key| key.len());
                if let Some(other) = longest.filter(|other| *other != name) {
                    used.insert(other.as_str());
                }
            }
        }
        all.insert(name.as_str(), used);
    }
    all
}

#[test]
fn floors_are_kept() {
    let modules = modules();
    let mut complaints = Vec::new();
    for (name, used) in uses(&modules) {
        let floor = name.split("::").next().unwrap();
        let Some((_, below)) = FLOORS.iter().find(|(known, _)| *known == floor) else {
            complaints.push(format!("src/{floor} stands on no floor"));
            continue;
        };
        for other in used {
            let other_floor = other.split("::").next().unwrap();
            if other_floor != floor && !below.contains(&other_floor) {
                complaints.push(format!("{name} may not use {other}"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn no_module_comes_back_to_itself() {
    let modules = modules();
    let uses = uses(&modules);
    for start in uses.keys() {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = uses[start].iter().copied().collect();
        while let Some(next) = open.pop() {
            assert_ne!(next, *start, "{start} comes back to itself through its imports");
            if seen.insert(next) {
                open.extend(uses.get(next).into_iter().flatten());
            }
        }
    }
}

#[test]
fn files_hold_one_subject() {
    for (name, text) in modules() {
        let is_table = |line: &&str| {
            line.ends_with("! {") && !line.starts_with(' ') && !line.starts_with("macro_rules!")
        };
        let lines = code(&text).take_while(|line| !is_table(line)).count();
        assert!(lines <= CEILING, "src/{name}: {lines} lines; is there a second subject in it?");
    }
}
