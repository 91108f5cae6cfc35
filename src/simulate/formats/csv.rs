//! The CSV exports of savings banks, cooperative banks and DKB.

use chrono::NaiveDate;

use crate::simulate::entry::Entry;
use crate::simulate::entry::Kind;
use crate::simulate::entry::return_text;
use crate::simulate::formats::statement::PAYER;
use crate::simulate::text::push_amount;
use crate::simulate::text::push_date;
use crate::simulate::text::push_german;
use crate::simulate::text::push_number;
use crate::simulate::text::push_windows_1252;

/// Header of CSV-CAMT V2 and V8.
pub fn sparkasse_header(out: &mut Vec<u8>) {
    out.extend_from_slice(
        b"\"Auftragskonto\";\"Buchungstag\";\"Valutadatum\";\"Buchungstext\";\"Verwendungszweck\";\
          \"Glaeubiger ID\";\"Mandatsreferenz\";\"Kundenreferenz (End-to-End)\";\
          \"Sammlerreferenz\";\"Lastschrift Ursprungsbetrag\";\"Auslagenersatz Ruecklastschrift\";\
          \"Beguenstigter/Zahlungspflichtiger\";\"Kontonummer/IBAN\";\"BIC (SWIFT-Code)\";\
          \"Betrag\";\"Waehrung\";\"Info\"\r\n",
    );
}

/// A row of CSV-CAMT, in Windows-1252.
pub fn sparkasse(day: NaiveDate, entry: &Entry, out: &mut Vec<u8>) {
    let mut line = String::with_capacity(320);
    line.push('"');
    line.push_str(PAYER);
    line.push_str("\";\"");
    push_date(&mut line, day, 2);
    line.push_str("\";\"");
    push_date(&mut line, day, 2);
    line.push_str("\";\"");
    line.push_str(entry.kind.text());
    line.push_str("\";\"");
    push_inside(&mut line, &remittance(entry));
    line.push_str("\";\"\";\"\";\"");
    push_inside(&mut line, &entry.end_to_end_id);
    line.push_str("\";\"");
    push_inside(&mut line, &entry.run);
    line.push_str("\";\"\";\"\";\"");
    push_inside(&mut line, &entry.name);
    line.push_str("\";\"");
    line.push_str(&entry.iban);
    line.push_str("\";\"");
    line.push_str(bic(entry));
    line.push_str("\";\"");
    push_amount(&mut line, entry.cents, ',');
    line.push_str("\";\"EUR\";\"");
    line.push_str(if entry.pending { "Umsatz vorgemerkt" } else { "Umsatz gebucht" });
    line.push_str("\"\r\n");
    push_windows_1252(out, &line);
}

/// Header of the 18 columns of cooperative banks, with byte order mark.
pub fn vr_header(out: &mut Vec<u8>) {
    out.extend_from_slice(
        "\u{feff}Bezeichnung Auftragskonto;IBAN Auftragskonto;BIC Auftragskonto;\
         Bankname Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;\
         IBAN Zahlungsbeteiligter;BIC (SWIFT-Code) Zahlungsbeteiligter;Buchungstext;\
         Verwendungszweck;Betrag;Waehrung;Saldo nach Buchung;Bemerkung;Gekennzeichneter Umsatz;\
         Glaeubiger ID;Mandatsreferenz\r\n"
            .as_bytes(),
    );
}

/// A row of a cooperative bank: the end-to-end id stands in the text.
pub fn vr(day: NaiveDate, entry: &Entry, balance: i64, out: &mut Vec<u8>) {
    let mut text = remittance(entry);
    if !entry.end_to_end_id.is_empty() {
        text.push_str(" EREF: ");
        text.push_str(&entry.end_to_end_id);
    }
    let mut line = String::with_capacity(320);
    line.push_str("Kreiskasse;");
    line.push_str(PAYER);
    line.push_str(";XXXXDEFFXXX;Volksbank Beispielkreis;");
    push_date(&mut line, day, 4);
    line.push(';');
    push_date(&mut line, day, 4);
    line.push(';');
    push_field(&mut line, &entry.name, ';');
    line.push(';');
    line.push_str(&entry.iban);
    line.push(';');
    line.push_str(bic(entry));
    line.push(';');
    line.push_str(match entry.kind {
        Kind::Transfer => "Einzelueberweisung",
        Kind::Batch(_) => "Sammelueberweisung",
        Kind::Return(_) => "Retourenbuchung",
        Kind::Reversal => "Stornobuchung",
        Kind::Incoming => "Ueberweisungsgutschr.",
        Kind::DirectDebit => "Basislastschrift",
        Kind::Fee => "Abschluss",
    });
    line.push(';');
    push_field(&mut line, &text, ';');
    line.push(';');
    push_amount(&mut line, entry.cents, ',');
    line.push_str(";EUR;");
    push_amount(&mut line, balance, ',');
    line.push_str(";;;;\r\n");
    out.extend_from_slice(line.as_bytes());
}

/// Title rows and header of DKB, with byte order mark.
pub fn dkb_header(from: NaiveDate, to: NaiveDate, out: &mut Vec<u8>) {
    let mut head = String::from("\u{feff}\"Girokonto\";\"");
    head.push_str(PAYER);
    head.push_str("\"\n\"Zeitraum:\";\"");
    push_date(&mut head, from, 4);
    head.push_str(" - ");
    push_date(&mut head, to, 4);
    head.push_str(
        "\"\n\"\"\n\"Buchungsdatum\";\"Wertstellung\";\"Status\";\"Zahlungspflichtige*r\";\
        \"Zahlungsempfänger*in\";\"Verwendungszweck\";\"Umsatztyp\";\"IBAN\";\"Betrag (€)\";\
        \"Gläubiger-ID\";\"Mandatsreferenz\";\"Kundenreferenz\"\n",
    );
    out.extend_from_slice(head.as_bytes());
}

/// A row of DKB.
pub fn dkb(day: NaiveDate, entry: &Entry, out: &mut Vec<u8>) {
    let mut line = String::with_capacity(300);
    line.push('"');
    push_date(&mut line, day, 2);
    line.push_str("\";\"");
    push_date(&mut line, day, 2);
    line.push_str(if entry.pending { "\";\"Vorgemerkt\";\"" } else { "\";\"Gebucht\";\"" });
    let leaves = entry.cents < 0;
    push_inside(&mut line, if leaves { "Kreiskasse" } else { &entry.name });
    line.push_str("\";\"");
    push_inside(&mut line, if leaves { &entry.name } else { "Kreiskasse" });
    line.push_str("\";\"");
    push_inside(&mut line, &remittance(entry));
    line.push_str(if leaves { "\";\"Ausgang\";\"" } else { "\";\"Eingang\";\"" });
    line.push_str(&entry.iban);
    line.push_str("\";\"");
    push_german(&mut line, entry.cents);
    line.push_str("\";\"\";\"\";\"");
    push_inside(&mut line, &entry.end_to_end_id);
    line.push_str("\"\n");
    out.extend_from_slice(line.as_bytes());
}

/// The text, with what the bank adds: a count of a collective debit, a returned one's reason.
fn remittance(entry: &Entry) -> String {
    let mut text = String::with_capacity(entry.text.len() + 40);
    match entry.kind {
        Kind::Batch(count) => {
            text.push_str("SEPA Sammel-Ueberweisung mit ");
            push_number(&mut text, count);
            text.push_str(" Ueberweisungen ");
            text.push_str(&entry.run);
        }
        Kind::Return(code) => {
            if !entry.text.starts_with("RETOURE") {
                text.push_str("RETOURE ");
            }
            text.push_str(&entry.text);
            text.push(' ');
            text.push_str(code);
            text.push(' ');
            text.push_str(return_text(code));
        }
        Kind::Reversal => {
            text.push_str("STORNO ");
            text.push_str(&entry.text);
        }
        _ => text.push_str(&entry.text),
    }
    text
}

const fn bic(entry: &Entry) -> &'static str {
    if entry.iban.is_empty() { "" } else { "XXXXDEFFXXX" }
}

/// Inside quotes: quotes doubled.
fn push_inside(line: &mut String, text: &str) {
    for letter in text.chars() {
        if letter == '"' {
            line.push('"');
        }
        line.push(letter);
    }
}

/// A field that is quoted only where it must be.
pub fn push_field(line: &mut String, text: &str, separator: char) {
    if text.contains([separator, '"']) {
        line.push('"');
        push_inside(line, text);
        line.push('"');
    } else {
        line.push_str(text);
    }
}
