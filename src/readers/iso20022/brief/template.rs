//! Bookings of one bank are alike: the same elements, and most of the texts too. A template is one
//! such booking without the texts that are a booking's own; others are compared with it piece by
//! piece, which takes a twentieth of the time that reading them takes.
//!
//! What a text is to the reader follows from its path, once for each template, and the general
//! reader has to see the same values in the booking from which the template was made.

use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::amount::DecimalMark;
use crate::model::brief::EntryValues;
use crate::model::brief::Keys;
use crate::model::place::FileId;
use crate::model::statement::StatementEntry;
use crate::readers::iso20022::entry;
use crate::readers::iso20022::pull::Pull;
use crate::readers::iso20022::pull::Step;
use crate::readers::iso20022::strict::Strict;
use crate::readers::iso20022::token::Token;
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
    /// Names and texts, which are read again where somebody needs them.
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
}

/// The path of an own text, and what it is.
fn role(path: &str) -> Option<Role> {
    let detail = path.strip_prefix("Ntry/NtryDtls/TxDtls/");
    Some(match (path, detail) {
        ("Ntry/Amt", _) => Role::Amount,
        ("Ntry/BookgDt/Dt", _) => Role::BookingDate,
        ("Ntry/ValDt/Dt", _) => Role::ValueDate,
        ("Ntry/AcctSvcrRef", _) => Role::BankReference,
        ("Ntry/NtryRef", _) => Role::Other,
        (_, Some("Amt" | "AmtDtls/TxAmt/Amt" | "AmtDtls/InstdAmt/Amt")) => Role::SameAmount,
        (_, Some("Refs/EndToEndId")) => Role::EndToEndId,
        (_, Some("Refs/TxId" | "RmtInf/Ustrd")) => Role::Other,
        (_, Some("RltdPties/CdtrAcct/Id/IBAN")) => Role::Account,
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
        let key_roles = pieces.iter().map(|(_, role)| *role);
        let mut key_roles: Vec<u8> = key_roles
            .filter(|role| !matches!(role, Role::Other | Role::SameAmount))
            .map(|role| role as u8)
            .collect();
        key_roles.sort_unstable();
        if key_roles.windows(2).any(|pair| pair.first() == pair.last()) {
            return None;
        }
        let made = Self { pieces, end, sample: full(text, FileId(0), 1)? };
        let (values, _) = made.values(booking, keys)?;
        made.is_plain(&values, keys).then_some(made)
    }

    /// Whether two templates are the same.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.pieces == other.pieces && self.end == other.end
    }

    /// The values of the booking with which these bytes begin and its length (bytes), if it follows
    /// the template.
    pub(super) fn values(&self, bytes: &[u8], keys: &Keys) -> Option<(EntryValues, usize)> {
        let mut rest = bytes;
        let (mut amount, mut other_amounts) = (b"".as_slice(), None);
        let (mut booking_date, mut value_date) = (b"".as_slice(), None);
        let (mut end_to_end, mut iban, mut reference) = (None, b"".as_slice(), None);
        for (piece, role) in &self.pieces {
            rest = rest.strip_prefix(piece.as_slice())?;
            // An entity has to be looked at, and broken ones are to be told.
            let (text, more) = rest.split_at(memchr::memchr2(b'<', b'&', rest)?);
            match role {
                Role::Amount => amount = text,
                Role::SameAmount if other_amounts.is_none_or(|known| known == text) => {
                    other_amounts = Some(text);
                }
                Role::SameAmount => return None,
                Role::BookingDate => booking_date = text,
                Role::ValueDate => value_date = Some(text),
                Role::EndToEndId => end_to_end = Some(text),
                Role::Account => iban = text,
                Role::BankReference => reference = Some(text),
                Role::Other => {}
            }
            rest = more;
        }
        let rest = rest.strip_prefix(self.end.as_slice())?;
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
        Some((values, bytes.len().checked_sub(rest.len())?))
    }

    /// Whether the general reader sees the same values, and nothing else that counts.
    fn is_plain(&self, values: &EntryValues, keys: &Keys) -> bool {
        let sample = &self.sample;
        sample.plain_detail().is_some_and(|detail| {
            let iban = detail.counterparty_iban.as_ref();
            sample.amount == values.amount
                && sample.booking_date == Some(values.booking_date)
                && sample.value_date == values.value_date
                && keys.real_reference(detail.end_to_end_id.as_deref()) == values.end_to_end_key
                && keys.real_reference(sample.bank_reference.as_deref()) == values.bank_reference
                && iban.map(|iban| keys.account(iban)) == Some(values.account)
        })
    }
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
    let mut problems = Vec::new();
    let entry = entry::read(file, tree.root()?, &mut problems).ok()?;
    problems.is_empty().then_some(entry)
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
