//! The statement line `:61:`.

use chrono::Datelike;
use chrono::NaiveDate;

use crate::model::amount::Amount;
use crate::model::date::from_yymmdd;
use crate::model::statement::Direction;

/// What a `:61:` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntryLine {
    /// First date: the value date; `None` if it is left out or zeros.
    pub(super) value_date: Option<NaiveDate>,
    /// Second date, month and day: the booking date; the year is the one that brings it nearest.
    pub(super) booking_date: Option<NaiveDate>,
    /// From the mark: a reversed credit goes out, a reversed debit comes in.
    pub(super) direction: Direction,
    /// `RC` or `RD`.
    pub(super) reversal: bool,
    /// `EC` or `ED`: expected, not booked.
    pub(super) expected: bool,
    /// Zero or more.
    pub(super) amount: Amount,
    /// Booking key, such as `TRF`, `RTI`, `051`.
    pub(super) kind: String,
    /// Reference for the account owner, up to 16 characters.
    pub(super) reference: String,
    /// Reference of the bank, behind `//`.
    pub(super) bank_reference: String,
    /// `/CHGS/…` of the second line.
    pub(super) charges: Option<Amount>,
    /// What else the second line says.
    pub(super) unread: Option<String>,
}

/// Which part of the line cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable<'a>(pub(super) &'a str);

/// Reads a `:61:`; its second line holds original amount and charges.
pub(super) fn read<'a>(lines: &[&'a str]) -> Result<EntryLine, Unreadable<'a>> {
    let first = lines.first().copied().unwrap_or_default();
    let others = lines.get(1..).unwrap_or_default();
    match read_line(first, others) {
        Err(error) if !others.is_empty() => {
            // A line break inside of the line itself: all of it has to be there then.
            let (next, behind) = others.split_at_checked(1).unwrap_or_default();
            let joined = format!("{first}{}", next.concat());
            read_line(&joined, behind).ok().filter(|line| !line.kind.is_empty()).ok_or(error)
        }
        read => read,
    }
}

fn read_line<'a>(first: &'a str, others: &[&str]) -> Result<EntryLine, Unreadable<'a>> {
    let (value_date, rest) = value_date(first).ok_or_else(|| Unreadable(head(first)))?;
    let (booking_date, rest) = entry_date(rest, value_date)?;
    let (mark, rest) = mark(rest).ok_or_else(|| Unreadable(head(rest)))?;
    let (amount, rest) = amount(rest).ok_or_else(|| Unreadable(head(rest)))?;
    let rest = rest.trim_start();
    let (kind, references) = rest.split_at_checked(4).unwrap_or((rest, ""));
    let (reference, bank_reference) = references.split_once("//").unwrap_or((references, ""));
    let second = others.concat();
    Ok(EntryLine {
        value_date,
        booking_date,
        direction: mark.direction,
        reversal: mark.reversal,
        expected: mark.expected,
        amount,
        kind: kind.get(1..).unwrap_or_default().trim().to_owned(),
        reference: reference.trim().to_owned(),
        bank_reference: bank_reference.trim().to_owned(),
        charges: charges(&second),
        unread: unread(&second),
    })
}

/// The first date, and what stands behind it. Some banks leave it out or write zeros.
fn value_date(first: &str) -> Option<(Option<NaiveDate>, &str)> {
    if first.starts_with(['C', 'D', 'R', 'E']) {
        return Some((None, first));
    }
    let (date, rest) = first.split_at_checked(6)?;
    if date == "000000" || date.trim().is_empty() {
        return Some((None, rest));
    }
    Some((Some(day_of_bank(date)?), rest))
}

/// What a second line says besides amounts before conversion and charges (`/OCMT/EUR5,/`, `/CHGS/`,
/// `/EXCH/`).
fn unread(second: &str) -> Option<String> {
    let mut words = second.split('/').map(str::trim);
    let mut rest = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "" => {}
            "OCMT" | "CHGS" | "EXCH" => {
                words.next();
            }
            word => rest.push(word),
        }
    }
    (!rest.is_empty()).then(|| rest.join(" "))
}

/// The beginning of what cannot be read, short enough never to reach a name.
fn head(text: &str) -> &str {
    let end = text.char_indices().nth(12).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

/// `YYMMDD`. Banks that count 30 days a month write 29 and 30 February; the last day is meant.
fn day_of_bank(text: &str) -> Option<NaiveDate> {
    from_yymmdd(text).or_else(|| {
        let (year, day) = text.split_at_checked(2)?;
        let day = matches!(day, "0229" | "0230").then_some("0228")?;
        let last = from_yymmdd(&format!("{year}{day}"))?;
        Some(last.succ_opt().filter(|next| next.month() == 2).unwrap_or(last))
    })
}

/// The optional `MMDD`, some banks fill its place with blanks.
fn entry_date(
    text: &str,
    value: Option<NaiveDate>,
) -> Result<(Option<NaiveDate>, &str), Unreadable<'_>> {
    let Some((digits, rest)) = text.split_at_checked(4) else { return Ok((None, text)) };
    if digits.trim().is_empty() {
        return Ok((None, rest));
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok((None, text));
    }
    let Some(value) = value else {
        // A day without a year: only zeros say nothing.
        return if digits == "0000" { Ok((None, rest)) } else { Err(Unreadable(digits)) };
    };
    if digits == "0000" {
        return Ok((None, rest));
    }
    let nearest = [value.year().saturating_sub(1), value.year(), value.year().saturating_add(1)]
        .into_iter()
        .filter_map(|year| day_of_bank(&format!("{:02}{digits}", year.rem_euclid(100))))
        .min_by_key(|day| (*day - value).num_days().abs());
    match nearest {
        Some(day) => Ok((Some(day), rest)),
        None => Err(Unreadable(digits)),
    }
}

struct Mark {
    direction: Direction,
    reversal: bool,
    expected: bool,
}

/// The mark and, behind it, the funds code: `CR` is a credit in euros, `RCR` a reversed credit in
/// euros, `RC` a reversed credit.
fn mark(text: &str) -> Option<(Mark, &str)> {
    let (reversal, expected, rest) = if let Some(rest) = text.strip_prefix('R') {
        (true, false, rest)
    } else if let Some(rest) = text.strip_prefix('E') {
        (false, true, rest)
    } else {
        (false, false, text)
    };
    let (credit, rest) = match rest.strip_prefix('C') {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix('D')?),
    };
    let rest = rest.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(rest);
    let direction = if credit == reversal { Direction::Debit } else { Direction::Credit };
    Some((Mark { direction, reversal, expected }, rest))
}

/// Digits with a comma. The standard demands the comma; without it nobody knows whether it was
/// left out or lost.
fn amount(text: &str) -> Option<(Amount, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ',')).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((comma_amount(digits)?, rest))
}

/// An amount as SWIFT writes it: no thousands mark, always a comma, decimals may be missing.
pub(super) fn comma_amount(digits: &str) -> Option<Amount> {
    let (whole, fraction) = digits.split_once(',')?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    Amount::from_iso(&format!("{whole}.{fraction}")).ok()
}

/// `/CHGS/EUR0,50/`, in euros only.
fn charges(second: &str) -> Option<Amount> {
    let (_, behind) = second.split_once("/CHGS/EUR")?;
    comma_amount(behind.split('/').next()?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        crate::model::date::from_iso(text).unwrap()
    }

    #[test]
    fn marks_funds_codes_and_amounts() {
        for (line, direction, reversal, cents) in [
            ("2511281128DR12092,59NTRFKREF+//REF0001", Direction::Debit, false, 1_209_259),
            ("0709040904RCR204,88NRTINONREF", Direction::Debit, true, 20_488),
            ("0709040904RD204,NRTINONREF", Direction::Credit, true, 20_400),
            ("0709040904CR50,NTRFTFNr 40016", Direction::Credit, false, 5_000),
            ("110701CN50,00NZ10NONREF", Direction::Credit, false, 5_000),
            ("240312    DD212,39NMSCNONREF//", Direction::Debit, false, 21_239),
            ("2006080608D12,35 NRTIKREF+//2016", Direction::Debit, false, 1_235),
            ("110522D11,8N426NONREF", Direction::Debit, false, 1_180),
        ] {
            let entry = read(&[line]).unwrap();
            assert_eq!(
                (entry.direction, entry.reversal, entry.amount.cents()),
                (direction, reversal, cents),
                "{line}"
            );
        }
    }

    #[test]
    fn dates_across_the_year_end_and_in_february() {
        for (line, value, booking) in [
            ("2401021229D1,00NTRFX", "2024-01-02", Some("2023-12-29")),
            ("2312290102D1,00NTRFX", "2023-12-29", Some("2024-01-02")),
            ("1602300301D1,00NTRFX", "2016-02-29", Some("2016-03-01")),
            ("2302300301D1,00NTRFX", "2023-02-28", Some("2023-03-01")),
            ("231130D1,00NTRFX", "2023-11-30", None),
            ("2311300000D1,00NTRFX", "2023-11-30", None),
        ] {
            let entry = read(&[line]).unwrap();
            assert_eq!(entry.value_date, Some(day(value)), "{line}");
            assert_eq!(entry.booking_date, booking.map(day), "{line}");
        }
    }

    #[test]
    fn days_that_are_left_out_and_lines_that_are_cut() {
        for line in ["D1,00NTRFX", "000000D1,00NTRFX", "0000000000DR1,00NTRFX", "RC1,00NTRFX"] {
            let entry = read(&[line]).unwrap();
            assert_eq!((entry.value_date, entry.booking_date), (None, None), "{line}");
        }
        let entry = read(&["2311301130DR", "563,00NTRFNONREF//7"]).unwrap();
        assert_eq!((entry.amount.cents(), entry.bank_reference.as_str()), (56_300, "7"));
        assert!(read(&["2311301130D5X3", "1,00NTRF"]).is_err());
        let entry = read(&["2311301130D1,00NTRFX", "RUECKGABE/CHGS/EUR0,50/"]).unwrap();
        assert_eq!(entry.unread.as_deref(), Some("RUECKGABE"));
    }

    #[test]
    fn references_and_charges() {
        let lines =
            ["2006080608D12,35NRTIKREF+//2016021783252833", "/OCMT/EUR11,85//CHGS/EUR0,50/"];
        let entry = read(&lines).unwrap();
        assert_eq!((entry.kind.as_str(), entry.reference.as_str()), ("RTI", "KREF+"));
        assert_eq!(entry.bank_reference, "2016021783252833");
        assert_eq!((entry.charges, entry.unread), (Some(Amount::from_cents(50)), None));
    }

    #[test]
    fn what_cannot_be_read_is_never_guessed() {
        for line in [
            "",
            "2313301130D1,00NTRF",
            "2311301130X1,00NTRF",
            "2311301130D500NTRF",
            "2311301130D5X3,00NTRF",
            "2311301130D1,234NTRF",
            "2311309999D1,00NTRF",
            "äöüßäöüßä",
            "2311301130D99999999999999999999,00NTRF",
        ] {
            assert!(read(&[line]).is_err(), "{line}");
        }
    }
}
