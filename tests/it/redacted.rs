//! An attack on redacted reports: whatever can be computed from one is about five persons or more.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use gutschrift::model::iban::Iban;
use proptest::prelude::*;
use serde_json::Value;

fn report(folder: &Path, format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .args(["verify", "l.csv", "--due", "2023-11-30", "--redact", "--format", format])
        .args(["--lang", "en"])
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    assert_eq!(said, "");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn cents(amount: &Value) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// A list of these rows: benefit, person, state (open, without a valid account, blocked).
fn list(rows: &[(u8, u8, u8)]) -> (String, Vec<i64>) {
    let mut text = "Aktenzeichen;Name;IBAN;Betrag;Leistungsart;Status\n".to_owned();
    let mut amounts = Vec::new();
    for (number, (benefit, person, state)) in (0_i64..).zip(rows) {
        // Every subset has a sum of its own.
        let amount = (1 << number) * 100 + 1;
        amounts.push(amount);
        let iban = Iban::from_german_account("99910000", &format!("{}", 1000 + i32::from(*person)));
        let iban = iban.unwrap().reveal().to_owned();
        let iban = if *state == 1 { iban.replacen("DE", "DE0", 1) } else { iban };
        let benefit = ["Sozialhilfe", "Hilfe zur Pflege", "Pflegeheim"][usize::from(*benefit)];
        let status = if *state == 2 { "gesperrt" } else { "" };
        writeln!(
            text,
            "50-{person};Person {person};{iban};{},{:02};{benefit};{status}",
            amount / 100,
            amount % 100
        )
        .unwrap();
    }
    (text, amounts)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_smaller_than_five_can_be_computed(
        rows in prop::collection::vec((0..3_u8, 0..14_u8, 0..3_u8), 1..26),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (text, amounts) = list(&rows);
        fs::write(folder.path().join("l.csv"), text).unwrap();
        let document: Value = serde_json::from_str(&report(folder.path(), "json")).unwrap();
        // All sums that are told.
        let mut told: Vec<i64> = document["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| cents(&group["payments"]["amount"]))
            .collect();
        for whole in ["others", "all"] {
            if !document[whole].is_null() {
                told.push(cents(&document[whole]["amount"]));
            }
        }
        // What is computed from them: sums and differences of any of them. As every subset of rows has a
        // sum of its own, each names its rows.
        let parts = told.len().min(10);
        let mut computed = BTreeSet::new();
        for choice in 0..3_usize.pow(u32::try_from(parts).unwrap()) {
            let mut rest = choice;
            let sum: i64 = told
                .iter()
                .take(parts)
                .map(|sum| {
                    let sign = [0, 1, -1][rest % 3];
                    rest /= 3;
                    sign * sum
                })
                .sum();
            computed.insert(sum);
        }
        for sum in computed.into_iter().filter(|sum| *sum > 0) {
            let count = sum % 100;
            let bits = sum / 100;
            let own: Vec<usize> = (0..rows.len()).filter(|row| bits >> row & 1 == 1).collect();
            let total: i64 = own.iter().map(|row| amounts[*row]).sum();
            // Differences that are no set of rows say nothing about one.
            if total != sum || own.len() != usize::try_from(count).unwrap() {
                continue;
            }
            let persons: BTreeSet<u8> = own.iter().map(|row| rows[*row].1).collect();
            prop_assert!(persons.len() >= 5, "{sum}: rows {own:?}: {document}");
        }
    }
}

#[test]
fn no_format_names_anybody_or_anything_of_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<(u8, u8, u8)> =
        (0..24_u8).map(|number| (u8::from(number == 23), number % 14, 0)).collect();
    let (text, amounts) = list(&rows);
    fs::write(folder.path().join("l.csv"), text).unwrap();
    let mut shown = BTreeMap::new();
    for format in ["table", "json", "csv", "md", "html"] {
        let text = report(folder.path(), format);
        for secret in ["Person", "50-", "l.csv", "DE"] {
            assert!(!text.contains(secret), "{format}: {secret}");
        }
        let alone = amounts[23];
        let form = format!("{}.{:02}", alone / 100, alone % 100);
        assert!(!text.replace(',', "").contains(&form), "{format}: {form}");
        shown.insert(format, text);
    }
    assert!(shown["json"].contains("gutschrift.redacted/1"));
    // Nobody may be told: all fewer than five.
    let (text, _) = list(&[(0, 1, 0), (0, 2, 0), (0, 1, 0)]);
    fs::write(folder.path().join("l.csv"), text).unwrap();
    assert!(report(folder.path(), "table").contains("<5"));
}

#[test]
fn redacted_reports_are_made_of_the_whole_run_only() {
    for more in [&["--entries", "e.csv"][..], &["--split-by", "office", "--output", "parts"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
            .args(["verify", "samples/2023-11-county", "--redact"])
            .args(more)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{more:?}");
    }
}
