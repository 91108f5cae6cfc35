//! Money that came back under a name, an account or a case number: whose it may be decides for all.

use std::fmt::Write as _;

use gutschrift::verdict::judge;
use gutschrift::verdict::terms::Terms;

use crate::month;
use crate::month::Files;

const FIRST: &str = "DE02120300000000202051";
const SECOND: &str = "DE02500105170137075030";

/// A booking of an export: day, kind, text, name, account, amount.
type Booked = [&'static str; 6];

/// The reasons of two payments of 563,00 to two persons of one name.
fn reasons(bookings: &[Booked]) -> [&'static str; 2] {
    let mut list = "Aktenzeichen;Empfänger;IBAN;Betrag;Fällig\r\n".to_owned();
    for (case, iban) in [("51.20-1001", FIRST), ("51.20-1002", SECOND)] {
        write!(list, "{case};Erika Beispiel;{iban};563,00;30.11.2023\r\n").unwrap();
    }
    let mut bank = "Auftragskonto;Buchungstag;Valutadatum;Buchungstext;Verwendungszweck;\
        Beguenstigter/Zahlungspflichtiger;Kontonummer;BLZ;Betrag;Waehrung;Info\r\n"
        .to_owned();
    let end = ["15.12.23", "ENTGELTABSCHLUSS", "Entgelt", "", "", "-1,00"];
    for [day, kind, text, name, account, amount] in bookings.iter().chain([&end]) {
        write!(
            bank,
            "DE89370400440532013000;{day};{day};{kind};{text};{name};{account};;{amount};EUR;\
            Umsatz gebucht\r\n"
        )
        .unwrap();
    }
    let files: Files =
        [("list.csv".into(), list.into_bytes()), ("bank.csv".into(), bank.into_bytes())].into();
    let outcome = judge(month::inputs(&files).unwrap(), &Terms::default()).unwrap();
    let mut found = outcome.payments.iter().map(|judged| judged.verdict.reason.name());
    [found.next().unwrap(), found.next().unwrap()]
}

fn paid(text: &'static str, account: &'static str, amount: &'static str) -> Booked {
    ["29.11.23", "ONLINE-UEBERWEISUNG", text, "Erika Beispiel", account, amount]
}

fn back(text: &'static str, account: &'static str, amount: &'static str) -> Booked {
    ["04.12.23", "RETOURE", text, "Erika Beispiel", account, amount]
}

const TEXT: &str = "RETOURE SEPA-UEBERWEISUNG";

#[test]
fn a_return_fits_what_was_booked_in_parts_as_well_as_in_one() {
    let first_part = paid("Az 51.20-1001 Teil 1", FIRST, "-300,00");
    let second_part = paid("Az 51.20-1001 Teil 2", FIRST, "-263,00");
    let whole = paid("Az 51.20-1002", SECOND, "-563,00");
    let month = |credit: Booked| reasons(&[first_part, second_part, whole, credit]);
    for (credit, expected) in [
        // The name is that of both: nobody is picked.
        (back(TEXT, "", "563,00"), ["ambiguous", "ambiguous"]),
        (back(TEXT, FIRST, "563,00"), ["ambiguous", "booked"]),
        (back(TEXT, SECOND, "563,00"), ["split", "returned"]),
        (back("RETOURE Az 51.20-1001", "", "563,00"), ["returned", "booked"]),
        // One part came back.
        (back(TEXT, "", "263,00"), ["returned", "booked"]),
        (back(TEXT, FIRST, "300,00"), ["returned", "booked"]),
    ] {
        assert_eq!(month(credit), expected, "{credit:?}");
    }
    let alone = |credit: Booked| reasons(&[first_part, second_part, credit]);
    assert_eq!(alone(back(TEXT, "", "563,00")), ["returned", "bank-data-missing"]);
}
