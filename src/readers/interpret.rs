//! What the texts of a booking say beyond its fields: that money came back, that it is announced only,
//! to which account it went. All formats give their bookings here, so that a word means the same in
//! each of them.

use crate::facts::folded::Folded;
use crate::facts::pending_marks;
use crate::facts::return_words;
use crate::facts::return_words::Said;
use crate::facts::signs::may_speak_against;
use crate::facts::transaction_codes;
use crate::facts::transaction_codes::CodeMeaning;
use crate::model::iban::Iban;
use crate::model::iban_in_text;
use crate::model::reason_code::ReasonCode;
use crate::model::reason_code::closes_account;
use crate::model::statement::BookingStatus;
use crate::model::statement::Direction;
use crate::model::statement::Doubt;
use crate::model::statement::EntryDetail;
use crate::model::statement::ReturnInformation;
use crate::model::statement::Statement;
use crate::model::statement::StatementEntry;
use crate::model::statement::StatementKind;
use crate::model::text::filled;
use crate::model::text::is_placeholder;

/// Looks at all bookings of a statement, once its balances have been added up.
pub(crate) fn statement(statement: &mut Statement) {
    let (own, kind) = (statement.account.clone(), statement.kind);
    for entry in &mut statement.entries {
        booking(entry, own.as_ref(), kind);
    }
}

/// Looks at a booking of a statement of this account.
pub(crate) fn booking(entry: &mut StatementEntry, own: Option<&Iban>, kind: StatementKind) {
    let heard = hear(entry);
    match entry.direction {
        Direction::Credit => mark_return(entry, &heard),
        Direction::Debit => doubt(entry, &heard),
    }
    if entry.status == BookingStatus::Booked && heard.is_announced {
        if kind == StatementKind::EndOfDay {
            // Its balances have it as booked: neither proves anything any more.
            entry.doubt.get_or_insert(Doubt::ReturnWords);
        } else {
            entry.status = BookingStatus::Pending;
        }
    }
    find_accounts(entry, own);
}

/// The texts of a credit say that it brings money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ToldReturn {
    /// The reason code among them, if there is one.
    pub(crate) code: Option<&'static str>,
}

/// Whether the texts of a credit say that it brings money back, and by which code.
pub(crate) fn told_return(entry: &StatementEntry) -> Option<ToldReturn> {
    let heard = hear(entry);
    let told = heard.details.iter().find(|told| told.said.is_return || told.code.is_some())?;
    (entry.direction == Direction::Credit && !is_direct_debit(entry))
        .then_some(ToldReturn { code: told.code })
}

/// Whether the texts of a booking say anything that [`booking`] would act upon.
pub(crate) fn has_something_to_say(entry: &StatementEntry) -> bool {
    let heard = hear(entry);
    let codes = heard.details.iter().any(|own| own.said != Said::default() || own.code.is_some());
    heard.is_announced || codes || by_code(entry)
}

/// Whether a text says anything that [`booking`] would act upon, in whichever place it stands.
pub(crate) fn says_something(text: &str) -> bool {
    if !may_speak_against(text.as_bytes()) {
        return false;
    }
    let mut is_announced = false;
    let told = told(std::iter::once(text), &mut is_announced);
    is_announced
        || told.said != Said::default()
        || told.code.is_some()
        || pending_marks::is_reserved(&Folded::new(text))
}

/// What a text says against the bookings that it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Against {
    /// Money came back.
    Returned,
    /// They are not booked yet.
    NotBooked,
}

/// What a text says that belongs to no single booking, if it speaks against any.
pub(crate) fn speaks_against(text: &str) -> Option<Against> {
    let mut is_announced = false;
    let told = told(std::iter::once(text), &mut is_announced);
    if is_announced {
        return Some(Against::NotBooked);
    }
    let returned = told.said.is_return || told.said.of_debits || told.code.is_some();
    returned.then_some(Against::Returned)
}

/// What the texts of a booking say.
struct Heard {
    /// What is said of each transfer; of a booking without any, one.
    details: Vec<Told>,
    is_announced: bool,
}

/// What the texts of one transfer say.
#[derive(Default)]
struct Told {
    said: Said,
    /// Words of the booking as a whole say so.
    of_whole: bool,
    /// A reason code that is a word of its own.
    code: Option<&'static str>,
    /// The text that says so.
    text: Option<String>,
}

fn hear(entry: &StatementEntry) -> Heard {
    let mut is_announced = false;
    let whole = told(entry.texts(None), &mut is_announced);
    // The bank's own words, not the office's.
    let own = entry.texts(None).filter(|text| may_speak_against(text.as_bytes()));
    is_announced |= own.map(Folded::new).any(|text| pending_marks::is_reserved(&text));
    let mut details = Vec::with_capacity(entry.details.len().max(1));
    for detail in &entry.details {
        let own =
            [&detail.remittance, &detail.unread].into_iter().filter_map(|text| text.as_deref());
        let own = told(own, &mut is_announced);
        let of_whole = whole.said.is_return;
        details.push(Told {
            said: own.said.with(whole.said),
            of_whole,
            code: own.code.or(whole.code),
            text: own.text.or_else(|| whole.text.clone()),
        });
    }
    if details.is_empty() {
        details.push(Told { of_whole: whole.said.is_return, ..whole });
    }
    Heard { details, is_announced }
}

fn told<'a>(texts: impl Iterator<Item = &'a str>, is_announced: &mut bool) -> Told {
    let mut told = Told::default();
    for text in texts {
        // Nearly all say nothing, which their bytes tell.
        if !may_speak_against(text.as_bytes()) {
            continue;
        }
        let folded = Folded::new(text);
        let said = return_words::in_folded(&folded);
        let code = code_in(text, said.is_return);
        *is_announced |= pending_marks::in_folded(&folded);
        told.said = told.said.with(said);
        told.code = told.code.or(code);
        if told.text.is_none() && (said.is_return || code.is_some()) {
            told.text = filled(text);
        }
    }
    told
}

/// The first reason code that is a word of its own: `AC04`; beside a return word in either case, and
/// those of letters only (`FOCR`) too.
fn code_in(text: &str, beside_words: bool) -> Option<&'static str> {
    // What is joined by a dash, a stroke or a point belongs together and is a reference.
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '_');
    text.split(|c: char| !joins(c))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| match word.as_bytes() {
            [a, b, c, d] if c.is_ascii_digit() && d.is_ascii_digit() => {
                beside_words || (a.is_ascii_uppercase() && b.is_ascii_uppercase())
            }
            [_, _, _, _] => beside_words && word.bytes().all(|byte| byte.is_ascii_uppercase()),
            _ => false,
        })
        .find_map(|word| ReasonCode::find(word).map(|row| row.code))
}

/// A credit that says so brings earlier money back.
fn mark_return(entry: &mut StatementEntry, heard: &Heard) {
    if entry.transaction_code.as_deref().is_some_and(transaction_codes::is_reversal) {
        entry.reversal = true;
    }
    let is_single = entry.details.len() <= 1;
    let direct_debit = is_direct_debit(entry);
    let is_return_code = entry.code_meaning() == Some(CodeMeaning::Return);
    let says = |told: &Told| told.said.is_return || told.code.is_some();
    if entry.details.is_empty() && !direct_debit && heard.details.iter().any(says) {
        entry.details.push(EntryDetail { place: entry.place, ..EntryDetail::default() });
    }
    let mut is_reversal = false;
    for (detail, told) in entry.details.iter_mut().zip(&heard.details) {
        let counts = says(told) && !direct_debit && detail.mandate_id.is_none();
        if counts || (is_return_code && detail.return_information.is_none()) {
            let information = detail.return_information.get_or_insert_default();
            if information.code.is_none() {
                information.code = told.code.map(str::to_owned);
            }
            if information.text.is_none() {
                information.text.clone_from(&told.text);
            }
        } else if let Some(ReturnInformation { code: code @ None, .. }) =
            &mut detail.return_information
        {
            *code = told.code.map(str::to_owned);
        }
        is_reversal |= counts && told.said.is_reversal && (is_single || told.of_whole);
    }
    entry.reversal |= is_reversal;
}

/// A debit that says that it came back or was not carried out proves nothing.
fn doubt(entry: &mut StatementEntry, heard: &Heard) {
    if entry.reversal || is_direct_debit(entry) {
        return;
    }
    let says = |told: &Told| told.said.of_debits || told.code.is_some_and(closes_account);
    if heard.details.iter().any(says) || by_code(entry) {
        entry.doubt.get_or_insert(Doubt::ReturnWords);
    }
}

fn by_code(entry: &StatementEntry) -> bool {
    entry.code_meaning() == Some(CodeMeaning::Return)
        || entry.domain_code.as_deref().is_some_and(transaction_codes::is_return_domain)
}

/// Direct debits come back under the same words; they are nobody's benefit.
fn is_direct_debit(entry: &StatementEntry) -> bool {
    let by_code = entry.transaction_code.as_deref().is_some_and(transaction_codes::is_direct_debit)
        || entry.domain_code.as_deref().is_some_and(transaction_codes::is_direct_debit_domain);
    let by_title = entry.booking_text.as_deref().is_some_and(|text| {
        let words = Folded::new(text);
        words.words().any(return_words::is_direct_debit_word)
            && !words.words().any(|word| word.contains("uberw"))
    });
    let has_mandate =
        !entry.details.is_empty() && entry.details.iter().all(|detail| detail.mandate_id.is_some());
    by_code || by_title || has_mandate
}

/// Takes the account of the other side from the texts, where no field states it.
fn find_accounts(entry: &mut StatementEntry, own: Option<&Iban>) {
    if entry.batch.is_some() {
        return;
    }
    let of_whole = in_texts(&[&entry.booking_text, &entry.unread], own);
    let mut several = false;
    for detail in &mut entry.details {
        if detail.counterparty_iban.as_ref().is_some_and(states_account) {
            continue;
        }
        // Some banks glue the account to the name.
        let texts = [
            &detail.remittance,
            &detail.unread,
            &detail.counterparty,
            &detail.ultimate_counterparty,
        ];
        let mut found = in_texts(&texts, own);
        for iban in &of_whole {
            if !found.contains(iban) {
                found.push(iban.clone());
            }
        }
        several |= found.len() > 1;
        if let [iban] = found.as_slice() {
            detail.counterparty_iban = Some(iban.clone());
        }
    }
    if several && entry.direction == Direction::Debit {
        entry.doubt.get_or_insert(Doubt::Accounts);
    }
}

/// Whether a field names an account: neither zeros nor a word for "none".
fn states_account(iban: &Iban) -> bool {
    let account = iban.reveal();
    !is_placeholder(account) && account.bytes().any(|byte| byte.is_ascii_digit())
}

fn in_texts(texts: &[&Option<String>], own: Option<&Iban>) -> Vec<Iban> {
    let mut all: Vec<Iban> = Vec::new();
    for text in texts.iter().filter_map(|text| text.as_deref()) {
        for iban in iban_in_text::in_text(text) {
            let is_own = own.is_some_and(|own| own.same_account(&iban));
            if !is_own && !all.contains(&iban) {
                all.push(iban);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(direction: Direction, title: &str, remittance: &str) -> StatementEntry {
        let detail = EntryDetail { remittance: filled(remittance), ..EntryDetail::default() };
        let mut entry =
            StatementEntry { direction, details: vec![detail], ..StatementEntry::default() };
        entry.booking_text = filled(title);
        entry
    }

    fn interpreted(mut entry: StatementEntry, kind: StatementKind) -> StatementEntry {
        let own = Iban::read("DE89370400440532013000");
        booking(&mut entry, own.as_ref(), kind);
        entry
    }

    #[test]
    fn credits_that_bring_money_back() {
        for (title, text, code, reversal) in [
            (
                "UEBERWEISUNGSRUECKGABE",
                "Sozialhilfe AC04 Konto erloschen",
                Some(Some("AC04")),
                false,
            ),
            (
                "GUTSCHRIFT",
                "SH-1001 RETURN REASON AC04 KONTO AUFGELOEST",
                Some(Some("AC04")),
                false,
            ),
            ("GUTSCHRIFT", "SH-1001 MD07", Some(Some("MD07")), false),
            ("GUTSCHRIFT", "Az. MD07/2023 md07 X-MS03", None, false),
            ("RETOURE", "Miete", Some(None), false),
            ("STORNO", "Miete", Some(None), true),
            ("GUTSCHRIFT", "Miete", None, false),
            ("LASTSCHRIFT RUECKGABE", "Strom MS03", None, false),
            ("SEPA-LASTSCHR. RETOURE", "Strom", None, false),
        ] {
            let entry = interpreted(entry(Direction::Credit, title, text), StatementKind::EndOfDay);
            let found = entry.details[0].return_information.clone();
            let found = found.as_ref().map(|found| found.code.as_deref());
            assert_eq!((found, entry.reversal), (code, reversal), "{title} {text}");
            assert_eq!(entry.doubt, None);
        }
        let mut bare = entry(Direction::Credit, "RETOURE", "");
        bare.details.clear();
        assert!(interpreted(bare, StatementKind::Export).is_marked_return());
        let mut by_code = entry(Direction::Credit, "", "HLU JS 23/44");
        by_code.transaction_code = Some("899".to_owned());
        let by_code = interpreted(by_code, StatementKind::EndOfDay);
        assert!(by_code.reversal && by_code.is_marked_return());
    }

    #[test]
    fn debits_that_prove_nothing() {
        for (title, text, doubt) in [
            ("EINZELUEBERWEISUNG", "Miete nicht ausgeführt", Some(Doubt::ReturnWords)),
            ("UEBERWEISUNG RETOURE", "Miete", Some(Doubt::ReturnWords)),
            ("EINZELUEBERWEISUNG", "AC04 Miete", Some(Doubt::ReturnWords)),
            ("EINZELUEBERWEISUNG", "AM05 Miete", None),
            ("EINZELUEBERWEISUNG", "Miete keine Rückgabe", None),
            ("LASTSCHRIFT", "Retoure", None),
            ("EINZELUEBERWEISUNG", "Miete vorgemerkt", Some(Doubt::ReturnWords)),
        ] {
            let entry = interpreted(entry(Direction::Debit, title, text), StatementKind::EndOfDay);
            assert_eq!(entry.doubt, doubt, "{title} {text}");
            assert_eq!(
                has_something_to_say(&entry),
                doubt.is_some() || text.len() == 7 || text.starts_with("AM")
            );
        }
        let pending = entry(Direction::Debit, "", "gebucht: nein");
        let pending = interpreted(pending, StatementKind::Export);
        assert_eq!((pending.status, pending.doubt), (BookingStatus::Pending, None));
    }

    #[test]
    fn accounts_from_texts() {
        let (own, other, third) =
            ("DE89370400440532013000", "DE02120300000000202051", "DE02500105170137075030");
        for (text, field, iban, doubt) in [
            (format!("IBAN {other}"), None, Some(other), None),
            (format!("{own} an {other}"), None, Some(other), None),
            (format!("{other} {third}"), None, None, Some(Doubt::Accounts)),
            (format!("{other} {third}"), Some(own), Some(own), None),
            (format!("IBAN {other}"), Some("0000000000"), Some(other), None),
            (format!("IBAN {other}"), Some("532013000"), Some("532013000"), None),
            (format!("IBAN {own}"), None, None, None),
        ] {
            let mut entry = entry(Direction::Debit, "", &text);
            entry.details[0].counterparty_iban = field.and_then(Iban::read);
            let entry = interpreted(entry, StatementKind::EndOfDay);
            let found = entry.details[0].counterparty_iban.clone();
            assert_eq!(found.as_ref().map(Iban::reveal), iban, "{text}");
            assert_eq!(entry.doubt, doubt, "{text}");
        }
    }
}
