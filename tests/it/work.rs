//! Before the due day, and the work that follows: what is not due yet, work lists, lists that follow, samples,
//! comparisons, look-ups in a store.

use std::path::Path;
use std::process::Command;
use std::process::Output;

use serde_json::Value;

const COUNTY: &str = "samples/2023-11-county";
const CLEAN: &str = "samples/2023-11-clean";

fn gutschrift(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .args(arguments)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "C.UTF-8")
        .env("HOSTNAME", "desk")
        .env("USER", "anna")
        .output()
        .unwrap()
}

/// Exit code, standard output, standard error.
fn ran(arguments: &[&str]) -> (i32, String, String) {
    let out = gutschrift(arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

fn json(arguments: &[&str]) -> (i32, Value) {
    let (code, out, error) = ran(&[arguments, &["--format", "json"]].concat());
    (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{error}")))
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn what_is_not_due_yet_is_said_once() {
    // One payment whose account is invalid and a row that cannot be read need a person whatever day it is.
    let early = ["verify", COUNTY, "--as-of", "2023-11-24"];
    let (code, result) = json(&early);
    assert_eq!(code, 1);
    let payments = result["payments"].as_array().unwrap();
    let waiting: Vec<&Value> =
        payments.iter().filter(|own| own["reason"] == "bank-data-missing").collect();
    assert!(waiting.len() > 100);
    for own in &waiting {
        assert_eq!((&own["status"], &own["needs_person"]), (&"follow-up".into(), &false.into()));
        assert_eq!(own["action"], "Not due yet: run again from 30 Nov 2023 on.");
    }
    assert_eq!(result["totals"]["not_due"]["count"], waiting.len());
    let (_, table, _) = ran(&early);
    let first = format!("NOT DUE YET: {} payments", waiting.len());
    assert!(table.lines().nth(1).unwrap().starts_with(&first), "{table}");
    assert!(!table.contains("Bank data missing"), "{table}");
    assert!(!table.contains("would decide"), "{table}");
    for format in ["md", "html"] {
        let (_, report, _) = ran(&[&early[..], &["--format", format]].concat());
        assert!(report.contains("NOT DUE YET"), "{format}");
        assert!(!report.contains("Bank data missing"), "{format}");
    }
    // Who asks for them sees them.
    let (_, table, _) = ran(&[&early[..], &["--reason", "bank-data-missing"]].concat());
    assert!(table.contains("Bank data missing"));
    // A month without anything else to do needs nobody.
    let (code, result) = json(&["verify", CLEAN, "--as-of", "2023-11-24"]);
    assert_eq!((code, &result["totals"]["open"]["count"]), (0, &0.into()), "{}", result["totals"]);
    // Without a day nobody knows whether the due day has come: that is told, and changes nothing.
    let list = format!("{CLEAN}/liste.csv");
    let (code, table, _) = ran(&["verify", &list, "--due", "2023-11-30"]);
    assert_eq!(code, 1);
    assert!(table.contains("`--as-of today` says so"), "{table}");
    assert!(table.contains("Bank data missing"), "{table}");
}

#[test]
fn everybody_gets_a_work_list_and_what_is_done_is_struck_out() {
    let folder = tempfile::tempdir().unwrap();
    let (store, out) = (folder.path().join("stelle"), folder.path().join("arbeit"));
    let (store, out) = (store.to_str().unwrap(), out.to_str().unwrap());
    let sheets = |format: &str| {
        let split = ["--split-by", "actor", "--format", format, "--output", out];
        ran(&[&["verify", COUNTY, "--store", store][..], &split].concat())
    };
    assert_eq!(sheets("html").0, 1);
    let mut names: Vec<String> = std::fs::read_dir(out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    assert!(names.contains(&"treasury.html".to_owned()), "{names:?}");
    let treasury = read(Path::new(out), "treasury.html");
    assert!(treasury.contains("50.12-4745") && !treasury.contains("<s>"));
    // The sheet has no list of problems, so that it sends nobody there.
    assert!(treasury.contains("the report of the whole month names them"), "{treasury}");
    assert!(!treasury.contains("Problems"), "{treasury}");
    assert!(treasury.contains("note</th>"), "a column for hand notes");
    let decided = ["resolve", "50.12-4745", "--store", store, "--as", "paid-again", "--by", "AB"];
    assert_eq!(ran(&decided).0, 0);
    sheets("html");
    let treasury = read(Path::new(out), "treasury.html");
    assert!(treasury.contains("<s>50.12-4745</s>"), "{treasury}");
    assert!(treasury.contains("paid again (AB)"));
    sheets("md");
    // It was done before the run before this one: it is no news.
    assert!(!read(Path::new(out), "treasury.md").contains("4745"));
    sheets("json");
    let list: Value = serde_json::from_str(&read(Path::new(out), "treasury.json")).unwrap();
    assert_eq!((&list["schema"], &list["name"]), (&"gutschrift.work/1".into(), &"treasury".into()));
    let count = list["items"].as_array().unwrap().len();
    assert_eq!(list["open"]["count"], count);
    assert!(list["items"].as_array().unwrap().iter().all(|own| own["state"] == "open"));
    let (_, result) = json(&["verify", COUNTY, "--actor", "treasury"]);
    let shown = result["payments"].as_array().unwrap();
    assert!(!shown.is_empty() && shown.iter().all(|own| own["actor"] == "treasury"));
    assert_eq!(shown.len(), count.saturating_add(1));
    assert_eq!(ran(&["verify", COUNTY, "--actor", "mayor"]).0, 2);
}

#[test]
fn lists_follow_from_a_result_and_order_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let split = ["--split-by", "task", "--format", "csv", "--output", out, "--lang", "de"];
    assert_eq!(ran(&[&["verify", COUNTY][..], &split].concat()).0, 1);
    let again = read(folder.path(), "pay-again.csv");
    let head = again.lines().next().unwrap();
    assert!(head.starts_with("case_id,beneficiary,payee"), "{head}");
    assert!(head.contains("new_iban") && head.contains("original_end_to_end_id"));
    assert!(again.contains("50.12-4745"), "{again}");
    let letters = read(folder.path(), "letters.csv");
    assert!(letters.contains("Die Zahlung ist zurückgekommen"), "{letters}");
    assert!(letters.contains("November 2023"));
    for text in [&again, &letters] {
        assert!(!text.contains("DE0") && !text.contains("DE8"), "accounts are masked: {text}");
    }
    let full = [&["verify", COUNTY, "--full-iban"][..], &split].concat();
    ran(&full);
    assert!(!read(folder.path(), "pay-again.csv").contains('…'));
}

#[test]
fn lists_that_follow_are_no_payment_lists() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let month = path("november");
    std::fs::create_dir(&month).unwrap();
    for name in ["liste.csv", "umsaetze.csv"] {
        std::fs::copy(format!("{CLEAN}/{name}"), path(&format!("november/{name}"))).unwrap();
    }
    let (_, before) = json(&["verify", &month]);
    let list = path("november/liste.csv");
    let out = ["--format", "csv", "--output"];
    for by in ["actor", "task"] {
        let split = ["--split-by", by, "--format", "csv", "--output", &month];
        ran(&[&["verify", COUNTY][..], &split].concat());
    }
    let into = |name: &str| path(&format!("november/{name}"));
    let county = format!("{COUNTY}/listen");
    ran(&[&["sample", &county, "--seed", "a"][..], &out, &[&into("a.csv")]].concat());
    ran(&[&["compare", &county, &list][..], &out, &[&into("b.csv")]].concat());
    ran(&[&["check", COUNTY][..], &out, &[&into("c.csv")]].concat());
    ran(&[&["diff", COUNTY, CLEAN][..], &out, &[&into("d.csv")]].concat());
    assert!(std::fs::read_dir(&month).unwrap().count() >= 9);
    let (_, after) = json(&["verify", &month]);
    assert!(before["payments"] == after["payments"], "{}", after["run"]["files"]);
}

#[test]
fn a_new_account_is_named_where_one_row_of_the_case_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let list = "Aktenzeichen;Name;IBAN;Betrag;End-to-End-ID\n\
        A-1;Ida Muster;DE89370400440532013000;563,00;E-1\n\
        A-1;Ida Muster;DE09999100540043764919;40,00;E-2\n\
        A-2;Uwe Beispiel;DE17999000100004711002;451,00;E-3\n";
    std::fs::write(folder.path().join("liste.csv"), list).unwrap();
    let out = folder.path().join("folgen");
    let out = out.to_str().unwrap();
    let path = folder.path().join("liste.csv");
    let arguments = ["verify", path.to_str().unwrap(), "--due", "2023-11-30", "--full-iban"];
    ran(&[&arguments[..], &["--split-by", "task", "--format", "json", "--output", out]].concat());
    // Nothing was asked of the bank: the only row to pay again is the one with an invalid account.
    let again: Value = serde_json::from_str(&read(Path::new(out), "pay-again.json")).unwrap();
    let items = again["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{again}");
    assert_eq!((&items[0]["case_id"], &items[0]["new_iban"]), (&"A-2".into(), &Value::Null));
}

#[test]
fn samples_are_drawn_again_from_their_seed() {
    let lists = format!("{COUNTY}/listen");
    let drawn = |seed: &str, more: &[&str]| {
        let (code, sample) = json(&[&["sample", &lists, "--seed", seed][..], more].concat());
        assert_eq!((code, &sample["schema"]), (0, &"gutschrift.sample/1".into()));
        sample
    };
    let one = drawn("November", &["--share", "5%"]);
    assert_eq!(one["items"], drawn("November", &["--share", "5%"])["items"]);
    assert_ne!(one["items"], drawn("Dezember", &["--share", "5%"])["items"]);
    let above = drawn("November", &["--above", "1.000,00"]);
    assert!(above["kinds"]["above-limit"]["drawn"].as_u64().unwrap() > 0, "{}", above["kinds"]);
    // From a result, with what became of the payments.
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("monat.json");
    let saved = saved.to_str().unwrap();
    ran(&["verify", COUNTY, "--format", "json", "--output", saved]);
    let (_, sample) = json(&["sample", saved, "--seed", "a", "--share", "100%"]);
    assert_eq!(sample["drawn"]["count"], sample["payments"]["count"]);
    assert!(sample["items"][0]["state"].as_str().unwrap().contains(':'));
    // Against itself nothing has changed, also where one side is a list.
    let (_, same) = json(&["sample", saved, "--seed", "a", "--against", &lists]);
    for kind in ["new", "changed", "ended"] {
        assert_eq!(same["kinds"][kind]["payments"], 0, "{}", same["kinds"]);
    }
    let (_, sheet, _) = ran(&["sample", &lists, "--seed", "a", "--format", "html"]);
    assert!(sheet.contains("checked by, on"));
    assert_eq!(ran(&["sample", &lists, "--seed", "a", "--share", "0"]).0, 2);
}

#[test]
fn months_are_compared_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let head = "Aktenzeichen;Name;IBAN;Betrag\n";
    let old = write(
        "oktober.csv",
        &format!(
            "{head}1;Ida Muster;DE89370400440532013000;500,00\n\
             2;Uwe Beispiel;DE09999100540043764919;400,00\n3;Eva Alt;DE17999000100004711001;300,00\n"
        ),
    );
    let new = write(
        "november.csv",
        &format!(
            "{head}1;Ida Muster;DE89370400440532031000;500,00\n\
             2;Uwe Beispiel;DE09999100540043764919;4.000,00\n4;Max Neu;DE08999000200008150002;300,00\n"
        ),
    );
    let (code, changes) = json(&["compare", &old, &new]);
    let kinds: Vec<&str> = changes["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|own| own["kind"].as_str())
        .collect();
    assert_eq!(
        (code, kinds),
        (1, vec!["account-typo", "amount-ten-times", "new", "ended"]),
        "{changes}"
    );
    assert_eq!(
        (&changes["old"]["count"], &changes["new"]["amount"]),
        (&3.into(), &"4800.00".into())
    );
    for format in ["table", "csv", "md", "html"] {
        let (code, out, error) = ran(&["compare", &old, &new, "--format", format]);
        assert_eq!(code, 1, "{error}");
        assert!(out.contains("Max Neu") && !out.contains("DE8937"), "{format}: {out}");
    }
    let (code, out, _) = ran(&["compare", &old, &old]);
    assert_eq!(code, 0);
    assert!(out.contains("No changes."), "{out}");
    // An input is no output.
    assert_eq!(ran(&["compare", &old, &new, "--format", "csv", "--output", &new]).0, 2);
    assert_eq!(ran(&["diff", &old, &new, "--format", "csv", "--output", &new]).0, 2);
    assert!(read(folder.path(), "november.csv").contains("Max Neu"));
}

#[test]
fn a_look_up_in_a_store_tells_what_was_decided_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let (store, log) = (folder.path().join("stelle"), folder.path().join("auskunft.log"));
    let (store, log) = (store.to_str().unwrap(), log.to_str().unwrap());
    assert_eq!(ran(&["verify", COUNTY, "--store", store]).0, 1);
    let asked = ["lookup", "50.12-4745", "--store", store, "--log", log];
    let (code, out, error) = ran(&asked);
    assert_eq!(code, 1, "{error}");
    assert!(!out.contains("decision:") && !out.contains("told:"), "{out}");
    let decided =
        ["resolve", "50.12-4745", "--store", store, "--as", "confirmed-by-bank", "--by", "AB"];
    assert_eq!(ran(&decided).0, 0);
    let (_, out, _) = ran(&[&asked[..], &["--lang", "de"]].concat());
    assert!(out.contains("Entscheidung: geklärt am "), "{out}");
    assert!(out.contains("Bank bestätigt (AB)"), "{out}");
    assert!(out.contains("Auskunft: "), "{out}");
    let (_, answer) = json(&asked);
    let payment = &answer["answers"][0]["payment"];
    assert_eq!(payment["resolution"]["kind"], "confirmed-by-bank");
    assert_eq!(payment["resolution"]["lapsed"], false);
    assert_eq!(ran(&["lookup", "50.12-4745", "--store", store, "--month", "2024-01"]).0, 2);
}

#[test]
fn findings_of_check_are_explained() {
    let (code, out, _) = ran(&["explain", "already-sent", "--lang", "de"]);
    assert_eq!(code, 0);
    assert!(out.contains("gutschrift check") && out.contains("Was tun"), "{out}");
}
