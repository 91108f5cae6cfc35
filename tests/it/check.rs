//! `check`: what an office asks on the 25th.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const LIST: &str = "Aktenzeichen;Name;IBAN;Betrag;End-to-End-ID;Status\n\
    A-1;Ida Muster;DE89370400440532013000;563,00;E-1;\n\
    A-2;Uwe Beispiel;DE09999100540043764919;451,00;E-2;\n\
    A-3;Eva Test;DE17999000100004711001;502,00;E-3;\n\
    A-4;Max Sperre;DE08999000200008150002;300,00;E-4;gesperrt\n";

/// An order of transfers: id, amount, account.
fn order(message: &str, day: &str, transfers: &[(&str, &str, &str)], stated: &str) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn>\n\
         <GrpHdr><MsgId>{message}</MsgId><NbOfTxs>{}</NbOfTxs><CtrlSum>{stated}</CtrlSum></GrpHdr>\n\
         <PmtInf><PmtInfId>{message}-1</PmtInfId><ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt>\n",
        transfers.len()
    );
    for (id, amount, iban) in transfers {
        writeln!(
            text,
            "<CdtTrfTxInf><PmtId><EndToEndId>{id}</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">{amount}</InstdAmt></Amt>\
             <Cdtr><Nm>X</Nm></Cdtr><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct></CdtTrfTxInf>"
        ).unwrap();
    }
    text.push_str("</PmtInf></CstmrCdtTrfInitn></Document>\n");
    text
}

const FITTING: [(&str, &str, &str); 3] = [
    ("E-1", "563.00", "DE89370400440532013000"),
    ("E-2", "451.00", "DE09999100540043764919"),
    ("E-3", "502.00", "DE17999000100004711001"),
];

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
    std::fs::write(folder.join(name), text).unwrap();
}

/// Exit code, result, and the kinds of its findings that need a person.
fn check(arguments: &[&str]) -> (i32, Value, Vec<String>) {
    let done = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .args(["check", "--format", "json", "--lang", "en", "--due", "2023-11-30"])
        .args(arguments)
        .output()
        .unwrap();
    let result: Value = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&done.stderr)));
    let kinds = result["findings"].as_array().unwrap().iter();
    let kinds = kinds.filter(|finding| finding["needs_person"] == true);
    let kinds = kinds.map(|finding| finding["kind"].as_str().unwrap().to_owned()).collect();
    (done.status.code().unwrap(), result, kinds)
}

#[test]
fn an_order_that_fits_its_list_needs_nobody() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "liste.csv", LIST);
    write(folder.path(), "auftrag.xml", &order("M1", "2023-11-29", &FITTING, "1516.00"));
    let path = folder.path().to_str().unwrap();
    let (code, result, kinds) = check(&[path]);
    assert_eq!((code, kinds.len()), (0, 0), "{result}");
    assert_eq!(result["schema"], "gutschrift.check/1");
    assert_eq!(result["run"]["state"], "not-due-yet");
    assert_eq!(result["totals"]["listed"]["count"], 3);
    assert_eq!(result["totals"]["left_out"]["count"], 1);
    assert_eq!(result["totals"]["ordered"]["amount"], "1516.00");
    let (code, result, _) = check(&[path, "--today", "2023-11-30"]);
    assert_eq!((code, &result["run"]["state"]), (1, &Value::from("due")));
}

#[test]
fn every_difference_between_list_and_order_is_named() {
    let all = |changed: &[(&'static str, &'static str, &'static str)]| changed.to_vec();
    let [first, second, third] = FITTING;
    let wrong_amount = (first.0, "56.30", first.2);
    let wrong_account = (first.0, first.1, second.2);
    let unlisted = ("E-9", "9.00", second.2);
    let blocked = ("E-4", "300.00", "DE08999000200008150002");
    for (transfers, day, expected) in [
        (all(&[first, second]), "2023-11-29", vec!["not-in-order"]),
        (all(&[first, second, third, unlisted]), "2023-11-29", vec!["not-in-list"]),
        (all(&[wrong_amount, second, third]), "2023-11-29", vec!["order-amount-differs"]),
        (all(&[wrong_account, second, third]), "2023-11-29", vec!["order-account-differs"]),
        (all(&[first, second, third, first]), "2023-11-29", vec!["ordered-twice"]),
        (all(&[first, second, third, blocked]), "2023-11-29", vec!["blocked-ordered"]),
        (all(&FITTING), "2023-12-01", vec!["execution-late"]),
        (all(&FITTING), "2023-11-25", vec!["execution-closed"]),
        (all(&FITTING), "2023-10-30", vec!["execution-early"]),
    ] {
        let sum: i64 =
            transfers.iter().map(|own| own.1.replace('.', "").parse::<i64>().unwrap()).sum();
        let sum = format!("{}.{:02}", sum / 100, sum % 100);
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "liste.csv", LIST);
        write(folder.path(), "auftrag.xml", &order("M1", day, &transfers, &sum));
        let (code, result, kinds) = check(&[folder.path().to_str().unwrap()]);
        assert_eq!(
            (code, kinds),
            (1, expected.iter().map(|kind| (*kind).to_owned()).collect()),
            "{result}"
        );
    }
}

#[test]
fn orders_among_themselves() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "liste.csv", LIST);
    write(folder.path(), "a.xml", &order("M1", "2023-11-29", &FITTING, "1516.01"));
    let path = folder.path().to_str().unwrap();
    assert_eq!(check(&[path]).2, ["control-sum-differs"]);
    // The same payments under another message id, and other ones under the same.
    write(folder.path(), "a.xml", &order("M1", "2023-11-29", &FITTING, "1516.00"));
    write(folder.path(), "b.xml", &order("M2", "2023-11-29", &FITTING, "1516.00"));
    assert!(check(&[path]).2.contains(&"order-file-twice".to_owned()));
    write(folder.path(), "b.xml", &order("M1", "2023-11-29", &FITTING[..2], "1014.00"));
    assert!(check(&[path]).2.contains(&"message-id-twice".to_owned()));
    write(folder.path(), "b.xml", &order("M1", "2023-11-29", &FITTING, "1516.00"));
    assert_eq!(check(&[path]).2, ["order-file-twice"]);
}

#[test]
fn lists_by_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let twice = format!(
        "{LIST}A-1;Ida Muster;DE89370400440532013000;563,00;E-1;\nA-5;Rolf Falsch;DE89370400440532013001;10,00;E-5;\n"
    );
    write(folder.path(), "liste.csv", &twice);
    let (code, _, kinds) = check(&[folder.path().to_str().unwrap()]);
    assert_eq!(
        (code, kinds),
        (1, vec!["order-missing".into(), "row-twice".into(), "account-invalid".into()])
    );
}

#[test]
fn the_month_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    write(
        folder.path(),
        "alt/liste.csv",
        &format!("{LIST}A-6;Kim Neu;DE89370400440532013000;10,00;E-6;\n")
            .replace("Betrag;", "Betrag;")
            .replace(";E-", ";L-"),
    );
    // Two digits swapped, another account, ten times as much, and one whose money came back.
    let new = LIST
        .replace("DE89370400440532013000", "DE89370400440532031000")
        .replace("DE09999100540043764919;451,00", "DE09999100540043764919;4510,00");
    let new = format!("{new}A-6;Kim Neu;DE08999000200008150002;10,00;E-6;\n");
    write(folder.path(), "neu/liste.csv", &new);
    let bank = "Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;Betrag;Waehrung\n\
        30.10.23;30.10.23;GUTSCHR. UEBERW. RETOURE;RUECKUEBERWEISUNG KONTO ERLOSCHEN EREF+L-3;Eva Test;DE17999000100004711001;502,00;EUR\n\
        30.10.23;30.10.23;EINZELUEBERWEISUNG;EREF+L-3;Eva Test;DE17999000100004711001;-502,00;EUR\n";
    write(folder.path(), "alt/umsatz.csv", bank);
    let (code, result, kinds) = check(&[&path("neu"), "--against", &path("alt")]);
    for kind in ["account-typo", "account-changed", "amount-ten-times", "account-returned"] {
        assert!(kinds.contains(&kind.to_owned()), "{kind}: {result}");
    }
    assert_eq!(code, 1);
    // The same month twice: nothing changed.
    write(folder.path(), "alt/liste.csv", &new);
    std::fs::remove_file(path("alt/umsatz.csv")).unwrap();
    let kinds = check(&[&path("neu"), "--against", &path("alt")]).2;
    assert_eq!(kinds, ["order-missing", "account-invalid"]);
}

#[test]
fn the_cut_off_of_the_bank() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "liste.csv", LIST);
    write(folder.path(), "auftrag.xml", &order("M1", "2023-11-30", &FITTING, "1516.00"));
    let path = folder.path().to_str().unwrap();
    let at = |now: &str| check(&[path, "--today", now, "--cut-off", "14:30"]).2;
    assert!(at("2023-11-30T14:30").is_empty());
    assert_eq!(at("2023-11-30T14:31"), ["execution-late", "execution-passed"]);
    assert!(at("2023-11-29T18:00").is_empty());
}

#[test]
fn every_format_tells_the_findings() {
    for (format, needle) in [
        ("csv", "not-in-list"),
        ("md", "Lena Vogel"),
        ("html", "Lena Vogel"),
        ("table", "Lena Vogel"),
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
            .args(["check", "samples/traps/order-not-in-list", "--lang", "de", "--format", format])
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&done.stdout).contains(needle), "{format}");
    }
}

#[test]
fn orders_that_a_kept_run_knows_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("stelle");
    let store = store.to_str().unwrap();
    let (october, november) = (folder.path().join("oktober"), folder.path().join("november"));
    write(&october, "liste.csv", LIST);
    write(&october, "auftrag.xml", &order("M10", "2023-10-30", &FITTING, "1516.00"));
    let kept = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .args(["verify", october.to_str().unwrap(), "--due", "2023-10-31", "--store", store])
        .output()
        .unwrap();
    assert_eq!(kept.status.code(), Some(1), "{}", String::from_utf8_lossy(&kept.stderr));
    write(&november, "liste.csv", LIST);
    for (message, day, expected) in [
        // The same people get the same each month: that alone is no order sent twice.
        ("M11", "2023-11-29", vec![]),
        ("M10", "2023-11-29", vec!["already-sent"]),
        ("M11", "2023-10-30", vec!["already-sent", "execution-early"]),
    ] {
        write(&november, "auftrag.xml", &order(message, day, &FITTING, "1516.00"));
        let (_, result, kinds) = check(&[november.to_str().unwrap(), "--store", store]);
        assert_eq!(kinds, expected, "{message} {day}: {result}");
    }
    // The very file in its own month was kept with it, that is all.
    let due = ["--due", "2023-10-31", "--store", store];
    let out = Command::new(env!("CARGO_BIN_EXE_gutschrift"))
        .args(["check", october.to_str().unwrap()])
        .args(due)
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stdout));
}

#[test]
fn the_json_keeps_to_its_schema() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "liste.csv", LIST);
    write(folder.path(), "auftrag.xml", &order("M1", "2023-11-29", &FITTING[..2], "1516.00"));
    let schema = std::fs::read_to_string("docs/schema/gutschrift.check-1.json").unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let path = folder.path().to_str().unwrap();
    for against in [&[][..], &["--against", path]] {
        let (_, result, _) = check(&[&[path, "--today", "2023-11-25T09:00"], against].concat());
        let mut complaints = Vec::new();
        crate::cli::check(&schema, &result, "result", &mut complaints);
        assert!(complaints.is_empty(), "{complaints:?}");
    }
}
