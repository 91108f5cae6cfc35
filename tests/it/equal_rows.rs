//! Thousands of equal rows: every row stays, nobody is picked, and what they have in common is cited once.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use gutschrift::matching::cited::LARGEST_SHOWN;
use gutschrift::matching::cited::SHOWN;
use gutschrift::reports::split;
use gutschrift::verdict::judge;
use gutschrift::verdict::outcome::Disposition;
use gutschrift::verdict::result::Outcome;
use gutschrift::verdict::terms::Terms;

use crate::month;
use crate::month::Files;

const PAYEE: &str = "DE93999100560020316760";
/// So many rows a month has here.
const ROWS: usize = 120;

/// A row of a list: case, name, account, id.
type Row = (String, String, String, String);

/// A booking: day, text, id, name, account.
type Booking = [String; 5];

/// An account with right check digits.
fn iban(number: usize) -> String {
    let account = format!("99910056{number:010}");
    let rest = format!("{account}131400")
        .bytes()
        .fold(0_u64, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97);
    format!("DE{:02}{account}", 98 - rest)
}

/// A made-up name for a number.
fn name(number: usize) -> String {
    let parts = ["ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu"];
    let digits = format!("{number:06}");
    let name: String = digits.bytes().map(|digit| parts[usize::from(digit - b'0')]).collect();
    format!("Erika V{name}")
}

fn list(row: impl Fn(usize) -> Row) -> Vec<u8> {
    let mut text =
        "Aktenzeichen;Leistungsart;Name;IBAN;Betrag;Fälligkeit;End-to-End-ID\r\n".to_owned();
    for number in 0..ROWS {
        let (case, name, iban, id) = row(number);
        write!(text, "{case};HLU;{name};{iban};320,00;30.11.2023;{id}\r\n").unwrap();
    }
    text.into_bytes()
}

fn export(count: usize, booking: impl Fn(usize) -> Booking) -> Vec<u8> {
    let mut text =
        "\"Auftragskonto\";\"Buchungstag\";\"Valutadatum\";\"Buchungstext\";\"Verwendungszweck\";\
        \"Kundenreferenz (End-to-End)\";\"Beguenstigter/Zahlungspflichtiger\";\"Kontonummer/IBAN\";\
        \"BIC (SWIFT-Code)\";\"Betrag\";\"Waehrung\";\"Info\"\r\n"
            .to_owned();
    for number in 0..count {
        let [day, words, id, name, iban] = booking(number);
        write!(
            text,
            "\"DE17999000100004711001\";\"{day}\";\"{day}\";\"EINZELUEBERWEISUNG\";\"{words}\";\"{id}\";\
             \"{name}\";\"{iban}\";\"\";\"-320,00\";\"EUR\";\"Umsatz gebucht\"\r\n"
        )
        .unwrap();
    }
    text.into_bytes()
}

fn judged(list: Vec<u8>, bank: Vec<u8>) -> Outcome {
    let files: Files = [("bank.csv".to_owned(), bank), ("list.csv".to_owned(), list)].into();
    judge(month::inputs(&files).unwrap(), &Terms::default()).unwrap()
}

fn to_one_account(number: usize) -> Row {
    (format!("50.12-{number:06}"), name(number), PAYEE.to_owned(), String::new())
}

fn own_account(number: usize) -> Row {
    (format!("50.12-{number:06}"), "Erika Beispiel".to_owned(), iban(number), String::new())
}

fn booking(day: &str, words: &str, id: &str, name: &str, iban: &str) -> Booking {
    [day, words, id, name, iban].map(str::to_owned)
}

/// How many payments have which reason.
fn reasons(outcome: &Outcome) -> BTreeMap<&'static str, usize> {
    let mut reasons = BTreeMap::new();
    for judged in &outcome.payments {
        *reasons.entry(judged.verdict.reason.name()).or_default() += 1;
    }
    reasons
}

/// Months in which counting cannot say who got which booking, with the number of bookings.
fn months() -> Vec<(&'static str, Outcome, usize)> {
    let day = "30.11.23";
    let made = |what, row: &dyn Fn(usize) -> Row, count, one: &dyn Fn(usize) -> Booking| {
        (what, judged(list(row), export(count, one)), count)
    };
    vec![
        made("one is missing", &to_one_account, ROWS - 1, &|_| {
            booking(day, "", "", "Kartenbank AG", PAYEE)
        }),
        made("one is late", &to_one_account, ROWS, &|number| {
            let day = if number == 0 { "08.12.23" } else { day };
            booking(day, "", "", "Kartenbank AG", PAYEE)
        }),
        // Ids and texts of the bank's own, no two of them the same, tell nobody apart.
        made("ids and texts of the bank", &to_one_account, ROWS - 1, &|number| {
            let (words, id) =
                (format!("Karten November 2023 Z{number}"), format!("KB{number:08}X"));
            booking(day, &words, &id, "Kartenbank AG", PAYEE)
        }),
        made("names, other accounts", &own_account, ROWS, &|number| {
            booking(day, "", "", "Erika Beispiel", &iban(5_000_000_000 + number))
        }),
        made("names, other accounts and ids", &own_account, ROWS, &|number| {
            let id = format!("KB{number:08}X");
            booking(day, "", &id, "Erika Beispiel", &iban(5_000_000_000 + number))
        }),
        made("names only", &own_account, ROWS, &|_| booking(day, "", "", "Erika Beispiel", "")),
        made(
            "one case number",
            &|number| ("50.12-777777".to_owned(), name(number), iban(number), String::new()),
            ROWS - 1,
            &|_| booking(day, "HLU 50.12-777777", "", "", ""),
        ),
    ]
}

#[test]
fn large_groups_keep_every_row_and_nobody_is_picked() {
    for (what, outcome, count) in months() {
        assert_eq!(reasons(&outcome), [("ambiguous", ROWS)].into(), "{what}");
        let cases: BTreeSet<u32> =
            outcome.payments.iter().map(|own| own.payment.place.line).collect();
        assert_eq!(cases.len(), ROWS, "{what}");
        assert_eq!(outcome.bank_entries.len(), count, "{what}");
        let matched = |own: &&_| matches!(own, Disposition::Matched);
        let all = outcome.bank_entries.iter().map(|entry| &entry.disposition);
        assert_eq!(all.filter(matched).count(), count, "{what}");
        assert!(outcome.totals.closes, "{what}");
    }
}

#[test]
fn large_groups_are_cited_once() {
    for (what, outcome, count) in months() {
        assert!(count > LARGEST_SHOWN);
        let verdicts = || outcome.payments.iter().map(|own| &own.verdict);
        let groups = || verdicts().flat_map(|own| own.groups.iter());
        // One list for all: so many places are kept as there are bookings, whatever the payments.
        let kept: BTreeMap<_, usize> =
            groups().map(|group| (Arc::as_ptr(group), group.places().len())).collect();
        assert!(kept.len() <= 2, "{what}: {} groups", kept.len());
        assert_eq!(kept.values().sum::<usize>(), count, "{what}");
        for verdict in verdicts() {
            let shown = verdict.entries.len();
            assert!((1..=2 * SHOWN).contains(&shown), "{what}: {shown} entries");
            assert_eq!(shown + verdict.more_entries(), count, "{what}");
        }
        // A part has them all.
        let parts = split::split(&outcome, split::By::Benefit);
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].1.bank_entries.len(), count, "{what}");
        assert_eq!(parts[0].1.totals.matched, outcome.totals.matched, "{what}");
    }
}

#[test]
fn another_sum_is_cited_once_too() {
    let bank = export(ROWS, |_| booking("30.11.23", "", "", "Kartenbank AG", PAYEE));
    let bank = String::from_utf8(bank).unwrap().replace("-320,00", "-321,00").into_bytes();
    let outcome = judged(list(to_one_account), bank);
    assert_eq!(reasons(&outcome), [("sum-differs", ROWS)].into());
    for own in &outcome.payments {
        assert_eq!(own.verdict.entries.len(), SHOWN);
        assert_eq!(own.verdict.more_entries(), ROWS - SHOWN);
    }
}

#[test]
fn equal_rows_that_all_have_their_booking_are_credited_by_count() {
    let day = "30.11.23";
    for (count, expected) in [(ROWS, "booked"), (ROWS + 1, "paid-twice")] {
        let bank = export(count, |_| booking(day, "", "", "Kartenbank AG", PAYEE));
        let outcome = judged(list(to_one_account), bank);
        assert_eq!(reasons(&outcome), [(expected, ROWS)].into());
        let own: BTreeSet<u32> = outcome
            .payments
            .iter()
            .filter(|own| own.verdict.entries.len() == 1)
            .map(|own| own.verdict.entries[0].place.line)
            .collect();
        // Each has one of its own, and no two have the same.
        assert_eq!(own.len(), if count == ROWS { ROWS } else { 0 });
    }
}

#[test]
fn a_near_account_is_found_among_many() {
    let day = "30.11.23";
    let (near, far) = (own_account(7).2, iban(5_000_000_000));
    // A digit of the bank code is another one.
    let mut typed = near.into_bytes();
    typed[6] = b'8';
    let typed = String::from_utf8(typed).unwrap();
    let bank = export(2, |number| {
        let iban = if number == 0 { &typed } else { &far };
        booking(day, "", "", "Erika Beispiel", iban)
    });
    let outcome = judged(list(own_account), bank);
    let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
    expected.insert("account-differs", 1);
    expected.insert("ambiguous", ROWS - 1);
    assert_eq!(reasons(&outcome), expected);
    let found = outcome.payments.iter().find(|own| own.verdict.reason.name() == "account-differs");
    assert_eq!(found.unwrap().payment.case_id.as_deref(), Some("50.12-000007"));
}
