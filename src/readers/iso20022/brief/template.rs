//! Bookings of one bank are alike: the same elements, and most of the texts too. A template is one
//! such booking without the texts that are a booking's own; others are compared with it piece by
//! piece, which takes a twentieth of the time that reading them takes.
//!
//! What a text is to the reader follows from its path, once for each template, and the general
//! reader has to see the same values in the booking from which the template was made.

use chrono::NaiveDate;

use crate::facts::signs::may_speak_against;
use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::brief::EntryValues;
use crate::model::brief::Keys;
use crate::model::iban::Iban;
use crate::model::place::FileId;
use crate::model::place::Place;
use crate::model::statement::EntryDetail;
use crate::model::statement::StatementEntry;
use crate::readers::interpret;
use crate::readers::iso20022::brief::words::Words;
use crate::readers::iso20022::entry;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::pull::Step;
use crate::readers::iso20022::strict::Strict;
use crate::readers::iso20022::token::Token;
use crate::readers::iso20022::unread::Notes;
use crate::readers::plain_reference;
use crate::readers::plain_values;

/// What a booking's own text is to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Amount,
    /// The amount once more, of the transfer.
    SameAmount,
    BookingDate,
    ValueDate,
    EndToEndId,
    Account,
    BankReference,
    EntryReference,
    Remittance,
    Name,
    /// Addresses, banks and the like, which nobody asks for.
    Other,
}

/// Bookings that differ in their own texts only.
#[derive(Clone, Debug)]
pub(super) struct Template {
    /// What stands before each own text.
    pieces: Vec<(Vec<u8>, Role)>,
    /// What stands behind the last one.
    end: Vec<u8>,
    /// The booking it was made from, in full.
    pub(super) sample: StatementEntry,
    /// What the reader sees in a booking follows from its own texts.
    tells_all: bool,
}

/// A booking's own texts, as the reader sees them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Own<'a> {
    pub(super) end_to_end_id: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) remittance: Option<&'a str>,
    account: Option<&'a str>,
    bank_reference: Option<&'a str>,
    entry_reference: Option<&'a str>,
}

/// The path of an own text, and what it is.
fn role(path: &str) -> Option<Role> {
    let detail = path.strip_prefix("Ntry/NtryDtls/TxDtls/");
    Some(match (path, detail) {
        ("Ntry/Amt", _) => Role::Amount,
        ("Ntry/BookgDt/Dt", _) => Role::BookingDate,
        ("Ntry/ValDt/Dt", _) => Role::ValueDate,
        ("Ntry/AcctSvcrRef", _) => Role::BankReference,
        ("Ntry/NtryRef", _) => Role::EntryReference,
        (_, Some("Amt" | "AmtDtls/TxAmt/Amt" | "AmtDtls/InstdAmt/Amt")) => Role::SameAmount,
        (_, Some("Refs/EndToEndId")) => Role::EndToEndId,
        (_, Some("RmtInf/Ustrd")) => Role::Remittance,
        (_, Some("Refs/TxId")) => Role::Other,
        (_, Some("RltdPties/CdtrAcct/Id/IBAN")) => Role::Account,
        (_, Some("RltdPties/Cdtr/Nm" | "RltdPties/Cdtr/Pty/Nm")) => Role::Name,
        (_, Some("RltdPties/Cdtr/Agt/FinInstnId/Nm")) => Role::Name,
        (_, Some(path))
            if path.starts_with("RltdPties/Cdtr/") || path.starts_with("RltdAgts/CdtrAgt/") =>
        {
            Role::Other
        }
        _ => return None,
    })
}

impl Template {
    /// Makes a template of a booking; `None` if such bookings are not plain.
    pub(super) fn new(booking: &[u8], keys: &Keys) -> Option<Self> {
        let text = std::str::from_utf8(booking).ok()?;
        let (pieces, end) = cut(text)?;
        let is_twice = |role: Role| pieces.iter().filter(|(_, own)| *own == role).count() > 1;
        let key_roles = [
            Role::Amount,
            Role::BookingDate,
            Role::ValueDate,
            Role::EndToEndId,
            Role::Account,
            Role::BankReference,
        ];
        if key_roles.into_iter().any(is_twice) {
            return None;
        }
        let texts = [Role::EntryReference, Role::Remittance, Role::Name];
        let tells_all = !texts.into_iter().any(is_twice);
        let sample = full(text, FileId(0), 1)?;
        let mut made = Self { pieces, end, sample, tells_all };
        let (values, _) = made.values(booking, keys)?;
        is_plain(&made.sample, &values, keys).then_some(())?;
        let rebuilt = made.own(booking).and_then(|own| {
            let (booked, valued) = (values.booking_date, values.value_date);
            made.rebuilt(&own, made.sample.place, (values.amount, booked, valued))
        });
        made.tells_all = rebuilt.as_ref() == Some(&made.sample);
        Some(made)
    }

    /// Whether two templates are the same.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.pieces == other.pieces && self.end == other.end
    }

    /// The values of the booking with which these bytes begin and its length (bytes), if it follows
    /// the template.
    pub(super) fn values(&self, bytes: &[u8], keys: &Keys) -> Option<(EntryValues, usize)> {
        let (mut amount, mut other_amounts) = (b"".as_slice(), None);
        let (mut booking_date, mut value_date) = (b"".as_slice(), None);
        let (mut end_to_end, mut iban, mut reference) = (None, b"".as_slice(), None);
        let mut remittance = b"".as_slice();
        let mut words = Words::default();
        let rest = self.walk(bytes, |role, text| {
            match role {
                Role::Amount => amount = text,
                Role::SameAmount if other_amounts.is_none_or(|known| known == text) => {
                    other_amounts = Some(text);
                }
                Role::SameAmount => return None,
                Role::BookingDate => booking_date = text,
                Role::ValueDate => value_date = Some(text),
                Role::EndToEndId => {
                    end_to_end = Some(text);
                    words.add_id(text);
                }
                Role::Account => iban = text,
                Role::BankReference => {
                    reference = Some(text);
                    words.add_id(text);
                }
                Role::Remittance => {
                    words.go_on(remittance, text);
                    remittance = text;
                }
                Role::EntryReference => words.add_id(text),
                Role::Name => words.add(text),
                Role::Other => words.add_id(text),
            }
            Some(())
        })?;
        if other_amounts.is_some_and(|other| other != amount) {
            return None;
        }
        let reference_key =
            |text: Option<&[u8]>| plain_reference::read(text.unwrap_or_default(), keys).ok();
        let values = EntryValues {
            amount: positive(amount)?,
            booking_date: day(booking_date)?,
            value_date: match value_date {
                None => None,
                Some(text) => Some(day(text)?),
            },
            end_to_end_key: reference_key(end_to_end)?,
            account: plain_values::account(iban, keys)?,
            bank_reference: reference_key(reference)?,
        };
        let length = bytes.len().checked_sub(rest.len())?;
        if words.speak_against() && !self.only_names_sound_so(bytes) {
            // The letters of such words are there: the general reader says whether the words are.
            let text = std::str::from_utf8(bytes.get(..length)?).ok()?;
            is_plain(&full(text, FileId(0), 1)?, &values, keys).then_some(())?;
        }
        Some((values, length))
    }

    /// Whether nothing but names has letters of words that speak against a booking, and they are names
    /// only: many are (`Becker`, `Horn`).
    fn only_names_sound_so(&self, bytes: &[u8]) -> bool {
        let mut words = Words::default();
        let mut remittance = b"".as_slice();
        let mut names = String::new();
        let rest = self.walk(bytes, |role, text| {
            match role {
                Role::Remittance => {
                    words.go_on(remittance, text);
                    remittance = text;
                }
                Role::Name if may_speak_against(text) => {
                    // The general reader takes a number for more than a name.
                    if text.iter().any(u8::is_ascii_digit) {
                        return None;
                    }
                    names.push_str(std::str::from_utf8(text).ok()?);
                    names.push(' ');
                }
                Role::Name | Role::Amount | Role::SameAmount => {}
                Role::BookingDate | Role::ValueDate | Role::Account => {}
                Role::EndToEndId | Role::BankReference | Role::EntryReference | Role::Other => {
                    words.add_id(text);
                }
            }
            Some(())
        });
        rest.is_some() && !words.speak_against() && !interpret::says_something(&names)
    }

    /// Hands on the own texts of the booking with which these bytes begin; gives what is behind it, if
    /// it follows the template.
    #[inline(always)]
    fn walk<'a>(
        &self,
        bytes: &'a [u8],
        mut each: impl FnMut(Role, &'a [u8]) -> Option<()>,
    ) -> Option<&'a [u8]> {
        let mut rest = bytes;
        for (piece, role) in &self.pieces {
            rest = rest.strip_prefix(piece.as_slice())?;
            // An entity has to be looked at, and broken ones are to be told.
            let (text, more) = rest.split_at(memchr::memchr2(b'<', b'&', rest)?);
            each(*role, text)?;
            rest = more;
        }
        rest.strip_prefix(self.end.as_slice())
    }

    /// The own texts of a booking, if it follows the template and the general reader sees them as they
    /// stand.
    pub(super) fn own<'a>(&self, booking: &'a [u8]) -> Option<Own<'a>> {
        if !self.tells_all {
            return None;
        }
        let mut own = Own::default();
        let rest = self.walk(booking, |role, text| {
            let slot = match role {
                Role::EndToEndId => &mut own.end_to_end_id,
                Role::Name => &mut own.name,
                Role::Remittance => &mut own.remittance,
                Role::Account => &mut own.account,
                Role::BankReference => &mut own.bank_reference,
                Role::EntryReference => &mut own.entry_reference,
                // Values in brief, and what the general reader does not look at.
                _ => return memchr::memchr(b'\n', text).is_none().then_some(()),
            };
            *slot = Some(as_it_stands(text)?);
            Some(())
        })?;
        rest.is_empty().then_some(own)
    }

    /// The booking that has these texts, amount and days, at its place.
    pub(super) fn rebuilt(
        &self,
        own: &Own<'_>,
        place: Place,
        (amount, booked_on, value_date): (Amount, NaiveDate, Option<NaiveDate>),
    ) -> Option<StatementEntry> {
        let sample = &self.sample;
        let [detail] = sample.details.as_slice() else { return None };
        let text = |text: Option<&str>| text.map(str::to_owned);
        let account = match own.account {
            Some(account) => Some(Iban::read(account)?),
            None => None,
        };
        let lines = detail.place.line.checked_sub(sample.place.line)?;
        let detail = EntryDetail {
            place: Place::line(place.file, place.line.checked_add(lines)?),
            amount: detail.amount.map(|_| amount),
            direction: detail.direction,
            end_to_end_id: text(own.end_to_end_id),
            counterparty: text(own.name),
            counterparty_iban: account,
            remittance: text(own.remittance),
            rare: detail.rare.clone(),
        };
        Some(StatementEntry {
            place,
            amount,
            currency: sample.currency,
            direction: sample.direction,
            status: sample.status,
            reversal: sample.reversal,
            booking_date: Some(booked_on),
            value_date,
            bank_reference: text(own.bank_reference),
            entry_reference: text(own.entry_reference),
            details: vec![detail],
            common: sample.common.clone(),
        })
    }
}

/// Whether the general reader sees the same values in a booking, and nothing else that counts.
fn is_plain(entry: &StatementEntry, values: &EntryValues, keys: &Keys) -> bool {
    let is_silent = !interpret::has_something_to_say(entry);
    is_silent
        && entry.plain_detail().is_some_and(|detail| {
            let iban = detail.counterparty_iban.as_ref();
            entry.amount == values.amount
                && entry.booking_date == Some(values.booking_date)
                && entry.value_date == values.value_date
                && keys.real_reference(detail.end_to_end_id.as_deref()) == values.end_to_end_key
                && keys.real_reference(entry.bank_reference.as_deref()) == values.bank_reference
                && iban.map(|iban| keys.account(iban)) == Some(values.account)
        })
}

/// Cuts a booking at its own texts.
fn cut(text: &str) -> Option<(Vec<(Vec<u8>, Role)>, Vec<u8>)> {
    let mut tokens = Strict::new(text);
    let mut open: Vec<String> = Vec::new();
    let mut pieces = Vec::new();
    let mut from = 0;
    loop {
        let begins = tokens.position();
        match tokens.next()? {
            Token::Start(start) => open.push(start.name.into_owned()),
            Token::End => {
                open.pop();
            }
            Token::Empty(_) => {}
            Token::Text(_) => {
                if let Some(role) = role(&open.join("/")) {
                    pieces.push((text.get(from..begins)?.as_bytes().to_vec(), role));
                    from = tokens.position();
                }
            }
            Token::Eof => return Some((pieces, text.get(from..)?.as_bytes().to_vec())),
            _ => return None,
        }
    }
}

/// A booking in full, if its reader has nothing to say about it.
pub(super) fn full(text: &str, file: FileId, line: u32) -> Option<StatementEntry> {
    let Ok(Step::Node(tree)) = Pull::of_piece(file, text, line).next() else { return None };
    let mut notes = Notes::default();
    let entry = entry::read(file, tree.root()?, &mut notes).ok()?;
    notes.problems.is_empty().then_some(entry)
}

/// A text that the reader gives on as it stands: there is one, on one line, without blanks around it.
fn as_it_stands(text: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(text).ok()?;
    let is_one_line = memchr::memchr2(b'\r', b'\n', text.as_bytes()).is_none();
    (is_one_line && !text.is_empty() && text.trim().len() == text.len()).then_some(text)
}

/// An amount such as `563.00`, above zero.
fn positive(text: &[u8]) -> Option<Amount> {
    if text.contains(&b',') || text.starts_with(b"-") {
        return None;
    }
    let (amount, mark) = plain_values::amount(text)?;
    (mark == Some(DecimalMark::Point) && amount > Amount::ZERO).then_some(amount)
}

/// A day such as `2023-11-30`.
fn day(text: &[u8]) -> Option<NaiveDate> {
    plain_values::day(text).filter(|_| text.get(4) == Some(&b'-'))
}
