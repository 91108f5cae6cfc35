//! `why`: what ties or parts a payment and a booking is what the verdict rests on, for every pair of the samples.

use std::process::Command;

use gutschrift::matching::pair::kinds::Pair;
use gutschrift::matching::pair::kinds::Spot;
use gutschrift::model::payment::Payment;
use gutschrift::model::place::Place;
use gutschrift::verdict::judge_seen;
use gutschrift::verdict::outcome::Disposition;
use gutschrift::verdict::scene::Scene;
use gutschrift::verdict::status::Status;
use serde_json::Value;

use crate::cli::check;

/// Exit code, standard output, standard error.
fn why(arguments: &[&str]) -> (i32, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .arg("why")
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

/// Pairs of a sample that are looked at.
const MOST_PAIRS: usize = 150;

#[test]
fn every_pair_of_the_samples_is_told_as_it_was_judged() {
    let (mut tied, mut parted, mut complaints) = (0, 0, Vec::new());
    for month in crate::month::months() {
        let files = crate::month::files(&month);
        let Ok(inputs) = crate::month::inputs(&files) else { continue };
        let mut pairs: Vec<(Payment, Place, Pair)> = Vec::new();
        let mut see = |scene: &Scene<'_>| {
            let spots: Vec<(Place, Spot)> =
                scene.spots().filter(|(_, spot)| spot.transfer.is_none()).collect();
            let all = scene.payments().len() * spots.len();
            if all > MOST_PAIRS {
                return;
            }
            for (number, owed) in scene.payments().iter().enumerate() {
                for (place, spot) in &spots {
                    let pair = scene.pair(number, &[*spot]).unwrap();
                    pairs.push((owed.payment.clone(), *place, pair));
                }
            }
        };
        let Ok(outcome) = judge_seen(inputs, &crate::month::terms(&month), &mut see) else {
            continue;
        };
        for (payment, place, pair) in pairs {
            let judged = outcome.payments.iter().find(|own| own.payment == payment).unwrap();
            let verdict = &judged.verdict;
            let entry = outcome.bank_entries.iter().find(|own| own.place == place).unwrap();
            let counted = pair.place.whole_line();
            let cited = verdict.entries.iter().any(|own| own.place == counted);
            let is_told_again = entry.disposition == Disposition::DuplicateExport;
            let proves = verdict.status == Status::Credited && cited;
            let fits = match pair.bond {
                Some(_) => cited && pair.bars.is_empty(),
                // What is credited rests on what it cites; the rest is cited with a doubt.
                None => !proves && !pair.bars.is_empty(),
            };
            let told = pair.told_at.is_some() == is_told_again;
            if !(fits && told) {
                complaints.push(format!(
                    "{}: {:?} {place:?}: {:?} {:?}; {:?}",
                    month.display(),
                    payment.case_id,
                    pair.bond,
                    pair.bars,
                    verdict.reason,
                ));
            }
            if pair.bond.is_some() { tied += 1 } else { parted += 1 }
        }
    }
    assert!(tied > 300 && parted > 1000, "{tied} {parted}");
    assert!(complaints.is_empty(), "{}\n{}", complaints.len(), complaints.join("\n"));
}

/// Sample, query, place, what ties (relation and rule) or parts them first, and words of the answer.
#[rustfmt::skip]
const TOLD: &[(&str, &str, &str, &str, &str)] = &[
    ("2023-11-county", "50.12-4721", "20231206-4711001-umsatz.CSV:33", "own end-to-end-id", "But: The amount is another one."),
    ("2023-11-county", "50.12-4732", "20231206-4711001-umsatz.CSV:43", "own reference", "differ in 2 characters"),
    ("2023-11-county", "57.31-3001", "bank/2023-11-30_C53_DE…0002_EUR_000236.xml:206", "own merged", "payments of this booking, together"),
    ("2023-11-county", "57.20-2118", "2023-12-04_C53_DE…0002_EUR_000238.xml:10", "returned end-to-end-id", "brought the payment's money back"),
    ("2023-11-county", "SOZ2311-000045", "20231206-4711001-umsatz.CSV:142", "month", "it comes nearest; it fails at: month"),
    ("2023-11-county", "50.12-4745", "20231206-4711001-umsatz.CSV:33", "of-another", "The booking that comes nearest is bank/20231206-4711001-umsatz.CSV:142"),
    ("2023-11-county", "50.12-4785", "20231206-4711001-umsatz.CSV:86", "ambiguous", "fits several; nobody is picked"),
    ("traps/batch-by-order", "50.12-6021", "auszug.xml:10", "own batch", "6 payments of this booking, together 3,638.25"),
    ("traps/batch-by-order", "50.12-6021", "auszug.xml:14", "no-transfer", "a fee, a direct debit"),
    ("traps/batch-resolved", "50.12-6322", "auszug.xml:10", "own end-to-end-id", "one of 5 in it"),
    ("traps/batch-short", "50.12-6120", "auszug.xml:10", "batch-differs", "does not fit: whom it pays is not proven"),
    ("traps/split-closes", "50.12-5140", "umsaetze.csv:4", "own split", "2 bookings of this payment, together 1,450.00"),
    ("traps/twins-surplus", "50.12-4780", "umsaetze.csv:3", "paid-twice", "which is one too many cannot be decided"),
    ("traps/pending-only", "50.12-7581", "umsaetze.csv:3", "announced", "pending; it is not booked here yet"),
    ("traps/pending-only", "50.12-7580", "umsaetze.csv:3", "pending", "Its own booking: umsaetze.csv:2"),
    ("traps/last-month-same-id", "50.12-7321", "umsaetze.csv:6", "day", "it fails at: month"),
    ("traps/return-fits-two", "50.12-5800", "umsaetze.csv:3", "return-of-nobody", "nobody knows whose"),
    ("traps/overlapping-exports", "50.12-7661", "c53.xml:14", "own end-to-end-id", "c53.xml:14 tells the same booking once more"),
    ("traps/overlapping-exports", "50.12-7661", "umsaetze.csv:5", "of-another", "proof of another payment"),
    ("traps/case-number-in-a-longer-one", "17-4080", "bank.xml:13", "no-proof", "neither id nor reference nor account"),
    ("traps/fee-of-equal-amount", "50.12-7720", "umsaetze.csv:3", "no-transfer", "THEY DO NOT"),
    ("traps/list-workbook-sheets", "50.12-6853", "umsaetze.csv:5", "own end-to-end-id", "(liste.xlsx/Heime:2)"),
    ("traps/statements-in-a-zip", "50.12-7761", "C53.zip/2023-11-30_C53_DE…1001_EUR_000002.xml:14", "own end-to-end-id", "THEY BELONG"),
];

#[test]
fn the_rule_or_the_first_thing_that_parts_them_is_named() {
    let schema = std::fs::read_to_string("docs/schema/gutschrift.why-1.json").unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut complaints = Vec::new();
    for (sample, query, place, expected, words) in TOLD {
        let folder = format!("samples/{sample}");
        let options =
            std::fs::read_to_string(format!("{folder}/expected/options.txt")).unwrap_or_default();
        let options: Vec<&str> = options.split_whitespace().collect();
        let asked = [&[query, place, folder.as_str()][..], &options].concat();
        let (code, text, error) = why(&[&asked[..], &["--width", "200"]].concat());
        let (json_code, json, _) = why(&[&asked[..], &["--format", "json"]].concat());
        let Ok(told) = serde_json::from_str::<Value>(&json) else {
            complaints.push(format!("{sample} {query} {place}: {code} {error}"));
            continue;
        };
        let named = |name: &str| told[name].as_str().map(str::to_owned);
        let found = if told["tied"].as_bool().unwrap() {
            let rule = named("rule").map(|rule| format!(" {rule}")).unwrap_or_default();
            format!("{}{rule}", named("relation").unwrap())
        } else {
            told["parted_by"][0].as_str().unwrap().to_owned()
        };
        let exit = i32::from(!told["tied"].as_bool().unwrap());
        if found != *expected || !text.contains(words) || (code, json_code) != (exit, exit) {
            complaints.push(format!("{sample} {query} {place}: {found}, {code}\n{text}"));
        }
        check(&schema, &told, query, &mut complaints);
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn what_is_no_pair_is_said() {
    let county = "samples/2023-11-county";
    let bank = format!("{county}/bank/20231206-4711001-umsatz.CSV");
    for (arguments, words) in [
        (vec!["50.12-4745", "sozialhilfe_2023-11.csv:46", county], "is a row of a payment list"),
        (vec!["50.12-4745", "umsatz.csv:33", county], "was not read"),
        (vec!["50.12-4745", "nowhere.csv:1"], "there is no such file here"),
        (vec!["50.12-4745", &format!("{bank}:9999")], "Bookings begin at line 19"),
        (vec!["50.12-4745", &bank, county], "is no place"),
        (vec!["nobody at all", &format!("{bank}:33")], "No payment found"),
        (vec!["Müller", &format!("{bank}:33")], "57.31-3006 Heinz Müller"),
        (vec!["Müller", &format!("{bank}:33"), "--amount", "x"], "is no amount"),
    ] {
        let (code, out, error) = why(&arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
    // Its own folder has no list; the one above it has. Of several payments the amount or the row decides.
    let place = format!("{bank}:33");
    assert_eq!(why(&["50.12-4721", &place]).0, 0);
    assert_eq!(why(&["Müller", &place, "--amount", "1170,93"]).0, 1);
    assert_eq!(why(&["Müller", &place, "--row", "heime.csv:8"]).0, 1);
}

#[test]
fn accounts_are_masked_and_german_is_german() {
    let place = "samples/2023-11-county/bank/20231206-4711001-umsatz.CSV:43";
    let asked = ["50.12-4732", place, "--lang", "de"];
    for format in ["table", "json", "csv", "md", "html"] {
        let (_, masked, _) = why(&[&asked[..], &["--format", format]].concat());
        let (_, full, _) = why(&[&asked[..], &["--format", format, "--full-iban"]].concat());
        assert!(masked.contains("DE…7839") && full.contains("7839"), "{format}: {masked}");
        assert!(!full.contains("DE…"), "{format}");
    }
    let (_, text, _) = why(&asked);
    for words in [
        "SIE GEHÖREN ZUSAMMEN.",
        "Aber: Die Buchung ging an ein anderes Konto.",
        "weicht ab",
        "714,75",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let (_, quiet, _) = why(&[&asked[..], &["-q"]].concat());
    assert!(quiet.starts_with("SIE GEHÖREN ZUSAMMEN."), "{quiet}");
}
