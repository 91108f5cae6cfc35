//! A booking from its `:61:` and its `:86:`.

use crate::facts::transaction_codes;
use crate::facts::transaction_codes::CodeMeaning;
use crate::model::currency::Currency;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::reason_code::iso_of_text_key;
use crate::model::shared::Shared;
use crate::model::statement::BatchInformation;
use crate::model::statement::BookingStatus;
use crate::model::statement::CommonOfEntries;
use crate::model::statement::Direction;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use crate::model::statement::RareOfDetails;
use crate::model::statement::ReturnInformation;
use crate::model::statement::StatementEntry;
use crate::model::text::filled;
use crate::readers::interpret;
use crate::readers::mt940::entry_line::EntryLine;
use crate::readers::mt940::subfields;
use crate::readers::mt940::subfields::Information;
use crate::readers::mt940::tags;
use crate::readers::mt940::tags::Tagged;

/// Booking key of what comes back (SWIFT: returned item).
const RETURNED_ITEM: &str = "RTI";

/// What is known of a booking before its text.
pub(super) fn from_line(place: Place, line: &EntryLine, currency: Currency) -> StatementEntry {
    StatementEntry {
        place,
        amount: line.amount,
        currency,
        direction: line.direction,
        status: if line.expected { BookingStatus::Pending } else { BookingStatus::Booked },
        reversal: line.reversal,
        booking_date: line.booking_date,
        value_date: line.value_date,
        bank_reference: filled(&line.bank_reference),
        entry_reference: own_reference(&line.reference),
        common: Shared::new(CommonOfEntries {
            charges: line.charges,
            unread: line.unread.clone(),
            ..CommonOfEntries::default()
        }),
        ..StatementEntry::default()
    }
}

/// The reference of the `:61:`, unless it only points to the `:86:` or says that there is none.
fn own_reference(reference: &str) -> Option<String> {
    let pointer = matches!(reference, "KREF+" | "EREF+" | "KREF" | "EREF" | "NONREF");
    filled(reference).filter(|_| !pointer)
}

/// Adds the text of the booking. `kind` is the booking key of the `:61:`.
pub(super) fn add_text(entry: &mut StatementEntry, kind: &str, lines: &[&str]) {
    let information = subfields::read(lines);
    let tagged = tags::read(&information.pieces);
    entry.transaction_code.clone_from(&information.transaction_code);
    entry.booking_text = filled(&information.booking_text);
    let is_batch = entry.transaction_code.as_deref().is_some_and(transaction_codes::is_batch);
    let count = tagged.text.as_deref().and_then(|text| count_in(text, is_batch));
    if is_batch || (count.is_some() && information.account.is_empty()) {
        entry.batch = Some(BatchInformation {
            message_id: None,
            payment_info_id: tagged.order_reference.clone(),
            count,
            total: None,
        });
    }
    entry.details = vec![EntryDetail {
        place: entry.place,
        end_to_end_id: tagged.end_to_end_id.as_deref().and_then(filled),
        counterparty: filled(&information.name),
        counterparty_iban: account_of(&information, &tagged),
        remittance: tagged.text.as_deref().and_then(filled),
        rare: Shared::new(RareOfDetails {
            instruction_id: tagged
                .order_reference
                .as_deref()
                .and_then(filled)
                .or_else(|| entry.entry_reference.clone()),
            mandate_id: tagged.mandate.as_deref().and_then(filled),
            ultimate_counterparty: tagged.ultimate_payee.as_deref().and_then(filled),
            unread: unread(&information, &tagged),
            ..RareOfDetails::default()
        }),
        ..EntryDetail::default()
    }];
    let says_return = transaction_codes::is_return_key(&information.text_key)
        || kind == RETURNED_ITEM
        || tagged.reason.is_some();
    if entry.direction == Direction::Debit && says_return && tagged.mandate.is_none() {
        entry.doubt = Some(Doubt::ReturnWords);
    }
    if accounts_differ(&information, &tagged) {
        entry.doubt = Some(Doubt::Accounts);
    }
    let return_information = returned(entry, kind, &information, &tagged);
    if let Some(detail) = entry.details.first_mut().filter(|_| return_information.is_some()) {
        detail.return_information = return_information;
    }
}

/// What no field takes, and an id that words follow: a value that goes on behind its tag took them along.
fn unread(information: &Information, tagged: &Tagged) -> Option<String> {
    let id = tagged.end_to_end_id.as_deref().filter(|id| id.trim().contains(' '));
    let all = information.unread.iter().chain(&tagged.unread).map(String::as_str).chain(id);
    filled(&all.collect::<Vec<_>>().join(" "))
}

/// Whether `?31`, `?38` and `IBAN+` name several accounts.
fn accounts_differ(information: &Information, tagged: &Tagged) -> bool {
    let given = [
        Some(information.account.as_str()),
        Some(information.iban.as_str()),
        tagged.iban.as_deref(),
    ];
    let ibans = given.into_iter().flatten().filter_map(Iban::read).filter(Iban::is_valid);
    let ibans: Vec<Iban> = ibans.collect();
    ibans.iter().skip(1).any(|iban| ibans.first() != Some(iban))
}

/// `?31`, `?38` or `IBAN+`; account number and bank code of the old kind as the IBAN that follows
/// from them.
fn account_of(information: &Information, tagged: &Tagged) -> Option<Iban> {
    let given = [
        Some(information.account.as_str()),
        Some(information.iban.as_str()),
        tagged.iban.as_deref(),
    ];
    let ibans = given.into_iter().flatten().filter_map(Iban::read);
    if let Some(iban) = ibans.clone().find(Iban::has_iban_form) {
        return Some(iban);
    }
    Iban::from_german_account(&information.bank_code, &information.account)
        .or_else(|| ibans.into_iter().next())
}

/// A count of payments that the text states, such as `Datei mit 0000005 Zahlungen`,
/// `ANZ. SEPA 0000019`, `Anzahl Posten : 94`; a bare `Anzahl` means that in collective bookings only.
fn count_in(text: &str, is_batch: bool) -> Option<u64> {
    let text = text.to_uppercase();
    let phrases = ["DATEI MIT ", "ANZ. SEPA", "ANZAHL POSTEN", "ANZAHL"];
    phrases.iter().take(if is_batch { 4 } else { 3 }).find_map(|words| {
        let (_, behind) = text.split_once(words)?;
        let behind = behind.trim_start_matches([' ', ':', '.']);
        let end = behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len());
        behind.get(..end)?.parse().ok().filter(|count| *count > 0)
    })
}

/// Why the money came back, if a credit says that it did. What its texts say besides is found where
/// all formats look for it.
fn returned(
    entry: &StatementEntry,
    kind: &str,
    information: &Information,
    tagged: &Tagged,
) -> Option<ReturnInformation> {
    if entry.direction != Direction::Credit || entry.reversal {
        return None;
    }
    let by_code = entry.code_meaning() == Some(CodeMeaning::Return);
    // Direct debits come back under the same marks; they are nobody's benefit.
    let direct_debit = tagged.mandate.is_some()
        || entry.transaction_code.as_deref().is_some_and(transaction_codes::is_direct_debit);
    let told = interpret::told_return(entry);
    let by_key = transaction_codes::is_return_key(&information.text_key);
    let by_text = told.is_some() || by_key || kind == RETURNED_ITEM || tagged.reason.is_some();
    if !by_code && (direct_debit || !by_text) {
        return None;
    }
    let key = Some(information.text_key.as_str())
        .filter(|key| key.len() == 3 && key.starts_with('9'))
        .map(str::to_owned);
    // The bank's own field outranks a code-like word of the text, unless nobody can translate it.
    let in_text = told.and_then(|told| told.code).map(str::to_owned);
    let told = tagged.reason.as_deref().and_then(filled).or(in_text);
    let code = if key.as_deref().and_then(iso_of_text_key).is_some() { key } else { told.or(key) };
    let words = tagged.notice.as_deref().or(tagged.text.as_deref()).and_then(filled);
    Some(ReturnInformation { code, text: words.or_else(|| filled(&information.booking_text)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::place::FileId;
    use crate::readers::mt940::entry_line;

    fn booking(line: &str, text: &[&str]) -> StatementEntry {
        let read = entry_line::read(&[line]).unwrap();
        let kind = read.kind.clone();
        let mut entry = from_line(Place::line(FileId(0), 5), &read, Currency::EUR);
        add_text(&mut entry, &kind, text);
        entry
    }

    #[test]
    fn a_collective_debit_has_order_reference_and_count() {
        let entry = booking(
            "0709040904DR2550,NTRFKREF+//31408CF87AD5901E",
            &[
                "191?00SEPA-UEBERW?100399?20KREF+TFNr 40016 PayId CTSc-?2102 PPP?2",
                "2MTLG:SEPA-Ueberweisungsauft?23rag Datei mit 0000002 Zahlu?24ngen",
            ],
        );
        let batch = entry.batch.clone().unwrap();
        assert_eq!(batch.payment_info_id.as_deref(), Some("TFNr 40016 PayId CTSc-02 PPP"));
        assert_eq!(batch.count, Some(2));
        assert_eq!(entry.bank_reference.as_deref(), Some("31408CF87AD5901E"));
        assert_eq!(entry.entry_reference, None);
        let detail = entry.details.first().unwrap();
        assert_eq!((detail.amount, &detail.counterparty_iban), (None, &None));
    }

    #[test]
    fn returns_by_code_by_words_and_by_booking_key() {
        for (line, text, code) in [
            ("0709040904CR50,NTRFX", "159?00RETOURE?20EREF+A?34914", Some(Some("914"))),
            ("0709040904CR50,NTRFX", "159?00RETOURE?20SVWZ+AC04 KONTO?34905", Some(Some("AC04"))),
            ("0709040904CR50,NTRFX", "159?00RETOURE?20SVWZ+KONTO?34905", Some(Some("905"))),
            ("0709040904CR50,NTRFX", "166?00RUECKUEBERWEISUNG?20SVWZ+X", Some(None)),
            ("0709040904CR50,NTRFX", "166?00GUTSCHRIFT?20SVWZ+RETURN MD07", Some(Some("MD07"))),
            ("0709040904CR50,NRTIX", "166?00GUTSCHRIFT?20SVWZ+X", Some(None)),
            ("0709040904CR50,NTRFX", "166?00GUTSCHRIFT?20SVWZ+Miete?34901", Some(Some("901"))),
            ("0709040904CR50,NTRFX", "166?00GUTSCHRIFT?20SVWZ+Miete?34992", None),
            ("0709040904DR50,NRTIX", "109?00SEPA-LASTSCHR. RETOURE?20SVWZ+X", None),
            ("0709040904CR50,NRTIX", "181?00LASTSCHRIFT RUECKGABE?20SVWZ+X", None),
            ("0709040904CR50,NRTIX", "166?00RETOURE?20MREF+M-1?21SVWZ+X", None),
        ] {
            let entry = booking(line, &[text]);
            let found = entry.details.first().unwrap().return_information.clone();
            assert_eq!(found.as_ref().map(|found| found.code.as_deref()), code, "{line} {text}");
        }
    }

    #[test]
    fn accounts_new_and_old() {
        for (text, iban) in [
            ("116?20X?30BYLADEM1001?31DE11120300000000001002", "DE11120300000000001002"),
            ("051?20X?3037040044?31532013000", "DE89370400440532013000"),
            ("020?20X?30BILLLULL?31NUMERO 1?38DE11120300000000001002", "DE11120300000000001002"),
            ("166?20IBAN+DE11120300000000001002", "DE11120300000000001002"),
        ] {
            let entry = booking("0709040904D1,NTRFX", &[text]);
            let found = entry.details.first().unwrap().counterparty_iban.clone().unwrap();
            assert_eq!(found.reveal(), iban, "{text}");
        }
    }

    #[test]
    fn counts() {
        for (text, is_batch, count) in [
            ("ANZ. SEPA 0000019 REF. X", true, Some(19)),
            ("Anzahl Posten :      94 Anw-Nr.: 69", false, Some(94)),
            ("Anzahl 7", true, Some(7)),
            ("Anzahl 7 Personen", false, None),
            ("Datei mit 0000000 Zahlungen", true, None),
            ("Datei mit Zahlungen", true, None),
            ("Miete 12/2025", true, None),
        ] {
            assert_eq!(count_in(text, is_batch), count, "{text}");
        }
    }
}
