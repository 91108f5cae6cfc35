//! Whole months against what a person expects of them, found by walking `samples/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gutschrift::verdict::judge;
use gutschrift::verdict::result::Outcome;

use crate::month;

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            header
                .iter()
                .zip(record.iter())
                .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
                .collect()
        })
        .collect()
}

fn check_payments(month: &Path, outcome: &Outcome, complaints: &mut Vec<String>) {
    let mut judged = BTreeMap::new();
    for payment in &outcome.payments {
        let place = payment.payment.place;
        let file = &outcome.files[usize::try_from(place.file.0).unwrap()];
        let (path, line) = file.shown(place.line);
        judged.insert((path.into_owned(), line), &payment.verdict);
    }
    let expected = rows(&month.join("expected/oracle.csv"));
    if expected.len() != judged.len() {
        complaints.push(format!(
            "{}: {} rows expected, {} judged",
            month.display(),
            expected.len(),
            judged.len()
        ));
    }
    for row in expected {
        let line: u32 = row["line"].parse().unwrap();
        let at = format!("{}/{}:{line}", month.display(), row["file"]);
        let Some(verdict) = judged.get(&(row["file"].clone(), line)) else {
            complaints.push(format!("{at}: no such payment"));
            continue;
        };
        let got = [
            ("status", verdict.status.name()),
            ("reason", verdict.reason.name()),
            ("evidence", verdict.evidence.name()),
            ("how", verdict.how.map_or("", |how| how.name())),
            ("rule", verdict.rule.map_or("", |rule| rule.name())),
        ];
        for (name, got) in got {
            let wanted = row.get(name).map(String::as_str).unwrap_or_default();
            if !wanted.is_empty() && wanted != got {
                complaints.push(format!(
                    "{at}: {name} is {got}, expected {wanted} (verdict {} {})",
                    verdict.status.name(),
                    verdict.reason.name()
                ));
            }
        }
    }
}

fn check_entries(month: &Path, outcome: &Outcome, complaints: &mut Vec<String>) {
    let path = month.join("expected/dispositions.csv");
    if !path.exists() {
        return;
    }
    let mut got = BTreeMap::new();
    for entry in &outcome.bank_entries {
        let file = &outcome.files[usize::try_from(entry.place.file.0).unwrap()].path;
        got.insert((file.clone(), entry.place.line), entry.disposition.name());
    }
    for row in rows(&path) {
        let line: u32 = row["line"].parse().unwrap();
        let found = got.get(&(row["file"].clone(), line)).copied().unwrap_or("no such entry");
        if found != row["disposition"] {
            complaints.push(format!(
                "{}/{}:{line}: entry is {found}, expected {}",
                month.display(),
                row["file"],
                row["disposition"]
            ));
        }
    }
}

#[test]
fn months_are_judged_as_a_person_would() {
    let mut complaints = Vec::new();
    for month in month::months() {
        let files = month::files(&month);
        let refused = fs::read_to_string(month.join("expected/exit.txt"))
            .is_ok_and(|code| code.trim() == "3");
        let inputs = match month::inputs(&files) {
            Ok(inputs) => inputs,
            Err(problem) => {
                if !refused {
                    complaints.push(format!("{}: {problem}", month.display()));
                }
                continue;
            }
        };
        match judge(inputs, &month::terms(&month)) {
            Ok(_) if refused => {
                complaints.push(format!("{}: not refused", month.display()));
            }
            Err(_) if refused => {}
            Ok(outcome) => {
                check_payments(&month, &outcome, &mut complaints);
                check_entries(&month, &outcome, &mut complaints);
                if !outcome.totals.closes {
                    complaints.push(format!("{}: the totals do not close", month.display()));
                }
            }
            Err(refusal) => complaints.push(format!("{}: {refusal:?}", month.display())),
        }
    }
    assert!(complaints.is_empty(), "{}\n{} complaints", complaints.join("\n"), complaints.len());
}
