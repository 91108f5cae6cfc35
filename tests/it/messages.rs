//! Status reports, recalls and answers that name a payment in every way they can: none that speaks
//! against a payment leaves it credited, and what concerns somebody else changes nothing.

use std::fs;
use std::path::Path;

use gutschrift::model::date::Month;
use gutschrift::verdict::judge::judge;
use gutschrift::verdict::status::Status;
use gutschrift::verdict::terms::Terms;

use crate::month;
use crate::month::Files;

/// Three payments of two batches of one order, each booked singly.
const MONTH: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/samples/evidence/iso-camt055-whole-batch");

/// Which of the three payments are credited beside a message.
fn credited(message: &str, with_order: bool, without_ids: bool) -> Vec<bool> {
    let mut files = Files::new();
    for name in ["liste.csv", "o.xml", "b.xml"] {
        if name == "o.xml" && !with_order {
            continue;
        }
        let mut text = fs::read_to_string(Path::new(MONTH).join(name)).unwrap();
        if without_ids {
            text = match name {
                "liste.csv" => text.replace("E2E-1001", "").replace("E2E-1002", ""),
                _ => text.replace("E2E-1001", "NOTPROVIDED").replace("E2E-1002", "NOTPROVIDED"),
            };
        }
        files.insert(name.to_owned(), text.into_bytes());
    }
    if !message.is_empty() {
        files.insert("n.xml".to_owned(), message.as_bytes().to_vec());
    }
    let inputs = month::inputs(&files).unwrap();
    let month = Month::of(chrono::NaiveDate::from_ymd_opt(2025, 11, 1).unwrap());
    let outcome = judge(inputs, &Terms { month: Some(month), ..Terms::default() }).unwrap();
    let status = |case: &str| {
        let payments = outcome.payments.iter();
        let mut own = payments.filter(|p| p.payment.case_id.as_deref() == Some(case));
        own.next().unwrap().verdict.status == Status::Credited
    };
    ["AZ-1001", "AZ-1002", "AZ-1003"].map(status).to_vec()
}

const REFERENCE: &str = "<OrgnlTxRef><Amt><InstdAmt Ccy=\"EUR\">563.00</InstdAmt></Amt><Cdtr><Pty><Nm>Anna \
                         Berg</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>DE44200400600012345601</IBAN></Id></CdtrAcct></OrgnlTxRef>";

fn document(kind: &str, message: &str) -> String {
    format!("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{kind}\">{message}</Document>")
}

/// A status report made at noon of the due day.
fn report(message_id: &str, group: &str, blocks: &str) -> String {
    let head = "<GrpHdr><MsgId>R</MsgId><CreDtTm>2025-11-28T12:00:00</CreDtTm></GrpHdr>";
    let original = format!(
        "<OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>"
    );
    document(
        "pain.002.001.10",
        &format!("<CstmrPmtStsRpt>{head}{original}{blocks}</CstmrPmtStsRpt>"),
    )
}

fn block(id: &str, inside: &str) -> String {
    format!("<OrgnlPmtInfAndSts><OrgnlPmtInfId>{id}</OrgnlPmtInfId>{inside}</OrgnlPmtInfAndSts>")
}

fn transfer(inside: &str) -> String {
    format!("<TxInfAndSts>{inside}</TxInfAndSts>")
}

fn recall(kind: &str, inside: &str) -> String {
    let (root, version) = match kind {
        "camt.055" => ("CstmrPmtCxlReq", "camt.055.001.08"),
        _ => ("FIToFIPmtCxlReq", "camt.056.001.08"),
    };
    let head = "<Assgnmt><Id>C</Id><CreDtTm>2025-12-01T09:00:00</CreDtTm></Assgnmt>";
    document(version, &format!("<{root}>{head}<Undrlyg>{inside}</Undrlyg></{root}>"))
}

const REASON: &str = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>";
const REFUSED: &str = "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>";

#[expect(clippy::too_many_lines, reason = "a table")]
/// Name, report, which payments may still be credited with and without the order.
fn reports() -> Vec<(&'static str, String, [bool; 3], [bool; 3])> {
    let nobody = [true; 3];
    let first = [false, true, true];
    let both = [false, false, true];
    let one = |inside: &str| report("NOTPROVIDED", "", &block("NOTPROVIDED", &transfer(inside)));
    let named = |inside: &str| report("LAUF-2025-12", "", &block("LAUF-2025-12-P1", inside));
    vec![
        ("no message", String::new(), nobody, nobody),
        (
            "id",
            named(&transfer(&format!("<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId>{REFUSED}"))),
            first,
            first,
        ),
        (
            "status in small letters",
            named(&transfer("<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId><TxSts>rjct</TxSts>")),
            first,
            first,
        ),
        (
            "reason without a status",
            named(&transfer(&format!("<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId>{REASON}"))),
            first,
            first,
        ),
        (
            "status that nobody knows",
            named(&transfer("<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId><TxSts>XXXX</TxSts>")),
            first,
            first,
        ),
        (
            "blocked",
            named(&transfer("<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId><TxSts>BLCK</TxSts>")),
            first,
            first,
        ),
        (
            "waiting is no refusal",
            named(&transfer("<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId><TxSts>PDNG</TxSts>")),
            nobody,
            nobody,
        ),
        (
            "named under a refused batch",
            named(
                "<PmtInfSts>RJCT</PmtInfSts><TxInfAndSts><OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId></TxInfAndSts>",
            ),
            both,
            first,
        ),
        ("account and amount", one(&format!("{REFUSED}{REFERENCE}")), first, first),
        (
            "account alone",
            one(&format!(
                "{REFUSED}<OrgnlTxRef><CdtrAcct><Id><IBAN>DE44200400600012345601</IBAN></Id></CdtrAcct></OrgnlTxRef>"
            )),
            first,
            first,
        ),
        (
            "name and amount",
            one(&format!(
                "{REFUSED}<OrgnlTxRef><Amt><InstdAmt Ccy=\"EUR\">563.00</InstdAmt></Amt><Cdtr><Pty><Nm>Berg Anna</Nm></Pty></Cdtr></OrgnlTxRef>"
            )),
            first,
            first,
        ),
        (
            "case number in the remittance text",
            one(&format!(
                "{REFUSED}<OrgnlTxRef><RmtInf><Ustrd>Hilfe AZ-1001</Ustrd></RmtInf></OrgnlTxRef>"
            )),
            first,
            first,
        ),
        (
            "account in the words of the reason",
            one(
                "<TxSts>RJCT</TxSts><StsRsnInf><AddtlInf>Konto DE44 2004 0060 0012 3456 01 erloschen</AddtlInf></StsRsnInf>",
            ),
            first,
            first,
        ),
        (
            "amount of the named batch",
            report(
                "LAUF-2025-12",
                "",
                &block(
                    "LAUF-2025-12-P1",
                    &transfer(&format!(
                        "{REFUSED}<OrgnlTxRef><Amt><InstdAmt Ccy=\"EUR\">563.00</InstdAmt></Amt></OrgnlTxRef>"
                    )),
                ),
            ),
            first,
            nobody,
        ),
        (
            "refusals of a batch that are only counted",
            named(
                "<PmtInfSts>PART</PmtInfSts><NbOfTxsPerSts><DtldNbOfTxs>1</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>",
            ),
            both,
            nobody,
        ),
        (
            "refusals of the order that are only counted",
            report(
                "LAUF-2025-12",
                "<GrpSts>PART</GrpSts><NbOfTxsPerSts><DtldNbOfTxs>1</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>",
                "",
            ),
            [false; 3],
            nobody,
        ),
        (
            "counted and named",
            named(&format!(
                "<NbOfTxsPerSts><DtldNbOfTxs>1</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>{}",
                transfer(&format!("<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId>{REFUSED}"))
            )),
            first,
            first,
        ),
        (
            "batch alone, of no message",
            report("NOTPROVIDED", "", &block("LAUF-2025-12-P1", "<PmtInfSts>RJCT</PmtInfSts>")),
            both,
            nobody,
        ),
        (
            "somebody else",
            one(&format!(
                "{REFUSED}<OrgnlTxRef><Amt><InstdAmt Ccy=\"EUR\">563.00</InstdAmt></Amt><Cdtr><Pty><Nm>Dora Ek</Nm></Pty></Cdtr></OrgnlTxRef>"
            )),
            nobody,
            nobody,
        ),
        (
            "another amount under another id",
            one(&format!(
                "<OrgnlEndToEndId>E2E-9</OrgnlEndToEndId>{REFUSED}{}",
                REFERENCE.replace("563.00", "90.00")
            )),
            nobody,
            nobody,
        ),
    ]
}

#[test]
fn refusals_reach_whom_they_name() {
    for (name, report, with_order, without) in reports() {
        assert_eq!(credited(&report, true, false), with_order, "{name}, with the order");
        assert_eq!(credited(&report, false, false), without, "{name}, without the order");
    }
}

#[test]
fn a_refusal_under_an_id_that_the_list_lacks_goes_by_account_and_amount() {
    let inside = format!("<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId>{REFUSED}{REFERENCE}");
    let report = report("LAUF-2025-12", "", &block("LAUF-2025-12-P1", &transfer(&inside)));
    assert_eq!(credited(&report, false, true), [false, true, true]);
}

#[test]
fn recalls_reach_whom_they_name() {
    let reason = "<CxlRsnInf><Rsn><Cd>DUPL</Cd></Rsn></CxlRsnInf>";
    let account = "<OrgnlTxRef><CdtrAcct><Id><IBAN>DE44200400600012345601</IBAN></Id></CdtrAcct></OrgnlTxRef>";
    let name = "<OrgnlTxRef><Cdtr><Pty><Nm>Anna Berg</Nm></Pty></Cdtr></OrgnlTxRef>";
    let text = "<OrgnlTxRef><RmtInf><Ustrd>AZ-1001</Ustrd></RmtInf></OrgnlTxRef>";
    let amount = "<OrgnlInstdAmt Ccy=\"EUR\">563.00</OrgnlInstdAmt>";
    for (what, inside) in [
        ("id", format!("<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId>{reason}")),
        ("the bank's number for it", format!("<OrgnlTxId>E2E-1001</OrgnlTxId>{amount}{reason}")),
        ("account", format!("{reason}{account}")),
        ("name and amount", format!("{amount}{reason}{name}")),
        ("name", format!("{reason}{name}")),
        ("case number", format!("{amount}{reason}{text}")),
        (
            "words",
            "<CxlRsnInf><AddtlInf>AZ-1001 nicht ausfuehren</AddtlInf></CxlRsnInf>".to_owned(),
        ),
    ] {
        for kind in ["camt.055", "camt.056"] {
            let transfer = format!("<TxInf>{inside}</TxInf>");
            for with_order in [true, false] {
                let found = credited(&recall(kind, &transfer), with_order, false);
                assert_eq!(found, [false, true, true], "{kind} {what}, order: {with_order}");
            }
        }
    }
    let batch = "<OrgnlPmtInfAndCxl><OrgnlPmtInfId>LAUF-2025-12-P1</OrgnlPmtInfId><TxInf><OrgnlInstdAmt \
                 Ccy=\"EUR\">563.00</OrgnlInstdAmt></TxInf></OrgnlPmtInfAndCxl>";
    assert_eq!(credited(&recall("camt.055", batch), true, false), [false, true, true]);
}

/// Which of the three are credited by a table of confirmations alone.
fn confirmed(header: &str, row: &str) -> bool {
    let list = fs::read(Path::new(MONTH).join("liste.csv")).unwrap();
    let table = format!("{header}\n{row}\n");
    let files = Files::from([
        ("liste.csv".to_owned(), list),
        ("bestaetigung.csv".to_owned(), table.into_bytes()),
    ]);
    let inputs = month::inputs(&files).unwrap();
    let month = Month::of(chrono::NaiveDate::from_ymd_opt(2025, 11, 1).unwrap());
    let outcome = judge(inputs, &Terms { month: Some(month), ..Terms::default() }).unwrap();
    outcome.payments.iter().any(|payment| payment.verdict.status == Status::Credited)
}

#[test]
fn confirmations_that_say_something_else_too() {
    let header = "end_to_end_id;case_id;name;iban;amount;credited_on";
    let row = "E2E-1001;AZ-1001;Anna Berg;DE44200400600012345601;563,00;2025-11-28";
    assert!(confirmed(header, row));
    assert!(!confirmed(header, &row.replace("AZ-1001", "AZ-1002")), "another case");
    assert!(!confirmed(header, &row.replace("Anna Berg", "Bodo Caro")), "another payee");
    for (column, value, expected) in [
        ("status", "gutgeschrieben", true),
        ("status", "storniert", false),
        ("status", "in Klärung", false),
        ("state", "returned", false),
        ("bestaetigt", "nein", false),
        ("Bemerkung", "angefordert", false),
        ("Bemerkung", "Grundsicherung", true),
        ("Bearbeiter", "M. Kunz", true),
        ("remittance", "Retoure AC04", false),
        ("remittance", "AZ-1002", false),
        ("remittance", "AZ-1001 November 2025", true),
        ("remittance", "Hilfe Oktober 2025", false),
        ("remittance", "DE39370601930098765402", false),
        ("currency", "USD", false),
        ("currency", "EUR", true),
        ("Valuta", "2025-12-03", false),
    ] {
        let found = confirmed(&format!("{header};{column}"), &format!("{row};{value}"));
        assert_eq!(found, expected, "{column}: {value}");
    }
}

#[test]
fn a_settled_transfer_is_settled_as_it_was_ordered() {
    let of = |inside: &str| {
        let transfer = transfer(&format!(
            "<OrgnlEndToEndId>E2E-1001</OrgnlEndToEndId><TxSts>ACCC</TxSts>{inside}"
        ));
        let report = report("LAUF-2025-12", "", &block("LAUF-2025-12-P1", &transfer));
        let mut files = Files::from([("n.xml".to_owned(), report.into_bytes())]);
        for name in ["liste.csv", "o.xml"] {
            files.insert(name.to_owned(), fs::read(Path::new(MONTH).join(name)).unwrap());
        }
        let inputs = month::inputs(&files).unwrap();
        let month = Month::of(chrono::NaiveDate::from_ymd_opt(2025, 11, 1).unwrap());
        let outcome = judge(inputs, &Terms { month: Some(month), ..Terms::default() }).unwrap();
        outcome.payments.first().unwrap().verdict.status == Status::Credited
    };
    let on = |day: &str| format!("<AccptncDtTm>{day}T10:00:00</AccptncDtTm>");
    assert!(of(&on("2025-11-28")));
    assert!(!of(&on("2025-11-29")), "after the report was made");
    assert!(!of(&format!("{REASON}{}", on("2025-11-28"))), "with a reason to come back");
    let other = REFERENCE.replace("563.00", "5.63");
    assert!(!of(&format!("{}{other}", on("2025-11-28"))), "another amount");
    let other = REFERENCE.replace("DE44200400600012345601", "DE39370601930098765402");
    assert!(!of(&format!("{}{other}", on("2025-11-28"))), "another account");
}

#[test]
fn one_row_that_denies_takes_the_proof_of_the_other() {
    let header = "end_to_end_id;case_id;name;iban;amount;credited_on;status";
    let row = "E2E-1001;AZ-1001;Anna Berg;DE44200400600012345601;563,00;2025-11-28";
    assert!(confirmed(header, &format!("{row};ok")));
    assert!(!confirmed(header, &format!("{row};ok\n{row};storniert")));
}

#[test]
fn messages_between_banks_need_a_person() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["liste.csv", "b.xml"] {
        fs::copy(Path::new(MONTH).join(name), folder.path().join(name)).unwrap();
    }
    for (kind, expected) in [("pain.008.001.08", 0), ("pacs.004.001.09", 1), ("camt.027.001.07", 1)]
    {
        fs::write(folder.path().join("z.xml"), document(kind, "<X><Y>1</Y></X>")).unwrap();
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_gutschrift"))
            .args(["verify", "--month", "2025-11", "--quiet"])
            .arg(folder.path())
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(expected), "{kind}");
    }
}
