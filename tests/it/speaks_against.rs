//! Small months in which one booking speaks against a payment, and the same without it: tables of kinds
//! that once left somebody credited, or needed a person for nothing.

use std::fmt::Write;

use gutschrift::model::date::Month;
use gutschrift::verdict::judge::judge;
use gutschrift::verdict::outcome::Verdict;
use gutschrift::verdict::result::Outcome;
use gutschrift::verdict::terms::Terms;

use crate::month;
use crate::month::Files;

const OWN: &str = "DE17999100000004711001";
/// Accounts of payees, and one of nobody.
const IBANS: [&str; 4] = [
    "DE80999100030000001001",
    "DE53999100030000001002",
    "DE26999100030000001003",
    "DE05999100030000001090",
];

/// A booking of the statement.
#[derive(Clone, Copy)]
struct Booking {
    cents: i64,
    credit: bool,
    day: u32,
    id: &'static str,
    iban: &'static str,
    text: &'static str,
    code: &'static str,
    currency: &'static str,
    /// `Btch` with a name, and transfers that do not add up.
    batch: Option<(&'static str, &'static str)>,
}

const DEBIT: Booking = Booking {
    cents: 0,
    credit: false,
    day: 30,
    id: "",
    iban: "",
    text: "",
    code: "116",
    currency: "EUR",
    batch: None,
};
const BACK: Booking = Booking { credit: true, day: 31, code: "159", ..DEBIT };
const BATCH: Booking = Booking { code: "191", batch: Some(("LAUF-2311-P1", "")), ..DEBIT };

fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// A day of November; 31 and more are days of December.
fn day(number: u32) -> String {
    if number > 30 { format!("2023-12-{:02}", number - 30) } else { format!("2023-11-{number:02}") }
}

fn entry(own: &Booking) -> String {
    let side = if own.credit { "CRDT" } else { "DBIT" };
    let party = if own.credit { "Dbtr" } else { "Cdtr" };
    let amount = format!(
        "<Amt Ccy=\"{}\">{}</Amt><CdtDbtInd>{side}</CdtDbtInd>",
        own.currency,
        money(own.cents)
    );
    let day = day(own.day);
    let mut details = String::new();
    if let Some((name, transfers)) = own.batch {
        write!(details, "<Btch><PmtInfId>{name}</PmtInfId></Btch>{transfers}").unwrap();
    } else {
        let id = if own.id.is_empty() { "NOTPROVIDED" } else { own.id };
        write!(details, "<TxDtls><Refs><EndToEndId>{id}</EndToEndId></Refs>{amount}").unwrap();
        if !own.iban.is_empty() {
            let account = format!("<Id><IBAN>{}</IBAN></Id>", own.iban);
            write!(details, "<RltdPties><{party}Acct>{account}</{party}Acct></RltdPties>").unwrap();
        }
        write!(details, "<RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls>", own.text).unwrap();
    }
    format!(
        "<Ntry>{amount}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>\
         <BkTxCd><Prtry><Cd>NTRF+{}</Cd><Issr>DK</Issr></Prtry></BkTxCd><NtryDtls>{details}</NtryDtls></Ntry>\n",
        own.code
    )
}

fn statement(bookings: &[Booking]) -> String {
    let euros = bookings.iter().filter(|own| own.currency == "EUR");
    let sum: i64 = euros.map(|own| if own.credit { own.cents } else { -own.cents }).sum();
    let balance = |code: &str, cents: i64, day: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{}</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>",
            money(cents)
        )
    };
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>M</MsgId><CreDtTm>2023-12-06T20:00:00</CreDtTm></GrpHdr><Stmt><Id>S</Id>\
         <CreDtTm>2023-12-06T20:00:00</CreDtTm><FrToDt><FrDtTm>2023-11-15T00:00:00</FrDtTm>\
         <ToDtTm>2023-12-06T23:59:59</ToDtTm></FrToDt><Acct><Id><IBAN>{OWN}</IBAN></Id></Acct>{}{}\n{}\
         </Stmt></BkToCstmrStmt></Document>",
        balance("PRCD", 9_000_000, "2023-11-15"),
        balance("CLBD", 9_000_000 + sum, "2023-12-06"),
        bookings.iter().map(entry).collect::<String>()
    )
}

/// A row of the list: case number, place of its account, cents, end-to-end id.
type Row = (&'static str, usize, i64, &'static str);

fn list(rows: &[Row]) -> String {
    let mut list = String::from("Aktenzeichen;Name;IBAN;Betrag;Fällig am;End-to-End-ID\n");
    for (number, (case, iban, cents, id)) in rows.iter().enumerate() {
        let names = ["Erika Beispiel", "Hans Groß", "Lena Okafor"];
        let amount = money(*cents).replace('.', ",");
        let iban = IBANS[*iban];
        writeln!(list, "{case};{};{iban};{amount};30.11.2023;{id}", names[number % 3]).unwrap();
    }
    list
}

fn order(message: &str, batch: &str, rows: &[Row]) -> String {
    let mut transfers = String::new();
    for (_, iban, cents, id) in rows {
        write!(
            transfers,
            "<CdtTrfTxInf><PmtId><EndToEndId>{id}</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">{}</InstdAmt></Amt>\
             <CdtrAcct><Id><IBAN>{}</IBAN></Id></CdtrAcct></CdtTrfTxInf>",
            money(*cents),
            IBANS[*iban]
        )
        .unwrap();
    }
    let sums = format!(
        "<NbOfTxs>{}</NbOfTxs><CtrlSum>{}</CtrlSum>",
        rows.len(),
        money(rows.iter().map(|row| row.2).sum())
    );
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn><GrpHdr>\
         <MsgId>{message}</MsgId><CreDtTm>2023-11-27T09:00:00</CreDtTm>{sums}</GrpHdr><PmtInf>\
         <PmtInfId>{batch}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>{sums}\
         <ReqdExctnDt><Dt>2023-11-30</Dt></ReqdExctnDt><DbtrAcct><Id><IBAN>{OWN}</IBAN></Id></DbtrAcct>\
         {transfers}</PmtInf></CstmrCdtTrfInitn></Document>"
    )
}

/// Status and reason of all rows, which are the same in full and in brief.
fn judged(files: &Files) -> Vec<String> {
    let terms = Terms {
        month: Some(Month::of(chrono::NaiveDate::from_ymd_opt(2023, 11, 1).unwrap())),
        ..Terms::default()
    };
    let in_full = judge(month::inputs(files).unwrap(), &terms).unwrap();
    let in_brief = judge(month::inputs_in_brief(files).unwrap(), &terms).unwrap();
    let answers = |outcome: Outcome| -> Vec<String> {
        let name = |own: &Verdict| format!("{}/{}", own.status.name(), own.reason.name());
        outcome.all_payments().map(|own| name(&own.verdict)).collect()
    };
    let (in_full, in_brief) = (answers(in_full), answers(in_brief));
    assert_eq!(in_full, in_brief);
    in_full
}

const A: Row = ("50.12-4711", 0, 56_300, "SOZ-2311-0001");
const B: Row = ("50.12-4712", 1, 45_100, "SOZ-2311-0002");
const C: Row = ("50.12-4713", 2, 38_950, "SOZ-2311-0003");
const PAID_A: Booking = Booking { cents: A.2, id: A.3, iban: IBANS[0], ..DEBIT };
const PAID_B: Booking = Booking { cents: B.2, id: B.3, iban: IBANS[1], ..DEBIT };
const PAID_C: Booking = Booking { cents: C.2, id: C.3, iban: IBANS[2], ..DEBIT };
const OF_A: &str = "<TxDtls><Refs><EndToEndId>SOZ-2311-0001</EndToEndId></Refs>\
    <Amt Ccy=\"EUR\">563.00</Amt><RltdPties><CdtrAcct><Id><IBAN>DE05999100030000001090</IBAN></Id></CdtrAcct>\
    </RltdPties></TxDtls>";

#[test]
fn returns_and_repayments() {
    let elsewhere = Booking { iban: IBANS[3], ..PAID_A };
    let back = Booking { cents: A.2, id: A.3, ..BACK };
    let names = "RETOUREN DE80999100030000001001 DE53999100030000001002";
    for (name, first, others, expected) in [
        ("no return", PAID_A, vec![], ["credited/booked"; 3]),
        (
            "came back, and was paid to another account",
            Booking { day: 28, ..PAID_A },
            vec![Booking { day: 29, ..back }, elsewhere],
            ["follow-up/account-differs", "credited/booked", "credited/booked"],
        ),
        (
            "paid to another account first, then to the right one",
            Booking { day: 28, ..elsewhere },
            vec![Booking { day: 29, ..back }, PAID_A],
            ["credited/repaid", "credited/booked", "credited/booked"],
        ),
        (
            "came back in another currency",
            PAID_A,
            vec![Booking { cents: 54_000, currency: "CHF", ..back }],
            ["follow-up/returned", "credited/booked", "credited/booked"],
        ),
        (
            "came back in another currency from the account",
            PAID_A,
            vec![Booking { cents: 54_000, currency: "CHF", iban: IBANS[0], id: "", ..back }],
            ["follow-up/ambiguous", "credited/booked", "credited/booked"],
        ),
        (
            "a collective return that names accounts",
            PAID_A,
            vec![Booking { cents: A.2 + B.2, text: names, ..BACK }],
            ["follow-up/ambiguous", "follow-up/ambiguous", "credited/booked"],
        ),
        (
            "two parts that come back less a fee",
            Booking { cents: 30_000, ..PAID_A },
            vec![
                Booking { cents: 26_300, ..PAID_A },
                Booking { cents: 56_000, iban: IBANS[0], ..BACK },
            ],
            ["follow-up/ambiguous", "credited/booked", "credited/booked"],
        ),
        (
            "words that a line cut",
            PAID_A,
            vec![Booking {
                cents: A.2,
                iban: IBANS[0],
                text: "Konto auf geloest",
                code: "166",
                ..BACK
            }],
            ["follow-up/returned", "credited/booked", "credited/booked"],
        ),
    ] {
        let bookings = [&[first, PAID_B, PAID_C], others.as_slice()].concat();
        let files = Files::from([
            ("liste.csv".to_owned(), list(&[A, B, C]).into_bytes()),
            ("auszug.xml".to_owned(), statement(&bookings).into_bytes()),
        ]);
        assert_eq!(judged(&files), expected, "{name}");
    }
}

#[test]
fn orders_and_their_batches() {
    let sum = A.2 + B.2 + C.2;
    let whole = Booking { cents: sum, ..BATCH };
    let again = order("LAUF-2311-B", "LAUF-2311-P1", &[A, B, C]);
    for (name, bookings, second, expected) in [
        ("the batch", vec![whole], None, ["credited/batch"; 3]),
        (
            "a transfer of the batch that goes elsewhere",
            vec![Booking { batch: Some(("LAUF-2311-P1", OF_A)), ..whole }],
            None,
            ["follow-up/account-differs", "credited/batch", "credited/batch"],
        ),
        ("sent twice, booked once", vec![whole], Some(&again), ["credited/batch"; 3]),
        (
            "sent twice, booked twice",
            vec![Booking { day: 29, ..whole }, whole],
            Some(&again),
            ["follow-up/paid-twice"; 3],
        ),
        (
            "a return that names the batch and the amount",
            vec![whole, Booking { cents: A.2, text: "RETOURE LAUF-2311-P1", ..BACK }],
            None,
            ["follow-up/returned", "credited/batch", "credited/batch"],
        ),
    ] {
        let mut files = Files::from([
            ("liste.csv".to_owned(), list(&[A, B, C]).into_bytes()),
            ("auftrag.xml".to_owned(), order("LAUF-2311", "LAUF-2311-P1", &[A, B, C]).into_bytes()),
            ("auszug.xml".to_owned(), statement(&bookings).into_bytes()),
        ]);
        if let Some(second) = second {
            files.insert("auftrag-2.xml".to_owned(), second.clone().into_bytes());
        }
        assert_eq!(judged(&files), expected, "{name}");
    }
}

#[test]
fn homes() {
    let rows: [Row; 3] =
        [("71/100", 0, 120_050, ""), ("71/200", 0, 98_000, ""), ("71/300", 0, 141_025, "")];
    let sum = 359_075;
    let home = Booking { cents: sum, id: "HEIM-11", iban: IBANS[0], text: "Heimkosten", ..DEBIT };
    let named = Booking { text: "Heimkosten 71/100 71/200 71/300", ..home };
    let early = Booking { day: 28, ..named };
    let back = Booking { cents: sum, iban: IBANS[0], day: 29, ..BACK };
    for (name, bookings, expected) in [
        ("together", vec![home], "credited/merged"),
        ("named", vec![named], "credited/merged"),
        ("named twice", vec![early, named], "follow-up/paid-twice"),
        ("named, and again without names", vec![named, home], "follow-up/paid-twice"),
        ("came back and was paid again", vec![early, back, named], "credited/repaid"),
        (
            "came back less a fee",
            vec![home, Booking { cents: sum - 500, day: 31, ..back }],
            "follow-up/ambiguous",
        ),
        (
            "named, one late and one in time",
            vec![named, Booking { day: 31, ..named }],
            "follow-up/paid-twice",
        ),
    ] {
        let mut turned = rows;
        turned.reverse();
        let mut after: Vec<Booking> = bookings.clone();
        after.reverse();
        for (rows, bookings) in [(rows, &bookings), (turned, &bookings), (turned, &after)] {
            let files = Files::from([
                ("liste.csv".to_owned(), list(&rows).into_bytes()),
                ("auszug.xml".to_owned(), statement(bookings).into_bytes()),
            ]);
            assert_eq!(judged(&files), [expected; 3], "{name}");
        }
    }
}

#[test]
fn months_in_periods() {
    for (text, expected) in [
        ("Sozialhilfe", "credited/booked"),
        ("Sozialhilfe 01.11.-30.11.2023", "credited/booked"),
        ("Sozialhilfe 01.10.-31.10.2023", "follow-up/not-found"),
        ("Zeitraum 01.10.2023 bis 31.10.2023", "follow-up/not-found"),
        ("Leistungsmonat 10", "follow-up/not-found"),
        ("HLU 202310", "follow-up/not-found"),
        ("Bescheid vom 31.10.2023", "credited/booked"),
    ] {
        let row = (A.0, A.1, A.2, "");
        let files = Files::from([
            ("liste.csv".to_owned(), list(&[row, B]).into_bytes()),
            (
                "auszug.xml".to_owned(),
                statement(&[Booking { text, id: "", ..PAID_A }, PAID_B]).into_bytes(),
            ),
        ]);
        assert_eq!(judged(&files), [expected, "credited/booked"], "{text}");
    }
}

/// An export tells a batch as one booking, the statement that ties its transfers one by one.
#[test]
fn a_batch_of_an_export_and_its_transfers_in_the_statement() {
    let head = "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;Glaeubiger ID;Mandatsreferenz;\
                Kundenreferenz (End-to-End);Sammlerreferenz;Lastschrift Ursprungsbetrag;Auslagenersatz Ruecklastschrift;\
                Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;BIC (SWIFT-Code);Betrag;Waehrung;Info";
    let sum = money(A.2 + B.2 + C.2).replace('.', ",");
    let row = format!(
        "{OWN};30.11.23;30.11.23;SAMMEL-UEBERWEISUNG;SAMMLER;;;;;;;;;;-{sum};EUR;Umsatz gebucht"
    );
    let elsewhere = Booking { iban: IBANS[3], ..PAID_A };
    for (first, expected) in [(PAID_A, "credited/booked"), (elsewhere, "follow-up/account-differs")]
    {
        let files = Files::from([
            ("liste.csv".to_owned(), list(&[A, B, C]).into_bytes()),
            ("auszug.xml".to_owned(), statement(&[first, PAID_B, PAID_C]).into_bytes()),
            ("umsaetze.csv".to_owned(), format!("{head}\n{row}\n").into_bytes()),
        ]);
        let found = judged(&files);
        assert_eq!(found, [expected, "credited/booked", "credited/booked"]);
    }
}
