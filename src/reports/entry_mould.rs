//! CSV rows of settled bookings, cast like those of plain cases: what all rows of a shape share is
//! made once, the texts are taken from the file as they stand.

use crate::model::brief::BareBooking;
use crate::model::brief::BriefExport;
use crate::model::brief::Window;
use crate::model::iban::Iban;
use crate::model::place::Place;
use crate::model::statement::StatementEntry;
use crate::model::text::harmless;
use crate::reports::digits;
use crate::reports::fields::begins_a_formula;
use crate::reports::fields::defused;
use crate::reports::fields::put;
use crate::reports::fields::put_bare;
use crate::reports::fields::put_masked;
use crate::reports::rows::Rows;
use crate::verdict::booked::SettledBooking;
use crate::verdict::outcome::Disposition;

/// The moulds of an outcome's settled bookings.
#[derive(Clone, Debug)]
pub(crate) struct Moulds(Vec<OfExport>);

#[derive(Clone, Debug)]
struct OfExport {
    /// Up to the line.
    file: Vec<u8>,
    shapes: Vec<Mould>,
}

/// What the rows of one shape have in common.
#[derive(Clone, Debug)]
struct Mould {
    /// Between line and days.
    account: Vec<u8>,
    /// Between amount and disposition.
    currency: Vec<u8>,
    /// Behind the remittance text.
    booking_text: Vec<u8>,
}

impl Moulds {
    /// Casts the moulds.
    pub(crate) fn new(rows: &Rows<'_>) -> Self {
        let of_export = |(export, accounts): (&BriefExport, Vec<Option<&Iban>>)| {
            let mut file = Vec::new();
            put(&defused(&rows.path(Place::file(export.file))), &mut file);
            file.push(b',');
            let shapes = export.shapes.iter().zip(accounts);
            let shapes = shapes.map(|(shape, account)| mould(rows, &shape.entry, account));
            OfExport { file, shapes: shapes.collect() }
        };
        Self(rows.outcome.settled.exports().map(of_export).collect())
    }

    /// Puts the row of a settled booking; `None` and nothing written if its texts have to be looked
    /// at more closely.
    pub(crate) fn put(
        &self,
        rows: &Rows<'_>,
        booking: &SettledBooking<'_>,
        disposition: Disposition,
        window: &mut Window,
        text: &mut Vec<u8>,
    ) -> Option<()> {
        let of_export = self.0.get(booking.number)?;
        let row = booking.row;
        let mould = of_export.shapes.get(usize::from(row.shape()))?;
        booking.export.with_bare_booking(row, window, |own| {
            if !is_simple(own) {
                return None;
            }
            text.reserve(1024);
            text.extend_from_slice(&of_export.file);
            text.extend_from_slice(
                digits::number(u64::from(booking.export.place(row).line)).bytes(),
            );
            text.extend_from_slice(&mould.account);
            digits::put_day(row.booking_date().date(), text);
            text.push(b',');
            if let Some(day) = row.value_date() {
                digits::put_day(day.date(), text);
            }
            text.push(b',');
            text.extend_from_slice(digits::amount(row.amount().negated()).bytes());
            text.extend_from_slice(&mould.currency);
            text.extend_from_slice(disposition.name().as_bytes());
            text.push(b',');
            put_own(own, rows.options.full_iban, text);
            text.extend_from_slice(&mould.booking_text);
            Some(())
        })
    }
}

/// Whether no text begins like a formula, the account is simply masked, and the end-to-end id is no
/// word for none: those have no digit, or zeros only.
fn is_simple(own: &BareBooking<'_>) -> bool {
    let [first, last] = own.counterparty;
    let texts = [first, last, own.end_to_end_id, own.remittance];
    let is_id = own.end_to_end_id.is_empty()
        || own.end_to_end_id.iter().any(|byte| matches!(byte, b'1'..=b'9'));
    !texts.into_iter().any(begins_a_formula)
        && is_id
        && own.iban.len() > 10
        && own.iban.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn put_own(own: &BareBooking<'_>, full_iban: bool, text: &mut Vec<u8>) {
    put_bare(own.counterparty, own.has_comma, text);
    text.push(b',');
    if full_iban {
        text.extend_from_slice(own.iban);
    } else {
        put_masked(own.iban, text);
    }
    text.push(b',');
    put_bare([own.end_to_end_id, b""], own.has_comma, text);
    text.push(b',');
    put_bare([own.remittance, b""], own.has_comma, text);
}

fn mould(rows: &Rows<'_>, like: &StatementEntry, account: Option<&Iban>) -> Mould {
    let field = |before: &[u8], field: &str, after: &[u8]| {
        let mut text = before.to_vec();
        put(&defused(field), &mut text);
        text.extend_from_slice(after);
        text
    };
    let account = account.map(|iban| rows.iban(iban)).unwrap_or_default();
    let booking_text = like.booking_text.as_deref().map(harmless).unwrap_or_default();
    Mould {
        account: field(b",", &account, b","),
        currency: field(b",", like.currency.as_str(), b","),
        booking_text: field(b",", &booking_text, b"\n"),
    }
}
