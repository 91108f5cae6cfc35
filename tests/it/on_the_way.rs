//! What other programs made of bank files and lists, as `docs/formats/on-the-way.md` tells it.

use gutschrift::model::amount::Amount;
use gutschrift::model::place::FileId;
use gutschrift::model::problem::ProblemCode;
use gutschrift::model::reading::Reading;
use gutschrift::readers;
use gutschrift::readers::ReadOptions;

fn read(name: &str, text: &str) -> Reading {
    readers::read(FileId(0), name, text.as_bytes(), &ReadOptions::default())
}

fn has(reading: &Reading, code: ProblemCode) -> bool {
    reading.problems.iter().any(|problem| problem.code == code)
}

#[test]
fn case_numbers_that_became_one_number_name_nobody() {
    let list = read(
        "liste.csv",
        "Aktenzeichen;Name;IBAN;Betrag\n\
         1.79769313486232E+308;Erika Beispiel;DE05999100430032828780;563,00\n\
         1.79769313486232E+308;Jana Vogel;DE53999100330068313819;814,75\n\
         1.23456789012346E+017;Mira Blau;DE12999100280032844618;451,00\n",
    );
    assert!(has(&list, ProblemCode::NumberDamaged));
    let cases: Vec<_> = list.payments.iter().map(|payment| payment.case_id.clone()).collect();
    assert_eq!(cases, [None, None, None]);
}

#[test]
fn binary_noise_of_cents_is_no_amount_of_its_own() {
    let list = read(
        "liste.csv",
        "Aktenzeichen,Name,Betrag\n\
         A-1,Erika Beispiel,1340.26000000000000001\n\
         A-2,Jana Vogel,2442.19999999999999996\n\
         A-3,Mira Blau,2442.195\n",
    );
    let amounts: Vec<_> = list.payments.iter().map(|payment| payment.amount).collect();
    assert_eq!(
        amounts,
        [Some(Amount::from_cents(134_026)), Some(Amount::from_cents(244_220)), None]
    );
}

#[test]
fn exports_cut_at_the_decimal_comma_are_refused() {
    for text in [
        // A savings bank's: one column is left.
        "Auftragskonto,\n\
         DE17999000100004711001,\"90\"\";\"\"EUR\"\";\"\"Umsatz gebucht\"\"\"\n\
         DE17999000100004711001,\"00\"\";\"\"EUR\"\";\"\"Umsatz gebucht\"\"\"\n",
        // A cooperative bank's: rows cut in two.
        "\"Bezeichnung Auftragskonto;IBAN Auftragskonto;Buchungstag;Valutadatum;Betrag;Waehrung\",\n\
         \"Kreiskasse;DE17999000100004711001;01.12.2023;01.12.2023;-451\",00;EUR\n",
    ] {
        assert!(read("umsatz.csv", text).refused, "{text}");
    }
}

#[test]
fn amounts_in_fractions_are_refused() {
    let text = "\"localIban\";\"remoteIban\";\"remoteName\";\"valutaDate\";\"date\";\"value_value\";\"value_currency\";\"purpose\"\n\
         \"DE17999000100004711001\";\"DE05999100430032828780\";\"Erika Beispiel\";\"2023/11/30\";\"2023/11/30\";\"-325165/100\";\"EUR\";\"Sozialhilfe 11/2023\"\n";
    assert!(read("export.csv", text).refused);
}
